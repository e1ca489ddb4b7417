"""Questions of every family in many wordings, put together at random, each with what its answer must hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from combined import DEPARTMENTS, PILLARS, Row, rows_of

from answer.types import Answer
from index.library import Library

Holds = Callable[[Answer], bool]
YEARS = {
    2022: ("令和4年度", "R4", "R4年度", "2022年度", "令和四年度", "令和４年度"),
    2023: ("令和5年度", "R5", "R5年度", "2023年度", "令和五年度", "令和５年度"),
}
UNHELD = ("令和元年度", "R2", "平成30年度", "2019年度", "令和7年度", "H27")
RATE_BOUNDS: tuple[tuple[str, Callable[[Decimal, int], bool]], ...] = (
    ("を下回る", lambda a, b: a < b),
    ("に届かない", lambda a, b: a < b),
    ("を切った", lambda a, b: a < b),
    ("を割り込んだ", lambda a, b: a < b),
    ("割れの", lambda a, b: a < b),
    ("を上回った", lambda a, b: a > b),
    ("超の", lambda a, b: a > b),
    ("以上だった", lambda a, b: a >= b),
)


@dataclass(frozen=True)
class Asked:
    """A question, the questions before it, and what must hold of its answer."""

    question: str
    holds: Holds
    earlier: tuple[str, ...] = ()


class Varied:
    """Makes questions from one seed."""

    def __init__(self, library: Library, seed: int) -> None:
        self.library = library
        self.random = random.Random(seed)
        self.rows = {year: rows_of(library, year) for year in YEARS}
        self.by_key = {year: {row.key: row for row in rows} for year, rows in self.rows.items()}
        self.families: tuple[Callable[[], Asked | None], ...] = (
            self.figure,
            self.two_compared,
            self.three,
            self.change_of_one,
            self.changed,
            self.kept,
            self.turned,
            self.share,
            self.ranked,
            self.position,
            self.bounded,
            self.department_rows,
            self.departments_compared,
            self.rate_of_all,
            self.pillar_or_department,
            self.conversation,
            self.unheld_year,
            self.unsettled,
        )

    def make(self) -> Asked:
        while True:
            asked = self.random.choice(self.families)()
            if asked is not None:
                return asked

    # ---- what questions are made of ----

    def _one(self, *options: str) -> str:
        return self.random.choice(options)

    def _year(self) -> tuple[int, str]:
        year = self.random.choice((2022, 2023))
        return year, self._one(*YEARS[year])

    def _column(self, year: int, *kinds: str) -> tuple[str, Callable[[Row], Decimal]]:
        """The name of a column and its value of a row."""
        kind = self.random.choice(kinds or ("budget", "spent"))
        names = {
            "budget": ("予算", "予算額"),
            "spent": ("決算", "決算額") if year == 2022 else ("執行額",),
            "rate": ("執行率",),
        }[kind]
        return self._one(*names), lambda row: getattr(row, kind)

    def _department(self, year: int) -> tuple[str, list[Row]]:
        named = [(d, [r for r in self.rows[year] if d in r.departments]) for d in DEPARTMENTS]
        return self.random.choice([entry for entry in named if entry[1]])

    # ---- what answers must hold ----

    def _shown(self, answer: Answer) -> set[str]:
        return {self.library.projects[f.project_id].name for f in answer.figures if f.project_id}

    def _shows(self, rows: Iterable[Row]) -> Holds:
        names = {row.name for row in rows}
        return lambda answer: self._shown(answer) == names

    @staticmethod
    def _tells(value: Decimal, tolerance: str = "1") -> Holds:
        def holds(answer: Answer) -> bool:
            told = answer.computation.value if answer.computation else None
            near = told is not None and abs(abs(told) - abs(value)) <= Decimal(tolerance)
            return near or any(f.value == value for f in answer.figures)

        return holds

    @staticmethod
    def _says(*words: str) -> Holds:
        return lambda answer: all(word in answer.text.replace(",", "") for word in words)

    # ---- families ----

    def figure(self) -> Asked:
        year, said = self._year()
        row = self.random.choice(self.rows[year])
        name, value = self._column(year, "budget", "spent", "rate")
        n = _bare(row)
        question = self._one(
            f"{n}の{said}の{name}は？",
            f"{said}の{n}の{name}を教えて",
            f"{n} {said} {name}",
            f"{n}について、{said}の{name}を知りたい",
            f"{n}の{name}（{said}）",
            f"{name}は？ {said} {n}",
        )
        return Asked(question, self._tells(value(row), "0"))

    def two_compared(self) -> Asked | None:
        year, said = self._year()
        a, b = self.random.sample(self.rows[year], 2)
        name, value = self._column(year)
        if value(a) <= value(b) or not value(b):
            return None
        first, second = _bare(a), _bare(b)
        what = self._one("gap", "sum", "times", "which")
        if what == "sum":
            question = self._one(
                f"{said}の{first}と{second}の{name}を足すといくら？", f"{first}と{second}の{said}の{name}の合計は？"
            )
            return Asked(question, self._tells(value(a) + value(b)))
        if what == "times":
            question = f"{said}の{first}の{name}は{second}の何倍ですか"
            ratio = (value(a) / value(b)).quantize(Decimal("0.1"))
            return Asked(question, self._says(f"{ratio}倍"))
        if what == "which":
            question = self._one(
                f"{first}と{second}、{said}の{name}が大きいのはどっち",
                f"{said}、{first}の{name}は{second}より多いですか",
            )
            return Asked(question, lambda answer: {a.name, b.name} <= self._shown(answer))
        question = self._one(
            f"{said}の{first}と{second}の{name}の差はいくら？", f"{said}、{first}の{name}は{second}よりいくら多い？"
        )
        return Asked(question, self._tells(value(a) - value(b)))

    def three(self) -> Asked:
        year, said = self._year()
        rows = self.random.sample(self.rows[year], 3)
        name, value = self._column(year)
        a, b, c = (_bare(row) for row in rows)
        if self.random.random() < 0.5:
            question = f"{said}の{a}、{b}、{c}の{name}を合計すると？"
            return Asked(question, self._tells(sum((value(row) for row in rows), Decimal(0))))
        best = max(value(row) for row in rows)
        leading = {row.name for row in rows if value(row) == best}
        question = f"{a}、{b}、{c}のうち、{said}の{name}が最も大きいのは？"
        return Asked(question, lambda answer: leading <= self._shown(answer))

    def _pairs(self) -> list[tuple[Row, Row]]:
        return [(self.by_key[2022][key], row) for key, row in self.by_key[2023].items() if key in self.by_key[2022]]

    def change_of_one(self) -> Asked | None:
        before, after = self.random.choice(self._pairs())
        y4, y5 = self._one(*YEARS[2022]), self._one(*YEARS[2023])
        n = _bare(self.random.choice((before, after)))
        change = after.budget - before.budget
        if self.random.random() < 0.5:
            question = self._one(
                f"{n}の予算は{y4}から{y5}でいくら増減した？", f"{y4}と{y5}で{n}の予算額はいくら違いますか"
            )
            return Asked(question, self._tells(change))
        if not change:
            return None
        question = self._one(f"{n}の予算は{y4}から{y5}で何%変わった？", f"{n}の予算の伸び率（{y4}→{y5}）")
        return Asked(question, self._tells(change * 100 / before.budget, "0.06"))

    def changed(self) -> Asked:
        sign, word, size = self.random.choice(((1, "増えた", "増加額"), (-1, "減った", "減少額")))
        y4, y5 = self._one(*YEARS[2022]), self._one(*YEARS[2023])
        moved = [(a, b) for a, b in self._pairs() if (b.budget - a.budget) * sign > 0]
        what = self._one("list", "count", "sum")
        if what == "count":
            return Asked(f"{y4}から{y5}で予算が{word}事業は何件？", self._tells(Decimal(len(moved)), "0"))
        if what == "sum":
            total = sum((abs(b.budget - a.budget) for a, b in moved), Decimal(0))
            return Asked(f"{y4}から{y5}で予算が{word}事業の{size}の合計は？", self._tells(total))
        must = {b.name for _, b in moved}
        question = self._one(
            f"{y4}から{y5}にかけて予算が{word}事業は？",
            f"{y5}で前年度より予算が{'多い' if sign > 0 else '少ない'}事業",
            f"{y5}の予算が{y4}を{'上回る' if sign > 0 else '下回る'}事業",
        )
        return Asked(question, lambda answer: must <= self._shown(answer) <= must | {a.name for a, _ in moved})

    def kept(self) -> Asked:
        year, said = self._year()
        y4, y5 = self._one(*YEARS[2022]), self._one(*YEARS[2023])
        rows = [pair[year == 2023] for pair in self._pairs()]
        name, value = self._column(year)
        both = self._one(f"{y4}と{y5}の両方にある事業", "両年度にある事業", f"{y4}から{y5}に続いている事業")
        what = self._one("max", "sum", "mean")
        if what == "max":
            best = max(value(row) for row in rows)
            question = f"{both}のうち、{said}の{name}が最も大きいのは？"
            return Asked(question, self._shows(row for row in rows if value(row) == best))
        total = sum((value(row) for row in rows), Decimal(0))
        question = f"{both}の、{said}の{name}の{'合計' if what == 'sum' else '平均'}は？"
        return Asked(question, self._tells(total if what == "sum" else total / len(rows)))

    def turned(self) -> Asked:
        y4, y5 = self._one(*YEARS[2022]), self._one(*YEARS[2023])
        if self.random.random() < 0.5:
            new = [row for key, row in self.by_key[2023].items() if key not in self.by_key[2022]]
            words = (f"{y5}から始まった事業は？", f"{y4}にはなく{y5}にある事業", f"{y5}で新顔の事業はどれ？")
            return Asked(self._one(*words), self._shows(new))
        gone = [row for key, row in self.by_key[2022].items() if key not in self.by_key[2023]]
        words = (f"{y4}限りの事業", f"{y4}で終わった事業は？", f"{y4}にはあったのに{y5}にはない事業")
        return Asked(self._one(*words), self._shows(gone))

    def share(self) -> Asked:
        year, said = self._year()
        name, value = self._column(year)
        department, rows = self._department(year)
        whole = sum((value(row) for row in self.rows[year]), Decimal(0))
        part = sum((value(row) for row in rows), Decimal(0))
        question = self._one(
            f"{said}の{name}全体に占める{department}の割合は？", f"{department}の{name}は{said}の事業全体の何%ですか"
        )
        return Asked(question, self._tells(part * 100 / whole, "0.06"))

    def ranked(self) -> Asked:
        year, said = self._year()
        name, value = self._column(year, "budget", "spent", "rate")
        most = self.random.random() < 0.5
        few = self.random.choice((2, 3, 5))
        word = ("高い" if most else "低い") if name == "執行率" else ("多い" if most else "少ない")
        question = self._one(
            f"{said}の事業を{name}の{word}順に{few}つ",
            f"{said}の事業で{name}が{word}ものを{few}件挙げて",
            f"{said}の事業の{name}{'トップ' if most else 'ワースト'}{few}",
            f"{name}が{word}方から{few}つ、{said}の事業",
        )
        cut = sorted((value(row) for row in self.rows[year]), reverse=most)[few - 1]
        leading = [r for r in self.rows[year] if (value(r) >= cut if most else value(r) <= cut)]
        return Asked(question, self._shows(leading))

    def position(self) -> Asked:
        year, said = self._year()
        name, value = self._column(year, "budget", "spent", "rate")
        row = self.random.choice(self.rows[year])
        place = 1 + sum(value(other) > value(row) for other in self.rows[year])
        question = f"{_bare(row)}の{said}の{name}は全事業の中で何位ですか"
        return Asked(question, lambda answer: f"{place}番目" in answer.text or f"{place}位" in answer.text)

    def bounded(self) -> Asked:
        year, said = self._year()
        kind = self._one("rate", "tenths", "zero", "between", "left", "over")
        if kind in ("left", "over"):
            year, said = 2022, self._one(*YEARS[2022])
        bound = self.random.choice((20, 30, 50, 70, 80, 90, 95, 100))
        word, compare = self.random.choice(RATE_BOUNDS)
        tests: dict[str, tuple[str, Callable[[Row], bool]]] = {
            "rate": (f"執行率が{bound}%{word}", lambda r: compare(r.rate, bound)),
            "tenths": ("執行率が9割に満たない", lambda r: r.rate < 90),
            "zero": (self._one("執行額が0の", "執行額がゼロの"), lambda r: r.spent == 0),
            "between": ("執行率が40%以上70%未満の", lambda r: 40 <= r.rate < 70),
            "left": ("予算を50万円以上使い残した", lambda r: r.left >= 500_000),
            "over": (self._one("足が出た", "予算を超えて支出した", "差引がマイナスの"), lambda r: r.left < 0),
        }
        words, test = tests[kind]
        question = self._one(f"{said}に{words}事業は？", f"{said}の事業のうち{words}もの", f"{said}の{words}事業を全部")
        return Asked(question, self._shows(row for row in self.rows[year] if test(row)))

    def department_rows(self) -> Asked:
        year, said = self._year()
        department, rows = self._department(year)
        question = self._one(
            f"{said}に{department}はどんな事業をしていますか",
            f"{said}の{department}の事業の内訳",
            f"{department}の{said}の事業一覧",
        )
        return Asked(question, self._shows(rows))

    def departments_compared(self) -> Asked | None:
        year, said = self._year()
        (a, first), (b, second) = self._department(year), self._department(year)
        name, value = self._column(year)
        if a == b:
            return None
        question = self._one(
            f"{a}と{b}、{said}の{name}の合計が多いのは？", f"{said}の{name}の合計は{a}と{b}のどちらが大きい？"
        )
        sums = [sum((value(row) for row in rows), Decimal(0)) / 1000 for rows in (first, second)]
        return Asked(question, self._says(*(str(int(total)) for total in sums)))

    def rate_of_all(self) -> Asked:
        year, said = self._year()
        department, rows = self._department(year)
        budget = sum((row.budget for row in rows), Decimal(0))
        spent = sum((row.spent for row in rows), Decimal(0))
        rate = (spent * 100 / budget).quantize(Decimal("0.1"))
        return Asked(f"{said}の{department}全体の執行率は？", self._says(f"{rate}%"))

    def pillar_or_department(self) -> Asked | None:
        year, said = self._year()
        row = self.random.choice(self.rows[year])
        n = _bare(row)
        if self.random.random() < 0.5:
            return Asked(self._one(f"{n}の{said}の担当課は？", f"{n} 担当 {said}"), self._says(*row.departments))
        if row.pillar not in PILLARS:
            return None
        return Asked(self._one(f"{n}の柱は（{said}）", f"{said}の{n}はどの柱に属する？"), self._says(row.pillar))

    def conversation(self) -> Asked:
        before, after = self.random.choice(self._pairs())
        year, said = self._year()
        row, other = (before, after) if year == 2022 else (after, before)
        first = f"{said}の{_bare(row)}の予算は？"
        what = self._one("year", "spent", "rate", "other", "department")
        if what == "year":
            then = self._one(*YEARS[2023 if year == 2022 else 2022])
            return Asked(self._one(f"{then}は？", f"では{then}は"), self._tells(other.budget, "0"), (first,))
        if what == "other":
            another = self.random.choice(self.rows[year])
            question = self._one(f"{_bare(another)}は？", f"{_bare(another)}だとどうなりますか")
            return Asked(question, self._tells(another.budget, "0"), (first,))
        if what == "department":
            return Asked("担当は？", self._says(*row.departments), (first,))
        if what == "rate":
            return Asked("執行率は？", self._tells(row.rate, "0"), (first,))
        return Asked("決算は？" if year == 2022 else "執行額は？", self._tells(row.spent, "0"), (first,))

    def unheld_year(self) -> Asked:
        year, row = self._one(*UNHELD), self.random.choice(self.rows[2022])
        question = self._one(f"{_bare(row)}の{year}の予算は？", f"{year}の事業で執行率が最も低いのは？")
        return Asked(question, lambda answer: answer.reason == "no_document")

    def unsettled(self) -> Asked:
        said, row = self._one(*YEARS[2023]), self.random.choice(self.rows[2023])
        question = self._one(f"{_bare(row)}の{said}の決算額は？", f"{said}の決算額が最も大きい事業は？")
        return Asked(question, lambda answer: answer.reason == "not_settled")


def _bare(row: Row) -> str:
    """A project's name as people say it: without the bracket at its end."""
    at = row.name.find("（", 3)
    return row.name[:at] if at > 0 and row.name.endswith("）") else row.name
