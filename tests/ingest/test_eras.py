"""Years and dates in every form that documents and questions use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.eras import find_years, fiscal_year_label, parse_dates

FULL = str.maketrans("0123456789RHS", "０１２３４５６７８９ＲＨＳ")
ERAS = {"令和": (2019, 40, "R"), "平成": (1989, 30, "H"), "昭和": (1926, 63, "S")}
KANJI = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]

era_years = st.sampled_from(sorted(ERAS)).flatmap(
    lambda era: st.tuples(st.just(era), st.integers(min_value=1, max_value=ERAS[era][1]))
)


def kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else KANJI[tens] + "十") + KANJI[ones]


def only(text: str) -> int:
    found = find_years(text)
    assert len(found) == 1, (text, found)
    return found[0].year


@given(era_years)
def test_every_form_of_an_era_year_is_one_year(era_year: tuple[str, int]) -> None:
    era, number = era_year
    first, _, letter = ERAS[era]
    forms = [
        f"{era}{number}年度",
        f"{era} {number} 年度",
        f"{era}{number}年度".translate(FULL),
        f"{era}{kanji(number)}年度",
        f"{era}{number}年",
        f"{letter}{number}",
        f"{letter}{number}年度",
        f"{letter}.{number}",
        f"{letter}{number}".translate(FULL),
        f"{era[0]}{number}年度",
    ]
    if number == 1:
        forms += [f"{era}元年度", f"{letter}元年度"]
    for form in forms:
        assert only(form) == first + number - 1, form


@given(st.integers(min_value=1926, max_value=2058))
def test_the_label_of_a_fiscal_year_is_read_back(year: int) -> None:
    assert only(fiscal_year_label(year)) == year
    assert only(fiscal_year_label(year).translate(FULL)) == year


@given(st.integers(min_value=1900, max_value=2099))
def test_western_years(year: int) -> None:
    for form in (f"{year}年度", f"{year} 年度", f"{year}年", f"FY{year}", f"{year}年度".translate(FULL)):
        assert only(form) == year, form


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("令和元年度", [2019]),
        ("平成31年度", [2019]),
        ("令和4年度と令和5年度", [2022, 2023]),
        ("R4とR5を比べて", [2022, 2023]),
        ("平成25年度の運営方針", [2013]),
        ("㋿5年度", [2023]),
        ("令和四年度決算", [2022]),
        ("令和十二年度", [2030]),
        ("2027年国際園芸博覧会", [2027]),
        ("二〇二三年度", [2023]),
        ("二〇二三年度の予算", [2023]),
        ("二〇一三年度と二〇二二年度", [2013, 2022]),
        ("一九九九年", [1999]),
        ("2000年度に2000万円", [2000]),
    ],
)
def test_years_in_questions(text: str, years: list[int]) -> None:
    assert [m.year for m in find_years(text)] == years


@pytest.mark.parametrize(
    "text",
    [
        *["予算12,022千円", "12022円", "2,022人", "PR4", "SR5系", "R4.5%", "令和", "平成の間", "第4期", "5年間", ""],
        *[
            "2000万円",
            "2000人",
            "２０００万円",
            "２０００人",
            "2000 万円",
            "1900万円以上",
            "2023円",
            "2022千円",
            "2050件",
        ],
        *["2000億円", "2000%", "2000か所", "2000団体", "二千万円", "二〇〇〇人", "二〇二三件"],
    ],
)
def test_what_only_looks_like_a_year_is_none(text: str) -> None:
    assert find_years(text) == ()


@given(era_years)
def test_the_place_of_a_year_is_where_it_stands(era_year: tuple[str, int]) -> None:
    era, number = era_year
    text = f"旭区の{era}{number}年度の予算"
    (mention,) = find_years(text)
    assert text[mention.start : mention.end] == mention.printed == f"{era}{number}年度"
    assert mention.fiscal


@pytest.mark.parametrize(("text", "fiscal"), [("令和4年度", True), ("令和4年", False), ("R4", True), ("2022年", False)])
def test_a_fiscal_year_is_told_from_a_calendar_year(text: str, fiscal: bool) -> None:
    assert find_years(text)[0].fiscal is fiscal


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    for mention in find_years(text):
        assert text[mention.start : mention.end] == mention.printed
    parse_dates(text)


@given(st.dates(min_value=date(2019, 5, 1), max_value=date(2050, 12, 31)))
def test_dates_are_read_back(day: date) -> None:
    number = day.year - 2018
    forms = [
        f"令和{number}年{day.month}月{day.day}日",
        f"令和{number}年{day.month}月{day.day}日".translate(FULL),
        f"令和{kanji(number)}年{day.month}月{day.day}日",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}-{day.month:02}-{day.day:02}",
    ]
    for form in forms:
        assert parse_dates(form) == (day,), form


@pytest.mark.parametrize("text", ["令和5年2月30日", "2023年13月1日", "7月31日", "令和5年度", "", "令和5年"])
def test_impossible_or_partial_dates_are_none(text: str) -> None:
    assert parse_dates(text) == ()
