"""A project over the years: certain where the name is the same, likely with evidence where it is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from answer.history import RELATION_NAMES, HistoryEntry, project_history
from answer.verify import check_numbers
from index.library import Library
from records import Project


def project(library: Library, name: str, year: int, kind: str = "project") -> Project:
    (found,) = [p for p in library.projects.values() if p.name == name and p.fiscal_year == year and p.kind == kind]
    return found


def history(library: Library, name: str, year: int, kind: str = "project") -> tuple[HistoryEntry, ...]:
    return project_history(library, project(library, name, year, kind).project_id)


def entry(library: Library, name: str, year: int, other: str, other_year: int) -> HistoryEntry:
    (found,) = [e for e in history(library, name, year) if (e.project.name, e.fiscal_year) == (other, other_year)]
    return found


# Settled in 2022, gone by that name in 2023: what the budget lines of the sub-projects show.
MERGED = [
    ("交通安全対策事業", "地域安全安心普及推進事業", ["地域交通安全対策事業", "スクールゾーン対策事業", "5,374千円"]),
    ("チーム旭で進める満足度向上事業", "区役所満足度向上事業", ["CS向上事業", "ES向上事業"]),
    ("一時託児サービス事業", "区役所満足度向上事業", ["一時託児サービス事業"]),
    ("区民に身近で信頼される区役所事業", "区役所満足度向上事業", ["区民ニーズ迅速対応事業", "ICT環境整備事業"]),
    ("「あさひくん」でつながる旭区の元気推進事業", "あさひ魅力発見事業", ["あさひくん貸出事業"]),
    ("商店街振興事業", "あさひ魅力発見事業", ["商業振興事業（あさひの逸品事業）"]),
    ("読書活動推進事業", "文化芸術による心の豊かさ推進事業", ["ビブリオバトル事業", "読書講演会事業"]),
]


@pytest.mark.parametrize(("old", "new", "told"), MERGED)
def test_merged_projects_point_at_each_other(library: Library, old: str, new: str, told: list[str]) -> None:
    forward, back = entry(library, old, 2022, new, 2023), entry(library, new, 2023, old, 2022)
    assert (forward.relation, back.relation) == ("likely_merged_into", "likely_merged_from")
    assert all(words in forward.evidence for words in told)
    assert forward.evidence == back.evidence
    assert 0.5 < forward.confidence < 1


def test_a_renamed_project(library: Library) -> None:
    found = entry(library, "元気な地域づくり推進事業", 2022, "地域の担い手応援事業", 2023)
    assert found.relation == "likely_renamed"
    assert all(name in found.evidence for name in ("あさひみらい塾事業", "きらっとあさひ地域支援事業"))


def test_names_that_differ_in_brackets_are_likely_renamed(library: Library) -> None:
    (old,) = [p for p in library.projects.values() if p.name.startswith("水･緑･花") and p.fiscal_year == 2022]
    later = [e for e in project_history(library, old.project_id) if e.fiscal_year == 2023]
    assert [e.relation for e in later] == ["likely_renamed"]
    assert "かっこ" in later[0].evidence


def test_a_project_that_ended_has_no_successor(library: Library) -> None:
    found = history(library, "希望ヶ丘駅周辺のまちづくりに関する検討", 2022)
    assert [e for e in found if e.fiscal_year > 2022] == []


def test_the_same_name_over_three_documents_and_the_review(library: Library) -> None:
    found = history(library, "災害に強い区づくり事業", 2022)
    assert [(e.fiscal_year, e.relation) for e in found if e.relation == "same"] == [
        (2013, "same"),
        (2022, "same"),
        (2023, "same"),
    ]
    beside = [e for e in found if e.relation == "likely_related"]
    assert [e.project.name for e in beside] == ["災害に強いまちづくり（総務課、福祉保健課、高齢・障害支援課）"]


def test_a_project_of_2013_that_became_a_sub_project(library: Library) -> None:
    found = entry(library, "きらっとあさひ地域支援事業", 2013, "元気な地域づくり推進事業", 2022)
    assert found.relation == "likely_merged_into"
    assert "細事業「きらっとあさひ地域支援事業」" in found.evidence


def test_what_went_two_steps_is_followed(library: Library) -> None:
    found = entry(library, "あさひ魅力発見事業", 2023, "「あさひくん」でつながる旭区の元気推進事業", 2013)
    assert found.relation == "likely_merged_from"
    assert found.confidence < 0.95


def test_a_sub_project_is_followed_into_another_project(library: Library) -> None:
    found = history(library, "地域交通安全対策事業", 2022, "sub_project")
    (later,) = [e for e in found if e.fiscal_year == 2023]
    assert later.project.name == "地域交通安全対策"
    assert "「地域安全安心普及推進事業」になりました" in later.evidence


def test_a_sub_projects_usual_name_is_not_enough(library: Library) -> None:
    """普及啓発事業 stands in two projects of each year, and each keeps to its own."""
    for year in (2022, 2023):
        for found in [p for p in library.projects.values() if p.name == "普及啓発事業" and p.fiscal_year == year]:
            parent = library.projects[str(found.parent_id)].name
            for other in project_history(library, found.project_id):
                other_parent = library.projects[str(other.project.parent_id)].name
                if "障害者" in parent:
                    assert "障害者" in other_parent
                else:
                    assert "障害者" not in other_parent


def test_every_history(library: Library) -> None:
    """What holds for every project: itself once, years in order, its own place only, evidence for every link."""
    place = {d.document_id: (d.municipality, d.ward) for d in library.documents.values()}
    linked = 0
    for asked in library.projects.values():
        found = project_history(library, asked.project_id)
        years = [e.fiscal_year for e in found]
        assert years == sorted(years)
        assert [e.project.project_id for e in found].count(asked.project_id) == 1
        assert len({e.project.project_id for e in found}) == len(found)
        for e in found:
            assert place[e.project.document_id] == place[asked.document_id]
            assert e.document.document_id == e.project.document_id
            assert e.relation in RELATION_NAMES
            assert e.evidence
            assert 0 < e.confidence <= 1
            assert all(f.project_id == e.project.project_id and f.fiscal_year == e.fiscal_year for f in e.figures)
            if e.relation != "same":
                assert e.confidence < 0.99
            linked += e.relation != "same"
    assert linked > 20


def test_links_are_seen_from_both_ends(library: Library) -> None:
    """A link between neighbouring years of the settlement document is found from either project."""
    forward, back = set(), set()
    for asked in library.projects.values():
        if asked.kind != "project" or asked.fiscal_year not in (2022, 2023):
            continue
        for e in project_history(library, asked.project_id):
            if e.project.kind != "project" or e.project.document_id != asked.document_id:
                continue
            if asked.fiscal_year == 2022 and e.fiscal_year == 2023:
                forward.add((asked.project_id, e.project.project_id))
            elif asked.fiscal_year == 2023 and e.fiscal_year == 2022:
                back.add((e.project.project_id, asked.project_id))
    assert forward == back
    assert len(forward) > 30


def test_changes_hold_printed_figures_and_their_differences_only(library: Library) -> None:
    """Every number in a change is a figure of the two projects or of their sub-projects, or a difference of two."""
    figures: dict[str, list[Decimal]] = {}
    for f in library.figures:
        if f.project_id:
            figures.setdefault(f.project_id, []).append(f.value)
    children: dict[str, list[str]] = {}
    for p in library.projects.values():
        children.setdefault(str(p.parent_id), []).append(p.project_id)

    def values(owner: str) -> list[Decimal]:
        return [v for one in (owner, *children.get(owner, [])) for v in figures.get(one, [])]

    told = 0
    for asked in library.projects.values():
        chain = project_history(library, asked.project_id)
        texts = [p.name for p in library.projects.values()]
        texts += [line for e in chain for line in (*e.project.text.splitlines(), *_sentences(e.project.text))]
        printed = [v for e in chain for v in values(e.project.project_id)]
        allowed = printed + [a - b for a in printed for b in printed]
        for e in chain:
            for change in e.changes:
                day = "7月31日現在"
                check_numbers(change.replace(day, ""), allowed, texts, {x.fiscal_year for x in chain})
                told += 1
    assert told > 200


def _sentences(text: str) -> list[str]:
    return [s.strip() for line in text.splitlines() for s in line.replace("。", "。\n").splitlines()]


def test_what_changed_in_budget_spending_text_and_sub_projects(library: Library) -> None:
    changes = entry(library, "地域安全安心普及推進事業", 2022, "地域安全安心普及推進事業", 2023).changes
    assert "予算額: 令和4年度 4,219千円 → 令和5年度 10,276千円（＋6,057千円、計算値）" in changes
    spent = next(c for c in changes if c.startswith("支出"))
    assert all(words in spent for words in ("3,620千円", "決算", "3,190千円", "7月31日現在", "差は出していません"))
    assert any("地域交通安全対策" in c and "加わりました" in c for c in changes)


def test_a_changed_department_is_told(library: Library) -> None:
    changes = entry(library, "あさひ魅力発見事業", 2022, "あさひ魅力発見事業", 2023).changes
    assert "担当課: 区政推進課、地域振興課 → 地域振興課" in changes


def test_an_unknown_project(library: Library) -> None:
    with pytest.raises(KeyError):
        project_history(library, "no-such-project")
