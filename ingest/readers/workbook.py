"""Workbooks (XLSX, XLS, ODS): every visible sheet, its merged cells whole, its side-by-side tables apart.

calamine reads the values. What it does not give, the file's own XML does, for XLSX: which rows and columns are hidden,
and the number format of a cell, so that 0.475 shown as 47.5% is read as 47.5%.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import ParseError, iterparse

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingest.raw import RawDocument
from ingest.readers.errors import ReadError
from ingest.readers.stored import PlacedCell, StoredText

MAX_CELLS = 5_000_000
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
REFERENCE = re.compile(r"([A-Z]+)(\d+)")
BUILTIN_FORMATS = {9: "0%", 10: "0.00%"}
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(slots=True)
class _Display:
    """What a sheet shows otherwise than its values: hidden 0-based rows and columns, and formats by place."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)


def read_workbook(name: str, data: bytes) -> RawDocument:
    """Read every visible sheet of a workbook."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        what = "パスワードで保護されている" if "password" in str(error).lower() else "壊れているか、Excel 以外の形式の"
        raise ReadError(f"{what}ため読めません", name, "保護を外して .xlsx で保存し直してください") from None
    displays = _displays(data) if data.startswith(b"PK") else {}
    stored = StoredText(name, "xlsx", data)
    hidden_sheets: list[str] = []
    try:
        for metadata in workbook.sheets_metadata:
            if metadata.typ != SheetTypeEnum.WorkSheet:
                continue
            if metadata.visible != SheetVisibleEnum.Visible:
                hidden_sheets.append(metadata.name)
                continue
            _sheet(stored, name, workbook.get_sheet_by_name(metadata.name), displays.get(metadata.name, _Display()))
    except CalamineError as error:
        raise ReadError(f"表を読めません（{error}）", name, "Excel で開いて .xlsx で保存し直してください") from None
    if hidden_sheets:
        stored.warnings.append(f"非表示のシートは読みませんでした: {'、'.join(hidden_sheets)}")
    if not any(line.strip() for line in stored.lines):
        raise ReadError("ブックに文字がありません", name, "中身のあるシートを表示して保存し直してください")
    return stored.finish()


def _displays(data: bytes) -> dict[str, _Display]:
    """Hidden rows, hidden columns and number formats of each sheet of an XLSX; nothing where its XML is unusual."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return {}
            formats = _cell_formats(archive)
            targets = {
                element.get("Id"): element.get("Target", "")
                for _, element in iterparse(archive.open("xl/_rels/workbook.xml.rels"))
                if element.get("Id")
            }
            sheets = {
                element.get("name", ""): targets.get(element.get(RELATION), "")
                for _, element in iterparse(archive.open("xl/workbook.xml"))
                if element.tag == f"{NAMESPACE}sheet"
            }
            found = {}
            for sheet, target in sheets.items():
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if path in archive.namelist():
                    found[sheet] = _display(archive, path, formats)
            return found
    except (ParseError, KeyError, zipfile.BadZipFile, OSError, ValueError):
        return {}


def _cell_formats(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style that changes what a number shows; "" elsewhere."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    custom: dict[int, str] = {}
    styles: list[str] = []
    inside = False
    for event, element in iterparse(archive.open("xl/styles.xml"), ("start", "end")):
        if element.tag == f"{NAMESPACE}cellXfs":
            inside = event == "start"
        elif event == "start" and element.tag == f"{NAMESPACE}numFmt":
            custom[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        elif event == "start" and inside and element.tag == f"{NAMESPACE}xf":
            number = int(element.get("numFmtId", "0"))
            styles.append(custom.get(number, BUILTIN_FORMATS.get(number, "")))
    return styles


def _display(archive: zipfile.ZipFile, path: str, formats: Sequence[str]) -> _Display:
    display = _Display()
    for _, element in iterparse(archive.open(path)):
        if element.tag == f"{NAMESPACE}c":
            style = element.get("s")
            code = formats[int(style)] if style and int(style) < len(formats) else ""
            place = REFERENCE.fullmatch(element.get("r", ""))
            if place and code and ("%" in code or "," in code):
                display.formats[int(place[2]) - 1, _column(place[1])] = code
        elif element.tag == f"{NAMESPACE}row":
            if element.get("hidden") in ("1", "true") and (element.get("r") or "").isdigit():
                display.hidden_rows.add(int(element.get("r", "0")) - 1)
            element.clear()
        elif element.tag == f"{NAMESPACE}col" and element.get("hidden") in ("1", "true"):
            display.hidden_columns.update(
                range(int(element.get("min", "1")) - 1, min(int(element.get("max", "1")), 16384))
            )
    return display


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def shown(value: object, code: str = "") -> str:
    """A cell's value as the sheet shows it, as far as the meaning of the number depends on it.

    >>> shown(0.475, "0.0%"), shown(1234000.0, "#,##0,"), shown(4275.0), shown(19.9)
    ('47.5%', '1234', '4275', '19.9')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        section = QUOTED.sub("", code.split(";")[0])
        if "%" in section:
            number *= 100
            places = len(section.partition(".")[2].split("%")[0].rstrip()) if "." in section else 0
            return f"{number.quantize(Decimal(1).scaleb(-places)):f}%"
        if scale := re.search(r"[0#](,+)\s*$", section):
            number = (number / 1000 ** len(scale[1])).quantize(Decimal(1))
        if number == number.to_integral_value():
            return f"{number:.0f}"
        return f"{number.normalize():f}" if len(repr(value)) <= 15 else f"{float(value):.10g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _sheet(stored: StoredText, name: str, sheet: CalamineSheet, display: _Display) -> None:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise ReadError(
            f"シートが大きすぎます（{sheet.total_height:,} 行 × {sheet.total_width:,} 列）",
            f"{name} の「{sheet.name}」",
            "使っていない行や列を消して保存し直してください",
        )
    values = sheet.to_python(skip_empty_area=False)
    if not any(value not in ("", None) for row in values for value in row):
        return
    stored.add_line(f"# {sheet.name}")
    spans = {}
    covered: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        rows = [r for r in range(top, min(bottom, len(values) - 1) + 1) if r not in display.hidden_rows]
        columns = [c for c in range(left, right + 1) if c not in display.hidden_columns]
        if rows and columns:
            spans[top, left] = (len(rows), len(columns))
        covered.update((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1) if (r, c) != (top, left))
    visible_rows = [r for r in range(len(values)) if r not in display.hidden_rows]
    width = max(len(row) for row in values)
    visible_columns = [c for c in range(width) if c not in display.hidden_columns]
    grid: dict[tuple[int, int], PlacedCell] = {}
    for row, source_row in enumerate(visible_rows):
        for column, source_column in enumerate(visible_columns):
            place = (source_row, source_column)
            if place in covered or source_column >= len(values[source_row]):
                continue
            text = shown(values[source_row][source_column], display.formats.get(place, ""))
            if text:
                row_span, column_span = spans.get(place, (1, 1))
                grid[row, column] = PlacedCell(row, column, text, row_span, column_span)
    _warn_hidden(stored, sheet.name, values, display)
    context: tuple[str, ...] = (sheet.name,)
    for block in blocks(grid):
        top = min(cell.row for cell in block)
        left = min(cell.column for cell in block)
        moved = [PlacedCell(c.row - top, c.column - left, c.text, c.row_span, c.column_span) for c in block]
        n_rows = max(cell.row + cell.row_span for cell in moved)
        n_columns = max(cell.column + cell.column_span for cell in moved)
        if len({cell.column for cell in moved}) == 1 or len({cell.row for cell in moved}) == 1:
            texts = [line for cell in moved for line in cell.text.split("\n")]
            if len({cell.row for cell in moved}) == 1:
                stored.add_line("\t".join(texts))
            else:
                for text in texts:
                    stored.add_line(text)
            context = (*context[-4:], *texts[:4])
            continue
        stored.add_table(moved, n_rows, n_columns, context)
        stored.add_line("")


def _warn_hidden(stored: StoredText, sheet: str, values: Sequence[Sequence[object]], display: _Display) -> None:
    """Say which hidden rows and columns held something."""
    rows = [
        r + 1 for r in sorted(display.hidden_rows) if r < len(values) and any(v not in ("", None) for v in values[r])
    ]
    if rows:
        stored.warnings.append(f"シート「{sheet}」の非表示の行は読みませんでした: {_ranges(rows)} 行目")
    columns = sum(1 for c in display.hidden_columns if any(c < len(row) and row[c] not in ("", None) for row in values))
    if columns:
        stored.warnings.append(f"シート「{sheet}」の非表示の列 {columns} 列は読みませんでした")


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in ascending order as ranges: 3、5〜8."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}〜{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def blocks(grid: dict[tuple[int, int], PlacedCell]) -> list[list[PlacedCell]]:
    """The tables of a sheet: cells parted by empty rows, then by empty columns where both sides hold a table."""
    found: list[list[PlacedCell]] = []
    for rows in _runs(list(grid.values()), "row"):
        parts = _runs(rows, "column")
        tables = [part for part in parts if len({cell.row for cell in part}) > 1 and len({c.column for c in part}) > 1]
        if len(tables) > 1 and len(tables) == len(parts):
            for part in parts:
                found.extend(_runs(part, "row"))
        else:
            found.append(sorted(rows, key=lambda cell: (cell.row, cell.column)))
    return found


def _runs(cells: list[PlacedCell], axis: str) -> list[list[PlacedCell]]:
    """Cells in groups that an empty row (or column) parts; a merged cell bridges what it spans."""
    span = f"{axis}_span"
    groups: list[list[PlacedCell]] = []
    end = -1
    for cell in sorted(cells, key=lambda cell: (getattr(cell, axis), cell.row, cell.column)):
        start = getattr(cell, axis)
        if start > end or not groups:
            groups.append([])
        groups[-1].append(cell)
        end = max(end, start + getattr(cell, span))
    return groups
