"""Budget books (歳入歳出予算): where a row of 款, 項, 目, 節 or of a 会計 stands, read from a document's own tables.

款 (kan), 項 (kou), 目 (moku) and 節 (setsu) are steps of 地方自治法施行規則第15条別記; 一般会計 is an account (会計).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from answer.hierarchy import steps_of
from answer.types import Level
from answer.vocabulary import vocabulary
from records import Figure

ITEM_LEVELS: tuple[Level, ...] = ("kan", "kou", "moku", "setsu")
ACCOUNT_LEVELS: tuple[Level, ...] = ("account", "sub_account")
# All rows of a budget book but its totals.
BOOK_LEVELS: tuple[Level, ...] = (*ITEM_LEVELS, *ACCOUNT_LEVELS)
REVENUE, EXPENDITURE, ACCOUNTS = "歳入", "歳出", "会計"
# 「歳　　入　　合　　計」
_TOTAL = re.compile(r"(歳入|歳出)?(?:合計|総計|総額|計)")
_SPACE = re.compile(r"\s+")
_BRACKET = re.compile(r"[（(][^（()）]*[）)]")
_ACCOUNT_TAIL = re.compile(r"(?:事業)?(?:特別|企業)?(?:会計)?$")
# So many statutory names make a table one of a budget; of rows with paths (款 ／ 項) fewer do.
_MIN_NAMES, _MIN_NAMES_OF_PATHS = 3, 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure of a budget book stands: `path` from the 款 (or the kind of account) down to the row itself."""

    level: Level
    side: str
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path[-1]


@dataclass(slots=True)
class _Table:
    """Rows that follow each other up to their total; `kind` is what the names of its rows say so far."""

    rows: list[tuple[tuple[str, ...], Figure]]
    kind: str | None = None
    total: list[Figure] | None = None


def standings_of(figures: Iterable[Figure]) -> dict[str, Standing]:
    """Where each figure of every budget book stands, by its id; figures of other tables are not in it."""
    by_part: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.project_id is None and figure.section and figure.metric != "count":
            by_part[(figure.document_id, figure.part_index)].append(figure)
    found: dict[str, Standing] = {}
    for held in by_part.values():
        tables = [table for table in _tables(held) if _is_budget(table)]
        for table in tables:
            found |= _standings(table, tables)
    return found


def column_of(label: str) -> str:
    """What a column of a budget book is called, without the headings above it and its unit.

    >>> column_of("本 年 度 予 算 額 の 財 源 内 訳 特 定 財 源 地 方 債 千円")
    '地方債'
    """
    plain = re.sub(r"(?:千円|百万円|万円|円|[%％])$", "", _SPACE.sub("", label))
    known = (name for name in vocabulary().account_words["columns"] if plain.endswith(name))
    return max(known, key=len, default=plain)


def _tables(figures: Sequence[Figure]) -> list[_Table]:
    """The figures in the order of their lines, parted behind every total and where names of another kind begin."""
    tables = [_Table([])]
    for figure in sorted(figures, key=lambda f: f.source.line_start):
        name = _SPACE.sub("", figure.section or "")
        if _TOTAL.fullmatch(name):
            last = tables[-1]
            if last.total and last.total[0].source.line_start != figure.source.line_start:
                tables.append(_Table([], total=[figure]))
            else:
                last.total = [*(last.total or ()), figure]
            continue
        path = steps_of(figure.section or "")
        kind = _kind_of(path)
        last = tables[-1]
        if last.total or (kind and last.kind and kind != last.kind):
            tables.append(_Table([]))
            last = tables[-1]
        last.kind = last.kind or kind
        last.rows.append((path, figure))
    return tables


def _kind_of(path: tuple[str, ...]) -> str | None:
    """歳入, 歳出 or 会計, where the statutory names (or the field's names of accounts) say it."""
    words = vocabulary().account_words
    for side in (EXPENDITURE, REVENUE):
        if _SPACE.sub("", path[0]) in words[side]:
            return side
    bare = _BRACKET.sub("", _SPACE.sub("", path[-1]))
    return ACCOUNTS if bare.endswith("会計") or _ACCOUNT_TAIL.sub("", bare, count=1) in words[ACCOUNTS] else None


def _is_budget(table: _Table) -> bool:
    """Whether a table is one of a budget: several of its names are known, and more than are not."""
    tops = {path if table.kind == ACCOUNTS else path[:1]: _kind_of(path) for path, _ in table.rows}
    known = sum(kind == table.kind for kind in tops.values())
    paths = table.kind != ACCOUNTS and any(len(path) > 1 for path, _ in table.rows)
    enough = _MIN_NAMES_OF_PATHS if paths or table.kind == ACCOUNTS else _MIN_NAMES
    return table.kind is not None and known >= enough and known * 2 >= len(tops)


def _standings(table: _Table, tables: Sequence[_Table]) -> dict[str, Standing]:
    side = table.kind or ""
    above = _account_above(table, tables) if side == ACCOUNTS else ()
    found: dict[str, Standing] = {}
    for path, figure in table.rows:
        if side == ACCOUNTS:
            level = ACCOUNT_LEVELS[1] if above else ACCOUNT_LEVELS[0]
            found[figure.figure_id] = Standing(level, side, (*above, path[-1]))
        else:
            level = ITEM_LEVELS[min(len(path), len(ITEM_LEVELS)) - 1]
            found[figure.figure_id] = Standing(level, side, path)
    for figure in table.total or ():
        name = "".join((*above, "合計")) if above else f"{side}合計"
        found[figure.figure_id] = Standing("total", side, (*above, name))
    return found


def _account_above(table: _Table, tables: Sequence[_Table]) -> tuple[str, ...]:
    """The account whose amount is the total of the table: 特別会計 of a table of 国民健康保険 and others."""
    totals = {figure.value for figure in table.total or () if figure.metric == "budget"}
    names = [
        path[-1]
        for other in tables
        if other is not table and other.kind == ACCOUNTS
        for path, figure in other.rows
        if figure.metric == "budget" and figure.value in totals
    ]
    return (names[0],) if len(set(names)) == 1 else ()
