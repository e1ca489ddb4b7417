"""Rows of laid-out text whose cells are centred on one height, with nothing printed between one row and the next.

The lines of a name of several lines, and of a period, stand above and below the line of the amount:

    窓口業務
                      ９年度から
                                      61,500
    （令和８年度設定分）
                      11年度まで
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Token(NamedTuple):
    """A piece of a table: a line of a name, the first, last or only year of a period, or an amount."""

    kind: Literal["name", "from", "to", "year", "amount"]
    text: str
    line: int


@dataclass(slots=True)
class CentredRow:
    """One row: the lines of its name, its years and its amount; `below` are lines of the name found after them."""

    names: list[Token]
    years: list[Token]
    amount: Token
    above: int = 0
    below: list[Token] = field(default_factory=list)

    @property
    def awaits(self) -> int:
        """How many lines of its name may still stand below: as many as above; none where the years end with a last."""
        closed = bool(self.years) and self.years[-1].kind == "to"
        return 0 if closed else self.above - len(self.below)


def part_rows(tokens: Sequence[Token]) -> list[CentredRow]:
    """The rows that the pieces make, in order, up to one that they do not make."""
    found: list[CentredRow] = []
    rest = list(tokens)
    while rest:
        above = _take(rest, "name")
        before = found[-1] if found else None
        awaited = before.awaits if before else 0
        if not rest:
            if before and len(above) <= awaited:
                before.below += above
            break
        first = rest.pop(0)
        years = [] if first.kind == "amount" else [first]
        beside = _take(rest, "name") if first.kind == "from" else []
        amount = rest.pop(0) if years and rest else first
        below = _take(rest, "name") if first.kind == "from" else []
        if first.kind == "from" and rest:
            years.append(rest.pop(0))
        if amount.kind != "amount" or [year.kind for year in years] not in ([], ["year"], ["from", "to"]):
            break
        # A name has as many lines below its amount as above it.
        own = len(above)
        if awaited:
            own = len(below) if first.kind == "from" else 1
        if own > len(above) or len(above) - own > awaited:
            break
        if before:
            before.below += above[: len(above) - own]
        own_names = above[len(above) - own :]
        names = [*own_names, *beside, *below]
        if not names:
            break
        found.append(CentredRow(names, years, amount, sum(name.line != amount.line for name in own_names)))
    return found


def _take(tokens: list[Token], kind: str) -> list[Token]:
    """Takes the tokens of one kind off the front."""
    taken: list[Token] = []
    while tokens and tokens[0].kind == kind:
        taken.append(tokens.pop(0))
    return taken
