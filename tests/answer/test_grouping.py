"""Grouped rows lose nothing, never mix phases, and every sum has all of its inputs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask

from answer.grouping import group_rows
from answer.ledger import Row
from answer.service import Engine


@pytest.fixture(scope="module")
def rows(engine: Engine) -> list[Row]:
    return [row for row in engine.ledger.rows if row.level == "project" and row.figures]


@pytest.mark.parametrize("key", ["pillar", "category"])
def test_groups_hold_every_row_once_and_one_phase_each(rows: list[Row], key: str) -> None:
    groups = group_rows(rows, lambda row: getattr(row, key) or "")
    assert sorted(id(row) for group in groups for row in group.rows) == sorted(id(row) for row in rows)
    for group in groups:
        assert {(row.fiscal_year, row.phase, row.as_of) for row in group.rows} == {
            (group.fiscal_year, group.phase, group.as_of)
        }
        assert group.total("budget") == sum((figure.value for figure in group.inputs("budget")), Decimal(0))
    assert len({(group.key, group.fiscal_year, group.phase, group.as_of) for group in groups}) == len(groups)


def test_a_sum_of_a_group_is_the_total_that_the_document_prints(rows: list[Row]) -> None:
    groups = {(g.key, g.phase): g for g in group_rows(rows, lambda row: row.category or "") if g.fiscal_year == 2022}
    assert groups["自主企画事業費", "settlement"].total("budget") == 105_136_000
    assert groups["区局連携事業", "settlement"].total("budget") == 9_000_000


def test_a_row_without_the_figure_leaves_no_sum_over_the_others(rows: list[Row]) -> None:
    two = [row for row in rows if "budget" in row.figures and row.fiscal_year == 2022 and row.phase == "settlement"][:2]
    hollow = Row(**{name: getattr(two[0], name) for name in Row.__slots__})
    hollow.figures = {}
    (group,) = group_rows([*two, hollow], lambda _: "all")
    assert group.total("budget") is None
    assert len(group.inputs("budget")) == 2


def test_no_rows_make_no_groups() -> None:
    assert group_rows([], lambda _: "x") == ()


def test_rows_of_no_pillar_are_told(ask: Ask) -> None:
    told = "柱の記載がない12件（統合事業費 9件、区局連携事業 2件、旭区で企画する主な区配事業 1件）"
    for question in (
        "柱別に令和4年度の事業は何件ずつありますか",
        "令和4年度の柱ごとの予算",
        "令和4年度、予算が一番少ない柱は",
    ):
        assert told in ask(question).text
    assert "記載がない" not in ask("令和4年度の課ごとの決算額").text
