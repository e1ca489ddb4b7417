"""Narrowing a list down by what its rows say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from ui.text import label

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Facet(Generic[RowT]):
    """A property to choose by: the label's key, and the values that a row has."""

    name: str
    values: Callable[[RowT], Sequence[str]]


def choices(rows: Sequence[RowT], facet: Facet[RowT]) -> list[str]:
    """Every value of the facet in these rows, in the order of reading."""
    return sorted({value for row in rows for value in facet.values(row) if value})


def narrowed(rows: Sequence[RowT], facets: Sequence[Facet[RowT]], chosen: Mapping[str, Sequence[str]]) -> list[RowT]:
    """The rows that have one of the chosen values of every facet; a facet without a choice keeps every row."""
    kept = list(rows)
    for facet in facets:
        wanted = set(chosen.get(facet.name) or ())
        if wanted:
            kept = [row for row in kept if wanted & set(facet.values(row))]
    return kept


def draw_facets(rows: Sequence[RowT], facets: Sequence[Facet[RowT]], prefix: str) -> dict[str, list[str]]:
    """A button for each facet that opens its choices, and one that clears them all; gives what is chosen."""
    keys = {facet.name: f"{prefix}-{facet.name}" for facet in facets}

    def clear() -> None:
        for key in keys.values():
            st.session_state[key] = []

    with st.container(horizontal=True, gap="small", key=f"{prefix}-facets"):
        for facet in facets:
            options = choices(rows, facet)
            held = [value for value in st.session_state.get(keys[facet.name], []) if value in options]
            if keys[facet.name] in st.session_state and held != st.session_state[keys[facet.name]]:
                st.session_state[keys[facet.name]] = held
            name = label(facet.name)
            with st.popover(f"{name}　{len(held)}" if held else name, type="secondary"):
                st.multiselect(
                    name, options, key=keys[facet.name], persist_state="session", placeholder=name, width=300
                )
        if any(st.session_state.get(key) for key in keys.values()):
            st.button(label("search_clear"), on_click=clear, type="tertiary", key=f"{prefix}-clear")
    return {facet.name: list(st.session_state.get(keys[facet.name]) or []) for facet in facets}
