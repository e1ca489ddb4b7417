"""Indicators with two counters on one line, and a side of an indicator asked of each of two years."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from oracle import Ask

from records import Figure


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "子育て・若者支援事業の令和4年度の事業指標で、回数は目標どおりなのに参加人数が目標に届かなかった教室は？",
            {"養育支援教室（アンダンテ）", "ベビーマッサージ教室"},
        ),
        ("子育て・若者支援事業で令和4年度に回数が目標に届かなかった教室は？", {"地域育児（赤ちゃん）教室"}),
        (
            "令和4年度の子育て・若者支援事業の事業指標のうち、参加人数も回数も目標に届かなかったものは？",
            {"地域育児（赤ちゃん）教室", "発達障害児等支援事業"},
        ),
    ],
)
def test_each_counter_against_its_own_target(ask: Ask, question: str, told: set[str]) -> None:
    assert {f.label for f in ask(question).figures} == told


def test_only_the_counter_that_is_asked_for(ask: Ask) -> None:
    answer = ask("地域育児教室の令和4年度の回数の実績は")
    assert {(f.value, f.unit) for f in answer.figures} == {(Decimal(108), "回")}


@pytest.mark.parametrize(
    "question",
    [
        "旭区民スポーツ祭に参加した人数の令和4年度の実績と、令和5年度に掲げた参加者数の目標をそれぞれ教えて。",
        "旭区民スポーツ祭の参加者数、令和5年度の目標と令和4年度の実績は",
    ],
)
def test_one_side_of_each_year(ask: Ask, question: str) -> None:
    told = {(f.fiscal_year, f.metric, f.value) for f in ask(question).figures}
    assert told == {(2022, "indicator_result", Decimal(3424)), (2023, "indicator_target", Decimal(3500))}


@pytest.mark.parametrize(
    ("question", "gap"),
    [
        ("旭区のTwitterフォロワー数、令和5年度の目標は令和4年度末の実績より何人多く設定されているか。", 2160 - 2036),
        ("スポーツ祭の参加者数の目標は、令和5年度は令和4年度より何人引き下げられましたか。", 10500 - 3500),
    ],
)
def test_the_difference_of_two_years(ask: Ask, question: str, gap: int) -> None:
    answer = ask(question)
    assert answer.computation is not None
    assert (answer.computation.value, answer.computation.unit) == (Decimal(gap), "人")
    assert {f.fiscal_year for f in answer.figures} == {2022, 2023}


def test_missed_indicators_of_one_project_alone(ask: Ask) -> None:
    """「下回ったものを数値で示して」 told the indicators that were met as well."""
    answer = ask("子育て支援情報提供事業の指標で、令和4年度の実績が目標を下回ったものを数値で示して。")
    by_label = {f.label for f in answer.figures}
    assert len(by_label) == 4
    assert "乳幼児健診における育児講座" not in by_label


def test_what_part_of_the_indicators_was_met(ask: Ask) -> None:
    """The two parts are of the same whole: those whose numbers can be compared."""
    met = ask("令和4年度の事業指標のうち目標を達成したものの割合は").computation
    missed = ask("令和4年度に目標を達成できなかった指標は全体の何%").computation
    assert met is not None
    assert missed is not None
    assert met.value is not None
    assert missed.value is not None
    assert met.value + missed.value == 100


def test_a_share_of_one_target_is_no_part_of_the_indicators(ask: Ask) -> None:
    answer = ask("区民スポーツ事業の参加者数は令和4年度に目標の何%でしたか")
    assert "数字で比べられる" not in answer.text


def test_half_of_the_target(ask: Ask) -> None:
    answer = ask("令和4年度に成果が目標の半分に届かなかった指標は")
    assert answer.figures
    by_label: dict[tuple[str | None, str], dict[str, Decimal]] = {}
    for f in answer.figures:
        by_label.setdefault((f.project_id, f.label), {})[f.metric] = f.value
    assert all(2 * pair["indicator_result"] < pair["indicator_target"] for pair in by_label.values())


@pytest.mark.parametrize(
    ("question", "number", "lowest"),
    [
        ("令和4年度の地域振興課の指標で達成率が一番低いのはどれ", 1, True),
        ("令和4年度の事業指標で達成率が高い順に3つ", 3, False),
    ],
)
def test_indicators_in_order_of_what_was_reached(ask: Ask, question: str, number: int, lowest: bool) -> None:
    everything = ask("令和4年度の地域振興課の事業指標は" if lowest else "令和4年度の事業指標は")

    def shares(figures: tuple[Figure, ...]) -> dict[tuple[str | None, str, str], Decimal]:
        pairs: dict[tuple[str | None, str, str], dict[str, Decimal]] = {}
        for f in figures:
            pairs.setdefault((f.project_id, f.label, f.unit), {})[f.metric] = f.value
        return {
            key: pair["indicator_result"] / pair["indicator_target"]
            for key, pair in pairs.items()
            if len(pair) == 2 and pair["indicator_target"]
        }

    expected = sorted(shares(everything.figures).values(), reverse=not lowest)[:number]
    assert sorted(shares(ask(question).figures).values(), reverse=not lowest) == expected


@pytest.mark.parametrize(
    "question", ["令和4年度の目標を2倍以上達成した指標は？", "令和4年度の目標の2倍以上の成果があった指標は？"]
)
def test_twice_a_target(ask: Ask, question: str) -> None:
    lines = [line for line in ask(question).text.splitlines() if line.startswith("・")]
    shares = [float(line.rsplit("目標の", 1)[1].split("%")[0]) for line in lines]
    assert shares
    assert min(shares) >= 200
    met = ask("令和4年度に目標を達成した指標は？").text
    assert sum(float(s.split("%")[0]) >= 200 for s in met.split("目標の")[1:] if s[0].isdigit()) == len(shares)


def test_a_target_against_another_year_of_each_indicator_is_refused(ask: Ask) -> None:
    answer = ask("令和5年度の目標値が令和4年度の実績より高い指標は？")
    assert (answer.status, answer.figures) == ("not_found", ())


def test_the_lowest_share_of_those_that_missed_their_targets(ask: Ask) -> None:
    answer = ask("一番達成率が低いのは？", "令和4年度に目標に届かなかった指標は？")
    assert [line for line in answer.text.splitlines() if line.startswith("・")]
    assert "目標の0.0%" in answer.text


def shares(text: str) -> list[float]:
    """What part of its target each line of indicators reached, in percent."""
    return [float(line.rsplit("目標の", 1)[1].split("%")[0]) for line in text.splitlines() if line.startswith("・")]


def test_indicators_that_are_just_at_their_targets(ask: Ask) -> None:
    told = shares(ask("令和4年度で目標と実績が同じ指標は？").text)
    assert set(told) == {100.0}
    met = ask("令和4年度に目標を達成した指標は？").text
    assert len(told) == sum(line.endswith("目標の100.0%") for line in met.splitlines())


@pytest.mark.parametrize(
    ("question", "of", "end"),
    [
        ("令和4年度の目標を一番大きく上回った指標は？", "令和4年度に目標を達成した指標は？", max),
        ("令和4年度に目標を最も大きく下回った指標は？", "令和4年度に目標に届かなかった指標は？", min),
    ],
)
def test_the_farthest_from_its_target(ask: Ask, question: str, of: str, end: Callable[[list[float]], float]) -> None:
    all_of_them = [
        float(s.split("%")[0]) for s in ask(of).text.replace("、", "\n").split("\n目標の")[1:] if s[0].isdigit()
    ]
    assert shares(ask(question).text) == [end(all_of_them)]


def test_indicators_of_a_name_within_a_bound(ask: Ask) -> None:
    answer = ask("令和4年度の満足度の指標で90%以上のものは？")
    results = [f for f in answer.figures if f.metric == "indicator_result"]
    assert results
    assert all(f.value >= 90 and "満足度" in (f.label or "") for f in results)


def test_the_greatest_of_counts_of_many_kinds_is_refused(ask: Ask) -> None:
    assert ask("参加者数が一番多かった事業は？令和4年度").status == "not_found"
