"""No number reaches a reader that is neither printed in a document nor declared as computed."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import Ask

import answer.checked
from answer.verify import UnprovedNumberError, check_numbers
from ingest.amounts import find_amounts, half_width
from ingest.eras import find_years, fiscal_year_label

FULL = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")


# Amounts that begin as a year is written (1900万円, 2023円) are drawn as often as any other.
thousands = st.integers(min_value=1, max_value=10**7) | st.sampled_from(
    [*range(1900, 2100), *range(19_000, 21_000, 10), *range(190, 210)]
)


def money_forms(thousand_yen: int) -> list[str]:
    """The ways in which one amount of whole thousands can be written."""
    yen = thousand_yen * 1000
    man, rest = divmod(yen, 10_000)
    forms = [
        f"{thousand_yen:,}千円",
        f"{yen:,}円",
        f"{yen}円",
        f"{Decimal(yen) / 10_000:f}万円",
        f"{Decimal(yen) / 100_000_000:f}億円",
        f"▲{thousand_yen:,}千円",
    ]
    if man and rest:
        forms.append(f"{man:,}万{rest:,}円")
    return forms + [form.translate(FULL) for form in forms]


@given(thousands)
def test_one_amount_passes_in_every_form(amount: int) -> None:
    for form in money_forms(amount):
        check_numbers(f"予算額は{form}です。", [Decimal(amount * 1000)], [], [])


@given(thousands, thousands)
def test_another_amount_is_caught_in_every_form(amount: int, other: int) -> None:
    assume(amount != other)
    for form in money_forms(other):
        with pytest.raises(UnprovedNumberError):
            check_numbers(f"予算額は{form}です。", [Decimal(amount * 1000)], [], [])


@given(st.integers(min_value=0, max_value=2000), st.integers(min_value=0, max_value=2000))
def test_rates(first: int, second: int) -> None:
    rate, other = Decimal(first) / 10, Decimal(second) / 10
    for form in (f"{rate}%", f"{rate}％", f"{rate}%".translate(FULL), f"{rate / 10:f}割"):
        check_numbers(f"執行率は{form}です。", [rate], [], [])
        if rate != other:
            with pytest.raises(UnprovedNumberError):
                check_numbers(f"執行率は{form}です。", [other], [], [])


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from(["件", "人", "回", "か所", "団体", "", "番目"]))
def test_counts_and_bare_numbers_are_checked_too(number: int, unit: str) -> None:
    check_numbers(f"全部で{number:,}{unit}", [Decimal(number)], [], [])
    with pytest.raises(UnprovedNumberError):
        check_numbers(f"全部で{number:,}{unit}", [Decimal(number + 1)], [], [])


@pytest.mark.parametrize(
    "text",
    [
        "予算は三千四百五十六万円です",
        "予算は五百円です",
        "約1.2億円です",
        "およそ５割です",
        "八割五分を執行",
        "①は12千円",
        "12人が参加",
        "参加者 12",
        "差は+3.5ポイント",
        "３番目",
        "令和5年度",
        "R5の予算",
        "2023年度",
    ],
)
def test_nothing_passes_without_proof(text: str) -> None:
    with pytest.raises(UnprovedNumberError):
        check_numbers(text, [], [], [])


@given(st.integers(min_value=1990, max_value=2050), st.integers(min_value=1990, max_value=2050))
def test_years_are_checked_apart_from_numbers(year: int, other: int) -> None:
    text = f"{fiscal_year_label(year)}の予算"
    check_numbers(text, [], [], [year])
    if year != other:
        with pytest.raises(UnprovedNumberError):
            check_numbers(text, [Decimal(year), Decimal(year - 2018)], [], [other])


def test_numbers_inside_names_and_quotes_are_the_documents_own() -> None:
    name = "２０２７年国際園芸博覧会へ向けた機運醸成"
    check_numbers(f"「{name}」の予算額は500千円です。", [Decimal(500_000)], [name], [])
    with pytest.raises(UnprovedNumberError):
        check_numbers("「２０２８年国際園芸博覧会」の予算額は500千円です。", [Decimal(500_000)], [name], [])


@given(st.text(max_size=60))
def test_a_text_passes_only_when_it_has_no_number_at_all(text: str) -> None:
    bare = not find_amounts(text) and not find_years(text)
    try:
        check_numbers(text, [], [], [])
    except UnprovedNumberError:
        assert not bare
    else:
        assert not find_amounts(text)


ANSWERED = [
    "令和4年度に執行率が50%を下回った事業は？",
    "令和4年度の災害に強い区づくり事業の予算額は？",
    "令和4年度の総務課の予算額の合計は？",
    "令和4年度の安全・安心の柱の予算額が全体に占める割合は？",
    "地域安全安心普及推進事業の予算は令和4年度と令和5年度でどう変わりましたか？",
    "令和4年度の災害に強い区づくり事業の細事業の内訳は？",
    "令和4年度に目標を達成できなかった事業指標は？",
]


@pytest.mark.parametrize("question", ANSWERED)
def test_an_answer_with_any_digit_changed_is_not_shown(
    ask: Ask, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = ask(question)
    assert honest.status == "answered"
    places = [at for at, character in enumerate(half_width(honest.text)) if character.isdigit()]
    rng = random.Random(question)
    caught = shown = 0
    for at in rng.sample(places, min(12, len(places))):
        digit = int(half_width(honest.text[at]))
        changed = honest.text[:at] + str((digit + 5) % 10) + honest.text[at + 1 :]
        monkeypatch.setattr(answer.checked, "answer_text", lambda *_, text=changed: text)
        given_back = ask(question)
        if given_back.status == "not_found":
            caught += 1
            assert given_back.figures == ()
            assert changed not in given_back.text
        else:
            # The changed number happens to be another figure of the same answer.
            shown += 1
    assert caught > 0
    assert shown <= caught / 4
