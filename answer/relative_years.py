"""Years said by their distance: 今年度, 前年度, 翌年度, 最新."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from answer.draft import Draft
from answer.ledger import Ledger
from answer.types import Plan

_SEEN_FROM = re.compile(
    r"年度?(?:から見て|から見た|からみて|からみた|を基準に(?:した|して)?|にとって)(?:の)?(?:前年度?|前の年度?)"
    r"|年度?の(?:前年度?|前の年度?)(?:に(?:当|あ)たる|における|において|での|では|時点|(?=の(?:予算|決算|執行)|、[^。]*(?:予算|決算|執行)))"
)
_AGAINST = re.compile("(?:の?(?:予算|決算|執行)額?)?(?:より|に比べ|と比べ|から)")
_COURSE = re.compile(
    r"年度?から[^、]*年度?(?:まで|にかけて|の|、)[^。]*(?:推移|各年|毎年|年度ごと|年ごと|移り変わ|変遷)"
)


def with_relative_years(draft: Draft, plan: Plan, previous: Plan | None, ledger: Ledger, today: date) -> Plan:
    """The plan with 今年度, 前年度 and 最新 as years: of today, of the year named, or of the question before."""
    current = today.year if today.month >= 4 else today.year - 1
    years = list(plan.years)
    for word in draft.of("year"):
        # 「今年度（令和5年度）」: the bracket says which year is meant.
        if word.meaning in ("this", "previous", "next") and any(0 <= s - word.end <= 1 for s, _, _ in draft.year_spans):
            draft.drop("year", word.meaning)
    if len(years) == 2 and _COURSE.search(draft.folded):
        # 「令和2年度から令和6年度までの推移」: the years between as well.
        years = list(range(min(years), max(years) + 1))
    if draft.has("year", "this"):
        years.append(current)
    if draft.has("year", "next"):
        years.append((years[0] if years else previous.years[0] if previous and previous.years else current) + 1)
    compared = len(years) == 1 and any(_AGAINST.match(draft.folded, w.end) for w in draft.of("year"))
    if draft.has("year", "previous") and compared and not draft.has("year", "prior"):
        # 「去年より減らされた事業、令和5年度で」: of the year that is named.
        years.append(years[0] - 1)
    elif draft.has("year", "previous"):
        years.append((previous.years[0] if previous and previous.years and not years else current) - 1)
    if draft.has("year", "prior"):
        if years and _SEEN_FROM.search(draft.folded):
            # 「令和5年度から見て前年度」 is 令和4年度 alone.
            years = [years[0] - 1]
        elif years:
            years = [*years, years[0] - 1]
        elif previous and previous.years:
            both = draft.has("compare")
            years = [previous.years[0] - 1, *([previous.years[0]] if both else [])]
    if draft.has("year", "latest"):
        known = ledger.years_of(plan.places or ledger.places)
        if known:
            years.append(max(y for y in known if any(r.fiscal_year == y and r.figures for r in ledger.rows)))
    return replace(plan, years=tuple(dict.fromkeys(years)))
