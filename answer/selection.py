"""Which rows a plan is about, and what they hold: the scope of every computation."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from answer.account_plans import in_book, named_rows, rows_below
from answer.accounts import BOOK_LEVELS, column_of
from answer.evidence import Block, Evidence, Item, block_title
from answer.hierarchy import is_under
from answer.ledger import Ledger, Row
from answer.segments import to_hiragana
from answer.table_entries import entries_of, unpriced_rows
from answer.types import COMPARE, Condition, Exclusion, NameMatch, PartsBound, Place, Plan, Reference
from answer.values import METRIC_NAMES, Value, number_text, round_rate, value_of, why_missing
from answer.vocabulary import vocabulary
from index.tokens import fold as in_one_form
from ingest.eras import fiscal_year_label
from records import Metric

_GENERIC_TAIL = re.compile(r"(?:対策|支援|推進|関係|関連|活動|取組|事業|分野|系)+$")
# More printed totals than this are a budget book's, not a summary table's.
_FEW_TOTALS = 10


class SettledBounds(NamedTuple):
    """The conditions of a plan with the figures that they refer to, how those figures read, and what numbers that
    tells.
    """

    conditions: tuple[Condition, ...]
    told: list[str]
    numbers: list[Decimal]


class Selection:
    """Selects rows of one ledger; the operations are built on it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._folded_texts: dict[str, tuple[str, ...]] = {}
        self._column_rows: dict[tuple[int, str], Row] = {}

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
        if plan.level == "entry":
            return self._entries(plan)
        if in_book(plan) and plan.account_columns and plan.operation != "lookup":
            return self._of_column(plan, wanted)
        # 「自主企画事業費と統合事業費の事業」, one of them called a pillar: where no row is in both, those of either.
        apart = bool(plan.pillars and plan.categories) and not self._overlap(plan)
        for row in self.ledger.rows:
            if plan.sides and row.side not in plan.sides:
                continue
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
            if plan.name_holds and not all(in_one_form(word) in in_one_form(row.name) for word in plan.name_holds):
                continue
            if plan.parts and not all(self._has_parts(row, bound) for bound in plan.parts):
                continue
            if plan.excluded and _left_out(row, plan.excluded):
                continue
            if plan.jointly and not _jointly(row, plan):
                continue
            if plan.solely and len(row.departments) != 1:
                continue
            if plan.departments and not any(is_under(d, plan.departments) for d in row.departments):
                continue
            in_category = is_under(row.category, plan.categories)
            if plan.pillars and row.pillar not in plan.pillars and not (apart and in_category):
                continue
            if plan.categories and row.level != "section" and not (in_category or apart):
                continue
            kept.append(row)
        return kept

    def _overlap(self, plan: Plan) -> bool:
        """Whether any row is of one of the pillars and of one of the categories asked for."""
        return any(is_under(r.category, plan.categories) and r.pillar in plan.pillars for r in self.ledger.rows)

    def _of_column(self, plan: Plan, levels: Container[str]) -> list[Row]:
        """The rows of a budget book with one of its other columns (一般財源) as their only figure."""
        column = plan.account_columns[0]
        rows = self.rows(replace(plan, account_columns=()), BOOK_LEVELS)
        found = []
        for row in rows:
            figure = next((f for f in row.others if column_of(f.label) == column), None)
            if row.level in levels and figure is not None:
                key = (id(row), column)
                if key not in self._column_rows:
                    self._column_rows[key] = replace(row, figures={"other": figure}, others=[])
                found.append(self._column_rows[key])
        return found

    def _entries(self, plan: Plan) -> list[Row]:
        """The rows of the tables asked for (債務負担行為), each with that table's amount as its only figure."""
        found = []
        for label in plan.labels:
            for row, figure in entries_of(self.ledger.rows, label):
                here = not plan.places or row.place in plan.places
                if not here or (plan.years and figure.fiscal_year not in plan.years) or row.name in plan.excluded:
                    continue
                key = (id(row), label)
                if key not in self._column_rows:
                    # A row of the table, whatever else it is: no part of a project.
                    alone = replace(
                        row, level="entry", figures={"other": figure}, others=[], fiscal_year=figure.fiscal_year
                    )
                    self._column_rows[key] = alone
                found.append(self._column_rows[key])
            if plan.operation in ("list", "count") and not plan.conditions:
                found += [
                    r for r in unpriced_rows(self.ledger.rows, label) if not plan.places or r.place in plan.places
                ]
        return found

    def _book_rows(self, plan: Plan) -> list[Row]:
        """The rows of a budget book that a plan is about: those named, those under them, or all of a level."""
        rows = self.rows(plan, (plan.level,))
        if plan.subjects and plan.level == "entry":
            return [row for row in rows if any(row.name in m.names for m in plan.subjects)]
        if plan.subjects:
            level = plan.level if plan.level_named else None
            named = [row for m in plan.subjects for row in named_rows(self.rows(plan, BOOK_LEVELS), m, level)]
            below = rows_below(rows, [r for m in plan.subjects for r in self._any_named(plan, m)], plan.level)
            if plan.level_named:
                # 「児童福祉費の目」, where no 目 is printed, is not the 項 itself.
                named = below or [row for row in named if row.level == plan.level]
            return each_once(named)
        if plan.asks_position and plan.whole:
            rows = [row for row in rows if set(plan.whole).intersection(row.path[:-1])]
        for topic in plan.topics:
            rows = self._named_rows(rows, topic)
        return each_once(rows)

    def _any_named(self, plan: Plan, match: NameMatch) -> list[Row]:
        """Rows of a name whether or not they hold the column asked for."""
        return named_rows(self.rows(replace(plan, account_columns=()), BOOK_LEVELS), match)

    def _has_parts(self, row: Row, bound: PartsBound) -> bool:
        """Whether a row has so many parts in its year; a row that is a part, or a sum, has none."""
        if row.level != "project":
            return False
        return COMPARE[bound.comparator](Decimal(len(self._parts_of(row))), Decimal(bound.value))

    def _parts_of(self, row: Row) -> list[Row]:
        """The rows of a project's sub-projects in its year."""
        children = self.ledger.children.get(row.project.project_id, []) if row.project else []
        return [r for c in children for r in self.ledger.by_project[c.project_id] if r.fiscal_year == row.fiscal_year]

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
        if in_book(plan) or level == "entry":
            return self._book_rows(plan)
        rows = self.rows(plan, [level])
        projects = [r for r in rows if r.project is None or r.project.kind != "measure"]
        if projects and not plan.place_words and not plan.kinds:
            rows = projects
        if plan.subjects and level == "project" and all(m.how == "previous" for m in plan.subjects):
            everything = self.rows(plan, ["project", "sub_project"])
            return each_once([r for m in plan.subjects for r in self._rows_told_before(m, everything)])
        if plan.subjects:
            there = {row.name for row in rows}
            # 「広報事業」 where the ward's list has 旭区広報事業.
            names = {n for m in plan.subjects for n in (m.names if there & {*m.names} else (*m.names, *m.kin))}
            chosen = [row for row in rows if row.name in names]
            owners = names | {n for m in plan.subjects for n in m.kin}
            children = [r for r in self.rows(plan, ["sub_project"]) if r.parent and r.parent.name in owners]
            if plan.level == "sub_project" and children:
                return children
            # 「区民まつりとジャズまつり支援事業の決算の合計」: a project and a part of another.
            found = {row.name for row in chosen}
            absent = {n for m in plan.subjects if not found & {*m.names, *m.kin} for n in (*m.names, *m.kin)}
            chosen += [r for r in self.rows(plan, ["project", "sub_project"]) if r.name in absent]
            if chosen:
                return each_once(chosen)
            return []
        for topic in plan.topics:
            named = self._named_rows(rows, topic)
            stem = _GENERIC_TAIL.sub("", topic)
            if not named and len(stem) >= 2:
                # 「虐待対策」 where the plan says 重大虐待ゼロ.
                named = self._named_rows(rows, stem)
            if not named and plan.operation == "list":
                named = [row for row in rows if self._mentions(row, topic)]
            rows = named
        return each_once(rows)

    def _named_rows(self, rows: Sequence[Row], topic: str) -> list[Row]:
        """In each place the rows whose own name holds the word, else those whose pillar's or sub-projects' names do."""
        wanted = to_hiragana(topic)
        own = [row for row in rows if wanted in to_hiragana(vocabulary().fold(row.name))]
        settled = {row.place for row in own}
        kept = {id(row) for row in own}
        return [r for r in rows if id(r) in kept or (r.place not in settled and self._names_mention(r, topic))]

    def _names_mention(self, row: Row, topic: str) -> bool:
        """Whether the row's own name, its pillar's or one of its sub-projects' names holds the word."""
        fold = vocabulary().fold
        wanted = to_hiragana(topic)
        children = self.ledger.children.get(row.project.project_id, []) if row.project else []
        names = (row.name, row.pillar or "", *(child.name for child in children))
        return any(wanted in to_hiragana(fold(name)) for name in names)

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
        if in_book(plan):
            return named_rows(self.rows(plan, BOOK_LEVELS), match, plan.level if plan.level_named else None)
        names = set(match.names)
        in_scope = self.rows(plan, levels)
        if match.how == "previous":
            return self._rows_told_before(match, in_scope)
        rows = [row for row in in_scope if row.name in names]
        held = {row.group for row in rows}
        rows += [row for row in in_scope if row.name in match.kin and row.group not in held]
        if match.within:
            rows = [r for r in rows if r.parent and r.parent.name in match.within]
        if plan.level == "sub_project" and any(r.level == "sub_project" for r in rows):
            rows = [r for r in rows if r.level == "sub_project"]
        kept: list[Row] = []
        for group in self._groups(rows):
            listed = [r for r in group if r.level == "project"]
            exact = match.how in ("name", "reading", "typo")
            kept.extend(listed or group if exact or match.how in ("part", "meaning") else group)
        return kept

    def _rows_told_before(self, match: NameMatch, rows: Sequence[Row]) -> list[Row]:
        """In each group the rows of every name of the answer before, each by itself: the project, else what bears its
        name, as another year may print it (…ＰＲ事業, …PR事業).
        """
        fold = vocabulary().fold
        kept: list[Row] = []
        for group in self._groups(rows):
            for name in match.names:
                own = [r for r in group if r.name == name]
                own = own or [r for r in group if fold(bare_name(r.name)) == fold(bare_name(name))]
                listed = [r for r in own if r.level == "project"]
                kept.extend(r for r in listed or own if r not in kept)
        return kept

    def _metrics_of(self, plan: Plan, default: tuple[Metric, ...]) -> tuple[Metric, ...]:
        return plan.metrics or default

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
        if in_book(plan):
            return self.rows(plan, ["total"])
        fold = vocabulary().fold
        pillars = {fold(r.pillar) for r in self.ledger.rows if r.pillar}
        totals = [r for r in self.rows(plan, ["section", "total"]) if len(r.path) <= 1]
        if not plan.years and plan.operation != "change":
            # A budget book prints the year before beside its own.
            totals = [r for r in totals if r.level == "section" or r.fiscal_year == r.part.fiscal_year]
        rows = [r for r in totals if self._values(r, metrics) and fold(r.name) not in pillars]
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
        if not names or plan.departments or in_book(plan):
            return []
        if plan.pillars and plan.categories and self._overlap(plan):
            # 「魅力づくりの柱の自主企画事業」: what is in both, of which no total is printed.
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
            for row in unique_rows(group):
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

    def _metric_held(self, plan: Plan, group: Sequence[Row], metric: Metric) -> Metric:
        """The metric, or where the question names none, the first amount that these rows print."""
        if plan.metrics or plan.conditions:
            return metric
        held: tuple[Metric, ...] = (metric, "settled", "executed")
        return next((m for m in held if any(m in row.figures for row in group)), metric)

    def _fits(self, row: Row, conditions: Sequence[Condition]) -> bool:
        """Whether all conditions of one alternative hold of a row; a figure that is not there holds no condition."""
        alternatives: dict[int, bool] = {}
        for condition in conditions:
            held = self._values(row, (condition.metric,))
            holds = bool(held) and COMPARE[condition.comparator](held[0].number, condition.value)
            alternatives[condition.alternative] = alternatives.get(condition.alternative, True) and holds
        return not conditions or any(alternatives.values())

    def _settled_conditions(self, plan: Plan, group: Sequence[Row]) -> SettledBounds:
        """The conditions as they stand in one group, bounds by another figure looked up there.

        A bound whose figure the group does not hold is left out of the result, so fewer come back than were given.
        """
        kept: list[Condition] = []
        told: list[str] = []
        numbers: list[Decimal] = []
        for condition in plan.conditions:
            if condition.year is not None and condition.year != group[0].fiscal_year:
                continue
            if condition.reference is None:
                kept.append(condition)
                continue
            # 「Aの執行率は平均より高い？」: one row is set against all of its scope.
            peers = self._peers(plan, group[0]) if len(group) == 1 else group
            bound = self._bound_of(condition.reference, condition.metric, peers)
            if bound is not None:
                value, words, inputs = bound
                kept.append(replace(condition, value=value))
                told.append(words)
                numbers += [value, Decimal(inputs)]
        return SettledBounds(tuple(kept), told, numbers)

    def _peers(self, plan: Plan, row: Row) -> list[Row]:
        """All rows of the level, year and scope that a row stands in: a mean to set it against is theirs."""
        everything = replace(plan, subjects=(), topics=(), conditions=())
        return [r for r in self.rows(everything, [row.level]) if r.group == row.group]

    def _bound_of(self, reference: Reference, metric: Metric, group: Sequence[Row]) -> tuple[Decimal, str, int] | None:
        """The figure that a bound refers to, how it reads and of how many rows it is: a row's own, the mean of all
        rows, or their rate.
        """
        name = METRIC_NAMES[metric]
        values = [v[0] for row in group if (v := self._values(row, (metric,)))]
        if reference.kind == "row" and reference.match is not None:
            first = group[0]
            everything = [r for r in self.ledger.rows if r.group == first.group and r.name in reference.match.names]
            held = [(r, v[0]) for r in everything if (v := self._values(r, (metric,)))]
            if len({v.number for _, v in held}) != 1:
                return None
            row, value = held[0]
            return value.number, f"「{row.name}」の{name}は{value}です。", 1
        if not values:
            return None
        if reference.kind == "mean":
            mean = sum((v.number for v in values), Decimal(0)) / len(values)
            mean = round_rate(mean) if values[0].unit == "percent" else mean.quantize(Decimal(1))
            words = f"{len(values)}件の{name}の単純平均は{number_text(mean, values[0].unit)}です（計算値）。"
            return mean, words, len(values)
        budget = sum((r.figures["budget"].value for r in group if "budget" in r.figures and r.spent), Decimal(0))
        spent = sum((r.spent.value for r in group if "budget" in r.figures and r.spent), Decimal(0))
        if not budget:
            return None
        rate = round_rate(spent * 100 / budget)
        words = f"全体の執行率は{rate}%です（決算額・執行額の合計 ÷ 予算額の合計 × 100、計算値）。"
        return rate, words, len(values)

    def _beside(self, row: Row, shown: tuple[Metric, ...]) -> tuple[Value, ...]:
        beside = []
        for metric in ("budget", "settled", "executed", "execution_rate"):
            value = row.figures.get(metric)
            if value is not None and metric not in shown:
                beside.append(Value(value.metric, value.value, value.unit, value, (value,), None))
        return tuple(beside)


def each_once(rows: Sequence[Row]) -> list[Row]:
    """The rows without second prints: a document may list one project under each policy that it serves, with the same
    name and the same amounts; it is one project all the same.
    """
    seen: set[object] = set()
    kept = []
    for row in rows:
        values = tuple(sorted((metric, figure.value) for metric, figure in row.figures.items()))
        key = (row.group, row.name, row.level, row.parent.project_id if row.parent else None, values)
        if any(value for _, value in values):
            if key in seen:
                continue
            seen.add(key)
        kept.append(row)
    return kept


def unique_rows(rows: Sequence[Row]) -> list[Row]:
    seen: set[int] = set()
    kept = []
    for row in rows:
        if id(row) not in seen:
            seen.add(id(row))
            kept.append(row)
    return kept


def _left_out(row: Row, names: Sequence[str]) -> bool:
    """Whether a row is, or belongs to, something that the question leaves out."""
    parent = row.parent.name if row.parent else None
    return not {row.name, parent}.isdisjoint(names) or belongs_to(row, names)


def belongs_to(row: Row, names: Sequence[str]) -> bool:
    """Whether a row is of one of these pillars, categories or departments, or of what lies under them."""
    return any(is_under(name, names) for name in (row.pillar, row.category, *row.departments))


def _jointly(row: Row, plan: Plan) -> bool:
    """Whether several departments share the row, each of those asked for among them."""
    return len(row.departments) > 1 and all(any(is_under(d, (a,)) for d in row.departments) for a in plan.departments)


def _ward_unknown(plan: Plan) -> bool:
    return bool(plan.unknown_places) and not any(p.ward and p.ward in w for p in plan.places for w in plan.place_words)


def bare_name(name: str) -> str:
    """The name without what stands in round brackets at its end, which changes from year to year."""
    at = min((i for i in (name.find("（"), name.find("(")) if i > 2), default=-1)
    closing = name.rstrip().endswith(("）", ")"))
    return name[:at] if at > 0 and closing else name


def identity(row: Row) -> str:
    """By what a row is found again in another year: in a budget book its whole path, else its name without brackets."""
    return vocabulary().fold(" ／ ".join(row.path) if row.path else bare_name(row.name))
