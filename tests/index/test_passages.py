"""Passages: of one project each, whole units, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.passages import MAX_CHARACTERS, _windows, build_passages, embedded_text
from records import Extraction, TextUnit


def test_a_passage_never_spans_two_projects(two_documents: tuple[Extraction, ...]) -> None:
    passages = build_passages(two_documents)
    lines = {
        (extraction.document.document_id, unit.line_start): section.project_id
        for extraction in two_documents
        for section in extraction.sections
        for unit in section.units
    }
    assert len(passages) == 5
    for passage in passages:
        assert {lines[passage.document_id, unit.line_start] for unit in passage.units} == {passage.project_id}


def test_the_heading_says_where_when_and_what(two_documents: tuple[Extraction, ...]) -> None:
    first = build_passages(two_documents)[0]
    assert first.heading == "架空市海老区 令和4年度 運営方針 安全＞飼い主のいない猫対策事業"
    assert embedded_text(first).startswith(first.heading + "\n飼い主のいない猫の不妊")
    assert (first.source.line_start, first.source.line_end) == (2, 3)
    assert first.source.quote == "飼い主のいない猫の不妊去勢手術を支援します。\n猫よけの機器を貸し出します。"


@given(st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_windows_keep_every_unit_in_order(lengths: list[int]) -> None:
    units = tuple(TextUnit("あ" * length, "sentence", i + 1, i + 1) for i, length in enumerate(lengths))
    windows = list(_windows(units))
    assert tuple(unit for window in windows for unit in window) == units
    assert all(windows)
    for window in windows:
        assert sum(len(unit.text) for unit in window) <= MAX_CHARACTERS or len(window) == 1


def test_a_unit_above_the_limit_stands_alone() -> None:
    long, short = TextUnit("あ" * 2000, "sentence", 1, 1), TextUnit("い", "sentence", 2, 2)
    assert list(_windows((short, long, short))) == [(short,), (long,), (short,)]
