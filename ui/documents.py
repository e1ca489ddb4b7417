"""資料: what the corpus holds, what was read from it, where a document does not agree with itself, and trying one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from ingest.eras import fiscal_year_label
from ingest.sources import SourceFacts
from records import Document, Extraction, Figure, Indicator, Project, Section
from ui import engine
from ui.answer_table import written
from ui.export import CSV_MIME, csv_bytes
from ui.feedback import load_opinions, opinion_sheet
from ui.figure_frame import as_figure
from ui.holdings import part_name
from ui.page import draw_head, draw_html, escaped, plain
from ui.search import place_of
from ui.source_view import draw_lines, parse_line, place_name, rows_of, source_url
from ui.text import label
from ui.upload_facts import draw_facts_form

_LOG = logging.getLogger(__name__)
_WINDOW: Final = 300
_LONGEST_LINE: Final = 4000
UPLOAD_TYPES: Final = ("txt", "md", "html", "htm", "pdf", "xlsx", "xls", "docx", "csv", "tsv")


def draw() -> None:
    """Draw the page, at the view and the lines that the address names."""
    draw_head("page_documents", "documents_lead", wide=True)
    views = ["list", "document", "audit", "try", *(["feedback"] if engine.staff_mode() else [])]
    linked = (st.query_params.get("doc"), st.query_params.get("line"))
    if linked[0] and linked[0] not in engine.library().documents:
        st.warning(label("trouble_source"), icon=":material/info:")
    elif linked[0] and st.session_state.get("documents-linked") != linked:
        # A new address: it decides what is shown, until the reader chooses otherwise.
        st.session_state["documents-linked"] = linked
        st.session_state["documents-view"] = "document"
        st.session_state["documents-line"] = parse_line(linked[1] or "")
        st.session_state["documents-line-of"] = linked[0]
        st.session_state["documents-quote"] = ""
        st.session_state["documents-chosen"] = linked[0]
    st.session_state.setdefault("documents-view", "list")
    view = st.segmented_control(
        label("view"),
        views,
        required=True,
        format_func=lambda value: label(f"view_{value}"),
        key="documents-view",
        persist_state="page",
        label_visibility="collapsed",
    )
    if view == "document":
        _draw_document()
    elif view == "audit":
        _draw_audit()
    elif view == "try":
        _draw_try()
    elif view == "feedback":
        _draw_feedback()
    else:
        _draw_list()


# ---- what is held ----------------------------------------------------------------------------------------------------


def _draw_list() -> None:
    held = engine.library()
    documents = tuple(held.documents.values())
    st.subheader(label("holdings_matrix"), anchor=False)
    draw_matrix(documents)
    st.subheader(label("holdings_read"), anchor=False)
    readings = engine.readings()
    counts = {
        "projects": _count(p.document_id for p in held.projects.values() if p.kind != "sub_project"),
        "sub_projects": _count(p.document_id for p in held.projects.values() if p.kind == "sub_project"),
        "figures": _count(f.document_id for f in held.figures),
        "indicators": _count(i.document_id for i in held.indicators),
        "passages": _count(p.document_id for p in held.passages),
    }
    frame = pd.DataFrame(
        [
            {
                label("document"): d.title,
                label("ward"): place_of(d),
                **{label(key): found.get(d.document_id, 0) for key, found in counts.items()},
                label("read_at"): readings[d.document_id].read_at if d.document_id in readings else "",
                label("read_by"): readings[d.document_id].reader if d.document_id in readings else "",
                label("publisher"): d.publisher,
                label("licence"): d.licence,
                label("source_file"): d.file,
            }
            for d in documents
        ]
    )
    widths = {
        label("document"): st.column_config.TextColumn(width=320),
        label("read_by"): st.column_config.TextColumn(width=100),
    }
    st.dataframe(frame, hide_index=True, column_config=widths, alt=label("view_list"))


def _count(ids: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in ids:
        found[key] = found.get(key, 0) + 1
    return found


def draw_matrix(documents: Sequence[Document]) -> None:
    """Ward by year: the kinds of document held."""
    years = sorted({part.fiscal_year for d in documents for part in d.parts}, reverse=True)
    places = sorted({place_of(d) for d in documents})
    head = f'<th scope="col">{escaped(label("ward"))}</th>' + "".join(
        f'<th scope="col">{escaped(fiscal_year_label(year))}</th>' for year in years
    )
    body = []
    for place in places:
        cells = []
        for year in years:
            kinds = [
                (d.document_id, part) for d in documents for part in d.parts
                if place_of(d) == place and part.fiscal_year == year
            ]  # fmt: skip
            links = "<br>".join(
                f'<a href="{escaped(source_url(i, part.line_start, part.line_start))}" target="_self">'
                f"{escaped(part.kind)}</a>"
                for i, part in kinds
            )
            cells.append(f"<td>{links or '–'}</td>")
        body.append(f'<tr><th scope="row">{escaped(place)}</th>{"".join(cells)}</tr>')
    draw_html(
        f'<div class="kusei-scroll" tabindex="0" role="region" aria-label="{escaped(label("holdings_matrix"))}">'
        f'<table class="kusei-table"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


# ---- one document ----------------------------------------------------------------------------------------------------


def _draw_document() -> None:
    held = engine.library()
    ids = list(held.documents)
    chosen = st.selectbox(
        label("choose_document"),
        ids,
        format_func=lambda i: f"{place_of(held.documents[i])}　{held.documents[i].title}",
        placeholder=label("choose"),
        key="documents-chosen",
        persist_state="page",
    )
    if chosen is None:
        return
    draw_reading(engine.extraction(chosen), "documents")


def draw_reading(extraction: Extraction, prefix: str) -> None:
    """A document's text beside what was read from it; choosing a row marks its place in the text."""
    left, right = st.columns([1, 1], gap="medium")
    line_key, linked_key = f"{prefix}-line", f"{prefix}-line-of"
    if st.session_state.get(linked_key) not in (None, extraction.document.document_id):
        st.session_state[line_key] = None
    st.session_state[linked_key] = extraction.document.document_id
    with right:
        st.subheader(label("document_read"), anchor=False)
        _draw_extracted(extraction, prefix)
    with left:
        st.subheader(label("document_text"), anchor=False)
        _draw_text(extraction, prefix)


def _draw_text(extraction: Extraction, prefix: str) -> None:
    lines = tuple(
        line if len(line) <= _LONGEST_LINE * 10 else line[: _LONGEST_LINE * 10] + "…" for line in extraction.lines
    )
    document = extraction.document
    cited: tuple[int, int] | None = st.session_state.get(f"{prefix}-line")
    if cited is not None and cited[0] > len(lines):
        cited = None
    first = _window_start(lines, cited, st.session_state.get(f"{prefix}-first-{document.document_id}"))
    last = _window_end(lines, first)
    quote = st.session_state.get(f"{prefix}-quote", "") if cited else ""
    st.text(label("line_range", total=f"{len(lines):,}", first=f"{first:,}", last=f"{last:,}"))
    draw_lines(rows_of(lines, first, last, cited, quote), document.title, f"{prefix}-lines", 620)
    before, after = _window_before(lines, first), last + 1
    with st.container(horizontal=True, gap="small"):
        for name, start, off in (("previous_lines", before, first <= 1), ("next_lines", after, last >= len(lines))):
            st.button(
                label(name),
                key=f"{prefix}-{name}",
                disabled=off,
                on_click=_show_from,
                args=(prefix, document.document_id, start),
            )


def _show_from(prefix: str, document_id: str, first: int) -> None:
    st.session_state[f"{prefix}-first-{document_id}"] = first
    st.session_state[f"{prefix}-line"] = None


def _window_start(lines: Sequence[str], cited: tuple[int, int] | None, chosen: int | None) -> int:
    if cited is None:
        return min(max(1, chosen or 1), max(1, len(lines)))
    first, left = cited[0], _WINDOW // 3
    while first > 1 and left:
        first -= 1
        left -= bool(lines[first - 1].strip())
    return first


def _window_before(lines: Sequence[str], first: int) -> int:
    left = _WINDOW
    while first > 1 and left:
        first -= 1
        left -= bool(lines[first - 1].strip())
    return first


def _window_end(lines: Sequence[str], first: int) -> int:
    last, left = first, _WINDOW
    while last < len(lines) and left:
        last += 1
        left -= bool(lines[last - 1].strip())
    return max(last, 1)


def _draw_extracted(extraction: Extraction, prefix: str) -> None:
    document = extraction.document
    parts = "、".join(part_name(part) for part in document.parts)
    shown = [place_of(document), document.publisher, parts, document.licence]
    draw_html("".join(f'<p class="kusei-small">{escaped(fact)}</p>' for fact in shown if fact))
    names = {p.project_id: p.name for p in extraction.projects}
    tables: dict[str, tuple[list[dict[str, Any]], list[tuple[int, int, str]]]] = {
        "projects": _project_rows(extraction.projects, names),
        "figures": _figure_rows(extraction.figures, names),
        "indicators": _indicator_rows(extraction.indicators, names),
        "sections": _section_rows(extraction.sections),
    }
    tabs = [key for key, (rows, _) in tables.items() if rows]
    if tabs:
        chosen = st.segmented_control(
            label("document_read"),
            tabs,
            default=tabs[0],
            required=True,
            format_func=lambda key: f"{label(key)} {len(tables[key][0]):,}",
            key=f"{prefix}-table-{document.document_id}",
            label_visibility="collapsed",
        )
        rows, places = tables[chosen or tabs[0]]
        st.caption(label("document_row_hint"))
        key = f"{prefix}-rows-{chosen}-{document.document_id}"
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            height=460,
            key=key,
            on_select=lambda: _show_row(prefix, key, places),
            selection_mode="single-row",
            alt=label(chosen or tabs[0]),
        )
    for warning in extraction.warnings[:50]:
        st.warning(plain(warning), icon=":material/warning:")


def _show_row(prefix: str, key: str, places: Sequence[tuple[int, int, str]]) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    if chosen and chosen[0] < len(places):
        start, end, quote = places[chosen[0]]
        st.session_state[f"{prefix}-line"] = (start, end)
        st.session_state[f"{prefix}-quote"] = quote


_Rows = tuple[list[dict[str, Any]], list[tuple[int, int, str]]]


def _project_rows(projects: Sequence[Project], names: dict[str, str]) -> _Rows:
    rows = [
        {
            label("project"): p.name,
            label("kind"): label(f"kind_{p.kind}"),
            label("fiscal_year"): fiscal_year_label(p.fiscal_year),
            label("parent_project"): names.get(p.parent_id or "", ""),
            label("department"): "、".join(p.departments),
            label("pillar"): p.pillar or "",
        }
        for p in projects
    ]
    return rows, [(p.source.line_start, p.source.line_end, p.source.quote) for p in projects]


def _figure_rows(figures: Sequence[Figure], names: dict[str, str]) -> _Rows:
    rows = [
        {
            label("project"): names.get(f.project_id or "", f.section or ""),
            label("metric"): label(f"metric_{f.metric}"),
            label("value"): written(as_figure(f)),
            label("printed"): f.printed,
            label("label"): f.label,
            label("fiscal_year"): fiscal_year_label(f.fiscal_year),
        }
        for f in figures
    ]
    return rows, [(f.source.line_start, f.source.line_end, f.source.quote) for f in figures]


def _indicator_rows(indicators: Sequence[Indicator], names: dict[str, str]) -> _Rows:
    rows = [
        {
            label("indicator"): i.name,
            label("target"): i.target.printed if i.target else "",
            label("result"): i.result.printed if i.result else "",
            label("project"): names.get(i.project_id, ""),
        }
        for i in indicators
    ]
    return rows, [(i.source.line_start, i.source.line_end, i.source.quote) for i in indicators]


def _section_rows(sections: Sequence[Section]) -> _Rows:
    rows = [
        {label("section"): " > ".join(s.heading), label("project_text"): "".join(u.text for u in s.units)[:500]}
        for s in sections
    ]
    places = [(s.units[0].line_start, s.units[-1].line_end, "\n".join(u.text for u in s.units)) for s in sections]
    return rows, places


# ---- where a document does not agree with itself ---------------------------------------------------------------------


def _draw_audit() -> None:
    draw_html(f'<p class="kusei-lead">{escaped(label("audit_lead"))}</p>')
    findings = engine.findings()
    if not findings:
        st.success(label("audit_none"), icon=":material/check:")
        return
    titles = engine.titles()
    st.text(label("audit_count", count=len(findings)))
    items = []
    for finding in findings:
        links = "　".join(
            f'<a href="{escaped(source_url(document_id, start, end))}" target="_self">'
            f"{escaped(place_name(page, start, end))}</a>"
            for document_id, page, start, end in dict.fromkeys(
                (s.document_id, s.page, s.line_start, s.line_end) for s in finding.sources
            )
        )
        title = escaped(titles.get(finding.document_id, finding.document_id))
        items.append(
            f'<li>{escaped(finding.message)}<br><span class="kusei-small kusei-faint">{title}</span>　{links}</li>'
        )
    draw_html(f'<ol class="kusei-list">{"".join(items)}</ol>')


# ---- a document of the reader's own ----------------------------------------------------------------------------------


def _draw_try() -> None:
    staff = engine.staff_mode()
    draw_html(f'<p class="kusei-lead">{escaped(label("try_lead_staff" if staff else "try_lead"))}</p>')
    draw_html(f'<p class="kusei-small">{escaped(label("try_types"))}</p>')
    given = st.file_uploader(label("try_file"), type=list(UPLOAD_TYPES), key="try-file")
    if given is None:
        st.session_state.pop("try-upload", None)
        return
    held = st.session_state.get("try-upload")
    if held is None or held[0] != given.file_id:
        with st.spinner(label("try_reading")):
            held = (given.file_id, _read_or_message(given.name, given.getvalue()))
        st.session_state["try-upload"] = held
    upload = held[1]
    if isinstance(upload, str):
        st.error(plain(upload), icon=":material/error:")
        return
    if staff:
        facts = draw_facts_form(upload.extraction.document)
        if facts is not None:
            with st.spinner(label("try_adding")):
                problem = _add_or_message(given.name, given.getvalue(), facts)
            if problem:
                st.error(plain(problem), icon=":material/error:")
            else:
                st.success(label("try_added"), icon=":material/check:")
    st.subheader(label("try_found"), anchor=False)
    st.text(upload.extraction.document.title or given.name)
    draw_reading(upload.extraction, "try")


def _read_or_message(name: str, data: bytes) -> engine.Upload | str:
    try:
        return engine.read_upload(name, data)
    except engine.ReadError as error:
        return str(error)
    except Exception:
        _LOG.exception("reading an upload failed")
        return label("trouble_upload")


def _add_or_message(name: str, data: bytes, facts: SourceFacts) -> str | None:
    try:
        return engine.add_document(name, data, facts)
    except Exception:
        _LOG.exception("adding a document failed")
        return label("trouble_upload")


# ---- what users said -------------------------------------------------------------------------------------------------


def _draw_feedback() -> None:
    draw_html(f'<p class="kusei-lead">{escaped(label("feedback_lead"))}</p>')
    opinions = load_opinions(engine.feedback_path())
    if not opinions:
        st.info(label("feedback_none"), icon=":material/info:")
        return
    sheet = opinion_sheet(opinions)
    st.download_button(
        label("download_csv"),
        lambda: csv_bytes(sheet),
        "kusei-feedback.csv",
        CSV_MIME,
        icon=":material/download:",
        on_click="ignore",
    )
    st.dataframe(pd.DataFrame(sheet.rows, columns=list(sheet.columns)), hide_index=True, alt=label("view_feedback"))
