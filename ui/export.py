"""An answer or a table as a file for a spreadsheet: numbers stay numbers, text never becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import xlsxwriter

from ui.text import LABELS, label

Cell = str | int | float | Decimal | None
CSV_MIME: Final = "text/csv; charset=utf-8"
XLSX_MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel in Japanese also takes the full-width forms as the beginning of a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT_IN_EXCEL: Final = 10**15


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be saved: column headings, and rows of text and numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def safe_cell(text: str) -> str:
    """Text that a spreadsheet shows and never computes.

    >>> safe_cell('=HYPERLINK("http://example.com")'), safe_cell("事業")
    ('\\'=HYPERLINK("http://example.com")', '事業')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def answer_sheet(answer: Mapping[str, Any], titles: Mapping[str, str]) -> Sheet:
    """Every figure of an answer in its order, or its passages where it has no figures, each with its source.

    `titles` gives the title of a document by its id.
    """
    figures = answer.get("figures") or ()
    keys: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    if figures:
        keys = ("project", "parent_project", "municipality", "ward", "fiscal_year", "phase", "as_of", "department")
        keys += ("metric", "label", "value", "unit", "printed")
        rows = tuple(_figure_row(figure, titles) for figure in figures)
    else:
        keys = ("project", "municipality", "ward", "fiscal_year", "project_text")
        rows = tuple(
            (
                _text(passage.get("project")),
                _text(passage.get("municipality")),
                _text(passage.get("ward")),
                passage.get("fiscal_year"),
                _text(passage.get("text")),
                *_source_cells(passage["source"], titles),
            )
            for passage in answer.get("passages") or ()
        )
    source_keys = ("source_document", "source_file", "page", "lines", "quote")
    return Sheet(str(answer.get("question") or ""), tuple(label(key) for key in (*keys, *source_keys)), rows)


def _figure_row(figure: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        _text(figure.get("project")),
        _text(figure.get("parent_project")),
        _text(figure.get("municipality")),
        _text(figure.get("ward")),
        figure.get("fiscal_year"),
        _known("phase", figure.get("phase")),
        _text(figure.get("as_of")),
        "、".join(figure.get("departments") or ()),
        _known("metric", figure.get("metric")),
        _text(figure.get("label")),
        as_number(figure.get("value")),
        _known("unit", figure.get("unit")),
        _text(figure.get("printed")),
        *_source_cells(figure["source"], titles),
    )


def _source_cells(source: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[Cell, ...]:
    first, last = int(source["line_start"]), int(source["line_end"])
    return (
        titles.get(str(source["document_id"]), _text(source.get("document_id"))),
        _text(source.get("file")),
        source.get("page"),
        # 170〜172 rather than 170-172, which a spreadsheet may take for a date.
        str(first) if first == last else f"{first}〜{last}",
        _text(source.get("quote")),
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _known(kind: str, value: Any) -> str:
    return label(f"{kind}_{value}") if f"{kind}_{value}" in LABELS else _text(value)


def as_number(value: Any) -> Cell:
    """The value as a number where it is one, else as text."""
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)


def csv_bytes(sheet: Sheet) -> bytes:
    """UTF-8 with a mark at the beginning, so that Excel in Japanese opens it rightly."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow(
            [f"{c:f}" if isinstance(c, Decimal) else safe_cell(c) if isinstance(c, str) else c for c in row]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def xlsx_bytes(sheet: Sheet) -> bytes:
    """A workbook of one sheet, headings fixed, with a filter on every column."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    page = book.add_worksheet("kusei")
    head = book.add_format({"bold": True, "bg_color": "#DCE6EE", "border": 1, "valign": "top"})
    body = book.add_format({"valign": "top", "text_wrap": True})
    whole = book.add_format({"valign": "top", "num_format": "#,##0"})
    plain = book.add_format({"valign": "top", "num_format": "0"})
    fraction = book.add_format({"valign": "top", "num_format": "#,##0.0##"})
    years = {i for i, column in enumerate(sheet.columns) if column in LABELS["fiscal_year"] + LABELS["page"]}
    for column, name in enumerate(sheet.columns):
        page.write_string(0, column, safe_cell(name), head)
    for r, row in enumerate(sheet.rows, start=1):
        for c, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(r, c, safe_cell(cell)[:32767], body)
            elif abs(float(cell)) >= _EXACT_IN_EXCEL:
                page.write_string(r, c, f"{cell:f}" if isinstance(cell, Decimal) else str(cell), body)
            else:
                # A Decimal is written digit for digit; a float of 8.2 would come out as 8.199999999999999.
                number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
                is_whole = number == number.to_integral_value()
                page.write_number(r, c, number, plain if c in years else whole if is_whole else fraction)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    if sheet.columns:
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    book.close()
    return out.getvalue()


def _widths(sheet: Sheet) -> Sequence[float]:
    longest = [2 * len(column) for column in sheet.columns]
    for row in sheet.rows[:200]:
        for i, cell in enumerate(row):
            longest[i] = max(longest[i], 2 * len(cell) if isinstance(cell, str) else len(str(cell)) + 3)
    return [min(max(width + 2, 8), 48) for width in longest]
