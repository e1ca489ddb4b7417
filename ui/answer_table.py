"""An answer's figures as a table of one row per project and year, and as bars where they compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from ingest.eras import fiscal_year_label
from ui.charts import Bar
from ui.export import as_number
from ui.source_view import source_url
from ui.text import LABELS, label

_MONEY: Final = ("budget", "settled", "executed", "difference")


def phase_name(phase: str | None, as_of: str | None) -> str:
    """The phase as readers say it, with its day where it is interim."""
    name = label(f"phase_{phase}") if f"phase_{phase}" in LABELS else (phase or "")
    if not as_of:
        return name
    year, month, day = (int(part) for part in as_of.split("-"))
    return f"{name}（{label('as_of_date', year=year, month=month, day=day)}）"


def year_name(fiscal_year: int | None) -> str:
    """The year such that it sorts as text: 2022（令和4）."""
    if fiscal_year is None:
        return ""
    return f"{fiscal_year}（{fiscal_year_label(fiscal_year).removesuffix('年度')}）"


def written(figure: Mapping[str, Any]) -> str:
    """A figure with its unit, as it is read out: money in yen, rates as printed.

    >>> written({"value": "12182000", "unit": "yen", "printed": "12,182"})
    '12,182,000円'
    """
    value, unit = str(figure.get("value") or ""), str(figure.get("unit") or "")
    number = as_number(value)
    if isinstance(number, str) or number is None:
        return str(figure.get("printed") or value)
    if unit == "yen":
        return f"{number:,f}円"
    if unit == "percent":
        return f"{number:f}%"
    return f"{number:,f}{unit}"


def _row_key(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    name = figure.get("project") or figure.get("label")
    # Indicators and counts of one project are many: each is a row of its own.
    own = figure.get("label") if figure.get("metric") not in (*_MONEY, "execution_rate") else None
    keys = ("municipality", "ward", "fiscal_year", "phase", "as_of", "parent_project")
    return (name, own, *(figure.get(key) for key in keys))


# The answer's own table heads its columns in Japanese.
_TABLE_KEYS: Final = {
    "区": "ward",
    "年度": "fiscal_year",
    "段階": "phase",
    "事業": "project",
    "上位の事業": "parent_project",
    "課": "department",
}


def answer_frame(answer: Mapping[str, Any]) -> pd.DataFrame:
    """The rows in the order of the answer; columns that say the same in every row are left out."""
    table = answer.get("table")
    return _kept(_table_rows(table, answer) if table else _figure_rows(answer))


def _table_rows(table: Mapping[str, Any], answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    figures = {figure["figure_id"]: figure for figure in answer.get("figures") or ()}
    metrics = {LABELS[f"metric_{metric}"][0]: f"metric_{metric}" for metric in (*_MONEY, "execution_rate")}
    rows = []
    for given in table["rows"]:
        row: dict[str, Any] = {}
        source = None
        for column in table["columns"]:
            cell = given.get(column)
            if isinstance(cell, Mapping):
                number = as_number(cell.get("value"))
                key = metrics.get(column)
                if key and number is not None and not isinstance(number, str):
                    row[key] = float(number)
                else:
                    row[column] = cell.get("printed") or cell.get("value")
                source = source or figures.get(cell.get("figure_id"), {}).get("source")
            elif cell is not None:
                row[_TABLE_KEYS.get(column, column)] = cell
        if source:
            row["source"] = source_url(source["document_id"], source["line_start"], source["line_end"])
        rows.append(row)
    return rows


def _figure_rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    figures: Sequence[Mapping[str, Any]] = answer.get("figures") or ()
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for figure in figures:
        row = rows.setdefault(_row_key(figure), {})
        source = figure["source"]
        metric = str(figure.get("metric"))
        row.setdefault("project", figure.get("project") or figure.get("label") or "")
        row.setdefault("parent_project", figure.get("parent_project") or "")
        row.setdefault("ward", f"{figure.get('municipality') or ''}{figure.get('ward') or ''}")
        row.setdefault("fiscal_year", year_name(figure.get("fiscal_year")))
        row.setdefault("phase", phase_name(figure.get("phase"), figure.get("as_of")))
        if metric in (*_MONEY, "execution_rate"):
            number = as_number(figure.get("value"))
            row[f"metric_{metric}"] = (
                str(number) if isinstance(number, str) else None if number is None else float(number)
            )
        else:
            row["label"] = figure.get("label") or ""
            row["value"] = written(figure)
        row.setdefault("department", "、".join(figure.get("departments") or ()))
        row.setdefault("source", source_url(source["document_id"], source["line_start"], source["line_end"]))
    return list(rows.values())


def _kept(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    always = {"project", "value", "source"}
    own = [c for c in frame.columns if c not in LABELS]
    keep = [
        c
        for c in frame.columns
        if c in always or c in own or c.startswith("metric_") or frame[c].fillna("").nunique() > 1
    ]
    if "department" in frame and frame["department"].any() and "department" not in keep:
        keep.append("department")
    order = ["project", "parent_project", "ward", "fiscal_year", "phase", "label", "value"]
    order += [f"metric_{metric}" for metric in (*_MONEY, "execution_rate")]
    order += [*own, "department", "source"]
    return frame[[column for column in order if column in keep]]


def column_settings(frame: pd.DataFrame) -> dict[str, Any]:
    """How each column of a frame with our keys is headed and written."""
    settings: dict[str, Any] = {}
    for column in frame.columns:
        name = label(column) if column in LABELS else column
        if column == "metric_execution_rate":
            settings[column] = st.column_config.NumberColumn(name, format="%.1f%%", width=90)
        elif column.startswith("metric_"):
            settings[column] = st.column_config.NumberColumn(
                f"{name}（{label('unit_yen')}）", format="localized", width=125
            )
        elif column == "source":
            settings[column] = st.column_config.LinkColumn(name, display_text=r"line=([\d-]+)", width=90)
        elif column == "project":
            settings[column] = st.column_config.TextColumn(name, width=260)
        elif column == "phase":
            settings[column] = st.column_config.TextColumn(name, width=190)
        elif column in ("fiscal_year", "department"):
            settings[column] = st.column_config.TextColumn(name, width=120)
        else:
            settings[column] = st.column_config.TextColumn(name)
    return settings


def answer_bars(answer: Mapping[str, Any]) -> list[Bar]:
    """Bars of the first figure's metric, where at least two figures of one unit compare."""
    figures: Sequence[Mapping[str, Any]] = answer.get("figures") or ()
    if len(figures) < 2:
        return []
    metrics = {figures[0].get("metric")}
    if figures[0].get("metric") in ("budget", "settled", "executed"):
        metrics = {"budget", "settled", "executed"}
    alike = [f for f in figures if f.get("metric") in metrics and f.get("unit") == figures[0].get("unit")]
    years = {(f.get("fiscal_year"), f.get("phase"), f.get("as_of")) for f in alike}
    wards = {(f.get("municipality"), f.get("ward")) for f in alike}
    bars = []
    for figure in alike:
        number = as_number(figure.get("value"))
        if number is None or isinstance(number, str):
            continue
        name = str(figure.get("project") or figure.get("label") or "")
        if figure.get("metric") in ("count", "indicator_target", "indicator_result", "other") and figure.get("label"):
            name = f"{name}　{figure['label']}" if figure.get("project") else str(figure["label"])
        if len(wards) > 1:
            name = f"{figure.get('ward') or figure.get('municipality') or ''}　{name}"
        metric = label(f"metric_{figure.get('metric')}")
        year = f"{year_name(figure.get('fiscal_year'))} " if len(years) > 1 else ""
        bars.append(Bar(name, f"{year}{metric}", float(number), written(figure)))
    return bars if len(bars) >= 2 and len({bar.series for bar in bars}) <= 4 else []
