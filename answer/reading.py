"""Reads a question: its names, years, places, amounts and words of the vocabulary; what is left are its topics."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.draft import COUNTER_ASKED, Draft, blank
from answer.hierarchy import names_of, steps_of
from answer.ledger import Ledger
from answer.names import TAKEN, Mention, NameIndex
from answer.places import PlaceReader
from answer.presence import read_presence
from answer.ranking import FIRST_PLACE, place_spans
from answer.segments import boundaries_of, content_terms, nouns_of, reading_of
from answer.types import NameMatch, Place, Plan
from answer.vocabulary import Word, vocabulary
from ingest.amounts import Amount, find_amounts, parse_numeral
from ingest.eras import find_years

# One character of these is no part of a name that a question means.
_PICKS_PROJECTS = re.compile(r"[ぁ-ん]{0,5}(?:事業|もの)")
_NO_PART = frozenset("月年日区市課人数額費率上下中内外前後間者等事業度一二三四五六七八九十百千万")
_KANA_NAME = re.compile(r"[ぁ-ゖー]{7,}")
_HIRAGANA_RUN = re.compile(r"[ぁ-ゖ]{4,}")
_HIRAGANA = re.compile(r"[ぁ-ゖ]{3,}")
_YEAR_LIST = re.compile(r"(?P<era>令和|平成|[rh])(?P<first>\d{1,2})(?:年度?)?(?:、|と|~|から)(?P<second>\d{1,2})年度")
# 「区局連携促進事業」: what follows a category belongs to its name.
_PROJECT_OF_SCOPE = re.compile(r"(?<=\x00)(?:促進)?事業費?")
_NUMERAL = re.compile(r"\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,2}")
_SHORT_YEAR = re.compile(r"(?<![\d,.])(\d{1,2})年(?=(1[0-2]|[1-9])月)")
_N = r"(\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,2})"
_NUMBERED_PILLAR = re.compile(
    rf"(?:柱|分野|章|重点目標|基本目標)(?:の)?{_N}(?![\divx]|事業|件|つ|本|個|区分|課|つの)|(?<![\divx]){_N}(?:番|つ目)?の(?:柱|分野|章)"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_QUOTED = re.compile(r"「([^「」]{3,12})」")
_TITLE = re.compile(r"[「『]([^「」『』]{4,})[」』]")
_LISTED = re.compile(r"^(?:と|や|、|および|及び)|、")
_PREAMBLE = re.compile(r"(?:が|けど|けれども?|ので|から)$")
_EARLY_MONTH = re.compile(r"[1-3](?:月|/)")
_MEASURED_BY = re.compile(r"(?:の予算額?|の決算額?|の執行額|の執行率)?(?:より|に比べ|と比べ)")
_AND = re.compile(r"と|や|、|および|及び|or|and")
_MOST_NAMES = 40
_LONG_PILLAR = 8
_GOES_ON = 3
# One character of these is left over from words that narrow nothing (念のため, 仮に, 三つ).
_LIGHT = frozenset("員念次実仮指例他方度物事者等各今前後全約計毎件本個人回部間分一二三四五六七八九十")
_FEW_NAMES = 3
_BETWEEN_NAMES = frozenset(("shorthand", "rank", "aggregate", "compare", "phase", "group"))
# What is done with a project, said beside its name: 「地域活動協議会への支援はいくら」.
_DONE_WITH = ("補助", "助成", "支援", "推進", "運営", "取組", "対策")
# 「運行をささえる補助」 is 運行支援.
_HELPING = re.compile("^(?:ささえる|助ける|たすける|後押しする|支援する|応援する|進める|行う)")
# An office that a title ends with: 「当初予算 教育委員会事務局」.
_OFFICE = re.compile(r"(?:^|[\s　（(])([^\s　（()）]{2,}(?:局|課|部|本部|事務所|委員会))(?=$|[\s　)）])")
_SHORT_LABEL = re.compile(r"[\s　(（]")
_MIN_LABEL = 4
_KANJI_BEFORE = re.compile(r"[一-鿿々ァ-ヺー]+$")
_PLEASANTRY = re.compile(r"(?:です|ます|ました|でした|ません)$")
_AMOUNT_TAIL = re.compile(r"(?:事業費|事業|費用|費|額|数|料|代|づくり|関係|関連)$")
_NOT_ONE_YEN = re.compile(r"(?<!\d)[1一]円(?:も|たりとも|残らず|残さず)")
_IN_ENGLISH = re.compile(r"(?:[a-z'’,.\-]+\s+){4,}")
_LAST_MONTH = 3
_DATE = re.compile(r"(\d{1,2})月(?:\d{1,2}日|末)?(?:現在|時点)?")
_FRACTION = re.compile(r"([2-9]|10|[二三四五六七八九十])分の([1-9]|[一二三四五六七八九])")
_SLASH_DATE = re.compile(r"(?<![\d/])(1[0-2]|[1-9])/([12]\d|3[01]|[1-9])(?![\d/])(?=時点|現在|まで|末|の|、|\s|$)")
_SUCH = re.compile(r".?な(?:事業|もの)")
# 「柱（Ⅰ～Ⅳ）別」 is every pillar.
_ALL_PILLARS = re.compile(r"(柱|分野)(?:[ivx]{1,4}|\d)~(?:[ivx]{1,4}|\d)(?=別|ごと|毎)")
_OF_TITLE = re.compile(r"(?:[ァ-ヺー]|計画|構想)$")
_HALF = re.compile(r"半分|半額|\bhalf\b(?: of)?")
_KANA_BEFORE = re.compile(r"(?<![ぁ-ん])[ぁ-ん]{2,5}の$")
_LINKS = frozenset(
    ("それの", "これの", "どの", "その", "この", "あの", "などの", "からの", "までの", "への", "との", "での")
)
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]{2,}")
_CONTENT = re.compile(r"[一-鿿々ァ-ヺー]{2,}|[一-鿿々]|[ぁ-ん]{3,}|[a-z0-9]{2,}")


class Reader:
    """Reads questions against the names that a ledger holds; built once for each generation."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.vocabulary = vocabulary()
        rows = ledger.rows
        departments = {n: None for r in rows for d in r.departments for n in names_of(d)}
        names = (r.name for r in rows if r.project and not r.project.container)
        self.projects = NameIndex(names, reading_of, not_names=departments)
        self.departments = NameIndex(departments, reading_of)
        self.printed_departments = frozenset(d for r in rows for d in r.departments)
        self.pillars = NameIndex({r.pillar: None for r in rows if r.pillar}, reading_of)
        self.pillar_aliases: dict[str, list[str]] = defaultdict(list)
        for project in ledger.projects.values():
            for alias in project.pillar_aliases:
                held = self.pillar_aliases[self.vocabulary.fold(alias)]
                if project.pillar and project.pillar not in held:
                    held.append(project.pillar)
        named = {n: None for r in rows if r.category for n in names_of(r.category)} | {
            r.name: None for r in rows if r.level == "section"
        }
        pillars = set(self.pillars.names)
        # A budget book heads columns and sums with words that are no names (前年度, 合計, 計).
        words = self.vocabulary.meanings
        scopes = [n for n in named if n and n not in pillars and len(n) >= 3 and self.vocabulary.fold(n) not in words]
        self.categories = NameIndex(scopes, reading_of)
        # 「トータルコスト(A)＋(B)」 is asked for as トータルコスト.
        forms = {label: self.vocabulary.fold(_SHORT_LABEL.split(label)[0]).strip() for label in ledger.labels()}
        self.labels = sorted(((n, f) for n, f in forms.items() if len(f) >= _MIN_LABEL), key=lambda x: -len(x[1]))
        self.places = PlaceReader(ledger.places)
        self.kinds = _kinds(ledger)
        self.months = {row.as_of.month for row in rows if row.as_of} | {_LAST_MONTH}
        fold = self.vocabulary.fold
        self.quoted = {fold(q) for p in ledger.projects.values() for q in _QUOTED.findall(p.text)}

    def read(self, question: str) -> tuple[Draft, Plan]:
        """Find everything that the question holds; the Plan returned has only its places and years."""
        folded = _SLASH_DATE.sub(r"\1月\2日", self.vocabulary.fold(question))
        folded = _ALL_PILLARS.sub(r"\1", folded)
        draft = Draft(question, folded, folded)
        bounds = boundaries_of(folded)
        if _KANA_NAME.search(folded):
            reading = self.projects.by_reading(folded)
            if reading and reading.end - reading.start >= 6:
                self._take_subject(draft, reading)
        romanised = self.projects.romanised(draft.open)
        if romanised is not None:
            self._take_subject(draft, romanised)
        for start, end in place_spans(draft.open):
            draft.take(start, end)
        first_place = FIRST_PLACE.search(draft.open)
        if first_place is not None:
            draft.take(first_place.start(), first_place.end())
        offices = self._take_offices(draft)
        longer = [*self.projects.exact(draft.open), *self.categories.exact(draft.open)]
        self._take_all(draft, self.departments, draft.departments, [*longer, *self._compounds(draft)])
        self._read_whole_pillars(draft)
        exact = self.projects.exact(draft.open)
        for loose in self.projects.loosely(draft.open):
            if TAKEN not in draft.open[loose.start : loose.end]:
                self._take_subject(draft, loose)
                exact = [m for m in exact if m.end <= loose.start or loose.end <= m.start]
        misspelt = self.projects.typo(draft.open)
        piece = self.projects.piece(draft.open, bounds) if misspelt is not None else None
        # A piece of the misspelt name itself speaks for it.
        other = piece is not None and misspelt is not None and not {*piece.match.names} <= {*misspelt.match.names}
        written = [*exact, *([piece] if piece is not None and other else [])]
        if misspelt is not None and _says_more(misspelt, written) and not self._after_particle(draft, misspelt, exact):
            # 「Webb広報事業」 is Web広報事業 misspelt, not 広報事業.
            self._take_subject(draft, misspelt)
            exact = [m for m in exact if m.end <= misspelt.start or misspelt.end <= m.start]
        for found in exact:
            mention = self.projects.whole(draft.open, found)
            # A name of three or four characters must stand free: 広報事業 in 旭区広報事業所 is no name.
            if mention.end - mention.start >= 5 or (mention.start in bounds and mention.end in bounds):
                self._take_subject(draft, mention)
        self._read_years(draft)
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
        for label, form in self.labels:
            at = draft.open.find(form)
            if at >= 0:
                draft.labels.append(label)
                draft.take(at, at + len(form))
        for kind, form in self.kinds:
            at = draft.open.find(form)
            if at >= 0:
                draft.kinds.append(kind)
                draft.take(at, at + len(form))
        self._read_departments(draft)
        places = self.places.read(draft.open, bounds, draft.folded)
        for start, end in places.spans:
            draft.take(start, end)
        draft.places = len(places.words)
        self._read_pillar_numbers(draft)
        read_presence(draft)
        for mention in self.pillars.exact(draft.open):
            if mention.start in bounds and mention.end in bounds and not self._goes_on(draft, mention):
                _take_pillar(draft, mention.start, mention.end, mention.match.names)
        for match in COUNTER_ASKED.finditer(draft.open):
            # 「何か所」 asks for a number: its counter is part of no name.
            if match[1] not in ("%", "割"):
                draft.take(match.start(), match.end())
        draft.amounts = _amounts(draft.open)
        for amount in draft.amounts:
            band = draft.open[amount.end : amount.end + 1] == "台"
            draft.take(amount.start, amount.end + band)
        bounds = bounds | {edge for a in draft.amounts for edge in (a.start, a.end)}
        bounds |= {edge for start, end, _ in (*draft.spans, *draft.year_spans) for edge in (start, end)}
        bounds |= {edge for span in places.spans for edge in span}
        strong = [w for w in self.vocabulary.scan(draft.open, bounds) if w.family != "filler"]
        strong = self._name_over_words(draft, strong, bounds)
        if first_place is not None:
            strong.append(Word(first_place.start(), first_place.end(), "rank", "most", first_place.group()))
        self._read_loose_names(draft, strong, bounds)
        self._drop_titles(draft, places.places)
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

    def _after_particle(self, draft: Draft, misspelt: Mention, exact: Sequence[Mention]) -> bool:
        """「茨城県の公共事業」 is 公共事業 and not 県単公共事業 misspelt: の stands before a name written whole."""
        return any(
            m.match.words in self.projects.forms
            and m.end == misspelt.end
            and draft.open[misspelt.start : m.start].endswith("の")
            for m in exact
        )

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

    def _drop_titles(self, draft: Draft, places: Sequence[Place]) -> None:
        """Words that stand in the title of every document of the places asked for (主要事業) narrow nothing."""
        fold = self.vocabulary.fold
        titles = [fold(d.title) for d in self.ledger.documents.values() if self.ledger.place_of(d) in places]
        if titles:
            draft.topics = [t for t in draft.topics if not all(t in title for title in titles)]

    def _read_whole_pillars(self, draft: Draft) -> None:
        """Long names of pillars, before a short form of a project's name is found inside them."""
        projects = self.projects.exact(draft.open)
        for mention in self.pillars.exact(draft.open):
            size = mention.end - mention.start
            inside = [m for m in projects if m.start < mention.end and mention.start < m.end]
            if self._goes_on(draft, mention):
                continue
            if size >= _LONG_PILLAR and all(m.end - m.start < size for m in inside):
                _take_pillar(draft, mention.start, mention.end, mention.match.names)

    def _goes_on(self, draft: Draft, mention: Mention) -> bool:
        """「地域のつながりづくりに向けた民生委員…」: a project whose name begins as its pillar's does."""
        longer = draft.open[mention.start : mention.end + _GOES_ON]
        whole = TAKEN not in longer and len(longer) == mention.end - mention.start + _GOES_ON
        return whole and bool(self.projects.containing(longer))

    def _read_pillar_numbers(self, draft: Draft) -> None:
        """Pillars by what else documents call them: their number beside 柱 (柱Ⅳ), or another print of their name."""
        numbered = {_value(m[1] or m[2]): m for m in _NUMBERED_PILLAR.finditer(draft.open)}
        for alias, names in self.pillar_aliases.items():
            if _NUMERAL.fullmatch(alias):
                match = numbered.get(_value(alias))
            else:
                match = re.search(re.escape(alias), draft.open)
            if match is not None:
                _take_pillar(draft, match.start(), match.end(), names)

    def _take_all(self, draft: Draft, index: NameIndex, taken: list[str], longer: Sequence[Mention] = ()) -> None:
        """Take every name of an index, but those inside a longer name (図書館 in 図書館サービスの推進)."""
        for mention in (*index.exact(draft.open), *index.loosely(draft.open)):
            size = mention.end - mention.start
            if any(m.start <= mention.start and mention.end <= m.end and m.end - m.start > size for m in longer):
                continue
            taken.extend(name for name in mention.match.names if name not in taken)
            draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
            draft.take(mention.start, mention.end)

    def _take_subject(self, draft: Draft, mention: Mention) -> None:
        draft.subjects.append(mention)
        draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
        draft.take(mention.start, mention.end)

    def _read_departments(self, draft: Draft) -> None:
        """Departments whose 課 is left out or whose ・ or spelling differs are found by their stem."""
        for name, folded in self.departments.folded.items():
            stem = folded.removesuffix("課")
            whole = name in self.printed_departments and len(steps_of(name)) == 1
            at = draft.open.find(stem) if whole and len(stem) >= 4 and stem != folded else -1
            if at >= 0 and name not in draft.departments:
                draft.departments.append(name)
                draft.spans.append((at, at + len(stem), name))
                draft.take(at, at + len(stem))

    def _read_years(self, draft: Draft) -> None:
        """Years outside of whole names; before parts of names, which may hold years of their own (令和２年度分)."""
        self._read_year_lists(draft)
        for year in find_years(draft.open.upper() if len(draft.open.upper()) == len(draft.open) else draft.open):
            if _OF_TITLE.search(draft.open[: year.start]) and year.printed.isdigit():
                # 「旭区将来ビジョン2022」: the number belongs to a title.
                continue
            # 「令和5年3月末」 is a day, of the fiscal year that began the April before.
            early = not year.fiscal and _EARLY_MONTH.match(draft.open[year.end :])
            fiscal = year.year - 1 if early else year.year
            draft.years.append(fiscal)
            draft.year_spans.append((year.start, year.end, fiscal))
            draft.take(year.start, year.end)
        self._read_bare_years(draft)

    def _read_year_lists(self, draft: Draft) -> None:
        """「令和4・5年度」 and 「令和4〜5年度」: the era and 年度 are written once for both."""
        for match in _YEAR_LIST.finditer(draft.open):
            first = find_years(f"{match['era']}{match['first']}年度".upper())
            second = find_years(f"{match['era']}{match['second']}年度".upper())
            if first and second:
                draft.years.extend(range(first[0].year, second[0].year + 1))
                draft.take(match.start(), match.end())

    def _read_bare_years(self, draft: Draft) -> None:
        """「4年度」 or 「5年度」 without an era is of the era that the corpus' years make possible."""
        for match in re.finditer(r"(?<![\d,.])(元|\d{1,2}|(?<![一-鿿])[二三四五六七八九十]{1,2})年度", draft.open):
            number = 1 if match[1] == "元" else int(parse_numeral(match[1]) or 0)
            known = {year for place in self.ledger.places for year in self.ledger.years_of([place])}
            years = [base + number - 1 for base in (2019, 1989) if base + number - 1 in known] or [2019 + number - 1]
            draft.years.append(years[0])
            draft.year_spans.append((match.start(), match.end(), years[0]))
            draft.take(match.start(), match.end())

        for match in _SHORT_YEAR.finditer(draft.open):
            # 「5年7月末」 is of Reiwa where the corpus has that year.
            year, month = int(match[1]), int(match[2])
            known = {y for place in self.ledger.places for y in self.ledger.years_of([place])}
            fiscal = next((y for base in (2018, 1988) if (y := base + year - (month <= _LAST_MONTH)) in known), None)
            if fiscal is not None:
                draft.years.append(fiscal)
                draft.year_spans.append((match.start(), match.end(1) + 1, fiscal))
                draft.take(match.start(), match.end(1) + 1)

    def _read_loose_names(self, draft: Draft, strong: list[Word], bounds: frozenset[int]) -> None:
        """Names by part, with a typing error, or in kana; what is left of the content words becomes topics."""
        reading = self.projects.by_reading(draft.open) if _HIRAGANA.search(draft.open) else None
        if reading and not any(m.start < reading.end and reading.start < m.end for m in draft.subjects):
            self._take_subject(draft, reading)
            strong = [w for w in strong if w.end <= reading.start or w.start >= reading.end]
        elif reading is None and not draft.subjects and _HIRAGANA_RUN.search(draft.open):
            beginning = self.projects.by_beginning(draft.open)
            if beginning is not None and _HIRAGANA_RUN.search(beginning.match.words):
                self._take_subject(draft, beginning)
                strong = [w for w in strong if w.end <= beginning.start or w.start >= beginning.end]
        masked = draft.open
        for word in strong:
            masked = blank(masked, word.start, word.end)
        parts: list[Mention] = []
        typo = self.projects.typo(masked)
        piece = self.projects.piece(masked, bounds)
        if typo is not None and (piece is None or piece.end - piece.start < typo.end - typo.start):
            draft.subjects.append(typo)
            masked = blank(masked, typo.start, typo.end)
        for _ in range(3):
            piece = self.projects.piece(masked, bounds)
            gapped = self._gapped(draft, masked)
            wider = piece is not None and gapped is not None and {*piece.match.names} < {*gapped.match.names}
            longer = gapped is not None and (piece is None or len(_said(gapped)) > len(_said(piece)))
            if longer or (wider and gapped is not None and piece is not None and _said(gapped) == _said(piece)):
                piece = gapped
            if piece is None:
                break
            piece = self.projects.whole(draft.open, piece)
            parts.append(piece)
            masked = blank(masked, piece.start, piece.end)
        draft.words = strong
        for word in self.vocabulary.scan(masked, bounds):
            if word.family == "filler":
                masked = blank(masked, word.start, word.end)
        nouns = nouns_of(draft.folded)
        beside: list[Mention] = []
        for match in re.finditer(rf"[^{TAKEN}、\s]+", masked):
            text = re.sub(r"^[のをはがにでとも]+|(?:って|とは|[のをはがにでともなか])+$", "", match.group())
            if not _CONTENT.search(text) or self._is_known_date(text):
                continue
            named = [
                (max(s, match.start()), min(e, match.end())) for s, e in nouns if s < match.end() and match.start() < e
            ]
            if not named and match.group() in self.quoted:
                # A title such as 「とことこ」, which is no noun.
                draft.topics.append(match.group())
                continue
            if not named:
                # 「見送られた事業」: a verb that picks out projects must not be passed over.
                picks = _PICKS_PROJECTS.match(draft.folded[match.end() :]) is not None
                if re.search(r"[一-鿿]", text) and picks and not _by_department(draft, match.start()):
                    draft.topics.append(text)
                continue
            if _is_pleasantry(draft, match.start()) or _is_preamble(draft, match.start()):
                continue
            if _compounded(strong, match.start(), match.end()):
                # 「差引残」「算術平均」: more of the word beside it.
                continue
            if draft.amounts and _SUCH.match(draft.folded[match.end() - 1 :]) and not self._names_with(text):
                # 「90万円以下の小規模な事業」: the bound says what is meant.
                continue
            at = match.start() + match.group().find(text)
            names = self._names_with(text)
            few = 0 < len(names) <= (_MOST_NAMES if len(text) > 1 else _FEW_NAMES)
            if (
                few
                and text not in _NO_PART
                and (not draft.subjects or _enumerated(draft, _row(draft, parts), at, at + len(text)))
            ):
                parts.append(Mention(at, at + len(text), NameMatch(text, names, "part")))
            elif text not in _LIGHT and not (draft.pillars and _NUMERAL.fullmatch(text)):
                draft.topics.append(text)
                if few and text not in _NO_PART:
                    beside.append(Mention(at, at + len(text), NameMatch(text, names, "part")))
        for mention in beside:
            if _continued(draft, parts, mention):
                parts.append(mention)
                draft.topics.remove(mention.match.words)
        if (draft.subjects or draft.pillars or draft.categories) and _IN_ENGLISH.search(draft.folded):
            # 「the DV countermeasures project (DV対策事業)」: the name stands there as the documents print it.
            draft.topics = [t for t in draft.topics if not t.isascii()]
        draft.open = masked
        self._settle_parts(draft, sorted(parts, key=lambda m: m.start))
        if len(draft.subjects) == 1 and draft.topics:
            self._fit_topics(draft)
        draft.subjects = [self._narrowed_by_kana(draft, mention) for mention in draft.subjects]
        self._drop_descriptions(draft)

    def _drop_descriptions(self, draft: Draft) -> None:
        """「赤ちゃんを預かってくれる「一時託児サービス」」: what only tells of the quoted name is no other name."""
        quoted = {self.vocabulary.fold(q) for q in _TITLE.findall(draft.question)}
        named = [m for m in draft.subjects if draft.folded[m.start : m.end] in quoted]
        starts = [m.start for m in named] + [s for s, e, _ in draft.spans if draft.folded[s:e] in quoted]
        if not starts:
            return
        first = min(starts)
        kept = [
            m
            for m in draft.subjects
            if m in named
            or m.match.words in self.projects.forms
            or m.start > first
            or _LISTED.search(draft.folded[m.end : first])
        ]
        draft.subjects = kept

    def _narrowed_by_kana(self, draft: Draft, mention: Mention) -> Mention:
        """「のうの魅力」: of the names that hold 魅力 those that are read so before it (「農」の魅力)."""
        before = _KANA_BEFORE.search(draft.folded[: mention.start])
        if mention.match.how != "part" or len(mention.match.names) < 2 or before is None:
            return mention
        names = tuple(name for name in mention.match.names if self.projects.read_inside(name, before.group()))
        if not names or before.group() in _LINKS:
            return mention
        return replace(mention, match=replace(mention.match, names=names))

    def _is_known_date(self, text: str) -> bool:
        """Whether the text is a day of a month that figures are as of, or of the last month of a year.

        「令和5年4月末の執行率」 asks for a state that no document prints.
        """
        date = _DATE.fullmatch(text)
        return date is not None and int(date[1]) in self.months

    def _gapped(self, draft: Draft, masked: str) -> Mention | None:
        """A name whose nouns stand in the question in their order, in one stretch that nothing else has taken."""
        nouns = nouns_of(draft.folded)
        best: Mention | None = None
        for run in re.finditer(rf"[^{TAKEN}、]+", masked):
            spans = [(s, e) for s, e in nouns if run.start() <= s and e <= run.end()]
            found = self.projects.gapped(spans, draft.folded) if len(spans) >= 3 else None
            if found is not None and (best is None or found.end - found.start > best.end - best.start):
                best = found
        return best

    def _name_over_words(self, draft: Draft, strong: list[Word], bounds: frozenset[int]) -> list[Word]:
        """「虐待ゼロの予算」: a piece of a name that only few have is a name, though a word of bounds stands in it."""
        piece = self.projects.piece(draft.open, bounds)
        if piece is None or len(piece.match.names) > _FEW_NAMES:
            return strong
        inside = [w for w in strong if piece.start <= w.start and w.end <= piece.end]
        rest = piece.end - piece.start - sum(w.end - w.start for w in inside)
        if not inside or rest < 2 or any(w.family not in _BETWEEN_NAMES for w in inside):
            return strong
        self._take_subject(draft, piece)
        return [w for w in strong if w not in inside]

    def _names_with(self, text: str) -> tuple[str, ...]:
        """Names that hold the text; one of two or three characters as a word of its own (議会 is none of 協議会)."""
        if len(text) < 2 and (not "一" <= text <= "鿿" or _NUMERAL.fullmatch(text)):
            return ()
        names = self.projects.containing(text)
        if len(text) > 3 or len(names) > _MOST_NAMES:
            return names
        return tuple(name for name in names if _stands_free(self.projects.folded[name], text))

    def _settle_parts(self, draft: Draft, parts: list[Mention]) -> None:
        """Parts of names beside each other mean the names that hold them all; joined by と they are several things."""
        if not parts:
            draft.subjects.sort(key=lambda m: m.start)
            return
        if draft.subjects:
            # Beside a whole name, a part of another only narrows what is asked of it.
            for part in _joined_parts(draft, sorted(parts, key=lambda m: m.start)):
                measured = any(_MEASURED_BY.match(draft.folded[m.end :]) for m in draft.subjects)
                others = [m for m in _row(draft, parts) if m is not part]
                in_row = _enumerated(draft, others, part.start, part.end)
                if measured or in_row or len(part.match.words) >= 6:
                    draft.subjects.append(part)
                    draft.spans.extend((part.start, part.end, name) for name in part.match.names)
                else:
                    draft.topics.append(part.match.words)
            draft.subjects.sort(key=lambda m: m.start)
            return
        groups: list[list[Mention]] = [[parts[0]]]
        for left, right in itertools.pairwise(parts):
            between = draft.folded[left.end : right.start]
            joined = re.search(r"と|や|、|および|及び", between) and not re.search(r"[一-鿿]", between)
            groups.append([right]) if joined else groups[-1].append(right)
        for group in groups:
            common = [n for n in group[0].match.names if all(n in m.match.names for m in group[1:])]
            if common:
                words = "".join(m.match.words for m in group)
                match = NameMatch(words, tuple(common), "part")
                draft.subjects.append(Mention(group[0].start, group[-1].end, match))
                continue
            best = max(group, key=lambda m: (len(m.match.words), -len(m.match.names)))
            draft.subjects.append(best)
            draft.topics.extend(m.match.words for m in group if m is not best)
        for subject in draft.subjects:
            draft.spans.extend((subject.start, subject.end, name) for name in subject.match.names)

    def _fit_topics(self, draft: Draft) -> None:
        """Words beside the one name in a question: parts of that name, of a longer one, or of one of its sub-projects.

        「横浜旭ジャズまつりへの支援額」 is 横浜旭ジャズまつり支援事業, 「あさひくんの着ぐるみの貸出」 its 貸出事業.
        """
        subject = draft.subjects[0]
        fold = self.vocabulary.fold
        left = [
            t for t in draft.topics if _HELPING.sub("", _AMOUNT_TAIL.sub("", t)) not in ("", *_NO_PART, *_DONE_WITH)
        ]

        def said_by(name: str, topic: str) -> bool:
            if topic in fold(name) or (_AMOUNT_TAIL.sub("", topic) or topic) in fold(name):
                return True
            spoken = reading_of(topic) if _KANA.search(topic) else ""
            return len(spoken) >= 2 and self.projects.read_inside(name, spoken)

        for topic in list(left):
            names = [name for name in subject.match.names if said_by(name, topic)]
            if names:
                subject = replace(subject, match=replace(subject.match, names=tuple(names)))
                left.remove(topic)
        if left and subject.match.how in ("name", "part"):
            longer = [n for n in self.projects.containing(subject.match.words) if all(said_by(n, t) for t in left)]
            if longer:
                subject = replace(subject, match=replace(subject.match, names=tuple(longer), how="part"))
                left = []
        whole = subject.match.how == "name" and subject.match.words in self.projects.forms
        rest = re.sub(r"^の(?:うち|中の)?", "", draft.folded[subject.end :])
        # 「Aの予算のうち、スポーツ祭に回ったのは」
        beside = any(rest.startswith(t) or re.match(rf"[^。]{{0,14}}のうち、?{re.escape(t)}", rest) for t in left)
        if left and (not whole or beside):
            child = self._child_about(subject, left)
            if child is not None:
                subject, left = replace(subject, match=child), []
        draft.topics = left
        draft.subjects = [subject]

    def _child_about(self, subject: Mention, topics: list[str]) -> NameMatch | None:
        """The sub-project of the subject whose name holds one of the words and whose name or text holds the others."""
        fold = self.vocabulary.fold
        found: list[str] = []
        for project in self.ledger.projects.values():
            if project.name not in subject.match.names:
                continue
            for child in self.ledger.children.get(project.project_id, []):
                name, text = fold(child.name), fold(child.name) + fold(child.text)
                stems = [_AMOUNT_TAIL.sub("", topic) or topic for topic in topics]
                if any(stem in name for stem in stems) and all(stem in text for stem in stems):
                    found.append(child.name)
        names = tuple(dict.fromkeys(found))
        if not 0 < len(names) <= 3:
            return None
        return NameMatch("".join((subject.match.words, *topics)), names, "part", within=subject.match.names)


def _compounded(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a stretch is the tail of a metric or the head of an aggregate or ranking, with nothing between."""
    return any(
        (word.family in ("metric", "aggregate") and word.end == start and end - start <= 2)
        or ((word.family, word.meaning) in (("aggregate", "mean"), ("aggregate", "sum")) and word.start == end)
        for word in words
    )


def _said(mention: Mention) -> str:
    """What a mention says of a name, without the particles in it."""
    return re.sub(r"[のをはがにでとへも・]", "", mention.match.words)


def _joined_parts(draft: Draft, parts: Sequence[Mention]) -> list[Mention]:
    """The parts, two that are one name in two pieces (認知症の まちづくり) made one."""
    joined: list[Mention] = []
    for part in parts:
        last = joined[-1] if joined else None
        common = [n for n in last.match.names if n in part.match.names] if last else []
        if last is not None and common and draft.folded[last.end : part.start] in ("", "の"):
            match = NameMatch(draft.folded[last.start : part.end], tuple(common), "part")
            joined[-1] = Mention(last.start, part.end, match)
        else:
            joined.append(part)
    return joined


def _continued(draft: Draft, parts: Sequence[Mention], mention: Mention) -> bool:
    """Whether a part of the same name follows: 認知症の まちづくり."""
    return any(
        mention.end <= part.start
        and draft.folded[mention.end : part.start] in ("", "の")
        and set(mention.match.names) & set(part.match.names)
        for part in parts
    )


def _row(draft: Draft, parts: Sequence[Mention]) -> list[Mention]:
    """The projects named whole, with the parts of names that stand in a row with them."""
    row = list(draft.subjects)
    for part in sorted(parts, key=lambda p: -p.start):
        if _enumerated(draft, row, part.start, part.end):
            row.append(part)
    return row


def _enumerated(draft: Draft, mentions: Sequence[Mention], start: int, end: int) -> bool:
    """Whether a word stands in a row with a project that was found: 「認知症、高齢者生きがいづくりの2事業」."""
    for mention in mentions:
        (_, left), (right, after) = sorted(((start, end), (mention.start, mention.end)))
        between = draft.folded[left:right]
        # ・ vanishes in folding.
        dotted = f"・{draft.folded[right:after]}" in unicodedata.normalize("NFKC", draft.question)
        if _AND.fullmatch(between) or (not between and dotted):
            return True
    return False


def _take_pillar(draft: Draft, start: int, end: int, names: Sequence[str]) -> None:
    """The stretch is a name of these pillars."""
    draft.pillars.extend(name for name in names if name not in draft.pillars)
    draft.spans.extend((start, end, name) for name in names)
    draft.take(start, end)


def _value(numeral: str) -> int:
    """A numeral as it counts: 4, iv and 四 are one."""
    return _ROMAN.get(numeral) or int(parse_numeral(numeral) or 0)


def _stands_free(name: str, text: str) -> bool:
    """Whether the text is made of whole words of the name."""
    if len(text) == 1:
        return text in content_terms(name)
    bounds = boundaries_of(name)
    return any(m.start() in bounds and m.end() in bounds for m in re.finditer(re.escape(text), name))


def _says_more(misspelt: Mention, exact: list[Mention]) -> bool:
    """Whether a misspelt name is longer by two characters than any name that stands in it as written."""
    inside = [m for m in exact if m.start < misspelt.end and misspelt.start < m.end]
    size = misspelt.end - misspelt.start
    covered = all(
        (misspelt.start <= m.start + 1 and m.end <= misspelt.end + 1) or m.end - m.start < size for m in inside
    )
    return size >= 6 and covered and all(m.end - m.start <= size - 2 for m in inside)


def _is_pleasantry(draft: Draft, at: int) -> bool:
    """Whether a word stands in an opening such as 「取材です、」 that holds nothing of the question."""
    start = draft.folded.rfind("、", 0, at) + 1
    end = draft.folded.find("、", at)
    if end < 0 or not _PLEASANTRY.search(draft.folded[start:end]):
        return False
    spans = [(s, e) for s, e, _ in (*draft.spans, *draft.year_spans)] + [(w.start, w.end) for w in draft.words]
    return not any(s < end and start < e for s, e in spans)


def _by_department(draft: Draft, at: int) -> bool:
    """Whether a verb stands right behind a department or pillar (地域振興課が担っている事業): it says only whose."""
    named = {*draft.departments, *draft.pillars, *draft.categories}
    return any(name in named and 0 <= at - end <= 1 for _, end, name in draft.spans)


def _is_preamble(draft: Draft, at: int) -> bool:
    """Whether a word stands in a clause such as 「…と近所の人が言うのですが、」 before what is asked."""
    end = draft.folded.find("、", at)
    if end < 0 or not _PREAMBLE.search(draft.folded[:end]):
        return False
    return any(start > end for start, _, _ in draft.spans) or any(w.start > end for w in draft.of("level"))


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


def _amounts(text: str) -> list[Amount]:
    """Amounts of a question, with 半分 and 半額 as half; 「1円も」 only says that nothing is."""
    for match in _NOT_ONE_YEN.finditer(text):
        text = blank(text, match.start(), match.end() - 1)
    # 「何千円」 asks for an amount and is none.
    found = [a for a in find_amounts(text) if not _is_date(text, a) and text[max(0, a.start - 1) : a.start] != "何"]
    # 「こども110番の家」 is a name.
    found = [
        a for a in found if not (text[a.end : a.end + 1] == "番" and re.search(r"[ぁ-んァ-ヺ一-鿿]$", text[: a.start]))
    ]
    found = [a for a in found if not (a.kind == "number" and a.value >= 1900 and _OF_TITLE.search(text[: a.start]))]
    for match in _FRACTION.finditer(text):
        below, above = parse_numeral(match[1]), parse_numeral(match[2])
        if below and above:
            share = above * 100 / below
            found = [a for a in found if a.end <= match.start() or match.end() <= a.start]
            found.append(Amount(match.start(), match.end(), "percent", share, "percent", match.group()))
    for match in _HALF.finditer(text):
        found.append(Amount(match.start(), match.end(), "percent", Decimal(50), "percent", match.group()))
    return sorted(found, key=lambda a: a.start)


def _is_date(text: str, amount: Amount) -> bool:
    return bool(re.match(r"(?:月|日|時|歳|期|回目|代)", text[amount.end : amount.end + 2])) or amount.unit in (
        "日",
        "歳",
        "年",
    )
