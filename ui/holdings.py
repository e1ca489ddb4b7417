"""What the corpus holds, as a table of ward, year, kind and document."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.eras import fiscal_year_label
from records import Document
from ui.answer_table import phase_name
from ui.page import draw_html, escaped
from ui.text import label


def draw_holdings(documents: Sequence[Document]) -> None:
    """One row for each part of each document, by place and year; a click opens the document there."""
    parts = [(document, part) for document in documents for part in document.parts]
    parts.sort(key=lambda pair: (pair[0].municipality, pair[0].ward or "", -pair[1].fiscal_year, pair[1].index))
    rows = []
    for document, part in parts:
        day = part.as_of.isoformat() if part.as_of else None
        href = f"documents?doc={escaped(document.document_id)}&amp;line={part.line_start}"
        rows.append(
            f'<tr><td class="nowrap">{escaped(document.municipality)}{escaped(document.ward or "")}</td>'
            f'<td class="nowrap">{escaped(fiscal_year_label(part.fiscal_year))}</td>'
            f"<td>{escaped(part.kind)}<br>{escaped(phase_name(part.phase, day))}</td>"
            f'<td><a href="{href}" target="_self">{escaped(document.title)}</a></td></tr>'
        )
    head = "".join(f'<th scope="col">{escaped(label(key))}</th>' for key in ("ward", "fiscal_year", "kind", "document"))
    draw_html(
        f'<div class="kusei-scroll" tabindex="0" role="region" aria-label="{escaped(label("ask_holdings"))}">'
        f'<table class="kusei-table"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )
