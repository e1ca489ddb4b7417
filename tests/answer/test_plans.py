"""Questions in Japanese and what they are understood to ask."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from answer.service import Engine
from answer.types import Plan

OPERATIONS = [
    ("令和4年度の災害に強い区づくり事業の予算額は？", "lookup"),
    ("令和4年度の災害に強い区づくり事業にはいくら使いましたか", "lookup"),
    ("R4の一時託児サービス事業の執行率を教えてください", "lookup"),
    ("令和4年度に執行率が50%を下回った事業は？", "filter"),
    ("令和４年度に執行率が５割に満たなかった事業を全部教えて", "filter"),
    ("令和4年度で予算額が500万円以上の事業", "filter"),
    ("令和4年度に予算を使い切った事業は？", "filter"),
    ("令和4年度で予算を超えて使った事業はどれですか", "filter"),
    ("令和4年度の予算が一番大きい事業は？", "rank"),
    ("R4 執行率 ワースト3", "rank"),
    ("令和4年度の決算額が多い順に5つ挙げて", "rank"),
    ("令和4年度の地域振興課の予算額の合計は？", "sum"),
    ("令和4年度の総務課の執行率の平均は？", "mean"),
    ("令和4年度の事業は何件ありますか？", "count"),
    ("令和4年度に執行率が90%以上の事業はいくつありますか", "count"),
    ("令和4年度の安全・安心の柱の予算額が全体に占める割合は？", "share"),
    ("災害に強い区づくり事業と交通安全対策事業の予算額はどちらが大きいですか？", "compare"),
    ("令和4年度と令和5年度で予算が増えた事業は？", "change"),
    ("地域安全安心普及推進事業の予算は令和4年度と令和5年度でどう変わりましたか", "change"),
    ("令和5年度に新しく始まった事業は？", "new"),
    ("令和5年度になくなった事業は？", "vanished"),
    ("災害に強い区づくり事業の細事業の内訳は？", "breakdown"),
    ("交通安全対策事業の担当課は？", "departments"),
    ("地域振興課の事業一覧", "list"),
    ("令和4年度に目標を達成できなかった事業指標は？", "indicators"),
    ("資料の中で数字が食い違う箇所はありますか？", "audit"),
    ("どんな資料がありますか？", "holdings"),
    ("飼い主のいない猫対策事業ではどんなことをしていますか？", "describe"),
    ("庭に来る野良猫を何とかしたい", "describe"),
    ("子どもを少しの間預けたい", "describe"),
]


@pytest.mark.parametrize(("question", "operation"), OPERATIONS)
def test_operations(engine: Engine, question: str, operation: str) -> None:
    assert engine.plan(question).operation == operation


METRICS = [
    ("災害に強い区づくり事業の予算額は？", ("budget",)),
    ("災害に強い区づくり事業の決算額は？", ("settled",)),
    ("災害に強い区づくり事業の執行額は？", ("executed",)),
    ("災害に強い区づくり事業の執行率は？", ("execution_rate",)),
    ("災害に強い区づくり事業の差引は？", ("difference",)),
    ("災害に強い区づくり事業の予算の執行率は？", ("execution_rate",)),
    ("災害に強い区づくり事業の予算額と決算額は？", ("budget", "settled")),
    ("災害に強い区づくり事業はどのような事業ですか", ()),
]


@pytest.mark.parametrize(("question", "metrics"), METRICS)
def test_metrics(engine: Engine, question: str, metrics: tuple[str, ...]) -> None:
    assert engine.plan(question).metrics == metrics


PERCENT, YEN = "percent", "yen"
CONDITIONS = [
    ("執行率が50%を下回った事業", [("execution_rate", "lt", "50", PERCENT)]),
    ("執行率が50％未満の事業", [("execution_rate", "lt", "50", PERCENT)]),
    ("執行率が５割未満の事業", [("execution_rate", "lt", "50", PERCENT)]),
    ("執行率が五割に満たない事業", [("execution_rate", "lt", "50", PERCENT)]),
    ("執行率が半分に満たない事業", [("execution_rate", "lt", "50", PERCENT)]),
    ("執行率が50%以下の事業", [("execution_rate", "le", "50", PERCENT)]),
    ("執行率が100%を超えた事業", [("execution_rate", "gt", "100", PERCENT)]),
    ("執行率が95.5%以上の事業", [("execution_rate", "ge", "95.5", PERCENT)]),
    (
        "執行率が90%以上95%未満の事業",
        [("execution_rate", "ge", "90", PERCENT), ("execution_rate", "lt", "95", PERCENT)],
    ),
    ("予算額が500万円以上の事業", [("budget", "ge", "5000000", YEN)]),
    ("予算額が500万以上の事業", [("budget", "ge", "5000000", YEN)]),
    ("予算額が5,000千円以上の事業", [("budget", "ge", "5000000", YEN)]),
    ("予算額が５百万円以上の事業", [("budget", "ge", "5000000", YEN)]),
    ("予算額が五百万円以上の事業", [("budget", "ge", "5000000", YEN)]),
    ("予算額が0.05億円以上の事業", [("budget", "ge", "5000000", YEN)]),
    ("決算額が100万円に満たない事業", [("settled", "lt", "1000000", YEN)]),
    (
        "予算額が100万円から300万円の事業",
        [("budget", "ge", "1000000", YEN), ("budget", "le", "3000000", YEN)],
    ),
    ("予算額が300万円台の事業", [("budget", "ge", "3000000", YEN), ("budget", "lt", "4000000", YEN)]),
    (
        "予算額が500万円以上で執行率が90%未満の事業",
        [("budget", "ge", "5000000", YEN), ("execution_rate", "lt", "90", PERCENT)],
    ),
]


@pytest.mark.parametrize(("question", "conditions"), CONDITIONS)
def test_conditions(engine: Engine, question: str, conditions: list[tuple[str, str, str, str]]) -> None:
    plan = engine.plan(f"令和4年度に{question}は？")
    found = [(c.metric, c.comparator, c.value, c.unit) for c in plan.conditions]
    assert found == [(metric, how, Decimal(value), unit) for metric, how, value, unit in conditions]


YEARS = [
    ("令和4年度の予算額", (2022,)),
    ("令和４年度の予算額", (2022,)),
    ("令和四年度の予算額", (2022,)),
    ("R4の予算額", (2022,)),
    ("Ｒ４年度の予算額", (2022,)),
    ("2022年度の予算額", (2022,)),
    ("4年度の予算額", (2022,)),
    ("平成25年度の予算額", (2013,)),
    ("H25の予算額", (2013,)),
    ("25年度の予算額", (2013,)),
    ("令和元年度の予算額", (2019,)),
    ("令和4年度と令和5年度の予算額", (2022, 2023)),
    ("令和4・5年度の予算額", (2022, 2023)),
    ("令和4〜5年度の予算額", (2022, 2023)),
    ("予算額", ()),
]


@pytest.mark.parametrize(("question", "years"), YEARS)
def test_years(engine: Engine, question: str, years: tuple[int, ...]) -> None:
    assert engine.plan(question).years == years


PLACES = [
    ("横浜市旭区の予算", ["横浜市旭区"], ()),
    ("大阪市旭区の予算", ["大阪市旭区"], ()),
    ("大阪の旭区の予算", ["大阪市旭区"], ()),
    ("旭区の予算", ["横浜市旭区", "大阪市旭区"], ()),
    ("西区の取組", ["横浜市西区"], ()),
    ("横浜市の予算", ["横浜市旭区", "横浜市西区"], ()),
    ("川崎市の予算", [], ("川崎市",)),
    ("名古屋市の予算", [], ("名古屋市",)),
    ("札幌の予算", [], ("札幌",)),
    ("横浜市中区の予算は？", None, ("中区",)),
    ("予算が大きい事業", [], ()),
    ("区役所の予算", [], ()),
]


@pytest.mark.parametrize(("question", "places", "unknown"), PLACES)
def test_places(engine: Engine, question: str, places: list[str] | None, unknown: tuple[str, ...]) -> None:
    plan = engine.plan(question)
    assert all(word in "".join(plan.unknown_places) for word in unknown)
    assert bool(plan.unknown_places) == bool(unknown)
    if places is not None:
        assert sorted(map(str, plan.places)) == sorted(places)


NAMES = [
    ("災害に強い区づくり事業の予算", "災害に強い区づくり事業"),
    ("災害に強い区づくりの予算", "災害に強い区づくり事業"),
    ("ＤＶ対策事業の予算", "DV対策事業"),
    ("dv対策事業の予算", "ＤＶ対策事業"),
    ("市民活動支援事業の予算", "市民活動支援（みなくる）事業"),
    ("希望が丘駅周辺のまちづくりに関する検討の予算", "希望ヶ丘駅周辺のまちづくりに関する検討"),
    ("旭区の「農」の魅力PR事業の予算", "旭区の「農」の魅力ＰＲ事業"),
    ("いちじたくじサービス事業の予算", "一時託児サービス事業"),
    ("一次託児サービス事業の予算", "一時託児サービス事業"),
    ("飼い主のいない猫対策の予算", "飼い主のいない猫対策事業"),
]


@pytest.mark.parametrize(("question", "name"), NAMES)
def test_names(engine: Engine, question: str, name: str) -> None:
    subjects = engine.plan(question).subjects
    assert len(subjects) == 1
    assert name in subjects[0].names


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("令和4年度の執行率が高い順に5件", {"descending": True, "limit": 5}),
        ("令和4年度の執行率が低い順に3つ", {"descending": False, "limit": 3}),
        ("令和4年度の予算額トップ3", {"descending": True, "limit": 3}),
        ("令和4年度の予算額で2番目に大きい事業は？", {"descending": True, "positions": (2,)}),
        ("令和4年度の細事業で予算額が一番大きいのは？", {"level": "sub_project"}),
        ("令和4年度の課ごとの予算額の合計", {"group_by": "department"}),
        ("令和4年度と令和5年度で予算が減った事業", {"direction": "down"}),
        ("地域振興課と総務課の予算の合計、令和4年度", {"departments": ("地域振興課", "総務課")}),
        ("防災講演会はいつですか", {"asks": "when"}),
        ("防災講演会の講師は誰ですか", {"asks": "who"}),
        ("防災講演会に何人参加しましたか", {"asks": "how_many", "count_units": ("人",)}),
    ],
)
def test_what_else_is_read(engine: Engine, question: str, expected: dict[str, Any]) -> None:
    plan = engine.plan(question)
    for name, value in expected.items():
        found = getattr(plan, name)
        assert (set(found) == set(value)) if name == "departments" else (found == value), name


FIRST = "令和4年度に執行率が50%を下回った事業は？"
BUDGET = "令和4年度の災害に強い区づくり事業の予算額は？"
FOLLOW_UPS: list[tuple[list[str], str, dict[str, Any]]] = [
    ([BUDGET], "令和5年度は？", {"operation": "lookup", "years": (2023,), "metrics": ("budget",)}),
    ([BUDGET], "では決算額は？", {"operation": "lookup", "years": (2022,), "metrics": ("settled",)}),
    ([BUDGET], "担当課は？", {"operation": "departments", "years": (2022,)}),
    ([BUDGET], "細事業の内訳は？", {"operation": "breakdown", "years": (2022,)}),
    ([BUDGET, "令和5年度は？"], "執行率は？", {"years": (2023,), "metrics": ("execution_rate",)}),
    ([FIRST], "令和5年度は？", {"operation": "filter", "years": (2023,)}),
    ([FIRST], "そのうち予算が一番大きいのは？", {"operation": "rank", "metrics": ("budget",)}),
    ([FIRST], "何件ですか", {"operation": "count", "years": (2022,)}),
]


@pytest.mark.parametrize(("history", "question", "expected"), FOLLOW_UPS)
def test_follow_ups_keep_what_they_leave_out(
    engine: Engine, history: list[str], question: str, expected: dict[str, Any]
) -> None:
    plan = engine.plan(question, history)
    assert plan.continued
    for name, value in expected.items():
        assert getattr(plan, name) == value, name


def test_a_follow_up_about_one_project_stays_with_it(engine: Engine) -> None:
    plan = engine.plan("執行率は？", [BUDGET, "令和5年度は？"])
    assert [match.names for match in plan.subjects] == [("災害に強い区づくり事業",)]


def test_a_whole_new_question_forgets_the_last_one(engine: Engine) -> None:
    alone, after = engine.plan(FIRST), engine.plan(FIRST, [BUDGET])

    def asked(plan: Plan) -> tuple[object, ...]:
        return plan.operation, plan.metrics, plan.conditions, plan.years, plan.subjects

    assert asked(after) == asked(alone)
