"""Retrieval over any list of texts: the same steps, in the same order, for the corpus and for a public benchmark."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from index.dense import DenseIndex
from index.encoder import Encoder, open_encoder
from index.fusion import fuse
from index.lexical import LexicalIndex
from index.tokens import bigrams, content_lemmas

Arm = Literal["default", "dense", "lexical"]
Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_CANDIDATES = 100
"""From each retriever, before fusion."""


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of one query, best first: positions (n,), fused scores (n,), and each retriever's scores (n,)."""

    ids: Ids
    scores: Array
    parts: dict[str, Array]


class Pipeline:
    """Dense and lexical retrieval, fused and reranked, over texts by position."""

    def __init__(self, encoder: Encoder, dense: DenseIndex, words: LexicalIndex, pairs: LexicalIndex) -> None:
        self.encoder = encoder
        self.dense = dense
        self.words = words
        self.pairs = pairs

    @classmethod
    def build(
        cls,
        texts: Sequence[str],
        titles: Sequence[str] | None = None,
        encoder: Encoder | None = None,
        vectors: Array | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Self:
        """Index `texts`; `titles` (same length; empty strings allowed) are indexed with them as headings.

        Slow: encodes every text, unless `vectors` (n, dim) float32 gives what they encode to. `progress` is told how
        many are encoded so far; by default a line on stderr says so where it takes longer than two seconds.
        """
        encoder = encoder or open_encoder()
        whole = with_titles(texts, titles)
        if vectors is None:
            vectors = encoder.encode_passages(whole, progress or progress_line(len(whole), "件を埋め込み済み"))
        return cls(
            encoder,
            DenseIndex.build(vectors),
            LexicalIndex.build(content_lemmas(text) for text in whole),
            LexicalIndex.build(bigrams(text) for text in whole),
        )

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Self:
        """Open a saved pipeline, memory-mapped."""
        return cls(
            encoder,
            DenseIndex.load(folder / "dense.faiss"),
            LexicalIndex.load(folder / "words"),
            LexicalIndex.load(folder / "bigrams"),
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.dense.save(folder / "dense.faiss")
        self.words.save(folder / "words")
        self.pairs.save(folder / "bigrams")

    def __len__(self) -> int:
        return len(self.dense)

    def search(self, query: str, k: int = 10, arm: Arm = "default") -> list[tuple[int, float]]:
        """The best `k` texts as (position in `texts`, score), best first; fewer where fewer match."""
        return self.search_many([query], k, arm)[0]

    def search_many(self, queries: Sequence[str], k: int = 10, arm: Arm = "default") -> list[list[tuple[int, float]]]:
        """`search` for many queries, faster than one by one because they are encoded together."""
        if arm == "lexical":
            return [self._lexical(query, k) for query in queries]
        if not queries:
            return []
        vectors = self.encoder.encode_queries(queries)
        found = []
        for query, vector in zip(queries, vectors, strict=True):
            if arm == "dense":
                ids, scores = self.dense.search(vector, k)
            else:
                best = self.find(query, vector=vector)
                ids, scores = best.ids[:k], best.scores[:k]
            found.append([(int(i), float(score)) for i, score in zip(ids, scores, strict=True)])
        return found

    def _lexical(self, query: str, k: int) -> list[tuple[int, float]]:
        scores = self.words.scores(content_lemmas(query)) + 0.1 * self.pairs.scores(bigrams(query))
        best = _top(scores, k, None)
        return [(int(i), float(scores[i])) for i in best if scores[i] > 0]

    def find(self, query: str, allowed: Ids | None = None, vector: Array | None = None) -> Found:
        """Every candidate of the query, best first; only positions in `allowed` (sorted) where it is given."""
        if vector is None:
            vector = self.encoder.encode_queries([query])[0]
        words = self.words.scores(content_lemmas(query))
        pairs = self.pairs.scores(bigrams(query))
        near, _ = self.dense.search(vector, _CANDIDATES, allowed)
        ids = np.unique(np.concatenate([near, _top(words, _CANDIDATES, allowed), _top(pairs, _CANDIDATES, allowed)]))
        if not len(ids):
            return Found(ids, np.zeros(0, np.float32), {})
        parts = {"dense": self.dense.vectors(ids) @ vector, "words": words[ids], "bigrams": pairs[ids]}
        scores = fuse(parts)
        order = np.argsort(-scores, kind="stable")
        return Found(ids[order], scores[order], {name: part[order] for name, part in parts.items()})


def with_titles(texts: Sequence[str], titles: Sequence[str] | None) -> list[str]:
    """Each text under its title, as it is embedded and indexed."""
    if titles is None:
        return list(texts)
    return [f"{title}\n{text}" if title else text for title, text in zip(titles, texts, strict=True)]


def _top(scores: Array, k: int, allowed: Ids | None) -> Ids:
    """Positions of the best `k` scores above zero, best first; ties by position."""
    pool = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
    if len(pool) > k:
        pool = pool[np.argpartition(-scores[pool], k - 1)[:k]]
    best: Ids = pool[np.lexsort((pool, -scores[pool]))].astype(np.int64)
    return best


def progress_line(total: int, what: str) -> Callable[[int], None]:
    """A callback that says on stderr how far a step is, every two seconds from the second on."""
    last = time.monotonic()

    def tell(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 2:
            last = now
            print(f"  {done:,} / {total:,} {what}", file=sys.stderr)

    return tell
