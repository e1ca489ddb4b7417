"""The rows that questions are asked of: one per project (or printed total) and fiscal year, with its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from answer.types import Level, Place
from index.library import Library
from ingest.eras import fiscal_year_label
from records import Document, Figure, Indicator, Metric, Part, Phase, Project


@dataclass(slots=True)
class Row:
    """A project, sub-project or printed total in one fiscal year of one part of one document."""

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
        by_key: dict[tuple[str, int, int, str], Row] = {}
        for project in self.projects.values():
            row = self._project_row(project, project.fiscal_year)
            by_key[(project.document_id, project.part_index, project.fiscal_year, project.project_id)] = row
            self.rows.append(row)
        for figure in figures:
            owner = figure.project_id or f"section:{figure.section}"
            year = figure.fiscal_year
            if figure.project_id and figure.metric in ("count", "other"):
                # A count of another year, told beside this year's, makes no row of that year.
                year = self.projects[figure.project_id].fiscal_year
            key = (figure.document_id, figure.part_index, year, owner)
            row_or_none = by_key.get(key)
            if row_or_none is None:
                if figure.project_id:
                    row = self._project_row(self.projects[figure.project_id], figure.fiscal_year, figure)
                else:
                    row = self._section_row(figure)
                by_key[key] = row
                self.rows.append(row)
            else:
                row = row_or_none
            if figure.metric == "count":
                row.counts.append(figure)
            elif figure.metric == "other":
                row.others.append(figure)
            else:
                held = row.figures.get(figure.metric)
                if held is None or (figure.primary and not held.primary):
                    row.figures[figure.metric] = figure

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
        return Row(
            document=document,
            part=self.part_of(figure.document_id, figure.part_index),
            place=self.place_of(document),
            fiscal_year=figure.fiscal_year,
            phase=figure.phase,
            as_of=figure.as_of,
            name=figure.section or "",
            level="section",
            project=None,
            parent=None,
            pillar=None,
            category=None,
            departments=(),
        )

    def labels(self) -> tuple[str, ...]:
        """What the documents call amounts that are neither budget nor spending (国庫支出金), for several projects."""
        owners: dict[str, set[str | None]] = defaultdict(set)
        for row in self.rows:
            for figure in row.others:
                if figure.unit == "yen" and "事業" not in figure.label:
                    owners[figure.label].add(figure.project_id)
        return tuple(label for label, projects in owners.items() if len(projects) > 1)

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
