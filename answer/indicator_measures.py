"""What an indicator's target and result say of each other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from answer.ledger import Row
from answer.values import number_text, round_rate
from records import Figure, Indicator, Measure, Metric


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


def share_of_target(indicator: Indicator) -> Decimal | None:
    """The result in percent of the target, unrounded; None where they are no two numbers of one unit."""
    target, result = indicator.target, indicator.result
    if target is None or result is None or target.value is None or result.value is None:
        return None
    return result.value * 100 / target.value if target.unit == result.unit and target.value else None


def comparable(indicator: Indicator) -> bool:
    return indicator_met(indicator) is not None


def extremes(indicators: Sequence[Indicator], lowest: bool, limit: int) -> list[int]:
    """Where those stand that reached least, or most, of their targets, in order; equal ones at the end are all told."""
    shares = {n: share for n, i in enumerate(indicators) if (share := share_of_target(i)) is not None}
    order = sorted(shares, key=lambda n: shares[n], reverse=not lowest)
    return [n for at, n in enumerate(order) if at < limit or shares[n] == shares[order[limit - 1]]]


def verdict(indicator: Indicator, met: bool) -> str:
    """Whether the target was met; of how much it fell short, and what share of it was reached."""
    target, result = indicator.target, indicator.result
    if target is None or result is None or target.value is None or result.value is None:
        return "目標を達成しています" if met else "目標に届いていません（未達）"
    told = "目標を達成しています" if met else "目標に届いていません（未達"
    if not met:
        gap = abs(target.value - result.value)
        told += f"、差{number_text(gap, 'ポイント' if target.unit == 'percent' else target.unit)}）"
    if target.value > 0 and target.unit != "percent":
        share = round_rate(result.value * 100 / target.value)
        told += f"、目標の{share}%"
    return told


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
