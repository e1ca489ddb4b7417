"""An Answer as the contract's JSON document; other programs read these names."""

from __future__ import annotations

from typing import Any

from answer.ledger import Ledger
from answer.types import Answer, Computation
from ingest.as_json import figure_json, plain_number, source_json
from records import Figure, Hit


def answer_json(answer: Answer, ledger: Ledger) -> dict[str, Any]:
    """The contract of `python -m answer --json`; money is yen in digits, rates are percent."""
    return {
        "question": answer.question,
        "interpreted": answer.interpreted,
        "status": answer.status,
        "reason": answer.reason,
        "text": answer.text,
        "figures": [_figure(figure, ledger) for figure in answer.figures],
        "computation": _computation(answer.computation),
        "passages": [_hit(hit, ledger) for hit in answer.hits],
        "warnings": list(answer.warnings),
        "suggestions": list(answer.suggestions),
        "elapsed_ms": round(answer.elapsed_ms, 1),
        **answer.extra,
    }


def _figure(figure: Figure, ledger: Ledger) -> dict[str, Any]:
    """One figure of the contract; a printed total has its row's name as `project`."""
    content = figure_json(figure, ledger.documents[figure.document_id], ledger.projects)
    section = content.pop("section")
    return content | {"project": content["project"] or section}


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
        result = {"value": plain_number(computation.value), "unit": computation.unit}
    return {
        "operation": computation.operation,
        "description": computation.description,
        "considered": computation.considered,
        "matched": computation.matched,
        "excluded": [{"project": e.project, "why": e.why} for e in computation.excluded],
        "result": result,
    }
