"""Files of our own making, laid out as municipalities lay theirs out: PDFs with Japanese tables, workbooks, ZIPs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "HeiseiKakuGo-W5"
WIDTH, HEIGHT = A4
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

PROJECTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("1", "道路維持補修事業", "土木課", "12,345", "11,000"),
    ("2", "公園遊具更新事業", "公園緑地課", "8,100", "9,000"),
    ("3", "防災行政無線整備事業", "危機管理課", "150,000", "0"),
    ("4", "子育て応援給付金", "子育て支援課", "3,555", "3,555"),
)


class Page:
    """A page to draw on, its origin at the top left corner."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def text(self, x: float, y: float, text: str, size: float = 10) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def right(self, x: float, y: float, text: str, size: float = 10) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawRightString(x, HEIGHT - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)

    def next(self) -> None:
        self.canvas.showPage()


def make_pdf(draw: object, title: str = "試験") -> bytes:
    """The PDF that `draw(page)` draws."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1)
    canvas.setTitle(title)
    draw(Page(canvas))  # type: ignore[operator]
    canvas.save()
    return buffer.getvalue()


def ruled_page(page: Page) -> None:
    """A ruled table of four projects and their total, a heading over two columns, a name on two lines."""
    page.text(60, 60, "令和6年度　主要事業一覧", 14)
    page.right(540, 80, "（単位：千円）")
    xs = [60, 90, 250, 350, 445, 540]
    ys = [90, 110, 130, 155, 180, 215, 240, 265]
    for x in xs:
        page.line(x, ys[0], x, ys[-1]) if x != 445 else page.line(x, ys[1], x, ys[-1])
    for y in ys:
        page.line(350 if y == 110 else xs[0], y, xs[-1], y)
    page.text(65, 115, "No.")
    page.text(140, 115, "事業名")
    page.text(280, 115, "担当課")
    page.text(425, 104, "予算額")
    page.text(375, 125, "本年度")
    page.text(470, 125, "前年度")
    for (number, name, department, this, last), y in zip(PROJECTS, (147, 172, 197, 232), strict=True):
        page.text(70, y, number)
        if name == "防災行政無線整備事業":
            page.text(95, y - 6, "防災行政無線")
            page.text(95, y + 8, "整備事業")
        else:
            page.text(95, y, name)
        page.text(255, y, department)
        page.right(440, y, this)
        page.right(535, y, last)
    page.text(140, 257, "合　　計")
    page.right(440, 257, "174,000")
    page.right(535, 257, "23,555")


def borderless_page(page: Page) -> None:
    """The same table without rules."""
    page.text(60, 60, "令和6年度　主要事業一覧", 14)
    page.right(540, 80, "（単位：千円）")
    page.text(60, 100, "事業名")
    page.text(250, 100, "担当課")
    page.right(430, 100, "本年度予算額")
    page.right(540, 100, "前年度予算額")
    for (_, name, department, this, last), y in zip(PROJECTS, (120, 138, 156, 174), strict=True):
        page.text(60, y, name)
        page.text(250, y, department)
        page.right(430, y, this)
        page.right(540, y, last)
    page.text(60, 192, "合計")
    page.right(430, 192, "174,000")
    page.right(540, 192, "23,555")


def make_workbook() -> bytes:
    """A sheet with title, corner unit, merged headings, hidden rows, tables side by side; and a hidden sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    percent = book.add_format({"num_format": "0.0%"})
    thousands = book.add_format({"num_format": "#,##0,"})
    sheet = book.add_worksheet("事業一覧")
    sheet.write(0, 0, "令和6年度決算　主要事業一覧")
    sheet.write(1, 6, "（単位：千円）")
    sheet.merge_range(2, 0, 3, 0, "部")
    sheet.merge_range(2, 1, 3, 1, "事業名")
    sheet.merge_range(2, 2, 2, 4, "令和6年度")
    for column, text in enumerate(("予算額", "決算額", "執行率"), start=2):
        sheet.write(3, column, text)
    sheet.merge_range(2, 5, 3, 5, "不用額")
    sheet.merge_range(2, 6, 3, 6, "備考")
    sheet.merge_range(4, 0, 5, 0, "福祉部")
    rows = [
        (4, "高齢者見守り事業", 1000, 950, 0.95, 50, ""),
        (5, "障がい者移動支援事業", 2000, 1500, 0.75, 500, "対象者の減"),
        (7, "道路維持事業", 3000, 3000, 1, 0, ""),
    ]
    for row, name, budget, settled, rate, rest, note in rows:
        sheet.write(row, 1, name)
        sheet.write(row, 2, budget)
        sheet.write(row, 3, settled)
        sheet.write(row, 4, rate, percent)
        sheet.write(row, 5, rest)
        sheet.write(row, 6, note)
    sheet.write(6, 1, "隠れた事業")
    sheet.write(6, 2, 99999)
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.write(7, 0, "土木部")
    sheet.write(8, 1, "合計")
    sheet.write(8, 2, 6000)
    sheet.write(8, 3, 5450000, thousands)
    sheet.write(8, 5, 550)
    for column, (name, amount) in ((0, ("一般会計", 10)), (4, ("特別会計", 20))):
        sheet.write(12, column, "会計")
        sheet.write(12, column + 1, "予算額（億円）")
        sheet.write(13, column, name)
        sheet.write(13, column + 1, amount)
    hidden = book.add_worksheet("控え")
    hidden.write(0, 0, "使わない")
    hidden.hide()
    book.close()
    return buffer.getvalue()


def make_zip(entries: Sequence[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()
