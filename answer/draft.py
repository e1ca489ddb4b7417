"""What one question holds, found but not yet understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from copy import copy
from dataclasses import dataclass, field, fields
from typing import Literal

from answer.names import TAKEN, Mention
from answer.types import Level, PartsBound
from answer.vocabulary import Word
from ingest.amounts import COUNTER_PATTERN, Amount
from records import Metric

# 「何回」「何人」: a count is asked for; 「何年も」 asks for none.
COUNTER_ASKED = re.compile(f"何({COUNTER_PATTERN}|%|割)(?!目|も)")


@dataclass(frozen=True, slots=True)
class Presence:
    """What is said of one year's list: `step` is 0 for the year itself, -1 for the year before it, 1 after it."""

    year: int | None
    step: int
    there: bool
    turnover: bool


@dataclass(slots=True)
class Draft:
    """What was found in one question, before it is known what it asks."""

    question: str
    folded: str
    open: str
    words: list[Word] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    subjects: list[Mention] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    pillars: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    year_spans: list[tuple[int, int, int]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    places: int = 0
    presence: list[Presence] = field(default_factory=list)
    also_there: int = 0
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    columns: tuple[tuple[int, Metric], ...] = ()
    in_percent: bool = False
    drops: Literal["most", "least"] | None = None
    name_holds: list[str] = field(default_factory=list)
    parts: list[PartsBound] = field(default_factory=list)
    unread: str = ""
    of_accounts: bool = False
    accounts: list[Mention] = field(default_factory=list)
    account_level: Level | None = None
    account_columns: list[str] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)
    entries: list[Mention] = field(default_factory=list)
    entry_labels: list[str] = field(default_factory=list)

    def copied(self) -> Draft:
        """A draft of its own with the same findings, none of which changes in place."""
        twin = copy(self)
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, list):
                setattr(twin, each.name, list(value))
        return twin

    def of(self, family: str) -> list[Word]:
        """The words of a family, in the question's order."""
        return [w for w in self.words if w.family == family]

    def has(self, family: str, *meanings: str) -> bool:
        return any(w.family == family and (not meanings or w.meaning in meanings) for w in self.words)

    @property
    def scopes(self) -> list[str]:
        """The departments, pillars and categories named."""
        return [*self.departments, *self.pillars, *self.categories]

    def add(self, family: str, meaning: str, text: str = "") -> None:
        """Note a word that is meant here without standing anywhere: it is placed behind the question."""
        self.words.append(Word(len(self.folded), len(self.folded), family, meaning, text))

    def drop(self, family: str, *meanings: str) -> None:
        """Forget words that turned out to mean something else here."""
        self.drop_where(lambda w: w.family == family and (not meanings or w.meaning in meanings))

    def drop_where(self, holds: Callable[[Word], bool]) -> None:
        """Forget the words of which something holds."""
        self.words = [w for w in self.words if not holds(w)]

    def drop_scopes(self, names: Collection[str]) -> None:
        """Forget the departments, pillars and categories of these names."""
        self.departments = [d for d in self.departments if d not in names]
        self.pillars = [p for p in self.pillars if p not in names]
        self.categories = [c for c in self.categories if c not in names]

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as accounted for."""
        self.open = self.open[:start] + TAKEN * (end - start) + self.open[end:]


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch taken out of it, every offset kept."""
    return text[:start] + TAKEN * (end - start) + text[end:]
