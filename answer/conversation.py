"""A question that continues the one before it: what it leaves out is taken from there.

Rules in their order of precedence, of which the first that applies decides. Each rule is one function from a
Continuation to the plan that is meant, or None where it does not apply. Its docstring gives the question before and the
question that it decides; a test asks every one of them and checks that this rule decided it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from answer.asked_number import COUNTED_NOUNS, counter_of
from answer.draft import COUNTER_ASKED, Draft
from answer.follow_up import (
    AMONG,
    ASKED_OF_ANOTHER,
    COUNTED_AT_START,
    NAMESAKE,
    SAME_AGAIN,
    SAME_YEAR,
    THING_ALONE,
    set_against_before,
)
from answer.ranking import ASKED_PLACE
from answer.types import OPPOSITE, Condition, NameMatch, Operation, Plan
from ingest.amounts import parse_numeral
from ingest.eras import find_years
from records import Metric

THAT_DEPARTMENT = re.compile(
    r"^(?:では|じゃあ?)?、?(?:(?:その|この|同じ)(?:(?P<scope>柱|分野)|課|部署|(?:担当|所管)課(?=の))(?!長)|そこの(?=事業))"
)
_BEHIND_YEAR = re.compile(r"^末?(?:には|では|に|の|は)?[、,\s]?")
_DOCUMENT = re.compile("(?:の)?(?:運営方針|振り返り|決算総括説明書|総括説明書)(?:では|には|で|に)、?")
_PERCENT = frozenset(("%", "割", "パーセント"))
_BY_ONE_COLUMN = ("rank", "sum", "mean", "share")
_MONEY = ("budget", "settled", "executed", "difference")
_LISTED = ("filter", "list", "rank", "new", "vanished", "change")
# What names no figure of its own in a follow-up.
_PLAIN = ("describe", "lookup", "list", "counts")
# What is asked of the rows of the answer before.
_OF_ROWS = ("departments", "lookup", "breakdown", "describe", "indicators", "counts")
_OVER_COLUMN = ("rank", "sum", "mean", "filter", "share", "compare", "change", "count")
# 「決算額で見た場合は？」: the same order, sum or bound of another column.
_BY_COLUMN = re.compile(
    r"(?:予算|決算|執行)(?:額|率)?(?:(?:で|を)(?:見|み|比べ|並べ|数え|計算)|で(?:は|の場合)|だと|の場合|ベース|を基準|順(?:だと|では|に|で))|差引(?:で|だと)"
)
# 「5つに増やしてください」「10件まで見せて」
_SO_MANY = re.compile(r"(\d+|[二三四五六七八九十])(?:(?:つ|件|事業|個)(?:に(?=増|減|広|絞|し)|まで)|(?:位|番目)まで)")
WHICH_YEAR = re.compile("(?:どちら|どっち|どの)の?年度?(?:が|の|で)")
# 「R4の予算とどれくらい違う？」 after 令和5年度's: of both years.
_AGAINST_YEAR = re.compile(
    r"(?:前年度?|昨年度?|前の年度?|[\d元]年度?|r\d{1,2})の?(?:当初|最終)?(?:予算|決算|執行)?額?(?:と|より|に比べ|に対し|から|の何|比)"
)
# 「予算に対して何％？」 after a settlement.
_OF_ITS_BUDGET = re.compile(
    r"予算額?(?:に対して|に対し|に対する|比で?|の)、?(?:約|およそ)?(?:何(?:%|割|パーセント)|割合|率)"
)
# 「全体の何%」 after an amount.
_OF_EVERYTHING = re.compile(
    r"全体の(?:うち)?、?(?:約|およそ)?(?:何(?:%|割|パーセント)|割合)|全体に占め|全体に対する割合"
)
# 「その次は？」 after the first of an order.
_NEXT = re.compile(
    r"(?:では|じゃあ?)?、?(?:その|これの|それの)?次(?:点|に[高低多少大][ぁ-ん]{1,4})?(?:の(?:もの|事業)?)?(?:は|って)(?:何|なに|どれ|どこ|どの事業)?(?:です)?か?、?"
)
# 「うち対応できたのは？」 after how many there were.
_OF_THOSE = re.compile(r"(?:そ|こ)?の?うち、?(?P<deed>[^、]{2,14}?(?:た|だ|る))(?:の|もの|分|数)?は?、?")
_ASKED_BEHIND = re.compile(r"(?:は|が|を|って)?、?(?:全部で|合計で)?$")
# 「60%以上のだけにして」 after 80%未満.
_ONLY_THOSE = re.compile("だけ|のみ|絞|に限|かつ|さらに")
# 「それ以外は？」 after a bound.
# 「地区センターで開いた」: where the counted was.
_WHERE = re.compile(r"(?P<joined>^|[、をはの])[一-鿿ァ-ヺー]{2,12}[でに](?=開|行|実施|開催|何|参加|配|設)")
_OTHER_COUNTED = re.compile(
    r"(?:では|じゃあ?|それなら)?、?(?P<thing>[一-鿿ァ-ヺーa-z]{3,20})(?<!人数)(?<!回数)(?<!件数)(?<!者)(?<!者数)(?:は|って)、?何"
)
_THE_OTHERS = re.compile(
    r"(?:では|じゃあ?)?、?(?:(?:それ|これ|そ|この|その事業)ら?以外|残り|(?:そ|こ)?の?(?:ほか|他))(?:の(?:もの|事業))?(?:の(?:予算|決算|執行)額?)?(?:は|だと|を|で|も)[^、]{0,12}、?"
)
# 「この2つ、決算では」 after one thing and another.
_BOTH = re.compile(r"(?:この|その|両方|どちら|どっち|(?:上|先|前)の)?(?:2つ|二つ|2事業|二つの事業|両方|両者|両事業)")
_OF_STATE = re.compile(r"決算(?:で|の(?:時点|段階|とき))")
_EACH = re.compile("それぞれ|各々|全部|すべて|全て|合計")
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
_GAP_ALONE = re.compile(r"(?:その|この)?(?:差額?|開き|違い)(?:は|が|って|を)")
_ANY_OF_THEM = re.compile("(?:その|この|あの)(?:細?事業|中|うち)")
_BESIDES = re.compile("(?:では|じゃあ?)?、?(?:(?:ほか|他)に(?:も|は)?|(?:それ|これ)以外(?:に|で)(?:も|は)?)、?")
_FROM_COLUMN = re.compile(r"(?:では|じゃあ?)?、?(?:予算|決算|執行)額?(?:と|から)の(?:差(?!引)|開き|違い|差額)")
_REFERS = re.compile(r"^(?:それ|これ|その|この)(?!うち|中)")


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
        if operation in ("breakdown", "departments") and not self.subjects:
            operation = self.plan.operation
        elif operation == "describe" and self.plan.metrics:
            operation = "lookup"
        return operation

    @property
    def subjects(self) -> tuple[NameMatch, ...]:
        """Of what it is asked: what the question names, else what was asked of before, else what was told."""
        before, found = self.before, self.found
        wants_rows = self.plan.operation in _OF_ROWS or self.among or _REFERS.search(self.text) is not None
        # 「その柱の令和5年度の予算額は」: the pillar itself goes on, not what was printed for it.
        scoped = before.pillars or before.categories
        goes_on = bool(scoped) and before.operation in ("lookup", "sum", "mean") and not self.among
        # What was told last of rows told before are those that a bound left of them.
        told_last = before.operation in _LISTED and all(m.how == "previous" for m in before.subjects)
        # 「その決算は」 after the first of a project's parts: of that part.
        told_last = told_last or (before.operation == "rank" and not before.asks_position)
        if found and wants_rows and not (self.plan.subjects or (before.subjects and not told_last) or goes_on):
            outer = before.subjects[0].names if len(before.subjects) == 1 and before.level == "sub_project" else ()
            return (replace(found, within=outer),)
        computed = self.forced in ("sum", "mean") and not _REFERS.search(self.text)
        return self.plan.subjects or (self.asked_of if computed else before.subjects)

    @property
    def asked_of(self) -> tuple[NameMatch, ...]:
        """Of what was asked before; of one thing after another all: 「Aの予算は」「Bは？」「一番多いのは？」."""
        before = self.before
        alike = _alike_before(before) if before.operation == "lookup" and before.subjects else []
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


Rule = Callable[[Continuation], Plan | None]


def continued(draft: Draft, plan: Plan, before: Plan, names: tuple[str, ...]) -> Plan:
    """The question before, with what this one names put in its place."""
    return decide(_continuation(draft, plan, before, names))[1]


def decide(follow_up: Continuation) -> tuple[Rule, Plan]:
    """The first rule that applies, and the plan that it makes."""
    return next((rule, plan) for rule in RULES if (plan := rule(follow_up)) is not None)


def _continuation(draft: Draft, plan: Plan, before: Plan, names: tuple[str, ...]) -> Continuation:
    among = bool(AMONG.search(draft.folded))
    excluded = plan.excluded or before.excluded
    if _BESIDES.match(draft.folded) and before.subjects and not plan.subjects and plan.operation in _LISTED:
        # 「ほかに予算を超えた事業は？」 after one project's.
        excluded = (*excluded, *(n for m in before.subjects for n in (*m.names, *m.kin)))
        before, names = replace(before, subjects=(), topics=()), ()
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
        "places": plan.places or before.places,
        "place_words": plan.place_words or before.place_words,
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
        "replaced": before if plan.subjects or plan.of_scope or plan.places else before.replaced,
    }
    own = plan.operation not in _PLAIN or draft.has("ask", "departments", "breakdown")
    return Continuation(draft, plan, before, names, slots, own, _asked_again(draft, plan, before), among, anew)


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
    if before.operation not in (*_LISTED, "count") or not _THE_OTHERS.fullmatch(follow_up.text):
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
    if before.operation != "rank" or not _NEXT.fullmatch(follow_up.text):
        return None
    last = max(before.positions, default=before.limit or 1)
    return follow_up.again(positions=(last + 1,), limit=None)


def same_again_rule(follow_up: Continuation) -> Plan | None:
    """The same of another year or column.

    「令和4年度の自主企画事業費の予算の合計は」 → 「令和5年度についても同じ条件で教えてください」
    """
    plan = follow_up.plan
    if not SAME_AGAIN.search(follow_up.text) or plan.subjects or plan.topics or plan.conditions:
        return None
    return follow_up.again(metrics=plan.metrics or follow_up.before.metrics)


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


def rate_rule(follow_up: Continuation) -> Plan | None:
    """How much of its budget was spent.

    「令和4年度の温暖化対策推進にはいくら使った？」 → 「予算に対して何％？」
    """
    plan, before = follow_up.plan, follow_up.before
    asked = _OF_ITS_BUDGET.search(follow_up.text) and before.subjects and before.operation == "lookup"
    if not asked or plan.subjects or plan.in_percent or follow_up.plan.of_scope:
        return None
    return follow_up.again(operation="lookup", metrics=("execution_rate",))


def gap_to_budget_rule(follow_up: Continuation) -> Plan | None:
    """What is left of the budget.

    「令和4年度の商店街振興事業の決算は」 → 「予算との差は？」
    """
    before = follow_up.before
    asked = _FROM_COLUMN.match(follow_up.text) and before.operation == "lookup" and {*before.metrics} & {*_MONEY}
    return follow_up.again(metrics=("difference",)) if asked and follow_up.bare and not follow_up.plan.years else None


def other_column_rule(follow_up: Continuation) -> Plan | None:
    """The same order or sum of another column.

    「令和4年度の予算が最も多い事業は」 → 「決算額で見た場合は？」
    """
    plan = follow_up.plan
    of_column = follow_up.before.operation in _BY_ONE_COLUMN and plan.metrics and _BY_COLUMN.search(follow_up.text)
    return follow_up.again(metrics=plan.metrics) if follow_up.bare and of_column else None


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


def both_scopes_rule(follow_up: Continuation) -> Plan | None:
    """The last two departments, pillars or places.

    「令和4年度の地域振興課の事業数は」 → 「区政推進課は？」 → 「その差は？」
    """
    plan, before = follow_up.plan, follow_up.before
    alike = _alike_before(before)
    which = _WHICH_OF_ALL.match(follow_up.text) is not None and not plan.level_named
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
        return follow_up.again(**both, operation="count", counted_against=True)
    if before.operation not in ("sum", "lookup") or before.subjects:
        return None
    return follow_up.again(**both, operation="compare", metrics=plan.metrics or before.metrics)


def _alike_before(before: Plan) -> list[Plan]:
    """The questions of other things that were asked in the same way right before, the first one first."""
    found = [before]
    while (one := found[0].replaced) is not None:
        if (one.operation, one.metrics, one.years) != (before.operation, before.metrics, before.years):
            break
        found.insert(0, one)
    return found


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


def of_another_rule(follow_up: Continuation) -> Plan | None:
    """The same in another state or place.

    「令和4年度の執行率が低い事業トップ3は」 → 「令和5年度の7月末時点だとどんな顔ぶれ？」
    """
    asked = follow_up.bare and not (follow_up.plan.metrics or follow_up.forced)
    return follow_up.again() if asked and ASKED_OF_ANOTHER.search(follow_up.text) else None


def rows_departments_rule(follow_up: Continuation) -> Plan | None:
    """The departments of a list's rows.

    「令和4年度の執行率が60%未満の事業は」 → 「それぞれどこの課？」
    """
    listed = follow_up.before.operation in _LISTED and not follow_up.before.subjects
    asked = follow_up.bare and follow_up.forced == "departments"
    return follow_up.again(tells_departments=True) if asked and listed else None


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
    of_list = before.operation in _LISTED and plan.operation in ("list", "departments", "describe")
    if not (narrows and of_list) or follow_up.forced:
        return None
    if follow_up.among and follow_up.found is not None and before.operation == "rank":
        # 「その中で総務課のものは？」 after the first five: those of the five.
        return follow_up.again(subjects=(follow_up.found,), limit=None, positions=(), ordered=True)
    return follow_up.again()


def other_amount_rule(follow_up: Continuation) -> Plan | None:
    """The sum of the other column.

    「令和4年度の地域振興課の事業の予算の合計は」 → 「決算は？」
    """
    plan = follow_up.plan
    again = follow_up.before.operation in ("sum", "mean", "breakdown") and plan.operation == "lookup"
    return follow_up.again(metrics=plan.metrics) if again and not (plan.subjects or plan.topics) else None


def unheld_rule(follow_up: Continuation) -> Plan | None:
    """What no column holds, so that only a sentence could tell it.

    「令和4年度の旭区広報事業の予算は」 → 「人件費は？」
    """
    if not follow_up.draft.has("unheld"):
        return None
    told = (follow_up.found,) if follow_up.found else ()
    about = follow_up.plan.subjects or follow_up.before.subjects or told
    return follow_up.anew_with(operation="describe", subjects=about)


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
    points = before.operation == "rank" and before.level == "project" and _REFERS.search(follow_up.text)
    told = follow_up.found if points else None
    if not asked or not (plain or told):
        return None
    subjects = (told,) if told else before.subjects
    metrics = plan.metrics or before.metrics
    return follow_up.anew_with(operation="breakdown", metrics=metrics, subjects=subjects, conditions=())


def which_selection_rule(follow_up: Continuation) -> Plan | None:
    """Which of two selections has more rows: which two they are is not held, and one of them must not be ordered.

    「令和4年度から令和5年度で予算が増えた事業は」 → 「減ったのは？」 → 「どちらが多い？」
    """
    selected = follow_up.before.operation in ("change", "filter") and follow_up.bare and not follow_up.plan.metrics
    if not selected or not _WHICH_OF_THEM.match(follow_up.text) or follow_up.draft.has("aggregate", "sum"):
        return None
    return follow_up.again(unclear=follow_up.text.rstrip("、"))


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
    of_parts = before.operation == "breakdown" and bool(before.subjects)
    level_before = "sub_project" if of_parts else before.level
    return follow_up.again(
        subjects=(found,) if shown and found is not None else follow_up.asked_of,
        operation="rank",
        metrics=plan.metrics or before.metrics or bounded,
        descending=(not descending if most_beyond else descending),
        limit=plan.limit if shown else plan.limit or before.limit,
        positions=plan.positions,
        ordered=plan.ordered,
        level=plan.level if plan.level_named else level_before,
    )


def place_rule(follow_up: Continuation) -> Plan | None:
    """At which place of an order it stands.

    「令和4年度の旭区広報事業の予算は」 → 「執行率は何位？」
    """
    plan, before = follow_up.plan, follow_up.before
    if not ASKED_PLACE.search(follow_up.text) or plan.subjects or plan.of_scope or len(before.subjects) != 1:
        return None
    metrics = plan.metrics or before.metrics
    return follow_up.again(operation="rank", asks_position=True, metrics=metrics, conditions=(), limit=None)


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


def change_of_sums_rule(follow_up: Continuation) -> Plan | None:
    """How a sum changed.

    「令和4年度の自主企画事業費の事業の予算の合計は」 → 「令和5年度は？」 → 「いくら減ったことになりますか」
    """
    plan, before = follow_up.plan, follow_up.before
    if follow_up.forced != "change" or before.operation != "sum" or plan.subjects or plan.metrics:
        return None
    years = plan.years or tuple(sorted({*before.years, *before.years_before}))
    return follow_up.again(years=years, phases=(), operation="change", summed=True, picks=False, direction=None)


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


def namesake_rule(follow_up: Continuation) -> Plan | None:
    """The part of the same name in another project.

    「障害者ネットワーク推進事業の普及啓発事業の令和4年度の決算は」 → 「商店街振興事業にある同じ名前の細事業は？」
    """
    plan, before = follow_up.plan, follow_up.before
    one_each = len(plan.subjects) == len(before.subjects) == 1 and plan.subjects[0].names != before.subjects[0].names
    if not (one_each and NAMESAKE.search(follow_up.text)):
        return None
    return follow_up.again(subjects=(replace(before.subjects[0], within=plan.subjects[0].names),))


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


def indicators_again_rule(follow_up: Continuation) -> Plan | None:
    """How many indicators they are: what was told says it.

    「令和4年度に目標に届かなかった指標は」 → 「全部で何件？」
    """
    plan, before = follow_up.plan, follow_up.before
    counted = follow_up.draft.has("aggregate", "count") or {*plan.count_units} & {"件", "つ", "個"}
    alone = follow_up.bare and not plan.metrics and before.operation == "indicators" and before.achieved is not None
    return follow_up.again() if counted and alone else None


def number_of_rows_rule(follow_up: Continuation) -> Plan | None:
    """How many they are.

    「令和4年度の執行率が60%未満の事業は」 → 「全部で何件？」
    """
    listed = follow_up.before.operation in ("filter", "list")
    if not (follow_up.asks_itself and follow_up.operation == "count" and listed):
        return None
    return follow_up.again(operation="count", conditions=follow_up.conditions)


def share_of_scope_rule(follow_up: Continuation) -> Plan | None:
    """A part of a scope's sum.

    「令和4年度の自主企画事業費の予算の合計は」 → 「そのうち旭区広報事業が占める割合は？」
    """
    plan, before = follow_up.plan, follow_up.before
    if not follow_up.asks_itself or follow_up.operation != "share":
        return None
    own = (*plan.categories, *plan.pillars)
    scope = (*before.categories, *before.pillars)
    outer = (*scope, *before.departments)
    if follow_up.among and plan.subjects and outer and not before.subjects:
        return follow_up.anew_with(metrics=follow_up.metrics, whole=outer)
    if follow_up.among and own and not before.subjects:
        # 「そのうち統合事業費の割合は？」: the scope before is the whole.
        return follow_up.anew_with(
            categories=plan.categories, pillars=plan.pillars, metrics=follow_up.metrics, whole=scope
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


RULES: tuple[Rule, ...] = (
    others_rule,
    excluded_rule,
    next_rule,
    same_again_rule,
    against_year_rule,
    namesake_rule,
    rate_rule,
    gap_to_budget_rule,
    share_of_all_rule,
    bounded_parts_rule,
    other_direction_rule,
    change_bound_rule,
    other_column_rule,
    both_years_rule,
    both_rule,
    both_scopes_rule,
    set_against_rule,
    of_those_counted_rule,
    thing_rule,
    so_many_rule,
    of_another_rule,
    rows_departments_rule,
    another_subject_rule,
    that_department_rule,
    narrowed_rule,
    other_amount_rule,
    unheld_rule,
    amount_of_parts_rule,
    parts_rule,
    which_selection_rule,
    greatest_change_rule,
    place_rule,
    rank_rule,
    other_counter_rule,
    rate_again_rule,
    change_of_sums_rule,
    other_bound_rule,
    indicators_again_rule,
    number_of_rows_rule,
    share_of_scope_rule,
    own_rule,
    same_rule,
)


def _of_same_column(draft: Draft, plan: Plan, before: Plan) -> tuple[Condition, ...]:
    """「その中で100万円に届かなかったのは？」 after 決算額: a bound that names no column is on the one told before."""
    if draft.has("metric") or draft.has("spent") or draft.has("shorthand"):
        return plan.conditions
    told = [m for m in (*before.metrics, *(c.metric for c in before.conditions)) if m in _MONEY]
    return tuple(
        replace(c, metric=told[0]) if told and (c.metric, c.unit) == ("budget", "yen") else c for c in plan.conditions
    )


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


def _asked_again(draft: Draft, plan: Plan, before: Plan) -> Operation | None:
    """The operation that a follow-up's few words ask of what was found before."""
    if plan.operation in ("new", "vanished"):
        return None
    if before.operation in _LISTED and (
        draft.has("aggregate", "count") or any(c in ("件", "事業", "つ", "個") for c in plan.count_units)
    ):
        return "count"
    if draft.has("ask", "breakdown"):
        return "breakdown"
    narrowed = bool(plan.departments) and before.operation in _LISTED
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
