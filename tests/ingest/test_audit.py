"""The audit finds every disagreement that is there, and none that is not."""

from __future__ import annotations

import re

import pytest
from block_paper import Style, make_paper, write
from corpus_documents import read, read_text

from ingest.audit import audit
from records import Finding


def of_text(text: str) -> tuple[Finding, ...]:
    return audit([read_text(text)])


def test_the_corpus_disagrees_with_itself_in_seven_places() -> None:
    found = audit([read(prefix) for prefix in ("000", "001", "002", "003", "004")])
    assert [(f.kind, f.printed, f.expected, sorted({s.line_start for s in f.sources})) for f in found] == [
        ("rate", "99.9", "100.0", [178, 609, 611, 615]),
        ("reprint", "100", "99.9", [29, 178]),
        ("reprint", "32.4", "32.5", [52, 249]),
        ("words", "区民サービスの向上", "区役所の機能強化", [257, 2915]),
        ("difference", "169000", "163000", [3378]),
        ("words", "区民サービスの向上", "区役所の機能強化", [3579, 6026]),
        ("words", "地域振興課", "区政推進課", [3648, 6425]),
    ]
    assert "あさひみらい塾事業" in found[4].message


def test_a_project_with_two_departments_in_two_places_has_both() -> None:
    extraction = read("001")
    (finding,) = [f for f in audit([extraction]) if f.kind == "words" and f.project_ids]
    (project,) = [p for p in extraction.projects if p.project_id in finding.project_ids]
    assert (project.fiscal_year, project.departments) == (2023, ("区政推進課",))
    for source, department in zip(finding.sources, (finding.expected, finding.printed), strict=True):
        assert department in extraction.lines[source.line_start - 1]


def test_departments_in_another_order_are_no_disagreement() -> None:
    paper = make_paper(11, interim=True)
    project = next(p for p in paper.projects if len(p.departments) > 1)
    shuffled = "、".join(reversed(project.departments))
    text = write(paper, Style())
    head, tail = text.split(" Ⅰ-", 1)
    printed = "、".join(project.departments)
    assert printed in tail
    assert of_text(f"{head} Ⅰ-{tail.replace(printed, shuffled)}") == ()


def test_another_department_on_the_page_is_found() -> None:
    paper = make_paper(11, interim=True)
    text = write(paper, Style())
    head, tail = text.split(" Ⅰ-", 1)
    printed = paper.projects[0].departments[0]
    found = of_text(f"{head} Ⅰ-{tail.replace(printed, '別の課', 1)}")
    assert [(f.kind, f.figure_ids) for f in found] == [("words", ())]


PAPER = write(make_paper(11, interim=False), Style())


def test_a_paper_that_agrees_has_no_findings() -> None:
    for seed in range(40):
        assert of_text(write(make_paper(seed, interim=seed % 2 == 0), Style())) == ()


def test_a_wrong_difference_is_found() -> None:
    match = re.search(r"決算：([\d,]+)千円 差引：(\d+)千円", PAPER)
    assert match is not None
    wrong = PAPER.replace(match.group(), f"決算：{match[1]}千円 差引：{int(match[2]) + 7}千円", 1)
    (finding,) = of_text(wrong)
    assert finding.kind == "difference"
    assert finding.printed == str((int(match[2]) + 7) * 1000)
    assert finding.expected == str(int(match[2]) * 1000)


def test_a_rate_beyond_rounding_is_found_and_one_within_is_not() -> None:
    match = re.search(r"\n執行率 (\d+\.\d)％", PAPER)
    assert match is not None
    off = f"{float(match[1]) + 3:.1f}"
    found = of_text(PAPER.replace(match.group(), f"\n執行率 {off}％", 1))
    assert {finding.kind for finding in found} == {"rate", "reprint"}


def test_a_sub_project_that_does_not_add_up_is_found() -> None:
    paper = make_paper(11, interim=True)
    text = write(paper, Style())
    sub = max((s for p in paper.projects if len(p.subs) > 1 for s in p.subs), key=lambda s: s.budget)
    printed = f"【{sub.budget:,}千円】"
    assert text.count(printed) == 1
    (finding,) = of_text(text.replace(printed, f"【{sub.budget + 40:,}千円】"))
    assert finding.kind == "sum"
    assert int(finding.expected) - int(finding.printed) == 40_000


def test_a_total_that_does_not_add_up_is_found() -> None:
    paper = make_paper(12, interim=True)
    text = write(paper, Style())
    total = sum(p.budget for p in paper.projects)
    # The table's own total, not the one of the summary above it.
    head, tail = text[: text.index("課　　名")], text[text.index("課　　名") :]
    changed = head + tail.replace(f"\n{total:,} ", f"\n{total + 900:,} ", 1)
    kinds = {finding.kind for finding in of_text(changed)}
    assert "sum" in kinds


@pytest.mark.parametrize("budget", ["0", "12"])
def test_a_zero_or_tiny_budget_raises_no_alarm(budget: str) -> None:
    text = f"""
令和５年度　緑区個性ある区づくり推進費　決算説明書

 Ⅰ 安心
 Ⅰ-1 事業内容
見守り事業 見守りを進めました。
１ 見守り【予算：{budget}千円 決算：0千円 差引：{budget}千円】
予算額 {budget}千円
決算額 0千円
差 引 {budget}千円
執行率 0.0％
地域振興課
 Ⅰ-2 事業内容
朝市事業 朝市を進めました。
１ 朝市【予算：10千円 決算：9千円 差引：1千円】
予算額 10千円
決算額 9千円
差 引 1千円
執行率 92.3％
地域振興課
"""
    # 9 of 10 thousand may be 9,499 of 10,499 or 9,499 of 9,500 yen: 92.3 % is within rounding.
    assert of_text(text) == ()


def test_a_breakdown_that_names_only_some_is_no_disagreement() -> None:
    text = """
令和２年度 主要事業の概要

（単位：千円）
○ 公共事業　127,419千円
　・国補公共事業　102,071千円
　・県単公共事業　20,000千円
○ 見守り事業　3,000千円
"""
    assert of_text(text) == ()
