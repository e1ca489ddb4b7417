"""The metrics a question asks for and the bounds it sets, told apart."""

from __future__ import annotations

import re
from dataclasses import replace

from answer.bounds import between_columns, columns_compared, conditions_of
from answer.columns import asked_behind, metrics_of
from answer.draft import Draft
from answer.facts import asks_times
from answer.rewrites import WITHIN
from answer.types import Condition, Plan
from answer.years_compared import compared_in_one_year
from records import Metric, Phase

_HOW_MUCH_OF_BUDGET = re.compile(
    r"予算額?(?:の|に対して|のうち|は|を)[^、]{0,8}(?:何%|何割|何パーセント|(?:どのくらい|どれくらい|どの程度)の割合)[^、]{0,8}(?:使|執行|消化|支出)"
    r"|(?:何%|何割|何パーセント)(?:を|ほど|くらい|ぐらい|まで|程度|だけ|が)*(?:使|執行|消化|支出)"
    r"|何%まで(?:行|い[っきけ]|達|進|来)"
    r"|(?:使った|使われた|執行した|消化した)割合|予算額?に対する(?:決算|執行)額?の(?:割合|比率)"
    r"|予算額?[はがを]どこまで(?:消化|執行|使|支出)[^。]{0,14}(?:率|%|割|パーセント)"
)
# 「予算を使い切った自主企画事業費の事業の決算額」: the phrase picks projects.
_HOW_FAR = re.compile(r"^(?!.*(?:占め|うち|全体|割合)).*何(?:%|パーセント)")
# 「決算合計が予算合計に占める割合」
_SPENT_OF_BUDGET = re.compile(
    r"(?:決算|執行)額?の?(?:合計)?額?(?:が|の|は)、?(?:その)?予算額?の?(?:合計)?額?に(?:占める|対する)(?:割合|比率)"
)
_OF_PROJECTS = re.compile(r"[ぁ-ん]{0,4}(?:[^、。]{0,24}?[のるく])?(?:事業|もの)")
_GAPS = ("開き", "違い", "ずれ", "乖離", "隔たり")
_HOW_MUCH = ("いくら", "どれだけ", "どれくらい", "どのくらい")
_BUDGET_TOO = re.compile("予算額?[がは](?:いくら|幾ら|何円)(?!余|残)")
_GAP_TOO = ("差額", "差")
_GAP_AFTER = re.compile("(?:どちら|どっち)[^。?？]{0,8}[。?？]?[^。?？]{0,8}差額?(?:も|は|が|を|と)")
_EITHER_WAY: dict[str, str] = {"le": "ge", "lt": "gt"}


def figures_asked(
    draft: Draft, plan: Plan, phases: tuple[Phase, ...]
) -> tuple[tuple[Metric, ...], tuple[Condition, ...]]:
    """The metrics asked for and the bounds set, told apart."""
    metrics = metrics_of(draft, phases)
    if draft.has("compare", "which") and draft.has("shorthand", "left_over") and set(metrics) <= {"budget"}:
        # 「どちらが予算を多く残しましたか」
        draft.drop("shorthand", "left_over")
        metrics = ("difference",)
    elif _asks_what_is_left(draft) and set(metrics) <= {"budget", "settled", "difference"}:
        draft.drop("shorthand", "left_over")
        draft.add("ask", "how_much")
        metrics = ("budget", "difference") if _BUDGET_TOO.search(draft.folded) else ("difference",)
    if draft.has("compare", "which") and draft.has("rank") and set(metrics) == {"difference"}:
        gap = any(w.text in _GAP_TOO for w in draft.of("metric"))
        if gap and _GAP_AFTER.search(draft.folded):
            # 「事業費が多いのはどちらですか。差額も知りたいです」: the gap of the two.
            draft.drop("metric")
            metrics = ()
    compared = any(w.text != "まで" for w in draft.of("comparator"))
    several = len(draft.subjects) + len(draft.pillars) + len(draft.categories) > 1
    spent_of_it = _SPENT_OF_BUDGET.search(draft.folded) is not None
    if (spent_of_it or _HOW_MUCH_OF_BUDGET.search(draft.folded)) and not (compared or several):
        # 「予算の何%を使いましたか」 asks the execution rate.
        metrics = ("execution_rate",)
        draft.drop("aggregate", "share", "ratio")
        draft.drop("metric")
        draft.drop("spent")
    if not metrics and draft.has("phase", "interim") and _HOW_FAR.search(draft.folded):
        # 「統合事務費 7月末現在 令和5年度 何%」
        metrics = ("execution_rate",)
        draft.drop("aggregate", "share", "ratio")
    between = len(plan.years) <= 1 and between_columns(draft)
    if between:
        metrics = ("difference",)
        draft.drop("compare")
        draft.drop("metric")
        draft.topics = [t for t in draft.topics if t not in _GAPS]
    in_one_year = compared_in_one_year(draft)
    conditions = conditions_of(draft, metrics)
    if between:
        conditions = tuple(replace(c, metric="difference") if c.unit == "yen" else c for c in conditions)
        # A difference 以内 is meant either way.
        conditions += tuple(
            replace(c, comparator=_EITHER_WAY[c.comparator], value=-c.value)  # type: ignore[arg-type]
            for c in conditions
            if c.comparator in _EITHER_WAY
        )
    how_much = draft.has("ask", "how_much") or any(w.text.startswith(_HOW_MUCH) for w in draft.of("shorthand"))
    scope_asked = bool(draft.pillars or draft.categories) and how_much
    named = not draft.has("exclude") and (bool(draft.subjects) or scope_asked)
    within = any(WITHIN.match(draft.folded[m.end :]) for m in draft.subjects)
    # 「予算をはみ出したA、決算を細事業に分けて」
    of_rows = draft.has("level") or any("細事業" in w.text for w in draft.of("ask"))
    if within and conditions and not draft.has("level"):
        # 「Aの中で予算オーバーしたのはどれ」: its sub-projects.
        draft.add("level", "sub_project")
    elif named and not of_rows and draft.has("shorthand", "over_budget", "left_over", "used_up"):
        # 「Aは予算をいくら超えましたか」 asks A's difference, not which projects went over.
        told = tuple(m for m in metrics if m not in ("budget", "settled"))
        told = told or ("difference",)
        # 「予算がいくらで、いくら余ったのか」 asks for both.
        metrics, conditions = (("budget", *told) if _BUDGET_TOO.search(draft.folded) else told), ()
    if named and draft.has("ask", "breakdown") and not draft.has("comparator"):
        # 「Aの838万円の内訳」: an amount of A's that the question gives sets no bound.
        conditions = ()
    bounded = {c.metric for c in conditions}
    bounds = [a.end for a in draft.amounts if a.kind in ("yen", "percent")]
    phrases = [w.end for w in draft.of("shorthand") if _OF_PROJECTS.match(draft.folded[w.end :])]
    behind = asked_behind(draft, max(bounds + phrases)) if conditions and bounds + phrases else ()
    if behind:
        # 「予算が200万円未満で、執行額が50万円以上の事業の予算額の合計」: what stands last is asked for.
        metrics = behind
    elif conditions and any(m not in bounded for m in metrics) and draft.has("aggregate", "sum", "mean"):
        # 「予算を超えた事業の超過額の合計」: the amount beyond is named.
        named_too = tuple(m for m in metrics if m == "difference" and draft.has("metric", "difference"))
        metrics = named_too or tuple(m for m in metrics if m not in bounded)
    columns = in_one_year or columns_compared(draft.folded)
    of_years = len(draft.year_spans) > 1 and draft.has("compare", "up", "down")
    if columns is not None and not of_years:
        metrics, conditions = tuple(m for m in metrics if m == "execution_rate"), (columns,)
        draft.drop("compare")
    if asks_times(draft) and "budget" in metrics and len(metrics) >= 2:
        metrics = (*metrics, "execution_rate")
    return metrics, conditions


def _asks_what_is_left(draft: Draft) -> bool:
    """「令和4年度はいくら余りましたか」 asks an amount; 「いくら余った事業」, 「各事業はいくら余ったか」 rows."""
    asked = [w for w in draft.of("shorthand") if w.text.startswith(_HOW_MUCH)]
    of_rows = draft.has("level", "project", "sub_project") and len(draft.subjects) < 2
    return bool(asked) and not (of_rows or draft.amounts or _OF_PROJECTS.match(draft.folded[asked[0].end :]))
