"""Evaluation sheets (事務事業評価シート): one project a sheet, labels with values, costs and indicators by year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ingest.amounts import find_amounts, find_unit_yen, half_width, parse_cell
from ingest.eras import find_years
from ingest.tables.headings import find_timing, read_heading
from ingest.tables.recorder import Recorder, Where, tidy_name
from ingest.tables.words import BREAKDOWN, plain, split_departments
from records import Figure, Measure, Metric, Phase, Project, TextUnit

NAME = re.compile(r"^(?:事務)?事業(?:の)?名称?$|^事務事業名称?$|^評価対象事業名?$|^事業名\(.*\)$")
TITLE = re.compile(
    r"(?:事務事業|行政|事業|施策)評価(?:シート|表|調書|票|書)|(?:事務事業|事業)(?:マネジメント|点検|検証)(?:シート|表|調書|票)"
)
DEPARTMENT = re.compile(
    r"^(?:担当|所管|主管|所属)?(?:部?課|部局課?|部署|部|課|課等|部課|課室|所属)(?:名|等名)?$|^(?:担当|所管|主管)(?:部署|課|部局|部課|所属)?$"
)
SUBDEPARTMENT = re.compile(r"^(?:担当)?係名?$|^(?:担当)?グループ名?$")
CODE = re.compile(r"^(?:事務)?事業(?:ID|番号|コード|No\.?)$|^整理番号$", re.I)
POLICY = re.compile(r"^(?:政策|施策|基本(?:目標|事業|施策)|分野|章|節|大綱|柱)(?:名|の名称)?$")
MAIN_COST = re.compile(
    r"^(?:直接)?事業費(?:計|合計)?(?:\([A-ZＡ-Ｚ①-⑨]\))?$|^事業費\(?(?:決算|予算)?額?\)?$|^直接事業費|^(?:予算|決算)額(?:計)?$|^総?事業費計"
)
INDICATOR_ROW = re.compile(r"^[①-⑨0-9]?(?P<kind>活動指標|対象指標|成果指標|指標)(?P<letter>[ア-ンA-Za-z0-9]?)$")
INDICATOR_NAME = re.compile(
    r"(?P<kind>活動指標|対象指標|成果指標|指標)[^ア-ン]*?(?P<letter>[ア-ン])\s*[:：]\s*(?P<what>名称|単位)"
)
YEAR_CELL = re.compile(r"年度|^(?:R|H|令和|平成)\d+|前年|本年|実績$|計画$")
SEPARATOR = re.compile(r"^[-=―─━]{8,}$")
MONEY_LABEL = re.compile(
    r"^(?:(?:令和|平成|R|H)?[0-9元]{1,2}年度|本年度|前年度|当初)?(?:当初)?(?:予算|決算|執行)(?:現)?額$"
    r"|^事業費$|^予算$|^決算$"
)
FINANCE = re.compile(r"^(?:国庫?|国)支出金|^(?:都道府県|都|道|府|県)支出金|^地方債|^その他|^一般財源|^国県支出金")


@dataclass(slots=True)
class Sheet:
    """The lines of one sheet, 1-based, both ends included."""

    first: int
    last: int


def split_line(text: str) -> list[str]:
    """The cells of a line: parted by tabs, full-width spaces or wide gaps; a known label also by its colon.

    >>> split_line("担当課：土木課"), split_line("部課名　水産課")
    (['担当課', '土木課'], ['部課名', '水産課'])
    """
    head, colon, tail = text.strip().partition("：" if "：" in text else ":")
    if colon and tail.strip() and any(p.match(plain(head)) for p in (NAME, DEPARTMENT, CODE, POLICY, MONEY_LABEL)):
        return [head.strip(), tail.strip()]
    return [piece.strip() for piece in re.split(r"\t+|　+|\s{2,}", text.strip()) if piece.strip()]


def find_sheets(lines: Sequence[str]) -> list[Sheet]:
    """The sheets of a document: each from its title (or its name label) to the next."""
    starts: list[int] = []
    named: list[int] = []
    for number, line in enumerate(lines, start=1):
        cells = split_line(line)
        if cells and NAME.match(plain(cells[0])) and len(cells) >= 2 and not _is_heading_row(cells):
            named.append(number)
    if not named:
        return []
    has_years = any(_year_columns(split_line(line)) for line in lines)
    labelled = sum(
        1
        for line in lines
        if (c := split_line(line))
        and (DEPARTMENT.match(plain(c[0])) or CODE.match(plain(c[0])) or POLICY.match(plain(c[0])))
    )
    if not has_years and labelled < len(named):
        return []
    for number in named:
        start = number
        for above in range(number - 1, max(0, number - 6), -1):
            text = lines[above - 1].strip()
            if TITLE.search(text) and not text.startswith("# URL"):
                start = above
                break
            if SEPARATOR.match(text):
                break
        starts.append(start)
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    return [Sheet(start, end) for start, end in zip(starts, ends, strict=True)]


def _is_heading_row(cells: Sequence[str]) -> bool:
    """Whether a line is the heading row of a list of projects rather than a label with its value."""
    labels = sum(
        1
        for cell in cells[1:]
        if DEPARTMENT.match(plain(cell))
        or CODE.match(plain(cell))
        or re.search(r"額|予算|決算|事業費|指標|評価|内容|概要", cell)
    )
    return labels >= 2 or (len(cells) >= 2 and re.search(r"額$|予算|決算|単位", cells[-1]) is not None and labels >= 1)


def read_sheet(recorder: Recorder, sheet: Sheet) -> None:
    """Read one sheet: its project, costs by year, indicators by year, and text."""
    lines = recorder.raw.lines
    where = recorder.start(sheet.first)
    for number in range(sheet.first, min(sheet.first + 3, sheet.last) + 1):
        years = [m.year for m in find_years(plain(lines[number - 1])) if m.fiscal]
        if TITLE.search(lines[number - 1]) and len(set(years)) == 1:
            where = replace(where, fiscal_year=years[0], sure_of_year=True)
            break
    found = _Found()
    for number in range(sheet.first, sheet.last + 1):
        _read_labels(split_line(lines[number - 1]), number, found)
    if not found.name:
        return
    project = recorder.project(
        replace(where, headings=(found.policies[0],) if found.policies else ()),
        found.name,
        (found.name_line, found.name_line),
        code=found.code,
        departments=tuple(dict.fromkeys([*found.departments, *found.sub_departments])),
        category=" ／ ".join(found.policies[1:]) or None,
    )
    _record_money(recorder, where, project, found)
    table_lines = _read_years(recorder, where, project, sheet, found)
    _read_text(recorder, where, project, sheet, table_lines)


@dataclass(slots=True)
class _Found:
    """What the labels of a sheet say."""

    name: str = ""
    name_line: int = 0
    code: str | None = None
    departments: list[str] = field(default_factory=list)
    sub_departments: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    indicators: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    money: list[tuple[str, str, int]] = field(default_factory=list)


def _read_labels(cells: list[str], number: int, found: _Found) -> None:
    if len(cells) >= 2 and (
        match := INDICATOR_NAME.search(plain(cells[0]) if not INDICATOR_NAME.search(cells[0]) else cells[0])
    ):
        entry = found.indicators.setdefault((match["kind"], match["letter"]), {})
        entry.setdefault(match["what"], cells[1])
        return
    index = 0
    while index + 1 < len(cells):
        label, value = plain(cells[index]), cells[index + 1]
        if NAME.match(label) and not found.name:
            found.name, found.name_line = tidy_name(value), number
        elif DEPARTMENT.match(label):
            found.departments.extend(d for d in split_departments(value) if d not in found.departments)
        elif SUBDEPARTMENT.match(label):
            found.sub_departments.append(value)
        elif CODE.match(label) and found.code is None:
            found.code = value
        elif MONEY_LABEL.match(label):
            found.money.append((cells[index], value, number))
        elif POLICY.match(label):
            # Numbers in front of a policy's name are its code.
            found.policies.append(tidy_name(value))
        else:
            index += 1
            continue
        index += 2


def _year_columns(cells: Sequence[str]) -> list[str]:
    """The year columns of a heading line, or nothing where it is none."""
    years = [
        cell
        for cell in cells
        if YEAR_CELL.search(plain(cell)) and (find_years(plain(cell)) or re.search(r"前年度|本年度|今年度", cell))
    ]
    return years if len(years) >= 2 and len(years) >= len(cells) - 2 else []


def _read_years(recorder: Recorder, where: Where, project: Project, sheet: Sheet, found: _Found) -> set[int]:
    """Read the tables whose columns are years; gives their lines."""
    lines = recorder.raw.lines
    taken: set[int] = set()
    unit: int | None = None
    number = sheet.first
    while number <= sheet.last:
        text = lines[number - 1]
        noted = find_unit_yen(plain(text))
        unit = noted if noted is not None else unit
        years = _year_columns(split_line(text))
        if not years:
            number += 1
            continue
        taken.add(number)
        if noted is not None or (number > 1 and find_unit_yen(plain(lines[number - 2])) is not None):
            taken.update({number - 1} if number > sheet.first else set())
        columns = [find_timing(cell, where.fiscal_year) for cell in years]
        measured = any("指標" in cell for cell in split_line(text) if cell not in years)
        rows: list[tuple[str, list[str], int]] = []
        number += 1
        while number <= sheet.last:
            text = lines[number - 1]
            cells = split_line(text)
            if not cells or _year_columns(cells):
                break
            values = cells[-len(columns) :] if len(cells) > len(columns) else []
            if len(cells) < len(columns) + 1 or any(parse_cell(value).kind == "words" for value in values):
                break
            rows.append(("　".join(cells[: -len(columns)]), values, number))
            taken.add(number)
            number += 1
        if measured:
            for label, values, line in rows:
                name, _, counted = label.partition("　")
                _record_measures(recorder, project, columns_of(columns), values, line, name, counted)
        else:
            _record_rows(recorder, where, project, columns_of(columns), rows, unit, found)
    return taken


def _record_money(recorder: Recorder, where: Where, project: Project, found: _Found) -> None:
    """Amounts behind a label of their own (予算額：12,345千円), with last year's in brackets."""
    for label, text, line in found.money:
        heading = read_heading(label, where.fiscal_year, where.metric)
        for amount in find_amounts(text):
            words = re.split(r"[(（、]", text[: amount.start])[-1].strip(" 　:：")
            if amount.kind != "yen" or (amount.start > 0 and not words):
                continue
            timing = find_timing(words, where.fiscal_year)
            if words and timing.fiscal_year is None:
                continue
            recorder.figure(
                where,
                project,
                heading.metric,
                amount.value,
                amount.printed,
                words or label,
                (line, line),
                fiscal_year=timing.fiscal_year if words else heading.fiscal_year,
                phase=(timing.phase if words else None) or heading.phase,
                table="block",
                confidence=min(heading.confidence, 0.95 if where.sure_of_year else 0.6),
            )


def columns_of(timings: Sequence[object]) -> list[tuple[int | None, Phase | None]]:
    """Year and phase of each column."""
    return [(getattr(t, "fiscal_year", None), getattr(t, "phase", None)) for t in timings]


def _record_rows(
    recorder: Recorder,
    where: Where,
    project: Project,
    columns: list[tuple[int | None, Phase | None]],
    rows: list[tuple[str, list[str], int]],
    unit: int | None,
    found: _Found,
) -> None:
    finance: dict[int, Decimal] = {}
    recorded: dict[int, Figure] = {}
    for label, values, number in rows:
        bare = plain(label)
        indicator = INDICATOR_ROW.match(bare)
        if indicator:
            _record_indicator(recorder, project, columns, values, number, indicator, found)
            continue
        is_main = MAIN_COST.match(bare) is not None
        is_money = is_main or BREAKDOWN.search(bare) or re.search(r"費|コスト|額|財源|支出金|地方債", bare)
        counted = re.search(r"人数|時間|職員数|従事|人工|日数|件数|率", bare) is not None
        if not is_money and not counted:
            continue
        for index, (printed, (year, phase)) in enumerate(zip(values, columns, strict=True)):
            value = parse_cell(printed).value
            if value is None or year is None:
                continue
            if counted:
                recorder.figure(
                    where,
                    project,
                    "count",
                    value,
                    printed,
                    label,
                    (number, number),
                    unit="時間" if "時間" in bare else "人" if "人数" in bare or "職員" in bare else "",
                    fiscal_year=year,
                    phase=phase or where.phase,
                    table="block",
                    main=False,
                    confidence=0.9,
                )
                continue
            scale = unit if unit is not None else 1
            if FINANCE.match(bare):
                finance[index] = finance.get(index, Decimal(0)) + value
            metric: Metric = "other"
            if is_main:
                planned = phase in ("plan", "initial_budget")
                metric = where.metric if phase is None else "budget" if planned else "settled"
            figure = recorder.figure(
                where,
                project,
                metric,
                value * scale,
                printed,
                label,
                (number, number),
                fiscal_year=year,
                phase=phase or where.phase,
                table="block",
                main=is_main,
                confidence=0.95 if unit is not None else 0.4,
            )
            if is_main:
                recorded[index] = figure
                if index in finance and unit is not None:
                    if finance[index] == value:
                        _raise(recorder, figure)
                    else:
                        recorder.lower([figure], 0.8)
                        recorder.reading.warn(
                            f"「{project.name}」の{label} {printed} が、財源の合計 {finance[index]:,f} と一致しません"
                            f"（{number} 行目）。"
                        )


def _raise(recorder: Recorder, figure: Figure) -> None:
    figures = recorder.reading.figures
    for index in range(len(figures) - 1, -1, -1):
        if figures[index].figure_id == figure.figure_id:
            if figure.confidence >= 0.95:
                figures[index] = replace(figures[index], confidence=1.0)
            return


def _record_indicator(
    recorder: Recorder,
    project: Project,
    columns: list[tuple[int | None, Phase | None]],
    values: list[str],
    number: int,
    match: re.Match[str],
    found: _Found,
) -> None:
    known = found.indicators.get((match["kind"], match["letter"]), {})
    name = known.get("名称", f"{match['kind']}{match['letter']}")
    _record_measures(recorder, project, columns, values, number, name, known.get("単位", ""))


def _record_measures(
    recorder: Recorder,
    project: Project,
    columns: list[tuple[int | None, Phase | None]],
    values: list[str],
    number: int,
    name: str,
    unit: str,
) -> None:
    """An indicator's values by year: plans are targets, the rest results."""
    for printed, (year, phase) in zip(values, columns, strict=True):
        cell = parse_cell(printed)
        if cell.value is None or year is None:
            continue
        measure = Measure(
            cell.value, "percent" if half_width(unit) == "%" else unit, printed, recorder.reading.source(number)
        )
        planned = phase in ("plan", "initial_budget")
        recorder.reading.add_indicator(
            project,
            name,
            recorder.reading.source(number),
            measure if planned else None,
            None if planned else measure,
            fiscal_year=year,
        )


def _read_text(recorder: Recorder, where: Where, project: Project, sheet: Sheet, taken: set[int]) -> None:
    """The words of a sheet: sections under its numbered questions; the label is the section's heading."""
    lines = recorder.raw.lines
    heading: tuple[str, ...] = (project.name,)
    run: list[TextUnit] = []
    summary: list[str] = []

    def flush() -> None:
        if run:
            recorder.reading.add_section(where.part, heading, tuple(run), project)
            run.clear()

    in_summary = False
    for number in range(sheet.first, sheet.last + 1):
        text = lines[number - 1].strip(" 　\t")
        if not text or SEPARATOR.match(text) or number in taken:
            continue
        cells = split_line(text)
        is_question = re.match(r"^(?:[①-⑳]|[(（][0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}[\s　.．、])", text) is not None
        is_summary = re.search(r"概要|目的|内容", plain(cells[0])) is not None and len(plain(cells[0])) <= 60
        if is_question or is_summary:
            flush()
            heading = (project.name, re.sub(r"[(（].*$", "", cells[0]).strip() or cells[0])
            in_summary = is_summary
            run.append(TextUnit(" ".join(text.split()), "heading", number, number))
            if is_summary and len(cells) > 1:
                summary.append(" ".join(cells[1:]))
            continue
        units = recorder.units(number, number)
        run.extend(units)
        if in_summary:
            summary.extend(unit.text for unit in units)
    flush()
    rows = [TextUnit(" ".join(lines[n - 1].split()), "table", n, n) for n in sorted(taken) if lines[n - 1].strip()]
    if rows:
        recorder.reading.add_section(where.part, (project.name, "事業費・指標の推移"), tuple(rows), project)
    if summary:
        recorder.rewrite(project, text="\n".join(summary))
