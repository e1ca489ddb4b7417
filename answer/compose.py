"""Evidence -> the text of the answer in Japanese, its table, and its computation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from answer.account_plans import in_book
from answer.evidence import PRINTED_CHANGE, Block, Evidence, Item, phase_label
from answer.ledger import Row
from answer.types import Computation, Exclusion, Plan
from answer.values import Value, number_text
from answer.wording import DIRECTION_WORDS, LEVEL_NAMES, moved_text
from ingest.eras import fiscal_year_label

_COUNT_ASKED = re.compile("いくつ|何[件個項]|の数")
_COMPUTED = {
    "filter": "filter",
    "rank": "rank",
    "sum": "sum",
    "mean": "mean",
    "count": "count",
    "share": "share",
    "compare": "compare",
    "change": "compare",
    "new": "filter",
    "vanished": "filter",
}


# A sum of so few rows names them without being asked.
_FEW_ROWS = 12


def answer_text(plan: Plan, evidence: Evidence) -> str:
    """The answer in words, one paragraph for each block; notes follow."""
    parts = [evidence.message] if evidence.message else []
    parts.extend(_block_text(plan, evidence, block) for block in evidence.blocks)
    parts.extend(dict.fromkeys(evidence.notes))
    return "\n".join(part for part in parts if part)


def _block_text(plan: Plan, evidence: Evidence, block: Block) -> str:
    lines: list[str] = []
    title = block.title
    scope = _scope(plan)
    operation = evidence.operation or plan.operation
    rows = LEVEL_NAMES[plan.level] if in_book(plan) or plan.level == "entry" else "事業"
    if operation in ("filter", "count") and plan.conditions:
        rows = "細事業" if plan.level == "sub_project" else rows
        if block.items:
            lines.append(
                f"{title}で、{evidence.description}の{rows}は{len(block.items)}件です（{block.considered}件中）。"
            )
        else:
            lines.append(f"{title}で、{evidence.description}の{rows}はありません（{block.considered}件を確認）。")
        lines.extend(_item_line(item) for item in block.items)
        lines.extend([block.headline] if block.headline else [])
    elif operation == "count":
        rows = "細事業" if plan.level == "sub_project" else rows
        lines.append(f"{title}の{scope}{rows}は{len(block.items)}件です。")
        lines.extend([block.headline] if block.headline else [f"・{item.row.name}" for item in block.items])
    elif operation == "rank" and not block.headline:
        if plan.both_ends:
            lead = f"{evidence.description}の両端"
        elif plan.positions:
            lead = f"{evidence.description}で{'・'.join(str(p) for p in plan.positions)}番目"
        elif plan.ordered and not plan.limit:
            lead = evidence.description
        elif plan.limit and plan.limit > 1:
            lead = f"{evidence.description}の上位{plan.limit}件"
        else:
            lead = f"{evidence.description}の1番目"
        lines.append(
            f"{title}の{lead}は次のとおりです（{block.considered}件中）。"
            if block.items
            else f"{title}には{lead}に当たるものがありません。"
        )
        lines.extend(_item_line(item) for item in block.items)
    elif operation in ("sum", "mean") and block.result is not None and not block.headline:
        word = "平均" if operation == "mean" else "合計"
        metric = block.items[0].values[0].name
        if operation == "sum" and block.unit == "percent":
            whole = scope or "全体の"
            proof = f"{block.formula}、計算値" if block.formula else "資料に印字された値"
            lines.append(f"{title}の{whole}{metric}は{block.result}%です（{proof}）。")
        else:
            lines.append(
                f"{title}の{scope}{metric}の{word}は{number_text(block.result, block.unit or '')}です"
                f"（{f'{block.formula}、計算値' if block.formula else '資料に印字された合計'}）。"
            )
        if plan.told_rows or len(block.items) <= _FEW_ROWS:
            lines.extend(_item_line(item) for item in block.items)
    elif operation == "share" and not block.headline:
        names = (
            "、".join(dict.fromkeys(i.row.name for i in block.items))
            if len(block.items) <= 3
            else f"{len(block.items)}件"
        )
        names += "".join(f"の{column}" for column in plan.account_columns[:1])
        names = names if len(block.items) <= 3 or not scope else f"{scope.removesuffix('の')}（{names}）"
        lines.append(f"{title}の{names}の割合は{block.result}%です（{block.formula}、計算値）。")
    elif operation == "compare":
        lines.extend([title] if title else [])
        lines.append(block.headline)
    elif plan.departments_moved and block.headline:
        lines.extend((block.title, block.headline))
    elif operation == "change" and block.headline:
        if plan.descending is not None or plan.limit:
            ends = {"up": "増え方", "down": "減り方"}.get(plan.direction or "", "増減")
            lines.append(f"{block.title}の{ends}の順です（{_compared(block)}）。")
        elif block.unit == "件":
            word = "当てはまる" if plan.change_bounds or plan.conditions else "どちらの年度にもある"
            word = DIRECTION_WORDS.get(plan.direction or "", word)
            word = moved_text(plan) if plan.also_moved else word
            lines.append(f"{block.title}で{word}{rows}は{block.result}件です（{_compared(block)}）。")
        else:
            lines.append(block.title if block.formula == PRINTED_CHANGE else f"{block.title}（差は計算値）")
        lines.append(block.headline)
    elif operation == "change" and not block.items:
        lines.append(f"{block.title}で当てはまる{rows}はありません（{_compared(block, 'を確認')}）。")
    elif operation in ("new", "vanished"):
        word = "なくなった" if operation == "vanished" else "新しく現れた"
        lines.append(f"{block.title}で{word}事業は{len(block.items)}件です。")
        lines.extend(_item_line(item) for item in block.items)
    elif operation == "departments":
        for item in block.items:
            lines.append(f"{title}の「{item.row.name}」の担当課は{item.note}です。")
    elif operation == "pillars":
        for item in block.items:
            lines.append(f"{title}の「{_name(item)}」は「{item.note}」の事業です。")
    elif operation == "indicators":
        names = "、".join(dict.fromkeys(i.row.name for i in block.items)) if plan.subjects else ""
        lines.append(f"{title}の{'「' + names + '」の' if names else ''}事業指標（{len(block.items)}件）")
        lines.append(block.headline)
    elif operation == "breakdown" and plan.subjects:
        lines.append(f"{title}の細事業は{len(block.items)}件です。")
        lines.extend(_item_line(item) for item in block.items)
    elif operation == "list":
        lines.append(f"{title}の{scope}{rows}は{len(block.items)}件です。")
        lines.extend(_item_line(item) for item in block.items)
    elif block.headline:
        lines.append(f"{title}")
        lines.append(block.headline)
    elif len(block.items) == 1:
        item = block.items[0]
        lines.append(f"{title}の「{_name(item)}」: {_values_text(item.values)}です。")
        lines.extend(_formula_lines(item))
    else:
        lines.append(f"{title}")
        lines.extend(_item_line(item) for item in block.items)
    lines.extend(block.notes)
    lines.extend(_excluded_lines(plan, block))
    return "\n".join(lines)


def _scope(plan: Plan) -> str:
    """Whose rows these are, as the first words of a line: 「地域振興課の」."""
    parts = [n for n in (*plan.departments, *plan.pillars, *plan.categories, *plan.topics) if n not in plan.whole]
    if in_book(plan) and plan.level_named:
        parts += [f"「{name}」" for m in plan.subjects if m.how != "previous" for name in m.names]
    return "・".join(parts) + "の" if parts else ""


def _compared(block: Block, checked: str = "中") -> str:
    """Of how many rows a list of changes is, and where the changes come from."""
    if block.formula == PRINTED_CHANGE:
        return f"比較が印字された{block.considered}件{checked}"
    told = f"両年度にある{block.considered}件{checked}"
    return told if checked != "中" else f"{told}、差は計算値"


def _name(item: Item) -> str:
    parent = item.row.parent
    if len(item.row.path) > 1 and item.row.level != "total":
        return f"{item.row.name}（{' ／ '.join(item.row.path[:-1])}の{LEVEL_NAMES[item.row.level]}）"
    return f"{item.row.name}（{parent.name}の細事業）" if item.row.level == "sub_project" and parent else item.row.name


def _values_text(values: tuple[Value, ...]) -> str:
    return "、".join(f"{v.name} {v}{'' if v.figure else '（計算値）'}" for v in values)


def _formula_lines(item: Item) -> list[str]:
    return [f"　計算: {v.formula}" for v in item.values if v.formula]


def _item_line(item: Item) -> str:
    shown = _values_text(item.values)
    beside = "、".join(f"{v.name} {v}" for v in item.beside)
    department = "、".join(item.row.departments) if item.row.level != "sub_project" else ""
    bracket = "、".join(x for x in (beside, department) if x)
    line = f"・{item.row.name}"
    if len(item.row.path) > 1:
        bracket = "、".join(x for x in (" ／ ".join(item.row.path[:-1]), bracket) if x)
    if item.row.level == "sub_project" and item.row.parent:
        bracket = "、".join(x for x in (f"{item.row.parent.name}の細事業", bracket) if x)
    if shown:
        line += f": {shown}"
    return line + (f"（{bracket}）" if bracket else "")


def _excluded_lines(plan: Plan, block: Block) -> list[str]:
    if not block.excluded or plan.operation in ("lookup",):
        return []
    by_reason: dict[str, list[str]] = {}
    for exclusion in block.excluded:
        by_reason.setdefault(exclusion.why, []).append(exclusion.project)
    return [f"除いたもの: {'、'.join(names)}（{why}）。" for why, names in by_reason.items()]


def computation_of(plan: Plan, evidence: Evidence) -> Computation | None:
    """What was computed, over all blocks; a single block's result is the computation's."""
    kind = _COMPUTED.get(evidence.operation or plan.operation)
    if plan.operation == "indicators" and any(b.formula for b in evidence.blocks):
        kind = "share" if any(b.unit == "percent" for b in evidence.blocks) else "compare"
    elif (
        plan.operation == "indicators"
        and (plan.achieved is not None or plan.verdicts)
        and _COUNT_ASKED.search(plan.question)
    ):
        kind = "count"
    if kind is None or not evidence.blocks:
        return _of_one_value(evidence.blocks)
    blocks = evidence.blocks
    matched = sum(len(b.items) for b in blocks)
    described = "; ".join(
        f"{b.title}: {b.formula or evidence.description}"
        + (f" = {number_text(b.result, b.unit or '')}" if b.result is not None else "")
        for b in blocks
    )
    # 「両年度にある事業は何件」 has one answer, which every year's block bears.
    results = {b.result for b in blocks}
    one = len(blocks) == 1 or (plan.in_every_year and kind == "count" and len(results) == 1)
    # The difference of two years' indicators stands with the later one.
    computed = [b for b in blocks if b.formula] if plan.operation == "indicators" else []
    bearer = computed[0] if len(computed) == 1 else blocks[0]
    one = one or bearer is not blocks[0]
    value: Decimal | None = bearer.result if one else None
    unit = bearer.unit if one else None
    first = blocks[0].items[0].values[0] if one and len(blocks[0].items) == 1 and blocks[0].items[0].values else None
    if plan.operation == "rank" and value is None and first is not None and first.formula:
        # The first by a rate that is printed nowhere.
        value, unit = first.number, first.unit
    if plan.operation in ("filter", "rank") and value is None:
        unit = None
    return Computation(
        operation=kind,  # type: ignore[arg-type]
        description=described,
        considered=sum(b.considered for b in blocks),
        matched=matched,
        excluded=tuple(Exclusion(e.project, e.why) for b in blocks for e in b.excluded),
        value=value,
        unit=unit,
    )


def _of_one_value(blocks: Sequence[Block]) -> Computation | None:
    """The computation of a lookup's one value that is printed nowhere: what is left of a budget at its interim."""
    told = [(b, v) for b in blocks for item in b.items for v in item.values]
    computed = [(b, v) for b, v in told if v.formula]
    if len(computed) != 1 or sum(v.metric == computed[0][1].metric for _, v in told) != 1:
        # 「差引は」 of two years, one of which prints it: there is no one result.
        return None
    block, value = computed[0]
    kind: Literal["share", "compare"] = "share" if value.unit == "percent" else "compare"
    described = f"{block.title}: {value.formula} = {value}"
    return Computation(kind, described, 1, 1, (), value.number, value.unit)


def _outer_name(row: Row) -> str:
    """What a part belongs to: its project, or in a budget book the items above it."""
    if row.path:
        return " ／ ".join(row.path[:-1])
    return row.parent.name if row.level == "sub_project" and row.parent else ""


def table_of(evidence: Evidence) -> dict[str, Any] | None:
    """The answer's rows as a table: place, year, phase, project, departments, and a column for each metric shown."""
    rows: list[dict[str, Any]] = []
    merged: dict[int, dict[str, Any]] = {}
    for block in evidence.blocks:
        for item in block.items:
            row = merged.get(id(item.row))
            if row is None:
                row = {
                    "区": str(item.row.place),
                    "年度": fiscal_year_label(item.row.fiscal_year),
                    "段階": phase_label(item.row),
                    "事業": item.row.name,
                    "上位の事業": _outer_name(item.row),
                    "課": "、".join(item.row.departments),
                }
                merged[id(item.row)] = row
                rows.append(row)
            for value in (*item.values, *item.beside):
                row[value.name] = {
                    "value": str(value.number),
                    "unit": value.unit,
                    "printed": str(value),
                    "computed": value.figure is None,
                    "figure_id": value.figure.figure_id if value.figure else None,
                }
    if not rows:
        return None
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return {"columns": columns, "rows": rows}
