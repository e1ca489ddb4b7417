"""Tables that only spaces mark: columns of numbers that end at one place, below headings that stand over them.

Text of this kind comes from PDF pages without rules, and from text files that were laid out from such pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.raw import RawCell, RawTable

GAP = re.compile(r"\s{2,}|\t")
NUMBER = re.compile(
    r"^[▲△\-+(（]?\s?[\d０-９][\d０-９,，.．]*(?:[%％円]|千円|百万円|万円)?[)）]?$|^[-－―─]$|^皆[増減]$"
)
MONEY = re.compile(r"^[▲△\-]?\s?(?:\d{1,3}(?:,\d{3})+|\d+|[０-９，]+)(?:円|千円|百万円|万円)?$|^[-－―─]$")
UNIT = re.compile(r"^[(（]?(?:千円|百万円|万円|円|％|%)[)）]?$")
GLUED = re.compile(r"^(?P<name>.*[^\d\s,.０-９▲△\-（(])(?P<number>[▲△]?\d{1,3}(?:,\d{3})+)$")
PAGE_LINE = re.compile(r"^\s*[-－―─]\s*\d{1,4}\s*[-－―─](?:\s+[-－―─]\s*\d{1,4}\s*[-－―─])?\s*$")
MAX_HEADING_LINES = 6


class Piece(NamedTuple):
    """A run of text on a line, by its columns."""

    text: str
    start: int
    end: int


def pieces(line: str) -> list[Piece]:
    """The runs of a line, parted by two spaces or more; a run of spread characters (議　会　費) stays whole."""
    found: list[Piece] = []
    at = 0
    for match in [*GAP.finditer(line), None]:
        end = match.start() if match else len(line)
        text = line[at:end].strip()
        if text:
            start = at + len(line[at:end]) - len(line[at:end].lstrip())
            glued = GLUED.match(text)
            if glued and len(glued["name"]) >= 2:
                cut = start + glued.start("number")
                found.append(Piece(glued["name"].strip(), start, cut))
                found.append(Piece(glued["number"], cut, start + len(text)))
            else:
                found.append(Piece(text, start, start + len(text)))
        at = match.end() if match else end
    return _joined(_numbers_apart(found))


def _numbers_apart(found: list[Piece]) -> list[Piece]:
    """Numbers that one space parts (488,451 499,446) are two."""
    result: list[Piece] = []
    for piece in found:
        words = piece.text.split(" ")
        if len(words) > 1 and all(NUMBER.match(word) for word in words if word):
            at = piece.start
            for word in words:
                if word:
                    result.append(Piece(word, at, at + len(word)))
                at += len(word) + 1
        else:
            result.append(piece)
    return result


def _joined(found: list[Piece]) -> list[Piece]:
    """Single characters spread evenly over a width, put together."""
    result: list[Piece] = []
    for piece in found:
        last = result[-1] if result else None
        spread = (
            last is not None and re.fullmatch(r"[一-鿿ぁ-んァ-ヶー](?:\s*[一-鿿ぁ-んァ-ヶー])*", last.text) is not None
        )
        single = re.fullmatch(r"[一-鿿ぁ-んァ-ヶー]", piece.text) is not None
        if (
            last is not None
            and spread
            and single
            and len(last.text.replace(" ", "")) <= 6
            and 2 <= piece.start - last.end <= 8
        ):
            tail = last.text if len(last.text) == 1 or " " in last.text else None
            if tail is not None:
                result[-1] = Piece(f"{last.text} {piece.text}", last.start, piece.end)
                continue
        result.append(piece)
    return result


def find_aligned_tables(lines: Sequence[str], taken: set[int]) -> list[RawTable]:
    """The tables of a text that no mark delimits; `taken` are the 1-based lines of other tables."""
    pages = [PAGE_LINE.match(line) is not None for line in lines]
    rows = [[] if number in taken or pages[number - 1] else pieces(line) for number, line in enumerate(lines, start=1)]
    numeric = [any(MONEY.match(p.text) for p in row) for row in rows]
    found: list[RawTable] = []
    index = 0
    while index < len(rows):
        if not numeric[index]:
            index += 1
            continue
        start, end, gap = index, index + 1, 0
        last = index
        while end < len(rows) and gap <= 3 and (end + 1) not in taken:
            if numeric[end]:
                last, gap = end, 0
            elif pages[end] or (rows[end] and _is_sentence(rows[end])):
                break
            elif not rows[end]:
                gap += 2
            else:
                gap += 1
            end += 1
        body = (start, last + 1)
        if sum(numeric[start : last + 1]) >= 3:
            table = _table(lines, rows, numeric, body)
            if table is not None:
                found.append(table)
        index = last + 1
    return found


def _is_sentence(row: list[Piece]) -> bool:
    return any("。" in piece.text or len(piece.text) > 45 for piece in row)


def _table(
    lines: Sequence[str], rows: list[list[Piece]], numeric: list[bool], body: tuple[int, int]
) -> RawTable | None:
    """One table: number columns by their right ends, text columns by their left ends, headings above them."""
    first, last = body
    top = first
    while (
        top > 0
        and first - top < MAX_HEADING_LINES
        and rows[top - 1]
        and not numeric[top - 1]
        and not _is_sentence(rows[top - 1])
    ):
        top -= 1
    # Units in a line of their own are the last of the headings, and say where the number columns end.
    ends: list[list[Piece]] = []
    for row in rows[first:last]:
        for piece in row:
            if not MONEY.match(piece.text) and not NUMBER.match(piece.text):
                continue
            group = next((g for g in ends if abs(g[-1].end - piece.end) <= 2), None)
            if group is None:
                ends.append([piece])
            else:
                group.append(piece)
    n_numeric = sum(numeric[first:last])
    columns = [g for g in ends if len(g) * 5 >= n_numeric and len(g) >= 2]
    if not columns:
        return None
    columns.sort(key=lambda group: group[0].end)
    # A column of small counting numbers at the left is a code beside the name.
    first_text = [
        next((p.start for p in row if not NUMBER.match(p.text) and not UNIT.match(p.text)), None)
        for row in rows[first:last]
    ]
    starts = sorted(s for s in first_text if s is not None)
    left = starts[len(starts) // 2] if starts else 0
    columns = [g for g in columns if g[0].end > left + 2]
    if not columns:
        return None
    right_ends = [max(p.end for p in g) for g in columns]
    left_ends = [min(p.start for p in g) for g in columns]
    words: list[list[Piece]] = []
    for row in rows[first:last]:
        texts = [p for p in row if not NUMBER.match(p.text)]
        for piece in texts[1:] if texts and texts[0].start <= left + 12 else texts:
            if piece.start <= left + 12 and piece.end < left_ends[0]:
                continue
            group = next((g for g in words if abs(g[0].start - piece.start) <= 3), None)
            if group is None:
                words.append([piece])
            else:
                group.append(piece)
    text_columns = [g for g in words if len(g) * 4 >= n_numeric and len(g) >= 2]
    places: list[tuple[int, int, str]] = [(0, max(left, 0), "name")]
    places += [(left_ends[i], right_ends[i], "number") for i in range(len(columns))]
    places += [(min(p.start for p in g), max(p.end for p in g), "text") for g in text_columns]
    places = [places[0], *sorted(places[1:], key=lambda place: place[1] if place[2] == "number" else place[0])]
    cells: list[RawCell] = []
    around = _names_around(rows, first, last)
    parts_of_names = {index for found in around for index in (found - 1, found + 1)}
    for offset, row in enumerate(rows[top:last]):
        number = top + offset + 1
        if number - 1 in parts_of_names:
            continue
        if number - 1 in around:
            above, below = rows[number - 2][0], rows[number][0]
            name = f"{row[0].text} {above.text}{below.text}"
            cells.append(RawCell(offset, 0, name, number - 1, number + 1))
            row = row[1:]
        by_column: dict[int, list[Piece]] = {}
        for piece in row:
            for column in _columns_of(piece, places, top + offset < first):
                by_column.setdefault(column, []).append(piece)
        for column, held in by_column.items():
            text = " ".join(piece.text for piece in held)
            cells.append(RawCell(offset, column, text, number, number))
    context = [line.strip() for line in lines[max(0, top - 4) : top] if line.strip() and len(line.strip()) <= 70]
    return RawTable(tuple(cells), last - top, len(places), None, tuple(context[-4:]))


def _names_around(rows: list[list[Piece]], first: int, last: int) -> set[int]:
    """Rows of a number and an amount whose name stands around them, half a line above and half a line below.

    Cells centred on one height print so. The number then stands where those of the other items stand, right before
    the names; the number of a chapter (款) has the chapter's name above it, and below it the first item or nothing.
    """
    items = {row[0].start for row in rows[first:last] if len(row) > 1 and re.match(r"\d{1,2} \D", row[0].text)}
    found: set[int] = set()
    for index in range(max(first, 1), min(last, len(rows) - 1)):
        row, above, below = rows[index], rows[index - 1], rows[index + 1]
        if len(row) < 2 or len(above) != 1 or len(below) != 1 or row[0].start not in items:
            continue
        words = not NUMBER.match(above[0].text) and not NUMBER.match(below[0].text)
        alike = abs(above[0].start - below[0].start) <= 1 and 0 < above[0].start - row[0].start <= 4
        if re.fullmatch(r"\d{1,2}", row[0].text) and words and alike:
            found.add(index)
    return found


def _columns_of(piece: Piece, places: list[tuple[int, int, str]], heading: bool) -> list[int]:
    """The columns in which a run of text stands."""
    if heading:
        over = [
            index
            for index, (start, end, kind) in enumerate(places)
            if kind != "name" and piece.start < end and piece.end > start - (4 if kind == "number" else 0)
        ]
        if over:
            # A heading narrower than two columns is of the one that it covers most.
            if len(over) > 1 and piece.end - piece.start <= max(places[over[0]][1] - places[over[0]][0], 8):
                over = [max(over, key=lambda i: min(piece.end, places[i][1]) - max(piece.start, places[i][0]))]
            return over
        nearest = min(
            range(len(places)), key=lambda i: min(abs(piece.end - places[i][1]), abs(piece.start - places[i][0]))
        )
        numbers = [i for i, place in enumerate(places) if place[2] == "number"]
        return [0] if piece.start < places[numbers[0]][0] - 4 else [nearest]
    if NUMBER.match(piece.text):
        for index, (_, end, kind) in enumerate(places):
            if kind == "number" and abs(end - piece.end) <= 3:
                return [index]
        return [0] if piece.end < min(p[0] for p in places[1:]) else []
    candidates = [i for i, (start, _, kind) in enumerate(places) if kind == "text" and abs(start - piece.start) <= 6]
    first_number = min((place[0] for place in places if place[2] == "number"), default=10_000)
    if piece.start < first_number and not (candidates and piece.start > places[0][1] + 12):
        return [0]
    return candidates[:1]
