"""Whatever a document holds, it is read to an Extraction whose records point into it: one odd file loses nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from made_documents import read

PIECES = """令和6年度|事業名
予算額|（単位：千円）|1,234|△5|４,２７５千円|○ 道路事業　1,234千円|【福祉】|〔土木課〕|合計|計
01款 議会費|001 給与費|説　　明|節|千円
事務事業名　公園事業|令和５年度実績　令和６年度計画|事業費　1　2|成果指標：率（％）　5
※注。|※|（|）|現計|-|〃|2024|R6|# 見出し|- 5 -|１款　総務費|担当課：公園課|予算額：5千円""".replace("\n", "|").split(
    "|"
)
PIECES += ["\t", "　", "   ", "", "| 事業名 | 予算額 |", "|---|---|", "| 道路 | 5千円 |", "あ" * 80]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=30))
def test_any_mixture_of_lines_is_read(lines: list[str]) -> None:
    extraction = read("a.txt", "\n".join(["緑市 令和6年度予算", *lines]))
    last = len(extraction.lines)
    projects = {project.project_id for project in extraction.projects}
    for figure in extraction.figures:
        assert 1 <= figure.source.line_start <= figure.source.line_end <= last
        assert 0 < figure.confidence <= 1
        assert (figure.project_id is None) != (figure.section is None)
        assert figure.project_id is None or figure.project_id in projects
    for section in extraction.sections:
        assert section.units
        assert all(1 <= unit.line_start <= unit.line_end <= last for unit in section.units)
    ids = [figure.figure_id for figure in extraction.figures]
    assert len(ids) == len(set(ids))
