"""BM25 over one kind of term (dictionary forms, character pairs), by bm25s."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


class LexicalIndex:
    """Documents by position, as bags of terms."""

    def __init__(self, vocabulary: dict[str, int], scores: Any, idf: Array, n_documents: int) -> None:
        self._vocabulary = vocabulary
        self._bm25 = scores
        self._idf = idf
        self.n_documents = n_documents

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]], k1: float = 0.9, b: float = 0.75) -> Self:
        """Index the documents' terms."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms] for terms in documents]
        n_documents = len(ids)
        vocabulary.setdefault("", len(vocabulary))
        if not any(ids):
            ids.append([vocabulary[""]])  # bm25s divides by the mean length: one document more, never returned
        index = bm25s.BM25(k1=k1, b=b, backend="numpy")
        index.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        frequency = np.zeros(len(vocabulary), np.float32)
        for terms in ids:
            frequency[np.unique(np.array(terms, dtype=np.int64))] += 1
        idf = np.log1p((len(ids) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        return cls(vocabulary, index, idf, n_documents)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index, memory-mapped."""
        import bm25s

        vocabulary = json.loads((folder / "terms.json").read_text("utf-8"))
        index = bm25s.BM25.load(folder, mmap=True, load_vocab=False)
        places = {term: i for i, term in enumerate(vocabulary["terms"])}
        return cls(places, index, np.load(folder / "idf.npy"), vocabulary["n_documents"])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._bm25.save(folder, show_progress=False)
        held = {"n_documents": self.n_documents, "terms": list(self._vocabulary)}
        (folder / "terms.json").write_text(json.dumps(held, ensure_ascii=False), "utf-8")
        np.save(folder / "idf.npy", self._idf)

    def scores(self, terms: Sequence[str]) -> Array:
        """BM25 of every document for these terms, (n,) float32; unknown terms count nothing."""
        known = [self._vocabulary[term] for term in terms if term in self._vocabulary]
        if not known:
            return np.zeros(self.n_documents, np.float32)
        found: Array = self._bm25.get_scores_from_ids(known)
        return found[: self.n_documents]

    def shares(self, terms: Sequence[str]) -> Array:
        """BM25 of every document as a share, 0 to 1, of what one full of each of the terms would get, (n,) float32."""
        distinct = list(dict.fromkeys(terms))
        whole = sum(self.rarity(term) for term in distinct)
        shares: Array = self.scores(distinct) / np.float32(max(whole, 1e-6))
        return shares

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term; that of a term never seen where it is unknown."""
        at = self._vocabulary.get(term)
        return float(self._idf[at]) if at is not None else self.rarest

    @property
    def rarest(self) -> float:
        """Inverse document frequency of a term that no document holds."""
        return float(np.log1p((self.n_documents + 0.5) / 0.5))

    def __contains__(self, term: str) -> bool:
        return term in self._vocabulary
