"""Whether the documents agree with themselves: figures against figures, totals against sums, names against names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.counts import find_counts
from answer.counts_agree import counted_alone, differing_prints
from answer.describe import describe_number
from answer.evidence import Evidence
from answer.told import Told
from answer.types import Answer, Plan
from ingest.amounts import find_amounts, half_width
from ingest.eras import find_years
from records import Finding, Metric

_OF_WORDS = re.compile("名前|名称|呼び名|呼び方|課名|担当の?課|担当部署|所管の?課|部署")
# How a figure is written is a matter of figures.
_OF_WRITING = re.compile("表記|書き方")
_OF_COUNTS = re.compile("の数は|施設数|団体数|人数|者数|参加者|回数|件数|部数|何人|何回|何件")
_OF_ROWS: dict[str, Metric] = {"difference": "difference", "rate": "execution_rate"}
_OF_TIME = frozenset(("年", "月", "日", "時", "分", "週"))
_ADDED_UP = re.compile("足[しすせ]|合計|合わせ|総和|積み上げ")
_TABLES = re.compile("総括表|一覧表|ページ")


class Agreement(Told):
    """Answers from the findings of `ingest check` and from prints of one count that differ."""

    def _audit(self, plan: Plan) -> Answer:
        missing = self.computer.missing_documents(plan)
        if missing is not None:
            return self._finish(plan, missing)
        if _OF_COUNTS.search(plan.question):
            # 「参加者は1,232人と1,100人、資料によって違うようですが」: every print of the count.
            alone = _count_alone(plan)
            counts = find_counts(alone, self.ledger, self._rows_for_counts(alone))
            if counts is not None:
                return self._with_differences(self._counted(alone, counts))
            if describe_number(alone, self.ledger, alone.question).quotes:
                return self._with_differences(self._describe(replace(alone, operation="counts", asks="how_many")))
        written = _OF_WRITING.search(plan.question) is not None and not plan.metrics
        of_words = written or _OF_WORDS.search(plan.question) is not None
        totals = self.computer.totals_against_sums(plan)
        in_scope = [f for f in self.library.findings if self._in_scope(plan, f)]
        # 「予算から決算を引いた額が印刷された差引と合わないもの」 asks of each row, not of their sums.
        of_rows = any(_OF_ROWS.get(f.kind) in plan.metrics for f in in_scope)
        if totals.blocks and not (of_words or (of_rows and not _ADDED_UP.search(plan.question))):
            return self._finish(replace(plan, operation="sum"), totals)
        if of_words:
            in_scope = [f for f in in_scope if f.kind == "words"]
        findings = self._asked_findings(plan, [f for f in in_scope if f.kind != "words"])
        words = [f for f in in_scope if f.kind == "words"]
        ids = {i for f in findings for i in f.figure_ids}
        shown = [f for f in self.library.figures if f.figure_id in ids]
        figures = tuple(
            {(f.project_id, f.section, f.fiscal_year, f.metric, f.value): f for f in reversed(shown)}.values()
        )[::-1]
        if of_words:
            lines = [] if words else ["名前の書き方が箇所によって違うところはありません。"]
        elif findings:
            lines = [f"資料の数字どうしが合わない箇所は{len(findings)}件です。"] + [f"・{f.message}" for f in findings]
        else:
            lines = [
                "予算額・決算額・差引・執行率・合計を突き合わせた範囲では、数字どうしは一致していて、合わない箇所はありません。"
            ]
        if words and (of_words or not plan.metrics):
            lines += [
                f"{'' if of_words else 'ほかに、'}名前の書き方が箇所によって違うところがあります。",
                *(f"・{f.message}" for f in words),
            ]
        evidence = Evidence(message="\n".join(lines))
        literals = [f.message for f in in_scope]
        answer = self._finish(plan, evidence, literals, [Decimal(len(findings))])
        told = [f.message for f in words] if of_words else self._audit_warnings(figures)
        warned = tuple(dict.fromkeys((*answer.warnings, *told)))
        return replace(answer, figures=figures, warnings=warned)

    def _with_differences(self, answer: Answer) -> Answer:
        """The answer with a warning where documents print its count differently."""
        told = differing_prints(answer.figures, self.ledger)
        return replace(answer, warnings=tuple(dict.fromkeys((*answer.warnings, *told))))

    def _asked_findings(self, plan: Plan, findings: Sequence[Finding]) -> list[Finding]:
        """Those of a figure that the question names, and where it names two tables those between tables."""
        metric_of = {f.figure_id: f.metric for f in self.library.figures}
        kept = [f for f in findings if not plan.metrics or metric_of.get(next(iter(f.figure_ids), "")) in plan.metrics]
        if len(set(_TABLES.findall(half_width(plan.question)))) >= 2:
            kept = [f for f in kept if f.kind == "reprint"] or kept
        return kept or list(findings)

    def _in_scope(self, plan: Plan, finding: Finding) -> bool:
        document = self.ledger.documents[finding.document_id]
        if plan.places and self.ledger.place_of(document) not in plan.places:
            return False
        by_id = {f.figure_id: f for f in self.library.figures if f.document_id == finding.document_id}
        figures = [by_id[i] for i in finding.figure_ids if i in by_id]
        told_of = [self.ledger.projects[i] for i in finding.project_ids if i in self.ledger.projects]
        years = {f.fiscal_year for f in figures} | {p.fiscal_year for p in told_of}
        if not years:
            # A pillar's name belongs to a year's list, not to a project: its message says which.
            years = {mention.year for mention in find_years(finding.message)}
        if plan.years and not years & set(plan.years):
            return False
        if plan.pillars and finding.kind == "words" and not any(p in finding.message for p in plan.pillars):
            return False
        names = {n for m in plan.subjects for n in m.names}
        if names:
            owners = told_of + [self.ledger.projects[f.project_id] for f in figures if f.project_id is not None]
            parents = [self.ledger.projects[p.parent_id] for p in owners if p.parent_id is not None]
            return bool(names & {p.name for p in (*owners, *parents)})
        return True


def _count_alone(plan: Plan) -> Plan:
    """What 「…の参加者は1,232人と1,100人、資料によって違うようですが」 counts, without the numbers that it gives."""
    question = counted_alone(plan.question)
    given = [a for a in find_amounts(question) if a.kind == "count" and a.unit not in _OF_TIME]
    for amount in given:
        question = question.replace(amount.printed, "")
    units = tuple(dict.fromkeys(a.unit for a in given)) or plan.count_units
    return replace(plan, kinds=(), metrics=(), question=question, count_units=units)
