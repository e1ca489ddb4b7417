"""One year's column against another year's: the rows are those that the two tables' own figures give."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from index.library import Library
from records import Metric

Holds = Callable[[Decimal, Decimal], bool]
# The column of 令和5年度, how it stands to the column of 令和4年度, and that column.
# fmt: off
ASKED: list[tuple[str, Metric, Holds, Metric]] = [
    ("令和5年度予算が令和4年度予算に届いていない事業は？", "budget", operator.lt, "budget"),
    ("令和5年度の予算が前年度の予算に満たない事業を教えて", "budget", operator.lt, "budget"),
    ("R5予算がR4予算を超えている事業", "budget", operator.gt, "budget"),
    ("5年度の予算が4年度の予算をオーバーしてる事業", "budget", operator.gt, "budget"),
    ("R5予算がR4予算を上回らない事業", "budget", operator.le, "budget"),
    ("令和5年度の予算額が令和4年度の予算額以下の事業", "budget", operator.le, "budget"),
    ("令和4年度の予算が令和5年度の予算を上回る事業", "budget", operator.lt, "budget"),
    ("令和5年度予算が前年度決算を上回る事業は", "budget", operator.gt, "settled"),
    ("令和5年度予算が令和4年度決算に届いていないものはどれ？（事業で）", "budget", operator.lt, "settled"),
    ("令和4年度決算より令和5年度予算のほうが少ない事業は？", "budget", operator.lt, "settled"),
    ("令和4年度の決算額を令和5年度の予算額が下回った事業", "budget", operator.lt, "settled"),
    ("令和5年度の予算が前年度の決算を下回らない事業", "budget", operator.ge, "settled"),
    ("令和5年7月末の執行額が令和4年度の決算額に達している事業", "executed", operator.ge, "settled"),
    ("令和5年度の執行率が令和4年度の執行率を上回る事業", "execution_rate", operator.gt, "execution_rate"),
    ("令和4年度決算の執行率よりも、令和5年度7月末の執行率の方が高い事業をすべて。",
     "execution_rate", operator.gt, "execution_rate"),
    ("令和5年度の予算が令和4年度の決算の2倍を超える事業", "budget", lambda a, b: a > 2 * b, "settled"),
    ("令和5年度の予算が前年度決算の半分に満たない事業は？", "budget", lambda a, b: 2 * a < b, "settled"),
    ("令和5年度予算が令和4年度予算を100万円以上上回る事業は", "budget", lambda a, b: a - b >= 1_000_000, "budget"),
    ("令和5年度予算が令和4年度予算を2割以上下回る事業は", "budget", lambda a, b: b - a >= b / 5, "budget"),
]
# fmt: on


@pytest.mark.parametrize(("question", "later", "holds", "earlier"), ASKED)
def test_rows_by_two_years_columns(
    ask: Ask, library: Library, question: str, later: Metric, holds: Holds, earlier: Metric
) -> None:
    before = {bare(p.name): p for p in settled_2022(library)}
    wanted = set()
    for project in running_2023(library):
        other = before.get(bare(project.name))
        if other is not None and holds(value(library, project, later), value(library, other, earlier)):
            wanted.add(project.name)
    answer = ask(question)
    assert answer.status == "answered", answer.text
    told = {library.projects[f.project_id].name for f in answer.figures if f.project_id and f.fiscal_year == 2023}
    assert told == wanted, answer.text


def test_a_comparison_that_nothing_reads_is_refused(ask: Ask) -> None:
    answer = ask("予算が妥当な水準に達していない事業は")
    assert (answer.status, answer.reason) == ("not_found", "no_figure")
    assert "に達していない" in answer.text
