"""What the generic understanding writes down: projects and figures, each in the year, phase and part of its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ingest.eras import find_years
from ingest.joining import build_units, content_lines, wrap_width
from ingest.raw import RawDocument
from ingest.reading import Reading
from ingest.tables.facts import propose_facts
from ingest.tables.words import EVALUATION, numbered_pillar, plain
from records import Figure, Metric, Part, Phase, Project, ProjectKind, TextUnit

if TYPE_CHECKING:
    from ingest.tables.books import Book
    from ingest.tables.grids import Chapter, Layout

# What an amount is that no heading names. A document of results need not say whether its costs are settled.
MAIN_METRIC: dict[Phase, Metric] = {
    "plan": "budget",
    "initial_budget": "budget",
    "settlement": "settled",
    "interim": "executed",
    "result": "other",
}


@dataclass(frozen=True, slots=True)
class Where:
    """What a place in the document inherits from the headings above it."""

    part: Part
    fiscal_year: int
    phase: Phase
    sure_of_year: bool
    unit_yen: int | None = None
    unit_guessed: bool = False
    unit_of_document: bool = False  # noted at the top, for the whole document
    headings: tuple[str, ...] = ()
    category: str | None = None
    departments: tuple[str, ...] = ()
    parent: Project | None = None
    lists_projects: bool = False

    @property
    def pillar(self) -> tuple[str | None, tuple[str, ...]]:
        """The heading that numbers a pillar, else the outermost that is not the document's title; and its number."""
        for heading in self.headings:
            numbered = numbered_pillar(heading)
            if numbered:
                return numbered[0], numbered[1:]
        names = [h for h in self.headings if not any(mention.fiscal for mention in find_years(plain(h)))]
        return (names[0] if names else None), ()

    @property
    def metric(self) -> Metric:
        """The metric of an amount that no heading names."""
        return MAIN_METRIC[self.phase]


class Recorder:
    """Adds what is read to a Reading, and knows what was read before."""

    def __init__(self, reading: Reading, raw: RawDocument) -> None:
        self.reading = reading
        self.raw = raw
        self.by_name: dict[str, list[Project]] = {}
        self.by_id: dict[str, Project] = {}
        self.layout: Layout | None = None  # of the last table, for one that goes on over the page
        self.chapter: Chapter | None = None  # of the last table, likewise
        self.book: Book | None = None
        # Rows of a table that no total has closed yet, by its headings: a table may go on over pages.
        self.open_rows: dict[tuple[str, ...], list[tuple[Decimal, Figure, int]]] = {}
        self.printed: dict[tuple[str, int, Metric, Phase, str], list[Figure]] = {}
        self.sure_of_year = True
        if not reading.document.parts:
            self.sure_of_year = propose_parts(reading, raw)
        # By ordinance (地方自治法施行規則) a budget book is in thousands; one that prints no unit at all is taken so.
        text = "".join(raw.lines[:400])
        self.in_thousands = bool(
            re.search(r"予算書|予算説明書", plain(reading.document.title + text[:300]))
        ) and not re.search(r"単位|千円|百万円|万円|\d円", plain(text))
        if self.in_thousands:
            reading.warn("予算書に金額の単位が書かれていないため、千円とみなしました。確かではありません。")
        self.evaluation = any(EVALUATION.search(part.kind) for part in reading.document.parts) or bool(
            EVALUATION.search(reading.document.title)
        )

    def start(self, line: int = 1) -> Where:
        """What holds at a line before any heading is read."""
        parts = self.reading.document.parts
        part = next((p for p in parts if p.line_start <= line <= max(p.line_end, p.line_start)), parts[0])
        return Where(
            part,
            part.fiscal_year,
            part.phase,
            self.sure_of_year,
            1000 if self.in_thousands else None,
            self.in_thousands,
        )

    def project(
        self,
        where: Where,
        name: str,
        lines: tuple[int, int],
        *,
        code: str | None = None,
        departments: tuple[str, ...] | None = None,
        category: str | None = None,
        kind: ProjectKind | None = None,
        parent: Project | None = None,
        listed: bool | None = None,
        text: str = "",
    ) -> Project:
        """Add a project under the headings of its place."""
        above = parent or where.parent
        if departments is None:
            departments = where.departments or (above.departments if above else ())
        pillar, aliases = where.pillar
        project = self.reading.add_project(
            where.part,
            tidy_name(name),
            kind or ("sub_project" if above else "project"),
            self.reading.source(*lines),
            code=code,
            pillar=pillar,
            pillar_aliases=aliases,
            category=category if category is not None else where.category,
            departments=departments,
            parent=above,
            listed=listed,
            text=text,
            fiscal_year=where.fiscal_year,
        )
        self.by_name.setdefault(plain(project.name), []).append(project)
        self.by_id[project.project_id] = project
        return project

    def rewrite(self, project: Project, **changes: object) -> Project:
        """Replace a project by one with more known of it (its text, its departments)."""
        changed: Project = replace(project, **changes)  # type: ignore[arg-type]
        index = next(i for i, p in enumerate(self.reading.projects) if p.project_id == project.project_id)
        self.reading.projects[index] = changed
        self.by_id[changed.project_id] = changed
        known = self.by_name.get(plain(project.name), [])
        self.by_name[plain(project.name)] = [changed if p.project_id == project.project_id else p for p in known]
        return changed

    def figure(
        self,
        where: Where,
        owner: Project | str,
        metric: Metric,
        value: Decimal,
        printed: str,
        label: str,
        lines: tuple[int, int],
        *,
        unit: str = "yen",
        fiscal_year: int | None = None,
        phase: Phase | None = None,
        table: str = "list",
        main: bool = True,
        confidence: float = 1.0,
        primary: bool = True,
    ) -> Figure:
        """Add a figure of a project, or of the section named; a second print of the same one is not primary."""
        year = where.fiscal_year if fiscal_year is None else fiscal_year
        phase = phase or where.phase
        holder = owner.project_id if isinstance(owner, Project) else f"section:{plain(owner)}"
        before = self.printed_before(holder, year, metric, phase, label)
        if isinstance(owner, Project) and any(figure.primary for figure in before):
            primary = False
            if all(figure.value != value for figure in before):
                confidence = min(confidence, 0.6)
                self.reading.warn(
                    f"「{owner.name}」の{label}が二通りに書かれています: {before[0].printed}"
                    f"（{before[0].source.line_start} 行目）と {printed}（{lines[0]} 行目）"
                )
        figure = self.reading.add_figure(
            where.part,
            metric,
            value,
            unit,
            printed,
            label,
            self.reading.source(*lines),
            project=owner if isinstance(owner, Project) else None,
            section=None if isinstance(owner, Project) else tidy_name(owner),
            table=table,
            primary=primary and (main or metric in ("other", "count")),
            confidence=round(confidence, 2),
            fiscal_year=year,
            phase=phase if phase != where.part.phase else None,
        )
        before.append(figure)
        return figure

    def printed_before(self, holder: str, year: int, metric: Metric, phase: Phase, label: str) -> list[Figure]:
        """The figures that were read of the same thing; only labels tell apart what is no budget or settlement."""
        key = (holder, year, metric, phase, label if metric in ("other", "count") else "")
        return self.printed.setdefault(key, [])

    def lower(self, figures: list[Figure], confidence: float) -> None:
        """Lower the confidence of figures that do not add up."""
        ids = {figure.figure_id for figure in figures}
        for index, figure in enumerate(self.reading.figures):
            if figure.figure_id in ids and figure.confidence > confidence:
                self.reading.figures[index] = replace(figure, confidence=confidence)

    def units(self, first: int, last: int) -> tuple[TextUnit, ...]:
        """The text of lines `first` to `last` as sentences, bullets and notes."""
        lines = content_lines(self.raw.lines, first, last)
        if not lines:
            return ()
        width = wrap_width(lines)
        if self.raw.format == "pdf" and width <= 110:
            return tuple(build_units(lines, width))
        # One paragraph a line: nothing to put together.
        found: list[TextUnit] = []
        for line in lines:
            found.extend(build_units([line], width))
        return tuple(found)


def tidy_name(name: str) -> str:
    """A name without the marks of its list, the spaces that spread it, and a bracket that only repeats it.

    >>> tidy_name("**就学事務（就学事務）**"), tidy_name("議　会　費"), tidy_name("○ 防災訓練")
    ('就学事務', '議会費', '防災訓練')
    """
    name = re.sub(r"\*\*|__|`", "", name)
    name = re.sub(r"^[○◯〇◎●◇◆□■☆★・•※]\s*", "", name.strip(" 　\t:：,，…‥・.")).strip(" 　\t")
    # Characters spread over the width of a column (議　会　費).
    if re.fullmatch(r"(?:\S[\s　]+){1,}\S", name) and not re.search(r"[A-Za-z0-9]{1}\s+[A-Za-z0-9]", name):
        name = re.sub(r"\s+", "", name)
    name = re.sub(r"(?<=[぀-ヿ一-鿿（）「」・、])[ 　]+(?=[぀-ヿ一-鿿（）「」・、])", "", name)
    name = re.sub(r"\s+", " ", name)
    half = (len(name) - 2) // 2
    if half > 0 and name[half] in "(（" and name[-1] in ")）" and name[:half] == name[half + 1 : -1]:
        name = name[:half]
    return name


def propose_parts(reading: Reading, raw: RawDocument) -> bool:
    """Give the document one part, of the year, kind and phase that its text proposes; whether the year is sure."""
    facts = propose_facts(raw)
    year = facts.fiscal_year.value if facts.fiscal_year else 0
    if facts.fiscal_year is None:
        reading.warn("会計年度が本文から分かりません。--fiscal-year で指定してください。")
    elif facts.fiscal_year.confidence < 0.6:
        reading.warn(f"会計年度を{year}年度と推定しましたが、確かではありません。")
    part = Part(
        reading.document.document_id,
        0,
        year,
        facts.kind.value if facts.kind else "資料",
        facts.phase.value if facts.phase else "plan",
        facts.as_of.value if facts.as_of else None,
        1,
        max(1, len(raw.lines)),
    )
    document = reading.document
    reading.document = replace(
        document,
        parts=(part,),
        municipality=document.municipality or (facts.municipality.value if facts.municipality else ""),
        municipality_code=document.municipality_code
        or (facts.municipality_code.value if facts.municipality_code else ""),
        ward=document.ward or (facts.ward.value if facts.ward else None),
        ward_code=document.ward_code or (facts.ward_code.value if facts.ward_code else None),
    )
    return facts.fiscal_year is not None and facts.fiscal_year.confidence >= 0.6
