"""Rules that continue a selection or an order of rows."""

from __future__ import annotations

import re
from dataclasses import replace

from answer.continuation import LISTED, THAT_DEPARTMENT, Continuation
from answer.ranking import ASKED_PLACE
from answer.types import OPPOSITE, GroupBy, Plan
from ingest.amounts import parse_numeral

# 「5つに増やしてください」「10件まで見せて」
_SO_MANY = re.compile(r"(\d+|[二三四五六七八九十])(?:(?:つ|件|事業|個)(?:に(?=増|減|広|絞|し)|まで)|(?:位|番目)まで)")
# 「その次は？」 after the first of an order.
_NEXT = re.compile(
    r"(?:では|じゃあ?)?、?(?:さらに|更に|もう(?:ひとつ|一つ|1つ))?、?(?:その|これの|それの)?次(?:点|に[高低多少大][ぁ-ん]{1,4})?(?:の(?:もの|事業)?)?(?:は|って)(?:何|なに|どれ|どこ|どの事業)?(?:です)?か?、?"
)
# 「次の5つは？」
_NEXT_MANY = re.compile(
    r"(?:では|じゃあ?)?、?(?:その)?(?:次|続)(?:の|く)(?P<n>\d+|[二三四五六七八九十])(?:つ|件|事業|個)(?:の事業)?(?:は|を|も)?(?:何|どれ|教えて|お願い)?(?:です)?か?、?"
)
# 「60%以上のだけにして」 after 80%未満.
_ONLY_THOSE = re.compile("だけ|のみ|絞|に限|かつ|さらに")
# 「それ以外は？」 after a bound.
_THE_OTHERS = re.compile(
    r"(?:では|じゃあ?)?、?(?:(?:それ|これ|そ|この|その事業)ら?以外|残り|(?:そ|こ)?の?(?:ほか|他))(?:の(?:もの|事業))?(?:の(?:予算|決算|執行)額?)?(?:は|だと|を|で|も)[^、]{0,12}、?"
)


# 「逆に足りなかったのは？」 after those that had some left.
_OTHER_WAY = re.compile(r"(?:では|じゃあ?)?、?(?:逆|反対)に、?")
_OF_LEFT = re.compile("足り|足が出|オーバー|超え|超過|使い過ぎ|使いすぎ|余|残")


def other_way_rule(follow_up: Continuation) -> Plan | None:
    """Those on the other side of nothing left.

    「令和4年度に予算が余った事業は何件？」 → 「逆に足りなかったのは？」
    """
    before, plan = follow_up.before, follow_up.plan
    if not _OTHER_WAY.match(follow_up.text) or before.operation not in ("filter", "count") or plan.conditions:
        return None
    if len(before.conditions) != 1 or plan.subjects or plan.metrics or plan.of_scope:
        return None
    (bound,) = before.conditions
    if bound.metric != "difference" or bound.value != 0 or bound.comparator not in ("lt", "gt"):
        return None
    if not _OF_LEFT.search(follow_up.text):
        return None
    return follow_up.again(conditions=(replace(bound, comparator="gt" if bound.comparator == "lt" else "lt"),))


# 「一番多い課は？」 after a list of rows: that which has most of them.
_MOST_ROWS = re.compile(
    r"(?:では|じゃあ?)?、?(?:(?:その|この)(?:うち|中)で?、?)?(?:一番|最も|もっとも|いちばん)多い(?:担当)?(?P<group>課|部署|柱|分野)(?:は|って|を|が)"
)


def most_rows_rule(follow_up: Continuation) -> Plan | None:
    """The department that has most of the rows told.

    「令和4年度の執行率が80%未満の事業は」 → 「一番多い課は？」
    """
    before, group = follow_up.before, _MOST_ROWS.match(follow_up.text)
    if group is None or before.operation not in ("filter", "list") or before.group_by or follow_up.plan.metrics:
        return None
    by: GroupBy = "department" if group["group"] in ("課", "部署") else "pillar"
    return follow_up.again(operation="count", group_by=by, descending=True, picks=True)


def excluded_rule(follow_up: Continuation) -> Plan | None:
    """The same without some.

    「令和4年度の執行率が60%未満の事業は」 → 「地域振興課以外は？」
    """
    if not follow_up.plan.excluded:
        return None
    return follow_up.again(excluded=(*follow_up.before.excluded, *follow_up.plan.excluded))


def others_rule(follow_up: Continuation) -> Plan | None:
    """Those that a bound did not pick.

    「令和4年度の魅力づくりの柱で執行率が95%以上の事業は」 → 「それ以外は？」
    """
    before = follow_up.before
    if before.operation not in (*LISTED, "count") or not _THE_OTHERS.fullmatch(follow_up.text):
        return None
    if before.operation == "rank" and follow_up.names and not before.group_by:
        # The rest of the order.
        rest = (*before.excluded, *follow_up.names)
        return follow_up.again(excluded=rest, limit=None, positions=(), ordered=True)
    if before.operation not in ("filter", "count") or len(before.conditions) != 1:
        # Those that a change or several bounds did not pick are not computed.
        return follow_up.again(unclear=follow_up.text.rstrip("、"))
    (bound,) = before.conditions
    return follow_up.again(conditions=(replace(bound, comparator=OPPOSITE[bound.comparator]),))


def next_rule(follow_up: Continuation) -> Plan | None:
    """The next of an order.

    「令和4年度の地域の力の事業で執行率がもっとも低いのは？」 → 「その次は？」
    """
    before = follow_up.before
    many = _NEXT_MANY.fullmatch(follow_up.text)
    order = before.replaced
    of_groups = order is not None and order.group_by and order.operation == "rank" and before.operation != "rank"
    if order is not None and of_groups and not before.subjects and _NEXT.fullmatch(follow_up.text):
        # 「一番大きい課は」 → 「執行率は？」 → 「次に大きいのは？」: of the departments again.
        last = max(order.positions, default=order.limit or 1)
        question = follow_up.plan.question
        return replace(order, positions=(last + 1,), limit=None, continued=True, question=question, replaced=order)
    if before.operation != "rank" or not (many or _NEXT.fullmatch(follow_up.text)):
        return None
    last = max(before.positions, default=before.limit or 1)
    if many is not None:
        number = int(parse_numeral(many["n"]) or 1)
        return follow_up.again(positions=tuple(range(last + 1, last + 1 + number)), limit=None, replaced=before)
    return follow_up.again(positions=(last + 1,), limit=None, replaced=before)


def so_many_rule(follow_up: Continuation) -> Plan | None:
    """More or fewer of an order.

    「令和4年度の予算が多い事業トップ3は」 → 「5つに増やしてください」
    """
    many = _SO_MANY.search(follow_up.text)
    if many is None or not follow_up.bare or follow_up.before.operation != "rank":
        return None
    if follow_up.plan.metrics or follow_up.draft.has("rank"):
        return None
    limit = parse_numeral(many[1])
    return follow_up.again(limit=int(limit) if limit else follow_up.before.limit)


def rows_departments_rule(follow_up: Continuation) -> Plan | None:
    """The departments of a list's rows.

    「令和4年度の執行率が60%未満の事業は」 → 「それぞれどこの課？」
    """
    listed = follow_up.before.operation in LISTED and not follow_up.before.subjects
    asked = follow_up.bare and follow_up.forced == "departments"
    return follow_up.again(tells_departments=True) if asked and listed else None


def that_department_rule(follow_up: Continuation) -> Plan | None:
    """All of the department told.

    「令和4年度のDV対策事業の担当課は」 → 「その課が担当している事業は？」
    """
    plan = follow_up.plan
    if not (plan.of_scope and THAT_DEPARTMENT.match(follow_up.text)) or plan.subjects:
        return None
    # 「その課の事業は全部で何件」, 「その課の執行率は」 after the first of the departments.
    of_rows = plan.level_named or follow_up.before.group_by or plan.operation in ("sum", "mean")
    if plan.operation not in ("list", "departments") and not of_rows:
        return None
    operation = "list" if plan.operation == "departments" else plan.operation
    scope = {"departments": plan.departments, "pillars": plan.pillars, "categories": ()}
    return follow_up.anew_with(**scope, operation=operation, among=None, conditions=plan.conditions)


def narrowed_rule(follow_up: Continuation) -> Plan | None:
    """Those of one department.

    「令和4年度の執行率が60%未満の事業は」 → 「そのうち地域振興課のものは？」
    """
    plan, before = follow_up.plan, follow_up.before
    narrows = follow_up.plan.of_scope and not (
        plan.metrics or plan.conditions or plan.subjects or plan.topics or plan.group_by
    )
    of_list = before.operation in LISTED and plan.operation in ("list", "departments", "describe")
    if not (narrows and of_list) or follow_up.forced:
        return None
    if follow_up.among and follow_up.found is not None and before.operation == "rank":
        # 「その中で総務課のものは？」 after the first five: those of the five.
        return follow_up.again(subjects=(follow_up.found,), limit=None, positions=(), ordered=True)
    return follow_up.again()


def greatest_change_rule(follow_up: Continuation) -> Plan | None:
    """The greatest of changes.

    「令和4年度から令和5年度で予算が減った事業は」 → 「その中で一番差が大きいのは」
    """
    ranked = follow_up.forced == "rank" and follow_up.before.operation == "change"
    if not (ranked and follow_up.draft.has("compare")) or follow_up.plan.metrics:
        return None
    return follow_up.again(limit=follow_up.plan.limit or 1)


def rank_rule(follow_up: Continuation) -> Plan | None:
    """An order of what was told.

    「令和4年度の地域振興課の事業の執行率は」 → 「一番低いのは？」
    """
    plan, before, found = follow_up.plan, follow_up.before, follow_up.found
    if follow_up.forced != "rank" or plan.subjects:
        return None
    bounded = tuple(dict.fromkeys(c.metric for c in before.conditions))
    # 「そのうち執行率が低いのは」 after a ranking: of the rows that it showed, not of all.
    shown = follow_up.among and found is not None and before.operation in ("rank", "change", "new", "vanished")
    descending = before.descending if plan.descending is None else plan.descending
    # 「一番超えたのは？」 after 予算を超えた事業: the greatest excess is the lowest difference.
    of_excess = [c.metric == "difference" and c.comparator == "lt" and c.value <= 0 for c in before.conditions]
    most_beyond = of_excess == [True] and not (plan.metrics or plan.conditions) and descending is not None
    if before.operation == "count" and before.group_by and not (plan.metrics or plan.conditions or plan.level_named):
        # 「一番多いのは？」 after 課ごとの事業数: the department that has the most.
        return follow_up.again(descending=descending, positions=plan.positions, picks=True)
    other = bool(plan.metrics) and plan.metrics != before.metrics and not (before.group_by or plan.level_named)
    several = before.operation == "rank" and (before.limit or 0) > 1 and plan.limit in (None, 1)
    if other and several and follow_up.draft.has("rank", "most", "least"):
        # 「執行率が一番高いのは？」 after the five greatest budgets: of the five.
        shown = found is not None
    beyond = follow_up.draft.has("shorthand", "over_budget") and not plan.metrics
    if beyond and before.operation == "filter":
        # 「一番超過したのは？」 after 執行率が100%超: the lowest difference.
        return follow_up.again(operation="rank", metrics=("difference",), descending=False, limit=plan.limit)
    of_parts = before.operation == "breakdown" and bool(before.subjects)
    level_before = "sub_project" if of_parts else before.level
    return follow_up.again(
        subjects=(found,) if shown and found is not None else follow_up.asked_of,
        operation="rank",
        metrics=plan.metrics or before.metrics or bounded,
        descending=(not descending if most_beyond else descending),
        limit=plan.limit if shown else plan.limit or before.limit,
        positions=plan.positions,
        # 「1位と3位の差は？」
        gap=plan.gap or (len(plan.positions) == 2 and "差" in follow_up.text and not plan.metrics),
        ordered=plan.ordered,
        level=plan.level if plan.level_named else level_before,
        replaced=before if before.operation == "rank" else before.replaced,
    )


def turned_rule(follow_up: Continuation) -> Plan | None:
    """Of those that came new or went.

    「令和5年度になくなった事業は」 → 「予算の合計は？」
    """
    plan, before = follow_up.plan, follow_up.before
    computed = follow_up.operation in ("sum", "mean", "rank", "filter", "share")
    if before.operation not in ("new", "vanished") or not computed or plan.subjects or plan.of_scope or plan.topics:
        return None
    metrics = plan.metrics or before.metrics or tuple(c.metric for c in plan.conditions) or ("budget",)
    return follow_up.anew_with(operation=follow_up.operation, metrics=metrics, among=before)


def place_rule(follow_up: Continuation) -> Plan | None:
    """At which place of an order it stands.

    「令和4年度の旭区広報事業の予算は」 → 「執行率は何位？」
    """
    plan, before = follow_up.plan, follow_up.before
    if not ASKED_PLACE.search(follow_up.text) or plan.subjects or plan.of_scope or len(before.subjects) != 1:
        return None
    metrics = plan.metrics or before.metrics
    return follow_up.again(operation="rank", asks_position=True, metrics=metrics, conditions=(), limit=None)


def other_direction_rule(follow_up: Continuation) -> Plan | None:
    """The other way, over all rows again.

    「令和4年度から令和5年度で安全・安心の事業で予算が減ったのは」 → 「逆に増えたのは？」
    """
    plan, before = follow_up.plan, follow_up.before
    turned = before.operation == "change" and before.direction and plan.direction not in (None, before.direction)
    if not turned or follow_up.among or follow_up.of_figures or plan.topics or plan.change_bounds:
        return None
    return follow_up.again(direction=plan.direction, change_bounds=())


def change_bound_rule(follow_up: Continuation) -> Plan | None:
    """Those that changed by so much.

    「令和4年度から令和5年度で予算が増えた事業は」 → 「1割以上増えたのは？」
    """
    plan, before = follow_up.plan, follow_up.before
    if before.operation != "change" or not plan.change_bounds or plan.subjects or plan.topics or plan.metrics:
        return None
    return follow_up.again(change_bounds=plan.change_bounds, direction=plan.direction or before.direction)


def other_bound_rule(follow_up: Continuation) -> Plan | None:
    """A corrected bound, or one more.

    「令和4年度の執行率が30%未満の事業は」 → 「失礼、60%未満でした」
    """
    plan, before = follow_up.plan, follow_up.before
    same = {(c.metric, c.unit) for c in plan.conditions} == {(c.metric, c.unit) for c in before.conditions}
    bounded = before.operation in ("filter", "count") and not follow_up.among
    if not (plan.conditions and same and bounded) or follow_up.forced in ("sum", "mean", "share"):
        return None
    # 「60%以上のだけにして」 after 80%未満: of those, and not of all.
    both = (*before.conditions, *plan.conditions)
    return follow_up.again(conditions=both if _ONLY_THOSE.search(follow_up.text) else plan.conditions)


def number_of_rows_rule(follow_up: Continuation) -> Plan | None:
    """How many they are.

    「令和4年度の執行率が60%未満の事業は」 → 「全部で何件？」
    """
    before = follow_up.before
    listed = before.operation in ("filter", "list")
    if follow_up.asks_itself and follow_up.operation == "count" and before.operation == "change" and before.direction:
        # Those that changed are told once, of both years together.
        return None if before.group_by or before.subjects else follow_up.again(operation="change")
    if not (follow_up.asks_itself and follow_up.operation == "count" and listed):
        return None
    # 「課ごとの件数は？」
    groups = follow_up.plan.group_by or before.group_by
    return follow_up.again(operation="count", conditions=follow_up.conditions, group_by=groups)
