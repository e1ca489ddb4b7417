"""Budget books (予算に関する説明書): the column 説明, where numbered projects stand with their amounts, by levels.

    003 自立支援事業費                                  6,003      a project
      001 総合支援法施行事務費                     6,003           its sub-project
            国保連審査支払件数     2,700件／月                      words

A project's amount is the sum of its sub-projects', which proves that amounts and names were matched rightly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from ingest.amounts import parse_cell
from ingest.tables.recorder import Recorder, Where, tidy_name
from ingest.tables.words import plain
from records import Figure, Project, TextUnit

CODED = re.compile(
    r"^(?P<indent>[\s　]*)(?P<code>[0-9０-９]{2,3})[\s　]+(?P<name>\S.*?)(?:\s{2,}(?P<amount>[△▲]?\d[\d,]*))?\s*$"
)
WORDS = re.compile(r"^(?P<indent>[\s　]*)(?P<name>\S.*?)(?:\s{2,}(?P<amount>[△▲]?\d[\d,]*))?\s*$")
LONE = re.compile(r"^\s*(?P<amount>[△▲]?\d[\d,]*)\s*$")
PEOPLE = re.compile(r"[\s　]+[0-9０-９,]+(?:人|名)$")
HEADING = re.compile(r"^説明(?:千円|円|$)")
PAGE_END = re.compile(r"^\s*-\s*\d+\s*-(?:\s+-\s*\d+\s*-)?\s*$")
UNIT_ROW = re.compile(r"^[\s　]*(?:千円[\s　]*)+$")


@dataclass(slots=True)
class Entry:
    """One line of the column: its level by indent is settled later."""

    line: int
    indent: int
    code: str | None
    name: str
    amount: str | None
    last_line: int = 0
    right: int = 0  # the column where the amount ends: outer amounts stand further right
    level: int = 0


Method = Literal["indent", "right"]


def set_levels(pages: Sequence[Sequence[Entry]], method: Method) -> None:
    """Mark which numbered lines are projects (0) and which are their sub-projects (1).

    By the indent of the number, or, where text was laid out too coarsely to keep it, by the end of the amount.
    """
    border: float | None = None
    for entries in pages:
        coded = [entry for entry in entries if entry.code]
        places = sorted(
            {entry.indent for entry in coded} if method == "indent" else {e.right for e in coded if e.right}
        )
        gaps = [(b - a, (a + b) / 2) for a, b in pairwise(places)]
        if gaps:
            widest, middle = max(gaps)
            if widest >= (1 if method == "indent" else 3):
                border = (places[0] + 0.5) if method == "indent" else middle
        for entry in coded:
            if border is None:
                entry.level = 0
            elif method == "indent":
                entry.level = int(entry.indent > border)
            else:
                entry.level = int(entry.right < border) if entry.right else 1


@dataclass(slots=True)
class Book:
    """The projects of the column as they come, over pages."""

    recorder: Recorder
    unit_yen: int = 1000
    seen: list[list[Entry]] = field(default_factory=list)
    project: Project | None = None
    total: Figure | None = None
    subs: list[Figure] = field(default_factory=list)
    missing: bool = False
    sub: Project | None = None
    units: list[TextUnit] = field(default_factory=list)
    where: Where | None = None
    matched: int = 0
    failed: int = 0

    def feed(self, entries: Sequence[Entry], where: Where, levelled: bool = False) -> None:
        """Read the column's lines of one page; `levelled` says that their levels are set already."""
        if not levelled:
            # A page that holds one level only has it from the indents of the page before.
            self.seen = [*self.seen[-1:], list(entries)]
            set_levels(self.seen, "indent")
        for entry in entries:
            if entry.code is None:
                self.words(entry)
            elif entry.level == 0:
                self.close()
                self.open(entry, where)
            elif self.project is not None:
                self.open_sub(entry)

    def open(self, entry: Entry, where: Where) -> None:
        name = tidy_name(PEOPLE.sub("", entry.name))
        self.where = replace(where, parent=None, departments=())
        self.project = self.recorder.project(self.where, name, (entry.line, entry.line), code=entry.code)
        self.total = self.amount(self.project, entry)
        self.units = [TextUnit(_words(entry), "heading", entry.line, entry.line)]
        self.subs, self.missing, self.sub = [], False, None

    def open_sub(self, entry: Entry) -> None:
        assert self.project is not None
        assert self.where is not None
        self.close_text()
        name = tidy_name(PEOPLE.sub("", entry.name))
        self.sub = self.recorder.project(
            self.where, name, (entry.line, entry.line), code=entry.code, parent=self.project, listed=False
        )
        figure = self.amount(self.sub, entry)
        if figure is None:
            self.missing = True
        else:
            self.subs.append(figure)
        self.units = [TextUnit(_words(entry), "heading", entry.line, entry.line)]

    def amount(self, project: Project, entry: Entry) -> Figure | None:
        value = parse_cell(entry.amount).value if entry.amount else None
        if value is None or entry.amount is None or self.where is None:
            return None
        lines = (min(entry.line, entry.last_line or entry.line), max(entry.line, entry.last_line))
        return self.recorder.figure(
            self.where,
            project,
            "budget",
            value * self.unit_yen,
            entry.amount,
            "予算額",
            lines,
            table="block",
            confidence=0.9 if self.where.sure_of_year else 0.6,
        )

    def words(self, entry: Entry) -> None:
        if self.project is not None and entry.name:
            self.units.append(TextUnit(_words(entry), "bullet", entry.line, max(entry.line, entry.last_line)))

    def close_text(self) -> None:
        if self.project is None or self.where is None or not self.units:
            return
        path = tuple(
            step for step in (self.project.category, self.project.name, self.sub.name if self.sub else None) if step
        )
        self.recorder.reading.add_section(self.where.part, path, tuple(self.units), self.project, self.sub)
        self.units = []

    def close(self) -> None:
        """End a project: its sub-projects must add up to it."""
        if self.project is None:
            return
        self.close_text()
        if self.total is not None and self.subs and not self.missing:
            figures = [self.total, *self.subs]
            if sum((figure.value for figure in self.subs), Decimal(0)) == self.total.value:
                self.matched += 1
                ids = {figure.figure_id for figure in figures}
                known = self.recorder.reading.figures
                for index in range(len(known) - 1, max(-1, len(known) - 400), -1):
                    if known[index].figure_id in ids and known[index].confidence >= 0.9:
                        known[index] = replace(known[index], confidence=1.0)
            else:
                self.failed += 1
                self.recorder.lower(figures, 0.6)
                self.recorder.reading.warn(
                    f"「{self.project.name}」{self.total.printed} が、内訳{len(self.subs)}件の合計"
                    f" {sum((f.value for f in self.subs), Decimal(0)) / self.unit_yen:,f} と一致しません"
                    f"（{self.total.source.line_start} 行目）。"
                )
        elif self.missing or self.total is None:
            self.recorder.lower([*([self.total] if self.total else []), *self.subs], 0.7)
        self.project = None


def _words(entry: Entry) -> str:
    return " ".join(" ".join(piece for piece in (entry.code, entry.name, entry.amount) if piece).split())


def column_entries(texts: Sequence[tuple[str, int, int]]) -> list[Entry]:
    """The column 説明 as entries, from (text with its indent, 1-based line, column where the text begins)."""
    entries: list[Entry] = []
    # Where full-width spaces indent, they alone do: half-width ones only fill columns.
    wide = any(match and "\u3000" in match["indent"] for match in (CODED.match(text) for text, _, _ in texts))

    def indent(spaces: str) -> int:
        return spaces.count("\u3000") if wide else len(spaces)

    for text, line, offset in texts:
        end = offset + len(text.rstrip())
        if not text.strip(" 　") or UNIT_ROW.match(text):
            continue
        if match := LONE.match(text):
            entries.append(Entry(line, 0, None, "", match["amount"], 0, end))
            continue
        match = CODED.match(text)
        if match and not re.match(r"^[\d,]+$", match["name"]):
            right = end if match["amount"] else 0
            name = match["name"].strip()
            entries.append(Entry(line, indent(match["indent"]), match["code"], name, match["amount"], line, right))
        elif match := WORDS.match(text):
            entries.append(Entry(line, indent(match["indent"]), None, match["name"].strip(), match["amount"], line))
    return entries


def pair_lone(entries: Sequence[Entry], above: bool) -> list[Entry]:
    """Give amounts that stand on a line of their own to the line below them (`above`), or to the one above."""
    paired = [replace(entry) for entry in entries]
    for index, entry in enumerate(paired):
        if entry.name or entry.amount is None:
            continue
        other = index + 1 if above else index - 1
        if 0 <= other < len(paired) and paired[other].name and paired[other].amount is None:
            paired[other].amount = entry.amount
            paired[other].last_line = entry.line
            paired[other].right = entry.right
            entry.amount = None
    return [entry for entry in paired if entry.name]


def sums_right(pages: Sequence[Sequence[Entry]]) -> int:
    """How many projects equal the sum of their sub-projects: what tells on which side amounts and levels stand."""
    right = 0
    total: Decimal | None = None
    parts: list[Decimal] = []
    for entry in [*(entry for page in pages for entry in page), Entry(0, 0, "end", "", "0")]:
        if entry.code is None:
            continue
        value = parse_cell(entry.amount).value if entry.amount else None
        if entry.level == 0:
            right += total is not None and bool(parts) and sum(parts) == total
            total, parts = value, []
        elif value is not None:
            parts.append(value)
    return right


def read_pages(lines: Sequence[str], pages: Sequence[BookPage]) -> list[list[Entry]]:
    """The entries of each page, amounts and levels matched in the way that adds up most often."""
    best: tuple[int, list[list[Entry]]] = (-1, [])
    texts = [column_entries(page_texts(lines, page)) for page in pages]
    for method in ("indent", "right"):
        for above in (True, False):
            matched = [pair_lone(entries, above) for entries in texts]
            set_levels(matched, method)
            score = sums_right(matched)
            if score > best[0]:
                best = (score, matched)
    return best[1]


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of a budget book in text laid out by spaces: its lines, and the column where 説明 begins."""

    first: int
    last: int
    column: int


def find_book_pages(lines: Sequence[str]) -> list[BookPage]:
    """The pages whose headings hold 節 and 説明, as far as numbered projects stand below them in one column."""
    pages: list[BookPage] = []
    starts = [
        number
        for number, line in enumerate(lines, start=1)
        if plain(line).endswith("説明")
        and any("節" in plain(other) for other in lines[max(0, number - 5) : number + 3])
    ]
    for index, start in enumerate(starts):
        limit = starts[index + 1] - 1 if index + 1 < len(starts) else len(lines)
        last = next((n for n in range(start, limit + 1) if PAGE_END.match(lines[n - 1])), limit)
        places: Counter[int] = Counter()
        for line in lines[start : last - 1]:
            for match in re.finditer(r"(?:(?<=\s)|(?<=　))\d{3} (?=[぀-ヿ一-鿿「（])", line):
                places[match.start()] += 1
        if places:
            pages.append(BookPage(start, last, min(place for place in places if places[place] >= 1)))
        elif pages and pages[-1].last < start:
            pages.append(BookPage(start, last, pages[-1].column))
    # The column stands at one place through a book; a stray match further left is not it.
    common = Counter(page.column for page in pages).most_common(1)
    return [replace(page, column=common[0][0]) if abs(page.column - common[0][0]) > 2 else page for page in pages]


def page_texts(lines: Sequence[str], page: BookPage) -> list[tuple[str, int, int]]:
    """The column 説明 of a page's lines; what ends left of it belongs to other columns."""
    found: list[tuple[str, int, int]] = []
    for number in range(page.first + 1, page.last + 1):
        line = lines[number - 1]
        if PAGE_END.match(line) or re.match(r"^\s*[0-9０-９]+[款項]", line):
            continue
        cut = page.column
        # A full-width space in front of a sub-project's code takes a column of its own.
        if len(line) > cut and cut > 0 and not line[cut - 1].isspace():
            end = cut
            while end < len(line) and not line[end].isspace():
                end += 1
            if not re.fullmatch(r"[\d,△▲]+", line[cut - 1 : end].strip()):
                cut = next((i for i in range(cut, 0, -1) if line[i - 1].isspace()), cut)
            else:
                cut = end
        found.append((line[cut:], number, cut))
    return found
