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
_SAME_BOUND = re.compile(
    r"(?:そこ|それ|その(?:水準|線|率|額|割合|数字))(?=(?:に(?:は|も|すら|さえ)?(?:届|達|満た|及|迫)|を(?:上回|下回|超え|越え|割)|未満|以下|以上))"
)
_AMOUNT = re.compile(r"[\d,，.．０-９]+(?:[%％割]|パーセント|億円?|万円?|千円|円)")
# 「…はどちら。令和5年度の7月末の数字ではありません。」: a year, a number or a column, of which the rest says another.
_DENIED_BEHIND = re.compile(
    r"(?<=[、。？?！!])[^、。？?！!]*(?:年度?|[月年]末|時点|\d(?:人|回|件|円|%)?|[回人件部額率]数?|数字|数値|金額|決算|予算|実績|目標)(?:の(?:ほう|方|話|もの))?"
    r"(?:では|じゃ)(?:ありません|ない(?:はず|ほう|方)?(?:です)?)(?:よ|ね)*[。！!]?$"
)
# 「商店街振興の「広報事業」と紛らわしいですが、」
_LOOKS_ALIKE = re.compile(
    r"[^、。？?！!]+(?:と|に)(?:よく)?(?:紛らわし|まぎらわし|似て|間違え|混同)[^、。？?！!]*(?:が|けど|けれど|けれども|ので)、"
)
# 「増えた理由はいらないので」: what is not wanted is not asked for.
_UNWANTED = re.compile(
    r"(?<=[、。？?！!])[^、。？?！!]{0,12}(?:理由|説明|解説|根拠|背景|コメント)(?:は|まで|も)*"
    r"(?:要ら|いら|不要|要り|いり|必要(?:な|あり)|結構|けっこう)(?:ない|ません|です)?(?:ので|から|が|けど)?[、。]?"
)
# 「770万円を超えるもの（770万円ちょうどは含めない）」 says again what 超える says.
_EXACTLY_OUT = re.compile(
    r"[（(、。][^（()）、。]*(?:ちょうど|丁度|ぴったり|きっかり)(?:の(?:もの|事業))?[はを]?(?:含め|含み|含ま|入れ|除)[^（()）、。]*[）)]?"
)
_STRICT = re.compile("超|未満|上回|下回|満たな|届か")
# 「予算の残り（予算－7月末執行額）」: how the column comes about.
_FORMULA = re.compile(
    r"[（(][^（()）]*(?:予算|決算|執行)額?\s?(?:[-－−―ー〜÷/／]|マイナス|から|引く|ひく|割る)[^（()）]*(?:予算|決算|執行)[^（()）]*[）)]"
)
# 「予算だけではなく決算も」 means both.
_NOT_ONLY = re.compile(r"(?:だけ|のみ|ばかり|わけ|もの|こと|の)$")


# 「予算から決算を引いた残り」: the column that says so, where nothing is said of a check (…引くと一致しますか).
_LESS_SPENT = re.compile(
    r"予算額?から、?(?:決算|執行)額?を(?:差し引い|差引い|引い)た(?:残り|残額|差額|金額|額|もの)(?!と|に一致|が一致)"
)


def what_is_meant(question: str) -> str:
    """The question without what it says is not meant; as it is where nothing would be left of it."""
    question = _LESS_SPENT.sub("差引額", _bound_again(question))

    def dropped(match: re.Match[str]) -> str:
        return match.group() if _NOT_ONLY.search(match["clause"] or match["thing"]) else ""

    left = _NOT_MEANT.sub(dropped, _FORMULA.sub("", _REMARK.sub("", question)))
    left = _DENIED_BEHIND.sub("", _UNWANTED.sub("", _LOOKS_ALIKE.sub("", left)))
    left = _EXACTLY_OUT.sub("", left) if _STRICT.search(left) else left
    return left if left.strip() else question


def _bound_again(question: str) -> str:
    """「令和4年度は100%だったものの、令和5年度はまだそこに届いていない」: the bound said again in full.

    >>> _bound_again("執行率が令和4年度は90%以上、令和5年度はそれを下回る事業")
    '執行率が令和4年度は90%以上、令和5年度は90%を下回る事業'
    """
    match = _SAME_BOUND.search(question)
    amounts = list(_AMOUNT.finditer(question, 0, match.start())) if match is not None else []
    if match is None or not amounts:
        return question
    return question[: match.start()] + amounts[-1].group() + question[match.end() :]
