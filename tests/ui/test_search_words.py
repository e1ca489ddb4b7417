"""Words are found whatever their width, marked where they stand, and nothing around them becomes markup."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.search import highlighted, snippet


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("防災訓練を行う", ["防災"], "<mark>防災</mark>訓練を行う"),
        ("ＤＶ対策事業", ["dv"], "<mark>ＤＶ</mark>対策事業"),
        ("…㎡の防災", ["防災"], "…㎡の<mark>防災</mark>"),
        ("防災訓練", ["防災", "災訓"], "<mark>防災</mark><mark>訓</mark>練"),
        ("<script>防災</script>", ["防災"], "&lt;script&gt;<mark>防災</mark>&lt;/script&gt;"),
        ("子育て", [""], "子育て"),
    ],
)
def test_terms_are_marked(text: str, terms: list[str], expected: str) -> None:
    assert highlighted(text, terms) == expected


@given(st.text(max_size=80), st.lists(st.text(max_size=4), max_size=3))
def test_without_the_marks_it_is_the_text_escaped(text: str, terms: list[str]) -> None:
    out = highlighted(text, terms)
    assert html.unescape(re.sub(r"</?mark>", "", out)) == html.unescape(html.escape(text))
    assert not re.search(r"<(?!/?mark>)", out)


def test_a_snippet_shows_the_first_term() -> None:
    text = "あ" * 300 + "防災訓練" + "い" * 300
    shown = snippet(text, ["防災"])
    assert "防災訓練" in shown
    assert len(shown) < 150
