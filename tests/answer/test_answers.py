"""Answers about figures against the same rows counted here; the source lines of every figure hold its characters."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Ask, AskJson, figure, running_2023, settled_2022, value

from answer.types import Answer
from index.library import Library
from ingest.amounts import half_width
from records import Metric, Project

FROM_FIXTURES = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
BOUNDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "以上の": operator.ge,
    "以下の": operator.le,
    "未満の": operator.lt,
    "を超える": operator.gt,
    "を上回る": operator.gt,
    "を下回る": operator.lt,
    "に満たない": operator.lt,
}
ZERO = Decimal(0)
NAMES: dict[Metric, str] = {"budget": "予算額", "settled": "決算額", "executed": "執行額", "execution_rate": "執行率"}


def projects_of(library: Library, answer: Answer) -> list[str]:
    return [library.projects[f.project_id].name for f in answer.figures if f.project_id]


# ---- lists are whole --------------------------------------------------------------------------------------------


@FROM_FIXTURES
@given(
    tenths=st.integers(min_value=0, max_value=1600),
    bound=st.sampled_from(sorted(BOUNDS)),
    full=st.booleans(),
)
def test_a_bound_on_the_rate_returns_every_row(library: Library, ask: Ask, tenths: int, bound: str, full: bool) -> None:
    limit = Decimal(tenths) / 10
    written = f"{limit}%".translate(str.maketrans("0123456789.%", "０１２３４５６７８９．％")) if full else f"{limit}%"
    answer = ask(f"令和4年度に執行率が{written}{bound}事業は？")
    rows = settled_2022(library)
    wanted = {p.project_id for p in rows if BOUNDS[bound](value(library, p, "execution_rate"), limit)}
    assert {f.project_id for f in answer.figures} == wanted
    assert answer.computation is not None
    assert (answer.computation.considered, answer.computation.matched) == (45, len(wanted))


@FROM_FIXTURES
@given(
    amount=st.integers(min_value=1, max_value=1400),
    bound=st.sampled_from(sorted(BOUNDS)),
    metric=st.sampled_from(["budget", "settled"]),
    form=st.sampled_from(["man", "thousand", "yen"]),
)
def test_a_bound_on_money_returns_every_row(
    library: Library, ask: Ask, amount: int, bound: str, metric: Metric, form: str
) -> None:
    limit = Decimal(amount) * 10_000
    written = {"man": f"{amount}万円", "thousand": f"{amount * 10:,}千円", "yen": f"{amount * 10_000:,}円"}[form]
    answer = ask(f"令和4年度に{NAMES[metric]}が{written}{bound}事業は？")
    wanted = {p.project_id for p in settled_2022(library) if BOUNDS[bound](value(library, p, metric), limit)}
    assert {f.project_id for f in answer.figures} == wanted


def test_below_half_in_each_year(library: Library, ask: Ask) -> None:
    settled = [
        "一時託児サービス事業",
        "チーム旭で進める満足度向上事業",
        "旭区の「農」の魅力ＰＲ事業",
        "青少年健全育成事業",
    ]
    first = ask("令和4年度に執行率が50%を下回った事業は？")
    assert projects_of(library, first) == settled
    assert [f.printed for f in first.figures] == ["8.2%", "32.5%", "43.2%", "47.5%"]
    both = ask("執行率が50%を下回った事業は？")
    assert [f.fiscal_year for f in both.figures].count(2022) == 4
    running = {p.project_id for p in running_2023(library) if value(library, p, "execution_rate") < 50}
    assert {f.project_id for f in both.figures if f.fiscal_year == 2023} == running
    assert "令和4年度（決算）" in both.text
    assert "7月31日現在" in both.text


@pytest.mark.parametrize("metric", ["budget", "settled", "execution_rate"])
@pytest.mark.parametrize(("words", "descending"), [("高い", True), ("低い", False)])
@pytest.mark.parametrize("count", [1, 3, 10])
def test_ranks(library: Library, ask: Ask, metric: Metric, words: str, descending: bool, count: int) -> None:
    answer = ask(f"令和4年度の事業を{NAMES[metric]}が{words}順に{count}件")
    ordered = sorted((value(library, p, metric) for p in settled_2022(library)), reverse=descending)
    shown = [f.value for f in answer.figures if f.metric == metric]
    # Rows equal to the last one are shown with it.
    assert shown[:count] == ordered[:count]
    assert all(extra == ordered[count - 1] for extra in shown[count:])
    assert len(shown) == len([v for v in ordered if (v >= shown[-1] if descending else v <= shown[-1])])


@pytest.mark.parametrize("metric", ["budget", "settled"])
@pytest.mark.parametrize(
    "department", ["総務課", "地域振興課", "区政推進課", "福祉保健課", "こども家庭支援課", "生活衛生課"]
)
def test_sums_and_means_of_a_department(library: Library, ask: Ask, metric: Metric, department: str) -> None:
    values = [value(library, p, metric) for p in settled_2022(library) if _department(library, p, department)]
    total = ask(f"令和4年度の{department}の{NAMES[metric]}の合計は？").computation
    assert total is not None
    assert (total.value, total.unit, total.matched) == (sum(values, ZERO), "yen", len(values))
    mean = ask(f"令和4年度の{department}の{NAMES[metric]}の平均は？").computation
    assert mean is not None
    assert mean.value is not None
    assert abs(mean.value - sum(values, ZERO) / len(values)) < 1


def _department(library: Library, project: Project, department: str) -> bool:
    return department in project.departments


def test_the_mean_rate_is_the_mean_of_the_printed_rates(library: Library, ask: Ask) -> None:
    rates = [value(library, p, "execution_rate") for p in settled_2022(library)]
    computation = ask("令和4年度の執行率の平均は？").computation
    assert computation is not None
    assert computation.value == (sum(rates, ZERO) / len(rates)).quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize(("year", "count"), [("令和4年度", 45), ("令和5年度", 38)])
def test_counts(ask: Ask, year: str, count: int) -> None:
    computation = ask(f"{year}の事業は何件ありますか？").computation
    assert computation is not None
    assert (computation.value, computation.unit) == (Decimal(count), "件")


def test_a_department_s_share_of_a_category_is_not_the_category_itself(ask: Ask) -> None:
    """The department's projects in the category against all of it: once the whole was its own part, and 100 %."""
    part = ask("令和4年度のこども家庭支援課の自主企画事業の予算の合計は？").computation
    whole = ask("令和4年度の自主企画事業費の予算額は？").figures[0].value
    share = ask(
        "自主企画事業費の令和4年度予算のうち、こども家庭支援課の自主企画事業が占める比率を知りたいです。"
    ).computation
    assert part is not None
    assert part.value is not None
    assert share is not None
    assert share.value == round(part.value * 100 / whole, 1)


def test_how_a_figure_is_written_is_asked_of_its_figures(ask: Ask) -> None:
    answer = ask("交通安全対策事業の令和4年度執行率、総括説明書の中で書き方が食い違っていませんか?")
    assert {f.value for f in answer.figures if f.unit == "percent"} == {Decimal("99.9"), Decimal("100.0")}
    assert answer.warnings


def test_a_budget_more_than_another_project_s_is_compared(ask: Ask) -> None:
    """「Aの予算はBの予算よりいくら多い」 sets two budgets against each other, and asks of no excess."""
    answer = ask(
        "大阪の旭区の「あさひあったかバス」への予算は、横浜の旭区の令和4年度「旭ふれあい区民まつり」の予算よりいくら多いですか。"
    )
    assert {f.value for f in answer.figures} == {Decimal(7_700_000), Decimal(3_300_000)}
    assert answer.computation is not None
    assert answer.computation.value == Decimal(4_400_000)


def test_a_share_is_the_part_of_the_whole(library: Library, ask: Ask) -> None:
    rows = settled_2022(library)
    safety = [value(library, p, "budget") for p in rows if p.pillar == "安全・安心"]
    everything = [value(library, p, "budget") for p in rows]
    computation = ask("令和4年度の安全・安心の柱の予算額が全体に占める割合は？").computation
    assert computation is not None
    assert computation.unit == "percent"
    assert computation.value == (sum(safety, ZERO) * 100 / sum(everything, ZERO)).quantize(
        Decimal("0.1"), ROUND_HALF_UP
    )


def test_changes_between_years(library: Library, ask: Ask) -> None:
    before = {p.name: value(library, p, "budget") for p in settled_2022(library)}
    after = {p.name: value(library, p, "budget") for p in running_2023(library)}
    rose = {name for name in before.keys() & after.keys() if after[name] > before[name]}
    shown = set(projects_of(library, ask("令和4年度と令和5年度で予算額が増えた事業は？")))
    # Names that differ in brackets or widths only are one project to the answer.
    assert rose <= shown
    assert not {name for name in before.keys() & after.keys() if after[name] <= before[name]} & shown


def test_new_and_vanished_projects(library: Library, ask: Ask) -> None:
    new = projects_of(library, ask("令和5年度に新しく始まった事業は？"))
    assert new == ["区役所満足度向上事業", "地域の担い手応援事業"]
    gone = set(projects_of(library, ask("令和5年度になくなった事業は？")))
    assert {"交通安全対策事業", "商店街振興事業", "読書活動推進事業", "一時託児サービス事業"} <= gone
    assert len(gone) == 9


# ---- single figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ["budget", "settled", "execution_rate"])
def test_every_project_is_found_by_its_name(library: Library, ask: Ask, metric: Metric) -> None:
    wrong = []
    for project in settled_2022(library):
        answer = ask(f"令和4年度の{project.name}の{NAMES[metric]}は？")
        if [f.figure_id for f in answer.figures] != [figure(library, project, metric).figure_id]:
            wrong.append(project.name)
    assert wrong == []


@pytest.mark.parametrize("metric", ["budget", "executed", "execution_rate"])
def test_every_project_of_the_running_year_is_found_by_its_name(library: Library, ask: Ask, metric: Metric) -> None:
    wrong = []
    for project in running_2023(library):
        answer = ask(f"令和5年度の{project.name}の{NAMES[metric]}は？")
        if [f.figure_id for f in answer.figures] != [figure(library, project, metric).figure_id]:
            wrong.append(project.name)
    assert wrong == []


def test_a_question_without_a_year_gets_each_year_labelled(ask: Ask) -> None:
    answer = ask("災害に強い区づくり事業の予算額は？")
    assert [(f.fiscal_year, f.printed) for f in answer.figures] == [(2022, "12,182"), (2023, "12,321")]
    assert "令和4年度（決算）" in answer.text
    assert "令和5年度（7月31日現在" in answer.text


def test_namesakes_among_sub_projects_are_told_apart_by_their_project(ask: Ask) -> None:
    answer = ask("令和4年度の普及啓発事業の予算額は？")
    assert [f.printed for f in answer.figures] == ["1,031千円", "1,488千円"]
    assert "「あさひくん」でつながる旭区の元気推進事業の細事業" in answer.text
    assert "障害者ネットワーク推進事業の細事業" in answer.text


def test_sub_projects_of_a_project(ask: Ask) -> None:
    answer = ask("令和4年度の災害に強い区づくり事業の細事業ごとの予算額は？")
    assert [int(f.value) for f in answer.figures] == [1347000, 8448000, 289000, 150000, 810000, 647000, 491000]
    assert sum(f.value for f in answer.figures) == 12182000


@pytest.mark.parametrize(
    ("question", "departments"),
    [
        ("令和4年度の災害に強い区づくり事業の担当課は？", ["総務課", "福祉保健課", "高齢・障害支援課"]),
        ("令和5年度のあさひ魅力発見事業の担当はどこ？", ["地域振興課"]),
    ],
)
def test_departments(ask: Ask, question: str, departments: list[str]) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert all(department in answer.text for department in departments)


# ---- places -----------------------------------------------------------------------------------------------------


def test_a_ward_of_two_cities_is_told_to_be_ambiguous(library: Library, ask: Ask) -> None:
    answer = ask("旭区の予算が一番大きい取組は？")
    assert (answer.status, answer.reason) == ("ambiguous", "ambiguous")
    cities = {library.documents[f.document_id].municipality for f in answer.figures}
    assert cities == {"横浜市", "大阪市"}
    assert any("横浜市旭区" in s for s in answer.suggestions)
    assert any("大阪市旭区" in s for s in answer.suggestions)


@pytest.mark.parametrize(("place", "city"), [("横浜市旭区", "横浜市"), ("大阪市旭区", "大阪市")])
def test_a_named_city_never_gets_the_other_ones_rows(library: Library, ask: Ask, place: str, city: str) -> None:
    for question in ("予算が一番大きい取組は？", "予算額の合計は？", "防災について教えて", "の事業の一覧"):
        answer = ask(f"{place}の{question}")
        assert {library.documents[f.document_id].municipality for f in answer.figures} <= {city}, question
        if "[1]" in answer.text:
            assert city in answer.text


# ---- sources ----------------------------------------------------------------------------------------------------

CITED = [
    "令和4年度に執行率が50%を下回った事業は？",
    "令和4年度の災害に強い区づくり事業の細事業の内訳は？",
    "令和5年度の執行額が多い順に10件",
    "令和4年度の事業指標で目標を達成したものは？",
    "大阪市旭区の予算額の一覧",
    "予算額",
]


@pytest.mark.parametrize("question", CITED)
def test_every_figure_stands_on_the_lines_it_cites(library: Library, ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.figures
    for found in answer.figures:
        lines = library.lines(found.source.document_id)
        cited = "".join(lines[found.source.line_start - 1 : found.source.line_end])
        assert _bare(found.printed) in _bare(cited), found


def _bare(text: str) -> str:
    return "".join(half_width(text).split())


DESCRIBED = [
    "飼い主のいない猫対策事業ではどんなことをしていますか？",
    "防災講演会について教えてください",
    "旧若葉台西中学校の活用はどうなっていますか",
    "認知症カフェについて知りたい",
]


@pytest.mark.parametrize("question", DESCRIBED)
def test_a_descriptive_answer_is_made_of_the_documents_own_sentences(
    library: Library, ask_json: AskJson, question: str
) -> None:
    answer = ask_json(question)
    assert answer["status"] == "answered"
    assert answer["quotes"]
    units = {(s.document_id, u.line_start, u.line_end, u.text) for s in library.sections for u in s.units}
    for quote in answer["quotes"]:
        assert (quote["document_id"], quote["line_start"], quote["line_end"], quote["text"]) in units
        assert quote["text"].lstrip("・") in answer["text"]


def test_a_known_disagreement_is_told_beside_the_answer(ask: Ask) -> None:
    answer = ask("令和4年度の交通安全対策事業の執行率は？")
    assert [f.printed for f in answer.figures] == ["99.9%"]
    assert any("100.0%" in warning for warning in answer.warnings)


def test_that_no_row_is_both_departments_is_an_answer(ask: Ask) -> None:
    answer = ask("地域振興課と総務課の両方が担当する事業はある？")
    assert (answer.status, answer.figures) == ("answered", ())
    assert "ありません" in answer.text


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        # 2,000 of 4,000, 21,609 of 23,430, 2,000 of the 3,938 spent; 3,000 of 9,000.
        ("令和5年度の旧若葉台西中学校の本格活用検討事業の予算は前年度予算の何％にあたりますか", "50.0", "percent"),
        ("令和5年度の総務課の予算は前年度の何%ですか", "92.2", "percent"),
        ("旧若葉台西中学校の本格活用検討事業の令和5年度予算は令和4年度の決算の何%ですか", "50.8", "percent"),
        ("区局連携事業に挙がる2事業の予算合計は、令和5年度は令和4年度の何％に縮んだのでしょう。", "33.3", "percent"),
        # What 849,290 leaves without 103,230, and what 12,321,000 is above the mean of 26.
        ("令和5年度の個性ある区づくり推進費の予算のうち、自主企画事業費以外が占める割合は何%か", "87.8", "percent"),
        ("災害に強い区づくり事業の令和5年度予算は、同じ年度の自主企画事業の平均予算額をどれだけ上回っていますか。",
         "8350615", "yen"),
        # 51,384 and 24,592.
        ("令和５年度７月末時点で、自主企画事業費と統合事業費（統合事務費は含めない）の執行額を足すといくらですか",
         "75976000", "yen"),
        ("広報よこはま あさひ区版発行事業の令和5年度7月末の超過分は何円ですか？", "-552000", "yen"),
    ],
)  # fmt: skip
def test_computed_over_years_and_wholes(ask: Ask, question: str, value: str, unit: str) -> None:
    computation = ask(question).computation
    assert computation is not None
    assert (str(computation.value), computation.unit) == (value, unit)


def test_a_ratio_to_a_year_that_is_not_settled_is_refused(ask: Ask) -> None:
    answer = ask("災害に強い区づくり事業の決算額は、令和5年度は前年度の何倍でしたか。")
    assert (answer.status, answer.reason, answer.figures) == ("not_found", "not_settled", ())


def test_a_part_of_a_year_without_its_spending_is_no_matter_of_settlement(ask: Ask) -> None:
    """一時託児サービス事業 is a project of 令和4年度 and a part in 令和5年度, of which only the budget is printed."""
    answer = ask("一時託児サービス事業は令和5年度、7月末までにいくら執行しましたか。")
    assert (answer.status, answer.reason) == ("not_found", "no_figure")


def test_what_is_printed_for_one_year_and_computed_for_another_has_no_one_result(ask: Ask) -> None:
    answer = ask("文化芸術による心の豊かさ推進事業の差引は？")
    assert {f.fiscal_year for f in answer.figures} == {2022, 2023}
    assert answer.computation is None


def test_rows_within_a_bound_are_not_called_all_that_both_years_have(ask: Ask) -> None:
    answer = ask("横浜市旭区で令和5年度に予算が前年度の半分以下になった事業は？")
    assert "当てはまる事業は2件" in answer.text
