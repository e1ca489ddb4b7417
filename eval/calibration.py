"""The weights and the threshold of index/answerable.py, fitted on one half of questions and reported on the other.

A model's cosines lie where that model puts them: with another one, `python -m eval calibrate` says what to write there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.errors import EvalError
from eval.refusal import Asked, RefusalPoint, area_under_curve, refusal_at, refusal_curve
from index.answerable import MOST_WORDS, Evidence, Weights, probability

ANSWERABLE = Path(__file__).resolve().parent / "answerable.jsonl"
"""Questions in residents' words, with whether the corpus answers them: {"question", "held"} a line."""

Floats = npt.NDArray[np.float64]

PASSING = 0.94
"""A threshold lets so many of the answerable questions pass; of those, the one that refuses most of the others."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what there is to say for an answer, and whether the corpus holds one."""

    question: str
    evidence: Evidence
    held: bool

    @property
    def is_for_fitting(self) -> bool:
        """Whether it belongs to the half that the weights are fitted on; always the same for a question."""
        return hashlib.sha256(self.question.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, and how it does on the half that it was not fitted on."""

    weights: Weights
    threshold: float
    fitted: tuple[Asked, ...]
    others: tuple[Asked, ...]


def load_answerable(path: Path = ANSWERABLE) -> dict[str, bool]:
    """Question -> whether the corpus holds an answer; EvalError names a broken line."""
    found: dict[str, bool] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            found[str(row["question"])] = bool(row["held"])
        except (ValueError, KeyError, TypeError) as error:
            raise EvalError(f"{path}:{number}: not a question with `held` ({error})") from error
    return found


def calibrate(cases: Sequence[Case]) -> Calibration:
    """Fit on one half, with both kinds weighing the same."""
    fitting = [case for case in cases if case.is_for_fitting]
    if len({case.held for case in fitting}) < 2:
        raise EvalError("both answerable and other questions are needed to fit a threshold")
    features = np.array([_features(case.evidence) for case in fitting])
    held = np.array([case.held for case in fitting])
    coefficients, bias = fit_logistic(features, held)
    whole = [float(value) for value in coefficients]
    alone, alone_bias = fit_logistic(features[:, :1], held)
    weights = Weights(whole[0], whole[1], whole[2], bias, float(alone[0]), alone_bias)
    fitted, others = (
        tuple(
            Asked(case.question, probability(case.evidence, weights), case.held)
            for case in cases
            if case.is_for_fitting == part
        )
        for part in (True, False)
    )
    return Calibration(weights, _threshold(fitted), fitted, others)


def fit_logistic(features: Floats, held: npt.NDArray[np.bool_], ridge: float = 1.0) -> tuple[Floats, float]:
    """Weights (n_features,) and bias of a ridge logistic regression by Newton's method; both kinds weigh the same."""
    mean, spread = features.mean(0), np.maximum(features.std(0), 1e-9)
    inputs = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    share = np.where(held, 0.5 / held.mean(), 0.5 / (1 - held.mean()))
    penalty = np.diag([ridge] * features.shape[1] + [0.0])
    found = np.zeros(inputs.shape[1])
    for _ in range(50):
        expected = 1 / (1 + np.exp(-inputs @ found))
        slope = inputs.T @ (share * (expected - held)) + penalty @ found
        curvature = (inputs * (share * expected * (1 - expected))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curvature, slope)
        found -= step
        if np.abs(step).max() < 1e-9:
            break
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ mean)


def calibration_report(found: Calibration) -> str:
    """The weights as index/answerable.py holds them, and both halves at the threshold."""
    weights = found.weights
    out = [
        f"WEIGHTS = Weights(dense={weights.dense:.2f}, late={weights.late:.2f}, words={weights.words:.3f}, "
        f"bias={weights.bias:.2f}, dense_alone={weights.dense_alone:.2f}, bias_alone={weights.bias_alone:.2f})",
        f"THRESHOLD = {found.threshold:.2f}",
    ]
    for name, asked in (("fitted half", found.fitted), ("other half", found.others)):
        out.append(f"{name}: area under curve {area_under_curve(asked):.3f}; {_told(asked, found.threshold)}")
    out.append("other half, curve (threshold: precision/recall of refusing):")
    points = [f"{p.threshold:.2f}: {p.precision:.2f}/{p.recall:.2f}" for p in refusal_curve(found.others)]
    out += ["  " + "   ".join(points[start : start + 7]) for start in range(0, len(points), 7)]
    return "\n".join(out)


def _told(asked: Sequence[Asked], threshold: float) -> str:
    at: RefusalPoint = refusal_at(asked, threshold)
    held = sum(one.held for one in asked)
    return (
        f"{held - at.refused_wrongly} of {held} answerable pass, {round(at.recall * (len(asked) - held))} of "
        f"{len(asked) - held} others are refused (precision {at.precision:.3f}, recall {at.recall:.3f})"
    )


def _threshold(asked: Sequence[Asked]) -> float:
    """The highest of hundredths at which `PASSING` of the answerable questions pass."""
    held = sum(one.held for one in asked)
    allowed = (1 - PASSING) * held
    return max(step / 100 for step in range(100) if refusal_at(asked, step / 100).refused_wrongly <= allowed)


def _features(evidence: Evidence) -> tuple[float, float, float]:
    if evidence.late is None:
        raise EvalError("the index keeps no token vectors; calibrate on a collection small enough to keep them")
    return evidence.dense, evidence.late, float(min(evidence.words, MOST_WORDS))
