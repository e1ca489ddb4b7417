from __future__ import annotations

import io

import docx
import pytest
import xlwt
from made_files import make_workbook

from ingest.raw import RawDocument, RawTable
from ingest.readers import ReadError, read_bytes
from ingest.readers.workbook import shown

PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>令和6年度の予算</title><style>p{{}}</style></head>
<body><header><nav>メニュー</nav></header><div style="display:none">隠し文</div>
<main><h1>令和6年度の予算</h1><p>総額は<b>百億円</b>です。<br>二行目</p>
<ul><li>子育て</li><li>防災</li></ul><script>alert(1)</script>
<table><caption>主要事業（単位：千円）</caption>
<tr><th rowspan="2">事業名</th><th colspan="2">予算額</th></tr><tr><th>本年度</th><th>前年度</th></tr>
<tr><td>道路<br>整備事業</td><td>1,234</td><td>▲5</td></tr></table></main><footer>問い合わせ</footer></body></html>"""


def cells(table: RawTable) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): cell.text for cell in table.cells}


@pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "euc-jp"])
def test_html_text_tables_and_furniture(charset: str) -> None:
    raw = read_bytes("a.html", PAGE.format(charset=charset).encode(charset))
    text = [line for line in raw.lines if line]
    assert text[:5] == ["# 令和6年度の予算", "総額は百億円です。", "二行目", "・子育て", "・防災"]
    assert not any(word in "\n".join(raw.lines) for word in ("メニュー", "隠し文", "alert", "問い合わせ"))
    (table,) = raw.tables
    assert cells(table) == {
        (0, 0): "事業名",
        (0, 1): "予算額",
        (1, 1): "本年度",
        (1, 2): "前年度",
        (2, 0): "道路\n整備事業",
        (2, 1): "1,234",
        (2, 2): "▲5",
    }
    assert raw.lines[table.cells[-1].line_start - 1] == "道路整備事業\t1,234\t▲5"


def test_html_with_a_false_declaration_is_read_by_its_bytes() -> None:
    raw = read_bytes("a.html", PAGE.format(charset="shift_jis").encode("utf-8"))
    assert "総額は百億円です。" in raw.lines


def test_csv_keeps_the_lines_of_its_file() -> None:
    text = '令和6年度,,\n事業名,予算額,備考\n"道路\n整備事業","1,234",済\n\n会計,額\n一般,5\n'
    raw = read_bytes("a.csv", text.encode("cp932"))
    assert raw.lines == tuple(text.rstrip("\n").split("\n"))
    assert cells(raw.tables[0])[2, 0] == "道路\n整備事業"
    place = next(cell for cell in raw.tables[0].cells if cell.text == "1,234")
    assert (place.line_start, place.line_end) == (3, 4)
    assert cells(raw.tables[1]) == {(0, 0): "会計", (0, 1): "額", (1, 0): "一般", (1, 1): "5"}


def test_tsv_is_told_by_its_tabs() -> None:
    raw = read_bytes("a.tsv", "事業名\t予算額\n道路, 橋\t100\n".encode())
    assert cells(raw.tables[0])[1, 0] == "道路, 橋"


def test_workbook_every_cell() -> None:
    raw = read_bytes("a.xlsx", make_workbook())
    main, left, right = raw.tables
    found = cells(main)
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in main.cells}
    assert found[0, 0] == "令和6年度決算　主要事業一覧"
    assert found[1, 6] == "（単位：千円）"
    assert [found[3, c] for c in (2, 3, 4)] == ["予算額", "決算額", "執行率"]
    assert spans[2, 2] == (1, 3)
    assert spans[4, 0] == (2, 1)
    assert [found.get((4, c)) for c in range(1, 6)] == ["高齢者見守り事業", "1000", "950", "95.0%", "50"]
    assert [found.get((5, c)) for c in range(1, 7)] == [
        "障がい者移動支援事業",
        "2000",
        "1500",
        "75.0%",
        "500",
        "対象者の減",
    ]
    assert [found.get((6, c)) for c in range(0, 5)] == ["土木部", "道路維持事業", "3000", "3000", "100.0%"]
    assert [found.get((7, c)) for c in (1, 2, 3, 5)] == ["合計", "6000", "5450", "550"]
    assert cells(left) == {(0, 0): "会計", (0, 1): "予算額（億円）", (1, 0): "一般会計", (1, 1): "10"}
    assert cells(right)[1, 0] == "特別会計"
    assert any("7 行目" in warning for warning in raw.warnings)
    assert any("控え" in warning for warning in raw.warnings)
    assert not any("隠れた" in line or "使わない" in line for line in raw.lines)


def test_old_workbook() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("一覧")
    sheet.write_merge(0, 1, 0, 0, "事業名")
    sheet.write(0, 1, "予算額")
    sheet.write(2, 0, "道路事業")
    sheet.write(2, 1, 1234.5)
    buffer = io.BytesIO()
    book.save(buffer)
    raw = read_bytes("a.xls", buffer.getvalue())
    assert cells(raw.tables[0]) == {(0, 0): "事業名", (0, 1): "予算額", (2, 0): "道路事業", (2, 1): "1234.5"}


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.4755, "0.0%", "47.6%"),
        (0.475, "0%", "48%"),
        (1234567.0, "#,##0", "1234567"),
        (1234567.0, "#,##0,", "1235"),
        (-3.0, "", "-3"),
        (0.1, "", "0.1"),
        (19.9, '0.0"人"', "19.9"),
        (True, "", "TRUE"),
        ("文字", "", "文字"),
    ],
)
def test_values_are_shown_as_the_sheet_shows_them(value: object, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def make_word() -> RawDocument:
    document = docx.Document()
    document.add_heading("主要事業", 1)
    document.add_paragraph("令和6年度の取組です。")
    document.add_paragraph("重点項目", style="List Bullet")
    table = document.add_table(3, 3)
    table.cell(0, 0).text = "事業名"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).text = "予算額"
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 1).text = "本年度"
    table.cell(1, 2).text = "前年度"
    table.cell(2, 0).text = "道路事業"
    table.cell(2, 1).text = "1,234千円"
    table.cell(2, 2).text = "―"
    document.add_paragraph("以上")
    buffer = io.BytesIO()
    document.save(buffer)
    return read_bytes("a.docx", buffer.getvalue())


def test_word_in_order_with_merged_cells() -> None:
    raw = make_word()
    text = [line for line in raw.lines if line]
    assert text == [
        "# 主要事業",
        "令和6年度の取組です。",
        "重点項目",
        "事業名\t予算額",
        "\t本年度\t前年度",
        "道路事業\t1,234千円\t―",
        "以上",
    ]
    spans = {c.text: (c.row, c.column, c.row_span, c.column_span) for c in raw.tables[0].cells}
    assert spans["事業名"] == (0, 0, 2, 1)
    assert spans["予算額"] == (0, 1, 1, 2)


def test_a_broken_word_file() -> None:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    with pytest.raises(ReadError, match="Word"):
        read_bytes("a.docx", buffer.getvalue())
