"""Bounds on figures that a question sets: on a metric, on one column against another."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import get_args

from answer.draft import Draft
from answer.exclusion import left_out_by_bound
from answer.types import OPPOSITE, Comparator, Condition, Reference
from answer.vocabulary import Word
from ingest.amounts import Amount
from records import Metric

_IN_BRACKET = re.compile(r"(?<![\d円%割])[(]([^()]+)[)]")
_RANGE = re.compile(r"^(?:から|~|-|ないし| to | and )$")
# 「90%台後半」
_BAND = re.compile(r"台の?(?:(後半)|(前半))?")
_BOTH_COLUMNS = re.compile(r"(予算|決算|執行)額?も、?(?:予算|決算|執行)額?も")
DENIED = re.compile(r"以外|(?:こと)?(?:で|じゃ|と|て|に)?は?(?:い)?(?:な[いかく]|ありません|ません)")
_MIRRORED: dict[str, Comparator] = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
_OR = re.compile(
    r"^(?:の(?:もの|事業)?|である|だった|な)?(?:、|か(?!つ)、?|又は|または|もしくは|あるいは|それとも|or)*"
)
_OR_WORD = re.compile(r"または|又は|もしくは|あるいは|それとも|か(?!つ)|or")
# 「執行率が50%に届かない」: so far may the comparing word stand from the amount.
NEAR = 3
_INCLUDED = re.compile(
    "(?:ちょうど|ぴったり|丁度)?(?:の(?:もの|事業))?[をも](?:、?[^、]{1,16}も)?(?:数に)?(?:含|入れ|除|対象)"
)
_MONEY = ("budget", "settled", "executed", "difference", "other")
_DIGITS = re.compile(r"[\d,]+")
_LEFT_OR_SPENT = ("difference", "executed", "settled")
_EXISTS = re.compile(
    r"額?[がのも](?:少しでも|わずかでも|いくらかでも)?(?:(?P<none>(?:出|生じ|発生し)?(?:ない|なかった|ていない|ていなかった))"
    r"|ある|あった|出(?:た|て(?:い|る)[^、]{0,2})|生じ(?:た|て[^、]{1,2})|発生し(?:た|て[^、]{1,2}))(?:[^、。]{1,12}の)?(?:細?事業|もの)"
)
_THE_LEAST = (Decimal(1), Decimal(1000))
# A number without a unit that is this large is in 円.
_SURELY_YEN = 100_000
_NOT_REACHED = re.compile(
    r"も(?:まだ)?(?:"
    r"(?:行って|いって|届いて|達して|使って|使われて|使えて|使い切れて|(?:執行|消化|支出)(?:して|されて|できて))は?(?:い)?(?:な|ま(?!し))"
    r"|(?:使わ|使え|使われ|使い切れ|(?:執行|消化|支出)(?:し|され|でき))(?:な|ず|ま(?!し)))"
)
_UNUSED = re.compile(r"を(?:まだ)?(?:使|執行|消化|支出)[^、]{0,4}(?:いな|てな|きな|せな|おらず|わな)")
# What may stand behind an amount that is meant as it stands; 「7割がやっとの事業」 is nothing that is known.
_AS_IT_STANDS = re.compile(
    r"(?:ちょうど|丁度|ぴったり|きっかり|ジャスト)?(?:$|[、。)）」\s]|の|だ|で|な[のいか]|に(?:な|終わ|置|設定|一致|そろ|揃)|と|って|は|を|や|から"
    r"|細?事業|取組|もの|つけ|付け|使|予算|決算|執行)"
)
_UNREAD = re.compile(r".{0,10}?(?=の?(?:細?事業|もの)|[、。]|$)|.{0,6}")
# 「2割いってない」「9割使えてない」「半分使えなかった」, and 「9割使った」「8割に乗った」.
_VERB = (
    r"(?:い[っけか]|行[っけか]|使[っえわ]|つか[っえわ]|乗(?:[っらせ]|(?=る))|及[ばび]|届[いかけ]|達[しせ]"
    r"|消化|執行|支出)"
)
_VERB_SAID = rf"(?:の大台)?[にまでを]{{0,2}}{_VERB}[てできしさせれ]{{0,3}}"
_SHORT_OF = re.compile(rf"{_VERB_SAID}(?:い|は|も)?(?:な[いかく]|ま(?:せん|だ)|ず)")
_ATTAINED = re.compile(rf"{_VERB_SAID}(?:た|て(?:い?る|い?ます|い?た)|る|ている)")
_OVER_AFTER = re.compile(
    r"(?:以上|(?P<over>を超える|を上回る|超|より大きい))(?:もの?)?の?(?:予算の?)?(?:オーバー|超過|赤字|はみ出)"
)
_OVER_DENIED = re.compile(r"(?:に(?:な|し|陥)?)?[らりしえさせ]{0,3}(?:て(?:い)?|ずに)?(?:な(?:い|かった|く)|ませ|ず)")
_SO_MUCH = re.compile(r"も(?:の|あ[るっり]|かか|使った|使って(?:い?(?:る|た|ます)|しま)|使う(?![てた]))")
_SPENT = r"(?:決算額?|執行額?|支出額?|使った額)"
_BUDGET = r"(?:予算額?)"
_AT = r"(?:\d{1,2}月末?(?:時点|現在)?の)?"
_SPENT_NAMED = re.compile(rf"{_SPENT}|使|かか|支出")
_MORE, _LESS = r"(?:超|上回|多|大き|高|オーバー)", r"(?:下回|少な|小さ|低|届か|満た)"
_JUST = r"(?:ぴったりと?|ぴたりと|ぴたっと|きっちり|ちょうど|まったく|全く|完全に)?"
_SAME = re.compile(
    rf"{_SPENT}(?:と|が|は){_AT}{_BUDGET}(?:と|が)?{_JUST}(?:同じ|同額|等し|一致|=)|{_BUDGET}(?:と|が|は){_AT}{_SPENT}(?:と|が)?{_JUST}(?:同じ|同額|等し|一致)|{_SPENT}={_BUDGET}"
    rf"|{_BUDGET}と{_JUST}同額を?(?:使|執行|支出|消化)"
)
_SIGNS: tuple[tuple[re.Pattern[str], Comparator], ...] = (
    (re.compile(rf"{_SPENT}>{_BUDGET}|{_BUDGET}<{_SPENT}"), "lt"),
    (re.compile(rf"{_SPENT}<{_BUDGET}|{_BUDGET}>{_SPENT}"), "gt"),
)
# 「予算より余計にお金がかかった事業」
_MORE_THAN_BUDGET = re.compile(
    r"(?<!度の)(?<!年の)予算額?(?:より|以上に)(?:も)?(?:余計|多く|多め|余分|大きく|たくさん)?に?(?:お金|費用|経費)?[がを]?(?:かか|使|支出|出費|費や)"
)
_GAP = "の(?:差|開き|違い|ずれ|乖離|隔たり)"
_BETWEEN_COLUMNS = re.compile(
    rf"{_SPENT}[^、]{{0,6}}と[^、]{{0,6}}{_BUDGET}[^、]{{0,4}}{_GAP}|{_BUDGET}[^、]{{0,6}}と[^、]{{0,6}}{_SPENT}[^、]{{0,4}}{_GAP}"
)
_COLUMNS = (
    (re.compile(rf"{_SPENT}(?:の方)?(?:が|は){_BUDGET}(?:を|よりも|より|に|以上)に?{_MORE}?"), True),
    (re.compile(rf"(?<!度)(?<!度の){_BUDGET}(?:よりも|より)(?:{_SPENT})?(?:の方)?(?:が|の方が)?"), True),
    (re.compile(rf"{_BUDGET}(?:の方)?(?:が|は){_SPENT}(?:を|より|よりも)"), False),
    (re.compile(rf"{_SPENT}(?:より|よりも){_BUDGET}(?:の方)?(?:が|の方が)"), False),
)
_OVER = re.compile(
    rf"{_BUDGET}(?:を|より|に対して)[^、]{{0,14}}(?:上回|超え|超過|オーバー|多く使)|{_SPENT}(?:が|は){_BUDGET}を[^、]{{0,14}}(?:上回|超え|超過)"
)
# What stands between a figure's name and its bound, and between a bound and the name it is put before.
_BESIDE = re.compile(r"額?(?:が|は|を|も|の)?、?(?:約|およそ|おおむね)?")
_BOUND_OF = re.compile(
    r"(?:以上|以下|未満|超|余り?|台)の|[をにも]?(?:超え|越え|上回|下回|達し|達す|満た|届か|及|切|割)[^、事業額率]{0,6}[るたい]"
)
_ARTICLE = re.compile(r"\s*(?:a|an|the)?\s*")
# 「足すと24,592千円になりますか」 bounds nothing.
_SUPPOSED = re.compile(
    r"単位|(?:に(?:なり|なる|なって(?!い(?:る|た)(?:の|[^、。?？]{0,16}(?:事業|もの|取組))))|で(?:合っ|間違い)|と(?:合い|合う|合って|一致))"
)
_LEFT_AFTER = re.compile(
    r"^(?:以上|以下|未満|超|を超えて|を超え|を超える|を上回って|を上回る|より多い|より多く|もの|くらい|ほど)?(?:[がをもの]|の額が)?(?:予算額?[がを]|お金[がを])?(?:使い残|余|残し|残っ|残り|残る)"
)
_LEFT_BEFORE = re.compile(rf"{_BUDGET}(?:の|を|より|から)[^、]{{0,14}}(?:使い残|余|残し|残った|残って|下回|少なく)")
_THAN = re.compile(r"^(?:の[^、]{1,6}?)?より(?:も)?([^、]{0,10}?)(?:(多|高|大き|上)|(少な|低|小さ|下))")


def between_columns(draft: Draft) -> bool:
    """「決算と予算の差」 is the difference column, not a comparison of years."""
    return _BETWEEN_COLUMNS.search(draft.folded) is not None


def conditions_of(draft: Draft, metrics: tuple[Metric, ...]) -> tuple[Condition, ...]:
    """Every bound that the question sets on a figure, amounts first, then fixed phrases (使い切った, 予算オーバー)."""
    conditions = [*_amount_conditions(draft, metrics), *_reference_conditions(draft, metrics)]
    both = _BOTH_COLUMNS.search(draft.folded)
    if both is not None:
        # 「予算も決算も300万円台」: the bound is on each of the two columns.
        named: list[Metric] = [w.meaning for w in draft.of("metric") if both.start() <= w.start < both.end()]  # type: ignore[misc]
        conditions = [replace(c, metric=m) for m in dict.fromkeys(named) for c in conditions if c.unit == "yen"]
    phrases = _phrase_conditions(draft, metrics, conditions)
    if len(phrases) == len(conditions) == 1:
        phrase, bound = _phrase_and_amount_by_year(draft, phrases[0], conditions[0])
        phrases, conditions = [phrase], [bound]
    conditions.extend(phrases)
    return tuple(_by_year(draft, [*conditions, *_existing(draft)]))


def _amount_conditions(draft: Draft, metrics: tuple[Metric, ...]) -> list[Condition]:
    conditions: list[Condition] = []
    comparators = draft.of("comparator")
    used: set[int] = set()
    numbers = [_as_money(a) for a in draft.amounts]
    numbers = [a for a in numbers if a.kind in ("percent", "yen") or (a.kind == "number" and metrics)]
    numbers = [a for a, b in itertools.zip_longest(numbers, numbers[1:]) if b is None or not _said_again(draft, a, b)]
    numbers = [a for a in numbers if not _SUPPOSED.match(draft.folded[a.end :])]
    numbers = [a for a in numbers if not _told_in_bracket(draft, a)]
    # 「94.4%以下（94.4%ちょうどを含む）」
    numbers = [a for a in numbers if not _INCLUDED.match(draft.folded[a.end :])]
    alternative = 0
    bound_end: int | None = None
    ended: set[int] = set()
    left_out = left_out_by_bound(draft)
    for position, amount in enumerate(numbers):
        if position in ended:
            # The end of a range, told with its beginning.
            bound_end = amount.end
            continue
        if bound_end is not None and _are_alternatives(draft.folded[bound_end : amount.start]):
            alternative += 1
        following = next((w for w in comparators if 0 <= w.start - amount.end <= NEAR and w.start not in used), None)
        preceding = next(
            (
                w
                for w in comparators
                if w.end <= amount.start
                and (amount.start - w.end <= 2 or _ARTICLE.fullmatch(draft.folded[w.end : amount.start]))
                and w.start not in used
            ),
            None,
        )
        word = following or preceding
        bound_end = max(amount.end, word.end if word else 0)
        told = _remaining_share(draft, amount, word) or _over_budget(draft, amount, word)
        if told is not None:
            if word is not None:
                used.add(word.start)
            conditions.append(replace(told, alternative=alternative))
            continue
        metric = _metric_near(draft, amount, metrics)
        value, unit = amount.value, "percent" if metric == "execution_rate" else "yen"
        if amount.kind == "number" and unit == "yen" and amount.value:
            continue
        after = draft.folded[amount.end : amount.end + 2]
        if amount.kind == "number" and after.startswith(("位", "番", "つ", "件", "個", "本")):
            # 「3位まで」「3つまで」 cut a ranking.
            continue
        if after == "でも" and amount.value in _THE_LEAST:
            # 「1円でも余りが出た」, 「1円でも使った」
            if not draft.has("shorthand"):
                metric = "executed" if "executed" in metrics else metric
                conditions.append(Condition(metric, "gt", Decimal(0), unit, alternative))
            continue
        band = _BAND.match(draft.folded[amount.end :])
        if band is not None:
            width = Decimal(10) if unit == "percent" else _leading_unit(value)
            middle = value + width / 2
            lower, upper = (middle if band[1] else value), (middle if band[2] else value + width)
            conditions.append(Condition(metric, "ge", lower, unit, alternative))
            conditions.append(Condition(metric, "lt", upper, unit, alternative))
            continue
        between = draft.folded[amount.end : numbers[position + 1].start] if position + 1 < len(numbers) else ""
        if word is None and between and _RANGE.match(between):
            conditions.append(Condition(metric, "ge", value, unit, alternative))
            conditions.append(Condition(metric, "le", numbers[position + 1].value, unit, alternative))
            ended.add(position + 1)
            continue
        if word is not None:
            used.add(word.start)
            comparator = comparator_of(word)
            if DENIED.match(draft.folded[word.end :]):
                comparator = OPPOSITE[comparator]
        elif amount.kind == "number" and not _right_after_metric(draft, amount):
            continue
        else:
            comparator = _as_said(draft.folded[amount.end :])
            if comparator == "eq" and not _AS_IT_STANDS.match(draft.folded[amount.end :]):
                draft.unread = amount.printed + _UNREAD.match(draft.folded, amount.end).group()  # type: ignore[union-attr]
        if any(begin <= amount.start < stop for begin, stop in left_out):
            # 「執行率が50%未満の事業は除いて」
            comparator = OPPOSITE[comparator]
        conditions.append(Condition(metric, comparator, value, unit, alternative))
    return conditions


def _told_in_bracket(draft: Draft, amount: Amount) -> bool:
    """「地域活動協議会への支援（31,552千円）の割合は」: an amount that is told in passing bounds nothing."""
    told = _IN_BRACKET.findall(unicodedata.normalize("NFKC", draft.question))
    alone = any(amount.printed == inner for inner in told)
    next_word = next((w.start for w in draft.of("comparator") if w.start >= amount.end), None)
    return alone and not (next_word is not None and next_word - amount.end <= NEAR) and not draft.has("level")


def _as_said(rest: str) -> Comparator:
    """What a bound without a word of comparison means by what stands behind its amount."""
    if rest.startswith(("すら", "さえ")) or _NOT_REACHED.match(rest):
        # 「2割すら執行できていない」
        return "lt"
    if rest.startswith("も"):
        # 「500万円もある」 is much, 「5割も使っていない」 little.
        return "ge" if _SO_MUCH.match(rest) else "lt"
    if rest.startswith("を") and _UNUSED.match(rest):
        # 「予算の半分を使っていない」
        return "lt"
    if rest.startswith("しか"):
        return "le"
    if DENIED.match(rest.removeprefix("ちょうど")):
        return "ne"
    if _SHORT_OF.match(rest):
        return "lt"
    if _ATTAINED.match(rest):
        return "ge"
    # It is meant as it stands: 「執行率が100%だった」.
    return "eq"


def _said_again(draft: Draft, amount: Amount, following: Amount) -> bool:
    """「4分の1（25%）」: one bound, written twice."""
    same = (amount.kind, amount.value) == (following.kind, following.value)
    return same and draft.folded[amount.end : following.start] in (
        "",
        "、",
        "、つまり",
        "つまり",
        "すなわち",
        "、すなわち",
        "=",
    )


def _are_alternatives(between: str) -> bool:
    """Whether 「か」 or 「または」 stands between one bound and the next: 「50%未満か100%超」."""
    match = _OR.match(between)
    return bool(match and _OR_WORD.search(match.group()))


def comparator_of(word: Word) -> Comparator:
    assert word.meaning in get_args(Comparator), word  # the file's keys are checked by a test
    return word.meaning  # type: ignore[return-value]


def _remaining_share(draft: Draft, amount: Amount, word: Word | None) -> Condition | None:
    """「100万円以上余った」 bounds what is left; 「2割以上が残った」 bounds the rate from the other side."""
    if amount.kind not in ("percent", "yen") or _of_two_years(draft):
        return None
    rest = draft.folded[amount.end :]
    before = draft.folded[: amount.start]
    of_rate = re.search(r"(?:執行率|消化率)[はがを]?$", before) is not None
    left = (_LEFT_AFTER.match(rest) and not of_rate) or (
        any(m.start() < amount.start < m.end() for m in _LEFT_BEFORE.finditer(draft.folded))
        and not re.search(r"(?:執行率|消化率|決算額?|執行額)[はがを]?$", before)
    )
    if not left:
        return None
    comparator = comparator_of(word) if word else "ge"
    if word and word.meaning == "lt" and re.match(r".?下回", draft.folded[word.start - 1 :]):
        # 「予算を2割以上下回った」: the word of comparison is the falling short itself.
        comparator = "ge"
    if re.match(r"以上", rest):
        comparator = "ge"
    if amount.kind == "yen":
        return Condition("difference", comparator, amount.value, "yen")
    return Condition("execution_rate", _MIRRORED[comparator], 100 - amount.value, "percent")


def _over_budget(draft: Draft, amount: Amount, word: Word | None) -> Condition | None:
    """「予算を1割以上オーバー」: a bound on how far spending is above the budget."""
    if _of_two_years(draft):
        return None
    behind = _OVER_AFTER.match(draft.folded, amount.end)
    if behind is not None and amount.kind == "yen":
        # 「20万円を超える予算オーバー」
        least: Comparator = "gt" if behind["over"] else "ge"
        return Condition("difference", _MIRRORED[least], -amount.value, "yen")
    match = _OVER.search(draft.folded)
    if match is None or not match.start() < amount.start < match.end() or amount.kind not in ("percent", "yen"):
        return None
    told = draft.folded[amount.end : amount.end + 3]
    comparator: Comparator = "ge"
    for sign, meaning in (("超", "gt"), ("未満", "lt"), ("以下", "le"), ("以内", "le")):
        if told.startswith(sign):
            comparator = meaning  # type: ignore[assignment]
    if amount.kind == "yen":
        return Condition("difference", _MIRRORED[comparator], -amount.value, "yen")
    return Condition("execution_rate", comparator, 100 + amount.value, "percent")


def _of_two_years(draft: Draft) -> bool:
    """「令和5年度予算が令和4年度予算を100万円以上上回る」 sets two years against each other, and no spending."""
    return len(draft.year_spans) > 1 and draft.has("compare", "up", "down", "not_up", "not_down")


def _reference_conditions(draft: Draft, metrics: tuple[Metric, ...]) -> list[Condition]:
    """「平均を下回った」「Aより予算が多い事業」: bounds that are figures themselves, looked up in each year."""
    found: list[Condition] = []
    for word in draft.of("aggregate"):
        if word.meaning != "mean":
            continue
        reference = Reference("mean")
        condition = _against(draft, word.end, metrics, reference)
        if condition is not None:
            found.append(condition)
            draft.drop("aggregate", "mean")
    whole = re.search(r"全体の?(?:予算の?)?(?:執行率)", draft.folded)
    if whole:
        condition = _against(draft, whole.end(), ("execution_rate",), Reference("whole"))
        if condition is not None:
            found.append(condition)
    asks_rows = draft.has("level") or draft.has("aggregate", "count")
    if not found and len(draft.subjects) == 1 and asks_rows:
        subject = draft.subjects[0]
        condition = _against(draft, subject.end, metrics, Reference("row", subject.match))
        if condition is not None and not draft.folded[: subject.start].endswith(("は", "は、")):
            found.append(condition)
            draft.subjects.clear()
    if found:
        draft.drop("comparator")
        draft.drop("rank", "high", "low")
    return found


def _against(draft: Draft, end: int, metrics: tuple[Metric, ...], reference: Reference) -> Condition | None:
    """The bound whose other side ends at `end`, or None where nothing compares there."""
    rest = draft.folded[end:]
    rest_of_name = re.match(r"(?:[値額]|の(?:予算額?|決算額?|執行額|執行率|値))*", rest)
    skipped = rest_of_name.end() if rest_of_name else 0
    than = _THAN.match(rest[skipped:])
    if than is not None:
        comparator: Comparator = "gt" if than[2] else "lt"
    else:
        word = next((w for w in draft.of("comparator") if 0 <= w.start - end - skipped <= 2), None)
        if word is None:
            return None
        comparator = comparator_of(word)
    named = [w for w in draft.of("metric") if not w.meaning.startswith("indicator")]
    # 「予算が平均以下で執行率が平均以上」: the column named last before it.
    beside = [w for w in named if w.end <= end][-1:] or named[:1]
    metric: Metric = beside[0].meaning if beside else (metrics or ("budget",))[0]  # type: ignore[assignment]
    if than is not None and not named and than.group()[-1] in "高低":
        metric = "execution_rate"
    return Condition(
        metric, comparator, Decimal(0), "percent" if metric == "execution_rate" else "yen", reference=reference
    )


def _phrase_conditions(draft: Draft, metrics: tuple[Metric, ...], before: list[Condition]) -> list[Condition]:
    """使い切った, 予算オーバー, 手つかず, 余った: bounds that a fixed phrase sets, beside those of written amounts.

    A phrase that an amount measures (10万円以上余った) sets no bound of its own.
    """
    if not before:
        return _phrase_alone(draft, metrics)
    ends = [w.end for w in draft.of("metric") if w.meaning == "difference"]
    named = stands_beside(draft, ends, [a.start for a in draft.amounts])
    if any(c.metric == "difference" for c in before) and not (
        named and draft.has("shorthand", "over_budget", "used_up")
    ):
        left = draft.has("shorthand", "left_over") and before[0].metric == "difference"
        lower = any(c.comparator in ("gt", "ge", "eq") for c in before)
        return [Condition("difference", "gt", Decimal(0), "yen")] if left and not lower else []
    amounts = written_figures(draft)
    if not amounts or any(_remaining_share(draft, a, None) or _over_budget(draft, a, None) for a in amounts):
        return []
    if any(_measures(draft, amount) for amount in amounts):
        return []
    phrases = _phrase_alone(draft, metrics)
    return [replace(p, alternative=n) for n in dict.fromkeys(c.alternative for c in before) for p in phrases]


def _measures(draft: Draft, amount: Amount) -> bool:
    """Whether a phrase stands right behind an amount, which then says how much: 「予算が50万円以上余った」."""
    return any(
        0 <= word.start - amount.end <= NEAR and not re.search("[、で]", draft.folded[amount.end : word.start])
        for word in draft.of("shorthand")
    )


def _phrase_alone(draft: Draft, metrics: tuple[Metric, ...]) -> list[Condition]:
    """What a fixed phrase bounds, turned round where the rows that it picks are left out (手つかずの事業は除いて)."""
    stretches = left_out_by_bound(draft)
    inside = {w.start for w in draft.of("shorthand") if any(begin <= w.start < stop for begin, stop in stretches)}
    if not inside:
        return _of_phrase(draft, metrics)
    # 「使い切った事業（はみ出したものは除く）」: the one picks, the other is left out.
    picking = replace(draft, words=[w for w in draft.words if w.family != "shorthand" or w.start not in inside])
    leaving = replace(draft, words=[w for w in draft.words if w.family != "shorthand" or w.start in inside])
    left_out = [replace(c, comparator=OPPOSITE[c.comparator]) for c in _of_phrase(leaving, metrics)]
    return [*_of_phrase(picking, metrics), *left_out]


def _of_phrase(draft: Draft, metrics: tuple[Metric, ...]) -> list[Condition]:
    has = draft.has
    if has("shorthand", "used_up"):
        return [Condition("difference", "eq", Decimal(0), "yen")]
    if has("shorthand", "over_budget"):
        denied = any(
            w.meaning == "over_budget" and _OVER_DENIED.match(draft.folded[w.end :]) for w in draft.of("shorthand")
        )
        # 「予算を上回らなかった事業」
        return [Condition("difference", "ge" if denied else "lt", Decimal(0), "yen")]
    beside_budget = "budget" in metrics and has("level") and not draft.amounts and not has("compare", "compare")
    if beside_budget and has("comparator", "gt"):
        # 「予算を上回って支出した事業」
        return [Condition("difference", "lt", Decimal(0), "yen")]
    if has("shorthand", "zero"):
        metric = next((m for m in metrics if m != "budget"), None) or _zero_of(draft)
        return [Condition(metric, "eq", Decimal(0), "percent" if metric == "execution_rate" else "yen")]
    if has("shorthand", "left_over"):
        return [Condition("difference", "gt", Decimal(0), "yen")]
    return []


def _existing(draft: Draft) -> list[Condition]:
    """「残額がある事業」「執行額が出た事業」「不用額のなかった事業」: whether there is any."""
    found = []
    for word in draft.of("metric"):
        match = _EXISTS.match(draft.folded[word.end :]) if word.meaning in _LEFT_OR_SPENT else None
        if match is not None:
            found.append(Condition(word.meaning, "eq" if match["none"] else "gt", Decimal(0), "yen"))  # type: ignore[arg-type]
    return found


def _zero_of(draft: Draft) -> Metric:
    """「予算額がゼロの事業」 bounds the budget; nothing else that is zero is more than what was spent."""
    # 「予算が1円も動かない」 is no budget of zero.
    zeros = [w.start for w in draft.of("shorthand") if w.text == "ゼロ"]
    budgets = [w.end for w in draft.of("metric") if w.meaning == "budget"]
    return "budget" if stands_beside(draft, budgets, zeros) else "executed"


def _phrase_and_amount_by_year(draft: Draft, phrase: Condition, bound: Condition) -> tuple[Condition, Condition]:
    """「令和4年度は予算を超えたが、令和5年度は50%未満」: the phrase and the amount each of the year before it."""
    words = [w.start for w in draft.of("shorthand")]
    numbers = [a.start for a in written_figures(draft)]
    if len(words) != 1 or len(numbers) != 1:
        return phrase, bound
    years = []
    for at in (words[0], numbers[0]):
        spans = [span for span in draft.year_spans if span[1] <= at]
        years.append(max(spans)[2] if spans else None)
    if None in years or years[0] == years[1]:
        return phrase, bound
    return replace(phrase, year=years[0]), replace(bound, year=years[1])


def _by_year(draft: Draft, conditions: list[Condition]) -> list[Condition]:
    """「令和4年度は50%未満で令和5年度も50%未満」: each bound belongs to the year written before it."""
    numbers = written_figures(draft)
    if len(conditions) < 2 or len(numbers) != len(conditions) or len({c.alternative for c in conditions}) > 1:
        return conditions
    years = []
    for amount in numbers:
        spans = [span for span in draft.year_spans if span[1] <= amount.start]
        years.append(max(spans)[2] if spans else None)
    if None in years or len(set(years)) < 2:
        return conditions
    return [replace(c, year=year) for c, year in zip(conditions, years, strict=True)]


def _metric_near(draft: Draft, amount: Amount, metrics: tuple[Metric, ...]) -> Metric:
    """The metric that an amount bounds: the last one named before it that fits its unit, else the unit's own."""
    fitting = [
        w
        for w in draft.of("metric")
        if (w.meaning == "execution_rate") == (amount.kind in ("percent", "number"))
        and not w.meaning.startswith("indicator")
    ]
    if amount.kind == "number":
        # 「差引が0」
        fitting.extend(w for w in draft.of("metric") if 0 <= amount.start - w.end <= 1 and w not in fitting)
    before = [w for w in fitting if w.end <= amount.start]
    beside = stands_beside(draft, [w.end for w in before[-1:]], [amount.start])
    behind = next(
        (w for w in fitting if _BOUND_OF.fullmatch(draft.folded[amount.end : max(w.start, amount.end)])), None
    )
    if behind is not None and behind.start >= amount.end and not beside:
        # 「決算で100万円を超える不用額」
        return behind.meaning  # type: ignore[return-value]
    chosen = before[-1] if before else fitting[0] if fitting else None
    if chosen is not None:
        return chosen.meaning  # type: ignore[return-value]
    if amount.kind == "yen" and (draft.has("spent") or draft.has("shorthand", "zero") or metrics == ("executed",)):
        return "executed"
    return "execution_rate" if amount.kind in ("percent", "number") else "budget"


def columns_compared(folded: str) -> Condition | None:
    """「決算額が予算額より多い」: one column against another is a bound on their difference."""
    if _SAME.search(folded):
        return Condition("difference", "eq", Decimal(0), "yen")
    if _MORE_THAN_BUDGET.search(folded):
        return Condition("difference", "lt", Decimal(0), "yen")
    for sign, comparator in _SIGNS:
        if sign.search(folded):
            return Condition("difference", comparator, Decimal(0), "yen")
    for pattern, spent_first in _COLUMNS:
        match = pattern.search(folded)
        if match is None:
            continue
        if not _SPENT_NAMED.search(folded) and re.search(_BUDGET, folded[: match.start()]):
            # 「Aの予算はBの予算より多い」: one column of two things.
            continue
        rest = folded[match.start() : match.end() + 4]
        more = re.search(_MORE, rest[len(match.group()) - 3 :]) is not None
        less = re.search(_LESS, rest[len(match.group()) - 3 :]) is not None
        if more == less:
            continue
        return Condition("difference", "lt" if more == spent_first else "gt", Decimal(0), "yen")
    return None


def _leading_unit(value: Decimal) -> Decimal:
    """The width of a band such as 300万円台: one of the last written digit."""
    digits = value.normalize()
    exponent = digits.as_tuple().exponent
    return Decimal(10) ** (exponent if isinstance(exponent, int) else 0)


def _right_after_metric(draft: Draft, amount: Amount) -> bool:
    """「執行率が100」: a bare number right behind the rate's name is in percent. 「執行額が0」 needs no unit."""
    named = [w for w in draft.of("metric") if w.meaning == "execution_rate" or amount.value == 0]
    return any(0 <= amount.start - w.end <= 1 for w in named)


def without_unit(draft: Draft) -> bool:
    """「予算が5000を超える事業」: a bound on money of which nobody can tell whether it is in 円 or in 千円."""
    money = [w.end for w in draft.of("metric") if w.meaning in _MONEY]
    bounds = [w.start for w in draft.of("comparator")]
    return any(
        amount.kind == "number"
        and _DIGITS.fullmatch(amount.printed) is not None
        and 0 < amount.value < _SURELY_YEN
        and stands_beside(draft, money, [amount.start])
        and any(draft.folded[amount.end : start] in ("", "を", "に") for start in bounds if start >= amount.end)
        for amount in draft.amounts
    )


def _as_money(amount: Amount) -> Amount:
    """「500万以上」 without 円 is money: no rate is written with 万 or in thousands."""
    if amount.kind == "number" and abs(amount.value) >= 1000:
        return replace(amount, kind="yen", unit="yen")
    return amount


def written_figures(draft: Draft) -> list[Amount]:
    """The amounts of money and the rates that a question gives, in its order."""
    return [a for a in map(_as_money, draft.amounts) if a.kind in ("percent", "yen")]


def stands_beside(draft: Draft, ends: Iterable[int], starts: Sequence[int]) -> bool:
    """Whether one of the places begins right behind one of the names that end there: 「予算額が」50万円."""
    return any(_BESIDE.fullmatch(draft.folded[end:start]) for end in ends for start in starts if end <= start)
