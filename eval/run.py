"""A run: every question asked, graded, timed, and written with its scores to one file."""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from eval.ablation import passage_scores
from eval.grading import Verdict, grade
from eval.metrics import Estimate, bootstrap
from eval.questions import RETRIEVAL_FAMILIES, Question
from eval.refusal import Asked, best_threshold, refusal_at, refusal_curve

Ask = Callable[[str, Sequence[str]], dict[str, Any]]
Lines = Callable[[str], Sequence[str]]
Answerable = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One question with the answer it got (the JSON of the contract), its verdict, and the milliseconds it took.

    `unsupported` counts the figures whose printed characters do not stand on the lines that they cite.
    """

    question: Question
    answer: dict[str, Any]
    verdict: Verdict
    elapsed_ms: float
    unsupported: int


@dataclass(frozen=True, slots=True)
class Run:
    """All predictions of a run, with what the retrieval thought of each question's chances."""

    predictions: tuple[Prediction, ...]
    asked: tuple[Asked, ...]
    ablation: Mapping[str, Mapping[str, Mapping[str, float]]]

    def of_split(self, split: str) -> list[Prediction]:
        return [p for p in self.predictions if p.question.split == split]

    @property
    def splits(self) -> list[str]:
        present = {p.question.split for p in self.predictions}
        return [split for split in ("dev", "held_back") if split in present]


def run_questions(
    questions: Sequence[Question],
    ask: Ask,
    lines: Lines,
    answerable: Answerable | None = None,
) -> Run:
    """Ask every question in turn; a crash of the engine is a failed question, not the end of the run."""
    predictions = []
    asked = []
    shown = time.monotonic()
    for number, question in enumerate(questions, start=1):
        started = time.perf_counter()
        try:
            answer = ask(question.question, question.history)
        except Exception as error:  # the run goes on; the question is told to have crashed
            answer = {"status": "crashed", "reason": f"{type(error).__name__}: {error}", "text": "", "figures": []}
        elapsed_ms = (time.perf_counter() - started) * 1000
        predictions.append(
            Prediction(question, answer, grade(question, answer), elapsed_ms, _unsupported(answer, lines))
        )
        held = is_held(question)
        if answerable is not None and held is not None and not question.history:
            asked.append(Asked(question.question_id, answerable(question.question), held))
        if time.monotonic() - shown > 2:
            shown = time.monotonic()
            print(f"{number}/{len(questions)} questions", file=sys.stderr)
    return Run(tuple(predictions), tuple(asked), {})


def family_scores(predictions: Iterable[Prediction]) -> dict[str, Estimate]:
    """Share of questions with everything right, by family, in the order of the questions."""
    by_family: dict[str, list[float]] = {}
    for prediction in predictions:
        by_family.setdefault(prediction.question.family, []).append(float(prediction.verdict.passed))
    return {family: bootstrap(values) for family, values in by_family.items()}


def overall_scores(predictions: Sequence[Prediction]) -> dict[str, Estimate]:
    """The measures over all questions that each of them applies to."""
    verdicts = [p.verdict for p in predictions]

    def share(name: str) -> Estimate:
        values = [getattr(verdict, name) for verdict in verdicts]
        return bootstrap([float(value) for value in values if value is not None])

    listed = [p.verdict for p in predictions if len(p.question.figures) > 1 and p.verdict.recall is not None]
    refusals = [p for p in predictions if p.question.statuses == ("not_found",)]
    return {
        "all right": share("passed"),
        "status": share("status"),
        "reason (refusals)": bootstrap([float(p.verdict.status and p.verdict.reason) for p in refusals]),
        "figures exact": share("figures"),
        "list precision": bootstrap([float(v.precision) for v in listed if v.precision is not None]),
        "list recall": bootstrap([float(v.recall) for v in listed if v.recall is not None]),
        "result value": share("result"),
        "text holds": share("text"),
        "evidence lines": share("evidence"),
        "warned": share("warned"),
        "wrong number shown": share("wrong_number"),
        "unsupported citation": bootstrap([float(p.unsupported > 0) for p in predictions]),
    }


def retrieval_scores(predictions: Sequence[Prediction]) -> dict[str, Estimate]:
    """Passage measures over the descriptive and factual questions, as the answers gave their passages."""
    wanted = [p for p in predictions if p.question.family in RETRIEVAL_FAMILIES]
    found = {p.question.question_id: [passage["source"] for passage in p.answer.get("passages") or ()] for p in wanted}
    scores = passage_scores([p.question for p in wanted], found)
    return {name: bootstrap(list(by_question.values())) for name, by_question in scores.items()}


def refusal_scores(predictions: Sequence[Prediction]) -> dict[str, float | int]:
    """Precision and recall of `not_found` as the whole system decided it."""
    said = [p for p in predictions if p.answer.get("status") == "not_found"]
    due = [p for p in predictions if p.question.statuses == ("not_found",)]
    rightly = sum("not_found" in p.question.statuses for p in said)
    found = sum(p.answer.get("status") == "not_found" for p in due)
    return {
        "precision": round(rightly / len(said), 4) if said else 1.0,
        "recall": round(found / len(due), 4) if due else 1.0,
        "refused": len(said),
        "due": len(due),
    }


def timing(predictions: Sequence[Prediction]) -> dict[str, float]:
    """Milliseconds a question: median, 95th percentile, and the slowest."""
    times = [p.elapsed_ms for p in predictions]
    p95 = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    return {"median_ms": round(median(times), 1), "p95_ms": round(p95, 1), "max_ms": round(max(times), 1)}


def run_json(run: Run, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Scores and predictions together, so that a score can always be traced to the answers it came from."""
    scores: dict[str, Any] = {}
    for split in run.splits:
        predictions = run.of_split(split)
        scores[split] = {
            "questions": len(predictions),
            "overall": {name: estimate.as_json() for name, estimate in overall_scores(predictions).items()},
            "families": {name: estimate.as_json() for name, estimate in family_scores(predictions).items()},
            "retrieval": {name: estimate.as_json() for name, estimate in retrieval_scores(predictions).items()},
            "refusal": refusal_scores(predictions),
            "time": timing(predictions),
        }
    return {
        "facts": dict(facts),
        "scores": scores,
        "answerable": _answerable_json(run),
        "ablation": {
            row: {name: bootstrap(list(values.values())).as_json() for name, values in measures.items()}
            for row, measures in run.ablation.items()
        },
        "failures": [_failure(p) for p in run.predictions if not p.verdict.passed],
        "predictions": [
            {
                "id": p.question.question_id,
                "split": p.question.split,
                "elapsed_ms": round(p.elapsed_ms, 2),
                "verdict": asdict(p.verdict),
                "answer": p.answer,
            }
            for p in run.predictions
        ],
    }


def save_run(result: Mapping[str, Any], folder: Path, now: datetime | None = None) -> Path:
    """Write a run's file, named by its time, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S")
    path = folder / f"run-{stamp}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    part.replace(path)
    return path


def report(run: Run, failures: int = 40) -> str:
    """What a person reads: scores with their intervals, then every failing question (as many as `failures`)."""
    out: list[str] = []
    for split in run.splits:
        predictions = run.of_split(split)
        out.append(f"== {split}: {len(predictions)} questions (mean [95 % interval] n)")
        out += _rows(overall_scores(predictions))
        out.append("-- everything right, by family")
        out += _rows(family_scores(predictions))
        out.append("-- passages (descriptive and factual questions)")
        out += _rows(retrieval_scores(predictions))
        refusal = refusal_scores(predictions)
        out.append(
            f"-- not_found: precision {refusal['precision']:.3f}, recall {refusal['recall']:.3f} "
            f"({refusal['refused']} refused, {refusal['due']} due)"
        )
        times = timing(predictions)
        out.append(f"-- time: median {times['median_ms']} ms, p95 {times['p95_ms']} ms, slowest {times['max_ms']} ms")
        out.append("")
    out += _answerable_lines(run)
    if run.ablation:
        out.append("== ablation: passages by words alone (no filters from the question)")
        measures = list(next(iter(run.ablation.values())))
        out.append(f"{'':24}" + "".join(f"{name:>26}" for name in measures))
        for row, scores in run.ablation.items():
            cells = "".join(f"{bootstrap(list(scores[name].values()))!s:>26}" for name in measures)
            out.append(f"{row:24}{cells}")
        out.append("")
    failed = [p for p in run.predictions if not p.verdict.passed]
    out.append(f"== {len(failed)} of {len(run.predictions)} failed")
    for prediction in failed[:failures]:
        history = "".join(f"{turn} / " for turn in prediction.question.history)
        out.append(f"{prediction.question.question_id}  {history}{prediction.question.question}")
        out += [f"    {problem}" for problem in prediction.verdict.problems]
    if len(failed) > failures:
        out.append(f"... and {len(failed) - failures} more in the file")
    return "\n".join(out)


def _rows(estimates: Mapping[str, Estimate]) -> list[str]:
    return [f"{name:24}{estimate!s:>24}{estimate.n:>6}" for name, estimate in estimates.items() if estimate.n]


def is_held(question: Question) -> bool | None:
    """Whether the corpus holds an answer in its text, where the passages alone must tell; None where they do not."""
    if question.family in RETRIEVAL_FAMILIES:
        return True
    if question.family == "unanswerable_topic" or question.reasons == ("out_of_scope",):
        return False
    return None


def _asked_by_split(run: Run) -> dict[str, list[Asked]]:
    split_of = {p.question.question_id: p.question.split for p in run.predictions}
    return {split: [one for one in run.asked if split_of[one.question_id] == split] for split in run.splits}


def _answerable_json(run: Run) -> dict[str, Any]:
    asked = _asked_by_split(run)
    if not asked.get("dev"):
        return {}
    threshold = best_threshold(asked["dev"])
    return {
        "threshold chosen on dev": round(threshold, 4),
        "at threshold": {split: asdict(refusal_at(ones, threshold)) for split, ones in asked.items()},
        "curves": {split: [asdict(point) for point in refusal_curve(ones)] for split, ones in asked.items()},
    }


def _answerable_lines(run: Run) -> list[str]:
    asked = _asked_by_split(run)
    if not asked.get("dev"):
        return []
    threshold = best_threshold(asked["dev"])
    out = [f"== refusing by `answerable` alone; best threshold on dev {threshold:.3f}"]
    for split, ones in asked.items():
        at = refusal_at(ones, threshold)
        absent = sum(not one.held for one in ones)
        out.append(
            f"{split}: precision {at.precision:.3f}, recall {at.recall:.3f} at it; "
            f"{at.refused_wrongly} of {len(ones) - absent} held refused wrongly, {absent} not held"
        )
    for split, ones in asked.items():
        out.append(f"{split} curve (threshold: precision/recall)")
        points = [f"{p.threshold:.2f}: {p.precision:.2f}/{p.recall:.2f}" for p in refusal_curve(ones)]
        out += ["  " + "   ".join(points[start : start + 7]) for start in range(0, len(points), 7)]
    out.append("")
    return out


def _failure(prediction: Prediction) -> dict[str, Any]:
    question, answer = prediction.question, prediction.answer
    return {
        "id": question.question_id,
        "question": question.question,
        "history": list(question.history),
        "interpreted": answer.get("interpreted"),
        "problems": list(prediction.verdict.problems),
        "got": {"status": answer.get("status"), "reason": answer.get("reason"), "text": answer.get("text")},
        "note": question.note,
    }


def _unsupported(answer: Mapping[str, Any], lines: Lines) -> int:
    """Figures whose printed characters do not stand on the lines they cite (width and spaces do not matter)."""
    count = 0
    for figure in answer.get("figures") or ():
        source, printed = figure.get("source"), figure.get("printed")
        if not source or not printed:
            count += 1
            continue
        cited = "".join(lines(source["document_id"])[source["line_start"] - 1 : source["line_end"]])
        count += _squeeze(str(printed)) not in _squeeze(cited)
    return count


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
