"""Figures of an answer that only a sentence prints: 「動画視聴：529人」 with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from answer.ledger import Ledger
from answer.said import SaidNumber
from ingest.amounts import Amount, half_width
from records import Figure, Passage, Source

_BREAK = re.compile(r"[、。，,；;（）()／/]")
_FRAME = " 　・：:は約"
# 「1,271台（４年度）」, 「３年度は20人」: a number of another year than the document's.
_OTHER_YEAR = re.compile(r"(?<!\d)(?:令和)?\s?(元|\d{1,2})年度末?")
_NEAR = 10
_REIWA = 2018


def sentence_figures(said: Iterable[SaidNumber], ledger: Ledger) -> tuple[Figure, ...]:
    """The numbers as figures, each value once for a place and year; a number that is not alone in its place is none."""
    found: dict[tuple[object, ...], Figure] = {}
    for number in said:
        passage = number.passage
        place = ledger.place_of(ledger.documents[passage.document_id])
        if number.unit.line_start in _indicator_lines(passage, ledger):
            # A target and its result: the answer shows them as printed.
            continue
        for amount in number.numbers:
            figure = _figure(number, amount, ledger)
            found.setdefault((place, figure.fiscal_year, figure.value, figure.unit), figure)
    return tuple(found.values())


def _indicator_lines(passage: Passage, ledger: Ledger) -> set[int]:
    """The lines of the passage's project that print an indicator with its result."""
    held = ledger.indicators.get(passage.project_id or "", [])
    return {line for i in held if i.result for line in range(i.source.line_start, i.source.line_end + 1)}


def _figure(number: SaidNumber, amount: Amount, ledger: Ledger) -> Figure:
    passage, unit = number.passage, number.unit
    document = ledger.documents[passage.document_id]
    part = ledger.part_of(passage.document_id, passage.part_index)
    project_id = passage.sub_project_id or passage.project_id
    source = Source(
        document_id=passage.document_id,
        file=document.file,
        page=passage.source.page,
        line_start=unit.line_start,
        line_end=unit.line_end,
        quote=unit.text,
    )
    return Figure(
        figure_id=f"{passage.passage_id}:{unit.line_start}:{amount.start}",
        document_id=passage.document_id,
        part_index=passage.part_index,
        fiscal_year=_fiscal_year(unit.text, amount, passage.fiscal_year),
        phase=part.phase,
        as_of=part.as_of,
        project_id=project_id,
        section=None if project_id else passage.heading,
        metric="other" if amount.kind == "yen" else "count",
        label=_label(unit.text, amount),
        value=amount.value,
        unit=amount.unit,
        printed=amount.printed,
        table="text",
        primary=True,
        confidence=1.0,
        source=source,
    )


def _label(text: str, amount: Amount) -> str:
    """What stands right before the number: 「来場者数」 of 「こども自然公園（来場者数：1,550人）」."""
    pieces = [piece.strip(_FRAME) for piece in _BREAK.split(text[: amount.start])]
    return next((piece for piece in reversed(pieces) if piece), text)


def _fiscal_year(text: str, amount: Amount, fiscal_year: int) -> int:
    """The year of the document, or the one that is named right beside the number."""
    around = half_width(text[max(0, amount.start - _NEAR) : amount.end + _NEAR])
    named = {_REIWA + (1 if m[1] == "元" else int(m[1])) for m in _OTHER_YEAR.finditer(around)}
    return named.pop() if len(named) == 1 and fiscal_year > _REIWA else fiscal_year
