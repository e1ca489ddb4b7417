"""Figures of an answer that only a sentence prints: 「動画視聴：529人」 with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from answer.indicator_measures import indicator_figures
from answer.ledger import Ledger
from answer.said import SaidNumber
from ingest.amounts import Amount, half_width
from records import Figure, Indicator, Passage, Source

_BREAK = re.compile(r"[、。，,；;（）()／/]")
_FRAME = " 　・：:は約"
# 「1,271台（４年度）」, 「３年度は20人」: a number of another year than the document's.
_OTHER_YEAR = re.compile(r"(?<!\d)(?:令和)?\s?(元|\d{1,2})年度末?")
_NEAR = 10
_REIWA = 2018
_TARGET_TOO = re.compile("目標|予定|計画")


def sentence_figures(
    said: Iterable[SaidNumber], ledger: Ledger, question: str, years: Sequence[int]
) -> tuple[Figure, ...]:
    """The numbers as figures, each value once for a place and year; of a line that prints an indicator its result, and
    where the question asks for it its target; of several years beside each other those asked for.
    """
    found: dict[tuple[object, ...], Figure] = {}
    for number in said:
        passage = number.passage
        place = ledger.place_of(ledger.documents[passage.document_id])
        indicators = _indicators_of(number, ledger)
        if indicators:
            for figure in _of_indicators(indicators, passage, ledger, question):
                if figure.unit not in number.units:
                    continue
                found.setdefault((place, figure.fiscal_year, figure.value, figure.unit), figure)
            continue
        for amount in number.numbers:
            figure = _figure(number, amount, ledger)
            found.setdefault((place, figure.fiscal_year, figure.value, figure.unit), figure)
    of_years = [f for f in found.values() if f.fiscal_year in years]
    return tuple(of_years or found.values())


def _indicators_of(number: SaidNumber, ledger: Ledger) -> list[Indicator]:
    """The indicators of the passage's project that the number's line prints."""
    held = ledger.indicators.get(number.passage.project_id or "", [])
    line = number.unit.line_start
    return [i for i in held if i.source.line_start <= line <= i.source.line_end]


def _of_indicators(
    indicators: Iterable[Indicator], passage: Passage, ledger: Ledger, question: str
) -> Iterator[Figure]:
    units = ("indicator_target", "indicator_result") if _TARGET_TOO.search(question) else ("indicator_result",)
    rows = [r for r in ledger.by_project[passage.project_id or ""] if r.fiscal_year == passage.fiscal_year]
    for indicator in indicators:
        yield from (f for row in rows[:1] for f in indicator_figures(indicator, row) if f.metric in units)


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
