"""Which operation a question asks for, and how it groups."""

from __future__ import annotations

import re

from answer.draft import COUNTER_ASKED, Draft
from answer.presence import presence_of
from answer.ranking import asks_position, both_ends, limit_of, positions_of
from answer.types import Asks, Condition, GroupBy, NameMatch, Operation
from records import Metric

_MONEY: tuple[Metric, ...] = ("budget", "settled", "executed", "difference")
_MORE_THAN = re.compile(r"より(?:も)?[^、]{0,10}(?:多|少|高|低|大き|小さ)")
_SHARED = re.compile(
    r"共管(?!(?:の(?:事業|もの))?(?:も|を)(?:含|入)|も[^、]{0,8}(?:数え|勘定|加え|カウント|入れ|含)|でな|ではな|じゃな|以外|を除|は除)|(?:2|二|複数)(?:つ)?(?:以上)?の?課(?:以上)?(?:が|で|に|の|、|$)"
)
_TWO_WAYS = re.compile(r"(?:二|2)(?:通り|とおり)(?:に|の|で)")
# 「表とページとで同じですか」「資料の表によって数字が違っていませんか」
_TWO_PLACES = re.compile(
    r"(?:表|ページ|資料|説明書|振り返り|箇所|か所)(?:と|で|に|とで|によって|ごとに|の間で)[^。]{0,14}(?:同じ(?!課|柱)|違[いうっ]|相違|異な|一致|食い違)"
)
_MOST_PROJECTS = re.compile(r"事業(?:数|の数)?(?:が|の)(?:最も|一番|いちばん|もっとも)?(?:多|少)")
_PROJECT_AND_ITS = re.compile(r"どの事業で|事業(?:は|が|って|と|で)?、?(?:それは)?(?:どこの|どの|何)課")
_EACH = re.compile(r"(?:どんな|どの|どのような|何の)事業[^。]{0,16}(?:それぞれ|各々|おのおの|いくらずつ)")
# 「この柱に入っているのはどんな事業」 asks which they are.
_WHICH_THERE = re.compile(r"[るたい]のは(?:どんな|どのような|どういう|何という|何の)事業")
# 「A課はB課をどれだけ上回りましたか」
_BEATS = re.compile(
    r"[はが][^、]{2,20}を、?(?:どれ(?:だけ|くらい|ほど)|どのくらい|いくら|幾ら|何[千万億]*円)[^、]{0,4}(?:上回|下回|超え)"
)
_NUMBER_OF_THINGS = re.compile(
    r"(?<!事業)(?:の数|人数|者数|回数|件数|部数|校数|枚数|台数)(?:は|が|を|、|と|の|って)"
    r"|何(?:人|校|回|部|枚|台|団体|拠点|地区|店|冊|頭|世帯|施設|[か箇カヶ]所)"
)
# 「運営方針に取組はいくつある」
_MEASURES = re.compile("取組(?:は|が|の数|って)")
_BOUNDED_GROUP = re.compile(r"(?:た|る|い|未満の|以下の|以上の|超の|台の)(柱|分野|課|部署)(?:は|を|が|と|、|$|って|に)")
_ASKS_WHOSE = ("どの課", "どこの課", "課は", "どの課が", "which department", "which departments")
_OF_GROUP = re.compile(r"(柱|分野|課|部署)(?:は|が|で|の中で|のうち|トップ|上位|ワースト|ベスト|、|$|の事業数)")


def operation_of(
    draft: Draft,
    metrics: tuple[Metric, ...],
    conditions: tuple[Condition, ...],
    subjects: tuple[NameMatch, ...],
) -> Operation:
    """What is to be done, from the words found; the order of the tests is the order of precedence."""
    has = draft.has
    indicator = any(m.startswith("indicator") for m in metrics)
    money = any(m in _MONEY or m == "execution_rate" for m in metrics)
    scoped = bool(draft.departments or draft.pillars or draft.categories)
    counters = COUNTER_ASKED.findall(draft.folded)
    measures = _MEASURES.search(draft.folded) is not None and (has("aggregate", "count") or bool(counters))
    about_projects = (
        measures or has("level") or scoped or bool(conditions) or any(w.text == "事業数" for w in draft.words)
    )
    whole_names = any(m.how in ("name", "typo", "reading", "previous") or _telling(m) for m in subjects)
    free = not subjects and not draft.topics
    places = positions_of(draft.folded)
    adds_up = bool(subjects) and has("level", "sub_project") and has("compare", "same") and has("aggregate", "sum")
    presence = presence_of(draft)
    of_children = bool(subjects) and has("level", "sub_project")
    if presence is not None and (not subjects or of_children) and not conditions:
        return "list" if presence == "kept" else presence
    if has("ask", "audit") or adds_up or _TWO_WAYS.search(draft.folded) or _TWO_PLACES.search(draft.folded):
        return "audit"
    if has("unheld") and not indicator:
        # Kinds of money that no column holds (補助金, 人件費): only a sentence could tell.
        return "describe"
    if _only_number(draft, conditions):
        return "describe"
    if has("ask", "holdings") and not subjects and not metrics:
        return "holdings"
    if not indicator and not has("ask", "achieved", "missed") and not money and not conditions:
        if has("compare", "vanished") and not counters and (free or has("level") or scoped):
            return "vanished"
        if has("compare", "new") and (((has("level") or scoped) and free) or of_children):
            return "new"
    of_rate = "execution_rate" in metrics and bool(conditions)
    if indicator or (has("ask", "achieved", "missed") and not of_rate):
        return "indicators"
    if asks_position(draft) and not conditions:
        return "rank"
    ratio = has("aggregate", "ratio") and "execution_rate" not in metrics and not indicator
    ratio = ratio and not has("compare", "up", "down", "change")
    ratio = ratio and not (has("rank", "most", "least") and has("level") and not subjects)
    shared = has("aggregate", "share") or (ratio and (money or ((scoped or whole_names) and not draft.topics)))
    if shared and (money or subjects or scoped) and not conditions:
        return "share"
    asked_count = has("aggregate", "count") or any(c in ("事業", "件") for c in counters)
    listing = has("level") and (asked_count or has("exclude"))
    if jointly(draft) and has("level") and not subjects and not conditions:
        return "count" if asked_count else "list"
    of_scope = [w for w in draft.of("group") if w.meaning in ("pillar", "category") and w.text.startswith("どの")]
    if subjects and of_scope and not money and not has("rank") and not has("aggregate"):
        return "pillars"
    asks_departments = (
        has("ask", "departments") and not _STAFF.search(draft.folded) and not group_by_of(draft) and not money
    )
    if asks_departments and (subjects or not scoped) and not listing:
        return "departments" if subjects else "describe"
    if both_ends(draft) and not subjects and (money or about_projects):
        return "rank"
    scopes = len(draft.pillars) + len(draft.categories)
    several = draft.places >= 2 or len(subjects) >= 2 or len(draft.departments) >= 2 or scopes >= 2
    if draft.places >= 2 and has("ask", "describe") and not money:
        return "describe"
    times = asks_times(draft)
    if len(subjects) == 2 and money and _MORE_THAN.search(draft.folded) and not has("level"):
        # 「AはBより予算が多いですか」
        return "compare"
    beats = _BEATS.search(draft.folded) or (len(subjects) == 2 and has("comparator", "gt", "lt") and not has("level"))
    if several and money and not draft.amounts and beats:
        return "compare"
    two_scopes = len(draft.departments) == 2 or scopes == 2
    if two_scopes and money and not draft.amounts and _MORE_THAN.search(draft.folded) and not has("level"):
        # 「課ごとに見ると、A課はB課よりいくら多い」
        return "compare"
    if (has("compare", "which", "compare") or times) and several and (money or has("compare", "which")):
        return "compare"
    if times and len(subjects) == 1 and len(set(draft.years)) <= 1 and "budget" in metrics and len(metrics) >= 2:
        # 「決算は予算の何倍」 is the execution rate.
        return "lookup"
    if has("ask", "why") and whole_names and not has("rank", "most", "least"):
        # 「なぜ予算を超えたの」 asks for words; figures give no reason.
        return "describe"
    two_years = len(set(draft.years)) >= 2 or has("year", "prior")
    if two_years and money and subjects and not has("level") and _MORE_THAN.search(draft.folded):
        # 「R5予算はR4よりいくら多い」
        return "change"
    changed = has("compare", "change", "up", "down", "same", "not_up", "not_down", "compare", "which")
    only_compared = not has("compare", "change", "up", "down", "same", "not_up", "not_down") and not two_years
    if changed and only_compared and money and has("rank", "most", "least"):
        # 「9事業を比べたとき、最も小さいのは」 compares no years.
        changed = False
    if changed and not money and _NUMBER_OF_THINGS.search(draft.folded):
        # 「学習した小学校の数を、平成25年度と令和4年度で比べたい」 is no matter of budgets.
        return "counts"
    if changed and (money or ((whole_names or about_projects) and not has("ask", "why"))):
        return "change"
    if has("aggregate", "mean") and (money or about_projects):
        return "mean"
    how_many = any(c in ("事業", "件", "個", "本", "つ", "項目") for c in counters)
    # 「柱の執行率はいくつ」 asks for a figure.
    counted = how_many or (has("aggregate", "count") and not (scoped and money and not has("level")))
    if _MOST_PROJECTS.search(draft.folded) and group_by_of(draft) in ("department", "pillar", "category"):
        # 「執行率50%未満の事業が一番多い課」: rows are counted, not added up.
        return "count"
    grouped_rank = has("rank", "most", "least") and group_by_of(draft) is not None
    if counted and about_projects and not grouped_rank and (not subjects or has("level", "sub_project")):
        return "count"
    by_group = group_by_of(draft) in ("department", "pillar") and has("rank", "high", "low")
    few = has("rank", "high", "low") and has("level") and limit_of(draft, conditions) is not None
    ranked = has("rank", "most", "least") or bool(places) or by_group or few
    if ranked and has("aggregate", "sum") and not grouped_rank:
        # 「予算上位5事業の合計」: the ranking picks what is added up.
        return "sum"
    if (has("rank") or places) and (money or about_projects or has("ask", "how_much")) and ranked:
        return "rank"
    if conditions and has("aggregate", "share", "ratio") and not subjects:
        return "count"
    if conditions and whole_names and not has("level") and not has("aggregate"):
        # 「Aの執行率は90%を超えましたか」: A's own figure, and whether it is so.
        return "lookup"
    if conditions and not (subjects and not about_projects):
        return "filter" if not has("aggregate", "sum") else "sum"
    if has("aggregate", "sum") and (money or has("ask", "how_much") or about_projects):
        return "sum"
    picked = re.search(r"(?:い|な)(?:ほう|方|もの|事業)", draft.folded)
    if has("rank", "high", "low") and money and free and (not scoped or picked):
        return "rank"
    if scoped and money and free and _EACH.search(draft.folded):
        # 「柱にはどんな事業があり、それぞれ決算はいくら」
        return "breakdown"
    if subjects and (has("ask", "breakdown") or has("level", "sub_project")):
        return "breakdown"
    if has("ask", "breakdown") and (scoped or money):
        return "lookup" if scopes >= 2 and money else "breakdown"
    if money and free and group_by_of(draft) in ("department", "pillar", "category"):
        return "sum"
    if subjects and (money or has("spent") or (has("ask", "how_much") and whole_names and not draft.topics)):
        return "lookup"
    if counters and not (money and free):
        return "counts"
    if scoped and has("ask", "list") and free and not has("ask", "why", "when", "where", "who"):
        return "list"
    if scoped and (money or has("ask", "how_much")):
        return "lookup"
    about = has("ask", "describe", "why", "when", "where", "who") and not _WHICH_THERE.search(draft.folded)
    if scoped and free and (not about or (has("level") and has("ask", "list", "please"))):
        return "list"
    if scoped and free and has("level") and not has("ask", "why", "when", "where", "who"):
        return "list"
    if money and free:
        return "lookup"
    if has("level") and has("ask", "list", "please") and free and not has("ask", "describe"):
        return "list"
    return "lookup" if money and (subjects or draft.topics) else "describe"


def _telling(match: NameMatch) -> bool:
    """Whether part of a name is long and rare enough to mean the name."""
    return match.how == "part" and len(match.words) >= 4 and len(match.names) <= 3


def jointly(draft: Draft) -> bool:
    """「複数の課が担当する事業」「共管の事業」."""
    if _INCLUDED.search(draft.folded):
        return False
    if _SHARED.search(draft.folded):
        return True
    told = draft.has("jointly") and (bool(draft.departments) or "担当" in draft.folded)
    return told and "共管" not in draft.folded and not solely(draft)


# 「共同のものも含めた総額」 leaves nothing out.
_INCLUDED = re.compile(
    r"(?:共同|共管|両方|複数)[^、]{0,8}(?:も|を)?(?:含め|入れ)|(?:共同|共管)[^、]{0,6}も[^、]{0,8}(?:数え|勘定|加え|カウント|入れ|含)"
    r"|複数の課[^、]{0,12}も[^。]{0,14}(?:数え|含め|入れ)"
)
_STAFF = re.compile(r"職員|係長|課長|担当者|何人|誰|だれ|氏名")
_ALONE = re.compile(
    r"(?:課|係|局)(?:だけ|のみ|単独|1課|一課)|単独(?:で|の|所管)|専管|共管(?:でな|ではな|じゃな|以外|を除|は除)"
)


def solely(draft: Draft) -> bool:
    """「高齢・障害支援課だけが担当する事業」「共管でない事業」."""
    return _ALONE.search(draft.folded) is not None


def _only_number(draft: Draft, conditions: tuple[Condition, ...]) -> bool:
    """An amount with nothing that compares it and no figure or project asked for: 「1万円は何ドル」."""
    bare = bool(conditions) and all(c.comparator == "eq" and c.value != 0 for c in conditions)
    words = ("metric", "level", "shorthand", "comparator", "spent", "compare", "rank", "aggregate")
    return bare and not any(draft.has(family) for family in words) and not (draft.subjects or draft.departments)


def asks_times(draft: Draft) -> bool:
    """「何倍」: a ratio of two figures."""
    return "何倍" in draft.folded


def group_by_of(draft: Draft, bounded: bool = False) -> GroupBy | None:
    """By what a sum or ranking is grouped: 課ごと, どの柱, 区別; with a bound also what it is on: 「50%未満の課は」."""
    of_projects = "の事業数" in draft.folded or _MOST_PROJECTS.search(draft.folded) is not None
    if draft.has("rank") and (not draft.has("level") or of_projects):
        # 「執行率が最も低い柱は」「決算額が大きい課トップ3」
        kind = _OF_GROUP.search(draft.folded)
        if kind and not draft.departments and not draft.pillars:
            return "department" if kind[1] in ("課", "部署") else "pillar"
    ranked = draft.has("rank") or draft.has("aggregate") or draft.has("compare")
    if len(draft.departments) >= 2 and of_projects:
        return "department"
    head = _BOUNDED_GROUP.search(draft.folded) if bounded else None
    if head and not draft.departments and not draft.pillars:
        return "department" if head[1] in ("課", "部署") else "pillar"
    for word in draft.of("group"):
        if word.meaning == "department" and word.text in _ASKS_WHOSE and not ranked:
            continue
        if word.meaning == "department" and draft.departments and word.text == "課は":
            continue
        if word.meaning == "department" and _PROJECT_AND_ITS.search(draft.folded):
            # 「一番低かったのはどの事業で、どこの課の担当ですか」: projects are ranked, their departments told.
            continue
        return word.meaning  # type: ignore[return-value]  # the file's keys, checked by a test
    return None


def asks_of(draft: Draft, counters: list[str]) -> Asks | None:
    """Who, when, where, why or how many."""
    if counters and not draft.has("ask", "when"):
        return "how_many"
    for meaning in ("who", "when", "where", "why"):
        if draft.has("ask", meaning):
            return meaning
    return None
