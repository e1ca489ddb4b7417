"""Which projects another department holds than in the year before, and which still have theirs."""

from __future__ import annotations

import pytest
from oracle import Ask, bare, running_2023, settled_2022

from index.library import Library


def moved(library: Library) -> dict[str, tuple[set[str], set[str]]]:
    before = {bare(p.name): set(p.departments) for p in settled_2022(library) if p.departments}
    after = {bare(p.name): set(p.departments) for p in running_2023(library) if p.departments}
    return {n: (before[n], after[n]) for n in before.keys() & after.keys() if before[n] != after[n]}


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度と令和5年度で担当課が変わった事業はどれ？",
        "令和5年度に所管が変更になった事業を教えてください",
        "担当課が令和4年度と違う令和5年度の事業は何件",
    ],
)
def test_every_project_of_another_department(ask: Ask, library: Library, question: str) -> None:
    expected = moved(library)
    assert expected
    answer = ask(question)
    assert {bare(library.projects[f.project_id].name) for f in answer.figures if f.project_id} == expected.keys()
    assert f"担当課が変わった事業は{len(expected)}件です" in answer.text
    assert "見当たりません" not in answer.text


def test_a_project_that_stayed(ask: Ask, library: Library) -> None:
    stayed = next(p for p in running_2023(library) if p.departments and bare(p.name) not in moved(library))
    answer = ask(f"{stayed.name}の担当課は令和4年度から令和5年度で変わりましたか")
    assert f"{'、'.join(stayed.departments)}（変わっていません）" in answer.text


def test_one_year_alone_tells_of_no_change(ask: Ask) -> None:
    answer = ask("西区で担当課が変わった事業は")
    assert (answer.status, answer.reason) == ("not_found", "no_figure")


@pytest.mark.parametrize(
    "question",
    ["令和4年度と令和5年度で担当課が同じ事業は何件？", "令和4年度と令和5年度で担当課が変わらなかった事業は？"],
)
def test_projects_that_stay_with_their_departments(ask: Ask, library: Library, question: str) -> None:
    before = {bare(p.name): {*p.departments} for p in settled_2022(library)}
    stay = [p for p in running_2023(library) if before.get(bare(p.name)) == {*p.departments}]
    answer = ask(question)
    assert f"担当課が同じ事業は{len(stay)}件です" in answer.text
    assert answer.computation is not None
    assert answer.computation.value == len(stay)
