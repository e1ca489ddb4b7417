"""A question of several counts (AとBでそれぞれ何人, AとBを合わせて何人, Aで何回、Bで何回) as one question for each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from answer.joined import joined
from answer.segments import noun_terms
from answer.types import Answer, Computation
from answer.values import number_text
from answer.verify import check_numbers
from answer.vocabulary import vocabulary
from ingest.amounts import COUNTER_PATTERN, find_amounts, half_width
from records import Figure

How = Literal["each", "sum", "which", "gap"]

# 「大なわとび大会」: a name may hold hiragana, which end in no particle.
_IN_NOUN = r"(?:[一-鿿々ァ-ヺー]{1,8}[ぁ-ん]{2,6}(?<![のはがでにをとやもへ]))?"
_NOUN = rf"{_IN_NOUN}[一-鿿々ァ-ヺーA-Za-z0-9]{{2,20}}"
_THING = rf"{_NOUN}(?:の部|向け)?"
_TWO = re.compile(
    rf"(?P<a>{_THING})(?:の分)?と、?(?P<b>{_THING})(?P<tail>の分)?(?:と(?=[はでのを]))?(?P<after>[、のではをにが]|$)"
)
_ASKED = rf"何(?:{COUNTER_PATTERN})"
_EACH = re.compile(r"それぞれ|各々|おのおの|別々に|別に")
_SUM = re.compile(
    r"(?:の|を|、)?(?:両方|両者|[二三四五2-5]つ|全部)?(?:で|を|の|とも)?、?"
    r"(?:合わせ(?:ると|て|た)|あわせ(?:ると|て|た)|足(?:し(?:て|た|上げると|合わせ(?:ると|て))|すと)|合計(?:すると|して|で)?|総計(?:すると|して|で)?"
    r"|トータル(?:すると|して|で)?|(?:両方|全部)で|計(?![画上測算]))"
)
# 「A、BとCの3講座の」: the things in full, how many they are said to be, and what they share.
# 「大なわとび大会」: no end of a name.
_IN_A_NAME = r"(?<=[ぁ-ん])[とや](?=[ぁ-ん])"
_ITEM = rf"(?:「[^「」]+」|(?:[^\s、。はがをにでとや「」?？]|{_IN_A_NAME}){{2,30}}?)"
_AND = rf"(?:(?!{_IN_A_NAME})[とや]|、(?!(?:令和|平成)\d)|及び|および)"
_SAID_TO_BE = (
    r"(?:の|、)?(?P<number>[2-5二三四五両])"
    r"(?:つ|方|者|講座|教室|種類|大会|行事|イベント|講演会|研修|会場|か所|団体|事業|会)"
)
_LISTED = re.compile(
    rf"(?P<list>{_ITEM}(?:{_AND}{_ITEM})+)(?:と)?(?:{_SAID_TO_BE}(?P<closed>[のをはがにで、]|合|あ|足|$)|(?=[をはがにで、]))"
)
_ADDED_BEHIND = re.compile(
    rf"(?P<asked>[^。？?]*何[^。？?]*[。？?])\s?(?P<things>{_ITEM}(?:{_AND}{_ITEM})+?)(?:の分|の両方)?(?:を|も|は)?"
    r"(?:足し|合わせ|あわせ|合計し|込み|含め)[^。？?]{0,8}[。？?]?"
)
_NUMBERS = {"両": 2, "二": 2, "三": 3, "四": 4, "五": 5}
# Years, departments and places are added up elsewhere.
_NO_THING = re.compile(r"年度?$|^\d+$|課$|^[^のと]{1,3}(?<!地)区$|^[^の朝]{1,3}市$")
_BEFORE_ITEM = re.compile(r"^(?:(?:令和|平成)\d{1,2}年度[のに、]?)+")
_WHICH = re.compile(r"(?:どちら|どっち)[^。]{0,12}(?:多|少な)")
_GAP = re.compile(r"の?(?:差|開き|違い)(?:は|が)?")
_EACH_ASKED = re.compile(
    rf"(?P<a>{_THING})(?P<of>では?|には?|は|が|を)(?P<x>{_ASKED})[^、]{{0,6}}、(?:また、?)?(?P<b>{_THING})(?P=of)(?P<y>{_ASKED})"
)
_COUNTED = r"[^\s、。はがをの]{2,10}?[人件回部枚者]数"
_TWO_DEEDS = re.compile(
    rf"(?P<a>{_COUNTED})(?:が|は)、?(?P<b>{_COUNTED})(?:を|より(?:も)?|に)何(?P<unit>{COUNTER_PATTERN})(?:上回|下回|超え|多|少な|足り|及ば|届)"
)
_YEAR = re.compile(r"年度?$|^\d+$|[課区市]$")
# 「利用者数はどちらが多い」
_NUMBER = re.compile(r"([一-鿿々ァ-ヺー]{1,8}数)[はが]")
_COUNTED_BY = (
    (re.compile("開|催|実施|行わ|行われ"), "何回"),
    (re.compile("参加|来場|集ま|訪れ|人"), "何人"),
    (re.compile("配|刷|発行"), "何部"),
)
_TOTAL = re.compile("総|累計|通算|合計")
# What is only counted; so much of a thing's name must stand before its number.
_OF_COUNTING = frozenset(("参加", "来場", "人数", "回数", "件数", "数", "者", "者数", "延べ", "分", "人", "回"))
_SAID = 0.5


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
    deeds = _TWO_DEEDS.search(text)
    if deeds is not None:
        # 「冊子は、配った部数が増刷した部数を何部上回りましたか」
        before = text[: deeds.start()]
        each = tuple(f"{before}{deeds[side]}は何{deeds['unit']}" for side in "ab")
        return SeveralCounts((deeds["a"], deeds["b"]), each, "gap")
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


def summed_counts(question: str) -> SeveralCounts | None:
    """The things, two or more and each in full, whose counts a question asks to be added up; None where it asks for
    no sum, or names another number of things than it says they are.

    >>> summed_counts("弁護士の相談と心理士の面談を受けたのは両方合わせて何人").questions
    ('弁護士の相談を受けたのは何人', '心理士の面談を受けたのは何人')
    """
    text = _list_first(half_width(question))
    added = _SUM.search(text)
    if added is None or (re.search(_ASKED, text) is None and not re.search("数は|数の|数を|いくつ", text)):
        return None
    for listed in _LISTED.finditer(text):
        skipped = _BEFORE_ITEM.match(listed["list"])
        start = listed.start() + (skipped.end() if skipped else 0)
        things = [t for t in re.split(rf"(?<!^){_AND}(?![^「]*」)", text[start : listed.end("list")]) if t]
        joined = listed["number"] or re.search("と|や|及び|および", listed["list"])
        if (
            not joined
            or len(things) < 2
            or any(_NO_THING.search(t) for t in things)
            or not _SUM.search(text, listed.end("list"))
        ):
            continue
        number = listed["number"]
        if number and len(things) != (_NUMBERS.get(number) or int(number)):
            # 「AとBの3講座」: it is not said which the third is.
            return SeveralCounts(tuple(things), (), "sum")
        shared = ""
        if not number and "の" in things[-1] and not any("の" in t for t in things[:-1]):
            # 「本大会とプレ大会の来場者」: what stands behind the last is of each.
            things[-1], _, behind = things[-1].partition("の")
            shared = f"の{behind}"
        end = listed.start("closed") if number else listed.end("list")
        rest = shared + _SUM.sub("", text[end:], count=1)
        things = [t.strip("「」") if t.startswith("「") else t for t in things]
        return SeveralCounts(tuple(things), tuple(f"{text[:start]}{t}{rest}" for t in things), "sum")
    return None


def _list_first(text: str) -> str:
    """The question with the things that it adds up only behind its end put before it.

    >>> _list_first("朝市は令和4年度に全部で何回？区役所と地区センター足して。")
    '区役所と地区センターの朝市は令和4年度に合わせて何回？'
    """
    parts = _ADDED_BEHIND.fullmatch(text)
    if parts is None:
        return text
    asked = _SUM.sub("", parts["asked"])
    return f"{parts['things']}の" + re.sub(rf"(?={_ASKED})", "合わせて", asked, count=1)


def together(asked: SeveralCounts, answers: Sequence[Answer]) -> Answer | None:
    """One answer of the answers to each, with what they come to; None where one of them told no count alone."""
    if any(a.status != "answered" or not a.figures for a in answers):
        return None
    values = [{f.value for f in a.figures} for a in answers]
    if any(len(v) != 1 for v in values):
        return None
    own = [{f.figure_id for f in a.figures} for a in answers]
    if asked.how in ("which", "gap") and any(a & b for a, b in itertools.combinations(own, 2)):
        # One number is not set against itself.
        return None
    units = {f.unit for a in answers for f in a.figures}
    told = ""
    computation = None
    if asked.how != "each":
        if len(units) != 1:
            return None
        unit = units.pop()
        kind: Literal["sum", "compare"] = "sum" if asked.how == "sum" else "compare"
        numbers = [number for (number,) in values]
        if kind == "sum":
            if not _may_be_added(asked, answers):
                return None
            value = sum(numbers, Decimal(0))
            printed = " ＋ ".join(number_text(number, unit) for number in numbers)
            told = f"合わせて{number_text(value, unit)}です（{printed}、計算値）。"
        else:
            left, right = numbers
            value = abs(left - right)
            a, b = number_text(left, unit), number_text(right, unit)
            size = f"{value}ポイント高い" if unit == "percent" else f"{number_text(value, unit)}多い"
            more = asked.things[0] if left > right else asked.things[1]
            told = f"「{more}」の方が{size}です" if value else "同じです"
            told += f"（{a} と {b}、差は計算値）。"
            unit = "point" if unit == "percent" else unit
        check_numbers(told, (*numbers, value), asked.things, ())
        count = len(numbers)
        computation = Computation(kind, "印字された数どうしの計算", count, count, (), value, unit)
    return replace(joined(answers, asked.things, told), computation=computation)


def _may_be_added(asked: SeveralCounts, answers: Sequence[Answer]) -> bool:
    """Whether the counts are of one kind, place and year, each of its own thing, and none holds another of them."""
    figures = [figure for answer in answers for figure in answer.figures]
    if len({(f.fiscal_year, f.metric == "indicator_target") for f in figures}) != 1:
        return False
    own = [{f.figure_id for f in answer.figures} for answer in answers]
    if any(a & b for a, b in itertools.combinations(own, 2)):
        return False
    if not all(says_thing(t, f) for t, a in zip(asked.things, answers, strict=True) for f in a.figures):
        return False
    labels = [f.label for f in figures]
    if any(a != b and b.startswith(f"{a}（") for a in labels for b in labels):
        return False
    # 「総来場者数」 may hold what stands beside it; two totals are of different things.
    return len({_TOTAL.search(label) is not None for label in labels}) == 1


def says_thing(thing: str, figure: Figure, alone: bool = False) -> bool:
    """Whether what stands before a printed number, or its label, names the thing that it is to be the number of; with
    `alone` no other number may stand between.
    """
    fold = vocabulary().fold
    terms = [t for t in noun_terms(fold(thing)) if t not in _OF_COUNTING] or [fold(thing)]
    said = fold(
        "、".join(
            (
                figure.label,
                *(_leads(s, "" if alone else figure.unit) for s in figure.source.quote.split(figure.printed)[:-1]),
            )
        )
    )
    named = sum(len(t) for t in terms if t in said)
    return terms[-1] in said and named >= _SAID * sum(len(t) for t in terms)


def _leads(before: str, unit: str) -> str:
    """The words before a number, from the number before it of the same unit on, or without a unit from any."""
    ends = [amount.end for amount in find_amounts(before) if not unit or amount.unit == unit]
    return before[max(ends, default=0) :]
