"""The generic understanding of any municipality's documents: by their headings, never by document."""

from __future__ import annotations

from ingest.raw import RawDocument, RawTable
from ingest.reading import Reading
from ingest.tables.aligned import find_aligned_tables
from ingest.tables.books import find_book_pages
from ingest.tables.budget_forms import find_budget_forms
from ingest.tables.facts import Facts, Proposed, propose_facts
from ingest.tables.grids import explains
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
    if raw.format in ("text", "markdown", "pdf"):
        covered = {
            n for found in tables.values() for t in found for c in t.cells for n in range(c.line_start, c.line_end + 1)
        }
        for page in find_book_pages(raw.lines) if raw.format == "text" else ():
            covered.update(range(page.first - 8, page.last + 1))
        for sheet in sheets:
            covered.update(range(sheet.first, sheet.last + 1))
        forms = find_budget_forms(raw.lines) if raw.format == "text" else []
        for table in forms:
            covered.update(range(table.cells[0].line_start, max(cell.line_end for cell in table.cells) + 1))
        for table in (*forms, *find_aligned_tables(raw.lines, covered)):
            if explains(recorder, table):
                tables.setdefault(min(cell.line_start for cell in table.cells), []).append(table)
    skipped = {number for sheet in sheets for number in range(sheet.first, sheet.last + 1)}
    for sheet in sheets:
        read_sheet(recorder, sheet)
    tables = {line: found for line, found in tables.items() if line not in skipped}
    Walker(recorder, tables, skipped).walk()
