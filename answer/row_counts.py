"""Rows within bounds, and how many there are: of one scope, of each group, or of one thing set against another."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.aggregates import Aggregates
from answer.changes import in_every_year
from answer.evidence import Block, Evidence, Item, block_title
from answer.grouping import tell_outside_groups
from answer.hierarchy import is_under
from answer.ledger import Row, keys_of
from answer.lists import Lists
from answer.types import Exclusion, Place, Plan
from answer.values import METRIC_NAMES, extreme_text, round_rate, why_missing
from answer.wording import conditions_text
from ingest.eras import fiscal_year_label
from records import Metric

_KINDS = {"department": "課", "pillar": "柱", "category": "区分"}


class RowCounts(Aggregates, Lists):
    """Answers that pick rows by their figures, and that count rows."""

    def _filter(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        wanted = tuple(dict.fromkeys(c.metric for c in plan.conditions))
        if plan.group_by in ("department", "pillar", "category") and len(wanted) == 1:
            # 「差引がマイナスになった柱」: the pillars' own figures are bounded, not their projects'.
            descending = plan.conditions[0].comparator in ("gt", "ge")
            whole = replace(plan, operation="sum", conditions=())
            evidence = self._rank_groups(whole, wanted[0], descending, plan.conditions)
            evidence.operation = "sum"
            return evidence
        for group in self._groups(self._scoped_rows(plan)):
            block = self._filtered(plan, group, wanted)
            if block is not None:
                evidence.blocks.append(block)
        evidence.description = conditions_text(plan.conditions)
        if plan.in_every_year and len(evidence.blocks) > 1:
            evidence.blocks = in_every_year(evidence.blocks, plan.years)
            evidence.description += "（どの年度でも当てはまるもの）"
        return evidence

    def _filtered(self, plan: Plan, group: Sequence[Row], wanted: tuple[Metric, ...]) -> Block | None:
        """The rows of one group that the conditions hold of, the nearest to the bound last; None without figures."""
        if not any(self._values(r, (m,)) for r in group for m in wanted):
            return None
        conditions, told, numbers = self._settled_conditions(plan, group)
        if not conditions:
            return None
        block = Block(group[0], block_title(group[0]), notes=told)
        block.computed.extend(numbers)
        alternatives = len({c.alternative for c in conditions}) > 1
        fitting: list[tuple[Decimal, Item]] = []
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
                others = tuple(v for v in self._values(row, plan.beside) if v.metric not in held)
                # 「予算を超えた事業の執行率」: what a phrase bounds is not asked for by name.
                unnamed = bool(others) and held.keys().isdisjoint(plan.metrics)
                values = others if unnamed else (*held.values(), *others)
                item = Item(row, values, self._beside(row, tuple(v.metric for v in values)))
                fitting.append((next(iter(held.values())).number, item))
        descending = conditions[0].comparator in ("gt", "ge")
        block.items = [item for _, item in sorted(fitting, key=lambda pair: pair[0], reverse=descending)]
        for metric in plan.beside if fitting else ():
            if not any(self._values(item.row, (metric,)) for item in block.items):
                block.notes.append(f"{METRIC_NAMES[metric]}の記載はありません。")
        return block

    def _count(self, plan: Plan) -> Evidence:
        if plan.counted_against and plan.group_by in _KINDS and len(plan.years) > 1:
            return self._count_moves(plan)
        sides = _sides_counted(plan) if plan.counted_against else []
        return self._count_against(plan, sides) if len(sides) > 1 else self._count_alone(plan)

    def _count_alone(self, plan: Plan) -> Evidence:
        """How many rows each place, year and phase has; of each group where one is asked for."""
        evidence = (
            self._filter(replace(plan, operation="filter", group_by=None)) if plan.conditions else self._list(plan)
        )
        for block in evidence.blocks:
            block.result, block.unit = Decimal(len(block.items)), "件"
            if plan.as_share and block.considered:
                share = round_rate(Decimal(len(block.items)) * 100 / block.considered)
                block.computed.append(share)
                block.notes.append(f"{block.considered}件に占める割合は{share}%です（計算値）。")
            if plan.group_by in ("department", "pillar", "category"):
                self._count_by(plan, block)
        if plan.group_by in _KINDS and plan.metrics and not plan.conditions and plan.descending is None:
            # 「各柱の事業数と予算と決算」
            columns = self._columns_of_groups(replace(plan, operation="sum"), plan.metrics)
            for block in evidence.blocks:
                for other in (b for b in columns.blocks if b.row.group == block.row.group):
                    block.headline += f"\n{other.headline}"
                    block.extra_figures += [f for i in other.items for v in i.values for f in v.figures]
                    block.computed += other.computed
                    block.notes += [note for note in other.notes if note not in block.notes]
        return evidence

    def _count_by(self, plan: Plan, block: Block) -> None:
        """How many rows each department, pillar or category has."""
        by = plan.group_by or "department"
        counts: dict[str, int] = {}
        for item in block.items:
            row = item.row
            keys = keys_of(row, by)
            for key in keys:
                if key and (by != "department" or not plan.departments or is_under(key, plan.departments)):
                    counts[key] = counts.get(key, 0) + 1
        block.computed.extend(Decimal(n) for n in counts.values())
        in_order = sorted(counts.items(), key=lambda kv: kv[1], reverse=plan.descending is not False)
        lines = [f"・{name}: {n}件" for name, n in in_order]
        place = plan.positions[0] if len(plan.positions) == 1 else 1
        if plan.descending is not None and len(in_order) >= place:
            # 「事業の数が最も多い課はどこで、何事業」
            block.result = Decimal(in_order[place - 1][1])
            block.groups = tuple(name for name, n in in_order if n == block.result)
            few = "多い" if plan.descending else "少ない"
            which = f"{place}番目に{few}" if place > 1 else f"最も{few}"
            lines.insert(0, f"{which}のは「{'」「'.join(block.groups)}」で、{block.result}件です。")
        block.headline = "\n".join(lines)
        if by == "department":
            block.notes.append("複数の課が担当する事業は、それぞれの課に数えています。")
        if not (by == "department" and plan.departments):
            tell_outside_groups(block, [item.row for item in block.items], by)

    def _count_moves(self, plan: Plan) -> Evidence:
        """「事業数が減った課は」: how many rows each department, pillar or category has in one year and in the next."""
        by = plan.group_by or "department"
        alone = replace(plan, group_by=None, counted_against=False)
        evidence = Evidence(description=f"{_KINDS[by]}ごとの件数の増減", operation="compare")
        by_place: dict[Place, list[Block]] = {}
        for block in self._count_alone(alone).blocks:
            by_place.setdefault(block.row.place, []).append(block)
        for blocks in by_place.values():
            for earlier, later in itertools.pairwise(sorted(blocks, key=lambda b: b.row.fiscal_year)):
                counts = [Counter(k for i in b.items for k in keys_of(i.row, by) if k) for b in (earlier, later)]
                told = Block(later.row, f"{earlier.title} → {later.title}")
                told.literals.append(earlier.title)
                told.items.append(Item(earlier.row, ()))
                lines = []
                for name in sorted({*counts[0], *counts[1]}, key=lambda k: counts[1][k] - counts[0][k]):
                    old, new = counts[0][name], counts[1][name]
                    kept = {"up": new > old, "down": new < old, "same": new == old, "not_up": new <= old}
                    if plan.direction and not kept.get(plan.direction, new >= old):
                        continue
                    moved = f"{abs(new - old)}件の{'増' if new > old else '減'}" if new != old else "増減なし"
                    lines.append(f"・{name}: {old}件 → {new}件（{moved}）")
                    told.computed.extend(Decimal(n) for n in (old, new, abs(new - old)))
                    told.items += [i for b in (earlier, later) for i in b.items if name in keys_of(i.row, by)]
                told.considered = len({*counts[0], *counts[1]})
                told.headline = "\n".join(lines) or f"当てはまる{_KINDS[by]}はありません。"
                if by == "department":
                    told.notes.append("複数の課が担当する事業は、それぞれの課に数えています。")
                evidence.blocks.append(told)
        return evidence

    def _count_against(self, plan: Plan, sides: Sequence[tuple[str, Plan]]) -> Evidence:
        """「総務課と地域振興課の事業数はどちらが多い」: how many rows each side has, in each year and phase."""
        evidence = Evidence(description=f"{'細事業' if plan.level == 'sub_project' else '事業'}の件数の比較")
        by_group: dict[tuple[object, ...], list[tuple[str, Block]]] = {}
        for words, side in sides:
            for block in self._count_alone(side).blocks:
                by_group.setdefault(block.row.group, []).append((words, block))
        counted = list(by_group.values())
        if len(counted) == len(sides) and all(len(side) == 1 for side in counted):
            # Years, or places, stand in documents of their own.
            counted = [[side[0] for side in counted]]
        evidence.blocks = [_counts_side_by_side(plan, side) for side in counted if len(side) == len(sides)]
        evidence.operation = "compare"
        return evidence


def _sides_counted(plan: Plan) -> list[tuple[str, Plan]]:
    """What is set against each other, and the plan of each: parts of projects, departments, scopes, years, places."""
    if plan.level == "sub_project" and len(plan.subjects) > 1:
        return [(m.words, replace(plan, subjects=(m,))) for m in plan.subjects]
    if len(plan.departments) > 1:
        return [(name, replace(plan, departments=(name,))) for name in plan.departments]
    if len(plan.pillars) + len(plan.categories) > 1:
        of_pillars = [(name, replace(plan, pillars=(name,), categories=())) for name in plan.pillars]
        return of_pillars + [(name, replace(plan, pillars=(), categories=(name,))) for name in plan.categories]
    if len(plan.years) > 1:
        return [(fiscal_year_label(year), replace(plan, years=(year,))) for year in sorted(plan.years)]
    return [(str(place), replace(plan, places=(place,))) for place in plan.places]


def _counts_side_by_side(plan: Plan, sides: Sequence[tuple[str, Block]]) -> Block:
    """One block of the counts of several sides, with the difference of two."""
    first = sides[0][1]
    across = len({block.row.group for _, block in sides}) > 1
    told = Block(first.row, "" if across else first.title)
    counts = [(words, len(block.items)) for words, block in sides]
    told.items = [item for _, block in sides for item in block.items]
    told.considered = sum(block.considered for _, block in sides)
    told.computed = [Decimal(count) for _, count in counts]
    told.literals = [block.title for _, block in sides]
    of_bounds = f"{conditions_text(plan.conditions)}の" if plan.conditions else ""
    rows = of_bounds + ("細事業" if plan.level == "sub_project" else "事業")
    lines = [f"・{block.title if across else words}の{rows}: {len(block.items)}件" for words, block in sides]
    most = max(count for _, count in counts)
    if len(counts) == 2:
        told.result, told.unit = Decimal(abs(counts[0][1] - counts[1][1])), "件"
        told.formula = f"{most} − {min(count for _, count in counts)}"
        leader = next(words for words, count in counts if count == most)
        lines.append(f"「{leader}」の方が{told.result}件多いです。" if told.result else "同じです。")
    else:
        numbers = [(words, Decimal(count)) for words, count in counts]
        lines.append(extreme_text(numbers, plan.descending is False, "件"))
    told.headline = "\n".join(lines)
    # One row of several departments is counted with each of them.
    if len({id(item.row) for item in told.items}) < len(told.items):
        told.notes.append("複数に当たる事業は、それぞれに数えています。")
    return told
