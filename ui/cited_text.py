"""Draws an answer with its numbered source marks, and the button that copies it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from ui.marks import CitedText
from ui.source_view import place_name, source_url
from ui.text import label

_HERE: Final = Path(__file__).parent
_SHOWN_SOURCES: Final = 5

_TEXT = st.components.v2.component(
    "kusei_cited_text",
    css=(_HERE / "cited_text.css").read_text(encoding="utf-8"),
    js=(_HERE / "cited_text.js").read_text(encoding="utf-8"),
)
_COPY = st.components.v2.component(
    "kusei_copy_button",
    css=(_HERE / "copy_button.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy_button.js").read_text(encoding="utf-8"),
)


def draw_cited_text(cited: CitedText, titles: Mapping[str, str], key: str, scroll_to: str | None = None) -> int | None:
    """Draw the text and its list of sources; gives the number of a source that the reader has just opened.

    `scroll_to` is the key of the container to bring to the top of the window, once.
    """
    sources = []
    for citation in cited.citations:
        where = place_name(citation.page, citation.line_start, citation.line_end)
        title = titles.get(citation.document_id, citation.file)
        sources.append(
            {
                "number": citation.number,
                "subject": citation.subject,
                "title": title,
                "place": where,
                "open": label("source_open", number=citation.number, place=f"{title} {where}"),
                "href": source_url(citation.document_id, citation.line_start, citation.line_end),
            }
        )
    result = _TEXT(
        key=key,
        data={
            "lines": [
                [{"text": run.text, "strong": run.strong, "number": run.number} for run in line] for line in cited.lines
            ],
            "sources": sources,
            "shown": _SHOWN_SOURCES,
            "scroll": scroll_to,
            "labels": {
                "sources": label("sources"),
                "more": label("sources_more", count=max(0, len(sources) - _SHOWN_SOURCES)),
            },
        },
        on_opened_change=lambda: None,
    )
    opened = result.get("opened")
    return int(opened) if opened is not None else None


def draw_copy_button(text: str, key: str) -> None:
    """A button that puts the text on the clipboard, and says that it has."""
    _COPY(
        key=key,
        data={"text": text, "label": label("copy"), "copied": label("copied"), "failed": label("copy_failed")},
        width="content",
    )
