"""事業指標 of a project block: bulleted lists "name target（result）", or labels followed by a line of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise
from math import comb

from ingest.amounts import COUNTERS, half_width, parse_numeral
from ingest.joining import Line, depth, is_wrapped, join_lines

_UNITS = sorted(
    {*COUNTERS, "%", "パーセント", "ツイート", "計画"} - {"年", "歳", "日", "t", "m"}, key=len, reverse=True
)
_UNIT = "|".join(re.escape(unit) for unit in _UNITS)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PREFIX = r"(?:1日平均|一日平均|年間|年|月|週|延べ|のべ|約|平均|全|計|各|あわせて|合わせて|合計)"
_VERB = r"(?:に|を|で|の)?(?:開催|実施|配布|配付|提供|作成|発行|設置|掲載|支援|派遣|参加)(?:済み?)?"
_MEASURE = re.compile(
    rf"(?<!\d)(?P<prefix>(?:{_PREFIX}\s*){{0,3}})(?<![\d第,.])(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT}|日)(?P<limit>以上|以下|未満|超)?"
)
_DENOMINATOR = re.compile(rf"\s*[/／]\s*(?:{_NUMBER})\s*(?:{_UNIT})")
_ADDED = re.compile(rf"\s*[+＋]\s*(?:{_NUMBER})\s*(?:{_UNIT})")
_ENDING = re.compile(rf"\s*(?P<verb>{_VERB})?(?=\s*(?:$|[、,，。()（）【】\[\]]))")
_PER = re.compile(r"\s*(?:の[^、。]{0,8})?(?:あたり|当たり|につき)")
_DATE = re.compile(r"\d{1,2}月(?:\s*\d{1,2}日)?|\d{1,2}/\d{1,2}")
_REMARK = re.compile(r"管内|現在|時点|月末|年度末")
_WHEN = re.compile(r"^.*?(?:時点|現在)の?(?:成果|実績|結果)?\s*")
_VALUE_UNIT = r"[一-龥ァ-ヴー%㎡]{1,4}(?:・[一-龥]{1,3})?(?:以上|以下|程度|未満)?"
_VALUE = rf"(?:約|延べ)?\s*(?:{_NUMBER})\s*(?:{_VALUE_UNIT})?"
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
    """A bullet put together: its characters as printed, the line of each, and the same with half-width digits."""

    text: str
    numbers: tuple[int, ...]

    @property
    def plain(self) -> str:
        return half_width(self.text)

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
    """A number with a unit inside a bullet, from `start` to `end`; `label` is what stands right before it.

    value None: the place prints two numbers ("４回＋６回"), and which one is meant is not for us to say.
    """

    label: str
    value: Decimal | None
    unit: str
    text: _Text
    start: int
    end: int
    verb: str


def gather_bullets(lines: Sequence[Line], width: int) -> tuple[list[list[Line]], list[Line]]:
    """The lines of each indicator of a 2022-style list, and the lines after them, which are captions of photographs."""
    bullets: list[list[Line]] = []
    gaps = [after.number - before.number for before, after in pairwise(lines)]
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
    """The indicators in one bullet: one for each measure, a target paired with the result of its label or unit."""
    characters: list[str] = []
    numbers: list[int] = []
    for at, line in enumerate(lines):
        glue = " " if at and not (is_wrapped(lines[at - 1], width) or line.text[0] in "（(") else ""
        text = line.text.lstrip("・●○ 　") if at == 0 else line.text
        for character in glue + text:
            characters.append(character)
            numbers.append(line.number)
    whole = _Text("".join(characters), tuple(numbers)).cut(0, len(characters))
    found: list[Found] = []
    prefix = ""
    for position, item in enumerate(_split_items(whole)):
        name, targets, results, words = _parse_item(item)
        if position == 0:
            prefix = name.split(" ")[0] if " " in name else ""
        elif prefix:
            name = f"{prefix} {name}"
        found.extend(_pair(name, targets, results, words, min(numbers), max(numbers)))
    return found


def _split_items(whole: _Text) -> list[_Text]:
    """Split "A 15校（19校に提供）、B 35園（37園に提供）" at the comma after a bracket: each has its own target."""
    pieces: list[_Text] = []
    start = 0
    levels = _levels(whole.plain)
    for at, character in enumerate(whole.plain):
        if character == "、" and levels[at] == 0 and at and whole.plain[at - 1] == ")":
            pieces.append(whole.cut(start, at))
            start = at + 1
    pieces.append(whole.cut(start, len(whole.text)))
    if len(pieces) > 1 and all(_closing_measures(_groups(piece)[0]) for piece in pieces):
        return pieces
    return [whole]


def _levels(text: str) -> list[int]:
    """For each character, how many brackets it stands in."""
    level = 0
    levels = []
    for character in text:
        if character in ")]】」":
            level = max(0, level - 1)
        levels.append(level)
        if character in "([【「":
            level += 1
    return levels


def _groups(item: _Text) -> tuple[_Text, list[_Text]]:
    """The text before the brackets that end the item, and what each of those holds."""
    groups: list[_Text] = []
    text = item.plain
    end = len(text)
    while end and text[end - 1] == ")":
        level = 0
        at = end - 1
        while at >= 0:
            level += {")": 1, "(": -1}.get(text[at], 0)
            if level == 0:
                break
            at -= 1
        if at < 0:
            break
        groups.insert(0, item.cut(at + 1, end - 1))
        end = at
        while end and text[end - 1].isspace():
            end -= 1
    open_at = text.find("(")
    if text[:end].count("(") > text[:end].count(")"):
        # "（スケアード…教室（９月 29日）" closes one bracket too few (001 line 641).
        return item.cut(0, open_at), [item.cut(open_at + 1, len(text))]
    return item.cut(0, end), groups


def _measures(text: _Text) -> list[_Measure]:
    """The measures outside inner brackets, in order; what is per something (１回の開室あたり) or a date is none."""
    found: list[_Measure] = []
    plain = text.plain
    levels = _levels(plain)
    done = 0
    for match in _MEASURE.finditer(plain):
        if match.start("number") < done or levels[match.start("number")] > 0:
            continue
        after = plain[match.end() :]
        prefixed = match["prefix"].strip()
        if _PER.match(after) or _DATE.match(plain, match.start("number")) or re.match(r"\s*(?:月|時|年)", after):
            continue
        if match["unit"] == "日" and not prefixed.endswith(("週", "月", "年", "年間")):
            continue
        value = parse_numeral(match["number"])
        end = match.end()
        begin = match.start("prefix") if prefixed else match.start("number")
        between = plain[done:begin]
        label_start = max(between.rfind(mark) for mark in "、，,。)") + 1
        label = text.text[done + label_start : begin].strip(" 　:：、・")
        if denominator := _DENOMINATOR.match(plain, end):
            end = denominator.end()
            if not (match["limit"] or label):
                value = None  # "３回/10回" (001 line 2473)
        if added := _ADDED.match(plain, end):
            end = added.end()
            value = None
        ending = _ENDING.match(plain, end)
        verb = text.text[ending.start("verb") : ending.end("verb")] if ending and ending["verb"] else ""
        end = ending.end() if ending else end
        unit = "percent" if match["unit"] in ("%", "パーセント") else match["unit"]
        found.append(_Measure(label, value, unit, text.cut(begin, end), begin, end, verb))
        done = end
    return found


def _closing_measures(text: _Text) -> list[_Measure]:
    """The measures that end the text, parted only by commas and labels with a colon: the targets after a name."""
    kept: list[_Measure] = []
    limit = len(text.text)
    plain = text.plain
    for measure in reversed(_measures(text)):
        if plain[measure.end : limit].strip(" 　、,，"):
            break
        kept.insert(0, measure)
        before = plain[: measure.start].rstrip()
        labelled = before.endswith((":", "：")) or (len(kept) == 1 and before.endswith(("、", "，")))
        if not (labelled or before.endswith(("、", "，"))):
            break
        limit = measure.start
        if before.endswith((":", "：")):
            limit = plain.rfind(half_width(measure.label), 0, measure.start)
    return kept


def _parse_item(item: _Text) -> tuple[str, list[_Measure], list[_Measure], _Text | None]:
    """Name, targets, results, and the words of the result."""
    outer, groups = _groups(item)
    listed: list[_Measure] = []
    if (bracket := re.search(r"【(?:うち)?([^】]*)】$", outer.text)) and bracket.start() > 0:
        listed = _measures(outer.cut(bracket.start(1), bracket.end(1)))
        outer = outer.cut(0, bracket.start())
    targets = _closing_measures(outer)
    name = outer.text
    if targets:
        first = targets[0]
        name = outer.text[: first.start].strip()
        if name.endswith((":", "：")) and re.search(r"[\s　]", name):
            name = name[: len(name) - 1 - len(first.label)].strip()  # "応援隊 登録者：55人": 登録者 is a label
            targets = [replace(first, label=first.label.split()[-1]), *targets[1:]]
            name = (outer.text[: first.start].rstrip(" 　:：")[: -len(targets[0].label)]).strip()
        else:
            targets = [replace(first, label=""), *targets[1:]]
        if first.verb and re.search(r"[でにをが]$", name):
            name += first.verb  # 区役所等で 28,000部配布 (001 line 2545) -> 区役所等で配布
        name = re.sub(r"(?<=[^\s])[がはを]$", "", name)
    usable = [group for group in groups if _measures(group) or not _REMARK.search(group.text)]
    if not targets and len(usable) > 1 and _measures(usable[0]):
        targets, usable = _measures(usable[0]), usable[1:]
    words = usable[-1] if usable else None
    return name.strip(" 　:：、・"), [*targets, *listed], _results(words) if words else [], words


def _results(words: _Text) -> list[_Measure]:
    """The measures of a result in brackets; those of its inner brackets only where they say what of."""
    found = [replace(measure, label=_label(measure.label)) for measure in _measures(words)]
    plain = words.plain
    inner = re.search(r"\((.*)\)$", plain)
    if inner:
        inside = _measures(words.cut(inner.start(1), inner.end(1)))
        labelled = [replace(measure, label=_label(measure.label)) for measure in inside if measure.label]
        if labelled:
            return [replace(measure, label="") for measure in found[:1]] + found[1:] + labelled
    if len(found) == 1:
        return [replace(found[0], text=words, label="")]
    return found


def _label(label: str) -> str:
    """The last word before a number, without the time it was counted at."""
    words = _WHEN.sub("", label).split()
    return words[-1].rstrip("がはを") if words else ""


def _pair(
    name: str,
    targets: Sequence[_Measure],
    results: Sequence[_Measure],
    words: _Text | None,
    line_start: int,
    line_end: int,
) -> list[Found]:
    """Pair by label first, then by unit; a result without a target, or the other way round, stands alone."""
    left = list(results)
    partner: dict[int, _Measure] = {}
    for at, target in enumerate(targets):
        match = next((result for result in left if target.label and result.label == target.label), None)
        if match is not None:
            partner[at] = match
            left.remove(match)
    for at, target in enumerate(targets):
        alike = [result for result in left if result.unit == target.unit]
        if at not in partner and len(alike) == 1:
            partner[at] = alike[0]
            left.remove(alike[0])
    rows: list[tuple[str, _Measure | None, _Measure | None]] = [
        (target.label, target, partner.get(at)) for at, target in enumerate(targets)
    ]
    rows.extend((result.label, None, result) for result in left)
    said = words.stated(None, "") if words and not results else None
    if not rows:
        return [Found(_tidy(name), None, said, line_start, line_end)] if name else []
    found = []
    for label, aim, reached in rows:
        full = f"{name}（{label}）" if label and not name.endswith(label) else name
        stated = aim.text.stated(aim.value, aim.unit) if aim else None
        result = reached.text.stated(reached.value, reached.unit) if reached else said
        found.append(Found(_tidy(full), stated, result, line_start, line_end))
    return found


def _tidy(name: str) -> str:
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
        unit = "percent" if match and match["unit"] == "%" else (match["unit"] if match else "")
        target = Stated(value, unit, printed, number, number)
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
    if comb(len(units) - 1, wanted - 1) > 20_000:
        return None
    gaps = [after.number - before.number for before, after in pairwise(units)]
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
