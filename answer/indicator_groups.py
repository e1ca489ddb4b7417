"""How many indicators met their targets, of each project, department or pillar: 「目標をすべて達成した事業」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from answer.evidence import Block, Item
from answer.indicator_measures import indicator_figures, indicator_met
from answer.ledger import Row, keys_of
from answer.types import GroupBy, Plan
from answer.values import Value, round_rate
from answer.vocabulary import vocabulary
from records import Indicator

# 「目標をすべて達成した事業」, 「一つも達成できなかった事業」
_MADE = r"(?:達成|達し|クリア|届|満た)"
_ALL_MET = re.compile(
    rf"(?:すべて|全て|全部|みな|ことごとく)(?:の目標|の指標)?(?:を|が|で)?[^、。]{{0,6}}{_MADE}"
    r"(?!でき(?:な|ま)|しな|して(?:い)?な|か)"
)
_NONE_MET = re.compile(
    rf"(?:1つも|一つも|ひとつも|1件も|一件も|まったく|全く)[^、。]{{0,8}}{_MADE}"
    r"[^、。]{0,4}(?:な[いかく]|ませ|ず)"
)
_OF_GROUP = re.compile(r"(?:指標|項目|もの)(?:が|の)?(?:あ[るっ]た?)?(?:のは)?、?(?:どの)?(?P<group>課|部署|柱|分野)")
_BY_NUMBER = re.compile(r"(?:数|件数|個数)が|指標(?:が|の)?、?(?:最も|もっとも|一番|いちばん)多|多い")
# 「達成できなかった目標が一番多い事業」, 「指標が最も多い事業」
_OF_PROJECTS = re.compile(
    r"(?:目標|指標|項目|未達|達成)[^、。]{0,6}(?:が|の)、?(?:最も|もっとも|一番|いちばん)(?:多|少な)[いか][^、。]{0,4}(?:事業|取組)"
)
_OF_INDICATORS = re.compile(r"(?:指標|項目)(?:の数|数)?が、?(?:最も|もっとも|一番|いちばん)(?:多|少な)")
_GROUP_OF: dict[str, GroupBy] = {"課": "department", "部署": "department", "柱": "pillar", "分野": "pillar"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many indicators of a project or group met their targets, missed them, or have no two numbers to compare."""

    name: str
    met: int
    missed: int
    open: int

    @property
    def compared(self) -> int:
        return self.met + self.missed

    @property
    def rate(self) -> Decimal:
        """In percent of those that can be compared, of which there must be one; one decimal."""
        return round_rate(Decimal(self.met) * 100 / self.compared)


def group_of(plan: Plan) -> GroupBy | Literal["project"] | None:
    """By what verdicts on indicators are to be counted: 「課ごとの達成率」, 「目標を下回った指標がある課」."""
    if _OF_PROJECTS.search(vocabulary().fold(plan.question)):
        return "project"
    if plan.group_by in ("department", "pillar", "category"):
        return plan.group_by
    said = _OF_GROUP.search(vocabulary().fold(plan.question)) if plan.achieved is not None else None
    return _GROUP_OF[said["group"]] if said is not None else None


def whole_projects(plan: Plan) -> bool | None:
    """Whether projects are asked for that met all of their targets (True), or none (False)."""
    folded = vocabulary().fold(plan.question)
    if _NONE_MET.search(folded):
        return False
    return True if plan.achieved and _ALL_MET.search(folded) else None


def tally_groups(block: Block, pairs: Sequence[tuple[Row, Indicator]], plan: Plan, by: str) -> None:
    """Tell of each group how many of its indicators met their targets, in percent of those that can be compared."""
    groups: dict[str, list[Indicator]] = {}
    for row, indicator in pairs:
        for key in dict.fromkeys(k for k in _keys(row, by) if k):
            groups.setdefault(key, []).append(indicator)
    tallies = [t for name, found in groups.items() if (t := _tally(name, found)).compared]
    missed = plan.achieved is False
    of_all = _OF_INDICATORS.search(vocabulary().fold(plan.question)) is not None and plan.achieved is None
    tallies = [_tally(name, found) for name, found in groups.items()] if of_all else tallies
    counted = of_all or (_BY_NUMBER.search(vocabulary().fold(plan.question)) is not None and "率" not in plan.question)

    def size(tally: Tally) -> Decimal:
        if of_all:
            return Decimal(tally.compared + tally.open)
        if counted:
            return Decimal(tally.missed if missed else tally.met)
        return 100 - tally.rate if missed else tally.rate

    if plan.achieved is not None and plan.descending is None:
        tallies = [t for t in tallies if (t.missed if missed else t.met)]
    tallies.sort(key=size, reverse=plan.descending is not False)
    if plan.descending is not None and not plan.ordered and tallies:
        end = size(tallies[min(plan.limit or 1, len(tallies)) - 1])
        tallies = [t for t in tallies if (size(t) >= end if plan.descending else size(t) <= end)]
    block.headline = "\n".join(_told(t) for t in tallies) or "・当てはまるものはありません。"
    block.considered = len(groups)
    block.groups = tuple(t.name for t in tallies)
    if len(tallies) == 1:
        told = size(tallies[0]) if counted else tallies[0].rate
        block.result, block.unit = told, "件" if counted else "percent"
        block.formula = "" if counted else f"達成{tallies[0].met}件 ÷ 比べられる{tallies[0].compared}件 × 100"
    if any(len([k for k in _keys(row, by) if k]) > 1 for row, _ in pairs):
        block.notes.append("複数の課が担当する事業の指標は、それぞれの課に数えています。")
    _hold(block, tallies, [p for p in pairs if set(_keys(p[0], by)) & {t.name for t in tallies}])


def _keys(row: Row, by: str) -> tuple[str | None, ...]:
    return (row.name,) if by == "project" else keys_of(row, by)


def tally_projects(block: Block, pairs: Sequence[tuple[Row, Indicator]], met: bool) -> None:
    """Tell the projects all of whose comparable indicators met their targets, or none."""
    of_row: dict[int, tuple[Row, list[Indicator]]] = {}
    for row, indicator in pairs:
        of_row.setdefault(id(row), (row, []))[1].append(indicator)
    tallies = {key: _tally(row.name, found) for key, (row, found) in of_row.items()}
    chosen = {k: t for k, t in tallies.items() if t.compared and not (t.missed if met else t.met)}
    block.headline = "\n".join(_told(t) for t in chosen.values()) or "・当てはまる事業はありません。"
    block.considered = sum(1 for t in tallies.values() if t.compared)
    block.result, block.unit = Decimal(len(chosen)), "件"
    word = "目標をすべて達成した" if met else "目標を一つも達成していない"
    left = len(tallies) - block.considered
    rest = f"、数字で比べられる指標のない{left}件を除く" if left else ""
    block.notes.append(f"{word}事業は{len(chosen)}件です（比べられる指標のある{block.considered}件中{rest}、計算値）。")
    block.computed.extend((Decimal(block.considered), Decimal(left), Decimal(len(chosen))))
    _hold(block, list(chosen.values()), [p for p in pairs if id(p[0]) in chosen])


def _tally(name: str, indicators: Sequence[Indicator]) -> Tally:
    verdicts = [indicator_met(i) for i in indicators]
    return Tally(name, verdicts.count(True), verdicts.count(False), verdicts.count(None))


def _told(tally: Tally) -> str:
    rest = f"、数字で比べられないもの{tally.open}件" if tally.open else ""
    return f"・{tally.name}: 達成{tally.met}件、未達{tally.missed}件{rest}" + (
        f"（比べられる{tally.compared}件のうち達成は{tally.rate}%、計算値）" if tally.compared else "（計算値）"
    )


def _hold(block: Block, tallies: Sequence[Tally], pairs: Sequence[tuple[Row, Indicator]]) -> None:
    """Keep the numbers told, and the figures that they were counted from."""
    for tally in tallies:
        block.computed.extend(Decimal(n) for n in (tally.met, tally.missed, tally.open, tally.compared))
        if tally.compared:
            block.computed.append(tally.rate)
    for row, indicator in pairs:
        if indicator_met(indicator) is not None:
            values = tuple(Value(f.metric, f.value, f.unit, f, (f,), None) for f in indicator_figures(indicator, row))
            block.items.append(Item(row, values))
