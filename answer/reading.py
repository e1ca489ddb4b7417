"""Reads a question: its names, years, places, amounts and words of the vocabulary; what is left are its topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from answer.account_words import AccountReader, settle_accounts
from answer.draft import COUNTER_ASKED, Draft
from answer.ledger import Ledger
from answer.loose_names import LooseNames, take_subject
from answer.names import TAKEN, Mention, NameIndex
from answer.places import PlaceReader
from answer.presence import read_presence
from answer.ranking import FIRST_PLACE, place_spans
from answer.row_bounds import read_row_bounds
from answer.scopes import ScopeReader, departments_of
from answer.segments import boundaries_of, reading_of
from answer.table_entries import EntryReader, settle_entries
from answer.types import Place, Plan
from answer.vocabulary import Word, vocabulary
from answer.written_amounts import amounts_in
from answer.written_years import YearReader

_MIN_READ_WHOLE = 7
_KEPT = 256
# 「％で小数点1桁まで」 is how, and no bound.
_DECIMALS = re.compile(r"小数(?:点)?(?:以下)?(?:第)?\d(?:桁|位)(?:目)?(?:まで)?")
_KANA_NAME = re.compile(r"[ぁ-ゖー]{7,}")
_SLASH_DATE = re.compile(r"(?<![\d/])(1[0-2]|[1-9])/([12]\d|3[01]|[1-9])(?![\d/])(?=時点|現在|まで|末|の|、|\s|$)")
# 「柱（Ⅰ～Ⅳ）別」 is every pillar.
_ALL_PILLARS = re.compile(r"(柱|分野)(?:[ivx]{1,4}|\d)~(?:[ivx]{1,4}|\d)(?=別|ごと|毎)")


class Reader:
    """Reads questions against the names that a ledger holds; built once for each generation."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.vocabulary = vocabulary()
        names = (r.name for r in ledger.rows if r.project and not r.project.container)
        self.projects = NameIndex(names, reading_of, not_names=departments_of(ledger))
        self.scopes = ScopeReader(ledger, self.projects)
        self.loose = LooseNames(ledger, self.projects)
        self.years = YearReader(ledger)
        self.places = PlaceReader(ledger.places)
        self.accounts = AccountReader(ledger)
        self.entries = EntryReader(ledger)
        self._found = lru_cache(maxsize=_KEPT)(self._read)

    def read(self, question: str) -> tuple[Draft, Plan]:
        """Find everything that the question holds; the Plan returned has only its places and years.

        The Draft is the caller's own: a question's sentences are read more than once.
        """
        draft, plan = self._found(question)
        return draft.copied(), plan

    def _read(self, question: str) -> tuple[Draft, Plan]:
        folded = _SLASH_DATE.sub(r"\1月\2日", self.vocabulary.fold(question))
        folded = _ALL_PILLARS.sub(r"\1", folded)
        draft = Draft(question, folded, folded)
        bounds = boundaries_of(folded)
        if self.accounts.rows or self.entries.labels:
            here = self.places.read(folded, bounds, folded).places
            self.entries.read(draft, here)
            if not draft.entry_labels:
                self.accounts.read(draft, here, self.projects)
        read_row_bounds(draft, self.vocabulary.fold)
        if _KANA_NAME.search(folded):
            reading = self.projects.by_reading(draft.open)
            if reading and reading.end - reading.start >= 6:
                take_subject(draft, reading)
        romanised = self.projects.romanised(draft.open)
        if romanised is not None:
            take_subject(draft, romanised)
        for decimals in _DECIMALS.finditer(draft.open):
            draft.take(decimals.start(), decimals.end())
        for start, end in place_spans(draft.open):
            draft.take(start, end)
        first_place = FIRST_PLACE.search(draft.open)
        if first_place is not None:
            draft.take(first_place.start(), first_place.end())
        offices = self.scopes.read_departments(draft)
        self.scopes.read_whole_pillars(draft)
        self._read_whole_names(draft, bounds)
        self.years.read(draft)
        self.scopes.read_categories(draft)
        self.scopes.read_labels(draft)
        self.scopes.read_stems(draft)
        places = self.places.read(draft.open, bounds, draft.folded)
        for start, end in places.spans:
            draft.take(start, end)
        draft.places = len(places.words)
        self.scopes.read_pillar_numbers(draft)
        read_presence(draft)
        self.scopes.read_pillars(draft, bounds)
        for match in COUNTER_ASKED.finditer(draft.open):
            # 「何か所」 asks for a number: its counter is part of no name.
            if match[1] not in ("%", "割"):
                draft.take(match.start(), match.end())
        draft.amounts = amounts_in(draft.open)
        for amount in draft.amounts:
            band = draft.open[amount.end : amount.end + 1] == "台"
            draft.take(amount.start, amount.end + band)
        bounds = bounds | {edge for a in draft.amounts for edge in (a.start, a.end)}
        bounds |= {edge for start, end, _ in (*draft.spans, *draft.year_spans) for edge in (start, end)}
        bounds |= {edge for span in places.spans for edge in span}
        strong = [w for w in self.vocabulary.scan(draft.open, bounds) if w.family not in ("filler", "thing")]
        strong = self.loose.over_words(draft, strong, bounds)
        if first_place is not None:
            strong.append(Word(first_place.start(), first_place.end(), "rank", "most", first_place.group()))
        self.loose.read(draft, strong, bounds)
        self.scopes.drop_titles(draft, places.places)
        self._drop_names_of_elsewhere(draft, places.places)
        settle_accounts(draft)
        settle_entries(draft)
        plan = Plan(
            operation="describe",
            places=places.places or offices,
            place_words=places.words,
            unknown_places=places.unknown,
            years=tuple(dict.fromkeys(draft.years)),
            kinds=tuple(dict.fromkeys(draft.kinds)),
            question=question,
        )
        return draft, plan

    def _drop_names_of_elsewhere(self, draft: Draft, places: Sequence[Place]) -> None:
        """Loose readings of a name that only another place has are words of the question, and no name."""
        if not places:
            return
        held = {r.name for r in self.ledger.rows if r.place in places}
        for mention in list(draft.subjects):
            whole = mention.match.how == "name" and mention.match.words in self.projects.forms
            if not whole and not held.intersection(mention.match.names):
                draft.subjects.remove(mention)
                draft.topics.append(draft.folded[mention.start : mention.end])

    def _read_whole_names(self, draft: Draft, bounds: frozenset[int]) -> None:
        """Names of projects written whole, or so with particles between their words or one character wrong."""
        exact = self.projects.exact(draft.open)
        read = self.projects.by_reading(draft.open)
        if read is not None and _whole_otherwise(read, exact):
            # 「災害に強い区作り事業」 is no part of a name with a word beside it.
            take_subject(draft, read)
            exact = [m for m in exact if m.end <= read.start or read.end <= m.start]
        for loose in self.projects.loosely(draft.open):
            if TAKEN not in draft.open[loose.start : loose.end]:
                take_subject(draft, loose)
                exact = [m for m in exact if m.end <= loose.start or loose.end <= m.start]
        misspelt = self.projects.typo(draft.open)
        piece = self.projects.piece(draft.open, bounds) if misspelt is not None else None
        # A piece of the misspelt name itself speaks for it.
        other = piece is not None and misspelt is not None and not {*piece.match.names} <= {*misspelt.match.names}
        written = [*exact, *([piece] if piece is not None and other else [])]
        if misspelt is not None and _says_more(misspelt, written) and not self._after_particle(draft, misspelt, exact):
            # 「Webb広報事業」 is Web広報事業 misspelt, not 広報事業.
            take_subject(draft, misspelt)
            exact = [m for m in exact if m.end <= misspelt.start or misspelt.end <= m.start]
        for found in exact:
            mention = self.projects.whole(draft.open, found)
            # A name of three or four characters must stand free: 広報事業 in 旭区広報事業所 is no name.
            if mention.end - mention.start >= 5 or (mention.start in bounds and mention.end in bounds):
                take_subject(draft, mention)

    def _after_particle(self, draft: Draft, misspelt: Mention, exact: Sequence[Mention]) -> bool:
        """「茨城県の公共事業」 is 公共事業 and not 県単公共事業 misspelt: の stands before a name written whole."""
        return any(
            m.match.words in self.projects.forms
            and m.end == misspelt.end
            and draft.open[misspelt.start : m.start].endswith("の")
            for m in exact
        )


def _whole_otherwise(read: Mention, exact: Sequence[Mention]) -> bool:
    """Whether a name that is read as a stretch is long, and longer than any that stands in it as written."""
    size = read.end - read.start
    inside = [m for m in exact if m.start < read.end and read.start < m.end]
    return size >= _MIN_READ_WHOLE and all(
        read.start <= m.start and m.end <= read.end and m.end - m.start < size for m in inside
    )


def _says_more(misspelt: Mention, exact: list[Mention]) -> bool:
    """Whether a misspelt name is longer by two characters than any name that stands in it as written."""
    inside = [m for m in exact if m.start < misspelt.end and misspelt.start < m.end]
    size = misspelt.end - misspelt.start
    covered = all(
        (misspelt.start <= m.start + 1 and m.end <= misspelt.end + 1) or m.end - m.start < size for m in inside
    )
    return size >= 6 and covered and all(m.end - m.start <= size - 2 for m in inside)
