"""Whether one year's list holds what another's does not: 「4年度の一覧にはあったのに5年度では見当たらない」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from answer.draft import Draft, Presence

Turnover = Literal["new", "vanished", "kept"]

# 「令和5年度の一覧表には」: what may stand between a year and what is said of its list.
_LIST = r"^(?:の時点|になって|に入って|から|以降)?(?:の?[^、年]{1,10}?)?(?:に|で|から)?(?:は|も)?(?:、)?"
# 「令和5年度にはもう計上されていない前年度の事業」: whose rows they are says that they were there.
_ROWS_OF = re.compile(r"^の(?:[^、年]{1,10}の?)?(?:事業|もの|取組)|^に[^、年]{1,20}だった(?:事業|もの)")
_ONLY_THEN = re.compile(r"^(?:限り|かぎり|まで)(?:で|と|の|に)")
_FRESHLY = re.compile("新しく|新たに|はじめて|初めて")
_ADDED = r"(?:(?:新しく|新たに|はじめて|初めて)?[^、年]{0,6}?(?:に|へ|として))?"
_THERE = re.compile(
    rf"{_LIST}{_ADDED}(?P<verb>あ(?:[っりる]|れば)|載っ|載る|掲載され|出て|出る|登場|含まれ|存在し|並ん|見られ(?:た|る)|加わ|現れ|お目見え|立っ|立ち上が|設けられ|起こされ|計上され|やって|行って|行われ|実施し|続い)|から(?P<since>の(?!金額|予算|差)|始ま|でき|加わ|新)"
)
_NOT_THERE = re.compile(
    rf"{_LIST}(?:もう|すでに|既に)?(?:同じ)?(?:名前|名称|事業名)?(?:(?:が|は)|事業としては?)?(?P<verb>載らなくな|なくな|無くな|(?:(?<![ぁ-ん少])|(?<=[はがもにの]))な[いくかし]|無[いくか]|載っていな|載らな|掲載されていな|見当たら|見られな|ありま?せ|出てこな"
    r"|存在しな|計上されていな|計上されな|計上がな|残っていな|残らな|引き継がれていな|引き継がれな|続いていな"
    r"|含まれていな|入っていな|姿を消|消え|なくな|無くな|外れ|外され|抜け|落ち(?=た|て))"
)
# 「令和4年度にも同じ名前で残っているもの」: it was there before.
_STILL_THERE = re.compile(
    r"^[^、]{0,8}?(?:に|で)?も、?(?:同じ(?:名前|名称|事業名)?の?(?:まま)?(?:で|が)?、?)?(?P<verb>残って|残る|残った|続いて|続く|続け)"
)
_ALSO_THERE = re.compile(r"^[^、]{0,8}?にも(?:、|あ|載|$|(?=.{0,6}\d))")
_RELATIVE = re.compile(r"(?P<before>前の?年度?|前年度?|昨年度?|去年度?)|(?P<after>翌年度?|次の?年度?|次年度)")
_TAIL = re.compile(r"^[ぁ-ん]{0,5}")
# 「なくなった」 and 「登場した」 tell of both years at once.
_LEFT = re.compile(r"残|引き継|続い|姿を消|消え|なくな|無くな|外れ|外され|抜け|落ち")
_NO_MORE = re.compile("もう|すでに|既に")
# 「両方にある事業」「どちらの年度の一覧にも載っているもの」「令和4年度から続いている事業」
_IN_BOTH = re.compile(
    r"(?:両方|両年度?|双方|2か年|2年度|(?:どちら|いずれ)(?:の年度?)?)(?:とも)?(?:の(?:年度|一覧表?|表|資料|リスト))*(?:に|とも)?も?、?"
    r"(?:名前(?:が|の)|名称(?:が|の))?(?:あ(?:る|った)|載(?:る|っ)|掲載|並|含まれ|登場|出て|存在|計上|見られ)[ぁ-ん]{0,5}(?:(?:(?!事業|もの)[^、。年]){1,14}の)?(?:事業|もの|取組)"
)
_GOING_ON = re.compile(
    r"(?:引き継が|受け継が|継続|続い|続く|続け)[しさてれるたいもの]{0,6}(?:(?:令和|平成|[rh])?\d{1,4}年?度?の)?(?:[^、。]{1,8}の)?(?:事業|もの|取組)"
)
_ROW_WORD = re.compile("事業|もの|取組")
_CAME = re.compile(r"登場|立っ|立ち上が|設けられ|起こされ|加わ|現れ|お目見え")


def read_presence(draft: Draft) -> None:
    """Find what is said of each year, and take the words that say it: they name nothing."""
    mentions: list[tuple[int, int, int | None, int]] = [(s, e, year, 0) for s, e, year in draft.year_spans]
    for match in _RELATIVE.finditer(draft.folded):
        if not any(s < match.end() and match.start() < e for s, e, _, _ in mentions):
            mentions.append((match.start(), match.end(), None, -1 if match["before"] else 1))
    mentions.sort()
    for at, (_, end, year, step) in enumerate(mentions):
        stop = mentions[at + 1][0] if at + 1 < len(mentions) else len(draft.folded)
        rest = draft.folded[end:stop]
        still = _STILL_THERE.match(rest)
        if still is not None:
            draft.take(end + still.start("verb"), end + still.end())
        said = _NOT_THERE.match(rest) or _THERE.match(rest)
        draft.also_there += bool(_ALSO_THERE.match(rest))
        if said is None:
            continue
        there = said.re is _THERE
        turnover = (
            bool(said["verb"] is None or _CAME.search(said["verb"]) or _FRESHLY.search(said.group()))
            if there
            else bool(_LEFT.search(said["verb"]) or _NO_MORE.search(said.group()))
        )
        draft.presence.append(Presence(year, step, there, turnover))
    _read_rows_of_years(draft, mentions)
    if presence_of(draft) is None:
        return
    for _, end, _, _ in mentions:
        said = _NOT_THERE.match(draft.folded[end:]) or _THERE.match(draft.folded[end:])
        if said is not None:
            tail = _TAIL.match(draft.folded[end + said.end() :])
            begin = said.start("verb") if said["verb"] else said.start()
            draft.take(end + begin, end + said.end() + (tail.end() if tail else 0))


def _read_rows_of_years(draft: Draft, mentions: Sequence[tuple[int, int, int | None, int]]) -> None:
    """「令和4年度の事業のうち、令和5年度に見当たらないもの」「令和4年度限り」: they were there in that year."""
    if not any(not p.there for p in draft.presence):
        return
    read = {(p.year, p.step) for p in draft.presence}
    for _, end, year, step in mentions:
        rest = draft.folded[end:]
        if (year, step) not in read and (_ROWS_OF.match(rest) or _ONLY_THEN.match(rest)):
            draft.presence.append(Presence(year, step, True, False))


def presence_of(draft: Draft) -> Turnover | None:
    """Gone, come new, or there in both years, as the years' lists are said to hold it."""
    told = draft.presence
    if any(_STILL_THERE.match(draft.folded[end:]) for _, end, _ in draft.year_spans):
        return "kept"
    if len(told) == 1 and told[0].year is None and not told[0].there and not draft.also_there:
        # 「前年度にはなかった事業」「翌年度にはない事業」
        return "new" if told[0].step < 0 else "vanished"
    years = sorted({p.year for p in told if p.year is not None})
    held: dict[int, bool] = {}
    for presence in told:
        year = presence.year if presence.year is not None else years[0] + presence.step if len(years) == 1 else None
        if year is not None:
            held[year] = presence.there
    if len(held) == 1:
        if draft.also_there >= 2:
            return "kept" if told[-1].there else None
        turned = [p for p in told if p.turnover]
        return ("new" if turned[-1].there else "vanished") if turned else None
    if len(held) < 2:
        return None
    first, last = min(held), max(held)
    if held[first] and held[last]:
        return "kept"
    if held[first] and not held[last]:
        return "vanished"
    return "new" if held[last] else None


def kept_stretch(draft: Draft) -> tuple[int, int] | None:
    """Where a question says that the rows it is about are in more than one year's list; None where it does not."""
    match = _IN_BOTH.search(draft.folded) or _GOING_ON.search(draft.folded)
    if match is not None:
        return match.span()
    if presence_of(draft) != "kept":
        return None
    last = max((end for _, end, _ in sorted(draft.year_spans)[:2]), default=0)
    rows = _ROW_WORD.search(draft.folded, last)
    return (last, rows.end()) if rows else None
