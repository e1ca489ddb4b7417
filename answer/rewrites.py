"""Words that mean something else beside the words around them: one step for each, in their order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from answer.continuation import THAT_DEPARTMENT
from answer.draft import COUNTER_ASKED, Draft
from answer.follow_up import SAME_AGAIN
from answer.hierarchy import is_under, names_of
from answer.ledger import Ledger
from answer.ranking import take_order
from answer.scope import take_as_well, take_parents, take_same_group, take_subtracted
from answer.types import Plan
from answer.vocabulary import Word, vocabulary
from answer.years_compared import set_years_against_each_other, take_english_comparison, take_part_of_year
from ingest.amounts import COUNTER_PATTERN
from records import Metric

_MORE_THAN_YEAR = re.compile(r"^(?:の[^、]{1,6})?より(?:も)?[^、]{0,22}?(?:(多|大き|高|増)|(少な|小さ|低|減))")
_SAME_COLUMN = re.compile(r"^の(予算|決算|執行)額?[がは]、?$")
# 「金額もあわせてお示しください」 adds nothing up.
_ALSO_TELL = re.compile(
    r"(?:も|と|を)?(?:あわせて|合わせて)(?:お?示|お?教え|答え|お?知|表示|出し|挙げ|お?聞|載せ|記載|列挙|お?願)"
)
_YEARS_TOGETHER = re.compile(
    r"(?:2|二|3|三)(?:[かヶカケヵ箇]?年度?|年)(?:分|間|通算|合計|の合計|を?合わせ|で合わせ)|両年度(?:分|の合計|を?合わせ|を?足)"
)
_SOME_YEARS = re.compile(r"(?:2|二|3|三)(?:[かヶカケヵ箇]?年度?)(?:分|間)?|両年度分?")
_COLUMN_OF_YEAR = re.compile(r"(?:の[^、年]{2,24})?の?(予算|決算|執行)額?(?:[はがをとよに、]|の差)")
_COLUMNS_NAMED: dict[str, Metric] = {"予算": "budget", "決算": "settled", "執行": "executed"}
_AGAINST_COLUMN = re.compile(
    r"(?:より(?:も)?|を|に比べ(?:て|ると)?|と比べ(?:て|ると)?|との差|の差)[^、]{0,12}?(?:(?P<more>多|大き|上回|超|増)|少|小さ|下回|減|差|いくら|違)"
)
_SPENT_OF_BUDGET = re.compile(
    r"(?:決算|執行)額?(?:の(?:合計|総額|全体))?額?は、?(?:その)?予算額?(?:の(?:合計|総額|全体))?額?(?:の|に対して|に対し)、?(?:約|およそ)?何(?:%|割|パーセント)"
)
_ONLY_LEAVE = re.compile(r"(?:だけ|のみ)を?残(?:し|す|せ)")
_NAME_LEFT = re.compile(r"(?:名称|名前|事業名|一覧表?に|表に|名簿に)(?:が|は|も)?残")
# What stands behind a name whose parts are meant: 「Aの中で」.
WITHIN = re.compile(r"の(?:中で|中の|うち|なかで)")
_WHICH_YEAR = re.compile("(?:どの|何|いつの)年")
_ITS_PART = re.compile("の(?:細事業|一部|内訳|中)")
_PLAN_OF_YEAR = re.compile(r"年度?の計画(?:では?|で?は|上|、|の)")
# 「黒字で終わった」「0円のまま終わった」「7月が終わっても」: how or when, not that it ended.
_CAME_OUT = re.compile("(?:[でに]|まま|(?:月|年度|期|期間)が[^、]{0,4})$")
# 「60%以上80%未満の範囲に収まる」 says nothing of a budget.
_IN_BUDGET = re.compile("予算額?(?:の(?:範囲|枠)|内|枠|の中)?(?:内)?に$")
_FINE = ("良い", "よい")
_MOVED = re.compile("(?:変わ|動|違|増減|増え|減ら?|上下)")
_TELL = re.compile("、?(?:すべて|全て|全部)?(?:挙|あげ|教|示|列挙|出|答|拾|知|リスト|並べ|抜き|書)")
_TAKEN_IN = re.compile(r"(?:も|を)含[めむん]")
# 「…したりする花いっぱい事業」; 「若葉台の花いっぱい事業」 may say where.
_DESCRIBES = re.compile(r"(?:[うくすつぬふむるぐぶえけせてねめれげべた]|ための|などの|といった|という)[「『]?$")
_PLANS = ("計画", "計画値")
_AS_PLANNED = re.compile("年度の?(?:計画|予定)(?:値|額)?(?:で|の|が|は|に|と|[をも]|、|$|事業費)")
_AN_AMOUNT = re.compile("事業費|経費|費用|いくら|何円|金額|予算|決算|円")
_AMOUNT_BEFORE = re.compile(r"(?:事業費|経費|費用|金額|決算額?|年度)[（(]?の?$")
_AMOUNT_BEHIND = re.compile(r"の?(?:事業費|経費|費用|金額|額)")
_COUNTED_BEHIND = re.compile("(?:者|人|回|件|部|枚|団体)(?:数|は|が|って|、|$)|[者人]?数")
_WANTED_FOR = re.compile("比較(?:表|資料|用|検討)")
_DEFINED = re.compile(
    r"(?:差引|残額|不用額|執行率)[（(]?(?P<how>(?:予算|決算|執行)額?[-−–ー÷/／~](?:予算|決算|執行)額?)"
)
_OF_KIND = re.compile(r"関係|関連|分野")
_AS_RATE = re.compile(r"(?:それは?、?|では、?)?(?:率|割合|パーセント|%)(?:で|だと|にすると|に直)")
_OF_REMAINDER = re.compile(r"[がはをのもと]|額|、|$")
_LEFT_OUT_BEFORE = re.compile(
    r"(?:除い(?:た|て)|除く|除き|外した|外して|抜いた|抜いて|以外の|引いた)、?(?:あとの|後の)?$"
)
_THAN_YEAR_BEFORE = re.compile(r"(?:前年度?|昨年度?|前の年度?)(?:の[^、]{1,4})?より(?:も)?[^、]{0,6}$")
_YEAR_BEFORE = re.compile(r"(?:前年度?|昨年度?|前の年度?)(?:の(?:予算|決算)額?)?(?:を|に|より|より?も)?$")
_AIM = re.compile(r"(?:ため|活動|取組|方法|には|工夫|対策|仕組|こと|支援|努力)")
_MONEY = re.compile(r"金|費|円|額|税|いくら|幾ら")
_NOT_IN = re.compile(
    "(?:が|は|の)?(?:担当|所管)?(?:に|として|には)?(?:入って|加わって|関わって|含まれて)(?:おらず|い?な[いくか]|いません|おりません)"
)
_MUST = re.compile("(?:ないと|なければ|なくては|なきゃ|ねば)$")
# 「同じ名前の細事業」「同額のものがあれば全部」: nothing is compared with the year before.
_SAME_NAMED = re.compile(
    r"(?:同じ(?:名前|名称|事業名|順位|値|率|額|金額)|同名|同額|同率|同順位|同点)(?:の(?:もの|事業|場合))?"
    r"(?P<ties>が(?:あれ|い)|なら|の場合|は(?:すべて|全て|全部)|も(?:すべて|全て|全部|含))?"
)
_NET = re.compile(r"差し?引き?(?:で|すると)?、?(?:いくら|何円|何千円|どれ)")
# 「差し引き何件か」 is no column of money.
_NET_COUNT = re.compile(rf"差し?引き?(?:で|すると)?、?何(?:{COUNTER_PATTERN})")
# 「AとBの事業を除くと何が残りますか」
_REMAINS = re.compile(
    r"(?:除く|除いた|除け|外す|外し|抜く|抜い)[^、]{0,4}、?(?:残る|残り|残っ)[ぁ-ん]*"
    r"|(?:除く|除け|外す|抜く)[とば]、?(?:何|なに|どれ|どの事業)が残"
)
# 「その中の同じ名前の細事業」「Aの細事業の方」「Aという細事業」: the part that bears the project's own name.
_NAMESAKE = re.compile(r"(?:同じ(?:名前|名称|事業名)|同名)の細事業|細事業の(?:方|ほう)(?=[のはがで])")
_NAMESAKE_BEHIND = re.compile(r"の細事業の(?:方|ほう)|という(?:名前の|名の|名称の)?細事業|細事業(?=[のはが])")
_NAMESAKE_BEFORE = re.compile(r"細事業(?:の|である|としての)$")
_WHOLE_TOO = re.compile("全体|そのもの|(?<!細)事業の方")
_TAKEN_AS_WELL = re.compile(r"[額率]?(?:だった)?(?:の?(?:もの|事業|分))?も(?:含|入れ|数え|加え)")
_WITHOUT_EXTREME = re.compile(
    r"(?:(?P<most>最大|最多|最高|(?:最も|もっとも|一番|いちばん)(?:大き|多|高)い)|最小|最少|最低|(?:最も|もっとも|一番|いちばん)(?:小さ|少な|低)い)"
    r"(?:の)?(?:もの|事業|取組|1件|1つ|一つ)?を?(?:除|外[しす]|抜[いく])[ぁ-ん]{0,4}"
)
_YEAR_OVER = re.compile(
    r"(?:が|を|の)?(?:終わ(?:った|って|る)|終え(?:た|て)|締め(?:た|て)|終了(?:した|して|時))(?:時点|段階|とき|時|後|あと|みて|みると)?"
)
_GAP_TO_BUDGET = re.compile("予算額?との差額?")
_NO_LEVEL = re.compile(r"(?:になっ|となっ|にな[るり]|となる|に移|に組み|に入っ|に再編|として(?!あ|載|残))")
_EITHER_ONE = re.compile("(?:の(?:時点|時期|段階|資料))*(?:の年度?|の一覧表?|の表|の資料)*(?:に|で)?も")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question's place: the ledger it is asked of, the years and places read in it, and what was asked before."""

    ledger: Ledger
    plan: Plan
    previous: Plan | None
    previous_names: tuple[str, ...]


Rewrite = Callable[[Draft, Turn], None]


def rewrite(draft: Draft, turn: Turn) -> None:
    """Every word that means something else beside its neighbours becomes what it means, in the order of REWRITES."""
    for step in REWRITES:
        step(draft, turn)


def same_again(draft: Draft, turn: Turn) -> None:
    """「同じ事業の令和4年度は」 points back."""
    points_back = draft.folded.startswith("同じ") or SAME_AGAIN.search(draft.folded)
    if (turn.previous is not None and points_back) or "同じ年" in draft.folded:
        draft.drop("compare", "same")


def of_a_kind(draft: Draft, turn: Turn) -> None:
    """「交通安全関係（AとB）」: what the others are of is no third thing."""
    if len(draft.subjects) > 2:
        draft.subjects = [m for m in draft.subjects if not _OF_KIND.match(draft.folded[m.end :])]


def years_together(draft: Draft, turn: Turn) -> None:
    """「令和4年度と5年度の2年分でいくら」: the years are added up."""
    if len(set(draft.years)) < 2 or not _YEARS_TOGETHER.search(draft.folded):
        return
    draft.topics = [t for t in draft.topics if not _SOME_YEARS.fullmatch(t)]
    if not draft.has("aggregate"):
        draft.add("aggregate", "sum")


def columns_of_years(draft: Draft, turn: Turn) -> None:
    """「令和5年度の予算は令和4年度の決算より何円多いか」: each year's own column, with the direction that is asked."""
    found: dict[int, Metric] = {}
    for _, end, year in draft.year_spans:
        match = _COLUMN_OF_YEAR.match(draft.folded[end:])
        if match is not None:
            found.setdefault(year, _COLUMNS_NAMED[match[1]])
    compared = _AGAINST_COLUMN.search(draft.folded)
    if draft.columns or len(found) != 2 or len(set(found.values())) != 2 or compared is None:
        return
    draft.drop("comparator")
    draft.drop("shorthand")
    if draft.has("level") and not draft.subjects:
        first = draft.year_spans[0][2]
        rises = (compared["more"] is not None) == (first == max(found))
        draft.add("compare", "up" if rises else "down")
    draft.columns = tuple(sorted(found.items()))


def spent_of_budget(draft: Draft, turn: Turn) -> None:
    """「2事業の決算の合計は予算の何%」: the rate of all of them together, and no share of a whole."""
    if len(draft.subjects) == 1 or len(set(draft.years)) > 1 or not _SPENT_OF_BUDGET.search(draft.folded):
        return
    draft.drop("aggregate")
    draft.drop("metric")
    draft.add("metric", "execution_rate")
    draft.add("aggregate", "sum")


def told_as_well(draft: Draft, turn: Turn) -> None:
    """「金額もあわせてお示しください」 adds nothing up."""
    if _ALSO_TELL.search(draft.folded):
        draft.drop_where(lambda w: w.meaning == "sum" and w.text in ("あわせて", "合わせて"))


def aims(draft: Draft, turn: Turn) -> None:
    """「町内会に入る人を増やすために」, 「武将を使った観光PR」: what is aimed at and done, no figures."""
    if turn.previous is not None:
        return
    for word in list(draft.words):
        aimed = (word.family, word.meaning) in (("compare", "up"), ("compare", "down"))
        if aimed and _AIM.match(draft.folded[word.end :]) and not draft.has("metric"):
            draft.words.remove(word)
    for word in draft.of("compare"):
        as_state = word.text.startswith("終わ") and _CAME_OUT.search(draft.folded[: word.start]) is not None
        if as_state and all(end != word.start - 1 for _, end, _ in draft.year_spans):
            # 「黒字で終わった」: how it came out, not that it ended.
            draft.words.remove(word)
    families = ("metric", "shorthand", "rank", "aggregate", "compare", "comparator")
    of_money = any(draft.has(family) for family in families) or draft.has("ask", "how_much", "breakdown")
    # 「1円でも使った事業は何件」 counts projects, by what they spent.
    of_projects = draft.has("level") and bool(draft.amounts)
    counted = COUNTER_ASKED.search(draft.folded) is not None and not (draft.has("ask", "how_much") or of_projects)
    if draft.has("spent") and (counted or not (of_money or draft.amounts or _MONEY.search(draft.folded))):
        draft.drop("spent")


def negative_change(draft: Draft, turn: Turn) -> None:
    """「前年度比でマイナスになった事業」 fell, and went over no budget."""
    if draft.has("compare", "change") and any(w.text == "マイナス" for w in draft.of("shorthand")):
        draft.drop_where(lambda w: w.text == "マイナス")
        draft.add("compare", "down")


def appropriated(draft: Draft, turn: Turn) -> None:
    """「充てた決算額」, 「そのうち広報に充てたのは？」: the verb says 予算 only where nothing else says the figure."""
    others = any(w.family == "metric" and not w.text.startswith("充て") for w in draft.words)
    if others or turn.previous is not None:
        draft.drop_where(lambda w: w.family == "metric" and w.text.startswith("充て"))


def adverbs(draft: Draft, turn: Turn) -> None:
    """「あまり使えなかった」 is no 余り, and 「Aを除いた残りの合計」 no 残額."""
    if _ONLY_LEAVE.search(draft.folded):
        # 「総務課のものだけ残して」
        draft.drop("shorthand", "left_over")
    # 「令和4年度にもあった事業だけでよい」 orders nothing.
    draft.drop_where(
        lambda w: w.family == "rank" and w.text in _FINE and draft.folded[: w.start].endswith(("で", "ば", "も"))
    )
    for word in draft.of("shorthand"):
        # 「1円も変わらない」 is no zero, 「残らず挙げて」 leaves nothing of a budget.
        rest = draft.folded[word.end :]
        unmoved = word.meaning == "zero" and word.text.endswith("円も") and _MOVED.match(rest)
        every = word.meaning == "used_up" and word.text.endswith("らず") and _TELL.match(rest)
        within = word.text.startswith("収ま") and not _IN_BUDGET.search(draft.folded[: word.start])
        if unmoved or every or within:
            draft.words.remove(word)
    if draft.has("compare", "vanished") and _NAME_LEFT.search(draft.folded):
        # 「廃止され、一覧に名称が残っていない事業」
        draft.drop("shorthand", "used_up", "left_over")
    draft.drop_where(
        lambda w: (
            w.meaning == "difference"
            and (
                (w.text == "あまり" and not _OF_REMAINDER.match(draft.folded[w.end :]))
                or (w.text.startswith("残") and _LEFT_OUT_BEFORE.search(draft.folded[: w.start]) is not None)
            )
        )
    )


def year_before(draft: Draft, turn: Turn) -> None:
    """「予算が前年度を下回った事業」: the bound is the year before, so it is a change."""
    for word in draft.of("rank"):
        if word.meaning in ("high", "low") and _THAN_YEAR_BEFORE.search(draft.folded[: word.start]):
            draft.words.remove(word)
            draft.words.append(replace(word, family="compare", meaning="up" if word.meaning == "high" else "down"))
    for word in draft.of("comparator"):
        of_year = any(0 <= word.start - end <= 1 for _, end, _ in draft.year_spans) and len(draft.year_spans) > 1
        if of_year or _YEAR_BEFORE.search(draft.folded[: word.start]):
            draft.words.remove(word)
            draft.words.append(
                replace(word, family="compare", meaning="down" if word.meaning in ("lt", "le") else "up")
            )


def year_against_year(draft: Draft, turn: Turn) -> None:
    """「令和4年度より令和5年度の予算が多い事業」「前年度と比べて予算が少ない事業」: a change, not a ranking."""
    two_years = len(draft.year_spans) > 1 or draft.has("year", "prior")
    if two_years and draft.has("compare", "compare") and not draft.has("rank", "most", "least"):
        for meaning, direction in (("high", "up"), ("low", "down")):
            if draft.has("rank", meaning) and draft.has("level") and not draft.subjects:
                draft.drop("rank")
                draft.add("compare", direction)
    for (_, end, year), (start, stop, other) in itertools.pairwise(sorted(draft.year_spans)):
        column = _SAME_COLUMN.match(draft.folded[end:start])
        less = column and re.match(
            rf"^の{column[1]}額?より(?:も)?[^、]{{0,4}}(?:(多|大|高|増)|少|小|低|減)", draft.folded[stop:]
        )
        if less:
            # 「令和5年度の予算が令和4年度の予算より少ない」
            rises = (less[1] is not None) == (year > other)
            draft.drop("rank", "high", "low", "most", "least")
            draft.words.append(Word(stop, stop, "compare", "up" if rises else "down", less.group()))
            return
    for _, end, year in draft.year_spans:
        others = [other for start, _, other in draft.year_spans if start > end and other != year]
        more = _MORE_THAN_YEAR.match(draft.folded[end:])
        if not others or more is None:
            continue
        rises = (more[1] is not None) == (others[0] > year)
        draft.drop("rank", "high", "low", "most", "least")
        draft.words.append(Word(end, end, "compare", "up" if rises else "down", more.group()))
        return


def year_over(draft: Draft, turn: Turn) -> None:
    """「令和5年度が終わった時点で」: the year's settlement, and nothing that ended."""
    for _, end, _ in draft.year_spans:
        match = _YEAR_OVER.match(draft.folded, end)
        if match is not None:
            _drop_between(draft, "compare", match.start(), match.end())
            draft.add("phase", "settlement")


def unspent_share(draft: Draft, turn: Turn) -> None:
    """「使い残しの割合が一番大きい事業」: the lowest execution rate, and the other way round."""
    left = draft.has("metric", "difference") or draft.has("shorthand", "left_over")
    if not (left and draft.has("aggregate", "ratio") and draft.has("rank", "most", "least")):
        return
    fewest = draft.has("rank", "low") or draft.has("rank", "least")
    draft.drop("rank")
    draft.drop("metric")
    draft.drop("shorthand", "left_over")
    draft.drop("aggregate", "ratio")
    draft.add("metric", "execution_rate")
    draft.add("rank", "most" if fewest else "least")


def departments_of_other_years(draft: Draft, turn: Turn) -> None:
    """Of departments that are written alike (こども家庭支援課, 子ども家庭支援課) those that the scope has."""
    if len(draft.departments) < 2:
        return
    fold = vocabulary().fold
    held = {
        d
        for r in turn.ledger.rows
        if (not turn.plan.years or r.fiscal_year in turn.plan.years)
        and (not turn.plan.places or r.place in turn.plan.places)
        for department in r.departments
        for d in names_of(department)
        if r.figures
    }
    there = {fold(d) for d in draft.departments if d in held}
    draft.departments = [d for d in draft.departments if d in held or fold(d) not in there]


def that_department(draft: Draft, turn: Turn) -> None:
    """「その課の事業」: the departments of the rows that the answer before named; of the first of the departments or
    pillars, those that all of its rows share.
    """
    previous = turn.previous
    pointed = THAT_DEPARTMENT.match(draft.folded)
    if previous is None or pointed is None:
        return
    draft.drop("group")
    if previous.departments and not pointed["scope"]:
        draft.departments.extend(previous.departments)
        return
    rows = [
        r
        for r in turn.ledger.rows
        if r.name in turn.previous_names and (not previous.years or r.fiscal_year in previous.years)
    ]
    if pointed["scope"]:
        known = {r.pillar for r in turn.ledger.rows if r.pillar}
        told = [n for n in turn.previous_names if n in known] or [r.pillar for r in rows if r.pillar]
        draft.pillars.extend(dict.fromkeys(previous.pillars or told))
        return
    held = [r.departments for r in rows if r.departments]
    of_group = previous.group_by == "department" and held
    shared = [d for d in dict.fromkeys(d for own in held for d in own) if all(d in own for own in held)]
    draft.departments.extend(shared if of_group else dict.fromkeys(d for own in held for d in own))


def as_rate(draft: Draft, turn: Turn) -> None:
    """「率でいうと？」"""
    changes = turn.previous is not None and turn.previous.operation == "change"
    if turn.previous is not None and _AS_RATE.match(draft.folded) and not changes:
        draft.add("metric", "execution_rate")


def belongs_in_bracket(draft: Draft, turn: Turn) -> None:
    """「A（Bの細事業）の執行額」: B only says where A belongs."""
    for at, (inner, outer) in enumerate(itertools.pairwise(draft.subjects)):
        if inner.end == outer.start and _ITS_PART.match(draft.folded[outer.end :]):
            match = replace(inner.match, within=outer.match.names)
            draft.subjects[at : at + 2] = [replace(inner, match=match)]
            draft.drop("level", "sub_project")
            return


def plan_of_year(draft: Draft, turn: Turn) -> None:
    """「令和7年度の計画ではいくら」: whose plan it is, and no topic."""
    if _PLAN_OF_YEAR.search(draft.folded) and (draft.has("ask", "how_much") or draft.has("metric")):
        draft.topics = [t for t in draft.topics if t != "計画"]


def parts_within(draft: Draft, turn: Turn) -> None:
    """「Aの中で最も予算が大きい事業は」: of one project its parts are ranked, whatever the question calls them."""
    if len(draft.subjects) != 1 or not draft.has("rank", "most", "least") or _WHICH_YEAR.search(draft.folded):
        return
    mention = draft.subjects[0]
    names = {*mention.match.names, *mention.match.kin}
    parts = any(r.figures and r.parent and r.parent.name in names for r in turn.ledger.rows)
    if parts and WITHIN.match(draft.folded[mention.end :]):
        draft.drop("level")
        draft.add("level", "sub_project")


def gap_to_budget(draft: Draft, turn: Turn) -> None:
    """「予算との差、つまり残った額は？」: the column, where nothing else is set against the budget."""
    match = _GAP_TO_BUDGET.search(draft.folded)
    if match is not None and draft.has("metric", "difference") and len(draft.subjects) < 2:
        _drop_between(draft, "compare", match.start(), match.end())
        _drop_between(draft, "metric", match.start(), match.end())


def which_of_its_parts(draft: Draft, turn: Turn) -> None:
    """「Aの細事業では、どちらの使い残しが多かったか」: the first of its parts, and no comparison of two names."""
    of_one = len(draft.subjects) == 1 and draft.has("level", "sub_project") and draft.has("compare", "which")
    if of_one and draft.has("rank", "high", "low") and len(set(draft.years)) <= 1:
        draft.drop("compare", "which")
        draft.add("rank", "least" if draft.has("rank", "low") else "most")


def part_of_its_name(draft: Draft, turn: Turn) -> None:
    """「細事業の読書活動推進事業」: of a name that a project and a part of one bear, the part alone, or both."""
    for at, mention in enumerate(list(draft.subjects)):
        around = draft.folded[: mention.start], draft.folded[mention.end :]
        one = len({m.match.names for m in draft.subjects}) == 1
        alone = _NAMESAKE.search(draft.folded) is not None and one
        told = alone or bool(_NAMESAKE_BEFORE.search(around[0]) or _NAMESAKE_BEHIND.match(around[1]))
        rows = [r for r in turn.ledger.rows if r.name in mention.match.names]
        parents = tuple(dict.fromkeys(r.parent.name for r in rows if r.parent is not None))
        if not told or not parents or not any(r.level == "project" for r in rows):
            continue
        part = replace(mention, match=replace(mention.match, within=parents))
        both = _NAMESAKE.search(draft.folded) and _WHOLE_TOO.search(draft.folded)
        if alone:
            # 「Aの中にある、同じ名前の細事業「A」」
            draft.subjects = [mention, part] if both else [part]
            draft.drop("level", "sub_project")
            return
        draft.subjects[at : at + 1] = [mention, part] if both else [part]
        draft.drop("level", "sub_project")


def taken_in_too(draft: Draft, turn: Turn) -> None:
    """「赤字のものも含めて」「同額だったものも含めて」 picks nothing out."""
    taken_in = ("shorthand", "compare")
    draft.drop_where(lambda w: w.family in taken_in and _TAKEN_AS_WELL.match(draft.folded[w.end :]) is not None)


def without_extreme(draft: Draft, turn: Turn) -> None:
    """「予算が最大のものを除いた残りの平均」: the first or the last is left out, and nothing is ranked."""
    match = _WITHOUT_EXTREME.search(draft.folded)
    if match is None or not draft.has("aggregate", "mean", "sum"):
        return
    draft.drops = "most" if match["most"] else "least"
    for family in ("rank", "exclude", "shorthand"):
        _drop_between(draft, family, match.start(), match.end() + len("残り"))
    draft.drop_where(lambda w: w.text.startswith("残") and match.start() <= w.start <= match.end() + 1)


def same_named(draft: Draft, turn: Turn) -> None:
    """「同じ名前の事業どうし」「同額のものがあれば全部」: whose names or figures are the same, not what stayed."""
    for match in _SAME_NAMED.finditer(draft.folded):
        if "名" in match.group() or match["ties"]:
            _drop_between(draft, "compare", match.start(), match.end())
            draft.topics = [t for t in draft.topics if t not in match.group()]


def net_change(draft: Draft, turn: Turn) -> None:
    """「差し引きいくら増えたことに」「差し引き何件か」: the change, or what is left of a count, and no column."""
    counted = _NET_COUNT.search(draft.folded)
    if counted is not None:
        draft.drop_where(lambda w: w.meaning == "difference" and counted.start() <= w.start < counted.end())
    match = _NET.search(draft.folded)
    if match is not None and draft.has("compare", "up", "down", "change"):
        draft.drop_where(lambda w: w.meaning == "difference" and match.start() <= w.start < match.end())


def what_remains(draft: Draft, turn: Turn) -> None:
    """「…のものを除くと何が残りますか」 leaves nothing of a budget."""
    match = _REMAINS.search(draft.folded)
    if match is not None:
        _drop_between(draft, "shorthand", match.start(), match.end() + 1)
        _drop_between(draft, "metric", match.start(), match.end() + 1)


def became_a_part(draft: Draft, turn: Turn) -> None:
    """「細事業になった令和5年度」: what something became, no parts that are asked for."""
    found = [w for w in draft.of("level") if w.meaning == "sub_project" and _NO_LEVEL.match(draft.folded[w.end :])]
    for word in found:
        draft.words.remove(word)
        # 「Bの細事業になった」: B only says where it went.
        outer = [m for m in draft.subjects if draft.folded[m.end : word.start] == "の"]
        if outer and len(draft.subjects) > len(outer):
            draft.subjects = [m for m in draft.subjects if m not in outer]
            draft.topics = [t for t in draft.topics if t != "独立"]


def both_alike(draft: Draft, turn: Turn) -> None:
    """「令和4年度と令和5年度のどちらも執行率が90%以上」: what holds of both asks not which of them."""
    draft.drop_where(
        lambda w: (w.family, w.meaning) == ("compare", "which") and _EITHER_ONE.match(draft.folded[w.end :]) is not None
    )


def obliged(draft: Draft, turn: Turn) -> None:
    """「会議で説明しないといけない」 bounds nothing."""
    draft.drop_where(
        lambda w: (w.family, w.text) == ("comparator", "いけない") and _MUST.search(draft.folded[: w.start]) is not None
    )


def not_of_department(draft: Draft, turn: Turn) -> None:
    """「地域振興課が担当に入っておらず」「区政推進課が入っていないもの」 leaves that department's out."""
    for _, end, name in list(draft.spans):
        match = _NOT_IN.match(draft.folded[end:])
        if match and name in draft.departments:
            draft.words.append(Word(end, end + match.end(), "exclude", "words", match.group()))


def office_within(draft: Draft, turn: Turn) -> None:
    """「教育部図書館の事業」: of a department and one that lies in it, the inner one alone."""
    spans = sorted({s for s in draft.spans if s[2] in draft.departments})
    for (_, end, outer), (start, _, inner) in itertools.pairwise(spans):
        if outer == inner or draft.folded[end:start] not in ("", "の") or start < end:
            continue
        rows = [r for r in turn.ledger.rows if any(is_under(d, (inner,)) for d in r.departments)]
        if rows and all(any(is_under(d, (outer,)) for d in r.departments) for r in rows):
            draft.departments = [d for d in draft.departments if d != outer]


def counted_nouns(draft: Draft, turn: Turn) -> None:
    """「清掃活動の参加者は何人」: who is counted, and no project that has the word in its name."""
    of_counted = [
        m
        for m in draft.subjects
        if m.match.how == "part" and len(m.match.words) <= 2 and _COUNTED_BEHIND.match(draft.folded[m.end :])
    ]
    if draft.topics or turn.previous_names or len(of_counted) < len(draft.subjects):
        # Where nothing else says of what, it is all that the question names.
        draft.subjects = [m for m in draft.subjects if m not in of_counted]


def printed_for(draft: Draft, turn: Turn) -> None:
    """「事業費（実績）」, 「令和7年度計画では」: which state's amount, and no indicator, nor a project of that name."""
    draft.subjects = [m for m in draft.subjects if not (m.match.how == "part" and m.match.words in _PLANS)]
    draft.topics = [t for t in draft.topics if not (t in _PLANS and _AS_PLANNED.search(draft.folded))]
    if _AN_AMOUNT.search(draft.folded) is None:
        return
    draft.drop_where(
        lambda w: (
            w.meaning == "indicator_result"
            and w.text.startswith("実績")
            and (_AMOUNT_BEFORE.search(draft.folded[: w.start]) or _AMOUNT_BEHIND.match(draft.folded[w.end :]))
            is not None
        )
    )


def year_begins(draft: Draft, turn: Turn) -> None:
    """「年度が始まって4か月たったのに」: no project began."""
    draft.drop_where(
        lambda w: (w.family, w.meaning) == ("compare", "new") and draft.folded[: w.start].endswith(("年度が", "年が"))
    )


def widened(draft: Draft, turn: Turn) -> None:
    """「区局連携と区配も含めた38事業」: names that are taken in as well narrow nothing."""
    match = _TAKEN_IN.search(draft.folded)
    if match is None or not (draft.has("level") or any(a.unit == "事業" for a in draft.amounts)):
        return
    before = [(end, name) for _, end, name in draft.spans if end <= match.start()]
    if any(not draft.folded[end : match.start()].strip("とや、も事業費の分") for end, _ in before):
        named = {name for _, name in before}
        draft.categories = [c for c in draft.categories if c not in named]
        draft.pillars = [p for p in draft.pillars if p not in named]


def _drop_between(draft: Draft, family: str, begin: int, end: int) -> None:
    """Drop a family's words that begin within a stretch."""
    draft.drop_where(lambda w: w.family == family and begin <= w.start < end)


def described(draft: Draft, turn: Turn) -> None:
    """「花の苗を配ったりする花いっぱい事業」: what a project named in full is said to do narrows nothing."""
    if len(draft.subjects) != 1 or draft.subjects[0].match.how != "name":
        return
    start = draft.subjects[0].start
    begin = draft.folded.rfind("、", 0, start) + 1
    clause = draft.folded[begin:start]
    if _DESCRIBES.search(clause):
        draft.topics = [t for t in draft.topics if t not in clause or t in draft.folded[start:]]


def for_comparison(draft: Draft, turn: Turn) -> None:
    """「比較表用に」: what it is wanted for."""
    draft.drop_where(lambda w: w.family == "compare" and _WANTED_FOR.match(draft.folded[w.start :]) is not None)


def defined_in_bracket(draft: Draft, turn: Turn) -> None:
    """「差引（予算−決算）」: how it is made, and no other column."""
    match = _DEFINED.search(draft.folded)
    if match is not None:
        _drop_between(draft, "metric", match.start("how"), match.end())


REWRITES: tuple[Rewrite, ...] = (
    described,
    office_within,
    counted_nouns,
    printed_for,
    for_comparison,
    defined_in_bracket,
    same_again,
    lambda draft, turn: take_same_group(draft, turn.ledger),
    lambda draft, turn: take_parents(draft, turn.ledger),
    lambda draft, turn: take_as_well(draft),
    lambda draft, turn: take_subtracted(draft),
    of_a_kind,
    years_together,
    lambda draft, turn: take_part_of_year(draft),
    lambda draft, turn: take_english_comparison(draft),
    lambda draft, turn: set_years_against_each_other(draft),
    spent_of_budget,
    columns_of_years,
    told_as_well,
    aims,
    lambda draft, turn: take_order(draft),
    negative_change,
    appropriated,
    adverbs,
    year_over,
    year_before,
    year_against_year,
    unspent_share,
    departments_of_other_years,
    that_department,
    as_rate,
    widened,
    taken_in_too,
    without_extreme,
    part_of_its_name,
    gap_to_budget,
    which_of_its_parts,
    same_named,
    net_change,
    what_remains,
    became_a_part,
    both_alike,
    obliged,
    not_of_department,
    year_begins,
    plan_of_year,
    parts_within,
    belongs_in_bracket,
)
