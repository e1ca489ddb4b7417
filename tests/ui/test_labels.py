"""Every label that a page asks for exists, in both languages, with the same blanks."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

from answer.history import Relation
from records import Metric, Phase
from ui.page import plain
from ui.text import LABELS

UI = Path(__file__).resolve().parents[2] / "ui"


def test_every_label_asked_for_exists() -> None:
    asked = {
        key
        for path in [*UI.glob("*.py"), UI.parent / "app.py"]
        for key in re.findall(r'\blabel\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 80
    assert asked <= LABELS.keys()


def test_every_relation_phase_and_metric_has_a_label() -> None:
    for kind, values in (("relation", Relation), ("phase", Phase), ("metric", Metric)):
        assert {f"{kind}_{value}" for value in get_args(values)} <= LABELS.keys()


def test_both_languages_have_the_same_blanks() -> None:
    for key, (japanese, english) in LABELS.items():
        assert japanese
        assert english, key
        blanks = [
            {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (japanese, english)
        ]
        assert blanks[0] == blanks[1], key


def test_escaped_markdown_says_nothing_but_its_characters() -> None:
    hostile = "![x](http://example.com/a.png) [y](javascript:alert(1)) **b** :red[c] $x^2$ <b>d</b> `e`"
    escaped = plain(hostile)
    assert re.sub(r"\\(.)", r"\1", escaped) == hostile
    assert not re.search(r"(?<!\\)[\[\]()*`<>:$!]", escaped)
