"""Plan -> Evidence: filters, ranks, adds, counts; every number is a figure or a declared computation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from answer.account_plans import in_book
from answer.budgets import Budgets
from answer.department_moves import DepartmentMoves
from answer.evidence import Block, Evidence, Item, at_positions, block_title, top
from answer.indicators import Indicators
from answer.ledger import Row
from answer.row_counts import RowCounts
from answer.segments import noun_terms
from answer.selection import bare_name, unique_rows
from answer.types import POINTERS, WITHOUT_UNIT, Exclusion, NameMatch, Plan
from answer.values import Value, name_of, number_text, why_missing
from answer.vocabulary import vocabulary
from answer.wording import conditions_text, metric_name
from ingest.eras import fiscal_year_label, fiscal_years_label
from records import Figure, Metric

# What is told of each row by itself, so that a row without it is missing.
_OF_EACH_ROW = frozenset(("lookup", "sum", "mean", "change"))
_SEVERAL = 2
_IN_YEN = re.compile(r"(?<![千万億])円単位|円まで(?:知|教|の額|正確)|円の位")


class Computer(Budgets, Indicators, RowCounts, DepartmentMoves):
    """Executes plans over one ledger."""

    def run(self, plan: Plan) -> Evidence:
        """The evidence for a plan; its status says what is missing where nothing answers."""
        sides = self.sides_of(plan)
        if len(sides) > 1:
            return self.of_each_side([self.run(replace(plan, sides=(side,))) for side in sides])
        if plan.level == "entry" and len(plan.labels) > 1 and not plan.subjects:
            return self.of_each_side([self.run(replace(plan, labels=(label,))) for label in plan.labels])
        evidence = self._run(plan)
        if in_book(plan) or plan.level == "entry":
            self.tell_sides(evidence)
        if in_book(plan) and plan.operation == "sum":
            self.tell_nested(evidence)
        return evidence

    def _run(self, plan: Plan) -> Evidence:
        """The evidence for a plan over rows of one kind."""
        missing = self.missing_documents(plan)
        if missing is not None:
            return missing
        if plan.unclear in POINTERS:
            told = f"「{plan.unclear}」が何を指すのか分かりません。事業や課の名前を入れて質問してください。"
            return Evidence("ambiguous", "ambiguous", told, final=True)
        if plan.unclear:
            told = f"「{plan.unclear}」を含む条件は計算できないため、答えを控えました。条件を分けて質問してください。"
            if plan.unclear == WITHOUT_UNIT:
                told = "金額の条件に単位（円など）がありません。単位を付けて質問してください。"
            if plan.unclear.endswith("事業") and len(plan.subjects) >= 2:
                found = "」「".join(m.names[0] for m in plan.subjects)
                told = (
                    f"「{plan.unclear}」のうち読み取れた名前は「{found}」です。名前を一つずつ書いて質問してください。"
                )
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
            "change": self._department_moves if plan.departments_moved else self._change,
            "new": self._turnover,
            "vanished": self._turnover,
            "breakdown": self._breakdown,
            "departments": self._departments,
            "pillars": self._pillars,
            "list": self._list,
            "indicators": self._indicators,
            "holdings": self._holdings,
        }
        if plan.among is not None:
            picked = self.run(plan.among)
            if not any(block.items for block in picked.blocks):
                picked.operation = plan.among.operation
                return picked
            if plan.among.operation == "filter" and len(picked.blocks) > 1:
                # Each year's own rows: one that is within the bounds in one year may be beyond them in another.
                of_years = [_only(plan, replace(picked, blocks=[b])) for b in picked.blocks if b.items]
                return _joined([run[plan.operation](p) for p in of_years])
            plan = _only(plan, picked)
        evidence = self.of_book(plan) if in_book(plan) or plan.level == "entry" else None
        evidence = evidence or run[plan.operation](plan)
        if plan.among is not None:
            evidence.notes.extend(picked.notes)
        alone = plan.operation == "breakdown" or (plan.operation == "compare" and len(plan.subjects) == 1)
        if alone and plan.subjects and not evidence.blocks:
            # 「災害時医療事業という細事業の決算額」: itself a part; 「二つの旭区の防災の予算を比べて」: many names.
            evidence = self._lookup(plan)
            evidence.operation = "lookup"
        if evidence.status == "answered" and not evidence.blocks and not evidence.message:
            evidence = self._nothing(plan)
        elif evidence.status == "answered":
            shown = [row for b in evidence.blocks for row in [b.row, *(i.row for i in b.items)]]
            self._tell_names(plan, shown, evidence)
            self._tell_both_levels(plan, evidence)
            self._tell_missing_years(plan, evidence)
            self._tell_missing_rows(plan, evidence)
            self._tell_namesakes(plan, evidence)
        return evidence

    def _tell_both_levels(self, plan: Plan, evidence: Evidence) -> None:
        """Rows of a bundle (統合事業費) are projects and parts at once: counted as 細事業 too, and said so."""
        if plan.level != "sub_project" or plan.subjects:
            return
        both = [i.row for b in evidence.blocks for i in b.items if i.row.level == "project" and i.row.parent]
        for outer in dict.fromkeys(row.parent.name for row in both if row.parent):
            evidence.notes.append(f"事業の一覧にも載る「{outer}」の内訳を、細事業にも数えています。")

    def _tell_missing_rows(self, plan: Plan, evidence: Evidence) -> None:
        """Which of the rows told before the year asked for does not have."""
        told = [m for m in plan.subjects if m.how == "previous"]
        if plan.operation not in _OF_EACH_ROW or not told or len(plan.years) != 1 or plan.positions or plan.limit:
            return
        fold = vocabulary().fold
        shown = {fold(bare_name(i.row.name)) for b in evidence.blocks for i in b.items}
        shown |= {fold(bare_name(e.project)) for b in evidence.blocks for e in b.excluded}
        missing = [name for m in told for name in m.names if fold(bare_name(name)) not in shown]
        if plan.operation == "lookup":
            # The reasons are told of one project alone.
            for exclusion in dict.fromkeys(e for b in evidence.blocks for e in b.excluded):
                evidence.notes.append(f"答えられないもの: {exclusion.project}（{exclusion.why}）。")
        if missing and shown:
            evidence.notes.append(f"{fiscal_year_label(plan.years[0])}の資料に見当たらないもの: {'、'.join(missing)}。")

    def _tell_missing_years(self, plan: Plan, evidence: Evidence) -> None:
        shown = {b.row.fiscal_year for b in evidence.blocks} | {
            i.row.fiscal_year for b in evidence.blocks for i in b.items
        }
        unshown = [year for year in plan.years if year not in shown]
        if evidence.blocks and plan.operation not in ("new", "vanished"):
            held = self.ledger.years_of(plan.places or self.ledger.places)
            if without := [year for year in unshown if year in held]:
                evidence.notes.append(f"{fiscal_years_label(without)}の資料には、この問いに当たる記載がありません。")
            if unheld := [year for year in unshown if year not in held]:
                evidence.notes.append(f"{fiscal_years_label(unheld)}の資料は収録していません。")
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
        if plan.labels:
            return self._labelled(plan)
        evidence = Evidence()
        bounded = tuple(dict.fromkeys(c.metric for c in plan.conditions))
        metrics = bounded or self._metrics_of(plan, ("budget", "settled", "executed", "execution_rate", "other"))
        without = self._total_without(plan, metrics) if plan.excluded and not plan.subjects else None
        if without is not None:
            return without
        if plan.subjects:
            rows = [row for match in plan.subjects for row in self._subject_rows(match, plan)]
            if plan.topics:
                rows = self._lookup_with_topics(plan, rows)
        elif plan.topics:
            topic = "」「".join(plan.topics)
            rows = self._scoped_rows(plan)
            told = f"名前に「{topic}」に当たることばのある事業を取りました。"
            if not rows:
                rows = self._rows_about(plan)
                told = f"本文に「{topic}」とある事業を取りました。"
            if not rows:
                return self._nothing(plan)
            evidence.notes.append(told)
        else:
            rows = [] if plan.level_named else self._total_rows(plan)
            if not rows and plan.metrics and (plan.level_named or plan.departments):
                rows = self._scoped_rows(plan)
            if not rows and not plan.of_scope:
                rows = self._grand_totals(plan, metrics)
            if not rows:
                summed = self._aggregate(replace(plan, operation="sum", metrics=plan.metrics or ("budget",)))
                summed.operation = "sum"
                return summed
        self._fill(evidence, rows, metrics, bool(plan.metrics))
        if not evidence.blocks and plan.metrics and not plan.topics:
            rows = self._rows_of_longer_names(plan) or rows
            self._fill(evidence, rows, metrics, True)
        if not evidence.blocks and plan.spent_loosely:
            self._fill(evidence, rows, ("budget",), True)
            if evidence.blocks:
                evidence.notes.append("使った額（決算額・執行額）の記載はないため、予算額を示しました。")
        if plan.conditions:
            self._tell_whether(plan, evidence)
        elif plan.departments and not (plan.subjects or plan.topics or plan.level_named):
            # 「地域振興課は令和4年度にいくら使ったの」
            self._tell_what_they_come_to(evidence)
        if plan.tells_departments and plan.subjects:
            # 「担当課と令和5年度の予算」
            for block in evidence.blocks:
                whose = {i.row.name: "、".join(i.row.departments) for i in block.items if i.row.departments}
                block.notes.extend(f"「{name}」の担当課は{departments}です。" for name, departments in whose.items())
                block.literals.extend(whose.values())
        if _IN_YEN.search(plan.question):
            self._show_yen(evidence)
        if plan.metrics and evidence.blocks:
            self._tell_unsettled(plan, rows, evidence)
        return evidence

    def _tell_what_they_come_to(self, evidence: Evidence) -> None:
        """Below a list of one department's rows what they come to, or of rates the rate of all of them."""
        for block in evidence.blocks:
            columns = {v.metric for i in block.items for v in i.values}
            if len(block.items) < _SEVERAL or len(columns) != 1:
                continue
            if columns == {"execution_rate"}:
                self._tell_weighted_rate(block, [(i.row, i.values[0]) for i in block.items])
            else:
                self._tell_sum_of_projects(block, [i.row for i in block.items], tuple(columns))

    def _labelled(self, plan: Plan) -> Evidence:
        """Amounts of another kind that the documents print of the projects named: 国庫支出金, トータルコスト."""
        evidence = Evidence()
        rows = [row for match in plan.subjects for row in self._subject_rows(match, replace(plan, years=(), phases=()))]
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            for row in unique_rows(group):
                told = [
                    Value("other", f.value, f.unit, f, (f,), None)
                    for f in row.others
                    if f.label in plan.labels and (not plan.years or f.fiscal_year in plan.years)
                ]
                if told:
                    block.items.append(Item(row, tuple(told)))
            if block.items:
                evidence.blocks.append(block)
        evidence.description = "・".join(plan.labels)
        return evidence

    def _rows_of_longer_names(self, plan: Plan) -> list[Row]:
        """「民生委員の活動支援の事業」の執行率: where the part of that name has no such figure, the one project whose
        name says the same words.
        """
        if len(plan.subjects) != 1 or plan.subjects[0].within:
            return []
        fold = vocabulary().fold
        terms = [t for t in noun_terms(plan.subjects[0].words) if t not in ("事業", "費")]
        rows = [r for r in self.rows(plan, ["project"]) if all(t in fold(r.name) for t in terms)]
        return rows if len(terms) >= 2 and len({fold(r.name) for r in rows}) == 1 else []

    def _show_yen(self, evidence: Evidence) -> None:
        """「円単位で」: of a figure printed in thousands here and to the yen elsewhere the print to the yen."""
        for block in evidence.blocks:
            for at, item in enumerate(block.items):
                values = tuple(self._to_the_yen(value) for value in item.values)
                block.items[at] = replace(item, values=values)

    def _tell_whether(self, plan: Plan, evidence: Evidence) -> None:
        """Whether what the question supposes of a row is so."""
        for block in evidence.blocks:
            conditions, told, numbers = self._settled_conditions(plan, [i.row for i in block.items])
            block.notes.extend(told)
            block.computed.extend(numbers)
            for item in block.items:
                holds = "当たります" if self._fits(item.row, conditions) else "当たりません"
                if all(c.comparator != "eq" for c in conditions):
                    block.notes.append(f"「{item.row.name}」は「{conditions_text(conditions)}」に{holds}。")

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

    def _with_ward(self, words: str) -> str | None:
        fold = vocabulary().fold
        wards = {fold(place.ward) for place in self.ledger.places if place.ward}
        return next(
            (
                r.name
                for r in self.ledger.rows
                if r.level == "project" and fold(r.name)[: -len(words)] in wards and fold(r.name).endswith(words)
            ),
            None,
        )

    def _tell_names(self, plan: Plan, rows: Sequence[Row], evidence: Evidence) -> None:
        for match in plan.subjects:
            taken = list(dict.fromkeys(r.name for r in rows if r.name in match.names))
            if match.how == "typo" and taken:
                evidence.notes.append(f"「{match.words}」を「{'」「'.join(taken)}」と読みました。")
            elif match.how == "meaning" and taken:
                evidence.notes.append(f"「{match.words}」に近い「{'」「'.join(taken)}」を取りました。")
            elif match.how == "name" and (longer := self._with_ward(match.words)):
                # 「広報事業」 may also mean 旭区広報事業, whose name begins with its ward's.
                evidence.notes.append(f"ほかに「{longer}」があります。")
                evidence.suggestions.append(plan.question.replace(match.words, longer, 1))
            elif match.how in ("part", "name") and len(taken) > 1:
                evidence.notes.append(f"「{match.words}」に当たるものとして「{'」「'.join(taken)}」を取りました。")

    def _rank(self, plan: Plan) -> Evidence:
        evidence = Evidence()
        metric: Metric = plan.metrics[0] if plan.metrics else plan.conditions[0].metric if plan.conditions else "budget"
        descending = plan.descending is not False
        if plan.group_by and plan.in_each_group:
            return self._first_in_each(plan, metric, descending)
        if plan.group_by:
            return self._rank_groups(plan, metric, descending)
        rows = self._scoped_rows(replace(plan, subjects=()) if plan.asks_position else plan)
        if len({*plan.pillars, *plan.categories}) > 1 and not plan.level_named:
            # 「A、B、Cのうち最も低いもの」: the totals themselves are ranked.
            rows = self._total_rows(plan) or rows
        if plan.spent_loosely and not any(self._values(row, (metric,)) for row in rows):
            # 「最もお金をかける取組」 of a plan, which tells budgets alone.
            metric = "budget"
            plan = replace(plan, metrics=("budget",))
            evidence.notes.append("使った額（決算額・執行額）の記載はないため、予算額で並べました。")
        for group in self._groups(rows):
            metric = self._metric_held(plan, group, metric)
            block = Block(group[0], block_title(group[0]))
            items = self._ranked_items(plan, group, metric, block)
            if not items:
                continue
            block.considered = len(items)
            items.sort(key=lambda i: _size(plan, i), reverse=descending)
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
            if plan.gap and len(block.items) > 1:
                self._tell_gap(block, block.items[0], block.items[-1])
            evidence.blocks.append(block)
        order = "高い" if metric == "execution_rate" else "多い"
        low = "低い" if metric == "execution_rate" else "少ない"
        evidence.description = f"{metric_name(plan, metric)}の{order if descending else low}順"
        if plan.by_size:
            evidence.description = f"予算額との差（過不足の大きさ）の{'大きい' if descending else '小さい'}順"
        return evidence

    def _ranked_items(self, plan: Plan, group: Sequence[Row], metric: Metric, block: Block) -> list[Item]:
        """The rows of a group that have the metric and keep the conditions; the others are told as left out."""
        conditions, told, numbers = self._settled_conditions(plan, group)
        block.notes.extend(told)
        block.computed.extend(numbers)
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
            told = f"{name_of(value)} {value}、{adjective}方から{place}位"
            lines.append(f"・{item.row.name}: {told}（{len(items)}件中）")
        block.headline = "\n".join(lines)

    def _tell_gap(self, block: Block, first: Item, last: Item) -> None:
        """The difference between the first and the last of the rows told of a ranking."""
        high, low = sorted((first.values[0], last.values[0]), key=lambda v: -v.number)
        block.result = high.number - low.number
        block.unit = "point" if high.unit == "percent" else high.unit
        block.formula = f"{high} − {low}"
        gap = f"{block.result}ポイント" if high.unit == "percent" else number_text(block.result, high.unit)
        block.notes.append(f"差は{gap}です（{block.formula}、計算値）。")


def _joined(found: Sequence[Evidence]) -> Evidence:
    """The evidence for each of several years as one; of years without an answer what the others say."""
    whole = next((e for e in found if e.blocks), found[0])
    whole.blocks = [block for e in found for block in e.blocks]
    whole.notes = list(dict.fromkeys(note for e in found for note in e.notes))
    return whole


def _size(plan: Plan, item: Item) -> Decimal:
    """What orders a row: its figure, or of 「予算と決算の差」 how great it is either way."""
    number = item.values[0].number
    return abs(number) if plan.by_size else number


def _only(plan: Plan, found: Evidence) -> Plan:
    """The plan over the rows found alone, in their own years; of changes the rows of the later year."""
    of_change = plan.among is not None and plan.among.operation == "change"
    rows = [
        item.row
        for block in found.blocks
        for item in block.items
        if not of_change or item.row.fiscal_year == block.row.fiscal_year
    ]
    names = tuple(dict.fromkeys(row.name for row in rows))
    in_both = plan.among is not None and plan.among.in_every_year
    years = plan.years if in_both else tuple(dict.fromkeys(row.fiscal_year for row in rows)) or plan.years
    return replace(plan, subjects=(NameMatch("", names, "previous"),), years=years)


def figures_of(blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """The figures that answer, in the answer's order, each once."""
    found: dict[str, Figure] = {}
    for block in blocks:
        for item in block.items:
            for value in item.values:
                for figure in value.figures:
                    found.setdefault(figure.figure_id, figure)
        for figure in block.wholes:
            found.setdefault(figure.figure_id, figure)
    return tuple(found.values())
