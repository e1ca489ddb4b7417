"""Bounds that questions set, beyond one amount and one word of comparison."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask

from answer.service import Engine
from answer.types import ChangeBound

# Two questions that ask the same; the first was refused, or answered with other rows.
SAME = [
    ("令和4年度に100万円以上余らせた事業は？", "令和4年度に差引が100万円以上の事業は？"),
    ("令和4年度、予算の半分以上が残った事業", "令和4年度に執行率が50%以下の事業は？"),
    ("令和4年度に執行率が3割にも達しなかった事業", "令和4年度に執行率が30%未満の事業は？"),
    ("令和4年度に執行率が50％を下まわった事業", "令和4年度に執行率が50%未満の事業は？"),
    ("令和4年度、予算を1円も残さなかった事業", "令和4年度に予算を使い切った事業は？"),
    ("令和4年度に予算をはみ出した事業はどれですか", "令和4年度に予算を超えた事業は？"),
    ("令和4年度に予算枠を上回って支出した事業を知りたいです", "令和4年度に予算を超えた事業は？"),
    ("令和4年度の決算で予算内に収まらなかった事業を教えてください", "令和4年度に予算を超えた事業は？"),
    ("令和4年度に決算額が予算額の半分に届かなかった事業", "令和4年度に執行率が50%未満の事業は？"),
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
    ],
)
def test_bounds_on_a_change(engine: Engine, question: str, bound: ChangeBound) -> None:
    assert engine.plan(question).change_bound == bound


def test_an_asked_amount_is_no_bound(engine: Engine) -> None:
    assert engine.plan("学校・家庭・地域連携事業の5年度予算は何千円ですか").conditions == ()
