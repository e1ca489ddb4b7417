"""個性ある区づくり推進費 papers: summary tables, per-project tables (事業別一覧表) and a block for each project."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.counts import add_counts
from ingest.eras import fiscal_year_label
from ingest.joining import Line, build_units, content_lines, join_lines, name_key, split_sentences, tidy
from ingest.layouts.block_indicators import Found, Stated, gather_bullets, parse_bullet, parse_value_table
from ingest.layouts.block_pages import (
    ROMANS,
    Block,
    Money,
    SubBlock,
    block_match,
    page_width,
    settle_name,
    split_blocks,
)
from ingest.layouts.block_tables import (
    GENERIC_NAMES,
    Row,
    Table,
    TablePage,
    compact,
    parse_tables,
    plain_name,
    same_amount,
)
from ingest.layouts.parts import Title, page_starts, parse_as_of, parse_title, settle_part
from ingest.raw import RawDocument
from ingest.reading import Reading
from ingest.sources import PartFacts
from records import Measure, Metric, Part, Project, TextUnit

_BOX_END = re.compile(r"^執行率\s*[\d０-９.．,]+\s*[%％]$")
_CATEGORY_MAIN = "自主企画事業費"
_OWN_CATEGORY = re.compile(r"統合|区局連携|区配|管理費|事務費")


def fits(raw: RawDocument) -> bool:
    """Whether the text has project blocks, or a per-project table of this form."""
    lines = content_lines(raw.lines)
    blocks = sum(1 for line in lines if block_match(line.text))
    return blocks >= 2


def read(reading: Reading, facts: Sequence[PartFacts]) -> tuple[Part, ...]:
    """Read every part of the document; returns the parts as the text bounds them."""
    lines = content_lines(reading.raw.lines)
    bounds = _bound_parts(reading.raw, lines)
    parts = []
    for index, bound in enumerate(bounds):
        inside = [line for line in lines if bound.start <= line.number <= bound.end]
        as_of = None
        if bound.title.phase == "interim":
            head = inside[: next((i for i, line in enumerate(inside) if block_match(line.text)), len(inside))]
            as_of = next((found for line in head if (found := parse_as_of(line.text, bound.title.fiscal_year))), None)
        parts.append(_part(reading, index, bound, as_of, facts))
        _PartReader(reading, parts[-1], bound.title, inside).read()
    return tuple(parts)


def propose_title(raw: RawDocument) -> str | None:
    """What the paper calls itself: its subject, and the year and kind of each part."""
    bounds = _bound_parts(raw, content_lines(raw.lines))
    if not bounds:
        return None
    parts = "・".join(f"{fiscal_year_label(bound.title.fiscal_year)}{bound.title.kind}" for bound in bounds)
    return f"{bounds[0].title.subject} {parts}".strip()


@dataclass(frozen=True, slots=True)
class _Bound:
    title: Title
    start: int
    end: int


def _part(reading: Reading, index: int, bound: _Bound, as_of: date | None, facts: Sequence[PartFacts]) -> Part:
    title = bound.title
    return settle_part(
        reading.document.document_id,
        index,
        title.fiscal_year,
        title.kind,
        title.phase,
        as_of,
        bound.start,
        bound.end,
        facts,
    )


def _bound_parts(raw: RawDocument, lines: Sequence[Line]) -> list[_Bound]:
    """A part runs from the page of its first title to the page of the next one's."""
    titles: list[Title] = []
    for line in lines:
        title = parse_title(line)
        if title is None or (title.phase == "initial_budget" and titles):
            continue
        if not titles or (titles[-1].fiscal_year, titles[-1].phase) != (title.fiscal_year, title.phase):
            if any((seen.fiscal_year, seen.phase) == (title.fiscal_year, title.phase) for seen in titles):
                continue
            titles.append(title)
    if not titles:
        return []
    starts = page_starts(raw)
    begins = [1]
    for title in titles[1:]:
        # The title may come late in the reading order of its page: behind the page's tables.
        floor = max(
            (
                line.number
                for line in lines
                if line.number < title.line and (_BOX_END.match(line.text) or block_match(line.text))
            ),
            default=begins[-1],
        )
        candidates = [number for number in starts if floor < number <= title.line]
        if not candidates:
            marks = ("単位", "現在")
            candidates = [
                line.number
                for line in lines
                if floor < line.number <= title.line
                and len(line.text) < 20
                and any(mark in line.text for mark in marks)
            ][:1] or [title.line]
        begins.append(max(candidates))
    ends = [begin - 1 for begin in begins[1:]] + [len(raw.lines)]
    return [_Bound(title, begin, end) for title, begin, end in zip(titles, begins, ends, strict=True)]


@dataclass(slots=True)
class _Known:
    """Amounts whose owner is certain, to which a row without a name may be matched."""

    section: str
    project: Project | None
    budget: Decimal | None
    spent: Decimal | None
    total: bool


class _PartReader:
    def __init__(self, reading: Reading, part: Part, title: Title, lines: Sequence[Line]) -> None:
        self.reading = reading
        self.part = part
        self.title = title
        self.lines = lines
        self.known: list[_Known] = []
        self.stated: set[tuple[str, Metric]] = set()
        self.project_of: dict[int, Project] = {}

    def read(self) -> None:
        at = next((i for i, line in enumerate(self.lines) if block_match(line.text)), len(self.lines))
        if at and at < len(self.lines) and re.match(rf"^[{ROMANS}][\s　]", self.lines[at - 1].text):
            at -= 1
        head, body = list(self.lines[:at]), list(self.lines[at:])
        pages = parse_tables(head)
        blocks = split_blocks(body)
        if not pages and not blocks:
            self._prose(head)
            return
        rows = [row for page in pages for table in page.tables if table.listing for row in table.rows]
        names = [row.name for row in rows if row.name]
        names += [plain_name(line.text) for page in pages for line in page.names]
        for block in blocks:
            settle_name(block, [*names, *([block.pillar] if block.pillar else [])])
        self._blocks(blocks, pages)
        self._lists(pages)
        self._summaries([page for page in pages if not any(table.listing for table in page.tables)])
        self._definitions(pages)

    # --- project blocks -------------------------------------------------------------------------------------------

    def _blocks(self, blocks: Sequence[Block], pages: Sequence[TablePage]) -> None:
        self.width = page_width(blocks)
        listed_pages = [page for page in pages if any(table.listing for table in page.tables)]
        pillars = {roman: line for page in listed_pages for roman, line in page.romans.items()}
        vertical = [word for page in listed_pages for word in page.vertical]
        self.category = next((_as_category(word) for word in vertical if "自主企画" in word), _CATEGORY_MAIN)
        self.other_pillars: dict[str, Line] = {}
        for block in blocks:
            listed = pillars.get(block.roman)
            if block.pillar and block.pillar_line and listed and name_key(listed.text) != name_key(block.pillar):
                self.other_pillars.setdefault(block.roman, block.pillar_line)
                block.pillar = listed.text
        self._tell_pillars(pillars)
        linked = _link(blocks, listed_pages)
        for block in blocks:
            self._block(block, linked)

    def _tell_pillars(self, listed: dict[str, Line]) -> None:
        """Tell each pillar that the per-project table and the projects' pages name differently."""
        year = fiscal_year_label(self.part.fiscal_year)
        for roman, other in self.other_pillars.items():
            name = listed[roman].text
            self.reading.warn(
                f"{other.number}行目: {roman}の名が、一覧表では「{name}」、"
                f"事業のページでは「{other.text}」です。一覧表の名を採りました。"
            )
            self.reading.differ(
                f"{year}の柱{roman}の名が、事業別一覧表では「{name}」、事業のページでは「{other.text}」です。",
                name,
                other.text,
                (self.reading.source(listed[roman].number), self.reading.source(other.number)),
            )

    def _pillar_aliases(self, block: Block) -> tuple[str, ...]:
        if block.pillar is None:
            return ()
        other = self.other_pillars.get(block.roman)
        return (block.roman, other.text) if other else (block.roman,)

    def _tell_departments(self, project: Project, block: Block, row: Row | None) -> None:
        if not (row and row.departments and block.departments) or set(row.departments) == set(block.departments):
            return
        listed, paged = "、".join(row.departments), "、".join(block.departments)
        message = f"「{project.name}」の課名が、事業別一覧表では「{listed}」、事業のページでは「{paged}」です。"
        self.reading.warn(f"{block.line.number}行目: {message}両方を担当課としました。")
        printed = block.department_lines
        self.reading.differ(
            fiscal_year_label(self.part.fiscal_year) + message,
            listed,
            paged,
            (
                self.reading.source(row.line_start, row.line_end),
                self.reading.source(printed[0].number, printed[-1].number),
            ),
            (project,),
        )

    def _block(self, block: Block, linked: dict[int, Row]) -> None:
        reading, part = self.reading, self.part
        row = linked.get(id(block))
        own = block.pillar if block.pillar and _OWN_CATEGORY.search(block.pillar) else None
        sub_rows = {id(sub): linked[id(sub)] for sub in block.subs if id(sub) in linked}
        name = _best_name(row.name if row else None, block.name)
        if not block.name:
            reading.warn(f"{block.line.number}行目: {block.code} の事業名が読み取れません。")
        lead = split_sentences(join_lines([(line.number, "", line.text) for line in block.lead]))
        last_name = block.name_lines[-1].number if block.name_lines else block.line.number
        project = reading.add_project(
            part,
            name,
            "project",
            reading.source(block.line.number, last_name),
            code=block.code,
            pillar=block.pillar,
            category=own or self.category,
            # Where table and page name different departments the table counts, as totals by department are made of it.
            departments=tuple(row.departments if row and row.departments else block.departments),
            container=len(sub_rows) > 1,
            text="".join(unit.text for unit in lead),
            pillar_aliases=self._pillar_aliases(block),
        )
        self._tell_departments(project, block, row)
        heading = tuple(word for word in (block.pillar, name) if word)
        reading.add_section(part, heading, tuple(lead), project)
        if row:
            self.project_of[id(row)] = project
            self._row_figures(row, project, None, "list")
            self.known.append(_Known(own or name, project, row.budget, row.spent, False))
        for money in block.box:
            self._money(money, project, "block")
        if not row and block.box:
            self.known.append(_Known(name, project, block.amount("budget"), block.amount("settled", "executed"), False))
        for sub in block.subs:
            self._sub(sub, project, block, heading, sub_rows.get(id(sub)), own)
        self._indicators(block, project, heading)
        for related in block.related:
            source = reading.source(related.line_start, related.line_end)
            unit = TextUnit(tidy(f"{related.heading}：{related.name}"), "note", related.line_start, related.line_end)
            units = (unit, *build_units(related.described, self.width))
            reading.add_section(part, (*heading, related.heading), units, project)
            if related.money:
                reading.add_figure(
                    part, "other", related.money.value, "yen", related.money.printed, related.name, source,
                    project=project, section=related.heading, table="text",
                )  # fmt: skip

    def _sub(
        self, sub: SubBlock, project: Project, block: Block, heading: tuple[str, ...], row: Row | None, own: str | None
    ) -> None:
        reading, part = self.reading, self.part
        units = build_units(sub.body, self.width)
        departments: tuple[str, ...] = tuple(row.departments) if row else ()
        if not departments and len(project.departments) == 1:
            departments = project.departments
        added = reading.add_project(
            part,
            _best_name(row.name if row else None, sub.name),
            "sub_project",
            reading.source(sub.heading[0].number, sub.heading[-1].number),
            code=f"{block.code}-{sub.number}",
            pillar=block.pillar,
            category=own or self.category,
            departments=departments,
            parent=project,
            listed=row is not None,
            text="\n".join(unit.text for unit in units),
            pillar_aliases=project.pillar_aliases,
        )
        if row:
            self.project_of[id(row)] = added
            self._row_figures(row, added, None, "list")
            self.known.append(_Known(added.name, added, row.budget, row.spent, False))
        for money in sub.money:
            self._money(money, added, "heading")
        title_text = " ".join(word for word in (sub.flags, added.name, sub.note) if word)
        title = TextUnit(title_text, "heading", sub.heading[0].number, sub.heading[-1].number)
        reading.add_section(part, (*heading, added.name), (title, *units), project, added)
        add_counts(reading, part, added, units)

    def _money(self, money: Money, project: Project, table: str) -> None:
        unit = "percent" if money.metric == "execution_rate" else "yen"
        self.reading.add_figure(
            self.part, money.metric, money.value, unit, money.printed, money.label,
            self.reading.source(money.line_start, money.line_end),
            project=project, table=table, primary=self._first(project.project_id, money.metric),
        )  # fmt: skip

    def _first(self, owner: str, metric: Metric) -> bool:
        if (owner, metric) in self.stated:
            return False
        self.stated.add((owner, metric))
        return True

    def _row_figures(
        self, row: Row, project: Project | None, section: str | None, table: str, confidence: float = 1.0
    ) -> None:
        owner = project.project_id if project else section or ""
        for metric, cell in row.cells.items():
            unit = "percent" if metric == "execution_rate" else "yen"
            self.reading.add_figure(
                self.part, metric, cell.value, unit, cell.printed, row.labels[metric],
                self.reading.source(row.line_start, row.line_end),
                project=project, section=section, table=table, primary=self._first(owner, metric),
                confidence=confidence,
            )  # fmt: skip

    def _indicators(self, block: Block, project: Project, heading: tuple[str, ...]) -> None:
        found: list[Found] = []
        if block.indicator_kind == "list":
            bullets, _captions = gather_bullets(block.indicators, self.width)
            for bullet in bullets:
                found.extend(parse_bullet(bullet, self.width))
        elif block.indicator_kind == "table":
            found, _captions, complaint = parse_value_table(block.indicators)
            if complaint:
                self.reading.warn(complaint)
        units: dict[tuple[int, int], str] = {}
        for item in found:
            source = self.reading.source(item.line_start, max(item.line_end, _end(item.target), _end(item.result)))
            self.reading.add_indicator(
                project, item.name, source, self._measure(item.target), self._measure(item.result)
            )
            key = (item.line_start, item.line_end)
            words = item.name
            if block.indicator_kind == "list":
                lines = [line for line in block.indicators if key[0] <= line.number <= key[1]]
                words = "".join(line.text for line in lines).lstrip("・●○ ")
            elif item.target:
                words = f"{item.name} {item.target.printed}"
            units.setdefault(key, words)
        section = tuple(TextUnit(text, "bullet", first, last) for (first, last), text in units.items())
        self.reading.add_section(self.part, (*heading, "事業指標"), section, project)

    def _measure(self, stated: Stated | None) -> Measure | None:
        if stated is None:
            return None
        source = self.reading.source(stated.line_start, stated.line_end)
        return Measure(stated.value, stated.unit, tidy(stated.printed), source)

    # --- per-project tables -----------------------------------------------------------------------------------------

    def _lists(self, pages: Sequence[TablePage]) -> None:
        """Rows of the per-project tables that no page of their own tells of: other projects, totals, categories."""
        for page in pages:
            for table in page.tables:
                if table.listing:
                    self._listing(page, table)

    def _listing(self, page: TablePage, table: Table) -> None:
        numbered = [row for row in table.rows if row.number is not None]
        for group in _groups(numbered):
            beside = [self.project_of[id(row)] for row in group if id(row) in self.project_of]
            for row in group:
                if id(row) not in self.project_of:
                    self._unpaged(row, beside[0] if beside else None)
        projects = [self.project_of[id(row)] for row in numbered]
        categories = {project.category for project in projects if project.category}
        loose = [row for row in table.rows if row.number is None and id(row) not in self.project_of]
        for row in loose:
            if numbered and row is table.rows[-1] and len(table.rows) > 1:
                above = [other for other in loose if other is not row]
                name = self._umbrella(page) if above else (categories.pop() if len(categories) == 1 else None)
            else:
                name = row.name or self._loose_name(page, row)
            if name:
                self._section_row(row, plain_name(name), total=not numbered or row is table.rows[-1])
            else:
                self._unsure(row)

    def _unpaged(self, row: Row, sibling: Project | None) -> None:
        """A row of a project that has no block: its pillar and category are those of the rows around it."""
        added = self.reading.add_project(
            self.part,
            compact(tidy(row.name or "")),
            "project",
            self.reading.source(row.line_start, row.line_end),
            pillar=sibling.pillar if sibling else None,
            pillar_aliases=sibling.pillar_aliases if sibling else (),
            category=sibling.category if sibling else self.category,
            departments=tuple(row.departments),
        )
        self.reading.warn(f"{row.line_start}行目: 「{added.name}」は一覧表にありますが、事業のページが見つかりません。")
        self.project_of[id(row)] = added
        self._row_figures(row, added, None, "list")
        self.known.append(_Known(added.name, added, row.budget, row.spent, False))

    def _umbrella(self, page: TablePage) -> str | None:
        """The vertical name that spans rows of two kinds (統合事務事業費 = 統合事務費 + 統合事業費)."""
        for word in page.vertical:
            match = re.match(rf"^[{ROMANS}]?(統合.+?費)(統合.+費)?$", word)
            if match:
                return match[1]
        return None

    def _loose_name(self, page: TablePage, row: Row) -> str | None:
        """The name of a row that stands alone: the only name of the pool that is nothing else's."""
        taken = {name_key(known.section) for known in self.known}
        taken |= {name_key(known.project.name) for known in self.known if known.project}
        names = []
        for line in page.names:
            name = plain_name(line.text)
            if name in GENERIC_NAMES or name_key(name) in taken or parse_title(line) or len(name) > 30:
                continue
            if name not in names:
                names.append(name)
        if len(names) == 1:
            return names[0]
        # 統合事務費 stands above the rows of 統合事業費; 区庁舎・区民利用施設管理費 has a table of its own.
        table = next(table for table in page.tables if row in table.rows)
        alone = len(table.rows) == 1
        fitting = [name for name in names if ("管理費" in name) == alone]
        return fitting[0] if len(fitting) == 1 else None

    def _section_row(self, row: Row, name: str, *, total: bool, table: str = "list", confidence: float = 1.0) -> None:
        self._row_figures(row, None, name, table, confidence)
        self.known.append(_Known(name, None, row.budget, row.spent, total))

    def _unsure(self, row: Row) -> None:
        printed = " ".join(cell.printed for cell in row.cells.values())
        self.reading.warn(f"{row.line_start}行目: 「{printed}」がどの項目の金額か決められないので、採りませんでした。")

    # --- summary tables -----------------------------------------------------------------------------------------------

    def _summaries(self, pages: Sequence[TablePage]) -> None:
        if all(known.section != self.category or known.project for known in self.known):
            self._know_category()
        for page in pages:
            for table in page.tables:
                self._summary(page, table)

    def _know_category(self) -> None:
        """Without a per-project table, the total of 自主企画事業費 is what the projects' own pages add up to."""
        inside = {
            project.project_id
            for project in self.reading.projects
            if project.part_index == self.part.index and project.kind == "project" and project.category == self.category
        }
        mine = [known for known in self.known if known.project and known.project.project_id in inside]
        if mine and all(known.budget is not None and known.spent is not None for known in mine):
            budget = sum((known.budget or Decimal(0) for known in mine), Decimal(0))
            spent = sum((known.spent or Decimal(0) for known in mine), Decimal(0))
            self.known.append(_Known(self.category, None, budget, spent, True))

    def _summary(self, page: TablePage, table: Table) -> None:
        undecided: list[Row] = []
        resolved: dict[int, str] = {}
        for at, row in enumerate(table.rows):
            if row.name and plain_name(row.name) not in GENERIC_NAMES:
                resolved[id(row)] = self._named_summary(row, row.name)
                continue
            last = at == len(table.rows) - 1
            match = self._match(row, prefer_total=last and at > 0, scale=max(table.unit_yen, 1000))
            if match is not None:
                repeated = last and match.project is not None and resolved and match.section in resolved.values()
                if repeated and match.section != match.project.name:  # type: ignore[union-attr]
                    # One project and its 合計: the second row is the category's (001 lines 87 and 89).
                    self._section_row(row, match.section, total=True, table="summary")
                    continue
                resolved[id(row)] = match.section
                self._row_figures(row, match.project, None if match.project else match.section, "summary")
                continue
            undecided.append(row)
        for row in undecided:
            name = self._by_sum(page, table, row, resolved)
            if name:
                self._section_row(row, name, total=True, table="summary")
            else:
                self._unsure(row)

    def _named_summary(self, row: Row, printed: str) -> str:
        """A row with its name beside it; the name may carry an explanation in brackets (001 lines 3455 to 3459)."""
        bare = plain_name(re.sub(r"[（(].{12,}$", "", printed))
        for name in (plain_name(printed), bare):
            key = name_key(name)
            for known in self.known:
                if known.project and name_key(known.project.name) == key and not known.project.container:
                    self._row_figures(row, known.project, None, "summary")
                    return known.section
            for known in self.known:
                if name_key(known.section) == key:
                    project = known.project if known.project and known.project.container else None
                    self._row_figures(row, project, None if project else known.section, "summary")
                    return known.section
        self._section_row(row, bare, total=False, table="summary")
        return bare

    def _match(self, row: Row, *, prefer_total: bool, scale: int) -> _Known | None:
        """The owner whose amounts are these, where only one has them."""
        fitting = [
            known
            for known in self.known
            if same_amount(known.budget, row.budget, scale) and same_amount(known.spent, row.spent, scale)
        ]
        if len(fitting) > 1:
            fitting = [known for known in fitting if known.total == prefer_total] or fitting
        owners = {(known.project.project_id if known.project else None, known.section) for known in fitting}
        return fitting[0] if len(owners) == 1 else None

    def _by_sum(self, page: TablePage, table: Table, row: Row, resolved: dict[int, str]) -> str | None:
        """Name a row by what it adds up: the rows right below it (a subtotal), or the whole table (a total)."""
        at = table.rows.index(row)
        if at in (0, len(table.rows) - 1):
            nested = _nested(table, skip=at)
            others = [other for i, other in enumerate(table.rows) if i != at and i not in nested]
            # Only a table with 自主企画事業費 in it tells of the whole; others have totals of their own.
            whole = self.category in (resolved.get(id(other)) for other in others)
            if whole and len(others) >= 2 and _adds_up(row, others, table.unit_yen):
                return self._whole_name()
        names = self._free_names(page)
        if len(names) == 1 and any(first == at for first, _ in _subtotals(table)):
            return names[0]
        return None

    def _whole_name(self) -> str:
        """What the whole paper is about: 個性ある区づくり推進費."""
        return re.sub(r"^\S{1,6}?区(?=個性)", "", self.title.subject) or "合計"

    def _free_names(self, page: TablePage) -> list[str]:
        taken = {name_key(known.section) for known in self.known}
        taken |= {name_key(known.project.name) for known in self.known if known.project}
        found: list[str] = []
        for line in page.names:
            name = plain_name(line.text)
            if (
                name in GENERIC_NAMES
                or name_key(name) in taken
                or parse_title(line)
                or re.match(r"^[（(0-9０-９]", name)
            ):
                continue
            if name not in found and name.endswith(("費", "経費")) and name_key(name) != name_key(self._whole_name()):
                found.append(name)
        return found

    # --- text ---------------------------------------------------------------------------------------------------------

    def _definitions(self, pages: Sequence[TablePage]) -> None:
        """What the paper says of its own categories: "(1) 自主企画事業費（…）" and the sentences below."""
        heading: Line | None = None
        held: list[Line] = []

        def close() -> None:
            if held:
                units = build_units(held, max(70, max(len(line.text) for line in held) * 2))
                name = plain_name(re.sub(r"^[（(][0-9０-９]+[)）]\s*", "", heading.text)) if heading else ""
                sentences = tuple(unit for unit in units if unit.text.endswith("。"))
                if sentences:
                    self.reading.add_section(self.part, (name,) if name else (self._whole_name(),), sentences)

        for page in pages:
            for line in page.names:
                if re.match(r"^[（(][0-9０-９][)）]\s*\S{4,}", line.text) and not parse_title(line):
                    close()
                    heading, held = line, []
                elif re.match(r"^[（(]※", line.text):
                    close()
                    heading, held = None, [line]
                elif (held or heading) and (len(line.text) > 12 or (held and not held[-1].text.endswith("。"))):
                    held.append(line)
            close()
            heading, held = None, []
            for note in page.notes:
                self.reading.add_section(
                    self.part, (self._whole_name(),), (TextUnit(tidy(note.text), "note", note.number, note.number),)
                )

    def _prose(self, lines: Sequence[Line]) -> None:
        """A part without tables: headings are short lines, the rest sentences and bullets."""
        width = max((len(line.text) * 2 for line in lines), default=0)
        widths = sorted(len(line.text) * 2 for line in lines)
        width = widths[int(len(widths) * 0.8)] if widths else width
        title = compact(self.title.kind)
        heading = ""
        held: list[Line] = []
        goals = [line for line in lines if re.match(r"^[〇○●・]", line.text)]
        first_goal = goals[0].number if goals else len(self.reading.raw.lines) + 1
        started = False
        pending: list[Line] = []
        for line in lines:
            if line.number == self.title.line:
                started = True
                continue
            if not started:
                continue
            if line.number >= first_goal:
                # Bullets first, then the name of their pillar (001 lines 6534 to 6560).
                if pending and not re.match(r"^[〇○●・]", line.text) and len(line.text) <= 14 and _closed(pending):
                    self.reading.add_section(self.part, (title, line.text), tuple(build_units(pending, width)))
                    pending = []
                else:
                    pending.append(line)
                continue
            if len(line.text) <= 14 and not line.text.endswith("。") and (not held or held[-1].text.endswith("。")):
                self._close_prose(title, heading, held, width)
                heading, held = line.text, []
            elif re.match(r"^資料", line.text) or (
                held
                and held[-1].text.endswith("。")
                and not line.text.endswith("。")
                and not _looks_like_text(line, width)
            ):
                self._close_prose(title, heading, held, width)
                held = []
                if not re.match(r"^資料", line.text):
                    self._close_prose(title, heading, [line], width)
            elif held or _looks_like_text(line, width):
                held.append(line)
        self._close_prose(title, heading, held, width)
        if pending:
            self._close_prose(title, "", pending, width)

    def _close_prose(self, title: str, heading: str, held: Sequence[Line], width: int) -> None:
        if held:
            units = build_units(held, width)
            self.reading.add_section(self.part, (title, heading) if heading else (title,), tuple(units))


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows parted where their numbers start again: one group for each pillar."""
    groups: list[list[Row]] = []
    for row in rows:
        if not groups or (row.number or 0) <= (groups[-1][-1].number or 0):
            groups.append([])
        groups[-1].append(row)
    return groups


def _closed(lines: Sequence[Line]) -> bool:
    return not lines[-1].text.endswith(("、", "・", "つ"))


def _looks_like_text(line: Line, width: int) -> bool:
    return "、" in line.text or line.text.endswith("。") or len(line.text) * 2 >= width - 8


def _adds_up(row: Row, others: Sequence[Row], unit_yen: int) -> bool:
    """Whether budgets and what was spent of them both add up to the row's, within the rounding of the unit."""
    slack = Decimal(unit_yen * len(others) if unit_yen > 1 else 0)
    pairs = ((row.budget, [other.budget for other in others]), (row.spent, [other.spent for other in others]))
    return all(
        whole is not None and abs(sum((part or Decimal(0) for part in parts), Decimal(0)) - whole) <= slack
        for whole, parts in pairs
    )


def _subtotals(table: Table) -> list[tuple[int, range]]:
    """Rows that are the sum of two or more rows right below them, with those rows."""
    found = []
    for first, row in enumerate(table.rows):
        for count in range(2, len(table.rows) - first):
            below = range(first + 1, first + 1 + count)
            if _adds_up(row, [table.rows[i] for i in below], table.unit_yen):
                found.append((first, below))
    return found


def _nested(table: Table, skip: int) -> set[int]:
    """The rows that are items of a subtotal other than the row `skip`."""
    return {item for first, below in _subtotals(table) if first != skip for item in below}


def _as_category(word: str) -> str:
    name = re.sub(rf"^[{ROMANS}]", "", word)
    return name if name.endswith("費") else f"{name}費"


def _end(stated: Stated | None) -> int:
    return stated.line_end if stated else 0


def _best_name(listed: str | None, printed: str) -> str:
    """The table's spelling, where it is the same name; a page leaves odd spaces beside Latin letters."""
    if listed and (not printed or name_key(listed) == name_key(printed)):
        return compact(tidy(listed))
    if listed:
        return compact(tidy(listed))
    return tidy(printed)


def _link(blocks: Sequence[Block], pages: Sequence[TablePage]) -> dict[int, Row]:
    """Which row of the per-project tables is which block or 細事業: by name, then by amounts that only they have."""
    linked: dict[int, Row] = {}
    used: set[int] = set()
    tables = [table for page in pages for table in page.tables if table.listing]
    numbered = [row for table in tables for row in table.rows if row.number is not None]
    alone = [row for table in tables if len(table.rows) == 1 for row in table.rows if row.number is None]

    def link(key: int, row: Row) -> None:
        linked[key] = row
        used.add(id(row))

    for block in blocks:
        fitting = [
            row for row in numbered if id(row) not in used and row.name and name_key(row.name) == name_key(block.name)
        ]
        exact = [row for row in fitting if row.budget == block.amount("budget")] or fitting
        if exact:
            link(id(block), exact[0])
    for block in blocks:
        for sub in block.subs:
            budget = next((money.value for money in sub.money if money.metric == "budget"), None)
            fitting = [
                row
                for row in numbered
                if id(row) not in used
                and row.name
                and name_key(row.name) == name_key(sub.name)
                and row.budget == budget
            ]
            if fitting and id(block) not in linked:
                link(id(sub), fitting[0])
    for block in blocks:
        if id(block) in linked or any(id(sub) in linked for sub in block.subs):
            continue
        fitting = [
            row
            for row in [*numbered, *alone]
            if id(row) not in used
            and row.budget == block.amount("budget")
            and row.spent == block.amount("settled", "executed")
        ]
        if len(fitting) == 1:
            if fitting[0].number is None:
                fitting[0].name = block.name
            link(id(block), fitting[0])
    return linked
