"""Rules that continue a question of printed counts, indicators or sentences."""

from __future__ import annotations

import re

from answer.asked_number import COUNTED_NOUNS, counter_of
from answer.continuation import Continuation
from answer.draft import COUNTER_ASKED
from answer.follow_up import COUNTED_AT_START, THING_ALONE
from answer.types import Plan
from ingest.eras import find_years

_BEHIND_YEAR = re.compile(r"^末?(?:には|では|に|の|は)?[、,\s]?")
_DOCUMENT = re.compile("(?:の)?(?:運営方針|振り返り|決算総括説明書|総括説明書)(?:では|には|で|に)、?")
_PERCENT = frozenset(("%", "割", "パーセント"))
# 「うち対応できたのは？」 after how many there were.
_OF_THOSE = re.compile(r"(?:そ|こ)?の?うち、?(?P<deed>[^、]{2,14}?(?:た|だ|る))(?:の|もの|分|数)?は?、?")
_ASKED_BEHIND = re.compile(r"(?:は|が|を|って)?、?(?:全部で|合計で)?$")
# 「地区センターで開いた」: where the counted was.
_WHERE = re.compile(r"(?P<joined>^|[、をはの])[一-鿿ァ-ヺー]{2,12}[でに](?=開|行|実施|開催|何|参加|配|設)")
_RATE_OF_TARGET = re.compile("達成(?:率|度|割合)")
_OTHER_COUNTED = re.compile(
    r"(?:では|じゃあ?|それなら)?、?(?P<thing>[一-鿿ァ-ヺーa-z]{3,20})(?<!人数)(?<!回数)(?<!件数)(?<!者)(?<!者数)(?:は|って)、?何"
)
_OF_STATE = re.compile(r"決算(?:で|の(?:時点|段階|とき))")


def thing_rule(follow_up: Continuation) -> Plan | None:
    """The same count of another thing.

    「令和4年度の「あさひみらい塾」は何回やった？」 → 「シニアのためのいきいき未来講座は？」
    """
    before = follow_up.before
    if COUNTED_AT_START.match(follow_up.text) or follow_up.plan.years or follow_up.of_figures:
        return None
    thing, counter = THING_ALONE.fullmatch(follow_up.text), counter_of(before)
    if thing is None or counter is None:
        return None
    asked = f"{thing['thing']}は何{counter}"
    where = _WHERE.search(_reworded(before, follow_up.plan))
    if where is not None and thing["thing"].endswith(("で", "に")):
        # 「朝市を地区センターで開いたのは何回」 → 「区役所では？」: the same there.
        asked = _WHERE.sub(f"{where['joined']}{thing['thing']}", _reworded(before, follow_up.plan), count=1)
    return follow_up.anew_with(question=asked, operation="counts", count_units=(counter,), asks="how_many")


def of_those_counted_rule(follow_up: Continuation) -> Plan | None:
    """Those of them with which something was done.

    「令和4年度、スクールゾーン対策で路面標示の要望は何件出ましたか」 → 「うち対応できたのは？」
    """
    before = follow_up.before
    deed, counted = _OF_THOSE.fullmatch(follow_up.text), COUNTER_ASKED.search(before.question)
    if deed is None or counted is None or len(before.count_units) != 1 or follow_up.of_figures:
        return None
    things = _ASKED_BEHIND.sub("", before.question[: counted.start()])
    question = f"{things}のうち{deed['deed']}のは{counted.group()}"
    return follow_up.anew_with(question=question, operation="counts", count_units=before.count_units, asks="how_many")


def unheld_rule(follow_up: Continuation) -> Plan | None:
    """What no column holds, so that only a sentence could tell it.

    「令和4年度の旭区広報事業の予算は」 → 「人件費は？」
    """
    if not follow_up.draft.has("unheld"):
        return None
    told = (follow_up.found,) if follow_up.found else ()
    about = follow_up.plan.subjects or follow_up.before.subjects or told
    return follow_up.anew_with(operation="describe", subjects=about)


def other_counter_rule(follow_up: Continuation) -> Plan | None:
    """The same with another counter.

    「令和4年度の防災講演会は何回開催しましたか」 → 「参加人数も」
    """
    plan, before = follow_up.plan, follow_up.before
    counted = COUNTED_AT_START.match(follow_up.text)
    units = plan.count_units or ((COUNTED_NOUNS[counted["noun"]],) if counted else ())
    was_counted = before.operation in ("counts", "describe") and COUNTER_ASKED.search(before.question) is not None
    if not (units and was_counted) or plan.subjects or plan.metrics or follow_up.forced:
        return None
    other = _OTHER_COUNTED.match(follow_up.text)
    if other is not None and other["thing"] not in before.question and plan.count_units:
        # 「防犯ブザーを何個配りましたか」 → 「ランドセルカバーは何枚？」: another thing altogether.
        asked = f"{other['thing']}は何{units[0]}"
        return follow_up.anew_with(question=asked, operation="counts", count_units=units, asks="how_many")
    question = COUNTER_ASKED.sub(f"何{units[0]}", _reworded(before, plan), count=1)
    return follow_up.again(question=question, count_units=units)


def rate_again_rule(follow_up: Continuation) -> Plan | None:
    """The rate of another year.

    「令和4年度の旭区広報事業の執行率は」 → 「令和5年度は何%？」
    """
    plan, before = follow_up.plan, follow_up.before
    rate = "execution_rate" in before.metrics or before.operation == "share"
    alone = not (plan.subjects or plan.topics or plan.metrics or follow_up.forced)
    # 「前年度の決算では何％だった？」: which state of the figures, not which column.
    of_state = follow_up.bare and {*plan.metrics} <= {"settled"} and _OF_STATE.search(follow_up.text) is not None
    in_percent = bool(plan.count_units) and {*plan.count_units} <= _PERCENT
    return follow_up.again() if (alone or of_state) and rate and in_percent else None


def indicators_again_rule(follow_up: Continuation) -> Plan | None:
    """How many indicators they are: what was told says it.

    「令和4年度に目標に届かなかった指標は」 → 「全部で何件？」
    """
    plan, before = follow_up.plan, follow_up.before
    counted = follow_up.draft.has("aggregate", "count") or {*plan.count_units} & {"件", "つ", "個"}
    alone = follow_up.bare and before.operation == "indicators" and before.achieved is not None
    if alone and _RATE_OF_TARGET.search(follow_up.text) and follow_up.draft.has("rank"):
        # 「一番達成率が低いのは？」
        return follow_up.again()
    # 「それらの事業は何件」 counts projects.
    return follow_up.again() if counted and alone and not (plan.metrics or plan.level_named) else None


def same_rule(follow_up: Continuation) -> Plan | None:
    """The same of another year, place or scope.

    「令和4年度の旭区広報事業の予算は」 → 「令和5年度は？」
    """
    plan, before = follow_up.plan, follow_up.before
    level = plan.level if plan.level_named else before.level
    if before.operation in ("counts", "describe"):
        # 「その前の年度は？」 after a count: the sentences are searched for what the question before asked.
        return follow_up.again(level=level, question=_reworded(before, plan))
    return follow_up.again(level=level)


def _reworded(before: Plan, plan: Plan) -> str:
    """The question before without its years, and with its place only where the new one names no other."""
    question = before.question
    for mention in reversed(find_years(question)):
        question = question[: mention.start] + _BEHIND_YEAR.sub("", question[mention.end :])
    if plan.years:
        # 「令和4年度の振り返りだと何校」 after 「平成25年度の運営方針で」: another document.
        question = _DOCUMENT.sub("の", question)
    for word in before.place_words if plan.place_words else ():
        question = re.sub(rf"{re.escape(word)}(?:の|では|で)?", "", question)
    return question
