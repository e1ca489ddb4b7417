"""Amounts are written in every form that documents use and must be read back to the same value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.amounts import COUNTERS, find_amounts, find_unit_yen, half_width, parse_cell, parse_numeral, yen_text

FULL = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")

yen = st.integers(min_value=0, max_value=10**13)
positive = st.integers(min_value=1, max_value=10**13)
rates = st.decimals(min_value=0, max_value=999, places=1, allow_nan=False, allow_infinity=False)
# Text without digits, numerals, units or signs: nothing in it may be read as part of a number.
plain_text = st.text(alphabet="のはがをにでとあいうえおアイウエオ予算額執行率は、。：「」", max_size=12)


def kanji_units(value: int) -> str:
    """1億2,345万6,789 as people write large amounts: a group of four digits before each unit."""
    if value == 0:
        return "0"
    out = ""
    for unit, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("", 1)):
        group, value = divmod(value, size)
        if group:
            out += f"{group:,}{unit}"
    return out


def kanji_numeral(value: int) -> str:
    """二十五, 三千四百五十六万: all in kanji; 一 is left out before 十 and 百 and before 千 that stands alone."""
    out = ""
    for unit, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("", 1)):
        group, value = divmod(value, size)
        written = ""
        for small, part in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
            digit, group = divmod(group, part)
            if digit:
                written += small if digit == 1 and small and not unit else str(digit).translate(KANJI) + small
        out += written + unit if written else ""
    return out


def only(text: str) -> tuple[str, Decimal, str]:
    found = find_amounts(text)
    assert len(found) == 1, found
    return found[0].kind, found[0].value, found[0].unit


@given(yen)
def test_yen_read_back_in_digits(value: int) -> None:
    for written in (
        f"{value}円",
        f"{value:,}円",
        f"{value:,} 円",
        f"{value:,}円".translate(FULL),
        yen_text(Decimal(value)),
    ):
        assert only(written) == ("yen", Decimal(value), "yen"), written


@given(positive)
def test_yen_read_back_in_groups_of_four(value: int) -> None:
    written = kanji_units(value) + "円"
    assert only(written) == ("yen", Decimal(value), "yen")
    assert only(written.translate(FULL)) == ("yen", Decimal(value), "yen")


@given(positive)
def test_yen_read_back_in_kanji(value: int) -> None:
    assert only(kanji_numeral(value) + "円") == ("yen", Decimal(value), "yen")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("二十五円", 25),
        ("百円", 100),
        ("千二百三円", 1203),
        ("三千四百五十六万円", 34_560_000),
        ("一億二千万円", 120_000_000),
        ("五百三十億円", 53_000_000_000),
        ("1億2,345万円", 123_450_000),
        ("1億234万5千円", 102_345_000),
        ("3千4百万円", 34_000_000),
        ("0.5億円", 50_000_000),
        ("1.2兆円", 1_200_000_000_000),
        ("十万円", 100_000),
    ],
)
def test_kanji_amounts(written: str, value: int) -> None:
    assert only(written) == ("yen", Decimal(value), "yen")


@given(
    st.integers(min_value=0, max_value=10**8),
    st.sampled_from([("円", 1), ("千円", 1000), ("万円", 10**4), ("百万円", 10**6), ("億円", 10**8)]),
    st.sampled_from([("", 1), ("▲", -1), ("△", -1), ("▲ ", -1), ("△　", -1), ("-", -1), ("－", -1)]),
)
def test_scaled_yen_is_the_number_times_its_scale_with_its_sign(
    value: int, unit: tuple[str, int], sign: tuple[str, int]
) -> None:
    name, scale = unit
    mark, factor = sign
    for written in (f"{value}{name}", f"{value:,}{name}", f"{value:,} {name}", f"{value:,}{name}".translate(FULL)):
        assert only(mark + written) == ("yen", Decimal(value) * scale * factor, "yen"), mark + written
        before = only(f"差引：{mark}{written}")
        assert before == ("yen", Decimal(value) * scale * factor, "yen"), mark + written


@given(rates)
def test_rates_read_back(value: Decimal) -> None:
    for written in (f"{value}%", f"{value} %", f"{value}％", f"{value}%".translate(FULL), f"{value}パーセント"):
        assert only(written) == ("percent", value, "percent"), written


@pytest.mark.parametrize(
    ("written", "percent"),
    [("5割", "50"), ("５割", "50"), ("五割", "50"), ("8割5分", "85"), ("九割", "90"), ("10割", "100"), ("0.5割", "5")],
)
def test_tenths_are_tens_of_percent(written: str, percent: str) -> None:
    assert only(written) == ("percent", Decimal(percent), "percent")


@given(yen, st.sampled_from(["▲", "△", "▲ ", "△　"]))
def test_triangles_are_minus_signs(value: int, sign: str) -> None:
    assert only(f"差引{sign}{value:,}円")[1] == -Decimal(value)
    assert parse_cell(f"{sign}{value:,}").value == -Decimal(value)


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from(COUNTERS))
def test_counts_keep_their_counter(value: int, counter: str) -> None:
    kind, read, unit = only(f"延べ{value:,}{counter}")
    assert (kind, read, unit) == ("count", Decimal(value), counter)


@given(plain_text, yen, plain_text)
def test_the_place_of_an_amount_is_where_it_stands(before: str, value: int, after: str) -> None:
    text = f"{before}{value:,}円{after}"
    (found,) = find_amounts(text)
    assert text[found.start : found.end] == found.printed == f"{value:,}円"


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_and_every_amount_is_printed_there(text: str) -> None:
    for amount in find_amounts(text):
        assert 0 <= amount.start < amount.end <= len(text)
        assert amount.printed in text[amount.start : amount.end]


@given(st.text(max_size=40))
def test_half_width_keeps_every_position(text: str) -> None:
    assert len(half_width(text)) == len(text)


@pytest.mark.parametrize("text", ["一般会計", "三世代交流", "千葉県", "百貨店", "四季の森", "予算額", "", "第一に"])
def test_kanji_words_are_no_amounts(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("予算12,182千円、決算11,770千円（執行率96.6%）", ["12182000", "11770000", "96.6"]),
        ("５か所で１０回、延べ1,234人", ["5", "10", "1234"]),
        ("100万円以上500万円未満", ["1000000", "5000000"]),
        ("9,200 千円", ["9200000"]),
        ("2,276 360", ["2276", "360"]),
        ("1,00", ["1", "0"]),
    ],
)
def test_several_amounts_keep_their_order(text: str, values: list[str]) -> None:
    assert [str(a.value) for a in find_amounts(text)] == values


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("", "blank", None),
        ("   ", "blank", None),
        ("　", "blank", None),
        ("-", "dash", None),
        ("－", "dash", None),
        ("―", "dash", None),
        ("ー", "dash", None),
        ("…", "dash", None),
        ("皆減", "dash", None),
        ("0", "value", "0"),
        ("０", "value", "0"),
        ("0.0%", "value", "0.0"),
        ("▲ 11,144", "value", "-11144"),
        ("△11,144", "value", "-11144"),
        ("-11,144", "value", "-11144"),
        ("＋5", "value", "5"),
        ("100.0％", "value", "100.0"),
        ("実施済み", "words", None),
        ("12人", "words", None),
        ("約100", "words", None),
        ("1,2,3", "words", None),
    ],
)
def test_blank_dash_zero_and_words_are_four_things(cell: str, kind: str, value: str | None) -> None:
    read = parse_cell(cell)
    assert read.kind == kind
    assert read.value == (None if value is None else Decimal(value))


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_cells_read_back(value: int) -> None:
    sign = "▲" if value < 0 else ""
    for written in (f"{sign}{abs(value):,}", f"{sign} {abs(value)}", f"{sign}{abs(value):,}".translate(FULL)):
        cell = parse_cell(written)
        assert (cell.kind, cell.value) == ("value", Decimal(value)), written


@pytest.mark.parametrize(
    ("note", "scale"),
    [
        ("（単位：千円）", 1000),
        ("(単位 百万円)", 10**6),
        ("単位:円", 1),
        ("【単位　億円】", 10**8),
        ("予算額（千円）", 1000),
        ("（単位：人）", None),
        ("予算額", None),
        ("12千円", None),
    ],
)
def test_unit_notes(note: str, scale: int | None) -> None:
    assert find_unit_yen(note) == scale


@pytest.mark.parametrize("text", ["円", "万", "億千", "1千2千", "2万3億", "三2"])
def test_what_is_no_numeral_has_no_value(text: str) -> None:
    assert parse_numeral(text) is None


@given(positive)
def test_a_numeral_in_kanji_digits_alone(value: int) -> None:
    assert parse_numeral(str(value).translate(KANJI)) == Decimal(value)


@given(yen)
def test_yen_text_is_read_back(value: int) -> None:
    for signed in (Decimal(value), -Decimal(value)):
        assert only(yen_text(signed))[1] == signed
