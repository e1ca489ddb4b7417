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

# From the first of these sizes on, a collection is looked through along the directions in which its vectors reach
# furthest, at a third of the numbers, and the best are then compared in full: a third of the time, and the same ten.
_AXES = 128
_COMPARED = 10  # for each asked for
_HELD = 0.85  # of the vectors' squares must lie along those directions; else all are compared in full


def kind_for(n_vectors: int) -> Kind:
    """The type of index for so many vectors. All are exhaustive: an approximate graph loses filtered questions."""
    return "sq8" if n_vectors >= _SQ8_FROM else "fp16" if n_vectors >= _FP16_FROM else "flat"


class DenseIndex:
    """Vectors, (n, dim) float32 L2-normalised, by position, in parts that are searched side by side."""

    def __init__(self, parts: Sequence[Any], axes: Array | None = None, short: Sequence[Any] = ()) -> None:
        """`short` are the parts again, cut to `axes` (dim, _AXES); none where all are compared in full at once."""
        self._parts = list(parts)
        self._axes = axes
        self._short = list(short)
        self._starts = np.cumsum([0, *(int(part.ntotal) for part in self._parts)])

    @classmethod
    def build(cls, vectors: Array, kind: Kind | None = None) -> Self:
        """Index the vectors; `kind` defaults to what their number asks for."""
        n, dim = vectors.shape
        chosen = kind or kind_for(n)
        # FAISS answers one question on one thread, so that many vectors are cut into a part for each of two cores.
        n_parts = 2 if n >= _SQ8_FROM else 1
        bounds = [n * at // n_parts for at in range(n_parts + 1)]
        parts = [_filled(vectors, start, end, chosen) for start, end in pairwise(bounds)]
        axes = _main_axes(vectors) if n >= _FP16_FROM and dim > _AXES else None
        if axes is None:
            return cls(parts)
        return cls(parts, axes, [_filled(vectors, start, end, "sq8", axes) for start, end in pairwise(bounds)])

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index; its vectors stay on disk until they are read."""
        paths = sorted(folder.glob("*.faiss"))
        if not paths:
            raise FileNotFoundError(folder)
        opened = [faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC) for path in paths]
        if not (folder / "axes.npy").exists():
            return cls(opened)
        short = sorted((folder / "short").glob("*.faiss"))
        return cls(
            opened,
            np.load(folder / "axes.npy"),
            [faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC) for path in short],
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for at, part in enumerate(self._parts):
            faiss.write_index(part, str(folder / f"{at}.faiss"))
        if self._axes is not None:
            np.save(folder / "axes.npy", self._axes)
            (folder / "short").mkdir(exist_ok=True)
            for at, part in enumerate(self._short):
                faiss.write_index(part, str(folder / "short" / f"{at}.faiss"))

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
        if self._axes is not None and (allowed is None or len(allowed) > _COMPARED * k):
            ids, _ = self._nearest(self._short, query @ self._axes, _COMPARED * k, allowed)
            ids = np.sort(ids)
            scores = self.vectors(ids) @ query[0]
            best = np.argsort(-scores, kind="stable")[:k]
            return ids[best], scores[best]
        return self._nearest(self._parts, query, k, allowed)

    def _nearest(self, parts: Sequence[Any], query: Array, k: int, allowed: Ids | None) -> tuple[Ids, Array]:
        chosen = None
        if allowed is not None:
            chosen = np.zeros(len(self), bool)
            chosen[allowed] = True
        spans = list(pairwise(int(start) for start in self._starts))
        if len(spans) == 1:
            found = [_search(parts[0], query, k, 0, chosen)]
        else:
            work = [
                _POOL.submit(_search, part, query, k, start, chosen if chosen is None else chosen[start:end])
                for part, (start, end) in zip(parts, spans, strict=True)
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


def _filled(vectors: Array, start: int, end: int, kind: Kind, axes: Array | None = None) -> Any:
    """An index of the vectors from `start` to `end`, cut to `axes` where they are given."""
    n, dim = len(vectors), vectors.shape[1] if axes is None else axes.shape[1]

    def rows(span: slice) -> Array:
        chosen = vectors[span].astype(np.float32, copy=False)
        return np.ascontiguousarray(chosen if axes is None else chosen @ axes)

    index: Any
    if kind == "flat":
        index = faiss.IndexFlatIP(dim)
    else:
        quantiser = faiss.ScalarQuantizer.QT_fp16 if kind == "fp16" else faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexScalarQuantizer(dim, quantiser, faiss.METRIC_INNER_PRODUCT)
        index.train(rows(slice(None, None, max(1, n // 100_000))))
    for at in range(start, end, 100_000):
        index.add(rows(slice(at, min(at + 100_000, end))))
    return index


def _main_axes(vectors: Array) -> Array | None:
    """The directions along which the vectors reach furthest, (dim, _AXES) float32; None where they hold too little."""
    sample = vectors[:: max(1, len(vectors) // 50_000)].astype(np.float32, copy=False)
    squares, axes = np.linalg.eigh(sample.T @ sample)
    if squares[-_AXES:].sum() < _HELD * squares.sum():
        return None
    return np.ascontiguousarray(axes[:, ::-1][:, :_AXES], dtype=np.float32)


# FAISS answers one question on one thread; a second would be woken for nothing and, on a busy machine, waited for.
faiss.omp_set_num_threads(1)
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
