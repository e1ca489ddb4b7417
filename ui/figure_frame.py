"""The rows of printed figures as tables: one row per project and year, totals apart, grouped on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import pandas as pd

from answer.grouping import group_rows
from answer.ledger import Row
from records import Figure, Metric
from ui.answer_table import phase_name, written, year_name
from ui.charts import Bar
from ui.source_view import source_url
from ui.text import label

Level = Literal["project", "sub_project", "total"]
AMOUNTS: Final[tuple[Metric, ...]] = ("budget", "settled", "executed", "difference")
SHOWN: Final[tuple[Metric, ...]] = (*AMOUNTS, "execution_rate")
GROUPS: Final = ("ward", "fiscal_year", "department", "pillar", "category", "document")


def level_of(row: Row) -> Level:
    """Whether a row is a project, one of its sub-projects, or a total or bundle of others."""
    return row.level if row.level in ("project", "sub_project") else "total"


def facts(row: Row) -> dict[str, Any]:
    """What a row says of itself, under the keys of the labels."""
    return {
        "project": row.name,
        "parent_project": row.parent.name if row.parent else "",
        "ward": str(row.place),
        "fiscal_year": year_name(row.fiscal_year),
        "phase": phase_name(row.phase, row.as_of.isoformat() if row.as_of else None),
        "department": "、".join(row.departments),
        "pillar": row.pillar or "",
        "category": row.category or "",
        "document": row.document.title,
    }


def first_source(row: Row) -> Figure | None:
    """The figure whose place stands for the row."""
    return next((row.figures[metric] for metric in SHOWN if metric in row.figures), None)


def figure_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """One line per row, with its printed amounts in yen and its rate in percent; blank where nothing is printed."""
    lines = []
    for row in rows:
        proof = first_source(row)
        line = facts(row)
        for metric in SHOWN:
            figure = row.figures.get(metric)
            line[f"metric_{metric}"] = float(figure.value) if figure else None
        line["source"] = (
            source_url(row.document.document_id, proof.source.line_start, proof.source.line_end) if proof else None
        )
        lines.append(line)
    frame = pd.DataFrame(lines)
    if frame.empty:
        return frame
    numbers = [f"metric_{metric}" for metric in SHOWN]
    empty = [c for c in (*numbers, "parent_project", "pillar", "category", "phase") if not _holds(frame[c])]
    order = ["project", "fiscal_year", "phase", *numbers, "source", "department", "pillar", "category"]
    order += ["parent_project", "ward", "document"]
    if rows[0].level == "sub_project":
        order = ["project", "parent_project", *(c for c in order if c not in ("project", "parent_project"))]
    return frame[[c for c in order if c not in empty]]


def _holds(column: pd.Series[Any]) -> bool:
    return bool(column.notna().any() and (column != "").any())


def other_frame(rows: Sequence[Row], indicators: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Counts, indicators and other printed numbers: one line each, with its unit."""
    lines = list(indicators)
    for row in rows:
        for figure in (*row.counts, *row.others):
            lines.append(
                facts(row)
                | {
                    "metric": label(f"metric_{figure.metric}"),
                    "label": figure.label,
                    "value": float(figure.value),
                    "unit": unit_name(figure.unit),
                    "printed": figure.printed,
                    "source": source_url(figure.document_id, figure.source.line_start, figure.source.line_end),
                }
            )
    frame = pd.DataFrame(lines)
    if frame.empty:
        return frame
    order = ["project", "fiscal_year", "metric", "label", "value", "unit", "printed", "department", "ward", "source"]
    return frame[order]


def unit_name(unit: str) -> str:
    """The unit as readers write it."""
    return {"yen": label("unit_yen"), "percent": label("unit_percent")}.get(unit, unit)


def grouped_frame(rows: Sequence[Row], group: str) -> pd.DataFrame:
    """One line for each group of rows by one of GROUPS: how many they are, and their amounts where all print one."""
    lines = []
    for found in group_rows(rows, lambda row: str(facts(row)[group]) or "—"):
        line: dict[str, Any] = {group: found.key}
        if group != "fiscal_year":
            line["fiscal_year"] = year_name(found.fiscal_year)
        line["phase"] = phase_name(found.phase, found.as_of.isoformat() if found.as_of else None)
        line["group_count"] = len(found.rows)
        for metric in AMOUNTS:
            total = found.total(metric)
            line[f"metric_{metric}"] = None if total is None else float(total)
        lines.append(line)
    frame = pd.DataFrame(lines)
    return frame.drop(columns=[c for c in frame.columns if c.startswith("metric_") and frame[c].isna().all()])


def as_figure(figure: Figure) -> dict[str, Any]:
    """The part of a figure's contract form that says how it is written."""
    return {"value": str(figure.value), "unit": figure.unit, "printed": figure.printed}


def rate_bars(rows: Sequence[Row]) -> list[Bar]:
    """The execution rate of each row, the lowest first."""
    rated = [row for row in rows if "execution_rate" in row.figures]
    rated.sort(key=lambda row: row.figures["execution_rate"].value)
    # Rates so far and rates of a whole year are different things: each phase has its own colour.
    return [
        Bar(
            distinct_name(row, rated),
            facts(row)["phase"],
            float(row.figures["execution_rate"].value),
            written(as_figure(row.figures["execution_rate"])),
        )
        for row in rated
    ]


def amount_bars(rows: Sequence[Row]) -> list[Bar]:
    """Budget beside what was settled (or executed so far), the largest budget first."""
    both = [row for row in rows if "budget" in row.figures and row.spent is not None]
    both.sort(key=lambda row: -row.figures["budget"].value)
    bars = []
    for row in both:
        spent = row.spent
        assert spent is not None
        for figure in (row.figures["budget"], spent):
            bars.append(
                Bar(
                    distinct_name(row, both),
                    label(f"metric_{figure.metric}"),
                    float(figure.value),
                    written(as_figure(figure)),
                )
            )
    return bars


def year_bars(rows: Sequence[Row], metric: Metric) -> list[Bar]:
    """One bar per year for projects of the same ward and name that print the metric in several years."""
    found: dict[tuple[str, str, str], dict[int, Row]] = {}
    for row in rows:
        if metric in row.figures:
            parent = row.parent.name if row.parent else ""
            found.setdefault((str(row.place), parent, row.name), {}).setdefault(row.fiscal_year, row)
    several = {key: years for key, years in found.items() if len(years) > 1}
    wards = len({key[0] for key in several}) > 1
    bars = []
    for (ward, parent, name), years in sorted(
        several.items(), key=lambda item: -max(row.figures[metric].value for row in item[1].values())
    ):
        shown = "　".join(part for part in (ward if wards else "", parent, name) if part)
        for year in sorted(years):
            row = years[year]
            figure = row.figures[metric]
            phase = facts(row)["phase"]
            bars.append(Bar(shown, f"{year_name(year)} {phase}", float(figure.value), written(as_figure(figure))))
    return bars


def distinct_name(row: Row, rows: Sequence[Row]) -> str:
    """The row's name, with what tells it from its namesakes among these rows."""
    parts = [row.name]
    if len({r.fiscal_year for r in rows}) > 1:
        parts.append(year_name(row.fiscal_year))
    if len({str(r.place) for r in rows}) > 1:
        parts.insert(0, str(row.place))
    if row.parent is not None:
        parts.append(f"（{row.parent.name}）")
    return "　".join(parts)
