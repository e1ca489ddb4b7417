"""Fiscal years as Japanese documents and questions write them: 令和4年度, R4, 令和四年度, 2022年度, 平成25年度, H25."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ingest.amounts import COUNTERS, half_width, parse_numeral

# First calendar year of each era; 令和 1 = 2019.
_RANGE_FROM = 3
_ERAS = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912}
_SHORT = {"令": 2019, "平": 1989, "昭": 1926}
_LETTERS = {"R": 2019, "H": 1989, "S": 1926}
# A number before one of these is an amount or a count, however much it looks like a year (2000万円, 2000人).
_UNIT = r"円|[十百千万億兆割%％]|パーセント|" + "|".join(
    re.escape(counter) for counter in sorted(COUNTERS, key=len, reverse=True) if not counter.startswith("年")
)
_N = r"元|\d{1,2}|[〇一二三四五六七八九十]{1,3}"
_YEAR = re.compile(
    rf"(?P<era>令和|平成|昭和|大正|㋿)\s*(?P<n>{_N})\s*(?P<suffix>会計年度|年度|年|度)?"
    r"|(?<![一-鿿])(?P<short>[令平昭])\s?(?P<sn>元|\d{1,2})(?!\d)\s*(?P<ssuffix>年度|年|度)?"
    rf"|(?<![A-Za-z0-9])(?P<letter>[RHS])\s?\.?(?P<ln>元|\d{{1,2}})(?![\d%.,A-Za-z])(?P<lsuffix>年度|年|度)?"
    rf"|(?<!\d)(?P<western>(?:19|20)\d{{2}})(?![\d,.])(?!\s*(?:{_UNIT}))\s*(?P<wsuffix>会計年度|年度|年|FY)?"
    r"|(?P<fy>FY)\s?(?P<fyear>(?:19|20)\d{2})"
)
# 二〇二三年度: digits written one by one, four of them, right before 年.
_KANJI_WESTERN = re.compile(r"(?<![〇零一二三四五六七八九])[一二][〇零九][〇零一二三四五六七八九]{2}(?=年)")
_KANJI_TO_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DATE = re.compile(
    rf"(?:(?P<era>令和|平成|昭和)\s*(?P<n>{_N})\s*年|(?P<western>(?:19|20)\d{{2}})\s*[年./-])\s*"
    r"(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})\s*日?"
)


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year written in text. `fiscal` is True where 年度 was written, or the short form (R4) stands alone."""

    start: int
    end: int
    year: int
    fiscal: bool
    printed: str


def _number(text: str) -> int | None:
    if text == "元":
        return 1
    value = parse_numeral(text)
    return int(value) if value is not None else None


def find_years(text: str) -> tuple[YearMention, ...]:
    """Every year mentioned, in order.

    >>> [m.year for m in find_years("令和4年度とR5、令和四年度、2022年度、平成25年度、H25、令和元年度")]
    [2022, 2023, 2022, 2022, 2013, 2013, 2019]
    """
    plain = half_width(text).translate({0xFF32: "R", 0xFF28: "H", 0xFF33: "S"})
    plain = _KANJI_WESTERN.sub(lambda match: match.group().translate(_KANJI_TO_DIGITS), plain)
    found: list[YearMention] = []
    for match in _YEAR.finditer(plain):
        year: int | None
        if match["era"]:
            number = _number(match["n"])
            if number is None or not 1 <= number <= 64:
                continue
            base = 2019 if match["era"] == "㋿" else _ERAS[match["era"]]
            year, suffix = base + number - 1, match["suffix"]
        elif match["short"]:
            number = _number(match["sn"])
            if number is None or number < 1:
                continue
            year, suffix = _SHORT[match["short"]] + number - 1, match["ssuffix"] or "年度"
        elif match["letter"]:
            number = _number(match["ln"])
            if number is None or number < 1:
                continue
            year, suffix = _LETTERS[match["letter"]] + number - 1, match["lsuffix"] or "年度"
        elif match["fy"]:
            year, suffix = int(match["fyear"]), "年度"
        else:
            year, suffix = int(match["western"]), match["wsuffix"]
            if suffix is None and not re.search(r"[A-Za-z]", plain):
                suffix = None
        found.append(
            YearMention(
                match.start(),
                match.end(),
                year,
                suffix in ("年度", "会計年度", "度", "FY"),
                text[match.start() : match.end()],
            )
        )
    return tuple(found)


def without_years(text: str, mark: str = "") -> str:
    """The text with a mark in place of every year mentioned.

    >>> without_years("地区は令和4年度いくつ")
    '地区はいくつ'
    """
    for mention in find_years(text):
        text = text.replace(mention.printed, mark)
    return text


def parse_dates(text: str) -> tuple[date, ...]:
    """Every full date (年月日) written in the text, in order; impossible dates are passed over."""
    plain = half_width(text)
    found: list[date] = []
    for match in _DATE.finditer(plain):
        if match["era"]:
            number = _number(match["n"])
            year = _ERAS[match["era"]] + number - 1 if number else 0
        else:
            year = int(match["western"])
        try:
            found.append(date(year, int(match["month"]), int(match["day"])))
        except ValueError:
            continue
    return tuple(found)


def fiscal_year_label(year: int) -> str:
    """The fiscal year as the documents name it.

    >>> fiscal_year_label(2022), fiscal_year_label(2013), fiscal_year_label(2019)
    ('令和4年度', '平成25年度', '令和元年度')
    """
    for era, first in _ERAS.items():
        if year >= first:
            number = year - first + 1
            return f"{era}{'元' if number == 1 else number}年度"
    return f"{year}年度"


def fiscal_years_label(years: Iterable[int]) -> str:
    """Fiscal years in a row, three or more that follow one another as a range.

    >>> fiscal_years_label([2013, 2019, 2020, 2021, 2023])
    '平成25年度・令和元年度から令和3年度・令和5年度'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    told = []
    for run in runs:
        labels = [fiscal_year_label(year) for year in run]
        told += [f"{labels[0]}から{labels[-1]}"] if len(labels) >= _RANGE_FROM else labels
    return "・".join(told)
