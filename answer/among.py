"""Rows that a clause picks before anything is asked of them: 「予算が増えた事業の執行額の合計」."""

from __future__ import annotations

import re
from dataclasses import replace

from answer.columns import asked_behind
from answer.draft import Draft
from answer.facts import Facts, Turned
from answer.operation import operation_of
from answer.presence import kept_stretch
from answer.types import DIRECTIONS, Plan
from answer.vocabulary import Word
from records import Metric

_COMPUTED = frozenset(("rank", "sum", "mean", "filter", "count", "share"))
# 「増えた統合事業費の事業」, 「増え、執行率が30%以下のもの」: what the verb picks stands behind it.
_PICKS = re.compile(r"[^。]{0,60}?(?:事業|もの|取組)")

_OF_WHOLE = re.compile(
    r"(?:費|柱|分野|」|全体|総額|予算|決算)(?:全体|総額)?(?:の(?:何%|何割|何パーセント|どれ)|に占める)"
)
_INDICATOR = re.compile("目標|指標|成果")


def picked_first(draft: Draft, facts: Facts, plan: Plan) -> Plan:
    """The plan over the rows that came, went or changed, where something more is asked of them; else as it was.

    An amount asked of what came or went is unclear where it was not read so: it must not be told of all rows.
    """
    picked = _picked(draft, facts, plan)
    turns = [w.text for w in draft.of("compare") if w.meaning in ("new", "vanished")]
    # 「区庁舎・区民利用施設管理費に消えた割合」 tells of no projects that went.
    computed = picked.operation in (*_COMPUTED, "lookup") and (picked.operation != "share" or draft.has("level"))
    amounts = facts.money and computed
    if turns and amounts and not (picked.among or facts.subjects):
        return replace(picked, unclear=picked.unclear or turns[0])
    return picked


def _picked(draft: Draft, facts: Facts, plan: Plan) -> Plan:
    if plan.operation == "indicators":
        return _of_rows(draft, plan)
    if facts.subjects or facts.indicator or facts.by_group or plan.columns:
        return plan
    if facts.turned is not None:
        return _of_turned(draft, facts, plan, facts.turned)
    kept = kept_stretch(draft)
    if kept is not None and not facts.directed:
        return _of_kept(draft, facts, plan, kept)
    moved = _moved(draft)
    if moved is None or plan.operation not in ("change", "rank"):
        return plan
    if plan.conditions and plan.operation == "change":
        # The figures that bounds are set on only pick.
        plan = replace(plan, metrics=(_changed_metric(draft, moved),))
    return _of_moved(draft, facts, plan, moved)


def _of_rows(draft: Draft, plan: Plan) -> Plan:
    """Indicators of rows within bounds, or that moved, came or went: 「予算が増えた事業で目標に届かなかったもの」"""
    if plan.subjects:
        return plan
    among = replace(plan, metrics=(), group_by=None, achieved=None, indicator_bounds=(), topics=(), limit=None)
    turned = next((w.meaning for w in draft.of("compare") if w.meaning in ("new", "vanished")), None)
    if turned is not None and not plan.topics:
        # 「令和5年度の新規事業の目標」
        operation: Turned = "new" if turned == "new" else "vanished"
        return replace(plan, among=replace(among, operation=operation, metrics=(), conditions=(), positions=()))
    moved = _moved(draft)
    behind = moved is not None and _INDICATOR.search(draft.folded[moved.end :]) is not None
    if moved is not None and behind and not _INDICATOR.search(draft.folded[: moved.start]):
        changed = _changed_metric(draft, moved)
        among = replace(among, operation="change", metrics=(changed,), descending=None, positions=())
        return replace(plan, conditions=(), direction=None, change_bounds=(), among=among)
    if not plan.conditions:
        return plan
    among = replace(among, operation="filter", metrics=tuple(dict.fromkeys(c.metric for c in plan.conditions)))
    return replace(plan, conditions=(), among=among)


def _of_turned(draft: Draft, facts: Facts, plan: Plan, turned: Turned) -> Plan:
    """「令和5年度になくなった事業の令和4年度予算の合計」: the sum over those alone."""
    words = [w for w in draft.words if not (w.family == "compare" and w.meaning in ("new", "vanished"))]
    rest = replace(facts, draft=replace(draft, words=words, presence=[]))
    operation = operation_of(rest)
    if operation == "count" and facts.money and draft.has("aggregate", "sum"):
        # 「新規事業の予算の合計と件数」: a sum says of how many rows it is.
        operation = "sum"
    if operation == "count" and not plan.conditions:
        # 「終了した事業は何件」: those alone are counted.
        return replace(plan, operation=turned)
    if operation not in _COMPUTED:
        return plan
    if operation == "share" and not plan.whole and _OF_WHOLE.search(draft.folded):
        # 「廃止された事業の予算は自主企画事業費の何%」
        plan = replace(plan, whole=(*plan.categories, *plan.pillars), categories=(), pillars=())
    turns = [w for w in draft.of("compare") if w.meaning in ("new", "vanished")]
    # 「なくなった事業の令和4年度決算」: a year behind the word is that of the figures.
    behind = bool(turns and draft.year_spans) and all(turns[-1].end <= start for start, _, _ in draft.year_spans)
    years = () if behind else plan.years
    among = replace(
        plan, operation=turned, years=years, conditions=(), phases=(), limit=None, descending=None, positions=()
    )
    return replace(plan, operation=operation, among=among)


def _of_kept(draft: Draft, facts: Facts, plan: Plan, stretch: tuple[int, int]) -> Plan:
    """「両年度にある事業のうち、令和5年度の予算が最大のもの」: the greatest of those, in the year said beside it."""
    words = [w for w in draft.words if (w.family, w.meaning) != ("compare", "kept")]
    rest = replace(facts, draft=replace(draft, words=words, presence=[]))
    operation = operation_of(rest)
    if operation not in _COMPUTED or (operation == "count" and not plan.conditions):
        return replace(plan, in_every_year=True)
    among = replace(plan, operation="list", years=plan.years if len(plan.years) > 1 else (), in_every_year=True)
    among = replace(among, metrics=(), conditions=(), phases=(), limit=None, descending=None, positions=())
    # The two years right before are those of the lists; a year that stands elsewhere is the one asked for.
    before = [span for span in sorted(draft.year_spans) if span[1] <= stretch[0]]
    others = [y for s, _, y in sorted(draft.year_spans) if s > stretch[0]] or [y for _, _, y in before[:-2]]
    if len(plan.years) == 1:
        others = list(plan.years)
    years = tuple(dict.fromkeys(others)) or plan.years
    return replace(plan, operation=operation, years=years, in_every_year=False, among=among)


def _of_moved(draft: Draft, facts: Facts, plan: Plan, moved: Word) -> Plan:
    """「予算が増えた事業の執行額の合計」: the sum of another figure over those that changed."""
    metrics = asked_behind(draft, max([moved.end, *(a.end for a in draft.amounts)]))
    again = any(w.family == "compare" and w.start > moved.end for w in draft.words)
    if not metrics or again:
        return plan
    words = [w for w in draft.words if w.family != "compare" and not (w.family == "rank" and w.start < moved.start)]
    rest = replace(facts, draft=replace(draft, words=words), metrics=metrics, conditions=())
    operation = operation_of(rest)
    if operation not in ("rank", "sum", "mean"):
        return plan
    changed = _changed_metric(draft, moved)
    # Whatever state of the later year is asked for, both years are compared.
    among = replace(plan, operation="change", metrics=(changed,), phases=(), limit=None, descending=None, positions=())
    return replace(
        plan, operation=operation, metrics=metrics, conditions=(), direction=None, change_bounds=(), among=among
    )


def _moved(draft: Draft) -> Word | None:
    """The word for a change that says which projects are meant, or None."""
    found = (w for w in draft.of("compare") if w.meaning in DIRECTIONS and _PICKS.match(draft.folded[w.end :]))
    return next(found, None)


def _changed_metric(draft: Draft, moved: Word) -> Metric:
    """What changed: the last figure named before the word for the change in its clause, else the budget."""
    clause = draft.folded.rfind("、", 0, moved.start)
    before = [w for w in draft.of("metric") if clause <= w.start and w.end <= moved.start]
    return before[-1].meaning if before else "budget"  # type: ignore[return-value]
