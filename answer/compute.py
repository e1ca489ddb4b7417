"""Plan -> Evidence: filters, ranks, adds, counts; every number is a figure or a declared computation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from answer.changes import Changes, bare_name
from answer.evidence import Block, Evidence, Item, block_title
from answer.indicators import Indicators
from answer.ledger import Row
from answer.selection import unique_rows
from answer.types import Condition, Exclusion, Plan
from answer.values import METRIC_NAMES, Value, figure_text, number_text, round_rate, why_missing
from answer.vocabulary import vocabulary
from ingest.eras import fiscal_year_label
from records import Figure, Metric


class Computer(Changes, Indicators):
    """Executes plans over one ledger."""

    def run(self, plan: Plan) -> Evidence:
        """The evidence for a plan; its status says what is missing where nothing answers."""
        missing = self.missing_documents(plan)
        if missing is not None:
            return missing
        if plan.unclear:
            told = f"「{plan.unclear}」を含む条件は計算できないため、答えを控えました。条件を分けて質問してください。"
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

    def _lookup(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metrics = self._metrics_of(plan, ("budget", "settled", "executed", "execution_rate"))
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
        wanted = tuple(dict.fromkeys(c.metric for c in plan.conditions))
        for group in self._groups(self._scoped_rows(plan)):
            block = self._filtered(plan, group, wanted)
            if block is not None:
                evidence.blocks.append(block)
        evidence.description = conditions_text(plan.conditions)
        if plan.in_every_year and len(evidence.blocks) > 1:
            evidence.blocks = in_every_year(evidence.blocks)
            evidence.description += "（どの年度でも当てはまるもの）"
        return evidence

    def _filtered(self, plan: Plan, group: Sequence[Row], wanted: tuple[Metric, ...]) -> Block | None:
        """The rows of one group that the conditions hold of, the nearest to the bound last; None without figures."""
        if not any(self._values(r, (m,)) for r in group for m in wanted):
            return None
        conditions, told = self._settled_conditions(plan.conditions, group)
        if not conditions:
            return None
        block = Block(group[0], block_title(group[0]), notes=told)
        block.computed.extend(c.value for c in conditions if c.reference)
        alternatives = len({c.alternative for c in conditions}) > 1
        for row in group:
            held = {c.metric: v[0] for c in conditions if (v := self._values(row, (c.metric,)))}
            missing = [c.metric for c in conditions if c.metric not in held]
            fits = self._fits(row, conditions)
            if missing and not (alternatives and fits):
                if row.figures:
                    block.excluded.append(Exclusion(row.name, why_missing(row, missing[0])))
                continue
            block.considered += 1
            if fits:
                block.items.append(Item(row, tuple(held.values()), self._beside(row, tuple(held))))
        descending = conditions[0].comparator in ("gt", "ge")
        block.items.sort(key=lambda item: item.values[0].number, reverse=descending)
        return block

    def _rank(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metric: Metric = plan.metrics[0] if plan.metrics else plan.conditions[0].metric if plan.conditions else "budget"
        descending = plan.descending is not False
        if plan.group_by:
            return self._rank_groups(plan, metric, descending)
        rows = self._scoped_rows(replace(plan, subjects=()) if plan.asks_position else plan)
        for group in self._groups(rows):
            metric = self._metric_held(plan, group, metric)
            block = Block(group[0], block_title(group[0]))
            items = self._ranked_items(plan, group, metric, block)
            if not items:
                continue
            block.considered = len(items)
            items.sort(key=lambda i: i.values[0].number, reverse=descending)
            if plan.asks_position:
                self._tell_position(plan, block, items, descending)
                if block.items:
                    evidence.blocks.append(block)
                continue
            wanted = len(items) if plan.ordered and not plan.limit else plan.limit or 1
            block.items = at_positions(items, plan.positions) if plan.positions else top(items, wanted)
            if len(block.items) > (len(plan.positions) or wanted):
                block.notes.append(f"同じ値のものがあるため{len(block.items)}件を示しました。")
            if plan.both_ends:
                last = top(items[::-1], wanted)
                first = block.items
                block.items = [*first, *(i for i in last if i not in first)]
                if plan.gap:
                    self._tell_gap(block, items[0], items[-1])
            evidence.blocks.append(block)
        order = "高い" if metric == "execution_rate" else "多い"
        low = "低い" if metric == "execution_rate" else "少ない"
        evidence.description = f"{METRIC_NAMES[metric]}の{order if descending else low}順"
        return evidence

    def _ranked_items(self, plan: Plan, group: Sequence[Row], metric: Metric, block: Block) -> list[Item]:
        """The rows of a group that have the metric and keep the conditions; the others are told as left out."""
        conditions, told = self._settled_conditions(plan.conditions, group)
        block.notes.extend(told)
        block.computed.extend(c.value for c in conditions if c.reference)
        items: list[Item] = []
        for row in group:
            values = self._values(row, (metric,))
            if not values:
                if row.figures:
                    block.excluded.append(Exclusion(row.name, why_missing(row, metric)))
                continue
            if not self._fits(row, conditions):
                continue
            # 「執行率が最も低い事業の予算額」: ranked by the first, the others are asked for as well.
            asked = (*values, *(v for v in self._values(row, plan.metrics[1:]) if v.metric != values[0].metric))
            items.append(Item(row, asked, self._beside(row, tuple(v.metric for v in asked))))
        return items

    def _tell_position(self, plan: Plan, block: Block, items: Sequence[Item], descending: bool) -> None:
        """At which place of the ranking the rows asked for stand; equal values share a place."""
        names = {name for match in plan.subjects for name in match.names}
        numbers = [i.values[0].number for i in items]
        lines = []
        for item in items:
            if item.row.name not in names:
                continue
            value = item.values[0]
            place = 1 + sum(1 for n in numbers if (n > value.number if descending else n < value.number))
            block.items.append(item)
            block.computed.append(Decimal(place))
            block.result, block.unit = Decimal(place), "位"
            adjective = (
                ("高い" if descending else "低い") if value.unit == "percent" else "多い" if descending else "少ない"
            )
            told = f"{METRIC_NAMES[value.metric]} {value}、{adjective}方から{place}位"
            lines.append(f"・{item.row.name}: {told}（{len(items)}件中）")
        block.headline = "\n".join(lines)

    def _tell_gap(self, block: Block, first: Item, last: Item) -> None:
        """The difference between the two ends of a ranking."""
        high, low = sorted((first.values[0], last.values[0]), key=lambda v: -v.number)
        block.result = high.number - low.number
        block.unit = "point" if high.unit == "percent" else high.unit
        block.formula = f"{high} − {low}"
        gap = f"{block.result}ポイント" if high.unit == "percent" else number_text(block.result, high.unit)
        block.notes.append(f"差は{gap}です（{block.formula}、計算値）。")

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
                if len({*plan.pillars, *plan.categories}) > 1:
                    self._add_up(block)
            evidence.description = "資料に印字された合計"
            if evidence.blocks:
                return evidence
        if not rows and (plan.subjects or plan.topics):
            return self._nothing(plan)
        for group in self._groups(rows):
            conditions, told = self._settled_conditions(plan.conditions, group)
            for asked in metrics:
                metric = self._metric_held(plan, group, asked)
                block = Block(group[0], block_title(group[0]), notes=list(told))
                block.computed.extend(c.value for c in conditions if c.reference)
                pairs: list[tuple[Row, Value]] = []
                for row in group:
                    value = self._values(row, (metric,))
                    if value and self._fits(row, conditions):
                        pairs.append((row, value[0]))
                    elif not value and row.figures:
                        block.excluded.append(Exclusion(row.name, why_missing(row, metric)))
                if plan.limit and plan.descending is not None:
                    pairs = self._leading(plan, pairs, metric, block)
                if not pairs:
                    continue
                block.considered = len(pairs)
                block.items = [Item(row, (value,)) for row, value in pairs]
                name = METRIC_NAMES[pairs[0][1].metric]
                if plan.operation == "mean" and len(pairs) == 1 and plan.subjects:
                    alone = "1つの事業の平均は求められません。事業をまとめて尋ねるか、金額そのものを尋ねてください。"
                    return Evidence("not_found", "no_figure", alone, final=True)
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

    def _leading(
        self, plan: Plan, pairs: list[tuple[Row, Value]], metric: Metric, block: Block
    ) -> list[tuple[Row, Value]]:
        """「予算上位5事業の決算の合計」: only the rows that lead by the first metric that the question names."""
        by: Metric = plan.metrics[0] if plan.metrics else metric
        items = [Item(row, v) for row, _ in pairs if (v := self._values(row, (by,)))]
        items.sort(key=lambda i: i.values[0].number, reverse=plan.descending is not False)
        leading = [i.row for i in top(items, plan.limit or 1)]
        if len(leading) > (plan.limit or 1):
            block.notes.append(f"同じ値のものがあるため{len(leading)}件を取りました。")
        names = "」「".join(row.name for row in leading)
        block.notes.append(f"{METRIC_NAMES[by]}で選んだもの: 「{names}」。")
        block.literals.extend(row.name for row in leading)
        return [pair for pair in pairs if any(pair[0] is row for row in leading)]

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

    def _add_up(self, block: Block) -> None:
        """Several printed totals asked for together: their sum."""
        values = [item.values[0] for item in block.items if item.values]
        if len(values) < 2 or len({v.metric for v in values}) > 1 or values[0].unit != "yen":
            return
        block.result, block.unit = sum((v.number for v in values), Decimal(0)), "yen"
        block.formula = " + ".join(str(v) for v in values)
        block.notes.insert(0, f"合わせて{number_text(block.result, 'yen')}です（{block.formula}、計算値）。")

    def _tell_sum_of_projects(self, block: Block, rows: Sequence[Row], metrics: tuple[Metric, ...]) -> None:
        """Beside the printed totals of a document, what its listed projects add up to."""
        for metric in metrics:
            values = [v[0] for r in rows if (v := self._values(r, (metric,)))]
            if values and values[0].unit == "yen":
                total = sum((v.number for v in values), Decimal(0))
                block.computed.extend((total, Decimal(len(values))))
                block.considered = max(block.considered, len(values))
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
                block.considered = max(block.considered, len(values))
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
        evidence = self._filter(replace(plan, operation="filter")) if plan.conditions else self._list(plan)
        for block in evidence.blocks:
            block.result, block.unit = Decimal(len(block.items)), "件"
            if plan.as_share and block.considered:
                share = round_rate(Decimal(len(block.items)) * 100 / block.considered)
                block.computed.append(share)
                block.notes.append(f"{block.considered}件に占める割合は{share}%です（計算値）。")
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
            for row in unique_rows(group):
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
        if plan.in_every_year and len(evidence.blocks) > 1:
            evidence.blocks = in_every_year(evidence.blocks)
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


def conditions_text(conditions: Sequence[Condition]) -> str:
    """Conditions in Japanese: 執行率が60%以上、かつ執行率が80%未満; alternatives are joined by または."""
    alternatives: dict[int, list[str]] = {}
    for condition in conditions:
        alternatives.setdefault(condition.alternative, []).append(_condition_text(condition))
    return "、または".join("、かつ".join(parts) for parts in alternatives.values())


def _condition_text(condition: Condition) -> str:
    signs = {"lt": "未満", "le": "以下", "gt": "超", "ge": "以上", "eq": "", "ne": "以外"}
    year = f"{fiscal_year_label(condition.year)}の" if condition.year is not None else ""
    name = METRIC_NAMES[condition.metric]
    if condition.reference is not None:
        of = {"mean": "平均", "whole": "全体の値"}.get(condition.reference.kind)
        if condition.reference.match is not None:
            of = f"「{condition.reference.match.names[0]}」"
        words = {"lt": "より小さい", "le": "以下", "gt": "より大きい", "ge": "以上", "eq": "と同じ", "ne": "以外"}
        return f"{year}{name}が{of}{words[condition.comparator]}"
    if condition.metric == "difference" and condition.value == 0:
        phrases = {"lt": "執行が予算額を超過", "gt": "予算額に残額あり", "eq": "予算額の残額が0円（使い切り）"}
        if condition.comparator in phrases:
            return year + phrases[condition.comparator]
    value = f"{condition.value}%" if condition.unit == "percent" else number_text(condition.value, "yen")
    return f"{year}{name}が{value}{signs[condition.comparator]}"


def figures_of(blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """The figures that answer, in the answer's order, each once."""
    found: dict[str, Figure] = {}
    for block in blocks:
        for item in block.items:
            for value in item.values:
                for figure in value.figures:
                    found.setdefault(figure.figure_id, figure)
    return tuple(found.values())


def top(items: list[Item], limit: int) -> list[Item]:
    """The first rows of a ranking, with those that tie with the last."""
    if len(items) <= limit:
        return items
    last = items[limit - 1].values[0].number
    return [*items[:limit], *(i for i in items[limit:] if i.values[0].number == last)]


def at_positions(items: Sequence[Item], positions: Sequence[int]) -> list[Item]:
    """The rows at these places of a ranking (first is 1), with those that tie with them."""
    wanted = {items[p - 1].values[0].number for p in positions if p <= len(items)}
    return [i for i in items if i.values[0].number in wanted]


def in_every_year(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with only those rows that every block holds, by name without its bracket."""
    fold = vocabulary().fold
    common = set.intersection(*({fold(bare_name(i.row.name)) for i in b.items} for b in blocks))
    for block in blocks:
        block.items = [i for i in block.items if fold(bare_name(i.row.name)) in common]
    return list(blocks)
