"""Lists: a project's sub-projects, departments, the projects of a scope, the documents held."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from answer.changes import in_every_year
from answer.evidence import Block, Evidence, Item, block_title
from answer.selection import Selection, unique_rows
from answer.types import Exclusion, Plan
from answer.values import METRIC_NAMES
from ingest.eras import fiscal_year_label


class Lists(Selection):
    """Answers that name rows."""

    def _breakdown(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metrics = self._metrics_of(plan, ("budget", "settled"))
        if not plan.subjects:
            return self._list(replace(plan, operation="list", metrics=metrics))
        rows = [
            row
            for m in plan.subjects
            for row in self._subject_rows(m, replace(plan, level="project"), ("project", "section", "sub_project"))
        ]
        for group in self._groups(rows):
            for row in unique_rows(group):
                children = self._parts_of(row)
                if not children:
                    continue
                block = Block(row, f"{block_title(row)} {row.name}")
                block.considered = len(children)
                block.items = [Item(r, self._values(r, metrics)) for r in children]
                if not any(item.values for item in block.items):
                    # 「何にお金を使っているの？」 halfway through the year: only budgets are printed of its parts.
                    block.items = [Item(r, self._values(r, ("budget",))) for r in children]
                    if any(item.values for item in block.items):
                        asked = "・".join(METRIC_NAMES[m] for m in metrics)
                        evidence.notes.append(f"{block_title(row)}の細事業ごとの{asked}は、収録資料に見当たりません。")
                evidence.blocks.append(block)
        evidence.description = "細事業の内訳"
        return evidence

    def _departments(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        if not plan.subjects:
            return Evidence(
                "not_found", "no_figure", "どの事業の担当課かを読み取れませんでした。事業の名前を入れてください。"
            )
        rows = [row for m in plan.subjects for row in self._subject_rows(m, plan)]
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            for row in unique_rows(group):
                if row.departments:
                    block.items.append(Item(row, (), note="、".join(row.departments)))
            if block.items:
                evidence.blocks.append(block)
        evidence.description = "担当課"
        return evidence

    def _pillars(self, plan: Plan) -> Evidence:
        """The pillar, or where there is none the category, that each row belongs to."""
        evidence = Evidence(description="柱")
        rows = [row for m in plan.subjects for row in self._subject_rows(m, plan)]
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            for row in unique_rows(group):
                belongs = row.pillar or row.category
                if belongs:
                    block.items.append(Item(row, (), note=belongs))
            if block.items:
                evidence.blocks.append(block)
        return evidence

    def _list(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        rows = self._scoped_rows(plan)
        for group in self._groups(rows):
            metrics = plan.metrics or (self._metric_held(plan, group, "budget"),)
            block = Block(group[0], block_title(group[0]))
            named = [r for r in group if r.project and r.project.kind != "measure"] or group
            for row in named:
                if plan.level == "sub_project" and not row.figures:
                    block.excluded.append(Exclusion(row.name, "金額の記載がない"))
                    continue
                block.items.append(Item(row, self._values(row, metrics)))
            block.considered = len([r for r in self.ledger.rows if r.group == group[0].group and r.level == plan.level])
            block.result, block.unit = Decimal(len(block.items)), "件"
            evidence.blocks.append(block)
        if len({(b.row.place, b.row.fiscal_year) for b in evidence.blocks}) < len(evidence.blocks):
            # The same year in two documents: the one with figures lists 事業, a review beside it repeats them as 取組.
            with_figures = {(b.row.place, b.row.fiscal_year) for b in evidence.blocks if any(i.values for i in b.items)}
            evidence.blocks = [
                b
                for b in evidence.blocks
                if any(i.values for i in b.items) or (b.row.place, b.row.fiscal_year) not in with_figures
            ]
        if plan.jointly and len(plan.departments) > 1 and not rows:
            # None is an answer: both departments' own lists are held.
            shared = "」と「".join(plan.departments)
            evidence.message = f"「{shared}」がともに担当する事業は、収録資料の一覧にはありません。"
        evidence.description = "事業の一覧"
        if plan.in_every_year and not plan.years:
            # 「両年度」 are the years that figures are printed of.
            evidence.blocks = [b for b in evidence.blocks if any(i.values for i in b.items)]
        if plan.in_every_year and len(evidence.blocks) > 1:
            evidence.blocks = in_every_year(evidence.blocks, plan.years)
            evidence.notes.append("どの年度の資料にも名前のある事業です（括弧書きを除く名前で照らし合わせています）。")
            for block in evidence.blocks:
                block.result = Decimal(len(block.items))
        return evidence

    def _holdings(self, plan: Plan) -> Evidence:
        evidence = Evidence(message="収録している資料は次のとおりです。")
        lines = []
        for place, document, part in self.ledger.holdings():
            if plan.places and place not in plan.places:
                continue
            lines.append(f"・{place} {fiscal_year_label(part.fiscal_year)} {part.kind}（{document.title}）")
        evidence.message += "\n" + "\n".join(lines)
        return evidence
