"""Late interaction: every piece of a question against the piece of a passage that is nearest to it.

A passage of many things has a vector near none of them; its pieces still are. Weighting the question's pieces by how
rare they are among the passages lets 猫 count for more than こと. The token vectors are those that mean pooling throws
away, so that they cost nothing to compute; kept in a byte a dimension they cost disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.threads import one_blas_thread

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's pieces (n,) int32 and their vectors (n, dim) float32, L2-normalised; no special tokens, no prefix."""

    pieces: npt.NDArray[np.int32]
    vectors: Array


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The pieces of many texts, one after the other: text i has those from offsets[i] to offsets[i + 1].

    A vector is `vectors` (n_tokens, dim) int8 times `scales` (n_tokens,) float16.
    """

    offsets: Ids
    pieces: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float16]

    @classmethod
    def of(cls, texts: Sequence[Tokens], dim: int) -> Self:
        """Quantise the texts' tokens."""
        offsets = np.cumsum([0, *(len(text.pieces) for text in texts)]).astype(np.int64)
        if not len(texts) or not offsets[-1]:
            empty = np.zeros((0, dim), np.int8)
            return cls(offsets, np.zeros(0, np.int32), empty, np.zeros(0, np.float16))
        vectors = np.concatenate([text.vectors for text in texts])
        scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
        steps = vectors / np.maximum(scales, np.float16(1e-6)).astype(np.float32)[:, None]
        quantised = np.clip(np.rint(steps), -127, 127).astype(np.int8)
        return cls(offsets, np.concatenate([text.pieces for text in texts]), quantised, scales)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def concatenate(cls, parts: Sequence[TokenVectors]) -> Self:
        """The texts of all parts, in order."""
        starts = np.cumsum([0, *(part.offsets[-1] for part in parts)])
        offsets = [part.offsets[:-1] + start for part, start in zip(parts, starts, strict=False)]
        return cls(
            np.concatenate([*offsets, starts[-1:]]).astype(np.int64),
            np.concatenate([part.pieces for part in parts]),
            np.concatenate([part.vectors for part in parts]),
            np.concatenate([part.scales for part in parts]),
        )

    def take(self, ids: Sequence[int]) -> TokenVectors:
        """The texts at these positions."""
        spans = [slice(int(self.offsets[i]), int(self.offsets[i + 1])) for i in ids]
        if not spans:
            return TokenVectors(np.zeros(1, np.int64), self.pieces[:0], self.vectors[:0], self.scales[:0])
        return TokenVectors(
            np.cumsum([0, *(span.stop - span.start for span in spans)]).astype(np.int64),
            np.concatenate([self.pieces[span] for span in spans]),
            np.concatenate([self.vectors[span] for span in spans]),
            np.concatenate([self.scales[span] for span in spans]),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open saved token vectors, memory-mapped."""
        return cls(
            np.load(folder / "offsets.npy"),
            np.load(folder / "pieces.npy", mmap_mode="r"),
            np.load(folder / "vectors.npy", mmap_mode="r"),
            np.load(folder / "scales.npy", mmap_mode="r"),
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("offsets", "pieces", "vectors", "scales"):
            np.save(folder / f"{name}.npy", getattr(self, name))


class LateInteraction:
    """Scores of questions against texts whose token vectors are kept."""

    def __init__(self, tokens: TokenVectors, rarity: Array) -> None:
        self.tokens = tokens
        self._rarity = rarity

    @classmethod
    def build(cls, tokens: TokenVectors) -> Self:
        """Count how many texts hold each piece; `rarity` is the inverse document frequency by piece id."""
        n = len(tokens)
        held = np.zeros(int(tokens.pieces.max(initial=0)) + 1, np.float32)
        for start, end in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True):
            held[np.unique(tokens.pieces[start:end])] += 1
        return cls(tokens, np.log1p((n - held + 0.5) / (held + 0.5)).astype(np.float32))

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(TokenVectors.load(folder), np.load(folder / "rarity.npy"))

    def save(self, folder: Path) -> None:
        self.tokens.save(folder)
        np.save(folder / "rarity.npy", self._rarity)

    def scores(self, question: Tokens, ids: Ids) -> Array:
        """Mean cosine of the question's pieces to the nearest in each text, weighted by rarity, (len(ids),) float32."""
        texts = self.tokens.take([int(i) for i in ids])
        return self._nearest(question, texts, texts.offsets)

    def span_scores(self, question: Tokens, text: int, starts: Sequence[int]) -> Array:
        """The same for spans of one text: span i has the pieces from starts[i] to starts[i + 1], (n_spans,) float32."""
        held = self.tokens.take([text])
        return self._nearest(question, held, np.minimum(np.array(starts, np.int64), held.offsets[-1]))

    def _nearest(self, question: Tokens, texts: TokenVectors, offsets: Ids) -> Array:
        n = len(offsets) - 1
        if not len(question.pieces) or n <= 0:
            return np.zeros(max(n, 0), np.float32)
        unseen = np.float32(np.log1p((len(self.tokens) + 0.5) / 0.5))
        known = question.pieces < len(self._rarity)
        weights = np.where(known, self._rarity[np.where(known, question.pieces, 0)], unseen)
        with one_blas_thread():
            cosines = texts.vectors.astype(np.float32) @ question.vectors.T
        cosines *= texts.scales.astype(np.float32)[:, None]
        nearest = np.zeros((n, len(question.pieces)), np.float32)
        filled = np.flatnonzero(np.diff(offsets))  # reduceat repeats a row where there is nothing between two offsets
        if len(filled):
            inside = cosines[: offsets[-1]]
            nearest[filled] = np.maximum.reduceat(inside, offsets[:-1][filled], axis=0)
        scored: Array = (nearest @ weights / max(float(weights.sum()), 1e-6)).astype(np.float32)
        return scored
