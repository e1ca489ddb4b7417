"""A question in Japanese (or plain English) -> Plan: names, years, amounts and vocabulary first, then what they ask."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from answer.ledger import Ledger
from answer.names import Mention, NameIndex
from answer.places import PlaceReader
from answer.segments import boundaries_of, is_topic, reading_of
from answer.types import Asks, ChangeBound, Comparator, Condition, GroupBy, NameMatch, Operation, Plan
from answer.vocabulary import Word, vocabulary
from ingest.amounts import COUNTERS, Amount, find_amounts, parse_numeral
from ingest.eras import find_years
from records import Metric, Phase

TAKEN = "\0"

_COUNTER_ASKED = re.compile(
    "何(" + "|".join(re.escape(c) for c in sorted(COUNTERS, key=len, reverse=True)) + "|%|割)(?!目)"
)
_RANGE = re.compile(r"^(?:から|~|-|ないし)$")
_BAND = re.compile(r"^台")
_FOLLOW_UP = re.compile(
    r"^(?:では|じゃあ?|それでは|それなら|そのうち|このうち|その中|この中|うち|それ|これ|その|この|同じ|なら|ちなみに|あと|次|"
    r"and |what about|how about)"
)
_AMONG = re.compile(r"そのうち|このうち|その中|この中|^うち|among them|of those|of these")
_AT_SETTLEMENT = re.compile(
    r"決算$|決算額?(?:で|の時点|時点|では|における|において|ベース)|決算の(?:執行率|差引|残額|不用額)"
)
_BELONGS = re.compile(r"(?:事業)?の(?:うち|中の|細事業の|細事業)?、?")
# One character of these is no part of a name that a question means.
_PICKS_PROJECTS = re.compile(r"[ぁ-ん]{0,5}(?:事業|もの)")
_NO_PART = frozenset("月年日区市課人数額費率上下中内外前後間者等事業度一二三四五六七八九十百千万")
_KANA_NAME = re.compile(r"[ぁ-ゖー]{7,}")
_HIRAGANA = re.compile(r"[ぁ-ゖ]{3,}")
_MONEY: tuple[Metric, ...] = ("budget", "settled", "executed", "difference")
_YEAR_LIST = re.compile(r"(?P<era>令和|平成|[rh])(?P<first>\d{1,2})(?:年度?)?(?:、|と|~|から)(?P<second>\d{1,2})年度")
# 「区局連携促進事業」: what follows a category belongs to its name.
_PROJECT_OF_SCOPE = re.compile(r"(?<=\x00)(?:促進)?事業費?")
_TIMES = re.compile(r"(\d+(?:\.\d+)?)倍(以上|超|を超|未満|以下)?")
_NEGATED = re.compile(r"(?:こと)?(?:で|じゃ|と|て|に)?は?(?:い)?(?:な[いかく]|ありません|ません)")
_OPPOSITE = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_NTH = re.compile(r"(\d+|[一二三四五六七八九十]{1,2})\s?(?:番目|位|番)(?!まで|以内)")
# Kanji numerals beside these are ordinary words (一番, 一覧, 一時, 三角…).
_CONTENT = re.compile(r"[一-鿿々ァ-ヺー]{2,}|[一-鿿々]|[ぁ-ん]{3,}|[a-z0-9]{2,}")


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
    topics: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    places: int = 0
    spans: list[tuple[int, int, str]] = field(default_factory=list)

    def has(self, family: str, *meanings: str) -> bool:
        return any(w.family == family and (not meanings or w.meaning in meanings) for w in self.words)

    def take(self, start: int, end: int) -> None:
        self.open = self.open[:start] + TAKEN * (end - start) + self.open[end:]


class Understanding:
    """Reads questions against the names that a ledger holds; built once for each generation."""

    def __init__(self, ledger: Ledger, today: date | None = None) -> None:
        self.ledger = ledger
        self.vocabulary = vocabulary()
        rows = ledger.rows
        departments = {d: None for r in rows for d in r.departments}
        names = (r.name for r in rows if r.project and not r.project.container)
        self.projects = NameIndex(names, reading_of, not_names=departments)
        self.departments = NameIndex(departments, reading_of)
        self.pillars = NameIndex({r.pillar: None for r in rows if r.pillar}, reading_of)
        named = {r.category: None for r in rows if r.category} | {r.name: None for r in rows if r.level == "section"}
        pillars = set(self.pillars.names)
        # A budget book heads columns and sums with words that are no names (前年度, 合計, 計).
        words = self.vocabulary.meanings
        scopes = [n for n in named if n and n not in pillars and len(n) >= 3 and self.vocabulary.fold(n) not in words]
        self.categories = NameIndex(scopes, reading_of)
        self.places = PlaceReader(ledger.places)
        self.kinds = _kinds(ledger)
        self.today = today

    # ---- reading -------------------------------------------------------------------------------------------------

    def draft(self, question: str) -> tuple[Draft, Plan]:
        """Find everything that the question holds; the Plan returned has only its places and years."""
        folded = self.vocabulary.fold(question)
        draft = Draft(question, folded, folded)
        bounds = boundaries_of(folded)
        if _KANA_NAME.search(folded):
            reading = self.projects.by_reading(folded)
            if reading and reading.end - reading.start >= 6:
                self._take_subject(draft, reading)
        nth = _NTH.search(draft.open)
        if nth and _nth(draft.open):
            draft.take(nth.start(), nth.end())
        self._take_all(draft, self.departments, draft.departments)
        for mention in self.projects.exact(draft.open):
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
        draft.open = _PROJECT_OF_SCOPE.sub(lambda match: TAKEN * len(match.group()), draft.open)
        for kind, form in self.kinds:
            at = draft.open.find(form)
            if at >= 0:
                draft.kinds.append(kind)
                draft.take(at, at + len(form))
        self._read_departments(draft)
        self._read_typo(draft, bounds)
        places = self.places.read(draft.open, bounds)
        for start, end in places.spans:
            draft.take(start, end)
        draft.places = len(places.words)
        for mention in self.pillars.exact(draft.open):
            if mention.start in bounds and mention.end in bounds:
                draft.pillars.extend(name for name in mention.match.names if name not in draft.pillars)
                draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
                draft.take(mention.start, mention.end)
        draft.amounts = [a for a in find_amounts(draft.open) if not _is_date(draft.open, a)]
        for amount in draft.amounts:
            band = draft.open[amount.end : amount.end + 1] == "台"
            draft.take(amount.start, amount.end + band)
        bounds = bounds | {a.start for a in draft.amounts} | {a.end for a in draft.amounts}
        strong = [w for w in self.vocabulary.scan(draft.open, bounds) if w.family != "filler"]
        self._read_loose_names(draft, strong, bounds)
        plan = Plan(
            operation="describe",
            places=places.places,
            place_words=places.words,
            unknown_places=places.unknown,
            years=tuple(dict.fromkeys(draft.years)),
            kinds=tuple(dict.fromkeys(draft.kinds)),
            question=question,
        )
        return draft, plan

    def _take_all(self, draft: Draft, index: NameIndex, taken: list[str]) -> None:
        for mention in index.exact(draft.open):
            taken.extend(name for name in mention.match.names if name not in taken)
            draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
            draft.take(mention.start, mention.end)

    def _take_subject(self, draft: Draft, mention: Mention) -> None:
        draft.subjects.append(mention)
        draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
        draft.take(mention.start, mention.end)

    def _read_typo(self, draft: Draft, bounds: frozenset[int]) -> None:
        """A name with one character wrong, unless a longer stretch of another name stands there as written."""
        typo = self.projects.typo(draft.open)
        if typo is None or typo.end - typo.start < 6:
            return
        piece = self.projects.piece(draft.open, bounds)
        longer = piece is not None and piece.end - piece.start >= typo.end - typo.start
        self._take_subject(draft, piece if longer and piece is not None else typo)

    def _read_departments(self, draft: Draft) -> None:
        """Departments whose 課 is left out or whose ・ or spelling differs are found by their stem."""
        for name, folded in self.departments.folded.items():
            stem = folded.removesuffix("課")
            at = draft.open.find(stem) if len(stem) >= 4 and stem != folded else -1
            if at >= 0 and name not in draft.departments:
                draft.departments.append(name)
                draft.spans.append((at, at + len(stem), name))
                draft.take(at, at + len(stem))

    def _read_years(self, draft: Draft) -> None:
        """Years outside of whole names; before parts of names, which may hold years of their own (令和２年度分)."""
        self._read_year_lists(draft)
        for year in find_years(draft.open.upper() if len(draft.open.upper()) == len(draft.open) else draft.open):
            draft.years.append(year.year)
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
        for match in re.finditer(r"(?<![\d,.])(元|\d{1,2})年度", draft.open):
            number = 1 if match[1] == "元" else int(match[1])
            known = {year for place in self.ledger.places for year in self.ledger.years_of([place])}
            years = [base + number - 1 for base in (2019, 1989) if base + number - 1 in known] or [2019 + number - 1]
            draft.years.append(years[0])
            draft.take(match.start(), match.end())

    def _read_loose_names(self, draft: Draft, strong: list[Word], bounds: frozenset[int]) -> None:
        """Names by part, with a typing error, or in kana; what is left of the content words becomes topics."""
        reading = self.projects.by_reading(draft.open) if _HIRAGANA.search(draft.open) else None
        if reading and not any(m.start < reading.end and reading.start < m.end for m in draft.subjects):
            self._take_subject(draft, reading)
            strong = [w for w in strong if w.end <= reading.start or w.start >= reading.end]
        masked = draft.open
        for word in strong:
            masked = _blank(masked, word.start, word.end)
        parts: list[Mention] = []
        typo = self.projects.typo(masked)
        if typo is not None:
            draft.subjects.append(typo)
            masked = _blank(masked, typo.start, typo.end)
        for _ in range(3):
            piece = self.projects.piece(masked, bounds)
            if piece is None:
                break
            parts.append(piece)
            masked = _blank(masked, piece.start, piece.end)
        draft.words = strong
        for word in self.vocabulary.scan(masked, bounds):
            if word.family == "filler":
                masked = _blank(masked, word.start, word.end)
        for match in re.finditer(rf"[^{TAKEN}、\s]+", masked):
            text = re.sub(r"^[のをはがにでとも]+|[のをはがにでともなか]+$", "", match.group())
            if not _CONTENT.search(text):
                continue
            if not is_topic(text):
                # 「見送られた事業」: a verb that picks out projects must not be passed over.
                if re.search(r"[一-鿿]", text) and _PICKS_PROJECTS.match(draft.folded[match.end() :]):
                    draft.topics.append(text)
                continue
            at = match.start() + match.group().find(text)
            names = self.projects.containing(text) if len(text) >= 2 or "一" <= text <= "鿿" else ()
            if names and len(names) <= (40 if len(text) > 1 else 3) and not draft.subjects and text not in _NO_PART:
                parts.append(Mention(at, at + len(text), NameMatch(text, names, "part")))
            else:
                draft.topics.append(text)
        draft.open = masked
        self._settle_parts(draft, sorted(parts, key=lambda m: m.start))

    def _settle_parts(self, draft: Draft, parts: list[Mention]) -> None:
        """Parts of names beside each other mean the names that hold them all; joined by と they are several things."""
        if not parts:
            draft.subjects.sort(key=lambda m: m.start)
            return
        if draft.subjects:
            # Beside a whole name, a part of another only narrows what is asked of it.
            for part in parts:
                beside = [draft.folded[m.end : part.start] for m in draft.subjects if m.end <= part.start]
                beside += [draft.folded[part.end : m.start] for m in draft.subjects if part.end <= m.start]
                beside_another = any(re.fullmatch(r"と|や|、|および|及び|or|and", b.strip()) for b in beside)
                if beside_another or len(part.match.words) >= 6:
                    draft.subjects.append(part)
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

    # ---- deciding ------------------------------------------------------------------------------------------------

    def understand(self, question: str, previous: Plan | None = None, previous_names: Sequence[str] = ()) -> Plan:
        """The Plan of a question; with the plan before it (and the names it found), what the question leaves out."""
        draft, plan = self.draft(question)
        plan = self._relative_years(draft, plan, previous)
        phases = self._phases(draft, plan)
        metrics = self._metrics(draft, phases)
        between = len(plan.years) <= 1 and _BETWEEN_COLUMNS.search(draft.folded) is not None
        if between:
            # 「決算と予算の差」 is the difference column, not a comparison of years.
            metrics = ("difference",)
            draft.words = [w for w in draft.words if w.family not in ("compare", "metric")]
        conditions = _beyond_budget(draft) or self._conditions(draft, metrics)
        if between:
            conditions = tuple(replace(c, metric="difference") if c.unit == "yen" else c for c in conditions)
            # A difference 以内 is meant either way.
            conditions += tuple(
                Condition("difference", "ge" if c.comparator == "le" else "gt", -c.value, "yen")
                for c in conditions
                if c.comparator in ("le", "lt")
            )
        if draft.subjects and not draft.has("level") and draft.has("shorthand", "over_budget", "left_over", "used_up"):
            # 「Aは予算をいくら超えましたか」 asks A's difference, not which projects went over.
            metrics, conditions = ("difference",), ()
        bounded = {c.metric for c in conditions}
        if conditions and any(m not in bounded for m in metrics) and draft.has("aggregate", "sum", "mean"):
            metrics = tuple(m for m in metrics if m not in bounded)
        columns = _columns_compared(draft.folded)
        if columns is not None:
            metrics, conditions = (), (columns,)
            draft.words = [w for w in draft.words if w.family != "compare"]
        excluded, unclear = self._excluded(draft)
        unclear = unclear or _beyond_us(draft, conditions) or _another_row(draft)
        change_bound = self._change_bound(draft, metrics, conditions)
        if change_bound is not None:
            conditions = ()
        subjects = tuple(
            replace(m, kin=self.projects.kin(m.names)) if m.how in ("name", "typo", "reading") else m
            for m in _narrow(self.ledger, draft)
        )
        nth = _nth(draft.folded)
        asked_counter = _COUNTER_ASKED.findall(draft.folded)
        plan = replace(
            plan,
            operation=self._operation(draft, metrics, conditions, subjects),
            metrics=metrics,
            conditions=conditions,
            subjects=subjects,
            departments=tuple(draft.departments),
            pillars=tuple(draft.pillars),
            categories=tuple(draft.categories),
            topics=tuple(draft.topics),
            level="sub_project" if draft.has("level", "sub_project") else "project",
            level_named=draft.has("level"),
            nth=nth,
            limit=self._limit(draft, conditions),
            descending=self._descending(draft, conditions),
            direction=self._direction(draft),
            whole=self._whole(draft),
            excluded=excluded,
            ordered=self._ordered(draft),
            summed=draft.has("aggregate", "sum"),
            jointly=draft.has("jointly") and (bool(draft.departments) or "担当" in draft.folded),
            in_every_year=len(plan.years) > 1 and bool(re.search("両方|いずれも|どちらも|両年度|ともに", draft.folded)),
            both_ends=bool(
                re.search(
                    r"(?:最[大高多]|最も[高多大]|一番[高多大])[^、]{0,8}と[^、]{0,4}(?:最[小低少]|最も[低少小]|一番[低少小])|(?:最[小低少]|最も[低少小]|一番[低少小])[^、]{0,14}と[^、]{0,4}(?:最[大高多]|最も[高多大]|一番[高多大])",
                    draft.folded,
                )
            ),
            as_share=bool(conditions) and draft.has("aggregate", "share", "ratio"),
            change_bound=change_bound,
            unclear=unclear,
            group_by=self._group_by(draft),
            phases=phases,
            count_units=tuple(asked_counter),
            asks=self._asks(draft, asked_counter),
            achieved=self._achieved(draft, metrics),
        )
        if previous is not None and self._is_follow_up(draft, plan, previous):
            plan = self._continue(draft, plan, previous, tuple(previous_names))
        return plan

    def _phases(self, draft: Draft, plan: Plan) -> tuple[Phase, ...]:
        """A phase that the question asks for; 「決算で執行率が」 means the settled rate, not the 決算額."""
        if len(plan.years) > 1:
            return ()
        if "不用額" in draft.folded:
            # What is left unused is known only after the year is settled.
            return ("settlement",)
        if draft.has("phase", "interim"):
            return ("interim",)
        if draft.has("phase", "settlement") or _AT_SETTLEMENT.search(draft.folded):
            return ("settlement",)
        return ()

    def _excluded(self, draft: Draft) -> tuple[tuple[str, ...], str]:
        """Names that 以外 or を除く leaves out, taken out of what is asked for; and what of it could not be read."""
        names: list[str] = []
        unclear = ""
        for word in draft.words:
            if word.family != "exclude":
                continue
            before = draft.folded[: word.start]
            if before.endswith("細事業"):
                draft.words = [w for w in draft.words if (w.family, w.meaning) != ("level", "sub_project")]
                continue
            if re.search(r"(?:合計|総計|小計|前年度?|以上|以下|未満|%|円|割)$", before):
                continue
            spans = [
                s for s in draft.spans if 0 <= word.start - s[1] <= 3 and "、" not in draft.folded[s[1] : word.start]
            ]
            if not spans:
                unclear = draft.folded[max(0, word.start - 10) : word.end]
                continue
            end = max(span[1] for span in spans)
            # 「AとBを除く」 leaves out both.
            joined = end
            for start, stop, name in sorted(draft.spans, key=lambda s: -s[1]):
                if stop == joined or (
                    stop < joined and re.fullmatch(r"(?:と|、|や|および|及び)", draft.folded[stop:joined])
                ):
                    names.append(name)
                    joined = start if start < joined else joined
        left_out = set(names)
        draft.departments = [d for d in draft.departments if d not in left_out]
        draft.pillars = [p for p in draft.pillars if p not in left_out]
        draft.categories = [c for c in draft.categories if c not in left_out]
        draft.subjects = [m for m in draft.subjects if not set(m.match.names) & left_out]
        return tuple(dict.fromkeys(names)), unclear

    def _ordered(self, draft: Draft) -> bool:
        """「多い順に」 with no 最も and no number orders every row."""
        texts = [w.text for w in draft.words if w.family == "rank" and w.meaning in ("most", "least")]
        return bool(texts) and all(t.endswith(("順", "ランキング")) for t in texts)

    def _change_bound(
        self, draft: Draft, metrics: tuple[Metric, ...], conditions: tuple[Condition, ...]
    ) -> ChangeBound | None:
        """「2割以上増えた」「2倍以上になった」「100万円以上減った」: a bound on the change, not on the figure."""
        times = _TIMES.search(draft.folded)
        if times:
            words = {"超": "gt", "を超": "gt", "未満": "lt", "以下": "le"}
            comparator: Comparator = words.get(times[2] or "", "ge")  # type: ignore[assignment]
            draft.topics = [t for t in draft.topics if t not in ("倍", "倍以上")]
            draft.words.append(Word(times.start(), times.end(), "compare", "change", times[0]))
            return ChangeBound(comparator, Decimal(times[1]), "times")
        changed = draft.has("compare", "up", "down", "change") and not draft.has("shorthand")
        if not changed or len(conditions) != 1 or "execution_rate" in metrics:
            return None
        bound = conditions[0]
        return ChangeBound(bound.comparator, bound.value, "percent" if bound.unit == "percent" else "yen")

    def _achieved(self, draft: Draft, metrics: tuple[Metric, ...]) -> bool | None:
        if draft.has("ask", "missed"):
            return False
        if draft.has("ask", "achieved"):
            return True
        return True if "indicator_target" in metrics and draft.has("comparator") else None

    def _direction(self, draft: Draft) -> Literal["up", "down", "same"] | None:
        for meaning in ("same", "up", "down"):
            if draft.has("compare", meaning):
                return meaning
        return None

    def _whole(self, draft: Draft) -> tuple[str, ...]:
        """What a share is taken of: the names before 「に占める」."""
        at = draft.folded.find("に占め")
        if at >= 0:
            # 「Bに占めるA」 has B before it and A after; 「AがBに占める」 has both before, B last.
            named = sorted({span for span in draft.spans if span[1] <= at}, key=lambda span: span[1])
            if any(start > at for start, _, _ in draft.spans):
                return tuple(dict.fromkeys(name for _, _, name in named))
            last = named[-1][:2] if len({span[:2] for span in named}) >= 2 else None
            return tuple(name for start, end, name in named if (start, end) == last)
        if draft.has("aggregate", "share", "ratio"):
            at = draft.folded.find("のうち")
        if at < 0 or not any(end <= at for _, end, _ in draft.spans):
            # 「AはBの予算の何%を占めますか」: the whole is the last name before the asking words.
            asked = re.search(
                r"(?:の(?:予算額?|決算額?|執行額?|柱|分野))*の(?:何%|何割|何パーセント|どれくらい)", draft.folded
            )
            before = [span for span in draft.spans if asked and span[1] <= asked.start()]
            if asked and len({span[:2] for span in before}) >= 2:
                nearest = max(before, key=lambda span: span[1])
                return tuple(name for start, end, name in before if (start, end) == nearest[:2])
        return tuple(dict.fromkeys(name for start, end, name in draft.spans if end <= at))

    def _relative_years(self, draft: Draft, plan: Plan, previous: Plan | None) -> Plan:
        today = self.today or date.today()
        current = today.year if today.month >= 4 else today.year - 1
        years = list(plan.years)
        if draft.has("year", "this"):
            years.append(current)
        if draft.has("year", "next"):
            years.append((previous.years[0] if previous and previous.years else current) + 1)
        if draft.has("year", "previous"):
            years.append((previous.years[0] if previous and previous.years and not years else current) - 1)
        if draft.has("year", "prior"):
            if years:
                years = [*years, years[0] - 1]
            elif previous and previous.years:
                both = draft.has("compare")
                years = [previous.years[0] - 1, *([previous.years[0]] if both else [])]
        if draft.has("year", "latest"):
            known = self.ledger.years_of(plan.places or self.ledger.places)
            if known:
                years.append(max(y for y in known if any(r.fiscal_year == y and r.figures for r in self.ledger.rows)))
        return replace(plan, years=tuple(dict.fromkeys(years)))

    def _metrics(self, draft: Draft, phases: tuple[Phase, ...]) -> tuple[Metric, ...]:
        metrics: list[Metric] = []
        for word in draft.words:
            if word.family != "metric":
                continue
            if word.meaning == "indicator":
                metrics.extend(("indicator_target", "indicator_result"))
            else:
                metrics.append(word.meaning)  # type: ignore[arg-type]  # the file's keys are checked by a test
        if draft.has("spent"):
            metrics.append("executed")
        # 「予算の執行率」 asks for the rate, 「予算に対する決算」 for both.
        found = tuple(dict.fromkeys(metrics))
        if "execution_rate" in found and "budget" in found and re.search(r"予算額?の執行", draft.folded):
            found = tuple(m for m in found if m != "budget")
        if "settlement" in phases and any(m in found for m in ("execution_rate", "difference")):
            found = tuple(m for m in found if m != "settled")
        if draft.has("shorthand", "over_budget", "left_over", "used_up"):
            words = [w for w in draft.words if w.family == "metric"]
            found = found if any(w.meaning != "budget" for w in words) else ()
        return found

    def _conditions(self, draft: Draft, metrics: tuple[Metric, ...]) -> tuple[Condition, ...]:
        conditions: list[Condition] = []
        comparators = [w for w in draft.words if w.family == "comparator"]
        used: set[int] = set()
        numbers = [_as_money(a) for a in draft.amounts]
        numbers = [a for a in numbers if a.kind in ("percent", "yen") or (a.kind == "number" and metrics)]
        for position, amount in enumerate(numbers):
            metric = self._metric_near(draft, amount, metrics)
            value, unit = amount.value, "percent" if metric == "execution_rate" else "yen"
            if amount.kind == "number" and unit == "yen":
                continue
            after = draft.folded[amount.end : amount.end + 2]
            if _BAND.match(after):
                width = Decimal(10) if unit == "percent" else _leading_unit(value)
                conditions.append(Condition(metric, "ge", value, unit))
                conditions.append(Condition(metric, "lt", value + width, unit))
                continue
            following = next((w for w in comparators if 0 <= w.start - amount.end <= 3 and w.start not in used), None)
            preceding = next((w for w in comparators if 0 <= amount.start - w.end <= 2 and w.start not in used), None)
            word = following or preceding
            between = draft.folded[amount.end : numbers[position + 1].start] if position + 1 < len(numbers) else ""
            if word is None and between and _RANGE.match(between):
                conditions.append(Condition(metric, "ge", value, unit))
                comparators = [w for w in comparators if w.meaning != "le" or w.text != "まで"]
                upper = numbers[position + 1]
                conditions.append(Condition(metric, "le", upper.value, unit))
                break
            if word is not None:
                used.add(word.start)
                comparator = word.meaning
                if _NEGATED.match(draft.folded[word.end :]):
                    comparator = _OPPOSITE.get(comparator, comparator)
            elif amount.kind == "number" and not _right_after_metric(draft, amount):
                continue
            elif draft.folded[amount.end : amount.end + 1] == "も":
                comparator = "lt"
            else:
                # A bound without a word of comparison is meant as it stands: 「執行率が100%だった」.
                comparator = "eq"
            conditions.append(Condition(metric, comparator, value, unit))  # type: ignore[arg-type]
        rate: Metric = "execution_rate"
        named = next((m for m in metrics if m != "budget"), None)
        if draft.has("shorthand", "half_not"):
            conditions.append(Condition(rate, "lt", Decimal(50), "percent"))
        elif draft.has("shorthand", "half_or_more"):
            conditions.append(Condition(rate, "ge", Decimal(50), "percent"))
        elif draft.has("shorthand", "half_or_less"):
            conditions.append(Condition(rate, "le", Decimal(50), "percent"))
        elif draft.has("shorthand", "half_over"):
            conditions.append(Condition(rate, "gt", Decimal(50), "percent"))
        if conditions and draft.has("shorthand", "left_over") and conditions[0].metric == "difference":
            conditions.append(Condition("difference", "gt", Decimal(0), "yen"))
        if not conditions:
            if draft.has("shorthand", "used_up"):
                conditions.append(Condition("difference", "eq", Decimal(0), "yen"))
            elif draft.has("shorthand", "over_budget"):
                conditions.append(Condition("difference", "lt", Decimal(0), "yen"))
            elif draft.has("shorthand", "zero"):
                metric = named or "executed"
                unit = "percent" if metric == rate else "yen"
                conditions.append(Condition(metric, "eq", Decimal(0), unit))
            elif draft.has("shorthand", "left_over"):
                conditions.append(Condition("difference", "gt", Decimal(0), "yen"))
        return tuple(conditions)

    def _metric_near(self, draft: Draft, amount: Amount, metrics: tuple[Metric, ...]) -> Metric:
        """The metric that an amount bounds: the last one named before it that fits its unit, else the unit's own."""
        fitting = [
            w
            for w in draft.words
            if w.family == "metric"
            and (w.meaning == "execution_rate") == (amount.kind in ("percent", "number"))
            and not w.meaning.startswith("indicator")
        ]
        before = [w for w in fitting if w.end <= amount.start]
        chosen = before[-1] if before else fitting[0] if fitting else None
        if chosen is not None:
            return chosen.meaning  # type: ignore[return-value]
        if draft.has("spent") and amount.kind == "yen":
            return "executed"
        return "execution_rate" if amount.kind in ("percent", "number") else "budget"

    def _limit(self, draft: Draft, conditions: tuple[Condition, ...]) -> int | None:
        """How many rows a ranking asks for: トップ3, 上位5件, 3つ, top 3."""
        if not draft.has("rank"):
            return None
        if _nth(draft.folded):
            return None
        bounds = {(c.value, c.unit) for c in conditions}
        for amount in draft.amounts:
            if amount.kind in ("count", "number") and amount.value == int(amount.value) and 0 < amount.value <= 100:
                if (amount.value, "percent") in bounds:
                    continue
                return int(amount.value)
        match = re.search(r"(\d+)(?:つ|件|事業|位まで|位以内)", draft.folded)
        return int(match[1]) if match else None

    def _descending(self, draft: Draft, conditions: tuple[Condition, ...]) -> bool | None:
        if not draft.has("rank"):
            return None
        if conditions and conditions[0].metric == "difference":
            return conditions[0].comparator != "lt"
        texts = [w.text for w in draft.words if w.family == "rank"]
        if any(t in ("最小", "最低", "最少", "低い順", "少ない順", "小さい順", "昇順", "最下位") for t in texts):
            return False
        if draft.has("rank", "low"):
            return False
        if draft.has("rank", "high"):
            return not draft.has("rank", "least")
        return not draft.has("rank", "least")

    def _group_by(self, draft: Draft) -> GroupBy | None:
        if draft.has("rank") and not draft.has("level"):
            # 「執行率が最も低い柱は」「決算額が大きい課トップ3」
            kind = re.search(r"(柱|分野|課)(?:は|トップ|上位|ワースト|ベスト|、|$)", draft.folded)
            if kind and not draft.departments and not draft.pillars:
                return "department" if kind[1] == "課" else "pillar"
        for word in draft.words:
            if word.family != "group":
                continue
            ranked = draft.has("rank") or draft.has("aggregate") or draft.has("compare")
            if word.meaning == "department" and word.text in ("どの課", "どこの課", "課は", "どの課が") and not ranked:
                continue
            if word.meaning in ("department",) and draft.departments and word.text == "課は":
                continue
            return word.meaning  # type: ignore[return-value]  # the file's keys, checked by a test
        return None

    def _asks(self, draft: Draft, counters: list[str]) -> Asks | None:
        if counters:
            return "how_many"
        for meaning in ("who", "when", "where", "why"):
            if draft.has("ask", meaning):
                return meaning
        return None

    def _operation(
        self,
        draft: Draft,
        metrics: tuple[Metric, ...],
        conditions: tuple[Condition, ...],
        subjects: tuple[NameMatch, ...],
    ) -> Operation:
        has = draft.has
        indicator = any(m.startswith("indicator") for m in metrics)
        money = any(m in _MONEY or m == "execution_rate" for m in metrics)
        scoped = bool(draft.departments or draft.pillars or draft.categories)
        counters = _COUNTER_ASKED.findall(draft.folded)
        about_projects = has("level") or scoped or bool(conditions) or any(w.text == "事業数" for w in draft.words)
        whole_names = any(m.how in ("name", "typo", "reading", "previous") for m in subjects)
        free = not subjects and not draft.topics
        if has("ask", "audit"):
            return "audit"
        if has("ask", "holdings") and not subjects and not metrics:
            return "holdings"
        if not indicator and not has("ask", "achieved", "missed") and not money:
            if has("compare", "vanished") and not counters and (free or has("level")):
                return "vanished"
            if has("compare", "new") and has("level") and free:
                return "new"
        if has("ask", "achieved", "missed") or indicator:
            return "indicators"
        ratio = has("aggregate", "ratio") and "execution_rate" not in metrics and not indicator
        ratio = ratio and not has("compare", "up", "down", "change")
        shared = has("aggregate", "share") or (ratio and (money or ((scoped or whole_names) and not draft.topics)))
        if shared and (money or subjects or scoped) and not conditions:
            return "share"
        asked_count = has("aggregate", "count") or any(c in ("事業", "件") for c in counters)
        listing = has("level") and (asked_count or has("exclude"))
        if (
            has("ask", "departments")
            and not self._group_by(draft)
            and not money
            and (subjects or not scoped)
            and not listing
        ):
            return "departments" if subjects else "describe"
        scopes = len(draft.pillars) + len(draft.categories)
        several = draft.places >= 2 or len(subjects) >= 2 or len(draft.departments) >= 2 or scopes >= 2
        if has("compare", "which", "compare") and several and (money or has("compare", "which")):
            return "compare"
        if has("compare", "change", "up", "down", "same", "compare", "which") and (money or subjects or about_projects):
            return "change"
        if has("aggregate", "mean") and (money or about_projects):
            return "mean"
        counted = has("aggregate", "count") or any(c in ("事業", "件", "個", "本") for c in counters)
        if counted and about_projects and not subjects:
            return "count"
        nth = _nth(draft.folded) is not None
        if (
            has("rank")
            and (money or about_projects or has("ask", "how_much"))
            and (has("rank", "most", "least") or nth)
        ):
            return "rank"
        if conditions and has("aggregate", "share", "ratio") and not subjects:
            return "count"
        if conditions and not (subjects and not about_projects):
            return "filter" if not has("aggregate", "sum") else "sum"
        if has("aggregate", "sum") and (money or has("ask", "how_much") or about_projects):
            return "sum"
        picked = re.search(r"(?:い|な)(?:ほう|方|もの|事業)", draft.folded)
        if has("rank", "high", "low") and money and free and (not scoped or picked):
            return "rank"
        if subjects and (has("ask", "breakdown") or has("level", "sub_project")):
            return "breakdown"
        if has("ask", "breakdown") and (scoped or money):
            return "breakdown"
        if money and free and self._group_by(draft) in ("department", "pillar", "category"):
            return "sum"
        if subjects and (money or has("spent") or (has("ask", "how_much") and whole_names and not draft.topics)):
            return "lookup"
        if counters and not (money and free):
            return "counts"
        if scoped and (money or has("ask", "how_much")):
            return "lookup"
        about = has("ask", "describe", "why", "when", "where", "who")
        if scoped and free and (not about or (has("level") and has("ask", "list"))):
            return "list"
        if scoped and free and has("level") and not has("ask", "why", "when", "where", "who"):
            return "list"
        if money and free:
            return "lookup"
        if has("level") and has("ask", "list") and free and not has("ask", "describe"):
            return "list"
        return "lookup" if money and (subjects or draft.topics) else "describe"

    # ---- conversation --------------------------------------------------------------------------------------------

    def _is_follow_up(self, draft: Draft, plan: Plan, before: Plan) -> bool:
        if before.subjects and plan.level == "sub_project" and plan.level_named and not plan.subjects:
            return True
        if _FOLLOW_UP.match(draft.folded) or _AMONG.search(draft.folded):
            return True
        if plan.subjects or plan.topics or plan.unknown_places:
            return (
                bool(plan.subjects) and not plan.metrics and plan.operation in ("describe",) and len(draft.folded) <= 16
            )
        complete = bool(plan.conditions) or (draft.has("rank") and bool(plan.metrics))
        if complete and draft.has("level"):
            return False
        return len(draft.folded) <= 24

    def _continue(self, draft: Draft, plan: Plan, before: Plan, names: tuple[str, ...]) -> Plan:
        """The question before, with what this one names put in its place."""
        among = bool(_AMONG.search(draft.folded))
        own = plan.operation not in ("describe", "lookup", "list", "counts") or draft.has(
            "ask", "departments", "breakdown"
        )
        slots: dict[str, Any] = {
            "years": plan.years or before.years,
            "places": plan.places or before.places,
            "place_words": plan.place_words or before.place_words,
            "unknown_places": plan.unknown_places,
            "phases": plan.phases or (before.phases if not plan.years else ()),
            "departments": plan.departments or before.departments,
            "pillars": plan.pillars or before.pillars,
            "categories": plan.categories or before.categories,
            "kinds": plan.kinds or before.kinds,
            "continued": True,
            "question": plan.question,
        }
        found = NameMatch("前の答え", names, "previous") if names else None
        forced = self._asked_again(draft, plan, before)
        if plan.subjects and not own and not plan.metrics:
            # 「防災講演会は？」: the same question about another project.
            return replace(before, **slots, subjects=plan.subjects, topics=plan.topics)
        refers = bool(re.search(r"^(?:それ|これ|その|この)(?!うち|中)", draft.folded))
        if forced == "rank" and not plan.subjects:
            bounded = tuple(dict.fromkeys(c.metric for c in before.conditions))
            return replace(
                before,
                **slots,
                operation="rank",
                metrics=plan.metrics or before.metrics or bounded,
                descending=before.descending if plan.descending is None else plan.descending,
                limit=plan.limit,
                nth=plan.nth,
                ordered=plan.ordered,
                level=plan.level if plan.level_named else before.level,
            )
        if own or forced or plan.metrics or plan.asks or draft.has("ask", "describe"):
            subjects = plan.subjects or before.subjects
            wants_rows = (
                plan.operation in ("departments", "lookup", "breakdown", "describe", "indicators", "counts") or among
            )
            if not plan.subjects and found and (wants_rows or refers) and not before.subjects:
                subjects = (found,)
            operation = forced or plan.operation
            if operation in ("breakdown", "departments") and not subjects:
                operation = plan.operation
            elif operation == "describe" and plan.metrics:
                operation = "lookup"
            keeps = among or operation in ("count", "sum", "mean")
            conditions = plan.conditions or (before.conditions if keeps else ())
            if operation == "count" and before.operation in ("filter", "list"):
                return replace(before, **slots, operation="count", conditions=conditions)
            metrics = plan.metrics
            if not metrics and operation in ("rank", "sum", "mean", "filter", "share", "compare", "change", "count"):
                metrics = before.metrics or tuple(dict.fromkeys(c.metric for c in before.conditions))
            if operation == "share" and before.subjects and (plan.categories or plan.pillars):
                whole = (*plan.categories, *plan.pillars)
                slots |= {"categories": (), "pillars": ()}
                return replace(plan, **slots, operation="share", subjects=subjects, metrics=metrics, whole=whole)
            return replace(
                plan,
                **slots,
                operation=operation,
                subjects=subjects,
                conditions=conditions,
                metrics=metrics,
                level=plan.level if plan.level_named else before.level,
            )
        level = plan.level if plan.level_named else before.level
        return replace(before, **slots, level=level)

    def _asked_again(self, draft: Draft, plan: Plan, before: Plan) -> Operation | None:
        """The operation that a follow-up's few words ask of what was found before."""
        if draft.has("ask", "breakdown"):
            return "breakdown"
        if draft.has("ask", "departments") or (draft.has("group", "department") and not draft.has("rank")):
            return "departments"
        if draft.has("aggregate", "mean"):
            return "mean"
        if draft.has("aggregate", "sum"):
            return "sum"
        if draft.has("rank") or plan.nth:
            return "rank"
        if draft.has("compare", "change", "up", "down", "compare"):
            return "change"
        listed = before.operation in ("filter", "list", "rank", "new", "vanished", "change")
        if listed and (draft.has("aggregate", "count") or "件" in plan.count_units):
            return "count"
        if draft.has("aggregate", "share", "ratio"):
            return "share"
        return None


def _leading_unit(value: Decimal) -> Decimal:
    """The width of a band such as 300万円台: one of the last written digit."""
    digits = value.normalize()
    exponent = digits.as_tuple().exponent
    return Decimal(10) ** (exponent if isinstance(exponent, int) else 0)


_SPENT = r"(?:決算額?|執行額?|支出額?|使った額)"
_BUDGET = r"(?:予算額?)"
_MORE, _LESS = r"(?:超|上回|多|大き|高|オーバー)", r"(?:下回|少な|小さ|低|届か|満た)"
_SAME = re.compile(
    rf"{_SPENT}(?:と|が|は){_BUDGET}(?:と|が)?(?:同じ|同額|等し|一致|=)|{_BUDGET}(?:と|が|は){_SPENT}(?:と|が)?(?:同じ|同額|等し|一致)|{_SPENT}={_BUDGET}"
)
_SIGNS = (
    (re.compile(rf"{_SPENT}>{_BUDGET}|{_BUDGET}<{_SPENT}"), "lt"),
    (re.compile(rf"{_SPENT}<{_BUDGET}|{_BUDGET}>{_SPENT}"), "gt"),
)
_BETWEEN_COLUMNS = re.compile(
    rf"{_SPENT}[^、]{{0,6}}と[^、]{{0,6}}{_BUDGET}[^、]{{0,4}}の差|{_BUDGET}[^、]{{0,6}}と[^、]{{0,6}}{_SPENT}[^、]{{0,4}}の差"
)
_COLUMNS = (
    (re.compile(rf"{_SPENT}(?:の方)?(?:が|は){_BUDGET}(?:を|よりも|より|に|以上)に?{_MORE}?"), True),
    (re.compile(rf"{_BUDGET}(?:よりも|より)(?:{_SPENT})?(?:の方)?(?:が|の方が)?"), True),
    (re.compile(rf"{_BUDGET}(?:の方)?(?:が|は){_SPENT}(?:を|より|よりも)"), False),
    (re.compile(rf"{_SPENT}(?:より|よりも){_BUDGET}(?:の方)?(?:が|の方が)"), False),
)


_OVER = re.compile(
    rf"{_BUDGET}(?:を|より|に対して)[^、]{{0,14}}(?:上回|超え|超過|オーバー|多く使)|{_SPENT}(?:が|は){_BUDGET}を[^、]{{0,14}}(?:上回|超え|超過)"
)
_LEFT = re.compile(rf"{_BUDGET}(?:の|を|より|から)[^、]{{0,14}}(?:使い残|余|残し|残った|残って|下回|少なく)")


def _beyond_budget(draft: Draft) -> tuple[Condition, ...]:
    """「予算を1割以上オーバー」「予算の2割以上を使い残した」: a bound on how far spending is from the budget."""
    for pattern, over in ((_OVER, True), (_LEFT, False)):
        match = pattern.search(draft.folded)
        amount = next((_as_money(a) for a in draft.amounts if match and match.start() < a.start < match.end()), None)
        if match is None or amount is None or amount.kind not in ("percent", "yen"):
            continue
        after = draft.folded[amount.end : amount.end + 3]
        word = (
            "gt"
            if after.startswith("超")
            else "lt"
            if "未満" in after
            else "le"
            if "以下" in after or "以内" in after
            else "ge"
        )
        if amount.kind == "yen":
            comparator, value = (_OPPOSITE_SIDE[word], -amount.value) if over else (word, amount.value)
            return (Condition("difference", comparator, value, "yen"),)  # type: ignore[arg-type]
        comparator = word if over else _OPPOSITE_SIDE[word]
        bound = 100 + amount.value if over else 100 - amount.value
        return (Condition("execution_rate", comparator, bound, "percent"),)  # type: ignore[arg-type]
    return ()


_OPPOSITE_SIDE = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}


def _right_after_metric(draft: Draft, amount: Amount) -> bool:
    """「執行率0」「執行率が100」: a bare number right behind the rate's name is in percent."""
    return any(
        w.family == "metric" and w.meaning == "execution_rate" and 0 <= amount.start - w.end <= 1 for w in draft.words
    )


def _columns_compared(folded: str) -> Condition | None:
    """「決算額が予算額より多い」: one column against another is a bound on their difference."""
    if _SAME.search(folded):
        return Condition("difference", "eq", Decimal(0), "yen")
    for sign, comparator in _SIGNS:
        if sign.search(folded):
            return Condition("difference", comparator, Decimal(0), "yen")  # type: ignore[arg-type]
    for pattern, spent_first in _COLUMNS:
        match = pattern.search(folded)
        if match is None:
            continue
        rest = folded[match.start() : match.end() + 4]
        more = re.search(_MORE, rest[len(match.group()) - 3 :]) is not None
        less = re.search(_LESS, rest[len(match.group()) - 3 :]) is not None
        if more == less:
            continue
        return Condition("difference", "lt" if more == spent_first else "gt", Decimal(0), "yen")
    return None


def _nth(folded: str) -> int | None:
    """The place that 「2番目」「第三位」 asks for; the first place is no place of its own."""
    match = _NTH.search(folded)
    value = parse_numeral(match[1]) if match else None
    return int(value) if value is not None and 1 < value <= 100 else None


# What looks like a bound or a metric that we compute, and is another thing; guessing it would give a wrong number.
_BEYOND = (
    re.compile(r"[人口世帯民]1?(?:人|世帯)?(?:あたり|当たり)|(?:一|1)(?:人|世帯)(?:あたり|当たり)"),
    re.compile(r"何位"),
    re.compile(r"(?:目標|予想|予測|想定|見込み?)(?:の)?(?:執行率|決算|執行額|消化率)"),
    re.compile(r"平均(?:値|額)?(?:より|以上|以下|未満|を(?:下回|上回|超|割|切))"),
    re.compile(r"最大[値額]?と最小|最高[値額]?と最低"),
    re.compile(r"中央値|標準偏差|分散"),
    re.compile(r"[月日週]平均|\d+年間"),
    re.compile(r"(?:執行率|予算額?|決算額?)の目標"),
    re.compile(r"繰り?越|見送られ|来年度も続|初めて計上"),
    re.compile(r"半分(?:以上|以下|超)?[^、]{0,6}(?:残|余)"),
    re.compile(r"前年度?の?(?:\d+|[一二三四五六七八九半])(?:割|%|分)"),
    re.compile(r"(?:廃止|終了|なくなる|無くなる)(?:される|する|する予定|予定)"),
)


def _beyond_us(draft: Draft, conditions: tuple[Condition, ...]) -> str:
    """Words that ask for what no figure gives and no computation here makes; empty where there are none."""
    for pattern in _BEYOND:
        match = pattern.search(draft.folded)
        if match:
            return match.group()
    if len(conditions) >= 2 and re.search(
        r"(?:以上|以下|未満|超)(?:か、?|または|もしくは|あるいは)[^、]*[\d一-九]", draft.folded
    ):
        return "または"
    bounds = [c.metric for c in conditions]
    if len(set(draft.years)) >= 2 and len(bounds) > len(set(bounds)) and not draft.has("compare"):
        return "年度ごとに別の条件"
    if draft.has("aggregate", "sum", "mean") and draft.has("compare", "new", "vanished"):
        return next(w.text for w in draft.words if w.meaning in ("new", "vanished"))
    for amount in draft.amounts:
        rest = draft.folded[amount.end :]
        if amount.kind in ("percent", "yen") and re.match(r"(?:ちょうど)?(?:では|じゃ|で)な", rest):
            return draft.folded[amount.start : amount.end + 4]
    return ""


def _another_row(draft: Draft) -> str:
    """「AよりBが多い事業」: a bound that is another row's figure, which no plan carries."""
    if len(draft.subjects) != 1 or not draft.has("level"):
        return ""
    subject = draft.subjects[0]
    match = re.match(r"より(?:も)?[^、]{0,8}(?:多|少|高|低|大き|小さ)", draft.folded[subject.end :])
    return draft.folded[subject.start : subject.end] + "より" if match else ""


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + TAKEN * (end - start) + text[end:]


def _as_money(amount: Amount) -> Amount:
    """「500万以上」 without 円 is money: no rate is written with 万 or in thousands."""
    if amount.kind == "number" and abs(amount.value) >= 1000:
        return replace(amount, kind="yen", unit="yen")
    return amount


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


def _is_date(text: str, amount: Amount) -> bool:
    return bool(re.match(r"(?:月|日|時|歳|期|回目|代)", text[amount.end : amount.end + 2])) or amount.unit in (
        "日",
        "歳",
        "年",
    )


def _narrow(ledger: Ledger, draft: Draft) -> tuple[NameMatch, ...]:
    """「AのB」 where B is a sub-project of A means B inside A; the project then only says where it belongs."""
    mentions = draft.subjects
    parents: dict[str, set[str]] = {}
    for project in ledger.projects.values():
        if project.parent_id and project.parent_id in ledger.projects:
            parents.setdefault(project.name, set()).add(ledger.projects[project.parent_id].name)
    kept: list[NameMatch] = []
    outer: Mention | None = None
    for at, mention in enumerate(mentions):
        following = mentions[at + 1] if at + 1 < len(mentions) else None
        if following is not None:
            between = draft.folded[mention.end : following.start]
            inside = any(set(mention.match.names) & parents.get(child, set()) for child in following.match.names)
            if inside and _BELONGS.fullmatch(between):
                outer = mention
                continue
        if outer is not None:
            kept.append(replace(mention.match, within=outer.match.names))
            outer = None
        else:
            kept.append(mention.match)
    return tuple(kept)
