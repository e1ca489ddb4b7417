"""The corpus, read once for all tests of the layouts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.extract import extract_file, extract_raw
from ingest.raw import RawDocument
from ingest.sources import load_sources
from records import Extraction, Figure, Metric, Project

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@cache
def read(prefix: str) -> Extraction:
    path = next(CORPUS.glob(f"{prefix}_*.txt"))
    facts = {entry.file: entry for entry in load_sources(CORPUS / "sources.toml")}
    return extract_file(path, facts[path.name])


def text_document(text: str) -> RawDocument:
    return RawDocument("made.txt", "text", "0" * 64, tuple(text.split("\n")), (), (), ())


def read_text(text: str) -> Extraction:
    return extract_raw(text_document(text), None, "made")


def projects(extraction: Extraction, year: int, kind: str | None = None) -> list[Project]:
    return [p for p in extraction.projects if p.fiscal_year == year and kind in (None, p.kind)]


def primary(extraction: Extraction, project: Project, metric: Metric) -> Figure | None:
    found = [f for f in extraction.figures if f.project_id == project.project_id and f.metric == metric and f.primary]
    assert len(found) <= 1
    return found[0] if found else None


def thousands(extraction: Extraction, project: Project, metric: Metric) -> int | None:
    figure = primary(extraction, project, metric)
    return None if figure is None else int(figure.value / 1000)
