"""Numbers that sentences say: the units of a document that answer how many or how much, or none.

A number near the right words is the most plausible wrong answer there is, so a unit answers only where it, with the
names it stands under, holds every thing that the question names, and itself holds what is counted.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.asides import is_left_out
from answer.asked_number import QUALITIES, AskedNumber, asked_number
from answer.types import Plan
from answer.vocabulary import vocabulary
from ingest.amounts import Amount, find_amounts
from records import Hit, Passage, TextUnit

# Numbers that tell what was meant to be, not what was.
_PLANNED_AFTER = re.compile(r"^(?:組|程度|以内|予定|を予定|ほど)")
_PLANNED_BEFORE = re.compile(r"定員\D{0,3}$|募集\D{0,4}$")
_ONE_BY_ONE = frozenset(("一人", "一つ", "１人ひとり"))
# Counters that say themselves what is counted: 「何拠点で整備された」.
_COUNTED_THEMSELVES = frozenset(("拠点", "団体", "校", "施設", "店", "店舗", "地区", "連合", "商店街", "園", "会場"))
# So much of what a question names may be said in other words, never what is counted.
_UNSAID = 0.25
_CLAUSE = re.compile(r"[、。，,；;]|(?<=[）)])")
_TOGETHER = re.compile(r"\s?[（(／/]\s?")
# A number that the question gives (第31回) says which of several sentences is meant.
_TOLD = 1.0
_EVENT = re.compile("(?:[祭会展室座]|まつり|フェスタ|フェスティバル)$")
_TOTAL = re.compile("総|合計|累計")
_IN_ALL = re.compile(r"(?:合計|累計|総計|通算|延べ)[はで:：約]?\s?$")
_TIMES = frozenset(("年", "月", "日", "週", "時間", "分", "歳", "か月", "ヶ月", "カ月", "ヵ月", "箇月", "週間"))
# What is counted decides which of several numbers is meant.
_COUNTED_THERE = 100
_FEW = 4
# 「協議会出席者14人」: the people that a number counts, right before it.
_PEOPLE_BEFORE = re.compile(r"([一-鿿ァ-ヺー]{2,12})者(?:の)?(?:人?数|総数)?[はがを：:\s約延べ]*$")
_PEOPLE_ALIKE = (("参加", "出席", "来場", "受講", "入場", "来所", "聴講"),)


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A unit that answers, the passage it stands in, and the numbers in it that are meant.

    `printed` is what leads the answer, two numbers of one statement together; `numbers` are those that answer alone.
    `outright`: the unit itself says every thing that the question names; `near`: it does so with the names it stands
    under. `units` are the counters of the numbers meant.
    """

    unit: TextUnit
    passage: Passage
    rank: int
    printed: tuple[str, ...]
    numbers: tuple[Amount, ...]
    score: float
    outright: bool
    units: frozenset[str]
    near: bool


def numbers_said(plan: Plan, hits: Sequence[Hit], titles: Sequence[str]) -> tuple[SaidNumber, ...]:
    """The units that say the number asked for, best first; `titles` are what the hits' passages stand under."""
    asked = asked_number(plan)
    if not asked.things:
        return ()
    fold = vocabulary().fold
    wholes: dict[tuple[str, int, str], str] = {}
    for hit, title in zip(hits, titles, strict=True):
        for part in dict.fromkeys((title, title.split("／")[0])):
            key = (hit.passage.document_id, hit.passage.fiscal_year, part)
            wholes[key] = wholes.get(key, "") + "、" + fold(hit.passage.text)
    # 「旭区民文化祭」, which the passages print whole, is no other 文化 that they count.
    held = fold("、".join(hit.passage.text for hit in hits))
    names = [c for c in asked.compounds if _EVENT.search(c) and c in held]
    found: list[SaidNumber] = []
    for hit, title in zip(hits, titles, strict=True):
        for unit in hit.passage.units:
            if unit.kind == "heading":
                continue
            whole, family = (
                wholes[hit.passage.document_id, hit.passage.fiscal_year, part] for part in (title, title.split("／")[0])
            )
            said = _said(asked, unit, hit, title, whole, family)
            if said is not None and all(n in fold(f"{title}、{hit.passage.heading}、{unit.text}") for n in names):
                found.append(said)
    found.sort(key=lambda s: (-s.score, s.rank, s.unit.line_start))
    if len(plan.years) < 2:
        return _best(found)
    # 「平成25年度と令和4年度でそれぞれ何校」: the best of each year.
    by_year = [_best([s for s in found if s.passage.fiscal_year == year]) for year in plan.years]
    return tuple(s for best in by_year for s in best)


def _best(found: Sequence[SaidNumber]) -> tuple[SaidNumber, ...]:
    """The first few that are as good as the first; best first already.

    「プレコンサート（289人）」 under 横浜旭ジャズまつり tells of it; a total of the project around it does not.
    """
    if found and found[0].near:
        found = [s for s in found if s.near or not _TOTAL.search(s.unit.text)]
    return tuple(s for s in found if s.score >= found[0].score - 0.5)[:_FEW] if found else ()


def _said(asked: AskedNumber, unit: TextUnit, hit: Hit, title: str, whole: str, family: str) -> SaidNumber | None:
    """The numbers of a unit that answer; `whole` is all under the same title, `family` all under the same project."""
    fold = vocabulary().fold
    text = fold(unit.text)
    around = f"{fold(title)}、{fold(hit.passage.heading)}、{text}"
    named = _names_all(asked, text, fold(title), around, whole) or _of_quality(asked, text, f"{around}、{family}")
    if not (named or _only_such(asked, text, whole)):
        return None
    inside = [thing for thing in asked.things if thing in text and len(thing) > 1]
    if asked.bare and not _directly(asked.bare, text, fold(title), bool(asked.counters) and not asked.exist):
        return None
    if asked.bare and asked.places and not any(place in text for place in asked.places):
        # 「旭区の面積」 is not the area of something in it.
        return None
    numbers = [a for a in find_amounts(unit.text) if _meant(asked, a) and not _planned(unit.text, a)]
    numbers = [a for a in numbers if fold(a.printed) not in asked.told and not _of_others(asked, unit.text, a)]
    numbers = _without_left_out(asked, unit.text, numbers)
    if not numbers or not _all_kinds(asked, numbers):
        return None
    best, meant = 0, []
    # 「何人が延べ何回」: the best of each counter.
    for counter in asked.counters or (frozenset[str](),):
        score, nearest = _nearest(asked, unit.text, [a for a in numbers if not counter or _unit(a) in counter])
        best = max(best, score)
        meant += nearest
    stretches = _stretches(unit.text, meant)
    printed = tuple(dict.fromkeys(unit.text[s[0].start : _end(unit.text, s)] for s in stretches))
    told = sum(number in text for number in asked.told)
    # 「オンライン申請件数」 as it is printed is no 「申請実績」.
    told += 2 * sum(c in text for c in asked.compounds if c[-1] == "数")
    return SaidNumber(
        unit,
        hit.passage,
        hit.rank,
        printed[:_FEW],
        tuple(s[0] for s in stretches if len(s) == 1 or unit.text[s[0].end : s[1].start].strip() in "／/")[:_FEW],
        len(inside) + 0.1 * (best % _COUNTED_THERE) + _TOLD * told,
        all(thing in text for thing in asked.things),
        frozenset(a.unit for a in meant),
        all(thing in around for thing in asked.things),
    )


def _without_left_out(asked: AskedNumber, text: str, numbers: Sequence[Amount]) -> list[Amount]:
    """The numbers of a line that are not left out: by the clause that each stands in, or where no clause names what is
    left out by all that leads to it.
    """
    fold = vocabulary().fold
    for stretch in (_clause_of, _led_by) if asked.left_out else ():
        kept = [a for a in numbers if not is_left_out(asked.left_out, fold(stretch(text, a)), _unit(a))]
        if len(kept) < len(numbers):
            return kept
    return list(numbers)


def _nearest(asked: AskedNumber, text: str, numbers: Sequence[Amount]) -> tuple[int, list[Amount]]:
    """The numbers whose clause says most of what the question says, and how much it says."""
    fold = vocabulary().fold
    scored = []
    for amount in numbers:
        clause, entry = _clause_of(text, amount), fold(_entry_of(text, amount))
        words = (*asked.things, *asked.deeds, *asked.told)
        counted = _COUNTED_THERE if asked.things[-1] in fold(clause) else 0
        if asked.in_all and _IN_ALL.search(text[: amount.start]):
            # 「合計いくつ」: 「３年度：17件、４年度：６件、合計23件」.
            counted += 2 * _COUNTED_THERE
        # 「講座A(全5回、延べ73人)、講座B(延べ68人)」: whose brackets these are says more than what stands beside it.
        named = 2 * sum(len(w) for w in words if w in entry)
        beside = counted + sum(len(w) for w in words if w in fold(clause))
        scored.append((beside + named, beside, amount))
    best = max(score for score, _, _ in scored)
    return max(b for score, b, _ in scored if score == best), [a for score, _, a in scored if score == best]


def _names_all(asked: AskedNumber, text: str, title: str, around: str, whole: str) -> bool:
    """Whether a unit holds what is counted, and with what stands around it nearly all that the question names."""
    unsaid = [t for t in asked.things if t not in around and not (asked.head in text and t in whole)]
    few = sum(len(t) for t in unsaid) <= _UNSAID * sum(len(t) for t in asked.things) and len(unsaid) <= 1
    counted = asked.things[-1]
    if not few or asked.head in unsaid or any(t in asked.named for t in unsaid):
        return False
    # 「補助率」 is no other rate.
    if counted in unsaid or (len(counted) == 1 and asked.things[-2:-1] and asked.things[-2] in unsaid):
        return False
    return counted in text or counted in title or asked.head in text


def _of_quality(asked: AskedNumber, text: str, family: str) -> bool:
    """Whether a unit prints the quality asked for (面積：) of a project that names all the rest."""
    printed = bool(asked.quality) and text.lstrip("・").startswith(asked.quality)
    return printed and all(thing in family or thing in QUALITIES for thing in asked.things)


def _only_such(asked: AskedNumber, text: str, whole: str) -> bool:
    """Whether what stands under one title names all, does it, and has one number of what names itself (6拠点)."""
    if not asked.deeds or asked.bare or not all(word in whole for word in (*asked.things, *asked.deeds)):
        return False
    counted = {a.printed for a in find_amounts(whole) if _meant(asked, a) and a.unit in _COUNTED_THEMSELVES}
    return len(counted) == 1 and all(printed in text for printed in counted)


def _directly(thing: str, text: str, title: str, counted: bool) -> bool:
    """Whether a number stands right behind the one thing named: 「世帯数 100世帯」, not 「新生児のいる1,281世帯」.

    Where no counter was asked for (公園の数は) it must be said to be a number, as 「こども自然公園(1,550人)」 does not.
    """
    after = rf"{re.escape(thing)}(?:数|総数|の数){'?' if counted else ''}(?:[は：:が約計(]|延べ|合計|総計|して)*\d"
    return re.search(after, text) is not None or (len(thing) >= 5 and (thing in title or thing in text))


def _stretches(text: str, numbers: Sequence[Amount]) -> list[list[Amount]]:
    """The numbers in order; those of one statement (5,000部（4,500部）, 210団体／236団体) together."""
    stretches: list[list[Amount]] = []
    for amount in sorted(numbers, key=lambda a: a.start):
        between = text[stretches[-1][-1].end : amount.start] if stretches else ""
        if _TOGETHER.fullmatch(between) and (
            between.strip() in "／/" or text[amount.end : amount.end + 1] in ("）", ")")
        ):
            stretches[-1].append(amount)
        else:
            stretches.append([amount])
    return stretches


def _end(text: str, stretch: Sequence[Amount]) -> int:
    """Where a statement ends: with the bracket that it opened."""
    end = stretch[-1].end
    opened = any(mark in text[stretch[0].end : stretch[-1].start] for mark in "（(")
    return end + (opened and text[end : end + 1] in ("）", ")"))


def _planned(text: str, amount: Amount) -> bool:
    """Whether a number is a size that was planned (５名程度, 定員20人), or no number at all (一人ひとり)."""
    after, before = text[amount.end : amount.end + 4], text[max(0, amount.start - 6) : amount.start]
    planned = _PLANNED_AFTER.search(after) or _PLANNED_BEFORE.search(before)
    return amount.printed in _ONE_BY_ONE or planned is not None


def _of_others(asked: AskedNumber, text: str, amount: Amount) -> bool:
    """Whether a number is said to be of other people than those asked for: 協議会出席者14人 are no 利用者."""
    counted = _PEOPLE_BEFORE.search(vocabulary().fold(text[: amount.start]))
    if not asked.people or counted is None:
        return False
    alike = next((group for group in _PEOPLE_ALIKE if asked.people in group), (asked.people,))
    return not any(word in counted[1] for word in (*alike, *asked.things))


def _meant(asked: AskedNumber, amount: Amount) -> bool:
    if asked.money:
        return amount.kind == "yen"
    if not asked.counters and asked.selves:
        return _unit(amount) in asked.selves
    if not asked.counters:
        return amount.kind == "percent" or (amount.kind == "count" and amount.unit not in _TIMES)
    return any(_unit(amount) in group for group in asked.counters)


def _unit(amount: Amount) -> str:
    return "%" if amount.kind == "percent" else amount.unit


def _all_kinds(asked: AskedNumber, numbers: Sequence[Amount]) -> bool:
    """Whether every counter asked for (何施設何人) has its number."""
    units = {_unit(a) for a in numbers}
    return all(units & group for group in asked.counters)


def _led_by(text: str, amount: Amount) -> str:
    """What stands between a number and the one before it of the same kind: what it is the number of."""
    before = [a.end for a in find_amounts(text) if a.end <= amount.start and a.unit == amount.unit]
    return text[max(before, default=0) : amount.end]


def _entry_of(text: str, amount: Amount) -> str:
    """The stretch of a line between two 、 that stand in no bracket."""
    cuts, depth = [0], 0
    for at, char in enumerate(text):
        depth += (char in "（(") - (char in "）)")
        if char in "、，；;。" and depth <= 0:
            cuts.append(at + 1)
    return next(text[a:b] for a, b in itertools.pairwise([*cuts, len(text)]) if a <= amount.start < b)


def _clause_of(text: str, amount: Amount) -> str:
    return next(clause for start, end, clause in _clauses(text) if start <= amount.start < end)


def _clauses(text: str) -> list[tuple[int, int, str]]:
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    return [(a, b, text[a:b]) for a, b in itertools.pairwise(cuts) if b > a]
