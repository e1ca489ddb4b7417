"""One file of a municipality -> its Extraction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ingest.layouts import blocks, policy, review, web_policy
from ingest.raw import RawDocument
from ingest.readers import read_file
from ingest.reading import Reading
from ingest.sources import PartFacts, SourceFacts
from ingest.tables import propose_facts, read_generic
from ingest.tables.facts import find_place
from records import Document, Extraction, Part

# The most telling shapes first: a block page also has headings, a web policy also is a policy.
_LAYOUTS = (blocks, review, web_policy, policy)


def extract_file(path: Path, facts: SourceFacts | None = None) -> Extraction:
    """Read one file; what `facts` leave open is proposed from the text. Raises ReadError where it cannot be read."""
    return extract_raw(read_file(path), facts, path.stem)


def extract_raw(raw: RawDocument, facts: SourceFacts | None, document_id: str) -> Extraction:
    """Read a document already in memory, by the layout that its text shows; any other goes to the generic reading."""
    facts = facts or SourceFacts()
    reading = Reading(_document(raw, facts, document_id), raw)
    if facts.sha256 and facts.sha256 != raw.sha256:
        reading.warn(
            "ファイルの中身が、登録されたハッシュ（sha256）と違います。差し替えたのなら sources.toml を直してください。"
        )
    layout = next((each for each in _LAYOUTS if each.fits(raw)), None)
    if layout is None:
        reading.document = replace(reading.document, parts=_given_parts(reading, facts.parts))
        read_generic(reading, raw)
    else:
        if layout is blocks and not facts.title:
            reading.document = replace(reading.document, title=blocks.propose_title(raw) or reading.document.title)
        reading.document = replace(reading.document, parts=layout.read(reading, facts.parts))
    for known in facts.parts:
        if all(known.fiscal_year != part.fiscal_year for part in reading.document.parts):
            reading.warn(f"登録された{known.fiscal_year}年度の部分が、本文に見つかりません。")
    return reading.finish()


def _document(raw: RawDocument, facts: SourceFacts, document_id: str) -> Document:
    """The facts given, and what the text itself says where nobody gave them."""
    proposed = propose_facts(raw)
    municipality = facts.municipality or (proposed.municipality.value if proposed.municipality else "")
    same_place = not facts.municipality or (proposed.municipality and proposed.municipality.value == facts.municipality)
    ward = facts.ward or (proposed.ward.value if proposed.ward and same_place else None)
    listed = find_place(municipality, None)
    code = proposed.municipality_code.value if proposed.municipality_code and same_place else ""
    same_ward = same_place and proposed.ward is not None and proposed.ward.value == ward
    ward_code = proposed.ward_code.value if proposed.ward_code and same_ward else None
    listed_ward = find_place(municipality, ward) if ward else None
    return Document(
        document_id=document_id,
        file=raw.file,
        title=facts.title or (proposed.title.value if proposed.title else raw.file),
        publisher=facts.publisher or (proposed.publisher.value if proposed.publisher and same_place else municipality),
        municipality=municipality,
        municipality_code=facts.municipality_code or code or (listed.code if listed else ""),
        ward=ward,
        ward_code=facts.ward_code or ward_code or (listed_ward.code if listed_ward else None),
        licence=facts.licence or "",
        sha256=raw.sha256,
        parts=(),
    )


def _given_parts(reading: Reading, given: tuple[PartFacts, ...]) -> tuple[Part, ...]:
    """The part that somebody described, over the whole document; none where nobody did, or several were."""
    if len(given) != 1:
        return ()
    proposed = propose_facts(reading.raw)
    facts = given[0]
    kind = facts.kind or (proposed.kind.value if proposed.kind else "文書")
    phase = facts.phase or (proposed.phase.value if proposed.phase else "plan")
    as_of = facts.as_of or (proposed.as_of.value if proposed.as_of else None)
    last = max(1, len(reading.raw.lines))
    return (Part(reading.document.document_id, 0, facts.fiscal_year, kind, phase, as_of, 1, last),)
