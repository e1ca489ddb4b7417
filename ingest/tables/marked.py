"""Tables that plain text marks itself: Markdown's pipes, and tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.raw import RawCell, RawTable

PIPE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$")
MARKS = re.compile(r"\*\*|__|`")


def find_marked_tables(lines: Sequence[str]) -> list[RawTable]:
    """The tables of a text, in order."""
    found: list[RawTable] = []
    index = 0
    while index < len(lines):
        end = index
        if lines[index].count("|") >= 2 and lines[index].strip().startswith("|"):
            while end < len(lines) and lines[end].strip().startswith("|"):
                end += 1
            if any(not PIPE_RULE.match(line) for line in lines[index:end]) and end - index >= 2:
                found.append(_pipes(lines, index, end))
        elif lines[index].count("\t") >= 2:
            while end < len(lines) and lines[end].count("\t") >= 1:
                end += 1
            if end - index >= 3:
                found.append(_tabs(lines, index, end))
        index = max(end, index + 1)
    return found


def _context(lines: Sequence[str], index: int) -> tuple[str, ...]:
    """The last lines above a table, up to a heading."""
    found: list[str] = []
    for line in reversed(lines[max(0, index - 8) : index]):
        text = line.strip()
        if not text:
            continue
        if len(text) <= 60:
            found.append(re.sub(r"^#+\s*", "", text))
        if text.startswith("#") or len(found) >= 3:
            break
    return tuple(reversed(found))


def _table(lines: Sequence[str], start: int, rows: list[tuple[int, list[str]]]) -> RawTable:
    cells = tuple(
        RawCell(row, column, MARKS.sub("", text).strip(), number, number)
        for row, (number, texts) in enumerate(rows)
        for column, text in enumerate(texts)
        if text.strip()
    )
    return RawTable(cells, len(rows), max(len(texts) for _, texts in rows), None, _context(lines, start))


def _pipes(lines: Sequence[str], start: int, end: int) -> RawTable:
    rows = []
    for index in range(start, end):
        if PIPE_RULE.match(lines[index]):
            continue
        text = lines[index].strip().strip("|").replace("\\|", "｜")
        rows.append((index + 1, re.sub(r"<br\s*/?>", "\n", text).split("|")))
    return _table(lines, start, rows)


def _tabs(lines: Sequence[str], start: int, end: int) -> RawTable:
    return _table(lines, start, [(index + 1, lines[index].split("\t")) for index in range(start, end)])
