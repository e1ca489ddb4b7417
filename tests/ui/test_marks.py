"""Every figure and every quoted sentence of an answer bears the mark of the lines that prove it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.marks import cite


def figure(project: str, printed: str, value: str, unit: str, line: int, year: int = 2022) -> dict[str, Any]:
    return {
        "project": project,
        "label": "執行率",
        "value": value,
        "unit": unit,
        "printed": printed,
        "metric": "execution_rate",
        "fiscal_year": year,
        "source": {
            "document_id": "d",
            "file": "d.txt",
            "page": None,
            "line_start": line,
            "line_end": line,
            "quote": "",
        },
    }


def marked(answer: dict[str, Any]) -> list[str]:
    """The lines with the number of each mark in brackets, and the cited figures between asterisks."""
    return [
        "".join(f"[{r.number}]" if r.number else f"*{r.text}*" if r.strong else r.text for r in line)
        for line in cite(answer).lines
    ]


def test_figures_on_one_source_line_share_a_mark_after_the_last_of_them() -> None:
    answer = {
        "status": "answered",
        "text": "2件です。\n・青少年健全育成事業: 47.5%（予算額 551千円）\n・一時託児サービス事業: 8.2%",
        "figures": [
            figure("青少年健全育成事業", "47.5%", "47.5", "percent", 204),
            figure("青少年健全育成事業", "551", "551000", "yen", 204),
            figure("一時託児サービス事業", "8.2％", "8.2", "percent", 251),
        ],
    }
    assert marked(answer) == [
        "2件です。",
        "・青少年健全育成事業: *47.5%*（予算額 *551千円*[1]）",
        "・一時託児サービス事業: *8.2%*[2]",
    ]
    assert [(c.number, c.line_start) for c in cite(answer).citations] == [(1, 204), (2, 251)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A事業: 151千円", "A事業: 151千円"),  # 51 inside of 151 is another number
        ("A事業: 1,051千円", "A事業: 1,051千円"),
        ("A事業: 51千円", "A事業: *51千円*[1]"),
        ("A事業: 51,000円", "A事業: *51,000円*[1]"),
        ("A事業: ５１千円", "A事業: *５１千円*[1]"),
        ("B事業: 51千円", "B事業: 51千円"),  # the line speaks of another project
    ],
)
def test_a_mark_stands_only_at_its_own_number(text: str, expected: str) -> None:
    figures = [figure("A事業", "51", "51000", "yen", 9), figure("B事業", "70", "70000", "yen", 10)]
    assert marked({"status": "answered", "text": text, "figures": figures}) == [expected]


def test_years_keep_their_own_sources() -> None:
    figures = [
        figure("防災事業", "12,182", "12182000", "yen", 170, 2022),
        figure("防災事業", "12,182", "12182000", "yen", 3600, 2023),
    ]
    answer = {"status": "answered", "text": "令和4年度の防災事業: 12,182千円\n令和5年度の防災事業: 12,182千円"}
    assert marked({**answer, "figures": figures}) == [
        "令和4年度の防災事業: *12,182千円*[1]",
        "令和5年度の防災事業: *12,182千円*[2]",
    ]


def test_quoted_sentences_are_marked_by_their_own_lines() -> None:
    source = {"document_id": "d", "file": "d.txt", "page": 3, "line_start": 395, "line_end": 420, "quote": ""}
    answer = {
        "status": "answered",
        "text": "横浜市旭区「防災事業」\n・防災訓練を開催しました。 [1]",
        "quotes": [
            {"mark": 1, "text": "・防災訓練を開催しました。", "document_id": "d", "line_start": 406, "line_end": 407}
        ],
        "passages": [
            {"rank": 1, "project": "防災事業", "text": "防災訓練を開催しました。", "source": source},
            {"rank": 2, "project": "別の事業", "text": "ほかのこと", "source": {**source, "line_start": 900}},
        ],
    }
    cited = cite(answer)
    assert marked(answer) == ["横浜市旭区「防災事業」", "・防災訓練を開催しました。[1]"]
    assert [(c.line_start, c.line_end, c.page) for c in cited.citations] == [(406, 407, 3)]
    assert [p["project"] for p in cited.unused_passages] == ["別の事業"]


def test_one_number_of_two_parts_bears_each_parts_own_mark() -> None:
    source = {"document_id": "d", "file": "d.txt", "page": None, "quote": ""}
    lines = {1: (118, "小学生の環境学習(区内4校)"), 2: (4500, "区内小学校（4校）の環境学習")}
    answer = {
        "status": "answered",
        "text": "◆平成25年度\n4校（下の記述から）\n・小学生の環境学習(区内4校) [1]\n"
        "◆令和5年度\n4校（下の記述から）\n・区内小学校（4校）の環境学習 [2]",
        "quotes": [
            {"mark": mark, "text": text, "document_id": "d", "line_start": line, "line_end": line}
            for mark, (line, text) in lines.items()
        ],
        "passages": [
            {
                "rank": mark,
                "project": f"事業{mark}",
                "text": text,
                "source": {**source, "line_start": line, "line_end": line},
            }
            for mark, (line, text) in lines.items()
        ],
        "figures": [figure(f"事業{mark}", "4校", "4", "校", line, 2013 + mark) for mark, (line, _) in lines.items()],
    }
    assert marked(answer) == [
        "◆平成25年度",
        "*4校*[1]（下の記述から）",
        "・小学生の環境学習(区内*4校*)[1]",
        "◆令和5年度",
        "*4校*[2]（下の記述から）",
        "・区内小学校（*4校*）の環境学習[2]",
    ]


@given(st.text(max_size=200), st.lists(st.sampled_from(["51", "51%", "▲ 5", "", "-"]), max_size=4))
def test_no_character_of_the_answer_is_lost(text: str, printed: list[str]) -> None:
    figures = [figure("事業", p, "51", "percent", i + 1) for i, p in enumerate(printed)]
    lines = cite({"status": "answered", "text": text, "figures": figures}).lines
    assert ["".join(run.text for run in line) for line in lines] == [
        _without_last_mark(line) for line in text.splitlines()
    ]


def _without_last_mark(line: str) -> str:
    import re

    return re.sub(r"\s*\[\d+\]\s*$", "", line)
