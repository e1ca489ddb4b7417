"""Bounds on what an indicator aimed at and reached: 「目標が100人以上の指標」, 「目標を10回以上下回ったもの」."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from answer.asked_number import alike
from answer.bounds import DENIED, NEAR, comparator_of
from answer.draft import Draft
from answer.indicator_measures import share_of_target
from answer.types import COMPARE, OPPOSITE, Comparator, Condition, IndicatorBound, IndicatorSide
from answer.values import number_text
from ingest.amounts import Amount
from records import Indicator, Measure

_ROW_METRICS = frozenset(("budget", "settled", "executed", "difference", "execution_rate"))
_TARGET = re.compile(r"目標(?:値|数)?|計画|予定|狙い|ねらい|目論見")
_RESULT = re.compile(r"実績(?:値|数)?|成果|結果|実際")
_SHARE = re.compile(r"達成(?:率|度|割合)(?:が|は|で|の)?[^、。]{0,4}$")
# 「目標の80%以上」: a part of the target.
_PART = re.compile(r"目標(?:値|数)?(?:値)?の(?:約)?$")
_GAP = re.compile(r"目標(?:値|数)?(?:を|より|に|から)(?:も)?$")
_GAP_VERB = re.compile(
    r"^(?P<bound>以上|以下|未満|超)?(?:も|の差で)?(?:(?P<under>下回|割り込|不足|足りな|足りず|届か|及ば|少な|低)|上回|超え|超過|多)"
)
# 「満足度が90%以上」: a share that no row has, but an indicator may.
OF_SHARE = re.compile(
    r"(?:満足度|認知度|関心度|理解度|好感度|達成度|加入率|参加率|達成率|実施率|割合)(?:が|は|も)、?(?:約)?(?:\d|[一二三四五六七八九]割|半分)"
)
_AS_SAID = re.compile(r"^(?:ちょうど|丁度|ぴったり)?(?:の(?:指標|項目|もの|事業)|だった|である)")
# 「成果が目標の半分に届かなかったもの」, 「目標の2倍以上」
_PART_OF_TARGET = re.compile(
    r"目標(?:値|数)?(?:の(?:半分|(?:\d+|[一二三四五六七八九])(?:割|%))|[のを](?:[\d.]+|[二三四五六七八九十])倍)"
)
_SIGNS: dict[Comparator, str] = {"lt": "未満", "le": "以下", "gt": "超", "ge": "以上", "eq": "", "ne": "以外"}
_SIDES: dict[IndicatorSide, str] = {
    "target": "目標が{}の",
    "result": "成果が{}の",
    "either": "成果（記載がなければ目標）が{}の",
    "share": "成果が目標の{}の",
    "above": "成果が目標を{}上回る",
    "below": "成果が目標を{}下回る",
}
# 「指標が3つ以上ある事業」 counts indicators, which no bound here is on.
_COUNTED = re.compile(
    r"(?:指標|項目)(?:の数|数)?(?:が|は|を)\d+(?:つ|個|件|項目|本)?(?:以上|以下|未満|しか|だけ|を?超|より|の|ある)?"
)


@dataclass(frozen=True, slots=True)
class IndicatorBounds:
    """What a question of indicators bounds: indicators, and the rows that they are of; `spans` are where the first
    stand, `uncounted` words that count indicators.
    """

    bounds: tuple[IndicatorBound, ...]
    of_rows: tuple[Condition, ...]
    spans: tuple[tuple[int, int], ...]
    uncounted: str = ""


def indicator_bounds_of(draft: Draft, conditions: tuple[Condition, ...]) -> IndicatorBounds:
    """The bounds on indicators that the amounts of a question set, and those of its conditions that are on rows."""
    bounds: list[IndicatorBound] = []
    spans: list[tuple[int, int]] = []
    counted = _COUNTED.search(draft.folded)
    read: list[Amount] = []
    ended = 0
    for amount in draft.amounts:
        begin, ended = ended, amount.end
        if amount.kind not in ("count", "percent") or amount.unit == "事業":
            continue
        before, rest = draft.folded[begin : amount.start], draft.folded[amount.end :]
        word = next((w for w in draft.of("comparator") if 0 <= w.start - amount.end <= NEAR), None)
        if word is None and not _AS_SAID.match(rest) and not _GAP_VERB.match(rest):
            continue
        if amount.kind == "count" and _PART.search(before):
            # 「目標の2,000回に届いた？」 says how great the target is.
            continue
        times = amount.printed.endswith("倍") and _GAP.search(before) is not None
        side = "share" if times else _side_of(draft, before, begin)
        if side is None:
            continue
        comparator: Comparator = comparator_of(word) if word is not None else "eq"
        if word is not None and DENIED.match(draft.folded[word.end :]):
            comparator = OPPOSITE[comparator]
        gap = _GAP_VERB.match(rest) if _GAP.search(before) else None
        if gap is not None:
            # 「目標を10回以上下回った」; the verb alone (10回下回った) gives the very number.
            side = "below" if gap["under"] else "above"
            comparator = comparator if gap["bound"] else "eq"
        bounds.append(IndicatorBound(side, comparator, amount.value, amount.unit))
        end = word.end if word is not None else amount.end
        spans.append((amount.start - len(_tail(before)), end + (gap.end() if gap else 0)))
        read.append(amount)
    of_percent = {a.value for a in read if a.kind == "percent"}
    named = draft.has("metric", "execution_rate")
    parts = _PART_OF_TARGET.search(draft.folded) is not None
    aimed = _TARGET.search(draft.folded) and not _RESULT.search(draft.folded)
    of_rows: list[Condition] = []
    for condition in conditions:
        loose = condition.metric == "execution_rate" and condition.unit == "percent" and not named
        if condition.metric not in _ROW_METRICS:
            continue
        if not loose:
            of_rows.append(condition)
        elif condition.value not in of_percent:
            side = "share" if parts else "target" if aimed else "either"
            bounds.append(IndicatorBound(side, condition.comparator, condition.value, "percent"))
    return IndicatorBounds(tuple(bounds), tuple(of_rows), tuple(spans), "指標の数" if counted else "")


def _tail(before: str) -> str:
    """The name of the side that stands right before an amount (目標を)."""
    match = re.search(r"目標(?:値|数)?(?:の|を|が|は|に|より|から)?(?:も|約)?$", before)
    return match.group() if match else ""


def _side_of(draft: Draft, before: str, begin: int) -> IndicatorSide | None:
    """What the amount after these words bounds; None where a figure of the row is named nearest to it."""
    if _SHARE.search(before) or _PART.search(before):
        return "share"
    places: list[tuple[int, IndicatorSide | None]] = [(m.start(), "target") for m in _TARGET.finditer(before)]
    places += [(m.start(), "result") for m in _RESULT.finditer(before)]
    places += [
        (w.start - begin, None)
        for w in draft.of("metric")
        if w.meaning in _ROW_METRICS and begin <= w.start < begin + len(before)
    ]
    return max(places)[1] if places else "either"


def within(indicator: Indicator, bounds: Iterable[IndicatorBound]) -> bool:
    """Whether an indicator's numbers are within all the bounds; one in another unit is not."""
    return all(_holds(indicator, bound) for bound in bounds)


def _holds(indicator: Indicator, bound: IndicatorBound) -> bool:
    target, result = indicator.target, indicator.result
    compare = COMPARE[bound.comparator]
    if bound.side == "share":
        part = share_of_target(indicator)
        return part is not None and compare(part, bound.value)
    if bound.side in ("above", "below"):
        aimed, reached = _number(target, bound.unit), _number(result, bound.unit)
        if aimed is None or reached is None:
            return False
        return compare(reached - aimed if bound.side == "above" else aimed - reached, bound.value)
    measure = target if bound.side == "target" else result if bound.side == "result" else result or target
    number = _number(measure, bound.unit)
    return number is not None and compare(number, bound.value)


def _number(measure: Measure | None, unit: str) -> Decimal | None:
    """What a measure says in this unit, or in one that counts the same."""
    if measure is None or not (measure.unit == unit or measure.unit in alike(unit)):
        return None
    return measure.value


def told_bounds(bounds: Iterable[IndicatorBound]) -> str:
    """Bounds on indicators in Japanese, before what they bound: 目標が100人以上の、かつ成果が50人未満の."""
    told = []
    for bound in bounds:
        number = f"{number_text(bound.value, bound.unit)}{_SIGNS[bound.comparator]}"
        told.append(_SIDES[bound.side].format(number))
    return "、かつ".join(told)
