"""Retrieval over any list of texts: the same steps, in the same order, for the corpus and for a public benchmark."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from index.dense import DenseIndex
from index.encoder import Encoded, Encoder, open_encoder
from index.fusion import fuse
from index.late import LateInteraction, Tokens, TokenVectors
from index.lexical import LexicalIndex
from index.synonyms import meanings
from index.threads import one_blas_thread
from index.tokens import bigrams, content_lemmas

Arm = Literal[
    "default",
    "dense",
    "lexical",
    "without_late",
    "without_feedback",
    "without_pairs",
    "without_words",
    "without_lexical",
    "without_dense",
    "words",
    "pairs",
]
ARMS: Mapping[str, tuple[str, ...]] = {
    "default": ("dense", "words", "pairs", "late", "feedback"),
    "dense": ("dense",),
    "lexical": ("words", "pairs"),
    "without_late": ("dense", "words", "pairs", "feedback"),
    "without_feedback": ("dense", "words", "pairs", "late"),
    "without_pairs": ("dense", "words", "late", "feedback"),
    "without_words": ("dense", "pairs", "late", "feedback"),
    "without_lexical": ("dense", "late", "feedback"),
    "without_dense": ("words", "pairs", "late"),
    "words": ("words",),
    "pairs": ("pairs",),
}
"""Arm -> the parts that find its candidates and score them; all but the first three are there for the ablation."""

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_CANDIDATES = 60
"""From each retriever, before fusion."""

_RERANKED = 80
"""How many of the fused candidates late interaction looks at."""

MAX_TOKENS = 8_000_000
"""Token vectors are kept up to so many, 3 GB: some 60,000 passages."""

_BELIEVED = 3
"""How many of the best candidates tell what an answer looks like."""

_TOGETHER = 256
"""Texts or questions that are encoded at a time."""


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of one question, best first: positions (n,), fused scores (n,), and each part's own scores (n,)."""

    ids: Ids
    scores: Array
    parts: dict[str, Array]


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """What texts encode to: vectors (n, dim) float32, L2-normalised, and their token vectors, quantised.

    `tokens` is None where there are too many to keep; retrieval then does without late interaction.
    """

    vectors: Array
    tokens: TokenVectors | None


class Pipeline:
    """Dense and lexical retrieval, fused, then reranked by late interaction and by the best found."""

    def __init__(
        self,
        encoder: Encoder,
        dense: DenseIndex,
        words: LexicalIndex,
        pairs: LexicalIndex,
        late: LateInteraction | None,
    ) -> None:
        self.encoder = encoder
        self.dense = dense
        self.words = words
        self.pairs = pairs
        self.late = late
        self._terms: Callable[[str], list[str]] = meanings
        self._asked: tuple[list[str], list[Encoded]] = [], []

    @classmethod
    def build(
        cls,
        texts: Sequence[str],
        titles: Sequence[str] | None = None,
        encoder: Encoder | None = None,
        encoded: EncodedTexts | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Self:
        """Index `texts`; `titles` (same length; empty strings allowed) are indexed with them as headings.

        Slow: encodes every text, unless `encoded` gives what they encode to. `progress` is told how many are encoded so
        far; by default a line on stderr says so where it takes longer than two seconds.
        """
        encoder = encoder or open_encoder()
        whole = with_titles(texts, titles)
        if encoded is None:
            encoded = encode_texts(whole, encoder, progress or progress_line(len(whole), "件を埋め込み済み"))
        return cls(
            encoder,
            DenseIndex.build(encoded.vectors),
            LexicalIndex.build(meanings(text) for text in whole),
            LexicalIndex.build(bigrams(text) for text in whole),
            LateInteraction.build(encoded.tokens) if encoded.tokens is not None else None,
        )

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Self:
        """Open a saved pipeline, memory-mapped."""
        return cls(
            encoder,
            DenseIndex.load(folder / "dense"),
            LexicalIndex.load(folder / "words"),
            LexicalIndex.load(folder / "pairs"),
            LateInteraction.load(folder / "late") if (folder / "late").exists() else None,
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.dense.save(folder / "dense")
        self.words.save(folder / "words")
        self.pairs.save(folder / "pairs")
        if self.late is not None:
            self.late.save(folder / "late")

    def __len__(self) -> int:
        return len(self.dense)

    def search(self, query: str, k: int = 10, arm: Arm = "default") -> list[tuple[int, float]]:
        """The best `k` texts as (position in `texts`, score), best first; fewer where fewer match."""
        return self.search_many([query], k, arm)[0]

    def search_many(self, queries: Sequence[str], k: int = 10, arm: Arm = "default") -> list[list[tuple[int, float]]]:
        """`search` for many queries, faster than one by one because they are encoded together, once for all arms."""
        parts = ARMS[arm]
        if "dense" not in parts and "late" not in parts:
            return [_ranked(self.find(query, parts=parts, encoded=_NOTHING), k) for query in queries]
        if list(queries) != self._asked[0]:
            tell = progress_line(len(queries), "問を埋め込み済み")
            encoded: list[Encoded] = []
            for start in range(0, len(queries), _TOGETHER):
                encoded.extend(self.encoder.questions(queries[start : start + _TOGETHER]))
                tell(len(encoded))
            self._asked = list(queries), encoded
        return [
            _ranked(self.find(query, encoded=each, parts=parts), k) for query, each in zip(*self._asked, strict=True)
        ]

    def without_synonyms(self, texts: Sequence[str], titles: Sequence[str] | None = None) -> Pipeline:
        """The same over the same texts, with each word meaning only itself; for the ablation."""
        words = LexicalIndex.build(content_lemmas(text) for text in with_titles(texts, titles))
        plain = Pipeline(self.encoder, self.dense, words, self.pairs, self.late)
        plain._terms, plain._asked = content_lemmas, self._asked
        return plain

    def find(
        self,
        query: str,
        allowed: Ids | None = None,
        encoded: Encoded | None = None,
        parts: Sequence[str] = ARMS["default"],
    ) -> Found:
        """Every candidate of the query, best first; only positions in `allowed` (sorted) where it is given.

        Those that late interaction did not reach keep their order below the ones that it did. `parts` leaves some out.
        """
        encoded = encoded or self.encoder.questions([query])[0]
        with one_blas_thread():
            return self._find(query, allowed, encoded, parts)

    def _find(self, query: str, allowed: Ids | None, encoded: Encoded, parts: Sequence[str]) -> Found:
        candidates = []
        lexical: dict[str, Array] = {}
        if "words" in parts:
            lexical["words"] = self.words.shares(self._terms(query))
        if "pairs" in parts:
            lexical["pairs"] = self.pairs.shares(bigrams(query))
        if "dense" in parts:
            candidates.append(self.dense.search(encoded.vector, _CANDIDATES, allowed)[0])
        candidates.extend(_top(scores, _CANDIDATES, allowed) for scores in lexical.values())
        ids = np.unique(np.concatenate(candidates))
        if not len(ids):
            return Found(ids, np.zeros(0, np.float32), {})
        scored = {name: scores[ids] for name, scores in lexical.items()}
        vectors = self.dense.vectors(ids) if "dense" in parts else None
        if vectors is not None:
            scored["dense"] = vectors @ encoded.vector
        order = np.argsort(-fuse(scored), kind="stable")
        if self.late is not None and "late" in parts:
            reached = self.late.scores(encoded.tokens, ids[order[:_RERANKED]])
            scored["late"] = np.full(len(ids), reached.min(), np.float32)
            scored["late"][order[:_RERANKED]] = reached
        if vectors is not None and "feedback" in parts:
            scored["feedback"] = vectors @ vectors[_best(fuse(scored), order)[:_BELIEVED]].mean(0)
        scores = fuse(scored)
        order = _best(scores, order)
        return Found(ids[order], scores[order], {name: part[order] for name, part in scored.items()})


def _best(scores: Array, order: Ids) -> Ids:
    """`order` with those that are reranked put in the order of `scores`; the others stay below them."""
    reached = order[:_RERANKED]
    return np.concatenate([reached[np.argsort(-scores[reached], kind="stable")], order[_RERANKED:]])


_NOTHING = Encoded(np.zeros(0, np.float32), Tokens(np.zeros(0, np.int32), np.zeros((0, 0), np.float32)))


def _ranked(found: Found, k: int) -> list[tuple[int, float]]:
    return [(int(i), float(score)) for i, score in zip(found.ids[:k], found.scores[:k], strict=True)]


def encode_texts(texts: Sequence[str], encoder: Encoder, progress: Callable[[int], None] | None = None) -> EncodedTexts:
    """Encode passages a few hundred at a time, so that memory holds their tokens only in a byte a dimension."""
    vectors, tokens = [np.zeros((0, encoder.dim), np.float32)], [TokenVectors.of([], encoder.dim)]
    few = True
    for start in range(0, len(texts), _TOGETHER):
        part = texts[start : start + _TOGETHER]
        done = start

        def tell(count: int, done: int = done) -> None:
            if progress is not None:
                progress(done + count)

        encoded = encoder.read_passages(part, tell)
        vectors.append(np.stack([each.vector for each in encoded]))
        if few:
            tokens.append(TokenVectors.of([each.tokens for each in encoded], encoder.dim))
            few = sum(len(each.pieces) for each in tokens) <= MAX_TOKENS
    return EncodedTexts(np.concatenate(vectors), TokenVectors.concatenate(tokens) if few else None)


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
