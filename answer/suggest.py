"""Next questions that do have answers, made from what the answer shows."""

from __future__ import annotations

from answer.evidence import Evidence
from answer.ledger import Ledger
from answer.types import Plan
from ingest.eras import fiscal_year_label


def suggestions_for(plan: Plan, evidence: Evidence, ledger: Ledger) -> list[str]:
    """Up to three whole questions about the rows shown, or about what is held where nothing was found."""
    rows = [item.row for block in evidence.blocks for item in block.items]
    if evidence.status == "not_found" or not rows:
        return []
    row = rows[0]
    place, year = row.place, fiscal_year_label(row.fiscal_year)
    found: list[str] = []
    if row.project and ledger.children.get(row.project.project_id) and plan.operation != "breakdown":
        found.append(f"{place}の{year}の「{row.name}」の細事業の内訳は？")
    if row.project and plan.operation not in ("describe", "counts"):
        found.append(f"{place}の{year}の「{row.name}」はどんな事業ですか？")
    other_years = [
        r.fiscal_year
        for r in ledger.rows
        if r.name == row.name and r.place == place and r.fiscal_year != row.fiscal_year and r.figures
    ]
    if other_years and plan.operation != "change":
        found.append(
            f"{place}の「{row.name}」の予算額は{fiscal_year_label(other_years[0])}と{year}でどう変わりましたか？"
        )
    if row.departments and plan.operation != "list":
        found.append(f"{place}の{year}の{row.departments[0]}の事業の一覧は？")
    return found[:3]
