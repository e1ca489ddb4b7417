"""From evidence to a finished Answer: text, figures, computation, warnings, and the last check on its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from answer.compose import answer_text, computation_of, table_of
from answer.compute import Computer, figures_of
from answer.describe import Description
from answer.evidence import Evidence
from answer.interpret import interpreted
from answer.ledger import Ledger
from answer.suggest import suggestions_for
from answer.types import Answer, Plan
from answer.understand import Understanding
from answer.verify import UnprovedNumberError, check_numbers
from index.library import Library
from records import Figure, Hit, Passage


class Checked:
    """Finishes answers over one library; no text leaves it with a number that the evidence does not prove."""

    def __init__(self, library: Library, today: date | None = None) -> None:
        self.library = library
        self.ledger = Ledger(library)
        self.understanding = Understanding(self.ledger, today)
        self.computer = Computer(self.ledger)

    def _audit_warnings(self, figures: Sequence[Figure]) -> list[str]:
        used = {f.figure_id for f in figures}
        return [f.message for f in self.library.findings if used & set(f.figure_ids)]

    def _department_warnings(self, evidence: Evidence) -> list[str]:
        """Where the documents name different departments for a row of the answer."""
        shown = {i.row.project.project_id for b in evidence.blocks for i in b.items if i.row.project}
        return [f.message for f in self.library.findings if f.kind == "words" and shown & set(f.project_ids)]

    def _finish(
        self,
        plan: Plan,
        evidence: Evidence,
        literals: Sequence[str] = (),
        numbers: Sequence[Decimal] = (),
        description: Description | None = None,
    ) -> Answer:
        text = answer_text(plan, evidence)
        figures = figures_of(evidence.blocks) if evidence.status != "not_found" else ()
        warnings = [*evidence.warnings, *self._audit_warnings(figures)]
        if plan.operation != "departments" and (plan.departments or plan.group_by == "department"):
            warnings += self._department_warnings(evidence)
        if any(f.confidence < 0.9 for f in figures):
            warnings.append("読み取りに確信の持てない数値を含みます。出典の行で確かめてください。")
        interpretation = interpreted(plan)
        try:
            self._check(plan, evidence, text, literals, numbers)
        except UnprovedNumberError as error:
            return Answer(
                plan.question,
                interpretation,
                "not_found",
                "no_figure",
                "資料で裏付けられない数値が答えに混ざったため、表示を取りやめました。質問を短く分けてお試しください。",
                warnings=(str(error),),
                plan=plan,
            )
        computation = computation_of(plan, evidence)
        hits = self._sources_of(evidence) if evidence.status != "not_found" and not figures else ()
        table = table_of(evidence)
        extra: dict[str, Any] = {"table": table} if table else {}
        if description is not None:
            extra["quotes"] = [
                {
                    "mark": q.mark,
                    "text": q.unit.text,
                    "document_id": q.passage.document_id,
                    "line_start": q.unit.line_start,
                    "line_end": q.unit.line_end,
                }
                for q in description.quotes
            ]
        suggestions = list(dict.fromkeys([*evidence.suggestions, *suggestions_for(plan, evidence, self.ledger)]))[:5]
        return Answer(
            question=plan.question,
            interpreted=interpretation,
            status=evidence.status,
            reason=evidence.reason,
            text=text,
            figures=figures,
            computation=computation,
            hits=hits,
            warnings=tuple(dict.fromkeys(warnings)),
            suggestions=tuple(suggestions),
            plan=plan,
            extra=extra,
        )

    def _sources_of(self, evidence: Evidence) -> tuple[Hit, ...]:
        """Passages of the projects that an answer without figures names, so that it too has its lines."""
        wanted = [i.row.project.project_id for b in evidence.blocks for i in b.items if i.row.project]
        by_project: dict[str, Passage] = {}
        for passage in self.library.passages:
            for project_id in (passage.sub_project_id, passage.project_id):
                if project_id is not None:
                    by_project.setdefault(project_id, passage)
        chosen = [by_project[i] for i in dict.fromkeys(wanted) if i in by_project][:20]
        return tuple(Hit(passage, rank, 1.0, ()) for rank, passage in enumerate(chosen, 1))

    def _check(
        self, plan: Plan, evidence: Evidence, text: str, literals: Sequence[str], numbers: Sequence[Decimal]
    ) -> None:
        """The last check on numbers, with everything that this evidence proves."""
        allowed: list[Decimal] = [*numbers]
        names: list[str] = [*literals, *(d.title for d in self.ledger.documents.values())]
        names.extend(part.kind for d in self.ledger.documents.values() for part in d.parts)
        years: set[int] = {part.fiscal_year for d in self.ledger.documents.values() for part in d.parts} | set(
            plan.years
        )
        if plan.operation == "change":
            # 「比べる前の年度（令和5年度）の資料は収録していません」
            years |= {year - 1 for year in plan.years}
        for condition in plan.conditions:
            allowed.append(condition.value)
        allowed.extend(Decimal(n) for n in (plan.limit, *plan.positions, 1, 100) if n is not None)
        # What could not be read is told in the question's own words.
        names.extend(
            (
                plan.question,
                plan.unclear,
                *plan.pillars,
                *plan.categories,
                *plan.topics,
                *(m.words for m in plan.subjects),
            )
        )
        for block in evidence.blocks:
            years.add(block.row.fiscal_year)
            allowed.extend((Decimal(block.considered), Decimal(len(block.items)), *block.computed))
            allowed.extend(f.value for f in block.extra_figures)
            if block.result is not None:
                allowed.append(block.result)
            names.extend((*block.literals, *(e.project for e in block.excluded)))
            for item in block.items:
                years.add(item.row.fiscal_year)
                names.extend((*item.row.path, item.row.name, item.note, item.row.pillar or "", *item.row.departments))
                if item.row.parent:
                    names.append(item.row.parent.name)
                for value in (*item.values, *item.beside):
                    allowed.append(value.number)
                    allowed.extend(f.value for f in value.inputs)
                    names.extend(figure.label for figure in value.figures)
            if block.row.as_of:
                names.append(f"{block.row.as_of.month}月{block.row.as_of.day}日現在")
        for row in self.ledger.rows:
            if row.as_of:
                names.append(f"{row.as_of.month}月{row.as_of.day}日現在")
                break
        for match in plan.subjects:
            names.extend(match.names)
        if evidence.status == "not_found" or plan.operation in ("describe", "counts", "holdings"):
            names.extend(self.understanding.reader.projects.names)
        check_numbers(text, allowed, [n for n in names if n and not n.isdigit()], years)
