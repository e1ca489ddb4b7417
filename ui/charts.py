"""Plain bar charts of printed figures, legible in a narrow window, in light and dark, and without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from ui.page import draw_html, escaped
from ui.text import label

MOST_BARS: Final = 20
# Blue and orange that people with any colour vision tell apart, at 3:1 or more against the page.
_LIGHT: Final = ("#1d5f8a", "#c2671b", "#5b6b7a", "#8a4f9e")
_DARK: Final = ("#6fb3df", "#f0a35e", "#a9b6c2", "#cf9be0")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, which series it belongs to, its length, and the figure as it is to be read."""

    name: str
    series: str
    value: float
    written: str


def _dark() -> bool:
    return getattr(st.context.theme, "type", None) == "dark"


def draw_bars(bars: Sequence[Bar], unit: str, key: str) -> None:
    """Horizontal bars in the order given, each row's name above its bars, each figure at the bar's end."""
    names = list(dict.fromkeys(bar.name for bar in bars))
    series = list(dict.fromkeys(bar.series for bar in bars))
    colours = (_DARK if _dark() else _LIGHT)[: max(len(series), 1)]
    ink = "#e6ebf0" if _dark() else "#1c2733"
    # Names stand on a line of their own above the bars: Japanese project names are longer than a phone is wide.
    slots = [("", name, "") for name in names]
    frame = pd.DataFrame(
        [
            {
                "slot": f"{names.index(b.name):03d}-{1 + series.index(b.series)}",
                "name": b.name,
                "series": b.series,
                "value": b.value,
                "written": b.written,
            }
            for b in bars
        ]
    )
    heads = pd.DataFrame([{"slot": f"{i:03d}-0", "name": slot[1]} for i, slot in enumerate(slots)])
    order = sorted({*frame["slot"], *heads["slot"]})
    y = alt.Y("slot:N", sort=order, axis=None, scale=alt.Scale(domain=order, paddingInner=0.12, paddingOuter=0.1))
    low, high = min(0.0, float(frame["value"].min())), max(0.0, float(frame["value"].max()))
    # Room at the right for the longest figure, which stands outside of its bar.
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[low, high + 0.3 * ((high - low) or 1.0)]))
    tooltip = [
        alt.Tooltip("name:N", title=label("project")),
        alt.Tooltip("series:N", title=label("metric")),
        alt.Tooltip("written:N", title=unit),
    ]
    colour = alt.Color("series:N", scale=alt.Scale(domain=series, range=list(colours)), legend=None)
    base = alt.Chart(frame)
    # A text wider than the window would otherwise push the bars out of it.
    limit = alt.ExprRef("max(width, 120)")
    drawn = (
        base.mark_bar(cornerRadiusEnd=2).encode(x=x, y=y, color=colour, tooltip=tooltip)
        + base.mark_text(align="left", dx=5, color=ink, fontSize=13)
        .encode(x=alt.X("end:Q"), y=y, text="written:N", tooltip=tooltip)
        .transform_calculate(end="max(datum.value, 0)")
        + alt.Chart(heads)
        .mark_text(align="left", color=ink, fontSize=13, baseline="middle", dy=2, limit=limit)
        .encode(x=alt.value(0), y=y, text="name:N")
    ).properties(height=22 * len(order) + 8)
    if len(series) > 1:
        keys = "".join(
            f'<li><span style="background:{colour}"></span>{escaped(name)}</li>'
            for name, colour in zip(series, colours, strict=False)
        )
        draw_html(f'<ul class="kusei-legend">{keys}</ul>')
    described = "、".join(f"{bar.name} {bar.series} {bar.written}" for bar in bars[:MOST_BARS])
    st.altair_chart(drawn, key=key, alt=f"{unit}: {described}")
