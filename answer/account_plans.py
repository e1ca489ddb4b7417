"""What a question about a budget book asks for: its level, its side and its operation, in terms of the general plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.accounts import ACCOUNTS, BOOK_LEVELS, ITEM_LEVELS
from answer.draft import Draft
from answer.ledger import Ledger, Row
from answer.types import Level, NameMatch, Operation, Plan
from answer.vocabulary import vocabulary

# Operations that no budget book has an answer to, or that ask of it nothing but a figure.
_AS_FIGURE = frozenset(("describe", "counts", "indicators", "departments", "pillars", "holdings", "breakdown"))
_OF_ROWS = frozenset(("list", "rank", "filter", "count", "mean"))
# 「民生費とは何ですか」「どんな経費」: told in words, if at all.
_IN_WORDS = re.compile(r"とは(?:何|なに|どんな|どう|$)|どんな(?:経費|費用|もの|お金|こと)|どのような|(?:説明|意味)")
# 「〜は何に使われますか」「何が含まれますか」: its parts.
_PARTS = re.compile(r"何に(?:使|いくら)|何が(?:含|入)|中身|(?:款|項|目|節)(?:ごと|別|に分け)|(?:内訳|明細)|構成")
_POINTS = re.compile(r"(?:それ|これ|その(?:款|項|会計|額|金額)?)(?:は|が|って)")
_WHICH = re.compile(r"どれ(?!だけ|くらい|ぐらい|ほど)|どこ|何(?:です|でしょう|か|が|$)|もの|[るた]のは|上位|順")


def in_book(plan: Plan) -> bool:
    """Whether a plan is about rows of budget books."""
    return plan.level in BOOK_LEVELS or plan.level == "total"


def account_plan(draft: Draft, plan: Plan, ledger: Ledger) -> Plan:
    """The plan of a question about a budget book."""
    rows = _rows_of(plan, ledger)
    years = _years(draft, plan, rows)
    subjects = _subjects(draft, plan)
    named = [row for match in subjects for row in named_rows(rows, match)]
    operation = _operation(draft, plan, subjects, named)
    columns = tuple(draft.account_columns)
    sides = tuple(draft.sides)
    level, level_named = _level(draft, plan, operation, subjects, named)
    whole = plan.whole
    if operation == "rank" and plan.asks_position and named:
        inner = max(named, key=lambda row: len(row.path))
        level, level_named, sides = inner.level, False, (inner.side or "",)
        # 「児童福祉費は民生費の中で何番目」
        whole = tuple(n for m in subjects for n in (*m.within, *m.names) if n in inner.path[:-1])
        subjects = tuple(m for m in subjects if inner.name in m.names)
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
        whole=tuple(n for n in whole if any(row.name == n for row in rows)),
        group_by=None,
        labels=(),
        pillars=(),
        categories=(),
        departments=(),
        kinds=(),
    )


def with_own_years(plan: Plan, ledger: Ledger) -> Plan:
    """A plan that names no year means the years of the books themselves, not those that they print beside them."""
    own = _own_years(_rows_of(plan, ledger)) if in_book(plan) and not plan.years else ()
    if plan.operation == "change" and len(own) > 1:
        # Books of several years: each is set against the year before it, and not one book against another.
        return plan
    return replace(plan, years=own) if own else plan


def goes_on(plan: Plan, before: Plan, names: tuple[str, ...] = ()) -> Plan:
    """A question that continues one about a budget book: the rows of the answer before are picked from."""
    if not (in_book(plan) and in_book(before)):
        return plan
    if plan.operation == "share" and names and _POINTS.match(vocabulary().fold(plan.question)):
        # 「それは民生費の何%？」: what was found before is the part.
        whole = plan.whole or tuple(n for m in plan.subjects if m.how != "previous" for n in m.names)
        part = NameMatch("前の答え", names, "previous")
        return replace(plan, subjects=(part,), whole=whole, level_named=False, account_columns=())
    picked = any(m.how == "previous" for m in plan.subjects)
    level_named = plan.level_named or (picked and before.level_named)
    return replace(plan, level_named=level_named, sides=plan.sides or before.sides)


def _rows_of(plan: Plan, ledger: Ledger) -> list[Row]:
    return [row for row in ledger.rows if row.side and (not plan.places or row.place in plan.places)]


def named_rows(rows: Sequence[Row], match: NameMatch, level: Level | None = None) -> list[Row]:
    """Rows of a name: at a level if one is named, else without the only 項 that repeats its 款's name (消防費).

    A 款 that stands without a figure before its 目 gives way to a 目 of its name.
    """
    found = [row for row in rows if row.name in match.names and row.level in BOOK_LEVELS]
    if match.within:
        found = [row for row in found if set(match.within).intersection(row.path[:-1])] or found
    at_level = [row for row in found if row.level == level]
    if at_level:
        return at_level
    found = [row for row in found if row.figures or row.others] or found
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
    own = _own_years(rows)
    if draft.has("year", "prior") and len(own) == 1:
        return (own[0], own[0] - 1) if draft.has("compare") or draft.has("rank") else (own[0] - 1,)
    return ()


def _own_years(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(sorted({row.fiscal_year for row in rows if row.fiscal_year == row.part.fiscal_year}))


def _subjects(draft: Draft, plan: Plan) -> tuple[NameMatch, ...]:
    """The names, each with what the question says it belongs to."""
    within = {m.match.words: m.match.within for m in draft.accounts}
    subjects = tuple(replace(m, kin=(), within=within.get(m.words, m.within)) for m in plan.subjects)
    # 「民生費に占める児童福祉費の割合」: the whole is no part.
    parts = tuple(m for m in subjects if not set(m.names) <= set(plan.whole))
    return parts if plan.operation == "share" and parts else subjects


def _operation(draft: Draft, plan: Plan, subjects: tuple[NameMatch, ...], named: Sequence[Row]) -> Operation:
    operation = plan.operation
    if draft.has("ask", "why"):
        return "describe"
    told = _IN_WORDS.search(draft.folded)
    if told and not any(w.text for w in draft.of("metric")) and operation in ("describe", "lookup"):
        return "describe"
    if operation in _AS_FIGURE:
        parts = operation == "breakdown" or _PARTS.search(draft.folded) is not None
        listed = parts or (draft.account_level is not None and len(subjects) < 2) or draft.has("ask", "list")
        operation = "list" if listed and not draft.account_columns else "lookup"
    both = set(draft.sides) == {"歳入", "歳出"} and not subjects and draft.account_level is None
    of_years = draft.has("year", "prior") or len(plan.years) > 1
    if both and (operation in ("compare", "sum") or (operation == "change" and not of_years)):
        return "lookup"
    if operation == "rank" and len(draft.account_columns) > 1:
        # 「土木費の財源で一番多いのは」: the columns are set side by side, no rows.
        return "lookup"
    if operation == "compare" and (draft.has("compare", "up", "down") or (of_years and draft.has("compare", "change"))):
        # 「商工費と土木費、前年度からの伸び率が高いのは」
        return "change"
    # 委託料 stands under many 目.
    often = len({row.path for row in named}) > 1
    several = len(subjects) > 1 or len(draft.account_columns) > 1 or often
    alone = not (several or draft.account_level or plan.conditions or plan.limit or plan.excluded)
    if operation == "sum" and alone:
        # 「民生費の総額」「歳出の合計」 are printed.
        return "list" if draft.has("ask", "breakdown", "list") else "lookup"
    if operation == "lookup" and draft.account_level and not several and not draft.account_columns:
        return "list"
    if operation == "compare" and len(subjects) < 2 and draft.places < 2:
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
