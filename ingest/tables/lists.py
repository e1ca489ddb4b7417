"""Lists written as text: one project a line with its amount, under headings of pillar, department, year and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.amounts import UNIT_YEN, Amount, find_amounts, find_unit_yen, half_width, parse_cell
from ingest.eras import find_years
from ingest.joining import content_lines, depth, display_width, wrap_width
from ingest.raw import RawTable
from ingest.tables.books import Book, BookPage, find_book_pages, read_pages
from ingest.tables.facts import META
from ingest.tables.grids import read_table
from ingest.tables.headings import find_timing, read_heading
from ingest.tables.recorder import Recorder, Where, tidy_name
from ingest.tables.words import (
    BULLET,
    LEADING_CODE,
    MARKS,
    PROJECT_LIST,
    VERDICT,
    WORK,
    are_departments,
    is_budget_part,
    is_total,
    numbered_pillar,
    plain,
    split_departments,
)
from records import Measure, Metric, Phase, Project, TextUnit

BRACKET_HEADING = re.compile(
    r"^(?:【(?P<a>.+?)】?|［(?P<b>.+?)］|《(?P<c>.+?)》|≪(?P<d>.+?)≫|＜(?P<e>.+?)＞|\[(?P<f>.+?)\])$"
)
DEPARTMENT_LINE = re.compile(
    r"^[〔（(［\[]\s*(?P<names>[^〕）)］\]]+)\s*[〕）)］\]]$|^(?:担当|所管|主管)(?:部|課|局|部署|部局)*\s*[:：]\s*(?P<after>\S.*)$"
)
BUDGET_PATH = re.compile(r"^\s*\d{1,2}\s*[款項]\s*\S")
PATH_STEP = re.compile(r"(\d{1,2})\s*(款|項|目|節)\s*([^\s　|]+)")
BARE_ROW = re.compile(
    r"^(?P<name>\S.*?)(?:\t+\s*|\s{2,}|\s*\|\s*|(?<=[^\d\s,.])(?=[▲△]?\d{1,3},\d{3})|\s+(?=[▲△]?\d{1,3}(?:,\d{3})+(?:\s|$)))"
    r"(?P<amount>[▲△\-]?\s?\d{1,3}(?:,\d{3})+|[▲△\-]?\d+)(?:\s+(?P<rest>\D\S*))?\s*$"
)
NUMBERS_INSIDE = re.compile(r"(?:^|\s)[▲△\-]?\d{1,3}(?:,\d{3})+(?:\s|$)|\s[▲△\-]?\d+\s*$|\d\s+\d")
INDICATOR = re.compile(
    r"^(?P<kind>(?:活動|成果|対象|達成|評価|事業|数値)?指標)[0-9ア-ン①-⑳a-zA-Z]{0,3}\s*[:：]\s*"
    r"(?P<name>.+?)(?:[　\t]+|\s{2,})(?P<value>\S.*)?$"
)
VERDICT_NAME = "評価結果"
PAREN_UNIT = re.compile(r"[(（]([^()（）]{1,8})[)）]$")
PAGE_NUMBER = re.compile(r"^[\s\-－―─–]*\d{1,4}[\s\-－―─–]*$|^[\s\-－]+\d{1,4}\s*-\s+-\s*\d{1,4}\s*-\s*$")
MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
RULE = re.compile(r"^\s*(?:[-=_*―─━]{3,}|\* \* \*)\s*$")
AFTER_NAME = re.compile(r"[\s　:：…‥・.。_＿\-―─]*[\[［（(【〔「]?[\s　]*(?:約|総額|計)?$")
# Words for a kind of amount, which name nothing.
GENERIC = re.compile(
    r"^(?:現計|補正|当初|本年度|前年度|比較|歳入|歳出|金額|予算額?|決算額?|限度額|執行額|事業費|内訳|財源|その他)$"
)
PARTICLE = re.compile(
    r"(?:[はがをでにともへや]|から|より|まで|として|及び|または|約|、|。|総額|うち|上限|限度額|年間|月額|日額|一人|1人|１人)$"
)
CONTINUED = re.compile(r"^[\s　]*[\])）］】〕]?[\s　]*")


@dataclass(frozen=True, slots=True)
class Item:
    """A line that names something with its amount; `rest` is what stands after the amount."""

    bullet: str
    code: str | None
    name: str
    printed: str
    value: Decimal
    rest: str
    bracketed: bool
    explicit_unit: bool
    glued: bool


def parse_item(text: str, unit_yen: int | None) -> Item | None:
    """Read `○ 名称　4,275千円（前年度 …）`, `1-2　名称　540　現状継続`, `◇名称 [1,500万円]`; None for a sentence."""
    line = MARKS.sub("", text).strip()
    if not line or "。" in line:
        return None
    bullet = BULLET.match(line)
    mark = bullet[0].strip() if bullet else ""
    body = line[bullet.end() :] if bullet else line
    for amount in find_amounts(body):
        if amount.kind != "yen" or re.match(r"[^\s　\])）］】〕（(\[【、,]", body[amount.end :]):
            continue
        before = body[: amount.start]
        name = before[: AFTER_NAME.search(before).start()] if AFTER_NAME.search(before) else before  # type: ignore[union-attr]
        gap = before[len(name) :]
        rest = CONTINUED.sub("", body[amount.end :], count=1)
        if not _is_name(name, bool(mark) and bool(gap)) or (rest and not _is_rest(rest)):
            continue
        if not gap and amount.printed[0].isdigit() and re.search(r"[\d第]$", name):
            continue
        bracketed = bool(re.search(r"[\[［（(【〔]", gap))
        code, name = _split_code(name)
        return Item(mark, code, name, amount.printed, amount.value, rest, bracketed, True, not gap)
    if unit_yen is None:
        return None
    match = BARE_ROW.match(half_width(body.replace("\u3000", "\t")))
    if match is None:
        return None
    name = body[match.start("name") : match.end("name")]
    rest = body[match.start("rest") : match.end("rest")] if match["rest"] else ""
    value = parse_cell(match["amount"]).value
    code, name = _split_code(name)
    if value is None or not _is_name(name, code is not None) or (rest and not VERDICT.match(rest)):
        return None
    if NUMBERS_INSIDE.search(half_width(name)):
        return None  # a row of several columns, not a list line
    printed = body[match.start("amount") : match.end("amount")]
    glued = match.end("name") == match.start("amount")
    return Item(mark, code, name, printed, value * unit_yen, rest, False, False, glued)


def _is_name(name: str, marked: bool = False) -> bool:
    """Whether words can be a name; behind a mark or number one may end as a phrase (…に関すること)."""
    bare = plain(name)
    return (
        2 <= len(bare) <= 90
        and (marked or not PARTICLE.search(name.strip()))
        and not re.fullmatch(r"[\d.,%()]+", bare)
        and not re.fullmatch(r"(?:令和|平成)?[0-9元]+年度?(?:から|まで|分)?", bare)
        and re.search(r"[A-Za-z぀-ヿ一-鿿]", bare) is not None
        and depth(name) == 0
        and not any(amount.kind == "yen" for amount in find_amounts(name))
    )


def _is_rest(rest: str) -> bool:
    """Whether what follows an amount still belongs to a list line: brackets, a verdict, a note of a word or two."""
    bare = rest.strip(" 　")
    return (
        bool(re.fullmatch(r"(?:[(（\[【〔][^)）\]】〕]*[)）\]】〕]?[\s　]*)+", bare))
        or bool(VERDICT.match(bare))
        or len(bare) <= 6
    )


def _indent(line: str) -> int:
    """How far a line is indented; a full-width space counts two."""
    spaces = line[: len(line) - len(line.lstrip(" 　\t\ufeff"))]
    return display_width(spaces.replace("\ufeff", ""))


def _split_code(name: str) -> tuple[str | None, str]:
    match = LEADING_CODE.match(half_width(name).strip())
    if match is None:
        return None, tidy_name(name)
    stripped = name.strip()
    return match["code"], tidy_name(stripped[match.start("name") :])


class Walker:
    """Walks the lines of a document that are not tables or sheets, from top to bottom."""

    def __init__(self, recorder: Recorder, tables: dict[int, list[RawTable]], skipped: set[int]) -> None:
        self.recorder = recorder
        self.raw = recorder.raw
        self.tables = tables
        self.skipped = skipped
        self.where = recorder.start()
        self.where = replace(self.where, lists_projects=bool(PROJECT_LIST.search(recorder.reading.document.title)))
        self.levels: list[tuple[int, str]] = []
        self.current: Project | None = None
        self.span = (0, 0)
        self.indent_of_current = 0
        self.mark = ""
        self.width = wrap_width(content_lines(self.raw.lines)) if self.raw.format == "pdf" else 0
        self.text_from: int | None = None
        self.text_to = 0
        self.blank = 0
        self.rows: list[tuple[Project | str, Decimal, bool, int]] = []
        self.amount_label: str | None = None
        self.department_marks: set[str] = set()  # the marks (〔, ■) of lines that named departments
        self.default_category: str | None = None
        self.chapter = ""
        self.under_account = False  # whether headings of 款, 項 and 目 say what follows
        self.pages = {page.first: page for page in find_book_pages(self.raw.lines)} if self.raw.format == "text" else {}
        entries = read_pages(self.raw.lines, list(self.pages.values()))
        self.entries = dict(zip(self.pages, entries, strict=True))

    def book_page(self, page: BookPage) -> None:
        """Read the projects of one page of a budget book."""
        self.flush()
        if self.recorder.book is None:
            self.recorder.book = Book(self.recorder)
        self.recorder.book.unit_yen = self.where.unit_yen or 1000
        self.recorder.book.feed(self.entries[page.first], self.where, levelled=True)

    def walk(self) -> None:
        """Read every line."""
        number = 1
        while number <= len(self.raw.lines):
            if number in self.pages:
                page = self.pages[number]
                self.book_page(page)
                for inner in range(number + 1, page.last + 1):
                    text = self.raw.lines[inner - 1].strip(" 　")
                    if BUDGET_PATH.match(text):
                        self.budget_path(text, inner)
                number = page.last + 1
                continue
            if number in self.tables:
                self.flush()
                for table in self.tables[number]:
                    read_table(self.recorder, self.where, table)
                    last = max(cell.line_end for cell in table.cells)
                    number = max(number, last)
                number += 1
                continue
            if number in self.skipped:
                self.flush()
                number += 1
                continue
            number += self.line(number)
        self.flush()
        if self.recorder.book is not None:
            self.recorder.book.close()
        self.check_rows()

    # --- one line -------------------------------------------------------------------------------------------------

    def line(self, number: int) -> int:
        """Read one line (or two, where a name runs on); gives how many were read."""
        raw = self.raw.lines[number - 1]
        text = raw.strip(" 　\t\ufeff")
        if not text or RULE.match(text):
            self.blank += 1
            if self.blank >= 2 or text:
                self.where = replace(self.where, category=self.default_category, parent=None)
                self.flush()
            return 1
        blank, self.blank = self.blank, 0
        if META.match(text) or PAGE_NUMBER.match(text):
            return 1
        heading = MARKDOWN_HEADING.match(text)
        if heading:
            self.markdown_heading(len(heading[1]), heading[2], number)
            return 1
        if self.indicator(text, number):
            return 1
        unit = find_unit_yen(plain(text))
        if unit is not None and len(plain(text)) <= 70:
            self.where = replace(self.where, unit_yen=unit, unit_guessed=False, unit_of_document=number <= 12)
            label = re.search(r"[(（]\s*(\S{2,8}?)\s*単位", text)
            self.amount_label = label[1] if label else None
            if not parse_item(text, None):
                self.title_line(text, number)
                return 1
        bare = MARKS.sub("", text).strip(" 　\t")
        if not bare:
            return 1
        if BUDGET_PATH.match(bare):
            self.budget_path(bare, number)
            return 1
        following = self.raw.lines[number].strip(" 　\t") if number < len(self.raw.lines) else ""
        closes = depth(bare) > 0 and depth(bare + following) == 0 and following[-1:] in ("】", "〕")
        if bare[0] in "【〔" and closes and self.heading_line(bare + following, number, raw):
            return 2  # a heading in brackets, broken over two lines
        if self.heading_line(bare, number, raw):
            return 1
        inside = self.current is not None and _indent(raw) > self.indent_of_current
        if numbered_pillar(bare) and not inside and parse_item(text, self.where.unit_yen) is None:
            self.flush()
            titles = (*(title for _, title in self.levels), bare)
            self.where = replace(self.where, headings=titles, category=self.default_category, parent=None)
            return 1
        item, taken = self.item(text, number)
        if item is not None:
            self.add_item(item, number, number + taken - 1, blank)
            return taken
        if re.search(r"(?:調書|明細書|一覧表?|総括表?)$", plain(text)) and len(plain(text)) <= 60:
            self.flush()
            self.default_category = None
            self.where = replace(self.where, category=None, parent=None)
        if self.current is None and number <= 12:
            self.title_line(text, number)
        self.keep_text(number)
        return 1

    def item(self, text: str, number: int) -> tuple[Item | None, int]:
        """The list item of a line; its amount or the end of its name may stand on the next line."""
        raw = self.raw.lines[number - 1]
        bulleted = BULLET.match(MARKS.sub("", text)) is not None
        # Descriptions are indented below their project: no item of their own.
        if self.current is not None and not bulleted and _indent(raw) > self.indent_of_current:
            return None, 1
        following = self.raw.lines[number].strip(" 　\t") if number < len(self.raw.lines) else ""
        unit = self.where.unit_yen
        item = parse_item(text, unit)
        if item is not None:
            if self.current is not None and self.mark and not item.bullet and item.explicit_unit:
                return None, 1  # in a list with marks, a line without one belongs to the project above
            cut = (
                not item.explicit_unit
                and not item.rest
                and re.fullmatch(r"[\d,]*\d(?:\s+\D\S*)?", half_width(following))
            )
            if cut and self.fills(raw):
                return None, 1  # a number broken at the edge of the page is half a number
            return item, 1
        coded = LEADING_CODE.match(half_width(text)) is not None
        if not following or "。" in text or not (bulleted or coded or depth(text) > 0) or BULLET.match(following):
            return None, 1
        amounts = [amount for amount in find_amounts(following) if amount.kind == "yen"]
        alone = bulleted and len(amounts) == 1 and len(plain(following.replace(amounts[0].printed, ""))) <= 2
        goes_on = depth(text) > 0 or (self.fills(raw) and LEADING_CODE.match(half_width(following)) is None)
        if alone or goes_on:
            joined = parse_item(f"{text}　{following}" if alone else text + following, unit)
            if joined is not None:
                return joined, 2
        return None, 1

    def fills(self, raw: str) -> bool:
        """Whether a line of a PDF reaches the right edge of its text, so that what follows may continue it."""
        return self.raw.format == "pdf" and display_width(raw.strip(" 　")) >= self.width - 8

    def markdown_heading(self, level: int, text: str, number: int) -> None:
        item = parse_item(text, None)
        self.flush()
        if item is not None and (WORK.search(item.name) or self.where.lists_projects) and not is_total(item.name):
            self.add_item(item, number, number, 0)
            return
        name = tidy_name(MARKS.sub("", text))
        self.levels = [(depth_, title) for depth_, title in self.levels if depth_ < level] + [(level, name)]
        titles = [title for _, title in self.levels]
        start = self.recorder.start(number)
        year, sure, phase = start.fiscal_year, start.sure_of_year, start.phase
        for title in titles:
            years = [mention.year for mention in find_years(plain(title)) if mention.fiscal]
            if len(set(years)) == 1:
                year, sure = years[0], True
                timing = find_timing(title, year)
                phase = timing.phase if timing.phase in ("initial_budget", "settlement") else phase
            if PROJECT_LIST.search(plain(title)) and phase == "plan":
                phase = "initial_budget"
        lists = [bool(PROJECT_LIST.search(plain(title))) for title in titles]
        below = titles[lists.index(True) + 1 :] if any(lists) else []
        self.default_category = below[-1] if below else None
        self.where = replace(
            self.where,
            part=start.part,
            fiscal_year=year,
            phase=phase,
            sure_of_year=sure,
            headings=tuple(titles),
            category=self.default_category,
            departments=split_departments(name) if are_departments(split_departments(name)) else (),
            parent=None,
            lists_projects=any(lists),
        )

    def title_line(self, text: str, number: int) -> None:
        """A line near the top that names the document's year, or what its list holds."""
        timing = find_timing(re.sub(r"単位.*", "", text), None)
        if timing.fiscal_year is not None and self.current is None and not self.recorder.printed:
            self.where = replace(self.where, fiscal_year=timing.fiscal_year)
        if PROJECT_LIST.search(plain(text)) and len(plain(text)) <= 60:
            self.where = replace(self.where, lists_projects=True)

    def heading_line(self, text: str, number: int, raw: str) -> bool:
        """Read a heading in brackets or behind a square mark; True where the line was one."""
        department = DEPARTMENT_LINE.match(text)
        if department:
            names = split_departments(department["names"] or department["after"])
            heads = text[0] in "〔［[" or self.current is None
            if are_departments(names):
                self.department_marks.add(text[0])
                if heads:
                    self.flush()
                    self.where = replace(self.where, departments=names)
                elif self.current is not None:
                    self.current = self.recorder.rewrite(self.current, departments=names)
                    self.span = (self.span[0], number)
                return True
            if heads and text[0] in self.department_marks:
                self.flush()
                self.forget_departments(text, number)
                if text[0] == "〔":
                    return True
            elif department["after"] and self.current is not None and self.current.departments:
                self.current = self.recorder.rewrite(self.current, departments=())
                self.warn_of_departments(text, number)
        bracket = BRACKET_HEADING.match(text)
        if bracket and raw[:1] not in " 　" and not find_amounts(text.replace("【", " ")):
            return self.category(next(filter(None, bracket.groups())), number)
        if bracket and raw[:1] not in " 　" and text[0] == "【" and parse_item(text, None) is None:
            return self.category(next(filter(None, bracket.groups())), number)
        if text[0] in "■◆" and parse_item(text, self.where.unit_yen) is None and len(text) <= 60 and "。" not in text:
            names = split_departments(text[1:])
            self.flush()
            if text[0] in self.department_marks and are_departments(names[1:]):
                # A branch in front (消防　消防本部予防課) is no department, and does not hide those behind it.
                names = names if are_departments(names[:1]) else names[1:]
            if are_departments(names):
                self.department_marks.add(text[0])
                self.where = replace(self.where, departments=names, category=None, parent=None)
                self.default_category = None
            else:
                if text[0] in self.department_marks:
                    self.forget_departments(text, number)
                self.where = replace(self.where, category=tidy_name(text[1:]), parent=None)
            return True
        return False

    def forget_departments(self, text: str, number: int) -> None:
        """A line of departments that cannot be read: nobody is known to be in charge of what follows."""
        if self.where.departments:
            self.where = replace(self.where, departments=())
            self.warn_of_departments(text, number)

    def warn_of_departments(self, text: str, number: int) -> None:
        self.recorder.reading.warn(f"担当部署が読み取れないため、不明としました: {text}（{number} 行目）")

    def category(self, name: str, number: int) -> bool:
        """A heading in brackets: the name of a project read before makes what follows its parts."""
        self.flush()
        steps = [step.strip() for step in re.split(r"\s*[／/]\s*", name) if step.strip()]
        for step in steps[:1]:
            known = self.recorder.by_name.get(plain(tidy_name(step)))
            if known:
                self.where = replace(self.where, parent=known[-1])
                return True
        self.where = replace(self.where, category=" ／ ".join(steps), parent=None)
        return True

    def budget_path(self, text: str, number: int) -> None:
        """A heading of 款, 項 and 目, with or without the sum of what follows."""
        self.flush()
        steps = [(kind, tidy_name(name)) for _, kind, name in PATH_STEP.findall(half_width(text))]
        names = tuple(name for _, name in steps)
        if steps and steps[0][0] == "款":
            self.chapter = steps[0][1]
        elif steps and self.chapter:
            names = (self.chapter, *names)
        self.where = replace(self.where, category=" ／ ".join(names), parent=None)
        self.default_category = self.where.category
        self.under_account = True
        tail = re.search(r"(?:^|[\s　|])([▲△\-]?\d[\d,]*)(千円|円)?\s*$", half_width(text))
        value = parse_cell(tail[1]).value if tail else None
        scale = 1000 if tail and tail[2] == "千円" else 1 if tail and tail[2] else self.where.unit_yen
        if tail and value is not None and names and scale:
            self.add_section_figure(" ／ ".join(names), value * scale, tail[1] + (tail[2] or ""), number, number)

    # --- items ----------------------------------------------------------------------------------------------------

    def add_item(self, item: Item, first: int, last: int, blank: int) -> None:
        """A list item becomes a project with its figures, a section's figure, or text."""
        where = self.where
        before = self.raw.lines[first - 2].strip() if first > 1 else ""
        if not is_budget_part(item.name) and before and is_budget_part(_split_code(before)[1] + item.name):
            # The name of an item, broken over two lines (13 使用料及賃 / 借料).
            item, first = replace(item, name=_split_code(before)[1] + item.name), first - 1
        if is_total(item.name) or is_budget_part(item.name):
            self.flush()
            name = item.name if not where.category or is_total(item.name) else f"{where.category} ／ {item.name}"
            if is_total(item.name) and where.category and blank < 2:
                name = item.name
            self.add_section_figure(name, item.value, item.printed, first, last)
            self.keep_text(first)
            return
        marked = bool(item.bullet) and item.bullet not in "-・*•"
        listed = marked or (item.bracketed and WORK.search(item.name) is not None)
        if GENERIC.match(plain(item.name)):
            self.keep_text(first)
            return
        known = bool(item.code or item.rest) or WORK.search(item.name) is not None
        if not item.explicit_unit and not (listed or known or where.lists_projects):
            self.keep_text(first)
            return
        if item.explicit_unit and not (listed or where.lists_projects):
            self.keep_text(first)
            return
        if (
            item.explicit_unit
            and item.bullet in ("-", "・", "*", "•")
            and not item.bracketed
            and not WORK.search(item.name)
        ):
            self.keep_text(first)
            return
        self.flush()
        confidence = 1.0
        if not where.sure_of_year or (where.unit_guessed and not item.explicit_unit):
            confidence = 0.6
        if item.glued:
            confidence = min(confidence, 0.85)
        metric, label, phase = self.meaning()
        if self.recorder.evaluation and metric != "other" and label == "事業費":
            confidence = min(confidence, 0.8)
        project = self.same_project(item, metric, label, phase)
        again = project is not None
        if project is None:
            project = self.recorder.project(where, item.name, (first, last), code=item.code)
        if not again:
            self.recorder.figure(
                where,
                project,
                metric,
                item.value,
                item.printed,
                label,
                (first, last),
                phase=phase,
                confidence=confidence,
            )
            self.bracket_figures(item.rest, project, first, last, confidence)
            if self.recorder.evaluation and VERDICT.match(item.rest):
                self.verdict(item.rest, project, first, last)
        else:
            self.recorder.figure(
                where,
                project,
                metric,
                item.value,
                item.printed,
                label,
                (first, last),
                phase=phase,
                primary=False,
                confidence=confidence,
            )
        self.rows.append((project, item.value, again, first))
        self.current, self.span = project, (first, last)
        self.indent_of_current = _indent(self.raw.lines[first - 1])
        self.mark = item.bullet
        self.text_from = None

    def meaning(self) -> tuple[Metric, str, Phase | None]:
        """Metric, label and phase of an amount in a list: as the unit's note names it, else as the document's phase.

        A note that names neither budget nor settlement (事業費) in a document of results leaves the metric open.
        """
        metric, phase = self.where.metric, None
        if not self.amount_label:
            return metric, {"budget": "予算額", "settled": "決算額", "executed": "執行額"}.get(metric, "金額"), None
        noted = read_heading(self.amount_label, self.where.fiscal_year, metric)
        if noted.role == "value" and noted.metric in ("budget", "settled", "executed"):
            metric, phase = noted.metric, noted.phase
        return metric, self.amount_label, phase

    def same_project(self, item: Item, metric: Metric, label: str, phase: Phase | None) -> Project | None:
        """A project printed before with the same name, department, parent and amount."""
        for project in self.recorder.by_name.get(plain(tidy_name(item.name)), []):
            departments = self.where.departments or (self.where.parent.departments if self.where.parent else ())
            parent = self.where.parent.project_id if self.where.parent else None
            if project.departments != departments or project.parent_id != parent:
                continue
            if self.under_account and project.category != self.where.category:
                continue  # an item of expenditure has its own projects, whatever they are called elsewhere
            printed = self.recorder.printed_before(
                project.project_id, self.where.fiscal_year, metric, phase or self.where.phase, label
            )
            if any(figure.value == item.value for figure in printed):
                return project
        return None

    def bracket_figures(self, rest: str, project: Project, first: int, last: int, confidence: float) -> None:
        """Amounts in the brackets after an item's own: last year's, the general fund's share, a settlement."""
        for inside in re.findall(r"[(（\[【〔]([^)）\]】〕]*)[)）\]】〕]?", rest):
            amounts = [amount for amount in find_amounts(inside) if amount.kind == "yen"]
            for amount in amounts:
                words = inside[: amount.start].strip(" 　:：、,")
                words = re.split(r"[、,，]", words)[-1].strip()
                timing = find_timing(words, self.where.fiscal_year)
                if timing.fiscal_year is not None and not re.search(r"比|増|減|債務|うち", words):
                    metric: Metric = "settled" if timing.phase == "settlement" else "budget"
                    phase = timing.phase or ("initial_budget" if self.where.phase == "initial_budget" else None)
                    self.recorder.figure(
                        self.where,
                        project,
                        metric,
                        amount.value,
                        amount.printed,
                        words,
                        (first, last),
                        fiscal_year=timing.fiscal_year,
                        phase=phase,
                        confidence=confidence,
                    )
                elif words:
                    self.recorder.figure(
                        self.where,
                        project,
                        "other",
                        amount.value,
                        amount.printed,
                        words,
                        (first, last),
                        main=False,
                        confidence=min(confidence, 0.8),
                    )

    def add_section_figure(self, name: str, value: Decimal, printed: str, first: int, last: int) -> None:
        metric, label, phase = self.meaning()
        self.recorder.figure(
            self.where,
            name,
            metric,
            value,
            printed,
            label,
            (first, last),
            phase=phase,
            table="summary",
            confidence=0.6 if not self.where.sure_of_year or self.where.unit_guessed else 0.95,
        )
        self.rows.append((name, value, is_total(name), first))

    def check_rows(self) -> None:
        """Where the list prints one grand total, its rows must add up to it."""
        totals = [row for row in self.rows if isinstance(row[0], str) and is_total(row[0])]
        projects = [row for row in self.rows if isinstance(row[0], Project) and row[0].parent_id is None]
        if (
            len(totals) != 1
            or len(projects) < 3
            or any(isinstance(r[0], str) and not is_total(r[0]) for r in self.rows)
        ):
            return
        total = sum((row[1] for row in projects), Decimal(0))
        if total != totals[0][1]:
            self.recorder.reading.warn(
                f"一覧の{len(projects)}件の合計 {total:,.0f}円 が、印字された「{totals[0][0]}」"
                f" {totals[0][1]:,.0f}円（{totals[0][3]} 行目）と一致しません。"
            )

    # --- indicators and text ----------------------------------------------------------------------------------------

    def indicator(self, text: str, number: int) -> bool:
        """Read `成果指標：名称（単位）　値` below a project."""
        match = INDICATOR.match(text)
        if match is None or self.current is None:
            return False
        name = match["name"].strip()
        printed = (match["value"] or "").strip()
        unit = PAREN_UNIT.search(name)
        amounts = list(find_amounts(printed))
        value, measured = None, unit[1] if unit else ""
        if len(amounts) == 1:
            value, own = _measured(amounts[0], printed)
            if unit and own and own != _unit_name(unit[1]):
                unit = None  # a figure with a unit of its own: the bracket belongs to the name
            measured = own or ("percent" if plain(measured) == "%" else measured)
        if unit and amounts:
            name = name[: unit.start()].strip()
        source = self.recorder.reading.source(number)
        result = Measure(value, measured, printed, source) if any(ch.isdigit() for ch in half_width(printed)) else None
        self.recorder.reading.add_indicator(
            self.current, f"{name}", source, None, result, fiscal_year=self.where.fiscal_year
        )
        self.span = (self.span[0], number)
        return True

    def verdict(self, printed: str, project: Project, first: int, last: int) -> None:
        """What an evaluation decided on a project (現状継続) is a result in words."""
        source = self.recorder.reading.source(first, last)
        self.recorder.reading.add_indicator(
            project, VERDICT_NAME, source, None, Measure(None, "", printed, source), fiscal_year=self.where.fiscal_year
        )

    def keep_text(self, number: int) -> None:
        """A line of text belongs to the project above it, else to the section."""
        if self.current is not None:
            self.span = (self.span[0], number)
            return
        if self.text_from is None:
            self.text_from = number
        self.text_to = number

    def flush(self) -> None:
        """Close the project or run of text that is open."""
        if self.current is not None:
            close_project(self.recorder, self.where, self.current, self.span)
            self.current = None
        elif self.text_from is not None:
            headings = self.where.headings or ((self.where.category,) if self.where.category else ())
            units = self.recorder.units(self.text_from, self.text_to)
            self.recorder.reading.add_section(self.where.part, tuple(headings), units)
        self.text_from = None


def _measured(amount: Amount, printed: str) -> tuple[Decimal, str]:
    """A value and the unit printed behind it; no unit where there is none."""
    if amount.kind == "number":
        return amount.value, printed[amount.end :].strip(" 　)）")
    if amount.kind == "yen":
        return amount.value, "yen"
    if amount.kind == "count":
        # A unit longer than its counter (人日, 件/年) is kept whole.
        return amount.value, printed[amount.end - len(amount.unit) :].strip(" 　") or amount.unit
    return amount.value, amount.unit


def _unit_name(printed: str) -> str:
    """A unit as a figure's own would be named.

    >>> _unit_name("％"), _unit_name("千円"), _unit_name("件")
    ('percent', 'yen', '件')
    """
    bare = plain(printed)
    return "percent" if bare == "%" else "yen" if bare in UNIT_YEN else printed


def close_project(recorder: Recorder, where: Where, project: Project, span: tuple[int, int]) -> None:
    """Store the text of a project's lines as its section and as its description."""
    units = recorder.units(*span)
    if not units:
        return
    first = units[0]
    rest = [unit for unit in units if unit.line_start > first.line_end]
    head = TextUnit(" ".join(recorder.raw.lines[span[0] - 1].split()), "heading", span[0], span[0])
    body = tuple(unit for unit in units if unit.line_start > span[0])
    if rest and not project.text:
        project = recorder.rewrite(project, text="\n".join(unit.text for unit in body))
    path = [step for step in (project.category,) if step]
    parent = recorder.by_id.get(project.parent_id) if project.parent_id else None
    if parent is not None:
        heading = (*path, parent.name, project.name)
        recorder.reading.add_section(where.part, tuple(dict.fromkeys(heading)), (head, *body), parent, project)
    else:
        recorder.reading.add_section(where.part, (*path, project.name), (head, *body), project)
