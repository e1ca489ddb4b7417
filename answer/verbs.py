"""Forms of a verb, affirmed and denied: what lets the vocabulary list a verb once, by its dictionary form."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Final kana of a godan verb -> its irrealis, continuative, sound-changed (before て, た) and hypothetical stems.
_GODAN = {
    "う": ("わ", "い", "っ", "え"),
    "く": ("か", "き", "い", "け"),
    "ぐ": ("が", "ぎ", "い", "げ"),
    "す": ("さ", "し", "し", "せ"),
    "つ": ("た", "ち", "っ", "て"),
    "ぬ": ("な", "に", "ん", "ね"),
    "ぶ": ("ば", "び", "ん", "べ"),
    "む": ("ま", "み", "ん", "め"),
    "る": ("ら", "り", "っ", "れ"),
}
_VOICED_TE = frozenset("ぐぬぶむ")
_BEFORE_ICHIDAN_RU = frozenset("いきぎしちにひびみりえけげせぜてでねへべめれ")

# Ichidan verbs whose stem is one kanji, so that no kana tells.
_KANJI_ICHIDAN = frozenset(("出る", "見る", "得る", "経る", "似る"))

_PLAIN_NOT = "(?:なかった|なくて|なく|なけれ|ない|ず|ぬ)"
_POLITE_NOT = "ません(?:でした)?"
# 「…ていない」「…てはいなかった」「…ておらず」.
_ASPECT_NOT = rf"は?(?:い?(?:{_PLAIN_NOT}|{_POLITE_NOT})|おら(?:ず|ない|なかった)|おり{_POLITE_NOT})"
_DONE = "(?:しま(?:った|って|い|う))?"
_ASPECT = rf"{_DONE}(?:(?:い)?(?:ます|ました|ませ|るの|る|た)|おり(?:ます|ました)?|き(?:た|ました)|いく|い)?"


@dataclass(frozen=True, slots=True)
class Conjugation:
    """Patterns of the forms of one verb; each begins at the verb's first character."""

    affirmed: re.Pattern[str]
    denied: re.Pattern[str]


def conjugation(verb: str) -> Conjugation:
    """The forms of a verb given in dictionary form: 下回る, 超える, 達成する.

    >>> bool(conjugation("届く").denied.fullmatch("届いていなかった"))
    True
    """
    if verb.endswith("する"):
        return _suru(verb[:-2])
    if verb.endswith("る") and (verb[-2:-1] in _BEFORE_ICHIDAN_RU or verb in _KANJI_ICHIDAN):
        return _ichidan(verb[:-1])
    return _godan(verb[:-1], verb[-1])


def _patterns(
    dictionary: str, irrealis: str, continuative: str, before_te: str, te: str, hypothetical: str, potential: str
) -> Conjugation:
    ta = "だ" if te == "で" else "た"
    denied = "|".join(
        (
            f"{irrealis}{_PLAIN_NOT}",
            f"{continuative}(?:{_POLITE_NOT}|[はも]し{_PLAIN_NOT}|[はも]し{_POLITE_NOT}|[はも]せず)",
            f"{before_te}{te}{_ASPECT_NOT}",
            f"(?:{potential})(?:{_PLAIN_NOT}|{_POLITE_NOT}|て{_ASPECT_NOT})",
        )
    )
    affirmed = "|".join(
        (
            f"{before_te}{te}{_ASPECT}",
            f"{before_te}{ta}(?:ら|り)?",
            f"{continuative}(?:ました|ましたか|ます|ますか|つつ|(?=、|$))",
            f"{hypothetical}ば",
            dictionary,
        )
    )
    return Conjugation(re.compile(affirmed), re.compile(denied))


def _godan(stem: str, ending: str) -> Conjugation:
    irrealis, continuative, before_te, hypothetical = (re.escape(stem) + row for row in _GODAN[ending])
    te = "で" if ending in _VOICED_TE else "て"
    dictionary = re.escape(stem) + ending
    told = _patterns(dictionary, irrealis, continuative, before_te, te, hypothetical, hypothetical)
    return _with_passive(told, _passive(f"{irrealis}れ"))


def _ichidan(stem: str) -> Conjugation:
    stem = re.escape(stem)
    told = _patterns(f"{stem}る", stem, stem, stem, "て", f"{stem}れ", f"{stem}られ|{stem}れ")
    return _with_passive(told, _passive(f"{stem}られ"))


def _suru(noun: str) -> Conjugation:
    noun = re.escape(noun)
    told = _patterns(f"{noun}する", f"{noun}し", f"{noun}し", f"{noun}し", "て", f"{noun}すれ", f"{noun}でき")
    both = _with_passive(told, _passive(f"{noun}され"))
    affirmed = f"{both.affirmed.pattern}|{noun}でき(?:た|て{_ASPECT}|ました)|{noun}"
    return Conjugation(re.compile(affirmed), re.compile(f"{both.denied.pattern}|{noun}せず"))


def _passive(stem: str) -> Conjugation:
    return _patterns(f"{stem}る", stem, stem, stem, "て", f"{stem}れ", r"(?!)")


def _with_passive(told: Conjugation, passive: Conjugation) -> Conjugation:
    return Conjugation(
        re.compile(f"{passive.affirmed.pattern}|{told.affirmed.pattern}"),
        re.compile(f"{passive.denied.pattern}|{told.denied.pattern}"),
    )
