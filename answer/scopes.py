"""Names that are no project: departments, pillars, categories, columns, verdicts, kinds of documents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from answer.draft import Draft
from answer.hierarchy import names_of, steps_of
from answer.ledger import Ledger
from answer.names import TAKEN, Mention, NameIndex
from answer.segments import reading_of
from answer.types import Place
from answer.vocabulary import vocabulary
from ingest.amounts import parse_numeral

# 「区局連携促進事業」: what follows a category belongs to its name.
_PROJECT_OF_SCOPE = re.compile(r"(?<=\x00)(?:促進)?事業費?")
_NUMERAL = re.compile(r"\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,2}")
_N = r"(\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,2})"
_NUMBERED_PILLAR = re.compile(
    rf"(?:柱|分野|章|重点目標|基本目標)(?:の)?{_N}(?![\divx]|事業|件|つ|本|個|区分|課|つの)|(?<![\divx]){_N}(?:番|つ目)?の(?:柱|分野|章)"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_LONG_PILLAR = 8
_WHOLE_PILLAR = 5
_HIRAGANA = re.compile("[ぁ-ん]")
_GOES_ON = 3
# An office that a title ends with: 「当初予算 教育委員会事務局」.
_OFFICE = re.compile(r"(?:^|[\s　（(])([^\s　（()）]{2,}(?:局|課|部|本部|事務所|委員会))(?=$|[\s　)）])")
# 「現状継続とされた事業」
_JUDGED = re.compile("(?:とされ|と評価|と判定|と判断|となっ|になっ|の評価|という評価)")
_VERDICT = re.compile("(?:事務事業|行政|内部|外部)?評価(?:結果)?|判定(?:結果)?")
_SHORT_LABEL = re.compile(r"[\s　(（]")
_MIN_LABEL = 3
_KANJI_BEFORE = re.compile(r"[一-鿿々ァ-ヺー]+$")


class ScopeReader:
    """Finds names of departments, pillars and categories, and what else documents call their parts and columns.

    `projects` are the names that a longer one of may hold one of these.
    """

    def __init__(self, ledger: Ledger, projects: NameIndex) -> None:
        self.ledger = ledger
        self.projects = projects
        self.vocabulary = vocabulary()
        fold = self.vocabulary.fold
        rows = ledger.rows
        self.printed_departments = frozenset(d for r in rows for d in r.departments)
        self.departments = NameIndex(departments_of(ledger), reading_of)
        self.pillars = NameIndex({r.pillar: None for r in rows if r.pillar}, reading_of)
        self.pillar_aliases: dict[str, list[str]] = defaultdict(list)
        for project in ledger.projects.values():
            for alias in project.pillar_aliases:
                held = self.pillar_aliases[fold(alias)]
                if project.pillar and project.pillar not in held:
                    held.append(project.pillar)
        steps = (n for r in rows if r.category for n in names_of(r.category))
        named = dict.fromkeys((*steps, *(r.name for r in rows if r.level == "section")))
        pillars = set(self.pillars.names)
        # A budget book heads columns and sums with words that are no names (前年度, 合計, 計).
        words = self.vocabulary.meanings
        scopes = [n for n in named if n and n not in pillars and len(n) >= 3 and fold(n) not in words]
        self.categories = NameIndex(scopes, reading_of)
        # 「トータルコスト(A)＋(B)」 is asked for as トータルコスト.
        forms = ((label, fold(_SHORT_LABEL.split(label)[0]).strip().removesuffix("計")) for label in ledger.labels())
        self.labels = sorted(((n, f) for n, f in forms if len(f) >= _MIN_LABEL), key=lambda x: -len(x[1]))
        self.verdicts = sorted(((v, fold(v)) for v in ledger.verdicts()), key=lambda x: -len(x[1]))
        self.kinds = _kinds(ledger)

    def read_departments(self, draft: Draft) -> tuple[Place, ...]:
        """Departments written whole; returned are the places of those that only a document's title names."""
        offices = self._take_offices(draft)
        longer = [*self.projects.exact(draft.open), *self.categories.exact(draft.open)]
        self._take_all(draft, self.departments, draft.departments, [*longer, *self._compounds(draft)])
        return offices

    def read_categories(self, draft: Draft) -> None:
        """Categories, by their names and by the short words that the vocabulary has for them."""
        self._take_all(draft, self.categories, draft.categories)
        for word in self.vocabulary.words_of("scope"):
            at = draft.open.find(word)
            names = self.categories.containing(word) if at >= 0 else ()
            pillars = self.pillars.containing(word) if at >= 0 and not names else ()
            if names or pillars:
                draft.categories.extend(n for n in names if n not in draft.categories)
                draft.pillars.extend(n for n in pillars if n not in draft.pillars)
                draft.spans.extend((at, at + len(word), n) for n in (*names, *pillars))
                draft.take(at, at + len(word))
        scopes = {end for _, end, name in draft.spans if name in (*draft.categories, *draft.pillars)}
        for match in _PROJECT_OF_SCOPE.finditer(draft.open):
            if match.start() in scopes:
                draft.take(match.start(), match.end())

    def read_labels(self, draft: Draft) -> None:
        """Columns, verdicts and kinds of documents by what they are printed as."""
        for label, form in self.labels:
            at = draft.open.find(form)
            if at >= 0:
                draft.labels.append(label)
                draft.take(at, at + len(form))
        for verdict, form in self.verdicts:
            at = draft.open.find(form)
            if at >= 0 and (f"「{verdict}」" in draft.question or _JUDGED.match(draft.open[at + len(form) :])):
                draft.verdicts.append(verdict)
                draft.take(at, at + len(form))
                for said in _VERDICT.finditer(draft.open):
                    draft.take(said.start(), said.end())
        for kind, form in self.kinds:
            at = draft.open.find(form)
            if at >= 0:
                draft.kinds.append(kind)
                if not form.endswith("予算"):
                    # 「当初予算の合計」 says what is asked for as well.
                    draft.take(at, at + len(form))

    def read_stems(self, draft: Draft) -> None:
        """Departments whose 課 is left out or whose ・ or spelling differs are found by their stem."""
        for name, folded in self.departments.folded.items():
            stem = folded.removesuffix("課")
            whole = name in self.printed_departments and len(steps_of(name)) == 1
            at = draft.open.find(stem) if whole and len(stem) >= 4 and stem != folded else -1
            if at >= 0 and name not in draft.departments:
                draft.departments.append(name)
                draft.spans.append((at, at + len(stem), name))
                draft.take(at, at + len(stem))

    def read_whole_pillars(self, draft: Draft) -> None:
        """Long names of pillars, before a short form of a project's name is found inside them."""
        projects = self.projects.exact(draft.open)
        for mention in self.pillars.exact(draft.open):
            size = mention.end - mention.start
            inside = [m for m in projects if m.start < mention.end and mention.start < m.end]
            if self._goes_on(draft, mention):
                continue
            if size >= _LONG_PILLAR and all(m.end - m.start < size for m in inside):
                _take_pillar(draft, mention.start, mention.end, mention.match.names)

    def read_pillar_numbers(self, draft: Draft) -> None:
        """Pillars by what else documents call them: their number beside 柱 (柱Ⅳ), or another print of their name."""
        numbered = {_value(m[1] or m[2]): m for m in _NUMBERED_PILLAR.finditer(draft.open)}
        for alias, names in self.pillar_aliases.items():
            if _NUMERAL.fullmatch(alias):
                match = numbered.get(_value(alias))
            else:
                match = re.search(re.escape(alias), draft.open)
            if match is not None:
                _take_pillar(draft, match.start(), match.end(), names)

    def read_pillars(self, draft: Draft, bounds: frozenset[int]) -> None:
        """Names of pillars that stand free."""
        for mention in self.pillars.exact(draft.open):
            # 「統合事業費ってどんな」: behind a longer name kana are no part of it, however the tokeniser cuts them.
            after = draft.open[mention.end : mention.end + 1]
            whole = mention.end - mention.start >= _WHOLE_PILLAR and _HIRAGANA.fullmatch(after) is not None
            if mention.start in bounds and (whole or mention.end in bounds) and not self._goes_on(draft, mention):
                _take_pillar(draft, mention.start, mention.end, mention.match.names)

    def drop_titles(self, draft: Draft, places: Sequence[Place]) -> None:
        """Words that stand in the title of every document of the places asked for (主要事業) narrow nothing."""
        fold = self.vocabulary.fold
        titles = [fold(d.title) for d in self.ledger.documents.values() if self.ledger.place_of(d) in places]
        if titles:
            draft.topics = [t for t in draft.topics if not all(t in title for title in titles)]

    def _goes_on(self, draft: Draft, mention: Mention) -> bool:
        """「地域のつながりづくりに向けた民生委員…」: a project whose name begins as its pillar's does."""
        longer = draft.open[mention.start : mention.end + _GOES_ON]
        whole = TAKEN not in longer and len(longer) == mention.end - mention.start + _GOES_ON
        return whole and bool(self.projects.containing(longer))

    def _compounds(self, draft: Draft) -> list[Mention]:
        """Departments at the end of a longer word that projects' names hold: 公民館 in 里山公民館."""
        found = []
        for mention in self.departments.exact(draft.open):
            before = _KANJI_BEFORE.search(draft.open[: mention.start])
            word = draft.open[before.start() if before else mention.start : mention.end]
            if len(word) > mention.end - mention.start and self.projects.containing(word):
                found.append(replace(mention, start=mention.end - len(word)))
        return found

    def _take_offices(self, draft: Draft) -> tuple[Place, ...]:
        """The office that a document is of by its title (当初予算 教育委員会事務局): no name, but a place's."""
        fold = self.vocabulary.fold
        found: dict[Place, None] = {}
        for document in self.ledger.documents.values():
            for office in _OFFICE.findall(document.title):
                at = draft.open.find(fold(office))
                if at >= 0 and office not in self.departments.names:
                    draft.take(at, at + len(fold(office)))
                    found[self.ledger.place_of(document)] = None
        return tuple(found)

    def _take_all(self, draft: Draft, index: NameIndex, taken: list[str], longer: Sequence[Mention] = ()) -> None:
        """Take every name of an index, but those inside a longer name (図書館 in 図書館サービスの推進)."""
        for mention in (*index.exact(draft.open), *index.loosely(draft.open)):
            size = mention.end - mention.start
            if any(m.start <= mention.start and mention.end <= m.end and m.end - m.start > size for m in longer):
                continue
            taken.extend(name for name in mention.match.names if name not in taken)
            draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
            draft.take(mention.start, mention.end)


def departments_of(ledger: Ledger) -> dict[str, None]:
    """Every name that a department can be called by, in the rows' order."""
    return {n: None for r in ledger.rows for d in r.departments for n in names_of(d)}


def _take_pillar(draft: Draft, start: int, end: int, names: Sequence[str]) -> None:
    """The stretch is a name of these pillars."""
    draft.pillars.extend(name for name in names if name not in draft.pillars)
    draft.spans.extend((start, end, name) for name in names)
    draft.take(start, end)


def _value(numeral: str) -> int:
    """A numeral as it counts: 4, iv and 四 are one."""
    return _ROMAN.get(numeral) or int(parse_numeral(numeral) or 0)


def _kinds(ledger: Ledger) -> list[tuple[str, str]]:
    """Kinds of document parts with the forms that questions name them by, longest first."""
    fold = vocabulary().fold
    forms: dict[str, str] = {}
    for _, _, part in ledger.holdings():
        form = fold(part.kind)
        forms.setdefault(form, part.kind)
        for tail in ("に向けて案", "に向けて", "総括説明書", "説明書"):
            if form.endswith(tail) and len(form) - len(tail) >= 4:
                forms.setdefault(form[: -len(tail)], part.kind)
    # 「執行状況」 is what is asked of a project far more often than it names a document.
    return sorted(((kind, form) for form, kind in forms.items() if form != "執行状況"), key=lambda kf: -len(kf[1]))
