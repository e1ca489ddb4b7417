"""What a question leaves out: names (「AにもBにも属さない」), and rows by a bound (「手つかずの事業は除いて」)."""

from __future__ import annotations

import re

from answer.draft import Draft
from answer.vocabulary import Word, vocabulary

# What may stand between a name and the next one that is left out with it.
_AND = re.compile(
    r"(?:の?(?:柱|分野|区分|事業))?(?:と|、|や|および|及び|又は|または|か|でも|にも|も|or|nor|and|\s)+(?:the)?"
)
# 「地域振興課が担当に入っているものを除外」
_AS_WELL = re.compile(r"(?:の(?:事業|もの))?も[^、]{0,4}(?:含|入れ|あわせ|合わせ|加え)")
_WHOSE = re.compile(
    r"(?:が|の)?(?:担当(?:に入っている|する|している|の)?|所管(?:する|の)?|関わる|属する|持つ|受け持つ|入っている)?(?:もの|(?:\d+|[一二三四五六七八九十])?(?:つの)?事業|分)?[をは]?"
)
# 「AでもBでも」「AとBのいずれにも」「安全・安心の柱にも」
_NONE_OF = re.compile(
    r"(?:の?(?:柱|分野|区分))?(?:、|の)?(?:どちら|いずれ|どれ|両方|双方)?(?:の?(?:柱|分野|区分|課))?(?:でも|にも|も|に|が|で)?"
)
_NO_NAME_LEFT_OUT = re.compile(
    r"(?:合計|総計|小計|前年度?|共管|計|(?:途中経過|中間|内訳|明細|説明|理由|解説|単位)[はもを]?)$"
)
# 「（細事業や計は除く）」
_PARTS_LEFT_OUT = re.compile(r"細事業(?:の(?:数字|数値|金額|額|分|内訳))?(?:[やと、・][^、]{1,6})?(?:まで)?[はをも]?$")
# 「（廃止された事業は除く）」 of what changed: only rows of both years change.
_CAME_OR_WENT = re.compile(
    r"(?:廃止|終了|な(?:い|くな)|無くな|消え|新規|新し|新設|新た)[^、。]{0,8}(?:事業|もの|分)[はをも]?$"
)
_ROWS_BEFORE = re.compile(r"(?:事業|もの|ところ|取組)(?:について)?[はをも]?$")
_BOUND_BEFORE = re.compile(
    r"(?:ゼロ|未執行|使い切り|オーバー|超過|マイナス|赤字|黒字|以上|以下|未満|超|%|円|割)(?:の分|分)?[はをも]?$"
)
_AMOUNT_BEFORE = re.compile(r"(?:以上|以下|未満|超|%|円|割)$")
# 「統合事務費は事業ではないので含めません」
_NO_ROW = re.compile(r"は(?:細?事業|取組)(?:では|じゃ)ない(?:ので|ため|から)、?")
_AS_IT_IS = re.compile(r"(?:ので|ため|から)")
_DENIALS = re.compile("以外|で(?:は|も)?な|じゃな")
_ENGLISH = re.compile(r"[a-z ]+")
_IN_BRACKETS = re.compile("[（(]([^（()）]+)[）)]")


def take_excluded(draft: Draft) -> tuple[tuple[str, ...], str]:
    """Names that 以外 or を除く leaves out, taken out of what is asked for; and what of it could not be read."""
    names: list[str] = []
    unclear = ""
    bounded = {stop for _, stop in left_out_by_bound(draft)}
    for word in draft.of("exclude"):
        before = draft.folded[: word.start]
        if _PARTS_LEFT_OUT.search(before):
            draft.drop("level", "sub_project")
            continue
        if draft.has("compare", "up", "down", "same") and _CAME_OR_WENT.search(before):
            draft.drop("compare", "new", "vanished")
            draft.presence.clear()
            continue
        reason = _DENIALS.match(word.text) is not None and _AS_IT_IS.match(draft.folded[word.end :]) is not None
        if reason or _NO_NAME_LEFT_OUT.search(before) or word.start in bounded or _denies_amount(draft, word):
            continue
        if _AS_WELL.match(draft.folded[word.end :]):
            # 「自主企画以外も含めて」 leaves nothing out and narrows nothing.
            draft.drop_scopes({name for _, stop, name in draft.spans if 0 <= word.start - stop <= 3})
            continue
        found = _names_behind(draft, word) if _ENGLISH.fullmatch(word.text) else _names_before(draft, word)
        names.extend(found)
        if not found:
            unclear = draft.folded[max(0, word.start - 10) : word.end]
    left_out = set(names)
    draft.drop_scopes(left_out)
    draft.subjects = [m for m in draft.subjects if not set(m.match.names) & left_out]
    return tuple(dict.fromkeys(names)), unclear


def left_out_by_bound(draft: Draft) -> list[tuple[int, int]]:
    """Stretches that bound the rows which a word behind them leaves out: 「執行率が50%未満の事業は除いて」."""
    found = []
    for word in draft.of("exclude"):
        begin = max(draft.folded.rfind("、", 0, word.start) + 1, _bracket_before(draft, word.start))
        clause = draft.folded[begin : word.start]
        bounds = [a.start for a in draft.amounts if a.kind in ("percent", "yen")] + [
            w.start for w in draft.of("shorthand")
        ]
        bounds = [at for at in bounds if begin <= at < word.start]
        if not bounds or _denies_amount(draft, word):
            continue
        named = any(min(bounds) <= start < word.start for start, _, _ in draft.spans)
        if _BOUND_BEFORE.search(clause):
            found.append((max(bounds), word.start))
        elif _ROWS_BEFORE.search(clause) and not (named or _PARTS_LEFT_OUT.search(clause)):
            found.append((begin, word.start))
    return found


def _bracket_before(draft: Draft, at: int) -> int:
    """Where what stands in a bracket begins that goes on to an offset; the folded text has lost the bracket itself.

    「残った額が5千円以下の事業（予算を超過した事業は除く）」
    """
    found = 0
    for inner in _IN_BRACKETS.findall(draft.question):
        start = draft.folded.find(vocabulary().fold(inner))
        if 0 <= start <= at <= start + len(inner):
            found = max(found, start)
    return found


def _denies_amount(draft: Draft, word: Word) -> bool:
    """「100%以外」「80%未満ではない」 deny the amount itself."""
    return _DENIALS.match(word.text) is not None and _AMOUNT_BEFORE.search(draft.folded[: word.start]) is not None


def _names_before(draft: Draft, word: Word) -> list[str]:
    """The names that stand before a word that leaves them out, each with those that are named with it."""
    before = draft.folded
    spans = [
        s
        for s in draft.spans
        if word.start >= s[1]
        and "、" not in before[s[1] : word.start]
        and (
            word.start - s[1] <= 3
            or _WHOSE.fullmatch(before[s[1] : word.start])
            or _NONE_OF.fullmatch(before[s[1] : word.start])
            or _NO_ROW.fullmatch(before[s[1] : word.start])
        )
    ]
    # 「自主企画事業費と統合事業費（統合事務費は含めない）」: what stands before the bracket stays.
    begin = _bracket_before(draft, word.start)
    return _with_those_beside(draft, max(span[1] for span in spans), begin) if spans else []


def _with_those_beside(draft: Draft, end: int, begin: int) -> list[str]:
    """「AとBを除く」 leaves out both: the names that end here, and those joined to them before, from an offset on."""
    names: list[str] = []
    joined = end
    for start, stop in sorted({span[:2] for span in draft.spans}, key=lambda s: -s[1]):
        beside = stop == joined or (stop < joined and _AND.fullmatch(draft.folded[stop:joined]))
        if beside and start >= begin:
            # Two departments may be written alike: both are left out.
            names.extend(name for s, e, name in draft.spans if (s, e) == (start, stop))
            joined = min(start, joined)
    return names


def _names_behind(draft: Draft, word: Word) -> list[str]:
    """English puts the names behind: 「excluding A」, 「neither the A pillar nor the B pillar」."""
    spans = sorted({span[:2] for span in draft.spans if span[0] >= word.end})
    if not spans or not _ENGLISH.fullmatch(draft.folded[word.end : spans[0][0]] or " "):
        return _names_before(draft, word)
    names: list[str] = []
    end = spans[0][0]
    for start, stop in spans:
        between = draft.folded[end:start]
        if start != end and not re.fullmatch(r"(?:[a-z, 、]*\b(?:and|or|nor)\b[a-z ]*|[、, ]*)", between):
            break
        names.extend(name for s, e, name in draft.spans if (s, e) == (start, stop))
        end = stop
    return names
