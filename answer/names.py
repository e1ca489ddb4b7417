"""Which names of the documents a question means: exact, by part, by reading, or with one character wrong."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import jaconv
from rapidfuzz import fuzz, process

from answer.segments import boundaries_of, spoken_words, to_hiragana
from answer.types import NameMatch
from answer.vocabulary import vocabulary
from ingest.eras import find_years

# A character of a question that is accounted for.
TAKEN = "\0"
_PARENTHESISED = re.compile(r"[（(]([^（()）]{2,})[）)]")
# A bracket that names who does it, and not the thing: 人件費（教育委員会事務局）.
_OFFICE = re.compile("(?:課|局|部|室|係|署|委員会|本部|事務所|Ｇ|グループ|チーム)$")
_QUOTED = re.compile(r"[「『]([^「」『』]{3,})[」』]")
_NUMBERED = re.compile(r"^(\S{2,6}[0-9０-９一二三四五六七八九十]{1,2})[\s　]+")
# Endings that names share and questions leave out; the longest that leaves two characters is cut.
_TAILS = ("推進事業", "支援事業", "運用事業", "実施事業", "対策事業", "関係事業", "事業費", "事業", "経費", "費")
# A piece of a name identifies it only when few names hold it.
_MAX_NAMES_OF_A_PIECE = 12
_MIN_PIECE = 4
# No name is longer, and a question of thousands of characters must not be searched in every stretch.
_LONGEST_PIECE = 40
_LONGEST_QUESTION = 300
# Nouns of so many characters, in their order, mean a name, if no more names than this hold them.
_MIN_GAPPED = 6
_MIN_LOOSE = 8
_WARD = re.compile(r"^[一-鿿]{1,3}[市区町村]の?(?=.{5})")
_LATIN = re.compile(r"[a-z]+(?:[ -][a-z]+)+")
_WORD = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d+")
_KANA_RUN = re.compile(r"[ぁ-ゖァ-ヺー]{4,}")
_PARTICLES_AROUND = re.compile(r"^[のをはがにでともへや]+|(?:って|とは|[のをはがにでともへや])+$")
_PARTICLES = tuple("のをはがにでともへや")
_KANA_ONLY = re.compile(r"[ぁ-ゖー]+")
# So many kana at the beginning of a name's reading tell it from the others.
_MIN_READ = 7
_NEARLY_AS_LONG = 0.7
# Readings of so many kana are compared without voicing.
_MIN_UNVOICED = 10
_UNVOICED = str.maketrans("がぎぐげござじずぜぞだぢづでどばびぶべぼ", "かきくけこさしすせそたちつてとはひふへほ")
_MAX_NAMES_GAPPED = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the folded question taken for names."""

    start: int
    end: int
    match: NameMatch


class NameIndex:
    """Looks up names; every name is given as printed and found by its folded forms.

    `reading` turns text into kana; it is called once for each name. `not_names` are words that a bracket in a name may
    hold without naming it (departments).
    """

    def __init__(self, names: Iterable[str], reading: Callable[[str], str], not_names: Iterable[str] = ()) -> None:
        fold = vocabulary().fold
        barred = {fold(name) for name in not_names}
        self.names = tuple(dict.fromkeys(names))
        self._reading = reading
        self.forms: dict[str, set[str]] = defaultdict(set)
        self.cores: dict[str, set[str]] = defaultdict(set)
        self.folded: dict[str, str] = {}
        self._readings: dict[str, str] | None = None
        self._pairs: dict[str, list[str]] | None = None
        self._kin: dict[str, list[str]] | None = None
        self._read: dict[str, str] = {}
        self._loose: dict[str, re.Pattern[str]] | None = None
        for name in self.names:
            folded = fold(name)
            self.folded[name] = folded
            self.forms[folded].add(name)
            for alias in self._aliases(name):
                if len(alias) >= 3 and alias not in barred and not _is_year(alias):
                    self.cores[alias].add(name)
        self._joined = "\n".join(self.folded.values())
        usable = {form for form in (*self.forms, *self.cores) if len(form) >= 3 and not _is_year(form)}
        ordered = sorted(usable, key=len, reverse=True)
        self._exact = re.compile("|".join(re.escape(form) for form in ordered) or r"(?!)")

    def _aliases(self, name: str) -> list[str]:
        fold = vocabulary().fold
        aliases: list[str] = []
        bare = _PARENTHESISED.sub("", name)
        if bare != name:
            aliases.append(fold(bare))
        aliases.extend(fold(inner) for inner in _PARENTHESISED.findall(name) if not _OFFICE.search(inner))
        aliases.extend(fold(inner) for inner in _QUOTED.findall(name))
        numbered = _NUMBERED.match(name)
        if numbered:
            aliases.extend((fold(numbered[1]), fold(name[numbered.end() :])))
        for whole in (fold(name), fold(bare)):
            for tail in _TAILS:
                if whole.endswith(tail) and len(whole) - len(tail) >= 4:
                    aliases.append(whole[: -len(tail)])
                    break
            if whole.endswith("事業") and len(whole) >= 6:
                aliases.append(whole[:-2])
        return [alias for alias in dict.fromkeys(aliases) if alias]

    def exact(self, folded: str) -> list[Mention]:
        """Names written whole, or without their tail or bracket; the longest first at each place."""
        found: list[Mention] = []
        for match in self._exact.finditer(folded):
            form = match.group()
            names = self.forms.get(form) or self.cores[form]
            longer = folded[match.start() : _end_of_number(folded, match.end())]
            if form not in self.forms and len(longer) > len(form) and longer[-1] != "の" and self.containing(longer):
                # 「区民スポーツ祭」 is not 区民スポーツ事業: a longer stretch of another name stands there.
                continue
            found.append(
                Mention(match.start(), match.end(), NameMatch(form, tuple(sorted(names, key=self.names.index)), "name"))
            )
        return found

    def loosely(self, folded: str) -> list[Mention]:
        """Long names written with particles between their words: 「区庁舎や区民利用施設の管理費」."""
        if self._loose is None:
            self._loose = {form: _with_particles(form) for form in self.forms if len(form) >= _MIN_LOOSE}
        found = []
        for form, pattern in self._loose.items():
            # A quick look first: the pattern is slow.
            match = pattern.search(folded) if form[:2] in folded and form not in folded else None
            if match is not None and not self.containing(match.group()):
                names = tuple(sorted(self.forms[form], key=self.names.index))
                found.append(Mention(match.start(), match.end(), NameMatch(match.group(), names, "typo")))
        return found

    def whole(self, folded: str, mention: Mention) -> Mention:
        """The mention, or where a name was found by a shorter form, as much of the whole name as a typo lets stand.

        「商店街振興事行」 holds 商店街振興, and is 商店街振興事業 with one character wrong.
        """
        if mention.match.words in self.forms:
            return mention
        for name in mention.match.names:
            at = self.folded[name].find(mention.match.words)
            form = self.folded[name][at:]
            if at < 0 or len(form) < 5:
                continue
            for size in (len(form), len(form) + 1, len(form) - 1):
                written = folded[mention.start : mention.start + size]
                tail = written[len(mention.match.words) :]
                cut = mention.match.words.endswith("事") and "一" <= tail[:1] <= "鿿"
                if (len(tail) >= 2 or cut) and TAKEN not in written and _one_edit(written, form):
                    match = NameMatch(written, (name,), "typo")
                    return Mention(mention.start, mention.start + size, match)
        return mention

    def kin(self, names: Iterable[str]) -> tuple[str, ...]:
        """Other names that differ from these only in a tail, a bracket or a の."""
        given = dict.fromkeys(names)
        if self._kin is None:
            self._kin = defaultdict(list)
            for name in self.names:
                for key in _keys(name):
                    self._kin[key].append(name)
        return tuple(
            dict.fromkeys(
                other for name in given for key in sorted(_keys(name)) for other in self._kin[key] if other not in given
            )
        )

    def containing(self, piece: str) -> tuple[str, ...]:
        """Names that hold the piece, in the documents' order."""
        if piece not in self._joined:
            return ()
        return tuple(name for name in self.names if piece in self.folded[name])

    def piece(self, folded: str, boundaries: frozenset[int]) -> Mention | None:
        """The longest stretch of at least four characters that only a few names hold, between token boundaries."""
        best: Mention | None = None
        starts = [at for at in sorted(boundaries) if at < len(folded) and folded[at] != "\0"]
        # 「認知症のまちづくり」 is no 「のまちづくり」.
        starts = [at for at in starts if not (folded[at] == "の" and at > 0 and folded[at - 1] not in "\0、")]
        for start in starts:
            stop = folded.find("\0", start)
            limit = min(len(folded) if stop < 0 else stop, start + _LONGEST_PIECE)
            for end in sorted((b for b in boundaries if start + _MIN_PIECE <= b <= limit), reverse=True):
                if best and end - start <= best.end - best.start:
                    break
                piece = folded[start:end]
                if "、" in piece:
                    continue
                names = self.containing(piece)
                says = any("一" <= c <= "鿿" or "ァ" <= c <= "ヺ" or c.isascii() for c in piece) or len(piece) >= 6
                says = says and len(piece.lstrip("のをはがにでとへも")) >= _MIN_PIECE
                if names and len(names) <= _MAX_NAMES_OF_A_PIECE and piece not in _GENERIC and says:
                    best = Mention(start, end, NameMatch(piece, names, "part"))
                    break
        return best

    def gapped(self, spans: Sequence[tuple[int, int]], folded: str) -> Mention | None:
        """Names that hold the nouns of a stretch in their order, with other words between: the longest such stretch.

        「水・緑・花の魅力アップ事業」 is 水･緑･花を暮らしに取り入れた旭区魅力アップ事業. `spans` are the nouns' places.
        """
        best: Mention | None = None
        size = 0
        for first in range(len(spans)):
            for last in range(len(spans), first + 2, -1):
                words = [folded[s:e] for s, e in spans[first:last]]
                said = sum(len(word) for word in words)
                if said <= max(size, _MIN_GAPPED - 1):
                    break
                names = tuple(name for name in self.names if _in_order(words, self.folded[name]))
                if names and len(names) <= _MAX_NAMES_GAPPED:
                    start, end = spans[first][0], spans[last - 1][1]
                    best, size = Mention(start, end, NameMatch(folded[start:end], names, "part")), said
                    break
        return best

    def romanised(self, folded: str) -> Mention | None:
        """A name written in Latin letters: 「Asahi Mirai Juku」, of two words at least that names' readings hold."""
        for run in _LATIN.finditer(folded):
            words = [(run.start() + m.start(), run.start() + m.end()) for m in _WORD.finditer(run.group())]
            for size in range(len(words), 1, -1):
                for at in range(len(words) - size + 1):
                    start, end = words[at][0], words[at + size - 1][1]
                    kana = jaconv.alphabet2kana(re.sub(r"[^a-z]", "", folded[start:end]))
                    if len(kana) < _MIN_GAPPED or not _KANA_ONLY.fullmatch(kana):
                        continue
                    names = tuple(name for name in self.names if self.read_inside(name, kana))
                    if 0 < len(names) <= _MAX_NAMES_GAPPED:
                        return Mention(start, end, NameMatch(folded[start:end], names, "part"))
        return None

    def read_inside(self, name: str, kana: str) -> bool:
        """Whether a word in kana is how a part of the name is read: すいしん in 障害者ネットワーク推進事業."""
        return to_hiragana(kana) in self._name_read(name)

    def piece_read(self, folded: str) -> Mention | None:
        """A run of kana that is how a part of a few names is read: ぎゃくたいゼロ in 「重大虐待ゼロ」をめざす取組."""
        for run in _KANA_RUN.finditer(folded):
            kana = _PARTICLES_AROUND.sub("", run.group())
            names = tuple(n for n in self.names if len(kana) >= _MIN_PIECE and self.read_inside(n, kana))
            if 0 < len(names) <= _MAX_NAMES_OF_A_PIECE:
                start = run.start() + run.group().find(kana)
                return Mention(start, start + len(kana), NameMatch(kana, names, "part"))
        return None

    def _name_read(self, name: str) -> str:
        """A name as it is read, in hiragana."""
        if name not in self._read:
            self._read[name] = to_hiragana(self._reading(self.folded[name])).replace(" ", "")
        return self._read[name]

    def typo(self, folded: str) -> Mention | None:
        """A name of at least five characters written with one character wrong, missing or added."""
        open_text = folded.replace(TAKEN, " ")
        if len(open_text.strip()) < 5 or len(open_text) > _LONGEST_QUESTION:
            return None
        candidates = self._nearly_in(open_text)
        best: tuple[tuple[int, bool, int], str, int, int] | None = None
        for form, _score, _ in process.extract(
            open_text, candidates, scorer=fuzz.partial_ratio, limit=6, score_cutoff=75
        ):
            if len(form) > len(open_text):
                continue
            alignment = fuzz.partial_ratio_alignment(form, open_text)
            if alignment is None:
                continue
            start, end = alignment.dest_start, alignment.dest_end
            for left, right in ((start, end), (start, end + 1), (start, end - 1), (start - 1, end), (start + 1, end)):
                if not 0 <= left < right <= len(open_text) or _end_of_number(open_text, right - 1) > right:
                    continue
                written = open_text[left:right]
                # Of 「支援事」 and 「支援事行」 for 支援事業 the one as long as the name.
                # 「AとB」: と before a name with its first character left out is none of the name.
                particle = written[:1] in _PARTICLES and form[:1] not in _PARTICLES
                nearness = (len(form), not particle, -abs(len(written) - len(form)))
                if _one_edit(written, form) and (best is None or nearness > best[0]):
                    best = (nearness, form, left, right)
        if best is None:
            return None
        _, form, start, end = best
        names = self.forms.get(form) or self.cores[form]
        return Mention(start, end, NameMatch(folded[start:end], tuple(sorted(names, key=self.names.index)), "typo"))

    def _nearly_in(self, text: str) -> list[str]:
        """Forms of at least five characters all but three of whose character pairs stand in the text."""
        if self._pairs is None:
            self._pairs = defaultdict(list)
            for form in dict.fromkeys((*self.forms, *self.cores)):
                if len(form) >= 5:
                    for pair in _pairs_of(form):
                        self._pairs[pair].append(form)
        shared = Counter(form for pair in _pairs_of(text) for form in self._pairs.get(pair, ()))
        return [form for form, count in shared.items() if count >= len(_pairs_of(form)) - 3]

    def by_reading(self, folded: str) -> Mention | None:
        """A name written otherwise but read the same (in kana, or with other kanji): the longest such name.

        Long names may differ in voicing too: 区作り is 区づくり.
        """
        if self._readings is None:
            self._readings = {}
            for form in (*self.forms, *self.cores):
                reading = to_hiragana(self._reading(form)).replace(" ", "")
                if len(reading) >= 5:
                    self._readings.setdefault(_keyed(reading), form)
                # 「のうの魅力PR事業」 without the ward's name before it.
                without = to_hiragana(self._reading(_WARD.sub("", form))).replace(" ", "")
                if len(without) >= _MIN_READ and form in self.forms:
                    self._readings.setdefault(_keyed(without), form)
        spoken, places, cuts = self._spoken(folded)
        unvoiced = spoken.translate(_UNVOICED)
        best: tuple[int, int, str] | None = None
        for reading, form in self._readings.items():
            at = (unvoiced if len(reading) >= _MIN_UNVOICED else spoken).find(reading)
            if (
                at not in cuts
                or at + len(reading) not in cuts
                or (best is not None and len(reading) <= best[1] - best[0])
            ):
                continue
            if folded[places[at] : places[at + len(reading)]] != form:
                # What is written as the name is written is no matter of reading.
                best = (at, at + len(reading), form)
        if best is None:
            return None
        start, end = places[best[0]], places[best[1]]
        end = start + len(folded[start:end].rstrip("、 "))
        names = self.forms.get(best[2]) or self.cores[best[2]]
        return Mention(start, end, NameMatch(folded[start:end], tuple(sorted(names, key=self.names.index)), "reading"))

    def by_beginning(self, folded: str) -> Mention | None:
        """Names whose reading begins as a stretch of the question is read: 「きぼうがおか駅周辺の検討」."""
        spoken, places, cuts = self._spoken(folded)
        found: dict[str, tuple[int, int]] = {}
        for name in self.names:
            reading = self._name_read(name)
            at = spoken.find(reading[:_MIN_READ]) if len(reading) >= _MIN_READ else -1
            if at < 0 or at not in cuts:
                continue
            size = next((n for n, (a, b) in enumerate(zip(reading, spoken[at:], strict=False)) if a != b), None)
            found[name] = (at, min(len(reading), len(spoken) - at) if size is None else size)
        longest = max((size for _, size in found.values()), default=0)
        names = tuple(name for name, (_, size) in found.items() if size >= longest * _NEARLY_AS_LONG)
        if not 0 < len(names) <= _MAX_NAMES_GAPPED:
            return None
        at, size = max((found[name] for name in names), key=lambda place: place[1])
        start, end = places[at], places[at + size]
        return Mention(start, end, NameMatch(folded[start:end], names, "part"))

    def _spoken(self, folded: str) -> tuple[str, list[int], set[int]]:
        """The question as it is read, in hiragana; for each character of that the place in the question; and where
        in it words can begin or end, which inside a run of kanji nobody can tell.
        """
        spoken = ""
        places: list[int] = []
        cuts: set[int] = set()
        at = 0
        for start, surface, kana in (*spoken_words(folded.replace(TAKEN, "、")), (len(folded), "", "")):
            for place in range(at, start):
                cuts.add(len(spoken))
                spoken += folded[place]
                places.append(place)
            in_kana = all("ぁ" <= c <= "ゖ" or "ァ" <= c <= "ヺ" or c == "ー" for c in surface)
            reading = to_hiragana(surface if in_kana else kana)
            aligned = len(reading) == len(surface)
            places.extend(range(start, start + len(surface)) if aligned else [start] * len(reading))
            cuts.update(range(len(spoken), len(spoken) + len(reading)) if in_kana else (len(spoken),))
            spoken += reading
            at = start + len(surface)
        places.append(len(folded))
        cuts.add(len(spoken))
        return spoken, places, cuts


def _keyed(reading: str) -> str:
    """A name's reading as it is looked up: a long one without its voicing."""
    return reading.translate(_UNVOICED) if len(reading) >= _MIN_UNVOICED else reading


_GENERIC = frozenset(
    vocabulary().fold(word)
    for word in (
        *("支援事業", "推進事業", "対策事業", "発信事業", "啓発事業", "関する事業", "に関する", "活動支援", "推進支援"),
        *("する事業", "強化事業", "連携事業", "予算事業"),
    )
)  # fmt: skip


def _pairs_of(text: str) -> list[str]:
    """Each pair of characters once and in order, so that ties fall alike in every run (a set's order does not)."""
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))


def _keys(name: str) -> set[str]:
    """What stays of a name, and of what its brackets hold, without 事業, の and an added phrase."""
    fold = vocabulary().fold
    bare = _PARENTHESISED.sub("", name)
    keys = set()
    for text in (bare, re.split(r"[～~〜]", bare)[0], _WARD.sub("", bare), *_PARENTHESISED.findall(name)):
        key = fold(text).removesuffix("事業").replace("の", "")
        if len(key) >= 4:
            keys.add(key)
    return keys


def _with_particles(form: str) -> re.Pattern[str]:
    """The words of a name with の, や or と between any two of them, or nothing."""
    cuts = sorted(boundaries_of(form))
    words = [form[a:b] for a, b in itertools.pairwise(cuts)]
    return re.compile("(?:[のやと、]|及び|および)?".join(re.escape(word) for word in words))


def _in_order(words: Sequence[str], name: str) -> bool:
    at = 0
    for word in words:
        at = name.find(word, at)
        if at < 0:
            return False
        at += len(word)
    return True


def _end_of_number(text: str, at: int) -> int:
    """The end of what begins at an offset: of a whole number (2022), or of one character."""
    match = _DIGITS.match(text, at)
    return match.end() if match else min(at + 1, len(text))


def _is_year(form: str) -> bool:
    """Whether a form is hardly more than a year (令和6年度, 令和2年度分): it names a time, not a thing."""
    years = find_years(form)
    return bool(years) and len(form) - sum(y.end - y.start for y in years) <= 2


def _one_edit(left: str, right: str) -> bool:
    """True when the texts differ by exactly one character put in, left out, replaced, or two neighbours swapped."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    if len(left) == len(right):
        swapped = left[at + 1 : at + 2] + left[at : at + 1] + left[at + 2 :]
        return left[at + 1 :] == right[at + 1 :] or swapped == right[at:]
    shorter, longer = (left, right) if len(left) < len(right) else (right, left)
    return shorter[at:] == longer[at + 1 :]
