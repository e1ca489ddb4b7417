"""`answer_question`: from a question, and the questions before it, to a checked Answer."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from answer.as_json import answer_json
from answer.asked_number import asks_count, asks_number
from answer.compose import answer_text, computation_of, table_of
from answer.compute import Computer, figures_of
from answer.counts import find_counts
from answer.describe import Description, describe, describe_number, description_text, other_prints, scope_of
from answer.evidence import Evidence
from answer.interpret import interpreted
from answer.ledger import Ledger
from answer.several_counts import SeveralCounts, several_counts, together
from answer.suggest import suggestions_for
from answer.types import Answer, Plan
from answer.understand import Understanding
from answer.verify import UnprovedNumberError, check_numbers
from answer.vocabulary import vocabulary
from index.library import Library
from ingest.amounts import find_amounts, half_width
from ingest.eras import find_years, fiscal_year_label
from records import Figure, Finding, Hit, Passage, Project

_LOG = logging.getLogger(__name__)
MAX_QUESTION = 2_000
# So many of an answer's figures, and of a refusal's nearest passages, are given with their passages.
_PROVED = 20
_NEAREST = 10
_YEAR_ALONE = re.compile(r"(?:19|20)\d{2}年(?!度)|(?:令和|平成)\d{1,2}年(?!度)")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]{2,}")
_LATIN = re.compile(r"[\x20-\x7e]")
_OF_WORDS = re.compile("名前|名称|呼び名|呼び方|表記|課名|書き方|担当の?課|担当部署|所管の?課|部署")
_OF_COUNTS = re.compile("の数は|施設数|団体数|人数|者数|参加者|回数|件数|部数|何人|何回|何件")
_OF_TIME = frozenset(("年", "月", "日", "時", "分", "週"))
_TABLES = re.compile("総括表|一覧表|ページ")
_SHORT_FORM = re.compile(r"[一-鿿々ァ-ヺー]{2,}[（(]([A-ZＡ-Ｚ]{2,})[）)]")
_COMPARED = re.compile("増え|減|差|開き|違|比べ|多|少な")
_STRUCTURED = frozenset(
    (
        *("lookup", "filter", "rank", "sum", "mean", "count", "share", "compare", "change", "new", "vanished"),
        *("breakdown", "departments", "pillars", "list", "indicators", "holdings"),
    )
)


class Engine:
    """Everything that answering needs from one library, built once for each generation."""

    def __init__(self, library: Library, today: date | None = None) -> None:
        self.library = library
        self.ledger = Ledger(library)
        self.understanding = Understanding(self.ledger, today)
        self.computer = Computer(self.ledger)
        self._by_document: dict[str, list[Passage]] = {}

    # ---- one question --------------------------------------------------------------------------------------------

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer to a question that may continue the ones before it."""
        begun = time.perf_counter()
        # A lone surrogate, as a JSON escape can hold, is no character of any text.
        question = question.encode("utf-8", "replace").decode("utf-8").strip()
        if not question:
            return _refusal(question, "質問が空です。知りたいことを文章か、ことばの組み合わせで入力してください。")
        if len(question) > MAX_QUESTION:
            return _refusal(
                question[:200] + "…",
                f"質問が長すぎます（{len(question):,}文字）。{MAX_QUESTION:,}文字以内で入力してください。",
            )
        plan = self.plan(question, history)
        answer = self._execute(plan)
        if not answer.hits and plan.operation != "holdings":
            answer = replace(answer, hits=self._beside(plan, answer))
        return replace(answer, question=question, elapsed_ms=(time.perf_counter() - begun) * 1000)

    def plan(self, question: str, history: Sequence[str] = ()) -> Plan:
        """The plan of the question, understood after the questions before it."""
        previous: Plan | None = None
        names: tuple[str, ...] = ()
        for earlier in history:
            earlier = earlier.encode("utf-8", "replace").decode("utf-8")
            if earlier.strip():
                previous = self.understanding.understand(earlier.strip()[:MAX_QUESTION], previous, names)
                names = self._names_found(previous)
        return self.understanding.understand(question, previous, names)

    def _names_found(self, plan: Plan) -> tuple[str, ...]:
        """The projects that an earlier question's answer named: what 「そのうち」 and 「担当は」 mean."""
        if plan.operation in ("describe", "counts"):
            if plan.subjects:
                return tuple(n for m in plan.subjects for n in m.names)
            description = describe(plan, self.ledger, plan.question)
            ids = [q.passage.sub_project_id or q.passage.project_id for q in description.quotes[:1]]
            return tuple(self.ledger.projects[i].name for i in ids if i is not None)
        if plan.operation not in _STRUCTURED:
            return ()
        evidence = self.computer.run(plan)
        return tuple(dict.fromkeys(item.row.name for block in evidence.blocks for item in block.items))

    def _execute(self, plan: Plan) -> Answer:
        if plan.operation == "audit":
            return self._audit(plan)
        several = self._several_counted(plan)
        if several is not None:
            return several
        if plan.operation == "indicators" and len(plan.count_units) > 1 and len(plan.years) > 1:
            # 「平成25年度と令和4年度とで何地区から何地区になった」
            plan = replace(plan, operation="counts", metrics=())
        if plan.operation in _STRUCTURED:
            evidence = self.computer.run(plan)
            if plan.operation == "departments":
                told = self._department_warnings(evidence)
                evidence.notes.extend(told)
                for block in evidence.blocks:
                    block.literals.extend(told)
            unanswered = evidence.status == "not_found" and evidence.reason == "no_figure"
            if unanswered and plan.operation == "indicators" and asks_count(plan):
                # 「申請の実績は何件」: no indicator, but a count that is printed.
                counted = self._counts_told(replace(plan, operation="counts", metrics=()))
                if counted.status == "answered":
                    return counted
            if unanswered and not evidence.final and self._may_describe(plan):
                described = self._describe(plan)
                if described.status == "answered":
                    return described
            return self._finish(plan, evidence)
        missing = self.computer.missing_documents(plan)
        if missing is not None:
            return self._of_year_unheld(plan, missing)
        return self._counts_told(plan)

    def _of_year_unheld(self, plan: Plan, missing: Evidence) -> Answer:
        """What a document of another year tells of a year that none is of; else that none is."""
        if asks_count(plan) and plan.years:
            found = find_counts(plan, self.ledger, self._rows_for_counts(plan))
            if found is not None:
                return self._counted(plan, found)
        told = self._about_year(plan)
        if told is None and plan.operation == "describe" and not (plan.subjects or plan.place_words):
            # 「去年の駅伝はどこが勝ったか」 is nothing that a document of that year would tell.
            free = self._describe(replace(plan, years=()))
            if free.status == "not_found" and not find_years(half_width(plan.question)):
                return free
        return told or self._finish(plan, missing)

    def _counts_told(self, plan: Plan) -> Answer:
        """What printed counts, or else sentences, answer."""
        names = _JAPANESE.findall(plan.question)
        if asks_count(plan) and names and len(_LATIN.findall(plan.question)) > len(plan.question) / 2:
            # An English question of a count: what it counts stands in Japanese.
            counted = "".join(f"何{unit}" for unit in plan.count_units)
            named = plan.subjects[0].names[0] if plan.subjects else "の".join(names)
            plan = replace(plan, question=f"{named}の参加者は{counted}", topics=())
        if asks_count(plan) and plan.descending is not None and plan.asks == "how_many":
            refused = (
                "印字された数どうしの大小は比べられないため、答えを控えました。数えるものを一つ挙げて質問してください。"
            )
            return self._finish(plan, Evidence("not_found", "no_figure", refused))
        if asks_count(plan):
            # 「不妊去勢手術（TNR）」: the short form in brackets is how documents count it.
            plan = replace(plan, question=_SHORT_FORM.sub(r"\1", plan.question))
            found = find_counts(plan, self.ledger, self._rows_for_counts(plan))
            by_year = self._in_each_year(plan)
            if by_year is not None:
                return by_year
            if found is not None:
                return self._counted(plan, found)
        return self._describe(plan)

    def _in_each_year(self, plan: Plan) -> Answer | None:
        """A count asked of several years, year by year; None where that is one question or a year tells none."""
        if len(plan.years) < 2:
            return None
        alone = [self._execute(replace(plan, years=(year,))) for year in plan.years]
        labels = tuple(fiscal_year_label(year) for year in plan.years)
        compared = _COMPARED.search(plan.question) is not None and len(alone) == 2
        whole = together(SeveralCounts(labels, (), "gap"), alone) if compared else None
        whole = whole or together(SeveralCounts(labels, (), "each"), alone)
        return replace(whole, interpreted=interpreted(plan), plan=plan) if whole is not None else None

    def _several_counted(self, plan: Plan) -> Answer | None:
        """The counts of several things that one question asks for, each as a question of its own."""
        asked = None if plan.continued else several_counts(plan.question)
        scoped = plan.metrics or plan.level_named or plan.departments or plan.conditions
        if asked is None or scoped or (plan.operation in _STRUCTURED and asked.how != "which"):
            return None
        whole = together(asked, [self._execute(self.understanding.understand(q)) for q in asked.questions])
        return replace(whole, interpreted=interpreted(plan), plan=plan) if whole is not None else None

    def _counted(self, plan: Plan, found: Evidence) -> Answer:
        """The counts found, with what another sentence of the same place and year prints for them, if it differs."""
        counted = replace(plan, operation="counts")
        shown = [(i.row.place, v) for b in found.blocks for i in b.items for v in i.values]
        held = {(place, v.figure.fiscal_year, v.number) for place, v in shown if v.figure}
        units = {v.unit for _, v in shown}
        lines = {(v.figure.document_id, v.figure.source.line_start) for _, v in shown if v.figure}
        others = [
            figure
            for figure in other_prints(plan, self.ledger)
            if figure.unit in units
            and (figure.document_id, figure.source.line_start) not in lines
            and any(
                place == self.ledger.place_of(self.ledger.documents[figure.document_id]) and year == figure.fiscal_year
                for place, year, _ in held
            )
            and all(figure.value != number for _, _, number in held)
            and self._tells_of_subjects(plan, figure)
        ]
        for figure in others:
            name = self.ledger.projects[figure.project_id].name if figure.project_id else figure.section
            found.notes.append(
                f"別の箇所（{name}、{figure.source.line_start}行目）には「{figure.source.quote}」とあります。"
            )
        answer = self._finish(counted, found, list(found.notes))
        return replace(answer, figures=(*answer.figures, *others)) if answer.status == "answered" else answer

    def _tells_of_subjects(self, plan: Plan, figure: Figure) -> bool:
        """Whether a sentence says a name that the question gives, or stands under it."""
        fold = vocabulary().fold
        quote = fold(figure.source.quote)
        project = self.ledger.projects.get(figure.project_id or "")
        owner = {project.name} if project else set()
        return all(m.words in quote or owner & {*m.names, *m.kin} for m in plan.subjects)

    def _may_describe(self, plan: Plan) -> bool:
        """Whether sentences may answer instead of figures: never where an amount or a rate was asked for."""
        amounts = [m for m in plan.metrics if not m.startswith("indicator")]
        return (not amounts or plan.spent_loosely) and not plan.conditions and not plan.unclear

    def _about_year(self, plan: Plan) -> Answer | None:
        """「2027年に開かれる花の博覧会」: a year that no document is of, told of in a document of another year."""
        if plan.operation != "describe" or _YEAR_ALONE.search(half_width(plan.question)) is None:
            return None
        answer = self._describe(replace(plan, years=()))
        said = half_width("".join(hit.passage.heading + hit.passage.text for hit in answer.hits[:3]))
        told = all(str(year) in said or f"{year - 2018}年" in said for year in plan.years)
        return answer if answer.status == "answered" and told else None

    def _beside(self, plan: Plan, answer: Answer) -> tuple[Hit, ...]:
        """Passages that hold the lines of the figures shown; where none are shown, those nearest to the question."""
        if not answer.figures:
            return self.library.search(plan.question, _NEAREST, scope_of(plan, self.ledger, ())).hits
        found: dict[str, Passage] = {}
        for figure in answer.figures[:_PROVED]:
            for passage in self._passages_of(figure.document_id):
                if passage.source.line_start <= figure.source.line_start <= passage.source.line_end:
                    found.setdefault(passage.passage_id, passage)
        return tuple(Hit(passage, rank, 1.0, ()) for rank, passage in enumerate(found.values(), 1))

    def _passages_of(self, document_id: str) -> Sequence[Passage]:
        if not self._by_document:
            for passage in self.library.passages:
                self._by_document.setdefault(passage.document_id, []).append(passage)
        return self._by_document.get(document_id, ())

    def _rows_for_counts(self, plan: Plan) -> list[Any]:
        rows = self.computer.rows(
            replace(plan, departments=(), pillars=(), categories=(), years=(), phases=()),
            ["project", "sub_project", "section"],
        )
        return rows

    # ---- sentences -----------------------------------------------------------------------------------------------

    def _describe(self, plan: Plan) -> Answer:
        projects = self._projects_named(plan)
        absent = self._absent(plan, projects)
        if absent is not None:
            if not self._told_in_words(plan):
                return self._finish(plan, absent)
            projects = []
        query = plan.question
        if plan.continued and plan.subjects:
            query = "・".join(n for m in plan.subjects for n in m.names[:3]) + " " + query
        asked = describe_number if asks_number(plan) else describe
        description = asked(plan, self.ledger, query, projects)
        if not description.quotes and projects:
            description = asked(plan, self.ledger, query)
        if asks_number(plan) and not description.quotes:
            return replace(self._finish(plan, self._number_missing(plan, query)), hits=description.hits)
        if not description.quotes:
            near = self._near(description)
            evidence = Evidence(
                "not_found",
                "out_of_scope",
                f"収録資料には、この質問に答える記述が見当たりません。{near}{self.computer.holdings_text(plan.places)}",
            )
            return replace(self._finish(plan, evidence), hits=description.hits)
        evidence = Evidence(message=description_text(description, self.ledger))
        shown = dict.fromkeys(
            self.ledger.place_of(self.ledger.documents[q.passage.document_id]) for q in description.quotes
        )
        wards = {p.ward for p in plan.places if p.ward and p.ward in plan.place_words}
        for ward in wards:
            cities = {p.municipality for p in self.ledger.places if p.ward == ward}
            if len(cities) > 1 and len(shown) >= 1:
                taken = "・".join(str(p) for p in shown)
                others = [p for p in self.ledger.places if p.ward == ward and p not in shown]
                if others:
                    evidence.notes.append(f"「{ward}」は{taken}として答えました。")
                    evidence.suggestions.extend(plan.question.replace(ward, str(p), 1) for p in others)
        literals = [q.unit.text for q in description.quotes] + [q.unit.text.lstrip("・") for q in description.quotes]
        literals.append(description.lead)
        for hit in description.hits:
            literals.append(hit.passage.heading)
        answer = self._finish(plan, evidence, literals, [Decimal(h.rank) for h in description.hits], description)
        figures = description.figures if answer.status == "answered" else ()
        return replace(answer, hits=description.hits, figures=figures)

    def _number_missing(self, plan: Plan, query: str) -> Evidence:
        """No sentence says the number: the year is not held where another year says it, or nothing does."""
        held = self.computer.holdings_text(plan.places)
        if plan.years:
            elsewhere = describe_number(replace(plan, years=()), self.ledger, query)
            places = {self.ledger.place_of(self.ledger.documents[q.passage.document_id]) for q in elsewhere.quotes}
            if places and not any(set(plan.years) & set(self.ledger.years_of([p])) for p in places):
                where = "・".join(str(p) for p in self.ledger.places if p in places)
                years = "・".join(fiscal_year_label(y) for y in plan.years)
                return Evidence("not_found", "no_document", f"{where}の{years}の資料は収録していません。{held}")
        return Evidence(
            "not_found", "no_figure", f"収録資料には、この問いが尋ねる数や金額の記載が見当たりません。{held}"
        )

    def _absent(self, plan: Plan, projects: Sequence[Project]) -> Evidence | None:
        """A project named whole that the year asked for does not have, though another year does."""
        if not plan.years or not projects or any(p.fiscal_year in plan.years for p in projects):
            return None
        held = sorted(
            {p.fiscal_year for p in projects if not p.parent_id or p.listed} or {p.fiscal_year for p in projects}
        )
        years = "・".join(fiscal_year_label(y) for y in plan.years)
        names = "」「".join(dict.fromkeys(n for m in plan.subjects for n in m.names))
        there = "・".join(fiscal_year_label(y) for y in held)
        return Evidence(message=f"{years}の資料に「{names}」はありません。{there}の資料にあります。")

    def _told_in_words(self, plan: Plan) -> bool:
        """Whether a text of the years asked for says a name that is no project there."""
        fold = vocabulary().fold
        inside = {d.document_id for d in self.ledger.documents.values() if self.ledger.place_of(d) in plan.places}
        texts = [
            fold(p.text)
            for p in self.library.passages
            if p.fiscal_year in plan.years and (not plan.places or p.document_id in inside)
        ]
        return all(any(m.words in text for text in texts) for m in plan.subjects)

    def _near(self, description: Description) -> str:
        names = [
            self.ledger.projects[h.passage.project_id].name
            for h in description.hits[:3]
            if h.passage.project_id is not None
        ]
        names = list(dict.fromkeys(names))
        return f"近い内容の事業: {'、'.join(names)}。" if names and description.answerable >= 0.2 else ""

    def _projects_named(self, plan: Plan) -> list[Project]:
        """Projects that the question names outright, with their sub-projects; loose parts of names do not restrict."""
        named: list[Project] = []
        fold = vocabulary().fold
        for match in plan.subjects:
            whole = {n for n in match.names if fold(n) == match.words} if match.how == "name" else set(match.names)
            whole |= set(match.kin) if whole else set()
            if match.how == "part" or not whole:
                continue
            for project in self.ledger.projects.values():
                if project.name in whole:
                    named.append(project)
                    named.extend(self.ledger.children.get(project.project_id, []))
        return named

    # ---- the source's own arithmetic -----------------------------------------------------------------------------

    def _audit(self, plan: Plan) -> Answer:
        missing = self.computer.missing_documents(plan)
        if missing is not None:
            return self._finish(plan, missing)
        if _OF_COUNTS.search(plan.question):
            # 「参加者は1,232人と1,100人、資料によって違うようですが」: every print of the count.
            alone = _count_alone(plan)
            counts = find_counts(alone, self.ledger, self._rows_for_counts(alone))
            if counts is not None:
                return self._counted(alone, counts)
            if describe_number(alone, self.ledger, alone.question).quotes:
                return self._describe(replace(alone, operation="counts", asks="how_many"))
        of_words = _OF_WORDS.search(plan.question) is not None
        totals = self.computer.totals_against_sums(plan)
        if totals.blocks and not of_words:
            return self._finish(replace(plan, operation="sum"), totals)
        in_scope = [f for f in self.library.findings if self._in_scope(plan, f)]
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

    def _audit_warnings(self, figures: Sequence[Figure]) -> list[str]:
        used = {f.figure_id for f in figures}
        return [f.message for f in self.library.findings if used & set(f.figure_ids)]

    def _department_warnings(self, evidence: Evidence) -> list[str]:
        """Where the documents name different departments for a row of the answer."""
        shown = {i.row.project.project_id for b in evidence.blocks for i in b.items if i.row.project}
        return [f.message for f in self.library.findings if f.kind == "words" and shown & set(f.project_ids)]

    # ---- finishing -----------------------------------------------------------------------------------------------

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
        for condition in plan.conditions:
            allowed.append(condition.value)
        allowed.extend(Decimal(n) for n in (plan.limit, *plan.positions, 1, 100) if n is not None)
        names.extend((plan.question, *plan.pillars, *plan.categories, *plan.topics, *(m.words for m in plan.subjects)))
        for block in evidence.blocks:
            years.add(block.row.fiscal_year)
            allowed.extend((Decimal(block.considered), Decimal(len(block.items)), *block.computed))
            allowed.extend(f.value for f in block.extra_figures)
            if block.result is not None:
                allowed.append(block.result)
            names.extend((*block.literals, *(e.project for e in block.excluded)))
            for item in block.items:
                years.add(item.row.fiscal_year)
                names.extend((item.row.name, item.note, item.row.pillar or "", *item.row.departments))
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
        check_numbers(text, allowed, [n for n in names if not n.isdigit()], years)


def _count_alone(plan: Plan) -> Plan:
    """What 「…の参加者は1,232人と1,100人、資料によって違うようですが」 counts, without the numbers that it gives."""
    question = re.split(r"[、，,](?!\d)", plan.question)[0]
    given = [a for a in find_amounts(question) if a.kind == "count" and a.unit not in _OF_TIME]
    for amount in given:
        question = question.replace(amount.printed, "")
    units = tuple(dict.fromkeys(a.unit for a in given)) or plan.count_units
    return replace(plan, kinds=(), question=question, count_units=units)


_ENGINES: WeakKeyDictionary[Library, Engine] = WeakKeyDictionary()


def engine_for(library: Library) -> Engine:
    """The engine of a library, built at its first question."""
    engine = _ENGINES.get(library)
    if engine is None:
        engine = _ENGINES[library] = Engine(library)
    return engine


def answer_question(library: Library, question: str, history: Sequence[str] = ()) -> Answer:
    """Answer one question; `history` holds the earlier questions of the conversation, oldest first.

    A fault of this program refuses this one question, with its place in the log, and stops no other.
    """
    engine = engine_for(library)
    try:
        return engine.answer(question, history)
    except Exception:
        _LOG.exception("the question could not be answered: %r", question)
        told = "この質問に答える途中でプログラムの誤りが起きたため、答えを控えました。言い方を変えて質問してください。"
        return replace(_refusal(question, told), reason="no_figure")


def answer_as_json(library: Library, answer: Answer) -> dict[str, Any]:
    """The contract's JSON of an answer that this library gave."""
    return answer_json(answer, engine_for(library).ledger)


def _refusal(question: str, message: str) -> Answer:
    return Answer(question, "質問を読み取れませんでした", "not_found", "out_of_scope", message)
