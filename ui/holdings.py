"""What the corpus holds, document by document, with the years and kinds that each covers."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.eras import fiscal_year_label
from records import Document, Part
from ui.answer_table import phase_name
from ui.page import draw_html, escaped
from ui.text import label


def part_name(part: Part) -> str:
    """A part as readers say it: year, kind, and phase where the kind does not say it already."""
    phase = phase_name(part.phase, part.as_of.isoformat() if part.as_of else None)
    said = part.kind.replace("総括説明書", "") in phase or phase in part.kind
    plain = phase.replace("（", "・").rstrip("）")
    return f"{fiscal_year_label(part.fiscal_year)} {part.kind}{'' if said else f'（{plain}）'}"


def draw_holdings(documents: Sequence[Document]) -> None:
    """One entry for each document, by place; a click opens it."""
    entries = []
    for document in sorted(documents, key=lambda d: (d.municipality, d.ward or "")):
        parts = "、".join(part_name(part) for part in document.parts)
        href = f"documents?doc={escaped(document.document_id)}"
        entries.append(
            f'<li><span class="place">{escaped(document.municipality)}{escaped(document.ward or "")}</span>'
            f'<a href="{href}" target="_self">{escaped(document.title)}</a>'
            f'<span class="parts">{escaped(parts)}</span></li>'
        )
    name = escaped(label("ask_holdings"))
    draw_html(f'<ul class="kusei-holdings" aria-label="{name}">{"".join(entries)}</ul>')
