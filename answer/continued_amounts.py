"""Rules that continue a question of amounts: the same of another thing, another column, its parts, its share."""

from __future__ import annotations

import re
from typing import Any

from answer.continuation import BY_COLUMN, MONEY, REFERS, Continuation
from answer.follow_up import ASKED_OF_ANOTHER, SAME_AGAIN, SAME_YEAR
from answer.types import Plan

_BY_ONE_COLUMN = ("rank", "sum", "mean", "share")
# 「予算に対して何％？」 after a settlement.
_OF_ITS_BUDGET = re.compile(
    r"予算額?(?:に対して|に対し|に対する|比で?|の)、?(?:約|およそ)?(?:何(?:%|割|パーセント)|割合|率)"
)
# 「全体の何%」 after an amount.
_OF_EVERYTHING = re.compile(
    r"全体の(?:うち)?、?(?:約|およそ)?(?:何(?:%|割|パーセント)|割合)|全体に占め|全体に対する割合"
)
_FROM_COLUMN = re.compile(r"(?:では|じゃあ?)?、?(?:予算|決算|執行)額?(?:と|から)の(?:差(?!引)|開き|違い|差額)")


def same_again_rule(follow_up: Continuation) -> Plan | None:
    """The same of another year or column.

    「令和4年度の自主企画事業費の予算の合計は」 → 「令和5年度についても同じ条件で教えてください」
    """
    plan = follow_up.plan
    if not SAME_AGAIN.search(follow_up.text) or plan.subjects or plan.topics or plan.conditions:
        return None
    return follow_up.again(metrics=plan.metrics or follow_up.before.metrics)


def rate_rule(follow_up: Continuation) -> Plan | None:
    """How much of its budget was spent.

    「令和4年度の温暖化対策推進にはいくら使った？」 → 「予算に対して何％？」
    """
    plan, before = follow_up.plan, follow_up.before
    asked = _OF_ITS_BUDGET.search(follow_up.text)
    if not asked or plan.subjects or plan.in_percent or follow_up.plan.of_scope:
        return None
    first = before.operation == "rank" and not before.group_by and len(follow_up.names) == 1
    if first and {*before.metrics} & {"settled", "executed"} and follow_up.found is not None:
        # 「それは予算の何%？」 after the greatest settlement.
        return follow_up.anew_with(operation="lookup", metrics=("execution_rate",), subjects=(follow_up.found,))
    if not before.subjects or before.operation != "lookup":
        return None
    return follow_up.again(operation="lookup", metrics=("execution_rate",))


def gap_to_budget_rule(follow_up: Continuation) -> Plan | None:
    """What is left of the budget.

    「令和4年度の商店街振興事業の決算は」 → 「予算との差は？」
    """
    before = follow_up.before
    asked = _FROM_COLUMN.match(follow_up.text) and before.operation == "lookup" and {*before.metrics} & {*MONEY}
    return follow_up.again(metrics=("difference",)) if asked and follow_up.bare and not follow_up.plan.years else None


def other_column_rule(follow_up: Continuation) -> Plan | None:
    """The same order or sum of another column.

    「令和4年度の予算が最も多い事業は」 → 「決算額で見た場合は？」
    """
    plan = follow_up.plan
    of_column = follow_up.before.operation in _BY_ONE_COLUMN and plan.metrics and BY_COLUMN.search(follow_up.text)
    return follow_up.again(metrics=plan.metrics) if follow_up.bare and of_column else None


def of_another_rule(follow_up: Continuation) -> Plan | None:
    """The same in another state or place.

    「令和4年度の執行率が低い事業トップ3は」 → 「令和5年度の7月末時点だとどんな顔ぶれ？」
    """
    asked = follow_up.bare and not (follow_up.plan.metrics or follow_up.forced)
    return follow_up.again() if asked and ASKED_OF_ANOTHER.search(follow_up.text) else None


def another_subject_rule(follow_up: Continuation) -> Plan | None:
    """The same of another project.

    「令和4年度の旭区広報事業の決算は」 → 「読書活動推進事業は？」
    """
    plan = follow_up.plan
    of_another = follow_up.own and follow_up.draft.has("ask", "how_much") and plan.operation in ("breakdown", "lookup")
    of_another = of_another or SAME_YEAR.search(follow_up.text) is not None or not follow_up.own
    if not plan.subjects or plan.metrics or not of_another:
        return None
    return follow_up.again(subjects=plan.subjects, topics=plan.topics)


def other_amount_rule(follow_up: Continuation) -> Plan | None:
    """The sum of the other column.

    「令和4年度の地域振興課の事業の予算の合計は」 → 「決算は？」
    """
    plan = follow_up.plan
    again = follow_up.before.operation in ("sum", "mean", "breakdown") and plan.operation == "lookup"
    return follow_up.again(metrics=plan.metrics) if again and not (plan.subjects or plan.topics) else None


def amount_of_parts_rule(follow_up: Continuation) -> Plan | None:
    """That amount of its parts.

    「令和4年度の街の美化運動事業の決算は」 → 「細かい内訳もお願いします」
    """
    plan, before = follow_up.plan, follow_up.before
    asked = follow_up.forced == "breakdown" and not (plan.subjects or plan.topics or plan.metrics)
    whole = before.operation == "lookup" and before.subjects
    return follow_up.again(operation="breakdown") if asked and whole else None


def parts_rule(follow_up: Continuation) -> Plan | None:
    """Its parts by their level's name.

    「令和4年度の街の美化運動事業の決算は」 → 「細事業は？」
    """
    plan, before = follow_up.plan, follow_up.before
    asked = (
        plan.level == "sub_project" and plan.level_named and not (plan.subjects or follow_up.own or follow_up.forced)
    )
    plain = before.operation in ("lookup", "departments", "describe") and before.subjects
    # 「その細事業は？」 after the first of an order.
    points = before.operation == "rank" and before.level == "project" and REFERS.search(follow_up.text)
    told = follow_up.found if points else None
    if not asked or not (plain or told):
        return None
    subjects = (told,) if told else before.subjects
    metrics = plan.metrics or before.metrics
    return follow_up.anew_with(operation="breakdown", metrics=metrics, subjects=subjects, conditions=())


def bounded_parts_rule(follow_up: Continuation) -> Plan | None:
    """Those of the parts told that a bound picks.

    「認知症をみんなでささえるまちづくり事業の細事業ごとの決算を、令和4年度で」 → 「予算オーバーしたのはどっち？」
    """
    plan, before = follow_up.plan, follow_up.before
    asks_more = follow_up.forced not in (None, "change")
    if before.operation != "breakdown" or not (plan.conditions and before.subjects) or plan.subjects or asks_more:
        return None
    return follow_up.again(
        operation="filter", conditions=plan.conditions, metrics=(), level="sub_project", level_named=True
    )


def share_of_all_rule(follow_up: Continuation) -> Plan | None:
    """What part of everything an amount is.

    「令和5年度の自主企画事業費の予算は」 → 「割合にすると全体の何パーセント？」
    """
    plan, before = follow_up.plan, follow_up.before
    ranked = before.operation == "rank" and not before.group_by and follow_up.found is not None
    asked = _OF_EVERYTHING.search(follow_up.text) and (ranked or before.operation in ("lookup", "sum"))
    if not asked or follow_up.among or plan.subjects or follow_up.plan.of_scope or "execution_rate" in before.metrics:
        return None
    if ranked:
        # 「3つの合計は全体の何%？」 after the first three.
        told = follow_up.subjects if before.subjects else (follow_up.found,)
        return follow_up.anew_with(operation="share", subjects=told, metrics=before.metrics, conditions=())
    return follow_up.again(operation="share", conditions=(), summed=False)


_OF_WHOLE = re.compile(
    r"全体(?:に占める|の何|のうち|に対する|の(?:割合|どれくらい|どのくらい))|に占める|の(?:何%|何割|何パーセント)"
)


def share_of_scope_rule(follow_up: Continuation) -> Plan | None:
    """A part of a scope's sum.

    「令和4年度の自主企画事業費の予算の合計は」 → 「そのうち旭区広報事業が占める割合は？」
    """
    plan, before = follow_up.plan, follow_up.before
    own = (*plan.categories, *plan.pillars)
    # 「その合計は自主企画事業費全体の何%ですか」 after the sum of some rows.
    of_sum = before.operation == "sum" and before.subjects and own and _OF_WHOLE.search(follow_up.text)
    if not (follow_up.asks_itself and follow_up.operation == "share") and not of_sum:
        return None
    scope = (*before.categories, *before.pillars)
    outer = (*scope, *before.departments)
    if follow_up.among and plan.subjects and outer and not before.subjects:
        return follow_up.anew_with(metrics=follow_up.metrics, whole=outer)
    if follow_up.among and own and not before.subjects:
        # 「そのうち統合事業費の割合は？」: the scope before is the whole.
        return follow_up.anew_with(
            categories=plan.categories, pillars=plan.pillars, metrics=follow_up.metrics, whole=scope
        )
    alone = own and scope and not (before.subjects or plan.subjects or plan.topics or before.conditions)
    if alone and _OF_WHOLE.search(follow_up.text):
        # 「個性ある区づくり推進費全体に占める割合は」: what was asked of before is the part.
        parts = {"categories": before.categories, "pillars": before.pillars}
        return follow_up.anew_with(**parts, operation="share", metrics=follow_up.metrics, whole=own)
    if alone and plan.pillars and not (plan.categories or before.pillars or plan.whole):
        # 「「地域の力」の割合は」 after the sum of 自主企画事業費.
        return follow_up.anew_with(
            categories=(), pillars=plan.pillars, operation="share", metrics=follow_up.metrics, whole=scope
        )
    if before.pillars and before.categories and not (own or before.subjects or plan.whole or plan.subjects):
        # 「そのうち安全・安心は？」 of 自主企画事業費, 「何%？」
        return follow_up.anew_with(
            operation="share",
            categories=(),
            pillars=before.pillars,
            metrics=follow_up.metrics,
            whole=before.categories,
        )
    if before.subjects and own:
        # 「自主企画事業費の何%？」 after a project's amount.
        return follow_up.anew_with(
            categories=(),
            pillars=(),
            operation="share",
            subjects=follow_up.subjects,
            metrics=follow_up.metrics,
            whole=own,
        )
    return None


def own_rule(follow_up: Continuation) -> Plan | None:
    """What is asked, of what was before.

    「令和4年度の旭区広報事業の予算は」 → 「担当課は？」
    """
    if not follow_up.asks_itself:
        return None
    plan, before, operation = follow_up.plan, follow_up.before, follow_up.operation
    over: dict[str, Any] = {}
    if operation == before.operation == "indicators" and not (plan.topics or plan.subjects or plan.of_scope):
        # 「令和5年度の目標は？」 of the indicator that was told.
        over = {"topics": before.topics}
    if operation == "change" and not plan.years and before.years_before:
        # 「令和5年度は？」「令和4年度は？」「いくら増えた？」
        over = {"years": tuple(sorted({*before.years, *before.years_before})), "phases": ()}
    return follow_up.anew_with(
        **over,
        operation=operation,
        subjects=follow_up.subjects,
        conditions=follow_up.conditions,
        metrics=follow_up.metrics,
        level=plan.level if plan.level_named else before.level,
    )
