"""Numbers that sentences say: the units of a document that answer how many or how much, or none.

A number near the right words is the most plausible wrong answer there is, so a unit answers only where it, with the
names it stands under, holds every thing that the question names, and itself holds what is counted.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.segments import noun_terms
from answer.types import Plan
from answer.vocabulary import vocabulary
from ingest.amounts import COUNTER_PATTERN, Amount, find_amounts
from ingest.eras import find_years
from records import Hit, Passage, TextUnit

_COUNTER_ASKED = re.compile(f"何(?:{COUNTER_PATTERN}|平米|%|割)")
# Numbers that tell what was meant to be, not what was.
_PLANNED_AFTER = re.compile(r"^(?:組|程度|以内|予定|を予定|ほど)")
_PLANNED_BEFORE = re.compile(r"定員\D{0,3}$|募集\D{0,4}$")
_ONE_BY_ONE = frozenset(("一人", "一つ", "１人ひとり"))
_SAME_UNIT = (
    frozenset(("人", "名")),
    frozenset(("か所", "カ所", "ヶ所", "ケ所", "ヵ所", "箇所", "個所", "拠点")),
    frozenset(("部", "冊")),
    frozenset(("%", "割", "percent")),
    frozenset(("㎡", "平方メートル", "m2", "ha")),
)
# 「来場者数」「登録件数」: what is counted names its own counter.
_UNIT_OF_NOUN = (
    (re.compile(r"(?:人数|者数|員数|人口)"), "人"),
    (re.compile(r"件数"), "件"),
    (re.compile(r"回数"), "回"),
    (re.compile(r"部数"), "部"),
    (re.compile(r"枚数"), "枚"),
    (re.compile(r"台数"), "台"),
    (re.compile(r"頭数"), "頭"),
    (re.compile(r"世帯数"), "世帯"),
    (re.compile(r"(?:割合|[一-鿿]率)"), "%"),
    (re.compile(r"面積|広さ"), "㎡"),
)
_MONEY_ASKED = re.compile(
    r"いくら|幾ら|何円|何万円|何千円|金額|値段|料金|手数料|謝金|人件費|単価|補助金|[一-鿿](?:費|料|代)(?:は|$|、|を|って)"
)
# What is done with the thing that is counted; it need not be said in the same word.
_DEEDS = frozenset(
    (
        *("実施", "開催", "参加", "利用", "活動", "配布", "配付", "設置", "作成", "発行", "対応", "工事", "支援"),
        *("完了", "訪問", "交付", "要望", "整備", "申込", "申し込み", "視聴", "再生", "累計", "総数", "合計"),
        *("全部", "平均", "現在", "時点", "年間", "月", "末", "延べ", "計", "数", "人数", "件数", "回数", "部数"),
        *("枚数", "こと", "ところ", "人", "方", "分", "回", "件", "者", "額", "いくら", "金額", "一つ", "ひとつ", "今"),
        *(
            "うち",
            "現",
            "区内",
            "市内",
            "区民",
            "対象",
            "とき",
            "時",
            "日",
            "当日",
            "月末",
            "資料",
            "お",
            "客",
            "いく",
            "つ",
        ),
        *(
            "本番",
            "受講",
            "数字",
            "会期",
            "期間",
            "実際",
            "記録",
            "これまで",
            "今まで",
            "紹介",
            "それぞれ",
            "予定",
            "年",
            "運営",
            "方針",
            "振り返り",
            "総括",
            "説明",
            "書",
            "目標",
            "成果",
        ),
    )
)
# Words that only name the counter; the noun before them is what is counted.
_COUNTED_BY = frozenset(
    (
        *("数", "人数", "件数", "回数", "部数", "枚数", "人", "方", "者", "額", "こと", "総数", "月", "末", "お", "客"),
        *("いく", "つ", "月末", "時点", "現在", "対象", "当日", "それぞれ", "予定", "年", "振り返り", "数字"),
    )
)
# What is given out or made, one by one: 「とことこは何部作った」 needs no other noun than its name.
_MADE = frozenset(("部", "冊", "枚", "台", "個", "本", "袋", "セット", "基"))
# Counters that say themselves what is counted: 「何拠点で整備された」.
_COUNTED_THEMSELVES = frozenset(("拠点", "団体", "校", "施設", "店", "店舗", "地区", "連合", "商店街", "園", "会場"))
# A quality that a document prints behind its own name, as 「面積：104.26㎡」.
_QUALITIES = {"面積": "面積", "広さ": "面積", "平米": "面積", "平方メートル": "面積"}
# So much of what a question names may be said in other words, never what is counted.
_UNSAID = 0.25
_COUNT_TAIL = re.compile(r"(?:数|総数|人数|件数|回数)$")
_CLAUSE = re.compile(r"[、。，,；;]|(?<=[）)])")
_VERB_TAIL = re.compile(r"[ぁ-ん]た(?:の|ん|[?？。、]|$|です|か)|ました|(?:い|され|し)て(?:る|い)")
_TOGETHER = re.compile(r"\s?[（(／/]\s?")
# A number that the question gives (第31回) says which of several sentences is meant.
_TOLD = 1.0
# Who works there is counted by nothing but a number right behind the word.
HEADCOUNT = re.compile(r"(職員|係長|課長|担当者)(?:の(?:人)?数|数|(?:は|が)?何[人名])")
_IN_ALL = re.compile(r"(?:合計|累計|総計|通算|延べ)[はで:：約]?\s?$")
_IN_ALL_ASKED = re.compile("合計|累計|総計|通算|全部で|これまで|今まで|トータル")
_TIMES = frozenset(("年", "月", "日", "週", "時間", "分", "歳", "か月", "ヶ月", "カ月", "ヵ月", "箇月", "週間"))
# What is counted decides which of several numbers is meant.
_COUNTED_THERE = 100
_FEW = 4
_SEVERAL_ASKED = re.compile(r"いつ|どこで|誰が|だれが")
_WHAT_KIND = re.compile("どんな|どのような|どういう|どういった|何のため|なんのため|って何|とは何")
_AMOUNT_ASKED = re.compile("いくら|幾ら|いくつ|幾つ|何円|数は|数を|金額")
_COUNTABLE = re.compile(
    r"(?:数|率|割合|費|費用|額|料|代|面積|人口|給与|税収|売上|番号|価格|値段|補助金)(?:はいくら|は|を|って|の推移|と|$|？|\?)"
)
_HOW_MANY_ASKED = re.compile("いくつ|幾つ")
# 「利用者数と延べ利用回数」 asks for both.
_BOTH_COUNTS = re.compile(r"数(?:と|及び|および|並びに|や)[^、]{0,8}数")
_SELF = "拠点|団体|校|施設|店舗?|地区|連合|商店街|園|会場|公園|事業所"
_OF_WHAT = re.compile(
    rf"(?:何[かカヶケヵ箇]所|いくつ|幾つ)の({_SELF})|({_SELF})(?:は|が|を)?、?(?:いくつ|何[かカヶケヵ箇]所)"
)
_YEAR_LEFT = re.compile(r"(?<![a-z0-9])[rh]?(?:\d{1,2}|元)年度?|(?<![a-z])[rh]\d{1,2}")
_PLAN_TAIL = re.compile(r"(?:計画|予定|見込み)(?=だった|でした|です|は|$)")
_PRICE = re.compile(r"(?:費用?|代|料金?|手数料|補助金|単価|謝金)(?:は|$|[？?]|を|の額)")


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A unit that answers, the passage it stands in, and the numbers in it that are meant.

    `printed` is what leads the answer, two numbers of one statement together; `numbers` are those that answer alone.
    `outright`: the unit itself says every thing that the question names.
    """

    unit: TextUnit
    passage: Passage
    rank: int
    printed: tuple[str, ...]
    numbers: tuple[Amount, ...]
    score: float
    outright: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question counts: the counters that would answer, the things named, what is done with them, the last noun
    before the counting word, and the numbers that the question itself gives. `bare` is the one thing counted where
    nothing is said of it (民生委員は何人); `places` must then be named too, where no document holds such a number.
    """

    counters: tuple[frozenset[str], ...]
    money: bool
    things: tuple[str, ...]
    deeds: tuple[str, ...]
    head: str
    told: frozenset[str]
    bare: str
    places: tuple[str, ...]
    quality: str = ""
    named: str = ""
    in_all: bool = False


def asks_number(plan: Plan) -> bool:
    """Whether only a number answers: いくら, 何人, …数は, …率は."""
    if _SEVERAL_ASKED.search(plan.question):
        return False
    if _WHAT_KIND.search(plan.question) and not _AMOUNT_ASKED.search(plan.question) and not plan.count_units:
        return False
    return (
        plan.unheld
        or plan.asks == "how_many"
        or _HOW_MANY_ASKED.search(plan.question) is not None
        or _MONEY_ASKED.search(vocabulary().fold(plan.question)) is not None
        or _COUNTABLE.search(plan.question) is not None
    )


def asks_count(plan: Plan) -> bool:
    """Whether a count that a document prints may answer: no amount of money, and nothing else asked beside it."""
    countable = plan.operation == "counts" or plan.asks == "how_many" or _COUNTABLE.search(plan.question) is not None
    return countable and not _SEVERAL_ASKED.search(plan.question) and not _PRICE.search(plan.question)


def numbers_said(plan: Plan, hits: Sequence[Hit], titles: Sequence[str]) -> tuple[SaidNumber, ...]:
    """The units that say the number asked for, best first; `titles` are what the hits' passages stand under."""
    asked = _asked(plan)
    if not asked.things:
        return ()
    fold = vocabulary().fold
    wholes: dict[tuple[str, int, str], str] = {}
    for hit, title in zip(hits, titles, strict=True):
        for part in dict.fromkeys((title, title.split("／")[0])):
            key = (hit.passage.document_id, hit.passage.fiscal_year, part)
            wholes[key] = wholes.get(key, "") + "、" + fold(hit.passage.text)
    found: list[SaidNumber] = []
    for hit, title in zip(hits, titles, strict=True):
        for unit in hit.passage.units:
            if unit.kind == "heading":
                continue
            whole, family = (
                wholes[hit.passage.document_id, hit.passage.fiscal_year, part] for part in (title, title.split("／")[0])
            )
            said = _said(asked, unit, hit, title, whole, family)
            if said is not None:
                found.append(said)
    found.sort(key=lambda s: (-s.score, s.rank, s.unit.line_start))
    if len(plan.years) < 2:
        return _best(found)
    # 「平成25年度と令和4年度でそれぞれ何校」: the best of each year.
    by_year = [_best([s for s in found if s.passage.fiscal_year == year]) for year in plan.years]
    return tuple(s for best in by_year for s in best)


def _best(found: Sequence[SaidNumber]) -> tuple[SaidNumber, ...]:
    """The first few that are as good as the first; best first already."""
    return tuple(s for s in found if s.score >= found[0].score - 0.5)[:_FEW] if found else ()


def _asked(plan: Plan) -> _Asked:
    text = vocabulary().fold(plan.question)
    if plan.continued:
        text = "・".join(vocabulary().fold(n) for m in plan.subjects for n in m.names[:1]) + "、" + text
    # 「貸与件数は何台」: the counter that is asked with counts; of 「件数（世帯数）」 either.
    named = [_alike(unit) for pattern, unit in _UNIT_OF_NOUN if pattern.search(text)]
    if not _BOTH_COUNTS.search(text):
        named = [frozenset[str]().union(*named)] if named else []
    counters = [_alike(unit) for unit in plan.count_units] or named
    for match in _OF_WHAT.finditer(text):
        # 「何か所の施設で」「拠点いくつの」: the noun is the counter.
        counters = [c for c in counters if not c & _alike("か所")]
        counters.append(_alike(match[1] or match[2]))
    money = _MONEY_ASKED.search(text) is not None and not counters and _HOW_MANY_ASKED.search(text) is None
    quality = next((printed for word, printed in _QUALITIES.items() if word in text), "")
    text = _COUNTER_ASKED.sub("、", text)
    for word in plan.place_words:
        text = text.replace(word, "、")
    for year in find_years(text):
        text = text.replace(year.printed, "、")
    text = _YEAR_LEFT.sub("、", _PLAN_TAIL.sub("", text))
    amounts = find_amounts(text)
    for amount in amounts:
        text = text.replace(amount.printed, "、")
    nouns = [n for n in dict.fromkeys(noun_terms(text)) if not n.isdigit()]
    nouns += [t for t in plan.topics if t in text and t not in "".join(nouns) and not any(n in t for n in nouns)]
    things = [_COUNT_TAIL.sub("", n) for n in nouns if n not in _DEEDS]
    things = [t for t in things if t and t not in _DEEDS]
    deeds = tuple(n for n in nouns if n in _DEEDS and len(n) >= 2 and n not in _COUNTED_BY)
    # 「小学校の数」: the whole word, though 学校 is a word too.
    staff = HEADCOUNT.search(text)
    whole = re.search(rf"[一-鿿]*{re.escape(''.join(things))}", text) if things else None
    return _Asked(
        tuple(dict.fromkeys(counters)),
        money,
        tuple(things),
        deeds,
        next((n for n in reversed(nouns) if n not in _COUNTED_BY), ""),
        frozenset(amount.printed for amount in amounts),
        staff[1] if staff else "" if deeds or whole is None or _made(plan.count_units, text) else whole.group(),
        plan.place_words if plan.unheld else (),
        quality,
        "、".join(m.words for m in plan.subjects),
        _IN_ALL_ASKED.search(text) is not None,
    )


def _made(counters: Sequence[str], text: str) -> bool:
    """Whether the count is of things that are made or given, with the verb that says so."""
    return bool(counters) and set(counters) <= _MADE and _VERB_TAIL.search(text) is not None


def _alike(unit: str) -> frozenset[str]:
    return next((group for group in _SAME_UNIT if unit in group), frozenset((unit,)))


def _said(asked: _Asked, unit: TextUnit, hit: Hit, title: str, whole: str, family: str) -> SaidNumber | None:
    """The numbers of a unit that answer; `whole` is all under the same title, `family` all under the same project."""
    fold = vocabulary().fold
    text = fold(unit.text)
    around = f"{fold(title)}、{fold(hit.passage.heading)}、{text}"
    named = _names_all(asked, text, fold(title), around, whole) or _of_quality(asked, text, f"{around}、{family}")
    if not (named or _only_such(asked, text, whole)):
        return None
    inside = [thing for thing in asked.things if thing in text and len(thing) > 1]
    if asked.bare and not _directly(asked.bare, text, fold(title), bool(asked.counters)):
        return None
    if asked.bare and asked.places and not any(place in text for place in asked.places):
        # 「旭区の面積」 is not the area of something in it.
        return None
    numbers = [a for a in find_amounts(unit.text) if _meant(asked, a) and not _planned(unit.text, a)]
    numbers = [a for a in numbers if fold(a.printed) not in asked.told]
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
    return SaidNumber(
        unit,
        hit.passage,
        hit.rank,
        printed[:_FEW],
        tuple(s[0] for s in stretches if len(s) == 1 or unit.text[s[0].end : s[1].start].strip() in "／/")[:_FEW],
        len(inside) + 0.1 * (best % _COUNTED_THERE) + _TOLD * told,
        all(thing in text for thing in asked.things),
    )


def _nearest(asked: _Asked, text: str, numbers: Sequence[Amount]) -> tuple[int, list[Amount]]:
    """The numbers whose clause says most of what the question says, and how much it says."""
    fold = vocabulary().fold
    clauses = _clauses(text)
    scored = []
    for amount in numbers:
        clause = next(c for start, end, c in clauses if start <= amount.start < end)
        words = (*asked.things, *asked.deeds, *asked.told)
        counted = _COUNTED_THERE if asked.things[-1] in fold(clause) else 0
        if asked.in_all and _IN_ALL.search(text[: amount.start]):
            # 「合計いくつ」: 「３年度：17件、４年度：６件、合計23件」.
            counted += 2 * _COUNTED_THERE
        scored.append((counted + sum(len(w) for w in words if w in fold(clause)), amount))
    best = max(score for score, _ in scored)
    return best, [a for score, a in scored if score == best]


def _names_all(asked: _Asked, text: str, title: str, around: str, whole: str) -> bool:
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


def _of_quality(asked: _Asked, text: str, family: str) -> bool:
    """Whether a unit prints the quality asked for (面積：) of a project that names all the rest."""
    printed = bool(asked.quality) and text.lstrip("・").startswith(asked.quality)
    return printed and all(thing in family or thing in _QUALITIES for thing in asked.things)


def _only_such(asked: _Asked, text: str, whole: str) -> bool:
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


def _meant(asked: _Asked, amount: Amount) -> bool:
    if asked.money:
        return amount.kind == "yen"
    if not asked.counters:
        return amount.kind == "percent" or (amount.kind == "count" and amount.unit not in _TIMES)
    return any(_unit(amount) in group for group in asked.counters)


def _unit(amount: Amount) -> str:
    return "%" if amount.kind == "percent" else amount.unit


def _all_kinds(asked: _Asked, numbers: Sequence[Amount]) -> bool:
    """Whether every counter asked for (何施設何人) has its number."""
    units = {_unit(a) for a in numbers}
    return all(units & group for group in asked.counters)


def _clauses(text: str) -> list[tuple[int, int, str]]:
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    return [(a, b, text[a:b]) for a, b in itertools.pairwise(cuts) if b > a]
