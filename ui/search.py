"""事業をさがす: projects by words and facets, and a page for each project."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, Final

import streamlit as st

from ingest.eras import fiscal_year_label
from records import Document, Figure, Project, SearchScope, Source, TextUnit
from ui import engine
from ui.answer_table import phase_name, written, year_name
from ui.facets import Facet, draw_facets, narrowed
from ui.figure_frame import as_figure
from ui.page import draw_head, draw_html, escaped, plain
from ui.source_view import draw_source, place_name
from ui.text import label

_PAGE: Final = 20
_NEAR: Final = 10
_SNIPPET: Final = 130


def draw() -> None:
    """Draw the page: the results, or the project that the address names."""
    project_id = st.query_params.get("project")
    if project_id:
        _draw_project(project_id)
        return
    draw_head("page_search", "search_lead")
    held = engine.library()
    words = st.text_input(
        label("search_words"), placeholder=label("search_placeholder"), key="search-words", persist_state="session"
    )
    with_subs = st.toggle(label("search_sub_projects"), key="search-subs", persist_state="session")
    projects = [p for p in held.projects.values() if not p.container and (with_subs or p.kind != "sub_project")]
    facets = _facets(held.documents)
    projects = narrowed(projects, facets, draw_facets(projects, facets, "search"))
    terms = words.split()
    exact = [p for p in projects if all(holds(p, term) for term in terms)]
    snippets: dict[str, str] = {}
    near: list[Project] = []
    if terms and projects:
        found = _search(words, projects)
        snippets = dict(found)
        rank = {project_id: place for place, (project_id, _) in enumerate(found)}
        exact.sort(key=lambda p: (not all(term in p.name for term in terms), rank.get(p.project_id, len(rank))))
        named = {p.project_id for p in exact}
        by_id = {p.project_id: p for p in projects}
        near = [by_id[i] for i, _ in found if i not in named and i in by_id][:_NEAR]
    if not exact and not near:
        st.info(label("search_none"), icon=":material/info:")
        return
    if exact:
        st.subheader(label("search_count", count=len(exact)), anchor=False)
    shown = st.session_state.get("search-shown", {}).get(words, _PAGE)
    for project in exact[:shown]:
        _draw_result(project, held.documents[project.document_id], terms, snippets.get(project.project_id, ""))
    if len(exact) > shown and st.button(label("search_more"), key="search-more"):
        st.session_state["search-shown"] = {words: shown + _PAGE}
        st.rerun()
    if near:
        st.subheader(label("search_near"), anchor=False)
        for project in near:
            _draw_result(project, held.documents[project.document_id], terms, snippets.get(project.project_id, ""))


def _facets(documents: Any) -> tuple[Facet[Project], ...]:
    return (
        Facet("municipality", lambda p: (documents[p.document_id].municipality,)),
        Facet("ward", lambda p: (place_of(documents[p.document_id]),)),
        Facet("fiscal_year", lambda p: (year_name(p.fiscal_year),)),
        Facet("document", lambda p: (documents[p.document_id].title,)),
        Facet("department", lambda p: p.departments),
        Facet("pillar", lambda p: (p.pillar or "",)),
    )


def place_of(document: Document) -> str:
    """The municipality and ward of a document in one word, so that wards of one name stay apart."""
    return f"{document.municipality}{document.ward or ''}"


def _search(words: str, projects: Sequence[Project]) -> list[tuple[str, str]]:
    # A search within a parent's passages finds its sub-projects' text too.
    ids = tuple(p.project_id for p in projects)
    everything = len(ids) == len(engine.library().projects)
    return engine.search(words, 60, SearchScope() if everything else SearchScope(project_ids=ids))


def holds(project: Project, term: str) -> bool:
    """Whether the project says the term, in its name, its text or its departments."""
    wanted = _fold(term)
    whole = engine.project_texts().get(project.project_id) or project.text
    return any(wanted in _fold(text) for text in (project.name, whole, *project.departments))


def _fold(text: str) -> str:
    """Width and case made alike, character by character, so that places in the text stay the same."""
    return "".join(_fold_one(character) for character in text)


@cache
def _fold_one(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character


def highlighted(text: str, terms: Sequence[str]) -> str:
    """The text as HTML, with every occurrence of a term marked and everything else escaped.

    >>> highlighted("<b>防災</b>訓練", ["防災"])
    '&lt;b&gt;<mark>防災</mark>&lt;/b&gt;訓練'
    """
    spans: list[tuple[int, int]] = []
    folded = _fold(text)
    for term in filter(None, map(_fold, terms)):
        at = folded.find(term)
        while at >= 0:
            spans.append((at, at + len(term)))
            at = folded.find(term, at + len(term))
    out, place = [], 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        start = max(start, place)
        out += [escaped(text[place:start]), "<mark>", escaped(text[start:end]), "</mark>"]
        place = end
    return "".join([*out, escaped(text[place:])])


def snippet(text: str, terms: Sequence[str]) -> str:
    """A stretch of the text around the first term, or its beginning."""
    flat = " ".join(text.split())
    folded = _fold(flat)
    places = [folded.find(_fold(term)) for term in terms]
    at = min((place for place in places if place >= 0), default=0)
    start = max(0, at - 40)
    cut = flat[start : start + _SNIPPET]
    return f"{'…' if start else ''}{cut}{'…' if start + _SNIPPET < len(flat) else ''}"


def _draw_result(project: Project, document: Document, terms: Sequence[str], passage: str) -> None:
    with st.container(border=True, gap="small", key=f"result-{project.project_id.replace('/', '-')}"):
        whole = engine.project_texts().get(project.project_id) or project.text
        text = whole if any(_fold(t) in _fold(whole) for t in terms) else passage or whole
        facts = [
            place_of(document),
            year_name(project.fiscal_year),
            "、".join(project.departments),
            project.pillar or "",
        ]
        parent = engine.library().projects.get(project.parent_id) if project.parent_id else None
        if parent is not None:
            facts.insert(0, parent.name)
        st.page_link(
            st.session_state["pages"]["search"],
            label=plain(project.name),
            query_params={"project": project.project_id},
        )
        draw_html(
            f'<p class="kusei-small kusei-faint">{"　｜　".join(escaped(fact) for fact in facts if fact)}</p>'
            f'<p class="kusei-small">{highlighted(snippet(text, terms), terms)}</p>'
        )


def _draw_project(project_id: str) -> None:
    draw_head("page_search", "search_lead")
    held = engine.library()
    st.page_link(st.session_state["pages"]["search"], label=label("search_back"), icon=":material/arrow_back:")
    project = held.projects.get(project_id)
    if project is None:
        st.info(label("project_missing"), icon=":material/info:")
        return
    document = held.documents[project.document_id]
    part = next((p for p in document.parts if p.index == project.part_index), None)
    day = part.as_of.isoformat() if part and part.as_of else None
    st.header(plain(project.name), anchor=False)
    _draw_facts(
        {
            "ward": place_of(document),
            "fiscal_year": year_name(project.fiscal_year),
            "phase": phase_name(part.phase, day) if part else "",
            "kind": label(f"kind_{project.kind}"),
            "department": "、".join(project.departments),
            "pillar": project.pillar or "",
            "category": project.category or "",
            "document": document.title,
        }
    )
    with st.container(horizontal=True, gap="small"):
        st.page_link(
            st.session_state["pages"]["documents"],
            label=label("open_in_document"),
            icon=":material/description:",
            query_params={
                "doc": project.document_id,
                "line": f"{project.source.line_start}-{project.source.line_end}",
            },
        )
        st.page_link(
            st.session_state["pages"]["ask"],
            label=label("ask_about"),
            icon=":material/forum:",
            query_params={"q": f"{place_of(document)}の{project.name}について教えてください"},
        )
    st.subheader(label("project_figures"), anchor=False)
    figures = [f for f in held.figures if f.project_id == project_id and f.primary]
    if figures:
        draw_table(
            ("metric", "value", "printed", "source"),
            [
                (
                    metric_name(f),
                    written(as_figure(f)),
                    f.printed,
                    source_link(f.source),
                )
                for f in figures
            ],
            numbers=(1,),
        )
    else:
        st.caption(label("no_figures"))
    _draw_text(project)
    _draw_subs(project, held.projects.values())
    indicators = [i for i in held.indicators if i.project_id == project_id]
    if indicators:
        st.subheader(label("project_indicators"), anchor=False)
        draw_table(
            ("indicator", "target", "result", "source"),
            [
                (
                    i.name,
                    i.target.printed if i.target else "",
                    i.result.printed if i.result else "",
                    source_link(i.source),
                )
                for i in indicators
            ],
        )
    _draw_history(project)
    with st.expander(label("source"), icon=":material/description:"):
        source = project.source
        draw_source(
            {"page": source.page, "line_start": source.line_start, "line_end": source.line_end, "quote": source.quote},
            document,
            engine.lines(document.document_id),
            "project-source",
        )


def metric_name(figure: Figure) -> str:
    """The metric's name, with the words printed beside the figure where the metric alone does not tell."""
    name = label(f"metric_{figure.metric}")
    return f"{name}：{figure.label}" if figure.metric in ("count", "other") and figure.label else name


def _draw_facts(values: dict[str, str]) -> None:
    items = "".join(
        f"<div><dt>{escaped(label(key))}</dt><dd>{escaped(value)}</dd></div>" for key, value in values.items() if value
    )
    draw_html(f'<dl class="kusei-facts">{items}</dl>')


def _draw_text(project: Project) -> None:
    held = engine.library()
    body = []
    mine = [s for s in held.sections if project.project_id in (s.project_id, s.sub_project_id)]
    # The project's own words first, then those of each sub-project under its name.
    mine.sort(key=lambda s: s.sub_project_id not in (None, project.project_id))
    for section in mine:
        under = section.heading[-1] if section.heading else ""
        if section.sub_project_id not in (None, project.project_id):
            under = held.projects[section.sub_project_id].name
        if under and under not in (project.name, project.pillar):
            body.append(f'<p class="kusei-sub">{escaped(under)}</p>')
        body.append(units_html([u for u in section.units if u.text not in (under, project.name)]))
    if not body and project.text:
        body = [f'<p class="kusei-small">{escaped(line)}</p>' for line in project.text.splitlines() if line.strip()]
    if body:
        st.subheader(label("project_text"), anchor=False)
        draw_html("".join(body))


def units_html(units: Sequence[TextUnit]) -> str:
    """Sentences and headings as paragraphs, bullets as a list."""
    out: list[str] = []
    for is_list, run in groupby(units, key=lambda unit: unit.kind == "bullet"):
        if is_list:
            items = "".join(f"<li>{escaped(unit.text.lstrip('・ '))}</li>" for unit in run)
            out.append(f'<ul class="kusei-bullets">{items}</ul>')
        else:
            out += [f'<p class="kusei-small">{escaped(unit.text)}</p>' for unit in run]
    return "".join(out)


def _draw_subs(project: Project, projects: Any) -> None:
    subs = [p for p in projects if p.parent_id == project.project_id]
    if not subs:
        return
    st.subheader(f"{label('project_subs')}（{len(subs)}）", anchor=False)
    figures: dict[str, dict[str, Figure]] = {}
    for figure in engine.library().figures:
        if figure.primary and figure.project_id:
            figures.setdefault(figure.project_id, {}).setdefault(figure.metric, figure)
    metrics = [
        m
        for m in ("budget", "settled", "executed", "difference")
        if any(m in figures.get(sub.project_id, {}) for sub in subs)
    ]
    rows = []
    for sub in subs:
        held = figures.get(sub.project_id, {})
        amounts = tuple(written(as_figure(held[m])) if m in held else "" for m in metrics)
        link = f'<a href="search?project={escaped(sub.project_id)}" target="_self">{escaped(sub.name)}</a>'
        rows.append((Html(link), *amounts, source_link(sub.source)))
    draw_table(
        ("project", *(f"metric_{m}" for m in metrics), "source"), rows, numbers=tuple(range(1, len(metrics) + 1))
    )


def _draw_history(project: Project) -> None:
    entries = engine.history(project.project_id)
    st.subheader(label("project_history"), anchor=False)
    if len(entries) < 2:
        st.caption(label("no_history"))
        return
    rows = []
    for entry in entries:
        held = {f.metric: f for f in reversed(entry.figures)}
        spent = held.get("settled") or held.get("executed")
        is_this = entry.project.project_id == project.project_id
        name = escaped(entry.project.name)
        if not is_this:
            name = f'<a href="search?project={escaped(entry.project.project_id)}" target="_self">{name}</a>'
        rows.append(
            (
                year_name(entry.fiscal_year),
                Html(name),
                label("relation_this") if is_this else label(f"relation_{entry.relation}"),
                written(as_figure(held["budget"])) if "budget" in held else "",
                f"{written(as_figure(spent))}（{label(f'metric_{spent.metric}')}）" if spent else "",
                written(as_figure(held["execution_rate"])) if "execution_rate" in held else "",
            )
        )
    draw_table(
        ("fiscal_year", "project", "relation", "metric_budget", "spent", "metric_execution_rate"),
        rows,
        numbers=(3, 4, 5),
    )
    told = []
    for entry in entries:
        said = [] if entry.project.project_id == project.project_id else [entry.evidence]
        said += entry.changes
        if said:
            items = "".join(f"<li>{escaped(sentence)}</li>" for sentence in said)
            heading = f"{fiscal_year_label(entry.fiscal_year)}　{entry.project.name}"
            told.append(f'<p class="kusei-sub">{escaped(heading)}</p><ul class="kusei-bullets">{items}</ul>')
    if told:
        with st.expander(label("history_evidence"), icon=":material/history:"):
            draw_html("".join(told))


class Html(str):
    """Characters that are already HTML of ours."""


def source_link(source: Source) -> Html:
    """A link to the lines of a source."""
    line = f"{source.line_start}-{source.line_end}"
    href = f"documents?doc={escaped(source.document_id)}&amp;line={line}"
    where = place_name(source.page, source.line_start, source.line_end)
    return Html(f'<a href="{href}" target="_self">{escaped(where)}</a>')


def draw_table(keys: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
    """A small table for reading; every cell is escaped but those that are `Html`."""
    head = "".join(
        f"<th scope=col{' class=number' if i in numbers else ''}>{escaped(label(key))}</th>"
        for i, key in enumerate(keys)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=number' if i in numbers else ''}>{cell if isinstance(cell, Html) else escaped(cell)}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    name = escaped("・".join(label(key) for key in keys))
    draw_html(
        f'<div class="kusei-scroll" tabindex="0" role="region" aria-label="{name}">'
        f'<table class="kusei-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
