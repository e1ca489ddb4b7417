"""The rows of the settlement table, counted without the code under test: what a question about 事業 is asked of."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from answer.types import Answer
from index.library import Library
from records import Figure, Metric, Project

# `ask(question, *earlier_questions)`, and the same in the form of the contract.
Ask = Callable[..., Answer]
AskJson = Callable[..., dict[str, Any]]


def bare(name: str) -> str:
    """A name as both years print it: half width, without its bracket (ＤＶ対策事業, DV対策事業)."""
    return unicodedata.normalize("NFKC", name).split("(")[0]


def listed(library: Library, fiscal_year: int, kind: str) -> list[Project]:
    """Projects with a row of their own in the part of this kind and year (決算総括説明書, 執行状況)."""
    return [
        project
        for project in library.projects.values()
        if project.listed
        and not project.container
        and project.fiscal_year == fiscal_year
        and _part_kind(library, project) == kind
    ]


def _part_kind(library: Library, project: Project) -> str:
    parts = library.documents[project.document_id].parts
    return next(part.kind for part in parts if part.index == project.part_index)


def settled_2022(library: Library) -> list[Project]:
    return listed(library, 2022, "決算総括説明書")


def running_2023(library: Library) -> list[Project]:
    return listed(library, 2023, "執行状況")


def figure(library: Library, project: Project, metric: Metric) -> Figure:
    """The one primary print of a project's figure of its own year."""
    (found,) = [
        f
        for f in library.figures
        if f.project_id == project.project_id
        and f.metric == metric
        and f.primary
        and f.fiscal_year == project.fiscal_year
    ]
    return found


def value(library: Library, project: Project, metric: Metric) -> Decimal:
    return figure(library, project, metric).value
