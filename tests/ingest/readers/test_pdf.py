from __future__ import annotations

import io

import pdfplumber
import pytest
from made_files import FONT, HEIGHT, PROJECTS, Page, borderless_page, make_pdf, ruled_page
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.raw import RawDocument, RawTable
from ingest.readers import ReadError, read_bytes


def grid(table: RawTable) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): cell.text for cell in table.cells}


def test_every_cell_of_a_ruled_table() -> None:
    raw = read_bytes("a.pdf", make_pdf(ruled_page))
    (table,) = raw.tables
    cells = grid(table)
    assert (table.n_rows, table.n_columns, table.page) == (7, 5, 1)
    assert cells[0, 1] == "事業名"
    assert cells[0, 3] == "予算額"
    assert (cells[1, 3], cells[1, 4]) == ("本年度", "前年度")
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in table.cells}
    assert spans[0, 1] == (2, 1)
    assert spans[0, 3] == (1, 2)
    for row, (number, name, department, this, last) in enumerate(PROJECTS, start=2):
        assert cells[row, 0] == number
        assert cells[row, 1].replace("\n", "") == name
        assert (cells[row, 2], cells[row, 3], cells[row, 4]) == (department, this, last)
    assert (cells[6, 3], cells[6, 4]) == ("174,000", "23,555")
    assert "（単位：千円）" in table.context


def test_a_cell_points_at_its_stored_line() -> None:
    raw = read_bytes("a.pdf", make_pdf(ruled_page))
    for cell in raw.tables[0].cells:
        assert cell.text.replace("\n", "").split()[0] in raw.lines[cell.line_start - 1]


def test_agrees_with_pdfplumber_on_rules() -> None:
    data = make_pdf(ruled_page)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        expected = pdf.pages[0].extract_table()
    assert expected is not None
    cells = grid(read_bytes("a.pdf", data).tables[0])
    for row, texts in enumerate(expected):
        for column, text in enumerate(texts):
            if text:
                assert cells[row, column].replace(" ", "") == text.replace(" ", ""), (row, column)


def test_a_borderless_table_keeps_its_columns() -> None:
    raw = read_bytes("a.pdf", make_pdf(borderless_page))
    assert raw.tables == ()
    rows = [line for line in raw.lines if "事業" in line and "，" not in line and "," in line]
    ends = {line.rstrip().__len__() for line in rows}
    assert len(ends) == 1  # numbers end in one column
    for (_, name, department, this, last), line in zip(PROJECTS, [r for r in raw.lines if "," in r][:4], strict=True):
        assert line.split() == [name, department, this, last]


def test_prose_in_two_columns_is_read_column_by_column() -> None:
    left = [
        "この計画は、区民の皆様と共に",
        "安全で安心な暮らしを実現する",
        "ことを目的として策定しました",
        "今後も取組を着実に進めていき",
        "区民の皆様の声を伺いながらよ",
        "り良いまちを目指していきます",
        "以上が計画の趣旨であります。",
    ]
    right = [
        "第二章では、防災に関する取組",
        "を取り上げます。地域の防災力",
        "を高めるため、訓練の支援や備",
        "蓄の充実を図るほか、情報の伝",
        "達手段を多様化していきます。",
        "また、避難所の環境を改善する",
        "ため、資機材を更新しました。",
    ]

    def draw(page: Page) -> None:
        for row, (a, b) in enumerate(zip(left, right, strict=True)):
            page.text(60, 100 + row * 18, a)
            page.text(320, 100 + row * 18, b)

    raw = read_bytes("a.pdf", make_pdf(draw))
    assert [line.strip() for line in raw.lines if line.strip()] == [*left, *right]


def test_page_numbers_and_running_heads_are_left_out() -> None:
    def draw(page: Page) -> None:
        for number in range(1, 7):
            page.text(60, 30, "旭区の概要 令和6年版", 8)
            page.text(60, 100, f"本文の{'一二三四五六'[number - 1]}頁目である。")
            page.text(280, 820, f"- {number} -", 8)
            page.next()

    raw = read_bytes("a.pdf", make_pdf(draw))
    text = [line for line in raw.lines if line.strip()]
    assert len(text) == 6
    assert all("本文" in line for line in text)
    assert [raw.pages[raw.lines.index(line)] for line in text] == [1, 2, 3, 4, 5, 6]


def test_a_column_of_amounts_without_rules_is_parted_by_its_lines() -> None:
    def draw(page: Page) -> None:
        page.grid([60, 300, 420], [80, 110, 300])
        page.text(150, 100, "説　　明")
        page.text(340, 100, "金　額")
        for row, (_, name, _, this, _) in enumerate(PROJECTS):
            page.text(70, 135 + row * 30, name)
            page.right(415, 135 + row * 30, this)

    (table,) = read_bytes("a.pdf", make_pdf(draw)).tables
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell.text.strip())
    assert [rows[row] for row in sorted(rows)][1:] == [[name, this] for _, name, _, this, _ in PROJECTS]


def test_vertical_heading_in_a_cell_is_one_word() -> None:
    def draw(page: Page) -> None:
        page.grid([60, 85, 250, 350], [80, 110, 200])
        page.text(64, 100, "部")
        page.text(120, 100, "事業名")
        page.text(270, 100, "予算額")
        for row, character in enumerate("福祉部"):
            page.text(66, 130 + row * 12, character)
        page.text(100, 145, "見守り事業")
        page.right(340, 145, "1,234")

    cells = grid(read_bytes("a.pdf", make_pdf(draw)).tables[0])
    assert [cells[1, column].replace("\n", "") for column in (0, 1, 2)] == ["福祉部", "見守り事業", "1,234"]


def test_a_page_in_vertical_writing_runs_from_the_right() -> None:
    columns = ["令和六年度の予算がまとまりました", "子育て支援に重点を置いています", "詳しくは広報をご覧ください"]

    def draw(page: Page) -> None:
        for number, column in enumerate(columns):
            for row, character in enumerate(column):
                page.text(500 - number * 30, 100 + row * 14, character, 12)

    raw = read_bytes("a.pdf", make_pdf(draw))
    assert [line.strip() for line in raw.lines if line.strip()] == columns


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setPageRotation(90)
    canvas.setFont(FONT, 10)
    # Turned by 90 degrees, the shown top left corner is the drawn bottom left one.
    canvas.translate(100, 60)
    canvas.rotate(90)
    canvas.drawString(0, 0, "回転した頁")
    canvas.drawString(300, 0, "1,234")
    canvas.drawString(0, -20, "二行目")
    canvas.save()
    lines = [line.split() for line in read_bytes("a.pdf", buffer.getvalue()).lines if line.strip()]
    assert lines == [["回転した頁", "1,234"], ["二行目"]]


def test_text_printed_twice_for_weight_is_read_once() -> None:
    def draw(page: Page) -> None:
        page.text(60, 100, "合計 1,234")
        page.text(60.2, 100, "合計 1,234")

    assert [line.split() for line in read_bytes("a.pdf", make_pdf(draw)).lines if line.strip()] == [["合計", "1,234"]]


def picture_page(page: Page) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    page.canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "gray")), 100, HEIGHT - 300, 200, 200)


def test_scanned_pages_are_named() -> None:
    def draw(page: Page) -> None:
        page.text(60, 100, "一頁目は文字である。")
        page.next()
        picture_page(page)
        page.next()
        picture_page(page)

    raw: RawDocument = read_bytes("a.pdf", make_pdf(draw))
    assert any("OCR" in warning and "2〜3 ページ" in warning for warning in raw.warnings)


def test_a_scan_without_any_text_is_refused() -> None:
    with pytest.raises(ReadError, match="OCR"):
        read_bytes("scan.pdf", make_pdf(picture_page))
