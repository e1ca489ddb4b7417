"""Every type that crosses a folder, and the glossary of the field's terms.

Frozen, slotted, standard library only. Money is whole yen in a `Decimal` whatever the page uses; rates are percent.

Glossary: project = 事業, sub-project = 細事業, budget = 予算額, settled = 決算額, executed = 執行額, difference = 差引,
execution rate = 執行率, indicator = 事業指標, department = 課名, pillar = 柱 (分野), category = 経費区分,
and of a budget book kan, kou, moku, setsu = 款, 項, 目, 節, account = 会計, side = 歳入 or 歳出.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Phase = Literal["plan", "initial_budget", "settlement", "interim", "result"]
Metric = Literal[
    "budget",
    "settled",
    "executed",
    "difference",
    "execution_rate",
    "indicator_target",
    "indicator_result",
    "count",
    "other",
]
ProjectKind = Literal["project", "sub_project", "measure"]
UnitKind = Literal["heading", "sentence", "bullet", "note", "table"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands in a stored document: 1-based lines, both ends included, and the characters there."""

    document_id: str
    file: str
    page: int | None
    line_start: int
    line_end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document with one fiscal year, kind and phase; one file may hold several.

    `fiscal_year` is the calendar year in which it begins (2022 = 令和4年度); `line_start` and `line_end` bound it.
    """

    document_id: str
    index: int
    fiscal_year: int
    kind: str
    phase: Phase
    as_of: date | None
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a municipality, with the facts that its publisher gives."""

    document_id: str
    file: str
    title: str
    publisher: str
    municipality: str
    municipality_code: str
    ward: str | None
    ward_code: str | None
    licence: str
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class TextUnit:
    """One sentence, bullet, heading or note, put together again over page breaks, with the lines it came from."""

    text: str
    kind: UnitKind
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A run of text under one heading; the stuff that passages are cut from. Never spans two projects.

    `heading` goes from the outermost (pillar) to the innermost heading, without municipality and year.
    """

    section_id: str
    document_id: str
    fiscal_year: int
    part_index: int
    project_id: str | None
    sub_project_id: str | None
    heading: tuple[str, ...]
    units: tuple[TextUnit, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A 事業 (project), 細事業 (sub-project, with `parent_id`), or a measure of a policy that has no 事業 name.

    `listed` says that it has a row of its own in a per-project table (事業別一覧表) or is a project by its own heading:
    the rows that a question about 事業 means. `container` says that it only bundles listed rows (統合事業費).
    `departments` are those of the list of projects where it names any. `pillar_aliases` is what else the document
    calls the pillar: its number as printed (Ⅳ, 2), and a name that another page gives it.
    """

    project_id: str
    document_id: str
    part_index: int
    fiscal_year: int
    name: str
    kind: ProjectKind
    code: str | None
    pillar: str | None
    category: str | None
    departments: tuple[str, ...]
    parent_id: str | None
    listed: bool
    container: bool
    text: str
    source: Source
    pillar_aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure. `value` is yen, percent or a count in `unit`; `printed` is the characters on the page.

    `project_id` is None for a row of totals or a category, which `section` then names. `table` says which kind of place
    printed it: "summary", "list" (per-project table), "block" (side box), "heading" (beside a sub-project), "text".
    `confidence` is 1.0 where the place is unambiguous. `primary` is False for a second print of a figure that another
    place states, kept for the audit.
    """

    figure_id: str
    document_id: str
    part_index: int
    fiscal_year: int
    phase: Phase
    as_of: date | None
    project_id: str | None
    section: str | None
    metric: Metric
    label: str
    value: Decimal
    unit: str
    printed: str
    table: str
    primary: bool
    confidence: float
    source: Source


@dataclass(frozen=True, slots=True)
class Measure:
    """A target or a result as printed: `value` is None where it is words (実施済み)."""

    value: Decimal | None
    unit: str
    printed: str
    source: Source


@dataclass(frozen=True, slots=True)
class Indicator:
    """A 事業指標 of a project: what is measured, with its target and result as far as they are printed."""

    indicator_id: str
    document_id: str
    project_id: str
    fiscal_year: int
    name: str
    target: Measure | None
    result: Measure | None
    source: Source


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a document does not agree with itself: what is printed, what its own figures make of it.

    `kind` is "difference", "rate", "sum" or "reprint" for figures, "words" for a department or a pillar that two places
    name differently: then `figure_ids` is empty. `message` tells it in one Japanese sentence; `project_ids` are the
    projects that it is about, as far as it is about projects.
    """

    document_id: str
    kind: str
    message: str
    figure_ids: tuple[str, ...]
    sources: tuple[Source, ...]
    expected: str
    printed: str
    project_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one document; `lines` is the stored text that every Source points into.

    `findings` are the disagreements that only reading could see: of the two words printed, a record keeps one.
    """

    document: Document
    lines: tuple[str, ...]
    projects: tuple[Project, ...]
    figures: tuple[Figure, ...]
    indicators: tuple[Indicator, ...]
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What retrieval returns: a piece of one project's (or one section's) text under its heading.

    `heading` is one line: municipality, ward, year, kind, pillar, project, sub-project; it is embedded with the text.
    """

    passage_id: str
    document_id: str
    fiscal_year: int
    part_index: int
    project_id: str | None
    sub_project_id: str | None
    heading: str
    text: str
    units: tuple[TextUnit, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `rank` from 1, the fused `score`, and each retriever's own score by name."""

    passage: Passage
    rank: int
    score: float
    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and the calibrated probability (0 to 1) that the first ones answer the question."""

    hits: tuple[Hit, ...]
    answerable: float


@dataclass(frozen=True, slots=True)
class SearchScope:
    """A hard filter on passages; an empty tuple does not filter."""

    document_ids: tuple[str, ...] = ()
    fiscal_years: tuple[int, ...] = ()
    project_ids: tuple[str, ...] = ()
