"""Departments and pillars in order: by places, by means, the distance of both ends, and the place of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from oracle import Ask, running_2023, settled_2022, value

from index.library import Library


def budgets(library: Library) -> dict[str, list[Decimal]]:
    """The budgets of each department's projects; one of several departments counts with each."""
    found: defaultdict[str, list[Decimal]] = defaultdict(list)
    for project in settled_2022(library):
        for department in project.departments:
            found[department].append(value(library, project, "budget"))
    return found


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("令和4年度の予算が2番目に多い課は", (2,)),
        ("令和4年度の予算が5番目に大きい課は？", (5,)),
        ("令和4年度の予算が多い課を上位3つ", (1, 2, 3)),
    ],
)
def test_places_of_departments(ask: Ask, library: Library, question: str, places: tuple[int, ...]) -> None:
    order = sorted(((sum(v), d) for d, v in budgets(library).items()), reverse=True)
    lines = [line for line in ask(question).text.splitlines() if line.startswith("・")]
    wanted = [(order[p - 1][1], f"{order[p - 1][0] / 1000:,.0f}千円") for p in places]
    assert len(lines) == len(wanted)
    for line, (department, total) in zip(lines, wanted, strict=True):
        assert line.startswith(f"・{department} {total}")


@pytest.mark.parametrize(
    "question",
    ["令和4年度の課ごとの平均予算額は", "令和4年度、課ごとの予算の平均が最も大きいのはどの課"],
)
def test_means_of_departments(ask: Ask, library: Library, question: str) -> None:
    means = {d: (sum(v) / len(v)).quantize(Decimal(1)) for d, v in budgets(library).items()}
    first = max(means, key=lambda d: means[d])
    answer = ask(question)
    assert answer.text.splitlines()[1].startswith(f"・{first} 平均{means[first] / 1000:,.0f}千円")
    assert answer.computation is not None
    assert answer.computation.value == means[first]


def test_the_department_whose_projects_are_greatest_in_the_mean(ask: Ask, library: Library) -> None:
    means = {d: sum(v) / len(v) for d, v in budgets(library).items()}
    answer = ask("令和4年度、1事業あたりの予算が一番大きい課は")
    assert answer.text.splitlines()[1].startswith(f"・{max(means, key=lambda d: means[d])} 平均")


def test_the_place_of_a_department(ask: Ask, library: Library) -> None:
    sums = {d: sum(v) for d, v in budgets(library).items()}
    place = 1 + sum(total > sums["総務課"] for total in sums.values())
    answer = ask("令和4年度の総務課の予算は課の中で何位ですか")
    assert f"多い方から{place}位（{len(sums)}課中）" in answer.text


def test_the_distance_of_the_pillars(ask: Ask, library: Library) -> None:
    pillars = ("安全・安心", "地域の力", "魅力づくり", "区役所の機能強化")
    sums = [sum(value(library, p, "budget") for p in settled_2022(library) if p.pillar == name) for name in pillars]
    answer = ask("令和4年度の予算が最も多い柱と最も少ない柱の差は")
    assert answer.computation is not None
    assert answer.computation.value == max(sums) - min(sums)


@pytest.mark.parametrize(
    "question",
    ["令和4年度の予算額トップの課と2位の課の差は", "令和4年度の予算が一番多い課と2番目に多い課の差はいくら"],
)
def test_the_distance_of_two_places(ask: Ask, library: Library, question: str) -> None:
    first, second = sorted((sum(v) for v in budgets(library).values()), reverse=True)[:2]
    answer = ask(question)
    assert answer.computation is not None
    assert answer.computation.value == first - second


def test_the_shares_of_the_pillars(ask: Ask, library: Library) -> None:
    """What the pillars come to together is what their shares are of."""
    sums = {
        name: sum(value(library, p, "budget") for p in settled_2022(library) if p.pillar == name)
        for name in ("安全・安心", "地域の力", "魅力づくり", "区役所の機能強化")
    }
    answer = ask("令和4年度予算の柱別の構成比")
    for name, total in sums.items():
        share = total * 100 / sum(sums.values())
        assert f"{name} {share:.1f}%" in answer.text


def lines_of(library: Library, *departments: str) -> list[str]:
    own = budgets(library)
    return [
        f"・{d} {sum(own[d]) / 1000:,.0f}千円（{len(own[d])}件の予算額の合計）"
        for d in sorted(departments, key=lambda d: -sum(own[d]))
    ]


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の総務課と福祉保健課それぞれの予算の合計は？",
        "R4 総務課 福祉保健課 予算合計 それぞれ",
        "令和4年度の総務課と福祉保健課の予算合計はいくらずつ？",
        "令和4年度の福祉保健課の予算合計と総務課の予算合計は？",
        "令和4年度、総務課・福祉保健課の予算合計を課ごとに",
    ],
)
def test_each_of_the_departments_named_and_no_other(ask: Ask, library: Library, question: str) -> None:
    told = [line for line in ask(question).text.splitlines() if line.startswith("・")]
    assert told == lines_of(library, "総務課", "福祉保健課")


def test_departments_together_where_none_is_asked_for_alone(ask: Ask, library: Library) -> None:
    both = {"総務課", "福祉保健課"}
    rows = [p for p in settled_2022(library) if both & {*p.departments}]
    answer = ask("令和4年度の総務課と福祉保健課の予算を合わせた額は")
    assert answer.computation is not None
    assert answer.computation.value == sum(value(library, p, "budget") for p in rows)


def test_every_column_that_is_asked_for(ask: Ask, library: Library) -> None:
    text = ask("令和4年度の課ごとの予算と決算の合計").text
    settled: defaultdict[str, Decimal] = defaultdict(Decimal)
    for project in settled_2022(library):
        for department in project.departments:
            settled[department] += value(library, project, "settled")
    for line in lines_of(library, *budgets(library)):
        assert line in text
    for department, total in settled.items():
        assert f"・{department} {total / 1000:,.0f}千円（{len(budgets(library)[department])}件の決算額の合計）" in text


def test_the_fewest_projects_are_said_first(ask: Ask, library: Library) -> None:
    own = budgets(library)
    fewest = min(own, key=lambda d: len(own[d]))
    text = ask("令和4年度に事業数が一番少ない課は？").text
    assert f"最も少ないのは「{fewest}」で、{len(own[fewest])}件です。" in text


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の総務課の平均執行率と地域振興課の平均執行率、どちらが高い？",
        "令和4年度の総務課と地域振興課の平均執行率を比べて",
    ],
)
def test_two_means_set_against_each_other(ask: Ask, library: Library, question: str) -> None:
    rates = {
        d: [value(library, p, "execution_rate") for p in settled_2022(library) if d in p.departments]
        for d in ("総務課", "地域振興課")
    }
    means = sorted(((sum(v) / len(v), d) for d, v in rates.items()), reverse=True)
    lines = [line for line in ask(question).text.splitlines() if line.startswith("・")]
    assert [line.split("（")[0] for line in lines] == [f"・{d} 平均{mean:.1f}%" for mean, d in means]


def test_pillars_of_one_department_are_its_own_rows(ask: Ask, library: Library) -> None:
    """The printed total of a pillar tells nothing of one department's part in it."""
    own: defaultdict[str, Decimal] = defaultdict(Decimal)
    for project in settled_2022(library):
        if "地域振興課" in project.departments and project.pillar != project.category:
            own[str(project.pillar)] += value(library, project, "budget")
    text = ask("令和4年度の地域振興課の予算の柱ごとの合計").text
    for pillar in ("地域の力", "安全・安心", "魅力づくり"):
        assert f"・{pillar} {own[pillar] / 1000:,.0f}千円" in text
    first = max(("地域の力", "安全・安心", "魅力づくり"), key=lambda p: own[p])
    answer = ask("令和4年度の地域振興課の事業で一番予算が多い柱は？")
    assert f"・{first} {own[first] / 1000:,.0f}千円" in answer.text
    assert "地域振興課" in answer.interpreted


@pytest.mark.parametrize("question", ["令和4年度の自主企画事業費に占める各柱の割合", "令和4年度の各柱の予算の構成比"])
def test_each_pillar_by_another_word(ask: Ask, library: Library, question: str) -> None:
    sums = {
        name: sum(value(library, p, "budget") for p in settled_2022(library) if p.pillar == name)
        for name in ("安全・安心", "地域の力", "魅力づくり", "区役所の機能強化")
    }
    text = ask(question).text
    for name, total in sums.items():
        assert f"{name} {total * 100 / sum(sums.values()):.1f}%" in text


@pytest.mark.parametrize(
    "question", ["令和4年度予算の上位3課の合計はいくら？", "令和4年度予算の上位3課の合計は全体の何割？"]
)
def test_the_first_departments_together(ask: Ask, library: Library, question: str) -> None:
    own = budgets(library)
    first = sorted(own, key=lambda d: -sum(own[d]))[:3]
    rows = [p for p in settled_2022(library) if {*first} & {*p.departments}]
    total = sum((value(library, p, "budget") for p in rows), Decimal(0))
    answer = ask(question)
    assert f"{total / 1000:,.0f}千円" in answer.text
    assert answer.computation is not None
    if "何割" in question:
        whole = sum((value(library, p, "budget") for p in settled_2022(library)), Decimal(0))
        assert answer.computation.value == (total * 100 / whole).quantize(Decimal("0.1"))
    else:
        assert answer.computation.value == total


def test_what_several_departments_share_is_added_up(ask: Ask, library: Library) -> None:
    shared = [p for p in settled_2022(library) if len(p.departments) > 1]
    answer = ask("複数の課が担当する令和4年度の事業の予算の合計は？")
    assert answer.computation is not None
    assert answer.computation.value == sum(value(library, p, "budget") for p in shared)


@pytest.mark.parametrize(
    ("question", "lowest"),
    [
        ("令和4年度、課ごとに一番予算の大きい事業を教えて", False),
        ("令和4年度の各課で最も予算が少ない事業は？", True),
        ("それぞれの課で予算が一番多い令和4年度の事業", False),
    ],
)
def test_the_first_project_of_every_department(ask: Ask, library: Library, question: str, lowest: bool) -> None:
    names = {d for p in settled_2022(library) for d in p.departments}
    lines = [line for line in ask(question).text.splitlines() if line.startswith("・")]
    assert len(lines) == len(names)
    for name in names:
        own = [p for p in settled_2022(library) if name in p.departments]
        first = (min if lowest else max)(own, key=lambda p: value(library, p, "budget"))
        assert f"・{name}: {first.name} 予算額 {value(library, first, 'budget') / 1000:,.0f}千円" in lines


def test_the_first_of_the_departments_is_no_first_of_each(ask: Ask, library: Library) -> None:
    own = budgets(library)
    text = ask("令和4年度、課ごとに見て一番予算が大きい課は？").text
    assert [line.split()[0] for line in text.splitlines() if line.startswith("・")] == [
        f"・{max(own, key=lambda d: sum(own[d]))}"
    ]


def test_departments_that_lost_projects(ask: Ask, library: Library) -> None:
    before, after = (Counter(d for p in rows(library) for d in p.departments) for rows in (settled_2022, running_2023))
    fewer = {d: (n, after[d]) for d, n in before.items() if after[d] < n}
    lines = [line for line in ask("令和4年度と5年度を比べて、事業数が減った課は？").text.splitlines() if "→" in line]
    assert {line for line in lines if line.startswith("・")} == {
        f"・{d}: {old}件 → {new}件（{old - new}件の減）" for d, (old, new) in fewer.items()
    }


def test_what_one_department_spent_comes_to(ask: Ask, library: Library) -> None:
    rows = [p for p in settled_2022(library) if "地域振興課" in p.departments]
    spent = sum(value(library, p, "settled") for p in rows)
    text = ask("地域振興課って令和4年度いくら使ったの？").text
    assert f"事業{len(rows)}件の決算額の合計は{spent / 1000:,.0f}千円です" in text
