"""What the index holds, opened for reading: documents, figures, passages, and search over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.answerable import Evidence, probability
from index.encoder import Encoded, Encoder, open_encoder
from index.figures import FigureTable
from index.generation import IndexUnavailableError, Manifest, check_model, load_passages, serving_generation
from index.pipeline import Found, Pipeline
from index.synonyms import meanings
from index.tokens import words
from ingest.state import StateLayout, state_layout
from ingest.store import StoreError, decode
from records import (
    Document,
    Extraction,
    Figure,
    Finding,
    Hit,
    Indicator,
    Passage,
    Project,
    SearchResult,
    SearchScope,
    Section,
)

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


class Library:
    """One generation, read only. Each thing is read when first asked for; the embedding model at the first search."""

    def __init__(self, folder: Path, manifest: Manifest, encoder: Encoder) -> None:
        self.folder = folder
        self.manifest = manifest
        self.encoder = encoder
        self.tables = FigureTable(folder)
        self._extractions: dict[str, Extraction] = {}
        self._questions: dict[str, Encoded] = {}

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """By document_id, in the order of the corpus."""
        return {document.document_id: document for document in self.tables.documents}

    @cached_property
    def projects(self) -> Mapping[str, Project]:
        """By project_id, in the order of the documents."""
        return {project.project_id: project for project in self.tables.projects}

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, second prints included, in the order of the documents."""
        return self.tables.figures

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator, in the order of the documents."""
        return self.tables.indicators

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage, in the order of the documents."""
        return load_passages(self.folder)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every section, in the order of the documents."""
        return tuple(section for name in self.manifest.documents for section in self.extraction(name).sections)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Where the documents do not agree with themselves, as the audit found when the generation was built."""
        held = json.loads((self.folder / "findings.json").read_text("utf-8"))
        return tuple(decode(Finding, finding) for finding in held)

    def extraction(self, document_id: str) -> Extraction:
        """All that was read from a document, its warnings included; KeyError where the index does not hold it."""
        if document_id not in self.manifest.documents:
            raise KeyError(document_id)
        if document_id not in self._extractions:
            path = self.folder / "documents" / f"{document_id}.json"
            try:
                self._extractions[document_id] = decode(Extraction, json.loads(path.read_text("utf-8")))
            except (OSError, ValueError, StoreError) as error:
                raise IndexUnavailableError(
                    f"索引の中の文書 {path.name} を読めません（{error}）。"
                    "`python -m index build` で作り直してください。"
                ) from error
        return self._extractions[document_id]

    def lines(self, document_id: str) -> tuple[str, ...]:
        """The stored text of a document, line by line; what every Source points into."""
        return self.extraction(document_id).lines

    @cached_property
    def pipeline(self) -> Pipeline:
        """Retrieval over `passages`, by position; IndexUnavailableError where another model built it."""
        check_model(self.manifest, self.encoder)
        try:
            return Pipeline.load(self.folder / "retrieval", self.encoder)
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexUnavailableError(
                f"索引 {self.folder} を開けません（{error}）。`python -m index build` で作り直してください。"
            ) from error

    @cached_property
    def _places(self) -> dict[str, int]:
        """Passage id -> position."""
        return {passage.passage_id: at for at, passage in enumerate(self.passages)}

    def warm(self) -> None:
        """Load what a search needs, so that the first one does not wait; for a process that stays."""
        self.search("準備")

    def search(self, query: str, k: int = 10, scope: SearchScope | None = None) -> SearchResult:
        """The best `k` passages inside `scope`, best first, each a Hit with its retrievers' scores."""
        if not query.strip():
            return SearchResult((), 0.0)
        found = self.pipeline.find(query, self._allowed(scope), self._question(query))
        hits = tuple(
            Hit(
                passage=self.passages[int(found.ids[at])],
                rank=at + 1,
                score=float(found.scores[at]),
                scores=tuple((name, float(part[at])) for name, part in found.parts.items()),
            )
            for at in range(min(k, len(found.ids)))
        )
        return SearchResult(hits, probability(_evidence(query, found)) if hits else 0.0)

    def evidence(self, query: str) -> Evidence:
        """What there is to say for an answer to the question in the whole collection, which must hold a passage."""
        return _evidence(query, self.pipeline.find(query, encoded=self._question(query)))

    def _question(self, query: str) -> Encoded:
        """The question's vectors, kept for the scores of units that follow a search."""
        if query not in self._questions:
            if len(self._questions) >= 64:
                self._questions.pop(next(iter(self._questions)))
            self._questions[query] = self.encoder.questions([query])[0]
        return self._questions[query]

    def _allowed(self, scope: SearchScope | None) -> Ids | None:
        """Positions of the passages inside a scope, or None where it does not filter."""
        if scope is None or not (scope.document_ids or scope.fiscal_years or scope.project_ids):
            return None
        columns = self._columns
        inside = np.ones(len(self.passages), bool)
        if scope.document_ids:
            inside &= np.isin(columns["document_id"], scope.document_ids)
        if scope.fiscal_years:
            inside &= np.isin(columns["fiscal_year"], scope.fiscal_years)
        if scope.project_ids:
            of_project = np.isin(columns["project_id"], scope.project_ids)
            inside &= of_project | np.isin(columns["sub_project_id"], scope.project_ids)
        return np.flatnonzero(inside).astype(np.int64)

    @cached_property
    def _columns(self) -> dict[str, npt.NDArray[Any]]:
        """What a scope filters on, a value for each passage; no project is the empty string."""
        names = ("document_id", "fiscal_year", "project_id", "sub_project_id")
        return {name: np.array([getattr(passage, name) or "" for passage in self.passages]) for name in names}

    def unit_scores(self, query: str, passage: Passage) -> list[float]:
        """How far each of the passage's units (sentence, bullet) answers the question, 0 to 1, in their order.

        Half how near the question's pieces come to the unit's own, half the share of the question's words, weighted by
        rarity, that the unit holds.
        """
        pipeline = self.pipeline
        asked = set(meanings(query))
        rarities = {word: pipeline.words.rarity(word) for word in asked}
        total = sum(rarities.values()) or 1.0
        shares = [
            sum(rarities[word] for word in asked.intersection(meanings(unit.text))) / total for unit in passage.units
        ]
        if pipeline.late is None:
            return shares
        # Lines are cut into pieces one by one, so that their counts say where each unit begins.
        counts = self.encoder.count_pieces([passage.heading, *(unit.text for unit in passage.units)])
        starts = [int(start) for start in np.cumsum(counts)]
        near = pipeline.late.span_scores(self._question(query).tokens, self._places[passage.passage_id], starts)
        low, high = _NEAR
        return [
            0.5 * min(max((float(n) - low) / (high - low), 0.0), 1.0) + 0.5 * share
            for n, share in zip(near, shares, strict=True)
        ]


def _evidence(query: str, found: Found) -> Evidence:
    asked = {word.lemma for word in words(query) if word.is_content and not word.is_asking}
    late = float(found.parts["late"].max()) if "late" in found.parts else None
    return Evidence(float(found.parts["dense"].max()), late, len(asked))


_NEAR = 0.7, 0.95
"""Between which cosines e5's pieces range from strange to the same."""


def open_library(layout: StateLayout | None = None) -> Library:
    """Open the serving generation; IndexUnavailableError (Japanese, says what to run) where there is none to open."""
    layout = layout or state_layout()
    folder, manifest = serving_generation(layout)
    return Library(folder, manifest, open_encoder(layout))
