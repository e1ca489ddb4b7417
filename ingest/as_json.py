"""What `--json` prints of an Extraction: the contract of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ingest.indicator_facts import indicator_kind, indicator_phases
from records import Document, Extraction, Figure, Indicator, Measure, Project, Source


def plain_number(value: Decimal) -> str:
    """Digits without exponent or needless zeros.

    >>> plain_number(Decimal("12182000")), plain_number(Decimal("96.60")), plain_number(Decimal("1E+3"))
    ('12182000', '96.6', '1000')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def source_json(source: Source) -> dict[str, Any]:
    """Where something stands."""
    return {
        "document_id": source.document_id,
        "file": source.file,
        "page": source.page,
        "line_start": source.line_start,
        "line_end": source.line_end,
        "quote": source.quote,
    }


def figure_json(figure: Figure, document: Document, projects: Mapping[str, Project]) -> dict[str, Any]:
    """One figure; `projects` maps ids to projects. A row of totals has its name under "section".

    A sub-project without departments of its own has those of the project that it belongs to.
    """
    project = projects.get(figure.project_id) if figure.project_id else None
    parent = projects.get(project.parent_id) if project and project.parent_id else None
    departments = project.departments if project else ()
    if not departments and parent:
        departments = parent.departments
    return {
        "figure_id": figure.figure_id,
        "project": project.name if project else None,
        "parent_project": parent.name if parent else None,
        "section": figure.section,
        "municipality": document.municipality,
        "ward": document.ward,
        "fiscal_year": figure.fiscal_year,
        "metric": figure.metric,
        "label": figure.label,
        "value": plain_number(figure.value),
        "unit": figure.unit,
        "phase": figure.phase,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
        "printed": figure.printed,
        "departments": list(departments),
        "source": source_json(figure.source),
    }


def indicator_json(indicator: Indicator, projects: Mapping[str, Project]) -> dict[str, Any]:
    """One 事業指標; target and result are digits, or null where they are words or absent; its kind if one is told."""
    project = projects[indicator.project_id]
    parent = projects.get(project.parent_id) if project.parent_id else None
    stated = indicator.target or indicator.result
    kind = indicator_kind(indicator)
    return {
        "project": project.name,
        "parent_project": parent.name if parent else None,
        "fiscal_year": indicator.fiscal_year,
        "name": indicator.name,
        "target": _digits(indicator.target),
        "target_printed": indicator.target.printed if indicator.target else None,
        "result": _digits(indicator.result),
        "result_printed": indicator.result.printed if indicator.result else None,
        "unit": next((each.unit for each in (indicator.target, indicator.result) if each and each.unit), None)
        if stated
        else None,
        "source": source_json(indicator.source),
        **({"kind": kind} if kind else {}),
    }


def _digits(measure: Measure | None) -> str | None:
    return plain_number(measure.value) if measure and measure.value is not None else None


def project_json(project: Project, projects: Mapping[str, Project]) -> dict[str, Any]:
    """One 事業 or 細事業."""
    parent = projects.get(project.parent_id) if project.parent_id else None
    return {
        "name": project.name,
        "code": project.code,
        "pillar": project.pillar,
        "category": project.category,
        "kind": project.kind,
        "departments": list(project.departments),
        "fiscal_year": project.fiscal_year,
        "parent": parent.name if parent else None,
        "listed": project.listed,
        "source": source_json(project.source),
    }


def document_json(document: Document) -> dict[str, Any]:
    """The document and its parts."""
    return {
        "document_id": document.document_id,
        "file": document.file,
        "title": document.title,
        "publisher": document.publisher,
        "municipality": document.municipality,
        "municipality_code": document.municipality_code,
        "ward": document.ward,
        "ward_code": document.ward_code,
        "licence": document.licence,
        "sha256": document.sha256,
        "parts": [
            {
                "fiscal_year": part.fiscal_year,
                "kind": part.kind,
                "phase": part.phase,
                "as_of": part.as_of.isoformat() if part.as_of else None,
                "line_start": part.line_start,
                "line_end": part.line_end,
            }
            for part in document.parts
        ],
    }


def _indicator_figures(extraction: Extraction, projects: Mapping[str, Project]) -> list[dict[str, Any]]:
    """Targets and results of indicators in the shape of figures."""
    document = extraction.document
    parts = {part.fiscal_year: part for part in document.parts}
    phases = indicator_phases(extraction.indicators, extraction.figures, document.parts)
    found = []
    for indicator in extraction.indicators:
        project = projects[indicator.project_id]
        parent = projects.get(project.parent_id) if project.parent_id else None
        part = parts.get(indicator.fiscal_year)
        phase = phases[indicator.indicator_id]
        for metric, measure in (("indicator_target", indicator.target), ("indicator_result", indicator.result)):
            if measure is None or measure.value is None:
                continue
            found.append(
                {
                    "figure_id": f"{indicator.indicator_id}/{metric.removeprefix('indicator_')}",
                    "project": project.name,
                    "parent_project": parent.name if parent else None,
                    "section": None,
                    "municipality": document.municipality,
                    "ward": document.ward,
                    "fiscal_year": indicator.fiscal_year,
                    "metric": metric,
                    "label": indicator.name,
                    "value": plain_number(measure.value),
                    "unit": measure.unit,
                    "phase": phase,
                    "as_of": part.as_of.isoformat() if part and part.as_of and part.phase == phase else None,
                    "printed": measure.printed,
                    "departments": list(project.departments),
                    "source": source_json(measure.source),
                }
            )
    return found


def extraction_json(extraction: Extraction) -> dict[str, Any]:
    """The whole of `extract --json`; a second print of a figure stands under "also_printed", never among "figures"."""
    projects = {project.project_id: project for project in extraction.projects}
    document = extraction.document
    return {
        "document": document_json(document),
        "projects": [project_json(project, projects) for project in extraction.projects],
        "figures": [figure_json(f, document, projects) for f in extraction.figures if f.primary]
        + _indicator_figures(extraction, projects),
        "also_printed": [figure_json(f, document, projects) for f in extraction.figures if not f.primary],
        "indicators": [indicator_json(indicator, projects) for indicator in extraction.indicators],
        "warnings": list(extraction.warnings),
    }
