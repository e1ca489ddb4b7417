"""What a question about a budget book asks for: its level, its side and its operation, in terms of the general plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.accounts import ACCOUNTS, BOOK_LEVELS, ITEM_LEVELS
from answer.draft import Draft
from answer.ledger import Ledger, Row
from answer.types import Level, NameMatch, Operation, Plan

# Operations that no budget book has an answer to, or that ask of it nothing but a figure.
_AS_FIGURE = frozenset(("describe", "counts", "indicators", "departments", "pillars", "holdings", "breakdown"))
_OF_ROWS = frozenset(("list", "rank", "filter", "count", "mean"))
# 「民生費とは何ですか」「どんな経費」: told in words, if at all.
_IN_WORDS = re.compile(r"とは(?:何|なに|どんな|どう|$)|どんな(?:経費|費用|もの|お金|こと)|どのような|(?:説明|意味)")
# 「〜は何に使われますか」「何が含まれますか」: its parts.
_PARTS = re.compile(r"何に(?:使|いくら)|何が(?:含|入)|中身|(?:款|項|目|節)(?:ごと|別|に分け)|(?:内訳|明細)|構成")
_WHICH = re.compile(r"どれ|どこ|何(?:です|でしょう|か|が|$)|もの|[るた]のは|上位|順")


def in_book(plan: Plan) -> bool:
    """Whether a plan is about rows of budget books."""
    return plan.level in BOOK_LEVELS or plan.level == "total"


def account_plan(draft: Draft, plan: Plan, ledger: Ledger) -> Plan:
    """The plan of a question about a budget book."""
    places = {row.place for row in ledger.rows if row.side and (not plan.places or row.place in plan.places)}
    rows = [row for row in ledger.rows if row.side and row.place in places]
    years = _years(draft, plan, rows)
    subjects = _subjects(draft, plan, rows)
    operation = _operation(draft, plan, subjects)
    columns = tuple(draft.account_columns)
    sides = tuple(draft.sides)
    named = [row for match in subjects for row in named_rows(rows, match)]
    level, level_named = _level(draft, plan, operation, subjects, named)
    if operation == "rank" and plan.asks_position and named:
        level, sides = named[0].level, sides or (named[0].side or "",)
    if level in ("account", "sub_account"):
        sides = (ACCOUNTS,)
    metrics = plan.metrics
    if plan.spent_loosely and operation != "lookup":
        metrics = ("budget",)
    conditions = plan.conditions
    if columns:
        metrics = ("other",)
        conditions = tuple(replace(c, metric="other", column=columns[0]) for c in conditions)
    return replace(
        plan,
        operation=operation,
        subjects=subjects,
        years=years,
        level=level,
        level_named=level_named,
        sides=sides,
        account_columns=columns,
        metrics=metrics,
        conditions=conditions,
        whole=tuple(n for n in plan.whole if any(row.name == n for row in rows)),
        group_by=None,
        labels=(),
        pillars=(),
        categories=(),
        departments=(),
        kinds=(),
    )


def named_rows(rows: Sequence[Row], match: NameMatch, level: Level | None = None) -> list[Row]:
    """Rows of a name: at a level if one is named, else without the only 項 that repeats its 款's name (消防費)."""
    found = [row for row in rows if row.name in match.names and row.level in BOOK_LEVELS]
    if match.within:
        found = [row for row in found if set(match.within).intersection(row.path[:-1])] or found
    at_level = [row for row in found if row.level == level]
    if at_level:
        return at_level
    return [row for row in found if not any(_is_above(outer, row) for outer in found)]


def rows_below(rows: Sequence[Row], outer: Sequence[Row], level: Level) -> list[Row]:
    """Rows of a level that stand under any of the outer ones."""
    return [row for row in rows if row.level == level and any(_is_above(above, row) for above in outer)]


def _is_above(outer: Row, inner: Row) -> bool:
    size = len(outer.path)
    same = (outer.group, outer.side) == (inner.group, inner.side)
    return same and size < len(inner.path) and inner.path[:size] == outer.path


def _years(draft: Draft, plan: Plan, rows: Sequence[Row]) -> tuple[int, ...]:
    """The years named; where none is, those of the books themselves, and with 前年度 the year before."""
    if plan.years:
        return plan.years
    own = tuple(sorted({row.fiscal_year for row in rows if row.fiscal_year == row.part.fiscal_year}))
    if draft.has("year", "prior") and len(own) == 1:
        return (own[0], own[0] - 1) if draft.has("compare") or draft.has("rank") else (own[0] - 1,)
    return own


def _subjects(draft: Draft, plan: Plan, rows: Sequence[Row]) -> tuple[NameMatch, ...]:
    """The names, each with what the question says it belongs to."""
    within = {m.match.words: m.match.within for m in draft.accounts}
    return tuple(replace(m, kin=(), within=within.get(m.words, m.within)) for m in plan.subjects)


def _operation(draft: Draft, plan: Plan, subjects: tuple[NameMatch, ...]) -> Operation:
    operation = plan.operation
    told = _IN_WORDS.search(draft.folded) or draft.has("ask", "why")
    if told and not any(w.text for w in draft.of("metric")) and operation in ("describe", "lookup"):
        return "describe"
    if operation in _AS_FIGURE:
        parts = operation == "breakdown" or _PARTS.search(draft.folded) is not None
        listed = parts or (draft.account_level is not None and len(subjects) < 2) or draft.has("ask", "list")
        operation = "list" if listed and not draft.account_columns else "lookup"
    both = set(draft.sides) == {"歳入", "歳出"} and not subjects and draft.account_level is None
    if both and operation in ("compare", "sum"):
        return "lookup"
    several = len(subjects) > 1 or len(draft.account_columns) > 1
    alone = not (several or draft.account_level or plan.conditions or plan.limit or plan.excluded)
    if operation == "sum" and alone:
        # 「民生費の総額」「歳出の合計」 are printed.
        return "lookup"
    if operation == "lookup" and draft.account_level and not several and not draft.account_columns:
        return "list"
    if operation == "compare" and len(subjects) < 2:
        return "change"
    return operation


def _level(
    draft: Draft, plan: Plan, operation: Operation, subjects: tuple[NameMatch, ...], named: Sequence[Row]
) -> tuple[Level, bool]:
    """The level of the rows asked for, and whether the question names it (or asks for what is under a name)."""
    asked = draft.account_level
    if asked == "account" and any(row.level == "account" for row in named):
        asked = "sub_account"
    if asked is not None:
        return asked, True
    picks = operation == "change" and (plan.descending is not None or _picks(draft, plan))
    of_rows = (operation in _OF_ROWS or picks) and not plan.asks_position
    if len(subjects) == 1 and named and of_rows and not plan.name_holds:
        below = _next(named[0].level)
        return (below, True) if below else (named[0].level, False)
    if subjects:
        return (named[0].level if named else "kan"), False
    if of_rows or plan.conditions or plan.excluded:
        return "kan", True
    return "total", False


def _picks(draft: Draft, plan: Plan) -> bool:
    """「特別会計のうち減ったのはどれ」 picks rows; 「民生費は増えましたか」 does not."""
    return plan.direction is not None and _WHICH.search(draft.folded) is not None


def _next(level: Level) -> Level | None:
    if level == "account":
        return "sub_account"
    at = ITEM_LEVELS.index(level) if level in ITEM_LEVELS else len(ITEM_LEVELS)
    return ITEM_LEVELS[at + 1] if at + 1 < len(ITEM_LEVELS) else None
