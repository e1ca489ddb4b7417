"""What was found for a plan: blocks of rows with values, one block for each place, year and document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from answer.ledger import Row
from answer.types import Exclusion, Operation, Reason, Status
from answer.values import Value
from ingest.eras import fiscal_year_label
from records import Figure

# What a change comes from where a budget book prints it itself, and what a list of such changes is.
PRINTED_CHANGE = "資料に印字された増減"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an answer: a row, the values that answer, and others shown beside them."""

    row: Row
    values: tuple[Value, ...]
    beside: tuple[Value, ...] = ()
    note: str = ""


@dataclass(slots=True)
class Block:
    """The rows of one place, year and phase.

    `extra_figures` are printed figures that the text tells beside the answer, `wholes` those that a share is taken of,
    `groups` the departments, pillars or categories that an order of them tells.
    """

    row: Row
    title: str
    items: list[Item] = field(default_factory=list)
    considered: int = 0
    excluded: list[Exclusion] = field(default_factory=list)
    result: Decimal | None = None
    unit: str | None = None
    formula: str = ""
    notes: list[str] = field(default_factory=list)
    extra_figures: list[Figure] = field(default_factory=list)
    wholes: list[Figure] = field(default_factory=list)
    headline: str = ""
    computed: list[Decimal] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)
    groups: tuple[str, ...] = ()


@dataclass(slots=True)
class Evidence:
    """Everything that the answer's text may speak of.

    `operation` is set where another than the plan's was carried out (a metric asked of nothing is a sum).
    `final`: what is missing is known to be missing, so that no sentence of the documents could answer instead.
    """

    status: Status = "answered"
    reason: Reason | None = None
    message: str = ""
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    description: str = ""
    final: bool = False
    operation: Operation | None = None


def phase_label(row: Row) -> str:
    """The phase of a row's part, as an answer must say it: 決算, 7月31日現在の執行状況（中間）."""
    if row.phase == "interim":
        when = f"{row.as_of.month}月{row.as_of.day}日現在" if row.as_of else "年度途中"
        return f"{when}の執行状況・中間"
    return {"settlement": "決算", "plan": "計画", "initial_budget": "当初予算", "result": "振り返り"}.get(row.phase, "")


def block_title(row: Row) -> str:
    """`横浜市旭区 令和4年度（決算）`."""
    label = phase_label(row)
    return f"{row.place} {fiscal_year_label(row.fiscal_year)}" + (f"（{label}）" if label else "")


def top(items: list[Item], limit: int) -> list[Item]:
    """The first rows of a ranking, with those that tie with the last."""
    if len(items) <= limit:
        return items
    last = items[limit - 1].values[0].number
    return [*items[:limit], *(i for i in items[limit:] if i.values[0].number == last)]


def at_positions(items: Sequence[Item], positions: Sequence[int]) -> list[Item]:
    """The rows at these places of a ranking (first is 1), with those that tie with them."""
    wanted = {items[p - 1].values[0].number for p in positions if p <= len(items)}
    return [i for i in items if i.values[0].number in wanted]
