"""Budget tables of the 個性ある区づくり推進費 papers: rows of amounts whose names may stand far away from them.

A PDF gives the amounts of a page first and the names of its merged or vertical cells after all of them, so a table here
is rows with whatever names stood beside them, and a pool of names that belong to some row of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.amounts import find_unit_yen, half_width
from ingest.joining import Line, join_lines, name_key
from records import Metric

_COLUMN_METRICS: tuple[tuple[str, Metric], ...] = (
    ("予算現額", "budget"),
    ("予算額", "budget"),
    ("決算額", "settled"),
    ("執行額", "executed"),
    ("差引", "difference"),
    ("執行残額", "difference"),
    ("不用額", "difference"),
    ("執行率", "execution_rate"),
)
_LABEL = re.compile("|".join(label for label, _ in _COLUMN_METRICS))
_DEPARTMENT_END = (
    "課", "室", "局", "署", "事務所", "センター", "担当", "出張所", "保育園", "係", "部", "区役所", "委員会", "本部",
)  # fmt: skip
_AMOUNT = r"(?:[▲△]\s*|-)?\d[\d,]*"
_NO_RATE = r"[-－―–—ー]|皆増|皆減"
_VERTICAL_ROMAN = re.compile(r"^[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]$")
_ROMAN_NAME = re.compile(r"^([ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ])[\s　]+(\S.*)$")
_NOTE_MARK = re.compile(r"[（(]?※[0-9０-９]*[）)]?$")
GENERIC_NAMES = frozenset(
    {"合計", "計", "総計", "小計", "区分", "主な", "事業", "主な事業", "事業名", "課名", "事業別一覧表", "担当課"}
)
TOTAL_NAMES = frozenset({"合計", "計", "総計"})


@dataclass(frozen=True, slots=True)
class Printed:
    """An amount in yen, or a rate in percent, and its characters on the page."""

    value: Decimal
    printed: str


@dataclass(slots=True)
class Row:
    """A row of amounts; `number` and `name` only where they stand beside it."""

    number: int | None
    name: str | None
    cells: dict[Metric, Printed]
    labels: dict[Metric, str]
    departments: list[str]
    line_start: int
    line_end: int

    @property
    def budget(self) -> Decimal | None:
        return self.cells["budget"].value if "budget" in self.cells else None

    @property
    def spent(self) -> Decimal | None:
        cell = self.cells.get("settled") or self.cells.get("executed")
        return cell.value if cell else None


@dataclass(slots=True)
class Table:
    """Rows under one heading of columns. `listing`: it names the departments (事業別一覧表)."""

    unit_yen: int
    listing: bool
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class TablePage:
    """Tables that share a pool of names; `romans` maps a pillar's numeral to the line of its name in this pool."""

    tables: list[Table] = field(default_factory=list)
    names: list[Line] = field(default_factory=list)
    romans: dict[str, Line] = field(default_factory=dict)
    vertical: list[str] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)


def compact(name: str) -> str:
    """A name as one word: spaced-out letters (一 般 管 理 費) and spaces between Japanese words closed up."""
    return re.sub(r"(?<=[^\x00-\x7f])[\s　]+|[\s　]+(?=[^\x00-\x7f])", "", name.strip())


def plain_name(name: str) -> str:
    """The name without the mark of its footnote: 区庁舎・区民利用施設管理費（※） is the same row without it."""
    return compact(_NOTE_MARK.sub("", compact(name)))


def parse_columns(text: str) -> list[tuple[Metric, str]] | None:
    """The columns that a heading line names, in order, or None where it is not such a line."""
    flat = re.sub(r"[\s　]", "", half_width(text))
    found = [
        (next(metric for label, metric in _COLUMN_METRICS if label == match.group()), match.group())
        for match in _LABEL.finditer(flat)
    ]
    rest = _LABEL.sub("", flat)
    rest = re.sub(r"\([%円千百万A-Z/\-]*\)|[%A-Z()/\-]|課名|担当課?|所管課?|事業名|区分|番号", "", rest)
    return found if len(found) >= 2 and found[0][0] == "budget" and not rest else None


def is_department_list(text: str) -> bool:
    """Whether the text is nothing but names of departments.

    >>> is_department_list("総務課、福祉保健課"), is_department_list("あさひくん体操"), is_department_list("合　計")
    (True, False, False)
    """
    names = split_departments(text)
    return bool(names) and all(name.endswith(_DEPARTMENT_END) and 2 < len(name) <= 20 for name in names)


def split_departments(text: str) -> list[str]:
    """The departments in a cell; "・" joins the words of one department (高齢・障害支援課) unless each part is one.

    >>> split_departments("総務課 福祉保健課、高齢・障害支援課"), split_departments("総務課・税務課")
    (['総務課', '福祉保健課', '高齢・障害支援課'], ['総務課', '税務課'])
    """
    found: list[str] = []
    for piece in re.split(r"[\s　、,，／/]+", text.strip()):
        parts = piece.split("・")
        if len(parts) > 1 and all(part.endswith(_DEPARTMENT_END) and len(part) > 2 for part in parts):
            found.extend(parts)
        elif piece:
            found.append(piece)
    return found


def _parse_row(
    line: Line, columns: list[tuple[Metric, str]], unit_yen: int
) -> tuple[str, dict[Metric, Printed], str] | None:
    """The text before the amounts, the amounts, and the text after them."""
    cells = [
        rf"({_NO_RATE}|\d[\d,.]*\s*%?)" if m == "execution_rate" else rf"({_AMOUNT}|{_NO_RATE})" for m, _ in columns
    ]
    match = re.search(r"(?:^|(?<=\s))" + r"\s+".join(cells), half_width(line.text))
    if match is None:
        return None
    rest = line.text[match.end() :].strip()
    if rest[:1].isdigit() or rest[:1] == "千":
        return None
    found: dict[Metric, Printed] = {}
    for position, (metric, _) in enumerate(columns, start=1):
        printed = line.text[match.start(position) : match.end(position)].strip()
        digits = re.sub(r"[\s,%▲△-]", "", half_width(printed))
        if not re.fullmatch(r"\d+(?:\.\d+)?", digits):
            continue  # A dash says that there is none, which is not zero.
        value = Decimal(digits) * (1 if metric == "execution_rate" else unit_yen)
        found[metric] = Printed(-value if printed[0] in "▲△-" else value, printed)
    return (line.text[: match.start()].strip(), found, rest) if "budget" in found else None


def _split_number(text: str) -> tuple[int | None, str]:
    match = re.match(r"^([0-9]{1,2})(?:[\s　.．]+|(?=[^\d\s,.回人年月日件%])|$)", half_width(text))
    return (int(match[1]), text[match.end() :].strip()) if match else (None, text)


def _join_name(lines: Sequence[Line]) -> str:
    return compact(join_lines([(line.number, "", line.text) for line in lines]).text)


def parse_tables(lines: Sequence[Line]) -> list[TablePage]:
    """The tables in these lines, page by page: a page ends where a unit or columns come after names without a row."""
    pages: list[TablePage] = []
    page = TablePage()
    table: Table | None = None
    columns: list[tuple[Metric, str]] = []
    unit_yen = 1000
    pending: list[Line] = []
    numbered: tuple[int, list[Line]] | None = None

    def flush() -> None:
        nonlocal pending, numbered
        page.names.extend(pending)
        if numbered:
            page.names.extend(numbered[1])
        pending, numbered = [], None

    def new_page() -> None:
        nonlocal page, table
        flush()
        if page.tables:
            pages.append(page)
            page, table = TablePage(), None

    for line in lines:
        found_unit = find_unit_yen(half_width(line.text)) if len(line.text) < 30 else None
        found_columns = parse_columns(line.text)
        if found_unit and not found_columns:
            if table and table.listing and (pending or page.names):
                new_page()
            unit_yen = found_unit
            continue
        if found_columns:
            listing = "課" in line.text or "所管" in line.text or "担当" in line.text
            if page.tables and page.tables[-1].listing != listing:
                new_page()
            flush()
            columns = found_columns
            table = Table(unit_yen, listing)
            page.tables.append(table)
            continue
        if table is None:
            page.names.append(line)
            continue
        parsed = _parse_row(line, columns, unit_yen)
        if parsed:
            before, cells, after = parsed
            number, name = _split_number(before)
            first = line.number
            if number is None and numbered is not None:
                number = numbered[0]
                name = _join_name([*numbered[1], *([Line(line.number, before, False)] if before else [])])
                first = numbered[1][0].number if numbered[1] else first
            elif number is None and not before and pending:
                name, first = _join_name(pending), pending[0].number
                pending = []
            elif number is None and before and pending:
                name, first = _join_name([*pending, Line(line.number, before, False)]), pending[0].number
                pending = []
            departments = []
            if after and is_department_list(after):
                departments = split_departments(after)
            elif after and not name:
                name = after  # 885 203 22.9%旭区で企画する主な区配事業※２ (001, line 3469)
            flush_numbered = numbered is not None
            table.rows.append(Row(number, compact(name) or None, cells, dict(columns), departments, first, line.number))
            if flush_numbered:
                numbered = None
            continue
        if table.listing and table.rows and is_department_list(line.text) and not pending and numbered is None:
            table.rows[-1].departments.extend(split_departments(line.text))
            table.rows[-1].line_end = line.number
            continue
        number, name = _split_number(line.text)
        if table.listing and number is not None and len(name) < 40 and not name.startswith("　"):
            numbered = (number, [Line(line.number, name, False)] if name else [])
            continue
        if numbered is not None:
            numbered[1].append(line)
            continue
        if line.text.startswith("※"):
            page.notes.append(line)
        else:
            pending.append(line)
    new_page()
    for found in pages:
        _read_pool(found)
    return pages


def _read_pool(page: TablePage) -> None:
    """Sort the pool into pillars (Ⅰ　安全・安心), vertical words (Ⅵ / 区 / 局 / …) and names of rows."""
    kept: list[Line] = []
    run = ""
    for line in [*page.names, Line(0, "", False)]:
        if len(line.text) == 1:
            if _VERTICAL_ROMAN.match(line.text) and run:
                page.vertical.append(run)
                run = ""
            run += line.text
            continue
        if run:
            page.vertical.append(run)
            run = ""
        match = _ROMAN_NAME.match(line.text)
        if match:
            page.romans.setdefault(match[1], Line(line.number, compact(match[2]), line.indented))
        elif line.text:
            kept.append(line)
    page.names = kept


def same_amount(left: Decimal | None, right: Decimal | None, unit: int) -> bool:
    """Whether both may be prints of one amount, the coarser in steps of `unit` yen, rounded or cut."""
    if left is None or right is None:
        return left is right
    return abs(left - right) < unit


def find_name(page: TablePage, wanted: str) -> Line | None:
    """The line of the pool that prints this name."""
    key = name_key(plain_name(wanted))
    return next((line for line in page.names if name_key(plain_name(line.text)) == key), None)
