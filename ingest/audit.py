"""Where a document does not agree with itself: differences, rates, sums, and figures or names printed twice.

Amounts in thousand yen are rounded or cut, so two prints agree unless no true amount could have printed both. Rates
are held to the rounding of their own digits.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ingest.amounts import half_width, yen_text
from ingest.as_json import plain_number, source_json
from ingest.eras import fiscal_year_label
from records import Extraction, Figure, Finding, Metric, Part, Project

_MONEY: tuple[Metric, ...] = ("budget", "settled", "executed", "difference")
_NAMES = {
    "budget": "予算額",
    "settled": "決算額",
    "executed": "執行額",
    "difference": "差引",
    "execution_rate": "執行率",
}
_TABLES = {
    "summary": "総括表",
    "list": "事業別一覧表",
    "block": "事業のページ",
    "heading": "細事業の見出し",
    "text": "本文",
}
# What the forms of 個性ある区づくり推進費 add up by; each way is tried where all its terms are printed.
_SUMS_OF_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("統合事務事業費", ("統合事務費", "統合事業費")),
    ("一般管理費", ("統合事務費", "統合事業費", "区庁舎・区民利用施設管理費")),
    ("個性ある区づくり推進費", ("自主企画事業費", "一般管理費")),
    ("個性ある区づくり推進費", ("自主企画事業費", "統合事務事業費", "区庁舎・区民利用施設管理費")),
)


_BLOCK_CODE = re.compile(r"^[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]-\d+$")


def audit(extractions: Iterable[Extraction]) -> tuple[Finding, ...]:
    """Every disagreement, document by document, in the order of their lines."""
    found: list[Finding] = []
    for extraction in extractions:
        findings = [*extraction.findings, *_Auditor(extraction).findings()]
        found.extend(sorted(findings, key=lambda finding: finding.sources[0].line_start))
    return tuple(found)


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as `check --json` prints it."""
    return {
        "document_id": finding.document_id,
        "kind": finding.kind,
        "message": finding.message,
        "figure_ids": list(finding.figure_ids),
        "project_ids": list(finding.project_ids),
        "expected": finding.expected,
        "printed": finding.printed,
        "sources": [source_json(source) for source in finding.sources],
    }


def step_of(figure: Figure) -> Decimal:
    """The yen that the last printed digit stands for: 1000 for "12,182千円" or for "12,182" in a table of thousands.

    0 where a printed zero does not tell.
    """
    match = re.search(r"\d[\d,]*(?:\.(\d+))?", half_width(figure.printed))
    if match is None:
        return Decimal(0)
    number = Decimal(match.group().replace(",", ""))
    decimals = Decimal(1).scaleb(-len(match[1] or ""))
    return abs(figure.value) / number * decimals if number else Decimal(0)


def _decimals(figure: Figure) -> Decimal:
    match = re.search(r"\d\.(\d+)", half_width(figure.printed))
    return Decimal(1).scaleb(-len(match[1])) if match else Decimal(1)


class _Auditor:
    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.projects = {project.project_id: project for project in extraction.projects}
        self.parts = {part.index: part for part in extraction.document.parts}
        self.figures = [f for f in extraction.figures if f.metric in (*_MONEY, "execution_rate")]
        self.found: list[Finding] = []
        self.told: dict[int, tuple[str, str, str, str]] = {}

    def findings(self) -> list[Finding]:
        for place in self._places().values():
            self._difference(place)
            self._rate(place)
        self._reprints()
        for part in self.extraction.document.parts:
            for metric in ("budget", "settled", "executed"):
                self._sums(part, metric)
        return self.found

    # --- one row, box or heading ------------------------------------------------------------------------------------

    def _places(self) -> dict[tuple[Any, ...], dict[Metric, Figure]]:
        """The figures that one row of a table, one side box or one heading prints together."""
        places: dict[tuple[Any, ...], dict[Metric, Figure]] = {}
        crowded: set[tuple[Any, ...]] = set()
        for figure in self.figures:
            line = figure.source.line_start if figure.table not in ("block", "heading") else 0
            key = (figure.part_index, figure.fiscal_year, self._owner(figure), figure.table, line)
            place = places.setdefault(key, {})
            if figure.metric in place:
                crowded.add(key)  # Two budgets in one row: which of them the rate is of, the row does not say.
            place[figure.metric] = figure
        return {key: place for key, place in places.items() if key not in crowded}

    def _owner(self, figure: Figure) -> str:
        return figure.project_id or f"section:{figure.section}"

    def _spent(self, place: dict[Metric, Figure]) -> Figure | None:
        return place.get("settled") or place.get("executed")

    def _difference(self, place: dict[Metric, Figure]) -> None:
        budget, spent, printed = place.get("budget"), self._spent(place), place.get("difference")
        if budget is None or spent is None or printed is None:
            return
        step = max(step_of(figure) for figure in (budget, spent, printed))
        expected = budget.value - spent.value
        # Each of three rounded amounts may be off by half a step: together by one.
        if abs(expected - printed.value) <= (step if step > 1 else 0):
            return
        self._add(
            "difference",
            f"{self._name(printed)}の差引は「{printed.printed}」と書かれていますが、"
            f"{self._label(budget)}「{budget.printed}」から{self._label(spent)}「{spent.printed}」を引くと"
            f"{yen_text(expected)}です。",
            (printed, budget, spent),
            plain_number(expected),
            plain_number(printed.value),
        )

    def _rate(self, place: dict[Metric, Figure]) -> None:
        budget, spent, printed = place.get("budget"), self._spent(place), place.get("execution_rate")
        if budget is None or spent is None or printed is None or budget.value <= 0:
            return
        halves = [step_of(figure) / 2 if step_of(figure) > 1 else Decimal(0) for figure in (budget, spent)]
        if spent.value == 0:
            halves[1] = halves[0]
        lowest = (spent.value - halves[1]) / (budget.value + halves[0]) * 100
        highest = (spent.value + halves[1]) / max(budget.value - halves[0], Decimal(1)) * 100
        slack = _decimals(printed) / 2
        if lowest - slack <= printed.value <= highest + slack:
            return
        exact = spent.value / budget.value * 100
        self._add(
            "rate",
            f"{self._name(printed)}の執行率は「{printed.printed}」と書かれていますが、"
            f"{self._label(spent)}「{spent.printed}」÷{self._label(budget)}「{budget.printed}」は"
            f"{exact.quantize(_decimals(printed) / 10)}%です。",
            (printed, budget, spent),
            str(exact.quantize(_decimals(printed))),
            plain_number(printed.value),
        )

    # --- one figure in two places -----------------------------------------------------------------------------------

    def _reprints(self) -> None:
        prints: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
        for figure in self.figures:
            prints[(figure.part_index, figure.fiscal_year, self._owner(figure), figure.metric)].append(figure)
        for figures in prints.values():
            first = next((figure for figure in figures if figure.primary), figures[0])
            told: set[str] = set()
            for other in figures:
                if other is first or other.primary or self._agree(first, other) or other.printed in told:
                    continue
                told.add(other.printed)
                self._add(
                    "reprint",
                    f"{self._name(first)}の{self._label(first)}が、{_TABLES.get(first.table, '表')}では"
                    f"「{first.printed}」、{_TABLES.get(other.table, '表')}では「{other.printed}」です。",
                    (first, other),
                    plain_number(first.value),
                    plain_number(other.value),
                )

    def _agree(self, left: Figure, right: Figure) -> bool:
        if left.metric == "execution_rate":
            coarser = max(_decimals(left), _decimals(right))
            return left.value.quantize(coarser) == right.value.quantize(coarser)
        step = max(step_of(left), step_of(right))
        if left.value == right.value:
            return True
        # A difference of rounded amounts may itself be a step off the rounded difference.
        return abs(left.value - right.value) < (step * 2 if left.metric == "difference" and step > 1 else step)

    # --- sums ---------------------------------------------------------------------------------------------------------

    def _sums(self, part: Part, metric: Metric) -> None:
        projects = [p for p in self.extraction.projects if p.part_index == part.index]
        for project in projects:
            if not _BLOCK_CODE.match(project.code or ""):
                continue  # Other documents name only some of what a project holds (うち…).
            children = [self._of_project(child, metric) for child in projects if child.parent_id == project.project_id]
            self._sum(self._of_project(project, metric), [f for f in children if f], "細事業の合計")
        rows = [p for p in projects if p.kind == "project" and not p.container and p.listed]
        pillars = sorted({p.pillar for p in rows if p.pillar})
        categories = sorted({p.category for p in projects if p.category})
        for name in [*pillars, *categories]:
            inside = [p for p in rows if name in (p.pillar, p.category)]
            terms = [self._of_project(p, metric) for p in inside]
            if inside and all(terms):
                self._sum(self._of_section(part, name, metric), [f for f in terms if f], "事業の合計")
        for category in categories:
            owned = {p.pillar for p in rows if p.category == category and p.pillar}
            totals = [self._of_section(part, name, metric) for name in sorted(owned) if name != category]
            if len(totals) > 1 and all(totals):
                self._sum(self._of_section(part, category, metric, finest=True), [f for f in totals if f], "柱の合計")
        for whole, names in _SUMS_OF_SECTIONS:
            parts = [self._of_section(part, name, metric, finest=True) for name in names]
            if all(parts):
                self._sum(self._of_section(part, whole, metric, finest=True), [f for f in parts if f], "＋".join(names))

    def _of_project(self, project: Project, metric: Metric) -> Figure | None:
        return next(
            (f for f in self.figures if f.project_id == project.project_id and f.metric == metric and f.primary), None
        )

    def _of_section(self, part: Part, name: str, metric: Metric, *, finest: bool = False) -> Figure | None:
        """The print of a total; `finest`: the one in the smallest unit."""
        containers = {p.project_id for p in self.extraction.projects if p.container and p.name == name}
        found = [
            f
            for f in self.figures
            if f.part_index == part.index
            and f.metric == metric
            and (f.section == name or (f.project_id in containers and f.section is None))
        ]
        if finest:
            found.sort(key=step_of)
        else:
            found.sort(key=lambda f: not f.primary)
        return found[0] if found else None

    def _sum(self, total: Figure | None, terms: Sequence[Figure], what: str) -> None:
        if total is None or not terms:
            return
        added = sum((term.value for term in terms), Decimal(0))
        halves: Callable[[Figure], Decimal] = lambda f: step_of(f) / 2 if step_of(f) > 1 else Decimal(0)  # noqa: E731
        slack = sum((halves(term) for term in terms), halves(total))
        if abs(added - total.value) <= slack:
            return
        self._add(
            "sum",
            f"{self._name(total)}の{self._label(total)}は「{total.printed}」と書かれていますが、"
            f"{what}（{len(terms)}件）は{yen_text(added)}です。",
            (total, *terms),
            plain_number(added),
            plain_number(total.value),
        )

    # --- words --------------------------------------------------------------------------------------------------------

    def _label(self, figure: Figure) -> str:
        return _NAMES[figure.metric]

    def _name(self, figure: Figure) -> str:
        year = fiscal_year_label(figure.fiscal_year)
        project = self.projects.get(figure.project_id) if figure.project_id else None
        if project is None:
            return f"{year}「{figure.section}」"
        parent = self.projects.get(project.parent_id) if project.parent_id else None
        return f"{year}「{parent.name}」の「{project.name}」" if parent else f"{year}「{project.name}」"

    def _add(self, kind: str, message: str, figures: Sequence[Figure], expected: str, printed: str) -> None:
        shown = figures if len(figures) <= 3 else figures[:1]
        owner, metric = self._owner(figures[0]), figures[0].metric
        for at, finding in enumerate(self.found):
            same = self.told.get(at)
            if same == (kind, owner, metric, printed) and kind != "reprint":
                # The list and the project's page print the same wrong figure: one disagreement, two places.
                self.found[at] = replace(
                    finding,
                    figure_ids=(*finding.figure_ids, *(figure.figure_id for figure in figures)),
                    sources=(*finding.sources, *(figure.source for figure in shown)),
                )
                return
        self.told[len(self.found)] = (kind, owner, metric, printed)
        self.found.append(
            Finding(
                self.extraction.document.document_id,
                kind,
                message,
                tuple(figure.figure_id for figure in figures),
                tuple(figure.source for figure in shown),
                expected,
                printed,
            )
        )
