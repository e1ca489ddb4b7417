"""Bounds that a question sets on the change between two years: 「2割以上増えた」「前年度の8割以下」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.bounds import stands_beside, written_figures
from answer.draft import Draft
from answer.types import ChangeBound, Comparator, Condition
from answer.vocabulary import Word
from answer.written_amounts import TIMES_THE_COLUMN
from ingest.amounts import parse_numeral
from records import Metric

# 「倍以上に膨らんだ」 is twice.
_TIMES = re.compile(
    r"(\d+(?:\.\d+)?|[一二三四五六七八九十]|(?<![一-鿿\d])(?=倍以上|倍を超|倍に))倍(以上|超|を超|未満|以下)?"
)
# 倍増 and 半減 with no number of their own.
_FIXED_TIMES: tuple[tuple[str, Comparator, Decimal], ...] = (("倍増", "ge", Decimal(2)), ("半減", "le", Decimal("0.5")))
_OF_YEAR_BEFORE = re.compile(r"(?:前年度?|昨年度?|前の年度?)(?:の|比で?|比の)$")

# 「令和5年度の予算が前年度決算の半分に満たない」
_OF_COLUMN_BEFORE = re.compile(
    r"(?:が|は)[^、]{0,4}(?:(?:前|昨|前の)年度?|[\d元]年度?|[rh]\d{1,2})の?(?:当初|最終)?(?:予算|決算|執行)額?の(?:約|およそ)?$"
)
# So far from its amount may a word for a change stand: 「100万円以上も予算が膨らんだ」.
_NEAR_CHANGE = 8
_CHANGE_BEFORE = re.compile(
    r"(?:増減?|減り?|増え|伸び|減少|増加|削減|上昇|下落|下げ|上げ|変化|変動)の?(?:率|幅|額|方|割合|程度|大きさ)(?:が|は|も|で)?[^、]{0,4}$"
)
_CHANGE_AFTER = re.compile(
    r"(?:以上|以下|未満|超|以内|より多く|を超えて|を上回って|余り?|強|台|ほど|くらい|程度)*(?:も|の|に|で|の幅で|幅で)?、?"
    r"(?:増|減|ふえ|へっ|伸|上が|上昇|上乗せ|上積|下が|下落|下げ|削|カット|膨|縮|落ち|目減|圧縮|アップ|ダウン|プラス|マイナス|積み増)"
)
_ENDS = re.compile(r"(?:以上|超|から|~|-|を超え)+、?(?:で|かつ)?")
_DOWN_TO = re.compile(
    r"(?:半分|半額|割|%|分の\d)(以下|未満|足らず)?(?:ほど|程度|くらい)?(?:に|まで)(?:まで)?(?:減|削|縮|落|下が|引き下げ|カット|圧縮)"
)

# 「予算が半分になった事業」, 「半額以下になった」; 「予算の半分を使った」 is a rate.
_HALVED = re.compile(r"(?:半分|半額)(以下|未満)?(?:ほど|程度|くらい|近く)?に(?:な(?:っ|り)|され|落と|抑え)")


def change_bounds_of(
    draft: Draft, metrics: tuple[Metric, ...], conditions: tuple[Condition, ...]
) -> tuple[tuple[ChangeBound, ...], tuple[Condition, ...]]:
    """Bounds on the change (2割以上増えた, 2倍以上, 前年度の8割以下), and the conditions that are none of it."""
    times = _TIMES.search(draft.folded)
    if times and not TIMES_THE_COLUMN.search(draft.folded):
        words = {"超": "gt", "を超": "gt", "未満": "lt", "以下": "le"}
        comparator: Comparator = words.get(times[2] or "", "ge")  # type: ignore[assignment]
        draft.topics = [t for t in draft.topics if not re.fullmatch(r".?倍(?:以上)?", t)]
        draft.words.append(Word(times.start(), times.end(), "compare", "change", times[0]))
        return (ChangeBound(comparator, parse_numeral(times[1]) or Decimal(2), "times"),), ()
    for word, comparator, value in _FIXED_TIMES:
        if word in draft.folded:
            return (ChangeBound(comparator, value, "times"),), ()
    halved = _HALVED.search(draft.folded)
    if halved is not None and set(metrics) <= {"budget", "settled"} and not draft.has("spent"):
        draft.words.append(Word(halved.start(), halved.end(), "compare", "change", halved[0]))
        return (ChangeBound("lt" if halved[1] == "未満" else "le", Decimal("0.5"), "times"),), ()
    share = next((a for a in draft.amounts if a.kind == "percent"), None)
    if len(conditions) == 1:
        bound = conditions[0]
        before = draft.folded[: share.start] if share is not None else ""
        two_years = len(set(draft.years)) > 1 or draft.has("year", "prior")
        of_year_before = _OF_YEAR_BEFORE.search(before) or (two_years and _OF_COLUMN_BEFORE.search(before))
        if share is not None and of_year_before and not draft.has("compare", "up", "down"):
            draft.words.append(Word(share.start, share.end, "compare", "change", share.printed))
            return (ChangeBound(bound.comparator, share.value / 100, "times"),), ()
        down_to = _DOWN_TO.search(draft.folded)
        if down_to and bound.unit == "percent" and draft.has("compare", "down"):
            # 「半分以下に減った」 is what is left, 「半分以上減った」 what went.
            return (ChangeBound(bound.comparator if down_to[1] else "le", bound.value / 100, "times"),), ()
    changed = draft.has("compare", "up", "down", "change") and not draft.has("shorthand")
    referring = any(c.reference is not None or c.alternative for c in conditions)
    if not changed or not conditions or referring:
        return (), conditions
    of_change = _of_change(draft, conditions)
    conditions = _of_years(draft, conditions)
    if not any(of_change) and "execution_rate" in metrics:
        return (), conditions
    one_thing = len({(c.metric, c.unit) for c in conditions}) == 1 and len(conditions) <= 2
    if not any(of_change) and one_thing and not (_of_a_figure(draft) or _of_another_clause(draft)):
        # One bound, or the two ends of one range.
        of_change = [True] * len(conditions)
    bounds = tuple(
        in_points(ChangeBound(c.comparator, c.value, "percent" if c.unit == "percent" else "yen"), metrics)
        for c, changes in zip(conditions, of_change, strict=True)
        if changes
    )
    return bounds, tuple(c for c, changes in zip(conditions, of_change, strict=True) if not changes)


def in_points(bound: ChangeBound, metrics: Sequence[Metric]) -> ChangeBound:
    """A bound on how a rate changed is one of points: 「執行率が10%以上下がった」 is 90 % to 80 %."""
    of_rate = tuple(metrics) == ("execution_rate",) and bound.unit == "percent"
    return replace(bound, unit="point") if of_rate else bound


def _of_a_figure(draft: Draft) -> bool:
    """Whether a bound stands right behind a figure's name: 「執行額が200万円以上で、予算が増えた事業」."""
    ends = [w.end for w in draft.of("metric")]
    return stands_beside(draft, ends, [a.start for a in written_figures(draft)])


def _of_another_clause(draft: Draft) -> bool:
    """Whether every word for a change ends its clause before the bound: 「予算が増え、かつ100万円以上のもの」."""
    starts = [a.start for a in written_figures(draft)]
    moves = [w.end for w in draft.of("compare") if w.meaning in ("up", "down", "change", "same")]
    return bool(starts) and all(end <= starts[0] and "、" in draft.folded[end : starts[0]] for end in moves)


def _of_years(draft: Draft, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Each bound with the year that its clause begins with: 「令和4年度の執行率が80%未満で」."""
    numbers = written_figures(draft)
    if len(set(draft.years)) < 2 or len(numbers) != len(conditions):
        return conditions
    dated = []
    for condition, amount in zip(conditions, numbers, strict=True):
        before = [(end, year) for _, end, year in draft.year_spans if end <= amount.start]
        end, year = max(before, default=(0, None))
        dated.append(replace(condition, year=None if "、" in draft.folded[end : amount.start] else year))
    return tuple(dated)


def _of_change(draft: Draft, conditions: Sequence[Condition]) -> list[bool]:
    """Which of the bounds are said of a change: 「減り幅が10%以上30%以下」, 「20%以上増えた」."""
    numbers = written_figures(draft)
    if len(numbers) != len(conditions):
        return [False] * len(conditions)
    found = []
    for amount in numbers:
        before, after = draft.folded[: amount.start], draft.folded[amount.end :]
        near = any(
            0 <= w.start - amount.end <= _NEAR_CHANGE and "、" not in draft.folded[amount.end : w.start]
            for w in draft.of("compare")
            if w.meaning in ("up", "down", "change")
        )
        found.append(near or _CHANGE_BEFORE.search(before) is not None or _CHANGE_AFTER.match(after) is not None)
    for at in range(1, len(found)):
        between = draft.folded[numbers[at - 1].end : numbers[at].start]
        if _ENDS.fullmatch(between):
            # The two ends of a range are bounds on one thing.
            found[at - 1] = found[at] = found[at - 1] or found[at]
    return found
