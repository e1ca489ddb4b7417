"""Counts printed in running text (６回, 延べ87人, 68.5%), each with what it counts."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reading import Reading
from records import Part, Project, TextUnit


def add_counts(reading: Reading, part: Part, project: Project, units: Sequence[TextUnit]) -> None:
    """Add a figure for every count whose subject is clear."""
