"""Departments, pillars and categories by what their rows add up to, or by the mean of their rows, put in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from answer.changes import Changes
from answer.evidence import Block, Evidence, Item, block_title
from answer.grouping import tell_outside_groups
from answer.hierarchy import is_under
from answer.ledger import Row
from answer.refusals import Refusals
from answer.types import COMPARE, Condition, Plan
from answer.values import METRIC_NAMES, Value, number_text, round_rate
from records import Metric

_GROUPS = {"department": "課", "pillar": "柱", "category": "区分"}


@dataclass(frozen=True, slots=True)
class _Group:
    """One group: what orders it, what its rows come to, the rows, its printed total, and of what its share is asked."""

    name: str
    leading: Decimal
    total: Decimal
    values: tuple[tuple[Row, Value], ...]
    printed: Value | None
    share_of: Decimal | None = None


class GroupRanks(Changes, Refusals):
    """Answers that put groups of rows in order."""

    def _rank_groups(self, plan: Plan, metric: Metric, descending: bool, bounds: Sequence[Condition] = ()) -> Evidence:
        """Which department, pillar or category has the most: sums or means by group, then ranked; with bounds, those
        within them.
        """
        evidence = Evidence()
        asked_of = {*plan.departments, *plan.pillars, *plan.categories}
        everywhere = replace(plan, departments=(), pillars=(), categories=()) if plan.asks_position else plan
        for group in self._groups(self._scoped_rows(everywhere)):
            conditions, told, numbers = self._settled_conditions(plan, group)
            block = Block(group[0], block_title(group[0]), notes=told, computed=numbers)
            group = [row for row in group if self._fits(row, conditions)]
            ranked = self._groups_in_order(plan, group, metric, descending)
            if not ranked:
                continue
            block.considered = sum(len(g.values) for g in ranked)
            number = len(ranked)
            ranked = [g for g in ranked if all(COMPARE[c.comparator](g.leading, c.value) for c in bounds)]
            if not ranked:
                block.headline = f"・当てはまるものはありません（{number}件を確認）。"
                block.computed.append(Decimal(number))
                evidence.blocks.append(block)
                continue
            chosen: list[_Group] = []
            if plan.asks_position:
                self._tell_places(plan, block, ranked, asked_of, descending, metric)
            else:
                if plan.operation == "share":
                    ranked = self._with_shares(plan, group, ranked, metric)
                chosen = _chosen(plan, ranked)
                block.groups = tuple(g.name for g in chosen)
                block.headline = "\n".join(f"・{self._group_line(plan, g, metric, block)}" for g in chosen)
                block.result, block.unit = chosen[0].leading, "percent" if metric == "execution_rate" else "yen"
            if bounds:
                block.result, block.unit = Decimal(len(ranked)), "件"
            elif plan.summed and plan.limit and len(chosen) > 1 and metric != "execution_rate":
                self._tell_together(plan, block, chosen)
            elif plan.gap and len(chosen) > 1:
                self._tell_gap_of_groups(block, chosen, metric)
            if plan.group_by == "department" and any(len(r.departments) > 1 for r in group):
                block.notes.append("複数の課が担当する事業は、それぞれの課に数えています。")
            if not bounds:
                tell_outside_groups(block, group, plan.group_by or "department")
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}の{'平均' if plan.operation == 'mean' else '合計'}"
        return evidence

    def _first_in_each(self, plan: Plan, metric: Metric, descending: bool) -> Evidence:
        """「課ごとに一番予算の大きい事業」: the first rows of every department, pillar or category, ties told too."""
        by = plan.group_by or "department"
        order = ("高い" if descending else "低い") if metric == "execution_rate" else "多い" if descending else "少ない"
        evidence = Evidence(description=f"{_GROUPS.get(by, '区分')}ごとの{METRIC_NAMES[metric]}の{order}もの")
        for group in self._groups(self._scoped_rows(plan)):
            conditions, told, numbers = self._settled_conditions(plan, group)
            block = Block(group[0], block_title(group[0]), notes=told, computed=numbers)
            rows = [row for row in group if self._fits(row, conditions)]
            lines = []
            for name, pairs in self._by_key(rows, by, metric).items():
                pairs.sort(key=lambda pair: pair[1].number, reverse=descending)
                last = pairs[min(plan.limit or 1, len(pairs)) - 1][1].number
                first = [(r, v) for r, v in pairs if (v.number >= last if descending else v.number <= last)]
                block.items.extend(Item(row, (value,)) for row, value in first)
                rows_told = "、".join(f"{row.name} {METRIC_NAMES[value.metric]} {value}" for row, value in first)
                lines.append(f"・{name}: {rows_told}")
            if not lines:
                continue
            block.considered = len(rows)
            block.headline = "\n".join(lines)
            if by == "department":
                block.notes.append("複数の課が担当する事業は、それぞれの課に数えています。")
            tell_outside_groups(block, rows, by)
            evidence.blocks.append(block)
        return evidence

    def _columns_of_groups(self, plan: Plan, metrics: Sequence[Metric]) -> Evidence:
        """What the groups come to in each of several columns, those of one year and phase together."""
        each = [self._rank_groups(plan, metric, plan.descending is not False) for metric in metrics]
        evidence = each[0]
        held = {block.row.group: block for block in evidence.blocks}
        for other in each[1:]:
            for block in other.blocks:
                first = held.setdefault(block.row.group, block)
                if first is block:
                    evidence.blocks.append(block)
                    continue
                first.headline += f"\n{block.headline}"
                first.items += block.items
                first.computed += block.computed
                first.notes += [note for note in block.notes if note not in first.notes]
        told = "・".join(METRIC_NAMES[metric] for metric in metrics)
        evidence.description = f"{told}の{'平均' if plan.operation == 'mean' else '合計'}"
        return evidence

    def _groups_in_order(self, plan: Plan, rows: Sequence[Row], metric: Metric, descending: bool) -> list[_Group]:
        """The groups of rows of one year and phase, by their printed total, else by what their rows come to; of groups
        that are named those alone.
        """
        by = plan.group_by or "department"
        named = {"department": plan.departments, "pillar": plan.pillars, "category": plan.categories}.get(by, ())
        of_mean = plan.operation == "mean"
        if of_mean:
            totals = {
                name: (sum((v.number for _, v in pairs), Decimal(0)), pairs)
                for name, pairs in self._by_key(rows, by, metric).items()
            }
            printed: dict[str, Value] = {}
        else:
            totals = self._sums_by(rows, by, metric)
            by_total = by in ("pillar", "category") and not _is_part(plan) and bool(totals)
            printed = self._printed_by_name(rows[0], metric) if by_total else {}
        if by == "category":
            # A category such as 統合事務費 has a printed total and no projects.
            totals |= {name: (value.number, []) for name, value in printed.items() if name not in totals}
        found = []
        for name, (total, pairs) in totals.items():
            if named and not plan.asks_position and not is_under(name, named):
                continue
            leading = printed[name].number if name in printed else total
            leading = _mean(total, len(pairs), metric) if of_mean else leading
            found.append(_Group(name, leading, total, tuple(pairs), printed.get(name)))
        return sorted(found, key=lambda g: g.leading, reverse=descending)

    def _with_shares(self, plan: Plan, rows: Sequence[Row], ranked: Sequence[_Group], metric: Metric) -> list[_Group]:
        """The groups with what their shares are of: of pillars what they come to together, of departments all rows of
        a department, each once.
        """
        if plan.group_by == "department":
            held = [v[0].number for r in rows if r.departments and (v := self._values(r, (metric,)))]
            whole = sum(held, Decimal(0))
        else:
            whole = sum((g.leading for g in ranked), Decimal(0))
        return [replace(g, share_of=whole) for g in ranked] if whole else list(ranked)

    def _share_told(self, group: _Group, block: Block) -> str:
        """「42.4%（59,146千円 ÷ 139,486千円 × 100、計算値）」"""
        whole = group.share_of or Decimal(1)
        share = round_rate(group.leading * 100 / whole)
        block.computed.extend((share, whole))
        part = group.printed or number_text(group.leading, "yen")
        return f"{share}%（{part} ÷ {number_text(whole, 'yen')} × 100、計算値）"

    def _tell_places(
        self, plan: Plan, block: Block, ranked: Sequence[_Group], asked_of: set[str], descending: bool, metric: Metric
    ) -> None:
        """At which place of the order the groups asked for stand; equal ones share a place."""
        lines = []
        word = _GROUPS.get(plan.group_by or "", "区分")
        low = "低い" if metric == "execution_rate" else "少ない"
        high = "高い" if metric == "execution_rate" else "多い"
        for group in ranked:
            if group.name not in asked_of:
                continue
            place = 1 + sum(
                1 for g in ranked if (g.leading > group.leading if descending else g.leading < group.leading)
            )
            block.result, block.unit = Decimal(place), "位"
            block.computed.extend((Decimal(place), Decimal(len(ranked))))
            told = self._group_line(plan, group, metric, block)
            lines.append(f"・{told}: {high if descending else low}方から{place}位（{len(ranked)}{word}中）")
        block.headline = "\n".join(lines) or f"・当てはまる{word}はありません。"

    def _tell_together(self, plan: Plan, block: Block, groups: Sequence[_Group]) -> None:
        """What the first few groups come to together, a row of several of them counted once; and their share."""
        rows = {id(row): value.number for g in groups for row, value in g.values}
        total = sum(rows.values(), Decimal(0)) if rows else sum((g.leading for g in groups), Decimal(0))
        block.result, block.unit = total, "yen"
        block.computed.extend((total, Decimal(len(rows)), Decimal(len(groups))))
        counted = f"、重なりを除いた{len(rows)}件の合計" if rows else ""
        told = f"{len(groups)}つを合わせると{number_text(total, 'yen')}です（計算値{counted}）。"
        whole = groups[0].share_of
        if plan.operation == "share" and whole:
            block.result, block.unit = round_rate(total * 100 / whole), "percent"
            block.formula = f"{number_text(total, 'yen')} ÷ {number_text(whole, 'yen')} × 100"
            block.computed.append(block.result)
            told += f"全体に占める割合は{block.result}%です（{block.formula}、計算値）。"
        block.notes.append(told)

    def _tell_gap_of_groups(self, block: Block, ranked: Sequence[_Group], metric: Metric) -> None:
        """The difference between the first and the last of the groups told."""
        low, high = sorted((ranked[0].leading, ranked[-1].leading))
        rate = metric == "execution_rate"
        block.result, block.unit = high - low, "point" if rate else "yen"
        a, b = (f"{n}%" if rate else number_text(n, "yen") for n in (high, low))
        block.formula = f"{a} − {b}"
        block.computed.append(block.result)
        gap = f"{block.result}ポイント" if rate else number_text(block.result, "yen")
        block.notes.append(f"差は{gap}です（{block.formula}、計算値）。")

    def _printed_by_name(self, row: Row, metric: Metric) -> dict[str, Value]:
        """What one part of a document prints as the totals of its pillars and categories."""
        rows = [r for r in self.ledger.rows if r.level == "section" and r.group == row.group]
        names = {r.pillar for r in self.ledger.rows} | {r.category for r in self.ledger.rows}
        names |= {r.name for r in rows if r.project is None}
        found: dict[str, Value] = {}
        for candidate in rows:
            values = self._values(candidate, (metric,))
            if values and candidate.name in names:
                found.setdefault(candidate.name, values[0])
        return found

    def _group_line(self, plan: Plan, group: _Group, metric: Metric, block: Block) -> str:
        """One group of an order: its printed total where there is one, beside what its rows add up to."""
        count = len(group.values)
        block.computed.extend((group.total, Decimal(count), group.leading))
        if group.printed is not None:
            owner = next(
                r for r in self.ledger.rows if r.group == block.row.group and group.printed.figure in r.figures.values()
            )
            block.items.append(Item(owner, (group.printed,)))
            same = group.printed.number == group.total or group.printed.unit == "percent" or not group.values
            if group.share_of is not None:
                return f"{group.name} {self._share_told(group, block)}"
            beside = "" if same else f"、事業{count}件を合計すると{number_text(group.total, 'yen')}"
            printed = METRIC_NAMES[group.printed.metric]
            return f"{group.name} {group.printed}（資料に印字された{printed}{beside}）"
        block.items.extend(Item(row, (value,)) for row, value in group.values)
        if group.share_of is not None:
            return f"{group.name} {self._share_told(group, block)}"
        if plan.operation == "mean" and metric == "execution_rate":
            return f"{group.name} 平均{group.leading}%（{count}件の執行率の単純平均、計算値）"
        if plan.operation == "mean":
            mean = number_text(group.leading, "yen")
            whole = f"{METRIC_NAMES[metric]}{number_text(group.total, 'yen')}"
            return f"{group.name} 平均{mean}（{whole} ÷ {count}件、計算値）"
        if metric != "execution_rate":
            return f"{group.name} {number_text(group.total, 'yen')}（{count}件の{METRIC_NAMES[metric]}の合計）"
        return f"{group.name} 執行率 {group.total}%（決算額・執行額の合計 ÷ 予算額の合計 × 100）"

    def _sums_by(
        self, rows: Sequence[Row], by: str, metric: Metric
    ) -> dict[str, tuple[Decimal, list[tuple[Row, Value]]]]:
        sums = self._by_key(rows, by, "budget" if metric == "execution_rate" else metric)
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


def _is_part(plan: Plan) -> bool:
    """Whether a plan means only some of a pillar's rows, of which its printed total tells nothing."""
    named = plan.conditions or plan.departments or plan.subjects or plan.topics or plan.name_holds or plan.parts
    return bool(named or plan.excluded or plan.solely or plan.jointly or plan.level == "sub_project")


def _mean(total: Decimal, count: int, metric: Metric) -> Decimal:
    mean = total / count
    return round_rate(mean) if metric == "execution_rate" else mean.quantize(Decimal(1))


def _chosen(plan: Plan, ranked: Sequence[_Group]) -> list[_Group]:
    """The groups at the places asked for, each with those that tie with it; all where no place is."""
    if plan.positions:
        wanted = {ranked[p - 1].leading for p in plan.positions if p <= len(ranked)}
        return [g for g in ranked if g.leading in wanted] or list(ranked)
    ends = 1 if plan.operation == "rank" and not plan.ordered else len(ranked)
    limit = min(plan.limit or ends, len(ranked))
    chosen = [g for n, g in enumerate(ranked) if n < limit or g.leading == ranked[limit - 1].leading]
    if plan.both_ends:
        chosen += [g for g in ranked if g.leading == ranked[-1].leading and g not in chosen]
    return chosen
