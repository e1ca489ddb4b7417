"""What is saved opens in a spreadsheet as numbers and text, never as formulas, with its sources."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.export import Sheet, answer_sheet, csv_bytes, safe_cell, xlsx_bytes

ANSWER: dict[str, Any] = {
    "question": "令和4年度に執行率が50%を下回った事業は？",
    "status": "answered",
    "figures": [
        {
            "project": "一時託児サービス事業",
            "parent_project": None,
            "municipality": "横浜市",
            "ward": "旭区",
            "fiscal_year": 2022,
            "metric": "execution_rate",
            "label": "執行率",
            "value": "8.2",
            "unit": "percent",
            "phase": "settlement",
            "as_of": None,
            "printed": "8.2%",
            "departments": ["総務課"],
            "source": {
                "document_id": "001",
                "file": "001.txt",
                "page": None,
                "line_start": 251,
                "line_end": 252,
                "quote": "=2 一時託児サービス事業 963 79 8.2%",
            },
        },
        {
            "project": "@SUM(A1)",
            "metric": "difference",
            "fiscal_year": 2022,
            "value": "-11144",
            "unit": "yen",
            "printed": "-11,144",
            "source": {"document_id": "001", "file": "001.txt", "page": 3, "line_start": 1, "line_end": 1, "quote": ""},
        },
    ],
}


def rows_of_xlsx(data: bytes) -> list[list[tuple[str | None, str | None]]]:
    """(type, text) of every cell, read from the workbook's own XML."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        strings = ["".join(t.text or "" for t in item.iter(f"{{{space['m']}}}t")) for item in shared]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(".//m:f", space) is None, "no cell may hold a formula"
    rows = []
    for row in sheet.iterfind(".//m:row", space):
        cells: list[tuple[str | None, str | None]] = []
        for cell in row:
            value = cell.findtext("m:v", namespaces=space)
            kind = cell.get("t")
            cells.append((kind, strings[int(value)] if kind == "s" and value is not None else value))
        rows.append(cells)
    return rows


def test_csv_of_an_answer_has_its_figures_and_their_sources() -> None:
    data = csv_bytes(answer_sheet(ANSWER, {"001": "決算説明書"}))
    assert data.startswith(b"\xef\xbb\xbf"), "Excel in Japanese needs the mark"
    head, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    row = dict(zip(head, first, strict=True))
    assert row["事業"] == "一時託児サービス事業"
    assert (row["値"], row["単位"], row["資料の表記"]) == ("8.2", "%", "8.2%")
    assert (row["出典資料"], row["出典ファイル"], row["行"]) == ("決算説明書", "001.txt", "251〜252")
    assert row["出典の記載"].startswith("'=2 "), "a cell from a document must not compute"
    other = dict(zip(head, second, strict=True))
    assert other["事業"] == "'@SUM(A1)"
    assert other["資料の表記"] == "'-11,144"
    assert other["値"] == "-11144", "a negative number stays a number"


def test_excel_keeps_numbers_as_numbers_and_text_as_text() -> None:
    head, first, second = rows_of_xlsx(xlsx_bytes(answer_sheet(ANSWER, {"001": "決算説明書"})))
    names = [text for _, text in head]
    kinds = {text for text in first if text[0] != "s"}
    assert (None, "8.2") in kinds
    assert (None, "2022") in kinds
    assert ("s", "'=2 一時託児サービス事業 963 79 8.2%") in first
    assert (None, "-11144") in second
    assert "出典の記載" in names


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_text_begins_as_a_formula(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@given(st.text(min_size=1).filter(lambda text: "\x00" not in text))
def test_csv_gives_text_back_but_for_the_guard(text: str) -> None:
    data = csv_bytes(Sheet("t", ("名前",), ((text,),)))
    _, (cell,) = csv.reader(io.StringIO(data.decode("utf-8-sig", "surrogatepass"), newline=""))
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "+", "-", "@"))


def test_large_amounts_lose_no_digit() -> None:
    exact = Decimal("1234567890123456789")
    sheet = Sheet("t", ("金額",), ((exact,),))
    assert b"1234567890123456789" in csv_bytes(sheet)
    assert rows_of_xlsx(xlsx_bytes(sheet))[1] == [("s", "1234567890123456789")]
