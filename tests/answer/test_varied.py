"""Questions of every family in many wordings: a paraphrase must not change the figures.

A list of authors' questions finds what authors think of; these found what they did not: what is asked of projects in
both years told of all projects, 「何%」 of a whole told as a rate of execution, a year read into a name.
"""

from __future__ import annotations

import pytest
from oracle import Ask
from varied import Varied

from index.library import Library

_EACH = 60


@pytest.mark.parametrize("seed", range(8))
def test_in_many_wordings(library: Library, ask: Ask, seed: int) -> None:
    varied = Varied(library, seed)
    wrong = []
    for _ in range(_EACH):
        asked = varied.make()
        answer = ask(asked.question, *asked.earlier)
        if not asked.holds(answer):
            wrong.append(((*asked.earlier, asked.question), answer.interpreted, answer.text[:200]))
    assert not wrong
