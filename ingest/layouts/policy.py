"""Operating policies of a ward (運営方針): headings, projects or measures with bullets, goals of each department."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.amounts import half_width
from ingest.counts import add_counts
from ingest.eras import find_years
from ingest.joining import Line, content_lines, join_lines, name_key, split_sentences, tidy
from ingest.layouts.block_tables import is_department_list, split_departments
from ingest.layouts.parts import settle_part
from ingest.layouts.review import plain_cell
from ingest.raw import RawDocument
from ingest.reading import Reading
from ingest.sources import PartFacts
from records import Part, Project, TextUnit

_TITLE = re.compile(r"運営方針")
_CHAPTER = re.compile(r"^(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|I{1,3}|IV|V|VI{0,3})[\s　.．]+(\S.*)$")
_NUMBERED = re.compile(r"^(\d{1,2})[\s　.．]+(\S.*)$")
_PROJECT = re.compile(r"^[-*・●○]\s*\*\*(?P<name>.+?)\*\*\s*(?:【(?P<departments>[^】]+)】)?\s*$")
_BULLET = re.compile(r"^(?:[-*]\s*)?[・●○◆■]\s*(\S.*)$|^[-*]\s+(\S.*)$")
_SUBTITLE = re.compile(r"\s*[～〜~].*[～〜~]\s*$")
_ROLE_GOALS = re.compile(r"職場|取組目標|課の(?:目標|取組)|区役所を目指して|各課")
_POINTER = re.compile(r"^[★☆].*ご覧ください|^\d{1,3}$")


@dataclass(slots=True)
class _Item:
    """A project or a numbered measure: its name, departments and bullets, each bullet as its lines."""

    name: str
    departments: list[str]
    line: Line
    bold: bool
    bullets: list[list[Line]] = field(default_factory=list)
    lead: list[Line] = field(default_factory=list)


def fits(raw: RawDocument) -> bool:
    """Whether the text is a policy with bold projects or numbered measures over bullets."""
    lines = content_lines(raw.lines)
    if not any(_TITLE.search(line.text) for line in lines[:12]):
        return False
    bold = sum(1 for line in lines if _PROJECT.match(line.text))
    numbered = sum(
        1 for line, after in pairwise(lines) if _NUMBERED.match(half_width(line.text)) and _bullet(after) is not None
    )
    return bold + numbered >= 2


def read(reading: Reading, facts: Sequence[PartFacts]) -> tuple[Part, ...]:
    """Read the one part of a policy."""
    raw = reading.raw
    lines = [line for line in content_lines(raw.lines) if not _POINTER.match(line.text)]
    years = [mention for line in lines[:12] for mention in find_years(line.text)]
    fiscal = [mention for mention in years if mention.fiscal] or years
    year = fiscal[0].year if fiscal else (facts[0].fiscal_year if facts else 0)
    part = settle_part(
        reading.document.document_id, 0, year, "運営方針", "plan", None, 1, len(raw.lines), facts, whole=True
    )
    start = _measures_start(lines)
    _read_front(reading, part, lines[:start])
    _read_measures(reading, part, lines, start)
    return (part,)


def _bullet(line: Line) -> str | None:
    match = _BULLET.match(line.text)
    if match is None or _PROJECT.match(line.text):
        return None
    return match[1] or match[2]


def _is_item(lines: Sequence[Line], at: int) -> bool:
    """A bold project, or a numbered line with a bullet below it."""
    if _PROJECT.match(lines[at].text):
        return True
    match = _NUMBERED.match(half_width(lines[at].text))
    if match is None or at + 1 >= len(lines):
        return False
    following = at + 1
    if _bullet(lines[following]) is None and following + 1 < len(lines) and not _sentence(lines[following]):
        # A long name may be broken: the rest of it, then the bullet.
        following += 1 if not _NUMBERED.match(half_width(lines[following].text)) else 0
    return _bullet(lines[following]) is not None and not _PROJECT.match(lines[following].text)


def _sentence(line: Line) -> bool:
    return line.text.endswith(("。", "！", "!"))


def _measures_start(lines: Sequence[Line]) -> int:
    """Where the projects or measures begin, with the pillar's heading above the first of them."""
    first = next((at for at in range(len(lines)) if _is_item(lines, at)), len(lines))
    at = first
    while at > 0 and not _sentence(lines[at - 1]) and first - at < 4 and _heading_like(lines[at - 1]):
        at -= 1
    if first < len(lines) and not _PROJECT.match(lines[first].text):
        return max(0, first - 1) if at < first else first
    return at


_PICTURES = "図や写真の説明"


def _heading_like(line: Line) -> bool:
    return len(line.text) <= 60 and "。" not in line.text and not _TITLE.search(line.text) and _bullet(line) is None


def _read_front(reading: Reading, part: Part, lines: Sequence[Line]) -> None:
    """基本目標, 施策 and 組織運営: chapters, headings and sentences; what stands under pictures is kept apart."""
    chapter = ""
    heading = ""
    held: list[Line] = []
    captions: list[Line] = []

    def close() -> None:
        nonlocal held
        sentences: list[TextUnit] = []
        run: list[Line] = []
        for line in held:
            run.append(line)
            if _sentence(line) or line.text[-1] in "」〕）)":
                sentences.extend(split_sentences(join_lines([(each.number, "", each.text) for each in run])))
                run = []
        if run:
            sentences.extend(split_sentences(join_lines([(each.number, "", each.text) for each in run])))
        words = tuple(word for word in (chapter, heading) if word)
        if sentences and words:
            reading.add_section(part, words, tuple(sentences))
        held = []

    for at, line in enumerate(lines):
        match = _CHAPTER.match(line.text)
        if match:
            close()
            chapter, heading = tidy(match[1]), ""
            continue
        if not chapter:
            continue
        number = _NUMBERED.match(half_width(line.text))
        following = lines[at + 1] if at + 1 < len(lines) else None
        if number and "。" not in line.text:
            close()
            heading = tidy(line.text[len(line.text) - len(number[2]) :])
        elif _sentence(line) or "。" in line.text or line.text.startswith("〔"):
            held.append(line)
        elif following is not None and (_sentence(following) or "。" in following.text) and len(line.text) <= 40:
            if chapter.startswith("基本目標") and not heading and not held:
                held.append(line)
                close()
            else:
                close()
                heading = tidy(line.text)
        elif chapter.startswith("基本目標") or (held and not _sentence(held[-1]) and "、" in line.text):
            held.append(line)
        else:
            captions.append(line)
    close()
    _add_captions(reading, part, captions)


def _add_captions(reading: Reading, part: Part, captions: Sequence[Line]) -> None:
    """Lines beside pictures, those that follow each other as one: 西区の マスコットキャラクター 「にしまろちゃん」."""
    groups: list[list[Line]] = []
    for line in captions:
        if groups and line.number - groups[-1][-1].number == 1:
            groups[-1].append(line)
        else:
            groups.append([line])
    for group in groups:
        joined = join_lines([(line.number, "", line.text) for line in group])
        unit = TextUnit(joined.text, "note", group[0].number, group[-1].number)
        reading.add_section(part, (_PICTURES,), (unit,))


def _read_measures(reading: Reading, part: Part, lines: Sequence[Line], start: int) -> None:
    pillar: str | None = None
    number_of: dict[str, str] = _pillar_numbers(lines[:start])
    item: _Item | None = None
    goals_at = len(lines)
    at = start

    def close() -> None:
        nonlocal item
        if item is not None:
            number = number_of.get(name_key(pillar)) if pillar else None
            _emit(reading, part, pillar, (number,) if number else (), item)
        item = None

    while at < len(lines):
        line = lines[at]
        text = half_width(line.text)
        project = _PROJECT.match(line.text)
        if line.text.startswith("<p>") or _begins_goals(lines, at):
            goals_at = at
            break
        if project:
            close()
            departments = split_departments(project["departments"]) if project["departments"] else []
            item = _Item(tidy(project["name"]), departments, line, bold=True)
        elif (number := _NUMBERED.match(text)) and _is_item(lines, at):
            if int(number[1]) == 1 and not (item and item.bold):
                above = _pillar_above(lines, at, start)
                if above:
                    # The pillar's line was taken for a caption of the measure before: it belongs here.
                    close()
                    pillar = above
            close()
            pieces = [line]
            while at + 1 < len(lines) and _bullet(lines[at + 1]) is None:
                at += 1
                pieces.append(lines[at])
            name = line.text[len(line.text) - len(number[2]) :] + "".join(piece.text for piece in pieces[1:])
            item = _Item(tidy(name), [], Line(line.number, line.text, line.indented), bold=False)
            item.lead = pieces
        elif number and "。" not in line.text and _next_is_project(lines, at):
            close()
            pillar = tidy(_SUBTITLE.sub("", line.text[len(line.text) - len(number[2]) :]))
            number_of[name_key(pillar)] = number[1]
        elif (bullet := _bullet(line)) is not None and item is not None:
            item.bullets.append([Line(line.number, bullet, line.indented)])
        elif item and item.bullets and _continues(item.bullets[-1][-1], line):
            item.bullets[-1].append(line)
        at += 1
    close()
    _read_goals(reading, part, lines, goals_at)


def _continues(before: Line, line: Line) -> bool:
    """Whether the line goes on with the bullet before it and is not a caption: the bullet had not ended."""
    return line.number == before.number + 1 and not before.text.endswith(("。", ")", "）")) and len(line.text) > 0


def _next_is_project(lines: Sequence[Line], at: int) -> bool:
    for following in lines[at + 1 : at + 4]:
        if _PROJECT.match(following.text):
            return True
        if not re.match(r"^[【〔\[]", following.text):
            return False
    return False


def _pillar_above(lines: Sequence[Line], at: int, start: int) -> str | None:
    if at <= 0:
        return None
    above = lines[at - 1]
    if _bullet(above) is None and not _sentence(above) and len(above.text) <= 40:
        return tidy(re.sub(r"^\d{1,2}[\s　.．]+", "", above.text))
    return None


def _pillar_numbers(front: Sequence[Line]) -> dict[str, str]:
    """The numbers that the front gives to its 施策, by name: over the measures the name may stand without (003)."""
    found: dict[str, str] = {}
    for line in front:
        match = _NUMBERED.match(half_width(line.text))
        if match and "。" not in line.text:
            name = tidy(_SUBTITLE.sub("", line.text[len(line.text) - len(match[2]) :]))
            found.setdefault(name_key(name), match[1])
    return found


def _emit(reading: Reading, part: Part, pillar: str | None, aliases: tuple[str, ...], item: _Item) -> None:
    units: list[TextUnit] = []
    for bullet in item.bullets:
        joined = join_lines([(line.number, "", line.text) for line in bullet])
        units.append(TextUnit(joined.text.rstrip("、"), "bullet", min(joined.numbers), max(joined.numbers)))
    last = item.lead[-1].number if item.lead else item.line.number
    project: Project = reading.add_project(
        part,
        item.name,
        "project" if item.bold else "measure",
        reading.source(item.line.number, last),
        pillar=pillar,
        pillar_aliases=aliases,
        departments=tuple(item.departments),
        text="\n".join(unit.text for unit in units),
    )
    heading = tuple(word for word in (pillar, item.name) if word)
    title = TextUnit(item.name, "heading", item.line.number, last)
    reading.add_section(part, heading, (title, *units), project)
    add_counts(reading, part, project, units)


def _begins_goals(lines: Sequence[Line], at: int) -> bool:
    """Whether the goals of each department begin: a department's name as a heading over a sentence."""
    if at + 1 >= len(lines):
        return False
    line, following = lines[at], lines[at + 1]
    if is_department_list(line.text) and (_sentence(following) or len(following.text) > 40):
        return True
    return bool(_ROLE_GOALS.search(line.text)) and (
        following.text.startswith("<p>") or is_department_list(following.text)
    )


def _read_goals(reading: Reading, part: Part, lines: Sequence[Line], start: int) -> None:
    """Sections (各職場の取組目標, department), from table cells in <p> tags or from headings with a paragraph."""
    title = "各職場の取組目標"
    department = ""
    held: list[Line] = []

    def close() -> None:
        nonlocal held
        if department and held:
            joined = join_lines([(line.number, "", line.text) for line in held])
            reading.add_section(part, (title, department), tuple(split_sentences(joined)))
        held = []

    for line in lines[start:]:
        if line.text.startswith("<p>") or "\t" in line.text:
            close()
            cells = [plain_cell(cell) for cell in line.text.split("\t")]
            if len(cells) < 2 or not cells[0]:
                continue
            name, offices = cells[0][0], cells[0][1:]
            units = [TextUnit("、".join(offices), "note", line.number, line.number)] if offices else []
            for paragraph in (text for cell in cells[1:] for text in cell):
                units.extend(split_sentences(join_lines([(line.number, "", paragraph)])))
            reading.add_section(part, (title, tidy(name)), tuple(units))
        elif is_department_list(line.text) and len(line.text) <= 20:
            close()
            department = tidy(line.text)
        elif _ROLE_GOALS.search(line.text) and not _sentence(line):
            close()
            department = ""
        elif department and (held or len(line.text) > 20 or _sentence(line)):
            if held and _sentence(held[-1]) and not _sentence(line):
                continue
            if held and _sentence(held[-1]) and re.match(r"^[「『]チーム", line.text):
                close()
                reading.add_section(part, (title,), tuple(split_sentences(join_lines([(line.number, "", line.text)]))))
                department = ""
                continue
            held.append(line)
    close()
