"""The settlement and execution papers, proved by their own sums, and papers of wards that do not exist."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from block_paper import Paper, Style, make_paper, write
from corpus_documents import CORPUS, primary, projects, read, read_text, thousands
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.audit import audit
from ingest.joining import name_key
from records import Extraction, Project

YEARS = ((2022, "settled"), (2023, "executed"))


def blocks(extraction: Extraction, year: int) -> list[Project]:
    return projects(extraction, year, "project")


def subs(extraction: Extraction, project: Project) -> list[Project]:
    return [p for p in extraction.projects if p.parent_id == project.project_id]


def test_parts_are_bounded_by_their_titles_and_carry_year_phase_and_date() -> None:
    parts = read("001").document.parts
    assert [(p.fiscal_year, p.phase, p.as_of) for p in parts] == [
        (2022, "settlement", None),
        (2023, "interim", date(2023, 7, 31)),
        (2024, "plan", None),
    ]
    assert [(p.line_start, p.line_end) for p in parts] == [(1, 3440), (3441, 6440), (6441, len(read("001").lines))]


@pytest.mark.parametrize(("year", "n_blocks", "n_priced", "n_listed"), [(2022, 37, 110, 45), (2023, 30, 106, 38)])
def test_every_block_and_sub_project_is_found(year: int, n_blocks: int, n_priced: int, n_listed: int) -> None:
    extraction = read("001")
    assert len(blocks(extraction, year)) == n_blocks
    priced = [p for p in projects(extraction, year, "sub_project") if primary(extraction, p, "budget")]
    assert len(priced) == n_priced
    listed = [p for p in projects(extraction, year) if p.listed and not p.container]
    assert len(listed) == n_listed


@pytest.mark.parametrize(("year", "spent"), YEARS)
def test_sub_projects_add_up_to_their_block(year: int, spent: str) -> None:
    extraction = read("001")
    checked = 0
    for block in blocks(extraction, year):
        children = subs(extraction, block)
        assert children, block.name
        assert sum(thousands(extraction, c, "budget") or 0 for c in children) == thousands(extraction, block, "budget")
        if year == 2022:
            settled = [thousands(extraction, c, "settled") for c in children if primary(extraction, c, "settled")]
            assert sum(value or 0 for value in settled) == thousands(extraction, block, "settled"), block.name
        checked += 1
    assert checked in (37, 30)


@pytest.mark.parametrize(
    ("year", "spent", "count", "budget", "used"),
    [(2022, "settled", 33, 105_136, 100_712), (2023, "executed", 26, 103_230, 51_384)],
)
def test_the_projects_of_the_ward_add_up_to_the_printed_total(
    year: int, spent: str, count: int, budget: int, used: int
) -> None:
    extraction = read("001")
    own = [p for p in blocks(extraction, year) if p.category == "自主企画事業費"]
    assert len(own) == count
    assert sum(thousands(extraction, p, "budget") or 0 for p in own) == budget
    assert sum(thousands(extraction, p, spent) or 0 for p in own) == used  # type: ignore[arg-type]
    totals = {
        f.metric: int(f.value / 1000)
        for f in extraction.figures
        if f.section == "自主企画事業費" and f.fiscal_year == year and f.primary
    }
    assert (totals["budget"], totals[spent]) == (budget, used)  # type: ignore[index]


def test_first_middle_and_last_project_in_full() -> None:
    extraction = read("001")
    found = blocks(extraction, 2022)
    first, middle, last = found[0], found[14], found[-1]
    assert (first.code, first.name, first.pillar) == ("Ⅰ-1", "災害に強い区づくり事業", "安全・安心")
    assert first.departments == ("総務課", "福祉保健課", "高齢・障害支援課")
    rate = primary(extraction, first, "execution_rate")
    assert rate is not None
    assert (rate.value, rate.printed, rate.source.line_start) == (Decimal("96.6"), "96.6%", 170)
    assert [thousands(extraction, first, m) for m in ("budget", "settled", "difference")] == [12_182, 11_770, 412]
    assert (middle.code, middle.name, middle.departments) == ("Ⅱ-10", "青少年健全育成事業", ("地域振興課",))
    assert [p.name for p in subs(extraction, middle)] == ["こども未来発見事業", "青少年団体活動補助事業"]
    assert (last.code, last.name) == ("Ⅶ-1", "元気な地域づくり推進事業")
    assert [thousands(extraction, p, "difference") for p in subs(extraction, last)] == [169, 11, 200]


def test_names_are_put_together_again_and_keep_their_brackets() -> None:
    names = {(p.fiscal_year, p.code): p.name for p in read("001").projects}
    assert name_key(names[2022, "Ⅲ-6"]) == name_key(
        "水・緑・花を暮らしに取り入れた旭区魅力アップ事業（国際園芸博覧会へ向けた機運醸成）"
    )
    assert names[2022, "Ⅱ-15"] == "地域のつながりづくりに向けた民生委員の活動支援事業"
    assert names[2023, "Ⅱ-13-1"] == "ジュニアボランティア体験事業～民生委員とともに～"
    assert names[2022, "Ⅱ-13-4"] == "保育園ネットワーク環境整備事業"
    assert names[2023, "Ⅰ-1-2"] == "防災活動事業"  # without its mark 拡


def test_a_sub_project_without_an_amount_is_still_one() -> None:
    extraction = read("001")
    found = [p for p in projects(extraction, 2022) if p.code == "Ⅲ-3-2"]
    assert [p.name for p in found] == ["希望ヶ丘駅周辺のまちづくり検討会"]
    assert primary(extraction, found[0], "budget") is None


def test_the_bundle_holds_the_rows_of_the_table() -> None:
    extraction = read("001")
    for year in (2022, 2023):
        bundle = [p for p in projects(extraction, year) if p.container]
        assert [p.name for p in bundle] == ["統合事業費"]
        rows = subs(extraction, bundle[0])
        assert len(rows) == 9
        assert all(row.listed and row.departments for row in rows)
    september = [p for p in projects(extraction, 2023) if p.name == "健康づくり月間"]
    zero = primary(extraction, september[0], "executed")
    assert zero is not None
    assert (zero.value, zero.printed) == (Decimal(0), "0")


def test_totals_whose_names_stand_apart() -> None:
    extraction = read("001")
    found = {
        (f.fiscal_year, f.section, f.metric): (int(f.value), f.source.line_start)
        for f in extraction.figures
        if f.section and f.primary and f.table == "summary"
    }
    assert found[2022, "一般管理費", "settled"] == (734_288_230, 9)
    assert found[2022, "個性ある区づくり推進費", "budget"] == (845_540_000, 17)
    assert found[2022, "統合事務費", "difference"] == (1_120_419, 11)
    assert found[2022, "区役所の機能強化", "difference"] == (-3_399_877, 50)
    assert found[2023, "個性ある区づくり推進費", "executed"] == (737_415_000, 3447)
    assert found[2023, "旭区で企画する主な区配事業", "budget"] == (885_000, 3469)  # glued to its name


def test_a_figure_is_primary_once_for_each_owner_and_metric() -> None:
    seen: set[tuple[object, ...]] = set()
    for figure in read("001").figures:
        if figure.primary and figure.metric not in ("count", "other"):
            key = (figure.part_index, figure.project_id, figure.section, figure.metric)
            assert key not in seen, key
            seen.add(key)
    assert len(seen) > 700


def test_projects_of_city_bureaus_are_no_sub_projects() -> None:
    extraction = read("001")
    others = [(f.label, int(f.value), f.fiscal_year) for f in extraction.figures if f.metric == "other" and f.section]
    assert others == [
        ("国際園芸博覧会推進事業（都市整備局）", 2_500_000, 2022),
        ("身近に農を感じる地産地消の推進事業（環境創造局）", 410_000, 2023),
        ("国際園芸博覧会推進事業（都市整備局）", 3_500_000, 2023),
        ("市民や企業と連携した緑のまちづくり事業（環境創造局）", 1_000_000, 2023),
    ]


def test_captions_and_page_numbers_are_in_no_sentence() -> None:
    texts = [unit.text for section in read("001").sections for unit in section.units]
    for caption in ("新規イラスト「", "啓発の様子", "キャンペーンポスター", "少女ミニ・バスケット", "使用イメージ"):
        assert any(caption in line for line in read("001").lines)
        assert not any(caption in text for text in texts), caption
    assert not any(text.strip().isdigit() for text in texts)


def test_broken_lines_become_sentences_with_their_lines() -> None:
    sections = [s for s in read("001").sections if s.heading == ("安全・安心", "災害に強い区づくり事業")]
    lead = sections[0].units
    assert len(lead) == 1
    assert lead[0].text.startswith("地域防災関係諸団体の自主防災力の向上")
    assert lead[0].text.endswith("防災意識の向上を図りました。")
    assert (lead[0].line_start, lead[0].line_end) == (397, 403)


def test_every_source_quotes_the_document() -> None:
    extraction = read("001")
    for figure in extraction.figures:
        lines = extraction.lines[figure.source.line_start - 1 : figure.source.line_end]
        assert name_key(figure.printed) in name_key("".join(lines)), figure


def _altered(change: object) -> Extraction:
    lines = next(CORPUS.glob("001_*.txt")).read_text(encoding="utf-8").split("\n")
    return read_text("\n".join(change(lines)))  # type: ignore[operator]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda lines: [line for line in lines if line.strip()], id="without blank lines"),
        pytest.param(lambda lines: [line.strip() for line in lines], id="without indents"),
        pytest.param(
            lambda lines: [line.translate(str.maketrans("０１２３４５６７８９", "0123456789")) for line in lines],
            id="half-width digits",
        ),
        pytest.param(
            lambda lines: [
                line.translate(str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")) for line in lines
            ],
            id="full-width digits",
        ),
        pytest.param(lambda lines: [line.translate(str.maketrans("（）：", "():")) for line in lines], id="brackets"),
    ],
)
def test_the_same_is_read_from_altered_copies(change: object) -> None:
    def gist(extraction: Extraction) -> tuple[object, ...]:
        owner = {p.project_id: p.code for p in extraction.projects}
        return (
            [(p.fiscal_year, p.code, name_key(p.name), p.departments, p.pillar) for p in extraction.projects],
            sorted(
                (f.fiscal_year, f.metric, f.value, f.primary, str(owner.get(f.project_id or "") or f.section))
                for f in extraction.figures
                if f.metric != "count"
            ),
            [
                (name_key(i.name), i.target and i.target.value, i.result and i.result.value)
                for i in extraction.indicators
            ],
        )

    assert gist(_altered(change)) == gist(read("001"))


def _check_against(paper: Paper, extraction: Extraction) -> None:
    spent = "executed" if paper.interim else "settled"
    assert extraction.warnings == ()
    assert [p.fiscal_year for p in extraction.document.parts] == [2018 + paper.year]
    found = [p for p in extraction.projects if p.kind == "project" and not p.container]
    expected = [(pillar, project) for pillar, group in paper.pillars for project in group]
    assert [(name_key(p.name), p.pillar) for p in found] == [(name_key(p.name), pillar) for pillar, p in expected]
    for project, (_, truth) in zip(found, expected, strict=True):
        assert set(project.departments) == set(truth.departments)
        assert name_key(project.text) == name_key(truth.lead)
        assert thousands(extraction, project, "budget") == truth.budget
        assert thousands(extraction, project, spent) == truth.spent  # type: ignore[arg-type]
        children = subs(extraction, project)
        assert [name_key(c.name) for c in children] == [name_key(sub.name) for sub in truth.subs]
        assert [thousands(extraction, c, "budget") for c in children] == [sub.budget for sub in truth.subs]
        for child, sub in zip(children, truth.subs, strict=True):
            units = [u for s in extraction.sections if s.sub_project_id == child.project_id for u in s.units]
            assert [name_key(u.text) for u in units if u.kind == "bullet"] == [name_key(b) for b in sub.bullets]
        indicators = [i for i in extraction.indicators if i.project_id == project.project_id]
        assert [(name_key(i.name), name_key(i.target.printed) if i.target else "") for i in indicators] == [
            (name_key(name), name_key(target)) for name, target, _ in truth.indicators
        ]
        if not paper.interim:
            results = [name_key(i.result.printed) if i.result else "" for i in indicators]
            assert results == [name_key(result) for _, _, result in truth.indicators]
    assert audit([extraction]) == ()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    interim=st.booleans(),
    pillars=st.integers(2, 4),
    style=st.builds(
        Style,
        body_width=st.sampled_from([50, 60, 70, 84]),
        lead_width=st.sampled_from([48, 62, 70]),
        name_width=st.sampled_from([16, 22, 30]),
        list_width=st.sampled_from([30, 44, 60]),
        blank_lines=st.booleans(),
        full_width_digits=st.booleans(),
        bracket_below=st.booleans(),
        padded=st.booleans(),
        broken_brackets=st.booleans(),
    ),
)
def test_papers_of_other_wards_are_read_in_full(seed: int, interim: bool, pillars: int, style: Style) -> None:
    paper = make_paper(seed, interim=interim, pillars=pillars)
    _check_against(paper, read_text(write(paper, style)))


def test_two_years_in_one_paper_stay_apart() -> None:
    settled, interim = make_paper(1, interim=False), make_paper(2, interim=True)
    settled.year, interim.year = 5, 6
    extraction = read_text(write(settled, Style()) + write(interim, Style()))
    assert [(p.fiscal_year, p.phase) for p in extraction.document.parts] == [(2023, "settlement"), (2024, "interim")]
    assert extraction.document.parts[1].as_of == date(2024, 9, 30)
    for year, paper in ((2023, settled), (2024, interim)):
        own = [p for p in projects(extraction, year, "project") if not p.container]
        assert [name_key(p.name) for p in own] == [name_key(p.name) for p in paper.projects]


def test_a_row_whose_owner_cannot_be_told_is_left_out_and_told() -> None:
    paper = make_paper(4, interim=False)
    text = write(paper, Style())
    own = sum(p.budget for p in paper.projects) * 1000
    changed = text.replace(f"{own:,} ", f"{own + 5_000_000:,} ", 1)
    assert changed != text
    extraction = read_text(changed)
    assert all(f.value != own + 5_000_000 for f in extraction.figures)
    assert any(f"{own + 5_000_000:,}" in warning for warning in extraction.warnings)
