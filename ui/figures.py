"""数字を見る: every printed figure to filter, sort, group, draw and save."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import streamlit as st

from answer.ledger import Row
from records import Metric
from ui import engine
from ui.answer_table import column_settings
from ui.charts import MOST_BARS, Bar, draw_bars
from ui.export import CSV_MIME, XLSX_MIME, Sheet, csv_bytes, xlsx_bytes
from ui.facets import Facet, draw_facets, narrowed
from ui.figure_frame import (
    GROUPS,
    amount_bars,
    facts,
    figure_frame,
    grouped_frame,
    level_of,
    other_frame,
    rate_bars,
    unit_name,
    year_bars,
)
from ui.page import draw_head
from ui.source_view import source_url
from ui.text import LABELS, label

_LEVELS: Final = ("project", "sub_project", "total", "indicator")
_CHARTS: Final = ("table", "rate_chart", "amount_chart", "year_chart")


def _facet(name: str) -> Facet[Row]:
    if name == "department":
        return Facet(name, lambda row: row.departments)
    return Facet(name, lambda row: (facts(row)[name],))


_FACETS: Final = tuple(
    _facet(name) for name in ("ward", "fiscal_year", "phase", "document", "department", "pillar", "category")
)


def draw() -> None:
    """Draw the page."""
    draw_head("page_figures", "figures_lead", wide=True)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        level = st.segmented_control(
            label("figures_level"),
            _LEVELS,
            default="project",
            required=True,
            format_func=lambda value: label(f"level_{value}"),
            key="figures-level",
            persist_state="session",
        )
        words = st.text_input(label("figures_words"), key="figures-words", persist_state="session", width=280)
    rows = [row for row in engine.rows() if _belongs(row, str(level))]
    rows = [row for row in rows if all(word in row.name for word in words.split())]
    rows = narrowed(rows, _FACETS, draw_facets(rows, _FACETS, "figures"))
    if level == "indicator":
        _draw_table(other_frame(rows, _indicator_lines(rows)))
        return
    if not rows:
        st.info(label("figures_none"), icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = st.segmented_control(
            label("view"),
            _CHARTS,
            default="table",
            required=True,
            format_func=lambda value: label(f"figures_{value}"),
            key="figures-view",
            persist_state="session",
        )
        group = "none"
        if view == "table":
            group = st.selectbox(
                label("figures_group"),
                ("none", *GROUPS),
                format_func=lambda value: label("group_none") if value == "none" else label(value),
                placeholder=label("choose"),
                key="figures-group",
                persist_state="session",
                width=200,
            )
    if view == "rate_chart":
        _draw_bars(rate_bars(rows), label("rate_percent"), "rate")
    elif view == "amount_chart":
        _draw_bars(amount_bars(rows), label("amount_yen"), "amount")
    elif view == "year_chart":
        _draw_years(rows)
    elif group == "none":
        _draw_table(figure_frame(rows))
    else:
        _draw_table(grouped_frame(rows, group))
        st.caption(label("group_note"))


def _belongs(row: Row, level: str) -> bool:
    if level == "indicator":
        return bool(row.counts or row.others or row.project)
    return level_of(row) == level and bool(row.figures)


def _draw_years(rows: Sequence[Row]) -> None:
    metrics: tuple[Metric, ...] = ("budget", "settled", "execution_rate")
    metric = st.segmented_control(
        label("metric"),
        metrics,
        default="budget",
        required=True,
        format_func=lambda value: label(f"metric_{value}"),
        key="figures-year-metric",
        persist_state="session",
    )
    st.caption(label("chart_same_name"))
    unit = label("rate_percent") if metric == "execution_rate" else label("amount_yen")
    _draw_bars(year_bars(rows, metric or "budget"), unit, "years")


def _draw_bars(bars: Sequence[Bar], unit: str, key: str) -> None:
    if not bars:
        st.info(label("chart_need_rows"), icon=":material/info:")
        return
    names = list(dict.fromkeys(bar.name for bar in bars))
    shown = set(names[:MOST_BARS])
    draw_bars([bar for bar in bars if bar.name in shown], unit, f"figures-{key}")
    if len(names) > MOST_BARS:
        st.caption(label("chart_limit", count=MOST_BARS))


def _indicator_lines(rows: Sequence[Row]) -> list[dict[str, Any]]:
    by_project = {row.project.project_id: row for row in rows if row.project}
    lines = []
    for indicator in engine.library().indicators:
        row = by_project.get(indicator.project_id)
        if row is None:
            continue
        for metric, measure in (("indicator_target", indicator.target), ("indicator_result", indicator.result)):
            if measure is None:
                continue
            lines.append(
                facts(row)
                | {
                    "metric": label(f"metric_{metric}"),
                    "label": indicator.name,
                    "value": None if measure.value is None else float(measure.value),
                    "unit": unit_name(measure.unit),
                    "printed": measure.printed,
                    "source": source_url(indicator.document_id, measure.source.line_start, measure.source.line_end),
                }
            )
    return lines


def _draw_table(frame: pd.DataFrame) -> None:
    if frame.empty:
        st.info(label("figures_none"), icon=":material/info:")
        return
    sheet = frame_sheet(frame)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(label("figures_rows", count=f"{len(frame):,}"))
        for name, make, mime, ending in (
            ("download_csv", csv_bytes, CSV_MIME, "csv"),
            ("download_xlsx", xlsx_bytes, XLSX_MIME, "xlsx"),
        ):
            st.download_button(
                label(name),
                partial(make, sheet),
                f"kusei-figures.{ending}",
                mime,
                key=f"figures-{ending}",
                help=label(f"{name}_help"),
                icon=":material/download:",
                on_click="ignore",
            )
    settings = column_settings(frame)
    if "group_count" in frame:
        settings["group_count"] = st.column_config.NumberColumn(label("group_count"), width=70)
    if "value" in frame:
        settings["value"] = st.column_config.NumberColumn(label("value"), format="localized", width=100)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=settings,
        height=min(38 + 35 * len(frame), 640),
        placeholder="",
        key=f"figures-table-{'-'.join(frame.columns)}",
        alt=label("page_figures"),
    )


def frame_sheet(frame: pd.DataFrame) -> Sheet:
    """The table as it is saved; the source column holds document and lines instead of an address."""
    columns = []
    for column in frame.columns:
        name = label(column) if column in LABELS else column
        is_money = column.startswith("metric_") and column != "metric_execution_rate"
        columns.append(f"{name}（{label('unit_yen')}）" if is_money else name)
    rows = []
    for values in frame.itertuples(index=False):
        rows.append(tuple(_cell(column, value) for column, value in zip(frame.columns, values, strict=True)))
    return Sheet(label("page_figures"), tuple(columns), tuple(rows))


def _cell(column: str, value: Any) -> str | int | float | None:
    if value is None or (isinstance(value, float) and value != value):
        return None
    if column == "source":
        return source_words(str(value))
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) else str(value)


def source_words(url: str) -> str:
    """A source's address as words: document and lines."""
    query = parse_qs(urlsplit(url).query)
    return f"{query['doc'][0]} {query['line'][0].replace('-', '〜')}{label('lines')}"
