"""What a question was understood to ask (Plan), and what is given back (Answer)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args

from records import Figure, Hit, Metric, Phase

Operation = Literal[
    "lookup",
    "filter",
    "rank",
    "sum",
    "mean",
    "count",
    "share",
    "compare",
    "change",
    "new",
    "vanished",
    "breakdown",
    "departments",
    "pillars",
    "list",
    "indicators",
    "counts",
    "audit",
    "holdings",
    "describe",
]
Comparator = Literal["lt", "le", "gt", "ge", "eq", "ne"]
# What each comparator leaves.
OPPOSITE: dict[Comparator, Comparator] = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}
Status = Literal["answered", "not_found", "ambiguous"]
Reason = Literal["no_document", "no_figure", "not_settled", "out_of_scope", "ambiguous"]
# Of a budget book 款, 項, 目 and 節, kinds of accounts (一般会計, 特別会計) and the accounts under them, and totals;
# an "entry" is a row of any table that prints a column asked for (限度額).
Level = Literal[
    "project",
    "sub_project",
    "section",
    "kan",
    "kou",
    "moku",
    "setsu",
    "account",
    "sub_account",
    "total",
    "entry",
]
GroupBy = Literal["department", "pillar", "category", "place", "year"]
Direction = Literal["up", "down", "same", "not_up", "not_down"]
DIRECTIONS: frozenset[str] = frozenset(get_args(Direction))
Asks = Literal["who", "when", "where", "how_many", "why", "what"]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, or one of its wards."""

    municipality: str
    ward: str | None

    def __str__(self) -> str:
        return f"{self.municipality}{self.ward or ''}"


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Words of the question taken as a name, the names they were taken for, and how they were matched.

    `within` names the project that the question says it belongs to (「AのB」); `kin` are names that differ from these
    only as years print them (スクールゾーン対策, スクールゾーン対策事業), for years that have none of `names`.
    """

    words: str
    names: tuple[str, ...]
    how: Literal["name", "part", "reading", "typo", "meaning", "previous"]
    within: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A bound that the question gives by what it is of: another row's figure, or the mean or rate of all rows."""

    kind: Literal["row", "mean", "whole"]
    match: NameMatch | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One bound on a metric; `value` in yen or percent.

    Conditions of one `alternative` must all hold, and one alternative must hold. `year` is set where the question
    bounds each of several years for itself; `reference` where the bound is another figure, found in each year;
    `column` where it is on a column that has no metric of its own (一般財源).
    """

    metric: Metric
    comparator: Comparator
    value: Decimal
    unit: str
    alternative: int = 0
    year: int | None = None
    reference: Reference | None = None
    column: str = ""


# What of an indicator a bound is on: its target, its result, the result or where none is printed the target, the result
# in percent of the target, or how far the result is above or below the target.
IndicatorSide = Literal["target", "result", "either", "share", "above", "below"]


@dataclass(frozen=True, slots=True)
class IndicatorBound:
    """One bound on an indicator; `unit` is its counter (人, 回) or "percent"."""

    side: IndicatorSide
    comparator: Comparator
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ChangeBound:
    """A bound on the change between two years: in yen, in percent of the earlier year, as a multiple of it, or of a
    rate in points.
    """

    comparator: Comparator
    value: Decimal
    unit: Literal["yen", "percent", "times", "point"]


@dataclass(frozen=True, slots=True)
class Move:
    """How one column must have moved from one year to the next, and by how much."""

    metric: Metric
    direction: Direction
    bounds: tuple[ChangeBound, ...] = ()


@dataclass(frozen=True, slots=True)
class PartsBound:
    """A bound on how many parts (細事業) a row has in its year."""

    comparator: Comparator
    value: int


# Words that point at what was said before; alone they name nothing.
POINTERS = (
    "それ",
    "これ",
    "あれ",
    "その事業",
    "この事業",
    "あの事業",
    "その件",
    "この件",
    "あの件",
    "例の件",
    "例の事業",
    "さっきの事業",
    "先ほどの事業",
)
# `Plan.unclear` where a bound has no unit.
WITHOUT_UNIT = "単位のない金額"


@dataclass(frozen=True, slots=True)
class Plan:
    """A question as a query over typed figures and texts; what the question does not say is empty.

    What it is about: `subjects` are groups of names, each one thing; `topics` are content words that nothing else
    accounts for; `excluded` names what is left out (以外); `kinds` are the kinds of document part named; `unclear` is
    what could not be read and must not be guessed; `left_out` are words that a printed count must not be of
    (地区連合の分は要りません), `taken_off` those of them that a total may hold; `spelled` are (word as asked, word as
    the documents spell it).
    What it bounds: `conditions`, `change_bounds` and `indicator_bounds`; `beside` are metrics asked for of the rows
    that a bound picks (…の事業と、その不用額); `spent_loosely`: no word names a column (いくらかけている); `unheld`:
    money or a number is asked for that no column holds (人件費).
    `also_moved`: what rows must have moved in besides the first of `metrics` (予算は増えたのに執行率は下がった).
    `name_holds` are words that a row's own name must hold, `parts` bounds on how many 細事業 it has.
    `among`: the plan that finds the rows which alone are meant (those that came new, went or changed).
    `sides` (歳入, 歳出, 会計) narrow rows of budget books, of which `account_columns` are asked for (一般財源).
    `columns` are (year, metric) where one year's column is set against another's (令和5年度予算は令和4年度決算より).
    `years_before` and `metrics_before` are those that a follow-up put others in the place of, `replaced` is the plan
    whose project, scope or place it did; `groups_told` are the departments, pillars or categories that an order of them
    told.
    `picks` asks for rows, and not for what they add up to (減ったものはどれ).
    How it orders: `ordered` asks for all rows in order, `positions` for places (2番目), `asks_position` for a row's
    place (何位), `both_ends` for the first and the last, `gap` for their difference; `by_rate` orders changes by rate,
    `by_size` differences whichever their sign; `in_each_group` asks for the first rows of every group.
    What it computes: `whole` is what a share is taken of, `times` asks for a ratio (何倍), `in_percent` for it as 何%,
    `told_rows` for the rows of a sum, `drops` leaves the greatest or the least out of it, `as_share` for what part of
    all rows a bound picks, `counted_against` for how many rows one thing has against another, `departments_moved` for
    rows that another department holds than before.
    """

    operation: Operation
    metrics: tuple[Metric, ...] = ()
    conditions: tuple[Condition, ...] = ()
    descending: bool | None = None
    limit: int | None = None
    positions: tuple[int, ...] = ()
    asks_position: bool = False
    years: tuple[int, ...] = ()
    phases: tuple[Phase, ...] = ()
    places: tuple[Place, ...] = ()
    place_words: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()
    subjects: tuple[NameMatch, ...] = ()
    departments: tuple[str, ...] = ()
    pillars: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    level: Level = "project"
    level_named: bool = False
    picks: bool = False
    topics: tuple[str, ...] = ()
    group_by: GroupBy | None = None
    direction: Direction | None = None
    whole: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ordered: bool = False
    summed: bool = False
    jointly: bool = False
    tells_departments: bool = False
    years_before: tuple[int, ...] = ()
    metrics_before: tuple[Metric, ...] = ()
    replaced: Plan | None = None
    groups_told: tuple[str, ...] = ()
    solely: bool = False
    in_every_year: bool = False
    as_share: bool = False
    counted_against: bool = False
    departments_moved: bool = False
    both_ends: bool = False
    gap: bool = False
    times: bool = False
    in_percent: bool = False
    by_rate: bool = False
    by_size: bool = False
    in_each_group: bool = False
    told_rows: bool = False
    spent_loosely: bool = False
    labels: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    unheld: bool = False
    beside: tuple[Metric, ...] = ()
    change_bounds: tuple[ChangeBound, ...] = ()
    indicator_bounds: tuple[IndicatorBound, ...] = ()
    also_moved: tuple[Move, ...] = ()
    among: Plan | None = None
    columns: tuple[tuple[int, Metric], ...] = ()
    drops: Literal["most", "least"] | None = None
    name_holds: tuple[str, ...] = ()
    parts: tuple[PartsBound, ...] = ()
    unclear: str = ""
    kinds: tuple[str, ...] = ()
    count_units: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()
    asks: Asks | None = None
    achieved: bool | None = None
    sides: tuple[str, ...] = ()
    account_columns: tuple[str, ...] = ()
    continued: bool = False
    question: str = ""

    @property
    def of_scope(self) -> bool:
        """Whether a department, pillar or category is named."""
        return bool(self.departments or self.pillars or self.categories)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A row that was left out of a list or a computation, and why."""

    project: str
    why: str


@dataclass(frozen=True, slots=True)
class Computation:
    """A declared computation over stored figures: what was done, over how many rows, and its result."""

    operation: Literal["filter", "rank", "sum", "mean", "count", "compare", "share"]
    description: str
    considered: int
    matched: int
    excluded: tuple[Exclusion, ...] = ()
    value: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; `as_json` of answer/as_json.py gives the contract's form."""

    question: str
    interpreted: str
    status: Status
    reason: Reason | None
    text: str
    figures: tuple[Figure, ...] = ()
    computation: Computation | None = None
    hits: tuple[Hit, ...] = ()
    warnings: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    elapsed_ms: float = 0.0
    plan: Plan | None = None
    extra: dict[str, Any] = field(default_factory=dict)
