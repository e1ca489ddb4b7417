"""Reviews of a year's policy (振り返り): one table, a row each line, cells parted by tabs that hold HTML lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from ingest.amounts import half_width
from ingest.counts import add_counts
from ingest.eras import find_years
from ingest.joining import Line, content_lines, tidy
from ingest.layouts.block_tables import is_department_list, split_departments
from ingest.layouts.parts import settle_part
from ingest.raw import RawDocument
from ingest.reading import Reading
from ingest.sources import PartFacts
from records import Part, TextUnit, UnitKind

_NAME = r"主な取組|主な事業|取組|施策|事業名"
_DEPARTMENT = r"担当課?|所管課?|課名"
_PLAN = r"事業内容|取組内容|内容"
_RESULT = r"振り?返り|実績|成果|取組結果|結果"
_PILLAR = re.compile(r"^([0-9]{1,2}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])[\s　.．]+(\S.*)$")
_COLUMN = re.compile(r"^<(?:コラム|column)>|^＜コラム＞", re.IGNORECASE)
# Where a new item begins inside a cell: a mark after a space. "・" without a space before it parts two words.
_ITEM = re.compile(r"(?:^|(?<=\s))(?:(?=[・●○◆■※【①-⑳])|(?=[0-9]{1,2}\s+[^\s\d～~]))")
_STRAY = re.compile(r"[☞☜►▶\ufe0e\ufe0f\u200b]+\s*")


class _CellText(HTMLParser):
    """The text of a cell, a line for each block element; scripts and styles are left out."""

    _BLOCKS = frozenset({"p", "ul", "ol", "li", "br", "div", "tr", "td", "table"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in self._BLOCKS:
            self.pieces.append("\n・" if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in self._BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def plain_cell(cell: str) -> list[str]:
    """The lines of text in a cell, without its markup and without the marks of links.

    >>> plain_cell('<ul style="x"> ・講習会(2回)☞ ・猫<b>対策</b> </ul>')
    ['・講習会(2回) ・猫対策']
    """
    if not re.search(r"<\s*/?\s*[A-Za-z]", cell):
        return [text for text in [_STRAY.sub(" ", cell).strip()] if text]
    parser = _CellText()
    parser.feed(cell)
    parser.close()
    return [text for text in (_STRAY.sub(" ", line).strip() for line in "".join(parser.pieces).splitlines()) if text]


def read_cell(cell: str, line: int) -> list[TextUnit]:
    """Bullets, numbered headings and sentences of a cell."""
    units: list[TextUnit] = []
    for text in plain_cell(cell):
        starts = [match.start() for match in _ITEM.finditer(half_width(text))]
        starts = [start for start in starts if not _inside_brackets(text, start)]
        bounds = sorted({0, *starts, len(text)})
        for start, end in pairwise(bounds):
            piece = text[start:end].strip()
            if not piece:
                continue
            kind: UnitKind = "sentence"
            if piece[0] in "・●○◆■":
                kind, piece = "bullet", piece[1:].strip()
            elif piece[0] == "※":
                kind = "note"
            elif re.match(r"^[0-9０-９①-⑳]", piece) or re.fullmatch(r"【[^】]*】", piece):
                kind = "heading"
            if kind == "note" and units and units[-1].kind == "bullet":
                before = units.pop()
                piece, kind = f"{before.text} {piece}", "bullet"
            if piece:
                units.append(TextUnit(" ".join(piece.split()), kind, line, line))
    return units


def _inside_brackets(text: str, at: int) -> bool:
    before = half_width(text[:at])
    return before.count("(") > before.count(")") or before.count("「") > before.count("」")


@dataclass(slots=True)
class _Row:
    line: int
    pillar: str | None
    pillar_number: str | None
    name: str | None
    departments: list[str]
    plan: str
    result: str
    has_pillar_column: bool


def header_of(lines: Sequence[Line], raw: RawDocument) -> int | None:
    """The line that heads the table, or None."""
    for line in lines:
        cells = [cell.strip() for cell in raw.lines[line.number - 1].split("\t")]
        text = " ".join(cells)
        if len(cells) >= 4 and all(
            any(re.fullmatch(rf"(?:{pattern}).{{0,6}}", cell) for cell in cells)
            for pattern in (_NAME, _DEPARTMENT, _PLAN, _RESULT)
        ):
            return line.number
        if len(text) > 4000:
            continue
    return None


def fits(raw: RawDocument) -> bool:
    """Whether the text has a table of 取組, 担当課, 内容 and 振り返り parted by tabs."""
    return header_of(content_lines(raw.lines), raw) is not None


def read(reading: Reading, facts: Sequence[PartFacts]) -> tuple[Part, ...]:
    """Read the one part of a review."""
    raw = reading.raw
    lines = content_lines(raw.lines)
    header = header_of(lines, raw) or 1
    before = [line for line in lines if line.number < header]
    years = [mention for line in before for mention in find_years(line.text) if mention.fiscal]
    year = years[0].year if years else (facts[0].fiscal_year if facts else 0)
    part = settle_part(
        reading.document.document_id, 0, year, "振り返り", "result", None, 1, len(raw.lines), facts, whole=True
    )
    _read_goal(reading, part, before)
    rows = [
        row for line in lines if line.number > header and (row := _parse_row(raw.lines[line.number - 1], line.number))
    ]
    _settle(reading, rows)
    shared = {name for name in (row.name for row in rows) if name and sum(row.name == name for row in rows) > 1}
    for row in rows:
        if not row.name:
            reading.warn(f"{row.line}行目: 取組の名が読み取れないので、採りませんでした。")
            continue
        departments = tuple(row.departments)
        name = f"{row.name}（{'、'.join(departments)}）" if row.name in shared and departments else row.name
        plan, result = read_cell(row.plan, row.line), read_cell(row.result, row.line)
        project = reading.add_project(
            part,
            name,
            "measure",
            reading.source(row.line, quote=row.name if _printed(raw, row) else "、".join(departments)),
            pillar=row.pillar,
            pillar_aliases=(row.pillar_number,) if row.pillar and row.pillar_number else (),
            departments=departments,
            text="\n".join(unit.text for unit in plan),
        )
        heading = tuple(word for word in (row.pillar, name) if word)
        reading.add_section(part, (*heading, "事業内容"), tuple(plan), project)
        reading.add_section(part, (*heading, "振り返り"), tuple(result), project)
        add_counts(reading, part, project, result)
    return (part,)


def _printed(raw: RawDocument, row: _Row) -> bool:
    return row.name is not None and row.name in raw.lines[row.line - 1]


def _read_goal(reading: Reading, part: Part, lines: Sequence[Line]) -> None:
    at = next((i for i, line in enumerate(lines) if line.text == "基本目標"), None)
    if at is None:
        return
    units = tuple(TextUnit(tidy(line.text), "sentence", line.number, line.number) for line in lines[at + 1 :])
    reading.add_section(part, ("基本目標",), units)


def _parse_row(text: str, number: int) -> _Row | None:
    cells = [cell.strip() for cell in text.split("\t")]
    contents = [i for i, cell in enumerate(cells) if _is_content(cell)]
    if len(contents) < 1 or len(cells) < 3:
        return None
    first = contents[0]
    lead = cells[:first]
    departments: list[str] = []
    at = next((i for i in range(len(lead) - 1, -1, -1) if lead[i] and is_department_list(lead[i])), None)
    if at is not None:
        departments = split_departments(lead[at])
        lead = lead[:at]
    pillar = pillar_number = name = None
    filled = [cell for cell in lead if cell]
    match = _PILLAR.match(filled[0]) if filled else None
    if match:
        pillar_number, pillar = match[1], match[2]
        filled = filled[1:]
    if filled:
        name = filled[-1]
    # A row with its pillar's cell (filled or empty) has two cells before the department.
    return _Row(
        number, pillar, pillar_number, name, departments, cells[first], cells[contents[1]] if len(contents) > 1 else "",
        has_pillar_column=len(lead) >= 2,
    )  # fmt: skip


def _is_content(cell: str) -> bool:
    return bool(re.match(r"^(?:<\s*(?:ul|ol|p|li|div|br)\b|[・●])", cell, re.IGNORECASE)) or len(cell) > 60


def _settle(reading: Reading, rows: list[_Row]) -> None:
    """Carry names and pillars down to the rows whose cells are merged with those above."""
    pillar: str | None = None
    number: str | None = None
    name: str | None = None
    for row in rows:
        if row.pillar:
            pillar, number = row.pillar, row.pillar_number
        elif row.name and not row.has_pillar_column and pillar is not None:
            # The name stands first where the pillar's cell is missing: a pillar that the text does not show
            # has begun (000 line 16).
            reading.warn(f"{row.line}行目からの取組は、分野の見出しが本文にないため、分野なしとしました。")
            pillar = None
        if row.name and _COLUMN.match(row.name):
            row.name, row.pillar, name = _COLUMN.sub("", row.name).strip(), None, _COLUMN.sub("", row.name).strip()
            pillar = None
            continue
        name = row.name or name
        row.name = name
        row.pillar, row.pillar_number = pillar, number
