"""The generic understanding of any municipality's documents: by their headings, never by document."""

from __future__ import annotations

from ingest.raw import RawDocument, RawTable
from ingest.reading import Reading
from ingest.tables.facts import Facts, Proposed, propose_facts
from ingest.tables.lists import Walker
from ingest.tables.marked import find_marked_tables
from ingest.tables.recorder import Recorder
from ingest.tables.sheets import find_sheets, read_sheet

__all__ = ["Facts", "Proposed", "propose_facts", "read_generic"]


def read_generic(reading: Reading, raw: RawDocument) -> None:
    """Read projects, figures, indicators and text of any document into `reading`.

    Parts are those of `reading.document`; where it has none, one is proposed from the text and set there.
    """
    recorder = Recorder(reading, raw)
    marked = find_marked_tables(raw.lines) if raw.format in ("text", "markdown") else []
    tables: dict[int, list[RawTable]] = {}
    for table in (*raw.tables, *marked):
        if table.cells:
            tables.setdefault(min(cell.line_start for cell in table.cells), []).append(table)
    sheets = find_sheets(raw.lines)
    skipped = {number for sheet in sheets for number in range(sheet.first, sheet.last + 1)}
    for sheet in sheets:
        read_sheet(recorder, sheet)
    tables = {line: found for line, found in tables.items() if line not in skipped}
    Walker(recorder, tables, skipped).walk()
