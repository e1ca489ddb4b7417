"""A source opens at its own lines, with exactly the quoted characters marked."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from fake_library import fake_library
from hypothesis import given
from hypothesis import strategies as st

from ui.source_view import around, marked_runs, parse_line, rows_of, source_url

LINES = ("見出し", "", "1 防災事業 12,182 11,770 96.6% 総務課", "", "", "福祉保健課", "次の行")


def test_the_cited_lines_are_marked_and_blank_lines_are_left_out() -> None:
    rows = rows_of(LINES, 1, 7, (3, 6), "1 防災事業 12,182 11,770 96.6% 総務課\n福祉保健課")
    assert [(row.number, row.cited) for row in rows] == [(1, False), (3, True), (6, True), (7, False)]
    assert rows[1].runs == ((LINES[2], True),)
    assert [row.after_gap for row in rows] == [False, True, True, False]


def test_only_the_quote_is_marked_within_a_long_line() -> None:
    assert rows_of(LINES, 3, 3, (3, 3), "96.6%")[0].runs == (
        ("1 防災事業 12,182 11,770 ", False),
        ("96.6%", True),
        (" 総務課", False),
    )


def test_context_counts_lines_that_hold_text() -> None:
    assert around(LINES, 6, 6, 1) == (3, 7)
    assert around(LINES, 1, 1, 1) == (1, 3)


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_marking_keeps_every_character(text: str, quotes: list[str]) -> None:
    assert "".join(part for part, _ in marked_runs(text, quotes)) == text


@pytest.mark.parametrize("text", ["", "0", "-5", "abc", "1e9", "²", "99999999999"])
def test_what_is_no_line_is_none(text: str) -> None:
    assert parse_line(text) is None


def test_an_address_names_the_lines_that_it_opens() -> None:
    query = parse_qs(urlsplit(source_url("ある 文書&x", 170, 174)).query)
    assert query["doc"] == ["ある 文書&x"]
    assert parse_line(query["line"][0]) == (170, 174)


def test_every_figure_of_the_corpus_opens_at_lines_that_print_it() -> None:
    library = fake_library()
    assert len(library.figures) > 700
    for figure in library.figures:
        source = figure.source
        rows = rows_of(library.lines(source.document_id), source.line_start, source.line_end,
                       (source.line_start, source.line_end), source.quote)  # fmt: skip
        marked = "".join(text for row in rows for text, is_marked in row.runs if is_marked)
        assert figure.printed.replace(" ", "") in marked.replace(" ", "").replace("　", ""), figure
