"""Questions with gold: one JSON object a line, in eval/questions/<split>_<topic>.jsonl.

Gold was written by reading the documents, not by running the program. In `value`, `metric`, `status`, `reason` and each
of `text_contains`, "|" separates forms that are equally right (a total printed in yen and in thousand yen).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from eval.errors import EvalError

QUESTIONS = Path(__file__).resolve().parent / "questions"

Split = Literal["dev", "held_back"]
Match = Literal["figures", "projects", "values", "none"]

# Families whose answer is a passage: retrieval is measured on these.
RETRIEVAL_FAMILIES = ("descriptive", "descriptive_other", "fact")

STATUSES = {"answered", "not_found", "ambiguous"}
REASONS = {"no_document", "no_figure", "not_settled", "out_of_scope", "ambiguous"}
MATCHES = {"figures", "projects", "values", "none"}


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """A figure that the answer must hold; `project` None where the document gives it no project name."""

    project: str | None
    parent_project: str | None
    fiscal_year: int
    metrics: tuple[str, ...]
    values: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class GoldPassage:
    """Lines of a document (1-based, both included) that answer; grade 2 answers, grade 1 is about the same thing."""

    document_id: str
    line_start: int
    line_end: int
    grade: int


@dataclass(frozen=True, slots=True)
class GoldResult:
    """What a computation must come to."""

    values: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold.

    `match` says what of `figures` is compared: "figures" all of a figure, "projects" the set of projects only (where
    several metrics would answer), "values" year, metric and value (names of totals differ), "none" nothing.
    `exhaustive`: anything beyond `figures` and `allowed` is wrong.
    """

    question_id: str
    family: str
    question: str
    history: tuple[str, ...]
    statuses: tuple[str, ...]
    reasons: tuple[str, ...]
    figures: tuple[GoldFigure, ...]
    allowed: tuple[GoldFigure, ...]
    exhaustive: bool
    match: Match
    result: GoldResult | None
    passages: tuple[GoldPassage, ...]
    text_contains: tuple[str, ...]
    warning: bool
    split: Split
    note: str


def question_files(splits: Sequence[Split] = ("dev",), folder: Path = QUESTIONS) -> list[Path]:
    """The question files of the splits, in a stable order."""
    files = [path for split in splits for path in sorted(folder.glob(f"{split}_*.jsonl"))]
    if not files:
        raise EvalError(f"no question files ({', '.join(f'{s}_*.jsonl' for s in splits)}) in {folder}")
    return files


def load_questions(files: Iterable[Path]) -> list[Question]:
    """Read and check question files; an error names the file and the line."""
    questions: list[Question] = []
    seen: dict[str, str] = {}
    for path in files:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise EvalError(f"cannot read {path}: {error.strerror}. Give a .jsonl file of questions") from error
        except UnicodeDecodeError as error:
            raise EvalError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from error
        split: Split = "held_back" if path.name.startswith("held_back") else "dev"
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                question = parse_question(json.loads(line), split)
            except (ValueError, KeyError, TypeError) as error:
                raise EvalError(f"{place}: not a question: {error!r}") from error
            if question.question_id in seen:
                raise EvalError(f"{place}: id {question.question_id} is already in {seen[question.question_id]}")
            seen[question.question_id] = place
            questions.append(question)
    return questions


def parse_question(raw: dict[str, Any], split: Split = "dev") -> Question:
    """One question from its JSON object; ValueError names what is wrong with it."""
    statuses = tuple(str(raw.get("status") or "answered").split("|"))
    reasons = tuple(str(raw["reason"]).split("|")) if raw.get("reason") else ()
    figures = tuple(_figure(item) for item in raw.get("figures") or ())
    match = raw.get("match") or ("figures" if figures else "none")
    for names, known in ((statuses, STATUSES), (reasons, REASONS), ((match,), MATCHES)):
        unknown = set(names) - known
        if unknown:
            raise ValueError(f"unknown {', '.join(sorted(unknown))}: one of {', '.join(sorted(known))}")
    result = raw.get("result")
    return Question(
        question_id=str(raw["id"]),
        family=str(raw.get("family") or "other"),
        question=str(raw["question"]),
        history=tuple(raw.get("history") or ()),
        statuses=statuses,
        reasons=reasons,
        figures=figures,
        allowed=tuple(_figure(item) for item in raw.get("allowed") or ()),
        exhaustive=bool(raw.get("exhaustive", True)),
        match=cast(Match, match),
        result=GoldResult(tuple(str(result["value"]).split("|")), str(result["unit"])) if result else None,
        passages=tuple(
            GoldPassage(str(p["document"]), int(p["line_start"]), int(p["line_end"]), int(p.get("grade", 2)))
            for p in raw.get("passages") or ()
        ),
        text_contains=tuple(raw.get("text_contains") or ()),
        warning=bool(raw.get("warning", False)),
        split=split,
        note=str(raw.get("note") or ""),
    )


def _figure(raw: dict[str, Any]) -> GoldFigure:
    return GoldFigure(
        project=raw.get("project"),
        parent_project=raw.get("parent_project"),
        fiscal_year=int(raw["fiscal_year"]),
        metrics=tuple(str(raw["metric"]).split("|")),
        values=tuple(str(raw["value"]).split("|")),
        unit=str(raw.get("unit") or ""),
    )
