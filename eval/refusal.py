"""When retrieval should refuse: precision and recall of `not_found` over thresholds on `answerable`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the probability that the index gave to holding its answer, and whether the corpus holds it."""

    question_id: str
    answerable: float
    held: bool


@dataclass(frozen=True, slots=True)
class RefusalPoint:
    """At a threshold: of the refused, the share that the corpus does not hold; of what it does not hold, the share
    refused; and how many questions that it does hold were refused wrongly."""

    threshold: float
    precision: float
    recall: float
    refused_wrongly: int

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def refusal_curve(asked: Sequence[Asked], steps: int = 20) -> list[RefusalPoint]:
    """The curve from 0 (nothing is refused) to 1, in equal steps; a question is refused below the threshold."""
    return [refusal_at(asked, step / steps) for step in range(steps + 1)]


def refusal_at(asked: Sequence[Asked], threshold: float) -> RefusalPoint:
    """Precision and recall of refusing below one threshold; precision is 1 where nothing is refused."""
    refused = [one for one in asked if one.answerable < threshold]
    rightly = sum(not one.held for one in refused)
    absent = sum(not one.held for one in asked)
    return RefusalPoint(
        threshold=threshold,
        precision=rightly / len(refused) if refused else 1.0,
        recall=rightly / absent if absent else 1.0,
        refused_wrongly=len(refused) - rightly,
    )


def best_threshold(asked: Sequence[Asked]) -> float:
    """The threshold of the best F1 (the lowest of equals): chosen on one part of the questions, reported on another."""
    candidates = sorted({0.0, *(one.answerable for one in asked), 1.0})
    middles = [(a + b) / 2 for a, b in pairwise(candidates)]
    return max(sorted(middles), key=lambda threshold: refusal_at(asked, threshold).f1)


def area_under_curve(asked: Sequence[Asked]) -> float:
    """How often a question that the corpus answers is given more than one that it does not; ties count half.

    >>> area_under_curve([Asked("a", 0.9, True), Asked("b", 0.4, True), Asked("c", 0.4, False), Asked("d", 0.1, False)])
    0.875
    """
    held = [one.answerable for one in asked if one.held]
    others = [one.answerable for one in asked if not one.held]
    won = sum((a > b) + 0.5 * (a == b) for a in held for b in others)
    return won / (len(held) * len(others)) if held and others else 1.0
