"""Scores of several retrievers over the same candidates -> one score."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

WEIGHTS: Mapping[str, float] = {"dense": 0.70, "words": 0.21, "bigrams": 0.09}


def min_max(scores: Array) -> Array:
    """Scores of the candidates spread over 0 to 1; all 0 where they do not differ."""
    low, high = scores.min(initial=np.inf), scores.max(initial=-np.inf)
    if not high > low:
        return np.zeros_like(scores)
    spread: Array = (scores - low) / (high - low)
    return spread


def fuse(scores: Mapping[str, Array], weights: Mapping[str, float] = WEIGHTS) -> Array:
    """Convex combination of min-max scores, (n_candidates,)."""
    total = sum((np.float32(weights[name]) * min_max(scores[name]) for name in weights), np.float32(0))
    fused: Array = np.asarray(total, dtype=np.float32)
    return fused
