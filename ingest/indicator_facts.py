"""What an indicator has from its place on the page: its kind, and the phase of the year that it stands under."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from records import Figure, Indicator, Part, Phase

_KIND = re.compile(r"^\s*[①-⑳0-9０-９]?\s*((?:活動|成果|対象|達成|評価|数値)指標)")
_PLANNED: frozenset[Phase] = frozenset(("plan", "initial_budget"))


def indicator_kind(indicator: Indicator) -> str | None:
    """The kind that the line of an indicator prints in front of it (活動指標, 成果指標), or None."""
    match = _KIND.match(indicator.source.quote)
    return match[1] if match else None


def indicator_phases(
    indicators: Iterable[Indicator], figures: Iterable[Figure], parts: Iterable[Part]
) -> dict[str, Phase | None]:
    """The phase of each indicator, by its id; None where nothing tells.

    An indicator printed for one year only has the phase of that year's part. One that a table prints for several years
    has that of its own column: the phase of the same project's amounts of that year, as far as a target can have a
    plan's and a result cannot.
    """
    indicators = tuple(indicators)
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for indicator in indicators:
        years[indicator.project_id, indicator.name].add(indicator.fiscal_year)
    amounts: dict[tuple[str | None, int], set[Phase]] = defaultdict(set)
    for figure in figures:
        amounts[figure.project_id, figure.fiscal_year].add(figure.phase)
    part_of = {(part.document_id, part.fiscal_year): part for part in parts}
    found: dict[str, Phase | None] = {}
    for indicator in indicators:
        part = part_of.get((indicator.document_id, indicator.fiscal_year))
        if len(years[indicator.project_id, indicator.name]) == 1:
            found[indicator.indicator_id] = part.phase if part else None
            continue
        planned = indicator.target is not None and indicator.result is None
        fitting = {p for p in amounts[indicator.project_id, indicator.fiscal_year] if (p in _PLANNED) is planned}
        fallback: Phase = "plan" if planned else "result"
        found[indicator.indicator_id] = fitting.pop() if len(fitting) == 1 else fallback
    return found
