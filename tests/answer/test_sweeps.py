"""Questions by the hundred: every name, every group, one typing error; what is right is counted from the figures.

Each sweep asks a fixed sample of all its questions. A refusal costs a little; a wrong figure is never allowed.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pytest
from oracle import AskJson, running_2023, settled_2022, value

from index.library import Library
from records import Metric, Project

pytestmark = pytest.mark.slow  # several hundred questions each

Verdict = Literal["right", "more", "withheld", "wrong"]
YEARS = {2022: "令和4年度", 2023: "令和5年度"}
SHORT = {2022: "R4", 2023: "R5"}
SPENT: dict[int, tuple[Metric, str]] = {2022: ("settled", "決算額"), 2023: ("executed", "執行額")}
# Of each sweep; the three together stay under a minute.
_SAMPLE = 700


@dataclass(frozen=True)
class Asked:
    """A question and how its answer is judged."""

    question: str
    judge: Callable[[dict[str, Any]], Verdict]


def key(name: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", name or "").split())


# ---- how an answer is judged -----------------------------------------------------------------------------------------


def one_figure(library: Library, project: Project, metric: Metric) -> Callable[[dict[str, Any]], Verdict]:
    """The project's own figure of its own year, and none of another project ("more" where others stand beside it)."""
    wanted, name = value(library, project, metric), key(project.name)

    def judge(answer: dict[str, Any]) -> Verdict:
        figures = answer["figures"]
        own = [f for f in figures if key(f["project"]) == name and f["fiscal_year"] == project.fiscal_year]
        if any(f["metric"] == metric and Decimal(f["value"]) == wanted for f in own):
            return "right" if len(own) == len(figures) else "more"
        return "wrong" if figures else "withheld"

    return judge


def exactly(projects: Sequence[Project]) -> Callable[[dict[str, Any]], Verdict]:
    """These projects, all of them, and no other."""
    wanted = {key(project.name) for project in projects}

    def judge(answer: dict[str, Any]) -> Verdict:
        if answer["status"] == "answered" and {key(f["project"]) for f in answer["figures"]} == wanted:
            return "right"
        return "wrong" if answer["figures"] else "withheld"

    return judge


def total(rows: Sequence[Project], values: Sequence[Decimal]) -> Callable[[dict[str, Any]], Verdict]:
    """The sum, or a printed total that differs from it by no more than the rounding of its rows."""
    wanted, names = sum(values, Decimal(0)), {key(p.name) for p in rows}

    def judge(answer: dict[str, Any]) -> Verdict:
        result = (answer["computation"] or {}).get("result") or {}
        printed = [f["value"] for f in answer["figures"] if key(f["project"]) not in names]
        values = [Decimal(v) for v in (result.get("value"), *printed) if v is not None]
        if any(abs(v - wanted) <= 500 * len(rows) for v in values):
            return "right"
        return "wrong" if answer["status"] == "answered" and (values or answer["figures"]) else "withheld"

    return judge


def number(wanted: int) -> Callable[[dict[str, Any]], Verdict]:
    """How many there are."""

    def judge(answer: dict[str, Any]) -> Verdict:
        computed = answer["computation"]
        if computed is None:
            return "wrong" if answer["figures"] else "withheld"
        given = (computed.get("result") or {}).get("value")
        return "right" if wanted in (computed["matched"], int(Decimal(given)) if given else None) else "wrong"

    return judge


# ---- what is asked ---------------------------------------------------------------------------------------------------


def rows_of(library: Library) -> dict[int, list[Project]]:
    return {2022: settled_2022(library), 2023: running_2023(library)}


def alone_in_its_year(library: Library, rows: dict[int, list[Project]]) -> dict[int, list[Project]]:
    """Sub-projects of those years that no other project or sub-project shares its name with."""
    parts = {(p.document_id, p.part_index) for projects in rows.values() for p in projects}
    held = [p for p in library.projects.values() if (p.document_id, p.part_index) in parts and not p.container]
    names = Counter((p.fiscal_year, key(p.name)) for p in held)
    return {
        year: [
            p
            for p in held
            if p.fiscal_year == year and p.kind == "sub_project" and not p.listed and names[year, key(p.name)] == 1
            if _has(library, p, "budget")
        ]
        for year in rows
    }


def _has(library: Library, project: Project, metric: Metric) -> bool:
    return any(f.project_id == project.project_id and f.metric == metric and f.primary for f in library.figures)


def by_name(library: Library) -> Iterator[Asked]:
    """Every project and sub-project by its full name, in the wordings of a form, of a clerk and of a resident."""
    rows = rows_of(library)
    subs = alone_in_its_year(library, rows)
    for year, said in YEARS.items():
        metric, word = SPENT[year]
        for project in rows[year]:
            name = project.name
            for question, asked in (
                (f"{said}の{name}の予算額はいくらですか", "budget"),
                (f"{name}の{said[2:]}{word}を教えてください", metric),
                (f"{name} {SHORT[year]} 執行率", "execution_rate"),
                (f"{said}、{name}に予算はいくらついていましたか", "budget"),
                (f"{said}における{name}の執行率は何％か", "execution_rate"),
                (f"{name}は{said}にいくら使いましたか", metric),
            ):
                yield Asked(question, one_figure(library, project, asked))  # type: ignore[arg-type]
        for project in subs[year]:
            name = project.name
            for question in (
                f"{said}の{name}の予算額はいくらですか",
                f"{name} {SHORT[year]} 予算",
                f"{said}、{name}に予算はいくらついていましたか",
            ):
                yield Asked(question, one_figure(library, project, "budget"))
            if year == 2022:
                yield Asked(f"{name}の{said}の決算はどれくらい？", one_figure(library, project, "settled"))
                yield Asked(f"{name}は{said}にいくら使いましたか", one_figure(library, project, "settled"))
                yield Asked(f"{said}の{name}の不用額", one_figure(library, project, "difference"))


def groups(rows: Sequence[Project]) -> Iterator[tuple[str, list[Project]]]:
    """The scopes that a question may name: departments, pillars and categories, each with its projects."""
    for department in sorted({d for p in rows for d in p.departments}):
        yield f"{department}の事業", [p for p in rows if department in p.departments]
    own = [p for p in rows if p.category == "自主企画事業費"]
    for pillar in sorted({p.pillar for p in own if p.pillar}):
        inside = [p for p in own if p.pillar == pillar]
        yield f"{pillar}の柱の事業", inside
        yield f"柱{inside[0].pillar_aliases[0]}の事業", inside  # 柱Ⅳ, as its heading numbers it
    yield "自主企画事業", own
    for category, words in (("統合事業費", "統合事業費の事業"), ("区局連携事業", "区局連携事業")):
        yield words, [p for p in rows if p.category == category]


_RATES: tuple[tuple[str, Callable[[Decimal], bool]], ...] = (
    ("半分未満", lambda rate: rate < 50),
    ("70%を下回る", lambda rate: rate < 70),
    ("8割に満たない", lambda rate: rate < 80),
    ("9割以上", lambda rate: rate >= 90),
    ("95%を超える", lambda rate: rate > 95),
    ("20%以上50%未満の", lambda rate: 20 <= rate < 50),
    ("80%超95%以下の", lambda rate: 80 < rate <= 95),
)
_AMOUNTS: tuple[tuple[str, Callable[[Decimal], bool]], ...] = (
    ("100万円未満の", lambda yen: yen < 1_000_000),
    ("500万円以上の", lambda yen: yen >= 5_000_000),
    ("3,000千円を超える", lambda yen: yen > 3_000_000),
)
_BOUNDS: tuple[tuple[str, Callable[[Decimal, int], bool]], ...] = (
    ("%未満", lambda rate, bound: rate < bound),
    ("%以下", lambda rate, bound: rate <= bound),
    ("%以上", lambda rate, bound: rate >= bound),
    ("%超", lambda rate, bound: rate > bound),
    ("％より高い", lambda rate, bound: rate > bound),
    ("％を割り込んだ", lambda rate, bound: rate < bound),
    ("％に届かなかった", lambda rate, bound: rate < bound),
)


def by_group(library: Library) -> Iterator[Asked]:
    """Sums, counts, extremes and bounds of every scope of both years; bounds and rankings over all rows."""

    def of(project: Project, metric: Metric) -> Decimal:
        return value(library, project, metric)

    def most(rows: Sequence[Project], metric: Metric, many: int, *, highest: bool) -> list[Project]:
        """The first of a ranking, or none where a tie makes it doubtful which they are."""
        ranked = sorted(rows, key=lambda p: of(p, metric), reverse=highest)
        values = [of(p, metric) for p in ranked]
        clear = len(values) > many and values[many - 1] != values[many] and len(set(values[:many])) == many
        return ranked[:many] if clear else []

    for year, rows in rows_of(library).items():
        said, short = YEARS[year], SHORT[year]
        metric, word = SPENT[year]
        for who, inside in groups(rows):
            budget = total(inside, [of(p, "budget") for p in inside])
            spent = total(inside, [of(p, metric) for p in inside])
            yield Asked(f"{said}の{who}の予算の合計はいくらですか", budget)
            yield Asked(f"{who}、{short}の予算総額", budget)
            yield Asked(f"{who}の{word}を全部足すと{said}はいくらになりますか", spent)
            yield Asked(f"{said}の{who}は何件ありますか", number(len(inside)))
            yield Asked(f"{who}の数を教えて（{said}）", number(len(inside)))
            if first := most(inside, "budget", 1, highest=True):
                yield Asked(f"{said}の{who}で予算が一番大きいのは？", exactly(first))
                yield Asked(f"{who}のうち{said}に最も予算額が多いもの", exactly(first))
            if last := most(inside, "execution_rate", 1, highest=False):
                yield Asked(f"{said}の{who}で執行率が最も低いのはどれですか", exactly(last))
                yield Asked(f"{short} {who} 執行率 最下位", exactly(last))
            for words, holds in _RATES:
                found = [p for p in inside if holds(of(p, "execution_rate"))]
                yield Asked(f"{said}の{who}で執行率が{words}ものは？", exactly(found))
            for words, holds in _AMOUNTS:
                found = [p for p in inside if holds(of(p, "budget"))]
                yield Asked(f"{said}の{who}のうち予算が{words}ものを挙げて", exactly(found))
        for bound in (10, 20, 30, 40, 60, 75, 85, 98, 100):
            for words, compares in _BOUNDS:
                found = [p for p in rows if compares(of(p, "execution_rate"), bound)]
                yield Asked(f"{said}に執行率が{bound}{words}事業", exactly(found))
        for many in (2, 3, 5, 10):
            ranked: tuple[tuple[Metric, str], ...] = (("budget", "予算額"), (metric, word))
            for of_what, label in ranked:
                for order, highest, table in (("多い", True, "トップ"), ("少ない", False, "ワースト")):
                    found = most(rows, of_what, many, highest=highest)
                    if found:
                        yield Asked(f"{said}の{label}が{order}事業を{many}つ", exactly(found))
                        yield Asked(f"{said}で{label}が{many}番目に{order}事業", exactly(found[-1:]))
                        yield Asked(f"{said}の{label}の{order}順に{many}位まで", exactly(found))
                        yield Asked(f"{short} {label} {table}{many}", exactly(found))


_WRONG = "域教災園祭車海緑支志援縁健建康幸料良福複祉誌区苦広光報方会回活括動同業行しつきかのをにはーン"


def misspelt(library: Library) -> Iterator[Asked]:
    """Names with one character wrong, missing, doubled or swapped, or written without 事業 or a dot."""
    rng = random.Random(7)
    rows = rows_of(library)
    subs = alone_in_its_year(library, rows)
    for year, said in YEARS.items():
        for project in (*rows[year], *subs[year]):
            name = project.name
            if len(name) < 7:
                continue
            at = rng.randrange(1, len(name) - 2)
            other = rng.choice([c for c in _WRONG if c != name[at]])
            written = [
                f"{name[:at]}{other}{name[at + 1 :]}",
                f"{name[:at]}{name[at + 1 :]}",
                f"{name[:at]}{name[at]}{name[at:]}",
            ]
            if name[at] != name[at + 1]:
                written.append(f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}")
            if name.endswith("事業"):
                written += [name[:-2], f"{name[:-2]}費"]
            for form in written:
                yield Asked(f"{said}の{form}の予算額は", one_figure(library, project, "budget"))
            plain = name.replace("づ", "ず").replace("・", "")
            yield Asked(f"{plain} {SHORT[year]} 予算", one_figure(library, project, "budget"))


# ---- the sweeps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("questions", "least", "seed"),
    [(by_name, 0.97, 1), (by_group, 0.95, 2), (misspelt, 0.93, 3)],
    ids=["names", "groups", "misspelt"],
)
def test_hundreds_of_questions_are_right_and_none_is_wrong(
    library: Library,
    ask_json: AskJson,
    questions: Callable[[Library], Iterator[Asked]],
    least: float,
    seed: int,
) -> None:
    everything = list(questions(library))
    assert len(everything) > _SAMPLE
    verdicts: Counter[Verdict] = Counter()
    told: dict[Verdict, list[str]] = {"wrong": [], "more": [], "withheld": [], "right": []}
    for asked in random.Random(seed).sample(everything, _SAMPLE):
        answer = ask_json(asked.question)
        verdict = asked.judge(answer)
        verdicts[verdict] += 1
        told[verdict].append(f"{asked.question} → {' '.join(answer['text'].split())[:120]}")
    assert not told["wrong"], "\n".join(told["wrong"])
    assert verdicts["right"] >= least * _SAMPLE, "\n".join((str(verdicts), *told["more"], *told["withheld"]))
