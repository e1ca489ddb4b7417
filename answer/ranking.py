"""How a question orders rows and cuts the order: トップ3, 2番目と3番目, 多い順, 何位, 最大と最小の差."""

from __future__ import annotations

import re

from answer.draft import Draft
from answer.types import Condition
from answer.vocabulary import Word
from ingest.amounts import parse_numeral
from records import Metric

_NUMBER = r"(\d+|[一二三四五六七八九十]{1,3})"
# 「上位5位」 is the first five, 「ワースト3位」 the third.
_PLACE = re.compile(
    rf"(?<!上位)(?<!下位)(?<!トップ)(?<!ベスト)第?{_NUMBER}\s?(?:番目|位|番(?=に))(?!まで|以内|以上|号)"
)
_FROM_TO = re.compile(rf"第?{_NUMBER}\s?(?:番目|位|番)?(?:から|~)第?{_NUMBER}\s?(?:番目|位|番)(?:まで)?")
FIRST_PLACE = re.compile(r"(?<!\d)第?(?:1|一)位(?!以|ま|か|~|と)")
# 「ビリと、ビリから2番目」
_FIRST_TOO = re.compile(
    rf"(?:ビリ|最下位|最上位|首位|トップ|一番|最[多少高低大小])[^、]{{0,8}}と、?[^、]{{0,12}}{_NUMBER}(?:番目|位)"
)
# 「少ない方から見て3番目まで」
_UP_TO = re.compile(rf"(?:から)(?:見て|みて|数えて|順に)?、?{_NUMBER}(?:番目|つ目|位|番)まで")
# 「四つ目まで」
_NTH = re.compile(rf"({_NUMBER}つ目)まで")
# 「as of July 31」
_MONTH_BEFORE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? $")
ASKED_PLACE = re.compile(r"何位|何番目|第何位|順位")
_LIMIT = re.compile(
    r"(\d+|[二三四五六七八九十])(?:つ|件|事業|個|位まで|位以内)(?!の(?:うち|中|なか)|の(?:柱|分野|課|区|経費区分))"
)
_COUNTED_OFF = re.compile(
    rf"(?:[上下]から|上位|下位|トップ|ワースト|ベスト|(?:方|ほう|順)から|順に){_NUMBER}(?!\d|番目(?!まで)|(?<!上位\d)(?<!下位\d)(?<!トップ\d)(?<!ベスト\d)位(?!まで))"
)
_FROM_END = re.compile(
    r"(?:(?P<most>高|多|大き)|低|少な|小さ|安)い(?:方|ほう|もの|順番?)(?:から|に(?!は|も|あ|入|属))"
    r"|(?:(?P<much>高額|多額)|少額)な?順|(?P<left>多く)[^、]{1,4}順"
)
_NEXT = re.compile(r"の次に(?:高|低|多|少|大き|小さ)")
# 「4つの柱で」: how many there are, not how many are asked for.
_OF_GROUPS = re.compile(r"(?:あたり|当たり|当り)|の(?:うち|中|なか)|つ?の(?:柱|分野|課|区|経費区分)")
# 「統合事業費の9事業で」: how many there are.
_ALL_OF_THEM = re.compile(r"(?:つ?の(?:細?事業|取組))?(?:では?|の(?:うち|中|なか)|を(?:比べ|見|並べ))")
_LEAST_TEXTS = frozenset(("最小", "最低", "最少", "低い順", "少ない順", "小さい順", "昇順", "最下位"))
_MOST = "最も|もっとも|一番|いちばん"
_HIGHEST = rf"(?:最[大高多](?:値|額)?|(?:{_MOST})[高多大]|トップ|首位|最上位|第?(?:1|一)位)"
_LOWEST = rf"(?:最[小低少](?:値|額)?|(?:{_MOST})[低少小]|ワースト|最下位|ビリ)"
_BOTH_ENDS = re.compile(
    rf"{_HIGHEST}[^、]{{0,10}}[と、][^、]{{0,4}}{_LOWEST}|{_LOWEST}[^、]{{0,14}}[と、][^、]{{0,4}}{_HIGHEST}"
)
_GAP = re.compile(r"差(?!引)|開き|違い")
# 「1位の事業と2位の事業の差」, 「上位2つの差」; 「1位と2位の差引額」 asks for a column.
_OF_TWO = re.compile(
    r"(?:位|番目)[^、。]{0,14}の(?:差(?!引)|開き|違い)|(?:上位|下位|トップ|ワースト)の?2[^、。]{0,10}の(?:差(?!引)|開き|違い)"
)


def place_spans(folded: str) -> list[tuple[int, int]]:
    """Where places of a ranking stand, so that their numbers are not taken for counts."""
    spans = [m.span() for m in _FROM_TO.finditer(folded)] + [m.span(1) for m in _NTH.finditer(folded)]
    for match in _PLACE.finditer(folded):
        if not any(start <= match.start() < end for start, end in spans) and (parse_numeral(match[1]) or 0) > 1:
            spans.append(match.span())
    return spans


def positions_of(folded: str) -> tuple[int, ...]:
    """The places asked for, in order; empty for the first place alone, which a ranking gives anyway.

    >>> positions_of("3位から5位"), positions_of("2番目と4番目"), positions_of("1位")
    ((3, 4, 5), (2, 4), ())
    """
    found: list[int] = []
    ranges = list(_FROM_TO.finditer(folded))
    for match in ranges:
        first, last = parse_numeral(match[1]), parse_numeral(match[2])
        if first is not None and last is not None and 0 < first <= last <= 100:
            found.extend(range(int(first), int(last) + 1))
    if _FIRST_TOO.search(folded):
        found.append(1)
    for match in _PLACE.finditer(folded):
        value = parse_numeral(match[1])
        inside = any(m.start() <= match.start() < m.end() for m in ranges)
        if value is not None and 0 < value <= 100 and not inside:
            found.append(int(value))
    if not found and _NEXT.search(folded):
        return (2,)
    places = tuple(dict.fromkeys(found))
    return () if places == (1,) else places


def take_order(draft: Draft) -> None:
    """「執行率の低い方から3つ」 orders as 「低い順に3つ」 does."""
    match = _FROM_END.search(draft.folded)
    if match is not None and (match["left"] or not draft.has("rank", "most", "least")):
        most = any(match[name] for name in ("most", "much", "left"))
        if match["left"]:
            # 「不用額ワースト3（多く残した順）」
            draft.drop("rank")
        draft.words.append(
            Word(match.start(), match.end(), "rank", "most" if most else "least", "高い順" if most else "低い順")
        )


def asks_position(draft: Draft) -> bool:
    """「災害に強い区づくり事業の予算は何位ですか」, 「総務課の予算は課の中で何位」."""
    of_group = len(draft.scopes) == 1 and not draft.has("level")
    return bool(ASKED_PLACE.search(draft.folded)) and (bool(draft.subjects) or of_group)


def limit_of(draft: Draft, conditions: tuple[Condition, ...]) -> int | None:
    """How many rows a ranking asks for: トップ3, 上位5件, 3つ, top 3."""
    if not draft.has("rank") or positions_of(draft.folded):
        return None
    counted_off = _COUNTED_OFF.search(draft.folded)
    value = parse_numeral(counted_off[1]) if counted_off else None
    if value is not None and 0 < value <= 100:
        return int(value)
    up_to = _UP_TO.search(draft.folded)
    value = parse_numeral(up_to[1]) if up_to else None
    if value is not None and 0 < value <= 100:
        return int(value)
    bounds = {(c.value, c.unit) for c in conditions}
    for amount in draft.amounts:
        if amount.kind in ("count", "number") and amount.value == int(amount.value) and 0 < amount.value <= 100:
            if (
                _counts_all(draft, amount.start, amount.end)
                or _MONTH_BEFORE.search(draft.folded[: amount.start])
                or (amount.value, "percent") in bounds
                or _OF_GROUPS.match(draft.folded[amount.end :])
            ):
                continue
            return int(amount.value)
    match = _LIMIT.search(draft.folded)
    value = parse_numeral(match[1]) if match and not _counts_all(draft, match.start(), match.end()) else None
    return int(value) if value is not None else None


def _counts_all(draft: Draft, start: int, end: int) -> bool:
    """Whether a number says how many there are (統合事業費の9事業で), not how many are asked for."""
    return draft.folded[:start].endswith("の") and _ALL_OF_THEM.match(draft.folded[end:]) is not None


def descending_of(draft: Draft, conditions: tuple[Condition, ...], metrics: tuple[Metric, ...]) -> bool | None:
    """Whether the greatest come first; None where the question does not order."""
    if not draft.has("rank"):
        return None
    fewest = draft.has("rank", "low", "least") or any(w.text in _LEAST_TEXTS for w in draft.of("rank"))
    by_difference = not metrics or metrics[0] == "difference"
    by_left = metrics[:1] == ("difference",) or (not metrics and any(c.metric == "difference" for c in conditions))
    worst = [w.text for w in draft.of("rank") if w.meaning == "least"] == ["ワースト"]
    if worst and not draft.has("rank", "low") and (by_left or draft.has("rank", "high")):
        # The worst of what is left unspent is the most.
        return not (conditions and conditions[0].comparator == "lt")
    if by_difference and conditions and conditions[0].metric == "difference" and conditions[0].comparator == "lt":
        # The greatest excess is the lowest difference.
        return fewest
    return not fewest


def is_ordered(draft: Draft) -> bool:
    """「多い順に」 with no 最も and no number orders every row."""
    texts = [w.text for w in draft.of("rank") if w.meaning in ("most", "least")]
    return bool(texts) and all(t.endswith(("順", "ランキング")) for t in texts)


def both_ends(draft: Draft) -> bool:
    """「最も高い事業と最も低い事業」."""
    return _BOTH_ENDS.search(draft.folded) is not None


def asks_gap(draft: Draft) -> bool:
    """「最大と最小の差」, 「1位と2位の差」."""
    match = _BOTH_ENDS.search(draft.folded)
    if match is not None:
        return _GAP.search(draft.folded[match.start() :]) is not None
    return len(positions_of(draft.folded)) in (0, 2) and _OF_TWO.search(draft.folded) is not None
