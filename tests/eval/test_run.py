"""A run over an engine whose answers are known: scores, refusals, citations, and the file that is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.questions import parse_question
from eval.refusal import Asked, best_threshold, refusal_at, refusal_curve
from eval.run import Run, overall_scores, refusal_scores, report, run_json, run_questions, save_run

LINES = {"d": ["災害に強い区づくり事業", "12,182 11,770 96.6%"]}
SOURCE = {"document_id": "d", "line_start": 2, "line_end": 2}
RATE = {"project": "災害に強い区づくり事業", "fiscal_year": 2022, "metric": "execution_rate", "value": "96.6"}
QUESTIONS = [
    parse_question({"id": "right", "family": "lookup", "question": "right", "figures": [RATE]}),
    parse_question({"id": "wrong", "family": "lookup", "question": "wrong", "figures": [RATE]}),
    parse_question({"id": "crash", "family": "fact", "question": "crash", "text_contains": ["猫"]}),
    parse_question(
        {
            "id": "refuse",
            "family": "unanswerable_topic",
            "question": "refuse",
            "status": "not_found",
            "reason": "out_of_scope",
        }
    ),
]


def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
    base: dict[str, Any] = {"status": "answered", "reason": None, "text": "", "figures": [], "passages": []}
    if question == "crash":
        raise RuntimeError("boom")
    if question == "refuse":
        return {**base, "status": "not_found", "reason": "out_of_scope"}
    printed = "96.6%" if question == "right" else "97.9%"
    value = "96.6" if question == "right" else "97.9"
    return {**base, "figures": [{**RATE, "value": value, "printed": printed, "source": SOURCE}]}


@pytest.fixture
def run() -> Run:
    return run_questions(QUESTIONS, ask, lambda document: LINES[document], lambda q: 0.1 if q == "refuse" else 0.8)


def test_scores(run: Run) -> None:
    scores = overall_scores(run.predictions)
    assert scores["all right"].mean == 2 / 4
    assert scores["figures exact"].mean == 1 / 2
    assert scores["wrong number shown"].mean == 1 / 4
    # 97.9% does not stand on the line that it cites.
    assert scores["unsupported citation"].mean == 1 / 4
    assert refusal_scores(run.predictions) == {"precision": 1.0, "recall": 1.0, "refused": 1, "due": 1}


def test_a_crash_is_a_failed_question_that_says_so(run: Run) -> None:
    crashed = next(p for p in run.predictions if p.question.question_id == "crash")
    assert not crashed.verdict.passed
    assert "boom" in crashed.verdict.problems[0]


def test_the_report_lists_every_failure_with_expected_and_got(run: Run) -> None:
    text = report(run)
    assert "2 of 4 failed" in text
    assert "missing: 災害に強い区づくり事業 2022 execution_rate 96.6" in text
    assert "97.9" in text
    assert "... and 1 more" in report(run, failures=1)


def test_the_file_holds_scores_and_predictions_together(run: Run, tmp_path: Path) -> None:
    path = save_run(run_json(run, {"questions": 4}), tmp_path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert [p["id"] for p in stored["predictions"]] == ["right", "wrong", "crash", "refuse"]
    assert [f["id"] for f in stored["failures"]] == ["wrong", "crash"]
    assert stored["scores"]["dev"]["overall"]["all right"]["mean"] == 0.5
    assert not list(tmp_path.glob("*.part"))


def test_refusal_curve_by_hand() -> None:
    asked = [
        Asked("a", 0.9, held=True),
        Asked("b", 0.4, held=True),
        Asked("c", 0.5, held=False),
        Asked("d", 0.1, held=False),
    ]
    # Below .2 lies d only: 1 of 1 rightly, 1 of 2 found.
    at = refusal_at(asked, 0.2)
    assert (at.precision, at.recall, at.refused_wrongly) == (1.0, 1 / 2, 0)
    # Below .6 lie b, c and d: 2 of 3 rightly, 2 of 2 found; F1 = 2 * (2/3) / (5/3) = .8.
    at = refusal_at(asked, 0.6)
    assert (at.precision, at.recall, at.refused_wrongly) == (2 / 3, 1.0, 1)
    assert at.f1 == pytest.approx(0.8)
    # .2 has F1 = 2 * .5 / 1.5 = .667, so the best lies between .5 and .9.
    assert 0.5 < best_threshold(asked) <= 0.9
    curve = refusal_curve(asked, steps=10)
    assert (curve[0].precision, curve[0].recall) == (1.0, 0.0)
    assert [point.recall for point in curve] == sorted(point.recall for point in curve)
