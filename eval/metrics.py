"""Measures: ranking by ir-measures (graded, linear gain, the ideal cut at k), sets, numbers, and their intervals."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

# What retrieval reports, by its name in the reports. A passage that answers has grade 2; grade 1 is about the same
# thing in another place (the project's own summary, the review of it, an earlier year). "all" counts every passage of
# grade 2: a question that names no year wants each year's.
PASSAGE_MEASURES = {
    "recall@5": Success @ 5,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
    "recall@5 all": R(rel=2) @ 5,
    "mrr@10 strict": RR(rel=2) @ 10,
}
# The contract of `eval benchmark --json`, in its order.
BENCHMARK_MEASURES = {
    "ndcg@10": nDCG @ 10,
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "mrr@10": RR @ 10,
}

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions with its 95 % bootstrap interval; n is the number of questions."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def as_json(self) -> dict[str, float]:
        return {"mean": round(self.mean, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.n}


def bootstrap(values: Sequence[float], resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Mean and percentile interval by resampling questions; of no values, all zeros with n = 0.

    Where every value is the same, the interval is a point: it then says nothing about questions not in the set.
    """
    if not values:
        return Estimate(0.0, 0.0, 0.0, 0)
    array = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    # In blocks: 2,000 resamples of 4,442 queries at once would need 70 MB.
    means = np.concatenate(
        [array[generator.integers(0, len(array), size=(100, len(array)))].mean(axis=1) for _ in range(resamples // 100)]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(array.mean()), float(low), float(high), len(array))


def paired_difference(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """Mean of a - b over the same questions, with its interval; clear of zero means that they differ."""
    if len(a) != len(b):
        raise ValueError(f"paired scores differ in length: {len(a)} and {len(b)}")
    return bootstrap([x - y for x, y in zip(a, b, strict=True)])


def ranking_scores(
    qrels: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
    measures: Mapping[str, ir_measures.Measure],
) -> dict[str, dict[str, float]]:
    """Score of each query by each measure: {measure: {query: score}}, over the queries that have a relevant document.

    `rankings` lists document ids, best first; a query that is missing there scores 0.
    """
    judged = [query for query, grades in qrels.items() if any(grade > 0 for grade in grades.values())]
    flat_qrels = [
        ir_measures.Qrel(query, document, grade) for query in judged for document, grade in qrels[query].items()
    ]
    # Scores fall with the rank, so that ties of the system's own scores cannot be broken in another order here.
    run = [
        ir_measures.ScoredDoc(query, document, -float(rank))
        for query in judged
        for rank, document in enumerate(rankings.get(query, ()))
    ]
    scores: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in measures}
    names = {measure: name for name, measure in measures.items()}
    if flat_qrels and run:
        for metric in ir_measures.iter_calc(list(measures.values()), flat_qrels, run):
            scores[names[metric.measure]][metric.query_id] = float(metric.value)
    return scores


def set_scores(expected: Iterable[Hashable], got: Iterable[Hashable]) -> tuple[float, float]:
    """Precision and recall of a list as multisets, so that a repeated row counts against it.

    >>> set_scores("abc", "abd")
    (0.6666666666666666, 0.6666666666666666)
    >>> set_scores("", "")
    (1.0, 1.0)
    """
    want, have = Counter(expected), Counter(got)
    shared = sum((want & have).values())
    precision = shared / sum(have.values()) if have else (1.0 if not want else 0.0)
    recall = shared / sum(want.values()) if want else 1.0
    return precision, recall


def name_key(name: str | None) -> str:
    """A name as it is compared: width, spaces, a leading code (1-2-5) and a trailing bracket do not matter.

    >>> name_key("旭区の「農」の魅力ＰＲ事業") == name_key("旭区の「農」の魅力 PR事業")
    True
    >>> name_key("【1-1-1 「重大虐待ゼロ」をめざす取組】")
    '「重大虐待ゼロ」をめざす取組'
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", name or "")).strip("【】")
    return re.sub(r"\([^()]*\)$", "", re.sub(r"^\d+-\d+-\d+", "", text)).replace("･", "・")


def same_number(expected: str, got: object, tolerance: Decimal = Decimal(0)) -> bool:
    """Whether two written numbers are the same within the tolerance; what is not a number never is.

    >>> same_number("47.50", "47.5"), same_number("0", None)
    (True, False)
    """
    try:
        return abs(Decimal(expected) - Decimal(str(got))) <= tolerance
    except InvalidOperation:
        return False


def contains(text: str, wanted: str) -> bool:
    """Whether one of the wanted forms ("a|b") stands in the text, whatever the width, spaces and digit grouping.

    >>> contains("来場者数は約３５,０００人でした", "35,000人")
    True
    """
    plain = _plain(text)
    return any(_plain(form) in plain for form in wanted.split("|"))


def _plain(text: str) -> str:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d),(?=\d)", "", text)
