"""Exact nearest neighbours by inner product, in FAISS, with hard filters."""

from __future__ import annotations

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
    """Vectors, (n, dim) float32 L2-normalised, by position."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Array, kind: Kind | None = None) -> Self:
        """Index the vectors; `kind` defaults to what their number asks for."""
        n, dim = vectors.shape
        chosen = kind or kind_for(n)
        index: Any
        if chosen == "flat":
            index = faiss.IndexFlatIP(dim)
        else:
            quantiser = faiss.ScalarQuantizer.QT_fp16 if chosen == "fp16" else faiss.ScalarQuantizer.QT_8bit
            index = faiss.IndexScalarQuantizer(dim, quantiser, faiss.METRIC_INNER_PRODUCT)
            step = max(1, n // 100_000)
            index.train(np.ascontiguousarray(vectors[::step]))
        for start in range(0, n, 100_000):
            index.add(np.ascontiguousarray(vectors[start : start + 100_000], dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a saved index; its vectors stay on disk until they are read."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        return int(self._index.d)

    @property
    def kind(self) -> Kind:
        """Which type of index this is."""
        quantiser = getattr(self._index, "sq", None)
        if quantiser is None:
            return "flat"
        return "fp16" if quantiser.qtype == faiss.ScalarQuantizer.QT_fp16 else "sq8"

    def search(self, vector: Array, k: int, allowed: Ids | None = None) -> tuple[Ids, Array]:
        """Positions and inner products of the best `k`, best first; only positions in `allowed` where it is given."""
        limit = len(self) if allowed is None else len(allowed)
        k = min(k, limit)
        if k == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if allowed is None:
            scores, ids = self._index.search(query, k)
        else:
            bitmap = np.zeros((len(self) + 7) // 8 * 8, bool)
            bitmap[allowed] = True
            packed = np.packbits(bitmap, bitorder="little")
            bindings: Any = faiss
            selector = bindings.IDSelectorBitmap(packed)
            scores, ids = self._index.search(query, k, params=bindings.SearchParameters(sel=selector))
        found = ids[0] >= 0
        return ids[0][found].astype(np.int64), scores[0][found].astype(np.float32)

    def vectors(self, ids: Ids) -> Array:
        """The stored vectors at these positions, (len(ids), dim) float32."""
        stored: Array = self._index.reconstruct_batch(np.ascontiguousarray(ids, dtype=np.int64))
        return stored
