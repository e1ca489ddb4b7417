"""Collections of any size, made by recombining the sentences of the corpus."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from records import Passage

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Made:
    """A made passage: which passage lends its heading, and which sentences (by position) it holds."""

    heading: int
    sentences: tuple[int, ...]


def sentences_of(passages: Sequence[Passage]) -> list[str]:
    """Every distinct sentence and bullet, in order."""
    return list(dict.fromkeys(unit.text for passage in passages for unit in passage.units))


def recombined(n: int, n_headings: int, n_sentences: int, seed: int = 1) -> Iterator[Made]:
    """`n` passages of two to five sentences each, under the heading of one of the corpus."""
    rng = random.Random(seed)
    for _ in range(n):
        chosen = tuple(rng.randrange(n_sentences) for _ in range(rng.randint(2, 5)))
        yield Made(rng.randrange(n_headings), chosen)


def synthetic_vectors(real: Array, n: int, seed: int = 1) -> Array:
    """(n, dim) float32, L2-normalised: between two real vectors, with noise, so that neighbours are as near as real.

    The noise has a fifth of the length of what sets real vectors apart.
    """
    rng = np.random.default_rng(seed)
    made = np.empty((n, real.shape[1]), np.float32)
    spread = float((real - real.mean(0)).std()) / 5
    step = 100_000
    for start in range(0, n, step):
        count = min(step, n - start)
        share = rng.random((count, 1), dtype=np.float32)
        one, other = (real[rng.integers(0, len(real), count)] for _ in range(2))
        part = (
            share * one + (1 - share) * other + rng.standard_normal((count, real.shape[1]), dtype=np.float32) * spread
        )
        made[start : start + count] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return made
