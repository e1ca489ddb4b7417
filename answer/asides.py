"""What a question of a printed count says aside: what the count is not of, and which document is to tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from answer.asked_number import units_named
from answer.ledger import Ledger
from answer.segments import content_terms
from answer.vocabulary import vocabulary
from ingest.amounts import COUNTER_PATTERN, half_width

_NAME = r"(?:「[^「」]{2,}」|[一-鿿々ァ-ヺーA-Za-z0-9]{2,20})"
_PART_OF = r"(?:の(?:数|分|ぶん|方|ほう|部|人数|回数|件数|総数|合計|人))"
_THING = rf"{_NAME}{_PART_OF}*"
_UNWANTED = (
    r"(?:(?:(?:は|も|を|なら)?、?(?:要りません|いりません|要らない|いらない|不要|結構です|けっこうです|必要(?:ない|ありません)"
    r"|含め(?:ない|ません|ず)|含ま(?:ない|ず)|入れ(?:ない|ません|ず)|数え(?:ない|ません|ず)|足さ(?:ない|ず)"
    r"|除(?:いて|き|く|いた|外)|省(?:いて|き)|外し(?:て|た)|抜き|抜いて|以外))"
    r"|(?:では|じゃ|で)(?:なくて?|ない|ありません))"
)
_CLOSE = (
    r"(?:(?:で|に|の|て|た|と|は)?(?:ください|下さい|お願いします|いいです|いい|よい|良い|おいて)?(?:ほう|方)?"
    r"(?:です|でした|ね|よ|から|けど|ので|が|の|で|は)*)"
)
_LEFT_OUT = re.compile(
    rf"(?P<things>{_THING}(?:(?:や|と|、|・|及び|および|とか){_THING})*)(?P<how>{_UNWANTED}){_CLOSE}[、。]?"
)
_INSTEAD = re.compile("(?:では|じゃ|で)な")
_TAKES_OFF = re.compile("含|入れ|数え|足さ|除|省|外し|抜|以外")
# 「目標は要りません」
_UNNEEDED = re.compile("[はも]?、?(?:要り|いり|要ら|いら|不要|結構|けっこう|必要)")
_SIDES = frozenset(("目標", "目標値", "計画値", "予定"))
_SHARE = re.compile("の(?:分|ぶん)$")
_BETWEEN = re.compile(r"や|と(?!か)|、|・|及び|および|とか")
_TAIL = re.compile(rf"{_PART_OF}+$")
# 「令和5年度ではなく」, 「1,270人ではなく」 name no count that is left out.
_NO_COUNT = re.compile(r"(?:年度?|決算|予算|計画|実績|目標|成果|金額|事業|費)$|^\d")
_NO_REMARK = re.compile(r"(?:[^、]*(?:年度?|決算|予算|計画|実績|目標|成果|数)、)+")
_NUMBER_OF = re.compile(rf"^({COUNTER_PATTERN})の数$")
# 「人数で。」 is all that is left of 「回数ではなく人数で。」.
_COUNTER_ALONE = re.compile(
    r"(?<=[。？?])\s*[一-鿿]{0,4}[人回件部枚]数(?:で|を|だけ)?(?:お願いします|教えて(?:ください)?)?[。]?$"
)
# 「（協定締結施設の総数ではなく）」 goes with its brackets.
_IN_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
# A total that is still running says so in these words.
_RUNNING = ("累計", "通算", "総計", "延べ")
# The words that say where something is written, behind the name of a document.
_PAPER = re.compile(
    r"(?<![^、。はがをにのて])(?P<paper>[^、。（）()はがをに「」\s]{2,24}?)(?P<more>[（(][^（()）]*[）)])?"
    r"(?:の?(?:資料|文書|書類|冊子|中|ほう|方))*(?:では|だと|には|によると|によれば|によりますと|に(?=載|書|記載|印))、?"
    r"(?:(?:載って|書かれて|記載されて|印刷されて)(?:いる、?)?)?"
)
_DATED = re.compile(r"(?:(?:令和|平成)(?:\d{1,2}|元)年度?|\d{1,2}月\d{1,2}日(?:現在|時点)?)の?")
_OF_A_PAPER = frozenset(("説明", "資料", "書", "文書", "書類", "冊子", "年度", "現在", "時点"))


@dataclass(frozen=True, slots=True)
class Asides:
    """The question without what it says aside, the words that a count must not be of, the kinds of document meant.

    `taken_off` are those of the words that a larger count would hold (プレコンサートを除いて, not 応募ではなく).
    """

    question: str
    left_out: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def asides_of(question: str, ledger: Ledger) -> Asides | None:
    """What a question of a count says aside; None where it says nothing so."""
    asides = without_remark(half_width(question))
    text, kinds = _without_paper(asides.question, ledger)
    return replace(asides, question=text, kinds=kinds) if asides.left_out or kinds else None


def without_remark(text: str) -> Asides:
    """The question without the remark of what is left out, and what that is.

    >>> asides = without_remark("訓練に参加したのは何人ですか。拠点の数や地区連合の分は要りません。")
    >>> asides.question, asides.left_out, asides.taken_off
    ('訓練に参加したのは何人ですか。', ('拠点の数', '地区連合'), ('地区連合',))
    """
    left: list[str] = []
    taken: list[str] = []

    def dropped(match: re.Match[str]) -> str:
        # 「令和4年度、区役所の分を除くと」: what stands before is no part of the remark.
        before = _NO_REMARK.match(match["things"])
        kept = before.group() if before else ""
        if _INSTEAD.match(match["how"]):
            # 「防災講演会、会場参加者ではなく動画を視聴した人」: what stands before the comma is what it is about.
            kept = match["things"][: match["things"].rfind("、") + 1]
        things = [t for t in _BETWEEN.split(match["things"][len(kept) :]) if t]
        unneeded = _UNNEEDED.match(match["how"]) is not None and set(things) <= _SIDES
        if not things or (any(_NO_COUNT.search(thing) for thing in things) and not unneeded):
            return match.group()
        off = _TAKES_OFF.search(match["how"]) is not None
        for thing in things:
            word = thing if _NUMBER_OF.search(thing) else _TAIL.sub("", thing).strip("「」")
            left.append(word)
            counted = counter_left_out(word) or is_running(word)
            taken.extend([word] if not counted and (off or _SHARE.search(thing)) else [])
        return kept

    def without_bracket(match: re.Match[str]) -> str:
        return "" if _LEFT_OUT.sub(dropped, match.group()) != match.group() else match.group()

    rest = _LEFT_OUT.sub(dropped, _IN_BRACKETS.sub(without_bracket, text))
    rest = _COUNTER_ALONE.sub("", rest).strip("、 ") if left else ""
    if not rest.strip("。？?"):
        return Asides(text)
    # 「講習会は何回？出張講習会は入れないで」: 出張 is what sets it apart.
    left, taken = ([_set_apart(word, rest) for word in words] for words in (left, taken))
    return Asides(rest, tuple(dict.fromkeys(left)), tuple(dict.fromkeys(taken)))


def _set_apart(word: str, rest: str) -> str:
    """The word without what the rest of the question counts as well.

    >>> _set_apart("出張講習会", "講習会は何回")
    '出張'
    """
    shared = next((k for k in range(2, len(word) - 1) if word[k:] in rest), len(word))
    return word if counter_left_out(word) else word[:shared]


def is_left_out(words: Iterable[str], label: str, unit: str) -> bool:
    """Whether a count is one of those that a question leaves out, by its folded label or by its counter."""
    return any(_is(word, label, unit) for word in words)


def counter_left_out(word: str) -> frozenset[str]:
    """The counters that a remark leaves out (回数: 回; 拠点の数: 拠点); none where it names a thing."""
    number = _NUMBER_OF.search(word)
    named = units_named(word) if len(word) <= len("参加者数") else []
    return frozenset((number[1],)) if number else frozenset[str]().union(*named)


def is_running(word: str) -> bool:
    return word.startswith(_RUNNING)


def _is(word: str, label: str, unit: str) -> bool:
    counters = counter_left_out(word)
    if counters:
        return unit in counters
    if is_running(word):
        return any(total in label for total in _RUNNING[:-1])
    return vocabulary().fold(word) in label


def _without_paper(text: str, ledger: Ledger) -> tuple[str, tuple[str, ...]]:
    """The question without the words for the document that is to tell, and the kinds of document that they name."""
    for match in _PAPER.finditer(text):
        kinds = kinds_named(match["paper"] + (match["more"] or ""), ledger)
        if kinds:
            # 「西区の令和4年度の運営方針では」 says where and when as well.
            paper = match["paper"]
            names = {name for place in ledger.places for name in (place.municipality, place.ward) if name}
            where = "".join(sorted((n for n in names if n in paper), key=paper.find))
            dated = "".join(m.group() for m in _DATED.finditer(paper))
            return text[: match.start()] + (f"{where}の" if where else "") + dated + text[match.end() :], kinds
    return text, ()


def kinds_named(words: str, ledger: Ledger) -> tuple[str, ...]:
    """The kinds of document that words name by their kind or their title (決算の説明: 決算総括説明書)."""
    fold = vocabulary().fold
    naming = [t for t in content_terms(fold(_DATED.sub("", words))) if not t.isdigit() and t not in _OF_A_PAPER]
    places = [fold(name) for place in ledger.places for name in (place.municipality, place.ward or "")]
    naming = [t for t in naming if not any(t in place for place in places)]
    if not naming:
        return ()
    parts = [(fold(part.kind), fold(d.title), part.kind) for d in ledger.documents.values() for part in d.parts]
    whole = [kind for form, _, kind in parts if all(t in form for t in naming)]
    mixed = [kind for form, title, kind in parts if all(t in form + title for t in naming)]
    said = [kind for form, _, kind in parts if any(t in form for t in naming) and kind in mixed]
    return tuple(dict.fromkeys(whole or said or mixed))
