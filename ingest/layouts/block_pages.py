"""Project blocks: a page or half a page for each 事業 with its lead, its 細事業, a side box and its indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.amounts import UNIT_YEN, half_width
from ingest.joining import Line, depth, display_width, join_lines, name_key, wrap_width
from ingest.layouts.block_tables import Printed, is_department_list, split_departments
from records import Metric

ROMANS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_DASHES = "-－−‐―ー–"
_BLOCK = re.compile(rf"^([{ROMANS}])\s*[{_DASHES}]\s*([0-9]{{1,2}})\s*事業内容\s*(.*)$")
_PILLAR = re.compile(rf"^([{ROMANS}])[\s　]+([^{_DASHES}0-9].*)$")
_BOX = re.compile(
    r"^(?P<label>予算額?|決算額?|執行額|差\s*引|執行率)\s*[:：]?\s*"
    r"(?P<value>(?:[▲△]\s*|-)?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>千円|百万円|円|%)$"
)
_BOX_METRICS: dict[str, Metric] = {
    "予算": "budget",
    "予算額": "budget",
    "決算": "settled",
    "決算額": "settled",
    "執行": "executed",
    "執行額": "executed",
    "執行済額": "executed",
    "差引": "difference",
    "差引額": "difference",
    "執行率": "execution_rate",
}
_MONEY = r"(?:[▲△]\s*|-)?\d[\d,]*(?:\.\d+)?\s*(?:千円|百万円|万円|円)"
_BRACKET = re.compile(
    rf"【\s*(?:(?:予算|決算|執行|差\s*引)(?:済?額)?\s*[:：]?\s*)?{_MONEY}"
    rf"(?:[\s、,　]*(?:予算|決算|執行|差\s*引)(?:済?額)?\s*[:：]?\s*{_MONEY})*\s*】"
)
_BRACKET_PART = re.compile(rf"(?P<label>予算|決算|執行|差\s*引)?(?:済?額)?\s*[:：]?\s*(?P<money>{_MONEY})")
_NUMBERED = re.compile(r"^([0-9]{1,2})(?:[\s　.．]+|(?=[^\d\s,、.．:：/／)）~～\-－回人年月日件]))(\S.*)$")
_FLAG = re.compile(r"^(?:[〔【\[(（]?\s*(?:拡充|新規|拡|新|継続|縮小)\s*[〕】\])）]?)(?:[\s　]+|(?<=[〕】\])）]))")
_MARK = re.compile(r"^[・●○〇◇◆■□※＜《〔①-⑳(（]")
_INDICATORS = re.compile(r"^事業指標(?:[・･]目標)?$")
_INDICATOR_RESULT = re.compile(r"^[（(]目標に対する(?:成果|実績|結果)[)）]$")
_RELATED = re.compile(r"^[＜<〈【]?\s*関連する.{0,8}事業\s*[＞>〉】]?$")
_PAGE_NUMBER = re.compile(r"^[-－]?\s*\d{1,3}\s*[-－]?$")


@dataclass(slots=True)
class Money:
    """An amount of a bracket or a box with the label beside it."""

    metric: Metric
    label: str
    value: Decimal
    printed: str
    line_start: int
    line_end: int


@dataclass(slots=True)
class SubBlock:
    """A 細事業: `heading` are the lines of its number, name and bracket; `body` those of its text."""

    number: int
    name: str
    flags: str
    note: str
    money: list[Money]
    heading: list[Line]
    body: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Related:
    """A bureau's project named beside the block's own (＜関連する局事業＞); `described` are the lines below it."""

    heading: str
    name: str
    money: Printed | None
    line_start: int
    line_end: int
    described: tuple[Line, ...] = ()


@dataclass(slots=True)
class Block:
    """A project block as printed; `head` are the lines of its name and lead before the first 細事業."""

    roman: str
    number: int
    pillar: str | None
    line: Line
    head: list[Line] = field(default_factory=list)
    subs: list[SubBlock] = field(default_factory=list)
    box: list[Money] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    department_lines: list[Line] = field(default_factory=list)
    indicator_kind: str = ""
    indicators: list[Line] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    pillar_line: Line | None = None
    name: str = ""
    name_lines: list[Line] = field(default_factory=list)
    lead: list[Line] = field(default_factory=list)
    end: int = 0

    @property
    def code(self) -> str:
        return f"{self.roman}-{self.number}"

    def amount(self, *metrics: Metric) -> Decimal | None:
        return next((money.value for money in self.box if money.metric in metrics), None)


def block_match(text: str) -> re.Match[str] | None:
    """The heading line of a block: `Ⅱ-10 事業内容`."""
    return _BLOCK.match(half_width(text))


def split_blocks(lines: Sequence[Line]) -> list[Block]:
    """The blocks in these lines, each with its parts told apart."""
    blocks: list[Block] = []
    pillars: dict[str, Line] = {}
    current: list[Line] = []
    for at, line in enumerate(lines):
        match = block_match(line.text)
        if match:
            if blocks:
                _fill(blocks[-1], current)
            current = []
            above = pillars.get(match[1])
            blocks.append(Block(match[1], int(match[2]), above.text if above else None, line, pillar_line=above))
            if match[3]:
                start = len(line.text) - len(match[3])
                current.append(Line(line.number, line.text[start:].strip(), line.indented))
            continue
        pillar = _PILLAR.match(line.text)
        following = next((block_match(after.text) for after in lines[at + 1 : at + 3] if block_match(after.text)), None)
        if pillar and following and following[1] == pillar[1]:
            pillars[pillar[1]] = Line(line.number, pillar[2].strip(), line.indented)
            continue
        if blocks:
            current.append(line)
    if blocks:
        _fill(blocks[-1], current)
    return blocks


def _fill(block: Block, lines: list[Line]) -> None:
    lines = [line for line in lines if not _PAGE_NUMBER.match(line.text)]
    block.end = lines[-1].number if lines else block.line.number
    box_at = next((i for i, line in enumerate(lines) if _box_money(line) and _box_money(line).metric == "budget"), None)  # type: ignore[union-attr]
    body = lines if box_at is None else lines[:box_at]
    rest = [] if box_at is None else lines[box_at:]
    _read_body(block, body)
    at = 0
    while at < len(rest) and (money := _box_money(rest[at])):
        block.box.append(money)
        at += 1
    held: list[Line] = []
    while at < len(rest) and not _INDICATORS.match(rest[at].text.replace(" ", "")):
        held.append(rest[at])
        if is_department_list(_glued(held)):
            block.department_lines.extend(held)
            block.departments.extend(d for d in split_departments(_glued(held)) if d not in block.departments)
            held = []
        elif len(held) == 2 or not _could_be_department(held[0].text):
            held = []
            if not block.departments:
                at += 1
                continue
            break
        at += 1
    tail = rest[at:] if at < len(rest) else []
    start = next((i for i, line in enumerate(tail) if _INDICATORS.match(line.text.replace(" ", ""))), None)
    if start is not None:
        after = tail[start + 1 :]
        heading = tail[start].text.replace(" ", "")
        block.indicator_kind = "table" if heading == "事業指標" else "list"
        if after and _INDICATOR_RESULT.match(after[0].text.replace(" ", "")):
            block.indicator_kind = "list"
            after = after[1:]
        block.indicators = after
    _read_related(block, tail)
    first = next((i for i, line in enumerate(block.indicators) if _RELATED.match(line.text)), None)
    if first is not None:
        block.indicators = block.indicators[:first]


def _glued(lines: Sequence[Line]) -> str:
    return "".join(line.text for line in lines)


def _could_be_department(text: str) -> bool:
    return len(text) <= 40 and not re.search(r"[。（）()「」]", text)


def _box_money(line: Line) -> Money | None:
    match = _BOX.match(half_width(line.text))
    if match is None:
        return None
    label = re.sub(r"\s", "", match["label"])
    metric = _BOX_METRICS[label]
    if (match["unit"] == "%") != (metric == "execution_rate"):
        return None
    start = match.start("value")
    return Money(
        metric, label, _value(match["value"], match["unit"]), line.text[start:].strip(), line.number, line.number
    )


def _value(digits: str, unit: str) -> Decimal:
    number = Decimal(re.sub(r"[\s,▲△-]", "", digits)) * (1 if unit == "%" else UNIT_YEN[unit])
    return -number if digits[0] in "▲△-" else number


def _parse_bracket(lines: Sequence[Line]) -> list[Money]:
    characters = "".join(line.text for line in lines)
    numbers = [line.number for line in lines for _ in line.text]
    match = _BRACKET.search(half_width(characters))
    if match is None:
        return []
    found = []
    for part in _BRACKET_PART.finditer(half_width(characters), match.start() + 1, match.end() - 1):
        label = re.sub(r"\s", "", part["label"] or "") or "予算"
        money = re.match(r"(?P<digits>.*?\d[\d,.]*)\s*(?P<unit>[^\d\s]+)$", part["money"])
        if money is None:
            continue
        printed = characters[part.start("money") : part.end("money")].strip()
        first, last = numbers[part.start()], numbers[part.end() - 1]
        found.append(
            Money(_BOX_METRICS[label], label, _value(money["digits"].strip(), money["unit"]), printed, first, last)
        )
    return found


def _heading_at(lines: Sequence[Line], at: int, expected: int) -> tuple[SubBlock, int] | None:
    """A 細事業 heading that begins at this line, and how many lines it takes."""
    match = _NUMBERED.match(half_width(lines[at].text))
    if match is None or int(match[1]) != expected:
        return None
    first = lines[at]
    name_start = len(first.text) - len(match[2])
    taken = [Line(first.number, first.text[name_start:], first.indented)]
    text = taken[0].text
    limit = at + 1
    while limit < len(lines) and limit - at <= 4 and not _BRACKET.search(half_width(text)):
        following = lines[limit].text
        opened = "【" in text and "】" not in text.split("【")[-1]
        if not opened and (_MARK.match(following) or following.endswith("。") or _BOX.match(half_width(following))):
            break
        if (
            not opened
            and re.match(r"^【", following)
            and not re.match(r"^【\s*(?:予算|決算|執行|[▲△\d])", half_width(following))
        ):
            break
        if not opened and _NUMBERED.match(half_width(following)):
            break
        taken.append(lines[limit])
        text += following
        limit += 1
    bracket = _BRACKET.search(half_width(text))
    if bracket is None:
        if text.rstrip().endswith(("。", "、")) or len(taken[0].text) > 40 or re.search(r"[。、]$", taken[0].text):
            return None
        taken, limit = taken[:1], at + 1
        text = taken[0].text
        if expected > 1 and not re.search(r"[^\s0-9（()）]{3,}", text):
            return None
    elif text[bracket.end() :].strip():
        after = text[bracket.end() :].strip()
        if not after.startswith(("※", "（", "(", "【")):
            return None
    name_lines = _cut(taken, bracket.start() if bracket else len(text))
    flags = ""
    while name_lines and (flag := _FLAG.match(name_lines[0].text)):
        flags += flag.group().strip()
        name_lines[0] = Line(name_lines[0].number, name_lines[0].text[flag.end() :], False)
    name = join_lines([(line.number, "", line.text) for line in name_lines]).text
    note = ""
    noted = re.search(r"[\s　]*([（(]?※.*)$", name)
    if noted:
        name, note = name[: noted.start()], noted[1]
    money = _parse_bracket(taken) if bracket else []
    heading = [first, *lines[at + 1 : limit]]
    return SubBlock(expected, name.strip(), flags, note, money, heading), limit - at


def _cut(lines: Sequence[Line], end: int) -> list[Line]:
    kept, used = [], 0
    for line in lines:
        piece = line.text[: max(0, end - used)]
        used += len(line.text)
        if piece.strip():
            kept.append(Line(line.number, piece.strip(), line.indented))
    return kept


def _read_body(block: Block, lines: list[Line]) -> None:
    at = 0
    while at < len(lines):
        found = _heading_at(lines, at, len(block.subs) + 1)
        if found and (found[0].money or _stands_alone(block, lines, at, found[1])):
            block.subs.append(found[0])
            at += found[1]
            continue
        (block.subs[-1].body if block.subs else block.head).append(lines[at])
        at += 1


def _stands_alone(block: Block, lines: list[Line], at: int, taken: int) -> bool:
    """Whether a numbered line without an amount heads a 細事業 (001 line 2582) and is not a line of text."""
    following = lines[at + taken].text if at + taken < len(lines) else ""
    if at and depth("".join(line.text for line in lines[max(0, at - 3) : at])):
        return False
    return bool(_MARK.match(following) or following.startswith("【")) and (bool(block.subs) or at > 0)


def _read_related(block: Block, tail: Sequence[Line]) -> None:
    at = 0
    while at < len(tail):
        if not _RELATED.match(tail[at].text):
            at += 1
            continue
        heading = tail[at].text.strip("＜＞<>〈〉【】 ")
        at += 1
        entry: list[Line] = []
        while at < len(tail) and (
            tail[at].text.startswith("・") or (entry and (tail[at].indented or tail[at].text[0] in "（(【"))
        ):
            if tail[at].text.startswith("・") and entry:
                block.related.append(_related(heading, entry))
                entry = []
            entry.append(tail[at])
            at += 1
        if entry:
            block.related.append(_related(heading, entry))


def _related(heading: str, lines: Sequence[Line]) -> Related:
    money = _parse_bracket(lines)
    text = join_lines([(line.number, "", line.text) for line in lines]).text.lstrip("・ ")
    name = re.sub(r"【.*$", "", text).strip()
    last = lines[-1].number
    if money:
        # What follows the amount describes the project, and is not its name.
        last = max(money[0].line_end, lines[0].number)
    else:
        name = re.split(r"(?<=[)）])", name, maxsplit=1)[0]
    printed = Printed(money[0].value, money[0].printed) if money else None
    described = tuple(line for line in lines if line.number > last) if money else ()
    return Related(heading, name, printed, lines[0].number, last, described)


def settle_name(block: Block, known: Sequence[str]) -> None:
    """Tell the block's name from its lead: by a name of the per-project table, else by the shape of the lines."""
    pieces = block.head
    best: tuple[int, int, int] | None = None
    for name in known:
        key = name_key(name)
        end = _consume(pieces, key)
        if end is not None and (best is None or len(key) > best[0]):
            best = (len(key), *end)
    if best is None:
        best = (0, *_guess_name(pieces))
    _, at, column = best
    kept = [*pieces[:at]]
    rest = list(pieces[at + 1 :])
    if at < len(pieces):
        line = pieces[at]
        if line.text[:column].strip():
            kept.append(Line(line.number, line.text[:column].strip(), line.indented))
        if line.text[column:].strip():
            rest.insert(0, Line(line.number, line.text[column:].strip(), line.indented))
    block.name_lines, block.lead = kept, rest
    block.name = join_lines([(line.number, "", line.text) for line in kept]).text


def _consume(lines: Sequence[Line], key: str) -> tuple[int, int] | None:
    """Where the key ends (index of the line, column), if the lines begin with it and it ends at a break."""
    left = key
    for at, line in enumerate(lines[:8]):
        for column, character in enumerate(line.text):
            if not left:
                return (at, column) if character.isspace() else None
            folded = name_key(character)
            if not left.startswith(folded):
                return None
            left = left[len(folded) :]
        if not left:
            return (at, len(line.text))
    return None


def _guess_name(lines: Sequence[Line]) -> tuple[int, int]:
    """Without a table to compare: names stand in a narrow cell, or on the lead's first line before a space."""
    if not lines:
        return (0, 0)
    width = max(display_width(line.text) for line in lines)
    first = lines[0].text
    space = re.search(r"[\s　]", first)
    if space and display_width(first) > width * 0.6:
        return (0, space.start())
    at = 0
    while at + 1 < len(lines) and display_width(lines[at + 1].text) <= width * 0.6 and not first.endswith("。"):
        following = lines[at + 1].text
        if following.endswith("。") or (
            lines[at].text.endswith(("事業", "事業費", "検討")) and not following.startswith(("（", "("))
        ):
            break
        at += 1
    return (at, len(lines[at].text))


def page_width(blocks: Sequence[Block]) -> int:
    """The width at which the bullets of these blocks are wrapped."""
    return wrap_width([line for block in blocks for sub in block.subs for line in sub.body])
