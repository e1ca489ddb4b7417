"""Columns set against each other: of two years (R5予算がR4決算に届かない), or of one (決算が予算を超えない)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from answer.draft import Draft
from answer.types import Comparator, Condition, Direction
from answer.vocabulary import Word
from records import Metric

_COLUMNS: dict[str, Metric] = {
    "予算": "budget",
    "決算": "settled",
    "執行": "executed",
    "執行率": "execution_rate",
    # Sheets print what was spent in a year that is over, and what is planned for the next.
    "実績": "settled",
    "計画": "budget",
}
_COLUMN = re.compile(
    r"(?:の|に|には|で)?(?:の?\d{1,2}月末?(?:日)?(?:時点|現在)?の?)?(?:当初|最終)?(?P<column>予算|(?:決算の)?執行率|決算(?!の(?:差引|残額|不用額|予算))|執行|実績|計画)(?:済み?)?[額値]?"
)
_YEAR_BEFORE = re.compile(r"(?:(?:その)?前の?年度?|昨年度?)")
_CHANGE_BEHIND = re.compile(r"の?(?:増減|差|伸び|増加|減少|増減額|差額|違い|開き)")
_BARE = re.compile(r"(?:の(?:額|金額|もの|それ|方|ほう))?")
# What a side is compared as: the one that the verb is said of, or the one that it is measured by.
_SAID_OF = re.compile(r"(?:の(?:方|ほう))?(?:が|は|も)")
_MEASURED_BY = re.compile(
    r"(?:より(?:も)?、?|を|に(?:は|も|まで|すら|さえ)?(?!比|対|く)|(?:に|と)(?:比べ|比較し|対し)(?:て|ると|れば)?(?:も|は)?|と(?:比べ|比較)[^、]{0,3})"
)
_DIRECTIONS: dict[tuple[str, str], Direction] = {
    ("comparator", "gt"): "up",
    ("comparator", "ge"): "not_down",
    ("comparator", "lt"): "down",
    ("comparator", "le"): "not_up",
    ("rank", "high"): "up",
    ("rank", "low"): "down",
    ("compare", "up"): "up",
    ("compare", "down"): "down",
    ("shorthand", "over_budget"): "up",
    ("shorthand", "left_over"): "down",
}
# What is left of a budget where spending stands so to it.
_LEFT: dict[Direction, Comparator] = {"up": "lt", "down": "gt", "not_up": "ge", "not_down": "le"}
_ONE_YEAR = re.compile(
    r"(?P<of>予算|決算|執行)額?(?:の(?:方|ほう))?(?:が|は)、?(?:その|同じ年度の)?(?P<by_whole>(?P<by>予算|決算|執行)額?)(?=を|に|より)"
)
# What is said of the later year when it is said of the earlier one.
_TURNED: dict[Direction, Direction] = {"up": "down", "down": "up", "not_up": "not_down", "not_down": "not_up"}
_TIMES = re.compile(r"の?(?:\d+(?:\.\d+)?|半)倍")
# 「前年度に届かない」, and not 「前年度に続いている」.
_REACHED = re.compile("に(?:届|満た|達|及|追いつ)")
_HOW_MUCH = re.compile("いくら|何円|何千円|何万円|どれだけ|どのくらい|どれくらい|どれほど")
_DENIED = re.compile(r"[ぁ-ん]{0,4}(?:な[いかく]|ませ|ず)")
# So far from an amount stands the word that makes it a bound: 「10万円以上」 sets no year above another.
_NEAR_AMOUNT = 1
# 「前年度決算の約半分」
_OF_SHARE = 3
_FARTHEST = 20


# 「前年度の何%」, 「令和4年度決算に対して何割」; 「前年度の何割増し」 asks for a rate of growth.
_PART_OF_YEAR = re.compile(
    r"(?:の|に対し(?:て)?|(?:と|に)比べ(?:て|ると)?|比で?)、?(?:約|およそ|だいたい|ほぼ)?(?:何(?:%|割|パーセント))"
    r"(?P<grown>[^、]{0,4}(?:増|減|伸|上|下|変|アップ|ダウン|カット))?"
)


_ENGLISH = re.compile(
    r"\b(?:(?P<more>higher|larger|bigger|greater|more)|lower|smaller|less)\b [a-z ]*\b(?:in|for|of)\b.*\bthan\b"
)


@dataclass(frozen=True, slots=True)
class _Side:
    """One year's figure as the question names it; `column` is None where only the year is said (前年度を下回る)."""

    start: int
    end: int
    year: int
    column: Metric | None
    said_of: bool
    measured_by: bool


def set_years_against_each_other(draft: Draft) -> None:
    """Rows whose one year's figure is above or below another year's: a change, by each year's own column."""
    sides = _sides(draft)
    if len(sides) != 2 or sides[0].year == sides[1].year:
        return
    columns = [s.column for s in sides if s.column is not None]
    share = any(a.kind == "percent" and 0 <= a.start - sides[1].end <= _OF_SHARE for a in draft.amounts)
    if len(set(columns)) == 2 and (share or _TIMES.match(draft.folded, sides[1].end)):
        draft.columns = _by_year(sides)
        return
    if "execution_rate" in columns and len(set(columns)) == 2:
        # No rate is set against an amount.
        return
    if len(draft.subjects) == 1 and len(set(columns)) == 2 and _CHANGE_BEHIND.match(draft.folded, sides[1].end):
        # 「Aの令和4年度決算額に対する令和5年度予算額の増減」
        draft.columns = _by_year(sides)
        return
    apart = len(set(columns)) == 2 and _CHANGE_BEHIND.match(draft.folded, sides[1].end)
    if apart and draft.has("rank", "most", "least"):
        # 「令和4年度の決算と令和5年度の予算の差が一番大きい事業」: whichever way.
        draft.columns = _by_year(sides)
        return
    word = _comparing(draft, sides[1])
    by = next((s for s in sides if s.measured_by), sides[1] if sides[0].said_of else None)
    if word is None or by is None:
        return
    of = next(s for s in sides if s is not by)
    if draft.subjects:
        if len(draft.subjects) == 1 and len(set(columns)) == 2:
            # 「Aの令和5年度予算は、前年度の決算をいくら上回っていますか」
            _forget(draft, word)
            draft.columns = _by_year(sides)
        elif len(draft.subjects) == 1 and columns and _HOW_MUCH.search(draft.folded):
            # 「Aの令和5年度の予算は令和4年度の予算をいくら上回っていますか」
            _forget(draft, word)
            draft.add("compare", "change")
        return
    if not columns:
        return
    direction = _direction(draft, word)
    _forget(draft, word)
    draft.drop_where(lambda w: w.family == "rank" and w.meaning in ("high", "low"))
    draft.drop_where(lambda w: w.family == "compare" and w.meaning in ("up", "down", "compare", "which"))
    meaning = direction if of.year > by.year else _TURNED[direction]
    draft.words.append(Word(word.start, word.end, "compare", meaning, word.text))
    if len(set(columns)) == 2:
        draft.columns = _by_year(sides)


def take_part_of_year(draft: Draft) -> None:
    """「令和5年度の予算は前年度の何%」: one year's figure in percent of another's, and no share of a whole."""
    years = [(start, end, year) for start, end, year in draft.year_spans]
    before = min((year for _, _, year in years), default=0) - 1
    years += [(m.start(), m.end(), before) for m in _YEAR_BEFORE.finditer(draft.folded)]
    if draft.year_spans and len({year for _, _, year in years}) == 1:
        return
    for _, end, year in years:
        column = _COLUMN.match(draft.folded, end)
        part = _PART_OF_YEAR.match(draft.folded, column.end() if column else end)
        if part is None:
            continue
        draft.drop("aggregate", "share", "ratio")
        draft.add("compare", "change")
        draft.in_percent = part["grown"] is None
        base = _COLUMNS[column["column"].removeprefix("決算の")] if column else None
        others = {w.meaning for w in draft.of("metric") if w.end <= end} - {base}
        later = [y for _, _, y in years if y > year]
        if base and len(others) == 1 and later:
            draft.columns = ((year, base), (later[0], cast(Metric, others.pop())))
        return


def take_english_comparison(draft: Draft) -> None:
    """ "had a lower budget in FY2023 than in FY2022": rows whose one year's figure is above or below another's."""
    match = _ENGLISH.search(draft.folded)
    years = [year for _, _, year in sorted(draft.year_spans)]
    if match is None or len(years) != 2 or years[0] == years[1] or draft.subjects or draft.amounts:
        return
    rises = (match["more"] is not None) == (years[0] > years[1])
    draft.drop("comparator")
    draft.drop("rank")
    draft.drop("compare")
    draft.add("compare", "up" if rises else "down")


def _by_year(sides: Sequence[_Side]) -> tuple[tuple[int, Metric], ...]:
    """Each year's own column, the earlier year first; only of sides that both name one."""
    return tuple(sorted((s.year, s.column) for s in sides if s.column is not None))


def _direction(draft: Draft, word: Word) -> Direction:
    """What a word of comparing says of the side that it is said of; 「予算を上回らない」 denies a phrase."""
    direction = _DIRECTIONS[word.family, word.meaning]
    if word.family == "shorthand" and _DENIED.match(draft.folded[word.end :]):
        return "not_up" if direction == "up" else "not_down"
    return direction


def _forget(draft: Draft, word: Word) -> None:
    """What begins where the word does bounds nothing by itself (超過する is a comparison, and a phrase as well)."""
    draft.drop_where(lambda w: w.family in ("comparator", "shorthand") and w.start == word.start)


def _sides(draft: Draft) -> list[_Side]:
    """The years' figures that the question names, in its order."""
    found = []
    spans = sorted(draft.year_spans)
    years = [*spans, *((m.start(), m.end(), spans[0][2] - 1) for m in _YEAR_BEFORE.finditer(draft.folded) if spans)]
    for start, end, year in sorted(years):
        column = _COLUMN.match(draft.folded, end)
        stop = (column or _BARE.match(draft.folded, end)).end()  # type: ignore[union-attr]  # _BARE matches nothing too
        said_of, measured_by = _SAID_OF.match(draft.folded, stop), _MEASURED_BY.match(draft.folded, stop)
        in_place = measured_by is not None and measured_by.group() == "に" and not _REACHED.match(draft.folded, stop)
        if column or (measured_by and not in_place):
            metric = _COLUMNS[column["column"].removeprefix("決算の")] if column else None
            found.append(_Side(start, stop, year, metric, said_of is not None, measured_by is not None))
    return found


def compared_in_one_year(draft: Draft) -> Condition | None:
    """「決算額が予算額を割り込まなかった事業」: spending against the budget of its year, as a bound on what is left."""
    if len(set(draft.years)) > 1 or any(a.kind in ("yen", "percent") for a in draft.amounts):
        return None
    for match in _ONE_YEAR.finditer(draft.folded):
        first, second = _COLUMNS[match["of"]], _COLUMNS[match["by"]]
        if (first == "budget") == (second == "budget"):
            continue
        last = _Side(match.start("by"), match.end("by_whole"), 0, second, said_of=False, measured_by=True)
        word = _comparing(draft, last)
        if word is None or word.family in ("rank", "compare"):
            continue
        direction = _direction(draft, word)
        spent_is = direction if second == "budget" else _TURNED[direction]
        _forget(draft, word)
        return Condition("difference", _LEFT[spent_is], Decimal(0), "yen")
    return None


def _comparing(draft: Draft, last: _Side) -> Word | None:
    """The word that says which side is above, behind both of them and in their clause; 「予算を上回る」 is one word."""
    for word in sorted(draft.words, key=lambda w: w.start):
        # 「決算が予算を超え」 is one word of the vocabulary.
        begins = word.family == "shorthand" or last.start <= word.start
        near = begins and word.start <= last.end + _FARTHEST and word.end > last.end
        near = near and "、" not in draft.folded[last.end : word.start]
        bounds = any(0 <= word.start - amount.end <= _NEAR_AMOUNT for amount in draft.amounts)
        ranks = word.family == "rank" and draft.has("rank", "most", "least")
        if (word.family, word.meaning) in _DIRECTIONS and near and not (bounds or ranks):
            return word
    return None
