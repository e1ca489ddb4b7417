"""Counts of what was not done: what a line such as 「66施設中62施設」 leaves, and never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.amounts import COUNTER_PATTERN, half_width, parse_numeral
from records import Figure

# A verb that is denied; 「飼い主のいない猫」 and 「少ない」 deny none, and 「届かない」 bounds a figure.
_NO_DEED = (
    r"(?:かもしれ|わから|分から|知ら|構わ|かまわ|限ら|いけ|なら|つまら|達し|届か|満た|超え|越え|変わら|足り|及ば|上回ら|下回ら"
    r"|差し支え|すぎ|過ぎ|たら|要ら|いら|含ま|含め|数え|入れ|入ら|除か|困ら|負け|気にし|関係し)"
)
_DENIED = (
    r"(?:[てで]い?|[一-鿿ァ-ヺをもは]し|[一-鿿][わかさたなまらばがきけせえてねべめれげ]|でき|され|やら|やれ|至ら|もらえ|もらわ|来|こられ|られ|れ)"
    r"(?:な(?:かった|い)|ませんでした|ません|ず(?:に|じまい))"
)
_NUMBER = rf"何(?:{COUNTER_PATTERN})"
_OF_WHOM = rf"(?:の|ん|人|方|ひと|者|[一-鿿ァ-ヺ]{{1,6}})(?:は|って|が|も|の(?:数|人数|件数))?[^。]{{0,16}}?{_NUMBER}"
_NOT_DONE = re.compile(
    rf"{_DENIED}{_OF_WHOM}|{_NUMBER}[^。、]{{0,14}}?{_DENIED}(?:の|ん)?(?:です|でしょう)?か?[。？?]?$"
)
_EXCUSED = re.compile(rf"{_NO_DEED}(?:て|い)?(?:な|ま(?!し)|ず)")
_OF_ALL = re.compile(
    rf"(?P<whole>[\d,]+)(?P<unit>{COUNTER_PATTERN})(?:中|のうち、?|の内、?)(?:約|計|延べ)?(?P<part>[\d,]+)(?P=unit)"
)


# 「協定を結んだ66施設のうち、訓練をしなかったのは」
_TOLD = re.compile(rf"[^、。]*?(?P<whole>[\d,]+)(?P<unit>{COUNTER_PATTERN})の(?:うち|内|中)(?:、|で、?)?")

# 「しなかった施設は何施設」
_WHO = re.compile(r"(?<=ない)([一-鿿ァ-ヺ]{1,4})(?=は何\1)|(?<=なかった)([一-鿿ァ-ヺ]{1,4})(?=は何\2)")


@dataclass(frozen=True, slots=True)
class Rest:
    """What a line that prints a part of a whole leaves: 66施設中62施設."""

    whole: Decimal
    part: Decimal
    unit: str

    @property
    def number(self) -> Decimal:
        return self.whole - self.part


def asks_not_done(question: str) -> bool:
    """Whether a question counts what was not done.

    >>> asks_not_done("訓練を実施しなかったのは何施設ですか"), asks_not_done("飼い主のいない猫の手術は何頭")
    (True, False)
    """
    found = _NOT_DONE.search(half_width(question))
    return found is not None and _EXCUSED.search(found.group()) is None and "しか" not in found.group()


def without_whole(question: str) -> tuple[str, Decimal | None]:
    """The question without the whole that it tells, and that whole; who did not do it is の, whatever it is called.

    >>> without_whole("66施設のうち、令和4年度に訓練をしなかった施設は何施設")
    ('令和4年度に訓練をしなかったのは何施設', Decimal('66'))
    """
    text = _WHO.sub("の", half_width(question))
    match = _TOLD.match(text)
    if match is None:
        return text, None
    return text[match.end() :], parse_numeral(match["whole"].replace(",", ""))


def rest_of(figure: Figure) -> Rest | None:
    """What the whole that is printed with a count leaves; None where no whole is."""
    match = _OF_ALL.search(half_width(figure.printed)) or _OF_ALL.search(half_width(figure.source.quote))
    if match is None or match["unit"] != figure.unit:
        return None
    whole, part = (parse_numeral(match[name].replace(",", "")) for name in ("whole", "part"))
    if whole is None or part is None or part != figure.value or whole < part:
        return None
    return Rest(Decimal(whole), Decimal(part), match["unit"])
