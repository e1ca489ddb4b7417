"""Tables understood by their headings: which column names the project, which holds which metric of which year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from ingest.amounts import find_amounts, find_unit_yen, half_width, parse_cell
from ingest.eras import find_years
from ingest.joining import Line, build_units, depth
from ingest.raw import RawCell, RawTable
from ingest.readers.stored import one_line
from ingest.tables.books import HEADING, Book, column_entries, pair_lone, set_levels, sums_right
from ingest.tables.headings import Heading, read_heading
from ingest.tables.recorder import Recorder, Where, tidy_name
from ingest.tables.words import (
    LEADING_CODE,
    PROJECT_LIST,
    WORK,
    are_departments,
    is_budget_part,
    is_total,
    plain,
    split_departments,
)
from records import Figure, Measure, Metric, Project, TextUnit

MAX_HEADING_ROWS = 6
UNIT_LINE = re.compile(r"^[(（]?(?:単位[:：]?)?(?:千円|百万円|億円|万円|円|%|％)[)）]?$")
MARKED_NAME = re.compile(r"^(?P<code>[①-⑳㉑-㊿]|[(（][0-9０-９]{1,2}[)）])[\s　]*(?P<name>\S.*)$")
DITTO = re.compile(r"^(?:〃|″|\"|同\s*上|々)$")
PERIOD = re.compile(r"^(?:令和|平成)?[0-9元]{1,2}年度(?:から|まで|～|~)?(?:(?:令和|平成)?[0-9元]{1,2}年度(?:まで)?)?$")
# Tables of contracts and bids name works with amounts, but print no budget.
CONTRACTS = re.compile(r"落札|入札|契約(?:金額|相手|者|日)|予定価格|業者|受注")
# A column that is the difference of the two amounts before it, and nothing else (not 増減見込 of debts).
DIFFERENCE = re.compile(
    r"^(?:比較|増減額?|増△減|差引(?:増減)?(?:残?額)?|差額|不用額|比較増減|対前年度?増減額?|前年度比較|増減\(.*\))(?:\(.*\))?(?:千円|円)?$"
)
KNOWN_UNCHECKED = 0.95
UNIT_UNKNOWN = 0.4
UNIT_OF_SIBLINGS = 0.6
UNIT_INHERITED = 0.9


@dataclass(slots=True)
class Row:
    """A body row: its cells by column (a spanning cell stands in each), and the stored lines it came from."""

    cells: dict[int, RawCell]
    first: int
    last: int

    def text(self, column: int | None) -> str:
        """The text of a column, on one line; empty where there is no cell."""
        if column is None or column not in self.cells:
            return ""
        return one_line(self.cells[column].text)


@dataclass(slots=True)
class Group:
    """One column group: a name column with what belongs to it."""

    name: int
    outer: list[int] = field(default_factory=list)
    code: int | None = None
    departments: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    indicators: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A 款 whose numbered items are being read, in a table with these headings; `last` is the last item's number."""

    labels: tuple[str, ...]
    name: str
    last: int


@dataclass(slots=True)
class Layout:
    """What the heading rows say; kept for the next page of the same table."""

    n_columns: int
    headings: dict[int, Heading]
    groups: list[Group]
    unit_yen: int | None
    projects: bool
    context: tuple[str, ...]
    where: Where
    inherited_unit: int | None = None  # of a note further up, where the table has none of its own
    explained: int | None = None  # the column 説明 of a budget book


def read_table(recorder: Recorder, where: Where, table: RawTable) -> None:
    """Read one table into figures; a table that no heading explains is kept as text only."""
    rows = table_rows(table)
    start, layout = _find_layout(recorder, where, table, rows)
    if layout is None:
        _as_text(recorder, where, table, rows)
        return
    recorder.layout = layout
    if layout.explained is not None:
        read_explanations(recorder, where, rows[start:], layout.explained, layout.unit_yen)
        return
    rows = rows[:start] + take_units(rows[start:], layout)
    body = join_broken(rows[start:], layout)
    for group in layout.groups:
        _Reader(recorder, layout, group).read(body)
    if not layout.projects:
        _as_text(recorder, where, table, rows)


def explains(recorder: Recorder, table: RawTable) -> bool:
    """Whether a table's own headings name its columns, so that it may be taken for a table at all."""
    kept, recorder.layout = recorder.layout, None
    try:
        _, layout = _find_layout(recorder, recorder.start(), table, table_rows(table))
    finally:
        recorder.layout = kept
    if layout is None:
        return False
    named = [heading.label for heading in layout.headings.values() if heading.role == "value"]
    return bool(named) and all(len(plain(label)) <= 30 and "：" not in label for label in named)


def table_rows(table: RawTable) -> list[Row]:
    """The rows of a table, spanning cells repeated in every place that they cover."""
    rows = [Row({}, 0, 0) for _ in range(table.n_rows)]
    for cell in table.cells:
        for r in range(cell.row, min(cell.row + cell.row_span, table.n_rows)):
            for c in range(cell.column, cell.column + cell.column_span):
                rows[r].cells.setdefault(c, cell)
    for upper, row in pairwise(rows):
        for column, cell in list(row.cells.items()):
            # A ditto mark stands for the cell above it.
            if DITTO.match(cell.text.strip()) and column in upper.cells:
                row.cells[column] = replace(cell, text=upper.cells[column].text)
    for index, row in enumerate(rows):
        own = [cell for cell in row.cells.values() if cell.row == index] or list(row.cells.values())
        if own:
            row.first = min(cell.line_start for cell in own)
            row.last = max(cell.line_end for cell in own)
    return [row for row in rows if row.cells]


def _is_number(text: str) -> bool:
    bare = "\n".join(line for line in text.split("\n") if not UNIT_LINE.match(line.strip()))
    if parse_cell(bare).kind == "value":
        return not re.fullmatch(r"(?:19|20)\d\d", bare.strip())
    amounts = find_amounts(bare)
    return bool(amounts) and amounts[0].kind == "yen" and len(plain(bare)) <= len(plain(amounts[0].printed)) + 2


def _distinct(row: Row) -> list[RawCell]:
    return list({id(cell): cell for cell in row.cells.values()}.values())


def _find_layout(recorder: Recorder, where: Where, table: RawTable, rows: list[Row]) -> tuple[int, Layout | None]:
    """Where the body begins, and what the headings above it say."""
    context = [*table.context]
    first = 0
    while first < len(rows) and first < 8:
        cells = _distinct(rows[first])
        if len(cells) == 1 or (len(cells) <= 2 and all(not _is_number(c.text) for c in cells) and table.n_columns >= 4):
            texts = [one_line(cell.text) for cell in cells]
            heading = read_heading(texts[0], where.fiscal_year, where.metric)
            if len(cells) == 2 and heading.role == "name":
                break
            if heading.role in ("name", "section") and _goes_on_beside(rows, first, where):
                break
            context.extend(texts)
            first += 1
            continue
        break
    end = first
    while (
        end < len(rows) and end - first < MAX_HEADING_ROWS and not any(_is_number(c.text) for c in _distinct(rows[end]))
    ):
        end += 1
        units = all(UNIT_LINE.match(cell.text.strip()) for cell in _distinct(rows[end - 1]))
        if units and end < len(rows) and len(_distinct(rows[end])) == 1:
            break  # below a row of units, a name alone (議会費) is no heading, though it reads like one
        # Headings end where the rows stop reading like headings: a row of words in a table without numbers is a record.
        if end < len(rows) and not _reads_like_heading(rows[end], where):
            break
    if end == first or end >= len(rows) + 1:
        previous = recorder.layout
        if previous is not None and previous.n_columns == table.n_columns and rows:
            # A table that goes on over the page; its headings were not printed again.
            return first if first < len(rows) else 0, replace_layout(previous, where)
        return 0, None
    where_here, unit_yen = _table_scope(recorder, where, context, rows[first:end])
    default = _default_metric(where_here, context)
    headings: dict[int, Heading] = {}
    for column in range(table.n_columns):
        pieces: list[str] = []
        for row in rows[first:end]:
            if column in row.cells:
                text = " ".join(row.cells[column].text.split())
                if not pieces or pieces[-1] != text:
                    pieces.append(text)
        text = " ".join(dict.fromkeys(pieces))
        if text:
            headings[column] = read_heading(text, where_here.fiscal_year, default)
    explained = next((c for c, h in headings.items() if HEADING.search(plain(h.label))), None)
    if explained is not None and any(re.search("節|区分", plain(h.label)) for h in headings.values()):
        return end, Layout(
            table.n_columns, headings, [], unit_yen, True, tuple(context), where_here, explained=explained
        )
    groups = _groups(headings, rows[end:], table.n_columns)
    if not groups or not any(group.values or group.indicators for group in groups):
        return end, None
    if any(CONTRACTS.search(plain(heading.label)) for heading in headings.values()):
        return end, None
    projects = any(headings.get(group.name) and headings[group.name].role == "name" for group in groups) or any(
        PROJECT_LIST.search(plain(text)) for text in context
    )
    layout = Layout(table.n_columns, headings, groups, unit_yen, projects, tuple(context), where_here)
    layout.inherited_unit = where.unit_yen if unit_yen is None else None
    return end, layout


def _goes_on_beside(rows: list[Row], index: int, where: Where) -> bool:
    """Whether a row of one cell is half of the headings: the heading of the amounts stands alone a line below it."""
    if index + 1 >= len(rows):
        return False
    upper, lower = _distinct(rows[index]), _distinct(rows[index + 1])
    if len(upper) != 1 or len(lower) != 1 or upper[0].column_span > 1 or lower[0].column <= upper[0].column:
        return False
    return read_heading(lower[0].text, where.fiscal_year, where.metric).role == "value" and not _is_number(
        lower[0].text
    )


def read_explanations(recorder: Recorder, where: Where, rows: list[Row], column: int, unit_yen: int | None) -> None:
    """Read the column 説明 of a budget book's page."""
    if recorder.book is None:
        recorder.book = Book(recorder)
    if any("千円" in cell.text for row in rows[:3] for cell in row.cells.values()) or unit_yen is None:
        unit_yen = 1000
    recorder.book.unit_yen = unit_yen
    texts: list[tuple[str, int, int]] = []
    for row in rows:
        cell = row.cells.get(column)
        if cell is None:
            continue
        own = [line for line in cell.text.split("\n") if line.strip() and not UNIT_LINE.match(line.strip())]
        # The reader takes the indent off a table's cell; the stored line keeps it.
        stored = recorder.raw.lines[cell.line_start - 1].split("\t")
        kept = next((piece for piece in stored if piece.strip() == cell.text.strip()), None)
        texts.extend((line, cell.line_start, 0) for line in ([kept] if kept is not None else own))
    # A long name has its amount on the line below; which side it is, the sums tell.
    choices = [pair_lone(column_entries(texts), above) for above in (False, True)]
    for entries in choices:
        set_levels([entries], "indent")
    recorder.book.feed(max(choices, key=lambda entries: sums_right([entries])), where)


def replace_layout(layout: Layout, where: Where) -> Layout:
    """The layout of a table that goes on, under the headings of its new place."""
    moved = replace(layout.where, category=where.category or layout.where.category, departments=where.departments)
    layout.where = moved
    return layout


def _reads_like_heading(row: Row, where: Where) -> bool:
    cells = _distinct(row)
    roles = [read_heading(cell.text, where.fiscal_year, where.metric).role for cell in cells]
    telling = sum(
        role in ("name", "section", "code", "department", "value", "unit", "indicator", "verdict") for role in roles
    )
    return telling * 2 >= len(cells) and all(len(plain(cell.text)) <= 25 for cell in cells)


def _table_scope(recorder: Recorder, where: Where, context: list[str], headings: list[Row]) -> tuple[Where, int | None]:
    """The year and unit of a table: of its own title and corner, else of the headings above it."""
    unit: int | None = None
    year: int | None = None
    for text in reversed(context):
        unit = find_unit_yen(plain(text)) if unit is None else unit
        if year is None:
            years = {mention.year for mention in find_years(plain(text)) if mention.fiscal}
            if len(years) == 1 and len(plain(text)) <= 60:
                year = years.pop()
    # Only a note (単位：千円) holds for the whole table; a unit behind one heading is that column's.
    notes = [cell.text for row in headings for cell in _distinct(row) if "単位" in plain(cell.text)]
    unit = next(filter(None, (find_unit_yen(plain(note)) for note in notes)), None) if unit is None else unit
    scope = where if year is None else replace(where, fiscal_year=year, sure_of_year=True)
    return scope, unit


def _default_metric(where: Where, context: list[str]) -> Metric:
    for text in reversed(context):
        bare = plain(text)
        if re.search(r"決算|実績", bare) and not re.search(r"予算", bare):
            return "settled"
        if re.search(r"予算", bare) and not re.search(r"決算", bare):
            return "budget"
    return where.metric


def _groups(headings: dict[int, Heading], body: list[Row], n_columns: int) -> list[Group]:
    """Column groups from left to right: each begins at its name column."""
    names = [c for c in sorted(headings) if headings[c].role == "name"]
    if not names:
        names = [c for c in sorted(headings) if headings[c].role == "section"]
    if not names:
        words = [
            c
            for c in range(n_columns)
            if headings.get(c, Heading("text", "")).role in ("text", "unit")
            and sum(1 for row in body if row.text(c) and not _is_number(row.text(c))) * 2 >= max(1, len(body))
        ]
        names = words[:1]
    if not names:
        return []
    values = [c for c in sorted(headings) if headings[c].role == "value"]
    # Name columns with values between them are groups side by side; without, they go from the outer to the inner.
    runs: list[list[int]] = [[names[0]]]
    for column in names[1:]:
        if any(runs[-1][-1] < value < column for value in values):
            runs.append([column])
        else:
            runs[-1].append(column)
    groups: list[Group] = []
    for index, run in enumerate(runs):
        start = 0 if index == 0 else runs[index - 1][-1] + 1
        if index > 0:
            taken = [v for v in values if runs[index - 1][-1] < v < run[0]]
            start = max(taken) + 1 if taken else run[0]
        end = runs[index + 1][0] if index + 1 < len(runs) else n_columns
        group = Group(run[-1], run[:-1])
        for column in range(start, end):
            heading = headings.get(column)
            if heading is None or column in run:
                continue
            if heading.role == "code" and group.code is None and column <= group.name + 1:
                group.code = column
            elif heading.role == "department":
                group.departments.append(column)
            elif heading.role == "value":
                if index + 1 < len(runs) and column > (max((v for v in values if v < end), default=end)):
                    continue
                group.values.append(column)
            elif heading.role == "indicator":
                group.indicators.append(column)
            elif heading.role == "section" and column < group.name:
                group.outer.append(column)
            elif heading.role in ("text", "verdict", "section"):
                group.texts.append(column)
        # A heading over a narrow column of numbers and the names beside it (事業名 over both).
        if len(run) > 1 and headings[run[0]].label == headings[run[-1]].label:
            first = [row.text(run[0]) for row in body if row.text(run[0])]
            if (
                first
                and sum(bool(re.fullmatch(r"[\d０-９\-－.()（）①-⑳ⅠⅡⅢⅣⅤ]+", text)) for text in first) * 3
                >= len(first) * 2
            ):
                group.outer = [c for c in group.outer if c != run[0]]
                group.code = run[0]
        # Columns of numbers beside their names (款 08, 款名称 教育費) are codes.
        group.outer = sorted(c for c in group.outer if not _is_code_column(c, body))
        groups.append(group)
    return groups


def _is_code_column(column: int, body: list[Row]) -> bool:
    texts = [row.text(column) for row in body if row.text(column)]
    return bool(texts) and all(re.fullmatch(r"[\d０-９\-－.]{1,8}", text) for text in texts)


def take_units(rows: list[Row], layout: Layout) -> list[Row]:
    """Units printed in the first body rows belong to their columns; a row that holds nothing else is no record."""
    for row in rows[:2]:
        for column, cell in row.cells.items():
            heading = layout.headings.get(column)
            first = cell.text.strip().split("\n")[0]
            if heading is None or heading.unit_yen is not None or not UNIT_LINE.match(first):
                continue
            unit = find_unit_yen(f"単位：{plain(first).strip('()')}")
            if unit is not None:
                layout.headings[column] = replace(heading, unit_yen=unit)
    return [
        row
        for row in rows
        if any(not UNIT_LINE.match(cell.text.strip()) for cell in row.cells.values() if cell.text.strip())
    ]


def join_broken(rows: list[Row], layout: Layout) -> list[Row]:
    """Rows whose name is broken over lines, put together; only where a table has no rules between its rows."""
    if len(layout.groups) != 1:
        return rows
    group = layout.groups[0]

    def has_values(row: Row) -> bool:
        return any(_is_number(row.text(c)) or row.text(c) in ("-", "－", "―") for c in group.values)

    def has_code(row: Row) -> bool:
        return bool(row.text(group.code)) or bool(LEADING_CODE.match(half_width(row.text(group.name)).strip()))

    coded = sum(1 for row in rows if has_values(row) and has_code(row)) * 2 > sum(1 for row in rows if has_values(row))
    joined: list[Row] = []
    index = 0
    while index < len(rows):
        row = rows[index]
        following = rows[index + 1] if index + 1 < len(rows) else None
        name = row.text(group.name)
        if name and not has_values(row) and following is not None and has_values(following):
            below = following.text(group.name)
            if not below or depth(name) > 0 or (coded and has_code(row) and not has_code(following)):
                row = _merge(row, following, group)
                index += 1
                name = row.text(group.name)
        elif joined and name and not has_values(row) and has_values(joined[-1]):
            above = joined[-1].text(group.name)
            alone = len(_distinct(row)) == 1
            if depth(above) > 0 or (
                coded
                and alone
                and not has_code(row)
                and not is_total(name)
                and has_code(joined[-1])
                and not name.startswith(("(", "（", "【", "■"))
            ):
                joined[-1] = _merge(joined[-1], row, group)
                index += 1
                continue
        joined.append(row)
        index += 1
    return joined


def _merge(upper: Row, lower: Row, group: Group) -> Row:
    cells = dict(upper.cells)
    for column, cell in lower.cells.items():
        if column in cells and cells[column] is not cell and cell.text:
            both = cells[column]
            cells[column] = RawCell(
                both.row, column, f"{both.text.strip()}\n{cell.text.strip()}".strip(), both.line_start, cell.line_end
            )
        else:
            cells[column] = cell
    return Row(cells, min(upper.first, lower.first), max(upper.last, lower.last))


@dataclass(slots=True)
class _Value:
    """A value of a cell, ready to be recorded."""

    value: Decimal
    unit: str
    printed: str
    confidence: float


def read_value(text: str, heading: Heading, unit_yen: int | None, where: Where) -> _Value | None:
    """The value of a cell under its heading; None for words, a blank or a dash.

    A unit in the cell comes before the column's, the column's before the table's.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    unit_lines = [line for line in lines if UNIT_LINE.match(line)]
    lines = [line for line in lines if not UNIT_LINE.match(line)]
    confidence = 1.0
    if len(lines) > 1:
        kept = [line for line in lines if not re.match(r"^[(（\[〔].*[)）\]〕]$", line)]
        if len(kept) != 1:
            return None
        lines, confidence = kept, 0.9
    if not lines:
        return None
    body = re.sub(r"\*\*|__", "", lines[0]).strip()
    cell = parse_cell(body)
    if cell.kind == "value" and cell.value is not None:
        if heading.unit == "percent":
            if not re.search(r"[%％]", body) and abs(cell.value) <= 1 and "." in body:
                confidence = min(confidence, 0.5)
            return _Value(cell.value, "percent", body, confidence)
        if re.search(r"[%％]", body):
            return _Value(cell.value, "percent", body, min(confidence, 0.8))
        if heading.metric == "count":
            return _Value(cell.value, heading.unit, body, confidence)
        if "円" in body:
            return _Value(cell.value, "yen", body, confidence)
        scale = heading.unit_yen
        for line in unit_lines:
            scale = find_unit_yen(f"単位：{plain(line).strip('()')}") or scale
        if scale is None:
            scale = unit_yen
        if scale is None:
            return _Value(cell.value, "yen", body, UNIT_UNKNOWN)
        return _Value(cell.value * scale, "yen", body, confidence)
    amounts = find_amounts(body)
    if len(amounts) != 1 or len(plain(body)) > len(plain(amounts[0].printed)) + 3:
        return None
    amount = amounts[0]
    if amount.kind == "yen":
        return _Value(amount.value, "yen", body, confidence)
    if amount.kind == "percent":
        return _Value(amount.value, "percent", body, confidence)
    return None


def _without_code(text: str) -> str:
    """A name without the number in front of it."""
    match = LEADING_CODE.match(half_width(text).strip()) or MARKED_NAME.match(text.strip())
    return text.strip()[match.start("name") :] if match else text


class _Reader:
    """Reads the body rows of one column group."""

    def __init__(self, recorder: Recorder, layout: Layout, group: Group) -> None:
        self.recorder = recorder
        self.layout = layout
        self.group = group
        self.where = layout.where
        self.outer: list[str] = []
        self.parents: dict[str, Project] = {}
        self.owner: tuple[int, Project | str] | None = None
        self.sums: dict[int, list[tuple[Decimal, Figure, bool, int]]] = {}
        self.above: dict[int, str] = {}
        self.no_unit = False
        units = {layout.headings[c].unit_yen for c in group.values} - {None}
        self.sibling_unit = units.pop() if len(units) == 1 else None
        self.labels = tuple(
            re.sub(r"[(（]?(?:千円|百万円|円)[)）]?", "", plain(h.label)) for h in layout.headings.values()
        )
        self.chapter: Chapter | None = None
        before = recorder.chapter
        self.left_open = before if before is not None and before.labels == self.labels else None

    def read(self, rows: list[Row]) -> None:
        for row in rows:
            self.row(row)
        self.recorder.chapter = self.chapter
        for column, entries in self.sums.items():
            self.settle(column, entries)
        if self.no_unit:
            self.recorder.reading.warn(
                f"表に金額の単位がないため、円とみなしましたが確かではありません（{rows[0].first} 行目から）。"
            )

    def row(self, row: Row) -> None:
        group = self.group
        cells = _distinct(row)
        own = [
            c
            for c in (group.name, group.code, *group.outer, *group.values, *group.texts, *group.departments)
            if c in row.cells
        ]
        if not own:
            return
        texts = [one_line(cell.text) for cell in cells if cell.text.strip()]
        if (len(cells) == 1 and cells[0].column_span > 1) or (
            len(texts) == 1 and row.text(group.name) == texts[0] and not self.values(row)
        ):
            self.band(texts[0])
            return
        name_cell = row.cells.get(group.name)
        raw_name = row.text(group.name)
        level = 0 if not raw_name or not group.outer else 1
        values = self.values(row)
        for column in group.outer:
            text = row.text(column)
            if text and is_total(text) and not raw_name:
                raw_name = text
        if not raw_name:
            outer = [row.text(c) for c in group.outer if row.text(c)]
            if outer:
                raw_name, name_cell = outer[-1], row.cells[[c for c in group.outer if row.text(c)][-1]]
            elif values and self.owner is None:
                self.recorder.reading.warn(f"名前のない行の金額は読みませんでした（{row.first} 行目）。")
                return
            elif values:
                return
            else:
                return
        if not values and not any(row.text(c) for c in (*group.texts, *group.departments, *group.indicators)):
            self.band(raw_name)
            return
        code = row.text(group.code) or None
        match = LEADING_CODE.match(half_width(raw_name).strip()) or MARKED_NAME.match(raw_name.strip())
        name = raw_name
        if match and code is None:
            code, name = match["code"], raw_name.strip()[match.start("name") :]
        name = tidy_name(name)
        if re.fullmatch(r"[0-9]{1,4}", plain(name)) and self.where.category and code is None:
            # The number of a chapter stands beside its amount, its name on the line above.
            code, name, level = name, self.where.category, 0
            self.chapter = Chapter(self.labels, name, 0)
        elif code and code.isascii() and code.isdigit() and self.in_chapter(int(code)):
            level = 1
        steps = []
        outer_name = ""
        for column in group.outer:
            text = tidy_name(_without_code(row.text(column)))
            if text:
                self.above[column] = text
                for inner in group.outer[group.outer.index(column) + 1 :]:
                    self.above.pop(inner, None)
            # A heading column prints its name once, above the rows that it holds.
            step = text or (self.above.get(column, "") if raw_name != text else "")
            if step and self.layout.headings[column].role == "name":
                outer_name = step
            elif step and plain(step) != plain(name) and step not in steps:
                steps.append(step)
        category = " ／ ".join(steps) or None
        departments: tuple[str, ...] = ()
        for column in group.departments:
            departments += (
                tuple(d for d in split_departments(row.cells[column].text) if d not in departments)
                if column in row.cells
                else ()
            )
        owner: Project | str
        continued = name_cell is not None and self.owner is not None and self.owner[0] == id(name_cell)
        if continued and self.owner is not None:
            owner = self.owner[1]
            if isinstance(owner, Project):
                self.extend(owner, row)
            return
        if self.is_project(name, row):
            parent = None
            if outer_name and plain(outer_name) != plain(name):
                parent = self.parent(outer_name, row, departments, category or self.where.category)
            owner = self.recorder.project(
                self.where,
                name,
                (row.first, row.last),
                code=code,
                departments=departments or None,
                category=category or self.where.category,
                listed=any(self.layout.headings[c].main for c in group.values),
                parent=parent,
            )
            self.add_text(owner, row, texts)
        else:
            above = category or self.where.category
            whole = is_total(name) and re.search(r"歳入|歳出|総|合計", plain(name))
            # A 項 may have the name of its 款.
            below = level == 1 or plain(name) != plain(above or "")
            owner = f"{above} ／ {name}" if above and below and not whole else name
            if is_total(name):
                self.chapter = None
        if name_cell is not None:
            self.owner = (id(name_cell), owner)
        found: dict[int, Figure] = {}
        for column, (heading, value) in values.items():
            found[column] = self.figure(owner, heading, value, row)
        self.check_row(row, found, name)
        total = is_total(name)
        for column, figure in found.items():
            if self.layout.headings[column].unit == "yen":
                self.sums.setdefault(column, []).append((figure.value, figure, total, level))

    def in_chapter(self, number: int) -> bool:
        """Whether a numbered row is an item of the chapter above it, or goes on with the one of the page before."""
        if self.chapter is None and self.where.category == self.layout.where.category:
            left_open, self.left_open = self.left_open, None
            if left_open is not None and number == left_open.last + 1:
                self.chapter = left_open
                self.where = replace(self.where, category=left_open.name)
        if self.chapter is None or self.where.category != self.chapter.name:
            return False
        self.chapter = replace(self.chapter, last=number)
        return True

    def parent(self, name: str, row: Row, departments: tuple[str, ...], category: str | None) -> Project:
        """The project whose parts the rows are (事業名 beside 細事業名); it prints no amount of its own."""
        key = f"{category}/{plain(name)}"
        if key not in self.parents:
            self.parents[key] = self.recorder.project(
                self.where,
                name,
                (row.first, row.last),
                departments=departments or None,
                category=category,
                listed=False,
            )
            self.parents[key] = self.recorder.rewrite(self.parents[key], container=True)
        return self.parents[key]

    def values(self, row: Row) -> dict[int, tuple[Heading, _Value]]:
        found = {}
        for column in self.group.values:
            cell = row.cells.get(column)
            if cell is None or (cell.column_span > 1 and cell.column != column):
                continue
            heading = self.layout.headings[column]
            value = read_value(cell.text, heading, self.layout.unit_yen, self.where)
            if value is not None and value.confidence <= UNIT_UNKNOWN:
                if self.layout.inherited_unit is not None:
                    sure = UNIT_INHERITED if self.where.unit_of_document else UNIT_OF_SIBLINGS
                    value = replace(value, value=value.value * self.layout.inherited_unit, confidence=sure)
                elif self.sibling_unit is not None:
                    value = replace(value, value=value.value * self.sibling_unit, confidence=UNIT_OF_SIBLINGS)
            if value is not None:
                found[column] = (heading, value)
        return found

    def is_project(self, name: str, row: Row) -> bool:
        if is_total(name) or is_budget_part(name):
            return False
        role = self.layout.headings[self.group.name].role if self.group.name in self.layout.headings else "text"
        if role == "name":
            return True
        return self.layout.projects and WORK.search(name) is not None

    def band(self, text: str) -> None:
        """A row of one cell across the table: a department, or the heading of the rows below."""
        name = tidy_name(text)
        departments = split_departments(text)
        if len(name) > 60 or "。" in name or UNIT_LINE.match(plain(name)) or PERIOD.match(plain(name)):
            return
        rest = plain(name)
        for heading in self.layout.headings.values():
            for word in heading.label.split():
                rest = rest.replace(plain(word), "")
        if not rest:
            return  # the headings, printed again on the next page
        if are_departments(departments):
            self.where = replace(self.where, departments=departments)
        elif not is_total(name):
            self.where = replace(self.where, category=name)
        self.owner = None

    def figure(self, owner: Project | str, heading: Heading, value: _Value, row: Row) -> Figure:
        confidence = min(heading.confidence, value.confidence, KNOWN_UNCHECKED)
        if value.confidence <= UNIT_UNKNOWN:
            self.no_unit = True
        if not self.where.sure_of_year and heading.fiscal_year is None:
            confidence = min(confidence, 0.6)
        if not any(self.layout.headings[c].main for c in self.group.values):
            # Limits of debts and the like: names are often broken around their amounts.
            confidence = min(confidence, 0.7)
        metric, unit = heading.metric, value.unit
        if unit == "percent" and metric in ("budget", "settled", "executed", "difference"):
            metric = "other"
        return self.recorder.figure(
            self.where,
            owner,
            metric,
            value.value,
            value.printed,
            heading.label,
            (row.first, row.last),
            unit=unit,
            fiscal_year=heading.fiscal_year,
            phase=heading.phase,
            table="list" if isinstance(owner, Project) else "summary",
            main=heading.main,
            confidence=confidence,
        )

    def check_row(self, row: Row, found: dict[int, Figure], name: str) -> None:
        """Differences and rates in a row must agree with the amounts beside them."""
        money = [(c, f) for c, f in found.items() if self.layout.headings[c].main and f.unit == "yen"]
        for column, figure in found.items():
            label = plain(self.layout.headings[column].label)
            if not DIFFERENCE.search(label) or figure.unit != "yen":
                continue
            amounts = [f for c, f in money if c < column][-2:]
            if len(amounts) != 2:
                continue
            if abs(amounts[0].value - amounts[1].value) == abs(figure.value):
                self.raise_to([*amounts, figure], 1.0)
            elif figure.value != 0 or amounts[0].value != amounts[1].value:
                self.recorder.reading.warn(
                    f"「{name}」の{self.layout.headings[column].label} {figure.printed} が、"
                    f"{amounts[0].printed} と {amounts[1].printed} の差と一致しません（{row.first} 行目）。"
                )
                self.recorder.lower([*amounts, figure], 0.7)

    def raise_to(self, figures: list[Figure], confidence: float) -> None:
        ids = {f.figure_id for f in figures}
        all_figures = self.recorder.reading.figures
        for index in range(max(0, len(all_figures) - 40), len(all_figures)):
            figure = all_figures[index]
            if figure.figure_id in ids and figure.confidence == KNOWN_UNCHECKED:
                all_figures[index] = replace(figure, confidence=confidence)

    def settle(self, column: int, entries: list[tuple[Decimal, Figure, bool, int]]) -> None:
        """Totals must be the sum of the rows above them; what adds up is certain.

        Rows of an outer level (款) hold those of the inner one (項), so either level may make the total.
        """
        key = (*self.labels, str(column))
        run = self.recorder.open_rows.pop(key, [])
        carried = bool(run)
        ids: set[str] = set()
        for value, figure, total, level in entries:
            if not total:
                run.append((value, figure, level))
                continue
            parts = _parts_of(run, value)
            if parts is not None:
                ids.update(f.figure_id for f in parts)
                ids.add(figure.figure_id)
                run = [(value, figure, 2)]
            else:
                rows = [entry for entry in run if entry[2] < 2]
                one_level = len({level for _, _, level in rows}) == 1
                # Twice the total: the rows hold their own subtotals, under names that do not say so.
                doubled = sum((v for v, _, _ in rows), Decimal(0)) == 2 * value
                if len(rows) >= 2 and not carried and one_level and not doubled:
                    self.recorder.reading.warn(
                        f"「{figure.section}」の{figure.label} {figure.printed} が、上の{len(rows)}行の合計"
                        f" {sum((v for v, _, _ in rows), Decimal(0)):,.0f}円 と一致しません"
                        f"（{figure.source.line_start} 行目）。"
                    )
                    self.recorder.lower([f for _, f, _ in rows], 0.85)
                run = [(value, figure, 2)]
            carried = False
        if run and run[-1][2] < 2:
            self.recorder.open_rows[key] = run
        figures = self.recorder.reading.figures
        for index, figure in enumerate(figures):
            if figure.figure_id in ids and figure.confidence == KNOWN_UNCHECKED:
                figures[index] = replace(figure, confidence=1.0)

    def add_text(self, project: Project, row: Row, texts: list[str]) -> None:
        """The row as text, and the sentences of its wordy columns."""
        head = TextUnit(" ".join(texts), "table", row.first, row.last)
        units: list[TextUnit] = []
        for column in self.group.texts:
            cell = row.cells.get(column)
            if cell is None or not cell.text.strip():
                continue
            lines = [Line(cell.line_start, line.strip(), False) for line in cell.text.split("\n") if line.strip()]
            built = build_units(lines, max(len(line.text) for line in lines) * 2)
            units.extend(replace(unit, line_start=cell.line_start, line_end=cell.line_end) for unit in built)
        if units:
            project = self.recorder.rewrite(project, text="\n".join(unit.text for unit in units))
        path = [step for step in (project.category,) if step]
        self.recorder.reading.add_section(self.where.part, (*path, project.name), (head, *units), project)
        self.indicators(project, row)

    def extend(self, project: Project, row: Row) -> None:
        self.indicators(project, row)

    def indicators(self, project: Project, row: Row) -> None:
        """Indicator columns of a row: what is measured, its target and its result."""
        columns = self.group.indicators
        name = next(
            (
                c
                for c in columns
                if re.search(r"指標", self.layout.headings[c].label)
                and not re.search(r"目標|実績|達成|計画", self.layout.headings[c].label)
            ),
            None,
        )
        if name is None or not row.text(name):
            return
        unit = next((row.text(c) for c in self.group.texts if plain(self.layout.headings[c].label) == "単位"), "")
        measures: dict[int, dict[str, Measure]] = {}
        for column in columns:
            heading = self.layout.headings[column]
            text = row.text(column)
            if column == name or not text:
                continue
            label = plain(heading.label)
            planned = re.search(r"目標|計画|見込", label) is not None
            kind = "target" if planned else "result" if re.search(r"実績|結果|値", label) else ""
            year = self.where.fiscal_year if heading.fiscal_year is None else heading.fiscal_year
            if not kind or kind in measures.get(year, {}):
                continue
            cell = parse_cell(text)
            amounts = find_amounts(text)
            value = cell.value if cell.value is not None else amounts[0].value if len(amounts) == 1 else None
            measured = amounts[0].unit if len(amounts) == 1 and amounts[0].unit else unit
            source = self.recorder.reading.source(row.first, row.last)
            measures.setdefault(year, {})[kind] = Measure(value, measured, text, source)
        for year, found in measures.items():
            self.recorder.reading.add_indicator(
                project,
                row.text(name),
                self.recorder.reading.source(row.first, row.last),
                found.get("target"),
                found.get("result"),
                fiscal_year=year,
            )


def _parts_of(run: list[tuple[Decimal, Figure, int]], total: Decimal) -> list[Figure] | None:
    """The figures of a run whose sum is the total: all rows, one level of them, or subtotals with the rest."""
    rows = [entry for entry in run if entry[2] < 2]
    choices = [rows, [e for e in rows if e[2] == 0], [e for e in rows if e[2] == 1]]
    last = max((i for i, entry in enumerate(run) if entry[2] == 2), default=-1)
    choices.append([*(e for e in run if e[2] == 2), *run[last + 1 :]])
    for chosen in choices:
        if chosen and sum((value for value, _, _ in chosen), Decimal(0)) == total:
            return [figure for _, figure, _ in chosen]
    return None


def _as_text(recorder: Recorder, where: Where, table: RawTable, rows: list[Row]) -> None:
    """Keep a table as text, a unit for each row."""
    units = [
        TextUnit(
            " ".join(one_line(cell.text) for cell in _distinct(row) if cell.text.strip()), "table", row.first, row.last
        )
        for row in rows
    ]
    units = [unit for unit in units if unit.text]
    headings = where.headings or ((where.category,) if where.category else ())
    title = next(
        (
            tidy_name(text)
            for text in reversed(table.context)
            if 2 <= len(plain(text)) <= 40 and find_unit_yen(plain(text)) is None
        ),
        None,
    )
    if title and title not in headings:
        headings = (*headings, title)
    for start in range(0, len(units), 40):
        recorder.reading.add_section(where.part, tuple(headings), tuple(units[start : start + 40]))
