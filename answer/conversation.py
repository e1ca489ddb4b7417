"""A question that continues the one before it: what it leaves out is taken from there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from answer.asked_number import COUNTED_NOUNS
from answer.draft import COUNTER_ASKED, Draft
from answer.types import Condition, NameMatch, Operation, Plan
from ingest.amounts import parse_numeral
from ingest.eras import find_years

_FOLLOW_UP = re.compile(
    r"^(?:では|じゃあ?|それでは|それなら|そのうち|このうち|その中|この中|うち|それ|これ|その|この|同じ|なら|ちなみに|あと|次|今度|逆に|反対に|"
    r"and |what about|how about)"
)
# 「令和5年度についても同じ条件で教えてください」
SAME_AGAIN = re.compile(
    r"同じ(?:条件|質問|内容|基準|見方|形|こと|もの|よう|やり方|聞き方)|同様に|についても(?:同|お願|教|$|、)"
)
THAT_DEPARTMENT = re.compile(r"^(?:では|じゃあ?)?、?(?:その|この|同じ)(?:課|部署)(?!長)")
_ASKED_OF_ANOTHER = re.compile(
    r"(?:だと|では|なら|は)(?:どんな|どういう)(?:顔ぶれ|結果|感じ|並び|順位|もの)(?:になります|になる|です|でしょう|だった)?か?、?$"
    r"|(?:だと|なら|の場合は?|ですと|でしたら)(?:どう(?:なり(?:ます|ました)|なる|です|でしょう)?か?)?、?$"
    r"|(?:の方|のほう)?は(?:どう|いかが)(?:でした|です|なの|でしょう)?か?、?$|の(?:方|ほう)は、?$"
)
_BEHIND_YEAR = re.compile(r"^末?(?:には|では|に|の|は)?[、,\s]?")
_DOCUMENT = re.compile("(?:の)?(?:運営方針|振り返り|決算総括説明書|総括説明書)(?:では|には|で|に)、?")
_PERCENT = frozenset(("%", "割", "パーセント"))
_SHORT = 10
# So long is a question of a name alone (防災講演会は？); a long name counts as one of this length.
_SHORT_WITH_NAME = 16
_NAME = 13
_BY_ONE_COLUMN = ("rank", "sum", "mean", "share")
_MONEY = ("budget", "settled", "executed", "difference")
_LISTED = ("filter", "list", "rank", "new", "vanished", "change")
# 「決算額で見た場合は？」: the same order, sum or bound of another column.
_BY_COLUMN = re.compile(
    r"(?:予算|決算|執行)(?:額|率)?(?:(?:で|を)(?:見|み|比べ|並べ|数え|計算)|で(?:は|の場合)|だと|の場合|ベース|を基準|順(?:だと|では|に|で))|差引(?:で|だと)"
)
# 「5つに増やしてください」「10件まで見せて」
_SO_MANY = re.compile(r"(\d+|[二三四五六七八九十])(?:(?:つ|件|事業|個)(?:に(?=増|減|広|絞|し)|まで)|(?:位|番目)まで)")
WHICH_YEAR = re.compile("(?:どちら|どっち|どの)の?年度?(?:が|の|で)")
# 「Bとどっちが上？」 after A's figure.
_WITH_BEFORE = re.compile(
    r"(?:の(?:予算|決算|執行)額?)?(?:(?:と)?(?:では|とは|だと|は|と)?、?(?:どっち|どちら|どれだけ|どのくらい|比べ|くらべ|の差|いくら)|より(?:も)?(?:多|少|高|低|上|下|大き|小さ))"
)
# 「それとBでは」
_BEFORE_OTHER = re.compile(r"(?:じゃあ?|では|なら|それなら)?、?(?:(?:それ|これ|さっきの|先ほどの)と、?)?")
# 「この2つ、決算では」 after one thing and another.
_BOTH = re.compile(r"(?:この|その|両方|どちら|どっち|(?:上|先|前)の)?(?:2つ|二つ|2事業|二つの事業|両方|両者|両事業)")
_OF_STATE = re.compile(r"決算(?:で|の(?:時点|段階|とき))")
# A word that only goes on talking, and one that points at what was said.
_MARKER = re.compile(
    "(?:では|じゃあ?|それでは|それなら|ちなみに|あと|次に?|今度は?|それとは別に|別の話|ところで|話は変わ)"
)
_POINTS_BACK = re.compile(
    "そのうち|このうち|その(?!うち)|この(?!うち)|それ(?!では|なら|とは別)|これ|同じ|同様|前の|さっき|先ほど|上の|(?:の方|のほう)は|だと|なら(?!ば)"
)
_EACH = re.compile("それぞれ|各々|全部|すべて|全て|合計")
# 「同じ年度で」
_SAME_YEAR = re.compile(r"同じ年度?(?:で|の|に|は)?")
# What is asked of everything that a ward has, whatever was asked of before.
_OF_ALL = re.compile(r"全体|総額|合計|全部|区の|区全|全事業|すべて|全て|個性ある")
_GAP_ALONE = re.compile(r"(?:その|この)?(?:差額?|開き|違い)(?:は|が|って|を)")
# 「Bの分だけだといくら」
_LONGEST_OF_ANOTHER = 30
# 「Bは？」, 「じゃあBの方は？」 after a count of A's.
_THING_ALONE = re.compile(
    r"(?:じゃあ?|では|それなら|それでは|あと|ちなみに)?、?(?P<thing>[^、。はも]{3,30}?)"
    r"(?:の(?:方|ほう))?[はも](?:どう(?:です|でした)?|いかがです)?か?、?"
)
# 「参加人数も」「延べ人数は？」
_COUNTED_AT_START = re.compile(
    r"(?:参加者?|来場者?|利用者?|受講者?|延べ|開催|実施|配布|配付|申請)?の?"
    rf"(?P<noun>{'|'.join(COUNTED_NOUNS)})"
)
_ANY_OF_THEM = re.compile("(?:その|この|あの)(?:細?事業|中|うち)")
_AMONG = re.compile(r"そのうち|このうち|その中|この中|^うち|among them|of those|of these")


def is_follow_up(draft: Draft, plan: Plan, before: Plan, names: Sequence[str]) -> bool:
    """Whether a question leaves out what the one before it said; `names` are the projects of its answer."""
    if draft.has("beyond") and not (plan.subjects or plan.metrics):
        # 「ちなみに明日の天気は？」
        return False
    marked = _MARKER.match(draft.folded)
    of_thing = plan.subjects or plan.topics or plan.pillars or plan.categories or plan.departments
    if marked and plan.years and of_thing and not _POINTS_BACK.search(draft.folded):
        # 「では、令和4年度の「あさひくんAR」へのアクセス数を教えてください」: a question of its own.
        return False
    of_nothing = not (plan.subjects or plan.topics or plan.place_words or plan.unknown_places or plan.level_named)
    of_nothing = of_nothing and not (plan.departments or plan.pillars or plan.categories or plan.conditions)
    if (
        of_nothing
        and plan.metrics
        and plan.operation == "lookup"
        and before.subjects
        and not _OF_ALL.search(draft.folded)
    ):
        # 「5年度の7月末時点だと、予算と執行率はそれぞれどうなりますか」: of what was asked of before.
        return True
    if plan.subjects and _SAME_YEAR.search(draft.folded):
        return True
    of_another = plan.subjects and not (plan.years or plan.metrics or plan.conditions) and bool(before.metrics)
    beside_name = len(draft.folded) - sum(m.end - m.start for m in draft.subjects)
    if of_another and draft.has("ask", "how_much") and beside_name <= _LONGEST_OF_ANOTHER:
        # 「細事業のBの分だけだといくら？」: the column and the year that were asked for.
        return True
    if before.subjects and plan.level == "sub_project" and plan.level_named and not plan.subjects:
        return True
    named = plan.subjects or plan.topics or plan.departments or plan.pillars or plan.categories
    if before.subjects and draft.has("ask", "breakdown") and not named:
        # 「何に使ったのか、決算を細事業ごとに見せてください」: the parts of what was named before.
        return True
    if len(draft.folded) <= _SHORT and _COUNTED_AT_START.match(draft.folded):
        return True
    if (
        _asks_count(before)
        and _THING_ALONE.fullmatch(draft.folded)
        and not (plan.metrics or plan.subjects or plan.years)
    ):
        return True
    if len(plan.subjects) == 1 and len(before.subjects) == 1 and _set_against_before(draft):
        return True
    if _FOLLOW_UP.match(draft.folded) or _AMONG.search(draft.folded) or SAME_AGAIN.search(draft.folded):
        return True
    if plan.subjects and not (plan.years or plan.place_words) and all({*m.names} <= {*names} for m in plan.subjects):
        # 「飼い主のいない猫対策の予算は」 after a list that it is in.
        return plan.operation in ("lookup", "departments", "indicators", "breakdown")
    if plan.subjects or plan.topics or plan.unknown_places:
        beside = len(draft.folded) - sum(m.end - m.start for m in draft.subjects)
        short = min(len(draft.folded), beside + _NAME) <= _SHORT_WITH_NAME
        short = short or _ASKED_OF_ANOTHER.search(draft.folded) is not None
        return bool(plan.subjects) and not plan.metrics and plan.operation in ("describe",) and short
    complete = bool(plan.conditions) or (draft.has("rank") and bool(plan.metrics))
    if complete and draft.has("level"):
        return False
    return len(draft.folded) <= 24


def continued(draft: Draft, plan: Plan, before: Plan, names: tuple[str, ...]) -> Plan:
    """The question before, with what this one names put in its place."""
    among = bool(_AMONG.search(draft.folded))
    asks_rows = draft.has("level", "project") and plan.operation in ("rank", "filter", "count") and not plan.subjects
    of_one = before.operation in ("lookup", "describe", "departments") and not _ANY_OF_THEM.search(draft.folded)
    if asks_rows and of_one:
        # 「じゃあ執行率がいちばん高い事業は？」 after one project's: all are meant.
        before = replace(before, subjects=(), topics=())
        names = ()
    own = plan.operation not in ("describe", "lookup", "list", "counts") or draft.has("ask", "departments", "breakdown")
    # 「自主企画事業費に変えると？」 after 統合事業費: one scope in place of the other.
    anew = bool(plan.pillars or plan.categories) and not among
    plan = replace(plan, conditions=_of_same_column(draft, plan, before))
    if before.operation == "describe" and not before.subjects and _EACH.search(draft.folded):
        # 「どんなものがありますか」「それぞれの予算額は」: of all that there are, not of the passage told first.
        names = ()
    if "interim" in plan.phases and not plan.metrics and "settled" in before.metrics:
        # 「7月末時点だとどうなりますか」 after a settlement: what was spent by then.
        before = replace(before, metrics=tuple("executed" if m == "settled" else m for m in before.metrics))
    slots: dict[str, Any] = {
        "years": plan.years or before.years,
        "places": plan.places or before.places,
        "place_words": plan.place_words or before.place_words,
        "unknown_places": plan.unknown_places,
        "phases": plan.phases or (before.phases if not plan.years else ()),
        "departments": plan.departments or before.departments,
        "pillars": plan.pillars or (() if anew else before.pillars),
        "categories": plan.categories or (() if anew else before.categories),
        "kinds": plan.kinds or before.kinds,
        "continued": True,
        "years_before": tuple(y for y in before.years if y not in plan.years) if plan.years else before.years_before,
        "question": plan.question,
        "subjects_before": before.subjects if plan.subjects else before.subjects_before,
    }
    if plan.excluded:
        # 「総務課以外は？」: the same without them.
        return replace(before, **slots, excluded=(*before.excluded, *plan.excluded))
    if SAME_AGAIN.search(draft.folded) and not (plan.subjects or plan.topics or plan.conditions):
        return replace(before, **slots, metrics=plan.metrics or before.metrics)
    bare = not (plan.subjects or plan.topics or plan.conditions or plan.departments or anew)
    if bare and before.operation in _BY_ONE_COLUMN and plan.metrics and _BY_COLUMN.search(draft.folded):
        return replace(before, **slots, metrics=plan.metrics)
    of_two = _BOTH.match(draft.folded) or (_GAP_ALONE.match(draft.folded) and not plan.metrics)
    if before.subjects_before and of_two and not (plan.subjects or plan.topics):
        both = (*before.subjects_before, *before.subjects)[-2:]
        own_operation: Operation = "sum" if draft.has("aggregate", "sum") else "compare"
        return replace(plan, **slots, operation=own_operation, subjects=both, metrics=plan.metrics or before.metrics)
    if len(plan.subjects) == 1 and len(before.subjects) == 1 and _set_against_before(draft):
        both = (*before.subjects, *plan.subjects)
        metrics = tuple(m for m in before.metrics if not m.startswith("indicator")) or plan.metrics
        return replace(plan, **slots, operation="compare", subjects=both, metrics=metrics, conditions=())
    counted = _COUNTED_AT_START.match(draft.folded)
    thing = _THING_ALONE.fullmatch(draft.folded) if counted is None and not plan.years else None
    if thing is not None and _asks_count(before) and _names_no_figures(plan):
        # 「「シニアのためのいきいき未来講座」は？」 after 「「あさひみらい塾」は何回やった？」
        slots["question"] = f"{thing['thing']}は何{before.count_units[0]}"
        return replace(plan, **slots, operation="counts", count_units=before.count_units, asks=before.asks)
    many = _SO_MANY.search(draft.folded)
    if bare and many is not None and before.operation == "rank" and not (plan.metrics or draft.has("rank")):
        limit = parse_numeral(many[1])
        return replace(before, **slots, limit=int(limit) if limit else before.limit)
    found = NameMatch("前の答え", names, "previous") if names else None
    forced = asked_again(draft, plan, before)
    if bare and not (plan.metrics or forced) and _ASKED_OF_ANOTHER.search(draft.folded):
        # 「令和5年度の7月末時点だとどんな顔ぶれ？」
        return replace(before, **slots)
    if bare and forced == "departments" and before.operation in _LISTED and not before.subjects:
        # 「それぞれどこの課？」 after a list: its rows, with their departments.
        return replace(before, **slots, tells_departments=True)
    same_of_another = own and draft.has("ask", "how_much") and plan.operation in ("breakdown", "lookup")
    same_of_another = same_of_another or _SAME_YEAR.search(draft.folded) is not None
    if plan.subjects and (same_of_another or not own) and not plan.metrics:
        # 「防災講演会は？」: the same question about another project.
        return replace(before, **slots, subjects=plan.subjects, topics=plan.topics)
    if THAT_DEPARTMENT.match(draft.folded) and plan.departments and plan.operation in ("list", "departments"):
        return replace(plan, **{**slots, "pillars": (), "categories": ()}, operation="list")
    narrows = bool(plan.departments or plan.pillars or plan.categories) and not (
        plan.metrics or plan.conditions or plan.subjects or plan.topics or plan.group_by
    )
    if narrows and before.operation in _LISTED and plan.operation in ("list", "departments", "describe") and not forced:
        if among and found is not None and before.operation == "rank":
            # 「その中で総務課のものは？」 after the first five: those of the five.
            return replace(before, **slots, subjects=(found,), limit=None, positions=(), ordered=True)
        # 「地域振興課が担当するのは？」: those of the list before.
        return replace(before, **slots)
    again = before.operation in ("sum", "mean", "breakdown") and plan.operation == "lookup"
    if again and not (plan.subjects or plan.topics):
        # 「決算は？」 after a sum or a breakdown: the sum, or the parts, of the other column.
        return replace(before, **slots, metrics=plan.metrics)
    if draft.has("unheld"):
        # 「人件費は？」: no column holds it, so only a sentence about the same thing could tell.
        about = plan.subjects or before.subjects or ((found,) if found else ())
        return replace(plan, **slots, operation="describe", subjects=about)
    asks_parts = plan.level == "sub_project" and plan.level_named and bool(before.subjects) and not plan.subjects
    breaks_down = forced == "breakdown" and not (plan.subjects or plan.topics or plan.metrics)
    if breaks_down and before.operation == "lookup" and before.subjects:
        # 「細かい内訳もお願いします」 after an amount: that amount of the parts.
        return replace(before, **slots, operation="breakdown")
    if asks_parts and before.operation in ("lookup", "departments", "describe") and not (own or forced):
        return replace(before, **slots, operation="breakdown", metrics=plan.metrics or before.metrics)
    refers = bool(re.search(r"^(?:それ|これ|その|この)(?!うち|中)", draft.folded))
    level_before = "sub_project" if before.operation == "breakdown" else before.level
    if forced == "rank" and before.operation == "change" and draft.has("compare") and not plan.metrics:
        # 「その中で一番差が大きいのは」 after changes: the greatest of them.
        return replace(before, **slots, limit=plan.limit or 1)
    if forced == "rank" and not plan.subjects:
        bounded = tuple(dict.fromkeys(c.metric for c in before.conditions))
        # 「そのうち執行率が低いのは」 after a ranking: of the rows that it showed, not of all.
        shown = among and found is not None and before.operation in ("rank", "change", "new", "vanished")
        return replace(
            before,
            **slots,
            subjects=(found,) if shown and found is not None else before.subjects,
            operation="rank",
            metrics=plan.metrics or before.metrics or bounded,
            descending=before.descending if plan.descending is None else plan.descending,
            limit=plan.limit if shown else plan.limit or before.limit,
            positions=plan.positions,
            ordered=plan.ordered,
            level=plan.level if plan.level_named else level_before,
        )
    alone = not (plan.subjects or plan.topics or plan.metrics or forced)
    units = plan.count_units or ((COUNTED_NOUNS[counted["noun"]],) if counted else ())
    before_counted = before.operation in ("counts", "describe") and COUNTER_ASKED.search(before.question) is not None
    if units and before_counted and not (plan.subjects or plan.metrics or forced):
        # 「それは何施設で？」「人数の方も」 after 「申請サポートは何回」: the same with the other counter.
        slots["question"] = COUNTER_ASKED.sub(f"何{units[0]}", _reworded(before, plan), count=1)
        return replace(before, **slots, count_units=units)
    rate_again = "execution_rate" in before.metrics or before.operation == "share"
    # 「前年度の決算では何％だった？」: which state of the figures, not which column.
    of_state = bare and {*plan.metrics} <= {"settled"} and _OF_STATE.search(draft.folded) is not None
    if (alone or of_state) and rate_again and plan.count_units and {*plan.count_units} <= _PERCENT:
        # 「令和5年度は何%？」 after a rate.
        return replace(before, **slots)
    if forced == "change" and before.operation == "sum" and not (plan.subjects or plan.metrics):
        # 「いくら減ったことになりますか」 after two years' sums: the change of the sum.
        two_years = tuple(sorted({*before.years, *before.years_before}))
        slots |= {"years": plan.years or two_years, "phases": ()}
        return replace(before, **slots, operation="change", summed=True, picks=False, direction=None)
    same_bound = {(c.metric, c.unit) for c in plan.conditions} == {(c.metric, c.unit) for c in before.conditions}
    if plan.conditions and same_bound and before.operation in ("filter", "count") and not among:
        # 「失礼、20%未満でした」: the same with the other bound.
        return replace(before, **slots, conditions=plan.conditions)
    if own or forced or plan.metrics or plan.asks or draft.has("ask", "describe"):
        subjects = plan.subjects or before.subjects
        wants_rows = (
            plan.operation in ("departments", "lookup", "breakdown", "describe", "indicators", "counts") or among
        )
        # 「その柱の令和5年度の予算額は」: the pillar itself goes on, not what was printed for it.
        scoped = (
            bool(before.pillars or before.categories) and before.operation in ("lookup", "sum", "mean") and not among
        )
        if not plan.subjects and found and (wants_rows or refers) and not before.subjects and not scoped:
            subjects = (found,)
        operation = forced or plan.operation
        if operation in ("breakdown", "departments") and not subjects:
            operation = plan.operation
        elif operation == "describe" and plan.metrics:
            operation = "lookup"
        keeps = among or operation in ("count", "sum", "mean")
        conditions = plan.conditions or (before.conditions if keeps else ())
        if operation == "count" and before.operation in ("filter", "list"):
            return replace(before, **slots, operation="count", conditions=conditions)
        if operation == "change" and not plan.years and before.years_before:
            # 「令和5年度は？」「令和4年度は？」「いくら増えた？」
            slots |= {"years": tuple(sorted({*before.years, *before.years_before})), "phases": ()}
        metrics = plan.metrics
        if not metrics and operation in ("rank", "sum", "mean", "filter", "share", "compare", "change", "count"):
            metrics = before.metrics or tuple(dict.fromkeys(c.metric for c in before.conditions))
        scope_before = (*before.categories, *before.pillars, *before.departments)
        if operation == "share" and among and plan.subjects and scope_before and not before.subjects:
            # 「そのうちA事業が占める割合は」 after a scope's sum.
            return replace(plan, **slots, metrics=metrics, whole=scope_before)
        if operation == "share" and among and (plan.categories or plan.pillars) and not before.subjects:
            # 「そのうち統合事業費の割合は？」 after a scope's sum: that scope is the whole.
            slots |= {"categories": plan.categories, "pillars": plan.pillars}
            return replace(plan, **slots, metrics=metrics, whole=(*before.categories, *before.pillars))
        if operation == "share" and before.subjects and (plan.categories or plan.pillars):
            whole = (*plan.categories, *plan.pillars)
            slots |= {"categories": (), "pillars": ()}
            return replace(plan, **slots, operation="share", subjects=subjects, metrics=metrics, whole=whole)
        return replace(
            plan,
            **slots,
            operation=operation,
            subjects=subjects,
            conditions=conditions,
            metrics=metrics,
            level=plan.level if plan.level_named else before.level,
        )
    level = plan.level if plan.level_named else before.level
    if before.operation in ("counts", "describe"):
        # 「その前の年度は？」 after a count: the sentences are searched for what the question before asked.
        slots["question"] = _reworded(before, plan)
    return replace(before, **slots, level=level)


def _set_against_before(draft: Draft) -> bool:
    """Whether a follow-up begins with one name that it sets against what was asked of before."""
    first = draft.subjects[0]
    begins = _BEFORE_OTHER.fullmatch(draft.folded[: first.start])
    return begins is not None and _WITH_BEFORE.match(draft.folded, first.end) is not None


def _asks_count(before: Plan) -> bool:
    """Whether the question before asked for a printed count of one counter."""
    return before.operation in ("counts", "describe") and len(before.count_units) == 1


def _names_no_figures(plan: Plan) -> bool:
    """Whether a question names no project, column or bound: only a thing."""
    return not (plan.subjects or plan.metrics or plan.conditions or plan.departments or plan.pillars or plan.categories)


def _of_same_column(draft: Draft, plan: Plan, before: Plan) -> tuple[Condition, ...]:
    """「その中で100万円に届かなかったのは？」 after 決算額: a bound that names no column is on the one told before."""
    if draft.has("metric") or draft.has("spent") or draft.has("shorthand"):
        return plan.conditions
    told = [m for m in (*before.metrics, *(c.metric for c in before.conditions)) if m in _MONEY]
    return tuple(
        replace(c, metric=told[0]) if told and (c.metric, c.unit) == ("budget", "yen") else c for c in plan.conditions
    )


def _reworded(before: Plan, plan: Plan) -> str:
    """The question before without its years, and with its place only where the new one names no other."""
    question = before.question
    for mention in reversed(find_years(question)):
        question = question[: mention.start] + _BEHIND_YEAR.sub("", question[mention.end :])
    if plan.years:
        # 「令和4年度の振り返りだと何校」 after 「平成25年度の運営方針で」: another document.
        question = _DOCUMENT.sub("の", question)
    for word in before.place_words if plan.place_words else ():
        question = re.sub(rf"{re.escape(word)}(?:の|では|で)?", "", question)
    return question


def asked_again(draft: Draft, plan: Plan, before: Plan) -> Operation | None:
    """The operation that a follow-up's few words ask of what was found before."""
    if plan.operation in ("new", "vanished"):
        return None
    if before.operation in _LISTED and (
        draft.has("aggregate", "count") or any(c in ("件", "事業", "つ", "個") for c in plan.count_units)
    ):
        return "count"
    if draft.has("ask", "breakdown"):
        return "breakdown"
    narrowed = bool(plan.departments) and before.operation in _LISTED
    if (draft.has("ask", "departments") and not narrowed) or (
        draft.has("group", "department") and not draft.has("rank")
    ):
        return "departments"
    if draft.has("aggregate", "mean"):
        return "mean"
    if draft.has("aggregate", "sum"):
        return "sum"
    if WHICH_YEAR.search(draft.folded) and before.subjects:
        return "change"
    if draft.has("rank") or plan.positions:
        return "rank"
    if draft.has("compare", "which", "compare") and len(before.subjects) >= 2:
        return "compare"
    if draft.has("compare", "change", "up", "down", "compare"):
        return "change"
    of_rate = "execution_rate" in (*plan.metrics, *before.metrics) and not (plan.categories or plan.pillars)
    if draft.has("aggregate", "share") or (draft.has("aggregate", "ratio") and not of_rate):
        return "share"
    return None
