"""The tables of a budget (第１表, 第２表) as text laid out by spaces, with page turns inside them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from made_documents import read, yen

from records import Extraction

TITLE = "令和８年度　青葉市一般会計予算\n\n"
HEADINGS = f"{'':13}款{'':23}項{'':41}金　　額\n{'':80}千円\n"
BROKEN_HEADINGS = f"{'':13}款{'':23}項\n{'':79}金　　額\n{'':80}千円\n"


def chapter(number: int, name: str, amount: str) -> str:
    """A 款: its number and amount stand on the line below its name."""
    return f"{'':12}{name}\n{f'{number}':>11}{amount:>{84 - 11}}\n"


def item(number: int, name: str, amount: str) -> str:
    text = f"{'':19}{number} {name}"
    return f"{text}{amount:>{84 - len(text)}}\n"


def page(number: int, rows: str, headings: str = HEADINGS) -> str:
    return headings + rows + f"{'':44}- {number} -\n"


def total(words: str, amount: str) -> str:
    return f"{'':26}{words}\n{amount:>84}\n"


FIRST = (
    chapter(1, "市税", "5,000")
    + item(1, "市民税", "3,000")
    + item(2, "固定資産税", "2,000")
    + chapter(2, "地方特例交付金", "458")
)
SECOND = (
    item(1, "地方特例交付金", "453")
    + f"{'':21}感染症対策減収補塡特別\n{'':19}2{'5':>64}\n{'':21}交付金\n"
    + chapter(3, "地方交付税", "200")
    + item(1, "地方交付税", "200")
    + chapter(4, "繰入金", "2,140")
    + item(1, "特別会計繰入金", "130")
)
THIRD = (
    item(2, "基金繰入金", "2,010")
    + chapter(5, "繰越金", "1,000")
    + item(1, "繰越金", "1,000")
    + total("歳　　入　　合　　計", "8,798")
)
EXPENDITURE = chapter(1, "議会費", "488") + item(1, "議会費", "488") + chapter(2, "総務費", "9,616")
REST = (item(1, "総務管理費", "9,616") + chapter(3, "予備費", "100") + item(1, "予備費", "100")) + total(
    "歳　　出　　合　　計", "10,204"
)


def sections(extraction: Extraction) -> dict[str, Decimal]:
    return {figure.section or "": figure.value for figure in extraction.figures}


@pytest.mark.parametrize("headings", [HEADINGS, BROKEN_HEADINGS])
def test_a_table_goes_on_over_page_turns(headings: str) -> None:
    text = TITLE + f"{'':12}歳　　入\n" + page(1, FIRST) + page(2, SECOND, headings) + page(3, THIRD)
    text += f"{'':12}歳　　出\n" + page(4, EXPENDITURE, headings) + page(5, REST, headings)
    read_budget = read("budget.txt", text)
    assert sections(read_budget) == {
        "市税": yen(5000),
        "市税 ／ 市民税": yen(3000),
        "市税 ／ 固定資産税": yen(2000),
        "地方特例交付金": yen(458),
        "地方特例交付金 ／ 地方特例交付金": yen(453),
        "地方特例交付金 ／ 感染症対策減収補塡特別交付金": yen(5),
        "地方交付税": yen(200),
        "地方交付税 ／ 地方交付税": yen(200),
        "繰入金": yen(2140),
        "繰入金 ／ 特別会計繰入金": yen(130),
        "繰入金 ／ 基金繰入金": yen(2010),
        "繰越金": yen(1000),
        "繰越金 ／ 繰越金": yen(1000),
        "歳入合計": yen(8798),
        "議会費": yen(488),
        "議会費 ／ 議会費": yen(488),
        "総務費": yen(9616),
        "総務費 ／ 総務管理費": yen(9616),
        "予備費": yen(100),
        "予備費 ／ 予備費": yen(100),
        "歳出合計": yen(10204),
    }
    assert read_budget.warnings == ()
    for figure in read_budget.figures:
        lines = read_budget.lines[figure.source.line_start - 1 : figure.source.line_end]
        assert any(figure.printed in line for line in lines)


def test_items_that_do_not_go_on_get_no_chapter_of_the_page_before() -> None:
    text = TITLE + page(1, FIRST + item(1, "減収補塡", "458")) + page(2, item(4, "使用料", "30") + THIRD)
    assert sections(read("budget.txt", text))["使用料"] == yen(30)
