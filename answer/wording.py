"""Conditions and figures' names in Japanese words."""

from __future__ import annotations

from collections.abc import Sequence

from answer.types import ChangeBound, Condition, Level, Plan
from answer.values import METRIC_NAMES, number_text
from ingest.eras import fiscal_year_label
from records import Metric

# What the rows of a level are called.
LEVEL_NAMES: dict[Level, str] = {
    "project": "事業",
    "sub_project": "細事業",
    "section": "経費区分",
    "kan": "款",
    "kou": "項",
    "moku": "目",
    "setsu": "節",
    "account": "会計",
    "sub_account": "会計",
    "total": "合計",
    "entry": "項目",
}
DIRECTION_WORDS = {
    "up": "増えた",
    "down": "減った",
    "same": "変わらなかった",
    "not_up": "増えなかった",
    "not_down": "減らなかった",
}
_SIGNS = {"lt": "未満", "le": "以下", "gt": "超", "ge": "以上", "eq": "", "ne": "以外"}


def metric_name(plan: Plan, metric: Metric) -> str:
    """What a plan calls a metric: of a column of a budget book its own name."""
    return plan.account_columns[0] if metric == "other" and plan.account_columns else METRIC_NAMES[metric]


def conditions_text(conditions: Sequence[Condition]) -> str:
    """Conditions in Japanese: 執行率が60%以上、かつ執行率が80%未満; alternatives are joined by または."""
    alternatives: dict[int, list[str]] = {}
    for condition in conditions:
        alternatives.setdefault(condition.alternative, []).append(_condition_text(condition))
    return "、または".join("、かつ".join(parts) for parts in alternatives.values())


def _bounds_text(bounds: Sequence[ChangeBound]) -> str:
    """Bounds on a change in Japanese: 増減が10%以上、かつ増減が30%以下."""
    told = []
    for bound in bounds:
        sign = _SIGNS[bound.comparator]
        if bound.unit == "times":
            told.append(f"前の年度の{bound.value.normalize():f}倍{sign}")
        else:
            units = {"percent": "%", "point": "ポイント"}
            value = f"{bound.value}{units[bound.unit]}" if bound.unit in units else number_text(bound.value, "yen")
            told.append(f"増減が{value}{sign}")
    return "、かつ".join(told)


def moved_text(plan: Plan) -> str:
    """How rows must have moved: 「増えた」, of several columns 「予算額が増えた、かつ執行率が減った」."""
    own = DIRECTION_WORDS.get(plan.direction or "", "")
    if not plan.also_moved:
        return own
    others = (f"{METRIC_NAMES[m.metric]}が{DIRECTION_WORDS[m.direction]}" for m in plan.also_moved)
    return "、かつ".join((f"{METRIC_NAMES[plan.metrics[0]]}が{own}", *others))


def moved_bounds_text(plan: Plan) -> list[str]:
    """The bounds on the changes of a plan, column by column: 「増減が10%以上」."""
    columns = [("", plan.change_bounds), *((METRIC_NAMES[m.metric], m.bounds) for m in plan.also_moved)]
    return [f"{name}の{told}" if name else told for name, bounds in columns if (told := _bounds_text(bounds))]


def _condition_text(condition: Condition) -> str:
    year = f"{fiscal_year_label(condition.year)}の" if condition.year is not None else ""
    name = condition.column or METRIC_NAMES[condition.metric]
    if condition.reference is not None:
        of = {"mean": "平均", "whole": "全体の値"}.get(condition.reference.kind)
        if condition.reference.match is not None:
            of = f"「{condition.reference.match.names[0]}」"
        words = {"lt": "未満", "le": "以下", "gt": "超", "ge": "以上", "eq": "と同値", "ne": "以外"}
        return f"{year}{name}が{of}{words[condition.comparator]}"
    if condition.metric == "difference" and condition.value == 0:
        phrases = {"lt": "執行が予算額を超過", "gt": "予算額に残額あり", "eq": "予算額の残額が0円（使い切り）"}
        if condition.comparator in phrases:
            return year + phrases[condition.comparator]
    value = f"{condition.value}%" if condition.unit == "percent" else number_text(condition.value, "yen")
    return f"{year}{name}が{value}{_SIGNS[condition.comparator]}"
