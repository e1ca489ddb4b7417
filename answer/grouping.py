"""Rows put together by what they share, and their printed amounts added up, each sum with its inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from answer.evidence import Block
from answer.ledger import Row, keys_of
from records import Figure, Metric, Phase

# What tells in a row to which group it belongs.
_GROUP_NAMES = {"pillar": "柱", "department": "担当課", "category": "区分"}


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


def tell_outside_groups(block: Block, rows: Iterable[Row], by: str) -> None:
    """Note in a block the rows that belong to no group, and so are in none of its sums."""
    left = [row for row in rows if not any(keys_of(row, by))]
    if not left or by not in _GROUP_NAMES:
        return
    name = _GROUP_NAMES[by]
    categories = Counter(row.category for row in left if row.category)
    told = f"（{'、'.join(f'{category} {count}件' for category, count in categories.items())}）" if categories else ""
    block.notes.append(f"{name}の記載がない{len(left)}件{told}は、どの{name}にも数えていません。")
    block.computed.extend(Decimal(n) for n in (len(left), *categories.values()))
