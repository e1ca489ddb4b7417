"""Amounts that a budget prints in a table of its own: 債務負担行為 (第2表) and 地方債 (第3表), each with its 限度額.

Such an amount bears its table's title in its label: 「限度額（地方債）」. A row of the table is a project or, where no
project has its name, a printed row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answer.draft import Draft
from answer.ledger import Ledger, Row
from answer.names import NameIndex
from answer.segments import reading_of
from answer.types import Operation, Place, Plan
from answer.vocabulary import vocabulary
from records import Figure

_LABEL = re.compile(r"(?P<amount>[^（）]+)（(?P<title>[^（）]+)）")
_TOTALS = frozenset(("計", "合計", "総計"))
_LEAST_ROWS = 2
# 「債務負担行為の期間はいつまで」 is told in words.
_IN_WORDS = re.compile(r"期間|いつ|何年度|とは|なぜ|利率|償還|方法")
_OF_PROJECTS = re.compile(r"事業|もの|目的|一覧|何件|いくつ|限度")


@dataclass(frozen=True, slots=True)
class EntryLabel:
    """A label, its amount's name (限度額) folded, and what its table (地方債) is called."""

    label: str
    amount: str
    titles: tuple[str, ...]


def entries_of(rows: Sequence[Row], label: str) -> list[tuple[Row, Figure]]:
    """The rows of a table, without its total, each with the amount that the table prints for it."""
    return [
        (row, figure)
        for row in rows
        if row.side is None and row.name not in _TOTALS
        for figure in row.others
        if figure.label == label and figure.unit == "yen"
    ]


def unpriced_rows(rows: Sequence[Row], label: str) -> list[Row]:
    """Rows of a table that prints words for their amount: projects without any figure, beside one that has it."""
    priced = {id(row) for row, _ in entries_of(rows, label)}
    found: list[Row] = []
    for walk in (rows, rows[::-1]):
        before: Row | None = None
        for row in walk:
            empty = row.project is not None and not (row.figures or row.others or row.counts)
            inside = before is not None and row.group == before.group
            if id(row) in priced:
                before = row
            elif empty and inside and row not in found:
                found.append(row)
                before = row
            else:
                before = None
    return found


class EntryReader:
    """Finds which of these tables a question is about, and the rows of them that it names."""

    def __init__(self, ledger: Ledger) -> None:
        fold = vocabulary().fold
        self.labels: list[EntryLabel] = []
        self.places: dict[str, set[Place]] = {}
        names: dict[str, None] = {}
        printed = {f.label: None for row in ledger.rows if row.side is None for f in row.others}
        for label in printed:
            match = _LABEL.fullmatch(label)
            held = entries_of(ledger.rows, label) if match else []
            title = fold(match["title"]) if match else ""
            if match is None or len(held) < _LEAST_ROWS or title not in vocabulary().table_titles:
                continue
            self.labels.append(EntryLabel(label, fold(match["amount"]), vocabulary().table_titles[title]))
            self.places[label] = {row.place for row, _ in held}
            names |= dict.fromkeys(row.name for row, _ in held)
        self.names = NameIndex(names, reading_of)

    def read(self, draft: Draft, places: Sequence[Place]) -> None:
        """Take the table's words and the names of its rows, where the question is about one."""
        here = [e for e in self.labels if not places or self.places[e.label].intersection(places)]
        titled = [e for e in here if any(title in draft.open for title in e.titles)]
        amounts = [e for e in here if e.amount in draft.open]
        # 「地方債が一番多い款」 is of another table, where 「一番多い事業」 is of this one.
        sure = [e for e in titled if e.titles[0] in draft.open and e.titles[0] not in _also_named()]
        named = [m for m in self.names.exact(draft.open) if m.match.words in self.names.forms]
        asks_rows = bool(named) or _OF_PROJECTS.search(draft.open) is not None
        if not (amounts or sure or (titled and asks_rows)) or (_IN_WORDS.search(draft.folded) and not amounts):
            return
        chosen = [e for e in titled if e in amounts or not amounts] or amounts
        for mention in named:
            draft.take(mention.start, mention.end)
            draft.entries.append(mention)
            draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
        words = dict.fromkeys(w for e in here for w in (*e.titles, e.amount))
        for word in sorted(words, key=len, reverse=True):
            for match in re.finditer(re.escape(word), draft.open):
                draft.take(match.start(), match.end())
        draft.entry_labels = [e.label for e in chosen]


def settle_entries(draft: Draft) -> None:
    """Rows of the table that the question names are its subjects."""
    if not draft.entry_labels:
        return
    draft.topics.extend(m.match.words for m in draft.subjects if not draft.entries)
    draft.subjects = list(draft.entries)
    draft.drop_scopes({*draft.departments, *draft.pillars, *draft.categories})
    draft.labels.clear()
    if not draft.subjects:
        draft.add("level", "entry")
    draft.drop("metric")
    draft.add("metric", "budget")


def entry_plan(draft: Draft, plan: Plan) -> Plan:
    """The plan of a question about such a table: its amounts are the only column."""
    told: Operation = "lookup" if plan.subjects else "list"
    kept = ("list", "rank", "filter", "count", "mean", "sum", "compare", "lookup", "share")
    operation = plan.operation if plan.operation in kept else told
    operation = told if operation in ("lookup", "list") else operation
    label = draft.entry_labels[0] if len(draft.entry_labels) == 1 else amount_of(draft.entry_labels[0])
    return replace(
        plan,
        operation=operation,
        level="entry",
        level_named=not plan.subjects,
        subjects=tuple(replace(m, kin=()) for m in plan.subjects),
        labels=tuple(draft.entry_labels),
        account_columns=(label,),
        metrics=("other",),
        conditions=tuple(replace(c, metric="other", column=label) for c in plan.conditions),
        group_by=None,
        pillars=(),
        categories=(),
        departments=(),
        kinds=(),
    )


def amount_of(label: str) -> str:
    """What a label calls its amount, without the table's title."""
    match = _LABEL.fullmatch(label)
    return match["amount"] if match else label


def title_of(label: str) -> str:
    """The title of the table that a label is of."""
    match = _LABEL.fullmatch(label)
    return match["title"] if match else ""


def _also_named() -> frozenset[str]:
    """Titles that name something else of a budget too: 地方債 is a 款 (市債) and a column of sources."""
    return frozenset(word for group in vocabulary().same_accounts for word in group)
