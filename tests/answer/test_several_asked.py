"""One question that selects twice, or asks two sums: read as one question for each, each told under its title."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from answer.several_asked import several_asked
from answer.types import Answer
from index.library import Library


@pytest.mark.parametrize(
    ("question", "questions"),
    [
        (
            "令和4年度の執行率が100%を超えた事業と30%未満の事業をそれぞれ教えて",
            ("令和4年度の執行率が100%を超えた事業を教えて", "30%未満の事業を教えて"),
        ),
        (
            "令和4年度の総務課の予算の合計と平均を教えて",
            ("令和4年度の総務課の予算の合計を教えて", "令和4年度の総務課の予算の平均を教えて"),
        ),
        ("R4の決算額の上位3つと下位3つ", ("R4の決算額の上位3つ", "R4の決算額の下位3つ")),
        ("予算の上位と下位5件ずつ", ("予算の上位5件", "予算の下位5件")),
        (
            "執行率が90%以上と50%未満の事業はそれぞれ何件",
            ("執行率が90%以上の事業は何件", "執行率が50%未満の事業は何件"),
        ),
        (
            "執行率が50%未満の事業は？100%を超えた事業は？",
            ("執行率が50%未満の事業は？", "100%を超えた事業は？"),
        ),
    ],
)
def test_questions_of_a_question(question: str, questions: tuple[str, ...]) -> None:
    assert questions in [asked.questions for asked in several_asked(question)]


@pytest.mark.parametrize(
    "question",
    [
        "地域振興課と総務課の事業をそれぞれ教えて",
        "交通安全対策事業と商店街振興事業の予算は",
        "執行率が50%未満の事業と90%以上の事業を合わせると何件",
        "予算が1000万円以上のものと500万円未満のものを除くと何が残る",
        "予算が倍増した事業は？（2倍以上）",
        "執行率が100%を超えたものはどれですか。ちょうど100%は含めません。",
    ],
)
def test_one_question(question: str) -> None:
    assert list(several_asked(question)) == []


def names(answer: Answer, library: Library) -> set[str]:
    return {library.projects[f.project_id].name for f in answer.figures if f.project_id}


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の執行率が100%を超えた事業と50%未満の事業をそれぞれ教えて",
        "令和4年度で執行率が50%未満の事業は？100%を超えた事業は？",
        "令和4年度の執行率が100%超の事業と50%未満の事業はそれぞれ何件ですか",
    ],
)
def test_rows_of_both_bounds(ask: Ask, library: Library, question: str) -> None:
    rates = {p.name: value(library, p, "execution_rate") for p in settled_2022(library)}
    answer = ask(question)
    assert names(answer, library) == {n for n, rate in rates.items() if rate > 100 or rate < 50}
    assert f"{sum(r > 100 for r in rates.values())}件" in answer.text
    assert f"{sum(r < 50 for r in rates.values())}件" in answer.text
    assert answer.computation is None or answer.computation.value is None


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度から令和5年度で予算が増えた事業と減った事業をそれぞれ教えて",
        "令和5年度に予算が増えた事業と減った事業はどれですか",
    ],
)
def test_rows_that_grew_and_that_shrank(ask: Ask, library: Library, question: str) -> None:
    before = {bare(p.name): value(library, p, "budget") for p in settled_2022(library)}
    after = {p.name: (before.get(bare(p.name)), value(library, p, "budget")) for p in running_2023(library)}
    moved = {name for name, (a, b) in after.items() if a is not None and a != b}
    answer = ask(question)
    assert moved <= names(answer, library)
    still = {name for name, (a, b) in after.items() if a is None or a == b}
    assert not still & names(answer, library)


def test_which_selection_holds_more(ask: Ask, library: Library) -> None:
    rates = [value(library, p, "execution_rate") for p in settled_2022(library)]
    answer = ask("令和4年度、執行率90%以上の事業と90%未満の事業はどちらが多いですか")
    high, low = sum(r >= 90 for r in rates), sum(r < 90 for r in rates)
    assert answer.computation is not None
    assert answer.computation.value == Decimal(abs(high - low))
    assert f"{high}件 と {low}件" in answer.text


def test_a_sum_and_a_mean(ask: Ask, library: Library) -> None:
    answer = ask("令和4年度の総務課の予算の合計と平均を教えて")
    own = [p for p in settled_2022(library) if "総務課" in p.departments]
    total = sum((value(library, p, "budget") for p in own), Decimal(0))
    assert f"{total / 1000:,.0f}千円" in answer.text
    assert f"{total / len(own) / 1000:,.0f}千円" in answer.text


def test_a_follow_up_continues_the_last_of_several(ask: Ask) -> None:
    answer = ask("そのうち地域振興課のものは？", "令和4年度で執行率が100%を超えた事業は？50%未満の事業は？")
    assert "執行率が50%未満" in answer.interpreted
    assert "地域振興課" in answer.interpreted


def test_more_rows_grew_or_shrank(ask: Ask, library: Library) -> None:
    """A row that changed stands in an answer once for each year, and is counted once."""
    before = {bare(p.name): value(library, p, "budget") for p in settled_2022(library)}
    pairs = [(before.get(bare(p.name)), value(library, p, "budget")) for p in running_2023(library)]
    grew = sum(a is not None and b > a for a, b in pairs)
    shrank = sum(a is not None and b < a for a, b in pairs)
    answer = ask("令和4年度より令和5年度の予算が多い事業と少ない事業はどちらが多いですか")
    assert f"{grew}件 と {shrank}件" in answer.text


def test_a_mean_and_the_rows_beyond_it(ask: Ask, library: Library) -> None:
    budgets = {p.name: value(library, p, "budget") for p in settled_2022(library)}
    mean = sum(budgets.values()) / len(budgets)
    above = sum(b > mean for b in budgets.values())
    answer = ask("令和4年度の予算の平均と、それを上回る事業")
    assert f"{mean:,.0f}円" in answer.text
    assert f"予算額が平均超の事業は{above}件です" in answer.text


def test_a_pillar_that_grew_or_shrank_is_told_once(ask: Ask) -> None:
    answer = ask("魅力づくりの柱は令和5年度に増えた？減った？")
    assert answer.text.count("魅力づくりの事業の予算額の合計") == 1


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の執行率が80%未満の事業は何件あり、残額の合計はいくらですか？",
        "令和4年度に執行率が80%未満の事業の数と、残額の合計",
        "令和4年度の執行率が80%未満の事業は何件？残額の合計は？",
    ],
)
def test_how_many_and_what_they_come_to(ask: Ask, library: Library, question: str) -> None:
    low = [p for p in settled_2022(library) if value(library, p, "execution_rate") < 80]
    left = sum((value(library, p, "budget") - value(library, p, "settled") for p in low), Decimal(0))
    text = ask(question).text
    assert f"{len(low)}件" in text
    assert f"合計は{left / 1000:,.0f}千円" in text


def test_three_numbers_of_one_department(ask: Ask, library: Library) -> None:
    rows = [p for p in settled_2022(library) if "地域振興課" in p.departments]
    budget = sum(value(library, p, "budget") for p in rows)
    mean = sum(value(library, p, "execution_rate") for p in rows) / len(rows)
    text = ask("令和4年度の地域振興課の事業数と予算合計と平均執行率").text
    assert f"地域振興課の事業は{len(rows)}件" in text
    assert f"予算額の合計は{budget / 1000:,.0f}千円" in text
    assert f"執行率の平均は{mean:.1f}%" in text


def test_a_sum_of_changes_is_no_sum_of_budgets(ask: Ask) -> None:
    answer = ask("令和4年度に予算が増えた事業は何件で、増加額の合計は？")
    assert (answer.status, answer.reason) == ("not_found", "no_document")


def test_rows_divided_by_their_rates(ask: Ask, library: Library) -> None:
    rates = [value(library, p, "execution_rate") for p in settled_2022(library)]
    text = ask("令和4年度の事業を執行率で80%以上、50〜80%、50%未満に分けると何件ずつ？").text
    for count in (sum(r >= 80 for r in rates), sum(50 <= r <= 80 for r in rates), sum(r < 50 for r in rates)):
        assert f"の事業は{count}件です" in text


@pytest.mark.parametrize(
    "question",
    ["令和4年度の執行率が80%以上50%未満の事業は？", "令和5年度に予算が増えたのに事業の担当課が変わった事業は？"],
)
def test_what_cannot_be_meant_together_is_refused(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())


def test_a_phrase_and_a_bound_of_a_year_each(ask: Ask, library: Library) -> None:
    over = {bare(p.name) for p in settled_2022(library) if value(library, p, "difference") < 0}
    both = {
        bare(p.name) for p in running_2023(library) if bare(p.name) in over and value(library, p, "execution_rate") < 50
    }
    answer = ask("令和4年度は予算を超えたが令和5年度7月末は50%未満の事業")
    assert {bare(library.projects[f.project_id].name) for f in answer.figures if f.project_id} == both


def test_the_first_rows_as_a_part_of_their_scope(ask: Ask, library: Library) -> None:
    own = sorted(
        (value(library, p, "budget") for p in settled_2022(library) if p.category == "自主企画事業費"), reverse=True
    )
    answer = ask("令和4年度の自主企画事業費で、予算が大きい順に並べたとき上位3事業が占める割合は？")
    assert answer.computation is not None
    assert answer.computation.value == (sum(own[:3]) * 100 / sum(own)).quantize(Decimal("0.1"))


def test_what_was_settled_of_the_budgets_is_a_rate(ask: Ask, library: Library) -> None:
    rows = [p for p in settled_2022(library) if p.pillar == "魅力づくり"]
    rate = sum(value(library, p, "settled") for p in rows) * 100 / sum(value(library, p, "budget") for p in rows)
    answer = ask("魅力づくりの柱の事業の決算合計が予算合計に占める割合（R4）")
    assert answer.computation is not None
    assert answer.computation.value == rate.quantize(Decimal("0.1"))


def test_columns_beside_the_numbers_of_projects(ask: Ask, library: Library) -> None:
    text = ask("令和4年度の各課の事業数と予算を教えて").text
    rows = [p for p in settled_2022(library) if "総務課" in p.departments]
    assert f"・総務課: {len(rows)}件" in text
    assert f"・総務課 {sum(value(library, p, 'budget') for p in rows) / 1000:,.0f}千円" in text
