"""How many rows one thing has against another: departments, categories, years, places, parts of projects."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, running_2023, settled_2022, value

from index.library import Library


def of_department(library: Library, department: str) -> int:
    return sum(department in p.departments for p in settled_2022(library))


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の総務課と地域振興課の事業はどちらが多い？",
        "令和4年度、総務課と地域振興課では担当する事業の数が多いのはどちらですか",
        "令和4年度の事業数は総務課と地域振興課で何件差がありますか",
        "令和4年度、事業が多いのは総務課と地域振興課のどちら？",
        "令和4年度は地域振興課の方が総務課より事業が多いですか",
    ],
)
def test_departments(ask: Ask, library: Library, question: str) -> None:
    few, many = of_department(library, "総務課"), of_department(library, "地域振興課")
    answer = ask(question)
    assert "件数の比較" in answer.interpreted
    assert answer.computation is not None
    assert answer.computation.value == Decimal(many - few)
    assert f"「地域振興課」の方が{many - few}件多い" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度と令和5年度では事業数はどちらが多い？",
        "令和4年度から令和5年度にかけて事業数は増えましたか？",
        "令和5年度の事業数は令和4年度より何件少ないですか",
        "事業数は前年度からいくつ減りましたか（令和5年度）",
        "令和4年度の事業数と令和5年度の事業数の差は？",
    ],
)
def test_years(ask: Ask, library: Library, question: str) -> None:
    gap = len(settled_2022(library)) - len(running_2023(library))
    answer = ask(question)
    assert answer.computation is not None
    assert answer.computation.value == Decimal(gap)
    assert f"「令和4年度」の方が{gap}件多い" in answer.text


def test_rows_within_a_bound(ask: Ask, library: Library) -> None:
    low = [p for p in settled_2022(library) if value(library, p, "execution_rate") < 60]
    counts = {d: sum(d in p.departments for p in low) for d in ("総務課", "地域振興課")}
    answer = ask("令和4年度に執行率60%未満の事業が多いのは総務課と地域振興課のどちら")
    assert answer.computation is not None
    assert answer.computation.value == Decimal(abs(counts["総務課"] - counts["地域振興課"]))
    for department, count in counts.items():
        assert f"・{department}の執行率が60%未満の事業: {count}件" in answer.text


def test_parts_of_projects(ask: Ask) -> None:
    answer = ask("地域安全安心普及推進事業と交通安全対策事業では細事業が多いのはどちら（R4）")
    assert "・地域安全安心普及推進事業の細事業: 2件" in answer.text
    assert "・交通安全対策事業の細事業: 3件" in answer.text


@pytest.mark.parametrize(
    "question",
    ["令和4年度の総務課と地域振興課、予算が多いのはどちら", "令和4年度より令和5年度の方が予算の多い事業は？"],
)
def test_money_is_not_counted(ask: Ask, question: str) -> None:
    assert "件数" not in ask(question).interpreted
