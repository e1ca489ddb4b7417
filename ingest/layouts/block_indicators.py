"""事業指標 of a project block: bulleted lists "name target（result）", or labels followed by a line of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ingest.amounts import COUNTERS, half_width, parse_numeral
from ingest.joining import Line, depth, display_width, is_wrapped, join_lines

_UNITS = sorted({*COUNTERS, "団体・人", "%", "ツイート", "計画"} - {"年", "歳", "日", "t", "m"}, key=len, reverse=True)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MEASURE = re.compile(
    r"(?P<prefix>(?:1日平均|一日平均|年間?|月|週|延べ|のべ|約|平均|全|計|各)*\s*)"
    rf"(?<![\d第,.])(?P<number>{_NUMBER})\s*(?P<unit>{'|'.join(re.escape(unit) for unit in _UNITS)}|日(?!$|[、）)程間]))"
    r"(?P<limit>以上|以下|未満|超)?"
)
_DENOMINATOR = re.compile(rf"\s*[/／]\s*(?P<number>{_NUMBER})\s*(?P<unit>[^\d\s、。,()（）/／]{{1,4}})")
_TAIL = re.compile(
    r"^(?:に|を|で|の)?(?:開催|実施|配布|配付|提供|作成|発行|設置|掲載|支援|派遣)?(?:済み?|予定)?(?:する)?$"
)
_DATE = re.compile(r"\d{1,2}月(?:\s*\d{1,2}日)?|\d{1,2}/\d{1,2}")
_REMARK = re.compile(r"管内|現在|時点|月末|年度末")
_VALUE = rf"(?:約|延べ)?\s*(?:{_NUMBER})\s*(?:[^\d\s,]{{1,6}})?"
_VALUE_LINE = re.compile(rf"^{_VALUE}(?:[\s　]+{_VALUE})*$")
_LABEL_END = re.compile(
    r"(?:割合|率|度|数|人数|件数|回数|者数|満足度|認知度|評価|結果|時間|量|額|点|比|状況|有無|面積|距離|日数|人口|指数|実績)"
    r"(?:[（(][^（()）]*[)）])?$"
)
_BROKEN_END = re.compile(r"(?:[のにをがはとでへやもた・、（(「]|する|した|ある|ない|いる|及び|等)$")
_BROKEN_START = re.compile(r"^(?:[のにをがはとでへやもー、。）)」]|による|に関する|する|した|及び)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A target or result: value None where it is words; `printed` as on the page; its stored lines."""

    value: Decimal | None
    unit: str
    printed: str
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Found:
    """One indicator read from a block."""

    name: str
    target: Stated | None
    result: Stated | None
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A bullet put together: its characters (half-width digits and signs) and the line of each."""

    text: str
    numbers: tuple[int, ...]

    def cut(self, start: int, end: int) -> _Text:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return _Text(self.text[start:end], self.numbers[start:end])

    def stated(self, value: Decimal | None, unit: str) -> Stated:
        return Stated(value, unit, self.text, min(self.numbers), max(self.numbers))


@dataclass(frozen=True, slots=True)
class _Measure:
    """A number with a unit inside a bullet: what stands right before it is its label."""

    label: str
    value: Decimal | None
    unit: str
    text: _Text


def gather_bullets(lines: Sequence[Line], width: int) -> tuple[list[list[Line]], list[Line]]:
    """The lines of each indicator of a 2022-style list, and the lines after them, which are captions of photographs."""
    bullets: list[list[Line]] = []
    gaps = [after.number - before.number for before, after in zip(lines, lines[1:], strict=False)]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 1
    for at, line in enumerate(lines):
        if not bullets or line.text[0] in "・●○" or (line.text.startswith("【") and not depth(_flat(bullets[-1]))):
            if bullets and _is_complete(bullets[-1], width) and line.text[0] not in "・●○【":
                return bullets, list(lines[at:])
            bullets.append([line])
            continue
        so_far = _flat(bullets[-1])
        before = bullets[-1][-1]
        wrapped = is_wrapped(before, width)
        has_measure = bool(_MEASURE.search(half_width(line.text))) and line.text[-1] in "）)"
        far = line.number - before.number > usual + 1
        open_end = (depth(so_far) > 0 and before.text[-1] not in "）)") or before.text[-1] in "、：・:"
        continues = (
            (depth(so_far) > 0 and wrapped)
            or open_end
            or (line.text[0] in "（(" and not far and before.text[-1] not in "）)")
            or (has_measure and not far and before.text[-1] not in "）)")
            or (wrapped and not far and before.text[-1] not in "）)")
        )
        if not continues:
            return bullets, list(lines[at:])
        bullets[-1].append(line)
    return bullets, []


def _flat(lines: Sequence[Line]) -> str:
    return "".join(line.text for line in lines)


def _is_complete(lines: Sequence[Line], width: int) -> bool:
    return not depth(_flat(lines)) and not is_wrapped(lines[-1], width)


def parse_bullet(lines: Sequence[Line], width: int) -> list[Found]:
    """The indicators in one bullet: one for each measure, its target paired with the result of the same label or unit."""
    pieces = []
    for at, line in enumerate(lines):
        glue = "" if at and (is_wrapped(lines[at - 1], width) or line.text[0] in "（(") else " "
        pieces.append((line.number, glue if at else "", line.text.lstrip("・●○ 　") if at == 0 else line.text))
    characters: list[str] = []
    numbers: list[int] = []
    for number, glue, text in pieces:
        for character in glue + text:
            characters.append(character)
            numbers.append(number)
    whole = _Text(half_width("".join(characters)), tuple(numbers)).cut(0, len(characters))
    start, end = min(numbers), max(numbers)
    found: list[Found] = []
    prefix = ""
    for position, item in enumerate(_split_items(whole)):
        read = _parse_item(item, prefix, start, end)
        if position == 0 and " " in item.text:
            prefix = item.text.split(" ")[0]
        found.extend(read)
    return found


def _split_items(whole: _Text) -> list[_Text]:
    """Split "A 15校(19校に提供)、B 35園(37園に提供)" at the comma after a bracket; each part has its own target."""
    pieces: list[_Text] = []
    start, level = 0, 0
    for at, character in enumerate(whole.text):
        if character in "([【「":
            level += 1
        elif character in ")]】」":
            level = max(0, level - 1)
        elif character == "、" and level == 0 and at and whole.text[at - 1] == ")":
            pieces.append(whole.cut(start, at))
            start = at + 1
    pieces.append(whole.cut(start, len(whole.text)))
    if len(pieces) > 1 and all(_top_measures(piece)[1] for piece in pieces):
        return pieces
    return [whole]


def _groups(item: _Text) -> tuple[_Text, list[_Text]]:
    """The text before the brackets that end the item, and what each of those holds."""
    groups: list[_Text] = []
    end = len(item.text)
    text = item.text
    while end and text[end - 1] == ")":
        level = 0
        at = end - 1
        while at >= 0:
            level += {")": 1, "(": -1}.get(text[at], 0)
            if level == 0:
                break
            at -= 1
        if at < 0:
            # 001 line 641: "(スケアード…教室(９月 29日)" closes one bracket too few.
            at = text.find("(")
            groups.insert(0, item.cut(at + 1, end))
            end = at
            break
        groups.insert(0, item.cut(at + 1, end - 1))
        end = at
        while end and text[end - 1].isspace():
            end -= 1
    return item.cut(0, end), groups


def _top_measures(item: _Text) -> tuple[_Text, list[_Measure], list[_Text]]:
    outer, groups = _groups(item)
    return outer, _measures(outer, tail=True)[1], groups


def _measures(text: _Text, *, tail: bool) -> tuple[int, list[_Measure]]:
    """Measures in a text and where the first one's label begins.

    `tail`: only those that end the text count (a target after a name); a number inside the name is part of the name.
    """
    found: list[tuple[int, _Measure]] = []
    plain = text.text
    level_at = _levels(plain)
    previous_end = 0
    for match in _MEASURE.finditer(plain):
        after = plain[match.end() :]
        if level_at[match.start()] > 0 or re.match(r"\s*(?:の[^、。]{0,8})?(?:あたり|当たり|につき)", after):
            continue
        if _DATE.match(plain[match.start() :]) or re.match(r"\s*(?:月|時|年)", after):
            continue
        value = parse_numeral(match["number"])
        end = match.end()
        between = plain[previous_end : match.start()]
        label_start = previous_end
        separated = re.search(r"[、,]\s*", between)
        if separated and previous_end:
            label_start += separated.end()
            between = between[separated.end() :]
        cut = max(between.rfind("、"), between.rfind("，"))
        if cut >= 0 and previous_end:
            label_start += cut + 1
            between = between[cut + 1 :]
        denominator = _DENOMINATOR.match(plain, end)
        if denominator:
            end = denominator.end()
            if not match["limit"] and not between.strip(" :：、+"):
                value = None  # "３回/10回": which of the two it is, the page does not say (001 line 2473).
        rest = plain[end:]
        plus = re.match(rf"\s*[+＋]\s*(?:{_NUMBER})\s*[^\d\s、。()]{{1,4}}", rest)
        if plus:
            end += plus.end()
            value = None  # "４回＋６回" is not one printed number.
        tail_word = re.match(
            r"(?:に|を|で|の)?(?:開催|実施|配布|配付|提供|作成|発行|設置|掲載|支援|派遣)(?:済み?)?", plain[end:]
        )
        if tail_word and re.match(r"\s*(?:$|[、。)）(（【])", plain[end + tail_word.end() :]):
            end += tail_word.end()
        if found and plus is None and re.fullmatch(r"\s*[+＋]\s*", plain[previous_end : match.start()]):
            continue
        begin = match.start("prefix") if match["prefix"].strip() else match.start("number")
        label = plain[label_start:begin].strip(" :：、，・")
        found.append((label_start, _Measure(label, value, _unit(match["unit"]), text.cut(begin, end))))
        previous_end = end
    if not tail:
        return 0, [measure for _, measure in found]
    # From the end backwards: measures parted by commas only, the last one ending the text.
    kept: list[tuple[int, _Measure]] = []
    limit = len(plain)
    for label_start, measure in reversed(found):
        end_at = plain.rfind(measure.text.text, 0, limit) + len(measure.text.text)
        between = plain[end_at:limit]
        if not re.fullmatch(r"\s*(?:に|を|で|の)?\s*(?:【.*)?[、,]?\s*", between, re.DOTALL):
            break
        kept.insert(0, (label_start, measure))
        limit = plain.rfind(measure.text.text, 0, limit)
        if len(measure.label) > 12 and kept[1:]:
            break
        if label_start:
            limit = label_start
    return (kept[0][0] if kept else 0), [measure for _, measure in kept]


def _levels(text: str) -> list[int]:
    level = 0
    levels = []
    for character in text:
        if character in "([【「":
            level += 1
        levels.append(level)
        if character in ")]】」":
            level = max(0, level - 1)
    return levels


def _unit(unit: str) -> str:
    return "percent" if unit in ("%", "パーセント") else unit


def _parse_item(item: _Text, prefix: str, line_start: int, line_end: int) -> list[Found]:
    outer, groups = _groups(item)
    inner_list: _Text | None = None
    bracket = re.search(r"【(?:うち)?([^】]*)】$", outer.text)
    if bracket and bracket.start() > 0:
        inner_list = outer.cut(bracket.start(1), bracket.end(1))
        outer = outer.cut(0, bracket.start())
    _, targets = _measures(outer, tail=True)
    name = outer.text
    if targets:
        first = outer.text.rfind(targets[0].text.text) if len(targets) == 1 else outer.text.find(targets[0].text.text)
        name = outer.text[:first].strip(" :：、")
        label = targets[0].label
        shared = [measure for measure in targets if measure.label and name.endswith(measure.label)]
        if shared and len(targets) == 1:
            targets = [_Measure("", targets[0].value, targets[0].unit, targets[0].text)]
            if prefix and " " not in name:
                name = f"{prefix} {name}"
            if label and " " in name and item.text.split(" ")[0] != name and ":" in outer.text[first - 1 : first + 1]:
                targets = [_Measure(name.split(" ")[-1], targets[0].value, targets[0].unit, targets[0].text)]
                name = " ".join(name.split(" ")[:-1])
        elif shared:
            targets = [_Measure("", targets[0].value, targets[0].unit, targets[0].text), *targets[1:]]
    listed = _measures(inner_list, tail=False)[1] if inner_list else []
    remarks = [group for group in groups if _REMARK.search(group.text) and not _measures(group, tail=False)[1]]
    usable = [group for group in groups if group not in remarks]
    if not targets and len(usable) > 1:
        targets, usable = _measures(usable[0], tail=False)[1], usable[1:]
    result_text = usable[-1] if usable else None
    results = _results(result_text) if result_text else []
    return _pair(name, [*targets, *listed], results, result_text, line_start, line_end)


def _results(text: _Text) -> list[_Measure]:
    """The measures of a result in brackets; those inside inner brackets count where they say what of."""
    found = _measures(text, tail=False)[1]
    levels = _levels(text.text)
    inner_start = text.text.find("(")
    if inner_start >= 0 and levels[inner_start] == 1:
        inner_end = text.text.rfind(")")
        inner = text.cut(inner_start + 1, inner_end if inner_end > inner_start else len(text.text))
        found = found + [measure for measure in _measures(inner, tail=False)[1] if measure.label]
    if len(found) == 1 and inner_start < 0:
        only = found[0]
        return [_Measure(_word(only.label), only.value, only.unit, text)]
    if len(found) == 1 and not found[0].label:
        return [_Measure("", found[0].value, found[0].unit, text)]
    return found


def _word(label: str) -> str:
    """A label is a word or two; a clause before a number is not one."""
    return label if len(label) <= 12 and not re.search(r"[がをは、。]", label) else ""


def _pair(
    name: str,
    targets: list[_Measure],
    results: list[_Measure],
    result_text: _Text | None,
    line_start: int,
    line_end: int,
) -> list[Found]:
    name = name.strip(" :：、・")
    left = list(results)
    rows: list[tuple[str, _Measure | None, _Measure | None]] = []
    for target in targets:
        match = next((r for r in left if target.label and r.label == target.label), None)
        if match is None:
            alike = [r for r in left if r.unit == target.unit]
            same = [t for t in targets if t.unit == target.unit]
            if alike and (len(same) == 1 or not target.label):
                match = alike[-1] if re.match(r"1日平均|一日平均", target.text.text) else alike[0]
        if match is not None:
            left.remove(match)
        rows.append((target.label, target, match))
    rows.extend((result.label, None, result) for result in left)
    if not rows:
        words = result_text.stated(None, "") if result_text else None
        return [Found(_tidy_name(name), None, words, line_start, line_end)] if name else []
    found = []
    for label, aim, reached in rows:
        full = f"{name} {label}" if label and label not in name else name
        result = reached.text.stated(reached.value, reached.unit) if reached else None
        if result is None and result_text is not None and not results:
            result = result_text.stated(None, "")
        target = aim.text.stated(aim.value, aim.unit) if aim else None
        found.append(Found(_tidy_name(full), target, result, line_start, line_end))
    return found


def _tidy_name(name: str) -> str:
    return join_lines([(1, "", name)]).text


def parse_value_table(lines: Sequence[Line]) -> tuple[list[Found], list[Line], str | None]:
    """Indicators of a 2023-style table: labels, then a line of as many values.

    Returns what was found, the lines after the values (captions), and a complaint where labels and values do not fit.
    """
    at = next((i for i, line in enumerate(lines) if i and _VALUE_LINE.match(half_width(line.text))), None)
    if at is None:
        return [], list(lines), None
    values: list[tuple[str, int]] = []
    end = at
    while end < len(lines) and _VALUE_LINE.match(half_width(lines[end].text)):
        if end > at and re.fullmatch(r"\d{1,3}", lines[end].text):
            break  # a page number
        values.extend((value, lines[end].number) for value in re.split(r"[\s　]+", lines[end].text))
        end += 1
    labels = _split_labels(lines[:at], len(values))
    if labels is None:
        where = lines[0].number
        return [], list(lines[end:]), f"{where}行目からの事業指標は、見出しと値{len(values)}個の対応が決められません。"
    found = []
    for label, (printed, number) in zip(labels, values, strict=True):
        match = re.match(rf"^(?:約|延べ)?\s*(?P<number>{_NUMBER})\s*(?P<unit>\S*)$", half_width(printed))
        value = parse_numeral(match["number"]) if match else None
        target = Stated(value, _unit(match["unit"]) if match else "", printed, number, number)
        name = join_lines([(line.number, "", line.text) for line in label]).text
        found.append(Found(name, target, None, label[0].number, label[-1].number))
    return found, list(lines[end:]), None


def _split_labels(lines: Sequence[Line], wanted: int) -> list[list[Line]] | None:
    """Group the lines of the labels into as many labels as there are values, where one grouping is clearly the best."""
    cells: list[Line] = []
    for line in lines:
        for piece in re.split(r"[\s　]+", line.text):
            cells.append(Line(line.number, piece, line.indented))
    rows = [Line(line.number, line.text, line.indented) for line in lines]
    units = cells if len(rows) < wanted or len(rows) == 1 else rows
    if len(units) < wanted:
        return None
    if wanted == 1:
        return [units]
    gaps = [after.number - before.number for before, after in zip(units, units[1:], strict=False)]
    telling = len({gap for gap in gaps if gap}) > 1

    def score(cut: tuple[int, ...]) -> float:
        total = 0.0
        for joint in range(1, len(units)):
            before, after = units[joint - 1].text, units[joint].text
            worth = 0.0
            worth += 3 if _LABEL_END.search(before) else 0
            worth -= 3 if _BROKEN_END.search(before) or _BROKEN_START.search(after) else 0
            worth -= 4 if after[0] in "（(" else 0
            worth += 2 if telling and gaps[joint - 1] == min(gap for gap in gaps if gap >= 0) else 0
            worth += 2 if gaps[joint - 1] == 0 else 0
            total += worth if joint in cut else -worth
        sizes = [end - start for start, end in zip((0, *cut), (*cut, len(units)), strict=True)]
        return total - 0.1 * (max(sizes) - min(sizes))

    ranked = sorted(((score(cut), cut) for cut in combinations(range(1, len(units)), wanted - 1)), reverse=True)
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.05:
        return None
    cut = ranked[0][1]
    return [list(units[start:end]) for start, end in zip((0, *cut), (*cut, len(units)), strict=True)]


def is_caption_width(line: Line, width: int) -> bool:
    """Captions stand beside photographs, in columns far narrower than the text."""
    return display_width(line.text) < width * 0.6
