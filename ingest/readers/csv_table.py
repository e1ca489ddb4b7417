"""CSV and TSV: the lines stay as they are in the file, and blocks parted by empty records are tables."""

from __future__ import annotations

import csv
import io

from ingest.raw import RawCell, RawDocument, RawTable
from ingest.readers.errors import ReadError
from ingest.readers.text import read_text

MAX_COLUMNS = 2000


def read_csv(name: str, data: bytes) -> RawDocument:
    """Read comma- or tab-separated records in any encoding that the text reader knows."""
    raw = read_text(name, data, "csv")
    text = "\n".join(raw.lines)
    delimiter = _delimiter(raw.lines)
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    records: list[tuple[int, int, list[str]]] = []
    start = 1
    try:
        for record in reader:
            records.append((start, reader.line_num, record[:MAX_COLUMNS]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(
            f"CSV として読めません: {error}", f"{name} の {reader.line_num} 行目", "引用符の対応を確かめてください"
        ) from None
    tables: list[RawTable] = []
    block: list[tuple[int, int, list[str]]] = []
    context: tuple[str, ...] = ()
    for entry in [*records, (0, 0, [])]:
        if any(field.strip() for field in entry[2]):
            block.append(entry)
            continue
        if block:
            if max(sum(1 for field in record if field.strip()) for _, _, record in block) > 1:
                tables.append(_table(block, context))
            words = [field.strip() for _, _, record in block for field in record if field.strip()]
            context = tuple(words[:6]) if len(block) <= 3 else ()
            block = []
    return RawDocument(raw.file, "csv", raw.sha256, raw.lines, (), tuple(tables), raw.warnings)


def _delimiter(lines: tuple[str, ...]) -> str:
    sample = [line for line in lines[:200] if line.strip()]
    counts = {mark: sum(line.count(mark) for line in sample) for mark in ("\t", ",", ";")}
    if counts["\t"] >= len(sample) or counts["\t"] > counts[","]:
        return "\t"
    return ";" if counts[";"] > 3 * counts[","] else ","


def _table(block: list[tuple[int, int, list[str]]], context: tuple[str, ...]) -> RawTable:
    cells = tuple(
        RawCell(row, column, field.strip(), start, end)
        for row, (start, end, record) in enumerate(block)
        for column, field in enumerate(record)
        if field.strip()
    )
    return RawTable(cells, len(block), max(len(record) for _, _, record in block), None, context)
