"""What a member of the staff says of a document before it is kept: whose it is, of which year, and of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st

from ingest.eras import fiscal_year_label
from ingest.sources import PartFacts, SourceFacts
from ingest.tables.facts import KINDS, is_place, phase_of_kind
from records import Document, Part
from ui.page import plain
from ui.text import label

_FIRST_YEAR: Final = 1989


@dataclass(frozen=True, slots=True)
class PartGiven:
    """The year and kind that somebody chose for a part; None where nothing was chosen."""

    fiscal_year: int | None
    kind: str | None


def facts_from(
    title: str, municipality: str, ward: str, parts: Sequence[PartGiven], read: Sequence[Part]
) -> tuple[SourceFacts | None, list[str]]:
    """The facts to keep, or what is still missing, in sentences for the reader.

    A part whose kind stays as it was read keeps its phase and its day; another kind brings its own phase.
    """
    missing = []
    if not municipality.strip():
        missing.append(label("facts_need_municipality"))
    if not parts or any(part.fiscal_year is None for part in parts):
        missing.append(label("facts_need_year"))
    if not parts or any(not (part.kind or "").strip() for part in parts):
        missing.append(label("facts_need_kind"))
    if missing:
        return None, missing
    given = []
    for at, part in enumerate(parts):
        assert part.fiscal_year is not None
        assert part.kind is not None
        before = read[at] if at < len(read) else None
        same = before is not None and before.kind == part.kind
        given.append(
            PartFacts(
                part.fiscal_year,
                part.kind.strip(),
                before.phase if before and same else phase_of_kind(part.kind),
                before.as_of if before and same else None,
            )
        )
    facts = SourceFacts(
        title=title.strip() or None,
        municipality=municipality.strip(),
        ward=ward.strip() or None,
        parts=tuple(given),
    )
    return facts, []


def draw_facts_form(document: Document) -> SourceFacts | None:
    """Ask for the facts of a document, filled in as far as its text tells; gives them when they are handed in whole."""
    key = f"facts-{document.document_id}"
    with st.form(key):
        st.subheader(label("facts_head"), anchor=False)
        st.text(label("facts_lead"))
        title = st.text_input(label("facts_title"), document.title, max_chars=200, key=f"{key}-title")
        left, right = st.columns(2)
        municipality = left.text_input(
            label("facts_municipality"), document.municipality, max_chars=40, key=f"{key}-municipality"
        )
        ward = right.text_input(
            label("facts_ward"), document.ward or "", max_chars=40, help=label("facts_ward_help"), key=f"{key}-ward"
        )
        shown = document.parts or (None,)
        parts = [_draw_part(key, at, part, numbered=len(shown) > 1) for at, part in enumerate(shown)]
        handed_in = st.form_submit_button(label("try_add"), icon=":material/library_add:", type="primary")
    if not handed_in:
        return None
    facts, missing = facts_from(title, municipality, ward, parts, document.parts)
    for sentence in missing:
        st.error(plain(sentence), icon=":material/error:")
    if facts is not None and not is_place(municipality.strip(), ward.strip() or None):
        st.warning(plain(label("facts_unknown_place", place=f"{municipality}{ward}")), icon=":material/warning:")
    return facts


def _draw_part(key: str, at: int, part: Part | None, *, numbered: bool) -> PartGiven:
    left, right = st.columns(2)
    number = f"（{at + 1}）" if numbered else ""
    read = part.fiscal_year if part and part.fiscal_year else None
    years = sorted({*range(_FIRST_YEAR, date.today().year + 3), *([read] if read else [])}, reverse=True)
    year = left.selectbox(
        label("facts_year") + number,
        years,
        index=years.index(read) if read else None,
        format_func=lambda value: f"{fiscal_year_label(value)}（{value}）",
        placeholder=label("choose"),
        key=f"{key}-year-{at}",
    )
    kinds = list(dict.fromkeys((*([part.kind] if part else []), *(kind for _, kind, _ in KINDS))))
    kind = right.selectbox(
        label("facts_kind") + number,
        kinds,
        index=0 if part else None,
        accept_new_options=True,
        placeholder=label("choose_or_write"),
        key=f"{key}-kind-{at}",
    )
    return PartGiven(year, kind)
