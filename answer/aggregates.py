"""Sums, means, shares and totals by group, beside the totals that documents print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.evidence import Block, Evidence, Item, at_positions, block_title, top
from answer.group_ranks import GroupRanks
from answer.hierarchy import is_under
from answer.ledger import Row
from answer.selection import belongs_to, each_once
from answer.types import Exclusion, NameMatch, Plan
from answer.values import METRIC_NAMES, Value, figure_text, name_of, number_text, round_rate, why_missing
from answer.vocabulary import vocabulary
from answer.wording import metric_name
from records import Metric

_THOUSAND = 1000
_TOGETHER = re.compile("合わせ|あわせ|合計|足し|両方で|2つで|二つで")
_AGAINST_MEAN = re.compile(
    r"平均(?:予算|決算|執行)?(?:額|値|率|の額)?(?:を比べ|を比較|、?(?:どちら|どっち)|では|とでは|の(?:差|比較|違い|開き)|を(?:どれ|どの|いくら|何|上回|下回|超え|越え|割)|より|と(?:比べ|の差|どれ)|に(?:比べ|対し|届|満た|達))"
)


class Aggregates(GroupRanks):
    """Adds up rows, and compares what comes out with what is printed."""

    def _aggregate(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metrics = plan.metrics or tuple(dict.fromkeys(c.metric for c in plan.conditions)) or ("budget",)
        if plan.group_by and plan.group_by not in ("year", "place"):
            return self._columns_of_groups(plan, metrics)
        if plan.operation == "mean" and len(plan.subjects) == 1 and _AGAINST_MEAN.search(plan.question):
            return self._against_mean(plan, metrics[0])
        without = self._total_without(plan, metrics) if plan.excluded and plan.operation == "sum" else None
        if without is not None:
            return without
        rows = self._scoped_rows(plan)
        unscoped = not (
            plan.subjects
            or plan.departments
            or plan.pillars
            or plan.categories
            or plan.topics
            or plan.excluded
            or plan.name_holds
            or plan.parts
            or plan.drops
        )
        grand = plan.operation == "sum" and unscoped and plan.level == "project" and not plan.level_named
        if grand and not (plan.conditions or plan.group_by or plan.limit or plan.positions):
            totals = self._grand_totals(plan, metrics)
            self._fill(evidence, totals, metrics, True)
            for block in evidence.blocks:
                inside = [r for r in rows if r.group == block.row.group]
                self._tell_sum_of_projects(block, inside, metrics)
            if evidence.blocks:
                shown = {b.row.group for b in evidence.blocks}
                rows = [r for r in rows if r.group not in shown]
        printed = (
            self._total_rows(plan)
            if plan.operation == "sum"
            and not (plan.conditions or plan.level_named or plan.excluded or plan.subjects or plan.drops)
            else []
        )
        if printed:
            self._fill(evidence, printed, metrics, True)
            for block in evidence.blocks:
                self._compare_with_sum(block, rows)
                if len({*plan.pillars, *plan.categories}) > 1:
                    self._add_up(block)
                elif len(block.items) == 1 and len(block.items[0].values) == 1:
                    # What is printed is the sum that was asked for.
                    only = block.items[0].values[0]
                    block.result, block.unit = only.number, only.unit
            evidence.description = "資料に印字された合計"
            if evidence.blocks:
                return evidence
        if not rows and plan.subjects and (plan.pillars or plan.categories):
            # 「区局連携事業の2本と地域の担い手応援事業を合わせた金額」: the one is no part of the other.
            apart = replace(plan, pillars=(), categories=())
            rows = [*self._scoped_rows(replace(plan, subjects=())), *self._scoped_rows(apart)]
            scopes = "」「".join((*plan.pillars, *plan.categories))
            evidence.notes.append(f"「{scopes}」の事業と、名前を挙げた事業を合わせました。")
        if not rows and (plan.subjects or plan.topics):
            return self._nothing(plan)
        picks = bool(plan.positions) or (plan.limit is not None and plan.descending is not None)
        if picks and len(metrics) > 1:
            # 「予算上位5事業の決算の合計」: the first metric picks, the others are asked for.
            metrics = metrics[1:]
        absent: list[str] = []
        for group in self._groups(rows):
            conditions, told, numbers = self._settled_conditions(plan, group)
            for asked in metrics:
                metric = self._metric_held(plan, group, asked)
                block = Block(group[0], block_title(group[0]), notes=list(told))
                block.computed.extend(numbers)
                pairs: list[tuple[Row, Value]] = []
                for row in group:
                    value = self._values(row, (metric,))
                    if value and self._fits(row, conditions):
                        pairs.append((row, value[0]))
                    elif not value and row.figures:
                        block.excluded.append(Exclusion(row.name, why_missing(row, metric)))
                if picks:
                    pairs = self._leading(plan, pairs, metric, block)
                if plan.drops:
                    pairs = _without_extreme(pairs, plan.drops == "most", block)
                items = [Item(row, (value,)) for row, value in pairs]
                if not pairs or any(b.row.group == group[0].group and b.items == items for b in evidence.blocks):
                    # 「いくら支出したか（決算の合計）」 names one column twice.
                    continue
                lost = self._not_added(plan, [row for row, _ in pairs])
                if lost and not conditions:
                    absent.append(
                        f"{block.title}の資料に「{'」「'.join(lost)}」の{METRIC_NAMES[metric]}が見当たらないため"
                    )
                    continue
                block.considered = len(pairs)
                block.items = items
                name = name_of(pairs[0][1])
                if plan.operation == "mean" and len(pairs) == 1 and any(m.how != "previous" for m in plan.subjects):
                    alone = "1つの事業の平均は求められません。事業をまとめて尋ねるか、金額そのものを尋ねてください。"
                    return Evidence("not_found", "no_figure", alone, final=True)
                if plan.operation == "mean":
                    mean = sum((v.number for _, v in pairs), Decimal(0)) / len(pairs)
                    block.unit = pairs[0][1].unit
                    block.result = round_rate(mean) if block.unit == "percent" else mean.quantize(Decimal(1))
                    block.formula = f"{len(pairs)}件の{name}の単純平均（合計 ÷ {len(pairs)}）"
                    if metric == "execution_rate":
                        self._tell_weighted_rate(block, pairs)
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
                    if metric == "difference" and any(c.metric == metric and c.comparator == "lt" for c in conditions):
                        # What was spent beyond the budgets is told without its sign.
                        block.result = -block.result
                        block.formula = f"{len(pairs)}件の超過額（予算額を超えた額）の合計"
                self._beside_printed_total(plan, block, metric)
                evidence.blocks.append(block)
        evidence.description = (
            f"{'・'.join(metric_name(plan, m) for m in metrics)}の{'平均' if plan.operation == 'mean' else '合計'}"
        )
        if absent and not evidence.blocks:
            told_why = "、".join(absent)
            return Evidence("not_found", "no_figure", f"{told_why}、合計や平均を出していません。", final=True)
        evidence.notes.extend(f"{why}、この年度は計算していません。" for why in absent)
        if plan.operation == "sum" and len(plan.years) > 1 and len(metrics) == 1:
            self._add_years(evidence)
        return evidence

    def _against_mean(self, plan: Plan, metric: Metric) -> Evidence:
        """「Aの決算は自主企画事業の決算の平均をどれだけ上回りましたか」: A's figure, the mean of the scope, the gap."""
        evidence = Evidence(description=f"{METRIC_NAMES[metric]}の平均との比較", operation="compare")
        own = self._subject_rows(plan.subjects[0], plan)
        for group in self._groups(self._scoped_rows(replace(plan, subjects=()))):
            pairs = [(row, v[0]) for row in group if (v := self._values(row, (metric,)))]
            held = [(r, v[0]) for r in own if r.group == group[0].group and (v := self._values(r, (metric,)))]
            if not pairs or len(held) != 1:
                continue
            (row, value), unit = held[0], pairs[0][1].unit
            mean = sum((v.number for _, v in pairs), Decimal(0)) / len(pairs)
            mean = round_rate(mean) if unit == "percent" else mean.quantize(Decimal(1))
            block = Block(row, block_title(row), items=[Item(row, (value,))], considered=len(pairs))
            block.headline = f"・{row.name}: {METRIC_NAMES[value.metric]} {value}"
            block.result, block.unit = abs(value.number - mean), "point" if unit == "percent" else unit
            block.computed.extend((mean, block.result, Decimal(len(pairs))))
            block.formula = f"{value} と {len(pairs)}件の平均 {number_text(mean, unit)} の差"
            side = "上回っています" if value.number > mean else "下回っています"
            gap = f"{block.result}ポイント" if unit == "percent" else number_text(block.result, unit)
            name = f"{len(pairs)}件の{METRIC_NAMES[value.metric]}の平均"
            above = f"{name}は{number_text(mean, unit)}で、{gap}{side}（計算値）。"
            block.notes.append(above if value.number != mean else f"{name}と同じです（計算値）。")
            evidence.blocks.append(block)
        return evidence if evidence.blocks else self._nothing(plan)

    def _not_added(self, plan: Plan, rows: Sequence[Row]) -> list[str]:
        """Names of several asked for together that none of the rows bears: a sum without them would be wrong."""
        if len(plan.subjects) < 2:
            return []
        names = {r.name for r in rows} | {r.parent.name for r in rows if r.parent}
        return [m.words for m in plan.subjects if not names & {*m.names, *m.kin}]

    def _add_years(self, evidence: Evidence) -> None:
        """One row in each of several years is added up over them."""
        blocks = evidence.blocks
        places = {b.row.place for b in blocks}
        values = [v for b in blocks for i in b.items for v in i.values]
        alone = all(len(b.items) == 1 and b.result is not None for b in blocks)
        if len(blocks) < 2 or len(places) > 1 or not alone or {v.unit for v in values} != {"yen"}:
            return
        if {b.row.phase for b in blocks} >= {"settlement", "interim"} and values[0].metric != "budget":
            evidence.notes.append("決算額と年度途中（中間）の執行額は、足し合わせていません。")
            return
        whole = Block(blocks[0].row, "・".join(block_title(b.row) for b in blocks))
        whole.items = [item for b in blocks for item in b.items]
        whole.considered = len(whole.items)
        whole.result, whole.unit = sum((v.number for v in values), Decimal(0)), "yen"
        whole.formula = " ＋ ".join(str(v) for v in values)
        evidence.blocks = [whole]

    def _tell_weighted_rate(self, block: Block, pairs: Sequence[tuple[Row, Value]]) -> None:
        """Beside a plain mean of rates, the rate of what was spent in all."""
        both = [(r.figures["budget"].value, r.spent.value) for r, _ in pairs if "budget" in r.figures and r.spent]
        budget, spent = sum((b for b, _ in both), Decimal(0)), sum((s for _, s in both), Decimal(0))
        if budget and len(both) == len(pairs):
            rate = round_rate(spent * 100 / budget)
            block.computed.extend((rate, budget, spent))
            block.notes.append(
                f"合計額でみた執行率は{rate}%です"
                f"（{number_text(spent, 'yen')} ÷ {number_text(budget, 'yen')} × 100、計算値）。"
            )

    def _leading(
        self, plan: Plan, pairs: list[tuple[Row, Value]], metric: Metric, block: Block
    ) -> list[tuple[Row, Value]]:
        """「予算上位5事業の決算の合計」: only the rows that lead by the first metric that the question names."""
        by: Metric = plan.metrics[0] if plan.metrics else metric
        items = [Item(row, v) for row, _ in pairs if (v := self._values(row, (by,)))]
        items.sort(key=lambda i: i.values[0].number, reverse=plan.descending is not False)
        picked = at_positions(items, plan.positions) if plan.positions else top(items, plan.limit or 1)
        leading = [i.row for i in picked]
        if len(leading) > (len(plan.positions) or plan.limit or 1):
            block.notes.append(f"同じ値のものがあるため{len(leading)}件を取りました。")
        names = "」「".join(row.name for row in leading)
        block.notes.append(f"{METRIC_NAMES[by]}で選んだもの: 「{names}」。")
        block.literals.extend(row.name for row in leading)
        return [pair for pair in pairs if any(pair[0] is row for row in leading)]

    def totals_against_sums(self, plan: Plan) -> Evidence:
        """Printed totals of the pillars or categories named, each beside the sum of its rows."""
        evidence = Evidence(description="資料に印字された合計")
        if plan.subjects:
            return self._parts_against_whole(plan)
        if not (plan.pillars or plan.categories):
            return evidence
        rows = self._scoped_rows(replace(plan, topics=()))
        self._fill(evidence, self._total_rows(plan), plan.metrics or ("budget", "settled", "executed"), True)
        for block in evidence.blocks:
            self._compare_with_sum(block, rows)
        evidence.blocks = [block for block in evidence.blocks if block.notes]
        return evidence

    def _parts_against_whole(self, plan: Plan) -> Evidence:
        """A project's own figures beside the sums of its sub-projects'."""
        evidence = Evidence(description="事業と細事業の合計")
        if plan.level != "sub_project":
            return evidence
        names = {name for match in plan.subjects for name in match.names}
        rows = [r for r in self.rows(plan, ["project"]) if r.name in names]
        self._fill(evidence, rows, plan.metrics or ("budget", "settled"), True)
        for block in evidence.blocks:
            for item in block.items:
                children = [r for r in self.rows(plan, ["sub_project"]) if r.parent is item.row.project]
                for value in item.values:
                    self._tell_against_parts(evidence, block, item, value, children)
        evidence.blocks = [block for block in evidence.blocks if block.notes]
        return evidence

    def _tell_against_parts(
        self, evidence: Evidence, block: Block, item: Item, value: Value, children: Sequence[Row]
    ) -> None:
        numbers = [v[0].number for r in children if (v := self._values(r, (value.metric,)))]
        if not numbers or value.unit != "yen":
            return
        total = sum(numbers, Decimal(0))
        block.computed.extend((total, Decimal(len(numbers)), total - value.number))
        if total != value.number:
            told = f"「{item.row.name}」の{METRIC_NAMES[value.metric]}は、細事業の合計と一致していません。"
            evidence.warnings.append(told)
        same = "一致します" if total == value.number else f"差は{number_text(total - value.number, 'yen')}です"
        block.notes.append(
            f"細事業{len(numbers)}件の{METRIC_NAMES[value.metric]}を合計すると{number_text(total, 'yen')}で、"
            f"事業の{METRIC_NAMES[value.metric]}{value}と{same}（計算値）。"
        )

    def _total_without(self, plan: Plan, metrics: tuple[Metric, ...]) -> Evidence | None:
        """「Aの決算額からBを除くといくら」, A and B being printed totals; None where they are not, or A is several."""
        if len({*plan.pillars, *plan.categories} - {*plan.excluded}) > 1:
            return None
        whole = self._total_rows(replace(plan, excluded=()))
        of_parts = replace(plan, excluded=(), pillars=(), categories=plan.excluded)
        parts = self._total_rows(of_parts)
        held = {id(r) for r in self.rows(replace(plan, excluded=()), ["project"])}
        if held and any(id(r) not in held for r in self.rows(of_parts, ["project"])):
            # 「自主企画事業費（統合事業費は含めない）」: what is no part of it is not taken off it.
            return None
        evidence = Evidence(description="資料に印字された合計の差")
        for group in self._groups(whole):
            inside = [r for r in parts if r.group == group[0].group]
            values = [(r, self._values(r, metrics[:1])) for r in (*group[:1], *inside)]
            if len(inside) != len(plan.excluded) or any(not v for _, v in values):
                continue
            block = Block(group[0], block_title(group[0]))
            block.items = [Item(r, v) for r, v in values]
            if any(v[0].number % 1000 for _, v in values):
                # Amounts to the yen are not mixed with amounts in thousands.
                values = [(r, (self._to_the_yen(v[0]),)) for r, v in values]
                block.items = [Item(r, v) for r, v in values]
            first, *others = (v[0] for _, v in values)
            block.result, block.unit = first.number - sum((v.number for v in others), Decimal(0)), first.unit
            block.formula = " − ".join(str(v) for v in (first, *others))
            block.considered = len(block.items)
            evidence.blocks.append(block)
        evidence.operation = "sum"
        return evidence if evidence.blocks else None

    def _to_the_yen(self, value: Value) -> Value:
        held = value.figure
        if held is None or held.unit != "yen" or held.value % 1000:
            return value
        fold = vocabulary().fold
        for figure in self.ledger.library.figures:
            same = (figure.document_id, figure.fiscal_year, figure.metric, figure.project_id) == (
                held.document_id,
                held.fiscal_year,
                held.metric,
                held.project_id,
            )
            near = figure.value % 1000 != 0 and abs(figure.value - held.value) < 1000
            if same and near and fold(figure.section or "") == fold(held.section or ""):
                return Value(figure.metric, figure.value, figure.unit, figure, (figure,), None)
        return value

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

    def _share(self, plan: Plan) -> Evidence:
        """What part of a whole: the whole is what stands before 「に占める」, a sub-project's project, or all rows."""
        evidence = Evidence()
        amounts = [m for m in plan.metrics if m != "execution_rate"] or ["budget"]
        # 「予算額上位10事業の決算額の合計は全体の何%」: the first metric picks, the last is asked for.
        picked = bool(plan.positions or plan.limit) or plan.level_named
        picks = picked and plan.descending is not None and not plan.subjects
        metric: Metric = amounts[-1] if picks else amounts[0]
        if plan.metrics == ("difference",) and not plan.whole:
            return self._share_left(plan)
        own = {"department": plan.departments, "pillar": plan.pillars, "category": plan.categories}
        if plan.group_by in own and not (plan.subjects or own[plan.group_by]):
            # 「課別の予算の構成比」
            return self._rank_groups(plan, metric, plan.descending is not False)
        rest = self._share_without(plan, metric) if plan.excluded and plan.whole and not plan.subjects else None
        if rest is not None:
            return rest
        if len(plan.subjects) == 1 and set(plan.whole) <= {*plan.subjects[0].names, *plan.subjects[0].kin}:
            # 「Bは、親事業の予算のうちどれほど」: B's own project is the whole.
            plan = replace(plan, whole=())
        if picks and plan.of_scope and not plan.whole:
            # 「自主企画事業費で、上位3事業が占める割合」: of that scope.
            plan = replace(plan, whole=(*plan.categories, *plan.pillars, *plan.departments))
            scoped: Plan | None = plan
        else:
            scoped = None
        free = replace(plan, subjects=(), departments=(), pillars=(), categories=(), topics=())
        # 「総務課が単独で担当する事業は、地域の力の柱の何%」: that only bounds the part.
        free = replace(free, solely=False, jointly=False, name_holds=(), parts=())
        part_plan = replace(
            plan,
            subjects=tuple(m for m in plan.subjects if not set(m.names) & set(plan.whole)),
            departments=tuple(d for d in plan.departments if d not in plan.whole),
            pillars=tuple(p for p in plan.pillars if p not in plan.whole),
            categories=tuple(c for c in plan.categories if c not in plan.whole),
        )
        outer = self._outer_of(part_plan) if len(part_plan.subjects) == 2 else None
        if outer is not None:
            # 「Aの予算の何%がB」, B being a part of A.
            return self._share(replace(plan, whole=outer.names))
        together = plan.whole and (plan.summed or _TOGETHER.search(plan.question))
        if len(part_plan.subjects) > 1 and not together:
            compared = self._compare(replace(plan, operation="compare"))
            compared.operation = "compare"
            return compared
        if part_plan.subjects:
            # 「AとBを合わせた割合」: the rows of all of them.
            parts = each_once([r for m in part_plan.subjects for r in self._subject_rows(m, part_plan)])
            # 「Aの決算のうち、Bは何%」: of the parts called B that of A.
            parts = [r for r in parts if r.parent and r.parent.name in plan.whole] or parts
        else:
            one = len({*part_plan.pillars, *part_plan.categories}) == 1
            parts = self._total_rows(part_plan) if (one and plan.whole) or not part_plan.pillars else []
            parts = [r for r in parts if self._values(r, (metric,))] or self.rows(part_plan, ["project"])
            if scoped is not None:
                parts = self.rows(scoped, ["project"])
            elif part_plan.topics:
                # 「国費の割合」: what no row is named by is no part of anything.
                parts = self._scoped_rows(part_plan)
            # 「総務課の予算は自主企画事業費の何%」: only what is inside the whole is a part of it.
            inside = {id(r) for r in parts if any(is_under(n, plan.whole) for n in (r.category, r.pillar))}
            parts = [r for r in parts if r.level == "section" or not inside or id(r) in inside]
        for group in self._groups(parts):
            part_values = [(r, v[0]) for r in group if (v := self._values(r, (metric,)))]
            if not part_values:
                continue
            first = group[0]
            whole_rows, whole_name = self._whole_of(plan, free, [r for r, _ in part_values])
            whole_values = [(r, v[0]) for r in whole_rows if (v := self._values(r, (metric,)))]
            whole = sum((v.number for _, v in whole_values), Decimal(0))
            if not whole:
                continue
            block = Block(first, block_title(first))
            if picks:
                part_values = self._leading(plan, part_values, metric, block)
            part = sum((v.number for _, v in part_values), Decimal(0))
            block.items = [Item(r, (v,)) for r, v in part_values]
            if len(whole_values) == 1:
                block.wholes.extend(whole_values[0][1].figures)
            block.considered = len(whole_values)
            # One printed in thousands may be beyond one printed to the yen.
            if part - whole >= _THOUSAND:
                told = "全体より部分が大きくなるため、割合を答えられません。何に占める何の割合かを書き分けてください。"
                return Evidence("not_found", "no_figure", told, final=True)
            block.result, block.unit = round_rate(part * 100 / whole), "percent"
            block.computed.extend((part, whole, Decimal(len(part_values))))
            name = METRIC_NAMES[part_values[0][1].metric]
            block.formula = f"{number_text(part, 'yen')} ÷ {whole_name}の{name} {number_text(whole, 'yen')} × 100"
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}に占める割合"
        return evidence

    def _share_without(self, plan: Plan, metric: Metric) -> Evidence | None:
        """「区づくり推進費のうち自主企画事業費以外の割合」: what the printed whole leaves without that printed part."""
        if plan.departments or plan.topics or {*plan.pillars, *plan.categories} - {*plan.whole}:
            return None
        evidence = self._total_without(plan, (metric,))
        if evidence is None:
            return None
        for block in evidence.blocks:
            whole, left = block.items[0].values[0], block.result or Decimal(0)
            block.computed.append(left)
            block.formula = f"({block.formula}) ÷ {whole} × 100"
            block.result, block.unit = round_rate(left * 100 / whole.number), "percent"
            rest = f"「{'」「'.join(plan.whole)}」のうち「{'」「'.join(plan.excluded)}」以外"
            block.headline = f"{rest}の割合は{block.result}%です（{block.formula}、計算値）。"
        evidence.operation = "share"
        return evidence

    def _outer_of(self, plan: Plan) -> NameMatch | None:
        """Of two names the one whose project holds the other as its sub-project."""
        for outer, inner in (plan.subjects, plan.subjects[::-1]):
            rows = self._subject_rows(inner, plan)
            if rows and all(r.parent and r.parent.name in (*outer.names, *outer.kin) for r in rows):
                return outer
        return None

    def _share_left(self, plan: Plan) -> Evidence:
        """「残ったのは予算の何%」: what was left of each row's own budget."""
        evidence = Evidence(description="予算額に対する差引の割合")
        rows = (
            [r for m in plan.subjects for r in self._subject_rows(m, plan)]
            if plan.subjects
            else self._scoped_rows(plan)
        )
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            pairs = [(r, v) for r in group if len(v := self._values(r, ("difference", "budget"))) == 2]
            left, budget = (sum((v[i].number for _, v in pairs), Decimal(0)) for i in (0, 1))
            if not budget:
                continue
            block.items = [Item(r, v) for r, v in pairs]
            block.considered = len(pairs)
            block.result, block.unit = round_rate(left * 100 / budget), "percent"
            block.computed.extend((left, budget))
            block.formula = f"差引 {number_text(left, 'yen')} ÷ 予算額 {number_text(budget, 'yen')} × 100"
            evidence.blocks.append(block)
        return evidence

    def _whole_of(self, plan: Plan, free: Plan, parts: Sequence[Row]) -> tuple[list[Row], str]:
        """The rows that make the whole of a share, and what to call it."""
        part = parts[0]
        outers = {r.parent.project_id for r in parts if r.parent}
        in_group = [r for r in self.rows(free, ["project", "sub_project", "section"]) if r.group == part.group]
        if plan.whole:
            named = [r for r in in_group if r.name in plan.whole and r.figures]
            if named and named[0] is not part:
                return named[:1], f"「{named[0].name}」"
            inside = [r for r in in_group if r.level == "project" and belongs_to(r, plan.whole)]
            return inside, f"「{'・'.join(plan.whole)}」の事業{len(inside)}件"
        if part.level == "sub_project" and part.parent and len(outers) == 1:
            rows = [r for r in self.ledger.by_project[part.parent.project_id] if r.fiscal_year == part.fiscal_year]
            return rows, f"「{part.parent.name}」"
        if part.level == "section":
            totals = [r for r in in_group if r.level == "section" and "budget" in r.figures and r is not part]
            totals.sort(key=lambda r: -r.figures["budget"].value)
            return totals[:1], f"「{totals[0].name}」" if totals else ""
        rows = [r for r in in_group if r.level == "project"]
        return rows, f"事業全体（{len(rows)}件）"


def _without_extreme(pairs: list[tuple[Row, Value]], greatest: bool, block: Block) -> list[tuple[Row, Value]]:
    """What is left without the greatest or the least; several that tie for it all stay out."""
    if not pairs:
        return []
    values = [value.number for _, value in pairs]
    edge = max(values) if greatest else min(values)
    for row, value in pairs:
        if value.number == edge:
            block.excluded.append(Exclusion(row.name, f"{'最大' if greatest else '最小'}のもの"))
    return [pair for pair in pairs if pair[1].number != edge]
