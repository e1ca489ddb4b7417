"""A question in Japanese (or plain English) -> Plan: what was read in it, and what it asks of that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from answer.account_plans import account_plan, goes_on, with_own_years
from answer.among import picked_first
from answer.bounds import between_columns
from answer.change_bounds import change_bounds_of
from answer.columns import names_papers, names_phase, phases_of
from answer.continuation import WHICH_YEAR
from answer.contrast import what_is_meant
from answer.conversation import continued
from answer.draft import COUNTER_ASKED, Draft
from answer.exclusion import take_excluded
from answer.facts import Facts, asks_of, asks_times
from answer.figures_asked import figures_asked
from answer.follow_up import in_full, is_follow_up, stays_in_year
from answer.groups import asks_first_of_each, group_by_of, jointly, moves_number_of_rows, solely
from answer.indicator_bounds import IndicatorBounds, indicator_bounds_of
from answer.ledger import Ledger
from answer.moves import with_moves
from answer.operation import operation_of
from answer.presence import presence_of
from answer.ranking import asks_gap, asks_position, both_ends, descending_of, is_ordered, limit_of, positions_of
from answer.reading import Reader
from answer.relative_years import with_relative_years
from answer.remarks import without_remarks
from answer.rewrites import Turn, rewrite
from answer.scope import narrowed, whole_of
from answer.segments import noun_terms
from answer.selection import bare_name
from answer.table_entries import entry_plan
from answer.told_places import with_names_told
from answer.types import Condition, Direction, NameMatch, Plan
from answer.unclear import unclear_of, unread_comparison
from answer.vocabulary import Word
from records import Metric

_IN_EVERY_YEAR = re.compile(
    r"(?:年度?|r\d{1,2})も、?[^、も]{0,6}(?:\d年度?|r\d{1,2})も|(?:どちら|両方|いずれ)の(?:年度?|時点|時期|段階)(?:で|に)?も|両方|いずれも|どちらも|両年度|ともに|2年連続|二年連続|続けて|でも[^、でも]{1,16}でも|(?:率|額|予算|決算)も、?[^、]{2,24}(?:率|額|予算|決算)も"
)
_BOTH_YEARS = re.compile("両年度|(?:2|二)年(?:度)?連続|(?:どちら|両方|いずれ)の(?:年度|時点|時期|段階)")
_CONTINUED = re.compile("継続(?:の|して(?:い)?る|中の)?(?:細?事業|取組)(?!費)")
_TARGET_WORD = re.compile("目標|計画|予定|狙|ねらい|目論見|目指|めざ|target")
_TARGET_BOUND = re.compile(r"目標値?(?:を|が|は)[^、]{0,3}\d+[^、]{0,6}(?:に設定|と設定|に置|とし|のもの|に定)")
# 「自主企画事業で減っているものはどれ」 picks rows; 「総務課の予算は増えましたか」 asks for a sum.
_WHICH_ROWS = re.compile(
    r"もの(?:は|を|が|に)|[たる]のは(?!いくら|どれだけ|どのくらい|なぜ)|(?:[低高多]|少な|大き|小さ)いのは(?=、?(?:どれ|どの事業|何|なに|[?？。]|$))|どれ(?!だけ|くらい|ぐらい|ほど)|どの事業|事業(?:は|を)(?:どれ|何|なに|教|挙|$|[?？])|\d事業の中で|\d事業(?:で|の)|事業の?(?:なか|中|うち)で?"
)
_COLUMN = re.compile(r"(?:予算|決算|額|率|差引|残り?)$")
_ROWS_BOUND = re.compile("(?:事業|もの)(?!費|名|数|別)")
# 「人口はどうなると言っている」 asks for words, not for a number.
_HOW_IT_IS = re.compile("どう|なぜ|理由|について|見通し|課題")
# 「いくら使った」 asks for what was spent, which no budget tells.
_SPENT_ALREADY = re.compile(
    r"使(?:った|って(?:い|る|ま)|いました|われ)|かか(?:った|って(?:い|る|ま)|りました)|払(?:った|って)|費やし|投じた"
)
_BY_RATE = re.compile(
    "倍率|伸び率|増減率|増加率|減少率|上昇率|低下率|(?:何%|何割|何パーセント)[^、]{0,4}(?:増|減|伸|上|下|変わ|変化|動|アップ|ダウン|カット)"
)
# What a document prints where it prints no budget, and what is asked of amounts though none is named.
_SPENT: tuple[Metric, ...] = ("settled", "executed", "other")
# What any project's name may hold, and of so many of its other words it is known.
_OF_ANY_NAME = frozenset(("事業", "費", "推進", "支援"))
_ENOUGH_SAID = 3
_MOVED = re.compile("(?:変更|異動|移管|別|新た|前|違い)[ぁ-ん]{0,2}")
_OF_AMOUNTS = frozenset(("rank", "sum", "mean", "share", "compare", "change"))


class Understanding:
    """Understands questions against one ledger; built once for each generation."""

    def __init__(self, ledger: Ledger, today: date | None = None) -> None:
        self.ledger = ledger
        self.reader = Reader(ledger)
        self.today = today

    def understand(self, question: str, previous: Plan | None = None, previous_names: Sequence[str] = ()) -> Plan:
        """The Plan of a question; with the plan before it (and the names it found), what the question leaves out."""
        if previous is not None:
            question = in_full(with_names_told(question, previous, previous_names, self._parents_of), previous)
        question = without_remarks(what_is_meant(question), self.reader.read, previous is not None)
        draft, plan = self.reader.read(question)
        plan = with_relative_years(draft, plan, previous, self.ledger, self.today or date.today())
        rewrite(draft, Turn(self.ledger, plan, previous, tuple(previous_names)))
        phases = phases_of(draft, plan)
        metrics, conditions = figures_asked(draft, plan, phases)
        excluded, unclear = take_excluded(draft)
        unclear = unclear or unclear_of(draft, previous)
        change_bounds, conditions = change_bounds_of(draft, metrics, conditions)
        subjects = self._subjects(draft, plan)
        counters = COUNTER_ASKED.findall(draft.folded)
        facts = Facts(draft, metrics, conditions, subjects)
        operation = operation_of(facts)
        of_indicators = indicator_bounds_of(draft, conditions) if operation == "indicators" else None
        if of_indicators is not None:
            conditions, unclear = of_indicators.of_rows, unclear or of_indicators.uncounted
        plan = replace(
            plan,
            operation=operation,
            metrics=metrics,
            conditions=conditions,
            subjects=subjects,
            departments=tuple(draft.departments),
            pillars=tuple(draft.pillars),
            categories=tuple(draft.categories),
            topics=tuple(draft.topics),
            level="sub_project" if _means_sub_projects(draft) else "project",
            level_named=draft.has("level") or any(a.unit == "事業" for a in draft.amounts),
            positions=positions_of(draft.folded),
            asks_position=asks_position(draft),
            limit=limit_of(draft, conditions),
            descending=descending_of(draft, conditions, metrics),
            picks=facts.extreme
            or draft.has("level")
            or bool(conditions)
            or _WHICH_ROWS.search(draft.question) is not None,
            direction=_direction(draft),
            whole=whole_of(draft) or _scope_as_whole(draft, subjects),
            excluded=excluded,
            ordered=is_ordered(draft),
            summed=draft.has("aggregate", "sum"),
            jointly=jointly(draft),
            tells_departments=draft.has("ask", "departments"),
            solely=solely(draft),
            times=asks_times(draft),
            in_percent=draft.in_percent,
            by_size=operation == "rank" and metrics[:1] == ("difference",) and _sets_apart(draft),
            in_each_group=operation == "rank" and asks_first_of_each(draft),
            by_rate=_BY_RATE.search(draft.folded) is not None,
            unheld=draft.has("unheld") and _HOW_IT_IS.search(draft.folded) is None,
            beside=_beside(draft, metrics, conditions),
            spent_loosely=draft.has("spent") and not draft.has("metric") and not _SPENT_ALREADY.search(draft.folded),
            told_rows=draft.has("ask", "list", "breakdown"),
            in_every_year=_in_every_year(draft, plan, conditions),
            both_ends=both_ends(draft),
            gap=asks_gap(draft) or (operation == "mean" and draft.has("compare", "which", "compare")),
            departments_moved=operation == "change" and facts.department_moves,
            counted_against=operation == "count" and facts.counted_against,
            as_share=bool(conditions) and draft.has("aggregate", "share", "ratio"),
            change_bounds=change_bounds,
            columns=draft.columns,
            drops=draft.drops,
            name_holds=tuple(draft.name_holds),
            parts=tuple(draft.parts),
            labels=tuple(draft.labels),
            verdicts=tuple(draft.verdicts),
            unclear=unclear,
            group_by=group_by_of(draft, bool(conditions) or draft.has("compare", "up", "down")),
            phases=phases,
            kinds=self._kinds_of(plan),
            count_units=tuple(counters),
            asks=asks_of(draft, counters),
            indicator_bounds=of_indicators.bounds if of_indicators else (),
            achieved=_achieved(draft, metrics, of_indicators),
        )
        if plan.counted_against and len(plan.years) == 1 and moves_number_of_rows(draft):
            # 「前年度からいくつ減りましたか（令和5年度）」; 「令和4年度から」 is the earlier of the two.
            (year,) = plan.years
            onward = draft.year_spans and draft.folded[draft.year_spans[0][1] :].startswith(("から", "より", "に比べ"))
            plan = replace(plan, years=(year, year + 1) if onward else (year - 1, year))
        if _CONTINUED.search(draft.folded) and len(plan.years) == 1 and plan.operation in ("count", "list"):
            # 「令和5年度の継続事業は何件」: those that the year before had too.
            plan = replace(plan, years=(plan.years[0] - 1, plan.years[0]), in_every_year=True)
        if plan.operation == "indicators" and all(m.how == "part" for m in plan.subjects):
            plan = _of_their_names(draft, plan)
        if plan.departments_moved:
            # 「所管が変更になった」: what it says besides names nothing.
            plan = replace(plan, topics=tuple(t for t in plan.topics if not _MOVED.fullmatch(t)))
        if draft.columns:
            unread = draft.amounts[0].printed if conditions and draft.amounts else ""
            plan = replace(plan, operation="change", metrics=(draft.columns[-1][1],), conditions=())
            # 「500万円以上のものに限ると、令和4年度の決算は令和5年度の予算より多い？」
            plan = replace(plan, unclear=plan.unclear or unread)
        plan = with_moves(draft, picked_first(draft, facts, plan))
        plan = replace(plan, unclear=plan.unclear or unread_comparison(draft, plan))
        years_set_against = bool(plan.subjects) or WHICH_YEAR.search(draft.folded) is not None
        if plan.operation == "change" and years_set_against and not draft.has("rank", "most", "least"):
            # 「R4よりいくら多い」「どちらの年度の予算が多い」 order nothing.
            plan = replace(plan, descending=None)
        of_left = all(c.metric == "difference" and c.value == 0 for c in conditions)
        if plan.operation == "rank" and plan.group_by and conditions and of_left:
            # 「一番予算を余らせた課」: what all its projects left together.
            plan = replace(plan, metrics=("difference",), conditions=())
        if not (draft.has("metric") or draft.has("aggregate", "count")) and "予算" not in draft.folded:
            plan = self._as_printed(plan)
        if draft.of_accounts:
            plan = account_plan(draft, plan, self.ledger)
        elif draft.entry_labels:
            plan = entry_plan(draft, plan)
        of_before = self._of_what_was_before(plan, previous) if previous is not None else None
        if of_before is not None:
            plan = of_before
        if previous is not None and (of_before or is_follow_up(draft, plan, previous, previous_names)):
            own_years = plan.years
            plan = goes_on(continued(draft, plan, previous, tuple(previous_names)), previous, tuple(previous_names))
            if plan.place_words != previous.place_words and not own_years and plan.places:
                # 「大阪の方は？」 after a year that Osaka has no document of: every year that it has.
                held = self.ledger.years_of(plan.places)
                plan = plan if set(plan.years) & set(held) else replace(plan, years=())
        elif previous is not None and plan.subjects and previous.subjects and plan.operation == "lookup":
            # 「Aの令和4年度の予算は」「Bの予算は」「この二つ、どちらが多い」
            goes_on_there = plan.metrics == previous.metrics and not (plan.years or plan.place_words)
            years = previous.years if goes_on_there else plan.years
            plan = replace(plan, replaced=previous, years=years)
        elif previous is not None and stays_in_year(draft, plan, previous):
            plan = replace(plan, years=previous.years, phases=plan.phases or previous.phases)
        return with_own_years(plan, self.ledger)

    def _parents_of(self, name: str) -> tuple[str, ...]:
        """The projects that have a sub-project of this name."""
        parents = (row.parent.name for row in self.ledger.rows if row.name == name and row.parent is not None)
        return tuple(dict.fromkeys(parents))

    def _of_what_was_before(self, plan: Plan, previous: Plan) -> Plan | None:
        """「来場者数の目標と実績も」 after a project's settlement: an indicator of that project, or of the thing
        that was counted before; None where the question names another, or what was before has no such indicator.
        """
        elsewhere = plan.subjects or plan.years or plan.place_words or plan.departments or plan.level_named
        if plan.operation != "indicators" or elsewhere:
            return None
        fold = self.reader.vocabulary.fold
        names = {n for m in previous.subjects for n in (*m.names, *m.kin)}
        things = () if names else previous.topics
        if not names and not things:
            return None
        told = [
            fold(i.name)
            for r in self.ledger.rows
            if (not names or r.name in names) and (not previous.years or r.fiscal_year in previous.years)
            for i in self.ledger.indicators_of(r)
        ]
        if names:
            return plan if any(all(t in name for t in plan.topics) for name in told) else None
        of_thing = any(all(t in name for t in things) for name in told)
        return replace(plan, topics=things) if of_thing else None

    def _kinds_of(self, plan: Plan) -> tuple[str, ...]:
        """The kinds of documents named; none where they are named of one of several years only.

        「平成25年度の運営方針に載り、令和4年度の事業別一覧表にも出てくるもの」
        """
        held = {(place, part.fiscal_year) for place, _, part in self.ledger.holdings() if part.kind in plan.kinds}
        of_places = [plan.places] if plan.places else [(place,) for place in self.ledger.places]
        whole = any(all(any((p, y) in held for p in places) for y in plan.years) for places in of_places)
        return plan.kinds if whole or len(plan.years) < 2 else ()

    def _as_printed(self, plan: Plan) -> Plan:
        """「事業費」, or no word for the amount, where the documents print no budget: what they do print."""
        named = {n for m in plan.subjects for n in (*m.names, *m.kin)}
        rows = [
            r
            for r in self.ledger.rows
            if (not named or r.name in named)
            and (not plan.years or r.fiscal_year in plan.years)
            and (not plan.places or r.place in plan.places)
        ]
        printed = Counter(metric for r in rows for metric in r.figures)
        if plan.operation == "change" and named and not plan.metrics:
            # 「Aの事業費の推移」: the amount that most years print.
            most = max(("budget", *_SPENT), key=lambda m: printed[m])
            return replace(plan, metrics=(most,)) if printed[most] > printed["budget"] else plan
        instead: Metric | None = next((m for m in _SPENT if m in printed), None)
        if "budget" in printed or instead is None:
            return plan
        conditions = tuple(
            replace(c, metric=instead) if c.metric in ("budget", "executed") else c for c in plan.conditions
        )
        if plan.metrics == ("executed",) and not printed["executed"] and not printed["settled"]:
            # 「事業費がいくらかかっていますか」
            return replace(plan, metrics=(instead,), conditions=conditions)
        loose = plan.operation in _OF_AMOUNTS and not plan.metrics and not plan.conditions
        return replace(plan, metrics=(instead,) if loose else plan.metrics, conditions=conditions)

    def _subjects(self, draft: Draft, plan: Plan) -> tuple[NameMatch, ...]:
        """The projects that are named, each once, with those that bear its name in another year."""
        named = dict.fromkeys(
            replace(m, kin=self.reader.projects.kin(m.names))
            if m.how in ("name", "typo", "reading") or (m.how == "part" and len(m.names) == 1)
            else m
            for m in narrowed(self.ledger, draft)
        )
        found = _of_same_bracket(tuple(named))
        subjects = [self._of_years(self._in_its_words(m, draft), plan.years, draft) for m in found]
        # One name found by two pieces of it is one subject.
        return tuple({(m.names, m.within): m for m in reversed(subjects)}.values())[::-1]

    @cached_property
    def _words_of_names(self) -> dict[str, tuple[str, ...]]:
        """The nouns of each project's name, without those of its place and those that every name may hold."""
        fold = self.reader.vocabulary.fold
        places = fold("、".join(map(str, self.ledger.places)))
        return {
            name: tuple(t for t in noun_terms(fold(name)) if t not in _OF_ANY_NAME and t not in places)
            for name in dict.fromkeys(p.name for p in self.ledger.projects.values())
        }

    def _in_its_words(self, match: NameMatch, draft: Draft) -> NameMatch:
        """「農業の魅力をPRする事業」: the one name all of whose words the question says, and not 農業体験事業."""
        if match.how != "part" or not draft.topics:
            return match
        fold = self.reader.vocabulary.fold
        said = [
            name
            for name, words in self._words_of_names.items()
            if len(words) >= _ENOUGH_SAID
            and all(w in draft.folded for w in words)
            and all(t in fold(name) for t in draft.topics)
        ]
        if not said or len({fold(bare_name(n)) for n in said}) > 1:
            return match
        draft.topics.clear()
        return replace(match, names=tuple(said), how="meaning")

    def _of_years(self, match: NameMatch, years: tuple[int, ...], draft: Draft) -> NameMatch:
        """A part of a name that none of the years asked for has: the names there that say the same words, and with
        them what the question says beside it.
        """
        if match.how not in ("part", "typo") or not years:
            return match
        rows = [r for r in self.ledger.rows if r.fiscal_year in years and r.project is not None]
        if not rows or any(r.name in {*match.names, *match.kin} for r in rows):
            return match
        fold = self.reader.vocabulary.fold
        terms = [*(t for t in noun_terms(match.words) if t not in ("事業", "費")), *draft.topics]
        whole = [(r.name, fold(r.name), fold(r.parent.name) if r.parent else "") for r in rows]
        # 「あさひくんの貸出事業」 may be 貸出事業 of the project of that name.
        fitting = (
            n for n, own, outer in whole if any(t in own for t in terms) and all(t in own + outer for t in terms)
        )
        names = tuple(dict.fromkeys(fitting))
        if len("".join(terms)) < 4 or not 0 < len(names) <= 3:
            return match
        draft.topics.clear()
        draft.spans = [(s, e, n) for s, e, name in draft.spans for n in (names if name in match.names else (name,))]
        return replace(match, names=names, how="part", kin=self.reader.projects.kin(names))


def _of_same_bracket(matches: tuple[NameMatch, ...]) -> tuple[NameMatch, ...]:
    """「学校図書館整備費は小学校分と中学校分が」: the part alone is of the name that is written whole beside it."""
    bases = {bare_name(m.names[0]) for m in matches if len(m.names) == 1 and bare_name(m.names[0]) != m.names[0]}
    alike = {m: tuple(n for n in m.names if bare_name(n) in bases) for m in matches if len(m.names) > 1}
    return tuple(replace(m, names=alike[m], how="name") if alike.get(m) else m for m in matches)


def _of_their_names(draft: Draft, plan: Plan) -> Plan:
    """「満足度の指標」 are indicators of that name, and not those of a project whose name holds the word."""
    named = tuple(m for m in plan.subjects if f"{m.words}の指標" in draft.folded or f"{m.words}指標" in draft.folded)
    if not named:
        return plan
    rest = tuple(m for m in plan.subjects if m not in named)
    return replace(plan, subjects=rest, topics=(*plan.topics, *(m.words for m in named)))


def _sets_apart(draft: Draft) -> bool:
    """「予算と決算の差が最も大きい」 means how far apart they are; 「差引が最も大きい」 means the column."""
    return between_columns(draft) and "差引" not in draft.folded


def _in_every_year(draft: Draft, plan: Plan, conditions: tuple[Condition, ...]) -> bool:
    """Whether what is asked must hold in each of the years: 「両年度とも執行率が90%以上の事業」."""
    if not plan.years and _BOTH_YEARS.search(draft.folded):
        return True
    return len(plan.years) > 1 and (
        _IN_EVERY_YEAR.search(draft.folded) is not None
        or presence_of(draft) == "kept"
        or draft.has("compare", "kept")
        or any(c.year for c in conditions)
    )


def _beside(draft: Draft, metrics: tuple[Metric, ...], conditions: tuple[Condition, ...]) -> tuple[Metric, ...]:
    """Metrics named after the last bound, which it does not bound: 「執行率が7割未満の事業と、おのおのの不用額」."""
    ends = [w.end for w in draft.of("comparator")] + [a.end for a in draft.amounts]
    rows = _ROWS_BOUND.search(draft.folded)
    # 「予算を超えた事業はありますか。執行率も」: a phrase bounds without an amount.
    last = max(ends, default=rows.end() if rows and conditions else len(draft.folded))
    bounded = {c.metric for c in conditions}
    named: list[Metric] = [
        w.meaning  # type: ignore[misc]  # the file's keys are checked by a test
        for w in draft.of("metric")
        if w.start > last
        and w.meaning not in bounded
        and _COLUMN.search(w.text)
        and not (names_phase(draft, w) or names_papers(draft, w))
    ]
    rate: tuple[Metric, ...] = ("execution_rate",)
    if metrics == rate and conditions and "execution_rate" not in bounded:
        # 「予算を超えた事業を、それぞれ何%まで使ったか」
        return rate
    return tuple(dict.fromkeys(named))


def _means_sub_projects(draft: Draft) -> bool:
    """Whether 細事業 are asked for: by themselves, or in 細事業ごと."""
    return draft.has("level", "sub_project") or any("細事業" in w.text for w in draft.of("ask"))


def _achieved(draft: Draft, metrics: tuple[Metric, ...], bounded: IndicatorBounds | None) -> bool | None:
    """Whether indicators that met their target are asked for, or those that did not."""
    spans = bounded.spans if bounded is not None else ()
    if bounded is not None and any(b.side in ("share", "above", "below") for b in bounded.bounds):
        # 「目標の80%以上を達成した指標」
        return None
    verdicts = [w for w in draft.of("ask") if not _overlaps(w, spans)]
    if any(w.meaning == "missed" for w in verdicts):
        return False
    if any(w.meaning == "achieved" and draft.folded[w.end : w.end + 1] != "率" for w in verdicts):
        # 「環境基準達成率」 is the name of an indicator.
        return True
    if _TARGET_BOUND.search(draft.folded):
        # 「目標を95%以上に設定しているもの」 bounds the target itself.
        return None
    if "indicator_target" in metrics and draft.has("comparator") and _TARGET_WORD.search(draft.folded):
        # 「目標は何件以下とされていましたか」 asks for the target.
        asked = {m.end() for m in COUNTER_ASKED.finditer(draft.folded)}
        bounds = [w for w in draft.of("comparator") if w.start not in asked and not _overlaps(w, spans)]
        return not any(w.meaning in ("lt", "le") for w in bounds) if bounds else None
    return None


def _overlaps(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(word.start < end and begin < word.end for begin, end in spans)


def _direction(draft: Draft) -> Direction | None:
    directions: tuple[Direction, ...] = ("same", "up", "down", "not_up", "not_down")
    return next((d for d in directions if draft.has("compare", d)), None)


def _scope_as_whole(draft: Draft, subjects: tuple[NameMatch, ...]) -> tuple[str, ...]:
    """「A事業は自主企画事業費の何%」: of a project's share the category or pillar that is named beside it."""
    if not subjects or not draft.has("aggregate", "share", "ratio"):
        return ()
    return (*draft.categories, *draft.pillars)
