"""What the words of one question amount to: the facts that its operation is decided by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from answer.draft import COUNTER_ASKED, Draft
from answer.groups import compares_rows, group_by_of, moves_departments, moves_number_of_rows, sets_numbers_apart
from answer.presence import Turnover, presence_of
from answer.ranking import positions_of
from answer.types import Asks, Condition, GroupBy, NameMatch
from records import Metric

Turned = Literal["new", "vanished"]
_MONEY: tuple[Metric, ...] = ("budget", "settled", "executed", "difference", "execution_rate")
# 「運営方針に取組はいくつある」
_MEASURES = re.compile("取組(?:は|が|の数|って)")
_WHICH_PROJECTS = re.compile("[ぁ-ん]{0,8}(?:できた|始まった|加わった|登場した|設けられた)?の?(?:事業|もの)")
_PROJECT_COUNTERS = ("事業", "件", "個", "本", "つ", "項目")
_REASONS = ("why", "when", "where", "who")
_DIRECTIONS = ("change", "up", "down", "same", "not_up", "not_down")


@dataclass(frozen=True)
class Facts:
    """A draft with its metrics, bounds and names, and what follows from them."""

    draft: Draft
    metrics: tuple[Metric, ...]
    conditions: tuple[Condition, ...]
    subjects: tuple[NameMatch, ...]

    def has(self, family: str, *meanings: str) -> bool:
        return self.draft.has(family, *meanings)

    @property
    def text(self) -> str:
        """The question as it is read: folded."""
        return self.draft.folded

    @cached_property
    def indicator(self) -> bool:
        return any(m.startswith("indicator") for m in self.metrics)

    @cached_property
    def money(self) -> bool:
        """Whether an amount or an execution rate is named."""
        return any(m in _MONEY for m in self.metrics)

    @cached_property
    def turned(self) -> Turned | None:
        """Whether projects that came new or went are meant: 「新しくできた事業の予算額」, 「一覧から消えたもの」."""
        if self.presence in ("new", "vanished"):
            return self.presence
        for word in self.draft.of("compare"):
            if word.meaning in ("new", "vanished") and _WHICH_PROJECTS.match(self.text[word.end :]):
                return "new" if word.meaning == "new" else "vanished"
        return None

    @cached_property
    def scopes(self) -> int:
        """How many pillars and categories are named."""
        return len(self.draft.pillars) + len(self.draft.categories)

    @cached_property
    def scoped(self) -> bool:
        return bool(self.draft.departments or self.scopes or self.draft.name_holds or self.draft.parts)

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """What is asked how many of: 何事業, 何人."""
        return tuple(COUNTER_ASKED.findall(self.text))

    @cached_property
    def about_projects(self) -> bool:
        """Whether rows are asked for, not one project's own figure."""
        counted = self.has("aggregate", "count") or bool(self.counters)
        measures = _MEASURES.search(self.text) is not None and counted
        number = any(w.text == "事業数" for w in self.draft.words)
        return measures or number or self.has("level") or self.scoped or bool(self.conditions)

    @cached_property
    def whole_names(self) -> bool:
        """Whether a project is named beyond doubt: whole, or by a part that is long and rare enough."""
        return any(
            m.how in ("name", "typo", "reading", "previous")
            or (m.how == "part" and len(m.words) >= 4 and len(m.names) <= 3)
            for m in self.subjects
        )

    @cached_property
    def free(self) -> bool:
        """Whether the question names nothing: no project, and no word that might be one."""
        return not self.subjects and not self.draft.topics

    @cached_property
    def several(self) -> bool:
        """Whether two things of one kind are named: places, projects, departments, scopes."""
        draft = self.draft
        return max(draft.places, len(self.subjects), len(draft.departments), self.scopes) >= 2

    @cached_property
    def of_children(self) -> bool:
        """Whether sub-projects of named projects are asked for."""
        return bool(self.subjects) and self.has("level", "sub_project")

    @cached_property
    def presence(self) -> Turnover | None:
        return presence_of(self.draft)

    @cached_property
    def group_by(self) -> GroupBy | None:
        return group_by_of(self.draft)

    @cached_property
    def by_group(self) -> bool:
        """Whether rows are put together by department, pillar or category."""
        return self.group_by in ("department", "pillar", "category")

    @cached_property
    def positions(self) -> tuple[int, ...]:
        return positions_of(self.text)

    @cached_property
    def times(self) -> bool:
        return asks_times(self.draft)

    @cached_property
    def two_years(self) -> bool:
        return len(set(self.draft.years)) >= 2 or self.has("year", "prior")

    @cached_property
    def extreme(self) -> bool:
        """Whether the first or the last of an order is asked for."""
        return self.has("rank", "most", "least")

    @cached_property
    def directed(self) -> bool:
        """Whether a change, or that there is none, is asked for."""
        return self.has("compare", *_DIRECTIONS)

    @cached_property
    def asks_reason(self) -> bool:
        """Whether what is asked for is told in words: why, when, where, who."""
        return self.has("ask", *_REASONS)

    @cached_property
    def counts_projects(self) -> bool:
        """何事業, 何件: how many rows there are."""
        return any(c in _PROJECT_COUNTERS for c in self.counters)

    @cached_property
    def counted_against(self) -> bool:
        """Whether the numbers of rows of two things, or of two years, are set against each other."""
        if {m for m in self.metrics if m in _MONEY} - {c.metric for c in self.conditions}:
            return False
        of_parts = len(self.subjects) >= 2 and self.has("level", "sub_project")
        sides = of_parts or max(self.draft.places, len(self.draft.departments), self.scopes) >= 2
        if self.subjects and not of_parts:
            return False
        if moves_number_of_rows(self.draft):
            return True
        against = self.has("compare", "which") or sets_numbers_apart(self.draft)
        return (sides or self.two_years) and against and compares_rows(self.draft)

    @cached_property
    def department_moves(self) -> bool:
        """Whether it is asked which projects another department holds than before."""
        return not self.money and not self.conditions and moves_departments(self.draft)

    @cached_property
    def achievement(self) -> bool:
        """Whether targets are asked about: 達成, 未達."""
        return self.has("ask", "achieved", "missed")


def asks_times(draft: Draft) -> bool:
    """「何倍」, 「前年度の何%」: a ratio of two figures."""
    return draft.in_percent or "何倍" in draft.folded


def asks_of(draft: Draft, counters: list[str]) -> Asks | None:
    """Who, when, where, why or how many."""
    if counters and not draft.has("ask", "when"):
        return "how_many"
    for meaning in ("who", "when", "where", "why"):
        if draft.has("ask", meaning):
            return meaning
    return None
