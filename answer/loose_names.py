"""Names of projects by part, misspelt or in kana; what is left of the words then are topics."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from answer.draft import Draft, blank
from answer.ledger import Ledger
from answer.names import TAKEN, Mention, NameIndex
from answer.segments import boundaries_of, content_terms, nouns_of, reading_of
from answer.types import NameMatch
from answer.vocabulary import Word, vocabulary

# 「「安全・安心」の柱を構成する事業」
_BEHIND_SCOPE = re.compile(r"(?:の?(?:柱|分野|区分|部署))?[をがはにで]?")
_PICKS_PROJECTS = re.compile(r"[ぁ-ん]{0,5}(?:事業|もの)")
# One character of these is no part of a name that a question means.
_NO_PART = frozenset("月年日区市課人数額費率上下中内外前後間者等事業度一二三四五六七八九十百千万")
_HIRAGANA_RUN = re.compile(r"[ぁ-ゖ]{4,}")
_HIRAGANA = re.compile(r"[ぁ-ゖ]{3,}")
_NUMERAL = re.compile(r"\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,2}")
_QUOTED = re.compile(r"「([^「」]{3,12})」")
_TITLE = re.compile(r"[「『]([^「」『』]{4,})[」』]")
_LISTED = re.compile(r"^(?:と|や|、|および|及び)|、")
_PREAMBLE = re.compile(r"(?:が|けど|けれども?|ので|から|まして)$")
_MEASURED_BY = re.compile(r"(?:の予算額?|の決算額?|の執行額|の執行率)?(?:より|に比べ|と比べ)")
_ASKS_AS = re.compile(".{0,2}として(?:知|聞|伺|お尋ね|気に|確かめ|確認|押さえ|お聞)")
_AND = re.compile(r"と|や|、|および|及び|or|and")
_MOST_NAMES = 40
_POLITE_FROM = 3
# One character of these is left over from words that narrow nothing (念のため, 仮に, 三つ).
_LIGHT = frozenset("員念次実仮指例他方度物事者等各今前後全約計毎件本個人回部間分一二三四五六七八九十")
_FEW_NAMES = 3
_BETWEEN_NAMES = frozenset(("shorthand", "rank", "aggregate", "compare", "phase", "group"))
# What is done with a project, said beside its name: 「地域活動協議会への支援はいくら」.
_DONE_WITH = ("補助", "助成", "支援", "推進", "運営", "取組", "対策")
# 「運行をささえる補助」 is 運行支援.
_HELPING = re.compile("^(?:ささえる|助ける|たすける|後押しする|支援する|応援する|進める|行う)")
_PLEASANTRY = re.compile(r"(?:です|ます|ました|でした|ません)$")
_AMOUNT_TAIL = re.compile(r"(?:事業費|事業|費用|費|額|数|料|代|づくり|関係|関連)$")
_IN_ENGLISH = re.compile(r"(?:[a-z'’,.\-]+\s+){4,}")
_LAST_MONTH = 3
_DATE = re.compile(r"(\d{1,2})月(?:\d{1,2}日|末)?(?:現在|時点)?")
_SUCH = re.compile(r".?な(?:事業|もの)")
_KANA_BEFORE = re.compile(r"(?<![ぁ-ん])[ぁ-ん]{2,5}の$")
_LINKS = frozenset(
    ("それの", "これの", "どの", "その", "この", "あの", "などの", "からの", "までの", "への", "との", "での")
)
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]{2,}")
_ABOUT_IT = re.compile(
    "(?:に関(?:する|わる|連する)|にかかわる|についての|関[連係]の|のための|向けの|の)、?(?:細?事業|取組)"
)
_PARTICLES_AROUND = re.compile(r"^[のをはがにでとも]+|(?:って|とは|[のをはがにでともなか])+$")
_CONTENT = re.compile(r"[一-鿿々ァ-ヺー]{2,}|[一-鿿々]|[ぁ-ん]{3,}|[a-z0-9]{2,}")


class LooseNames:
    """Finds names of projects that are not written whole; built once for each generation."""

    def __init__(self, ledger: Ledger, projects: NameIndex) -> None:
        self.ledger = ledger
        self.projects = projects
        self.vocabulary = vocabulary()
        self.months = {row.as_of.month for row in ledger.rows if row.as_of} | {_LAST_MONTH}
        fold = self.vocabulary.fold
        self.quoted = {fold(q) for p in ledger.projects.values() for q in _QUOTED.findall(p.text)}

    def read(self, draft: Draft, strong: list[Word], bounds: frozenset[int]) -> None:
        """Names by part, with a typing error, or in kana; what is left of the content words becomes topics."""
        reading = self.projects.by_reading(draft.open) if _HIRAGANA.search(draft.open) else None
        if reading and not any(m.start < reading.end and reading.start < m.end for m in draft.subjects):
            take_subject(draft, reading)
            strong = [w for w in strong if w.end <= reading.start or w.start >= reading.end]
        elif reading is None and not draft.subjects and _HIRAGANA_RUN.search(draft.open):
            beginning = self.projects.by_beginning(draft.open)
            if beginning is not None and _HIRAGANA_RUN.search(beginning.match.words):
                take_subject(draft, beginning)
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
            named = [
                (max(s, match.start()), min(e, match.end())) for s, e in nouns if s < match.end() and match.start() < e
            ]
            at, text = _without_particles(match, named)
            content = _CONTENT.search(text) or any(e - s > 1 for s, e in named)
            if not (text and content) or self._is_known_date(text):
                continue
            if not named and match.group() in self.quoted:
                # A title such as 「とことこ」, which is no noun.
                draft.topics.append(match.group())
                continue
            if not named:
                # 「見送られた事業」: a verb that picks out projects must not be passed over.
                picks = _PICKS_PROJECTS.match(draft.folded[match.end() :]) is not None
                verbal = re.search(r"[一-鿿]", text) and picks and not _by_department(draft, match.start())
                # 「おでかけに関する事業」, 「いきいきの事業」
                said = _ABOUT_IT.match(draft.folded, at + len(text)) and len(text) > 1
                if verbal or said:
                    draft.topics.append(text)
                continue
            if _ASKS_AS.match(draft.folded[match.end() - 1 :]):
                # 「同業者として知りたい」: who asks.
                continue
            if _is_pleasantry(draft, match.start()) or _is_preamble(draft, match.start()):
                continue
            if _compounded(strong, match.start(), match.end()):
                # 「差引残」「算術平均」: more of the word beside it.
                continue
            if draft.amounts and _SUCH.match(draft.folded[match.end() - 1 :]) and not self._names_with(text):
                # 「90万円以下の小規模な事業」: the bound says what is meant.
                continue
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

    def over_words(self, draft: Draft, strong: list[Word], bounds: frozenset[int]) -> list[Word]:
        """「虐待ゼロの予算」: a piece of a name that only few have is a name, though a word of bounds stands in it."""
        piece = self.projects.piece(draft.open, bounds) or self.projects.piece_read(draft.open)
        if piece is None or len(piece.match.names) > _FEW_NAMES:
            return strong
        inside = [w for w in strong if piece.start <= w.start and w.end <= piece.end]
        rest = piece.end - piece.start - sum(w.end - w.start for w in inside)
        if not inside or rest < 2 or any(w.family not in _BETWEEN_NAMES for w in inside):
            return strong
        take_subject(draft, piece)
        return [w for w in strong if w not in inside]

    def _names_with(self, text: str) -> tuple[str, ...]:
        """Names that hold the text; one of two or three characters as a word of its own (議会 is none of 協議会)."""
        if len(text) < 2 and (not "一" <= text <= "鿿" or _NUMERAL.fullmatch(text)):
            return ()
        names = self.projects.containing(text)
        if not names and _KANA.fullmatch(text) and (read := self.projects.piece_read(text)):
            return read.match.names
        if not names and len(text) > _POLITE_FROM and text[0] in "おご":
            # 「おまつり」
            return self._names_with(text[1:])
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


def take_subject(draft: Draft, mention: Mention) -> None:
    """The mention is a project that the question names."""
    draft.subjects.append(mention)
    draft.spans.extend((mention.start, mention.end, name) for name in mention.match.names)
    draft.take(mention.start, mention.end)


def _without_particles(match: re.Match[str], nouns: Sequence[tuple[int, int]]) -> tuple[int, str]:
    """Where a stretch begins without the particles around it, and what it is; a noun (こども) keeps its last letter."""
    bare = _PARTICLES_AROUND.sub("", match.group())
    start = match.start() + match.group().find(bare)
    end = start + len(bare)
    if nouns and bare:
        start, end = min(start, nouns[0][0]), max(end, nouns[-1][1])
    return start, match.string[start:end]


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


def _stands_free(name: str, text: str) -> bool:
    """Whether the text is made of whole words of the name."""
    if len(text) == 1:
        return text in content_terms(name)
    bounds = boundaries_of(name)
    return any(m.start() in bounds and m.end() in bounds for m in re.finditer(re.escape(text), name))


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
    return any(
        name in named and end <= at and _BEHIND_SCOPE.fullmatch(draft.folded[end:at]) for _, end, name in draft.spans
    )


def _is_preamble(draft: Draft, at: int) -> bool:
    """Whether a word stands in a clause such as 「…と近所の人が言うのですが、」 before what is asked."""
    end = draft.folded.find("、", at)
    if end < 0 or not _PREAMBLE.search(draft.folded[:end]):
        return False
    return any(start > end for start, _, _ in draft.spans) or any(w.start > end for w in draft.of("level"))
