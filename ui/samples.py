"""Questions to click on the first screen, made from what the corpus holds, so that each has an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from index.library import Library
from ingest.eras import fiscal_year_label
from records import Figure, Project

# A longer name makes a button that nobody reads.
_LONGEST_NAME: Final = 18


def _name(projects: Mapping[str, Project], figure: Figure) -> str:
    return projects[str(figure.project_id)].name


def sample_questions(library: Library) -> list[str]:
    """Up to six questions of different kinds, about the latest settled year and the best described projects."""
    listed = {p.project_id: p for p in library.projects.values() if p.listed and not p.container}
    primary = [f for f in library.figures if f.primary and f.project_id in listed]
    questions: list[str] = []
    settled = Counter(f.fiscal_year for f in primary if f.metric == "settled")
    if settled:
        year = max(settled, key=lambda y: (settled[y], y))
        era = fiscal_year_label(year)
        questions += [f"{era}に執行率が50%を下回った事業は？", f"{era}に決算額が最も大きい事業は？"]
        budgets = [f for f in primary if f.metric == "budget" and f.fiscal_year == year and f.table == "list"]
        own = sorted(
            (
                f
                for f in budgets
                if listed[str(f.project_id)].kind == "project" and len(_name(listed, f)) <= _LONGEST_NAME
            ),
            key=lambda f: f.value,
        )
        if own:
            # Neither the largest nor a token amount.
            questions.append(f"{era}の{_name(listed, own[len(own) * 3 // 4])}の予算額と決算額は？")
            departments = Counter(d for f in own for d in listed[str(f.project_id)].departments)
            if departments:
                questions.append(f"{era}に{departments.most_common(1)[0][0]}が担当した事業は？")
            told = Counter(s.project_id for s in library.sections if s.project_id in {f.project_id for f in own})
            if told:
                questions.append(f"{era}の{listed[str(told.most_common(1)[0][0])].name}では何をしましたか？")
    interim = {f.fiscal_year for f in primary if f.metric == "executed"}
    if interim:
        questions.append(f"{fiscal_year_label(max(interim))}に執行率が10%を下回った事業は？")
    return list(dict.fromkeys(questions))[:6]
