"""Bounds that questions set, beyond one amount and one word of comparison."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask

from answer.interpret import interpreted
from answer.service import Engine
from answer.types import ChangeBound

# Two questions that ask the same; the first was refused, or answered with other rows.
SAME = [
    ("令和4年度に100万円以上余らせた事業は？", "令和4年度に差引が100万円以上の事業は？"),
    ("令和4年度、予算の半分以上が残った事業", "令和4年度に執行率が50%以下の事業は？"),
    ("令和4年度に執行率が3割にも達しなかった事業", "令和4年度に執行率が30%未満の事業は？"),
    ("令和4年度に執行率が50％を下まわった事業", "令和4年度に執行率が50%未満の事業は？"),
    ("令和4年度に決算が予算の1.2倍以上になった事業", "令和4年度に執行率が120%以上の事業は？"),
    ("令和4年度、予算の1.5倍を超えて使った事業", "令和4年度に執行率が150%を超えた事業は？"),
    ("令和4年度、予算を1円も残さなかった事業", "令和4年度に予算を使い切った事業は？"),
    ("令和4年度に予算をはみ出した事業はどれですか", "令和4年度に予算を超えた事業は？"),
    ("令和4年度に予算枠を上回って支出した事業を知りたいです", "令和4年度に予算を超えた事業は？"),
    ("令和4年度の決算で予算内に収まらなかった事業を教えてください", "令和4年度に予算を超えた事業は？"),
    ("令和4年度に決算額が予算額の半分に届かなかった事業", "令和4年度に執行率が50%未満の事業は？"),
    ("令和4年度決算で100万円を超える不用額を計上した事業はどれですか。", "令和4年度に差引が100万円を超える事業は？"),
    ("令和5年度、7月末になっても予算の2割すら執行できていない事業", "令和5年度に執行率が20%未満の事業は？"),
    (
        "予算より余計にお金がかかってしまった事業を、令和4年度の決算から拾ってください。",
        "令和4年度に予算を超えた事業は？",
    ),
    ("令和5年度に執行額が0の事業は？", "令和5年度に執行額がゼロの事業は？"),
    ("令和4年度の差引が0だった事業は？", "令和4年度に予算を使い切った事業は？"),
    ("両年度とも執行率が90%以上の事業", "令和4年度と令和5年度のどちらも執行率が90%以上の事業"),
    (
        "令和4年度の決算でも令和5年度の7月末でも執行率が100％になっている事業はありますか。",
        "令和4年度と令和5年度のどちらも執行率が100%の事業",
    ),
    ("令和4年度の執行率が94.4%以下（94.4%ちょうどを含む）の事業", "令和4年度の執行率が94.4%以下の事業"),
    ("一円も余らせず予算とぴったり同額を使った事業、令和4年度", "令和4年度に予算を使い切った事業は？"),
    (
        "令和4年度の「地域の力」の事業で、地域振興課が担当に入っておらず、予算が300万円以上あるもの",
        "令和4年度の「地域の力」の柱の事業のうち、地域振興課以外で予算が300万円以上のもの",
    ),
    ("令和4年度に20万円も使わなかった事業は？", "令和4年度に決算額が20万円未満の事業は？"),
]


def _rows(ask: Ask, question: str) -> set[tuple[str | None, int]]:
    answer = ask(question)
    assert answer.status == "answered", question
    return {(f.project_id, f.fiscal_year) for f in answer.figures}


@pytest.mark.parametrize(("question", "plain"), SAME)
def test_the_same_rows(ask: Ask, question: str, plain: str) -> None:
    assert _rows(ask, question) == _rows(ask, plain)


def test_either_of_two_bounds(ask: Ask) -> None:
    low = _rows(ask, "令和4年度に執行率が50%未満の事業は？")
    high = _rows(ask, "令和4年度に執行率が100%を超えた事業は？")
    assert _rows(ask, "令和4年度に執行率が50%未満または100%超の事業は？") == low | high
    assert _rows(ask, "令和4年度に執行率が50%未満か100%超の事業は？") == low | high


def test_both_bounds(ask: Ask) -> None:
    large = _rows(ask, "令和4年度に予算が1千万円以上の事業は？")
    well = _rows(ask, "令和4年度に執行率が95%以上の事業は？")
    assert _rows(ask, "令和4年度、予算が1千万円以上かつ執行率が95％以上") == large & well


def test_a_bound_that_is_another_row(ask: Ask) -> None:
    answer = ask("令和4年度、商店街振興事業より執行率が低い事業")
    below = _rows(ask, "令和4年度に執行率が98.0%未満の事業は？")
    assert {(f.project_id, f.fiscal_year) for f in answer.figures} == below
    assert "98.0" in answer.text


def test_a_bound_that_is_the_mean(ask: Ask) -> None:
    answer = ask("令和4年度で執行率が平均を下回った事業")
    rates = [f.value for f in ask("令和4年度の事業を執行率が高い順に並べて").figures if f.metric == "execution_rate"]
    mean = (sum(rates) / len(rates)).quantize(Decimal("0.1"))
    assert str(mean) in answer.text
    assert {f.value for f in answer.figures if f.metric == "execution_rate"} == {r for r in rates if r < mean}


def test_each_year_its_own_bound(ask: Ask) -> None:
    answer = ask("令和4年度は執行率50%未満で令和5年度も50%未満の事業")
    assert {f.fiscal_year for f in answer.figures} == {2022, 2023}
    assert {f.value for f in answer.figures if f.fiscal_year == 2022} == {Decimal("47.5"), Decimal("43.2")}


@pytest.mark.parametrize(
    ("question", "bound"),
    [
        ("令和5年度の予算が前年度の8割以下になった事業", ChangeBound("le", Decimal("0.8"), "times")),
        ("令和5年度に予算が倍増した事業は？", ChangeBound("ge", Decimal(2), "times")),
        ("令和5年度に予算が2割以上増えた事業", ChangeBound("ge", Decimal(20), "percent")),
        ("令和5年度の予算が100万円以上で、前年度から20%以上減った事業は", ChangeBound("ge", Decimal(20), "percent")),
    ],
)
def test_bounds_on_a_change(engine: Engine, question: str, bound: ChangeBound) -> None:
    assert engine.plan(question).change_bounds == (bound,)


def test_a_state_is_asked_of_what_changed(ask: Ask) -> None:
    """The rate of the end of July ranks; what fell by a fifth is found in both years."""
    answer = ask("令和5年度に予算が2割以上減った事業のなかで、7月末の執行率が一番高いのは？")
    assert [(f.fiscal_year, f.metric, f.value) for f in answer.figures] == [(2023, "execution_rate", Decimal(100))]


def test_a_change_within_a_range(engine: Engine) -> None:
    plan = engine.plan("前年度と比べて令和5年度予算の減り幅が10%以上30%以下だった事業")
    assert plan.direction == "down"
    assert plan.change_bounds == (ChangeBound("ge", Decimal(10), "percent"), ChangeBound("le", Decimal(30), "percent"))
    assert "増減が10%以上" in interpreted(plan)


@pytest.mark.parametrize(
    "question",
    [
        "2023年7月末までにまだ2割も使ってない事業ってどれ",
        "令和5年度、2割も執行できていない事業",
        "令和5年度に2割も使えていない事業",
    ],
)
def test_not_even_so_much(engine: Engine, question: str) -> None:
    (condition,) = engine.plan(question).conditions
    assert (condition.metric, condition.comparator, condition.value) == ("execution_rate", "lt", Decimal(20))


def test_an_asked_amount_is_no_bound(engine: Engine) -> None:
    assert engine.plan("学校・家庭・地域連携事業の5年度予算は何千円ですか").conditions == ()


def test_one_years_column_against_anothers_other(ask: Ask, engine: Engine) -> None:
    answer = ask("スポーツ推進委員支援費の令和5年度予算は、令和4年度の決算より何円多いか。")
    assert {(f.fiscal_year, f.metric, f.value) for f in answer.figures} == {
        (2022, "settled", Decimal(2_278_000)),
        (2023, "budget", Decimal(4_705_000)),
    }
    assert answer.computation is not None
    assert answer.computation.value == Decimal(2_427_000)
    plan = engine.plan("令和5年度の予算が令和4年度の決算を下回る事業を挙げて")
    assert (plan.operation, plan.direction) == ("change", "down")
    assert plan.columns == ((2022, "settled"), (2023, "budget"))


def test_what_went_beyond_the_budgets_adds_up_without_its_sign(ask: Ask) -> None:
    answer = ask("令和4年度に予算を超えて支出した事業、その超過額を全部合わせるといくらになるか")
    assert [f.value for f in answer.figures if f.metric == "difference"]
    assert all(f.value < 0 for f in answer.figures)
    assert answer.computation is not None
    assert answer.computation.value == -sum(f.value for f in answer.figures)


def test_years_added_up(ask: Ask) -> None:
    answer = ask("こんにちは赤ちゃん訪問の記念品の予算、令和4年度と5年度の2年分でいくらですか？")
    assert [f.value for f in answer.figures] == [Decimal(520_000), Decimal(488_000)]
    assert answer.computation is not None
    assert answer.computation.value == Decimal(1_008_000)


def test_one_printed_total_without_another(ask: Ask) -> None:
    answer = ask(
        "令和4年度の個性ある区づくり推進費の決算額から区庁舎・区民利用施設管理費を除くと、いくらになりますか。"
    )
    assert [f.value for f in answer.figures] == [Decimal(835_000_771), Decimal(686_860_383)]
    assert answer.computation is not None
    assert answer.computation.value == Decimal(148_140_388)


def test_the_gap_between_a_target_and_its_result(ask: Ask) -> None:
    answer = ask("老人クラブの新規加入者数は、令和4年度、目標に何人及びませんでしたか。")
    assert [f.value for f in answer.figures] == [900, 605]
    assert answer.computation is not None
    assert (answer.computation.value, answer.computation.unit) == (295, "人")


def test_a_difference_below_zero_keeps_its_sign_where_no_excess_is_asked_for(ask: Ask) -> None:
    answer = ask("令和4年度の読書活動推進事業と区民に身近で信頼される区役所事業の差引の合計は？")
    assert answer.computation is not None
    assert answer.computation.value == sum(f.value for f in answer.figures) < 0


@pytest.mark.parametrize("question", ["令和4年度の予算が5000を超える事業は？", "令和4年度に執行額が300以上の事業は？"])
def test_a_bound_without_a_unit_is_not_guessed(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())
    assert "単位" in answer.text


def test_what_is_asked_beside_a_phrase(ask: Ask) -> None:
    answer = ask("予算より多く使ってしまった事業は令和4年度にありましたか。事業名と執行率を教えてください。")
    assert [(f.metric, str(f.value)) for f in answer.figures] == [
        ("execution_rate", "154.1"),
        ("execution_rate", "124.0"),
        ("execution_rate", "100.2"),
    ]
    assert {f.metric for f in ask("残りがちょうど0円だった事業を令和4年度決算から拾ってほしい").figures} == {
        "difference"
    }


@pytest.mark.parametrize(
    "question", ["令和4年度から令和5年度で予算が半分になった事業は？", "令和5年度に予算が半額以下になった事業は？"]
)
def test_a_budget_that_was_halved_is_no_rate(ask: Ask, question: str) -> None:
    assert {(f.project_id, f.value) for f in ask(question).figures} == {
        (f.project_id, f.value) for f in ask("令和5年度の予算が令和4年度の5割以下に減った事業は？").figures
    }
    answer = ask("旧若葉台西中学校の本格活用検討事業の予算は半分になった？")
    assert {f.metric for f in answer.figures} == {"budget"}
