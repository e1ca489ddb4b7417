"""Which fiscal year, kind and phase a stretch of a document has, from its own titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.amounts import half_width
from ingest.eras import find_years
from ingest.joining import Line
from ingest.raw import RawDocument
from ingest.sources import PartFacts
from records import Part, Phase

_KINDS: tuple[tuple[str, Phase], ...] = (
    (r"決算総括説明書|決算説明書|決算概要|決算報告書?|決算", "settlement"),
    (r"執行状況|執行実績", "interim"),
    (r"予算編成に向けて|予算編成の?考え方|予算編成方針|予算要求", "plan"),
    (r"予算案|予算の?概要|予算概要説明書|当初予算|予算", "initial_budget"),
    (r"振り返り|達成状況|実績報告", "result"),
    (r"運営方針", "plan"),
)
_TAIL = re.compile(r"(?:の概要|について|説明資料|\(案\)|（案）|\(概要\)|（概要）|【[^】]*】)*$")
_AS_OF = re.compile(
    r"(?:(令和|平成)\s*(元|\d{1,2})\s*年\s*|(\d{4})年\s*)?(\d{1,2})\s*月\s*(\d{1,2}|末)\s*日?\s*(?:現在|時点)"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A line that names a fiscal year and a kind of document."""

    line: int
    fiscal_year: int
    kind: str
    phase: Phase
    subject: str


def parse_title(line: Line) -> Title | None:
    """The title that this line is, or None; an entry of an agenda (（２）令和５年度 …について) is none.

    >>> parse_title(Line(1, "令和４年度　旭区個性ある区づくり推進費　決算総括説明書", False)).subject
    '旭区個性ある区づくり推進費'
    """
    text = line.text
    if len(text) > 60 or re.match(r"^[（(〇○・※]|^[0-9０-９]+[\s　.．]", text) or "。" in text:
        return None
    years = [mention for mention in find_years(text) if mention.fiscal]
    if not years:
        return None
    rest = text[years[0].end :]
    core = _TAIL.sub("", rest.strip("」』 　"))
    for pattern, phase in _KINDS:
        match = re.search(rf"(?:{pattern})$", re.sub(r"[\s　]", "", core))
        if match:
            subject = re.sub(r"[\s　]", "", core)[: match.start()].strip("「」『』の")
            tail = rest.strip()[len(core) :] if rest.strip().startswith(core) else ""
            kind = match.group() + ("（案）" if re.search(r"[（(]案[)）]", tail) else "")
            return Title(line.number, years[0].year, kind, phase, subject)
    return None


def parse_as_of(text: str, fiscal_year: int) -> date | None:
    """The date of "（７月31日現在）" in that fiscal year.

    >>> parse_as_of("（７月31日現在）", 2023), parse_as_of("(２月末現在)", 2023)
    (datetime.date(2023, 7, 31), datetime.date(2024, 2, 29))
    """
    match = _AS_OF.search(half_width(text))
    if match is None:
        return None
    month = int(match[4])
    if not 1 <= month <= 12:
        return None
    year = fiscal_year + (1 if month <= 3 else 0)
    if match[1]:
        year = {"令和": 2018, "平成": 1988}[match[1]] + (1 if match[2] == "元" else int(match[2]))
    elif match[3]:
        year = int(match[3])
    try:
        if match[5] == "末":
            following = date(year + month // 12, month % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1)
        return date(year, month, int(match[5]))
    except ValueError:
        return None


def page_starts(raw: RawDocument) -> set[int]:
    """The lines that begin a page: by the format, a form feed, or an indented line with no blank line before it."""
    if raw.pages and len(set(raw.pages)) > 1:
        return {n for n in range(1, len(raw.lines) + 1) if n == 1 or raw.pages[n - 1] != raw.pages[n - 2]}
    starts = {1}
    for number in range(2, len(raw.lines) + 1):
        line, before = raw.lines[number - 1], raw.lines[number - 2]
        if "\f" in line or "\f" in before or (line[:1] == " " and line.strip() and before.strip()):
            starts.add(number)
    return starts


def settle_part(
    document_id: str,
    index: int,
    fiscal_year: int,
    kind: str,
    phase: Phase,
    as_of: date | None,
    line_start: int,
    line_end: int,
    facts: Sequence[PartFacts],
    *,
    whole: bool = False,
) -> Part:
    """The part that the text shows, with what the facts say of that fiscal year put over it.

    `whole`: the document has no other part, so that a single fact is about it whatever year the text shows.
    """
    if whole and len(facts) == 1:
        fiscal_year = facts[0].fiscal_year
    same = [fact for fact in facts if fact.fiscal_year == fiscal_year]
    known = next((fact for fact in same if fact.phase in (phase, None)), same[0] if len(same) == 1 else None)
    if known is not None:
        kind, phase, as_of = known.kind or kind, known.phase or phase, known.as_of or as_of
    return Part(document_id, index, fiscal_year, kind, phase, as_of, line_start, line_end)
