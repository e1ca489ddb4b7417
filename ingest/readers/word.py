"""DOCX: paragraphs and tables in the order of the document, headings marked as in Markdown, merged cells whole."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.raw import RawDocument
from ingest.readers.errors import ReadError
from ingest.readers.stored import PlacedCell, StoredText

HEADING = re.compile(r"(?:heading|見出し)\s*(\d)", re.I)
# Deleted text of tracked changes, the reading above a word, and the second rendering of a drawing.
SKIPPED = frozenset({qn("w:del"), qn("w:rt"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})


def read_word(name: str, data: bytes) -> RawDocument:
    """Read a Word document (.docx)."""
    try:
        document = docx.Document(io.BytesIO(data))
        stored = StoredText(name, "docx", data)
        for item in document.iter_inner_content():
            if isinstance(item, Paragraph):
                _paragraph(stored, item)
            else:
                _table(stored, item)
    except ReadError:
        raise
    except Exception as error:
        # python-docx lets whatever lxml or zipfile met come through; any of it means a broken file.
        raise ReadError(
            f"Word 文書として読めません（{type(error).__name__}）", name, "Word で開いて保存し直してください"
        ) from None
    if not any(line.strip() for line in stored.lines):
        raise ReadError("文書に文字がありません", name, "画像だけの文書は、文字を含む形式で指定してください")
    return stored.finish()


def _text(element: Any) -> str:
    pieces: list[str] = []

    def walk(node: Any) -> None:
        for child in node:
            if child.tag in SKIPPED:
                continue
            if child.tag == qn("w:t"):
                pieces.append(child.text or "")
            elif child.tag == qn("w:tab"):
                pieces.append("\t")
            elif child.tag in (qn("w:br"), qn("w:cr")):
                pieces.append("\n")
            elif child.tag == qn("w:p"):
                pieces.append("\n")
                walk(child)
            elif child.tag != qn("w:tabs"):
                walk(child)

    walk(element)
    return "".join(pieces).strip("\n")


def _paragraph(stored: StoredText, paragraph: Paragraph) -> None:
    text = _text(paragraph._p)
    style = paragraph.style.name if paragraph.style is not None and paragraph.style.name else ""
    heading = HEADING.search(style)
    prefix = ""
    if heading and text.strip():
        prefix = "#" * max(1, min(6, int(heading[1]))) + " "
    elif style.lower() == "title" and text.strip():
        prefix = "# "
    elif text.strip() and paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None:
        prefix = "・"
    for line in text.split("\n"):
        stored.add_line((prefix + line.strip() if prefix else line).rstrip())
        prefix = ""


def _table(stored: StoredText, table: Table) -> None:
    context = stored.recent()
    placed: dict[int, PlacedCell] = {}
    n_columns = 0
    for row, tr in enumerate(table.rows):
        column = tr.grid_cols_before
        for tc in tr._tr.tc_lst:
            span = tc.grid_span
            if tc.vMerge == "continue":
                above = next(
                    (
                        key
                        for key, cell in placed.items()
                        if cell.column == column and cell.row + cell.row_span == row and cell.column_span == span
                    ),
                    None,
                )
                if above is not None:
                    cell = placed[above]
                    placed[above] = PlacedCell(cell.row, cell.column, cell.text, cell.row_span + 1, span)
            else:
                text = "\n".join(_text(p).strip() for p in tc.iterchildren() if p.tag in (qn("w:p"), qn("w:tbl")))
                placed[len(placed)] = PlacedCell(row, column, text.strip(), 1, span)
            column += span
        n_columns = max(n_columns, column)
    if any(cell.text for cell in placed.values()):
        stored.add_table(list(placed.values()), len(table.rows), n_columns, context)
        stored.add_line("")
