"""Collects what a layout reads from one document, and gives each record its stable id."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ingest.raw import RawDocument
from records import (
    Document,
    Extraction,
    Figure,
    Finding,
    Indicator,
    Measure,
    Metric,
    Part,
    Phase,
    Project,
    ProjectKind,
    Section,
    Source,
    TextUnit,
)


class Reading:
    """Builder of an Extraction: ids are deterministic, in the order of adding, and unique in the document."""

    def __init__(self, document: Document, raw: RawDocument) -> None:
        self.document = document
        self.raw = raw
        self.projects: list[Project] = []
        self.figures: list[Figure] = []
        self.indicators: list[Indicator] = []
        self.sections: list[Section] = []
        self.warnings: list[str] = list(raw.warnings)
        self.findings: list[Finding] = []

    def source(self, line_start: int, line_end: int | None = None, quote: str | None = None) -> Source:
        """Source of 1-based lines; without a quote, the lines themselves, blank ones left out."""
        end = line_start if line_end is None else line_end
        if quote is None:
            quote = "\n".join(line.strip() for line in self.raw.lines[line_start - 1 : end] if line.strip())
        page = self.raw.pages[line_start - 1] if self.raw.pages else None
        return Source(self.document.document_id, self.document.file, page, line_start, end, quote)

    def add_project(
        self,
        part: Part,
        name: str,
        kind: ProjectKind,
        source: Source,
        *,
        code: str | None = None,
        pillar: str | None = None,
        pillar_aliases: tuple[str, ...] = (),
        category: str | None = None,
        departments: tuple[str, ...] = (),
        parent: Project | None = None,
        listed: bool | None = None,
        container: bool = False,
        text: str = "",
        fiscal_year: int | None = None,
    ) -> Project:
        """Add a 事業 or 細事業; `listed` defaults to True for anything but a sub-project."""
        project = Project(
            project_id=f"{self.document.document_id}/p{len(self.projects) + 1}",
            document_id=self.document.document_id,
            part_index=part.index,
            fiscal_year=part.fiscal_year if fiscal_year is None else fiscal_year,
            name=name,
            kind=kind,
            code=code,
            pillar=pillar,
            category=category,
            departments=departments,
            parent_id=parent.project_id if parent else None,
            listed=kind != "sub_project" if listed is None else listed,
            container=container,
            text=text,
            source=source,
            pillar_aliases=pillar_aliases,
        )
        self.projects.append(project)
        return project

    def add_figure(
        self,
        part: Part,
        metric: Metric,
        value: Decimal,
        unit: str,
        printed: str,
        label: str,
        source: Source,
        *,
        project: Project | None = None,
        section: str | None = None,
        table: str = "list",
        primary: bool = True,
        confidence: float = 1.0,
        fiscal_year: int | None = None,
        phase: Phase | None = None,
        as_of: date | None = None,
    ) -> Figure:
        """Add a printed figure; year, phase and as-of are the part's unless the place prints others."""
        figure = Figure(
            figure_id=f"{self.document.document_id}/f{len(self.figures) + 1}",
            document_id=self.document.document_id,
            part_index=part.index,
            fiscal_year=part.fiscal_year if fiscal_year is None else fiscal_year,
            phase=phase or part.phase,
            as_of=as_of if phase else part.as_of,
            project_id=project.project_id if project else None,
            section=section,
            metric=metric,
            label=label,
            value=value,
            unit=unit,
            printed=printed,
            table=table,
            primary=primary,
            confidence=confidence,
            source=source,
        )
        self.figures.append(figure)
        return figure

    def add_indicator(
        self,
        project: Project,
        name: str,
        source: Source,
        target: Measure | None = None,
        result: Measure | None = None,
        fiscal_year: int | None = None,
    ) -> Indicator:
        """Add a 事業指標 of a project."""
        indicator = Indicator(
            indicator_id=f"{self.document.document_id}/i{len(self.indicators) + 1}",
            document_id=self.document.document_id,
            project_id=project.project_id,
            fiscal_year=project.fiscal_year if fiscal_year is None else fiscal_year,
            name=name,
            target=target,
            result=result,
            source=source,
        )
        self.indicators.append(indicator)
        return indicator

    def add_section(
        self,
        part: Part,
        heading: tuple[str, ...],
        units: tuple[TextUnit, ...],
        project: Project | None = None,
        sub_project: Project | None = None,
    ) -> Section | None:
        """Add a run of text; nothing is added where there is no text."""
        if not units:
            return None
        section = Section(
            section_id=f"{self.document.document_id}/s{len(self.sections) + 1}",
            document_id=self.document.document_id,
            fiscal_year=part.fiscal_year,
            part_index=part.index,
            project_id=project.project_id if project else None,
            sub_project_id=sub_project.project_id if sub_project else None,
            heading=heading,
            units=units,
        )
        self.sections.append(section)
        return section

    def warn(self, message: str) -> None:
        """Keep a sentence in Japanese about something that could not be read with certainty."""
        self.warnings.append(message)

    def differ(
        self, message: str, expected: str, printed: str, sources: tuple[Source, ...], projects: tuple[Project, ...] = ()
    ) -> None:
        """Keep that two places print different words for one thing; `message` is a whole sentence."""
        ids = tuple(project.project_id for project in projects)
        self.findings.append(
            Finding(self.document.document_id, "words", message, (), sources, expected, printed, project_ids=ids)
        )

    def finish(self) -> Extraction:
        """The Extraction of everything added."""
        return Extraction(
            document=self.document,
            lines=self.raw.lines,
            projects=tuple(self.projects),
            figures=tuple(self.figures),
            indicators=tuple(self.indicators),
            sections=tuple(self.sections),
            warnings=tuple(self.warnings),
            findings=tuple(self.findings),
        )
