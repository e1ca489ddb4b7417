"""The forms that every budget has by ordinance (地方自治法施行規則), as laid-out text: 債務負担行為 and 地方債."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.raw import RawCell, RawTable
from ingest.tables.aligned import PAGE_LINE, pieces
from ingest.tables.centred import CentredRow, Token, part_rows
from ingest.tables.recorder import tidy_name
from ingest.tables.words import plain

COMMITMENTS = ("事項", "期間", "限度額")
BONDS = ("起債の目的", "限度額", "起債の方法")
YEAR = re.compile(r"^(?:令和|平成)?(?:元|[0-9]{1,2})年度(?P<end>から|まで)?$")
# Both forms head their amounts 限度額; the form's title says of what.
TITLES = {COMMITMENTS: "債務負担行為", BONDS[:2]: "地方債"}
AMOUNT = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})*(?![\d,])")


def find_budget_forms(lines: Sequence[str]) -> list[RawTable]:
    """The tables of both forms, each page its own; what cannot be parted is left out, with all that follows it."""
    found: list[RawTable] = []
    index = 0
    while index < len(lines):
        own = plain(lines[index]) if re.search("[項債]", lines[index]) else ""
        below = plain(lines[index + 1]) if own == COMMITMENTS[0] and index + 1 < len(lines) else ""
        body, tokens = index, []
        headings: tuple[str, ...] = COMMITMENTS
        if own == "".join(COMMITMENTS) or (own == COMMITMENTS[0] and below == "".join(COMMITMENTS[1:])):
            body = index + (1 if own != COMMITMENTS[0] else 2)
            tokens = _commitments(lines, body)
        elif own.startswith("".join(BONDS)):
            body, headings = index + 1, BONDS[:2]
            tokens = _bonds(lines, body, lines[index].index("起", lines[index].index("起") + 1))
        rows = part_rows(tokens)
        if rows:
            found.append(_table(lines, index, body, headings, rows))
        index = max([index + 1, *(token.line for token in tokens)])
    return found


def _page(lines: Sequence[str], start: int) -> Iterator[tuple[int, str]]:
    """The lines below the headings up to the end of the page, with their numbers."""
    for number, line in enumerate(lines[start:], start=start + 1):
        if PAGE_LINE.match(line) or not line.strip():
            return
        yield number, line


def _commitments(lines: Sequence[str], start: int) -> list[Token]:
    """The pieces of a page of commitments: names are left of the years, amounts (or words for one) right of them."""
    rows = [(number, pieces(line)) for number, line in _page(lines, start)]
    places = [piece.start for _, row in rows for piece in row if YEAR.match(plain(piece.text))]
    found: list[Token] = []
    for number, row in rows if places else ():
        for piece in row:
            year = YEAR.match(plain(piece.text))
            if piece.start < min(places) - 2:
                found.append(Token("name", piece.text, number))
            elif year is None:
                found.append(Token("amount", piece.text, number))
            elif year["end"]:
                found.append(Token("from" if year["end"] == "から" else "to", piece.text, number))
            else:
                found.append(Token("year", piece.text, number))
    return found


def _bonds(lines: Sequence[str], start: int, column: int) -> list[Token]:
    """The names and amounts of a page of bonds, left of the conditions that begin in a column."""
    found: list[Token] = []
    for number, line in _page(lines, start):
        amount = AMOUNT.search(line[:column])
        name = line[: amount.start() if amount else column - 1].strip(" 　")
        if name:
            found.append(Token("name", name, number))
        if amount:
            found.append(Token("amount", amount[0], number))
    return found


def _table(lines: Sequence[str], top: int, body: int, headings: Sequence[str], rows: list[CentredRow]) -> RawTable:
    title = TITLES[tuple(headings)]
    labels = [f"{heading}（{title}）" if heading == "限度額" else heading for heading in headings]
    cells = [RawCell(0, column, label, top + 1, body) for column, label in enumerate(labels)]
    for index, row in enumerate(rows, start=1):
        names = [*row.names, *row.below]
        numbers = [token.line for token in (*names, *row.years, row.amount)]
        name = "".join(tidy_name(token.text) for token in names)
        years = ["".join(token.text for token in row.years)] if "期間" in headings else []
        for column, text in enumerate((name, *years, row.amount.text)):
            cells.append(RawCell(index, column, text, min(numbers), max(numbers)))
    context = [line.strip() for line in lines[max(0, top - 4) : top] if line.strip() and not PAGE_LINE.match(line)]
    return RawTable(tuple(cells), len(rows) + 1, len(headings), None, tuple(context))
