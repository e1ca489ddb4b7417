"""Which projects another department holds than did the year before: 「令和4年度と令和5年度で担当課が変わった事業」."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.changes import Changes
from answer.evidence import Block, Evidence, Item, block_title
from answer.ledger import Row
from answer.selection import identity, unique_rows
from answer.types import Exclusion, Place, Plan
from ingest.eras import fiscal_year_label


class DepartmentMoves(Changes):
    """Answers that set the departments of two years against each other."""

    def _department_moves(self, plan: Plan) -> Evidence:
        """The rows that both years have under other departments; of projects named also that theirs is the same."""
        evidence = Evidence(description="担当課の変更")
        # A department that gave a project away is asked about as well as one that got it.
        free = replace(plan, departments=(), years=plan.years if len(plan.years) >= 2 else ())
        by_place: dict[Place, list[list[Row]]] = {}
        for group in self._groups([r for r in self._scoped_rows(free) if r.departments]):
            by_place.setdefault(group[0].place, []).append(group)
        for groups in by_place.values():
            for earlier, later in itertools.pairwise(groups):
                meant = not plan.years or len(plan.years) >= 2 or plan.years[0] in _years(earlier, later)
                if meant and earlier[0].fiscal_year < later[0].fiscal_year:
                    evidence.blocks.append(self._moved_between(plan, earlier, later))
        if not evidence.blocks:
            told = "二つの年度の担当課がそろって印字された事業がないため、比べられません。"
            return Evidence("not_found", "no_figure", told + self.holdings_text(plan.places), final=True)
        return evidence

    def _moved_between(self, plan: Plan, earlier: Sequence[Row], later: Sequence[Row]) -> Block:
        """One pair of years."""
        block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
        block.literals.append(block_title(earlier[0]))
        before = {identity(row): row for row in earlier}
        lines = []
        for row in unique_rows(list(later)):
            old = before.pop(identity(row), None)
            if old is None:
                block.excluded.append(_only_in(row, earlier[0]))
                continue
            block.considered += 1
            moved = set(old.departments) != set(row.departments)
            touches = {*old.departments, *row.departments}
            meant = not moved if plan.direction == "same" else moved
            if not (meant or plan.subjects) or (plan.departments and not touches & set(plan.departments)):
                continue
            was, now = "、".join(old.departments), "、".join(row.departments)
            lines.append(f"・{row.name}: {was} → {now}" if moved else f"・{row.name}: {now}（変わっていません）")
            block.items.extend((Item(old, ()), Item(row, self._values(row, ("budget",)))))
        block.excluded.extend(_only_in(row, later[0]) for row in before.values())
        if plan.subjects:
            block.excluded.clear()
        block.result, block.unit = Decimal(len(lines)), "件"
        which = "同じ" if plan.direction == "same" else "変わった"
        count = f"担当課が{which}事業は{len(lines)}件です（両年度にある{block.considered}件中）。"
        none = f"担当課が{which}事業はありません（両年度にある{block.considered}件を確認）。"
        lead = [] if plan.subjects else [count if lines else none]
        block.computed.extend((Decimal(len(lines)), Decimal(block.considered)))
        block.headline = "\n".join([*lead, *lines])
        return block


def _years(earlier: Sequence[Row], later: Sequence[Row]) -> tuple[int, int]:
    return earlier[0].fiscal_year, later[0].fiscal_year


def _only_in(row: Row, other: Row) -> Exclusion:
    return Exclusion(row.name, f"{fiscal_year_label(other.fiscal_year)}に同じ名前の事業がない")
