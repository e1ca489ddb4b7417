"""What must not be answered as it was read: guessing it would give a wrong number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.bounds import without_unit
from answer.draft import Draft, blank
from answer.groups import moves_departments
from answer.ranking import asks_position
from answer.types import POINTERS, WITHOUT_UNIT, Condition, Plan
from answer.vocabulary import vocabulary
from answer.written_amounts import POINTS

_SUPERLATIVE = re.compile(r"(?:最も|もっとも|一番|いちばん)([一-鿿]?[ぁ-ん]{1,6}?(?:かった|い))(?=の|もの|事業|課|柱)")
_POINTER = re.compile(
    rf"(?:[^、]{{1,4}}、)?({'|'.join(POINTERS)})(?:だ|よ|ね|です)*(?:、|は|って|の|が|を|に)(?!うち|中)"
)
_CONTRAST = re.compile("[^、]{2,8}(?:のに|ものの|一方で?|けれども?|反面)")
_OVER_ROWS = frozenset(("lookup", "list", "breakdown", "sum", "mean", "count", "rank", "share"))
_NO_COMPARISON = frozenset(("まで", "under"))
_NUMBER_BEFORE = re.compile(r"[\d一二三四五六七八九十](?:[つ課人件か所本回%割]|事業)?$")
_OF_ROWS_BEHIND = re.compile("な?(?:細?事業(?!数|費)|もの|取組)")
# 「大規模な事業」, 「夏の事業」
_UNMEASURED = re.compile(
    r"(?<![一-鿿])((?:大規模|小規模|大型|小型|高額|低額|少額|多額|好調|不調|低調|順調|不振|優良|活発|盛況|人気|単年度|複数年度?|長期|短期"
    r"|夏季?|冬季?|春|秋|年末|年度末|年度初め|上半期|下半期)(?:的)?[なの])(?:細?事業(?!費)|取組)"
)
# What looks like a bound or a metric that we compute, and is another thing; guessing it would give a wrong number.
_BEYOND = (
    re.compile(r"[人口世帯民]1?(?:人|世帯)?(?:あたり|当たり)|(?:一|1)(?:人|世帯)(?:あたり|当たり)"),
    re.compile(r"(?:目標|予想|予測|想定|見込み?)(?:の)?(?:執行率|決算|執行額|消化率)"),
    # 「予算の1割以上を占める事業」: each row's own share of the whole.
    re.compile(
        r"(?:\d+|[一二三四五六七八九])(?:割|%)(?:以上|以下|未満|超|超え|強)?[^、。]{0,4}占め[^、。]{0,6}(?:事業|もの|課|柱|取組)"
    ),
    # 「予算が最も大きい事業を担当する課の事業は全部で何件」
    re.compile(r"(?:最も|もっとも|一番|いちばん|最[大小高低])[^、。]{0,12}事業を(?:担当|所管)する課[のがで]"),
    # 「Aの半分以上の事業」: a part of another row's figure; 「AとBを合わせるとCより」: a sum against a third.
    re.compile(
        r"(?:事業|費)の(?:半分|(?:\d+|[一二三四五六七八九])(?:割|%|倍))(?:以上|以下|未満|超|を[超下上])[^、。]{0,6}(?:事業|もの)"
    ),
    re.compile(r"合わせ(?:ると|て|た)[^。]{0,20}より"),
    re.compile(r"(?:事業|費)(?:に次(?:いで|ぐ)|の次に)[^、。]{0,6}(?:多|少|高|低|大き|小さ)"),
    # 「事業指標がない事業」: rows without indicators are not looked for.
    re.compile(r"指標(?:が|の)(?:な[いか]|無い|ありません)[^、。]{0,4}(?:事業|取組|もの)"),
    re.compile(r"中央値|標準偏差|分散"),
    re.compile(r"(?:月|四半期|週|日|係|班|年齢|男女)(?:ごと|別|毎)|[月日週]平均|(?<![23])\d年間"),
    re.compile(
        r"(?:か月|ヶ月|カ月|月|日|週間?|時間)(?:あたり|当たり)の?[^。]{0,8}(?:予算|決算|執行|金額|費|いくら|何円)"
    ),
    # 「執行率が約50%の事業」: how near is not said.
    re.compile(
        r"(?:約|およそ|おおよそ|ほぼ|だいたい)\d[\d,.]*(?:割|%|[億万千]?円)(?:の|だった|である)(?:細?事業|もの)"
    ),
    re.compile(r"(?:執行率|予算額?|決算額?)の目標"),
    # 「令和5年度の目標値が令和4年度の実績より高い指標」: one year's target against another's result.
    re.compile(
        r"目標(?:値|数)?(?:が|は|を)[^。]{0,14}年度[^。]{0,6}(?:実績|成果|結果|目標)[^。]{0,4}(?:より|を)[^。]{0,8}[いるた](?:指標|項目|もの|事業)"
    ),
    # 「参加者数が一番多かった事業」: sentences and indicators of many kinds print such numbers.
    re.compile(
        r"(?:者数|人数|回数|部数|個数|台数|枚数)(?:が|の)(?:最も|一番|いちばん|もっとも)[^、。]{0,6}(?:事業|もの|イベント|講座|取組)"
    ),
    re.compile(r"細事業(?:の数)?(?:が|の)(?:最も|一番|いちばん|もっとも)(?:多|少)"),
    re.compile(r"(?:とみな|と見な|扱いと?し|として扱)[^、。]{0,6}(?:て|くださ|下さ)"),
    re.compile(r"(?:約|およそ)\d+(?:割|%)[」』]?と(?:書|報|言|いう|いえ)"),
    re.compile(r"繰り?越|見送られ|来年度も続"),
    re.compile(r"(?:廃止|終了|なくなる|無くなる)(?:される|する|する予定|予定)"),
)


def unclear_of(draft: Draft, previous: Plan | None) -> str:
    """The words for which the question must not be answered as it was read; empty where there are none."""
    unclear = _beyond_us(draft) or _miscounted(draft) or _crossed(draft)
    unclear = unclear or (WITHOUT_UNIT if without_unit(draft) else "")
    if previous is None and not (draft.subjects or draft.departments or draft.pillars or draft.categories):
        pointer = _POINTER.match(draft.folded)
        unclear = unclear or (pointer[1] if pointer and not draft.topics else "")
    return unclear


_MEAN_OF_MEANS = re.compile(r"平均[^、。]{0,8}[はが]、?[^、。]{0,8}全体の平均")


def unread_comparison(draft: Draft, plan: Plan) -> str:
    """The word that compares rows with something, where nothing of the plan does: all rows would be told instead."""
    points = next((a.printed for a in draft.amounts if a.kind == "percent" and POINTS.search(a.printed)), "")
    if points and plan.conditions and not (plan.change_bounds or any(m.bounds for m in plan.also_moved)):
        # Points are of a difference; read as a rate they would bound another thing.
        return points
    if _contradict(plan.conditions):
        return "、".join(a.printed for a in draft.amounts if a.kind in ("percent", "yen"))
    if plan.operation == "share" and plan.limit and plan.metrics == ("execution_rate",):
        # 「不用額が出た事業のうち、上位5つで全体の何%」: of what they are a share is not said.
        return f"上位{plan.limit}件の割合"
    if plan.operation == "filter" and not draft.has("level") and _MEAN_OF_MEANS.search(draft.folded):
        # 「地域振興課の平均執行率は全体の平均より高い？」 asks of two means, and of no rows.
        return "全体の平均"
    loosely = _loosely_bounded(draft, plan)
    if loosely:
        return loosely
    if plan.operation == "change" and not plan.departments_moved and moves_departments(draft):
        # 「予算が増えたのに担当課が変わった事業」
        return "担当課が変わった"
    if plan.operation == "change":
        return _second_change(draft, plan)
    bounded = plan.conditions or plan.change_bounds or plan.columns or plan.parts or plan.among or plan.direction
    if bounded or plan.subjects or not draft.has("level") or plan.operation not in _OVER_ROWS:
        return ""
    words = (w for w in draft.of("comparator") if w.text not in _NO_COMPARISON)
    # 「2つ以上の課が担当する事業」
    return next((w.text for w in words if not _NUMBER_BEFORE.search(draft.folded[: w.start])), "")


def _loosely_bounded(draft: Draft, plan: Plan) -> str:
    """「予算の多い事業は何件」, 「大規模な事業の合計」: from where on is not said, and all rows were not asked for."""
    bounded = plan.conditions or plan.change_bounds or plan.limit or plan.positions or plan.subjects or plan.among
    if bounded or draft.amounts or plan.operation not in _OVER_ROWS:
        return ""
    computed = plan.operation in ("count", "sum", "mean", "share") and not draft.has("rank", "most", "least")
    adjectives = draft.of("rank") if computed and not plan.group_by else ()
    for word in adjectives:
        if word.meaning in ("high", "low") and _OF_ROWS_BEHIND.match(draft.folded, word.end):
            return draft.folded[word.start : word.end]
    match = _UNMEASURED.search(draft.folded)
    return match[1] if match is not None else ""


def _contradict(conditions: Sequence[Condition]) -> bool:
    """Whether no figure can keep all bounds: 「80%以上、50~80%、50%未満に分けると」 asks for three things."""
    for low in conditions:
        for high in conditions:
            same = (low.metric, low.year, low.alternative) == (high.metric, high.year, high.alternative)
            ends = low.comparator in ("ge", "gt") and high.comparator in ("le", "lt") and not low.reference
            if same and ends and not high.reference and low.value > high.value:
                return True
    return False


def _second_change(draft: Draft, plan: Plan) -> str:
    """「予算は増えたのに、執行率は低い事業」: how low is not said, and all that grew were not asked for."""
    contrast = _CONTRAST.search(draft.folded)
    if contrast is None or not plan.picks or plan.also_moved or plan.conditions or draft.amounts:
        return ""
    moves = {w.meaning for w in draft.of("compare") if w.meaning in ("up", "down", "not_up", "not_down")}
    compared = draft.has("rank", "high", "low") or draft.has("comparator")
    return contrast.group() if len(moves) > 1 or (moves and compared) else ""


def _miscounted(draft: Draft) -> str:
    """「A、B、Cの3事業」 of which not three were found: a sum over two of them would be wrong."""
    for amount in draft.amounts:
        if amount.unit == "事業" and len(draft.subjects) >= 2 and amount.value != len(draft.subjects):
            before = draft.folded[: amount.start]
            if any(0 <= amount.start - m.end <= 3 for m in draft.subjects) and before.endswith(("の", "、")):
                return amount.printed
    return ""


def _crossed(draft: Draft) -> str:
    """「Aの令和5年度予算はBの令和4年度決算より」: two things, each of its own year and column; none compares them."""
    years = sorted(draft.year_spans)
    if len(draft.subjects) != 2 or len(years) != 2 or not draft.columns:
        return ""
    first, second = sorted(draft.subjects, key=lambda m: m.start)
    crossed = first.end <= years[0][0] and years[0][1] <= second.start and second.end <= years[1][0]
    return draft.folded[second.start : years[1][1]] if crossed else ""


def _beyond_us(draft: Draft) -> str:
    """Words that ask for what no figure gives and no computation here makes; empty where there are none."""
    if draft.unread and draft.has("level") and not draft.subjects:
        return draft.unread
    text = draft.folded
    for mention in draft.accounts:
        # 繰越金 is a 款.
        text = blank(text, mention.start, mention.end)
    for pattern in _BEYOND:
        match = pattern.search(text)
        if match:
            return match.group()
    adjective = _SUPERLATIVE.search(draft.folded)
    known = adjective and (
        adjective[1] in vocabulary().meanings or any(w.start <= adjective.start(1) < w.end for w in draft.of("rank"))
    )
    if adjective and not known:
        # 「一番ちっちゃい」 in a word that is not known must not be read as the greatest.
        return adjective.group()
    if draft.labels and not draft.subjects:
        # An amount of another kind is told of one project; nothing is computed over it.
        return draft.labels[0]
    if "何位" in draft.folded and not (draft.subjects or asks_position(draft)):
        return "何位"
    return ""
