"""What the index holds, opened for reading: documents, figures, passages, and search over them."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.state import StateLayout
from records import Document, Figure, Indicator, Passage, Project, SearchResult, SearchScope, Section


class Library:
    """The serving generation. Opening is cheap: the embedding model loads at the first question."""

    documents: Mapping[str, Document]
    projects: Mapping[str, Project]
    figures: tuple[Figure, ...]
    indicators: tuple[Indicator, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]

    def lines(self, document_id: str) -> tuple[str, ...]:
        """The stored text of a document, line by line; what every Source points into."""
        raise NotImplementedError

    def search(self, query: str, k: int = 10, scope: SearchScope | None = None) -> SearchResult:
        """The best `k` passages inside `scope`, best first."""
        raise NotImplementedError

    def unit_scores(self, query: str, passage: Passage) -> list[float]:
        """How far each of the passage's units (sentence, bullet) answers the question, 0 to 1, in their order."""
        raise NotImplementedError


def open_library(layout: StateLayout | None = None) -> Library:
    """Open the serving generation; `index.generation.IndexUnavailable` (Japanese) where there is none to open."""
    raise NotImplementedError


