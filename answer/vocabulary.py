"""The words of questions, read from the two files beside this one, and the folding that makes spellings equal."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from answer.segments import reading_of, to_hiragana
from answer.verbs import Conjugation, conjugation

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.toml")
PLAIN_WORDS_FILE = Path(__file__).with_name("plain_words.txt")

_KANJI = r"々一-鿿豈-﫿"
_SMALL_KE = re.compile(rf"(?<=[{_KANJI}])[ヶケヵ](?=[{_KANJI}])")
_SPACE_BESIDE_JAPANESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_IGNORED = str.maketrans("", "", "「」『』“”\"'’‘・･()[]【】《》〈〉〔〕★☆◆●○■□")
_SEPARATORS = re.compile(r"[、。，．,.?？!！;；:：\n\r\t/／|]+(?!\d)|(?<!\d)[,.]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[・･](?=\d)")
# Families whose words are also found written in kana, from this many characters on.
_READ_FAMILIES = ("metric", "rank", "aggregate")
_SHORTEST_KANA = 3
# 「気のせいかもしれません」 is no 成果.
_SAID_OTHERWISE = frozenset(("せいか",))
_ALL_KANA = re.compile(r"[ぁ-ゖー]+")
_ONLY = re.compile(r"しか[^、]{0,6}$")
# 「4分の1（25%）」 is not 4分の125%.
_BRACKETED_NUMBER = re.compile(r"(?<=\d)[(（](?=\d)|(?<=[\d%円割])[)）](?=\d)")
# 「減らされちゃった」「飲んじゃった」; not おもちゃ.
_CHATTED = re.compile(r"(?<!も)(?:ちゃ|(?<=ん)じゃ)(?=った|って|う|い(?!な)|え)")
_ERA_APART = re.compile(r"(令和|平成)\s+(?=\d)")
_DASHES = re.compile(r"[〜～~－―‐−–—]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary found in a folded question: its place, its family and meaning, e.g. metric/budget."""

    start: int
    end: int
    family: str
    meaning: str
    text: str


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb's forms, and the family and meaning of it affirmed and denied."""

    forms: Conjugation
    affirmed: tuple[tuple[str, str], ...]
    denied: tuple[tuple[str, str], ...]


def _meanings(written: str) -> tuple[tuple[str, str], ...]:
    """`comparator.gt shorthand.over_budget` -> its families and meanings; what means nothing is filler."""
    pairs = (one.partition(".") for one in written.split() or ["filler.words"])
    return tuple((family, meaning) for family, _, meaning in pairs)


class Vocabulary:
    """The vocabulary file, compiled: longest words first."""

    def __init__(self, path: Path = VOCABULARY_FILE, plain: Path = PLAIN_WORDS_FILE) -> None:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        self.variants: dict[str, str] = {
            unicodedata.normalize("NFKC", spelled).lower(): unicodedata.normalize("NFKC", meant).lower()
            for spelled, meant in data.pop("variants").items()
        }
        self._variant_pattern = re.compile(
            "|".join(re.escape(word) for word in sorted(self.variants, key=len, reverse=True)) or r"(?!)"
        )
        verbs: dict[str, list[str]] = {self.fold(verb): pair for verb, pair in data.pop("verbs").items()}
        self._verbs = [_Verb(conjugation(v), _meanings(yes), _meanings(no)) for v, (yes, no) in verbs.items()]
        self._verb_starts = {verb[0] for verb in verbs}
        self.account_words: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in data.pop("accounts").items()}
        self.table_titles = {self.fold(t): tuple(self.fold(w) for w in ws) for t, ws in data.pop("tables").items()}
        self.same_accounts = tuple(tuple(self.fold(w) for w in words) for words in data.pop("same_accounts").values())
        self.meanings: dict[str, list[tuple[str, str]]] = {}
        for family, entries in data.items():
            for meaning, words in entries.items():
                for word in words:
                    self.meanings.setdefault(self.fold(word), []).append((family, meaning))
        for line in plain.read_text(encoding="utf-8").splitlines():
            for word in () if line.startswith("#") else line.split():
                self.meanings.setdefault(self.fold(word), [("filler", "plain")])
        self._add_kana()
        self._pattern = re.compile("|".join(re.escape(w) for w in sorted(self.meanings, key=len, reverse=True) if w))

    def _add_kana(self) -> None:
        """The words of figures and orders as they are read: のこり, けっさん, わーすと."""
        for word, meanings in list(self.meanings.items()):
            known = [pair for pair in meanings if pair[0] in _READ_FAMILIES]
            kana = to_hiragana(reading_of(word))
            if (
                known
                and len(kana) >= _SHORTEST_KANA
                and _ALL_KANA.fullmatch(kana)
                and kana not in self.meanings
                and kana not in _SAID_OTHERWISE
            ):
                self.meanings[kana] = known

    def fold(self, text: str) -> str:
        """The text with widths, case, brackets, small ヶ and spelling variants made equal.

        Brackets and ・ vanish, other punctuation becomes 、, and spaces stay only between Latin words.
        """
        text = unicodedata.normalize("NFKC", text).lower()
        text = _SMALL_KE.sub("が", text)
        text = _BETWEEN_DIGITS.sub("、", text)
        text = _BRACKETED_NUMBER.sub("、", text).translate(_IGNORED)
        text = _DASHES.sub("~", text)
        text = _SEPARATORS.sub("、", text)
        text = _SPACE_BESIDE_JAPANESE.sub("", text)
        text = self._variant_pattern.sub(lambda match: self.variants[match.group()], text).strip()
        text = _CHATTED.sub(lambda match: "てしま" if match.group() == "ちゃ" else "でしま", text)
        return _ERA_APART.sub(r"\1", text)

    def is_plain(self, word: str) -> bool:
        """Whether a folded word only helps to ask and names nothing (報告, 資料)."""
        return all(family == "filler" for family, _ in self.meanings.get(word, [("", "")]))

    def words_of(self, family: str) -> list[str]:
        """The folded words of one family, longest first."""
        found = [word for word, meanings in self.meanings.items() if any(f == family for f, _ in meanings)]
        return sorted(found, key=len, reverse=True)

    def scan(self, folded: str, boundaries: frozenset[int]) -> list[Word]:
        """The vocabulary's words in a folded text, longest first at each place, none overlapping.

        Short words count only where they begin and end at `boundaries` (offsets between tokens): 高 in 高齢者 is no
        word of its own. Characters already taken are NUL in `folded`.
        """
        found: list[Word] = []
        at = 0
        while at < len(folded):
            match = self._longest_at(folded, at, boundaries)
            verb = self._verb_at(folded, at, boundaries)
            filler = match is not None and all(family == "filler" for family, _ in self.meanings[match])
            if verb and verb[0].end - at + filler > len(match or ""):
                found.extend(verb)
                at = verb[0].end
            elif match is not None:
                for family, meaning in self.meanings[match]:
                    found.append(Word(at, at + len(match), family, meaning, match))
                at += len(match)
            else:
                at += 1
        return found

    def _verb_at(self, folded: str, at: int, boundaries: frozenset[int]) -> list[Word]:
        """The longest form of a verb that begins here, with what it means affirmed or denied.

        しか turns a denial round: 「8割しか執行していない」 says that 8割 was spent.
        """
        if at not in boundaries or folded[at] not in self._verb_starts:
            return []
        only = _ONLY.search(folded[:at]) is not None
        best: list[Word] = []
        for verb in self._verbs:
            for pattern, denies in ((verb.forms.denied, True), (verb.forms.affirmed, False)):
                match = pattern.match(folded, at)
                if match is None:
                    continue
                meanings = verb.denied if denies and not only else verb.affirmed
                # 「含めない」 is a form of 含める and, which means nothing here, of 含む.
                says_more = best and match.end() == best[0].end and best[0].family == "filler"
                if not best or match.end() > best[0].end or says_more:
                    best = [Word(at, match.end(), family, meaning, match.group()) for family, meaning in meanings]
        return best

    def _longest_at(self, folded: str, at: int, boundaries: frozenset[int]) -> str | None:
        match = self._pattern.match(folded, at)
        if match is None:
            return None
        text = match.group()
        for length in range(len(text), 0, -1):
            word = text[:length]
            if word not in self.meanings:
                continue
            bounded = at in boundaries and at + length in boundaries
            latin = word.isascii()
            if latin and not bounded:
                continue
            if bounded or (length >= 3 and at in boundaries) or length >= 4:
                return word
        return None


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the file beside the code."""
    return Vocabulary()
