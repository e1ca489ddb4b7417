"""Japanese written numbers: money, percentages and counts, in every form that public documents and questions use.

One grammar reads them all, because 千円 and 百万円 are not units but the tail of the numeral itself: "12,182千円" is
(12182 × 千) 円, "3千4百万円" is ((3 × 千) + (4 × 百)) × 万 円.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

AmountKind = Literal["yen", "percent", "count", "number"]
CellKind = Literal["value", "blank", "dash", "words"]

# One character for one character, so that positions in the translated text are positions in the original.
_HALF_WIDTH = str.maketrans(
    "０１２３４５６７８９，．％＋－−‐―（）〔〕［］：　ｋＫ￥",
    "0123456789,.%+----()()[]: kK¥",
)

_KANJI_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_KANJI_DIGITS |= {"壱": 1, "弐": 2, "参": 3}
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_BIG_UNITS = {"万": 10**4, "億": 10**8, "兆": 10**12}

COUNTERS = (
    "か所", "カ所", "ヶ所", "ケ所", "ヵ所", "箇所", "個所", "団体", "世帯", "施設", "店舗", "拠点", "地区", "項目",
    "種類", "事業", "コース", "ポイント", "ポット", "ツイート", "投稿", "アカウント", "町会", "町内会", "チーム",
    "クラブ", "グループ", "教室", "講座", "会場", "地域", "区間", "路線", "公園", "学級", "学校", "家庭", "計画",
    "時間", "か月", "ヶ月", "カ月", "ヵ月", "週間", "箇月", "平方メートル", "メートル", "キロメートル", "トン",
    "回", "人", "名", "件", "部", "個", "組", "校", "園", "本", "枚", "頭", "台", "軒", "社", "冊", "基", "匹", "羽",
    "区", "局", "課", "館", "棟", "戸", "室", "席", "点", "通", "票", "株", "袋", "箱", "杯", "食", "泊", "便", "班",
    "隊", "国", "市", "町", "村", "店", "者", "日", "週", "年", "分", "㎡", "m2", "km", "ha", "kg", "t", "m", "歳",
)  # fmt: skip

# No budget of a country has more digits; longer runs are no amounts, and Decimal would round them.
_MOST_DIGITS = 20
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# A space may stand between the digits and their kanji unit ("9,200 千円", 001 line 3732), nowhere else.
_UNITS_TAIL = rf"(?:(?:{_DIGITS})|[〇零一二三四五六七八九壱弐参]|\s?[十拾百千万億兆])*"
_NUMERAL = rf"(?:(?:(?:{_DIGITS})|[〇零一二三四五六七八九壱弐参]){_UNITS_TAIL}|[十百千]{_UNITS_TAIL})"
_SIGN = r"(?:[▲△]\s*|(?<![\d\w])-\s?)"
# The counters as alternatives of a pattern, longest first.
COUNTER_PATTERN = "|".join(re.escape(counter) for counter in sorted(COUNTERS, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<sign>{_SIGN})?(?P<numeral>{_NUMERAL})\s?"
    rf"(?:(?P<yen>円)|(?P<percent>%|パーセント|percent)|(?P<tenths>割)(?:(?P<hundredths>{_NUMERAL})分)?(?!引)|(?P<counter>{COUNTER_PATTERN}))?"
)
_TOKEN = re.compile(rf"{_DIGITS}|[〇零一二三四五六七八九壱弐参]+|[十拾百千万億兆]")

UNIT_YEN = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}
_UNIT_NOTE = re.compile(r"単位\s*[:：]?\s*(億円|百万円|万円|千円|円)|[(（](億円|百万円|万円|千円|円)[)）]")
_BLANK = re.compile(r"^\s*$")
_DASH = re.compile(r"^\s*[-ー―–—‐−－─…]+\s*$|^\s*(?:皆減|皆増)\s*$")
_CELL = re.compile(rf"^\s*(?P<sign>[▲△\-+])?\s*(?P<numeral>{_NUMERAL})\s*(?P<tail>円|%)?\s*$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number found in text: its place, its value in `unit`, and the characters as written.

    kind "yen": value in yen, unit "yen"; "percent": value in percent, unit "percent" (割 are tens of percent);
    "count": unit is the counter (回, 人); "number": no unit was written.
    """

    start: int
    end: int
    kind: AmountKind
    value: Decimal
    unit: str
    printed: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table cell says: a value, nothing, a dash, or words; the first three are different things."""

    kind: CellKind
    value: Decimal | None


def half_width(text: str) -> str:
    """The text with full-width digits and signs made half-width; every character keeps its position.

    >>> half_width("▲１２，３４５千円（９６．６％）")
    '▲12,345千円(96.6%)'
    """
    return text.translate(_HALF_WIDTH)


def parse_numeral(text: str) -> Decimal | None:
    """The value of a numeral of Arabic digits, kanji digits and kanji units, or None where it is not one.

    >>> parse_numeral("3億4,567万"), parse_numeral("1億234万5千"), parse_numeral("3千4百万"), parse_numeral("二十五")
    (Decimal('345670000'), Decimal('102345000'), Decimal('34000000'), Decimal('25'))
    """
    text = half_width(text).replace(" ", "")
    if sum(character.isdigit() for character in text) > _MOST_DIGITS:
        return None
    total, section, current = Decimal(0), Decimal(0), None
    last_big: int | None = None
    last_small: int | None = None
    counted = False
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        token = match.group()
        at = match.end()
        if token in _SMALL_UNITS:
            unit = _SMALL_UNITS[token]
            if last_small is not None and unit >= last_small:
                return None
            section += (Decimal(1) if current is None else current) * unit
            current, last_small, counted = None, unit, True
        elif token in _BIG_UNITS:
            unit = _BIG_UNITS[token]
            section += current or 0
            if current is None and not counted:
                return None
            if last_big is not None and unit >= last_big:
                return None
            total += section * unit
            section, current, last_big, last_small, counted = Decimal(0), None, unit, None, False
        elif current is not None:
            return None
        elif token[0] in _KANJI_DIGITS:
            current = Decimal(int("".join(str(_KANJI_DIGITS[digit]) for digit in token)))
        else:
            current = Decimal(token.replace(",", ""))
    return total + section + (current or 0)


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Every number written in the text, in order, with its unit where one follows.

    >>> [(a.kind, str(a.value), a.unit) for a in find_amounts("予算：1,347千円、延べ87人、執行率９６．６％、５割")]
    [('yen', '1347000', 'yen'), ('count', '87', '人'), ('percent', '96.6', 'percent'), ('percent', '50', 'percent')]
    """
    plain = half_width(text)
    found: list[Amount] = []
    for match in _AMOUNT.finditer(plain):
        value = parse_numeral(match["numeral"])
        if value is None:
            continue
        kind: AmountKind = "number"
        unit = ""
        if match["yen"]:
            kind, unit = "yen", "yen"
        elif match["percent"]:
            kind, unit = "percent", "percent"
        elif match["tenths"]:
            kind, unit = "percent", "percent"
            hundredths = parse_numeral(match["hundredths"]) if match["hundredths"] else Decimal(0)
            value = value * 10 + (hundredths or 0)
        elif match["counter"]:
            kind, unit = "count", text[match.start("counter") : match.end("counter")]
        elif not any(character.isdigit() for character in match["numeral"]):
            # Kanji without a unit are words far more often than numbers (一般, 三世代, 千葉).
            continue
        if match["sign"]:
            value = -value
        start, end = match.start(), match.end()
        if kind == "number":
            end = match.end("numeral")
        found.append(Amount(start, end, kind, value, unit, text[start:end].strip()))
    return tuple(found)


def parse_cell(text: str) -> Cell:
    """Read a table cell that holds one number, without its scale: `▲ 11,144`, `100.0%`, `-`, or nothing.

    >>> parse_cell("▲ 11,144").value, parse_cell("-").kind, parse_cell(" ").kind, parse_cell("0").value
    (Decimal('-11144'), 'dash', 'blank', Decimal('0'))
    """
    if _BLANK.match(half_width(text)):
        return Cell("blank", None)
    if _DASH.match(text):
        return Cell("dash", None)
    match = _CELL.match(half_width(text))
    value = parse_numeral(match["numeral"]) if match else None
    if match is None or value is None:
        return Cell("words", None)
    return Cell("value", -value if match["sign"] in ("▲", "△", "-") else value)


def find_unit_yen(text: str) -> int | None:
    """The scale in yen that a note such as （単位：千円） gives, or None where the text has no such note.

    >>> find_unit_yen("（単位：千円）"), find_unit_yen("(単位 百万円)"), find_unit_yen("予算額")
    (1000, 1000000, None)
    """
    match = _UNIT_NOTE.search(text)
    return UNIT_YEN[match[1] or match[2]] if match else None


def yen_text(value: Decimal) -> str:
    """Yen with separators, as an answer writes it: `12,182,000円`, `▲11,144円`."""
    digits = f"{abs(value):,.0f}"
    return f"▲{digits}円" if value < 0 else f"{digits}円"
