"""An Answer as the contract's JSON document; other programs read these names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from answer.ledger import Ledger
from answer.types import Answer, Computation
from records import Figure, Hit, Source


def answer_json(answer: Answer, ledger: Ledger) -> dict[str, Any]:
    """The contract of `python -m answer --json`; money is yen in digits, rates are percent."""
    return {
        "question": answer.question,
        "interpreted": answer.interpreted,
        "status": answer.status,
        "reason": answer.reason,
        "text": answer.text,
        "figures": [figure_json(figure, ledger) for figure in answer.figures],
        "computation": _computation(answer.computation),
        "passages": [_hit(hit, ledger) for hit in answer.hits],
        "warnings": list(answer.warnings),
        "suggestions": list(answer.suggestions),
        "elapsed_ms": round(answer.elapsed_ms, 1),
        **answer.extra,
    }


def figure_json(figure: Figure, ledger: Ledger) -> dict[str, Any]:
    """One figure of the contract; a printed total has its row's name as `project`."""
    document = ledger.documents[figure.document_id]
    project = ledger.projects.get(figure.project_id) if figure.project_id else None
    parent = ledger.projects.get(project.parent_id) if project and project.parent_id else None
    departments = project.departments if project else ()
    if not departments and parent:
        departments = parent.departments
    return {
        "figure_id": figure.figure_id,
        "project": project.name if project else figure.section,
        "parent_project": parent.name if parent else None,
        "municipality": document.municipality,
        "ward": document.ward,
        "fiscal_year": figure.fiscal_year,
        "metric": figure.metric,
        "label": figure.label,
        "value": _digits(figure.value),
        "unit": figure.unit,
        "phase": figure.phase,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
        "printed": figure.printed,
        "departments": list(departments),
        "source": source_json(figure.source),
    }


def source_json(source: Source) -> dict[str, Any]:
    """Where something stands: document, file, page, 1-based lines and the characters there."""
    return {
        "document_id": source.document_id,
        "file": source.file,
        "page": source.page,
        "line_start": source.line_start,
        "line_end": source.line_end,
        "quote": source.quote,
    }


def _hit(hit: Hit, ledger: Ledger) -> dict[str, Any]:
    passage = hit.passage
    document = ledger.documents[passage.document_id]
    project = ledger.projects.get(passage.project_id) if passage.project_id else None
    sub_project = ledger.projects.get(passage.sub_project_id) if passage.sub_project_id else None
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "passage_id": passage.passage_id,
        "project": project.name if project else None,
        "sub_project": sub_project.name if sub_project else None,
        "heading": passage.heading,
        "municipality": document.municipality,
        "ward": document.ward,
        "fiscal_year": passage.fiscal_year,
        "text": passage.text,
        "source": source_json(passage.source),
    }


def _computation(computation: Computation | None) -> dict[str, Any] | None:
    if computation is None:
        return None
    result = None
    if computation.value is not None:
        result = {"value": _digits(computation.value), "unit": computation.unit}
    return {
        "operation": computation.operation,
        "description": computation.description,
        "considered": computation.considered,
        "matched": computation.matched,
        "excluded": [{"project": e.project, "why": e.why} for e in computation.excluded],
        "result": result,
    }


def _digits(value: Decimal) -> str:
    return format(value.normalize() if value == value.to_integral_value() else value, "f")
