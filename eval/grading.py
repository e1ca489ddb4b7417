"""One answer against one question's gold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eval.metrics import contains, name_key, same_number, set_scores
from eval.questions import GoldFigure, GoldPassage, Question

# A rate or a share is told with one decimal, a mean in yen to the yen (or the thousand, as the tables do).
TOLERANCES = {"percent": Decimal("0.051"), "yen": Decimal(1), "projects": Decimal(0)}
EVIDENCE_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was right and wrong; `passed` is everything right. `problems` are what a person reads first.

    `wrong_number`: an "answered" that shows a figure or a result which the gold does not have, the worst case.
    `precision` and `recall` are of the figures, None where figures are not compared.
    """

    passed: bool
    status: bool
    reason: bool
    figures: bool | None
    result: bool | None
    text: bool | None
    evidence: bool | None
    warned: bool | None
    precision: float | None
    recall: float | None
    wrong_number: bool
    problems: tuple[str, ...]


def grade(question: Question, answer: Mapping[str, Any]) -> Verdict:
    """Compare an answer (the JSON of the contract) with the gold."""
    problems: list[str] = []
    status = answer.get("status") in question.statuses
    if not status:
        problems.append(
            f"status {answer.get('status')} ({answer.get('reason')}), expected {'|'.join(question.statuses)}"
        )
    reason = not question.reasons or answer.get("status") != "not_found" or answer.get("reason") in question.reasons
    if not reason:
        problems.append(f"reason {answer.get('reason')}, expected {'|'.join(question.reasons)}")

    got = list(answer.get("figures") or ())
    refused = question.statuses == ("not_found",)
    wrong_number = False
    figures: bool | None = None
    precision = recall = None
    if refused:
        wrong_number = answer.get("status") == "answered" and bool(got)
    elif question.match != "none":
        figures, precision, recall, extra, missing = _compare_figures(question, got)
        wrong_number = bool(extra) and answer.get("status") == "answered" and question.exhaustive
        if missing:
            problems.append("missing: " + "; ".join(missing[:8]))
        if extra:
            problems.append(("extra: " if question.exhaustive else "also: ") + "; ".join(extra[:8]))

    result: bool | None = None
    if question.result is not None:
        result = _result_right(question, answer)
        if not result:
            computed = ((answer.get("computation") or {}).get("result") or {}).get("value")
            problems.append(f"result {computed}, expected {'|'.join(question.result.values)} {question.result.unit}")
            wrong_number = wrong_number or (answer.get("status") == "answered" and computed is not None)

    text: bool | None = None
    if question.text_contains:
        said = str(answer.get("text") or "")
        absent = [wanted for wanted in question.text_contains if not contains(said, wanted)]
        text = not absent
        if absent:
            problems.append("text lacks: " + ", ".join(absent))

    evidence: bool | None = None
    if question.passages and answer.get("status") != "not_found":
        evidence = any(
            overlaps(source, gold)
            for source in evidence_sources(answer)[: EVIDENCE_DEPTH + len(got)]
            for gold in question.passages
        )
        if not evidence:
            first = evidence_sources(answer)[:1]
            problems.append(f"no source on the lines expected; first is {_place(first[0]) if first else 'none'}")

    warned: bool | None = None
    if question.warning:
        warned = bool(answer.get("warnings"))
        if not warned:
            problems.append("no warning that the source does not agree with itself")

    checks = (status, reason, figures, result, text, evidence, warned)
    return Verdict(
        passed=all(check is not False for check in checks),
        status=status,
        reason=reason,
        figures=figures,
        result=result,
        text=text,
        evidence=evidence,
        warned=warned,
        precision=precision,
        recall=recall,
        wrong_number=wrong_number,
        problems=tuple(problems),
    )


def evidence_sources(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Sources of the figures, then of the passages, in the order of the answer."""
    figures = [figure["source"] for figure in answer.get("figures") or () if figure.get("source")]
    passages = [passage["source"] for passage in answer.get("passages") or () if passage.get("source")]
    return figures + passages


def overlaps(source: Mapping[str, Any], gold: GoldPassage) -> bool:
    """Whether a source shares a line with a gold passage."""
    return (
        source.get("document_id") == gold.document_id
        and int(source["line_start"]) <= gold.line_end
        and int(source["line_end"]) >= gold.line_start
    )


def gold_ranking(passages: Sequence[GoldPassage], sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ranking as ids for the measures: "g0" for the first hit of gold passage 0, "x3" for anything else at rank 3.

    A second hit on the same gold passage counts as something else: it fills a place without adding to the answer.
    """
    ids: list[str] = []
    for rank, source in enumerate(sources):
        found = [f"g{n}" for n, gold in enumerate(passages) if overlaps(source, gold) and f"g{n}" not in ids]
        ids.append(found[0] if found else f"x{rank}")
    return ids


def figure_matches(gold: GoldFigure, got: Mapping[str, Any], names: bool = True) -> bool:
    """Whether a figure of an answer is the gold one: year, metric, value, and the project with its parent."""
    if got.get("fiscal_year") != gold.fiscal_year or got.get("metric") not in gold.metrics:
        return False
    if not any(same_number(value, got.get("value")) for value in gold.values):
        return False
    if not names or gold.project is None:
        return True
    if name_key(gold.project) not in (name_key(got.get("project")), name_key(got.get("label"))):
        return False
    return gold.parent_project is None or name_key(gold.parent_project) == name_key(got.get("parent_project"))


def _compare_figures(
    question: Question, got: Sequence[Mapping[str, Any]]
) -> tuple[bool, float, float, list[str], list[str]]:
    if question.match == "projects":
        want = {_project_key(f.project, f.parent_project) for f in question.figures}
        # A gold figure that names no parent is content with any.
        loose = {project for project, parent in want if not parent}
        allowed = {name_key(f.project) for f in question.allowed}
        have = {_project_key(f.get("project"), f.get("parent_project")) for f in got}
        have = {(project, "") if project in loose else (project, parent) for project, parent in have}
        have = {pair for pair in have if pair in want or pair[0] not in allowed}
        extra = [f"{parent}/{project}" if parent else project for project, parent in sorted(have - want)]
        missing = [f"{parent}/{project}" if parent else project for project, parent in sorted(want - have)]
        precision, recall = set_scores(want, have)
    else:
        names = question.match != "values"
        left = list(got)
        missing = []
        found = 0
        for gold in question.figures:
            index = next((i for i, figure in enumerate(left) if figure_matches(gold, figure, names)), None)
            if index is None:
                missing.append(f"{gold.project} {gold.fiscal_year} {'|'.join(gold.metrics)} {'|'.join(gold.values)}")
            else:
                left.pop(index)
                found += 1
        left = [figure for figure in left if not any(figure_matches(gold, figure, names) for gold in question.allowed)]
        extra = [f"{f.get('project')} {f.get('fiscal_year')} {f.get('metric')} {f.get('value')}" for f in left]
        precision = found / (found + len(left)) if found + len(left) else 1.0
        recall = found / len(question.figures) if question.figures else 1.0
    right = not missing and (not extra or not question.exhaustive)
    return right, precision, recall, extra, missing


def _project_key(project: str | None, parent: str | None) -> tuple[str, str]:
    return name_key(project), name_key(parent)


def _result_right(question: Question, answer: Mapping[str, Any]) -> bool:
    assert question.result is not None
    unit = question.result.unit
    tolerance = TOLERANCES.get(unit, Decimal(0))
    computation = answer.get("computation") or {}
    candidates: list[object] = [(computation.get("result") or {}).get("value")]
    if unit == "projects":
        candidates.append(computation.get("matched"))
    else:
        # A printed total answers "what is the sum" as a figure, without a computation; a difference is told with or
        # without its sign.
        candidates += [figure.get("value") for figure in answer.get("figures") or ()]
    for value in question.result.values:
        if any(same_number(str(abs(Decimal(value))), _absolute(candidate), tolerance) for candidate in candidates):
            return True
        if unit == "percent" and contains(str(answer.get("text") or ""), f"{value}%|{value}パーセント"):
            return True
    return False


def _absolute(value: object) -> str | None:
    return None if value is None else str(value).removeprefix("-")


def _place(source: Mapping[str, Any]) -> str:
    return f"{source.get('document_id')}:{source.get('line_start')}-{source.get('line_end')}"
