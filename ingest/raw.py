"""What a reader hands on: the stored text of a file, line by line, and the ruled tables it could see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell of a table: 0-based row and column of its upper left corner, spans, text and stored lines."""

    row: int
    column: int
    text: str
    line_start: int
    line_end: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table that the file format itself delimits (a sheet, an HTML or Word table, ruled lines on a PDF page).

    `context` is the text around it that may carry a title, a year or a unit ("（単位：千円）").
    """

    cells: tuple[RawCell, ...]
    n_rows: int
    n_columns: int
    page: int | None
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The stored text of a file.

    `lines` are what every Source points into (1-based elsewhere); `pages` gives the 1-based page of each line, or is
    empty where the format has none. `format` is "text", "markdown", "html", "pdf", "xlsx", "docx", "csv".
    """

    file: str
    format: str
    sha256: str
    lines: tuple[str, ...]
    pages: tuple[int, ...]
    tables: tuple[RawTable, ...]
    warnings: tuple[str, ...]
