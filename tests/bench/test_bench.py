"""The bench measures what it says, on a collection small enough to check."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.collections import recombined, sentences_of, synthetic_vectors
from bench.measure import measure_size
from bench.others import Asked, compare
from index.passages import build_passages, embedded_text
from index.pipeline import encode_texts
from tests.index.conftest import BUSES, CATS, PairEncoder, extraction


def test_made_passages_are_the_same_each_time() -> None:
    made = list(recombined(50, 5, 7))
    assert made == list(recombined(50, 5, 7))
    assert all(2 <= len(each.sentences) <= 5 and each.heading < 5 and max(each.sentences) < 7 for each in made)


def test_synthetic_vectors_are_near_real_ones() -> None:
    rng = np.random.default_rng(1)
    real = rng.standard_normal((20, 16)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    made = synthetic_vectors(real, 500)
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, rtol=1e-5)
    assert (made @ real.T).max(1).min() > 0.4


def test_a_row_for_the_corpus_and_for_more() -> None:
    passages = build_passages((extraction("a", CATS), extraction("b", BUSES)))
    assert len(sentences_of(passages)) == 6
    encoder = PairEncoder()
    real = encode_texts([embedded_text(passage) for passage in passages], encoder)
    for n in (len(passages), 300):
        row = measure_size(n, passages, real, encoder, ["猫の手術", "バスの補助", "防災訓練"])
        assert (row.passages, row.dense, row.recall) == (n, "flat", 1.0)
        assert 0 < row.median_ms <= row.p95_ms
        assert row.disk_mib > 0


def test_ranks_are_counted_by_hand() -> None:
    """Answers at ranks 1, 4 and nowhere: MRR (1 + 1/4 + 0) / 3, two of three in the first five."""
    asked = [Asked("a", frozenset({7})), Asked("b", frozenset({3})), Asked("c", frozenset({99}))]
    (row,) = compare({"x": lambda: lambda question: [7, 1, 2, 3, 4, 5]}, asked)
    assert abs(row.mrr - (1 + 1 / 4) / 3) < 1e-9
    assert abs(row.found - 2 / 3) < 1e-9


def test_systems_are_asked_in_turn() -> None:
    turns: list[tuple[str, str]] = []

    def searcher(name: str) -> Callable[[str], list[int]]:
        return lambda question: turns.append((name, question)) or [1]  # type: ignore[func-returns-value]

    rows = compare(
        {"a": lambda: searcher("a"), "b": lambda: searcher("b")},
        [Asked("一", frozenset((1,))), Asked("二", frozenset())],
    )
    assert [row.system for row in rows] == ["a", "b"]
    assert turns[2:] == [("a", "一"), ("b", "一"), ("a", "二"), ("b", "二")]
    assert [row.found for row in rows] == [0.5, 0.5]
