"""What differs: projects, departments and places side by side, and one year against another."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.account_plans import in_book
from answer.evidence import Block, Evidence, Item, block_title
from answer.ledger import Row, keys_of
from answer.selection import Selection, bare_name, identity, unique_rows
from answer.types import COMPARE, ChangeBound, Condition, Exclusion, Move, Place, Plan
from answer.values import (
    METRIC_NAMES,
    Value,
    extreme_text,
    name_of,
    number_text,
    ratio_of,
    round_rate,
    times_text,
    why_missing,
)
from answer.vocabulary import vocabulary
from answer.wording import LEVEL_NAMES, metric_name
from ingest.eras import fiscal_year_label
from records import Metric

_MOVED = {
    "up": COMPARE["gt"],
    "down": COMPARE["lt"],
    "same": COMPARE["eq"],
    "not_up": COMPARE["le"],
    "not_down": COMPARE["ge"],
}
# 「予算の総額は前年度からいくら増えた」 is of the whole; 「増えた事業の増加額の合計」 of the rows that grew.
_OF_WHOLE = re.compile(
    r"(?:総額|合計額?|全体|トータル)(?:の?(?:金額|額|予算額?|規模))?[はがもで、][^。]{0,24}(?:増|減|多|少|変|伸)"
)
# 「執行率の差が一番大きい事業」: whichever way it went.
_EITHER_WAY = re.compile(
    r"(?:差|変化|変動|開き|違い|増減)(?:額|幅|率)?(?:が|の)[^、。]{0,8}(?:大き|小さ|多|激し|最大|最小)"
)
_SIZES: dict[str, str] = {"up": "増加額", "down": "減少額"}
# 「令和4年度限りの事業」「R4で終わった事業」: the year named is the last one.
_LAST_THEN = re.compile(
    r"(?:(?<![前昨])年度?|[rh]\d{1,2})(?:から|以降|より|(?:と|に)比べ|と比較|に対し|比で|限り|かぎり|を最後|(?:で|に|をもって)(?:終|打ち切)|まで)"
)
# One side of a comparison: its words, its sum, and the rows with their values.
Side = tuple[str, Decimal, list[tuple[Row, Value]]]


class Changes(Selection):
    """Comparisons and changes between years."""

    def _compare(self, plan: Plan) -> Evidence:
        """Several projects, departments, pillars or places side by side, in each year."""
        evidence = Evidence()
        metric: Metric = plan.metrics[0] if plan.metrics else "budget"
        of_places = in_book(plan) and len(plan.subjects) == 1
        if of_places:
            of_place = [(str(p), replace(plan, places=(p,))) for p in plan.places]
            sides = [(words, self._subject_rows(plan.subjects[0], one)) for words, one in of_place]
        elif plan.subjects:
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
                printed = [r for r in self._total_rows(one) if self._values(r, (metric,))]
                sides.append((name, printed or self.rows(one, ["project"])))
        else:
            sides = [
                (str(p), self.rows(replace(plan, places=(p,)), ["project"])) for p in plan.places or self.ledger.places
            ]
        by_group: dict[tuple[object, ...], list[Side]] = {}
        for words, rows in sides:
            for group in self._groups(rows):
                values = [(r, v[0]) for r in unique_rows(group) if (v := self._values(r, (metric,)))]
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
        if len(by_group) >= len(sides) > 1 and all(len(sided) == 1 for sided in by_group.values()):
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
                shown = values[0][0].name if len(values) == 1 and not of_places else words
                extra = f"（{len(values)}件の合計）" if len(values) > 1 and unit == "yen" else ""
                text = str(values[0][1]) if len(values) == 1 else number_text(total, unit)
                where = f"{block_title(values[0][0])} " if across else ""
                lines.append(f"・{where}{shown}: {name_of(values[0][1])} {text}{extra}")
                block.items.extend(Item(r, (v,)) for r, v in values)
            if len(sided) == 2:
                (left, a, lv), (right, b, rv) = sided
                left = lv[0][0].name if len(lv) == 1 and not of_places else left
                right = rv[0][0].name if len(rv) == 1 and not of_places else right
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
                if plan.times and a and b and unit == "yen":
                    lines.append(self._ratio_text(plan, sided, block))
            else:
                named = [(v[0][0].name if len(v) == 1 and not of_places else words, total) for words, total, v in sided]
                lines.append(extreme_text(named, plan.descending is False, unit))
            block.headline = "\n".join(lines)
            block.considered = len(block.items)
            evidence.blocks.append(block)
        silent = [words for words, rows in sides if not any(self._values(r, (metric,)) for r in rows)]
        if silent and evidence.blocks:
            evidence.notes.append(
                f"{'・'.join(silent)}の資料には、比べられる{METRIC_NAMES[metric]}の記載がありません。"
            )
        evidence.description = f"{metric_name(plan, metric)}の比較"
        return evidence

    def _ratio_text(self, plan: Plan, sided: Sequence[Side], block: Block) -> str:
        """「AはBの何倍」: the one that the question measures by stands before の何倍, に比べて or より."""
        named = [values[0][0].name if len(values) == 1 else words for words, _, values in sided]
        folded = vocabulary().fold(plan.question)
        base = 1
        for at, (words, _, _) in enumerate(sided):
            if re.search(rf"{re.escape(words)}(?:の予算額?|の決算額?|の執行額)?(?:に比べ|と比べ|に対し|より)", folded):
                base = at
        a, b = sided[1 - base][1], sided[base][1]
        ratio = ratio_of(a, b)
        block.computed.extend((ratio, round_rate(ratio)))
        divided = f"{number_text(a, 'yen')} ÷ {number_text(b, 'yen')}"
        # The difference is told as well.
        block.computed.append(abs(a - b))
        block.result, block.unit, block.formula = ratio, "times", divided
        return f"「{named[1 - base]}」は「{named[base]}」の{times_text(ratio)}です（{divided}、計算値）。"

    def _change(self, plan: Plan) -> Evidence:
        """The same projects in two years: their figures and the difference; for a list, those that rose or fell."""
        evidence = Evidence()
        asked: tuple[Metric, ...] = plan.metrics or ("budget",)
        years = plan.years if len(plan.years) >= 2 else ()
        # 「7月末の時点で」 says which figures of the one year named, not of the year before.
        free = replace(plan, years=years, phases=plan.phases if years else ())
        if plan.group_by in ("department", "pillar", "category") and not plan.subjects and asked[0] != "execution_rate":
            return self._change_of_groups(plan, free, asked[0])
        picks = plan.direction or _picks_rows(plan)
        of_whole = _OF_WHOLE.search(vocabulary().fold(plan.question)) and not plan.change_bounds
        named = {name for match in plan.subjects for name in match.names}
        children = self._scoped_rows(free) if named and plan.level == "sub_project" and plan.level_named else []
        # 「Aで一番増えた細事業」, A being no 細事業 itself.
        of_children = bool(children) and not any(row.name in named for row in children)
        picked = in_book(plan) and plan.level_named
        if of_children:
            rows = children
        elif plan.subjects and picked:
            rows = self._scoped_rows(free)
        elif plan.subjects:
            rows = [row for match in plan.subjects for row in self._subject_rows(match, free)]
            if all(m.how == "part" for m in plan.subjects):
                # 「農業の魅力をPRする事業」 is not whatever bears one of its words.
                beside = _topics_beside_names(plan)
                rows = [row for row in rows if all(self._mentions(row, topic) for topic in beside)]
        elif (plan.pillars or plan.categories) and (not _picks_rows(plan) or (plan.times and plan.summed)):
            rows = self._total_rows(free)
            if not rows or len({r.group for r in rows}) < 2:
                return self._change_of_sums(plan, free, asked[0])
        elif plan.departments and not _picks_rows(plan) and (plan.summed or not (plan.picks or plan.conditions)):
            return self._change_of_sums(plan, free, asked[0])
        elif plan.departments or plan.topics or plan.level_named or plan.conditions or (picks and not of_whole):
            rows = self._scoped_rows(free)
        else:
            # 「どちらの年度の予算が多い」 is of what is printed for all projects together.
            totals = [] if plan.picks else self._grand_totals(free, asked)
            rows = self._total_rows(free) or totals or self._scoped_rows(free)
        single = (bool(plan.subjects) and not (of_children or picked)) or (
            rows and rows[0].level in ("section", "total")
        )
        meant = {id(row) for row in rows}
        if not single and not of_children:
            # What a project was in the year before is looked for in the whole list: its department may be another.
            rows = self._scoped_rows(_anywhere(free))
        # Where no two years hold one of the columns, that one says why nothing can be told.
        asked = tuple(m.metric for m in plan.also_moved if not self._year_pairs(plan, rows, m.metric))[:1] or asked
        # Columns that a row must have moved in together are told together.
        for metric in asked[:1] if plan.also_moved else asked:
            for earlier, later in self._year_pairs(plan, rows, metric):
                if any(id(row) in meant for row in (*earlier, *later)):
                    self._change_block(plan, evidence, earlier, later, metric, bool(single), meant)
        if evidence.blocks and any(m in ("settled", "executed", "execution_rate", "difference") for m in asked):
            phases = {i.row.phase for b in evidence.blocks for i in b.items}
            if "interim" in phases and "settlement" in phases:
                evidence.warnings.append(
                    "年度途中（中間）の執行額と決算額を並べています。確定した額どうしの比較ではありません。"
                )
        evidence.description = f"{'・'.join(METRIC_NAMES[m] for m in asked)}の年度間の増減"
        if not evidence.blocks and len(plan.years) == 1 and rows and not self._year_before_held(rows, plan.years[0]):
            before = fiscal_year_label(plan.years[0] - 1)
            told = f"比べる前の年度（{before}）の資料は収録していません。{self.holdings_text(plan.places)}"
            return Evidence("not_found", "no_document", told, final=True)
        unsettled = asked[0] != "budget"
        if not (evidence.blocks or single or unsettled) and any(self._values(r, asked[:1]) for r in rows):
            told = f"二つの年度の{METRIC_NAMES[asked[0]]}がそろって印字された事業がないため、比べられません。"
            return Evidence("not_found", "no_figure", told + self.holdings_text(plan.places), final=True)
        if not evidence.blocks and single and not (plan.direction or plan.times):
            # Only one year holds the figure: show it rather than nothing.
            self._fill(evidence, rows, asked, True)
            if evidence.blocks:
                evidence.notes.append("比べられる別の年度の記載がありません。")
        return evidence

    def _also_moved(self, plan: Plan, old: Row, new: Row) -> list[tuple[Value, Value]] | None:
        """The other columns that a row must have moved in, with what they were; None where one did not, its own way."""
        found = []
        for move in plan.also_moved:
            before, after = self._values(old, (move.metric,)), self._values(new, (move.metric,))
            if not (before and after and _went(move, before[0].number, after[0].number)):
                return None
            found.append((before[0], after[0]))
        return found

    def _holds(self, condition: Condition, old: Row, new: Row) -> bool:
        """Whether a bound holds of a row in the year it is set for: the later one, or the one that has the figure."""
        years = [r for r in (new, old) if condition.year in (None, r.fiscal_year)]
        held = next((v for r in years if (v := self._values(r, (condition.metric,)))), ())
        return bool(held) and COMPARE[condition.comparator](held[0].number, condition.value)

    def _year_before_held(self, rows: Sequence[Row], year: int) -> bool:
        """Whether a place that has these rows in a year has any in the year before."""
        places = {row.place for row in rows if row.fiscal_year == year} or {row.place for row in rows}
        return any(row.place in places and row.fiscal_year == year - 1 for row in rows)

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
            if plan.times and sums[0]:
                block.headline += _ratio_told(plan, block, *sums)
                _bear_ratio(plan, block, *sums)
            block.considered = len(block.items)
            evidence.blocks.append(block)
        evidence.description = f"{METRIC_NAMES[metric]}の合計の増減"
        return evidence

    def _change_of_groups(self, plan: Plan, free: Plan, metric: Metric) -> Evidence:
        """「一番予算が増えた課」: what the projects of each department or pillar add up to in two years."""
        evidence = Evidence(description=f"{METRIC_NAMES[metric]}の合計の増減")
        by = plan.group_by or "department"
        for earlier, later in self._year_pairs(plan, self._scoped_rows(free), metric):
            block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
            sums = [self._by_key(rows, by, metric) for rows in (earlier, later)]
            changed = []
            common = sums[0].keys() & sums[1].keys()
            for name in common:
                a, b = (sum((v.number for _, v in side[name]), Decimal(0)) for side in sums)
                wrong_way = (plan.direction == "up" and b <= a) or (plan.direction == "down" and b >= a)
                if not wrong_way:
                    changed.append((b - a, name, a, b))
            changed.sort(key=lambda c: (_growth(c[2], c[0], plan.by_rate), c[1]), reverse=plan.direction != "down")
            block.considered = len(common)
            if plan.limit or plan.descending is not None:
                changed = changed[: plan.limit or 1]
            for change, name, a, b in changed:
                tail = f"{number_text(abs(change), 'yen')}の{'増' if change > 0 else '減'}" if change else "増減なし"
                if change and a:
                    rate = round_rate(change * 100 / a)
                    tail += f"、増減率{rate:+}%"
                    block.computed.append(rate)
                block.computed.extend((change, a, b, *(Decimal(len(side[name])) for side in sums)))
                old, new = (f"{number_text(n, 'yen')}（{len(s[name])}件）" for n, s in ((a, sums[0]), (b, sums[1])))
                block.headline += f"・{name}: {METRIC_NAMES[metric]}の合計 {old} → {new}（{tail}）\n"
                block.items.extend(Item(row, (value,)) for side in sums for row, value in side[name])
            block.headline = block.headline.rstrip()
            if changed:
                first, _, before, _ = changed[0]
                block.result, block.unit = first, "yen"
                if plan.by_rate and before:
                    block.result, block.unit = round_rate(first * 100 / before), "percent"
                evidence.blocks.append(block)
        if evidence.blocks and by == "department":
            evidence.notes.append("複数の課が担当する事業は、それぞれの課に数えています。")
        return evidence

    def _by_key(self, rows: Sequence[Row], by: str, metric: Metric) -> dict[str, list[tuple[Row, Value]]]:
        """The rows with their values by department, pillar or category."""
        found: dict[str, list[tuple[Row, Value]]] = {}
        for row in rows:
            values = self._values(row, (metric,))
            for key in keys_of(row, by) if values else ():
                if key:
                    found.setdefault(key, []).append((row, values[0]))
        return found

    def _year_pairs(self, plan: Plan, rows: Sequence[Row], metric: Metric) -> list[tuple[list[Row], list[Row]]]:
        """Neighbouring years of one place that both hold the metric; of one year named, those that hold it."""
        pairs = []
        by_place: dict[Place, list[list[Row]]] = {}
        for group in self._groups([r for r in rows if self._values(r, (_column_of(plan, r.fiscal_year, metric),))]):
            by_place.setdefault(group[0].place, []).append(group)
        for groups in by_place.values():
            for earlier, later in itertools.pairwise(groups):
                if len(plan.years) == 1 and not _meant(plan, earlier[0].fiscal_year, later[0].fiscal_year):
                    continue
                pairs.append((earlier, later))
        return pairs

    def _change_block(
        self,
        plan: Plan,
        evidence: Evidence,
        earlier: list[Row],
        later: list[Row],
        metric: Metric,
        single: bool,
        meant: set[int],
    ) -> None:
        """One pair of years: the later year's rows that are meant beside what they were."""
        of_old, of_new = (_column_of(plan, rows[0].fiscal_year, metric) for rows in (earlier, later))
        block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
        block.literals.append(block_title(earlier[0]))
        before = {identity(r): r for r in earlier}
        rows_word = LEVEL_NAMES[plan.level] if in_book(plan) else "事業"
        lines: list[tuple[Decimal, str, Item, Item]] = []
        for row in unique_rows(later):
            old = before.pop(identity(row), None)
            if id(row) not in meant:
                continue
            if old is None:
                block.excluded.append(
                    Exclusion(row.name, f"{fiscal_year_label(earlier[0].fiscal_year)}に同じ名前の{rows_word}がない")
                )
                continue
            a, b = self._values(old, (of_old,)), self._values(row, (of_new,))
            if not a or not b:
                block.excluded.append(Exclusion(row.name, why_missing(row if not b else old, metric)))
                continue
            block.considered += 1
            change = b[0].number - a[0].number
            if not (single or as_asked(plan, a[0].number, b[0].number)):
                continue
            also = self._also_moved(plan, old, row)
            if also is None or not all(self._holds(c, old, row) for c in plan.conditions):
                continue
            text = f"・{row.name}: " + "、".join(_change_told(block, *values) for values in ((a[0], b[0]), *also))
            text += _ratio_told(plan, block, a[0].number, b[0].number)
            if plan.tells_departments and row.departments:
                text += f"（{'、'.join(row.departments)}）"
            lines.append(
                (change, text, Item(old, (a[0], *(v for v, _ in also))), Item(row, (b[0], *(v for _, v in also))))
            )
        for row in (r for r in before.values() if id(r) in meant):
            block.excluded.append(
                Exclusion(row.name, f"{fiscal_year_label(later[0].fiscal_year)}に同じ名前の{rows_word}がない")
            )
        if single:
            block.excluded.clear()
        either_way = plan.direction is None and _EITHER_WAY.search(vocabulary().fold(plan.question)) is not None

        def size(line: tuple[Decimal, str, Item, Item]) -> Decimal:
            growth = _growth(line[2].values[0].number, line[0], plan.by_rate)
            return abs(growth) if either_way else growth

        lines.sort(key=size, reverse=plan.direction != "down")
        if plan.positions and not single:
            # 「増額幅が2番目に大きかった事業」
            lines = [lines[at - 1] for at in plan.positions if at <= len(lines)]
        elif plan.limit or plan.operation == "rank":
            lines = lines[: plan.limit or 1]
        elif plan.descending is not None:
            lines = lines[:1]
        for _, _, old_item, new_item in lines:
            block.items.extend((old_item, new_item))
        if not lines and single:
            return
        block.headline = "\n".join(text for _, text, _, _ in lines)
        if len(lines) == 1 and (single or plan.descending is not None or plan.limit):
            value = lines[0][2].values[0]
            block.result, block.unit = lines[0][0], "point" if value.unit == "percent" else value.unit
            block.formula = f"{lines[0][3].values[0]} − {value}"
            if plan.times and value.unit == "yen" and value.number:
                _bear_ratio(plan, block, value.number, lines[0][3].values[0].number)
            elif plan.by_rate and value.unit == "yen" and value.number:
                block.result, block.unit = round_rate(lines[0][0] * 100 / value.number), "percent"
                block.formula = f"（{block.formula}）÷ {value} × 100"
        elif not single:
            block.result, block.unit = Decimal(len(lines)), "件"
            if plan.summed and plan.direction in _SIZES and metric != "execution_rate":
                _add_up_changes(block, _SIZES[plan.direction], [change for change, _, _, _ in lines])
        evidence.blocks.append(block)

    def _turnover(self, plan: Plan) -> Evidence:
        """Projects of one year that the neighbouring year's list does not name."""
        evidence = Evidence()
        fold = vocabulary().fold
        free = replace(plan, years=plan.years if len(plan.years) >= 2 else (), phases=())
        # A project that another department or pillar took over is not gone: names are looked for in the whole list.
        # A row told before has perhaps another form of its name the year after: ＤＶ対策事業, DV対策事業.
        told_before = all(m.how == "previous" for m in plan.subjects)
        anywhere = replace(_anywhere(free), subjects=() if told_before else plan.subjects)
        groups = [g for g in self._groups(self._scoped_rows(anywhere)) if any(r.figures for r in g)]
        meant = {id(r) for r in self._scoped_rows(free)}
        if plan.topics and not meant:
            told = (
                f"「{'」「'.join(plan.topics)}」に当たる事業は、一覧に見当たりません。{self.holdings_text(plan.places)}"
            )
            return Evidence("not_found", "no_figure", told, final=True)
        for earlier, later in itertools.pairwise(groups):
            if earlier[0].place != later[0].place:
                continue
            if len(plan.years) == 1 and not _meant(plan, earlier[0].fiscal_year, later[0].fiscal_year):
                continue
            old, new = {fold(bare_name(r.name)): r for r in earlier}, {fold(bare_name(r.name)): r for r in later}
            gone = plan.operation == "vanished"
            chosen = [
                r for key, r in (old if gone else new).items() if id(r) in meant and key not in (new if gone else old)
            ]
            block = Block(later[0], f"{block_title(earlier[0])} → {block_title(later[0])}")
            block.literals.append(block_title(earlier[0]))
            block.considered = sum(id(r) in meant for r in (old if gone else new).values())
            metric: tuple[Metric, ...] = plan.metrics or ("budget",)
            block.items = [Item(r, self._values(r, metric), self._beside(r, metric)) for r in chosen]
            block.result, block.unit = Decimal(len(chosen)), "件"
            evidence.blocks.append(block)
        if not evidence.blocks and len(plan.years) == 1:
            told = f"比べる別の年度の資料がないため、答えられません。{self.holdings_text(plan.places)}"
            return Evidence("not_found", "no_document", told, final=True)
        if evidence.blocks:
            evidence.notes.append(
                "名前（括弧書きを除く）で照らし合わせています。改称や統合による見かけの増減を含むことがあります。"
            )
        evidence.description = (
            "前の年度にあって次の年度にない事業" if plan.operation == "vanished" else "次の年度に新しく現れた事業"
        )
        return evidence


def _add_up_changes(block: Block, name: str, changes: Sequence[Decimal]) -> None:
    """「予算が減った事業の減少額の合計」: the changes of all rows told, as one size."""
    block.result, block.unit = sum((abs(change) for change in changes), Decimal(0)), "yen"
    block.formula = f"{len(changes)}件の{name}の合計"
    block.computed.append(Decimal(len(changes)))
    told = f"{name}の合計は{number_text(block.result, 'yen')}です（{len(changes)}件、計算値）。"
    block.headline = "\n".join(line for line in (told, block.headline) if line)


def _anywhere(plan: Plan) -> Plan:
    """The plan without what narrows it to departments, pillars or topics."""
    free = replace(plan, departments=(), pillars=(), categories=(), topics=(), excluded=())
    return replace(free, jointly=False, solely=False, name_holds=(), parts=())


def _column_of(plan: Plan, year: int, metric: Metric) -> Metric:
    """The column asked of a year, where the question sets one year's column against another year's other column."""
    return dict(plan.columns).get(year, metric)


def _change_told(block: Block, before: Value, after: Value) -> str:
    """「予算額 526千円 → 948千円（422千円の増、増減率+80.2%）」, with what the block computes for it."""
    change = after.number - before.number
    rate = round_rate(change * 100 / before.number) if before.number else None
    block.computed.extend((change,) if rate is None else (change, rate))
    if not change:
        tail = "増減なし"
    elif before.unit == "percent":
        tail = f"{change:+}ポイント"
    else:
        rate_text = "" if rate is None else f"、増減率{rate:+}%"
        tail = f"{number_text(abs(change), 'yen')}の{'増' if change > 0 else '減'}{rate_text}"
    names = dict.fromkeys((METRIC_NAMES[before.metric], METRIC_NAMES[after.metric]))
    return f"{'→'.join(names)} {before} → {after}（{tail}）"


def _topics_beside_names(plan: Plan) -> list[str]:
    """The words that nothing accounts for in the clauses that name a project."""
    fold = vocabulary().fold
    clauses = [c for c in re.split("[、。]", fold(plan.question)) if any(fold(m.words) in c for m in plan.subjects)]
    return [topic for topic in plan.topics if any(topic in clause for clause in clauses)]


def _picks_rows(plan: Plan) -> bool:
    """Whether a change picks rows, and is not asked of what they add up to."""
    return plan.picks and bool(plan.direction or plan.change_bounds)


def _ratio_told(plan: Plan, block: Block, before: Decimal, after: Decimal) -> str:
    """「、0.5倍」, or 「、前の年度の50.0%」, where a ratio of the two years is asked for."""
    if not (plan.times and before):
        return ""
    ratio = ratio_of(after, before)
    percent = round_rate(after * 100 / before)
    block.computed.extend((percent,) if plan.in_percent else (ratio, round_rate(ratio)))
    return f"、前の年度の{percent}%" if plan.in_percent else f"、{times_text(ratio)}"


def _bear_ratio(plan: Plan, block: Block, before: Decimal, after: Decimal) -> None:
    """The ratio of the two years becomes a block's result."""
    block.formula = f"{number_text(after, 'yen')} ÷ {number_text(before, 'yen')}" + (
        " × 100" if plan.in_percent else ""
    )
    percent = (round_rate(after * 100 / before), "percent")
    block.result, block.unit = percent if plan.in_percent else (ratio_of(after, before), "times")


def _growth(before: Decimal, change: Decimal, by_rate: bool) -> Decimal:
    """What changes are ordered by: the amount, or its share of the earlier year's."""
    return change / before if by_rate and before else change


def as_asked(plan: Plan, before: Decimal, after: Decimal) -> bool:
    """Whether an amount moved the way that a plan asks for, and by as much."""
    moved = plan.direction is None or _MOVED[plan.direction](after, before)
    return moved and all(_change_within(bound, before, after) for bound in plan.change_bounds)


def _went(move: Move, before: Decimal, after: Decimal) -> bool:
    """Whether an amount moved as one of a plan's moves says."""
    return as_asked(Plan("change", direction=move.direction, change_bounds=move.bounds), before, after)


def _change_within(bound: ChangeBound, before: Decimal, after: Decimal) -> bool:
    """Whether the change from one year to the next is within a bound; sizes of falls are compared as sizes."""
    if bound.unit in ("yen", "point"):
        return COMPARE[bound.comparator](abs(after - before), bound.value)
    if not before:
        return False
    if bound.unit == "times":
        return COMPARE[bound.comparator](after / before, bound.value)
    return COMPARE[bound.comparator](abs(after - before) * 100 / before, bound.value)


def _meant(plan: Plan, earlier: int, later: int) -> bool:
    """Whether one named year means this pair: its change from the year before, or 「…から」 the change after it."""
    if plan.operation != "new" and _LAST_THEN.search(vocabulary().fold(plan.question)):
        return plan.years[0] == earlier
    return plan.years[0] == later


def in_every_year(blocks: Sequence[Block], years: Sequence[int]) -> list[Block]:
    """The blocks of the places that have every one of the years, with only those rows that all of a place's blocks
    hold, by name without its bracket.
    """
    fold = vocabulary().fold
    kept: list[Block] = []
    for place in dict.fromkeys(b.row.place for b in blocks):
        own = [b for b in blocks if b.row.place == place]
        if len(own) < 2 or not {b.row.fiscal_year for b in own} >= set(years):
            continue
        common = set.intersection(*({fold(bare_name(i.row.name)) for i in b.items} for b in own))
        for block in own:
            block.items = [i for i in block.items if fold(bare_name(i.row.name)) in common]
        kept.extend(own)
    return kept
