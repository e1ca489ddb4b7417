"""Nothing that narrows a question is passed over, however it is put together with others and whatever is asked of it.

Every one of these once gave a plausible wrong number: a bound beside a change, a phrase beside a bound, the sum over
projects that are new, a project that another department took over told as gone.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from combined import Combined, Maker
from oracle import Ask

from answer.types import Answer
from index.library import Library

_EACH = 60


@pytest.mark.parametrize("seed", range(8))
def test_questions_put_together(library: Library, ask: Ask, seed: int) -> None:
    maker = Maker(library, seed)
    wrong = []
    for _ in range(_EACH):
        combined = maker.make()
        answer = ask(combined.question)
        if not _is_right(library, combined, answer):
            wrong.append((combined.question, answer.interpreted, answer.text[:200], len(combined.rows)))
    assert not wrong


def _is_right(library: Library, combined: Combined, answer: Answer) -> bool:
    shown = {library.projects[f.project_id].name for f in answer.figures if f.project_id}
    names = {row.name for row in combined.rows}
    if combined.ask == "list":
        # A change is told with the figures of both years, each under its own name.
        return names <= shown <= names | set(combined.names_before) if names else not shown
    told = answer.computation.value if answer.computation else None
    if combined.ask == "count":
        return told == len(names)
    values = {row.name: getattr(row, combined.figure) for row in combined.rows}
    if combined.ask in ("max", "min"):
        best = (max if combined.ask == "max" else min)(values.values(), default=None)
        return {name for name, value in values.items() if value == best} == shown
    total = sum(values.values(), Decimal(0))
    if not values:
        return told in (None, 0)
    return told is not None and abs(told - (total if combined.ask == "sum" else total / len(values))) <= 1
