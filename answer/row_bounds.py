"""Bounds on rows that are no figures: what a row's name holds, and how many parts (細事業) it has."""

from __future__ import annotations

import re
from collections.abc import Callable

from answer.draft import Draft
from answer.types import Comparator, PartsBound
from ingest.amounts import parse_numeral

_HOLDS = (
    r"(?:入(?:って(?:い)?る|った|る)|含(?:む|まれ(?:て(?:い)?)?る|んで(?:い)?る|んだ)|付(?:く|いて(?:い)?る|いた|けられた)"
    r"|つ(?:く|いて(?:い)?る|いた)|使われて(?:い)?る|ある)"
)
# 「事業名そのものに「旭区」という文字が入っている」
_NAME_HOLDS = re.compile(
    rf"(?:事業の)?(?:事業名|名前|名称)(?:そのもの|自体)?(?:の(?:中|どこか))?に(?:は)?、?[「『“](?P<word>[^「」『』“”]{{1,12}})[」』”]"
    rf"(?:という|との|の|って)?(?:文字|言葉|語|ことば|単語|字|ワード)?(?:が|を|と|の)?{_HOLDS}"
)
_NUMBER = r"(\d{1,2}|[一二三四五六七八九十])"
# 「細事業が5つ以上ある事業」「細事業が1本しかない事業」
_PARTS = re.compile(
    rf"細事業(?:の(?:数|件数))?[がはを]{_NUMBER}(?:つ|本|件|個|事業)"
    r"(?P<how>以上|以下|未満|を?超(?:え(?:る|た|て))?|より多い|より少ない|しか|だけ|のみ|ちょうど)?(?:の|で(?:ある)?)?"
    r"(?:ある|あった|あって|持つ|持って(?:い)?る|な[いか](?:った)?|ありません)?(?=(?:[^、。]{1,10}の)?(?:事業|もの))"
)
# 「細事業がない事業」
_NO_PARTS = re.compile(
    r"細事業(?:の(?:数|件数))?[がはをの]?(?:1つも)?(?:な(?:い|し|かった)|無い|持たない|持っていない|ありません|存在しない)の?(?=(?:[^、。]{1,10}の)?(?:事業|もの))"
)
_HOW: dict[str, Comparator] = {
    "以上": "ge",
    "以下": "le",
    "未満": "lt",
    "より多い": "gt",
    "より少ない": "lt",
}


def read_row_bounds(draft: Draft, fold: Callable[[str], str]) -> None:
    """Take what is said of rows' names and of the number of their parts, before a word of it is read otherwise."""
    for match in _NAME_HOLDS.finditer(draft.question):
        told = fold(match.group())
        at = draft.open.find(told)
        if at >= 0:
            draft.name_holds.append(match["word"])
            draft.take(at, at + len(told))
    for match in _NO_PARTS.finditer(draft.open):
        draft.parts.append(PartsBound("eq", 0))
        draft.take(match.start(), match.end())
    for match in _PARTS.finditer(draft.open):
        number = parse_numeral(match[1])
        if number is not None:
            how = match["how"] or ""
            comparator = "gt" if "超" in how else _HOW.get(how, "eq")
            draft.parts.append(PartsBound(comparator, int(number)))
            draft.take(match.start(), match.end())
