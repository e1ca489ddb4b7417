"""Exact nearest neighbours by inner product, in FAISS, with hard filters."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

import faiss
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Kind = Literal["flat", "fp16", "sq8"]

# By size, as measured on two cores: a flat index answers 50,000 vectors in a few milliseconds; beyond that half the
# bytes are half the time at the same ranking, and from 400,000 a byte a dimension keeps a question within its time.
_FP16_FROM = 50_000
_SQ8_FROM = 400_000


def kind_for(n_vectors: int) -> Kind:
    """The type of index for so many vectors. All are exhaustive: an approximate graph loses filtered questions."""
    return "sq8" if n_vectors >= _SQ8_FROM else "fp16" if n_vectors >= _FP16_FROM else "flat"


class DenseIndex:
    """Vectors, (n, dim) float32 L2-normalised, by position, in parts that are searched side by side."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self._parts = list(parts)
        self._starts = np.cumsum([0, *(int(part.ntotal) for part in self._parts)])

    @classmethod
    def build(cls, vectors: Array, kind: Kind | None = None) -> Self:
        """Index the vectors; `kind` defaults to what their number asks for."""
        n, dim = vectors.shape
        chosen = kind or kind_for(n)
        # FAISS answers one question on one thread, so that many vectors are cut into a part for each of two cores.
        n_parts = 2 if n >= _SQ8_FROM else 1
        bounds = [n * at // n_parts for at in range(n_parts + 1)]
        parts = []
        for start, end in pairwise(bounds):
            index: Any
            if chosen == "flat":
                index = faiss.IndexFlatIP(dim)
            else:
                quantiser = faiss.ScalarQuantizer.QT_fp16 if chosen == "fp16" else faiss.ScalarQuantizer.QT_8bit
                index = faiss.IndexScalarQuantizer(dim, quantiser, faiss.METRIC_INNER_PRODUCT)
                index.train(np.ascontiguousarray(vectors[:: max(1, n // 100_000)]))
            for at in range(start, end, 100_000):
                index.add(np.ascontiguousarray(vectors[at : min(at + 100_000, end)], dtype=np.float32))
            parts.append(index)
        return cls(parts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index; its vectors stay on disk until they are read."""
        paths = sorted(folder.glob("*.faiss"))
        if not paths:
            raise FileNotFoundError(folder)
        return cls([faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC) for path in paths])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for at, part in enumerate(self._parts):
            faiss.write_index(part, str(folder / f"{at}.faiss"))

    def __len__(self) -> int:
        return int(self._starts[-1])

    @property
    def dim(self) -> int:
        return int(self._parts[0].d)

    @property
    def kind(self) -> Kind:
        """Which type of index this is."""
        quantiser = getattr(self._parts[0], "sq", None)
        if quantiser is None:
            return "flat"
        return "fp16" if quantiser.qtype == faiss.ScalarQuantizer.QT_fp16 else "sq8"

    def search(self, vector: Array, k: int, allowed: Ids | None = None) -> tuple[Ids, Array]:
        """Positions and inner products of the best `k`, best first; only positions in `allowed` where it is given."""
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        chosen = None
        if allowed is not None:
            chosen = np.zeros(len(self), bool)
            chosen[allowed] = True
        spans = list(pairwise(int(start) for start in self._starts))
        if len(spans) == 1:
            found = [_search(self._parts[0], query, k, 0, chosen)]
        else:
            work = [
                _POOL.submit(_search, part, query, k, start, chosen if chosen is None else chosen[start:end])
                for part, (start, end) in zip(self._parts, spans, strict=True)
            ]
            found = [each.result() for each in work]
        ids, scores = (np.concatenate(column) for column in zip(*found, strict=True))
        best = np.argsort(-scores, kind="stable")[:k]
        return ids[best], scores[best]

    def vectors(self, ids: Ids) -> Array:
        """The stored vectors at these positions, (len(ids), dim) float32."""
        stored = np.empty((len(ids), self.dim), np.float32)
        places = np.searchsorted(self._starts, ids, side="right") - 1
        for at, part in enumerate(self._parts):
            here = places == at
            if here.any():
                stored[here] = part.reconstruct_batch(
                    np.ascontiguousarray(ids[here] - self._starts[at], dtype=np.int64)
                )
        return stored


_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="dense")


def _search(index: Any, query: Array, k: int, start: int, chosen: npt.NDArray[np.bool_] | None) -> tuple[Ids, Array]:
    """The best of one part, by their positions in the whole."""
    limit = int(index.ntotal) if chosen is None else int(chosen.sum())
    if min(k, limit) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    if chosen is None:
        scores, ids = index.search(query, min(k, limit))
    else:
        bindings: Any = faiss
        selector = bindings.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
        scores, ids = index.search(query, min(k, limit), params=bindings.SearchParameters(sel=selector))
    found = ids[0] >= 0
    return ids[0][found].astype(np.int64) + start, scores[0][found].astype(np.float32)
