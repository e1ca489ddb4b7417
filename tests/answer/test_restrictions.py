"""No restriction is lost: with one the answer differs from that without it, or it is refused.

Each pair is one question, with and without words that narrow it so that another answer is right.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask

from answer.types import Answer

_NARROWED = (
    "防災関係で、{}",
    "地域振興課で、{}",
    "統合事業費の中で、{}",
    "安全・安心の柱では、{}",
    "{}（地域振興課分だけ）",
)
_ASKED = (
    "令和4年度の決算の合計は？",
    "令和4年度の事業は何件？",
    "令和4年度の平均執行率は？",
    "令和4年度に予算オーバーした事業は？",
    "令和4年度の予算トップ3の合計は？",
)
_OF_ROWS = (
    "令和4年度の{}事業の決算の合計は？",
    "令和4年度の{}事業は何件ありますか",
    "令和4年度の{}事業の平均執行率",
    "令和4年度の{}事業の決算は全体の何%？",
    "令和4年度の{}事業で目標を達成できなかったのは？",
    "令和4年度の{}事業を課ごとに数えて",
)
_KINDS = ("執行率80%未満の", "予算300万円以上の", "細事業のない", "名前に推進が入る", "地域の力の")


def _told(answer: Answer) -> tuple[object, ...]:
    value = answer.computation.value if answer.computation else None
    return (*((f.figure_id, f.value) for f in answer.figures), value)


@pytest.mark.parametrize("question", _ASKED)
@pytest.mark.parametrize("narrowed", _NARROWED)
def test_narrowed_before_or_behind(ask: Ask, narrowed: str, question: str) -> None:
    answer = ask(narrowed.format(question))
    assert answer.status != "answered" or _told(answer) != _told(ask(question))


@pytest.mark.parametrize("question", _OF_ROWS)
@pytest.mark.parametrize("kind", _KINDS)
def test_narrowed_rows(ask: Ask, kind: str, question: str) -> None:
    answer = ask(question.format(kind))
    assert answer.status != "answered" or _told(answer) != _told(ask(question.format("")))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("令和4年度から令和5年度で事業は何件減った？", 7),
        ("地域振興課の事業は令和5年度に何件減りましたか", 4),
        ("魅力づくりの事業は令和4年度から何件減った？", 2),
        ("令和5年度の新規事業の予算の合計と件数", 9_266_000),
        ("令和5年度の新規事業の予算は全体の何%？", Decimal("7.0")),
        ("廃止された事業の令和4年度予算は自主企画事業費の何%？", Decimal("21.9")),
        ("予算の増加率が一番高い課は？", Decimal("10.6")),
        ("令和4年度の細事業のない事業は何件ありますか", 9),
    ],
)
def test_what_they_come_to(ask: Ask, question: str, value: Decimal | int) -> None:
    computation = ask(question).computation
    assert computation is not None
    assert computation.value is not None
    assert abs(computation.value) == value


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の新規の事業の決算は全体の何%？",
        "令和4年度に不用額が出た事業のうち、上位5つで全体の何%を占める？",
        "予算が500万円以上のものに限ると、令和4年度の決算は令和5年度の予算より多い？",
    ],
)
def test_refused_rather_than_told_of_all(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status == "not_found"
    assert "表示を取りやめました" not in answer.text


def test_two_things_of_two_years(ask: Ask) -> None:
    answer = ask("令和4年度の災害に強い区づくり事業と、令和5年度の地域安全安心普及推進事業の予算はいくら違う？")
    assert {(f.value, f.fiscal_year) for f in answer.figures} == {
        (Decimal(12_182_000), 2022),
        (Decimal(10_276_000), 2023),
    }
    assert answer.computation is not None
    assert answer.computation.value == 1_906_000


def test_a_mean_against_the_mean_of_all_is_no_list_of_rows(ask: Ask) -> None:
    assert ask("地域振興課の令和4年度の平均執行率は全体の平均より高い？").status == "not_found"


def test_a_ward_of_which_there_is_nothing(ask: Ask) -> None:
    answer = ask("青葉区は？", "令和4年度の旭区広報事業の予算は")
    assert (answer.status, answer.reason) == ("not_found", "no_document")


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("令和4年度の旭区広報事業の予算は", "違う、広報よこはまの方", [9_143_000]),
        ("令和4年度の旭区広報事業の予算は", "違う、令和5年度の方", [3_615_000]),
    ],
)
def test_corrected(ask: Ask, before: str, question: str, expected: list[int]) -> None:
    assert [f.value for f in ask(question, before).figures] == expected


def test_the_other_way(ask: Ask) -> None:
    answer = ask("逆に足りなかったのは？", "令和4年度に予算が余った事業は何件？")
    assert answer.computation is not None
    assert answer.computation.value == 3


def test_the_department_with_most_of_the_rows_told(ask: Ask) -> None:
    answer = ask("一番多い課は？", "令和4年度の執行率が80%未満の事業は")
    assert "地域振興課: 4件" in answer.text


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("令和4年度の魅力づくりの柱の事業を予算順に", "budget"),
        ("令和4年度の事業を執行率順に並べて", "execution_rate"),
        ("令和4年度の総務課の事業を決算の順で", "settled"),
    ],
)
def test_in_order_of_a_column(ask: Ask, question: str, metric: str) -> None:
    values = [f.value for f in ask(question).figures if f.metric == metric]
    assert len(values) > 1
    assert values == sorted(values, reverse=True)


def test_what_was_left_is_bounded_and_not_the_budget(ask: Ask) -> None:
    answer = ask("令和4年度の統合事業費の事業で100万円を超えて余ったのは？")
    assert [(f.metric, f.value) for f in answer.figures] == [("difference", Decimal(1_091_000))]


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (
            ("大阪市旭区の「地域防災・減災力の強化」、令和3年度の予算は？",),
            "横浜市旭区の災害に強い区づくり事業は令和4年度でいくら？",
            [12_182_000],
        ),
        (
            ("令和4年度の予算が一番多い自主企画事業は",),
            "その事業の令和4年度予算を細事業に分けると？",
            [1_347_000, 8_448_000, 289_000, 150_000, 810_000, 647_000, 491_000],
        ),
    ],
)
def test_the_column_goes_on(ask: Ask, history: tuple[str, ...], question: str, expected: list[int]) -> None:
    assert [f.value for f in ask(question, *history).figures] == expected


def test_the_share_of_a_target_in_a_conversation(ask: Ask) -> None:
    answer = ask("じゃあ実績は目標の何％になる？", "令和4年度の旭ふれあい区民まつりの来場者は何人", "目標は何人？")
    assert answer.computation is not None
    assert answer.computation.value == Decimal("63.6")


def test_departments_of_the_projects_that_changed(ask: Ask) -> None:
    lines = ask("令和4年度から令和5年度で予算が2割以上減った事業の担当課は？").text.splitlines()
    assert next(line for line in lines if line.startswith("・青少年指導員事業")).endswith("（地域振興課）")


@pytest.mark.parametrize(
    ("before", "question", "value"),
    [
        ("令和4年度の執行率ワースト3は", "1位と3位の差は？", "35.0"),
        ("令和5年度の課ごとの予算を多い順に", "3位の課の事業は何件？", "5"),
    ],
)
def test_places_told(ask: Ask, before: str, question: str, value: str) -> None:
    computation = ask(question, before).computation
    assert computation is not None
    assert computation.value == Decimal(value)


def test_numbers_of_the_rows_told_by_department(ask: Ask) -> None:
    assert "・地域振興課: 4件" in ask("課ごとの件数は？", "令和4年度に執行率が80%未満の事業は").text


def test_the_budget_less_what_was_spent(ask: Ask) -> None:
    answer = ask("令和4年度の健康づくり月間、予算から決算を引いた残りは？")
    assert [(f.metric, f.value) for f in answer.figures] == [("difference", Decimal(10_000))]
    answer = ask("令和4年度、予算から決算を差し引いた額が一番大きい事業は？")
    assert [f.value for f in answer.figures if f.metric == "difference"] == [Decimal(1_091_000)]
