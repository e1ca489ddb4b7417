"""The tables of a budget (第１表, 第２表) as text laid out by spaces, with page turns inside them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from made_documents import read, yen

from ingest.tables.budget_forms import find_budget_forms
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


def commitment(*lines: tuple[int, str]) -> str:
    """Lines of the table of commitments: a name, a year or an amount by its column."""
    return "".join(f"{'':{column}}{text}\n" for column, text in lines)


N, P, A = 10, 35, 52
COMMITMENTS = (
    f"{'':10}第２表　　債務負担行為\n{'':56}（単位　千円）\n"
    + f"{'':17}事　　　項\n{'':35}期　　間          限　　度　　額\n"
    # One line of a name in the height of its amount, between the years.
    + commitment((P, "９年度から"), (N, "データ更新業務"), (A, "１２，３４０"), (P, "13年度まで"))
    # Two lines of a name, around all of it.
    + commitment((N, "窓口業務"), (P, "９年度から"), (A, "６１，５００"), (N, "（令和８年度分）"), (P, "11年度まで"))
    # One year: a name above, then two names above and below.
    + commitment((N, "町長選挙準備業務"), (P, "９年度            １１，０００"))
    + commitment((N, "町議選挙準備業務"), (P, "９年度            ３２，１００"))
    + commitment((N, "港公園"), (P, "９年度            １５０，２００"), (N, "設備移転事業"))
    # The name below belongs to the row above where the next one begins with its years.
    + commitment((P, "９年度から"), (N, "公園管理業務"), (A, "２，３０４"), (P, "13年度まで"))
    + commitment((N, "学校配置計画"), (P, "９年度             １８，６００"), (N, "策定業務"))
    + commitment((N, "体育館"), (P, "９年度から"), (A, "７，８９０"), (N, "整 備 事 業"), (P, "13年度まで"))
    # A limit in words is no figure.
    + commitment((N, "記念品"), (P, "９年度から"), (44, "寄附金額に応じた額"), (N, "配布業務"), (P, "11年度まで"))
    + f"{'':36}- 8 -\n"
)


def test_commitments_are_parted_by_their_heights() -> None:
    read_budget = read("budget.txt", TITLE + COMMITMENTS)
    names = {project.project_id: project.name for project in read_budget.projects}
    limits = {names[f.project_id]: f.value for f in read_budget.figures if f.project_id}
    assert limits == {
        "データ更新業務": yen(12340),
        "窓口業務（令和８年度分）": yen(61500),
        "町長選挙準備業務": yen(11000),
        "町議選挙準備業務": yen(32100),
        "港公園設備移転事業": yen(150200),
        "公園管理業務": yen(2304),
        "学校配置計画策定業務": yen(18600),
        "体育館整備事業": yen(7890),
    }
    assert {figure.metric for figure in read_budget.figures} == {"other"}
    assert {figure.label for figure in read_budget.figures} == {"限度額（債務負担行為）"}


BONDS = (
    f"{'':13}第３表　地方債\n{'':89}（単位　千円）\n"
    + f"{'':16}起　債　の　目　的{'':16}限 度 額       起債の方法             利    率           償 還 の 方 法\n"
    # The conditions, of many lines, are printed beside the first row and repeated by ditto marks.
    + f"{'':71}4.0％以内          借入先の融資条件\n"
    + f"{'':53}証書借入方式で借り入れる資金 市財政の都合によ\n"
    + f"{'':12}庁舎管理事業\n{'':43}110,300   又       は しを行った後において 繰上償還をなし又\n"
    + f"{'':53}証券発行率）\n"
    + f"{'':12}車庫改修事業 87,000 同　　上{'':37}同　　　　上\n"
    + f"{'':12}文化センター\n{'':43}160,500    同　　上           同　　　　上\n{'':12}改修事業\n"
    + f"{'':12}地区会館\n{'':44}31,000    同　　上           同　　　　上\n{'':12}用地取得事業\n"
    + f"{'':12}道路整備事業1,300,200 同　　上{'':37}同　　　　上\n"
    + f"{'':12}町 営 住 宅 整 備 事 業{'':17}456,000    同　　上           同　　　　上\n"
    + f"{'':24}計                2,145,000\n"
    + f"{'':54}- 10 -\n"
)


def test_bonds_are_read_up_to_their_conditions() -> None:
    limits = sections(read("budget.txt", TITLE + BONDS))
    assert limits == {
        "庁舎管理事業": yen(110300),
        "車庫改修事業": yen(87000),
        "文化センター改修事業": yen(160500),
        "地区会館用地取得事業": yen(31000),
        "道路整備事業": yen(1300200),
        "町営住宅整備事業": yen(456000),
        "計": yen(2145000),
    }
    assert sum(value for name, value in limits.items() if name != "計") == limits["計"]


def test_commitments_after_a_row_that_cannot_be_parted_are_left_out() -> None:
    broken = COMMITMENTS.replace("13年度まで\n", "", 1)
    (table,) = find_budget_forms(COMMITMENTS.split("\n"))
    assert table.n_rows == 10
    assert find_budget_forms(broken.split("\n")) == []
