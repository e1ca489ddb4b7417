"""Plan -> Evidence: selects rows, filters, ranks, adds, compares; every number is a figure or a declared computation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from answer.evidence import Block, Evidence, Item, block_title
from answer.ledger import Ledger, Row
from answer.names import to_hiragana
from answer.segments import content_terms
from answer.types import ChangeBound, Condition, Exclusion, NameMatch, Place, Plan
from answer.values import METRIC_NAMES, Value, figure_text, number_text, round_rate, value_of, why_missing
from answer.vocabulary import vocabulary
from ingest.eras import fiscal_year_label
from records import Figure, Indicator, Measure, Metric

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
}
# Words of a question name an indicator when this share of their characters stands in its name.
_NAMED_ENOUGH = 0.6
# More printed totals than this are a budget book's, not a summary table's.
_FEW_TOTALS = 10
_SPENT: tuple[Metric, ...] = ("settled", "executed")


class Computer:
    """Executes plans over one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._folded_texts: dict[str, tuple[str, ...]] = {}

    def run(self, plan: Plan) -> Evidence:
        """The evidence for a plan; its status says what is missing where nothing answers."""
        missing = self.missing_documents(plan)
        if missing is not None:
            return missing
        if plan.unclear:
            told = f"「{plan.unclear}」の意味を読み取れなかったため、答えを控えました。除くものの名前を資料のとおりに書いてください。"
            return Evidence("not_found", "no_figure", told, final=True)
        run: dict[str, Callable[[Plan], Evidence]] = {
            "lookup": self._lookup,
            "filter": self._filter,
            "rank": self._rank,
            "sum": self._aggregate,
            "mean": self._aggregate,
            "count": self._count,
            "share": self._share,
            "compare": self._compare,
            "change": self._change,
            "new": self._turnover,
            "vanished": self._turnover,
            "breakdown": self._breakdown,
            "departments": self._departments,
            "list": self._list,
            "indicators": self._indicators,
            "holdings": self._holdings,
        }
        evidence = run[plan.operation](plan)
        if evidence.status == "answered" and not evidence.blocks and not evidence.message:
            evidence = self._nothing(plan)
        elif evidence.status == "answered":
            shown = [row for b in evidence.blocks for row in [b.row, *(i.row for i in b.items)]]
            self._tell_names(plan, shown, evidence)
            self._tell_missing_years(plan, evidence)
            self._tell_namesakes(plan, evidence)
        return evidence

    # ---- scope ---------------------------------------------------------------------------------------------------

    def missing_documents(self, plan: Plan) -> Evidence | None:
        if plan.unknown_places and (not plan.places or not plan.place_words or _ward_unknown(plan)):
            return Evidence(
                "not_found",
                "no_document",
                f"{'・'.join(plan.unknown_places)}の資料は収録していません。{self.holdings_text()}",
            )
        places = plan.places or self.ledger.places
        known = self.ledger.years_of(places)
        if plan.years and not set(plan.years) & set(known):
            where = "・".join(dict.fromkeys(str(p) for p in plan.places)) if plan.places else ""
            years = "・".join(fiscal_year_label(y) for y in plan.years)
            return Evidence(
                "not_found",
                "no_document",
                f"{where + 'の' if where else ''}{years}の資料は収録していません。{self.holdings_text(plan.places)}",
            )
        return None

    def holdings_text(self, places: Sequence[Place] = ()) -> str:
        """What is held, in one sentence: for a refusal to say."""
        wanted = set(places) if places else set(self.ledger.places)
        years: dict[Place, list[int]] = {}
        for place, _, part in self.ledger.holdings():
            if place in wanted and part.fiscal_year not in years.setdefault(place, []):
                years[place].append(part.fiscal_year)
        held = "、".join(f"{p}（{'・'.join(fiscal_year_label(y) for y in sorted(ys))}）" for p, ys in years.items())
        return f"収録している資料: {held}。"

    def rows(self, plan: Plan, levels: Iterable[str]) -> list[Row]:
        """Rows of the plan's places, years, departments, pillars and categories, at these levels."""
        wanted = set(levels)
        kept = []
        for row in self.ledger.rows:
            if row.level not in wanted and not (
                "sub_project" in wanted and row.project is not None and row.project.kind == "sub_project"
            ):
                continue
            if plan.kinds and row.part.kind not in plan.kinds:
                continue
            if plan.places and row.place not in plan.places:
                continue
            if plan.years and row.fiscal_year not in plan.years:
                continue
            if plan.phases and row.phase not in plan.phases:
                continue
            if plan.excluded and _left_out(row, plan.excluded):
                continue
            if plan.jointly and (len(row.departments) < 2 or not set(plan.departments) <= set(row.departments)):
                continue
            if plan.departments and not set(row.departments) & set(plan.departments):
                continue
            if plan.pillars and row.pillar not in plan.pillars:
                continue
            if plan.categories and row.level != "section" and row.category not in plan.categories:
                continue
            kept.append(row)
        return kept

    def _groups(self, rows: Iterable[Row]) -> list[list[Row]]:
        """Rows by part and year, places together, years in order; of two documents for one year, the year's own."""
        groups: dict[tuple[str, int, int], list[Row]] = {}
        for row in rows:
            groups.setdefault(row.group, []).append(row)
        ordered = sorted(groups.values(), key=lambda g: (self.ledger.places.index(g[0].place), g[0].fiscal_year))
        kept: list[list[Row]] = []
        for group in ordered:
            first = group[0]
            own = first.part.fiscal_year == first.fiscal_year
            rival = next(
                (
                    g
                    for g in ordered
                    if g is not group
                    and g[0].place == first.place
                    and g[0].fiscal_year == first.fiscal_year
                    and g[0].part.fiscal_year == g[0].fiscal_year
                ),
                None,
            )
            if own or rival is None:
                kept.append(group)
        return kept

    def _scoped_rows(self, plan: Plan) -> list[Row]:
        """The rows that a list, ranking or sum is about: by level, narrowed by the names and topics of the question.

        Measures of a policy (取組) count as 事業 only where the question names their place or kind, or nothing else is.
        """
        level = plan.level
        rows = self.rows(plan, [level])
        projects = [r for r in rows if r.project is None or r.project.kind != "measure"]
        if projects and not plan.place_words and not plan.kinds:
            rows = projects
        if plan.subjects:
            names = {name for match in plan.subjects for name in match.names}
            chosen = [row for row in rows if row.name in names]
            children = [r for r in self.rows(plan, ["sub_project"]) if r.parent and r.parent.name in names]
            if plan.level == "sub_project" and children:
                return children
            if not chosen:
                chosen = [r for r in self.rows(plan, ["project", "sub_project"]) if r.name in names]
            if chosen:
                return chosen
            return []
        for topic in plan.topics:
            rows = [row for row in rows if self._mentions(row, topic)]
        return rows

    def _mentions(self, row: Row, topic: str) -> bool:
        wanted = to_hiragana(topic)
        return any(wanted in to_hiragana(text) for text in self._texts(row))

    def _texts(self, row: Row) -> tuple[str, ...]:
        """The folded name and text of a row; texts are folded once."""
        fold = vocabulary().fold
        if row.project is None:
            return (fold(row.name),)
        held = self._folded_texts.get(row.project.project_id)
        if held is None:
            held = (fold(row.name), fold(row.project.text))
            self._folded_texts[row.project.project_id] = held
        return held

    def _subject_rows(
        self, match: NameMatch, plan: Plan, levels: Sequence[str] = ("project", "sub_project", "section")
    ) -> list[Row]:
        """Rows that a name means: in each group the listed rows, where there are none the others."""
        names = set(match.names)
        rows = [row for row in self.rows(plan, levels) if row.name in names]
        if match.within:
            rows = [r for r in rows if r.parent and r.parent.name in match.within]
        if plan.level == "sub_project" and any(r.level == "sub_project" for r in rows):
            rows = [r for r in rows if r.level == "sub_project"]
        kept: list[Row] = []
        for group in self._groups(rows):
            listed = [r for r in group if r.level == "project"]
            exact = match.how in ("name", "reading", "typo", "previous")
            kept.extend(listed or group if exact or match.how in ("part", "meaning") else group)
        return kept

    def _metrics_of(self, plan: Plan, default: tuple[Metric, ...]) -> tuple[Metric, ...]:
        return plan.metrics or default

    def _nothing(self, plan: Plan) -> Evidence:
        """Why no row answers: not settled yet, or no such figure; with what there is."""
        metrics = plan.metrics or tuple(c.metric for c in plan.conditions)
        places = plan.places or self.ledger.places
        settled = {
            r.fiscal_year for r in self.ledger.rows if r.place in places and r.phase == "settlement" and r.figures
        }
        wants_spent = any(m in ("settled", "executed", "execution_rate", "difference") for m in metrics)
        subject = "・".join(f"「{m.words}」" for m in plan.subjects if m.how != "previous")
        what = "・".join(METRIC_NAMES[m] for m in dict.fromkeys(metrics)) or "数値"
        years = "・".join(fiscal_year_label(y) for y in plan.years)
        rows = [r for m in plan.subjects for r in self._subject_rows(m, replace(plan, years=(), phases=()))]
        known = {r.place for r in rows}
        if plan.years and rows and not any(y in self.ledger.years_of([p]) for y in plan.years for p in known):
            where = "・".join(str(p) for p in known)
            return Evidence(
                "not_found",
                "no_document",
                f"{where}の{years}の資料は収録していません。{self.holdings_text(tuple(known))}",
            )
        unsettled_parts = bool(rows) and all(r.level == "sub_project" for r in rows) and "settled" not in metrics
        if unsettled_parts and wants_spent:
            return Evidence(
                "not_found",
                "no_figure",
                f"{years}の{subject}は細事業で、資料には{what}の記載がありません（予算額だけが印字されています）。",
            )
        if plan.topics and plan.subjects and any(r.figures for r in rows):
            topic = "」「".join(plan.topics)
            return Evidence(
                "not_found",
                "no_figure",
                f"{subject}の「{topic}」についての{what}は、収録資料に見当たりません。",
                final=True,
            )
        if wants_spent and plan.years and settled and all(y > max(settled) for y in plan.years):
            interim = [
                r
                for r in self.ledger.rows
                if r.place in places and r.fiscal_year in plan.years and r.phase == "interim" and r.figures
            ]
            there = (
                f"収録しているのは{block_title(interim[0])}の執行額・執行率です。"
                if interim
                else f"{years}は計画の段階の資料だけです。"
            )
            suggestions = (
                [f"{years}の執行額は？".replace("執行額", "執行率" if "execution_rate" in metrics else "執行額")]
                if interim
                else []
            )
            return Evidence(
                "not_found",
                "not_settled",
                f"{years}の{what}は、収録資料の時点では確定していません。{there}",
                suggestions=suggestions,
            )
        where = "・".join(dict.fromkeys(str(p) for p in plan.places))
        scope = " ".join(x for x in (where, years, subject) if x)
        names = self._nearest_names(plan)
        near = f"似た名前の事業: {'、'.join(names)}。" if names else ""
        topic = "".join(f"「{t}」" for t in plan.topics)
        if topic and not subject:
            return Evidence(
                "not_found",
                "no_figure",
                f"{topic}に当たる事業や{what}は、収録資料に見当たりません。{near}{self.holdings_text(plan.places)}",
            )
        return Evidence(
            "not_found",
            "no_figure",
            f"{scope or '収録資料'}には、{what}の記載がありません。{near}{self.holdings_text(plan.places)}",
        )

    def _nearest_names(self, plan: Plan) -> list[str]:
        if not plan.topics:
            return []
        wanted = set("".join(plan.topics))
        scored = []
        for row in self.ledger.rows:
            if row.level == "project" and (not plan.places or row.place in plan.places):
                kanji = {c for c in row.name if "一" <= c <= "鿿"}
                shared = len(wanted & kanji)
                if shared >= 2:
                    scored.append((-shared, row.name))
        return list(dict.fromkeys(name for _, name in sorted(scored)))[:3]

    def _tell_missing_years(self, plan: Plan, evidence: Evidence) -> None:
        shown = {b.row.fiscal_year for b in evidence.blocks} | {
            i.row.fiscal_year for b in evidence.blocks for i in b.items
        }
        for year in plan.years:
            if year in shown or not evidence.blocks:
                continue
            places = plan.places or self.ledger.places
            if year not in self.ledger.years_of(places):
                evidence.notes.append(f"{fiscal_year_label(year)}の資料は収録していません。")
            else:
                evidence.notes.append(f"{fiscal_year_label(year)}の資料には、この問いに当たる記載がありません。")
        if plan.unknown_places:
            evidence.notes.append(f"{'・'.join(plan.unknown_places)}の資料は収録していません。")

    def _tell_namesakes(self, plan: Plan, evidence: Evidence) -> None:
        """A ward's name alone that several cities have: each is labelled, and the question is told to be ambiguous."""
        wards = {p.ward for p in plan.places if p.ward and p.ward in plan.place_words}
        for ward in wards:
            shown = dict.fromkeys(
                row.place
                for b in evidence.blocks
                for row in [b.row, *(i.row for i in b.items)]
                if row.place.ward == ward
            )
            namesakes = [p for p in self.ledger.places if p.ward == ward]
            if len(namesakes) < 2 or len({p.municipality for p in namesakes}) < 2:
                continue
            if len(shown) >= 2:
                evidence.status, evidence.reason = "ambiguous", "ambiguous"
                evidence.warnings.append(
                    f"「{ward}」は{'と'.join(p.municipality for p in shown)}にあります。市ごとに分けて示しました。"
                )
                evidence.suggestions.extend(plan.question.replace(ward, str(p), 1) for p in shown)
            elif len(shown) == 1:
                taken = next(iter(shown))
                other = "・".join(str(p) for p in namesakes if p != taken)
                evidence.notes.append(
                    f"「{ward}」は{taken}として答えました（{other}の資料には当たるものがありません）。"
                )

    # ---- operations ----------------------------------------------------------------------------------------------

    def _lookup(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metrics = self._metrics_of(plan, ("budget", "settled", "executed", "execution_rate"))
        if "executed" in metrics and "settled" in metrics:
            metrics = tuple(m for m in metrics if m != "executed") + (("executed",) if not plan.metrics else ())
        if plan.subjects:
            rows = [row for match in plan.subjects for row in self._subject_rows(match, plan)]
            if plan.topics:
                rows = self._lookup_with_topics(plan, rows)
        elif plan.topics:
            rows = self._rows_about(plan)
            if not rows:
                return self._nothing(plan)
            topic = "」「".join(plan.topics)
            evidence.notes.append(f"本文に「{topic}」とある事業を取りました。")
        else:
            rows = [] if plan.level_named else self._total_rows(plan)
            if not rows and plan.metrics and (plan.level_named or plan.departments):
                rows = self._scoped_rows(plan)
            if not rows and not (plan.pillars or plan.categories or plan.departments):
                rows = self._grand_totals(plan, metrics)
            if not rows:
                summed = self._aggregate(replace(plan, operation="sum", metrics=plan.metrics or ("budget",)))
                summed.operation = "sum"
                return summed
        self._fill(evidence, rows, metrics, bool(plan.metrics))
        if plan.metrics and evidence.blocks:
            self._tell_unsettled(plan, rows, evidence)
        return evidence

    def _lookup_with_topics(self, plan: Plan, rows: list[Row]) -> list[Row]:
        """Words that no name accounts for must stand in the row's own text, or the row is not the one asked for."""
        return [
            row for row in rows if all(self._mentions(row, t) or self._sections_mention(row, t) for t in plan.topics)
        ]

    def _rows_about(self, plan: Plan) -> list[Row]:
        """Rows whose text holds every topic, asked for as 「…が入っている事業」: the narrowest ones, and only a few."""
        if not plan.level_named:
            return []
        for level in ("sub_project", "project"):
            rows = [
                r
                for r in self.rows(plan, [level])
                if r.figures and r.project and all(self._mentions(r, topic) for topic in plan.topics)
            ]
            if rows and len({r.name for r in rows}) <= 3:
                return rows
        return []

    def _sections_mention(self, row: Row, topic: str) -> bool:
        return bool(row.parent and topic in vocabulary().fold(row.parent.name))

    def _grand_totals(self, plan: Plan, metrics: tuple[Metric, ...]) -> list[Row]:
        """Printed totals of whole documents: all of them where they are few, else the largest of each group."""
        fold = vocabulary().fold
        pillars = {fold(r.pillar) for r in self.ledger.rows if r.pillar}
        rows = [r for r in self.rows(plan, ["section"]) if self._values(r, metrics) and fold(r.name) not in pillars]
        kept: list[Row] = []
        for group in self._groups(rows):
            named = list({fold(r.name): r for r in reversed(group)}.values())[::-1]
            if len(named) > _FEW_TOTALS:
                named = [max(named, key=lambda r: self._values(r, metrics)[0].number)]
            kept.extend(named)
        return kept

    def _total_rows(self, plan: Plan) -> list[Row]:
        """Printed totals of the pillars or categories named."""
        names = {*plan.pillars, *plan.categories}
        if not names or plan.departments:
            return []
        fold = vocabulary().fold
        folded = {fold(n) for n in names}
        rows = [
            r
            for r in self.rows(replace(plan, pillars=(), categories=()), ["section"])
            if fold(r.name) in folded and r.figures
        ]
        seen: dict[tuple[object, ...], Row] = {}
        for row in rows:
            seen.setdefault((row.group, fold(row.name)), row)
        return list(seen.values())

    def _fill(self, evidence: Evidence, rows: Sequence[Row], metrics: tuple[Metric, ...], asked: bool) -> None:
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            for row in _unique(group):
                values = self._values(row, metrics)
                if values:
                    block.items.append(Item(row, values))
                elif asked and row.figures:
                    block.excluded.append(Exclusion(row.name, why_missing(row, metrics[0])))
            if block.items:
                evidence.blocks.append(block)

    def _values(self, row: Row, metrics: tuple[Metric, ...]) -> tuple[Value, ...]:
        values: list[Value] = []
        for metric in metrics:
            if metric == "settled" and row.phase == "interim" and "settled" not in row.figures:
                continue
            value = value_of(row, metric)
            if value and value.metric not in {v.metric for v in values}:
                values.append(value)
        return tuple(values)

    def _tell_unsettled(self, plan: Plan, rows: Sequence[Row], evidence: Evidence) -> None:
        if "settled" not in plan.metrics:
            return
        shown = {b.row.group for b in evidence.blocks if any(v.metric == "settled" for i in b.items for v in i.values)}
        for row in rows:
            if row.group not in shown and row.phase == "interim" and "executed" in row.figures:
                evidence.notes.append(f"{block_title(row)}は決算前のため、決算額はまだありません。")
                break

    def _tell_names(self, plan: Plan, rows: Sequence[Row], evidence: Evidence) -> None:
        for match in plan.subjects:
            taken = list(dict.fromkeys(r.name for r in rows if r.name in match.names))
            if match.how == "typo" and taken:
                evidence.notes.append(f"「{match.words}」を「{'」「'.join(taken)}」と読みました。")
            elif match.how == "meaning" and taken:
                evidence.notes.append(f"「{match.words}」に近い「{'」「'.join(taken)}」を取りました。")
            elif match.how in ("part", "name") and len(taken) > 1:
                evidence.notes.append(f"「{match.words}」に当たるものとして「{'」「'.join(taken)}」を取りました。")

    def _filter(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        rows = self._scoped_rows(plan)
        wanted = tuple(dict.fromkeys(c.metric for c in plan.conditions))
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            with_any = [r for r in group if any(self._values(r, (m,)) for m in wanted)]
            if not with_any:
                continue
            for row in group:
                values = [self._condition_value(row, c) for c in plan.conditions]
                if any(v is None for v in values):
                    if row.figures:
                        missing = next(c.metric for c, v in zip(plan.conditions, values, strict=True) if v is None)
                        block.excluded.append(Exclusion(row.name, why_missing(row, missing)))
                    continue
                block.considered += 1
                held = [v for v in values if v is not None]
                if all(_COMPARE[c.comparator](v.number, c.value) for c, v in zip(plan.conditions, held, strict=True)):
                    unique = {v.metric: v for v in held}
                    block.items.append(Item(row, tuple(unique.values()), self._beside(row, tuple(unique))))
            descending = plan.conditions[0].comparator in ("gt", "ge")
            block.items.sort(key=lambda item: item.values[0].number, reverse=descending)
            evidence.blocks.append(block)
        evidence.description = conditions_text(plan.conditions)
        return evidence

    def _metric_held(self, plan: Plan, group: Sequence[Row], metric: Metric) -> Metric:
        """The metric, or where the question names none, the first amount that these rows print."""
        if plan.metrics or plan.conditions:
            return metric
        held: tuple[Metric, ...] = (metric, "settled", "executed")
        return next((m for m in held if any(m in row.figures for row in group)), metric)

    def _condition_value(self, row: Row, condition: Condition) -> Value | None:
        values = self._values(row, (condition.metric,))
        return values[0] if values else None

    def _beside(self, row: Row, shown: tuple[Metric, ...]) -> tuple[Value, ...]:
        beside = []
        for metric in ("budget", "settled", "executed", "execution_rate"):
            value = row.figures.get(metric)  # type: ignore[call-overload]
            if value is not None and metric not in shown:
                beside.append(Value(value.metric, value.value, value.unit, value, (value,), None))
        return tuple(beside)

    def _rank(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metric: Metric = plan.metrics[0] if plan.metrics else plan.conditions[0].metric if plan.conditions else "budget"
        descending = plan.descending is not False
        if plan.group_by:
            return self._rank_groups(plan, metric, descending)
        rows = self._scoped_rows(plan)
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            items: list[Item] = []
            metric = self._metric_held(plan, group, metric)
            for row in group:
                values = self._values(row, (metric,))
                if not values:
                    if row.figures:
                        block.excluded.append(Exclusion(row.name, why_missing(row, metric)))
                    continue
                if not all(
                    (v := self._condition_value(row, c)) is not None and _COMPARE[c.comparator](v.number, c.value)
                    for c in plan.conditions
                ):
                    continue
                items.append(Item(row, values, self._beside(row, (values[0].metric,))))
            if not items:
                continue
            block.considered = len(items)
            items.sort(key=lambda i: i.values[0].number, reverse=descending)
            wanted = len(items) if plan.ordered and not plan.limit else plan.limit or 1
            block.items = _top(items, wanted, plan.nth)
            if len(block.items) > wanted:
                block.notes.append(f"同じ値のものがあるため{len(block.items)}件を示しました。")
            evidence.blocks.append(block)
        order = "高い" if metric == "execution_rate" else "多い"
        low = "低い" if metric == "execution_rate" else "少ない"
        evidence.description = f"{METRIC_NAMES[metric]}の{order if descending else low}順"
        return evidence

    def _rank_groups(self, plan: Plan, metric: Metric, descending: bool) -> Evidence:
        """Which department, pillar or year has the most: sums by group, then ranked."""
        evidence = Evidence()
        for group in self._groups(self._scoped_rows(plan)):
            block = Block(group[0], block_title(group[0]))
            sums = self._sums_by(group, plan.group_by or "department", metric, block)
            if not sums:
                continue
            ranked = sorted(sums.items(), key=lambda kv: kv[1][0], reverse=descending)
            limit = plan.limit or (1 if plan.operation == "rank" and not plan.ordered else len(ranked))
            lines = []
            for name, (total, values) in ranked[:limit]:
                block.computed.extend((total, Decimal(len(values))))
                unit = "percent" if metric == "execution_rate" else "yen"
                lines.append(
                    f"{name} {number_text(total, unit)}（{len(values)}件の合計）"
                    if unit == "yen"
                    else f"{name} {total}%（決算額・執行額の合計 ÷ 予算額の合計 × 100）"
                )
                block.items.extend(Item(v[0], (v[1],)) for v in values)
            block.considered = sum(len(v) for _, v in sums.values())
            block.result, block.unit = ranked[0][1][0], "percent" if metric == "execution_rate" else "yen"
            block.headline = "\n".join(f"・{line}" for line in lines)
            block.notes.append("複数の課が担当する事業は、それぞれの課に数えています。") if any(
                len(r.departments) > 1 for r in group
            ) and plan.group_by == "department" else None
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}の合計"
        return evidence

    def _sums_by(
        self, rows: Sequence[Row], by: str, metric: Metric, block: Block
    ) -> dict[str, tuple[Decimal, list[tuple[Row, Value]]]]:
        sums: dict[str, list[tuple[Row, Value]]] = {}
        for row in rows:
            values = self._values(row, ("budget",) if metric == "execution_rate" else (metric,))
            if not values:
                continue
            keys = row.departments if by == "department" else (row.pillar,) if by == "pillar" else (row.category,)
            if by in ("place", "year"):
                keys = (str(row.place),) if by == "place" else (fiscal_year_label(row.fiscal_year),)
            for key in keys:
                if key:
                    sums.setdefault(key, []).append((row, values[0]))
        totals = {}
        for key, pairs in sums.items():
            if metric == "execution_rate":
                budget = sum((v.number for _, v in pairs), Decimal(0))
                spent = sum((r.spent.value for r, _ in pairs if r.spent), Decimal(0))
                if budget:
                    totals[key] = (round_rate(spent * 100 / budget), pairs)
            else:
                totals[key] = (sum((v.number for _, v in pairs), Decimal(0)), pairs)
        return totals

    def _aggregate(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metrics = plan.metrics or tuple(dict.fromkeys(c.metric for c in plan.conditions)) or ("budget",)
        if plan.group_by and plan.group_by not in ("year", "place"):
            return self._rank_groups(replace(plan, operation="sum"), metrics[0], True)
        rows = self._scoped_rows(plan)
        unscoped = not (
            plan.subjects or plan.departments or plan.pillars or plan.categories or plan.topics or plan.excluded
        )
        grand = plan.operation == "sum" and unscoped and plan.level == "project" and not plan.level_named
        if grand and not plan.conditions and not plan.group_by:
            totals = self._grand_totals(plan, metrics)
            self._fill(evidence, totals, metrics, True)
            for block in evidence.blocks:
                inside = [r for r in rows if r.group == block.row.group]
                self._tell_sum_of_projects(block, inside, metrics)
            if evidence.blocks:
                shown = {b.row.group for b in evidence.blocks}
                rows = [r for r in rows if r.group not in shown]
        printed = (
            self._total_rows(plan) if plan.operation == "sum" and not plan.conditions and not plan.level_named else []
        )
        if printed:
            self._fill(evidence, printed, metrics, True)
            for block in evidence.blocks:
                self._compare_with_sum(block, rows)
            evidence.description = "資料に印字された合計"
            if evidence.blocks:
                return evidence
        if not rows and (plan.subjects or plan.topics):
            return self._nothing(plan)
        for group in self._groups(rows):
            for asked in metrics:
                metric = self._metric_held(plan, group, asked)
                block = Block(group[0], block_title(group[0]))
                pairs: list[tuple[Row, Value]] = []
                for row in group:
                    value = self._values(row, (metric,))
                    fits = all(
                        (v := self._condition_value(row, c)) is not None and _COMPARE[c.comparator](v.number, c.value)
                        for c in plan.conditions
                    )
                    if value and fits:
                        pairs.append((row, value[0]))
                    elif not value and row.figures:
                        block.excluded.append(Exclusion(row.name, why_missing(row, metric)))
                if not pairs:
                    continue
                block.considered = len(pairs)
                block.items = [Item(row, (value,)) for row, value in pairs]
                name = METRIC_NAMES[pairs[0][1].metric]
                if plan.operation == "mean":
                    mean = sum((v.number for _, v in pairs), Decimal(0)) / len(pairs)
                    block.unit = pairs[0][1].unit
                    block.result = round_rate(mean) if block.unit == "percent" else mean.quantize(Decimal(1))
                    block.formula = f"{len(pairs)}件の{name}の単純平均（合計 ÷ {len(pairs)}）"
                elif metric == "execution_rate":
                    budgets = [(r, r.figures["budget"]) for r, _ in pairs if "budget" in r.figures and r.spent]
                    total = sum((f.value for _, f in budgets), Decimal(0))
                    spent = sum((r.spent.value for r, _ in budgets if r.spent), Decimal(0))
                    block.computed.extend((total, spent))
                    if total:
                        block.result, block.unit = round_rate(spent * 100 / total), "percent"
                        block.formula = f"{number_text(spent, 'yen')} ÷ {number_text(total, 'yen')} × 100"
                else:
                    block.result, block.unit = sum((v.number for _, v in pairs), Decimal(0)), pairs[0][1].unit
                    block.formula = f"{len(pairs)}件の{name}の合計"
                self._beside_printed_total(plan, block, metric)
                evidence.blocks.append(block)
        evidence.description = (
            f"{'・'.join(METRIC_NAMES[m] for m in metrics)}の{'平均' if plan.operation == 'mean' else '合計'}"
        )
        return evidence

    def totals_against_sums(self, plan: Plan) -> Evidence:
        """Printed totals of the pillars or categories named, each beside the sum of its rows."""
        evidence = Evidence(description="資料に印字された合計")
        if plan.subjects or not (plan.pillars or plan.categories):
            return evidence
        rows = self._scoped_rows(plan)
        self._fill(evidence, self._total_rows(plan), plan.metrics or ("budget", "settled", "executed"), True)
        for block in evidence.blocks:
            self._compare_with_sum(block, rows)
        evidence.blocks = [block for block in evidence.blocks if block.notes]
        return evidence

    def _tell_sum_of_projects(self, block: Block, rows: Sequence[Row], metrics: tuple[Metric, ...]) -> None:
        """Beside the printed totals of a document, what its listed projects add up to."""
        for metric in metrics:
            values = [v[0] for r in rows if (v := self._values(r, (metric,)))]
            if values and values[0].unit == "yen":
                total = sum((v.number for v in values), Decimal(0))
                block.computed.extend((total, Decimal(len(values))))
                name = METRIC_NAMES[values[0].metric]
                block.notes.append(f"事業{len(values)}件の{name}の合計は{number_text(total, 'yen')}です（計算値）。")

    def _compare_with_sum(self, block: Block, rows: Sequence[Row]) -> None:
        """Beside a printed total, the sum of its rows, so that a difference is seen."""
        for item in block.items:
            inside = [
                r
                for r in rows
                if r.group == item.row.group
                and item.row.name in (r.category, r.pillar, r.parent.name if r.parent else None)
            ]
            for value in item.values:
                values = [v[0].number for r in inside if (v := self._values(r, (value.metric,)))]
                if not values or value.unit != "yen":
                    continue
                total = sum(values, Decimal(0))
                block.computed.extend((total, Decimal(len(values)), total - value.number))
                same = "一致します" if total == value.number else f"差は{number_text(total - value.number, 'yen')}です"
                block.notes.append(
                    f"「{item.row.name}」の事業{len(values)}件の{METRIC_NAMES[value.metric]}を合計すると"
                    f"{number_text(total, 'yen')}で、印字された{value}と{same}（計算値）。"
                )

    def _beside_printed_total(self, plan: Plan, block: Block, metric: Metric) -> None:
        """Tell the total that the document prints for the same scope, and where it differs."""
        if (
            plan.operation == "mean"
            or plan.conditions
            or plan.subjects
            or plan.topics
            or plan.departments
            or plan.level != "project"
        ):
            return
        names = {*plan.pillars, *plan.categories}
        fold = vocabulary().fold
        for row in self.ledger.rows:
            if row.level != "section" or row.group != block.row.group:
                continue
            figure = row.figures.get(block.items[0].values[0].metric)
            if figure is None:
                continue
            named = fold(row.name) in {fold(n) for n in names} if names else False
            if named:
                difference = (block.result or Decimal(0)) - figure.value
                block.computed.append(difference)
                text = f"資料に印字された「{row.name}」の{METRIC_NAMES[figure.metric]}は{figure_text(figure)}です"
                if difference:
                    text += f"（ここでの計算との差 {number_text(difference, block.unit or 'yen')}）"
                note = text + "。"
                if note not in block.notes:
                    block.notes.append(note)
                    block.extra_figures.append(figure)
                break

    def _count(self, plan: Plan) -> Evidence:
        if plan.conditions:
            evidence = self._filter(replace(plan, operation="filter"))
        else:
            evidence = self._list(replace(plan, operation="list"))
        for block in evidence.blocks:
            block.result, block.unit = Decimal(len(block.items)), "件"
            if plan.group_by in ("department", "pillar", "category"):
                self._count_by(plan.group_by, block)
        return evidence

    def _count_by(self, by: str, block: Block) -> None:
        """How many rows each department, pillar or category has."""
        counts: dict[str, int] = {}
        for item in block.items:
            row = item.row
            keys = row.departments if by == "department" else (row.pillar,) if by == "pillar" else (row.category,)
            for key in keys:
                if key:
                    counts[key] = counts.get(key, 0) + 1
        block.computed.extend(Decimal(n) for n in counts.values())
        block.headline = "\n".join(f"・{name}: {n}件" for name, n in sorted(counts.items(), key=lambda kv: -kv[1]))
        if by == "department":
            block.notes.append("複数の課が担当する事業は、それぞれの課に数えています。")

    def _share(self, plan: Plan) -> Evidence:
        """What part of a whole: the whole is what stands before 「に占める」, a sub-project's project, or all rows."""
        evidence = Evidence()
        metric: Metric = next((m for m in plan.metrics if m in ("budget", "settled", "executed")), "budget")
        free = replace(plan, subjects=(), departments=(), pillars=(), categories=(), topics=())
        part_plan = replace(
            plan,
            subjects=tuple(m for m in plan.subjects if not set(m.names) & set(plan.whole)),
            departments=tuple(d for d in plan.departments if d not in plan.whole),
            pillars=tuple(p for p in plan.pillars if p not in plan.whole),
            categories=tuple(c for c in plan.categories if c not in plan.whole),
        )
        if len(part_plan.subjects) > 1:
            return self._compare(replace(plan, operation="compare"))
        if part_plan.subjects:
            parts = self._subject_rows(part_plan.subjects[0], part_plan)
        else:
            parts = self._total_rows(part_plan) if not part_plan.pillars else []
            parts = parts or self.rows(part_plan, ["project"])
        for group in self._groups(parts):
            part_values = [(r, v[0]) for r in group if (v := self._values(r, (metric,)))]
            if not part_values:
                continue
            first = group[0]
            whole_rows, whole_name = self._whole_of(plan, free, first)
            whole_values = [(r, v[0]) for r in whole_rows if (v := self._values(r, (metric,)))]
            whole = sum((v.number for _, v in whole_values), Decimal(0))
            if not whole:
                continue
            part = sum((v.number for _, v in part_values), Decimal(0))
            block = Block(first, block_title(first))
            block.items = [Item(r, (v,)) for r, v in part_values]
            block.considered = len(whole_values)
            if part > whole:
                told = "全体より部分が大きくなるため、割合を答えられません。何に占める何の割合かを書き分けてください。"
                return Evidence("not_found", "no_figure", told, final=True)
            block.result, block.unit = round_rate(part * 100 / whole), "percent"
            block.computed.extend((part, whole, Decimal(len(part_values))))
            name = METRIC_NAMES[part_values[0][1].metric]
            block.formula = f"{number_text(part, 'yen')} ÷ {whole_name}の{name} {number_text(whole, 'yen')} × 100"
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}に占める割合"
        return evidence

    def _whole_of(self, plan: Plan, free: Plan, part: Row) -> tuple[list[Row], str]:
        """The rows that make the whole of a share, and what to call it."""
        in_group = [r for r in self.rows(free, ["project", "sub_project", "section"]) if r.group == part.group]
        if plan.whole:
            names = set(plan.whole)
            named = [r for r in in_group if r.name in names and r.figures]
            if named and named[0] is not part:
                return named[:1], f"「{named[0].name}」"
            inside = [
                r
                for r in in_group
                if r.level == "project" and (r.pillar in names or r.category in names or set(r.departments) & names)
            ]
            return inside, f"「{'・'.join(plan.whole)}」の事業{len(inside)}件"
        if part.level == "sub_project" and part.parent:
            rows = [r for r in self.ledger.by_project[part.parent.project_id] if r.fiscal_year == part.fiscal_year]
            return rows, f"「{part.parent.name}」"
        if part.level == "section":
            totals = [r for r in in_group if r.level == "section" and "budget" in r.figures and r is not part]
            totals.sort(key=lambda r: -r.figures["budget"].value)
            return totals[:1], f"「{totals[0].name}」" if totals else ""
        rows = [r for r in in_group if r.level == "project"]
        return rows, f"事業全体（{len(rows)}件）"

    def _compare(self, plan: Plan) -> Evidence:
        """Several projects, departments, pillars or places side by side, in each year."""
        evidence = Evidence()
        metric: Metric = plan.metrics[0] if plan.metrics else "budget"
        if plan.subjects:
            sides = [(m.words, self._subject_rows(m, plan)) for m in plan.subjects]
            # A year written beside one of them does not hide another that only another year has.
            free = replace(plan, years=())
            sides = [
                (w, rows or self._subject_rows(m, free)) for m, (w, rows) in zip(plan.subjects, sides, strict=True)
            ]
        elif len(plan.departments) >= 2:
            sides = [(d, self.rows(replace(plan, departments=(d,)), ["project"])) for d in plan.departments]
        elif len(plan.pillars) + len(plan.categories) >= 2:
            free = replace(plan, pillars=(), categories=())
            sides = []
            for name in (*plan.pillars, *plan.categories):
                one = replace(free, pillars=(name,)) if name in plan.pillars else replace(free, categories=(name,))
                total = [r for r in self._total_rows(one) if self._values(r, (metric,))]
                sides.append((name, total or self.rows(one, ["project"])))
        else:
            sides = [
                (str(p), self.rows(replace(plan, places=(p,)), ["project"])) for p in plan.places or self.ledger.places
            ]
        by_group: dict[tuple[object, ...], list[tuple[str, Decimal, list[tuple[Row, Value]]]]] = {}
        for words, rows in sides:
            for group in self._groups(rows):
                values = [(r, v[0]) for r in _unique(group) if (v := self._values(r, (metric,)))]
                if not values:
                    continue
                if metric == "execution_rate" and len(values) > 1:
                    budget = sum(
                        (r.figures["budget"].value for r, _ in values if "budget" in r.figures and r.spent), Decimal(0)
                    )
                    spent = sum((r.spent.value for r, _ in values if r.spent), Decimal(0))
                    total = round_rate(spent * 100 / budget) if budget else Decimal(0)
                else:
                    total = sum((v.number for _, v in values), Decimal(0))
                by_group.setdefault(group[0].group, []).append((words, total, values))
        if plan.subjects and len(by_group) == len(sides) and all(len(sided) == 1 for sided in by_group.values()):
            together = [sided[0] for sided in by_group.values()]
            by_group = {("together",): together}
            evidence.warnings.append("年度や段階、市区の異なる資料の数字を並べています。")
        for sided in by_group.values():
            if len(sided) < 2 and len(by_group) > 1:
                continue
            across = len({v[0][0].group for _, _, v in sided}) > 1
            first = sided[0][2][0][0]
            block = Block(first, "" if across else block_title(first))
            unit = sided[0][2][0][1].unit
            lines = []
            for words, total, values in sided:
                block.computed.extend((total, Decimal(len(values))))
                shown = values[0][0].name if len(values) == 1 else words
                extra = f"（{len(values)}件の合計）" if len(values) > 1 and unit == "yen" else ""
                text = str(values[0][1]) if len(values) == 1 else number_text(total, unit)
                where = f"{block_title(values[0][0])} " if across else ""
                lines.append(f"・{where}{shown}: {METRIC_NAMES[values[0][1].metric]} {text}{extra}")
                block.items.extend(Item(r, (v,)) for r, v in values)
            if len(sided) == 2:
                (left, a, lv), (right, b, rv) = sided
                left = lv[0][0].name if len(lv) == 1 else left
                right = rv[0][0].name if len(rv) == 1 else right
                gap = abs(a - b)
                more = left if a > b else right
                adjective = "高い" if unit == "percent" else "多い"
                if gap:
                    text = f"{gap}ポイント" if unit == "percent" else number_text(gap, unit)
                    lines.append(f"「{more}」の方が{text}{adjective}です。")
                else:
                    lines.append("同じです。")
                block.result, block.unit = gap, "point" if unit == "percent" else unit
                block.formula = f"{number_text(max(a, b), unit)} − {number_text(min(a, b), unit)}"
            else:
                top = max(sided, key=lambda s: s[1])
                lines.append(
                    f"最も{'高い' if unit == 'percent' else '多い'}のは「{top[2][0][0].name if len(top[2]) == 1 else top[0]}」です。"
                )
            block.headline = "\n".join(lines)
            block.considered = len(block.items)
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}の比較"
        return evidence

    def _change(self, plan: Plan) -> Evidence:
        """The same projects in two years: their figures and the difference; for a list, those that rose or fell."""
        evidence = Evidence()
        asked: tuple[Metric, ...] = plan.metrics or ("budget",)
        years = plan.years if len(plan.years) >= 2 else ()
        free = replace(plan, years=years)
        if len(plan.years) == 1:
            free = replace(plan, years=())
        if plan.subjects:
            rows = [row for match in plan.subjects for row in self._subject_rows(match, free)]
        elif plan.pillars or plan.categories:
            rows = self._total_rows(free)
            if not rows or len({r.group for r in rows}) < 2:
                return self._change_of_sums(plan, free, asked[0])
        elif plan.summed and plan.departments:
            return self._change_of_sums(plan, free, asked[0])
        elif plan.departments or plan.topics or plan.level_named or plan.direction or plan.conditions:
            rows = self._scoped_rows(free)
        else:
            rows = self._total_rows(free) or self._scoped_rows(free)
        single = bool(plan.subjects) or (rows and rows[0].level == "section")
        for metric in asked:
            for earlier, later in self._year_pairs(plan, rows, metric):
                self._change_block(plan, evidence, earlier, later, metric, bool(single))
        if evidence.blocks and any(m in ("settled", "executed", "execution_rate", "difference") for m in asked):
            phases = {i.row.phase for b in evidence.blocks for i in b.items}
            if "interim" in phases and "settlement" in phases:
                evidence.warnings.append(
                    "年度途中（中間）の執行額と決算額を並べています。確定した額どうしの比較ではありません。"
                )
        evidence.description = f"{'・'.join(METRIC_NAMES[m] for m in asked)}の年度間の増減"
        if not evidence.blocks and rows and not plan.direction:
            # Only one year holds the figure: show it rather than nothing.
            self._fill(evidence, rows, asked, True)
            if evidence.blocks:
                evidence.notes.append("比べられる別の年度の記載がありません。")
        return evidence

    def _change_of_sums(self, plan: Plan, free: Plan, metric: Metric) -> Evidence:
        """The sums of a pillar's, category's or department's rows in two years, where no total is printed in both."""
        evidence = Evidence()
        name = "・".join((*plan.pillars, *plan.categories, *plan.departments))
        for earlier, later in self._year_pairs(plan, self._scoped_rows(free), metric):
            sums = []
            block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
            for rows in (earlier, later):
                values = [(r, v[0]) for r in rows if (v := self._values(r, (metric,)))]
                sums.append(sum((v.number for _, v in values), Decimal(0)))
                block.items.extend(Item(r, (v,)) for r, v in values)
                block.computed.append(Decimal(len(values)))
            change = sums[1] - sums[0]
            block.computed.extend((*sums, change))
            tail = f"{number_text(abs(change), 'yen')}の{'増' if change > 0 else '減'}" if change else "増減なし"
            if change and sums[0]:
                rate = round_rate(change * 100 / sums[0])
                block.computed.append(rate)
                tail += f"、増減率{rate:+}%"
            block.headline = (
                f"・{name}の事業の{METRIC_NAMES[metric]}の合計: {number_text(sums[0], 'yen')}（{len(earlier)}件）"
                f" → {number_text(sums[1], 'yen')}（{len(later)}件）（{tail}）"
            )
            block.result, block.unit = change, "yen"
            block.formula = f"{number_text(sums[1], 'yen')} − {number_text(sums[0], 'yen')}"
            block.considered = len(block.items)
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}の合計の増減"
        return evidence

    def _year_pairs(self, plan: Plan, rows: Sequence[Row], metric: Metric) -> list[tuple[list[Row], list[Row]]]:
        """Neighbouring years of one place that both hold the metric; with one year named, that year and the one before."""
        pairs = []
        by_place: dict[Place, list[list[Row]]] = {}
        for group in self._groups([r for r in rows if self._values(r, (metric,)) or (metric == "settled" and r.spent)]):
            by_place.setdefault(group[0].place, []).append(group)
        for groups in by_place.values():
            for earlier, later in zip(groups, groups[1:], strict=False):
                if (
                    len(plan.years) == 1
                    and later[0].fiscal_year != plan.years[0]
                    and earlier[0].fiscal_year != plan.years[0]
                ):
                    continue
                pairs.append((earlier, later))
        return pairs

    def _change_block(
        self, plan: Plan, evidence: Evidence, earlier: list[Row], later: list[Row], metric: Metric, single: bool
    ) -> None:
        fold = vocabulary().fold
        block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
        before = {fold(_bare(r.name)): r for r in earlier}
        lines: list[tuple[Decimal, str, Item, Item]] = []
        for row in _unique(later):
            old = before.pop(fold(_bare(row.name)), None)
            if old is None:
                block.excluded.append(
                    Exclusion(row.name, f"{fiscal_year_label(earlier[0].fiscal_year)}に同じ名前の事業がない")
                )
                continue
            a = self._values(old, (metric,)) or self._values(old, ("executed",))
            b = self._values(row, (metric,)) or self._values(row, ("executed",))
            if not a or not b:
                block.excluded.append(Exclusion(row.name, why_missing(row if not b else old, metric)))
                continue
            block.considered += 1
            change = b[0].number - a[0].number
            wrong_way = {"up": change <= 0, "down": change >= 0, "same": change != 0}
            if plan.direction and not single and wrong_way[plan.direction]:
                continue
            if plan.change_bound and not single and not _within(plan.change_bound, a[0].number, b[0].number):
                continue
            if plan.conditions and not all(
                _COMPARE[c.comparator](b[0].number, c.value) for c in plan.conditions if c.metric == metric
            ):
                continue
            block.computed.append(change)
            if a[0].number:
                block.computed.append(round_rate(change * 100 / a[0].number))
            lines.append((change, self._change_text(row, a[0], b[0], change), Item(old, a[:1]), Item(row, b[:1])))
        for row in before.values():
            block.excluded.append(
                Exclusion(row.name, f"{fiscal_year_label(later[0].fiscal_year)}に同じ名前の事業がない")
            )
        if single:
            block.excluded.clear()
        lines.sort(key=lambda line: line[0], reverse=plan.direction != "down")
        if plan.limit or plan.operation == "rank":
            lines = lines[: plan.limit or 1]
        elif plan.descending is not None and not plan.limit:
            lines = lines[:1]
        for _, _, old_item, new_item in lines:
            block.items.extend((old_item, new_item))
        if not lines and single:
            return
        block.headline = "\n".join(text for _, text, _, _ in lines)
        if single and len(lines) == 1:
            value = lines[0][2].values[0]
            block.result, block.unit = lines[0][0], "point" if value.unit == "percent" else value.unit
            block.formula = f"{lines[0][3].values[0]} − {value}"
        elif not single:
            block.result, block.unit = Decimal(len(lines)), "件"
        evidence.blocks.append(block)

    def _change_text(self, row: Row, a: Value, b: Value, change: Decimal) -> str:
        if a.unit == "percent":
            tail = f"{change:+}ポイント" if change else "増減なし"
        elif change:
            rate = round_rate(change * 100 / a.number) if a.number else None
            tail = f"{number_text(abs(change), 'yen')}の{'増' if change > 0 else '減'}" + (
                f"、増減率{rate:+}%" if rate is not None else ""
            )
        else:
            tail = "増減なし"
        names = METRIC_NAMES[a.metric] if a.metric == b.metric else f"{METRIC_NAMES[a.metric]}→{METRIC_NAMES[b.metric]}"
        return f"・{row.name}: {names} {a} → {b}（{tail}）"

    def _turnover(self, plan: Plan) -> Evidence:
        """Projects of one year that the neighbouring year's list does not name."""
        evidence = Evidence()
        fold = vocabulary().fold
        free = replace(plan, years=plan.years if len(plan.years) >= 2 else ())
        groups = [g for g in self._groups(self._scoped_rows(free)) if any(r.figures for r in g)]
        for earlier, later in zip(groups, groups[1:], strict=False):
            if earlier[0].place != later[0].place:
                continue
            if len(plan.years) == 1 and plan.years[0] not in (later[0].fiscal_year, earlier[0].fiscal_year):
                continue
            old, new = {fold(_bare(r.name)): r for r in earlier}, {fold(_bare(r.name)): r for r in later}
            gone = plan.operation == "vanished"
            chosen = [r for key, r in (old if gone else new).items() if key not in (new if gone else old)]
            block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
            block.considered = len(old if gone else new)
            metric: tuple[Metric, ...] = ("budget",)
            block.items = [Item(r, self._values(r, metric), self._beside(r, metric)) for r in chosen]
            block.result, block.unit = Decimal(len(chosen)), "件"
            evidence.blocks.append(block)
        if evidence.blocks:
            evidence.notes.append(
                "名前（括弧書きを除く）で照らし合わせています。改称や統合による見かけの増減を含むことがあります。"
            )
        evidence.description = (
            "前の年度にあって次の年度にない事業" if plan.operation == "vanished" else "次の年度に新しく現れた事業"
        )
        return evidence

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
            for row in _unique(group):
                children = [
                    r
                    for child in (self.ledger.children.get(row.project.project_id, []) if row.project else [])
                    for r in self.ledger.by_project[child.project_id]
                    if r.fiscal_year == row.fiscal_year
                ]
                if not children:
                    continue
                block = Block(row, f"{block_title(row)} {row.name}")
                block.considered = len(children)
                block.items = [Item(r, self._values(r, metrics)) for r in children]
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
            for row in _unique(group):
                if row.departments:
                    block.items.append(Item(row, (), note="、".join(row.departments)))
            if block.items:
                evidence.blocks.append(block)
        evidence.description = "担当課"
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
        evidence.description = "事業の一覧"
        return evidence

    def _indicators(self, plan: Plan) -> Evidence:
        """Indicators of the projects named, or those whose name the question gives, with target, result and verdict."""
        evidence = Evidence()
        asked = [m for m in plan.metrics if m in ("indicator_target", "indicator_result")]
        sides = set(asked) or {"indicator_target", "indicator_result"}
        if plan.achieved is not None:
            sides = {"indicator_target", "indicator_result"}
        only_result = sides == {"indicator_result"}
        chosen = self._chosen_indicators(plan)
        for group in self._groups([row for row, _ in chosen]):
            block = Block(group[0], block_title(group[0]))
            lines = []
            owners = {row.name for row in group}
            for row in _unique(group):
                for indicator in [i for r, i in chosen if r is row]:
                    met = indicator_met(indicator)
                    if plan.achieved is not None and not (plan.subjects or plan.topics) and met is not plan.achieved:
                        continue
                    block.considered += 1
                    target, result = indicator.target, indicator.result
                    if only_result and result is None:
                        block.excluded.append(Exclusion(row.name, f"「{indicator.name}」の成果（実績）の記載がない"))
                        continue
                    told = []
                    if "indicator_target" in sides:
                        told.append(f"目標 {target.printed if target else '記載なし'}")
                    if "indicator_result" in sides:
                        told.append(f"成果 {result.printed if result else '記載なし'}")
                    if met is not None and len(sides) == 2:
                        told.append("目標を達成しています" if met else "目標に届いていません（未達）")
                    owner = f"{row.name} " if len(owners) > 1 or not plan.subjects else ""
                    other = indicator.fiscal_year != row.fiscal_year
                    when = f"（{fiscal_year_label(indicator.fiscal_year)}）" if other else ""
                    lines.append(f"・{owner}{indicator.name}{when}: {'、'.join(told)}")
                    block.literals.append(when)
                    values = tuple(
                        Value(f.metric, f.value, f.unit, f, (f,), None)
                        for f in indicator_figures(indicator, row)
                        if f.metric in sides
                    )
                    block.items.append(Item(row, values))
                    block.literals.extend((indicator.name, *(m.printed for m in (target, result) if m)))
            if lines:
                block.headline = "\n".join(lines)
                block.result, block.unit = Decimal(len(lines)), "件"
                evidence.blocks.append(block)
            elif block.excluded:
                why = "、".join(dict.fromkeys(e.why for e in block.excluded))
                told = f"{block_title(group[0])}の資料には{why}ため、答えられません。"
                return Evidence("not_found", "no_figure", told, final=True)
        if plan.achieved is not None and evidence.blocks and not plan.subjects:
            evidence.notes.append(
                "達成・未達は、目標と成果の数字を比べて判定しました（数字で比べられないものは含みません）。"
            )
        evidence.description = "事業指標の目標と成果"
        return evidence

    def _chosen_indicators(self, plan: Plan) -> list[tuple[Row, Indicator]]:
        """Indicators in scope; where words of the question stand in indicators' names, those with the most of them."""
        fold = vocabulary().fold
        names = {n for m in plan.subjects for n in m.names}
        exact = any(m.how != "part" for m in plan.subjects)
        pairs: list[tuple[Row, Indicator]] = []
        for row in self.rows(plan, ["project", "sub_project", "section"]):
            if row.project is None:
                continue
            children = {c.name for c in self.ledger.children.get(row.project.project_id, [])}
            if names and exact and row.name not in names and not children & names:
                continue
            own = row.fiscal_year == row.project.fiscal_year
            years = {r.fiscal_year for r in self.ledger.by_project[row.project.project_id]}
            pairs.extend(
                (row, i)
                for i in self.ledger.indicators.get(row.project.project_id, [])
                if i.fiscal_year == row.fiscal_year or (own and i.fiscal_year not in years and not plan.years)
            )
        words = [*plan.topics, *(m.words for m in plan.subjects)]
        terms = [t for w in words for t in (content_terms(w) or [w])]
        scored = []
        for row, indicator in pairs:
            label = fold(indicator.name)
            around = fold(row.name)
            in_label = sum(len(t) for t in terms if t in label)
            covered = sum(1 for t in terms if t in label or t in around or any(t in fold(n) for n in names if exact))
            scored.append((covered, in_label, row, indicator))
        if not scored or not terms:
            return pairs
        topics = [t for w in plan.topics for t in (content_terms(w) or [w])]
        if plan.topics and not any(t in fold(i.name) for t in topics for _, i in pairs):
            return []
        if exact and not any(label for _, label, _, _ in scored):
            return pairs
        best = max((covered, label) for covered, label, _, _ in scored)
        size = sum(len(t) for t in terms)
        if best[0] < len(terms) and not exact and best[1] < size * _NAMED_ENOUGH:
            return []
        if exact and not plan.topics:
            own = [(r, i) for _, label, r, i in scored if r.name in names]
            if own:
                return own
        return [(r, i) for covered, label, r, i in scored if (covered, label) == best]

    def _holdings(self, plan: Plan) -> Evidence:
        evidence = Evidence(message="収録している資料は次のとおりです。")
        lines = []
        for place, document, part in self.ledger.holdings():
            if plan.places and place not in plan.places:
                continue
            lines.append(f"・{place} {fiscal_year_label(part.fiscal_year)} {part.kind}（{document.title}）")
        evidence.message += "\n" + "\n".join(lines)
        return evidence


def conditions_text(conditions: Sequence[Condition]) -> str:
    """Conditions in Japanese: 執行率が60%以上かつ80%未満."""
    names = {"lt": "未満", "le": "以下", "gt": "超", "ge": "以上", "eq": "ちょうど"}
    parts = []
    for condition in conditions:
        if condition.metric == "difference" and condition.value == 0:
            words = {"lt": "執行が予算額を超過", "gt": "予算額に残額あり", "eq": "予算額の残額が0円（使い切り）"}
            if condition.comparator in words:
                parts.append(words[condition.comparator])
                continue
        value = f"{condition.value}%" if condition.unit == "percent" else number_text(condition.value, "yen")
        if condition.comparator == "eq":
            parts.append(f"{METRIC_NAMES[condition.metric]}が{value}")
        else:
            parts.append(f"{METRIC_NAMES[condition.metric]}が{value}{names[condition.comparator]}")
    return "、かつ".join(parts)


def indicator_figures(indicator: Indicator, row: Row) -> tuple[Figure, ...]:
    """The target and the result of an indicator as figures, where they are numbers."""
    found = []
    sides: tuple[tuple[Metric, Measure | None], ...] = (
        ("indicator_target", indicator.target),
        ("indicator_result", indicator.result),
    )
    for metric, measure in sides:
        if measure is None or measure.value is None:
            continue
        found.append(
            Figure(
                figure_id=f"{indicator.indicator_id}/{metric}",
                document_id=indicator.document_id,
                part_index=row.part.index,
                fiscal_year=indicator.fiscal_year,
                phase=row.phase,
                as_of=row.as_of,
                project_id=indicator.project_id,
                section=None,
                metric=metric,
                label=indicator.name,
                value=measure.value,
                unit=measure.unit,
                printed=measure.printed,
                table="block",
                primary=True,
                confidence=1.0,
                source=measure.source,
            )
        )
    return tuple(found)


def indicator_met(indicator: Indicator) -> bool | None:
    """True or False where target and result are numbers in one unit, else None."""
    target, result = indicator.target, indicator.result
    if target is None or result is None or target.value is None or result.value is None:
        return None
    if target.unit != result.unit:
        return None
    if any(word in target.printed for word in ("以下", "未満", "以内")):
        return result.value <= target.value
    return result.value >= target.value


def figures_of(blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """The figures that answer, in the answer's order, each once."""
    found: dict[str, Figure] = {}
    for block in blocks:
        for item in block.items:
            for value in item.values:
                for figure in value.figures:
                    found.setdefault(figure.figure_id, figure)
    return tuple(found.values())


def _top(items: list[Item], limit: int, nth: int | None) -> list[Item]:
    """The first rows of a ranking with those that tie with the last; or those at the nth place."""
    if nth is not None:
        if nth > len(items):
            return []
        value = items[nth - 1].values[0].number
        return [i for i in items if i.values[0].number == value]
    if len(items) <= limit:
        return items
    last = items[limit - 1].values[0].number
    return [*items[:limit], *(i for i in items[limit:] if i.values[0].number == last)]


def _unique(rows: Sequence[Row]) -> list[Row]:
    seen: set[int] = set()
    kept = []
    for row in rows:
        if id(row) not in seen:
            seen.add(id(row))
            kept.append(row)
    return kept


def _bare(name: str) -> str:
    """The name without what stands in round brackets at its end, which changes from year to year."""
    at = min((i for i in (name.find("（"), name.find("(")) if i > 2), default=-1)
    closing = name.rstrip().endswith(("）", ")"))
    return name[:at] if at > 0 and closing else name


def _within(bound: ChangeBound, before: Decimal, after: Decimal) -> bool:
    """Whether the change from one year to the next is within a bound; sizes of falls are compared as sizes."""
    if bound.unit == "yen":
        return _COMPARE[bound.comparator](abs(after - before), bound.value)
    if not before:
        return False
    if bound.unit == "times":
        return _COMPARE[bound.comparator](after / before, bound.value)
    return _COMPARE[bound.comparator](abs(after - before) * 100 / before, bound.value)


def _left_out(row: Row, names: Sequence[str]) -> bool:
    """Whether a row is, or belongs to, something that the question leaves out."""
    parent = row.parent.name if row.parent else None
    return bool({row.name, row.pillar, row.category, parent, *row.departments} & set(names))


def _ward_unknown(plan: Plan) -> bool:
    return any(
        word.endswith(("区", "市", "町", "村", "県", "府", "都", "道")) or True for word in plan.unknown_places
    ) and not any(p.ward and p.ward in w for p in plan.places for w in plan.place_words)
