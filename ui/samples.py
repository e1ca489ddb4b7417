"""Questions to click on the first screen, made from what the corpus holds, so that each has an answer."""

from __future__ import annotations

from collections import Counter

from index.library import Library
from ingest.eras import fiscal_year_label


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
        if budgets:
            # The middle of the list: neither the largest nor a token amount.
            middle = sorted(budgets, key=lambda f: f.value)[len(budgets) // 2]
            project = listed[str(middle.project_id)]
            questions.append(f"{era}の{project.name}の予算額と決算額は？")
            departments = Counter(d for f in budgets for d in listed[str(f.project_id)].departments)
            if departments:
                questions.append(f"{departments.most_common(1)[0][0]}が担当する事業は？")
    interim = {f.fiscal_year for f in primary if f.metric == "executed"}
    if interim:
        questions.append(f"{fiscal_year_label(max(interim))}に執行率が10%を下回った事業は？")
    described = sorted((p for p in listed.values() if p.kind == "project"), key=lambda p: len(p.text))
    if described:
        questions.append(f"{described[-1].name}では何をしましたか？")
    return list(dict.fromkeys(questions))[:6]
