"""Columns that a row must have moved in, each its own way: 「予算は増えたのに執行率は下がった事業」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from answer.bounds import written_figures
from answer.change_bounds import in_points
from answer.draft import Draft
from answer.types import DIRECTIONS, ChangeBound, Direction, Move, Plan
from answer.vocabulary import Word
from records import Metric

_AND = re.compile("額?(?:も|と|、|・|及び|および|や|か|または|もしくは|あるいは| and | or )、?")
# 「予算か執行額が減った」 asks for either.
_EITHER = re.compile("か(?:、)?$|または|もしくは|あるいは| or $")


@dataclass(frozen=True, slots=True)
class _Clause:
    """One word for a change, with the columns that its clause names."""

    start: int
    end: int
    metrics: tuple[Metric, ...]
    direction: Direction


def with_moves(draft: Draft, plan: Plan) -> Plan:
    """The plan with each column's own way to have moved, where the question picks rows by several columns' changes.

    Of what it cannot compute so (either of two, the greatest of them, a bound that belongs to no one clause) the plan
    is unclear: one column's changes alone would tell rows that were not asked for.
    """
    if plan.operation != "change" or plan.columns or plan.subjects or plan.group_by or not plan.picks:
        return plan
    clauses = _clauses(draft)
    moved = [metric for clause in clauses for metric in clause.metrics]
    if len(set(moved)) < 2:
        return plan
    first, last = min(c.start for c in clauses), max(c.end for c in clauses)
    told = draft.folded[first:last]
    bounds = _bounds_of_clauses(draft, clauses, plan.change_bounds)
    ordered = plan.limit or plan.positions or plan.descending is not None or plan.summed
    if len(moved) > len(set(moved)) or bounds is None or ordered or _either(draft, clauses):
        return replace(plan, unclear=plan.unclear or told)
    moves = tuple(
        Move(metric, clause.direction, own)
        for clause, own in zip(clauses, bounds, strict=True)
        for metric in clause.metrics
    )
    return replace(
        plan, metrics=tuple(moved), direction=moves[0].direction, change_bounds=moves[0].bounds, also_moved=moves[1:]
    )


def _clauses(draft: Draft) -> list[_Clause]:
    """The words for a change in the question's order, each with the columns named since the one before it."""
    found: list[_Clause] = []
    since = 0
    for word in _ways(draft):
        named = _said_of(draft, [w for w in draft.of("metric") if since <= w.start and w.end <= word.start])
        # 「予算が増えた事業のうち、さらに増えた」 moves no second column.
        metrics = cast(tuple[Metric, ...], tuple(dict.fromkeys(w.meaning for w in named)))
        if metrics:
            found.append(_Clause(named[0].start, word.end, metrics, cast(Direction, word.meaning)))
        since = word.end
    return found


def _said_of(draft: Draft, named: Sequence[Word]) -> list[Word]:
    """The last column named before a word for a change, and those that it is joined to (予算も執行額も減った)."""
    said = list(named[-1:])
    for word in reversed(named[:-1]):
        if not _AND.fullmatch(draft.folded[word.end : said[0].start]):
            break
        said.insert(0, word)
    return said


def _ways(draft: Draft) -> list[Word]:
    """The words for a change, one at each place."""
    at_place: dict[int, Word] = {}
    for word in draft.of("compare"):
        if word.meaning in DIRECTIONS and word.start < len(draft.folded):
            at_place.setdefault(word.start, word)
    return [at_place[start] for start in sorted(at_place)]


def _either(draft: Draft, clauses: Sequence[_Clause]) -> bool:
    """Whether one of the columns, or one of the clauses, is enough."""
    starts = sorted(w.start for w in draft.of("metric") if any(c.start <= w.start < c.end for c in clauses))
    return any(_EITHER.search(draft.folded[max(0, start - 5) : start]) for start in starts[1:])


def _bounds_of_clauses(
    draft: Draft, clauses: Sequence[_Clause], bounds: Sequence[ChangeBound]
) -> list[tuple[ChangeBound, ...]] | None:
    """The bounds on changes by the clause that they stand in; None where they are not to be told apart."""
    numbers = written_figures(draft)
    if len(numbers) != len(bounds):
        return None if bounds else [() for _ in clauses]
    found = [
        tuple(
            in_points(bound, clause.metrics)
            for bound, number in zip(bounds, numbers, strict=True)
            if clause.start <= number.start < clause.end
        )
        for clause in clauses
    ]
    # A bound that stands in none of them must not be lost.
    return found if sum(map(len, found)) == len(bounds) else None
