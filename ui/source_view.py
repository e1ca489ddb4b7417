"""The lines of a document around a source, with the quoted part marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from records import Document
from ui.text import label

_HERE: Final = Path(__file__).parent
_Runs = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A stored line to show: its 1-based number, its text as (characters, marked) runs, whether it is cited."""

    number: int
    runs: _Runs
    cited: bool
    after_gap: bool


def marked_runs(text: str, quotes: Sequence[str]) -> _Runs:
    """The text cut where a quote stands in it; the whole text is marked where none does.

    >>> marked_runs("1 一時託児サービス事業 8.2%", ["8.2%"])
    (('1 一時託児サービス事業 ', False), ('8.2%', True))
    """
    spans: list[tuple[int, int]] = []
    for quote in quotes:
        wanted = quote.strip()
        at = text.find(wanted) if wanted else -1
        if at >= 0:
            spans.append((at, at + len(wanted)))
    if not spans:
        return ((text, True),)
    runs: list[tuple[str, bool]] = []
    place = 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        start = max(start, place)
        if start > place:
            runs.append((text[place:start], False))
        runs.append((text[start:end], True))
        place = end
    if place < len(text):
        runs.append((text[place:], False))
    return tuple(runs)


def rows_of(lines: Sequence[str], first: int, last: int, cited: tuple[int, int] | None, quote: str = "") -> list[Row]:
    """Lines `first` to `last` (1-based, both included) that are not blank, with the cited ones marked."""
    quotes = quote.splitlines()
    rows: list[Row] = []
    gap = False
    for number in range(max(first, 1), min(last, len(lines)) + 1):
        text = lines[number - 1].strip("\r\n")
        if not text.strip():
            gap = True
            continue
        inside = cited is not None and cited[0] <= number <= cited[1]
        runs = marked_runs(text, quotes) if inside else ((text, False),)
        rows.append(Row(number, runs, inside, gap and bool(rows)))
        gap = False
    return rows


def around(lines: Sequence[str], line_start: int, line_end: int, context: int) -> tuple[int, int]:
    """First and last line that hold `context` lines of text on either side of a source."""
    first, last = line_start, line_end
    left = context
    while first > 1 and left:
        first -= 1
        left -= bool(lines[first - 1].strip())
    left = context
    while last < len(lines) and left:
        last += 1
        left -= bool(lines[last - 1].strip())
    return first, last


_COMPONENT = st.components.v2.component(
    "kusei_source_view",
    css=(_HERE / "source_view.css").read_text(encoding="utf-8"),
    js=(_HERE / "source_view.js").read_text(encoding="utf-8"),
)


def draw_lines(rows: Sequence[Row], name: str, key: str, height: int | None = None) -> None:
    """Draw rows; `height` in pixels makes them scroll, with the marked line in view."""
    _COMPONENT(
        key=key,
        data={
            "rows": [{"number": r.number, "runs": r.runs, "cited": r.cited, "gap": r.after_gap} for r in rows],
            "label": name,
            "height": height,
        },
        # Held from the first moment, so that nothing below moves when the lines appear.
        height=height + 4 if height else "content",
    )


def place_name(page: int | None, line_start: int, line_end: int) -> str:
    """The page and lines of a source as readers say them."""
    where = (
        label("line_one", line=line_start)
        if line_start == line_end
        else label("line_range_short", first=line_start, last=line_end)
    )
    return f"{label('page_place', page=page)} {where}" if page else where


def source_url(document_id: str, line_start: int, line_end: int) -> str:
    """The address, relative to any page of the app, that opens a document at these lines."""
    line = str(line_start) if line_start == line_end else f"{line_start}-{line_end}"
    return "documents?" + urlencode({"doc": document_id, "line": line})


def parse_line(text: str) -> tuple[int, int] | None:
    """The lines that a `line=` parameter names, or None where it names none.

    >>> parse_line("170-172"), parse_line("170"), parse_line("x"), parse_line("9-3")
    ((170, 172), (170, 170), None, (9, 9))
    """
    first, _, last = text.partition("-")
    if not (first.isascii() and first.isdigit() and len(first) < 9) or int(first) < 1:
        return None
    start = int(first)
    end = int(last) if last.isascii() and last.isdigit() and len(last) < 9 else start
    return start, max(start, end)


def draw_source(source: Mapping[str, Any], document: Document | None, lines: Sequence[str], key: str) -> None:
    """The cited lines with the lines around them, and a link that opens the whole document there."""
    if document is None or not 1 <= source["line_start"] <= len(lines):
        st.warning(label("trouble_source"), icon=":material/info:")
        return
    start, end = int(source["line_start"]), int(source["line_end"])
    st.text(document.title)
    st.text(f"{document.file}  {place_name(source.get('page'), start, end)}")
    first, last = around(lines, start, end, 10)
    draw_lines(
        rows_of(lines, first, last, (start, end), str(source.get("quote") or "")), label("document_text"), key, 420
    )
    st.page_link(
        st.session_state["pages"]["documents"],
        label=label("open_in_document"),
        icon=":material/description:",
        query_params={"doc": document.document_id, "line": f"{start}-{end}"},
    )
