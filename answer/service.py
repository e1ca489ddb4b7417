"""`answer_question`: from a question, and the questions before it, to a checked Answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from answer.agreement import Agreement
from answer.as_json import answer_json
from answer.asides import asides_of
from answer.asked_number import asks_count
from answer.counts_agree import asks_agreement
from answer.describe import describe, scope_of
from answer.evidence import Evidence
from answer.interpret import interpreted
from answer.nested import goes_on_from, nested, of_picked, picks_rows
from answer.several_asked import Asked, each_told, filled, several_asked, stand_apart, tells_both
from answer.several_counts import SeveralCounts, says_thing, several_counts, summed_counts, together
from answer.spelling import katakana_words, nearest_word
from answer.types import Answer, Plan
from answer.vocabulary import vocabulary
from index.library import Library
from records import Hit, Passage

_LOG = logging.getLogger(__name__)
MAX_QUESTION = 2_000
# So many of an answer's figures, and of a refusal's nearest passages, are given with their passages.
_PROVED = 20
_NEAREST = 10
# So much is told of a question within a question that is not read.
_TOLD = 12
_COMPUTED = frozenset(("sum", "mean", "share", "rank", "compare", "change"))
# Counters of projects, of which nothing printed is a count.
_OF_PROJECTS = frozenset(("件", "事業", "つ", "個"))
# What a question that adds up printed counts may be read as.
_ADDED_UP = frozenset(("sum", "indicators", "lookup"))
# What a question that asks for a printed count may be read as.
_MAY_COUNT = frozenset(("counts", "describe", "indicators", "lookup", "audit"))
_STRUCTURED = frozenset(
    (
        *("lookup", "filter", "rank", "sum", "mean", "count", "share", "compare", "change", "new", "vanished"),
        *("breakdown", "departments", "pillars", "list", "indicators", "holdings"),
    )
)


class Engine(Agreement):
    """Everything that answering needs from one library, built once for each generation."""

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
        asked = self._asked(question, *self._before(history))
        answers = [self._answered(plan) for plan in asked.plans]
        answer = answers[0] if len(answers) == 1 else each_told(answers, asked.how)
        if asked.picks is not None:
            answer = of_picked(answer, asked.picks)
        return replace(answer, question=question, elapsed_ms=(time.perf_counter() - begun) * 1000)

    def _answered(self, plan: Plan) -> Answer:
        """The answer to one plan, with the passages that it stands on."""
        answer = self._without_others(plan, self._execute(plan))
        if not answer.hits and plan.operation != "holdings":
            answer = replace(answer, hits=self._beside(plan, answer))
        return answer

    def plan(self, question: str, history: Sequence[str] = ()) -> Plan:
        """The plan of the question, understood after the questions before it; of several in one the last."""
        return self._asked(question, *self._before(history)).plans[-1]

    def _before(self, history: Sequence[str]) -> tuple[Plan | None, tuple[str, ...]]:
        """The plan of the last of the earlier questions, and the names of the projects that answer it."""
        previous: Plan | None = None
        names: tuple[str, ...] = ()
        for earlier in history:
            earlier = earlier.encode("utf-8", "replace").decode("utf-8")
            if earlier.strip():
                previous, names = self._told_of(self._asked(earlier.strip()[:MAX_QUESTION], previous, names).plans[-1])
        return previous, names

    def _asked(self, question: str, previous: Plan | None = None, names: tuple[str, ...] = ()) -> Asked:
        """The plan of a question; of one that asks for several selections or sums, the plan of each."""
        whole = self._understood(question, previous, names)
        inner = nested(question)
        if inner is not None and not whole.among:
            picks, picked = self._told_of(self._understood(inner.picks, previous, names))
            of_them = self._understood(inner.asked, picks, picked) if picks_rows(picks) else whole
            if of_them is not whole and goes_on_from(inner, picks, of_them):
                return Asked((of_them,), picks=picks)
            if inner.of_group:
                return Asked((replace(whole, unclear=whole.unclear or inner.asked[:_TOLD]),))
        for asked in () if tells_both(whole) else several_asked(question):
            first = self._understood(asked.questions[0], previous, names)
            plans = [first]
            for part in asked.questions[1:]:
                plan = self._understood(part, plans[-1])
                plans.append(filled(plan, first))
            if stand_apart(asked, plans):
                return Asked(tuple(plans), asked.how)
        return Asked((whole,))

    def _understood(self, question: str, previous: Plan | None = None, names: tuple[str, ...] = ()) -> Plan:
        """The plan of one question, in the documents' spelling and without what a question of a count says aside."""

        def read(text: str) -> Plan:
            return self.understanding.understand(text, previous, names)

        plan = read(question)
        spelled = self._spelled(plan)
        for asked, known in spelled:
            question = question.replace(asked, known)
        plan = replace(read(question), spelled=spelled) if spelled else plan
        asides = None if asks_agreement(question) else asides_of(question, self.ledger)
        alone = read(asides.question) if asides is not None else plan
        if asides is None or alone.operation not in _MAY_COUNT or not asks_count(alone) or alone.conditions:
            return plan
        return replace(
            alone,
            spelled=spelled,
            left_out=asides.left_out,
            taken_off=asides.taken_off,
            kinds=(asides.kinds if len(alone.years) < 2 else ()) or alone.kinds,
        )

    def _spelled(self, plan: Plan) -> tuple[tuple[str, str], ...]:
        """Katakana words of the question that no document has, each with the one word that it is a slip of."""
        fold = vocabulary().fold
        read = fold("、".join(m.words for m in plan.subjects if m.how != "typo"))
        found = []
        for word in dict.fromkeys(katakana_words(plan.question)):
            known_already = fold(word) in read or vocabulary().is_plain(fold(word))
            known = None if known_already else nearest_word(word, self._katakana)
            if known is not None:
                found.append((word, known))
        return tuple(found)

    @cached_property
    def _katakana(self) -> frozenset[str]:
        """The katakana words of the documents."""
        texts = (text for p in self.library.passages for text in (p.heading, p.text))
        return frozenset(word for text in texts for word in katakana_words(text))

    def _told_of(self, plan: Plan) -> tuple[Plan, tuple[str, ...]]:
        """The plan of an earlier question with the groups that its answer told, and the names of the projects that it
        told: what 「その課」, 「そのうち」 and 「担当は」 mean.
        """
        if plan.operation in ("describe", "counts"):
            if plan.subjects:
                return plan, tuple(n for m in plan.subjects for n in m.names)
            description = describe(plan, self.ledger, plan.question)
            ids = [q.passage.sub_project_id or q.passage.project_id for q in description.quotes[:1]]
            return plan, tuple(self.ledger.projects[i].name for i in ids if i is not None)
        if plan.operation not in _STRUCTURED:
            return plan, ()
        blocks = self.computer.run(plan).blocks
        groups = {block.groups for block in blocks}
        if len(groups) == 1:
            # Where the years tell different ones, none of them goes on alone.
            plan = replace(plan, groups_told=groups.pop())
        return plan, tuple(dict.fromkeys(item.row.name for block in blocks for item in block.items))

    def _execute(self, plan: Plan) -> Answer:
        if plan.operation == "audit" or asks_agreement(plan.question):
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
                # A sum or a share is no amount that one sentence happens to say.
                computed = plan.operation in _COMPUTED and any(f.unit in ("yen", "percent") for f in described.figures)
                # 「環境関係の事業は何件」 asks for no number that a sentence prints.
                computed = computed or (plan.operation == "count" and plan.level_named)
                if described.status == "answered" and not computed:
                    return described
            return self._finish(plan, evidence)
        return self._told(plan)

    def _several_counted(self, plan: Plan) -> Answer | None:
        """The counts of several things that one question asks for, each as a question of its own."""
        of_projects = plan.level_named and not set(plan.count_units) - _OF_PROJECTS
        money = [metric for metric in plan.metrics if not metric.startswith("indicator")]
        if plan.continued or money or of_projects or plan.departments or plan.conditions:
            return None
        counting = plan.operation not in _STRUCTURED
        tried = [asked for asked in (several_counts(plan.question), summed_counts(plan.question)) if asked]
        for asked in tried:
            added = asked.how == "sum" and (bool(plan.count_units) or plan.operation == "indicators")
            if plan.metrics and asked.how != "sum":
                continue
            if not (counting or asked.how == "which" or (added and plan.operation in _ADDED_UP)):
                continue
            alone = [self._execute(self._of_one(plan, q)) for q in asked.questions]
            whole = together(asked, alone) if alone else None
            if whole is not None:
                counted = replace(plan, operation="counts")
                return replace(whole, interpreted=interpreted(counted), plan=counted)
        sums = [asked for asked in tried if asked.how == "sum"]
        return self._printed_sum(plan, sums[-1]) if sums and (counting or plan.operation in _ADDED_UP) else None

    def _of_one(self, plan: Plan, question: str) -> Plan:
        """The plan of one of the questions that a question of several counts holds, with what that one leaves out."""
        alone = self.understanding.understand(question)
        return replace(alone, left_out=plan.left_out, taken_off=plan.taken_off, kinds=plan.kinds or alone.kinds)

    def _printed_sum(self, plan: Plan, asked: SeveralCounts) -> Answer:
        """The one number that a line prints for all the things together; else that they are not added up here."""
        told = self._told(replace(plan, operation="counts"))
        alone = len({figure.value for figure in told.figures}) == 1
        if alone and all(says_thing(thing, figure, True) for thing in asked.things for figure in told.figures):
            return told
        things = "」「".join(asked.things)
        refused = f"「{things}」の数を一つずつ確かめられないため、合計を控えました。一つずつ質問してください。"
        return self._finish(replace(plan, operation="counts"), Evidence("not_found", "no_figure", refused))

    def _may_describe(self, plan: Plan) -> bool:
        """Whether sentences may answer instead of figures: never where an amount or a rate was asked for."""
        amounts = [m for m in plan.metrics if not m.startswith("indicator")]
        return (not amounts or plan.spent_loosely) and not plan.conditions and not plan.unclear

    def _beside(self, plan: Plan, answer: Answer) -> tuple[Hit, ...]:
        """Passages that hold the lines of the figures shown; where none are shown, those nearest to the question."""
        if not answer.figures:
            return self.library.search(plan.question, _NEAREST, scope_of(plan, self.ledger, ())).hits
        found: dict[str, Passage] = {}
        for figure in answer.figures[:_PROVED]:
            for passage in self._passages_at(figure):
                found.setdefault(passage.passage_id, passage)
        return tuple(Hit(passage, rank, 1.0, ()) for rank, passage in enumerate(found.values(), 1))


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
