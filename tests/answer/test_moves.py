"""Rows that moved in several columns, each its own way: those that the two tables' own figures give, and no others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from index.library import Library
from records import Metric

# How a column went from one year to the next.
Went = Callable[[Decimal, Decimal], bool]


def up(before: Decimal, after: Decimal) -> bool:
    return after > before


def down(before: Decimal, after: Decimal) -> bool:
    return after < before


def by_a_tenth(before: Decimal, after: Decimal) -> bool:
    return after - before >= before / 10


def by_points(points: int) -> Went:
    return lambda before, after: before - after >= points


# fmt: off
ASKED: list[tuple[str, dict[Metric, Went]]] = [
    ("予算は増えたのに執行率は下がった事業は？", {"budget": up, "execution_rate": down}),
    ("予算が増えて、執行率が下がった事業", {"budget": up, "execution_rate": down}),
    ("令和4年度から5年度にかけて予算が減ったのに、執行率が上がった事業は", {"budget": down, "execution_rate": up}),
    ("予算も執行率も下がった事業はどれですか", {"budget": down, "execution_rate": down}),
    ("予算が1割以上増えたのに、執行率が下がった事業は何件", {"budget": by_a_tenth, "execution_rate": down}),
    ("予算が1割以上増えたのに、執行率が30ポイント以上下がった事業は",
     {"budget": by_a_tenth, "execution_rate": by_points(30)}),
    ("Projects whose budget increased but execution rate decreased", {"budget": up, "execution_rate": down}),
    # A rate's change is one of points, whatever its sign.
    ("令和4年度から令和5年度で執行率が60ポイント以上下がった事業は", {"execution_rate": by_points(60)}),
    ("執行率が60%以上下がった事業は", {"execution_rate": by_points(60)}),
    ("執行率が50ポイントより大きく落ちた事業はいくつ", {"execution_rate": lambda a, b: a - b > 50}),
]
# fmt: on


@pytest.mark.parametrize(("question", "moved"), ASKED)
def test_rows_that_moved_so(ask: Ask, library: Library, question: str, moved: dict[Metric, Went]) -> None:
    before = {bare(p.name): p for p in settled_2022(library)}
    wanted = set()
    for project in running_2023(library):
        other = before.get(bare(project.name))
        if other is not None and all(
            went(value(library, other, metric), value(library, project, metric)) for metric, went in moved.items()
        ):
            wanted.add(project.name)
    answer = ask(question)
    assert answer.status == "answered", answer.text
    told = {library.projects[f.project_id].name for f in answer.figures if f.project_id and f.fiscal_year == 2023}
    assert wanted
    assert told == wanted, answer.text
    assert {f.metric for f in answer.figures} == set(moved)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("予算か執行率が下がった事業", "no_figure"),
        ("予算が増えて執行率が下がり、その幅が30ポイント以上の事業", "no_figure"),
        ("令和4年度の執行率が平均を10ポイント以上下回る事業", "no_figure"),
        ("予算は増えたが執行率は下がった事業のうち最大は", "no_figure"),
        ("令和4年度から令和5年度で予算が増えたのに決算が減った事業", "not_settled"),
    ],
)
def test_what_cannot_be_computed_so_is_refused(ask: Ask, question: str, reason: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_found", reason)
    assert not answer.figures
