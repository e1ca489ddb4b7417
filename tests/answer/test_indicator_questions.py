"""Indicators within bounds, of rows within bounds, by group, and the rows that indicators pick.

What is expected was counted by hand in the tables of 事業指標 of the settlement of 令和4年度.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, settled_2022, value

from answer.told_places import with_names_told
from answer.types import Plan
from index.library import Library
from records import Figure

# The projects of which at least one indicator of 令和4年度 missed its target.
MISSED = (
    "災害に強い区づくり事業",
    "地域安全安心普及推進事業",
    "安全で安心な食と生活環境支援事業",
    "旭ふれあい区民まつり",
    "街の美化運動事業",
    "区民スポーツ事業",
    "文化芸術による心の豊かさ推進事業",
    "読書活動推進事業",
    "子育て支援情報提供事業",
    "子育て・若者支援事業",
    "地域のつながりづくりに向けた民生委員の活動支援事業",
    "高齢者生きがいづくり支援事業",
    "障害者ネットワーク推進事業",
    "商店街振興事業",
)


def values(figures: tuple[Figure, ...], metric: str) -> list[Decimal]:
    return sorted(f.value for f in figures if f.metric == metric)


@pytest.mark.parametrize(
    ("question", "metric", "expected"),
    [
        (
            "令和4年度に目標が100人以上の指標は？",
            "indicator_target",
            [100, 120, 120, 125, 300, 900, 1400, 2000, 10500, 20000, 55000],
        ),
        ("令和4年度の実績が1000人を超えた指標は？", "indicator_result", [1232, 2036, 3424, 4314, 11660, 35000]),
        ("令和4年度の目標が10回以上の事業は？", "indicator_target", [12, 12, 36, 78, 80, 93, 112, 300, 2000]),
        ("令和4年度に成果が95%を下回った指標は？", "indicator_result", [92]),
        ("令和5年度の目標が95％以上の指標は？", "indicator_target", [95, 95, 98, 100, 100]),
        ("令和4年度に目標を1000人以上下回った指標は？", "indicator_result", [3424, 11660, 35000]),
    ],
)
def test_bounds_on_what_was_aimed_at_and_reached(ask: Ask, question: str, metric: str, expected: list[int]) -> None:
    assert values(ask(question).figures, metric) == [Decimal(n) for n in expected]


def test_part_of_a_target_is_no_verdict(ask: Ask) -> None:
    """Those that reached 92 or 84 percent of it belong to 「80%以上を達成した」 too."""
    names = {f.label for f in ask("令和4年度に目標の80%以上を達成した指標").figures}
    assert "地域と協働した清掃活動の実施" in names
    assert "旭区民スポーツ祭参加者総数" not in names


@pytest.mark.parametrize(
    ("question", "kept", "left"),
    [
        ("令和4年度の予算1000万円以上の事業で目標を達成できなかったのは？", "地区連合", "ハチ駆除講習会"),
        ("令和4年度に執行率が95%以上なのに目標を達成できなかった事業は？", "地区連合", "ハチ駆除講習会"),
        ("令和4年度に執行率が90%未満だった事業のうち、目標を達成できなかったものは？", "ハチ駆除講習会", "地区連合"),
    ],
)
def test_bounds_on_rows_are_kept_beside_a_verdict(ask: Ask, question: str, kept: str, left: str) -> None:
    answer = ask(question)
    assert kept in answer.text
    assert left not in answer.text


def test_rows_that_indicators_pick_are_added_up(ask: Ask, library: Library) -> None:
    answer = ask("令和4年度に目標を達成できなかった事業の決算の合計は？")
    rows = {row.name: row for row in settled_2022(library)}
    assert answer.computation is not None
    assert answer.computation.value == sum(value(library, rows[name], "settled") for name in MISSED)


def test_rows_that_indicators_pick_are_counted(ask: Ask) -> None:
    answer = ask("令和4年度に目標を達成できなかった事業は何事業？")
    assert answer.computation is not None
    assert answer.computation.value == len(MISSED)


def test_indicators_of_the_first_of_an_order(ask: Ask) -> None:
    answer = ask("令和4年度の執行率が一番低い事業の事業指標は？")
    assert "一時託児サービス事業" in answer.text
    assert "災害に強い" not in answer.text


def test_by_department_and_pillar(ask: Ask) -> None:
    by_department = ask("令和4年度の課ごとの目標達成率は？").text
    assert "生活衛生課: 達成2件、未達3件" in by_department
    assert "区政推進課: 達成6件、未達0件" in by_department
    first = ask("令和4年度に目標を達成した割合が一番高い課は？")
    assert "区政推進課" in first.text
    assert "生活衛生課" not in first.text


def test_all_and_none_of_a_projects_targets(ask: Ask) -> None:
    """障害者ネットワーク met some and missed some: it is in neither list."""
    every = ask("令和4年度に目標をすべて達成した事業は？").text
    none = ask("令和4年度に目標を一つも達成できなかった事業は？").text
    assert "青少年健全育成事業" in every
    assert "青少年健全育成事業" not in none
    assert "街の美化運動事業" in none
    assert "街の美化運動事業" not in every
    assert "障害者ネットワーク推進事業" not in every + none


def test_the_number_of_indicators_is_no_bound(ask: Ask) -> None:
    assert ask("指標が5つ以上ある事業は？").status == "not_found"


NAMES = ("甲事業", "乙事業", "丙事業")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("3位の執行率は？", "丙事業の執行率は？"),
        ("2番目に挙がった事業の細事業を教えて", "乙事業の細事業を教えて"),
        ("最後に挙がったものの5年度予算は？", "丙事業の5年度予算は？"),
        ("1位はどの課の担当ですか", "甲事業はどの課の担当ですか"),
        ("この3つを合わせるといくら", "それらの事業を合わせるといくら"),
        ("その合計は全体の何%？", "それらの事業は全体の何%？"),
        ("2番目は？", "2番目は？"),
        ("3番目に低いのは？", "3番目に低いのは？"),
        ("7位の執行率は？", "7位の執行率は？"),
        ("この2つを合わせるといくら", "この2つを合わせるといくら"),
    ],
)
def test_places_in_the_answer_before(question: str, told: str) -> None:
    assert with_names_told(question, Plan("rank"), NAMES, lambda name: ()) == told


def test_the_gap_of_two_rows_told(ask: Ask) -> None:
    answer = ask("2つの差額はいくら", "令和5年度予算の自主企画事業トップ2は")
    assert answer.computation is not None
    assert answer.computation.value == 2_045_000


def test_the_project_that_has_a_part(ask: Ask) -> None:
    answer = ask("それを含む事業全体の決算は", "令和4年度の親子歯みがき教室の決算額を知りたいです")
    assert [(f.value, f.fiscal_year) for f in answer.figures] == [(Decimal(2_359_000), 2022)]


def test_among_the_projects_told(ask: Ask) -> None:
    answer = ask("それらの事業の中で執行率が一番高いのは？", "令和4年度の執行率が80%未満の事業は")
    assert [f.value for f in answer.figures if f.metric == "execution_rate"] == [Decimal("79.2")]


@pytest.mark.parametrize("category", ["自主企画事業", "統合事業費の事業"])
def test_so_many_of_a_category(ask: Ask, category: str) -> None:
    assert len(ask(f"令和4年度の予算が多い{category}を3つ挙げてください").figures) == 3


def test_what_a_sum_told_is_of_the_whole(ask: Ask) -> None:
    history = ("令和4年度予算額の上位3つの自主企画事業は？", "3つの合計は？")
    answer = ask("その合計は自主企画事業費全体の何％ですか", *history)
    assert answer.computation is not None
    assert answer.computation.value == Decimal("27.6")


@pytest.mark.parametrize(
    ("before", "question", "share"),
    [
        ("令和4年度の自主企画事業費の決算総額は", "「地域の力」の割合は？", "47.9"),
        ("令和4年度、区庁舎・区民利用施設管理費の予算は", "個性ある区づくり推進費全体に占める割合は？", "81.7"),
    ],
)
def test_what_is_the_part_and_what_the_whole(ask: Ask, before: str, question: str, share: str) -> None:
    answer = ask(question, before)
    assert answer.computation is not None
    assert answer.computation.value == Decimal(share)


def test_figures_of_the_projects_that_went(ask: Ask) -> None:
    answer = ask("なくなった事業の令和4年度決算の合計は？")
    assert len(answer.figures) == 9


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("令和4年度に達成できなかった目標が一番多い事業は？", "・子育て・若者支援事業: 達成3件、未達7件"),
        ("令和4年度に指標が一番多い事業は？", "・子育て・若者支援事業: 達成3件、未達7件、数字で比べられないもの2件"),
        ("令和4年度の達成率トップ3の指標は？", "・障害者ネットワーク推進事業 精神保健福祉セミナーの再生回数: "),
    ],
)
def test_first_of_an_order_by_indicators(ask: Ask, question: str, first: str) -> None:
    assert ask(question).text.splitlines()[1].startswith(first)


def test_without_a_result(ask: Ask) -> None:
    lines = [line for line in ask("令和4年度の成果が書かれていない指標は？").text.splitlines() if line.startswith("・")]
    assert len(lines) == 12
    assert all("成果 記載なし" in line for line in lines)


def test_short_of_the_target_is_no_result(ask: Ask) -> None:
    answer = ask("商店街PR動画の視聴数は何回足りなかった？")
    assert answer.computation is not None
    assert answer.computation.value == 176


def test_met_and_missed_are_both_counted(ask: Ask) -> None:
    text = ask("令和4年度に目標を達成した指標は全部で何件で、未達は何件？").text
    assert "目標を達成したもの30件、届かなかったもの28件" in text


def test_projects_without_indicators_are_not_looked_for(ask: Ask) -> None:
    assert ask("事業指標がない事業はある？").status == "not_found"


@pytest.mark.parametrize(
    ("question", "count"), [("r4 しっこうりつ 50%いか", 4), ("R5 新規 一覧", 2), ("R4 執行率 80%みまん", 8)]
)
def test_keywords_in_kana(ask: Ask, question: str, count: int) -> None:
    computation = ask(question).computation
    assert computation is not None
    assert computation.matched == count
