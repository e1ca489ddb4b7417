"""The rows that questions are asked of: one per project (or printed total) and fiscal year, with its figures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from answer.accounts import ITEM_LEVELS, Standing, standings_of
from answer.types import Level, Place
from index.library import Library
from ingest.eras import fiscal_year_label
from records import Document, Figure, Indicator, Metric, Part, Phase, Project

_COST = re.compile(r"(?:総|全体)?事業費")


@dataclass(slots=True)
class Row:
    """A project, sub-project, printed total or row of a budget book in one fiscal year of one part of one document.

    `side` is 歳入, 歳出 or 会計 of a row of a budget book, `path` its steps from the 款 down to itself.
    """

    document: Document
    part: Part
    place: Place
    fiscal_year: int
    phase: Phase
    as_of: date | None
    name: str
    level: Level
    project: Project | None
    parent: Project | None
    pillar: str | None
    category: str | None
    departments: tuple[str, ...]
    figures: dict[Metric, Figure] = field(default_factory=dict)
    others: list[Figure] = field(default_factory=list)
    counts: list[Figure] = field(default_factory=list)
    side: str | None = None
    path: tuple[str, ...] = ()

    @property
    def spent(self) -> Figure | None:
        """The settled amount, or where the year is not settled the amount executed so far."""
        return self.figures.get("settled") or self.figures.get("executed")

    @property
    def group(self) -> tuple[str, int, int]:
        """Rows are compared only inside a group: one part of one document, one fiscal year."""
        return (self.document.document_id, self.part.index, self.fiscal_year)


class Ledger:
    """All rows of a library, with the look-ups that plans need; built once for each generation."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.documents = library.documents
        self.projects = library.projects
        self.rows: list[Row] = []
        self.indicators: dict[str, list[Indicator]] = defaultdict(list)
        for indicator in library.indicators:
            self.indicators[indicator.project_id].append(indicator)
        self.children: dict[str, list[Project]] = defaultdict(list)
        for project in library.projects.values():
            if project.parent_id:
                self.children[project.parent_id].append(project)
        self._build(library.figures)
        self.by_project: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.project:
                self.by_project[row.project.project_id].append(row)

    def _build(self, figures: Iterable[Figure]) -> None:
        figures = tuple(figures)
        self._standings = standings_of(figures)
        by_key: dict[tuple[str, int, int, str], Row] = {}
        for project in self.projects.values():
            row = self._project_row(project, project.fiscal_year)
            by_key[(project.document_id, project.part_index, project.fiscal_year, project.project_id)] = row
            self.rows.append(row)
        for figure in figures:
            if figure.metric in ("count", "other"):
                continue
            owner = self._owner_of(figure)
            key = (figure.document_id, figure.part_index, figure.fiscal_year, owner)
            row = by_key.get(key) or self._row_for(figure)
            if key not in by_key:
                by_key[key] = row
                self.rows.append(row)
            held = row.figures.get(figure.metric)
            if held is None or (figure.primary and not held.primary):
                row.figures[figure.metric] = figure
        for figure in figures:
            if figure.metric in ("count", "other"):
                self._add_beside(by_key, figure)
        self.rows.extend(_outer_rows([row for row in self.rows if row.level in ITEM_LEVELS]))
        for row in self.rows:
            _settle(row)

    def _owner_of(self, figure: Figure) -> str:
        """What the figures of one row share."""
        standing = self._standings.get(figure.figure_id)
        if standing is not None:
            return f"account:{standing.side}:{standing.level}:{'／'.join(standing.path)}"
        return figure.project_id or f"section:{figure.section}"

    def _row_for(self, figure: Figure) -> Row:
        if figure.project_id:
            return self._project_row(self.projects[figure.project_id], figure.fiscal_year, figure)
        return self._section_row(figure)

    def _add_beside(self, by_key: dict[tuple[str, int, int, str], Row], figure: Figure) -> None:
        """A count or another amount: to the row of its year, or where that year has none to the project's own."""
        owner = self._owner_of(figure)
        own = self.projects[figure.project_id].fiscal_year if figure.project_id else figure.fiscal_year
        keys = [(figure.document_id, figure.part_index, year, owner) for year in (figure.fiscal_year, own)]
        row = next((by_key[key] for key in keys if key in by_key), None)
        if row is None:
            row = by_key[keys[0]] = self._row_for(figure)
            self.rows.append(row)
        (row.counts if figure.metric == "count" else row.others).append(figure)

    def place_of(self, document: Document) -> Place:
        return Place(document.municipality, document.ward)

    def part_of(self, document_id: str, part_index: int) -> Part:
        return next(part for part in self.documents[document_id].parts if part.index == part_index)

    def _project_row(self, project: Project, fiscal_year: int, figure: Figure | None = None) -> Row:
        document = self.documents[project.document_id]
        part = self.part_of(project.document_id, project.part_index)
        parent = self.projects.get(project.parent_id) if project.parent_id else None
        return Row(
            document=document,
            part=part,
            place=self.place_of(document),
            fiscal_year=fiscal_year,
            phase=figure.phase if figure else part.phase,
            as_of=figure.as_of if figure else part.as_of,
            name=project.name,
            level="section" if project.container else "project" if project.listed else "sub_project",
            project=project,
            parent=parent,
            pillar=project.pillar or (parent.pillar if parent else None),
            category=project.category or (parent.category if parent else None),
            departments=project.departments or (parent.departments if parent else ()),
        )

    def _section_row(self, figure: Figure) -> Row:
        document = self.documents[figure.document_id]
        standing = self._standings.get(figure.figure_id) or Standing("section", "", (figure.section or "",))
        return Row(
            document=document,
            part=self.part_of(figure.document_id, figure.part_index),
            place=self.place_of(document),
            fiscal_year=figure.fiscal_year,
            phase=figure.phase,
            as_of=figure.as_of,
            name=standing.name,
            level=standing.level,
            project=None,
            parent=None,
            pillar=None,
            category=None,
            departments=(),
            side=standing.side or None,
            path=standing.path if standing.side else (),
        )

    def labels(self) -> tuple[str, ...]:
        """What the documents call amounts that are neither budget nor spending (国庫支出金), for several projects."""
        owners: dict[str, set[str | None]] = defaultdict(set)
        for row in self.rows:
            for figure in row.others:
                if figure.unit == "yen" and "事業" not in figure.label and figure is not row.figures.get("other"):
                    owners[figure.label].add(figure.project_id)
        return tuple(label for label, projects in owners.items() if len(projects) > 1)

    def verdicts(self) -> tuple[str, ...]:
        """Results in words that several indicators have alike: 現状継続, 実施済み."""
        results = (i.result for indicators in self.indicators.values() for i in indicators)
        told = Counter(r.printed for r in results if r is not None and r.value is None)
        return tuple(printed for printed, times in told.items() if times > 1)

    def indicators_of(self, row: Row, any_year: bool = False) -> list[Indicator]:
        """The indicators of a row's own year; with `any_year` those of years that have no row beside the project's."""
        if row.project is None:
            return []
        own = any_year and row.fiscal_year == row.project.fiscal_year
        years = {r.fiscal_year for r in self.by_project[row.project.project_id]} if own else set()
        return [
            i
            for i in self.indicators.get(row.project.project_id, [])
            if i.fiscal_year == row.fiscal_year or (own and i.fiscal_year not in years)
        ]

    @property
    def places(self) -> tuple[Place, ...]:
        """The municipalities and wards that documents are held of, in the documents' order."""
        return tuple(dict.fromkeys(self.place_of(document) for document in self.documents.values()))

    def holdings(self) -> tuple[tuple[Place, Document, Part], ...]:
        """Every part held, by place and year."""
        held = [
            (self.place_of(document), document, part) for document in self.documents.values() for part in document.parts
        ]
        return tuple(sorted(held, key=lambda item: (str(item[0]), item[2].fiscal_year, item[2].index)))

    def years_of(self, places: Iterable[Place]) -> tuple[int, ...]:
        """Fiscal years that documents of these places cover, or print figures of."""
        wanted = set(places)
        years = {part.fiscal_year for place, _, part in self.holdings() if place in wanted}
        return tuple(sorted(years | {row.fiscal_year for row in self.rows if row.place in wanted and row.figures}))


def _outer_rows(rows: Sequence[Row]) -> list[Row]:
    """款 and 項 that a book names only in front of its 目: rows without figures, for what stands under them."""
    there = {(row.group, row.side, row.path) for row in rows}
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        for size in range(1, len(row.path)):
            key = (row.group, row.side, row.path[:size])
            if key not in there:
                path = row.path[:size]
                outer = replace(
                    row, name=path[-1], level=ITEM_LEVELS[size - 1], path=path, figures={}, others=[], counts=[]
                )
                found.setdefault(key, outer)
    return list(found.values())


def _settle(row: Row) -> None:
    """What follows once all figures of a row are known: its phase, and its amount where the document names it neither
    budget nor spending (事業費).
    """
    phases = {figure.phase for figure in row.figures.values()}
    if len(phases) == 1:
        # The last column of a table of results may be a plan.
        (row.phase,) = phases
    if row.project is not None and not row.figures:
        amounts = [f for f in row.others if f.unit == "yen" and f.primary and _COST.match(f.label)]
        if len(amounts) == 1:
            row.figures["other"] = amounts[0]


def keys_of(row: Row, by: str) -> tuple[str | None, ...]:
    """The departments, or the pillar, category, place or year that a row counts for; a category printed as a pillar is
    no pillar.
    """
    if by == "place":
        return (str(row.place),)
    if by == "year":
        return (fiscal_year_label(row.fiscal_year),)
    if by == "department":
        return row.departments
    if by == "pillar":
        return (row.pillar if row.pillar != row.category else None,)
    return (row.category,)
