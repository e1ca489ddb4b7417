"""A library that needs no model: the real documents as read, and a search that counts shared pairs of characters."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from index.library import Library
from ingest.audit import audit
from ingest.corpus import document_files
from ingest.extract import extract_file
from ingest.sources import load_sources
from records import Extraction, Hit, Passage, SearchResult, SearchScope, Source

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


class FakeLibrary(Library):
    """What `open_library` would give, without an index."""

    def __init__(self) -> None:
        facts = {entry.file: entry for entry in load_sources(CORPUS / "sources.toml")}
        self._extractions = [extract_file(path, facts.get(path.name)) for path in document_files(CORPUS)]
        self.documents = {e.document.document_id: e.document for e in self._extractions}
        self.projects = {p.project_id: p for e in self._extractions for p in e.projects}
        self.figures = tuple(f for e in self._extractions for f in e.figures)
        self.indicators = tuple(i for e in self._extractions for i in e.indicators)
        self.sections = tuple(s for e in self._extractions for s in e.sections)
        self.findings = tuple(audit(self._extractions))
        self._lines = {e.document.document_id: e.lines for e in self._extractions}
        self.passages = tuple(
            Passage(
                passage_id=section.section_id,
                document_id=section.document_id,
                fiscal_year=section.fiscal_year,
                part_index=section.part_index,
                project_id=section.project_id,
                sub_project_id=section.sub_project_id,
                heading=" > ".join(section.heading),
                text="\n".join(unit.text for unit in section.units),
                units=section.units,
                source=Source(
                    section.document_id,
                    self.documents[section.document_id].file,
                    None,
                    section.units[0].line_start,
                    section.units[-1].line_end,
                    section.units[0].text,
                ),
            )
            for section in self.sections
        )

    def extraction(self, document_id: str) -> Extraction:
        return next(e for e in self._extractions if e.document.document_id == document_id)

    def lines(self, document_id: str) -> tuple[str, ...]:
        return self._lines[document_id]

    def search(self, query: str, k: int = 10, scope: SearchScope | None = None) -> SearchResult:
        scope = scope or SearchScope()
        inside = [
            p
            for p in self.passages
            if (not scope.document_ids or p.document_id in scope.document_ids)
            and (not scope.fiscal_years or p.fiscal_year in scope.fiscal_years)
            and (not scope.project_ids or p.project_id in scope.project_ids or p.sub_project_id in scope.project_ids)
        ]
        scored = sorted(((_shared(query, p.heading + p.text), p) for p in inside), key=lambda pair: -pair[0])[:k]
        hits = tuple(Hit(p, rank, score, (("pairs", score),)) for rank, (score, p) in enumerate(scored, 1) if score)
        return SearchResult(hits, hits[0].score if hits else 0.0)

    def unit_scores(self, query: str, passage: Passage) -> list[float]:
        return [_shared(query, unit.text) for unit in passage.units]


def _shared(query: str, text: str) -> float:
    pairs = {query[i : i + 2] for i in range(len(query) - 1)}
    return sum(pair in text for pair in pairs) / max(1, len(pairs))


@cache
def fake_library() -> FakeLibrary:
    """One for the whole test run."""
    return FakeLibrary()
