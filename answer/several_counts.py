"""A question of several counts (AとBでそれぞれ何人, AとBを合わせて何人, Aで何回、Bで何回) as one question for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from answer.types import Answer, Computation
from answer.values import number_text
from answer.verify import check_numbers
from ingest.amounts import COUNTER_PATTERN, half_width
from records import Hit

How = Literal["each", "sum", "which", "gap"]

_NOUN = r"[一-鿿々ァ-ヺーA-Za-z0-9]{2,20}"
_THING = rf"{_NOUN}(?:の部|向け)?"
_TWO = re.compile(
    rf"(?P<a>{_THING})(?:の分)?と、?(?P<b>{_THING})(?P<tail>の分)?(?:と(?=[はでのを]))?(?P<after>[、のではをにが]|$)"
)
_ASKED = rf"何(?:{COUNTER_PATTERN})"
_EACH = re.compile(r"それぞれ|各々|おのおの|別々に|別に")
_SUM = re.compile(
    r"(?:の|を)?(?:両方|二つ|2つ)?(?:で|を|の)?"
    r"(?:合わせ(?:ると|て|た)|あわせ(?:ると|て|た)|足す?と|合計(?:すると|して|で)?|両方で|計)"
)
_WHICH = re.compile(r"(?:どちら|どっち)[^。]{0,12}(?:多|少な)")
_GAP = re.compile(r"の?(?:差|開き|違い)(?:は|が)?")
_EACH_ASKED = re.compile(
    rf"(?P<a>{_THING})(?P<of>では?|には?|は|が|を)(?P<x>{_ASKED})[^、]{{0,6}}、(?:また、?)?(?P<b>{_THING})(?P=of)(?P<y>{_ASKED})"
)
_YEAR = re.compile(r"年度?$|^\d+$|[課区市]$")
# 「利用者数はどちらが多い」
_NUMBER = re.compile(r"([一-鿿々ァ-ヺー]{1,8}数)[はが]")
_COUNTED_BY = (
    (re.compile("開|催|実施|行わ|行われ"), "何回"),
    (re.compile("参加|来場|集ま|訪れ|人"), "何人"),
    (re.compile("配|刷|発行"), "何部"),
)
_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class SeveralCounts:
    """The things counted, a question for each of them, and what is asked of the counts together."""

    things: tuple[str, ...]
    questions: tuple[str, ...]
    how: How


def several_counts(question: str) -> SeveralCounts | None:
    """The two things whose counts a question asks for, or None.

    >>> several_counts("本大会とプレ大会の来場者はそれぞれ何人").questions
    ('本大会の来場者は何人', 'プレ大会の来場者は何人')
    """
    text = half_width(question)
    told = _EACH_ASKED.search(text)
    if told is not None:
        before, after = text[: told.start()], text[told.end() :]
        pairs = ((told["a"], told["x"]), (told["b"], told["y"]))
        each = tuple(f"{before}{thing}{told['of']}{asked}{after}" for thing, asked in pairs)
        return SeveralCounts((told["a"], told["b"]), each, "each")
    two = _TWO.search(text)
    if two is None or any(_YEAR.search(two[side]) for side in "ab"):
        return None
    patterns: tuple[tuple[How, re.Pattern[str]], ...] = (
        ("which", _WHICH),
        ("each", _EACH),
        ("sum", _SUM),
        ("gap", _GAP),
    )
    how, pattern = next(((h, p) for h, p in patterns if p.search(text, two.end("b"))), (None, None))
    if how is None or pattern is None:
        return None
    rest = text[two.end("tail" if two["tail"] else "b") :]
    asked = re.search(_ASKED, rest)
    if how == "which":
        counter = next((counter for verb, counter in _COUNTED_BY if verb.search(rest)), "何件")
        number = _NUMBER.search(rest)
        rest = f"の{number[1]}は" if number and not asked else f"は{asked.group() if asked else counter}"
    elif not asked and not re.search("数は|数の|いくつ", rest):
        return None
    else:
        rest = pattern.sub("", rest, count=1)
    return SeveralCounts((two["a"], two["b"]), tuple(f"{text[: two.start()]}{two[s]}{rest}" for s in "ab"), how)


def together(asked: SeveralCounts, answers: Sequence[Answer]) -> Answer | None:
    """One answer of the answers to each, with what they come to; None where one of them told no count alone."""
    if any(a.status != "answered" or not a.figures for a in answers):
        return None
    values = [{f.value for f in a.figures} for a in answers]
    if any(len(v) != 1 for v in values):
        return None
    units = {f.unit for a in answers for f in a.figures}
    lines: list[str] = []
    computation = None
    if asked.how != "each":
        if len(units) != 1:
            return None
        unit = units.pop()
        (left,), (right,) = values
        a, b = number_text(left, unit), number_text(right, unit)
        kind: Literal["sum", "compare"] = "sum" if asked.how == "sum" else "compare"
        value = left + right if kind == "sum" else abs(left - right)
        if kind == "sum":
            told = f"合わせて{number_text(value, unit)}です（{a} ＋ {b}、計算値）。"
        else:
            size = f"{value}ポイント高い" if unit == "percent" else f"{number_text(value, unit)}多い"
            more = asked.things[0] if left > right else asked.things[1]
            told = f"「{more}」の方が{size}です" if value else "同じです"
            told += f"（{a} と {b}、差は計算値）。"
            unit = "point" if unit == "percent" else unit
        check_numbers(told, (left, right, value), asked.things, ())
        lines.append(told)
        computation = Computation(kind, "印字された数どうしの計算", 2, 2, (), value, unit)
    hits: list[Hit] = []
    quotes: list[dict[str, Any]] = []
    for thing, answer in zip(asked.things, answers, strict=True):
        before = len(hits)
        lines.append(f"◆{thing}")
        lines.append(_MARK.sub(lambda m, n=before: f"[{int(m[1]) + n}]", answer.text))  # type: ignore[misc]
        hits.extend(replace(hit, rank=hit.rank + before) for hit in answer.hits)
        quotes.extend({**quote, "mark": quote["mark"] + before} for quote in answer.extra.get("quotes", ()))
    first = answers[0]
    return replace(
        first,
        text="\n".join(lines),
        figures=tuple(dict.fromkeys(f for a in answers for f in a.figures)),
        computation=computation,
        hits=tuple(hits),
        warnings=tuple(dict.fromkeys(w for a in answers for w in a.warnings)),
        suggestions=(),
        extra={"quotes": quotes} if quotes else {},
    )
