"""What each part of the pipeline earns: the same questions, with parts left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.fusion import WEIGHTS, fuse
from index.pipeline import Found, Pipeline

VARIANTS: Mapping[str, tuple[str, ...]] = {
    "default": ("dense", "words", "pairs", "late"),
    "without late interaction": ("dense", "words", "pairs"),
    "without character pairs": ("dense", "words", "late"),
    "without words": ("dense", "pairs", "late"),
    "without lexical parts": ("dense", "late"),
    "without the passage's vector": ("words", "pairs", "late"),
    "dense only": ("dense",),
    "words only": ("words",),
    "character pairs only": ("pairs",),
    "late interaction only": ("late",),
}
"""Name -> the parts of the fused score that it keeps. Candidates are the default pipeline's throughout."""


@dataclass(frozen=True, slots=True)
class AblationRow:
    """One variant: the mean of each measure over the questions, by name."""

    variant: str
    scores: Mapping[str, float]


def rankings(pipeline: Pipeline, queries: Sequence[str], k: int = 10) -> Iterator[tuple[str, list[list[int]]]]:
    """(variant, best `k` positions of each query, best first); each query is encoded and looked up once."""
    found = [pipeline.find(query) for query in queries]
    for name, parts in VARIANTS.items():
        weights = {part: WEIGHTS[part] for part in parts}
        yield name, [_best(each, weights, k) for each in found]


def ablation_rows(
    pipeline: Pipeline,
    queries: Sequence[str],
    measure: Callable[[list[list[int]]], Mapping[str, float]],
    k: int = 10,
) -> list[AblationRow]:
    """A row for each variant; `measure` turns the positions found for every query into means by name."""
    return [AblationRow(name, measure(ranked)) for name, ranked in rankings(pipeline, queries, k)]


def _best(found: Found, weights: Mapping[str, float], k: int) -> list[int]:
    if not len(found.ids):
        return []
    order = np.argsort(-fuse(found.parts, weights), kind="stable")
    return [int(position) for position in found.ids[order][:k]]
