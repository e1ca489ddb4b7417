"""Questions put together at random from what narrows (scope, turnover, change, bounds, phrases) and what is asked, with
the rows that answer them, found without the code under test.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from oracle import running_2023, settled_2022

from index.library import Library

Ask = Literal["list", "count", "sum", "mean", "max", "min"]


@dataclass(frozen=True)
class Row:
    """A project of the list of one year."""

    name: str
    pillar: str | None
    category: str | None
    departments: tuple[str, ...]
    budget: Decimal
    spent: Decimal
    # As printed, where a document's own figures would make another (99.9 for 99.98).
    rate: Decimal

    @property
    def left(self) -> Decimal:
        return self.budget - self.spent

    @property
    def key(self) -> str:
        """The name without the bracket at its end, which changes from year to year."""
        text = unicodedata.normalize("NFKC", self.name)
        return re.sub(r"(?<=...)\(.*\)$", "", text)


@dataclass(frozen=True)
class Combined:
    """A question with the projects that it narrows to, of which `ask` of `figure` is asked."""

    question: str
    ask: Ask
    figure: Literal["budget", "spent", "rate"]
    rows: tuple[Row, ...]
    names_before: tuple[str, ...]


Test = Callable[[Row], bool]
Clause = tuple[str, Test]
NONE: Clause = ("", lambda row: True)
YEARS = {2022: ("令和4年度", "R4", "2022年度"), 2023: ("令和5年度", "R5", "2023年度")}
DEPARTMENTS = ("地域振興課", "総務課", "福祉保健課", "区政推進課", "こども家庭支援課")
PILLARS = ("安全・安心", "地域の力", "魅力づくり", "区役所の機能強化")
COMPARISONS: tuple[tuple[str, Callable[[Decimal, Decimal], bool]], ...] = (
    ("未満", lambda a, b: a < b),
    ("以上", lambda a, b: a >= b),
    ("以下", lambda a, b: a <= b),
    ("を超える", lambda a, b: a > b),
    ("に満たない", lambda a, b: a < b),
)
PHRASES: tuple[Clause, ...] = (
    ("予算を超えた", lambda r: r.left < 0),
    ("予算オーバーした", lambda r: r.left < 0),
    ("予算を使い切った", lambda r: r.left == 0),
    ("予算が余った", lambda r: r.left > 0),
)


def rows_of(library: Library, fiscal_year: int) -> list[Row]:
    """The listed projects of a year with their budget and what was spent of it."""
    held: dict[str, dict[str, Decimal]] = {}
    for figure in library.figures:
        if figure.project_id and figure.primary and figure.fiscal_year == fiscal_year:
            held.setdefault(figure.project_id, {})[figure.metric] = figure.value
    spent = "settled" if fiscal_year == 2022 else "executed"
    listed = settled_2022(library) if fiscal_year == 2022 else running_2023(library)
    return [
        Row(
            p.name,
            p.pillar,
            p.category,
            p.departments,
            *(held[p.project_id][metric] for metric in ("budget", spent, "execution_rate")),
        )
        for p in listed
    ]


class Maker:
    """Makes questions from one seed."""

    def __init__(self, library: Library, seed: int) -> None:
        self.rows = {year: rows_of(library, year) for year in YEARS}
        self.by_key = {year: {row.key: row for row in rows} for year, rows in self.rows.items()}
        self.random = random.Random(seed)

    def make(self) -> Combined:
        choice = self.random.choice
        year = choice((2022, 2023))
        scope, turn, change, phrase = self._scope(), NONE, NONE, NONE
        kind = choice(("plain", "turned", "changed", "phrase"))
        if kind == "turned":
            turn = self._turn(year)
        elif kind == "changed" and year == 2023:
            change = self._change()
        elif kind == "phrase" and year == 2022:
            phrase = choice(PHRASES)
        bounds = [self._bound(year) for _ in range(choice((0, 1, 1, 2)))]
        if change is not NONE or phrase is not NONE:
            bounds = bounds[:1]
        clauses = [b for b in (*bounds, change) if b is not NONE]
        self.random.shuffle(clauses)
        tests = [c[1] for c in (scope, turn, phrase, *clauses)]
        rows = tuple(row for row in self.rows[year] if all(test(row) for test in tests))
        head = self._head(choice(YEARS[year]), scope[0], turn[0], phrase[0], [c[0] for c in clauses])
        ask: Ask = choice(("list", "list", "count", "sum", "mean", "max", "min"))
        figure: Literal["budget", "spent", "rate"] = choice(
            ("budget", "spent", "rate") if ask in ("max", "min") else ("budget", "spent")
        )
        before = tuple(self.by_key[2022][r.key].name for r in rows if change is not NONE and r.key in self.by_key[2022])
        return Combined(head + self._tail(ask, figure, year), ask, figure, rows, before)

    def _scope(self) -> Clause:
        choice = self.random.choice
        kind = choice(("none", "department", "not", "pillar", "category"))
        department, pillar = choice(DEPARTMENTS), choice(PILLARS)
        if kind == "department":
            return choice((f"{department}の", f"{department}が担当する")), lambda r: department in r.departments
        if kind == "not":
            return choice((f"{department}以外の", f"{department}を除く")), lambda r: department not in r.departments
        if kind == "pillar":
            return choice((f"「{pillar}」の柱の", f"{pillar}の柱にある")), lambda r: r.pillar == pillar
        if kind == "category":
            return "自主企画事業費の", lambda r: r.category == "自主企画事業費"
        return NONE

    def _bound(self, year: int) -> Clause:
        choice = self.random.choice
        kind = choice(("rate", "budget", "spent", "left") if year == 2022 else ("rate", "budget", "spent"))
        sign, compare = choice(COMPARISONS)
        if kind == "rate":
            rate = Decimal(choice((20, 50, 80, 90, 95) if year == 2022 else (10, 20, 30, 40)))
            return f"執行率が{rate}%{sign}", lambda r: compare(r.rate, rate)
        amount = choice((10, 20, 50) if kind == "left" else (50, 100, 200, 300, 500))
        value = Decimal(amount * 10_000)
        spent = "決算額" if year == 2022 else "執行額"
        name = {"budget": "予算", "spent": spent, "left": "差引"}[kind]
        return f"{name}が{amount}万円{sign}", lambda r: compare(getattr(r, kind), value)

    def _turn(self, year: int) -> Clause:
        old, new = self.by_key[2022], self.by_key[2023]
        if year == 2023:
            words = self.random.choice(("新しくできた", "新たに加わった", "前年度にはなかった"))
            return words, lambda r: r.key not in old
        return self.random.choice(("令和5年度にはなくなった", "翌年度の一覧から消えた")), lambda r: r.key not in new

    def _change(self) -> Clause:
        choice = self.random.choice
        sign, word = choice(((1, "増えた"), (-1, "減った")))
        kind, amount = choice((("", 0), ("万円", 10), ("万円", 100), ("%", 10), ("%", 30)))
        old = self.by_key[2022]

        def changed(row: Row) -> bool:
            if row.key not in old:
                return False
            before = old[row.key].budget
            change = (row.budget - before) * sign
            if not kind:
                return change > 0
            return change >= amount * 10_000 if kind == "万円" else change * 100 / before >= amount

        return f"予算が前年度より{f'{amount}{kind}以上' if kind else ''}{word}", changed

    def _head(self, year: str, scope: str, turn: str, phrase: str, clauses: Sequence[str]) -> str:
        joined = "".join(clause if at == len(clauses) - 1 else _going_on(clause) for at, clause in enumerate(clauses))
        of = "の" if joined.endswith(("未満", "以上", "以下")) else ""
        if turn.startswith(("令和5年度に", "翌年度")):
            return f"{year}の{scope}事業で、{turn}もの" + (f"のうち、{joined}{of}もの" if joined else "")
        narrowed = f"{scope}{turn}{phrase}事業"
        if not joined:
            return f"{year}の{narrowed}"
        behind = f"{year}の{narrowed}のうち、{joined}{of}もの"
        # 「予算が100万円を超える予算が余った事業」 would have two readings.
        return behind if phrase else self.random.choice((behind, f"{year}に{joined}{of}{narrowed}"))

    def _tail(self, ask: Ask, figure: str, year: int) -> str:
        choice = self.random.choice
        name = {"budget": "予算額", "spent": "決算額" if year == 2022 else "執行額", "rate": "執行率"}[figure]
        if ask == "list":
            return choice(("は？", "はどれですか", "を教えて"))
        if ask == "count":
            return choice(("は何件ですか", "はいくつありますか"))
        if ask == "sum":
            return choice((f"の{name}の合計は？", f"の{name}を合計するといくら？"))
        if ask == "mean":
            return f"の{name}の平均は？"
        more, less = ("高い", "低い") if figure == "rate" else ("大きい", "小さい")
        return f"で、{name}が最も{more if ask == 'max' else less}のは？"


def _going_on(clause: str) -> str:
    """A clause as it stands before another one: 執行率が50%未満で、…."""
    clause = clause.replace("を超える", "を超え").replace("に満たない", "未満")
    clause = clause.replace("増えた", "増え").replace("減った", "減り")
    return clause + ("て、" if clause.endswith("超え") else "、" if clause.endswith(("増え", "減り")) else "で、")
