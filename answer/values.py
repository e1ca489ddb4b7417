"""What a row says of a metric: a printed figure, or a declared computation over printed figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from answer.accounts import column_of
from answer.ledger import Row
from ingest.amounts import find_amounts, half_width, parse_numeral, yen_text
from records import Figure, Metric

METRIC_NAMES: dict[Metric, str] = {
    "budget": "予算額",
    "settled": "決算額",
    "executed": "執行額",
    "difference": "差引",
    "execution_rate": "執行率",
    "indicator_target": "目標",
    "indicator_result": "成果",
    "count": "件数",
    "other": "事業費",
}
_TEN, _HUNDREDTH = Decimal(10), Decimal("0.01")
_TENTH = Decimal("0.1")
_SCALES = ((1_000, "千円"), (1_000_000, "百万円"), (10_000, "万円"), (100_000_000, "億円"))


@dataclass(frozen=True, slots=True)
class Value:
    """A number with where it comes from: `figure` where it is printed, else `formula` over `inputs`."""

    metric: Metric
    number: Decimal
    unit: str
    figure: Figure | None
    inputs: tuple[Figure, ...]
    formula: str | None

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.figure,) if self.figure else self.inputs

    @property
    def name(self) -> str:
        """What the value is called: for an amount of another kind what the document calls it."""
        if self.metric == "other" and self.figure:
            return self.figure.label if self.figure.project_id else column_of(self.figure.label)
        return METRIC_NAMES[self.metric]

    def __str__(self) -> str:
        return figure_text(self.figure) if self.figure else number_text(self.number, self.unit)


def name_of(value: Value) -> str:
    """What the amounts of a computation are called: for a column of a budget book what the book calls it."""
    of_book = value.figure is not None and value.figure.project_id is None
    return value.name if of_book else METRIC_NAMES[value.metric]


def value_of(row: Row, metric: Metric) -> Value | None:
    """The row's value of a metric, printed or computed, or None where the document does not say.

    `executed` of a settled year is its 決算額. A rate is spent ÷ budget × 100, a difference budget − spent.
    """
    figure = row.figures.get(metric)
    if figure is None and metric == "executed":
        figure = row.figures.get("settled")
    if figure is not None:
        return Value(figure.metric, figure.value, figure.unit, figure, (figure,), None)
    budget, spent = row.figures.get("budget"), row.spent
    if budget is None or spent is None:
        return None
    name = METRIC_NAMES[spent.metric]
    if metric == "difference":
        formula = f"予算額 {figure_text(budget)} − {name} {figure_text(spent)}"
        return Value(metric, budget.value - spent.value, "yen", None, (budget, spent), formula)
    if metric == "execution_rate" and budget.value > 0:
        rate = round_rate(spent.value * 100 / budget.value)
        return Value(
            metric,
            rate,
            "percent",
            None,
            (budget, spent),
            f"{name} {figure_text(spent)} ÷ 予算額 {figure_text(budget)} × 100",
        )
    return None


def why_missing(row: Row, metric: Metric) -> str:
    """Why a row has no value of a metric, in Japanese."""
    if metric in ("settled", "executed", "difference", "execution_rate") and row.figures.get("budget") is not None:
        if row.spent is None:
            return "決算額・執行額の記載がない"
        if row.figures["budget"].value == 0 and metric == "execution_rate":
            return "予算額が0円のため執行率を計算できない"
        if metric == "settled":
            return "決算前（執行額のみ）"
    return f"{METRIC_NAMES[metric]}の記載がない"


def round_rate(rate: Decimal) -> Decimal:
    """A rate in percent, rounded half up to one decimal, as the documents do."""
    return rate.quantize(_TENTH, ROUND_HALF_UP)


def ratio_of(number: Decimal, base: Decimal) -> Decimal:
    """How many times the base a number is, with one decimal from ten on and two below."""
    ratio = number / base
    return ratio.quantize(_TENTH if ratio >= _TEN else _HUNDREDTH, ROUND_HALF_UP)


def times_text(ratio: Decimal) -> str:
    """`2.2倍（2.18）`: with one decimal, as it is spoken of, and with two.

    >>> times_text(Decimal("2.18")), times_text(Decimal("10.0"))
    ('2.2倍（2.18）', '10.0倍')
    """
    spoken = ratio.quantize(_TENTH, ROUND_HALF_UP)
    return f"{spoken}倍" + ("" if spoken == ratio else f"（{ratio}）")


def figure_text(figure: Figure) -> str:
    """A figure as the page prints it, with the unit that its column gives: `12,182千円`, `96.6％`."""
    if figure.unit == "percent":
        printed = half_width(figure.printed).strip()
        return printed.replace(" ", "") if printed.endswith("%") else f"{figure.value}%"
    if figure.unit == "yen":
        amounts = [a for a in find_amounts(figure.printed) if a.kind == "yen"]
        if amounts and amounts[0].value == figure.value:
            return half_width(amounts[0].printed).replace(" ", "")
        digits = parse_numeral(half_width(figure.printed).strip("▲△- ").replace("円", ""))
        if digits and figure.value % digits == 0:
            for scale, name in _SCALES:
                if abs(figure.value) == digits * scale:
                    sign = "▲" if figure.value < 0 else ""
                    return f"{sign}{digits:,}{name}"
        return yen_text(figure.value)
    return f"{figure.value:,}{figure.unit}"


def number_text(number: Decimal, unit: str) -> str:
    """A computed number in words: yen in the largest unit that loses nothing, percent with one decimal."""
    if unit == "yen":
        if number != 0 and number % 1000 == 0:
            return f"{'▲' if number < 0 else ''}{abs(number) / 1000:,.0f}千円"
        return yen_text(number)
    if unit == "percent":
        return f"{number}%"
    if unit == "point":
        return f"{number:+}ポイント"
    text = f"{number:,.1f}" if number != number.to_integral_value() else f"{number:,.0f}"
    return f"{text}{unit}"


def extreme_text(sides: Sequence[tuple[str, Decimal]], least: bool, unit: str) -> str:
    """Which of several has the most or the least, with those that tie.

    >>> extreme_text([("総務課", Decimal(5)), ("福祉保健課", Decimal(5)), ("地域振興課", Decimal(20))], True, "件")
    '最も少ないのは「総務課」「福祉保健課」です。'
    """
    end = (min if least else max)(number for _, number in sides)
    leaders = "」「".join(words for words, number in sides if number == end)
    adjective = ("低い" if least else "高い") if unit == "percent" else "少ない" if least else "多い"
    return f"最も{adjective}のは「{leaders}」です。"
