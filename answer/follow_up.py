"""Whether a question leaves out what the one before it said: signs in their order, the first that speaks decides.

Each sign is one function from two questions to yes, no, or None where it says nothing. Its docstring gives the question
before and the question that it decides; a test asks every one of them and checks that this sign decided it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answer.asked_number import COUNTED_NOUNS, counter_of
from answer.draft import Draft
from answer.types import Plan
from answer.values import METRIC_NAMES

_BEGINS_SO = re.compile(
    r"^(?:では|じゃあ?|それでは|それなら|そのうち|このうち|その中|この中|うち|それ|これ|その|この|同じ|(?:ほか|他)に|なら|ちなみに|あと|次|今度|逆に|反対に|"
    r"さっきの|先ほどの|さきほどの|and |what about|how about)"
    # 「間違えた、保育所地域子育て支援事業のほう」
    r"|^(?:あ、?)?(?:(?:間違|まちが)[^、]{1,8}|違(?:う|います|った)|いや|そうじゃなくて|じゃなくて)、|(?:聞き|訊き|知り|言い)たかったのは"
)
# 「令和5年度についても同じ条件で教えてください」
SAME_AGAIN = re.compile(
    r"同じ(?:条件|質問|内容|基準|見方|形|こと|もの|よう|やり方|聞き方)|同様に|についても(?:同|お願|教|$|、)"
)
ASKED_OF_ANOTHER = re.compile(
    r"(?:だと|では|なら|は)(?:どんな|どういう)(?:顔ぶれ|結果|感じ|並び|順位|もの)(?:になります|になる|です|でしょう|だった)?か?、?$"
    r"|(?:だと|なら|の場合は?|ですと|でしたら)(?:どう(?:なり(?:ます|ました)|なる|です|でしょう)?か?)?、?$"
    r"|の場合は?(?:いくら|何円|何%|何件|どの?くらい)(?:です|でした|になり?ます|でしょう)?か?、?$"
    r"|(?:の方|のほう)?は(?:どう|いかが)(?:でした|です|なの|でしょう)?か?、?$|の(?:方|ほう)は(?:、|$)"
)
AMONG = re.compile(
    r"そのうち|このうち|その中|この中|^うち|(?:それら|これら|その|この)(?:の事業)?の(?:うち|中|なか)"
    r"|among them|of those|of these"
)
# 「同じ年度で」
SAME_YEAR = re.compile(r"同じ年度?(?:で|の|に|は)?")
# 「Bは？」, 「じゃあBの方は？」 after a count of A's.
THING_ALONE = re.compile(
    r"(?:じゃあ?|では|それなら|それでは|あと|ちなみに)?、?(?P<thing>[^、。はも]{3,30}?)"
    r"(?:の(?:方|ほう))?[はも](?:どう(?:です|でした)?|いかがです)?か?、?"
)
# 「商店街振興事業にある同じ名前の細事業は？」
NAMESAKE = re.compile("(?:同じ(?:名前|名称|事業名)|同名)の?細?事業")
# 「参加人数も」「延べ人数は？」
COUNTED_AT_START = re.compile(
    r"(?:参加者?|来場者?|利用者?|受講者?|延べ|開催|実施|配布|配付|申請)?の?"
    rf"(?P<noun>{'|'.join(COUNTED_NOUNS)})"
)
# 「Bとどっちが上？」 after A's figure.
_WITH_BEFORE = re.compile(
    r"(?:の(?:予算|決算|執行)額?)?(?:(?:と)?(?:では|とは|だと|は|と)?、?(?:どっち|どちら|どれだけ|どのくらい|比べ|くらべ|の差|いくら)|より(?:も)?(?:多|少|高|低|上|下|大き|小さ))"
)
# 「それとBでは」
_BEFORE_OTHER = re.compile(r"(?:じゃあ?|では|なら|それなら)?、?(?:(?:それ|これ|さっきの|先ほどの)と、?)?")
# A word that only goes on talking, and one that points at what was said.
_MARKER = re.compile(
    "(?:(?:ありがとう|どうも|了解|わかりました|分かりました|なるほど)[^、]{0,8}、)?"
    "(?:では|じゃあ?|それでは|それなら|ちなみに|あと|次に?|今度は?|それとは別に|別の話|ところで|話[はが]?変わ)"
)
_POINTS_BACK = re.compile(
    "そのうち|このうち|その(?!うち)|この(?!うち)|それ(?!では|なら|とは別)|これ|同じ|同様|前の|さっき|先ほど|上の|(?:の方|のほう)は|だと|なら(?!ば)"
)
# What is asked of everything that a ward has, whatever was asked of before.
_OF_ALL = re.compile(r"全体|総額|合計|全部|区の|区全|全事業|すべて|全て|個性ある")
# 「違う、決算の方」
_CORRECTS = re.compile("^(?:あ、?)?(?:違う|違います|違った|いや|いえ|そうじゃなくて|じゃなくて)、")
# 「令和5年度の同じ事業の執行率は」
_SAME_ROWS = re.compile(r"(?<=の)同じ(?:細?事業|もの)(?=[のでは])|^同じ(?:細?事業|もの)(?=の令|のR|の平)")
# 「それを下回る事業は」 after a mean.
_BEYOND_MEAN = re.compile(
    r"^(?:では|じゃあ?)?、?(?:それ|これ|その(?:平均|額|値|数字)|平均)(?:額|値)?(?P<bound>(?:を|より|以上|以下|未満|に届か)[^。]*(?:事業|もの|のは)[^。]*)$"
)
# So short is a question that leaves something out: a count's noun alone, a name and little more, and any other.
_SHORT_COUNT = 10
_SHORT_WITH_NAME = 16
_SHORT = 24
# A long name counts as one of this length.
_NAME = 13
# 「Bの分だけだといくら」
_LONGEST_OF_ANOTHER = 30


@dataclass(frozen=True, slots=True)
class Turns:
    """A question as read, the plan of the one before it, and the `names` of the projects of its answer."""

    draft: Draft
    plan: Plan
    before: Plan
    names: Sequence[str]

    @property
    def text(self) -> str:
        return self.draft.folded

    @property
    def beside_names(self) -> int:
        """How many characters stand beside the names of projects."""
        return len(self.text) - sum(m.end - m.start for m in self.draft.subjects)


Sign = Callable[[Turns], bool | None]


def is_follow_up(draft: Draft, plan: Plan, before: Plan, names: Sequence[str]) -> bool:
    """Whether a question leaves out what the one before it said; `names` are the projects of its answer."""
    return follows(Turns(draft, plan, before, names))[1]


def follows(turns: Turns) -> tuple[Sign, bool]:
    """The first sign that speaks, and what it says."""
    return next((sign, said) for sign in SIGNS if (said := sign(turns)) is not None)


def beyond_sign(turns: Turns) -> bool | None:
    """What no such document is about.

    「令和4年度の総務課の予算は」 → 「ちなみに明日の天気は？」
    """
    of_none = turns.draft.has("beyond") and not (turns.plan.subjects or turns.plan.metrics)
    return False if of_none else None


def marked_sign(turns: Turns) -> bool | None:
    """A whole question behind では.

    「令和4年度の旭区広報事業の予算は」 → 「では、令和5年度の総務課の予算の合計を教えて」
    """
    plan = turns.plan
    of_thing = plan.subjects or plan.topics or turns.plan.of_scope
    whole = _MARKER.match(turns.text) and plan.years and of_thing and not _POINTS_BACK.search(turns.text)
    return False if whole else None


def columns_sign(turns: Turns) -> bool | None:
    """Columns of nothing named.

    「交通安全対策事業の予算は」 → 「令和4年度の決算の時点だと、予算と執行率はそれぞれどうなりますか」
    """
    plan = turns.plan
    of_nothing = not (plan.subjects or plan.topics or plan.place_words or plan.unknown_places or plan.level_named)
    of_nothing = of_nothing and not (turns.plan.of_scope or plan.conditions)
    asked = of_nothing and plan.metrics and plan.operation == "lookup" and turns.before.subjects
    return True if asked and not _OF_ALL.search(turns.text) else None


def same_year_sign(turns: Turns) -> bool | None:
    """The year of before for another.

    「令和4年度の商店街振興事業の予算は」 → 「同じ年度の読書活動推進事業の決算額を教えてください」
    """
    return True if turns.plan.subjects and SAME_YEAR.search(turns.text) else None


def another_amount_sign(turns: Turns) -> bool | None:
    """Another's amount, no column said.

    「令和4年度の旭区広報事業の決算は」 → 「広報よこはまあさひ区版発行事業の分だけだといくら？」
    """
    plan = turns.plan
    of_another = plan.subjects and not (plan.metrics or plan.conditions) and turns.before.metrics
    asked = of_another and turns.draft.has("ask", "how_much")
    return True if asked and turns.beside_names <= _LONGEST_OF_ANOTHER else None


def as_well_sign(turns: Turns) -> bool | None:
    """Another one too, of the year of before.

    「市民活動支援（みなくる）事業の令和4年度予算は」 → 「文化芸術による心の豊かさ推進事業も、予算と決算の両方で」
    """
    mentions = turns.draft.subjects
    too = len(mentions) == 1 and turns.text.startswith(("も、", "も予算", "も決算", "も執行"), mentions[0].end)
    return True if too and turns.before.years and not turns.plan.years else None


def parts_sign(turns: Turns) -> bool | None:
    """細事業 of what was named.

    「令和4年度の街の美化運動事業の予算は」 → 「この事業にある細事業で予算額が一番多いものを教えて」
    """
    plan = turns.plan
    named_level = plan.level == "sub_project" and plan.level_named
    return True if turns.before.subjects and named_level and not plan.subjects else None


def breakdown_sign(turns: Turns) -> bool | None:
    """Its parts in other words.

    「令和4年度の街の美化運動事業の決算は」 → 「何に使ったのかその内訳を見せてもらえますか」
    """
    of_thing = turns.plan.subjects or turns.plan.topics or turns.plan.of_scope
    return True if turns.before.subjects and turns.draft.has("ask", "breakdown") and not of_thing else None


def namesake_sign(turns: Turns) -> bool | None:
    """A part named as the one before is.

    「障害者ネットワーク推進事業の普及啓発事業の令和4年度の決算は」 → 「商店街振興事業にある同じ名前の細事業は？」
    """
    one_each = len(turns.plan.subjects) == len(turns.before.subjects) == 1
    whole = one_each and not turns.plan.subjects[0].within
    return True if whole and NAMESAKE.search(turns.text) else None


def counted_noun_sign(turns: Turns) -> bool | None:
    """A count's noun.

    「令和4年度の防災講演会は何回開催しましたか」 → 「参加人数も」
    """
    return True if len(turns.text) <= _SHORT_COUNT and COUNTED_AT_START.match(turns.text) else None


def thing_alone_sign(turns: Turns) -> bool | None:
    """Another thing after a count.

    「令和4年度の「あさひみらい塾」は何回やった？」 → 「シニアのためのいきいき未来講座は？」
    """
    plan = turns.plan
    alone = counter_of(turns.before) and THING_ALONE.fullmatch(turns.text)
    return True if alone and not (plan.metrics or plan.subjects or plan.years) else None


def set_against_sign(turns: Turns) -> bool | None:
    """One name set against the one before.

    「令和4年度の旭区広報事業の予算は」 → 「読書活動推進事業とどっちが多い？」
    """
    two = len(turns.plan.subjects) == 1 and len(turns.before.subjects) == 1
    return True if two and set_against_before(turns.draft) else None


def pointer_sign(turns: Turns) -> bool | None:
    """Words that point back.

    「令和4年度の執行率が50%未満の事業は」 → 「そのうち地域振興課のものは？」
    """
    points = _BEGINS_SO.match(turns.text) or AMONG.search(turns.text) or SAME_AGAIN.search(turns.text)
    return True if points else None


def shown_name_sign(turns: Turns) -> bool | None:
    """A name out of the answer.

    「令和4年度の安全で安心な食と生活環境支援事業の細事業は」 → 「飼い主のいない猫対策の予算は」
    """
    plan = turns.plan
    shown = plan.subjects and not (plan.years or plan.place_words)
    if not (shown and all({*m.names} <= {*turns.names} for m in plan.subjects)):
        return None
    return plan.operation in ("lookup", "departments", "indicators", "breakdown", "share")


def named_sign(turns: Turns) -> bool | None:
    """A name and little more.

    「令和4年度の旭区広報事業の予算は」 → 「読書活動推進事業は？」
    """
    plan = turns.plan
    if not (plan.subjects or plan.topics or plan.unknown_places):
        return None
    short = min(len(turns.text), turns.beside_names + _NAME) <= _SHORT_WITH_NAME
    short = short or ASKED_OF_ANOTHER.search(turns.text) is not None
    if plan.unknown_places and short and plan.operation == "describe":
        # 「青葉区は？」: the same of a ward that no document is of.
        return True
    return bool(plan.subjects) and not plan.metrics and plan.operation in ("describe",) and short


def complete_sign(turns: Turns) -> bool | None:
    """Rows, and what bounds or orders them.

    「令和4年度の旭区広報事業の予算は」 → 「執行率が50%未満の事業は？」
    """
    complete = bool(turns.plan.conditions) or (turns.draft.has("rank") and bool(turns.plan.metrics))
    return False if complete and turns.draft.has("level") else None


def own_rows_sign(turns: Turns) -> bool | None:
    """Rows of a scope in a year, after one project.

    「令和4年度の旭ふれあい区民まつりの決算は」 → 「生活衛生課が令和5年度にやってる事業は？」
    """
    whole = turns.draft.has("level") and turns.plan.years and turns.plan.of_scope
    # 「令和4年度の地域振興課の事業数は？」 after a bound: how many the department has, whatever was bounded before.
    scoped = turns.plan.years and turns.plan.of_scope and turns.plan.operation == "count"
    counted = scoped and not _POINTS_BACK.search(turns.text)
    if counted and turns.before.operation in ("filter", "rank"):
        return False
    return False if whole and turns.before.subjects and turns.before.operation == "lookup" else None


def own_groups_sign(turns: Turns) -> bool | None:
    """A year, groups and a column of its own, after one project.

    「令和4年度の旭ふれあい区民まつりの決算は」 → 「令和4年度の課ごとの目標達成率は？」
    """
    plan = turns.plan
    grouped = plan.group_by in ("department", "pillar") and "ごと" in turns.text
    whole = grouped and plan.years and plan.metrics and not _POINTS_BACK.search(turns.text)
    return False if whole and turns.before.subjects else None


def own_scope_sign(turns: Turns) -> bool | None:
    """A year, a scope and a column of its own, after another kind of scope.

    「令和4年度の執行率が50%未満の総務課の事業は」 → 「令和5年度の自主企画事業費の予算は？」
    """
    plan, before = turns.plan, turns.before
    whole = plan.years and plan.metrics and turns.plan.of_scope
    other = before.departments and not plan.departments
    return False if whole and other else None


def short_sign(turns: Turns) -> bool | None:
    """Few words, or many.

    「令和4年度の旭区広報事業の予算は」 → 「令和5年度は？」
    """
    return len(turns.text) <= _SHORT


SIGNS: tuple[Sign, ...] = (
    beyond_sign,
    marked_sign,
    columns_sign,
    same_year_sign,
    another_amount_sign,
    as_well_sign,
    namesake_sign,
    parts_sign,
    breakdown_sign,
    counted_noun_sign,
    thing_alone_sign,
    set_against_sign,
    pointer_sign,
    shown_name_sign,
    named_sign,
    complete_sign,
    own_rows_sign,
    own_groups_sign,
    own_scope_sign,
    short_sign,
)


def in_full(question: str, before: Plan) -> str:
    """A follow-up with what its pointing words stand for: the rows told before (同じ事業), the mean told before.

    >>> in_full("それを下回る事業は？", Plan("mean", metrics=("execution_rate",)))
    'そのうち、執行率が平均を下回る事業は？'
    """
    question = _SAME_ROWS.sub("それらの事業", _CORRECTS.sub("間違えた、", question))
    bound = _BEYOND_MEAN.match(question) if before.operation == "mean" and before.metrics else None
    return f"そのうち、{METRIC_NAMES[before.metrics[0]]}が平均{bound['bound']}" if bound else question


def stays_in_year(draft: Draft, plan: Plan, before: Plan) -> bool:
    """Whether a question of its own leaves out the year of the one before it.

    「来場者は何人だった？」 after a project's budget of 令和4年度 asks for that year's visitors.
    """
    counted = plan.operation in ("counts", "indicators") and not (plan.years or plan.place_words or plan.departments)
    return counted and bool(before.subjects) and len(draft.folded) <= _SHORT


def set_against_before(draft: Draft) -> bool:
    """Whether a follow-up begins with one name that it sets against what was asked of before."""
    first = draft.subjects[0]
    begins = _BEFORE_OTHER.fullmatch(draft.folded[: first.start])
    return begins is not None and _WITH_BEFORE.match(draft.folded, first.end) is not None
