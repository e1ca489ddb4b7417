"""「AではなくB」: of two things set against each other, the one that is meant."""

from __future__ import annotations

import re

# A clause of its own, or from the last particle on, so that what both share stays: 「令和4年度の予算ではなく決算」.
_NOT = r"(?:では|じゃ|で)なくて?(?!な|も)"
_NOT_MEANT = re.compile(
    rf"(?<=、)(?P<clause>[^、。？?！!]+){_NOT}、|(?:^|(?<=[、。？?！!はがをにの\s]))(?P<thing>(?:\d{{1,2}}月末?(?:時点|現在)?の)?[^、。？?！!はがをにの\s]+(?:の(?:ほう|方))?){_NOT}、?"
)
# 「（協定締結施設の総数ではなく）」
_REMARK = re.compile(r"[（(][^（()）]*(?:では|じゃ|で)なく(?:て)?[^（()）]*[）)]")
# 「予算だけではなく決算も」 means both.
_NOT_ONLY = re.compile(r"(?:だけ|のみ|ばかり|わけ|もの|こと|の)$")


def what_is_meant(question: str) -> str:
    """The question without what it says is not meant; as it is where nothing would be left of it."""

    def dropped(match: re.Match[str]) -> str:
        return match.group() if _NOT_ONLY.search(match["clause"] or match["thing"]) else ""

    left = _NOT_MEANT.sub(dropped, _REMARK.sub("", question))
    return left if left.strip() else question
