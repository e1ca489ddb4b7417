"""Documents of municipalities that do not exist, given as text and read as a file is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ingest.extract import extract_file
from ingest.sources import PartFacts, SourceFacts
from records import Extraction, Phase

# File, text, title, municipality, fiscal year and phase.
MadeUp = tuple[str, str, str, str, int, Phase]


def extractions(folder: Path, documents: Iterable[MadeUp]) -> tuple[Extraction, ...]:
    """The documents, written to a folder and read as `ingest add` reads a file whose facts are given."""
    found = []
    for file, text, title, municipality, year, phase in documents:
        path = folder / file
        path.write_text(text, "utf-8")
        facts = SourceFacts(
            file=file,
            title=title,
            publisher=municipality,
            municipality=municipality,
            ward=None,
            licence="作り物",
            parts=(PartFacts(year, None, phase),),
        )
        found.append(extract_file(path, facts))
    return tuple(found)
