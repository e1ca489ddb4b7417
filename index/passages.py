"""Sections -> passages: what retrieval returns, each of one project at most, small enough to be embedded whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.eras import fiscal_year_label
from records import Document, Extraction, Part, Passage, Project, Section, Source, TextUnit

MAX_CHARACTERS = 600
"""Of a passage's text. With its heading this stays inside the 512 pieces that e5 reads."""


def build_passages(extractions: Sequence[Extraction]) -> tuple[Passage, ...]:
    """The passages of every document, in the documents' order."""
    return tuple(passage for extraction in extractions for passage in _passages(extraction))


def embedded_text(passage: Passage) -> str:
    """What is embedded and indexed: heading and text."""
    return f"{passage.heading}\n{passage.text}"


def _passages(extraction: Extraction) -> Iterable[Passage]:
    document = extraction.document
    projects = {project.project_id: project for project in extraction.projects}
    parts = {part.index: part for part in document.parts}
    for section in extraction.sections:
        heading = _heading(document, parts.get(section.part_index), section, projects)
        for number, units in enumerate(_windows(section.units)):
            yield Passage(
                passage_id=f"{section.section_id}w{number + 1}",
                document_id=section.document_id,
                fiscal_year=section.fiscal_year,
                part_index=section.part_index,
                project_id=section.project_id,
                sub_project_id=section.sub_project_id,
                heading=heading,
                text="\n".join(unit.text for unit in units),
                units=units,
                source=_source(extraction, units),
            )


def _heading(document: Document, part: Part | None, section: Section, projects: dict[str, Project]) -> str:
    place = document.municipality + (document.ward or "")
    kind = part.kind if part else document.title
    names = [
        projects[project_id].name
        for project_id in (section.project_id, section.sub_project_id)
        if project_id and project_id in projects
    ]
    trail = list(section.heading)
    for name in names:
        if not any(name in heading for heading in trail):
            trail.append(name)
    return " ".join(part for part in (place, fiscal_year_label(section.fiscal_year), kind, "＞".join(trail)) if part)


def _windows(units: tuple[TextUnit, ...]) -> Iterable[tuple[TextUnit, ...]]:
    """Runs of whole units of about equal length, none above `MAX_CHARACTERS` unless a single unit is."""
    total = sum(len(unit.text) for unit in units)
    if total <= MAX_CHARACTERS:
        yield units
        return
    goal = total / -(-total // MAX_CHARACTERS)
    window: list[TextUnit] = []
    length = 0
    for unit in units:
        if window and (length + len(unit.text) > MAX_CHARACTERS or length + len(unit.text) / 2 > goal):
            yield tuple(window)
            window, length = [], 0
        window.append(unit)
        length += len(unit.text)
    if window:
        yield tuple(window)


def _source(extraction: Extraction, units: tuple[TextUnit, ...]) -> Source:
    start = min(unit.line_start for unit in units)
    end = max(unit.line_end for unit in units)
    lines = (line.strip() for line in extraction.lines[start - 1 : end])
    return Source(
        document_id=extraction.document.document_id,
        file=extraction.document.file,
        page=None,
        line_start=start,
        line_end=end,
        quote="\n".join(line for line in lines if line),
    )
