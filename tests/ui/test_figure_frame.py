"""Tables of figures hold the printed values, keep totals apart, and never add up what is not all there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from fake_library import fake_library

from answer.ledger import Ledger, Row
from ui.figure_frame import amount_bars, figure_frame, grouped_frame, level_of, rate_bars, year_bars
from ui.figures import frame_sheet

SETTLED = "2022（令和4）"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return Ledger(fake_library()).rows


def of_year(rows: list[Row], level: str, year: int) -> list[Row]:
    return [r for r in rows if level_of(r) == level and r.figures and r.fiscal_year == year and r.phase == "settlement"]


def test_the_listed_projects_of_a_year_are_the_rows_of_its_list(rows: list[Row]) -> None:
    frame = figure_frame(of_year(rows, "project", 2022))
    assert len(frame) == 45
    # The document's own totals of its tables: 自主企画事業, 統合事業費, 区局連携, 区配.
    assert frame["metric_budget"].sum() == 105_136_000 + 23_800_000 + 9_000_000 + 1_550_000
    low = frame[frame["metric_execution_rate"] < 50]
    assert dict(zip(low["project"], low["metric_execution_rate"], strict=True)) == {
        "青少年健全育成事業": 47.5,
        "旭区の「農」の魅力ＰＲ事業": 43.2,
        "チーム旭で進める満足度向上事業": 32.5,
        "一時託児サービス事業": 8.2,
    }


def test_totals_are_not_among_projects(rows: list[Row]) -> None:
    projects = {row.name for row in rows if level_of(row) == "project"}
    totals = {row.name for row in rows if level_of(row) == "total" and row.figures}
    assert totals
    assert not any("合計" in name for name in projects)


def test_groups_add_up_to_the_whole_and_give_no_partial_sum(rows: list[Row]) -> None:
    mine = of_year(rows, "project", 2022)
    grouped = grouped_frame(mine, "category")
    assert grouped["group_count"].sum() == len(mine)
    assert grouped["metric_budget"].sum() == float(sum((r.figures["budget"].value for r in mine), Decimal(0)))
    without = [r for r in mine if "budget" in r.figures][:2]
    hollow = Row(**{name: getattr(without[0], name) for name in Row.__slots__})
    hollow.figures = {}
    partial = grouped_frame([*without, hollow], "fiscal_year")
    assert "metric_budget" not in partial, "a sum over some of the rows would mislead"


def test_bars_are_printed_figures_in_order(rows: list[Row]) -> None:
    mine = of_year(rows, "project", 2022)
    rates = rate_bars(mine)
    assert [bar.written for bar in rates[:4]] == ["8.2%", "32.5%", "43.2%", "47.5%"]
    assert [bar.value for bar in rates] == sorted(bar.value for bar in rates)
    amounts = amount_bars(mine)
    assert [bar.written for bar in amounts[:2]] == ["12,182,000円", "11,770,000円"]


def test_years_are_compared_only_where_both_print_the_figure(rows: list[Row]) -> None:
    bars = year_bars([r for r in rows if level_of(r) == "project"], "budget")
    assert bars
    series = {name: [b.series for b in bars if b.name == name] for name in {b.name for b in bars}}
    assert all(len(set(years)) >= 2 for years in series.values())


def test_what_is_saved_says_document_and_lines(rows: list[Row]) -> None:
    sheet = frame_sheet(figure_frame(of_year(rows, "project", 2022)))
    first = dict(zip(sheet.columns, sheet.rows[0], strict=True))
    assert first["予算額（円）"] == 12_182_000
    assert str(first["出典"]).startswith("001_3f457d84957d5b7b 170〜")
