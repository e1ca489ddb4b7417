"""Rules that set what is asked against what was asked before, or add the two up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from answer.continuation import Continuation, alike_before
from answer.follow_up import NAMESAKE, set_against_before
from answer.types import Plan

# 「R4の予算とどれくらい違う？」 after 令和5年度's: of both years.
_AGAINST_YEAR = re.compile(
    r"(?:前年度?|昨年度?|前の年度?|[\d元]年度?|r\d{1,2})の?(?:当初|最終)?(?:予算|決算|執行)?額?(?:と|より|に比べ|に対し|から|の何|比)"
)
# 「この2つ、決算では」 after one thing and another.
_BOTH = re.compile(r"(?:この|その|両方|どちら|どっち|(?:上|先|前)の)?(?:2つ|二つ|2事業|二つの事業|両方|両者|両事業)")
# 「どちらが多い？」, 「いくら違う？」, 「合わせると？」 after one thing and another.
_WHICH_OF_THEM = re.compile(
    r"(?:では|じゃあ?|で)?、?(?:その|この)?(?:(?:2つ|二つ|両方)(?:は|では|で|の|を)?、?)?"
    r"(?:(?:どちら|どっち)(?!の?年度?)(?:の?(?:方|ほう))?(?:が|は|の(?:予算|決算|執行))"
    r"|(?:いくら|どれ(?:だけ|くらい|ほど)|どのくらい|何円|何件|何%|何ポイント)[^、]{0,4}(?:違|差|離れ|開き)"
    r"|(?:合わせ|あわせ|足す|足し|合計(?:する|した))[るらと]?)"
)
# 「どれが一番多い？」 after three of them.
_WHICH_OF_ALL = re.compile(
    r"(?:では|じゃあ?|で)?、?(?:(?:その|この)(?:中|うち)(?:で|の)?|(?:[2-9]つ|全部)(?:の(?:中|うち))?で(?:は)?)?、?"
    r"(?:どれ|どの(?:課|柱|分野|区)|どこ)が(?:最も|もっとも|一番|いちばん)"
)
# 「一番多いのは？」 after the sums of one department and another.
_MOST_OF_ALL = re.compile(
    r"(?:では|じゃあ?|で)?、?(?:(?:その|この)(?:中|うち)(?:で|の)?)?、?(?:最も|もっとも|一番|いちばん)(?:多|少な|大き|小さ|高|低)い"
    r"(?:の|課|柱|分野|区|ところ|部署)は(?:どこ|どれ|どの課|どの柱|何課)?(?:です|でした)?か?、?"
)
_GAP_ALONE = re.compile(r"(?:その|この)?(?:差額?|開き|違い)(?:は|が|って|を)")


def against_year_rule(follow_up: Continuation) -> Plan | None:
    """An amount against another year's.

    「子育て・若者支援事業の令和5年度の予算は」 → 「R4の予算とどれくらい違う？」
    """
    plan, before = follow_up.plan, follow_up.before
    one_each = len(plan.years) == len(before.years) == 1 and plan.years != before.years
    against = before.operation == "lookup" and _AGAINST_YEAR.search(follow_up.text)
    if not (one_each and against) or plan.subjects or plan.topics or follow_up.plan.of_scope:
        return None
    return follow_up.anew_with(
        operation="change",
        subjects=before.subjects,
        years=tuple(sorted((*before.years, *plan.years))),
        phases=(),
        metrics=plan.metrics or before.metrics,
    )


def both_rule(follow_up: Continuation) -> Plan | None:
    """The last two things.

    「令和4年度の商店街振興事業の予算は」 → 「読書活動推進事業の予算は」 → 「この2つ、決算ではどちらが多い？」
    """
    plan, before = follow_up.plan, follow_up.before
    other = before.replaced.subjects if before.replaced else ()
    if not other or other == before.subjects or not _of_last_two(follow_up) or plan.subjects or plan.topics:
        return None
    return follow_up.anew_with(
        operation="sum" if follow_up.draft.has("aggregate", "sum") else "compare",
        subjects=(*other, *before.subjects)[-2:],
        metrics=plan.metrics or before.metrics,
    )


def both_years_rule(follow_up: Continuation) -> Plan | None:
    """The last two years.

    「令和4年度の災害に強い区づくり事業の予算は」 → 「令和5年度は？」 → 「どちらが多い？」
    """
    plan, before = follow_up.plan, follow_up.before
    other_year = before.continued and before.years_before and "年" in before.question
    moved = before.operation == "count" and follow_up.draft.has("compare", "up", "down", "change")
    if not other_year or not (_of_last_two(follow_up) or moved) or not follow_up.bare:
        return None
    if plan.years or follow_up.draft.has("aggregate", "sum") or before.operation not in ("count", "lookup", "sum"):
        return None
    years = tuple(sorted({*before.years, *before.years_before}))
    if before.operation == "count":
        return follow_up.again(years=years, phases=(), counted_against=True)
    summed = before.operation == "sum"
    metrics = plan.metrics or before.metrics
    return follow_up.again(
        years=years, phases=(), operation="change", summed=summed, picks=False, direction=None, metrics=metrics
    )


def both_columns_rule(follow_up: Continuation) -> Plan | None:
    """What was spent against the budget.

    「令和4年度の商店街振興事業の予算は」 → 「決算は？」 → 「差は？」
    """
    before = follow_up.before
    columns = {*before.metrics, *before.metrics_before}
    spent = "budget" in columns and len(columns) == 2 and columns & {"settled", "executed"}
    if not spent or not _GAP_ALONE.match(follow_up.text) or not follow_up.bare or follow_up.plan.years:
        return None
    return follow_up.again(metrics=("difference",)) if before.operation in ("lookup", "sum") else None


def both_scopes_rule(follow_up: Continuation) -> Plan | None:
    """The last two departments, pillars or places.

    「令和4年度の地域振興課の事業数は」 → 「区政推進課は？」 → 「その差は？」
    """
    plan, before = follow_up.plan, follow_up.before
    alike = alike_before(before)
    of_scopes = before.operation in ("sum", "mean", "count", "lookup") and not before.subjects
    of_sums = of_scopes and _MOST_OF_ALL.fullmatch(follow_up.text) is not None
    which = (of_sums or _WHICH_OF_ALL.match(follow_up.text) is not None) and not plan.level_named
    if len(alike) < 2 or not (which or _of_last_two(follow_up)) or plan.subjects or plan.topics or plan.of_scope:
        return None
    alike = alike if which else alike[-2:]
    both: dict[str, Any] = {
        name: tuple(dict.fromkeys(value for one in alike for value in getattr(one, name)))
        for name in ("departments", "pillars", "categories", "places", "place_words")
    }
    if follow_up.draft.has("aggregate", "sum"):
        return follow_up.again(**both, operation=before.operation if before.operation == "count" else "sum")
    if before.operation in ("count", "list"):
        return follow_up.again(**both, operation="count", counted_against=True, descending=plan.descending)
    if not of_scopes:
        return None
    metrics = plan.metrics or before.metrics
    if before.operation == "mean" and (both["departments"] or both["pillars"]):
        by = "department" if both["departments"] else "pillar"
        gap = len(alike) == 2
        return follow_up.again(**both, group_by=by, descending=plan.descending, metrics=metrics, gap=gap)
    return follow_up.again(**both, operation="compare", descending=plan.descending, metrics=metrics)


def two_places_rule(follow_up: Continuation) -> Plan | None:
    """The last two places of an order.

    「令和4年度の決算額が最も大きい課は」 → 「最も小さいのは？」 → 「その差は？」
    """
    before, other = follow_up.before, follow_up.before.replaced
    if before.group_by and len(before.groups_told) == 2 and before.operation in ("sum", "mean", "rank"):
        # 「総務課と福祉保健課それぞれの予算の合計は」 → 「差は？」
        alone = follow_up.bare and _GAP_ALONE.match(follow_up.text) and not follow_up.plan.metrics
        return follow_up.again(gap=True) if alone else None
    asks_gap = follow_up.bare and _GAP_ALONE.match(follow_up.text) and not follow_up.plan.metrics
    if before.operation == "rank" and len(follow_up.names) == 2 and before.limit == 2 and asks_gap:
        # 「予算の上位2事業は」 → 「その差は？」
        return follow_up.again(positions=(1, 2), gap=True, limit=None)
    if before.operation != "rank" or other is None or not _of_last_two(follow_up) or not follow_up.bare:
        return None
    alike = [(p.operation, p.metrics, p.years, p.group_by, p.level, p.subjects) for p in (other, before)]
    if alike[0] != alike[1] or follow_up.plan.metrics or follow_up.draft.has("aggregate", "sum"):
        return None
    places = [p.positions or (p.limit or 1,) for p in (other, before)]
    if (other.descending, before.descending) in ((True, False), (False, True)):
        ends = places == [(1,), (1,)]
        return follow_up.again(both_ends=True, gap=True, positions=(), limit=None) if ends else None
    if other.descending != before.descending or places[0] == places[1]:
        return None
    return follow_up.again(positions=tuple(sorted({*places[0], *places[1]})), gap=True, limit=None)


def _of_last_two(follow_up: Continuation) -> bool:
    """Whether the last two things asked of are set against each other, or added up."""
    text = follow_up.text
    gap = _GAP_ALONE.match(text) and not follow_up.plan.metrics
    return bool(_BOTH.match(text) or gap or (_WHICH_OF_THEM.match(text) and not follow_up.among))


def set_against_rule(follow_up: Continuation) -> Plan | None:
    """One thing set against the one before.

    「令和4年度の旭区広報事業の予算は」 → 「読書活動推進事業とどっちが多い？」
    """
    plan, before = follow_up.plan, follow_up.before
    if not (len(plan.subjects) == 1 and len(before.subjects) == 1 and set_against_before(follow_up.draft)):
        return None
    metrics = tuple(m for m in before.metrics if not m.startswith("indicator")) or plan.metrics
    both = (*before.subjects, *plan.subjects)
    return follow_up.anew_with(operation="compare", subjects=both, metrics=metrics, conditions=())


def which_selection_rule(follow_up: Continuation) -> Plan | None:
    """Which of two selections has more rows: which two they are is not held, and one of them must not be ordered.

    「令和4年度から令和5年度で予算が増えた事業は」 → 「減ったのは？」 → 「どちらが多い？」
    """
    selected = follow_up.before.operation in ("change", "filter") and follow_up.bare and not follow_up.plan.metrics
    if not selected or not _WHICH_OF_THEM.match(follow_up.text) or follow_up.draft.has("aggregate", "sum"):
        return None
    return follow_up.again(unclear=follow_up.text.rstrip("、"))


def change_of_sums_rule(follow_up: Continuation) -> Plan | None:
    """How a sum changed.

    「令和4年度の自主企画事業費の事業の予算の合計は」 → 「令和5年度は？」 → 「いくら減ったことになりますか」
    """
    plan, before = follow_up.plan, follow_up.before
    if follow_up.forced != "change" or before.operation != "sum" or plan.subjects or plan.metrics:
        return None
    years = plan.years or tuple(sorted({*before.years, *before.years_before}))
    return follow_up.again(years=years, phases=(), operation="change", summed=True, picks=False, direction=None)


def namesake_rule(follow_up: Continuation) -> Plan | None:
    """The part of the same name in another project.

    「障害者ネットワーク推進事業の普及啓発事業の令和4年度の決算は」 → 「商店街振興事業にある同じ名前の細事業は？」
    """
    plan, before = follow_up.plan, follow_up.before
    one_each = len(plan.subjects) == len(before.subjects) == 1 and plan.subjects[0].names != before.subjects[0].names
    if not (one_each and NAMESAKE.search(follow_up.text)):
        return None
    return follow_up.again(subjects=(replace(before.subjects[0], within=plan.subjects[0].names),))
