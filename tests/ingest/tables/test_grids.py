from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from made_documents import by_name, read, values, yen

from ingest.tables.headings import read_heading

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "readers"))
from made_files import PROJECTS, borderless_page, make_pdf, make_workbook, ruled_page

CSV = """令和5年度決算の状況,,,,,,
部課名,事業名,令和5年度予算額（千円）,令和5年度決算額（円）,執行率(%),令和4年度決算額（千円）,増減（千円）
総務部総務課,広報事業,1000,950000,95.0,900,50
〃,情報公開事業,200,100000,50.0,-,
福祉部,高齢者支援事業,300,▲5000,,0,
計,,1500,1045000,69.7,900,
"""


def expected_projects() -> dict[tuple[str, int, str], Decimal]:
    found = {}
    for _, name, _, this, last in PROJECTS:
        found[name, 2024, "budget"] = yen(int(this.replace(",", "")))
        found[name, 2023, "budget"] = yen(int(last.replace(",", "")))
    return found


@pytest.mark.parametrize("draw", [ruled_page, borderless_page])
def test_a_pdf_with_and_without_rules_gives_the_same_figures(draw: object) -> None:
    extraction = read("a.pdf", make_pdf(draw))
    assert values(extraction) == expected_projects()
    for _, name, department, _, _ in PROJECTS:
        assert by_name(extraction, name).departments == (department,)
    totals = {(f.section, f.fiscal_year): f.value for f in extraction.figures if f.project_id is None}
    assert totals == {("合計", 2024): yen(174000), ("合計", 2023): yen(23555)}
    # The rows add up to the total, which proves them.
    assert {figure.confidence for figure in extraction.figures} == {1.0}
    assert all(figure.source.page == 1 for figure in extraction.figures)


def test_a_workbook_with_merged_cells_and_a_unit_in_the_corner() -> None:
    extraction = read("a.xlsx", make_workbook())
    assert values(extraction) == {
        ("高齢者見守り事業", 2024, "budget"): yen(1000),
        ("高齢者見守り事業", 2024, "settled"): yen(950),
        ("高齢者見守り事業", 2024, "difference"): yen(50),
        ("高齢者見守り事業", 2024, "execution_rate"): Decimal("95.0"),
        ("障がい者移動支援事業", 2024, "budget"): yen(2000),
        ("障がい者移動支援事業", 2024, "settled"): yen(1500),
        ("障がい者移動支援事業", 2024, "difference"): yen(500),
        ("障がい者移動支援事業", 2024, "execution_rate"): Decimal("75.0"),
        ("道路維持事業", 2024, "budget"): yen(3000),
        ("道路維持事業", 2024, "settled"): yen(3000),
        ("道路維持事業", 2024, "difference"): yen(0),
        ("道路維持事業", 2024, "execution_rate"): Decimal("100.0"),
    }
    assert by_name(extraction, "高齢者見守り事業").departments == ("福祉部",)
    assert by_name(extraction, "障がい者移動支援事業").departments == ("福祉部",)
    assert by_name(extraction, "道路維持事業").departments == ("土木部",)
    sections = {
        f.section: f.value for f in extraction.figures if f.project_id is None and f.label.startswith("予算額（億円")
    }
    assert sections == {"一般会計": Decimal(1_000_000_000), "特別会計": Decimal(2_000_000_000)}


def test_a_csv_of_mixed_units_and_years() -> None:
    extraction = read("kessan.csv", CSV)
    assert values(extraction) == {
        ("広報事業", 2023, "budget"): yen(1000),
        ("広報事業", 2023, "settled"): yen(950),
        ("広報事業", 2023, "execution_rate"): Decimal("95.0"),
        ("広報事業", 2022, "settled"): yen(900),
        ("情報公開事業", 2023, "budget"): yen(200),
        ("情報公開事業", 2023, "settled"): yen(100),
        ("情報公開事業", 2023, "execution_rate"): Decimal("50.0"),
        ("高齢者支援事業", 2023, "budget"): yen(300),
        ("高齢者支援事業", 2023, "settled"): yen(-5),
        ("高齢者支援事業", 2022, "settled"): yen(0),
    }
    phases = {(f.fiscal_year, f.metric): f.phase for f in extraction.figures if f.project_id}
    assert phases[2023, "budget"] == "initial_budget"
    assert phases[2022, "settled"] == "settlement"
    assert by_name(extraction, "情報公開事業").departments == ("総務部総務課",)


def test_groups_side_by_side_on_one_row() -> None:
    rows = ["| 事業名 | 予算額 | 事業名 | 予算額 |", "|---|---|---|---|", "| 道路事業 | 1千円 | 橋梁事業 | 2千円 |"]
    text = "\n".join([*rows, "| 公園事業 | 3千円 | | |", ""])
    extraction = read("a.md", f"# 緑市 令和6年度予算\n\n{text}")
    assert values(extraction) == {
        ("道路事業", 2024, "budget"): yen(1),
        ("橋梁事業", 2024, "budget"): yen(2),
        ("公園事業", 2024, "budget"): yen(3),
    }


def test_bands_of_departments_and_words_beside_amounts() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("R6")
    merged = book.add_format()
    sheet.write_row(0, 0, ["事業名", "事業の概要", "R6予算額(千円)", "R5予算額(千円)", "増減"])
    sheet.merge_range(1, 0, 1, 4, "土木部　道路課", merged)
    sheet.write_row(2, 0, ["橋梁点検事業", "橋の点検を行う。\n五年に一度行う。", 1500, 1000, 500])
    sheet.merge_range(3, 0, 3, 4, "福祉部", merged)
    sheet.write_row(4, 0, ["見守り事業", "見守りを行う。", 300, 400, -100])
    sheet.write_row(5, 0, ["相談事業", "相談を受ける。", 100, 100, 7])
    book.close()
    extraction = read("R6.xlsx", buffer.getvalue())
    assert by_name(extraction, "橋梁点検事業").departments == ("土木部", "道路課")
    assert by_name(extraction, "橋梁点検事業").text == "橋の点検を行う。\n五年に一度行う。"
    assert by_name(extraction, "見守り事業").departments == ("福祉部",)
    assert values(extraction)["見守り事業", 2023, "budget"] == yen(400)
    names = {project.project_id: project.name for project in extraction.projects}
    sure = {names[f.project_id]: f.confidence for f in extraction.figures if f.project_id and f.metric == "budget"}
    # 100 - 100 is not 7: told, and no longer sure.
    assert sure["橋梁点検事業"] == 1.0
    assert sure["相談事業"] < 0.9
    assert any("相談事業" in warning and "一致しません" in warning for warning in extraction.warnings)


def test_sub_projects_beside_their_project_and_codes_beside_names() -> None:
    rows = [
        "年度,款,款名称,目,目名称,事業名,細事業名,予算額（千円）,所管課",
        '令和8年度,08,教育費,01,教育委員会費,委員会事務,委員報酬,"11,556",教育総務課',
        '令和8年度,08,教育費,01,教育委員会費,委員会事務,委員会運営,"1,815",教育総務課',
        '令和8年度,08,教育費,02,事務局費,健康管理事業,健康管理事業,"13,769",学務課',
    ]
    extraction = read("青葉区_R8.csv", "\n".join(rows).encode("cp932"))
    assert values(extraction) == {
        ("委員報酬", 2026, "budget"): yen(11556),
        ("委員会運営", 2026, "budget"): yen(1815),
        ("健康管理事業", 2026, "budget"): yen(13769),
    }
    whole = by_name(extraction, "委員会事務")
    assert whole.container
    assert {p.name for p in extraction.projects if p.parent_id == whole.project_id} == {"委員報酬", "委員会運営"}
    assert by_name(extraction, "健康管理事業").category == "教育費 ／ 事務局費"


def test_one_row_a_project_with_columns_by_year() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("report")
    sheet.write_row(0, 0, ["事務事業名", "事務事業ID", "部課名"])
    for row in (2, 3):
        sheet.write_row(
            row, 0, [f"事業{'甲乙'[row - 2]}", f"058{row}", "水産課", 5, 7, 52995, 56135, "修繕件数", 15, 23]
        )
    for column, text in ((3, "国庫支出金"), (5, "事業費計（A）（千円）"), (8, "活動指標")):
        sheet.merge_range(0, column, 0, column + 1, text)
    sheet.write(0, 7, "活動指標名")
    for column, text in ((3, "令和６年度実績"), (4, "令和７年度計画")):
        for offset in (0, 2, 5):
            sheet.write(1, column + offset, text)
    book.close()
    extraction = read("R7事務事業評価.xlsx", buffer.getvalue())
    assert values(extraction) == {
        ("事業甲", 2024, "settled"): yen(52995),
        ("事業甲", 2025, "budget"): yen(56135),
        ("事業乙", 2024, "settled"): yen(52995),
        ("事業乙", 2025, "budget"): yen(56135),
    }
    assert by_name(extraction, "事業甲").code == "0582"
    measured = {
        (i.fiscal_year, i.target and i.target.value, i.result and i.result.value) for i in extraction.indicators
    }
    assert measured == {(2024, None, Decimal(15)), (2025, Decimal(23), None)}
    # The unit stands behind 事業費計 alone: what the sources of money are in is likely, not certain.
    assert {f.confidence for f in extraction.figures if f.metric == "other"} == {0.6}


def test_a_table_without_a_unit_is_not_sure() -> None:
    extraction = read("a.csv", "緑市 令和6年度予算,\n事業名,予算額\n道路事業,1234\n公園事業,5678\n")
    assert {figure.confidence <= 0.5 for figure in extraction.figures} == {True}
    assert any("単位" in warning for warning in extraction.warnings)


def test_a_table_of_names_and_posts_has_no_figures() -> None:
    extraction = read(
        "a.md",
        "# 令和6年度 異動\n\n| 学校 | 氏名 | 職名 |\n|---|---|---|\n| 緑小 | 青木 | 教諭 |\n| 緑中 | 赤木 | 校長 |\n",
    )
    assert extraction.figures == ()
    assert extraction.projects == ()
    assert any("青木" in unit.text for section in extraction.sections for unit in section.units)


@pytest.mark.parametrize(
    ("text", "role", "metric", "year", "unit"),
    [
        ("事務事業名", "name", "other", None, None),
        ("細事業名", "name", "other", None, None),
        ("担当課", "department", "other", None, None),
        ("所管部局", "department", "other", None, None),
        ("No.", "code", "other", None, None),
        ("款", "section", "other", None, None),
        ("事業の概要", "text", "other", None, None),
        ("本年度予算額", "value", "budget", 2024, None),
        ("前年度当初予算額（千円）", "value", "budget", 2023, 1000),
        ("令和５年度 決算額（円）", "value", "settled", 2023, 1),
        ("R4決算", "value", "settled", 2022, None),
        ("6年度予算", "value", "budget", 2024, None),
        ("執行率", "value", "execution_rate", None, None),
        ("不用額", "value", "difference", None, None),
        ("増減額", "value", "other", None, None),
        ("対前年度比", "value", "other", None, None),
        ("一般財源", "value", "other", None, None),
        ("執行額", "value", "executed", None, None),
    ],
)
def test_headings(text: str, role: str, metric: str, year: int | None, unit: int | None) -> None:
    heading = read_heading(text, 2024, "budget")
    assert (heading.role, heading.metric, heading.fiscal_year, heading.unit_yen) == (role, metric, year, unit)
