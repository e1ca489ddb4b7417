"""Amounts as a question writes them, with fractions and halves, and without what only looks like one."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from answer.draft import blank
from ingest.amounts import Amount, find_amounts, parse_numeral

_NOT_ONE_YEN = re.compile(r"(?<!\d)[1一]円(?:も|たりとも|残らず|残さず|の位|単位|まで)")
_FRACTION = re.compile(r"([2-9]|10|[二三四五六七八九十])分の([1-9]|[一二三四五六七八九])")
# 「100~200万円」: the unit is written once for both ends.
_RANGE = re.compile(r"(?<![\d,.])(\d[\d,.]*)(?:~|-|から|ないし)(?=\d[\d,.]*(百万円|千万円|億円|万円|千円|円))")
_MINUS = re.compile(r"(?:^|[がはをもの、\s]|差引|残額|差額|金額)(?P<sign>[-~]|マイナス)$")
POINTS = re.compile(r"ポイント|pt|points?")
_OF_TITLE = re.compile(r"(?:[ァ-ヺー]|計画|構想)$")
# 「予算の半ばにも達しない」
_HALF = re.compile(r"半分|半額|半ば(?=に|を|も|まで)|\bhalf\b(?: of)?")

# 「決算が予算の2倍以上」 is a rate of execution, 「目標を2倍以上」 of a result; 「前年度の予算の2倍」 is a change.
TIMES_THE_COLUMN = re.compile(
    r"(?:(?:^|[がはもに、])(?:当初|最終)?予算額?の|目標(?:値|数)?[のを])(?P<times>(?P<n>\d+(?:\.\d+)?|[二三四五六七八九十])倍)"
)


def amounts_in(text: str) -> list[Amount]:
    """Amounts of a question, with 半分 and 半額 as half; 「1円も」 only says that nothing is."""
    for match in _NOT_ONE_YEN.finditer(text):
        text = blank(text, match.start(), match.end() - 1)
    # 「何千円」 asks for an amount and is none.
    found = [a for a in find_amounts(text) if not _is_date(text, a) and text[max(0, a.start - 1) : a.start] != "何"]
    # 「こども110番の家」 is a name.
    found = [
        a for a in found if not (text[a.end : a.end + 1] == "番" and re.search(r"[ぁ-んァ-ヺ一-鿿]$", text[: a.start]))
    ]
    found = [a for a in found if not (a.kind == "number" and a.value >= 1900 and _OF_TITLE.search(text[: a.start]))]
    for match in _RANGE.finditer(text):
        for amount in find_amounts(match[1] + match[2]):
            found = [a for a in found if a.end <= match.start() or match.end(1) <= a.start]
            found.append(replace(amount, start=match.start(), end=match.end(1)))
    for match in _FRACTION.finditer(text):
        below, above = parse_numeral(match[1]), parse_numeral(match[2])
        if below and above:
            share = above * 100 / below
            found = [a for a in found if a.end <= match.start() or match.end() <= a.start]
            found.append(Amount(match.start(), match.end(), "percent", share, "percent", match.group()))
    for match in _HALF.finditer(text):
        found.append(Amount(match.start(), match.end(), "percent", Decimal(50), "percent", match.group()))
    times = TIMES_THE_COLUMN.search(text)
    if times is not None:
        share = (parse_numeral(times["n"]) or Decimal(1)) * 100
        share = share.to_integral_value() if share == share.to_integral_value() else share
        found = [a for a in found if a.end <= times.start("times") or times.end() <= a.start]
        found.append(Amount(*times.span("times"), "percent", share, "percent", times["times"]))
    found = [_in_points(text, amount) for amount in found]
    return sorted((_signed(text, amount) for amount in found), key=lambda a: a.start)


def _in_points(text: str, amount: Amount) -> Amount:
    """「執行率が30ポイント以上下がった」: the points of a rate are percent, and ポイント belongs to 「30%ポイント」."""
    points = POINTS.match(text, amount.end) if amount.kind == "percent" else None
    if points is not None:
        return replace(amount, end=points.end(), printed=text[amount.start : points.end()])
    if amount.kind in ("count", "number") and amount.unit in ("ポイント", "") and "率" in text:
        points = POINTS.match(text, amount.end)
        end = points.end() if points is not None else amount.end
        if points is not None or amount.unit == "ポイント":
            return replace(amount, end=end, kind="percent", unit="percent", printed=text[amount.start : end])
    return amount


def _signed(text: str, amount: Amount) -> Amount:
    """「差引が-20万円未満」「マイナス20万円」: below zero; 「10~20万円」 is a range."""
    sign = _MINUS.search(text[: amount.start])
    if sign is None or amount.value < 0 or amount.kind not in ("yen", "number"):
        return amount
    return replace(amount, start=sign.start("sign"), value=-amount.value, printed=sign["sign"] + amount.printed)


def _is_date(text: str, amount: Amount) -> bool:
    return bool(re.match(r"(?:月|日|時|歳|期|回目|代)", text[amount.end : amount.end + 2])) or amount.unit in (
        "日",
        "歳",
        "年",
    )
