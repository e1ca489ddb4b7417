from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from made_documents import by_name, read, values, yen

from ingest.as_json import extraction_json
from ingest.indicator_facts import indicator_phases

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "readers"))
from made_files import Page, make_pdf

SHEET = """事務事業評価シート（青葉市 令和7年度）
事務事業名　{name}
事務事業ID　{code}
政策名　豊かな市民生活を実現する産業の振興
施策名　水産業の振興
部課名　農林水産部水産課
係名　漁政係
事務事業の概要（具体的なやり方、手順、詳細）
市場の施設の管理を行う。
⑤ 活動指標（事務事業の活動量を表す指標） ア：名称　不具合対応件数
⑤ 活動指標（事務事業の活動量を表す指標） ア：単位　件
⑦ 成果指標（対象における意図の達成度を表す指標） サ：名称　要望への対応率
⑦ 成果指標（対象における意図の達成度を表す指標） サ：単位　％
④ 成果の向上余地　向上余地がある
維持管理費を見直す必要がある。

(1) 事業費・指標の推移（単位：千円ほか）
　　　　　　　　令和５年度実績　令和６年度実績　令和７年度計画
国庫支出金　0　100　0
その他　60,337　52,895　56,135
一般財源　0　0　{general}
事業費計  （A）　60,337　52,995　56,135
正規職員従事人数　2　1　1
人件費計  (B)　800　480　200
トータルコスト(A)＋(B)　61,137　53,475　56,335
⑤活動指標ア　7　15　23
⑦成果指標サ　79　47　32

--------------------

"""
SHEETS = SHEET.format(name="魚市場管理事業", code="0582", general="0") + SHEET.format(
    name="漁港整備事業", code="0583", general="1"
)


def test_a_bundle_of_evaluation_sheets() -> None:
    bundle = read("sheets.txt", SHEETS)
    assert [(p.name, p.code, p.departments) for p in bundle.projects] == [
        ("魚市場管理事業", "0582", ("農林水産部水産課", "漁政係")),
        ("漁港整備事業", "0583", ("農林水産部水産課", "漁政係")),
    ]
    costs = {key: value for key, value in values(bundle).items() if key[2] != "count"}
    for name in ("魚市場管理事業", "漁港整備事業"):
        assert costs[name, 2023, "settled"] == yen(60337)
        assert costs[name, 2024, "settled"] == yen(52995)
        assert costs[name, 2025, "budget"] == yen(56135)
    assert len(costs) == 6
    assert by_name(bundle, "魚市場管理事業").pillar == "豊かな市民生活を実現する産業の振興"
    assert "市場の施設の管理を行う。" in by_name(bundle, "漁港整備事業").text


def test_costs_are_sure_where_their_sources_add_up() -> None:
    bundle = read("sheets.txt", SHEETS)
    port = by_name(bundle, "漁港整備事業").project_id
    sure = {
        (f.project_id == port, f.fiscal_year): f.confidence for f in bundle.figures if f.label.startswith("事業費計")
    }
    assert sure == {
        (False, 2023): 1.0,
        (False, 2024): 1.0,
        (False, 2025): 1.0,
        (True, 2023): 1.0,
        (True, 2024): 1.0,
        (True, 2025): 0.8,
    }
    assert [w for w in bundle.warnings if "漁港整備事業" in w and "一致しません" in w]


def test_indicators_by_year() -> None:
    bundle = read("sheets.txt", SHEETS)
    market = by_name(bundle, "魚市場管理事業").project_id
    found = {
        (i.name, i.fiscal_year): (i.target and i.target.value, i.result and i.result.value, (i.target or i.result).unit)  # type: ignore[union-attr]
        for i in bundle.indicators
        if i.project_id == market
    }
    assert found == {
        ("不具合対応件数", 2023): (None, Decimal(7), "件"),
        ("不具合対応件数", 2024): (None, Decimal(15), "件"),
        ("不具合対応件数", 2025): (Decimal(23), None, "件"),
        ("要望への対応率", 2023): (None, Decimal(79), "percent"),
        ("要望への対応率", 2024): (None, Decimal(47), "percent"),
        ("要望への対応率", 2025): (Decimal(32), None, "percent"),
    }


def test_every_year_of_a_sheet_has_its_own_phase() -> None:
    printed = extraction_json(read("sheets.txt", SHEETS))
    phases: dict[str, dict[int, str]] = {}
    for figure in printed["figures"]:
        if figure["project"] == "魚市場管理事業":
            phases.setdefault(figure["label"], {})[figure["fiscal_year"]] = figure["phase"]
    every_year = {2023: "settlement", 2024: "settlement", 2025: "plan"}
    for label in ("事業費計　（A）", "不具合対応件数", "要望への対応率", "正規職員従事人数"):
        assert phases[label] == every_year, label


def test_indicators_beside_no_amounts_have_plans_and_results() -> None:
    bundle = read("sheets.txt", SHEETS)
    indicators = tuple(i for i in bundle.indicators if i.name == "要望への対応率")
    phases = indicator_phases(indicators, (), bundle.document.parts)
    assert {i.fiscal_year: phases[i.indicator_id] for i in indicators} == {2023: "result", 2024: "result", 2025: "plan"}


def test_the_kind_of_an_indicator_is_told() -> None:
    printed = extraction_json(read("sheets.txt", SHEETS))
    assert {(i["name"], i["kind"]) for i in printed["indicators"]} == {
        ("不具合対応件数", "活動指標"),
        ("要望への対応率", "成果指標"),
    }


def test_counts_of_one_sheet_are_two_figures() -> None:
    sheet = SHEETS.replace("正規職員従事人数　2　1　1\n", "正規職員従事人数　2　1　1\n延べ業務時間　200　120　50\n")
    counts = [f for f in read("sheets.txt", sheet).figures if f.metric == "count"]
    assert {(f.label, f.fiscal_year, f.phase, f.value, f.unit) for f in counts if f.primary} == {
        ("正規職員従事人数", 2023, "settlement", Decimal(2), "人"),
        ("正規職員従事人数", 2024, "settlement", Decimal(1), "人"),
        ("正規職員従事人数", 2025, "plan", Decimal(1), "人"),
        ("延べ業務時間", 2023, "settlement", Decimal(200), "時間"),
        ("延べ業務時間", 2024, "settlement", Decimal(120), "時間"),
        ("延べ業務時間", 2025, "plan", Decimal(50), "時間"),
    }


def test_a_sheet_as_a_form_in_a_workbook() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("シート1")
    sheet.merge_range(0, 0, 0, 5, "令和6年度 事務事業評価シート")
    sheet.write_row(1, 0, ["事務事業名", "公園管理事業", "", "", "担当課", "公園課"])
    sheet.write_row(2, 0, ["施策名", "緑のまちづくり", "", "", "事業番号", "12-3"])
    sheet.write_row(3, 0, ["（単位：千円）", "令和4年度実績", "令和5年度実績", "令和6年度計画"])
    sheet.write_row(4, 0, ["事業費", 1000, 1100, 1200])
    sheet.write_row(5, 0, ["人件費", 500, 500, 500])
    sheet.write_row(7, 0, ["指標名", "単位", "令和4年度実績", "令和5年度実績", "令和6年度目標"])
    sheet.write_row(8, 0, ["点検回数", "回", 10, 11, 12])
    book.close()
    form = read("公園.xlsx", buffer.getvalue())
    assert values(form) == {
        ("公園管理事業", 2022, "settled"): yen(1000),
        ("公園管理事業", 2023, "settled"): yen(1100),
        ("公園管理事業", 2024, "budget"): yen(1200),
    }
    assert (by_name(form, "公園管理事業").code, by_name(form, "公園管理事業").departments) == ("12-3", ("公園課",))
    assert [(i.name, i.fiscal_year, (i.target or i.result).value) for i in form.indicators] == [  # type: ignore[union-attr]
        ("点検回数", 2022, Decimal(10)),
        ("点検回数", 2023, Decimal(11)),
        ("点検回数", 2024, Decimal(12)),
    ]


def test_labels_with_colons() -> None:
    blocks = "緑市 令和6年度予算\n" + "".join(
        f"事業名：{name}\n担当課：{department}\n予算額：{amount}\n事業内容：{name}を行う。\n\n"
        for name, department, amount in (
            ("道路整備事業", "土木課", "12,345千円"),
            ("公園整備事業", "公園課", "2,000千円（前年度 1,500千円）"),
        )
    )
    labelled = read("key.txt", blocks)
    assert values(labelled) == {
        ("道路整備事業", 2024, "budget"): yen(12345),
        ("公園整備事業", 2024, "budget"): yen(2000),
        ("公園整備事業", 2023, "budget"): yen(1500),
    }
    assert by_name(labelled, "公園整備事業").departments == ("公園課",)


BOOK_ROWS = (
    (1, "001", "給与費", "9,109"),
    (2, "001", "審査会委員　１０人", "1,620"),
    (2, "002", "会計年度任用職員", "7,489"),
    (1, "002", "議会活動費", "38,853"),
    (2, "001", "議会人事管理事業費", "18,625"),
    (3, "", "共済会事務負担金", "416"),
    (2, "002", "議会渉外事業費", "20,228"),
)
BOOK = {
    ("給与費", 2026, "budget"): yen(9109),
    ("審査会委員", 2026, "budget"): yen(1620),
    ("会計年度任用職員", 2026, "budget"): yen(7489),
    ("議会活動費", 2026, "budget"): yen(38853),
    ("議会人事管理事業費", 2026, "budget"): yen(18625),
    ("議会渉外事業費", 2026, "budget"): yen(20228),
}
ENDS = {1: 110, 2: 104, 3: 98}


def laid_out_book(amounts: str) -> str:
    """A page of a budget book as text; `amounts`: on the "same" line as the name, "above" it, or "below" it."""
    lines = [
        "令和８年度　青葉市一般会計予算書",
        "        　１款　議会費",
        f"{'488,451千円':>104}",
        f"{'節':>50}",
        f"{'説　　　明':>90}",
        f"{'区　　分':>45}{'金　　額':>12}",
        f"{'千円':>56}{'千円':>52}",
    ]
    for row, (level, code, name, amount) in enumerate(BOOK_ROWS):
        left = f"{'':40}{row + 1} 報酬" if row % 2 else f"{'':40}{row + 1} 給料        1,234"
        words = f"{'　' * (level - 1)}{code + ' ' if code else '　　'}{name}"
        lone = f"{amount:>{ENDS[level]}}"
        if amounts == "above":
            lines.append(lone)
        text = left.ljust(60) + words
        if amounts == "same":
            text = text.ljust(ENDS[level] - len(amount)) + amount
        lines.append(text)
        if amounts == "below":
            lines.append(lone)
    lines.append(f"{'- 165 -':>60}{'- 166 -':>40}")
    return "\n".join(lines) + "\n"


def test_a_budget_book_laid_out_by_spaces() -> None:
    for amounts in ("same", "above", "below"):
        book = read("book.txt", laid_out_book(amounts))
        assert values(book) == BOOK, amounts
        assert {figure.confidence for figure in book.figures if figure.project_id} == {1.0}, amounts
        assert {project.category for project in book.projects} == {"議会費"}


def test_a_budget_book_as_pdf() -> None:
    def draw(page: Page) -> None:
        page.text(60, 40, "令和８年度　青葉市一般会計予算書", 12)
        page.text(60, 60, "１款　議会費")
        page.right(540, 60, "488,451千円")
        page.grid([60, 130, 200, 540], [80, 120, 400])
        page.text(85, 104, "節　区　分")
        page.text(150, 104, "金　額")
        page.text(340, 104, "説　　明")
        page.right(195, 130, "千円", 8)
        page.right(535, 130, "千円", 8)
        for row, (level, code, name, amount) in enumerate(BOOK_ROWS):
            y = 150 + row * 20
            page.text(65, y, f"{row + 1} 報酬")
            page.right(195, y, "1,234")
            page.text(205 + 10 * (level - 1) + (0 if code else 20), y, f"{code} {name}".strip())
            page.right(535 - 30 * (level - 1), y, amount)

    book = read("book.pdf", make_pdf(draw))
    assert values(book) == BOOK
    assert {figure.confidence for figure in book.figures if figure.project_id} == {1.0}
    parents = {project.project_id: project.name for project in book.projects}
    assert {p.name: parents[p.parent_id] for p in book.projects if p.parent_id} == {
        "審査会委員": "給与費",
        "会計年度任用職員": "給与費",
        "議会人事管理事業費": "議会活動費",
        "議会渉外事業費": "議会活動費",
    }


def test_a_book_that_does_not_add_up_is_not_sure() -> None:
    book = read("book.txt", laid_out_book("same").replace("20,228", "20,229"))
    wrong = {f.confidence for f in book.figures if f.value in (yen(38853), yen(18625), yen(20229))}
    assert max(wrong) <= 0.7
    assert any("議会活動費" in warning and "一致しません" in warning for warning in book.warnings)


def test_items_of_expenditure_without_a_unit() -> None:
    title = "令和８年度 青葉区 予算書\n\n01款 議会費 01項 議会費 01目 議会費 7,738\n"
    text = title + "01 報酬 | 6,605\n13 使用料及賃\n借料 | 1,133\n"
    book = read("setsu.txt", text)
    assert book.projects == ()
    assert [(f.section, f.value) for f in book.figures][1:] == [
        ("議会費 ／ 議会費 ／ 議会費 ／ 報酬", yen(6605)),
        ("議会費 ／ 議会費 ／ 議会費 ／ 使用料及賃借料", yen(1133)),
    ]
    assert all(figure.confidence <= 0.6 for figure in book.figures)
    assert any("千円とみなしました" in warning for warning in book.warnings)
