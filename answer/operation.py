"""Which operation a question asks for: rules in their order of precedence, of which the first that applies decides.

Each rule is one function from Facts to an operation, or None where it does not apply. Its docstring tells when it does
and gives a question that it decides; a test asks every one of these questions and checks that this rule decided it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from answer.facts import Facts
from answer.groups import jointly, ranks_by_projects
from answer.indicator_bounds import OF_SHARE
from answer.ranking import asks_gap, asks_position, both_ends, limit_of
from answer.types import Operation

Rule = Callable[[Facts], Operation | None]

_MORE_THAN = re.compile(r"より(?:も)?[^、]{0,10}(?:多|少|高|低|大き|小さ)")
_TWO_WAYS = re.compile(r"(?:二|2)(?:通り|とおり)(?:に|の|で)")
# 「表とページとで同じですか」「資料の表によって数字が違っていませんか」
_TWO_PLACES = re.compile(
    r"(?:表|ページ|資料|説明書|振り返り|箇所|か所)(?:の中|内)?(?:と|で|に|とで|によって|ごとに|の間で)[^。]{0,14}(?:同じ(?!課|柱)|違[いうっ]|相違|異な|一致|食い違)"
    r"|どこ(?:で|を見て)も(?:同じ|一致)|\d(?:%|円|千円)と[\d.,]+(?:%|円|千円)の?(?:両方|どちらも|2つ|二つ)"
    # 「9事業の合計と印刷された合計が同じでしょうか」
    r"|(?:と|は)、?(?:印刷|印字|掲載|記載)(?:され(?:た|ている)|の)?合計(?:額)?[がとはに][^、。]{0,3}(?:同じ|一致|違[いうっ]|合[いうっ]|異な)"
    # 「予算から決算を引いた額が印刷された差引と合わないもの」
    r"|(?:印刷|印字|記載|掲載)(?:され(?:た|ている)|の)?[^、。]{0,8}(?:と|に)(?:合わな|合って|一致|食い違|違[うっい]|ずれ|異な)"
)
_EACH = re.compile(r"(?:どんな|どの|どのような|何の)事業[^。]{0,16}(?:それぞれ|各々|おのおの|いくらずつ)")
# 「この柱に入っているのはどんな事業」, 「総務課はどんな事業をしていますか」 ask which they are.
_WHICH_THERE = re.compile(
    r"[るたい]のは(?:どんな|どのような|どういう|何という|何の)事業"
    r"|(?:どんな|どのような|どういう|どういった)事業(?:を(?:して|やって|行|実施|持|担当|受け持|所管|進め|抱え|手がけ|展開)|が(?:ある|あり|入))"
)
# 「A課はB課をどれだけ上回りましたか」
_BEATS = re.compile(
    r"[はが][^、]{2,20}を、?(?:どれ(?:だけ|くらい|ほど)|どのくらい|いくら|幾ら|何[千万億]*円)[^、]{0,4}(?:上回|下回|超え)"
)
_NUMBER_OF_THINGS = re.compile(
    r"(?<!事業)(?:の数|人数|者数|回数|件数|部数|校数|枚数|台数)(?:は|が|を|、|と|の|って)"
    r"|何(?:人|校|回|部|枚|台|団体|拠点|地区|店|冊|頭|世帯|施設|[か箇カヶ]所)"
)
# 「令和4年度の事業は？」 asks for all of them.
_WHICH_ROWS = re.compile("事業(?:は|って)(?:どれ|何|なに|なん|全部で何)?(?:です|でしょう|になります)?か?、?$")
# 「「安全・安心なまちづくり」は、どんな取組から成りますか」
_WHICH_MEASURES = re.compile(
    r"(?:どんな|どのような|どういう|何の)(?:取組|取り組み|施策)(?:から(?:成|な)|で(?:構成|でき)|が(?:あ|含|入|並|属|置))"
)
# 「自治会町内会活動支援事業の柱は（R4）」
_ITS_PILLAR = re.compile("の(?:柱|分野|区分)(?:は|って|を(?:教|知)|、|$)")
# 「総務課全体の執行率」
_AS_A_WHOLE = re.compile(r"(?:課|柱|分野|費|室|係)(?:の事業)?全体(?:の|で|として)")
# 「総務課と地域振興課、予算の合計が多いのは」
_WHICH_IS_MORE = re.compile(r"(?:多|大き|高|少な|小さ|低)い(?:のは|方|ほう|課|柱)")
_STAFF = re.compile(r"職員|係長|課長|担当者|何人|誰|だれ|氏名")
_PICKED = re.compile(r"(?:い|な)(?:ほう|方|もの|事業|のは(?:、|どれ|どの|何|なに|どこ))|(?:い|な)\d+(?:事業|件)")


def operation_of(facts: Facts) -> Operation:
    """What is to be done, from the words found."""
    return decide(facts)[1]


def decide(facts: Facts) -> tuple[Rule, Operation]:
    """The first rule that applies, and what it decides."""
    for rule in RULES:
        operation = rule(facts)
        if operation is not None:
            return rule, operation
    return words_rule, "describe"


def labelled_rule(facts: Facts) -> Operation | None:
    """An amount that the documents name otherwise: 「きらっとあさひ地域支援事業の補助金上限額はいくらですか」"""
    return "lookup" if facts.draft.labels and facts.subjects else None


def verdict_rule(facts: Facts) -> Operation | None:
    """Results that are words and not numbers: 「令和4年度に実施済みとなった指標は？」"""
    return "indicators" if facts.draft.verdicts else None


def presence_rule(facts: Facts) -> Operation | None:
    """What one year's list holds and another's does not: 「令和4年度の一覧にはあったのに令和5年度にはない事業は？」"""
    if facts.presence is None or facts.conditions or (facts.subjects and not facts.of_children):
        return None
    if facts.presence == "kept" and facts.directed:
        # 「両年度にある事業で、予算が削られたもの」: what changed, of those.
        return None
    return "list" if facts.presence == "kept" else facts.presence


def audit_rule(facts: Facts) -> Operation | None:
    """Whether the documents agree with themselves: 「令和4年度の統合事務事業費の合計は内訳と一致していますか」"""
    compared = facts.has("compare", "same") and facts.has("aggregate", "sum")
    adds_up = facts.of_children and compared
    asked = facts.has("ask", "audit") or _TWO_WAYS.search(facts.text) or _TWO_PLACES.search(facts.text)
    return "audit" if asked or adds_up else None


def department_moves_rule(facts: Facts) -> Operation | None:
    """What another department holds than before: 「令和4年度と令和5年度で担当課が変わった事業は？」"""
    return "change" if facts.department_moves else None


def unheld_rule(facts: Facts) -> Operation | None:
    """Kinds of money that no column holds, which only a sentence could tell: 「令和4年度の総務課の人件費は？」"""
    return "describe" if facts.has("unheld") and not facts.indicator else None


def beyond_rule(facts: Facts) -> Operation | None:
    """What no such document is about, which its sums must not answer: 「粗大ごみを出すのは1個いくらかかりますか」"""
    return "describe" if facts.has("beyond") and facts.free and not facts.scoped else None


def bare_number_rule(facts: Facts) -> Operation | None:
    """An amount with nothing that compares it and no figure or project asked for: 「1万円は何ドル」"""
    bare = bool(facts.conditions) and all(c.comparator == "eq" and c.value != 0 for c in facts.conditions)
    words = ("metric", "level", "shorthand", "comparator", "spent", "compare", "rank", "aggregate")
    alone = not any(facts.has(family) for family in words)
    return "describe" if bare and alone and not (facts.draft.subjects or facts.draft.departments) else None


def holdings_rule(facts: Facts) -> Operation | None:
    """Which documents there are: 「どの年度の資料を収録していますか」"""
    return "holdings" if facts.has("ask", "holdings") and not facts.subjects and not facts.metrics else None


def turnover_rule(facts: Facts) -> Operation | None:
    """Projects that came new or went, in one word: 「令和5年度の新規事業は何ですか」"""
    if facts.indicator or facts.achievement or facts.conditions:
        return None
    if facts.money and (not facts.turned or facts.has("rank") or facts.has("aggregate") or facts.directed):
        return None
    # 「R5 新規 一覧」
    rows = facts.has("level") or facts.scoped or facts.has("ask", "list")
    if facts.has("compare", "vanished") and not facts.counters and (facts.free or rows):
        return "vanished"
    return "new" if facts.has("compare", "new") and ((rows and facts.free) or facts.of_children) else None


# 「視聴数は何回足りなかった」: short of the target.
_SHORT_BY = re.compile(r"何(?!円|万|千|億|%|割)[^、。円]{1,3}(?:足り|不足し|届か|及ば)")


def indicators_rule(facts: Facts) -> Operation | None:
    """Targets and results: 「令和4年度に目標に届かなかった事業は？」"""
    bounds_rate = "execution_rate" in facts.metrics and bool(facts.conditions)
    if OF_SHARE.search(facts.draft.folded) or _SHORT_BY.search(facts.draft.folded):
        return "indicators"
    return "indicators" if facts.indicator or (facts.achievement and not bounds_rate) else None


def position_rule(facts: Facts) -> Operation | None:
    """A row's place in an order: 「災害に強い区づくり事業の予算は何位ですか」"""
    return "rank" if asks_position(facts.draft) and not facts.conditions else None


def share_rule(facts: Facts) -> Operation | None:
    """What part of a whole an amount is: 「地域振興課の予算が令和4年度の事業全体に占める割合」"""
    named = (facts.scoped or facts.whole_names) and not facts.draft.topics
    ratio = facts.has("aggregate", "ratio") and "execution_rate" not in facts.metrics
    ratio = ratio and not facts.has("compare", "up", "down", "change")
    ratio = ratio and not (facts.extreme and facts.has("level") and not facts.subjects)
    shared = facts.has("aggregate", "share") or (ratio and (facts.money or named))
    of_something = facts.money or facts.subjects or facts.scoped
    return "share" if shared and of_something and not facts.conditions else None


def joint_rule(facts: Facts) -> Operation | None:
    """Projects that several departments hold together: 「令和4年度に複数の課で担当している事業は？」"""
    if not (jointly(facts.draft) and facts.has("level")) or facts.subjects or facts.conditions:
        return None
    if facts.money and (facts.has("aggregate", "sum", "mean") or facts.extreme):
        # 「複数の課が担当する事業の予算の合計は」
        return None
    return "count" if _asks_number(facts) else "list"


def pillars_rule(facts: Facts) -> Operation | None:
    """To which pillar or category a project belongs: 「子育て支援情報提供事業はどの柱に入っていますか」"""
    scope = any(w.meaning in ("pillar", "category") and w.text.startswith("どの") for w in facts.draft.of("group"))
    scope = scope or any(_ITS_PILLAR.match(facts.text[m.end :]) for m in facts.draft.subjects)
    plain = not (facts.money or facts.has("rank") or facts.has("aggregate"))
    return "pillars" if facts.subjects and scope and plain else None


def departments_rule(facts: Facts) -> Operation | None:
    """Which department holds a project: 「交通安全対策事業の担当課は？」"""
    staff = _STAFF.search(facts.text) is not None
    if not facts.has("ask", "departments") or staff or facts.group_by or facts.money:
        return None
    listing = facts.has("level") and (_asks_number(facts) or facts.has("exclude"))
    of_rows = facts.scoped or facts.conditions
    if listing or (of_rows and not facts.subjects):
        # 「予算を超えた事業の担当課」: the rows of a list bear their departments.
        return None
    return "departments" if facts.subjects else "describe"


def both_ends_rule(facts: Facts) -> Operation | None:
    """The first and the last of an order: 「令和4年度に執行率が最も高い事業と最も低い事業は？」"""
    rows = facts.money or facts.about_projects
    return "rank" if both_ends(facts.draft) and not facts.subjects and rows else None


def places_described_rule(facts: Facts) -> Operation | None:
    """What two places say in words: 「旭区と西区、令和4年度の交通安全教室の取組の違いは？」"""
    return "describe" if facts.draft.places >= 2 and facts.has("ask", "describe") and not facts.money else None


def counted_against_rule(facts: Facts) -> Operation | None:
    """How many rows one thing has against another: 「横浜市旭区と西区で令和4年度の事業数が多いのはどっち？」"""
    return "count" if facts.counted_against else None


def compare_rule(facts: Facts) -> Operation | None:
    """Two named things set against each other: 「令和4年度のDV対策事業と商店街振興事業の予算の差はいくら？」"""
    asked_which = facts.has("compare", "which", "compare") or facts.times
    if len(facts.subjects) >= 2 and len(set(facts.draft.years)) >= 2 and facts.has("compare", "up", "down"):
        # 「令和4年度から5年度で、AとBではどちらの予算が多く増えましたか」: the changes of both.
        return "change"
    if facts.has("aggregate", "mean") and facts.by_group:
        # 「総務課と地域振興課の平均執行率はどちらが高い」: the mean of each.
        return "mean"
    two_scopes = len(facts.draft.departments) == 2 or facts.scopes == 2
    plain = not (facts.draft.amounts or facts.subjects or facts.has("level"))
    if facts.money and two_scopes and plain and _WHICH_IS_MORE.search(facts.text):
        return "compare"
    if facts.money and not facts.has("level"):
        more = _MORE_THAN.search(facts.text) is not None
        bounded = bool(facts.draft.amounts)
        if more and len(facts.subjects) == 2:
            return "compare"
        if more and not bounded and two_scopes:
            # 「課ごとに見ると、A課はB課よりいくら多い」
            return "compare"
        beaten = len(facts.subjects) == 2 and facts.has("comparator", "gt", "lt")
        if facts.several and not bounded and beaten:
            return "compare"
    if facts.several and facts.money and not facts.draft.amounts and _BEATS.search(facts.text):
        return "compare"
    return "compare" if asked_which and facts.several and (facts.money or facts.has("compare", "which")) else None


def settled_to_budget_rule(facts: Facts) -> Operation | None:
    """A settlement in terms of its budget: 「交通安全対策事業の令和4年度の決算は予算の何倍ですか」"""
    one_year = len(set(facts.draft.years)) <= 1
    of_budget = "budget" in facts.metrics and len(facts.metrics) >= 2
    return "lookup" if facts.times and len(facts.subjects) == 1 and one_year and of_budget else None


def why_rule(facts: Facts) -> Operation | None:
    """Figures give no reason; words may: 「きらっとあさひ地域支援事業が令和5年度で終わるのはなぜ？」"""
    return "describe" if facts.has("ask", "why") and facts.whole_names and not facts.extreme else None


def change_rule(facts: Facts) -> Operation | None:
    """What changed between two years: 「令和4年度と令和5年度で予算が増えた事業は？」"""
    if facts.two_years and facts.money and facts.subjects and not facts.has("level") and _MORE_THAN.search(facts.text):
        # 「R5予算はR4よりいくら多い」
        return "change"
    if len(facts.subjects) == 1 and not facts.two_years and facts.has("aggregate", "mean"):
        # 「Aの執行率と、全事業の平均執行率を比べて」
        return "mean" if facts.money and facts.has("compare", "compare", "which") else None
    if facts.positions and not facts.two_years and asks_gap(facts.draft):
        # 「決算額の3番目と4番目の差」
        return None
    changed = facts.directed or facts.has("compare", "compare", "which")
    of_amounts = facts.money or facts.has("shorthand")
    if not facts.directed and not facts.two_years and of_amounts and facts.extreme:
        # 「9事業を比べたとき、最も小さいのは」 compares no years.
        changed = False
    if changed and not facts.money and _NUMBER_OF_THINGS.search(facts.text):
        # 「学習した小学校の数を、平成25年度と令和4年度で比べたい」 is no matter of budgets.
        return "counts"
    of_rows = (facts.whole_names or facts.about_projects) and not facts.has("ask", "why")
    return "change" if changed and (facts.money or of_rows) else None


def mean_rule(facts: Facts) -> Operation | None:
    """A mean over rows: 「令和4年度の事業の予算の平均額は？」"""
    return "mean" if facts.has("aggregate", "mean") and (facts.money or facts.about_projects) else None


def count_rule(facts: Facts) -> Operation | None:
    """How many rows there are: 「課別の事業数を令和4年度で教えて」"""
    if ranks_by_projects(facts.draft) and facts.by_group:
        # 「執行率50%未満の事業が一番多い課」: rows are counted, not added up.
        return "count"
    # 「柱の執行率はいくつ」 asks for a figure.
    of_scope = facts.scoped and facts.money and not facts.has("level")
    counted = facts.counts_projects or (facts.has("aggregate", "count") and not of_scope)
    ranked = facts.extreme and facts.group_by is not None
    # 「環境関係の事業は何件」: projects whose names hold the word, no one project.
    several = facts.has("level") and all(m.how == "part" and len(m.names) > 1 for m in facts.subjects)
    of_one = bool(facts.subjects) and not (facts.has("level", "sub_project") or several)
    return "count" if counted and facts.about_projects and not ranked and not of_one else None


_SO_MANY = re.compile(r"(?:を|から|で|は)、?(?:上から|下から)?(?:\d+|[一二三四五六七八九])つ")


def rank_rule(facts: Facts) -> Operation | None:
    """The first rows of an order, or what they add up to: 「令和4年度の予算が一番大きい事業は？」"""
    ordered = facts.has("rank", "high", "low")
    by_group = facts.group_by in ("department", "pillar") and ordered
    of_rows = facts.has("level") or any(a.unit in ("事業", "件") for a in facts.draft.amounts)
    # 「予算が多い自主企画事業を3つ」
    of_rows = of_rows or _SO_MANY.search(facts.draft.folded) is not None
    few = ordered and of_rows and limit_of(facts.draft, facts.conditions) is not None
    if not (facts.extreme or facts.positions or by_group or few):
        return None
    if facts.has("aggregate", "sum") and not (facts.extreme and facts.group_by is not None):
        # 「予算上位5事業の合計」: the ranking picks what is added up.
        return "sum"
    return "rank" if facts.money or facts.about_projects or facts.has("ask", "how_much") else None


def bounded_rule(facts: Facts) -> Operation | None:
    """Rows within a bound: 「令和4年度に執行率が50%を下回った事業は？」"""
    if not facts.conditions:
        return None
    if facts.has("aggregate", "share", "ratio") and not facts.subjects:
        # 「執行率9割以上の事業は全体の何%」
        return "count"
    if facts.whole_names and not facts.has("level") and not facts.has("aggregate"):
        # 「Aの執行率は90%を超えましたか」: A's own figure, and whether it is so.
        return "lookup"
    return "sum" if facts.has("aggregate", "sum") else "filter"


def sum_rule(facts: Facts) -> Operation | None:
    """Amounts added up: 「令和4年度の地域振興課の予算額の合計は？」"""
    of_rows = facts.money or facts.has("ask", "how_much") or facts.about_projects
    whole_rate = "execution_rate" in facts.metrics and facts.scoped and facts.free and _AS_A_WHOLE.search(facts.text)
    return "sum" if (facts.has("aggregate", "sum") and of_rows) or whole_rate else None


def adjective_rule(facts: Facts) -> Operation | None:
    """Rows in an order, with no 最も: 「令和5年度の不用額が多い事業は？」"""
    open_scope = not facts.scoped or _PICKED.search(facts.text)
    return "rank" if facts.has("rank", "high", "low") and facts.money and facts.free and open_scope else None


def breakdown_rule(facts: Facts) -> Operation | None:
    """The parts of a project, department or pillar with their amounts: 「災害に強い区づくり事業の細事業の内訳は？」"""
    if facts.scoped and facts.money and facts.free and _EACH.search(facts.text):
        # 「柱にはどんな事業があり、それぞれ決算はいくら」
        return "breakdown"
    asked = facts.has("ask", "breakdown") and not facts.by_group
    if facts.subjects and (asked or facts.has("level", "sub_project")):
        return "breakdown"
    if asked and (facts.scoped or facts.money):
        return "lookup" if facts.scopes >= 2 and facts.money else "breakdown"
    return None


def grouped_sum_rule(facts: Facts) -> Operation | None:
    """Sums, though no word says so: 「柱ごとの令和4年度決算額」"""
    return "sum" if facts.money and facts.free and facts.by_group else None


def project_figure_rule(facts: Facts) -> Operation | None:
    """A named project's own figure: 「災害に強い区づくり事業の予算額は？」"""
    how_much = facts.has("ask", "how_much") and facts.whole_names and not facts.draft.topics
    return "lookup" if facts.subjects and (facts.money or facts.has("spent") or how_much) else None


def things_counted_rule(facts: Facts) -> Operation | None:
    """Numbers of people, times, copies: 「とことこは何部作りましたか」"""
    return "counts" if facts.counters and not (facts.money and facts.free) else None


def scope_rule(facts: Facts) -> Operation | None:
    """What a department, pillar or category holds, or its own figure: 「地域振興課の事業一覧」"""
    if not facts.scoped:
        return None
    if facts.has("ask", "list") and facts.free and not facts.asks_reason:
        return "list"
    if facts.money or facts.has("ask", "how_much"):
        return "lookup"
    if not facts.free:
        return None
    which = _WHICH_THERE.search(facts.text) or (facts.draft.pillars and _WHICH_MEASURES.search(facts.text))
    told = (facts.has("ask", "describe") or facts.asks_reason) and not which
    rows = facts.has("level")
    listed = not told or (rows and (facts.has("ask", "list", "please") or not facts.asks_reason))
    return "list" if listed else None


def free_rule(facts: Facts) -> Operation | None:
    """A figure, or the projects, of everything that is held: 「令和4年度の横浜市旭区の予算は？」"""
    if not facts.free:
        return None
    if facts.money:
        return "lookup"
    wanted = facts.has("ask", "list", "please") or (facts.draft.years and _WHICH_ROWS.search(facts.text))
    listed = facts.has("level") and wanted and not facts.has("ask", "describe")
    return "list" if listed else None


def named_figure_rule(facts: Facts) -> Operation | None:
    """A figure of something that is said in words which may be a name: 「大阪市旭区の命の教育の決算額」"""
    return "lookup" if facts.money and (facts.subjects or facts.draft.topics) else None


def words_rule(facts: Facts) -> Operation | None:
    """Everything else, told in words: 「飼い主のいない猫対策事業ではどんなことをしていますか？」"""
    return "describe"


def _asks_number(facts: Facts) -> bool:
    return facts.has("aggregate", "count") or any(c in ("事業", "件") for c in facts.counters)


RULES: tuple[Rule, ...] = (
    beyond_rule,
    labelled_rule,
    verdict_rule,
    presence_rule,
    audit_rule,
    department_moves_rule,
    unheld_rule,
    bare_number_rule,
    holdings_rule,
    turnover_rule,
    indicators_rule,
    position_rule,
    share_rule,
    joint_rule,
    pillars_rule,
    departments_rule,
    both_ends_rule,
    places_described_rule,
    counted_against_rule,
    compare_rule,
    settled_to_budget_rule,
    why_rule,
    change_rule,
    mean_rule,
    count_rule,
    rank_rule,
    bounded_rule,
    sum_rule,
    adjective_rule,
    breakdown_rule,
    grouped_sum_rule,
    project_figure_rule,
    things_counted_rule,
    scope_rule,
    free_rule,
    named_figure_rule,
    words_rule,
)
