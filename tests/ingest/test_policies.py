"""The review (000), the policies (002, 003) and the web page (004): counts, first, middle and last record."""

from __future__ import annotations

import pytest
from corpus_documents import CORPUS, read, read_text

from ingest.extract import extract_file
from ingest.layouts.review import plain_cell, read_cell
from ingest.sources import PartFacts, SourceFacts


def headings(prefix: str) -> list[tuple[str, ...]]:
    return [section.heading for section in read(prefix).sections]


def test_review_rows() -> None:
    projects = read("000").projects
    assert len(projects) == 22
    assert all(project.kind == "measure" for project in projects)
    first, last = projects[0], projects[-1]
    assert (first.name, first.pillar) == ("災害に強いまちづくり（総務課、福祉保健課、高齢・障害支援課）", "安全・安心")
    assert first.departments == ("総務課", "福祉保健課", "高齢・障害支援課")
    assert (last.name, last.departments, last.source.line_start) == (
        "デジタル化の推進（地域振興課）",
        ("地域振興課",),
        33,
    )


def test_review_columns_that_shifted() -> None:
    by_line = {project.source.line_start: project for project in read("000").projects}
    # Line 15 begins with its department, line 16 with its name: the cells before are missing.
    assert (by_line[15].name, by_line[15].departments) == ("安全で安心な生活環境（地域振興課）", ("地域振興課",))
    assert by_line[15].pillar == "安全・安心"
    assert by_line[16].name == "地域活動や多様な取組のスタートアップやチャレンジの支援"
    assert by_line[16].pillar is None
    assert by_line[27].pillar == "魅力づくり"
    assert any("16行目" in warning for warning in read("000").warnings)


def test_review_cells_are_bullets_without_markup_or_stray_marks() -> None:
    texts = [unit.text for section in read("000").sections for unit in section.units]
    assert not any("<" in text or "☞" in text or "style" in text for text in texts)
    assert "配食ボランティア等に向けた講習会を実施(2回、計120人)" in texts
    assert "通信訓練(年5回 6月、8月、10月、12月、5年2月)" in texts


def test_markup_in_a_cell_is_text_or_nothing() -> None:
    hostile = '<ul><li>講座<script>alert("x")</script></li><img src=x onerror=alert(1)></ul>・展示 ・配布(3部)'
    units = read_cell(hostile, 7)
    assert [unit.text for unit in units] == ["講座", "展示", "配布(3部)"]
    assert plain_cell("a < b の比較") == ["a < b の比較"]


def test_policy_projects() -> None:
    projects = read("002").projects
    assert len(projects) == 18
    assert [p.kind for p in projects] == ["project"] * 18
    first, middle, last = projects[0], projects[13], projects[-1]
    assert (first.name, first.pillar, first.departments) == ("災害に強い区づくり事業", "安心ある つながり", ("総務課",))
    assert (middle.name, middle.departments) == ("きらっとあさひ地域支援事業", ("区政推進課", "福祉保健課"))
    assert (last.name, last.pillar) == ("旭区エコライフスタイル推進事業", "大切なふるさと")
    assert all(p.fiscal_year == 2013 for p in projects)


def test_policy_goals_of_each_department() -> None:
    goals = [heading[1] for heading in headings("002") if heading[0] == "各職場の取組目標"]
    assert len(goals) == 13
    assert (goals[0], goals[-1]) == ("総務課", "旭土木事務所")
    other = [heading[1] for heading in headings("003") if heading[0] == "各職場の取組目標" and len(heading) > 1]
    assert len(other) == 14
    assert (other[0], other[-1]) == ("総務課", "生活支援課")


def test_numbered_measures() -> None:
    projects = read("003").projects
    assert len(projects) == 19
    assert {p.kind for p in projects} == {"measure"}
    assert [sum(p.pillar == pillar for p in projects) for pillar in dict.fromkeys(p.pillar for p in projects)] == [
        3,
        4,
        7,
        5,
    ]
    assert projects[0].name.startswith("「にこやか しあわせ 暮らしのまちプラン」第4期計画を推進し")
    assert projects[-1].name == "体験講座や清掃活動等を通じて環境問題に取り組めます"


@pytest.mark.parametrize("prefix", ["002", "003"])
def test_captions_and_pointers_are_left_out(prefix: str) -> None:
    texts = [unit.text for section in read(prefix).sections for unit in section.units]
    for caption in (
        "旭区マスコットキャラクター",
        "プレパママクラスの様子",
        "SDGsパネル展の開催",
        "次頁をご覧ください",
    ):
        assert not any(caption in text for text in texts), caption


def test_words_beside_a_picture_of_the_front_are_kept_apart() -> None:
    found = [s for s in read("003").sections if s.heading == ("図や写真の説明",)]
    assert [(u.text, u.line_start, u.line_end) for s in found for u in s.units] == [
        ("西区のマスコットキャラクター「にしまろちゃん」", 54, 56)
    ]


def test_web_policy_budgets() -> None:
    extraction = read("004")
    figures = {f.project_id: f for f in extraction.figures if f.metric == "budget"}
    found = [(p.code, p.name, int(figures[p.project_id].value)) for p in extraction.projects]
    assert found == [
        ("1-1-1", "「重大虐待ゼロ」をめざす取組", 9_339_000),
        ("1-2-5", "子どもがたくましく未来を生き抜く力をつける取組", 2_952_000),
        ("2-2-2", "誰もが安心して暮らせる仕組みづくりの推進", 612_000),
        ("2-2-3", "「あさひあったかバス」(旭区福祉バス)の運行支援", 7_700_000),
        ("3-1-1", "地域活動協議会による自律的な地域運営の促進(改革の柱4-1)", 31_552_000),
        ("3-2-2", "城北公園の魅力向上", 4_000_000),
        ("4-1-1", "地域防災・減災力の強化", 8_019_000),
    ]
    assert {f.phase for f in figures.values()} == {"plan"}
    pillars = list(dict.fromkeys((p.pillar, p.pillar_aliases) for p in extraction.projects))
    assert pillars == [
        ("経営課題1 子育て・教育環境の一層の充実", ("経営課題1",)),
        ("経営課題2 区民一人ひとりの生活に寄り添った福祉・健康施策の展開", ("経営課題2",)),
        ("経営課題3 地域コミュニティの活性化とまちの魅力の発信", ("経営課題3",)),
        ("経営課題4 地域防災力・地域防犯力の強化", ("経営課題4",)),
    ]


@pytest.mark.parametrize(
    ("prefix", "numbers"),
    [
        ("000", {"安全・安心": "1", "魅力づくり": "3"}),
        ("002", {"安心ある つながり": "1", "誰もが健やかな まち": "2", "大切なふるさと": "3"}),
        (
            "003",
            {
                "地域のつながりづくり": "1",
                "いきいきと健やかに暮らせるまちづくり": "2",
                "まちの回遊性向上とにぎわいづくり": "3",
                "安全・安心なまちづくり": "4",
            },
        ),
        ("001", {"安全・安心": "Ⅰ", "地域の力": "Ⅱ", "魅力づくり": "Ⅲ", "区役所の機能強化": "Ⅳ"}),
    ],
)
def test_a_pillar_keeps_the_number_that_is_printed_before_it(prefix: str, numbers: dict[str, str]) -> None:
    found = {p.pillar: p.pillar_aliases[0] for p in read(prefix).projects if p.pillar in numbers and p.pillar}
    assert found == numbers


def test_a_pillar_that_a_page_names_otherwise_keeps_both_names() -> None:
    aliases = {p.pillar_aliases for p in read("001").projects if p.pillar == "区役所の機能強化"}
    assert aliases == {("Ⅳ", "区民サービスの向上")}


def test_web_policy_leaves_the_site_out() -> None:
    texts = [unit.text for section in read("004").sections for unit in section.units]
    for furniture in ("PDF", "Adobe", "ライセンス", "ページ番号", "探している情報", "様式1", "改訂履歴"):
        assert not any(furniture in text for text in texts), furniture
    assert any("振り返り" in text for text in texts)


def test_another_city_with_the_same_ward_name_is_another_place() -> None:
    places = {(read(p).document.municipality, read(p).document.ward) for p in ("000", "001", "002", "003", "004")}
    assert places == {("横浜市", "旭区"), ("横浜市", "西区"), ("大阪市", "旭区")}


def test_a_policy_of_another_ward_in_another_order() -> None:
    text = """
令和８年度 緑区運営方針

Ⅰ 基本目標

みんなで育む 緑のまち

Ⅱ 目標達成に向けた施策

１ 支え合い

見守りを進めます。

２ にぎわい

主な事業・取組

１ 支え合い ～見守り～

【主な事業・取組】

- **見守りネットワーク事業** 【高齢・障害支援課、福祉保健課】
 - ・見守り連絡会の開催（年３回）
 - ・協力事業者の登録（120 団体）

写真の説明

２ にぎわい

【主な事業・取組】

- **朝市事業** 【地域振興課】
 - ・朝市の開催（毎月、年 12 回）
"""
    extraction = read_text(text)
    assert [(p.name, p.pillar, p.departments) for p in extraction.projects] == [
        ("見守りネットワーク事業", "支え合い", ("高齢・障害支援課", "福祉保健課")),
        ("朝市事業", "にぎわい", ("地域振興課",)),
    ]
    assert extraction.document.ward == "緑区"
    assert [p.fiscal_year for p in extraction.document.parts] == [2026]
    assert [(f.label, int(f.value)) for f in extraction.figures] == [
        ("見守り連絡会の開催", 3),
        ("協力事業者の登録", 120),
        ("朝市の開催", 12),
    ]
    texts = [unit.text for section in extraction.sections for unit in section.units]
    assert "写真の説明" not in texts


def test_layouts_are_told_by_their_text_not_by_the_name_of_the_file() -> None:
    for prefix in ("000", "001", "002", "003", "004"):
        path = next(CORPUS.glob(f"{prefix}_*.txt"))
        extraction = read_text(path.read_text(encoding="utf-8"))
        assert [p.name for p in extraction.projects] == [p.name for p in read(prefix).projects]


@pytest.mark.parametrize("prefix", ["000", "002", "003", "004"])
def test_a_year_that_somebody_gives_for_the_only_part_holds(prefix: str) -> None:
    path = next(CORPUS.glob(f"{prefix}_*.txt"))
    facts = SourceFacts(municipality="横浜市", ward="緑区", parts=(PartFacts(2031, "運営方針"),))
    extraction = extract_file(path, facts)
    assert [(part.fiscal_year, part.kind) for part in extraction.document.parts] == [(2031, "運営方針")]
    assert {p.fiscal_year for p in extraction.projects} == {2031}
    assert extraction.document.ward_code == "141135"
    assert not any("見つかりません" in warning for warning in extraction.warnings)
