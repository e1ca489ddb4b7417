"""Whether documents print one count alike: what asks for that, the count without it, and prints that differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.ledger import Ledger
from answer.values import figure_text
from records import Figure

_PAPER = r"(?:資料|文書|書類|振り返り|決算|説明書|運営方針|執行状況|ページ|箇所|か所|場所|ところ|どこ|二つ|2つ|両方)"
_AGREES = (
    r"(?:食い?違|くいちが|ず[れら]|ズレ|違[いうっわ]|ちが[いうっわ]|異な|一致|同じ|おなじ|合って|あって(?:る|い)|合わな|合う|合い"
    r"|そろ[いっ]|揃[いっ]|ばらつ|ばらば|バラバラ|矛盾|整合)"
)
_ASKED = re.compile(rf"{_PAPER}[^。？?]{{0,24}}{_AGREES}|{_AGREES}[^。？?]{{0,12}}{_PAPER}|食い?違|矛盾|不一致")
# 「資料によって食い違ってません？」, 「振り返りと決算の説明書で同じですか」, to the end of the clause.
_WHERE = re.compile(
    rf"(?:[^、。はがを\s]{{0,10}}{_PAPER}[^、。はがを]{{0,6}}と)?[^、。はがをと\s]{{0,10}}{_PAPER}"
    r"(?:[^、。はがを]{0,6}?)(?:によって|により|ごとに|とでは?|の間で|では?|でも?|に)"
)
_ANSWERED = re.compile(rf"(?:[、,](?:数字|数値|数|値)?)?(?:が|は|も)?[^、。はがを\s]{{0,6}}?{_AGREES}[^、。？?]*[？?]?")
_COUNTED = re.compile("の数|施設数|団体数|人数|者数|参加者|回数|件数|部数|冊数|枚数|何[人回件部枚冊]")
_TOPIC = re.compile("(?:って|とは|は|が|も)$")
_OF_MONEY = re.compile("額|円|差引|執行率|いくら|予算(?!編成)")


def asks_agreement(question: str) -> bool:
    """Whether a question asks if documents print a count alike.

    >>> asks_agreement("ボッチャの参加人数、振り返りと決算の説明書とで同じ？")
    True
    >>> asks_agreement("ボッチャと卓球の参加人数は同じですか")
    False
    """
    counted = _COUNTED.search(question) is not None and _OF_MONEY.search(question) is None
    return counted and _ASKED.search(question) is not None


def counted_alone(question: str) -> str:
    """The clause of a question that names the count, without where it is printed and whether it agrees.

    >>> counted_alone("振り返りと決算の資料で、ボッチャの参加人数は食い違ってない？")
    'ボッチャの参加人数'
    """
    sentence = next((s for s in re.split("[。？?]", question) if _COUNTED.search(s)), question)
    kept = []
    for clause in re.split(r"[、，,](?!\d)", sentence):
        kept.append(_TOPIC.sub("", _ANSWERED.sub("", _WHERE.sub("", clause)).strip()))
        if _COUNTED.search(clause):
            break
    return "、".join(clause for clause in kept if clause) or question


def differing_prints(figures: Sequence[Figure], ledger: Ledger) -> tuple[str, ...]:
    """A warning for each count that two documents print differently.

    Several numbers in one document are of several things (本大会, プレコンサート), so that only a document which prints
    one speaks against another which prints one.
    """
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        if figure.metric != "indicator_target":
            place = ledger.place_of(ledger.documents[figure.document_id])
            groups.setdefault((place, figure.fiscal_year, figure.unit), []).append(figure)
    told = []
    for group in groups.values():
        by_document: dict[str, list[Figure]] = {}
        for figure in group:
            by_document.setdefault(figure.document_id, []).append(figure)
        single = len(by_document) > 1 and all(len({f.value for f in fs}) == 1 for fs in by_document.values())
        if single and len({f.value for f in group}) > 1:
            prints = "、".join(
                f"{figure_text(fs[0])}（{ledger.documents[d].title}、{fs[0].source.line_start}行目）"
                for d, fs in by_document.items()
            )
            told.append(f"資料によって印字された数が違います: {prints}。")
    return tuple(told)
