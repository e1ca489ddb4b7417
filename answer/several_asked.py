"""A question of several selections or sums (AとBの事業をそれぞれ, Aは？Bは？) as one question for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from answer.joined import joined
from answer.types import Answer, Computation, Operation, Plan
from answer.values import number_text
from ingest.amounts import half_width

How = Literal["each", "which", "gap"]

# What rows, or sums over rows, are named by.
_ROWS = r"(?:細事業|事業|もの|取組|取り組み|指標|項目|課|柱|部署|分野)"
# What rows are picked by ends so; 「地域振興課と総務課」 picks none.
_PICKED = r"(?<=[たるいのなく])|(?<=新規)|(?<=終了)|(?<=廃止)|(?<=達成)|(?<=最大)|(?<=最小)"
_SUMS = r"(?:事業の?件?数|件数|(?:合計|総|平均)(?:予算|決算|執行|差引|金)?(?:額|率)?)"
_HEAD = rf"(?:(?:{_PICKED}){_ROWS}|{_SUMS})"
# A row's own column may be asked for: 「Aの事業の予算」.
_BEHIND = r"(?:の(?:予算|決算|執行|差引|不用)[^、とや]{0,3})?"
_AND = r"(?:と|、?および|、?及び|、?ならびに|、?並びに|、?それと)、?"
_COORDINATED = re.compile(rf"(?P<head>{_HEAD}){_BEHIND}(?P<and>{_AND})(?=.)")
_SECOND = re.compile(
    rf"(?P<b>.*?(?<!こ)(?<!そ)(?<!あ){_HEAD}{_BEHIND})(?P<tail>(?:[はをのでがに、。?？]|それぞれ|各々|とで|って|教え|\s|$).*)$"
)
# 「上位3つと下位3つ」, 「上位と下位3件ずつ」
_PLACES = r"(?:上位|下位|トップ|ベスト|ワースト)"
_BOTH_ENDS = re.compile(
    rf"(?P<a>{_PLACES})(?P<n>\d+)?(?P<unit>つ|件|位|事業|個)?(?:まで)?と、?(?P<b>{_PLACES})の?(?P<m>\d+)(?P<other>つ|件|位|事業|個)?(?:まで)?(?:ずつ)?"
)
# 「90%以上と50%未満の事業をそれぞれ」
_BOUND = r"\d[\d,.]*(?:%|割|万円|千円|億円|円)(?:以上|以下|未満|超|台)"
_TWO_BOUNDS = re.compile(
    rf"(?P<a>{_BOUND})(?:の?{_ROWS})?と、?(?P<b>{_BOUND})(?P<rows>の?{_ROWS})?(?P<tail>.*(?:それぞれ|各々|どちら|どっち).*)$"
)
# 「80%以上、50~80%、50%未満に分けると何件ずつ」
_RANGE = r"\d[\d,.]*(?:%|割|万円|千円|億円|円)?(?:以上|から|~|〜|～|-)\d[\d,.]*(?:%|割|万円|千円|億円|円)(?:未満|以下)?"
_SEVERAL_BOUNDS = re.compile(
    rf"(?P<before>.*?)(?P<list>(?:{_RANGE}|{_BOUND})(?:(?:と|、|・|/){{1,2}}(?:{_RANGE}|{_BOUND})){{2,}})(?:の?(?P<rows>事業|もの))?[^。]*(?:分け|それぞれ|ずつ)"
)
# 「予算より決算が多い事業と少ない事業」: both are of what stands before.
_ADJECTIVE = r"(?:多|少な|高|低|大き|小さ)い"
_TWO_SIDES = re.compile(
    rf"(?P<before>.*より[^、。]*?)(?P<a>{_ADJECTIVE}の?{_ROWS})と、?(?P<b>{_ADJECTIVE}の?{_ROWS})(?P<tail>.*)$"
)
# 「予算の平均と、それを上回る事業」
_MEAN_AND = re.compile(
    r"(?P<of>.*?)の?平均(?P<as>額|値)?と、?(?:それ|その(?:平均)?(?:額|値)?|平均(?:額|値)?)(?P<bound>(?:を|より|以上|以下|未満).*)$"
)
# 「80%未満の事業は何件あり、残額の合計はいくらですか」
_NUMBER_AND = re.compile(
    rf"(?P<of>.*(?:{_ROWS}|(?<=[たるい])の))(?:は|って|が)、?(?:全部で|合わせて)?(?P<many>何(?:件|事業|個|つ)|いくつ)(?:です|ある|あり|あった|ありまし)?(?:か|た)?(?:で|あって|あり|て|、|。|か)+"
    rf"(?:また|そして|それらの|その|それぞれの)?、?(?P<sum>.*(?:合計|総額|平均|合わせ)[^。]*)$"
)
# Rows that changed, came new or went are added up by what changed of them.
_OF_CHANGE = re.compile("増え|減っ|増加|減少|伸び|新し|新た|新規|なくな|廃止|終了")
# 「事業数と予算合計と平均執行率」
_COLUMN = "(?:予算|決算|執行|差引|不用|残)"
_PIECE = (
    rf"(?:事業の?件?数|件数|{_COLUMN}額?の?(?:合計|総)額?|(?:合計|総|平均){_COLUMN}?(?:額|率)?"
    rf"|{_COLUMN}(?:額|率)?の?平均(?:額|値)?)"
)
_PIECES = re.compile(
    rf"^(?P<of>.*?)(?P<list>{_PIECE}(?:(?:と|、|・|および|及び|ならびに|並びに)+{_PIECE}){{2,}})"
    r"(?P<tail>(?:[はを、。?？]|について|それぞれ|教え|\s|$).*)$"
)
# 「令和4年度のAと令和5年度のBの予算はいくら違う」
_YEAR = r"(?:令和|平成|[RrHh])?[\d元]{1,4}年?度?"
_OF_TWO_YEARS = re.compile(
    rf"^(?P<a>{_YEAR}の?、?[^、。]{{3,40}}?)(?:と|より)、?(?P<b>{_YEAR}の?[^、。]{{3,40}}?)の(?P<column>予算|決算|執行)(?P<as>額|率)?"
    r"(?:は|の|を|では|で|と)、?(?:どちら|どっち|いくら|どれだけ|どれくらい|どのくらい|何円|比べ|差|違い)"
)
_SENTENCES = re.compile(r"(?<=[?？。])(?:また|そして|それから|あと|さらに|次に|加えて)?、?\s*")
# A remark is no question of its own, nor is a bracket behind one.
_QUESTION = re.compile(r"^[^（(].*(?:[?？]|か[。?？]?)\s*$")
_MOST = 4
_EACH = re.compile(r"(?:それぞれ|各々|おのおの)(?:の|を|で|に|、)?|(?<=[数計均])?ずつ")
_WHICH = re.compile(
    r"(?:とで)?(?:は|では|で)?、?(?:数は|件数は|件数が|数が)?、?"
    r"(?:どちら|どっち)(?:の方|のほう)?[がは]?、?(?:何(?:件|事業)|いくつ)?(?:多|少な)"
)
# Of what the selections have together, or of the one set against the other, no single answer tells.
_TOGETHER = re.compile(
    "合わせ|あわせ|両方|共通|どちらにも|どちらも|いずれ|重な|差|違い|比べ|比較|足し|同じ|どちら|どっち|比率|除|以外|抜い|引い"
)
_SELECTING: frozenset[Operation] = frozenset(
    ("filter", "rank", "sum", "mean", "count", "share", "change", "new", "vanished", "indicators")
)
_ONLY_SUMS: frozenset[Operation] = frozenset(("sum", "mean", "count", "share"))


@dataclass(frozen=True, slots=True)
class SeveralAsked:
    """Questions of which each continues the ones before it, and whether their numbers of rows are set against each
    other.
    """

    questions: tuple[str, ...]
    how: How = "each"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asks: one plan, or several of which each is answered for itself; `picks` is the plan that
    finds the rows which the one is asked of.
    """

    plans: tuple[Plan, ...]
    how: How = "each"
    picks: Plan | None = None


def several_asked(question: str) -> Iterator[SeveralAsked]:
    """The ways in which a question may be several; whether it is, only their plans tell.

    >>> next(several_asked("令和4年度の執行率が100%を超えた事業と30%未満の事業をそれぞれ教えて")).questions
    ('令和4年度の執行率が100%を超えた事業を教えて', '30%未満の事業を教えて')
    """
    text = half_width(question)
    sentences = [s for s in _SENTENCES.split(text) if s.strip()]
    if len(sentences) > 1:
        if len(sentences) <= _MOST and all(_QUESTION.search(s) for s in sentences):
            yield SeveralAsked(tuple(sentences))
        return
    years = _OF_TWO_YEARS.match(text)
    if years is not None:
        column = f"{years['column']}{years['as'] or ''}"
        first = years["a"].removesuffix(f"の{column}").removesuffix(f"の{years['column']}")
        yield SeveralAsked((f"{first}の{column}は", f"{years['b']}の{column}は"), "gap")
        return
    mean = _MEAN_AND.match(text)
    if mean is not None:
        yield SeveralAsked((f"{mean['of']}の平均{mean['as'] or ''}は", f"{mean['of']}が平均{mean['bound']}"))
        return
    number = _NUMBER_AND.match(text)
    if number is not None and not _OF_CHANGE.search(number["of"]):
        of = re.sub("(?<=[たるい])の$", "もの", number["of"])
        yield SeveralAsked((f"{of}は{number['many']}", f"{of}の{number['sum']}"))
        return
    pieces = _PIECES.match(text)
    if pieces is not None:
        yield SeveralAsked(tuple(f"{pieces['of']}{piece}は" for piece in re.findall(_PIECE, pieces["list"])))
        return
    sides = _TWO_SIDES.match(text)
    if sides is not None:
        yield from _tailed("", (sides["before"] + sides["a"], sides["before"] + sides["b"]), sides["tail"])
        return
    ends = _BOTH_ENDS.search(text)
    if ends is not None:
        first, last = text[: ends.start()], text[ends.end() :]
        unit = ends["unit"] or ends["other"] or "件"
        counted = ((ends["a"], ends["n"] or ends["m"]), (ends["b"], ends["m"]))
        yield SeveralAsked(tuple(f"{first}{place}{number}{unit}{last}" for place, number in counted))
        return
    several = _SEVERAL_BOUNDS.search(text)
    if several is not None:
        before = re.sub(r"(?:の)?事業を、?", "の", several["before"])
        before = re.sub(r"(率|額|予算|決算|執行)[でをは]?、?$", r"\1が", before)
        parts = re.findall(rf"{_RANGE}|{_BOUND}", several["list"])
        yield SeveralAsked(tuple(f"{before}{piece}の事業は何件" for piece in parts))
        return
    bounds = _TWO_BOUNDS.search(text)
    if bounds is not None:
        rows = bounds["rows"] or "の事業"
        yield from _tailed(text[: bounds.start()], (bounds["a"] + rows, bounds["b"] + rows), bounds["tail"])
        return
    for match in _COORDINATED.finditer(text):
        second = _SECOND.match(text, match.end())
        if second is not None:
            # 「予算の合計と平均」: of the same.
            of_same = re.fullmatch(_SUMS, second["b"]) and re.fullmatch(_SUMS, match["head"])
            shared = text[: match.start("head")] if of_same else ""
            yield from _tailed(shared, (text[len(shared) : match.start("and")], second["b"]), second["tail"])


def _tailed(before: str, things: Sequence[str], tail: str) -> Iterator[SeveralAsked]:
    """A question for each of the things; what stands before them is of all."""
    if _WHICH.match(tail):
        yield SeveralAsked(tuple(f"{before}{thing}は何件ですか" for thing in things), "which")
    elif not _TOGETHER.search(tail):
        rest = _EACH.sub("", tail)
        yield SeveralAsked(tuple(f"{before}{thing}{rest}" for thing in things))


def filled(plan: Plan, first: Plan) -> Plan:
    """A later part of a question, with the years, places and scope that its first part names for both."""
    scoped = plan.of_scope or plan.subjects
    return replace(
        plan,
        years=plan.years or first.years,
        group_by=plan.group_by or first.group_by,
        places=plan.places or first.places,
        place_words=plan.place_words or first.place_words,
        phases=plan.phases or (first.phases if not plan.years else ()),
        departments=plan.departments if scoped else first.departments,
        pillars=plan.pillars if scoped else first.pillars,
        categories=plan.categories if scoped else first.categories,
    )


def tells_both(whole: Plan) -> bool:
    """Whether one plan tells what could be taken for two questions: 「予算が最も多い事業と最も少ない事業」."""
    return bool(whole.both_ends or whole.columns or whole.also_moved or whole.among or whole.counted_against)


def stand_apart(asked: SeveralAsked, plans: Sequence[Plan]) -> bool:
    """Whether each of the plans selects or adds up rows of its own."""
    if all(p.operation == "counts" for p in plans):
        # 「地区センターでは何回？区役所では？」
        return all(p.continued for p in plans[1:])
    if asked.how == "gap":
        # Of one thing in two years the change is told.
        alone = all(p.operation == "lookup" and len(p.subjects) == 1 and len(p.years) == 1 for p in plans)
        return alone and plans[0].years != plans[1].years and plans[0].subjects != plans[1].subjects
    if any(p.operation not in _SELECTING or p.unclear for p in plans):
        return False
    if any(p.operation == "indicators" and p.achieved is None for p in plans):
        return False
    if any(p.years for p in plans[1:]) and not plans[0].years:
        # 「何ですか。令和4年度と5年度の比較ですか」: a year said last is of all.
        return False
    if any(p.operation == "change" and (p.subjects or not p.direction or (p.of_scope and not p.picks)) for p in plans):
        # 「Aは増えた？減った？」, 「いくら減りましたか」, 「魅力づくりの柱は増えた？減った？」
        return False
    if asked.how == "which":
        return all(p.operation in ("count", "change", "new", "vanished", "filter") for p in plans)
    picked = [_pick(p) for p in plans]
    return len(set(picked)) == len(picked)


def each_told(answers: Sequence[Answer], how: How) -> Answer:
    """One answer of the answers to each; what one of them lacks is told under its title."""
    told = [answer for answer in answers if answer.status == "answered"]
    titles = [answer.interpreted for answer in answers]
    lead, computation = "", None
    counts = [_rows_told(answer) for answer in answers]
    if how == "which" and len(told) == len(answers) == 2:
        left, right = counts
        gap = abs(left - right)
        more = titles[0] if left > right else titles[1]
        lead = f"「{more}」の方が{gap}件多いです" if gap else "同じ件数です"
        lead += f"（{left}件 と {right}件、差は計算値）。"
        considered = sum(a.computation.considered for a in answers if a.computation)
        computation = Computation("compare", "件数の比較", considered, left + right, (), Decimal(gap), "件")
    if how == "gap" and (found := _gap_of_two(told)) is not None:
        lead, computation = found
    whole = joined(answers, titles, lead)
    first = (told or answers)[0]
    return replace(
        whole, interpreted="／".join(titles), status=first.status, reason=first.reason, computation=computation
    )


def _gap_of_two(told: Sequence[Answer]) -> tuple[str, Computation] | None:
    """Which of two printed figures is the greater and by how much; None where each answer tells not just one."""
    if len(told) != len([f for a in told for f in a.figures]) or len(told) != 2:
        return None
    (left,), (right,) = (answer.figures for answer in told)
    if left.unit != right.unit or left.unit not in ("yen", "percent"):
        return None
    gap, unit = abs(left.value - right.value), "point" if left.unit == "percent" else left.unit
    more = told[0] if left.value > right.value else told[1]
    amount = f"{gap}ポイント" if unit == "point" else number_text(gap, unit)
    which = "高い" if unit == "point" else "多い"
    lead = f"「{more.interpreted}」の方が{amount}{which}です（差は計算値）。" if gap else "同じです。"
    return lead, Computation("compare", "二つの数字の差", 2, 2, (), gap, unit)


def _rows_told(answer: Answer) -> int:
    """How many rows an answer tells; a row that changed stands in it once for each year."""
    told = answer.computation
    if told is None:
        return 0
    return int(told.value) if told.unit == "件" and told.value is not None else told.matched


def _pick(plan: Plan) -> tuple[object, ...]:
    """What a plan selects by, or adds up."""
    metrics = plan.metrics if plan.operation in (*_ONLY_SUMS, "rank") else ()
    bounds = (plan.conditions, plan.change_bounds, plan.direction, plan.achieved)
    return (plan.operation, metrics, plan.descending, plan.limit, plan.positions, plan.group_by, *bounds)
