"""The layout of one page: characters and ruled lines become lines in reading order, and tables of cells.

Coordinates are points from the top left corner. Nothing here knows of any file format.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal, NamedTuple

from ingest.raw import RawCell
from ingest.readers.stored import one_line

SNAP = 2.0
NUMBER = re.compile(r"^[▲△\-+(（]?[\d０-９][\d０-９,，.．]*[%％)）]?$|^[-－―─]$")
MONEY = re.compile(r"^[▲△\-]?(?:\d{1,3}(?:,\d{3})+|\d{1,7})$")
UNIT = re.compile(r"^[(（]?(?:千円|百万円|円|％|%)[)）]?$")
CJK = re.compile(r"[぀-ヿ一-鿿々〇ー]")


class Char(NamedTuple):
    """One character and its box; `base` is the height of its baseline."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float


class Rule(NamedTuple):
    """A ruled line: at `at` across its direction, from `start` to `end` along it."""

    direction: Literal["h", "v"]
    at: float
    start: float
    end: float


class Segment(NamedTuple):
    """A run of characters without a wide gap."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class LaidCell:
    """A cell of a laid-out table; its lines count from 0 within the table."""

    row: int
    column: int
    text: str
    first_line: int
    last_line: int
    row_span: int
    column_span: int

    def at_lines(self, line_start: int, line_end: int) -> RawCell:
        """The cell once its table's lines are stored."""
        return RawCell(self.row, self.column, self.text, line_start, line_end, self.row_span, self.column_span)


@dataclass(frozen=True, slots=True)
class LaidTable:
    """A ruled table: stored lines (cells parted by tabs) and cells."""

    lines: tuple[str, ...]
    cells: tuple[LaidCell, ...]
    n_rows: int
    n_columns: int


@dataclass(slots=True)
class Item:
    """What stands on a page at a height: a line of text, or a table."""

    top: float
    text: str
    table: LaidTable | None = None


@dataclass(slots=True)
class _Grid:
    """A ruled table before its text: column and row borders, and boxes as (row, column, row_span, column_span)."""

    xs: list[float]
    ys: list[float]
    boxes: list[tuple[int, int, int, int]] = field(default_factory=list)

    def holds(self, char: Char) -> bool:
        x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[0] - 1 <= y <= self.ys[-1] + 1


def lay_out(chars: list[Char], rules: list[Rule], width: float) -> list[Item]:
    """The page's lines and tables in the order of reading."""
    vertical, chars = take_vertical(chars)
    if vertical and len(vertical) * 8 > len(chars) and not rules:
        return _vertical_page(vertical, chars, width)
    grids = find_grids(rules)
    inside: list[list[Char]] = [[] for _ in grids]
    outside: list[Char] = []
    for char in [*chars, *vertical_chars(vertical)]:
        for grid, held in zip(grids, inside, strict=True):
            if grid.holds(char):
                held.append(char)
                break
        else:
            outside.append(char)
    items: list[Item] = []
    for grid, held in zip(grids, inside, strict=True):
        if held:
            table = fill_grid(grid, held)
            if table is not None:
                items.append(Item(grid.ys[0], "", table))
            else:
                outside.extend(held)
    unit = char_unit(chars) if chars else 5.0
    stops = [rule for rule in rules if rule.direction == "v"]
    lines = [segments(line, stops) for line in cluster_lines(outside)]
    items.extend(_text_items(lines, unit, items))
    items.sort(key=lambda item: item.top)
    return items


def char_unit(chars: list[Char]) -> float:
    """The width of half a full-width character in the page's commonest size: one column of the stored text."""
    return max(2.0, median(char.bottom - char.top for char in chars) / 2)


def cluster_lines(chars: list[Char]) -> list[list[Char]]:
    """Characters grouped by baseline, top to bottom, each line from left to right."""
    lines: list[list[Char]] = []
    bases: list[float] = []
    for char in sorted(chars, key=lambda char: char.base):
        tolerance = 0.3 * (char.bottom - char.top)
        if bases and char.base - bases[-1] <= tolerance:
            lines[-1].append(char)
            # The line's base follows its characters slowly, so that a slanted chain does not run down the page.
            bases[-1] += (char.base - bases[-1]) / len(lines[-1])
        else:
            lines.append([char])
            bases.append(char.base)
    return [sorted(line, key=lambda char: char.x0) for line in lines]


def segments(line: list[Char], stops: list[Rule]) -> list[Segment]:
    """A line's runs of characters, parted at wide gaps and where a vertical rule stands between."""
    found: list[Segment] = []
    middle = median((char.top + char.bottom) / 2 for char in line)
    walls = sorted(rule.at for rule in stops if rule.start - 1 <= middle <= rule.end + 1)
    run: list[Char] = []
    for char in line:
        if run:
            last = run[-1]
            size = max(char.bottom - char.top, last.bottom - last.top)
            gap = char.x0 - last.x1
            center, last_center = (char.x0 + char.x1) / 2, (last.x0 + last.x1) / 2
            walled = bisect_right(walls, center) > bisect_right(walls, last_center)
            if gap > 0.8 * size or walled or gap < -0.8 * size:
                found.append(_segment(run))
                run = []
        run.append(char)
    if run:
        found.append(_segment(run))
    return found


def _segment(run: list[Char]) -> Segment:
    pieces = [run[0].text]
    for last, char in pairwise(run):
        # A gap of a third of the size between Latin letters is a space; between Japanese characters it is not.
        gap = char.x0 - last.x1
        size = char.bottom - char.top
        japanese = CJK.match(last.text) and CJK.match(char.text)
        if gap > (0.55 if japanese else 0.22) * size:
            pieces.append(" ")
        pieces.append(char.text)
    return Segment(
        "".join(pieces), run[0].x0, max(char.x1 for char in run), min(c.top for c in run), max(c.bottom for c in run)
    )


def padded(line: list[Segment], left: float, unit: float) -> str:
    """A line with its gaps kept: each run starts at the column of its place, one character a column."""
    text = ""
    for segment in line:
        column = max(0, round((segment.x0 - left) / unit))
        if text:
            column = max(column, len(text) + 2)
        text = text.ljust(column) + segment.text
    return text


# --- running text -----------------------------------------------------------------------------------------------


def _text_items(lines: list[list[Segment]], unit: float, tables: list[Item]) -> list[Item]:
    """Lines of text as items; where the page runs in two or three columns of prose, one column after the other."""
    lines = [line for line in lines if line]
    if not lines:
        return []
    left = min(segment.x0 for line in lines for segment in line)
    items: list[Item] = []
    run: list[list[Segment]] = []
    borders = sorted(item.top for item in tables)

    pitches = sorted(b[0].top - a[0].top for a, b in pairwise(lines) if b[0].top > a[0].top)
    pitch = pitches[len(pitches) // 2] if pitches else 0.0

    def flush() -> None:
        for block in split_columns(run, unit):
            above: list[Segment] | None = None
            for line in block:
                # A gap of a line or more parts paragraphs, as a blank line does.
                gap = line[0].top - above[0].top if above else 0.0
                for _ in range(min(2, round(gap / pitch) - 1) if pitch else 0):
                    items.append(Item(order[0], ""))
                    order[0] += 1e-6
                items.append(Item(order[0], padded(line, left, unit)))
                order[0] += 1e-6
                above = line
        run.clear()

    order = [0.0]
    for line in lines:
        top = line[0].top
        if run and any(run[0][0].top < border <= top for border in borders):
            flush()
        if not run:
            order[0] = top
        run.append(line)
    flush()
    return items


def split_columns(lines: list[list[Segment]], unit: float) -> list[list[list[Segment]]]:
    """Blocks in reading order. Prose in columns is told from a table by its long lines on both sides of the gap."""
    if len(lines) < 6:
        return [lines]
    best: tuple[int, int, int, int] | None = None
    for gutter in {round(segment.x0) for line in lines for segment in line[1:]}:
        start: int | None = None
        for index, line in enumerate([*lines, []]):
            crosses = not line or any(s.x0 < gutter - 1 < s.x1 for s in line)
            if not crosses:
                start = index if start is None else start
                continue
            if start is not None and index - start >= 6 and _is_prose(lines[start:index], gutter, unit):
                length = index - start
                if best is None or length > best[0]:
                    best = (length, gutter, start, index)
            start = None
    if best is None:
        return [lines]
    _, gap, first, end = best
    middle = lines[first:end]
    left = [[s for s in line if s.x0 < gap - 1] for line in middle]
    right = [[s for s in line if s.x0 >= gap - 1] for line in middle]
    return [
        *split_columns(lines[:first], unit),
        *split_columns([line for line in left if line], unit),
        *split_columns([line for line in right if line], unit),
        *split_columns(lines[end:], unit),
    ]


def _is_prose(lines: list[list[Segment]], gutter: float, unit: float) -> bool:
    sides = (
        [[s for s in line if s.x0 < gutter - 1] for line in lines],
        [[s for s in line if s.x0 >= gutter - 1] for line in lines],
    )
    for side in sides:
        full = [line for line in side if line]
        if len(full) < max(4, len(lines) // 2):
            return False
        single = [line for line in full if len(line) == 1 and not NUMBER.match(line[0].text)]
        if len(single) * 10 < len(full) * 8:
            return False
        if median(len(line[0].text) for line in single) < 10:
            return False
    return True


# --- vertical writing ---------------------------------------------------------------------------------------------


def take_vertical(chars: list[Char]) -> tuple[list[list[Char]], list[Char]]:
    """Runs of three characters or more, each drawn right below the one before, and the characters that are left."""
    runs: list[list[Char]] = []
    rest: list[Char] = []
    run: list[Char] = []
    for char in chars:
        if run and _follows_below(run[-1], char):
            run.append(char)
            continue
        if len(run) >= 3:
            runs.append(run)
        else:
            rest.extend(run)
        run = [char]
    if len(run) >= 3:
        runs.append(run)
    else:
        rest.extend(run)
    return runs, rest


def _follows_below(above: Char, char: Char) -> bool:
    if NUMBER.match(char.text) and NUMBER.match(above.text):
        return False
    size = max(above.x1 - above.x0, above.bottom - above.top, 1.0)
    shift = abs((char.x0 + char.x1) - (above.x0 + above.x1)) / 2
    drop = (char.top + char.bottom - above.top - above.bottom) / 2
    return shift <= 0.3 * size and 0.6 * size <= drop <= 1.7 * size


def vertical_chars(runs: list[list[Char]]) -> list[Char]:
    """Each vertical run as one wide word at its top, so that it is read as one."""
    flattened = []
    for run in runs:
        first = run[0]
        for offset, char in enumerate(run):
            # Squeezed into the first character's box: order is kept, and no gap opens.
            step = (first.x1 - first.x0) / len(run)
            x0 = first.x0 + offset * step
            flattened.append(Char(char.text, x0, x0 + step, first.top, first.bottom, first.base))
    return flattened


def _vertical_page(runs: list[list[Char]], rest: list[Char], width: float) -> list[Item]:
    """A page in vertical writing: its lines run from the right to the left, tier by tier."""
    items: list[Item] = []
    ordered = sorted(runs, key=lambda run: (-round((run[0].x0 + run[0].x1) / 2), run[0].top))
    joined: list[list[Char]] = []
    for run in ordered:
        last = joined[-1][-1] if joined else None
        if (
            last is not None
            and abs(last.x0 - run[0].x0) < 2
            and 0 < run[0].top - last.top < 3 * (last.bottom - last.top)
        ):
            joined[-1].extend(run)
        else:
            joined.append(list(run))
    for number, run in enumerate(joined):
        items.append(Item(number * 1e-3, "".join(char.text for char in run)))
    for line in cluster_lines(rest):
        pieces = segments(line, [])
        items.append(Item(width + line[0].top, padded(pieces, pieces[0].x0, char_unit(line))))
    return items


# --- ruled tables -------------------------------------------------------------------------------------------------


def find_grids(rules: list[Rule]) -> list[_Grid]:
    """The ruled tables of a page: rules that touch one another, three cells or more."""
    merged = _merge(rules)
    parent = list(range(len(merged)))

    def find(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    horizontals = [i for i, rule in enumerate(merged) if rule.direction == "h"]
    verticals = [i for i, rule in enumerate(merged) if rule.direction == "v"]
    for v in verticals:
        for h in horizontals:
            if (
                merged[v].start - SNAP <= merged[h].at <= merged[v].end + SNAP
                and merged[h].start - SNAP <= merged[v].at <= merged[h].end + SNAP
            ):
                parent[find(v)] = find(h)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate(merged):
        groups.setdefault(find(index), []).append(rule)
    grids = [grid for group in groups.values() if (grid := _grid(group)) is not None]
    # A frame around the page or around another table is no table of its own.
    return [
        grid
        for grid in grids
        if not (len(grid.boxes) <= 2 and any(other is not grid and _inside(other, grid) for other in grids))
    ]


def _inside(inner: _Grid, outer: _Grid) -> bool:
    return (
        outer.xs[0] - SNAP <= inner.xs[0]
        and inner.xs[-1] <= outer.xs[-1] + SNAP
        and outer.ys[0] - SNAP <= inner.ys[0]
        and inner.ys[-1] <= outer.ys[-1] + SNAP
    )


def _merge(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch become one."""
    found: list[Rule] = []
    for direction in ("h", "v"):
        same = sorted(rule for rule in rules if rule.direction == direction)
        groups: list[list[Rule]] = []
        for rule in same:
            if groups and rule.at - groups[-1][0].at <= SNAP:
                groups[-1].append(rule)
            else:
                groups.append([rule])
        for group in groups:
            at = sum(rule.at for rule in group) / len(group)
            start: float | None = None
            end = 0.0
            for rule in sorted(group, key=lambda rule: rule.start):
                if start is None:
                    start, end = rule.start, rule.end
                elif rule.start <= end + SNAP:
                    end = max(end, rule.end)
                else:
                    found.append(Rule(rule.direction, at, start, end))
                    start, end = rule.start, rule.end
            if start is not None:
                found.append(Rule(group[0].direction, at, start, end))
    return found


def _values(numbers: list[float]) -> list[float]:
    """Numbers in order, those within the snapping distance taken as one."""
    found: list[float] = []
    for number in sorted(numbers):
        if not found or number - found[-1] > SNAP * 1.5:
            found.append(number)
    return found


def _grid(rules: list[Rule]) -> _Grid | None:
    horizontals = [rule for rule in rules if rule.direction == "h"]
    verticals = [rule for rule in rules if rule.direction == "v"]
    if len(horizontals) < 2 or not verticals:
        return None
    # Tables are often open at their sides: the ends of the outermost rules close them.
    xs = _values([r.at for r in verticals] + [min(r.start for r in horizontals), max(r.end for r in horizontals)])
    ys = _values([r.at for r in horizontals] + [min(r.start for r in verticals), max(r.end for r in verticals)])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > 20_000:
        return None
    n_columns, n_rows = len(xs) - 1, len(ys) - 1
    right_wall = [[False] * n_columns for _ in range(n_rows)]
    floor = [[False] * n_columns for _ in range(n_rows)]
    for rule in verticals:
        column = min(range(len(xs)), key=lambda i: abs(xs[i] - rule.at)) - 1
        if 0 <= column < n_columns:
            for row in range(n_rows):
                if rule.start - SNAP <= (ys[row] + ys[row + 1]) / 2 <= rule.end + SNAP:
                    right_wall[row][column] = True
    for rule in horizontals:
        row = min(range(len(ys)), key=lambda i: abs(ys[i] - rule.at)) - 1
        if 0 <= row < n_rows:
            for column in range(n_columns):
                if rule.start - SNAP <= (xs[column] + xs[column + 1]) / 2 <= rule.end + SNAP:
                    floor[row][column] = True
    grid = _Grid(xs, ys)
    taken = [[False] * n_columns for _ in range(n_rows)]
    for row in range(n_rows):
        for column in range(n_columns):
            if taken[row][column]:
                continue
            column_span = 1
            while (
                column + column_span < n_columns
                and not right_wall[row][column + column_span - 1]
                and not taken[row][column + column_span]
            ):
                column_span += 1
            row_span = 1
            while row + row_span < n_rows and not any(
                floor[row + row_span - 1][c] or taken[row + row_span][c] for c in range(column, column + column_span)
            ):
                row_span += 1
            for r in range(row, row + row_span):
                for c in range(column, column + column_span):
                    taken[r][c] = True
            grid.boxes.append((row, column, row_span, column_span))
    return grid if len(grid.boxes) >= 3 else None


def fill_grid(grid: _Grid, chars: list[Char]) -> LaidTable | None:
    """Put the characters of a table into its cells, and its cells into rows.

    Rows that no rule parts (a tall cell holding a column of amounts) are parted by the lines of text.
    """
    owner: dict[tuple[int, int], int] = {}
    for index, (row, column, row_span, column_span) in enumerate(grid.boxes):
        for r in range(row, row + row_span):
            for c in range(column, column + column_span):
                owner[r, c] = index
    held: list[list[Char]] = [[] for _ in grid.boxes]
    for char in chars:
        row = min(max(bisect_right(grid.ys, (char.top + char.bottom) / 2) - 1, 0), len(grid.ys) - 2)
        column = min(max(bisect_right(grid.xs, (char.x0 + char.x1) / 2) - 1, 0), len(grid.xs) - 2)
        held[owner[row, column]].append(char)
    if sum(1 for cell in held if cell) < 2:
        return None
    texts = [[segments(line, []) for line in cluster_lines(cell)] if cell else [] for cell in held]
    unit = char_unit(chars)
    lines: list[str] = []
    cells: list[LaidCell] = []
    n_columns = len(grid.xs) - 1
    n_rows = 0
    groups = [(f, e, [i for i, box in enumerate(grid.boxes) if f <= box[0] < e]) for f, e in _row_groups(grid)]
    tall = [any(_is_tall(texts[i]) for i in indexes) for _, _, indexes in groups]
    numbered = [any(MONEY.match(line[-1].text) for i in indexes for line in texts[i]) for _, _, indexes in groups]
    heights = [grid.ys[last] - grid.ys[first] for first, last, _ in groups]
    # Where most of a table's body has no rules between records, the rest of the body is no different.
    all_tall = sum(h for h, t in zip(heights, tall, strict=True) if t) > 0.3 * sum(heights)
    body = next((k for k, holds in enumerate(numbered) if holds), len(groups))
    for position, (first, last, indexes) in enumerate(groups):
        if tall[position] or (all_tall and position >= body):
            n_rows += _lines_as_rows(grid, indexes, held, unit, lines, cells, n_rows)
        else:
            n_rows += _boxes_as_rows(grid, indexes, texts, first, last, lines, cells, n_rows)
    return LaidTable(tuple(lines), tuple(cells), n_rows, n_columns)


def _row_groups(grid: _Grid) -> list[tuple[int, int]]:
    """Ranges of rows that no cell's span crosses."""
    edges = set(range(len(grid.ys)))
    for row, _, row_span, _ in grid.boxes:
        edges -= set(range(row + 1, row + row_span))
    ordered = sorted(edges)
    return list(pairwise(ordered))


def _is_tall(lines: list[list[Segment]]) -> bool:
    """Whether a cell holds a column of amounts, one a line, that no rule parts: several records."""
    if len(lines) >= 2 and any(_has_inner_amount(line) for line in lines):
        return True
    lines = [line for line in lines if line and not UNIT.match(line[0].text)]
    amounts = [line[-1] for line in lines if MONEY.match(line[-1].text.replace(" ", ""))]
    if len(amounts) < 2:
        return False
    ends = sorted(segment.x1 for segment in amounts)
    aligned = ends[-1] - ends[0] <= 3
    only = all(len(line) == 1 for line in lines) and len(amounts) == len(lines)
    grouped = sum("," in segment.text for segment in amounts)
    if only and aligned:
        return len(amounts) >= 3 or grouped >= 1
    return len(amounts) >= 3 and grouped >= 2


def _has_inner_amount(line: list[Segment]) -> bool:
    """Whether words and an amount stand far apart in one cell: a column that no rule parts from the words."""
    if len(line) < 2 or not MONEY.match(line[-1].text.replace(" ", "")):
        return False
    return line[-1].x0 - line[-2].x1 > 3 * (line[-1].bottom - line[-1].top) and CJK.search(line[0].text) is not None


def _lines_as_rows(
    grid: _Grid,
    indexes: list[int],
    held: list[list[Char]],
    unit: float,
    lines: list[str],
    cells: list[LaidCell],
    n_rows: int,
) -> int:
    """Rows by lines of text across the cells; a cell's text keeps its indent and its gaps."""
    placed: list[tuple[Char, int]] = [(char, index) for index in indexes for char in held[index]]
    owners = {id(char): index for char, index in placed}
    rows = cluster_lines([char for char, _ in placed])
    for offset, row in enumerate(rows):
        texts = [""] * (len(grid.xs) - 1)
        by_box: dict[int, list[Char]] = {}
        for char in row:
            by_box.setdefault(owners[id(char)], []).append(char)
        for index, chars in by_box.items():
            _, column, _, column_span = grid.boxes[index]
            text = padded(segments(chars, []), grid.xs[column], unit)
            texts[column] = text
            cells.append(LaidCell(n_rows + offset, column, text, len(lines), len(lines), 1, column_span))
        lines.append("\t".join(text.rstrip() for text in texts).rstrip("\t"))
    return len(rows)


def _boxes_as_rows(
    grid: _Grid,
    indexes: list[int],
    texts: list[list[list[Segment]]],
    first: int,
    last: int,
    lines: list[str],
    cells: list[LaidCell],
    n_rows: int,
) -> int:
    """Rows as the rules part them; a cell's lines are kept in its text."""
    start = len(lines)
    row_texts = [[""] * (len(grid.xs) - 1) for _ in range(first, last)]
    for index in indexes:
        row, column, row_span, column_span = grid.boxes[index]
        text = "\n".join(" ".join(segment.text for segment in line) for line in texts[index])
        row_texts[row - first][column] = one_line(text)
        cells.append(
            LaidCell(
                n_rows + row - first, column, text, start + row - first, start + row - first, row_span, column_span
            )
        )
    lines.extend("\t".join(row).rstrip("\t") for row in row_texts)
    return last - first
