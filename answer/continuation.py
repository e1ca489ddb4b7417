"""A follow-up beside the plan of the question before it, and what the rules of a conversation ask of the two."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from answer.draft import Draft
from answer.follow_up import AMONG
from answer.types import Condition, NameMatch, Operation, Plan
from records import Metric

THAT_DEPARTMENT = re.compile(
    r"^(?:では|じゃあ?)?、?(?:(?:その|この|同じ)(?:(?P<scope>柱|分野)|課|部署|(?:担当|所管)課(?=の))(?!長)|そこの(?=事業))"
)
MONEY = ("budget", "settled", "executed", "difference")
LISTED = ("filter", "list", "rank", "new", "vanished", "change")
# What names no figure of its own in a follow-up.
_PLAIN = ("describe", "lookup", "list", "counts")
# What is asked of the rows of the answer before.
_OF_ROWS = ("departments", "lookup", "breakdown", "describe", "indicators", "counts")
_OVER_COLUMN = ("rank", "sum", "mean", "filter", "share", "compare", "change", "count")
WHICH_YEAR = re.compile("(?:どちら|どっち|どの)の?年度?(?:が|の|で)")
# 「決算額で見た場合は？」: the same order, sum or bound of another column.
BY_COLUMN = re.compile(
    r"(?:予算|決算|執行)(?:額|率)?(?:(?:で|を)(?:見|み|比べ|並べ|数え|計算)|で(?:は|の場合)|だと|の場合|ベース|を基準|順(?:だと|では|に|で))|差引(?:で|だと)"
)
# What is asked of the groups that an order or sums of them told.
_AS_SUM: dict[Operation, Operation] = {"rank": "sum", "share": "sum"}
_EACH = re.compile("それぞれ|各々|全部|すべて|全て|合計")
_ANY_OF_THEM = re.compile("(?:その|この|あの)(?:細?事業|中|うち)")
_BESIDES = re.compile("(?:では|じゃあ?)?、?(?:(?:ほか|他)に(?:も|は)?|(?:それ|これ)以外(?:に|で)(?:も|は)?)、?")
REFERS = re.compile(r"^(?:それ|これ|その|この)(?!うち|中)")


@dataclass(frozen=True, slots=True)
class Continuation:
    """A follow-up with the plan of the question before it, and what the rules ask of the two.

    `slots` are what goes on whatever is asked: year, place, state, scope. `names` are the projects that the answer
    before told; `own`: the question asks for something of its own, `forced`: its few words ask an operation of what was
    found before; `among`: of the rows told before; `anew`: it puts one scope in another's place.
    """

    draft: Draft
    plan: Plan
    before: Plan
    names: tuple[str, ...]
    slots: Mapping[str, Any]
    own: bool
    forced: Operation | None
    among: bool
    anew: bool

    @property
    def text(self) -> str:
        return self.draft.folded

    @property
    def found(self) -> NameMatch | None:
        """What the answer before told, as a subject."""
        return NameMatch("前の答え", self.names, "previous") if self.names else None

    @property
    def bare(self) -> bool:
        """Whether nothing is named but a year, a place or a column."""
        plan = self.plan
        return not (plan.subjects or plan.topics or plan.conditions or plan.departments or self.anew)

    @property
    def of_figures(self) -> bool:
        """Whether a project, column, bound or scope is named."""
        plan = self.plan
        return bool(plan.subjects or plan.metrics or plan.conditions or plan.of_scope)

    @property
    def asks_itself(self) -> bool:
        """Whether the question says what is asked, and not only of what."""
        described = self.draft.has("ask", "describe")
        return bool(self.own or self.forced or self.plan.metrics or self.plan.asks or described)

    @property
    def operation(self) -> Operation:
        """What is asked of what was before."""
        operation = self.forced or self.plan.operation
        if operation == "share" and {*self.plan.metrics} == {"indicator_target", "indicator_result"}:
            # 「実績は目標の何%になる？」
            return "indicators"
        if operation in ("breakdown", "departments") and not self.subjects:
            operation = self.plan.operation
        elif operation == "describe" and self.plan.metrics:
            operation = "lookup"
        return operation

    @property
    def subjects(self) -> tuple[NameMatch, ...]:
        """Of what it is asked: what the question names, else what was asked of before, else what was told."""
        before, found = self.before, self.found
        wants_rows = self.plan.operation in _OF_ROWS or self.among or REFERS.search(self.text) is not None
        # 「その柱の令和5年度の予算額は」: the pillar itself goes on, not what was printed for it.
        scoped = before.pillars or before.categories
        goes_on = bool(scoped) and before.operation in ("lookup", "sum", "mean") and not self.among
        # What was told last of rows told before are those that a bound left of them.
        told_last = before.operation in LISTED and all(m.how == "previous" for m in before.subjects)
        # 「その決算は」 after the first of a project's parts: of that part.
        told_last = told_last or (before.operation == "rank" and not before.asks_position)
        if found and wants_rows and not (self.plan.subjects or (before.subjects and not told_last) or goes_on):
            outer = before.subjects[0].names if len(before.subjects) == 1 and before.level == "sub_project" else ()
            return (replace(found, within=outer),)
        computed = self.forced in ("sum", "mean") and not REFERS.search(self.text)
        return self.plan.subjects or (self.asked_of if computed else before.subjects)

    @property
    def asked_of(self) -> tuple[NameMatch, ...]:
        """Of what was asked before; of one thing after another all: 「Aの予算は」「Bは？」「一番多いのは？」."""
        before = self.before
        alike = alike_before(before) if before.operation == "lookup" and before.subjects else []
        return tuple(dict.fromkeys(m for one in alike for m in one.subjects)) or before.subjects

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The question's own bounds; else those of before, where the rows that they pick are still meant."""
        # What they picked are the rows told before: another year's figures are not bounded again.
        elsewhere = bool(self.found and self.plan.years) and self.plan.years != self.before.years
        keeps = (self.among or self.operation in ("count", "sum", "mean")) and not elsewhere
        return self.plan.conditions or (self.before.conditions if keeps else ())

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The question's own columns; else those of before, where something is computed over a column."""
        bounded = tuple(dict.fromkeys(c.metric for c in self.before.conditions))
        over = self.operation in _OVER_COLUMN
        return self.plan.metrics or ((self.before.metrics or bounded) if over else ())

    def again(self, **changes: Any) -> Plan:
        """The question before, with what this one puts in its place."""
        return replace(self.before, **{**self.slots, **changes})

    def anew_with(self, **changes: Any) -> Plan:
        """This question, with what it leaves out."""
        return replace(self.plan, **{**self.slots, **changes})


def continuation_of(draft: Draft, plan: Plan, before: Plan, names: tuple[str, ...]) -> Continuation:
    among = bool(AMONG.search(draft.folded))
    excluded = plan.excluded or before.excluded
    if _BESIDES.match(draft.folded) and before.subjects and not plan.subjects and plan.operation in LISTED:
        # 「ほかに予算を超えた事業は？」 after one project's.
        excluded = (*excluded, *(n for m in before.subjects for n in (*m.names, *m.kin)))
        before, names = replace(before, subjects=(), topics=()), ()
    if _asks_of_group(draft, plan, before):
        before, names = _group_alone(before), ()
        plan = replace(plan, group_by=before.group_by)
    asks_rows = draft.has("level", "project") and plan.operation in ("rank", "filter", "count") and not plan.subjects
    of_one = before.operation in ("lookup", "describe", "departments") and not _ANY_OF_THEM.search(draft.folded)
    if asks_rows and of_one:
        # 「じゃあ執行率がいちばん高い事業は？」 after one project's: all are meant.
        before = replace(before, subjects=(), topics=())
        names = ()
    # 「自主企画事業費に変えると？」 after 統合事業費: one scope in place of the other.
    anew = bool(plan.pillars or plan.categories) and not among
    plan = replace(plan, conditions=_of_same_column(draft, plan, before))
    if before.operation == "describe" and not before.subjects and _EACH.search(draft.folded):
        # 「どんなものがありますか」「それぞれの予算額は」: of all that there are, not of the passage told first.
        names = ()
    if "interim" in plan.phases and not plan.metrics and "settled" in before.metrics:
        # 「7月末時点だとどうなりますか」 after a settlement: what was spent by then.
        before = replace(before, metrics=tuple("executed" if m == "settled" else m for m in before.metrics))
    slots: dict[str, Any] = {
        "years": plan.years or before.years,
        # A place that no document is of takes the place of the one before.
        "places": plan.places if plan.unknown_places else plan.places or before.places,
        "place_words": plan.place_words if plan.unknown_places else plan.place_words or before.place_words,
        "unknown_places": plan.unknown_places,
        "phases": plan.phases or (before.phases if not plan.years else ()),
        "departments": plan.departments or before.departments,
        "pillars": plan.pillars or (() if anew else before.pillars),
        "categories": plan.categories or (() if anew else before.categories),
        "kinds": plan.kinds or before.kinds,
        "continued": True,
        "excluded": excluded,
        "years_before": tuple(y for y in before.years if y not in plan.years) if plan.years else before.years_before,
        "question": plan.question,
        "groups_told": (),
        # 「予算は」「決算は」「差は」: of the same thing in the same year.
        "metrics_before": before.metrics if plan.metrics and plan.metrics != before.metrics and not plan.years else (),
        "replaced": before if plan.subjects or plan.of_scope or plan.places else before.replaced,
    }
    own = plan.operation not in _PLAIN or draft.has("ask", "departments", "breakdown")
    return Continuation(draft, plan, before, names, slots, own, _asked_again(draft, plan, before), among, anew)


def alike_before(before: Plan) -> list[Plan]:
    """The questions of other things that were asked in the same way right before, the first one first."""
    found = [before]
    while (one := found[0].replaced) is not None:
        if (one.operation, one.metrics, one.years) != (before.operation, before.metrics, before.years):
            break
        found.insert(0, one)
    return found


def _asks_of_group(draft: Draft, plan: Plan, before: Plan) -> bool:
    """「執行率は？」, 「事業は何件？」 after the first department, but not 「決算額で見ると？」 or 「2番目は？」."""
    elsewhere = plan.subjects or plan.topics or plan.positions or plan.group_by or BY_COLUMN.search(draft.folded)
    if not before.groups_told or elsewhere:
        return False
    counted = draft.has("aggregate", "count") or bool({*plan.count_units} & {"件", "事業"})
    of_column = bool(plan.metrics) and plan.operation in ("lookup", "sum", "mean", "share")
    return of_column or plan.level_named or counted


def _group_alone(before: Plan) -> Plan:
    """The rows of the departments, pillars or categories that an order of them told, and what they come to."""
    told = before.groups_told
    if before.operation in ("sum", "mean"):
        # All of them are meant again.
        return replace(before, groups_told=())
    alone = replace(
        before,
        operation=_AS_SUM.get(before.operation, "filter" if before.conditions else "list"),
        descending=None,
        limit=None,
        positions=(),
        ordered=False,
        group_by=before.group_by if len(told) > 1 else None,
        groups_told=(),
        replaced=before if before.operation == "rank" else before.replaced,
    )
    if before.group_by == "department":
        return replace(alone, departments=told)
    return replace(alone, pillars=told) if before.group_by == "pillar" else replace(alone, categories=told)


def _of_same_column(draft: Draft, plan: Plan, before: Plan) -> tuple[Condition, ...]:
    """「その中で100万円に届かなかったのは？」 after 決算額: a bound that names no column is on the one told before."""
    if draft.has("metric") or draft.has("spent") or draft.has("shorthand"):
        return plan.conditions
    told = [m for m in (*before.metrics, *(c.metric for c in before.conditions)) if m in MONEY]
    return tuple(
        replace(c, metric=told[0]) if told and (c.metric, c.unit) == ("budget", "yen") else c for c in plan.conditions
    )


def _asked_again(draft: Draft, plan: Plan, before: Plan) -> Operation | None:
    """The operation that a follow-up's few words ask of what was found before."""
    if plan.operation in ("new", "vanished"):
        return None
    if before.operation in LISTED and (
        draft.has("aggregate", "count") or any(c in ("件", "事業", "つ", "個") for c in plan.count_units)
    ):
        return "count"
    if draft.has("ask", "breakdown"):
        return "breakdown"
    narrowed = bool(plan.departments) and before.operation in LISTED
    if (draft.has("ask", "departments") and not narrowed) or (
        draft.has("group", "department") and not draft.has("rank")
    ):
        return "departments"
    if draft.has("aggregate", "mean"):
        return "mean"
    if draft.has("aggregate", "sum"):
        return "sum"
    if WHICH_YEAR.search(draft.folded) and before.subjects:
        return "change"
    if draft.has("rank") or plan.positions:
        return "rank"
    if draft.has("compare", "which", "compare") and len(before.subjects) >= 2:
        return "compare"
    if draft.has("compare", "change", "up", "down", "compare"):
        return "change"
    of_rate = "execution_rate" in (*plan.metrics, *before.metrics) and not (plan.categories or plan.pillars)
    if draft.has("aggregate", "share") or (draft.has("aggregate", "ratio") and not of_rate):
        return "share"
    return None


Rule = Callable[[Continuation], Plan | None]
