"""Rows that one year picks, asked of in another: the second question continues the first, and none is left unsaid."""

from __future__ import annotations

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from answer.nested import Nested, nested
from index.library import Library


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "令和4年度に執行率が50%未満だった事業の令和5年度の予算は",
            Nested("令和4年度に執行率が50%未満だった事業は", "それらの事業の令和5年度の予算は"),
        ),
        (
            "R4で予算オーバーした事業のR5の予算を教えて",
            Nested("R4で予算オーバーした事業は", "それらの事業のR5の予算を教えて"),
        ),
        (
            "令和4年度の執行率が低い事業3つの令和5年度の予算は",
            Nested("令和4年度の執行率が低い事業3つは", "それらの事業の令和5年度の予算は"),
        ),
        ("令和4年度に執行率が50%未満だった事業は", None),
        ("令和4年度に執行率が100%を超えた事業は令和5年度も100%を超えていますか", None),
        ("令和4年度の決算より令和5年度の予算が多い事業は", None),
    ],
)
def test_two_questions(question: str, expected: Nested | None) -> None:
    assert nested(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度に執行率が60%未満だった事業の令和5年度の予算は",
        "令和4年度に執行率が60%未満だった事業は、令和5年度の予算がいくらですか",
    ],
)
def test_every_row_is_told_or_said_to_be_missing(ask: Ask, library: Library, question: str) -> None:
    picked = {bare(p.name) for p in settled_2022(library) if value(library, p, "execution_rate") < 60}
    budgets = {bare(p.name): value(library, p, "budget") for p in running_2023(library)}
    answer = ask(question)
    assert {f.fiscal_year for f in answer.figures} == {2023}
    told = {bare(library.projects[f.project_id].name): f.value for f in answer.figures if f.project_id}
    assert {n: v for n, v in told.items() if n in budgets} == {n: v for n, v in budgets.items() if n in picked}
    for name in picked - told.keys():
        assert name in "".join(line for line in answer.text.splitlines() if "見当たらない" in line)


def test_rows_of_the_department_of_the_greatest(ask: Ask, library: Library) -> None:
    """Of a project that several departments share, the rows of each of them."""
    first = max(settled_2022(library), key=lambda p: value(library, p, "budget"))
    rows = [p for p in settled_2022(library) if set(p.departments) & set(first.departments)]
    answer = ask("令和4年度の予算が最も大きい事業の担当課の事業は全部で何件")
    assert f"事業は{len(rows)}件です" in answer.text
    assert first.name in answer.text


def test_the_greatest_of_one_year_in_another(ask: Ask, library: Library) -> None:
    first = max(settled_2022(library), key=lambda p: value(library, p, "budget"))
    (later,) = [p for p in running_2023(library) if bare(p.name) == bare(first.name)]
    answer = ask("令和4年度の予算が最大の事業の令和5年度の予算額は")
    assert [f.value for f in answer.figures] == [value(library, later, "budget")]


def test_follow_up_of_another_year_tells_what_is_missing(ask: Ask) -> None:
    """One year prints 旭区の「農」の魅力ＰＲ事業, the other PR事業; one project is gone."""
    answer = ask("それらの事業の令和5年度の予算の合計は", "令和4年度に執行率が50%未満だった事業は")
    assert "旭区の「農」の魅力PR事業" in answer.text
    assert "見当たらないもの: チーム旭で進める満足度向上事業" in answer.text


def test_what_is_not_computed_is_refused(ask: Ask) -> None:
    answer = ask("令和4年度の自主企画事業費の中で予算の1割以上を占める事業は")
    assert (answer.status, answer.reason) == ("not_found", "no_figure")


def test_still_there(ask: Ask, library: Library) -> None:
    answer = ask("令和4年度の事業で令和5年度にも同じ名前で残っているものは何件")
    both = {bare(p.name) for p in settled_2022(library)} & {bare(p.name) for p in running_2023(library)}
    assert f"{len(both)}件" in answer.text
    assert "残額" not in answer.interpreted


def test_the_department_at_a_place_of_an_order_is_asked_of(ask: Ask, library: Library) -> None:
    rows = settled_2022(library)
    names = {d for p in rows for d in p.departments}
    order = sorted(names, key=lambda d: -sum(value(library, p, "budget") for p in rows if d in p.departments))
    own = [p for p in rows if order[2] in p.departments]
    rate = sum(value(library, p, "settled") for p in own) * 100 / sum(value(library, p, "budget") for p in own)
    text = ask("令和4年度で予算額が3番目に多い課の執行率は？").text
    assert f"{order[2]}の執行率は{rate:.1f}%" in text
