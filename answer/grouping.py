"""Rows put together by what they share, and their printed amounts added up, each sum with its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from answer.ledger import Row
from records import Figure, Metric, Phase


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of one key, fiscal year and phase: figures of different phases are never added up."""

    key: str
    fiscal_year: int
    phase: Phase
    as_of: date | None
    rows: tuple[Row, ...]

    def inputs(self, metric: Metric) -> tuple[Figure, ...]:
        """The figures that a sum would be made of, in the order of the rows."""
        return tuple(row.figures[metric] for row in self.rows if metric in row.figures)

    def total(self, metric: Metric) -> Decimal | None:
        """The sum of the rows' amounts; None where a row prints none: a sum over some of them would mislead."""
        figures = self.inputs(metric)
        if len(figures) < len(self.rows) or any(figure.unit != "yen" for figure in figures):
            return None
        return sum((figure.value for figure in figures), Decimal(0))


def group_rows(rows: Iterable[Row], key_of: Callable[[Row], str]) -> tuple[RowGroup, ...]:
    """The rows by key, year and phase, in that order; every row is in one group."""
    groups: dict[tuple[str, int, Phase, date | None], list[Row]] = {}
    for row in rows:
        groups.setdefault((key_of(row), row.fiscal_year, row.phase, row.as_of), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (*item[0][:3], item[0][3] or date.min))
    return tuple(RowGroup(*shared, tuple(members)) for shared, members in ordered)
