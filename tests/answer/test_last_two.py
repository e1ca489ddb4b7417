"""A follow-up that sets the things asked of before against each other, or asks of what was told last."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from index.library import Library


def of_department(library: Library, department: str) -> int:
    return sum(department in p.departments for p in settled_2022(library))


def test_the_difference_of_two_numbers_of_rows(ask: Ask, library: Library) -> None:
    answer = ask("その差は？", "令和4年度の地域振興課の事業数は？", "区政推進課は？")
    first, second = of_department(library, "地域振興課"), of_department(library, "区政推進課")
    assert f"{first}件" in answer.text
    assert f"「地域振興課」の方が{first - second}件多いです" in answer.text


def test_more_of_two_projects(ask: Ask, library: Library) -> None:
    answer = ask("どちらが多い？", "交通安全対策事業の令和4年度決算は？", "商店街振興事業は？")
    own = {p.name: value(library, p, "settled") for p in settled_2022(library)}
    assert {f.value for f in answer.figures} == {own["交通安全対策事業"], own["商店街振興事業"]}
    assert "「交通安全対策事業」の方が" in answer.text


@pytest.mark.parametrize("question", ["一番多いのは？", "合計は？"])
def test_all_that_were_asked_of(ask: Ask, library: Library, question: str) -> None:
    names = ("ＤＶ対策事業", "商店街振興事業", "読書活動推進事業")
    budgets = [value(library, p, "budget") for p in settled_2022(library) if p.name in names]
    answer = ask(question, "令和4年度のＤＶ対策事業の予算は？", "商店街振興事業は？", "読書活動推進事業は？")
    told = {f.value for f in answer.figures}
    assert told == ({max(budgets)} if question.startswith("一番") else set(budgets))


def test_two_years_of_one_project(ask: Ask, library: Library) -> None:
    answer = ask("どちらが多い？", "令和4年度の災害に強い区づくり事業の予算は？", "令和5年度は？")
    rows = [*settled_2022(library), *running_2023(library)]
    assert {f.value for f in answer.figures} == {
        value(library, p, "budget") for p in rows if p.name == "災害に強い区づくり事業"
    }


def test_how_many_fewer_rows(ask: Ask, library: Library) -> None:
    answer = ask("何件減った？", "令和4年度の事業数は？", "令和5年度は？")
    assert f"{len(settled_2022(library)) - len(running_2023(library))}件" in answer.text


def test_what_the_bound_left_is_asked_of(ask: Ask, library: Library) -> None:
    history = ("令和4年度の予算が500万円以上の事業は？", "その中で執行率が90%未満のものは？")
    left = [
        p
        for p in settled_2022(library)
        if value(library, p, "budget") >= 5_000_000 and value(library, p, "execution_rate") < 90
    ]
    text = ask("担当課は？", *history).text
    assert all(p.name in text for p in left)
    assert text.count("担当課は") == len(left)


def test_the_part_that_was_told_last(ask: Ask) -> None:
    answer = ask("その決算は？", "令和4年度の災害に強い区づくり事業の細事業は？", "一番予算が大きいのは？")
    assert "防災活動事業" in answer.text
    assert [f.value for f in answer.figures] == [Decimal(8_582_000)]


def test_others_than_the_project_before(ask: Ask, library: Library) -> None:
    answer = ask("他に100%を超えた事業はありますか", "読書活動推進事業の令和4年度の執行率は？")
    beyond = {p.name for p in settled_2022(library) if value(library, p, "execution_rate") > 100}
    told = {library.projects[f.project_id].name for f in answer.figures if f.project_id}
    assert told == beyond - {"読書活動推進事業"}


def test_the_most_beyond_its_budget(ask: Ask, library: Library) -> None:
    history = "令和4年度に予算を超えた事業は？"
    least = min(value(library, p, "difference") for p in settled_2022(library))
    for question in ("一番超えたのは？", "その中で超過額が最大なのは"):
        assert [f.value for f in ask(question, history).figures if f.metric == "difference"] == [least]


def test_those_that_grew_by_so_much(ask: Ask, library: Library) -> None:
    before = {bare(p.name): value(library, p, "budget") for p in settled_2022(library)}
    after = {bare(p.name): value(library, p, "budget") for p in running_2023(library)}
    grown = {n for n in before.keys() & after.keys() if after[n] * 10 >= before[n] * 11}
    answer = ask("1割以上増えたのは？", "令和4年度から令和5年度で予算が増えた事業は？")
    assert {bare(library.projects[f.project_id].name) for f in answer.figures if f.project_id} == grown


def test_rows_below_the_mean_told(ask: Ask, library: Library) -> None:
    rates = [value(library, p, "execution_rate") for p in settled_2022(library)]
    below = sum(r < sum(rates) / len(rates) for r in rates)
    answer = ask("それを下回る事業は？", "令和4年度の執行率の平均は？")
    assert f"{below}件です" in answer.text


def test_the_same_rows_in_another_year(ask: Ask) -> None:
    """A row that cannot be told is said to be so: one has no rate there, one is gone."""
    text = ask("令和5年度の同じ事業の執行率は？", "令和4年度の執行率ワースト3は？").text
    assert "27.2%" in text
    assert "答えられないもの: 一時託児サービス事業" in text
    assert "見当たらないもの: チーム旭で進める満足度向上事業" in text


def test_an_indicator_that_another_year_has_not(ask: Ask) -> None:
    answer = ask("令和5年度の目標は？", "子ども110番の家は令和4年度何軒？", "目標は？")
    assert (answer.status, answer.figures) == ("not_found", ())


def test_which_of_two_selections_is_not_guessed(ask: Ask) -> None:
    answer = ask("どちらが多い？", "令和5年度に予算が増えた事業は？", "減ったのは？")
    assert (answer.status, answer.reason) == ("not_found", "no_figure")


def test_no_indicator_was_met(ask: Ask) -> None:
    answer = ask("達成したものは？", "令和4年度の区民スポーツ事業の指標は？")
    assert "目標を達成した指標はありません（2件を確認）" in answer.text


def test_what_is_left_of_the_budget(ask: Ask, library: Library) -> None:
    answer = ask("予算との差は？", "令和4年度の商店街振興事業の決算は？")
    (own,) = [p for p in settled_2022(library) if p.name == "商店街振興事業"]
    assert [f.value for f in answer.figures] == [value(library, own, "difference")]


def test_a_whole_question_is_not_bounded_by_the_one_before(ask: Ask, library: Library) -> None:
    answer = ask("令和4年度の地域振興課の事業数は？", "令和4年度の予算の平均と、それを上回る事業")
    assert f"{of_department(library, '地域振興課')}件" in answer.text
    assert "平均" not in answer.interpreted


def in_order(library: Library) -> list[tuple[Decimal, str]]:
    """Departments by what their projects settled in all, the greatest first."""
    names = {d for p in settled_2022(library) for d in p.departments}
    rows = {d: [p for p in settled_2022(library) if d in p.departments] for d in names}
    return sorted(((sum((value(library, p, "settled") for p in rows[d]), Decimal(0)), d) for d in names), reverse=True)


@pytest.mark.parametrize(
    ("history", "places"),
    [
        (("令和4年度決算額が一番多い課は？", "最小は？"), (0, -1)),
        (("令和4年度決算額が一番多い課は？", "2番目は？"), (0, 1)),
        (("令和4年度決算額が一番多い課は？", "その次は？", "その次は？"), (1, 2)),
    ],
)
def test_the_difference_of_the_last_two_places(
    ask: Ask, library: Library, history: tuple[str, ...], places: tuple[int, int]
) -> None:
    first, second = (in_order(library)[p][0] for p in places)
    answer = ask("その差は？", *history)
    assert answer.computation is not None
    assert answer.computation.value == first - second


def test_what_the_first_department_is_asked_besides(ask: Ask, library: Library) -> None:
    _, department = in_order(library)[0]
    rows = [p for p in settled_2022(library) if department in p.departments]
    budget = sum(value(library, p, "budget") for p in rows)
    history = "令和4年度決算額が最も大きい課は？"
    assert f"{department}の予算額の合計は{budget / 1000:,.0f}千円" in ask("予算は？", history).text
    assert f"{department}の事業は{len(rows)}件" in ask("事業の数は？", history).text
    greatest = max(rows, key=lambda p: value(library, p, "budget"))
    assert [f.value for f in ask("その中で一番予算の大きい事業は？", history).figures] == [
        value(library, greatest, "budget")
    ]


def test_the_department_with_most_projects_is_asked_for_its_budget(ask: Ask, library: Library) -> None:
    most = max({d for p in settled_2022(library) for d in p.departments}, key=lambda d: of_department(library, d))
    budget = sum(value(library, p, "budget") for p in settled_2022(library) if most in p.departments)
    answer = ask("その予算の合計は？", "令和4年度の課ごとの事業数は？", "一番多いのは？")
    assert f"{most}の予算額の合計は{budget / 1000:,.0f}千円" in answer.text


@pytest.mark.parametrize(("asked", "end"), [("一番多いのは？", -1), ("一番少ないのはどこ？", 0)])
def test_one_of_all_the_departments_asked_of(ask: Ask, library: Library, asked: str, end: int) -> None:
    own = {d: total for total, d in in_order(library)}
    named = sorted(("地域振興課", "福祉保健課", "区政推進課"), key=lambda d: own[d])
    answer = ask(asked, "地域振興課の令和4年度決算の合計は？", "福祉保健課は？", "区政推進課は？")
    assert f"のは「{named[end]}」です。" in answer.text


def test_what_was_spent_against_the_budget(ask: Ask, library: Library) -> None:
    row = next(p for p in settled_2022(library) if p.name == "商店街振興事業")
    answer = ask("差は？", "商店街振興事業の令和4年度の予算は？", "決算は？")
    assert [f.value for f in answer.figures] == [value(library, row, "difference")]
    rows = [p for p in settled_2022(library) if "総務課" in p.departments]
    summed = ask("差は？", "令和4年度の総務課の予算の合計は？", "決算の合計は？")
    assert summed.computation is not None
    assert summed.computation.value == sum(value(library, p, "difference") for p in rows)


def test_the_greatest_settlement_as_a_part_of_its_budget(ask: Ask, library: Library) -> None:
    most = max(settled_2022(library), key=lambda p: value(library, p, "settled"))
    answer = ask("それは予算の何%？", "令和4年度決算額が一番大きい事業は？")
    assert [f.value for f in answer.figures] == [value(library, most, "execution_rate")]


def test_the_greatest_excess_of_those_over_their_budgets(ask: Ask, library: Library) -> None:
    worst = min(value(library, p, "difference") for p in settled_2022(library))
    answer = ask("一番超過したのは？", "令和4年度に執行率が100%を超えた事業は？")
    assert [f.value for f in answer.figures if f.metric == "difference"] == [worst]


def test_another_column_orders_the_rows_shown(ask: Ask, library: Library) -> None:
    five = sorted(settled_2022(library), key=lambda p: -value(library, p, "budget"))[:5]
    answer = ask("執行率が一番低いのは？", "令和4年度の予算トップ5は？")
    rates = [f.value for f in answer.figures if f.metric == "execution_rate"]
    assert rates == [min(value(library, p, "execution_rate") for p in five)]


def test_a_part_of_the_scope_before_is_a_part_of_it(ask: Ask) -> None:
    answer = ask("何%？", "令和4年度の自主企画事業費の予算は？", "そのうち安全・安心は？")
    assert "「自主企画事業費」の予算額" in answer.text
    assert answer.computation is not None
    assert answer.computation.value == Decimal("23.8")


@pytest.mark.parametrize(("question", "metric"), [("予算の合計は？", "sum"), ("一番予算が大きかったのは？", "max")])
def test_those_that_went_are_asked_of(ask: Ask, library: Library, question: str, metric: str) -> None:
    now = {bare(p.name) for p in running_2023(library)}
    gone = [value(library, p, "budget") for p in settled_2022(library) if bare(p.name) not in now]
    answer = ask(question, "令和5年度になくなった事業は？")
    told = [f.value for f in answer.figures if f.metric == "budget"]
    assert sorted(told) == (sorted(gone) if metric == "sum" else [max(gone)])


def test_the_department_says_whose_year_is_not_held(ask: Ask) -> None:
    answer = ask("前年度は？", "令和4年度の総務課の予算合計は？")
    assert (answer.status, answer.reason) == ("not_found", "no_document")


def test_the_next_of_an_order(ask: Ask, library: Library) -> None:
    order = sorted((value(library, p, "budget") for p in settled_2022(library)), reverse=True)
    answer = ask("次の5つは？", "令和4年度の予算が多い順に5つ")
    assert [f.value for f in answer.figures if f.metric == "budget"] == order[5:10]


def test_the_departments_are_asked_of_again(ask: Ask, library: Library) -> None:
    history = "令和4年度の総務課と福祉保健課それぞれの予算の合計は？"
    sums = {
        d: sum(value(library, p, "settled") for p in settled_2022(library) if d in p.departments)
        for d in ("総務課", "福祉保健課")
    }
    told = ask("決算は？", history).text
    for department, total in sums.items():
        assert f"・{department} {total / 1000:,.0f}千円" in told
    budgets = [sum(value(library, p, "budget") for p in settled_2022(library) if d in p.departments) for d in sums]
    answer = ask("差は？", history)
    assert answer.computation is not None
    assert answer.computation.value == max(budgets) - min(budgets)


def test_the_order_goes_on_after_what_was_asked_of_its_first(ask: Ask, library: Library) -> None:
    second, department = in_order(library)[1]
    answer = ask("次に大きいのは？", "令和4年度決算額が一番大きい課は？", "執行率は？")
    assert f"・{department} {second / 1000:,.0f}千円" in answer.text
