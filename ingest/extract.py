"""One file of a municipality -> its Extraction."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ingest.joining import content_lines, tidy
from ingest.layouts import blocks, policy, review, web_policy
from ingest.raw import RawDocument
from ingest.readers import read_file
from ingest.reading import Reading
from ingest.sources import SourceFacts
from records import Document, Extraction

# The most telling shapes first: a block page also has headings, a web policy also is a policy.
_LAYOUTS = (blocks, review, web_policy, policy)


def extract_file(path: Path, facts: SourceFacts | None = None) -> Extraction:
    """Read one file; what `facts` leave open is proposed from the text. Raises ReadError where it cannot be read."""
    return extract_raw(read_file(path), facts, path.stem)


def extract_raw(raw: RawDocument, facts: SourceFacts | None, document_id: str) -> Extraction:
    """Read a document already in memory, by the layout that its text shows."""
    facts = facts or SourceFacts()
    proposed = _propose(raw)
    document = Document(
        document_id,
        raw.file,
        facts.title or proposed.title or raw.file,
        facts.publisher or proposed.publisher or "",
        facts.municipality or proposed.municipality or "",
        facts.municipality_code or "",
        facts.ward or proposed.ward,
        facts.ward_code,
        facts.licence or "",
        raw.sha256,
        (),
    )
    reading = Reading(document, raw)
    if facts.sha256 and facts.sha256 != raw.sha256:
        reading.warn(
            "ファイルの中身が、登録されたハッシュ（sha256）と違います。差し替えたのなら sources.toml を直してください。"
        )
    layout = next((each for each in _LAYOUTS if each.fits(raw)), None)
    if layout is None:
        from ingest.tables import read_generic  # the readers' side; it imports nothing from here

        read_generic(reading, raw)
        return reading.finish()
    parts = layout.read(reading, facts.parts)
    for known in facts.parts:
        if all(known.fiscal_year != part.fiscal_year for part in parts):
            reading.warn(f"sources.toml にある{known.fiscal_year}年度の部分が、本文に見つかりません。")
    return replace(reading.finish(), document=replace(reading.document, parts=parts))


def _propose(raw: RawDocument) -> SourceFacts:
    """Title, municipality and ward as the first lines of the text name them."""
    lines = content_lines(raw.lines)[:30]
    title = next(
        (tidy(line.text) for line in lines if 4 <= len(line.text) <= 80 and re.search(r"年度", line.text)), None
    )
    if title is None and lines:
        title = tidy(lines[0].text)[:80]
    text = "\n".join(line.text for line in lines)
    city = re.search(r"([一-龥ヶケァ-ヴーぁ-ん]{1,8}?[市町村])(?=[一-龥]{1,4}区|役所|役場|$|\s|長|教育)", text)
    ward = re.search(r"([一-龥ヶケ]{1,5}区)(?=役所|運営方針|個性|[\s　]|長|民)", text)
    municipality = city[1] if city else None
    named = ward[1] if ward else None
    if named and municipality and named.startswith(municipality):
        named = named[len(municipality) :]
    publisher = f"{municipality or ''}{named or ''}役所" if named else municipality
    return SourceFacts(title=title, municipality=municipality, ward=named, publisher=publisher)
