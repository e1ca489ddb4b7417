"""Answers that documents tell in words: printed counts, sentences that say a number, sentences that describe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from answer.asked_number import asks_count, asks_number
from answer.checked import Checked
from answer.counts import find_counts
from answer.describe import Description, describe, describe_number, description_text, is_beyond, other_prints
from answer.evidence import Evidence
from answer.interpret import interpreted
from answer.ledger import Row
from answer.not_done import asks_not_done, rest_of, without_whole
from answer.several_counts import SeveralCounts, together
from answer.types import Answer, Plan, Reason
from answer.values import number_text
from answer.vocabulary import vocabulary
from ingest.amounts import half_width
from ingest.eras import find_years, fiscal_year_label
from records import Figure, Passage, Project

_YEAR_ALONE = re.compile(r"(?:19|20)\d{2}年(?!度)|(?:令和|平成)\d{1,2}年(?!度)")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]{2,}")
_LATIN = re.compile(r"[\x20-\x7e]")
_SHORT_FORM = re.compile(r"[一-鿿々ァ-ヺー]{2,}[（(]([A-ZＡ-Ｚ]{2,})[）)]")
# 「累計の交付数の何パーセントに当たりますか」「1回につき平均して何人」, of numbers that are printed.
_SHARE_OF_COUNT = re.compile(r"の何(?:%|パーセント|割)(?:に|を)(?:当た|あた|占め|相当)")
_MEAN_OF_COUNT = re.compile(
    r"[1１一](?:回|日|か所|団体)(?:につき|に付き|あたり|当たり)[^。]{0,10}何|平均(?:して|すると|で)?[^。]{0,6}何"
)
# 「累計の交付数から今年度の分を引くと何枚」
_COUNT_LESS = re.compile("から[^。]{2,30}を(?:差し)?引(?:く|い)[^。]{0,8}何")
_NOT_COMPUTED = "印字された数どうしの割合や平均は計算できないため、答えを控えました。数を一つずつ質問してください。"
# 「結局何人になりましたか」 asks for what was reached.
_WAS_DONE = re.compile(
    r"(?:ました|でした|った|いた|けた|きた|れた)(?:の|ん)?(?:です|でしょう)?(?:か|[。？?]|$)|実績|成果|結果|実際|結局"
)
# 「TNR（飼い主のいない猫の捕獲・手術）」 says what the short form means.
_EXPLAINED = re.compile(r"([A-ZＡ-Ｚ]{2,})[（(][^（()）]*[ぁ-ん一-鿿][^（()）]*[）)]")
_COMPARED = re.compile("増え|減|差|開き|違|比べ|多|少な")


class Told(Checked):
    """Answers from what stands in sentences, where no table answers."""

    def _told(self, plan: Plan) -> Answer:
        """The answer of sentences; where no document is of the year asked for, that it is not."""
        missing = self.computer.missing_documents(plan)
        return self._counts_told(plan) if missing is None else self._of_year_unheld(plan, missing)

    def _without_others(self, plan: Plan, answer: Answer) -> Answer:
        """The answer, where every thing that the question leaves out is printed apart from what is told; else that it
        is not: 「陸上を除いて」 of a total that holds it.
        """
        if not plan.taken_off or answer.status != "answered" or not answer.figures:
            return answer
        fold = vocabulary().fold
        said = fold("、".join(p.text for f in answer.figures for p in self._passages_at(f)))
        mixed = [word for word in plan.taken_off if fold(word) not in said]
        if not mixed:
            return answer
        told = f"「{'」「'.join(mixed)}」の分は別に印字されていないため、除いた数は答えられません。"
        return self._finish(replace(plan, operation="counts"), Evidence("not_found", "no_figure", told))

    def _passages_at(self, figure: Figure) -> list[Passage]:
        """The passages that hold the line of a figure."""
        at = figure.source.line_start
        own = self._by_document.get(figure.document_id, ())
        return [p for p in own if p.source.line_start <= at <= p.source.line_end]

    @cached_property
    def _by_document(self) -> dict[str, list[Passage]]:
        by_document: dict[str, list[Passage]] = {}
        for passage in self.library.passages:
            by_document.setdefault(passage.document_id, []).append(passage)
        return by_document

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
        if asks_count(plan) and asks_not_done(plan.question):
            return self._not_done(plan)
        if asks_count(plan) and plan.descending is not None and plan.asks == "how_many":
            refused = (
                "印字された数どうしの大小は比べられないため、答えを控えました。数えるものを一つ挙げて質問してください。"
            )
            return self._finish(plan, Evidence("not_found", "no_figure", refused))
        if asks_count(plan):
            # 「不妊去勢手術（TNR）」: the short form in brackets is how documents count it.
            plan = replace(plan, question=_EXPLAINED.sub(r"\1", _SHORT_FORM.sub(r"\1", plan.question)))
            found = find_counts(plan, self.ledger, self._rows_for_counts(plan))
            by_year = self._in_each_year(plan)
            if by_year is not None:
                return by_year
            less = _COUNT_LESS.search(plan.question) is not None
            if found is not None and not less:
                return self._counted(plan, found)
            if less or _SHARE_OF_COUNT.search(half_width(plan.question)):
                return self._finish(plan, Evidence("not_found", "no_figure", _NOT_COMPUTED))
            told = self._describe(plan)
            if _MEAN_OF_COUNT.search(plan.question) and told.status == "answered" and "平均" not in told.text:
                return self._finish(plan, Evidence("not_found", "no_figure", _NOT_COMPUTED))
            return told
        return self._describe(plan)

    def _not_done(self, plan: Plan) -> Answer:
        """A count of what was not done: what the whole printed beside the count leaves, or that it is not printed."""
        counted = replace(plan, operation="counts")
        asked, whole = without_whole(plan.question)
        found = find_counts(replace(plan, question=asked), self.ledger, self._rows_for_counts(plan))
        items = [i for b in found.blocks for i in b.items] if found is not None else []
        figures = [f for i in items for v in i.values for f in v.figures]
        rests = {f: r for f in figures if (r := rest_of(f)) is not None and whole in (None, r.whole)}
        if found is None or not rests or len({(r.whole, r.part) for r in rests.values()}) > 1:
            told = "しなかった方の数は収録資料に印字されていないため、答えられません。した方の数を質問してください。"
            return self._finish(counted, Evidence("not_found", "no_figure", told, final=True))
        figure, rest = next(iter(rests.items()))
        block = next(b for b in found.blocks if any(figure in v.figures for i in b.items for v in i.values))
        block.items = [i for i in block.items if any(figure in v.figures for v in i.values)]
        block.result, block.unit = rest.number, rest.unit
        block.formula = f"{number_text(rest.whole, rest.unit)} − {number_text(rest.part, rest.unit)}"
        block.computed.extend((rest.whole, rest.part, rest.number))
        rest_text = number_text(rest.number, rest.unit)
        block.headline = f"・{figure.label}のうち、しなかったのは{rest_text}です（{block.formula}、計算値）。"
        return self._finish(counted, replace(found, blocks=[block], operation="compare"))

    def _quotes_targets(self, description: Description) -> bool:
        """Whether the lines that would answer are all lines of indicators of which a target alone is printed."""
        aims = [i for i in self.library.indicators if i.target and not i.result]
        return all(
            any(
                i.document_id == quote.passage.document_id
                and i.source.line_start <= quote.unit.line_start <= i.source.line_end
                for i in aims
            )
            for quote in description.quotes
        )

    def _only_aimed_at(self, plan: Plan, targets: Evidence | None) -> Answer:
        """A count of which a target is printed and no result: the target, called so; of what was done, that it is not
        known.
        """
        if targets is not None and _WAS_DONE.search(plan.question) is None:
            return self._counted(plan, targets)
        told = "成果（実績）の記載は収録資料に見当たりません。書かれているのは目標だけです。"
        running = any(r.phase == "interim" and r.fiscal_year in plan.years for r in self.ledger.rows)
        reason: Reason = "not_settled" if running else "no_figure"
        return self._finish(plan, Evidence("not_found", reason, told, final=True))

    def _in_each_year(self, plan: Plan) -> Answer | None:
        """A count asked of several years, year by year; None where that is one question or a year tells none."""
        if len(plan.years) < 2:
            return None
        alone = [self._told(replace(plan, years=(year,))) for year in plan.years]
        labels = tuple(fiscal_year_label(year) for year in plan.years)
        compared = _COMPARED.search(plan.question) is not None and len(alone) == 2
        whole = together(SeveralCounts(labels, (), "gap"), alone) if compared else None
        whole = whole or together(SeveralCounts(labels, (), "each"), alone)
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
        told = {year for _, year, _ in held}
        for year in plan.years if len(plan.years) > 1 else ():
            if year not in told:
                found.notes.append(f"{fiscal_year_label(year)}の資料には、この問いに当たる数の記載がありません。")
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

    def _about_year(self, plan: Plan) -> Answer | None:
        """「2027年に開かれる花の博覧会」: a year that no document is of, told of in a document of another year."""
        if plan.operation != "describe" or _YEAR_ALONE.search(half_width(plan.question)) is None:
            return None
        answer = self._describe(replace(plan, years=()))
        said = half_width("".join(hit.passage.heading + hit.passage.text for hit in answer.hits[:3]))
        told = all(str(year) in said or f"{year - 2018}年" in said for year in plan.years)
        return answer if answer.status == "answered" and told else None

    def _rows_for_counts(self, plan: Plan) -> list[Row]:
        rows = self.computer.rows(
            replace(plan, departments=(), pillars=(), categories=(), years=(), phases=()),
            ["project", "sub_project", "section"],
        )
        return rows

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
        if asks_count(plan) and description.quotes and self._quotes_targets(description):
            targets = find_counts(plan, self.ledger, self._rows_for_counts(plan), targets=True)
            if targets is not None or _WAS_DONE.search(plan.question):
                return self._only_aimed_at(plan, targets)
        if asks_number(plan) and not description.quotes:
            missing = self._number_missing(plan, query)
            if is_beyond(query, description.hits) and not (plan.subjects or plan.departments or plan.places):
                missing = replace(missing, reason="out_of_scope")
            return replace(self._finish(plan, missing), hits=description.hits)
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
        if any(
            r.figures and r.fiscal_year in plan.years for p in projects for r in self.ledger.by_project[p.project_id]
        ):
            # A sheet of several years prints figures of this one, though it is not its own.
            return None
        held = sorted(
            {p.fiscal_year for p in projects if not p.parent_id or p.listed} or {p.fiscal_year for p in projects}
        )
        years = "・".join(fiscal_year_label(y) for y in plan.years)
        names = "」「".join(dict.fromkeys(n for m in plan.subjects for n in m.names))
        there = "・".join(fiscal_year_label(y) for y in held)
        places = {self.ledger.place_of(self.ledger.documents[p.document_id]) for p in projects}
        if plan.places and places.isdisjoint(plan.places):
            there = f"{'・'.join(sorted(map(str, places)))}の{there}"
        told = f"{years}の資料に「{names}」はありません。{there}の資料にあります。"
        if plan.operation == "lookup":
            return Evidence("not_found", "no_figure", told, final=True)
        return Evidence(message=told)

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
