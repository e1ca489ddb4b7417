"""Measures against arithmetic done by hand, in the tests' own comments."""

from __future__ import annotations

from decimal import Decimal
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    BENCHMARK_MEASURES,
    bootstrap,
    contains,
    name_key,
    paired_difference,
    ranking_scores,
    same_number,
    set_scores,
)


def scores_of(grades: dict[str, int], ranking: list[str]) -> dict[str, float]:
    scored = ranking_scores({"q": grades}, {"q": ranking}, BENCHMARK_MEASURES)
    return {name: by_query["q"] for name, by_query in scored.items()}


def test_graded_relevance_has_linear_gain() -> None:
    scores = scores_of({"a": 2, "b": 1}, ["b", "x", "a"])
    # gains 1, 0, 2 at ranks 1, 2, 3; the ideal is 2, 1
    gained = 1 / log2(2) + 0 / log2(3) + 2 / log2(4)  # 1 + 0 + 1 = 2
    ideal = 2 / log2(2) + 1 / log2(3)
    assert scores["ndcg@10"] == pytest.approx(gained / ideal, abs=1e-6)
    # exponential gain would give (2**1 - 1 + (2**2 - 1) / 2) / (3 + 1 / log2(3)) instead
    assert scores["ndcg@10"] != pytest.approx((1 + 3 / 2) / (3 + 1 / log2(3)), abs=1e-3)
    assert scores["recall@1"] == 1 / 2
    assert scores["recall@5"] == 1.0
    assert scores["mrr@10"] == 1.0


def test_the_ideal_is_cut_at_k() -> None:
    # Twenty relevant documents, ten places, all ten relevant: nothing better is possible at 10.
    grades = {str(n): 1 for n in range(20)}
    scores = scores_of(grades, [str(n) for n in range(10)])
    assert scores["ndcg@10"] == pytest.approx(1.0)
    assert scores["recall@10"] == 10 / 20


def test_rank_decides_not_the_system_s_ties() -> None:
    # The relevant one is third: 1/3, and 1/log2(4) = 1/2.
    scores = scores_of({"c": 1}, ["a", "b", "c"])
    assert scores["mrr@10"] == pytest.approx(1 / 3)
    assert scores["ndcg@10"] == pytest.approx(1 / 2)
    assert scores["recall@1"] == 0.0


def test_a_query_without_a_ranking_scores_zero_and_one_without_relevant_documents_is_not_counted() -> None:
    scored = ranking_scores(
        {"asked": {"a": 1}, "silent": {"b": 1}, "unjudged": {"c": 0}}, {"asked": ["a"]}, BENCHMARK_MEASURES
    )
    assert scored["mrr@10"] == {"asked": 1.0, "silent": 0.0}


@given(
    st.lists(st.sampled_from("abcde"), unique=True),
    st.dictionaries(st.sampled_from("abcde"), st.integers(1, 3), min_size=1),
)
def test_measures_stay_between_zero_and_one(ranking: list[str], grades: dict[str, int]) -> None:
    assert all(0 <= score <= 1 + 1e-9 for score in scores_of(grades, ranking).values())


def test_set_scores() -> None:
    # 2 of the 4 shown are right, 2 of the 3 wanted are shown.
    assert set_scores(["a", "b", "c"], ["a", "b", "x", "y"]) == (2 / 4, 2 / 3)
    # A row shown twice is one too many: 1 of 2, and all of 1.
    assert set_scores(["a"], ["a", "a"]) == (1 / 2, 1.0)
    assert set_scores(["a"], []) == (0.0, 0.0)
    assert set_scores([], ["a"]) == (0.0, 1.0)


def test_bootstrap_encloses_its_mean_and_repeats() -> None:
    values = [1.0] * 30 + [0.0] * 10
    estimate = bootstrap(values)
    assert estimate.mean == 30 / 40
    assert estimate.low < 0.75 < estimate.high
    # The binomial's standard error is sqrt(.75 * .25 / 40) = .068; 1.96 of them are .134.
    assert estimate.low == pytest.approx(0.75 - 0.134, abs=0.03)
    assert estimate.high == pytest.approx(0.75 + 0.134, abs=0.03)
    assert bootstrap(values) == estimate
    assert bootstrap([]).n == 0


def test_paired_difference_sees_what_unpaired_intervals_hide() -> None:
    # Better by .1 on every query, however far the queries lie apart: the interval is the point .1.
    hard_and_easy = [0.1, 0.5, 0.9, 0.2, 0.8]
    difference = paired_difference([score + 0.1 for score in hard_and_easy], hard_and_easy)
    assert (difference.low, difference.high) == (pytest.approx(0.1), pytest.approx(0.1))
    with pytest.raises(ValueError, match="differ in length"):
        paired_difference([1.0], [])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("ＤＶ対策事業", "DV対策事業"),
        ("子育て支援情報 PR事業", "子育て支援情報ＰＲ事業"),
        ("広報よこはま　あさひ区版発行事業", "広報よこはまあさひ区版発行事業"),
        ("地域活動協議会による自律的な地域運営の促進(改革の柱4-1)", "3-1-1 地域活動協議会による自律的な地域運営の促進"),
    ],
)
def test_names_that_are_the_same(a: str, b: str) -> None:
    assert name_key(a) == name_key(b)


@pytest.mark.parametrize(("a", "b"), [("読書活動推進事業", "読書講演会事業"), ("普及啓発事業", "啓発事業")])
def test_names_that_are_not(a: str, b: str) -> None:
    assert name_key(a) != name_key(b)


def test_same_number() -> None:
    assert same_number("12182000", "12182000")
    assert same_number("47.5", Decimal("47.50"))
    assert not same_number("12182000", "12182")
    assert same_number("11.6", "11.5869", Decimal("0.051"))
    assert not same_number("11.6", "11.7", Decimal("0.051"))
    assert not same_number("1", None)
    assert not same_number("1", "一")


@pytest.mark.parametrize(
    ("text", "wanted", "holds"),
    [
        ("来場者数は 約３５，０００人", "35,000人", True),
        ("執行率は47.5％です", "47.5%", True),
        ("7月31日現在", "7月末|7月31日", True),
        ("該当する事業はありません", "0件|ありません", True),
        ("135,000人", "36,000人", False),
    ],
)
def test_contains(text: str, wanted: str, holds: bool) -> None:
    assert contains(text, wanted) is holds
