"""Which columns of the tables a question asks for (予算額, 決算額, 執行率, 事業指標), and of which phase."""

from __future__ import annotations

import re

from answer.draft import Draft
from answer.types import Plan
from answer.vocabulary import Word
from records import Metric, Phase

_AT_SETTLEMENT = re.compile(
    r"決算$|決算額?しか|決算額?(?:で|の時点|時点|では|における|において|ベース)|決算の(?:執行率|差引|残額|不用額)"
)
_GAP_WORD = re.compile("の差額|の差(?!引)|比較[^。]{0,4}差額|比べ[^。]{0,6}差額|、差額")
_EXCEEDED = re.compile(r"額?を[^、]{0,6}(?:はみ出|オーバー|超過)(?:し|た)")
# 「もう何円くらい出ていますか」
_PAID_OUT = re.compile(r"(?:いくら|幾ら|何円|何[千万]円|どれ(?:だけ|くらい))[^、]{0,6}(?:出て|出まし|出た|支出)")
# 「100万円未満しか使わなかった」
_ONLY_SPENT = re.compile(r"しか(?:お金を)?(?:使(?:わ|って|え)|(?:執行|支出)[しさ]|かけ|かかっ|かから)")
_OF_ITS_BUDGET = re.compile(r"how much of (?:its|their|the)(?: own)? budget")
_AS_RATE = re.compile(r"(?:率|パーセント|%)で(?:お?教|お?示|お?答|知|見|言|お願|、?$|す?か?$)")
_OF_A_WHOLE = re.compile(r"(?:全体|全事業|総額|合計|柱|課|費)の(?:約|およそ)?何(?:%|パーセント|割)")
_EXCESS = re.compile(r"予算額?を、?(?:上回|超え|超過|オーバー)[^、事業]{0,10}(?:額|金額|分)が?[^、]{0,6}(?:大き|多|最)")
# 「予算に対して決算が一番少なかった事業」
_MOST_OF_BUDGET = re.compile(
    r"予算額?に対して?(?:の|する)?、?(?:決算|執行)額?(?:が|の割合が|の比率が)(?:最も|もっとも|一番|いちばん)"
)
_RATE_OF_BUDGET = re.compile(r"予算額?の(?:執行|消化|使用|進捗|支出)")
_REST_OF_BUDGET = re.compile(
    r"予算額?(?:[のをが](?:使い残|余|残|不用|未執行|差引)|のうち)|how much of the [^.?]*budget"
)
# 「いくら見込んでいるか」 asks for what is planned to be spent.
_EXPECTED = re.compile(r"見込(?:ん|む|み(?!の))")
# 「予算を組む」 is what is done, no amount that is asked for.
_BUDGETING = re.compile(r"予算を(?:組|編成|立て|つくろ|作ろ)")
# 「執行率、令和4年度の決算と令和5年度7月末を並べて」: two states of the figures.
_BESIDE_INTERIM = re.compile(r"(?:と|、)[^、。]{0,10}(?:\d{1,2}月末?|中間|途中)")
# 「50万円を超えた事業（令和4年度決算）を」
_IN_BRACKETS = re.compile("[（(][^（()）]*年度?(?:の)?決算[）)]")
# 「予算を超えて支出した事業」: what was done, no column.
_SPENDING = re.compile("(?:支出|執行)(?:し(?:た|て|すぎ)|され|する)")
# 「予算からはみ出した金額」 asks for no budget.
_BEYOND = re.compile("額?(?:から|より|に対して|に比べ|を(?:超|上回|オーバー|はみ出))")
_NUMBER_ASKED = re.compile(
    r"何(?!を|の|に|が|か)|いくつ|いくら|幾つ|どれ(?:くらい|ぐらい|だけ|ほど)|どの(?:くらい|程度)|目標|数(?:は|を|って|$|、)"
)
_RATE_TOO = re.compile("額と率|率の両方")
_HOW = re.compile("どう|どのよう|どんな|何を|何の")
_BETWEEN_YEARS = re.compile(r"前(?:の)?年度?(?:と)?の差額?|(?:両年度|年度間|2年度|二か年|その|2つ|二つ)の?(?:差額|差)")
# 「令和4年度決算について、執行率が最も低い」: which papers are meant, not which column.
_ABOUT = re.compile(
    r"^(?:額)?(?:(?:について|に関して|において|における|資料|書|総括)(?=[^は？、]{2}|、)|から(?:すべて|全て|全部|もれなく|漏れなく|残らず)?(?=拾|選|抜|抽|探|挙|見つ|ピック|洗い))"
)


def phases_of(draft: Draft, plan: Plan) -> tuple[Phase, ...]:
    """A phase that the question asks for; 「決算で執行率が」 means the settled rate, not the 決算額."""
    if len(plan.years) > 1:
        return ()
    if "不用額" in draft.folded:
        # What is left unused is known only after the year is settled.
        return ("settlement",)
    if draft.has("phase", "interim"):
        return ("interim",)
    if draft.has("phase", "settlement") or _AT_SETTLEMENT.search(draft.folded):
        return ("settlement",)
    return ()


def names_papers(draft: Draft, word: Word) -> bool:
    """Whether a metric's word only says which papers are meant: 「令和4年度決算について、執行率が最も低い」."""
    match = _ABOUT.match(draft.folded[word.end :])
    if match is None or word.meaning == "execution_rate":
        return False
    compared = draft.has("compare", "compare")
    others = [w for w in draft.of("metric") if w is not word and not (compared and w.text == "差額")]
    return bool(others) or draft.has("shorthand")


def asked_behind(draft: Draft, at: int) -> tuple[Metric, ...]:
    """The columns named between a place and the sum, mean or extreme that is asked behind it; () where none is."""
    asks = [w for w in draft.words if w.family == "rank" or (w.family == "aggregate" and w.meaning in ("sum", "mean"))]
    first = min((w for w in asks if w.start >= at), key=lambda w: w.start, default=None)
    start = first.start if first else -1
    words = [
        w
        for w in draft.of("metric")
        if at <= w.start
        # 「合計予算」 says it behind the sum.
        and (w.end <= start or (first is not None and w.start == first.end))
        and not (
            names_phase(draft, w) or _BEYOND.match(draft.folded[w.end :]) or _SPENDING.match(draft.folded[w.start :])
        )
    ]
    return tuple(dict.fromkeys(w.meaning for w in words))  # type: ignore[misc]  # the file's keys are checked by a test


def names_phase(draft: Draft, word: Word) -> bool:
    """Whether 決算 stands right behind a year and names the state of the figures, not a column."""
    if word.text == "settlement":
        return True
    behind_year = word.text == "決算" and any(end == word.start for _, end, _ in draft.year_spans)
    if behind_year and _IN_BRACKETS.search(draft.question):
        return True
    if word.text == "決算" and _BESIDE_INTERIM.match(draft.folded[word.end :]):
        return True
    rest = draft.folded[word.end : word.end + 1]
    if (
        behind_year
        and rest == "の"
        and any(w.start > word.end and w.meaning == "difference" for w in draft.of("metric"))
    ):
        # 「令和4年度決算の一般管理費について、差引の額」
        return True
    return behind_year and (rest in ("、", "で", "に", "") or (len(draft.year_spans) > 1 and rest != "額"))


def metrics_of(draft: Draft, phases: tuple[Phase, ...]) -> tuple[Metric, ...]:
    """The columns asked for, in the question's order; of a ranking the one that ranks first."""
    metrics: list[Metric] = []
    for word in draft.words:
        if word.family != "metric" or names_papers(draft, word):
            continue
        if word.text.startswith(("目指", "めざ")) and not _NUMBER_ASKED.search(draft.folded):
            # 「重大虐待ゼロを目指す取組の予算」 asks for no target.
            continue
        if word.text.startswith(("確保", "用意")) and _HOW.search(draft.folded):
            # 「災害時の電力をどう確保すると書いていたか」
            continue
        if word.meaning == "budget" and _EXCEEDED.match(draft.folded[word.end :]):
            # 「予算を大きくはみ出した事業の決算」
            continue
        if word.meaning == "budget" and _BUDGETING.search(draft.folded) and draft.has("ask", "describe"):
            continue
        if word.meaning == "indicator":
            metrics.extend(("indicator_target", "indicator_result"))
        else:
            metrics.append(word.meaning)  # type: ignore[arg-type]  # the file's keys are checked by a test
    if not metrics and draft.has("ask", "how_much") and _EXPECTED.search(draft.folded):
        metrics.append("budget")
    if _EXCESS.search(draft.folded) and draft.has("rank"):
        # 「予算を上回って支出した額が大きい事業」
        metrics = ["difference"]
    named = len(draft.subjects) or len({*draft.pillars, *draft.categories}) or len(draft.departments)
    two_named = named == 2 and len(set(metrics)) == 2 and _GAP_WORD.search(draft.folded) is not None
    if "difference" in metrics and two_named:
        # 「AとBの予算の差額」
        metrics = [m for m in metrics if m != "difference"]
        draft.add("compare", "compare", "差額")
    between = _BETWEEN_YEARS.search(draft.folded)
    two_years = len(set(draft.years)) >= 2 or (between is not None and between.group().startswith("前"))
    if "difference" in metrics and two_years and between is not None:
        # 「それぞれの予算と、両年度の差額」
        metrics.remove("difference")
        draft.add("compare", "compare", "差額")
    # 「一番お金がかかる予定の事業（予算額）」: the column is named.
    ranked_by_name = bool(metrics) and draft.has("rank", "most", "least")
    if _ONLY_SPENT.search(draft.folded) and not metrics:
        metrics.append("executed")
    if _PAID_OUT.search(draft.folded) and not metrics:
        metrics.append("executed")
    if draft.has("spent") and not ranked_by_name and "settled" not in metrics:
        metrics.append("executed")
    if draft.has("ask", "how_much"):
        # 「いくらまで執行が進んでいますか」
        bare = {w.text for w in draft.of("metric") if w.meaning == "execution_rate"} == {"執行"}
        metrics = ["executed" if m == "execution_rate" and bare else m for m in metrics]
    of_another = len(draft.subjects) > 1 and draft.has("aggregate", "ratio")
    as_rate = _AS_RATE.search(draft.folded) and not (_OF_A_WHOLE.search(draft.folded) or of_another)
    if as_rate and set(metrics) <= {"executed", "execution_rate"} and "executed" in metrics:
        # 「どれだけ執行されていますか。率で教えてください」
        metrics = ["execution_rate"]
    if _RATE_TOO.search(draft.folded) and metrics == ["execution_rate"]:
        metrics = ["executed", "execution_rate"]
    if _RATE_TOO.search(draft.folded) and {"executed", "settled"} & {*metrics} and not draft.has("compare"):
        metrics.append("execution_rate")
    paced = any(w.text.startswith(("進ん", "遅れ", "はかど")) for w in draft.of("rank"))
    if paced and set(metrics) <= {"executed"} and (metrics or draft.has("rank", "most", "least")):
        # 「お金の使い方が一番遅れている」
        metrics = ["execution_rate"]
    if _MOST_OF_BUDGET.search(draft.folded) and set(metrics) <= {"budget", "settled", "executed"}:
        metrics = ["execution_rate"]
    if "executed" in metrics and "budget" in metrics and _OF_ITS_BUDGET.search(draft.folded):
        metrics.remove("budget")
    # 「予算の執行率」 asks for the rate, 「予算に対する決算」 for both.
    found = tuple(dict.fromkeys(metrics))
    if "difference" in found and "budget" in found and _REST_OF_BUDGET.search(draft.folded):
        # 「予算の使い残しが多い事業」
        found = tuple(m for m in found if m != "budget")
    if "execution_rate" in found and "budget" in found and _RATE_OF_BUDGET.search(draft.folded):
        found = tuple(m for m in found if m != "budget")
    paired = [w for w in draft.of("metric") if w.meaning == "settled"]
    of_rate = {"execution_rate", "difference"} & {*found} or any(a.kind == "percent" for a in draft.amounts)
    if of_rate and paired and all(names_phase(draft, w) for w in paired):
        # 「執行率 2022年度決算／2023年度7月末」
        found = tuple(m for m in found if m != "settled")
    if "settlement" in phases and any(m in found for m in ("execution_rate", "difference")):
        found = tuple(m for m in found if m != "settled")
    if draft.has("rank", "most", "least") and len(found) > 1:
        found = _nearest_first(draft, found)
    if draft.has("shorthand", "over_budget", "left_over", "used_up"):
        words = [w for w in draft.of("metric") if not names_papers(draft, w)]
        rank = next((w.start for w in draft.of("rank") if w.meaning in ("most", "least")), None)
        if rank is not None and not draft.has("aggregate"):
            # 「決算で予算を余らせた事業トップ3」, 「予算超過額が最大（R4決算）」: only what stands between counts.
            bound = max(w.end for w in draft.of("shorthand"))
            words = [w for w in words if bound <= w.start < rank]
            found = tuple(m for m in found if m == "executed" or m in {w.meaning for w in words})
        found = found if any(w.meaning != "budget" for w in words) else ()
    return found


def _nearest_first(draft: Draft, metrics: tuple[Metric, ...]) -> tuple[Metric, ...]:
    """Of several metrics the one nearest before the ranking word ranks: 「決算について、執行率が最も低い」."""
    rank = next(w for w in draft.of("rank") if w.meaning in ("most", "least"))
    before = [w for w in draft.of("metric") if w.end <= rank.start and w.meaning in metrics]
    if not before:
        return metrics
    first: Metric = before[-1].meaning  # type: ignore[assignment]
    return (first, *(m for m in metrics if m != first))
