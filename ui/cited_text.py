"""Draws an answer with its numbered source marks, and the button that copies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import streamlit as st

from ui.marks import Citation, CitedText, Run
from ui.page import draw_html, escaped
from ui.source_view import place_name, source_url
from ui.text import label

_HERE: Final = Path(__file__).parent
_SHOWN_SOURCES: Final = 5
_BULLETS: Final = "・-–"

_COPY = st.components.v2.component(
    "kusei_copy_button",
    css=(_HERE / "copy_button.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy_button.js").read_text(encoding="utf-8"),
)
_SCROLL = st.components.v2.component("kusei_scroll", js=(_HERE / "scroll.js").read_text(encoding="utf-8"))


def draw_cited_text(cited: CitedText, titles: Mapping[str, str]) -> None:
    """Draw the text and its list of sources; each mark and each source is a link to its lines."""
    draw_html(answer_html(cited, titles))


def answer_html(cited: CitedText, titles: Mapping[str, str]) -> str:
    """The text as paragraphs and lists with its marks, then the sources; every value in it is escaped."""
    citations = {citation.number: citation for citation in cited.citations}
    out = ['<div class="kusei-answer">']
    for is_list, lines in groupby(cited.lines, key=_is_bullet):
        items = [_line_html(line, citations, titles) for line in lines if line]
        if is_list:
            out.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
        else:
            out += [f"<p>{item}</p>" for item in items]
    out.append("</div>")
    if cited.citations:
        out.append(f'<section class="kusei-sources" aria-label="{escaped(label("sources"))}">')
        out.append(f'<div class="kusei-sources-title">{escaped(label("sources"))}</div>')
        out.append(_sources_html(cited.citations[:_SHOWN_SOURCES], titles))
        rest = cited.citations[_SHOWN_SOURCES:]
        if rest:
            more = escaped(label("sources_more", count=len(rest)))
            out.append(f"<details><summary>{more}</summary>{_sources_html(rest, titles)}</details>")
        out.append("</section>")
    return "".join(out)


def _is_bullet(line: Sequence[Run]) -> bool:
    return bool(line) and line[0].text.lstrip().startswith(tuple(_BULLETS))


def _line_html(line: Sequence[Run], citations: Mapping[int, Citation], titles: Mapping[str, str]) -> str:
    out = []
    for place, run in enumerate(line):
        if run.number is not None:
            citation = citations[run.number]
            name = escaped(label("source_open", number=run.number, place=_place(citation, titles)))
            out.append(
                f'<a class="kusei-source kusei-mark" href="{escaped(_url(citation))}" aria-label="{name}"'
                f' title="{name}">{run.number}</a>'
            )
            continue
        bullet = place == 0 and _is_bullet(line)
        text = escaped(run.text.lstrip().lstrip(_BULLETS).lstrip() if bullet else run.text)
        out.append(f"<strong>{text}</strong>" if run.strong else text)
    return "".join(out)


def _sources_html(citations: Sequence[Citation], titles: Mapping[str, str]) -> str:
    out = []
    # Sources of one document stand together under its title.
    for document_id, group in groupby(citations, key=lambda citation: citation.document_id):
        held = list(group)
        out.append(f'<div class="kusei-document">{escaped(titles.get(document_id, held[0].file))}</div><ul>')
        for c in held:
            subject = f"<strong>{escaped(c.subject)}</strong>" if c.subject else ""
            where = escaped(place_name(c.page, c.line_start, c.line_end))
            out.append(
                f'<li><a class="kusei-source" href="{escaped(_url(c))}"><span class="kusei-number">{c.number}</span>'
                f"{subject}<span>{where}</span></a></li>"
            )
        out.append("</ul>")
    return "".join(out)


def _place(citation: Citation, titles: Mapping[str, str]) -> str:
    where = place_name(citation.page, citation.line_start, citation.line_end)
    return f"{titles.get(citation.document_id, citation.file)} {where}"


def _url(citation: Citation) -> str:
    return source_url(citation.document_id, citation.line_start, citation.line_end)


def scroll_to(target: str) -> None:
    """Bring the container with this key to the top of the window, once."""
    with st.container(key=f"scroll-{target}", height=1, border=False):
        _SCROLL(key=f"{target}-scroll", data={"target": target}, height=1)


def draw_copy_button(text: str, key: str) -> None:
    """A button that puts the text on the clipboard, and says that it has."""
    _draw_copy(key, {"text": text, "label": label("copy")})


def draw_link_button(query: str, key: str) -> None:
    """A button that puts this page's address with the query on the clipboard."""
    _draw_copy(key, {"query": query, "label": label("copy_link")})


def _draw_copy(key: str, data: Mapping[str, str]) -> None:
    said = {"copied": label("copied"), "failed": label("copy_failed")}
    _COPY(key=key, data={**data, **said}, width="content", height=40)
