"""What is asked in another year of the rows that one year picks, as a question that continues the one which picks them.

「令和4年度に執行率が50%未満だった事業の令和5年度の予算は」
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from answer.indicator_bounds import OF_SHARE
from answer.interpret import interpreted
from answer.types import Answer, Operation, Plan
from ingest.amounts import half_width
from ingest.eras import find_years

_ROWS = re.compile(
    r"(?P<rows>事業|もの|取組)(?:\d+(?:つ|件|事業))?(?P<link>について、?|に関して、?|では、?|は、?|の|が、?)$"
)
# 「は令和5年度も最低ですか」 asks whether the same is so there.
_SAME_THERE = re.compile(r"^(?:の?(?:時点|7月末))?(?:に|で)?も")
_MOST = r"最も|もっとも|一番|いちばん|最[多少大小高低]|(?:\d+|[二三四五])番目に"
# 「予算が一番多い課の事業」, 「予算が最大の事業の担当課の事業」: of the first group, or of that which holds the first.
_OF_FIRST = re.compile(
    rf"^(?P<first>.*(?:{_MOST})[^、。]{{0,12}}?)"
    r"(?:(?<=[いたるな大小])(?P<group>課|部署|柱|分野)|(?P<rows>事業)の(?P<whose>担当課|所管課|課|柱))の(?P<rest>(?!中|なか|うち|数|名|課名|柱名|差(?!引)|開き|違い)[^。]+.*)$"
)
# 「目標を達成できなかった事業の決算の合計」, 「執行率が最も低い事業の事業指標」
_INDICATOR = re.compile(rf"目標|指標|成果|{OF_SHARE.pattern}")
_LINK = re.compile(r"(?:事業|取組)(?P<link>のうち、?|の中で、?|のなかで、?|について、?|は、?|で、?|の)(?!名|数|費|別)")
_ASKS = re.compile(r"予算|決算|執行|差引|不用額|残|課|部署|柱|分野|件|いくつ|何事業|合計|平均|割合|目標|指標|成果")
_PICKING: frozenset[Operation] = frozenset(("filter", "rank", "change", "indicators"))


@dataclass(frozen=True, slots=True)
class Nested:
    """The question that picks the rows, and the one that is asked of them, or of their department or pillar."""

    picks: str
    asked: str
    of_group: bool = False
    of_indicators: bool = False


def nested(question: str) -> Nested | None:
    """The two questions, or None where one year alone is named, or the second is not of the rows of the first.

    >>> nested("令和4年度に執行率が50%未満だった事業の令和5年度の予算は")
    Nested(picks='令和4年度に執行率が50%未満だった事業は', asked='それらの事業の令和5年度の予算は')
    """
    text = half_width(question)
    first = _OF_FIRST.match(text)
    if first is not None and len(re.findall(_MOST, first["first"])) == 1:
        # 「最も多い柱と最も少ない柱の差」 is of two.
        picked = first["first"] + (first["group"] or first["rows"])
        return Nested(f"{picked}は", f"その{first['group'] or first['whose']}の{first['rest']}", True)
    mixed = _of_both_kinds(text)
    if mixed is not None:
        return mixed
    years = find_years(text)
    if len({m.year for m in years}) != 2:
        return None
    for mention in years[1:]:
        link = _ROWS.search(text[: mention.start])
        before = {m.year for m in years if m.end <= mention.start}
        if link is None or len(before) != 1 or mention.year in before or _SAME_THERE.match(text[mention.end :]):
            continue
        particle = "の" if link["link"] == "の" else "は"
        return Nested(text[: link.start("link")] + "は", f"それらの事業{particle}{text[mention.start :]}")
    return None


def _of_both_kinds(text: str) -> Nested | None:
    """What is asked of the indicators of rows that their figures pick, or of the figures of rows that indicators pick.

    >>> _of_both_kinds("令和4年度に目標を達成できなかった事業の決算の合計は").asked
    'それらの事業の決算の合計は'
    """
    for link in _LINK.finditer(text):
        first, rest = text[: link.start("link")], text[link.end() :]
        if bool(_INDICATOR.search(first)) == bool(_INDICATOR.search(rest)) or not _ASKS.search(rest):
            continue
        joint = "は" if link["link"].startswith(("は", "について")) else link["link"]
        return Nested(f"{first}は", f"それらの事業{joint}{rest}", of_indicators=True)
    return None


def goes_on_from(inner: Nested, picks: Plan, asked: Plan) -> bool:
    """Whether the second question is of the rows, or of the department or pillar, that the first one picks."""
    if inner.of_group:
        return asked.of_scope and not (picks.of_scope or asked.subjects)
    if inner.of_indicators and (picks.operation == "indicators") == (asked.operation == "indicators"):
        return False
    return bool(asked.among or any(m.how == "previous" for m in asked.subjects))


def picks_rows(plan: Plan) -> bool:
    """Whether the first question picks rows of the ward by their own figures."""
    bounded = bool(plan.conditions or plan.descending is not None or plan.direction)
    if plan.operation == "indicators":
        bounded = plan.achieved is not None or bool(plan.indicator_bounds)
    return plan.operation in _PICKING and bounded and not (plan.subjects or plan.unclear)


def of_picked(answer: Answer, picks: Plan) -> Answer:
    """The answer, with which rows it is of."""
    told = interpreted(picks)
    names = [name for m in answer.plan.subjects for name in m.names] if answer.plan else []
    rows = f"対象: {told}（{'、'.join(names)}）" if names else f"対象: {told}"
    asked = answer.interpreted.replace("前の答えの事業", "それらの事業")
    return replace(answer, interpreted=f"{told}について、{asked}", text=f"{rows}\n{answer.text}")
