"""Places of a ranking as questions write them, and answers that rank."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from answer.ranking import positions_of
from index.library import Library
from records import Metric

POSITIONS = [
    ("予算が2番目に大きい事業", (2,)),
    ("2番目と4番目に多い事業", (2, 4)),
    ("3位から5位までの事業", (3, 4, 5)),
    ("4~6位の事業", (4, 5, 6)),
    ("第三位の事業", (3,)),
    ("1位の事業", ()),
    ("1位と3位の事業", (1, 3)),
    ("多い順に3位まで", ()),
    ("こども110番の家", ()),
]


@pytest.mark.parametrize(("words", "places"), POSITIONS)
def test_places(words: str, places: tuple[int, ...]) -> None:
    assert positions_of(words) == places


def _shown(ask: Ask, question: str, metric: Metric = "budget") -> list[Decimal]:
    return [f.value for f in ask(question).figures if f.metric == metric]


def test_places_are_those_of_the_whole_order(ask: Ask) -> None:
    everything = sorted(_shown(ask, "令和4年度の事業を予算が多い順に並べて"), reverse=True)
    assert len(everything) == 45
    assert _shown(ask, "令和4年度の予算額で4位から6位までの事業は？") == everything[3:6]
    assert _shown(ask, "令和4年度の予算が2番目と3番目に多い事業は？") == everything[1:3]
    assert _shown(ask, "令和4年度の予算額の多い順に3位まで") == everything[:3]


def test_the_leading_rows_are_added_up(ask: Ask) -> None:
    everything = sorted(_shown(ask, "令和4年度の事業を予算が多い順に並べて"), reverse=True)
    answer = ask("令和4年度の予算上位5件の事業の合計額は？")
    assert answer.computation is not None
    assert answer.computation.value == sum(everything[:5])


def test_the_two_ends_and_their_difference(ask: Ask) -> None:
    everything = sorted(_shown(ask, "令和4年度の事業を予算が多い順に並べて"))
    answer = ask("令和4年度の事業の予算の最大値と最小値の差は？")
    assert answer.computation is not None
    assert answer.computation.value == everything[-1] - everything[0]
    assert {f.value for f in answer.figures if f.metric == "budget"} == {everything[0], everything[-1]}


def test_at_which_place_a_project_stands(ask: Ask) -> None:
    answer = ask("令和4年度、交通安全対策事業の予算は何位ですか")
    assert answer.computation is not None
    larger = [v for v in _shown(ask, "令和4年度の事業を予算が多い順に並べて") if v > Decimal(6_512_000)]
    assert answer.computation.value == len(larger) + 1


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("令和4年度の予算1位の事業と2位の事業の差はいくら？", (0, 1)),
        ("令和4年度の予算が上位2つの事業の差は", (0, 1)),
        ("令和4年度の予算が最も大きい事業と最も小さい事業の差は", (0, -1)),
    ],
)
def test_the_difference_of_two_places(ask: Ask, question: str, places: tuple[int, int]) -> None:
    everything = sorted(_shown(ask, "令和4年度の事業を予算が多い順に並べて"), reverse=True)
    answer = ask(question)
    assert answer.computation is not None
    assert answer.computation.value == everything[places[0]] - everything[places[1]]


def test_a_column_called_difference_is_no_difference_of_places(ask: Ask) -> None:
    answer = ask("令和4年度の予算が最も大きい事業と最も小さい事業の差引額を教えて")
    assert "差は" not in answer.text
    assert len([f for f in answer.figures if f.metric == "difference"]) == 2


@pytest.mark.parametrize(
    ("question", "descending", "number"),
    [
        ("令和4年度の予算と決算の差が一番大きい事業は？", True, 1),
        ("令和4年度で予算と決算の開きが大きい事業トップ3", True, 3),
        ("令和4年度の決算と予算の差額が一番小さい事業は？", False, 1),
    ],
)
def test_how_far_apart_two_columns_are(
    ask: Ask, library: Library, question: str, descending: bool, number: int
) -> None:
    sizes = sorted((abs(value(library, p, "difference")) for p in settled_2022(library)), reverse=descending)
    told = [abs(f.value) for f in ask(question).figures if f.metric == "difference"]
    assert told == [size for size in sizes if size in sizes[:number]]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("令和4年度の執行率上位5位の事業は？", 5),
        ("令和4年度の予算トップ3位を教えて", 3),
        ("令和4年度の予算の上位10位は？", 10),
    ],
)
def test_the_first_few_places(ask: Ask, library: Library, question: str, number: int) -> None:
    metric: Metric = "execution_rate" if "執行率" in question else "budget"
    order = sorted((value(library, p, metric) for p in settled_2022(library)), reverse=True)
    told = [f.value for f in ask(question).figures if f.metric == metric]
    assert told == [v for v in order if v >= order[number - 1]]


def test_the_settlement_for_its_budget_is_a_rate(ask: Ask, library: Library) -> None:
    lowest = min(value(library, p, "execution_rate") for p in settled_2022(library))
    answer = ask("令和4年度、予算に対して決算が一番少なかった事業は？")
    assert [f.value for f in answer.figures if f.metric == "execution_rate"] == [lowest]


def test_a_formula_in_brackets_names_no_other_column(ask: Ask, library: Library) -> None:
    left = {p.name: value(library, p, "budget") - value(library, p, "executed") for p in running_2023(library)}
    answer = ask("令和5年度予算の残り（予算－7月末執行額）が一番多い事業は？")
    assert max(left, key=lambda name: left[name]) in answer.text.splitlines()[1]


def test_the_difference_of_one_years_settlement_and_the_nexts_budget(ask: Ask, library: Library) -> None:
    settled = {bare(p.name): value(library, p, "settled") for p in settled_2022(library)}
    gaps = {
        bare(p.name): abs(value(library, p, "budget") - settled[bare(p.name)])
        for p in running_2023(library)
        if bare(p.name) in settled
    }
    text = ask("令和4年度の決算と令和5年度予算の差が一番大きい事業は？").text
    assert max(gaps, key=lambda name: gaps[name]) in text.splitlines()[1]


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度で執行率がもっとも高い事業ともっとも低い事業の差は何ポイント？",
        "令和4年度の執行率第1位と最下位の事業の差は？",
    ],
)
def test_both_ends_in_kana_and_by_their_places(ask: Ask, library: Library, question: str) -> None:
    rates = [value(library, p, "execution_rate") for p in settled_2022(library)]
    answer = ask(question)
    assert answer.computation is not None
    assert answer.computation.value == max(rates) - min(rates)
