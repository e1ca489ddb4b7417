"""How likely it is that the passages found answer the question at all.

A logistic regression on three things that hold whatever the collection: how near the nearest passage comes, how near
its pieces come to the question's, and how many words the question has (a short one comes near to less). Fitted on half
of 364 questions, with both kinds weighing the same: two thirds over the corpus, in other words than its own, and one
third that it does not answer (other services of the same ward, other cities, general knowledge). On the other half (92
and 64), at the threshold, 91 of 100 answerable questions pass and 84 of 100 others are refused; area under the curve
.96. It is for the model that set-up prepares: another model's cosines lie elsewhere, and need weights of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

THRESHOLD = 0.4
"""Below it, `not_found` is the better answer; chosen on the half that the weights were fitted on."""

_DENSE, _LATE, _WORDS, _BIAS = 68.65, 23.87, 0.182, -77.85
_DENSE_ALONE, _BIAS_ALONE = 91.99, -77.43


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best passage's cosine and late-interaction score, and how many of the question's words say something.

    `late` is None where no token vectors are kept.
    """

    dense: float
    late: float | None
    words: int


def probability(evidence: Evidence) -> float:
    """Between 0 and 1.

    >>> probability(Evidence(0.87, 0.83, 5)) > 0.8 > 0.2 > probability(Evidence(0.80, 0.75, 5))
    True
    """
    if evidence.late is None:
        return 1 / (1 + math.exp(-_DENSE_ALONE * evidence.dense - _BIAS_ALONE))
    logit = _DENSE * evidence.dense + _LATE * evidence.late + _WORDS * min(evidence.words, 12) + _BIAS
    return 1 / (1 + math.exp(-logit))
