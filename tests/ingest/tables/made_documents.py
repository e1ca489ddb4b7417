"""Short ways to read a document of our own making, and to ask what was read."""

from __future__ import annotations

from decimal import Decimal

from ingest.raw import RawDocument
from ingest.readers import read_bytes
from ingest.reading import Reading
from ingest.tables import read_generic
from records import Document, Extraction, Project


def read(name: str, data: str | bytes) -> Extraction:
    """Read a document as `ingest add` does, nothing known of it but its text."""
    raw: RawDocument = read_bytes(name, data.encode() if isinstance(data, str) else data)
    document = Document("d", raw.file, raw.file, "", "", "", None, None, "", raw.sha256, ())
    reading = Reading(document, raw)
    read_generic(reading, raw)
    return reading.finish()


def by_name(extraction: Extraction, name: str) -> Project:
    (project,) = [project for project in extraction.projects if project.name == name]
    return project


def values(extraction: Extraction, primary: bool = True) -> dict[tuple[str, int, str], Decimal]:
    """Every figure of a project in one of the main metrics: (name, year, metric) to value."""
    names = {project.project_id: project.name for project in extraction.projects}
    return {
        (names[figure.project_id], figure.fiscal_year, figure.metric): figure.value
        for figure in extraction.figures
        if figure.project_id and figure.metric != "other" and figure.primary is primary
    }


def yen(thousands: int) -> Decimal:
    return Decimal(thousands) * 1000
