"""Stored text in the making: lines are added one after another, and tables remember which lines hold their cells."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.raw import RawCell, RawDocument, RawTable

# A line break inside a Japanese phrase carries no space; between two Latin words it does.
LATIN_BREAK = re.compile(r"(?<=[A-Za-z0-9,.])\s*\n\s*(?=[A-Za-z])")
BREAK = re.compile(r"\s*\n\s*")
KEPT_BREAK = re.compile(
    r"(?<=円)\s*\n\s*(?=[▲△\-]?[\d０-９])|(?<=[\d０-９％%])\s*\n\s*(?=[▲△(（\d０-９])|\s*\n\s*(?=[・○●※])"
)
SPACES = re.compile(r"[ \t\xa0]+")


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """One cell of a table before it has lines: 0-based place, spans, text."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


def one_line(text: str) -> str:
    """The text of a cell or paragraph as it would be read aloud, on one line; numbers and bullets stay apart.

    >>> one_line("災害に強い\\n区づくり"), one_line("Wi-Fi\\nspot"), one_line("千円\\n1,459")
    ('災害に強い区づくり', 'Wi-Fi spot', '千円 1,459')
    """
    text = KEPT_BREAK.sub(" ", text.strip())
    return SPACES.sub(" ", BREAK.sub("", LATIN_BREAK.sub(" ", text.strip()))).strip()


class StoredText:
    """Collects the lines and tables of one file."""

    def __init__(self, file: str, format: str, data: bytes) -> None:
        self.file = file
        self.format = format
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.lines: list[str] = []
        self.pages: list[int] = []
        self.tables: list[RawTable] = []
        self.warnings: list[str] = []

    def add_line(self, text: str, page: int | None = None) -> int:
        """Add one line and give its 1-based number."""
        self.lines.append(text)
        if page is not None:
            self.pages.append(page)
        return len(self.lines)

    def add_table(
        self, cells: Sequence[PlacedCell], n_rows: int, n_columns: int, context: Sequence[str] = ()
    ) -> RawTable:
        """Add a table: each row becomes one stored line of its cells, parted by tabs; a spanning cell prints once."""
        by_row: dict[int, list[PlacedCell]] = {}
        for cell in cells:
            by_row.setdefault(cell.row, []).append(cell)
        line_of: dict[int, int] = {}
        for row in range(n_rows):
            texts = [""] * n_columns
            for cell in by_row.get(row, []):
                texts[cell.column] = one_line(cell.text).replace("\t", " ")
            line_of[row] = self.add_line("\t".join(texts).rstrip("\t"))
        table = RawTable(
            tuple(
                RawCell(
                    cell.row,
                    cell.column,
                    cell.text.strip(),
                    line_of[cell.row],
                    line_of[cell.row],
                    cell.row_span,
                    cell.column_span,
                )
                for cell in sorted(cells, key=lambda cell: (cell.row, cell.column))
                if cell.text.strip()
            ),
            n_rows,
            n_columns,
            None,
            tuple(context),
        )
        self.tables.append(table)
        return table

    def recent(self, count: int = 4) -> tuple[str, ...]:
        """The last lines that are not blank: the title and unit above a table that comes next."""
        return tuple([line.strip() for line in self.lines[-12:] if line.strip()][-count:])

    def finish(self) -> RawDocument:
        """The document of everything added."""
        return RawDocument(
            self.file,
            self.format,
            self.sha256,
            tuple(self.lines),
            tuple(self.pages),
            tuple(self.tables),
            tuple(self.warnings),
        )
