"""What only budget books print or need: shares of a printed total, other columns, changes printed beside a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.account_plans import in_book
from answer.accounts import ACCOUNTS, EXPENDITURE, REVENUE, column_of
from answer.aggregates import Aggregates
from answer.changes import as_asked
from answer.evidence import PRINTED_CHANGE, Block, Evidence, Item, block_title, top
from answer.ledger import Row
from answer.table_entries import title_of
from answer.types import Exclusion, Plan
from answer.values import Value, name_of, number_text, round_rate
from answer.vocabulary import vocabulary
from records import Figure

_BY_SIDE = frozenset(("list", "rank", "filter", "count", "mean", "change"))


class Budgets(Aggregates):
    """Answers of budget books that rows of projects have no like of."""

    def sides_of(self, plan: Plan) -> tuple[str, ...]:
        """歳入 and 歳出, where a question about all 款 names neither: what comes in and goes out is ranked apart."""
        of_all = in_book(plan) and plan.operation in _BY_SIDE and not plan.subjects
        if not of_all or len(plan.sides) == 1:
            return ()
        held = {row.side for row in self._book_rows(plan) if row.side}
        return tuple(side for side in (REVENUE, EXPENDITURE, ACCOUNTS) if side in held)

    def of_each_side(self, found: Sequence[Evidence]) -> Evidence:
        """The answers of both sides as one; a side that has none is left out."""
        answered = [evidence for evidence in found if evidence.status == "answered"] or list(found[:1])
        whole = answered[0]
        for evidence in answered[1:]:
            whole.blocks.extend(evidence.blocks)
            whole.notes.extend(evidence.notes)
            whole.warnings.extend(evidence.warnings)
        return whole

    def tell_sides(self, evidence: Evidence) -> None:
        """A block that is of one side says so."""
        for block in evidence.blocks:
            labels = {v.figure.label for i in block.items for v in i.values if v.figure and i.row.level == "entry"}
            if len(labels) == 1 and title_of(next(iter(labels))):
                block.title += f" {title_of(next(iter(labels)))}"
                continue
            sides = {item.row.side for item in block.items} or {block.row.side}
            side = next(iter(sides)) if len(sides) == 1 else None
            if side in (REVENUE, EXPENDITURE) and block.title and side not in block.title:
                block.title += f" {side}"

    def tell_nested(self, evidence: Evidence) -> None:
        """「民生費と児童福祉費の合計」: what is counted twice is said."""
        for block in evidence.blocks:
            rows = [item.row for item in block.items]
            for inner in rows:
                outer = next((r for r in rows if r is not inner and inner.path[: len(r.path)] == r.path), None)
                if outer is not None and inner.path != outer.path and inner.side == outer.side:
                    block.notes.append(f"「{inner.name}」は「{outer.name}」に含まれる額で、二重に数えています。")

    def of_book(self, plan: Plan) -> Evidence | None:
        """What the operations over projects have no answer to; None where they have."""
        if plan.level == "entry":
            return self._entry_amounts(plan) if plan.operation == "lookup" else None
        if plan.operation == "share":
            return self._share_of_book(plan)
        if plan.account_columns and plan.operation == "lookup":
            return self._columns(plan)
        if plan.operation == "lookup" and not plan.subjects and not plan.topics:
            evidence = Evidence(description="資料に印字された合計")
            self._fill(evidence, self._main_totals(plan), plan.metrics or ("budget", "settled"), True)
            for block in evidence.blocks:
                _tell_balance(plan, block)
            return evidence if evidence.blocks else self._nothing(plan)
        if plan.operation == "change" and not plan.account_columns:
            held = self._change(plan)
            if not _changes(held):
                return self._printed_changes(plan) or held
            # Of several books one prints both years, another the change alone.
            compared = {block.row.place for block in held.blocks}
            left = tuple(p for p in plan.places or self.ledger.places if p not in compared)
            printed = self._printed_changes(replace(plan, places=left)) if left else None
            if printed is not None:
                held.blocks.extend(printed.blocks)
                held.notes.extend(printed.notes)
            return held
        return None

    def _entry_amounts(self, plan: Plan) -> Evidence:
        """「市営住宅整備事業の地方債の限度額」: with no table named the amounts of each, labelled with its title."""
        evidence = Evidence(description="・".join(plan.labels))
        rows = [row for row in self._book_rows(plan) if not plan.topics]
        self._fill(evidence, rows, ("other",), True)
        return evidence

    def _main_totals(self, plan: Plan) -> list[Row]:
        """The totals of whole sides; of accounts only where no 款 are printed, or they are asked for."""
        rows = [row for row in self.rows(plan, ("total",)) if len(row.path) == 1]
        items = [row for row in rows if row.side != ACCOUNTS]
        return rows if plan.sides or not items else items

    def _columns(self, plan: Plan) -> Evidence:
        """「民生費の一般財源」: other columns of the rows named, or of the total."""
        evidence = Evidence(description="・".join(plan.account_columns))
        plain = replace(plan, account_columns=())
        if plan.subjects:
            rows = [row for match in plan.subjects for row in self._subject_rows(match, plain)]
        else:
            sides = plan.sides or (EXPENDITURE,)
            rows = self._book_rows(plain) if plan.level_named else self._main_totals(replace(plain, sides=sides))
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            for row in group:
                held = [f for c in plan.account_columns for f in row.others if column_of(f.label) == c]
                values = tuple(Value("other", f.value, f.unit, f, (f,), None) for f in held)
                if values:
                    block.items.append(Item(row, values))
                elif row.figures:
                    block.excluded.append(Exclusion(row.name, f"{'・'.join(plan.account_columns)}の記載がない"))
            numbers = [v.number for item in block.items for v in item.values]
            if plan.summed and len(numbers) > 1 and len(block.items) == 1:
                block.result, block.unit = sum(numbers, Decimal(0)), "yen"
                block.formula = " ＋ ".join(number_text(n, "yen") for n in numbers)
                block.notes.append(f"合わせて{number_text(block.result, 'yen')}です（{block.formula}、計算値）。")
                evidence.operation = "sum"
                block.headline = "\n".join(f"・{v.name}: {v}" for v in block.items[0].values)
            if block.items:
                evidence.blocks.append(block)
        if not evidence.blocks:
            names = "」「".join(m.names[0] for m in plan.subjects)
            whose = f"「{names}」の" if names else ""
            told = f"{whose}{'・'.join(plan.account_columns)}の額は、収録資料に記載がありません。"
            return Evidence("not_found", "no_figure", told + self.holdings_text(plan.places), final=True)
        return evidence

    def _share_of_book(self, plan: Plan) -> Evidence:
        """「民生費は歳出の何%」: of the printed total, or of the item named before it."""
        evidence = Evidence(description="予算額に占める割合")
        parts = [m for m in plan.subjects if not set(m.names) <= set(plan.whole)]
        if plan.subjects and not parts:
            # 「民生費の割合」 after 「…に占める」 of nothing else.
            parts, plan = list(plan.subjects), replace(plan, whole=())
        plain = replace(plan, account_columns=())
        picked: list[Row] = []
        if not parts and plan.limit is None and plan.descending is None and not plan.account_columns:
            return self._nothing(replace(plan, topics=plan.topics or ("割合",)))
        if parts:
            picked = [row for match in parts for row in self._subject_rows(match, plain)]
        elif plan.account_columns:
            picked = self._main_totals(replace(plain, sides=plan.sides or (EXPENDITURE,)))
        else:
            for group in self._groups(self.rows(replace(plain, level="kan"), ("kan",))):
                items = [Item(row, v) for row in group if (v := self._values(row, ("budget",)))]
                items.sort(key=lambda i: i.values[0].number, reverse=plan.descending is not False)
                picked += [item.row for item in top(items, plan.limit or 1)]
        for group in self._groups(picked):
            # 「AはBの何%で、Cは何%」 asks for each.
            together = plan.summed or len(parts) < 2
            for rows in [group] if together else [[row] for row in group]:
                block = self._share_block(plan, rows)
                if block is not None:
                    evidence.blocks.append(block)
        return evidence if evidence.blocks else self._nothing(plan)

    def _share_block(self, plan: Plan, group: Sequence[Row]) -> Block | None:
        """What the rows of one book are together of their whole."""
        column = plan.account_columns[0] if plan.account_columns else None
        values = [(row, v) for row in group if (v := self._amount(row, column)) is not None]
        if not values:
            return None
        first = values[0][0]
        whole = self._amount(first, None) if column and not plan.whole else None
        name = f"「{first.name}」"
        if whole is None:
            row = self._whole_row(plan, first)
            whole = self._amount(row, None) if row is not None else None
            name = f"「{row.name}」" if row is not None else ""
        if whole is None or not whole.number:
            return None
        part = sum((v.number for _, v in values), Decimal(0))
        if part > whole.number:
            return None
        block = Block(first, block_title(first))
        block.items = [Item(row, (v,)) for row, v in values]
        block.wholes.extend(whole.figures)
        block.considered = 1
        block.result, block.unit = round_rate(part * 100 / whole.number), "percent"
        block.computed.extend((part, whole.number))
        block.formula = (
            f"{number_text(part, 'yen')} ÷ {name}の{name_of(whole)} {number_text(whole.number, 'yen')} × 100"
        )
        shares = vocabulary().account_words["share_columns"]
        printed = [f for f in first.others if column_of(f.label) in shares and f.unit == "percent"]
        if printed and len(values) == 1 and not plan.whole and column is None:
            block.extra_figures.append(printed[0])
            block.notes.append(f"資料に印字された{column_of(printed[0].label)}は{printed[0].value}%です。")
        return block

    def _amount(self, row: Row, column: str | None) -> Value | None:
        if column is None:
            values = self._values(row, ("budget",))
            return values[0] if values else None
        figure = next((f for f in row.others if column_of(f.label) == column), None)
        return Value("other", figure.value, figure.unit, figure, (figure,), None) if figure else None

    def _whole_row(self, plan: Plan, part: Row) -> Row | None:
        """What a share is taken of: the row that the question names, else the total printed of the part's side."""
        near = [r for r in self.ledger.rows if r.group == part.group and r.side == part.side and r.figures]
        named = [r for r in near if r.name in plan.whole and r is not part]
        if named:
            return named[0]
        totals = [r for r in near if r.level == "total"]
        under = [r for r in totals if part.level == "sub_account" and r.path[:-1] == part.path[:-1]]
        above = sorted(
            (r for r in near if r.path == part.path[: len(r.path)] and r is not part), key=lambda r: -len(r.path)
        )
        return next(iter(under or [r for r in totals if len(r.path) == 1] or above), None)

    def _printed_change(self, row: Row) -> Figure | None:
        """The change printed beside a row; of an account without one that of the total of its own table."""
        own = _printed_change(row)
        if own is not None or row.level != "account":
            return own
        totals = [r for r in self.ledger.rows if r.level == "total" and r.group == row.group and _same_amount(r, row)]
        return next((change for r in totals if (change := _printed_change(r)) is not None), None)

    def _printed_changes(self, plan: Plan) -> Evidence | None:
        """Changes that the book prints beside the budget (前年度対比), where no year before is held to compare with."""
        evidence = Evidence(description="資料に印字された前の年度からの増減")
        free = replace(plan, years=plan.years[:1] if len(plan.years) == 2 else plan.years)
        if plan.subjects and not plan.level_named:
            rows = [row for match in plan.subjects for row in self._subject_rows(match, free)]
        else:
            rows = self._book_rows(free) if plan.level != "total" else self._main_totals(free)
        single = plan.level == "total" or (bool(plan.subjects) and not plan.level_named)
        for group in self._groups(rows):
            block = Block(group[0], block_title(group[0]))
            changed = []
            for row in group:
                change, budget = self._printed_change(row), self._amount(row, None)
                if change is None or budget is None:
                    block.excluded.append(Exclusion(row.name, "前の年度との比較の記載がない"))
                    continue
                block.considered += 1
                before = budget.number - change.value
                if single or as_asked(plan, before, budget.number):
                    changed.append((change, budget, before, row))
            if not block.considered:
                continue
            changed.sort(
                key=lambda c: c[0].value / c[2] if plan.by_rate and c[2] else c[0].value,
                reverse=plan.direction != "down",
            )
            if not single and plan.positions:
                changed = [changed[at - 1] for at in plan.positions if at <= len(changed)]
            elif not single and (plan.limit or plan.descending is not None):
                changed = changed[: plan.limit or 1]
            lines = []
            for change, budget, before, row in changed:
                value = Value("other", change.value, change.unit, change, (change,), None)
                block.items.append(Item(row, (budget, value)))
                tail = ""
                if before:
                    rate = round_rate(change.value * 100 / before)
                    block.computed.extend((rate, before))
                    tail = f"（増減率{rate:+}%、計算値）"
                lines.append(f"・{row.name}: 予算額 {budget}、{value.name} {value}{tail}")
            block.headline = "\n".join(lines)
            block.result, block.unit = Decimal(len(changed)), "件"
            if single or plan.limit or plan.descending is not None:
                block.result, block.unit = (changed[0][0].value, "yen") if changed else (None, None)
            block.formula = PRINTED_CHANGE
            if single:
                block.excluded.clear()
            evidence.blocks.append(block)
        if evidence.blocks:
            evidence.notes.append("増減は、資料に印字された前の年度との比較です。")
        return evidence if evidence.blocks else None


def _tell_balance(plan: Plan, block: Block) -> None:
    """「歳入と歳出の総額」: whether they are the same."""
    totals = [item.values[0].number for item in block.items]
    if set(plan.sides) != {REVENUE, EXPENDITURE} or len(totals) != 2:
        return
    gap = abs(totals[0] - totals[1])
    block.computed.append(gap)
    told = f"差は{number_text(gap, 'yen')}です（計算値）。" if gap else "歳入と歳出の合計は同じ額です。"
    block.notes.append(told)


def _changes(evidence: Evidence) -> bool:
    """Whether a comparison of two years came about."""
    return any(len({item.row.fiscal_year for item in block.items}) > 1 or block.considered for block in evidence.blocks)


def _printed_change(row: Row) -> Figure | None:
    columns = vocabulary().account_words["change_columns"]
    return next((f for f in row.others if f.unit == "yen" and column_of(f.label) in columns), None)


def _same_amount(row: Row, other: Row) -> bool:
    return (
        "budget" in row.figures
        and "budget" in other.figures
        and row.figures["budget"].value == other.figures["budget"].value
    )
