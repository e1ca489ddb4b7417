"""By what a question puts rows together (課ごと, どの柱), and whether it means those that departments share."""

from __future__ import annotations

import re

from answer.draft import Draft
from answer.ranking import asks_position
from answer.types import GroupBy

_SHARED = re.compile(
    r"共管(?!(?:の(?:事業|もの))?(?:も|を)(?:含|入)|も[^、]{0,8}(?:数え|勘定|加え|カウント|入れ|含)|でな|ではな|じゃな|以外|を除|は除)|(?:2|二|複数)(?:つ)?(?:以上)?の?課(?:以上)?(?:が|で|に|の|、|$)"
    r"|(?:担当|所管)(?:する)?課が(?:2|二|複数)(?:つ|課)?(?:以上)?"
)
# 「共同のものも含めた総額」 leaves nothing out.
_INCLUDED = re.compile(
    r"(?:共同|共管|両方|複数)[^、]{0,8}(?:も|を)?(?:含め|入れ)|(?:共同|共管|合同)[^、]{0,6}も[^、]{0,8}(?:数え|勘定|加え|カウント|入れ|含)"
    r"|複数の課[^、]{0,12}も[^。]{0,14}(?:数え|含め|入れ)"
    r"|(?:単独|担当|所管|主管)(?:または|又は|もしくは|か|や|、|・|も|と)+(?:共同|共管|合同)|(?:共同|共管|合同)(?:または|又は|もしくは|か|や|、|・)+(?:単独|担当|所管|主管)"
)
_ALONE = re.compile(
    r"(?:課|係|局)(?:だけ|のみ|単独|1課|一課)|単独(?:で|の|所管)|専管|共管(?:でな|ではな|じゃな|以外|を除|は除)"
)
_MOST_PROJECTS = re.compile(r"事業(?:数|の数)?(?:が|の)(?:最も|一番|いちばん|もっとも)?(?:多|少)")
_NUMBER_OF_ROWS = re.compile(r"(?:事業|取組|取り組み)の?(?:件)?数")
# 「どちらの事業が多い」「多くの事業を担当しているのは」; 「事業の予算が多い」 is of money.
_MORE_ROWS = re.compile(
    r"(?:事業|取組|取り組み)(?:は|が|を|の(?:方|ほう)が|、)?[^。、]{0,14}(?:何(?:件|事業|個)|いくつ)?(?:多[いくか]|少な[いくか])"
    r"|多くの(?:細?事業|取組)|(?:多|少な)い(?:細?事業|取組)|何(?:件|事業)[^。]{0,4}(?:多|少な)"
)
# 「事業数は増えましたか」; 「増えた事業の数」 is of the rows that changed.
_NUMBER_MOVES = re.compile(
    rf"{_NUMBER_OF_ROWS.pattern}(?:は|が|、|に|の)[^。]{{0,24}}(?:増|減|変わ|変化|変動|推移|どうな)"
    # 「総務課の事業は何件減りましたか」
    r"|(?:事業|取組)(?:は|が)、?[^。]{0,24}?(?:何(?:件|事業|個|本)|いくつ)(?:くらい|ほど|ぐらい)?、?(?:増え|減[っりる]|減少|増加|少な|多[いくか])"
)
_NUMBERS_APART = re.compile(
    r"(?:数|件数)の?(?:差|違い|開き)|何(?:件|事業|個)(?:の)?(?:差|違|多|少な|上回|下回)|(?:いくつ|どれだけ|どれくらい)(?:多|少な)|より[^。]{0,14}(?:多|少な)"
    r"|(?:数|事業)が?(?:多い|少ない)(?:の|方|ほう)"
)
# 「担当課が変わった事業」, 「所管が別の課に移ったもの」
_DEPARTMENT_MOVES = re.compile(
    r"(?:担当|所管|主管)(?:する)?(?:課|部署|部局|部門)?(?:が|の|は|に)[^、。]{0,14}(?:変わ|変更|替わ|代わ|異な|違[うっい]|移っ|移管|異動|同じ|同一|そのまま)"
)
_PROJECT_AND_ITS = re.compile(r"どの事業で|事業(?:は|が|って|と|で)?、?(?:それは)?(?:どこの|どの|何)課")
_BOUNDED_GROUP = re.compile(r"(?:た|る|い|未満の|以下の|以上の|超の|台の)(柱|分野|課|部署)(?:は|を|が|と|、|$|って|に)")
_ASKS_WHOSE = ("どの課", "どこの課", "課は", "どの課が", "which department", "which departments")
_SPREAD = re.compile(
    r"(柱|分野|課|部署)(?:に|へ)(?:は|、)?(?:それぞれ|各)?(?:どう|どのよう|どれ|いくら|何円)[^、。]{0,6}(?:配|割|振|分|つ|充|当|あて|なって)"
)
_OF_GROUP = re.compile(
    r"(柱|分野|課|部署)(?:は|が|で|を|の中で|のうち|トップ|上位|ワースト|ベスト|、|$|の(?:事業数|課名|柱名|名前|名称)|と、?(?:最|一番|いちばん|もっとも|(?:\d+|[二三])(?:位|番)))"
)

# 「課ごとに一番予算の大きい事業」, 「各柱で最も執行率の低い事業」
_FIRST_OF_EACH = re.compile(
    r"(?:(?:課|部署|柱|分野|区分)(?:ごと|別|毎)(?:に|で|の|、)*|各(?:課|部署|柱|分野)(?:で|の|において|における|、)*|それぞれの(?:課|部署|柱|分野)(?:で|の)?)"
    r"[^。]*(?:最も|もっとも|一番|いちばん|最[大小高低多少]|トップ|ワースト)[^。]*?(?:細?事業|もの)(?!数|の数|費)"
    # 「各課で予算が多い事業トップ2」
    r"|(?:各(?:課|部署|柱|分野)|(?:課|部署|柱|分野)(?:ごと|別|毎))[^。]*事業(?:の|を)?(?:トップ|上位|下位|ワースト|ベスト)(?:\d|[二三四五])"
)
# 「上位3課の合計」
_TOP_GROUPS = re.compile(r"(?:上位|下位|トップ|ワースト|ベスト)(?:の)?(?:\d+|[二三四五])(?:つの)?(課|柱|分野|部署)")
# 「地域振興課の事業で、予算が一番多い柱は」
_RANKED_GROUP = re.compile(r"(?:[多少低高]|大き|小さ|少な)い(柱|分野|課|部署)(?:は|を|が|って|、|。|$)")
# 「総務課と福祉保健課それぞれの予算の合計」, 「いくらずつ」
_EACH_OF_THEM = re.compile("それぞれ|各々|おのおの|ずつ|別々|個別に|各課|各柱")
_SUMS = re.compile("合計|総額|平均")


def jointly(draft: Draft) -> bool:
    """「複数の課が担当する事業」「共管の事業」."""
    if _INCLUDED.search(draft.folded):
        return False
    if _SHARED.search(draft.folded):
        return True
    told = draft.has("jointly") and (bool(draft.departments) or "担当" in draft.folded)
    return told and "共管" not in draft.folded and not solely(draft)


def solely(draft: Draft) -> bool:
    """「高齢・障害支援課だけが担当する事業」「共管でない事業」."""
    return _ALONE.search(draft.folded) is not None


def ranks_by_projects(draft: Draft) -> bool:
    """「事業が最も多い課」: groups are ordered by how many projects they have."""
    return _MOST_PROJECTS.search(draft.folded) is not None


def moves_number_of_rows(draft: Draft) -> bool:
    """「事業数は前年度から増えましたか」."""
    return _NUMBER_MOVES.search(draft.folded) is not None


def moves_departments(draft: Draft) -> bool:
    """「担当課が変わった事業」."""
    return _DEPARTMENT_MOVES.search(draft.folded) is not None


def compares_rows(draft: Draft) -> bool:
    """「事業はどちらが多い」: by how many there are."""
    return any(pattern.search(draft.folded) for pattern in (_NUMBER_OF_ROWS, _MORE_ROWS))


def sets_numbers_apart(draft: Draft) -> bool:
    """「何件多い」「事業数の差」."""
    return _NUMBERS_APART.search(draft.folded) is not None


def of_each_named(draft: Draft) -> GroupBy | None:
    """「総務課と福祉保健課それぞれの予算の合計」, 「総務課の合計と福祉保健課の合計」: what each is by."""
    computed = draft.has("aggregate", "sum", "mean", "count")
    # 「総務課の平均執行率と地域振興課の平均執行率、どちらが高い」: the means themselves are told.
    means_apart = draft.has("aggregate", "mean") and draft.has("compare", "which", "compare")
    ordered = (draft.has("rank") or draft.has("compare")) and not means_apart
    if draft.subjects or ordered or not computed:
        return None
    scopes: tuple[tuple[GroupBy, list[str]], ...] = (
        ("department", draft.departments),
        ("pillar", draft.pillars),
        ("category", draft.categories),
    )
    several: list[tuple[GroupBy, list[str]]] = [(by, names) for by, names in scopes if len(names) > 1]
    if len(several) != 1 or (draft.pillars and draft.categories) or jointly(draft) or solely(draft):
        return None
    by, names = several[0]
    sums = len(_SUMS.findall(draft.folded))
    return by if means_apart or _EACH_OF_THEM.search(draft.folded) or sums >= len(names) else None


def asks_first_of_each(draft: Draft) -> bool:
    """「課ごとに一番予算の大きい事業」: the first row of each group, and no order of the groups."""
    return _FIRST_OF_EACH.search(draft.folded) is not None and not draft.has("aggregate")


def group_by_of(draft: Draft, bounded: bool = False) -> GroupBy | None:
    """By what a sum or ranking is grouped: 課ごと, どの柱, 区別; with a bound also what it is on: 「50%未満の課は」."""
    if asks_position(draft) and not draft.subjects:
        # 「総務課の予算は何位」: among the departments.
        scopes: tuple[tuple[GroupBy, list[str]], ...] = (
            ("department", draft.departments),
            ("pillar", draft.pillars),
            ("category", draft.categories),
        )
        own = [by for by, names in scopes if len(names) == 1]
        if len(own) == 1:
            return own[0]
    each = of_each_named(draft)
    if each is not None:
        return each
    top = _TOP_GROUPS.search(draft.folded)
    if top is not None and not draft.subjects:
        return "department" if top[1] in ("課", "部署") else "pillar"
    of_projects = "の事業数" in draft.folded or ranks_by_projects(draft)
    if draft.has("rank"):
        # 「執行率が最も低い柱は」「決算額が大きい課トップ3」
        kind = (_RANKED_GROUP if draft.has("level") and not of_projects else _OF_GROUP).search(draft.folded)
        same = draft.departments if kind and kind[1] in ("課", "部署") else draft.pillars
        if kind and not same:
            return "department" if kind[1] in ("課", "部署") else "pillar"
    spread = _SPREAD.search(draft.folded)
    if spread is not None and not draft.subjects:
        # 「4つの柱にどう配分されていましたか」
        return "department" if spread[1] in ("課", "部署") else "pillar"
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
