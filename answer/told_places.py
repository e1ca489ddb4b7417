"""What words of a follow-up stand for rows of the answer before: 「3位の事業」, 「最後に挙がったもの」, 「この3つ」."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from answer.selection import bare_name
from answer.types import Operation, Plan
from answer.values import METRIC_NAMES
from answer.vocabulary import vocabulary
from ingest.amounts import parse_numeral
from ingest.eras import fiscal_year_label

_NUMERAL = r"[0-9０-９]{1,2}|[一二三四五六七八九十]"
_FIRST = r"トップ|首位|先頭|最初|一番(?:上|初め|はじめ)|いちばん上"
_LAST = r"最後|末尾|一番下|いちばん下|最下位"
# A place stands for a row where something is asked of it (の予算, はどの課); 「3番目に多いのは」 orders rows anew.
_PLACE = re.compile(
    r"^(?:では|じゃあ?|それでは)?、?"
    r"(?:(?:その|この)(?:うち|中|なか)(?:の|で)?、?|(?:その|この|上から|上の)の?)?"
    rf"(?:(?P<nth>{_NUMERAL})(?:位|番目|つ目|番)|(?P<first>{_FIRST})|(?P<last>{_LAST}))"
    r"(?:(?:に|で|の)?(?:挙が|挙げ|あが|あげ|上が|出て|出た|来|並|載|なっ|名前が)[ぁ-ん]{1,6})?"
    r"(?:の|だった|に?ある)?(?:もの|やつ|事業|細事業|取組|項目)?"
    r"(?=(?:の(?!もの|事業|中|なか|うち|次)|は(?!$|[?？。、]|どれ|何|なに|いくら)|を(?:担当|所管)|って(?:どの|どこ|誰)))"
)
# 「3位の課の事業は何件」
_GROUP_PLACE = re.compile(
    rf"^(?:では|じゃあ?|それでは)?、?(?:(?P<nth>{_NUMERAL})(?:位|番目|つ目)|(?P<first>{_FIRST})|(?P<last>{_LAST}))の?"
    r"(?P<group>課|部署|柱|分野)(?=の|が担当|で)"
)
_NAMED = re.compile(
    r"^(?:では|じゃあ?|それでは)?、?(?:この|その|これら|それら|以上|上記|いまの|今の)の?"
    rf"(?P<n>{_NUMERAL})(?:つ|件|事業|個)(?:の事業)?(?=[のをはで、])"
)
# 「2つの予算の差は」
_GAP_OF_TWO = re.compile(
    r"^(?:では|じゃあ?)?、?(?:この|その|上の|両)?(?:2つ|２つ|二つ|2事業|2件|者)の(?P<column>予算|決算|執行)?額?の?(?:金額の)?差額?(?=[はがを]|$)"
)
# 「その合計は全体の何%」
_SUM_AS_SHARE = re.compile(
    r"^(?:では|じゃあ?)?、?(?:(?:その|この|これら|それら|全部)の?)?(?:合計|総額|合わせる)(?:額)?[はとで]、?(?=.*(?:何%|何％|何割|何パーセント|割合))"
)
# 「それを含む事業全体の決算」
_OUTER = re.compile(
    r"^(?:では|じゃあ?)?、?(?:(?:それ|これ|その(?:細)?事業)[をが]?(?:含む|含んでいる|属する|入っている|属している)"
    r"|(?:その|この)?(?:上位|親|上)の)(?:元の|もとの)?(?:事業|親事業)(?:全体)?"
)
# 「どの柱に属しますか」
_PILLAR = re.compile(
    r"^(?:では|じゃあ?|それは)?、?(?:(?:その|この)(?:事業)?[がの]?)?(?:属する|属している)?(?:どの|何の)?(?:柱|分野)(?:は|に(?:属|入|ある)|です|$)"
)
_ORDERED: frozenset[Operation] = frozenset(
    ("filter", "list", "rank", "new", "vanished", "change", "breakdown", "indicators", "lookup")
)
_TWO = 2


def with_names_told(question: str, before: Plan, names: Sequence[str], parents: Callable[[str], Sequence[str]]) -> str:
    """A follow-up with the names that a place in the answer before, or the number of its rows, stands for.

    `names` are the rows told, in their order; `parents` the names of the projects that a sub-project belongs to.

    >>> with_names_told("3位の執行率は？", Plan("rank"), ("A事業", "B事業", "C事業"), lambda name: ())
    'C事業の執行率は？'
    """
    fold = vocabulary().fold
    # What two years print in two forms (ＤＶ対策事業, DV対策事業) is one row.
    names = list({fold(bare_name(name)): name for name in reversed(names)}.values())[::-1]
    listed = before.operation in _ORDERED and not before.group_by and len(names) > 1
    outer = _OUTER.match(question)
    if outer is not None and len(names) == 1 and len(parents(names[0])) == 1:
        return f"その{parents(names[0])[0]}{question[outer.end() :]}"
    if len(names) == 1 and before.subjects and not before.group_by and _PILLAR.match(question):
        return f"その{names[0]}はどの柱に入っていますか"
    group = _GROUP_PLACE.match(question) if len(before.groups_told) > 1 else None
    if group is not None and 0 < (at := _place_of(group, len(before.groups_told))) <= len(before.groups_told):
        pillar = "の柱" if group["group"] in ("柱", "分野") else ""
        return f"{before.groups_told[at - 1]}{pillar}{question[group.end() :]}"
    if not listed:
        return question
    gap = _GAP_OF_TWO.match(question) if len(names) == _TWO else None
    if gap is not None:
        column = gap["column"] or (METRIC_NAMES[before.metrics[0]] if before.metrics else "")
        year = f"{fiscal_year_label(before.years[0])}の" if len(before.years) == 1 else ""
        return f"{year}{names[0]}と{names[1]}の{f'{column}の' if column else ''}差はいくらですか"
    part = _SUM_AS_SHARE.match(question)
    if part is not None:
        return f"それらの事業は{question[part.end() :]}"
    number = _NAMED.match(question)
    if number is not None and parse_numeral(number["n"]) == len(names):
        return f"それらの事業{question[number.end() :]}"
    place = _PLACE.match(question)
    if place is None:
        return question
    at = _place_of(place, len(names))
    if not 0 < at <= len(names):
        return question
    name = names[at - 1]
    owner = before.subjects[0].names[0] if before.operation == "breakdown" and len(before.subjects) == 1 else ""
    return f"{owner}の{name}{question[place.end() :]}" if owner else name + question[place.end() :]


def _place_of(match: re.Match[str], number: int) -> int:
    """At which place of so many the words point; the first is 1."""
    if match["first"]:
        return 1
    return number if match["last"] else int(parse_numeral(match["nth"]) or 0)
