"""Counts printed in running text (６回, 延べ87人, 68.5%), each with what it counts in the text's own words.

A number that is part of a date, an ordinal, an age, a grade or a condition is no count; where the text does not show
what is counted, there is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.amounts import Amount, find_amounts, half_width, parse_numeral
from ingest.reading import Reading
from records import Metric, Part, Project, TextUnit

_UNITS = (
    "か所", "カ所", "ヶ所", "ケ所", "ヵ所", "箇所", "個所", "団体", "世帯", "施設", "店舗", "拠点", "地区", "種類",
    "事業", "コース", "ポイント", "ポット", "ツイート", "投稿", "チーム", "クラブ", "グループ", "教室", "講座", "会場",
    "地域", "路線", "学級", "学校", "連合", "テーマ", "回", "人", "名", "件", "部", "個", "組", "校", "園", "本", "枚",
    "頭", "台", "軒", "社", "冊", "基", "匹", "羽", "館", "棟", "戸", "席", "点", "通", "票", "株", "袋", "箱", "食",
    "店", "区", "%",
)  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:万(?:\d{1,3}(?:,\d{3})+|\d{1,4})?|千)?"
_PREFIX = r"(?:年間|年に|年|毎月|毎週|月に|月|週に|週|約|延べ|のべ|全|(?<!累)計|合計|総計|総数|うち|区内|市内|[+＋])"
_VERB = (
    r"(?:参加|開催|実施|配布|配付|配信|掲載|派遣|放映|発行|作成|受講|再生|出演|対応|交付|提供|予定|ほか|程度|済み?|"
    r"が受講|が参加)"
)
_MEASURE = re.compile(
    rf"(?P<out_of>{_NUMBER}\s*(?:{_UNIT})中\s*)?(?<![\d第,.])(?P<prefix>(?:{_PREFIX}\s*){{0,3}})"
    rf"(?<![\d第,./])(?<!第\s)(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})(?P<verb>{_VERB}*)"
)
# After these the number orders, limits, divides or describes: 41回目, ２人以上, ２苗ずつ, １回あたり, 19地区の計画.
_NO_COUNT_AFTER = re.compile(
    r"^\s*(?:目|以上|以下|以内|未満|ずつ|ぶり|ごと|毎|まで|あたり|当たり|につき|により|から|より|規模|限定|間|号|番|"
    r"の(?!割合)|制|向け|型|級|程度の|前後|分|員|組で|/|／|～|~|-|を競う|を迎える|区|市|町|村|課|長|会)"
)
_DATE = re.compile(
    r"(?:(?:令和|平成|[RH])\s*\d{1,2}(?:年度?|[./]))?(?:\d{1,2}年)?\d{1,2}(?:・\d{1,2})*月(?:\s*\d{1,2}(?:・\d{1,2})*日)?"
    r"(?:末|頃|以降|上旬|中旬|下旬|中)?(?:時点|現在|で|に|から|まで|予定)*|\d{1,2}/\d{1,2}|通年|随時|毎月(?:第\d(?:・\d)*)?(?:[月火水木金土日]曜日?)?に?"
)
_PERIOD = re.compile(rf"(?:{_DATE.pattern})(?:\s*[～~・、／/]\s*(?:{_DATE.pattern}|\d{{1,2}}日?))*\s*[～~]?")
_YEAR = re.compile(r"(?P<era>令和|平成)?(?P<number>元|\d{1,2})年度(?P<end>末)?$")
# No bullet is longer; a longer text was not taken apart, and nobody can say what its numbers count.
_LONGEST = 3000
_YEARS_WORTH = re.compile(r"(?<=を)[\s　]*[0-9０-９]{1,2}年分$")  # "マップ」を２年分28,000部作成"
_LEADING = re.compile(r"^(?:(?:新|拡)[\s　]+|うち|及び|並びに|また|または|[・、，\s])+")
_DONE = re.compile(
    r"(?:実施|作成|開催|推進|支援|配付|配布|紹介|活用|連携|提供|発行|掲載|協働|目的|設置|整備|訪問|通じ)$"
)
_AFTER = "、，。※ 　/／・(（)）"
_OPEN, _CLOSE = "(（", ")）"
_QUOTES = {"「": "」", "『": "』", "“": "”", "【": "】"}


@dataclass(frozen=True, slots=True)
class Count:
    """A count: what is counted, its value and unit, the characters on the page; its year where the text names another.

    Unit "回/月" and the like: how often, not how many in all.
    """

    label: str
    value: Decimal
    unit: str
    printed: str
    fiscal_year: int | None


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch between commas: its text without brackets, and each bracket with the place where it stood."""

    text: str
    brackets: tuple[tuple[int, str], ...]
    glued: bool
    begins: bool


def find_counts(text: str, fiscal_year: int) -> list[Count]:
    """The counts of one bullet or sentence of a document about `fiscal_year`.

    >>> [(c.label, str(c.value), c.unit) for c in find_counts("防災研修会を実施（７月～３月、年６回、延べ87人）", 2022)]
    [('防災研修会を実施', '6', '回'), ('防災研修会を実施', '87', '人')]
    """
    found: list[Count] = []
    if len(text) > _LONGEST:
        return found
    carried = ""  # the label that a clause of a bare number goes on with: "…の実施：全6回、延べ87名"
    colon_head = ""  # "利用状況 転出届：252件、戸籍関係証明書：380件": both belong to 利用状況
    before = ""
    listed: list[str] = []  # nouns of a list that the next clause ends: "学習会、鑑賞会、幼虫の放流の実施（2地区）"
    for clause in _clauses(text):
        if clause.begins:
            listed, before = [], ""
        if clause.glued and before and not _measures(before):
            colon_head = colon_head or _label_text(before)
        main = found[0].label if found else ""
        counts, carried, colon_head = _clause_counts(clause, carried, colon_head, main, fiscal_year)
        found.extend(counts)
        for place, inside in clause.brackets:
            head = _head(clause.text[:place], before, clause.glued)
            if head and place == clause.brackets[0][0] and listed and not clause.glued:
                head = "、".join([*listed, head])
            if head:
                found.extend(_bracket_counts(head, inside, fiscal_year))
        listed = _listed(listed, clause.text.strip()) if not counts and not clause.brackets else []
        before = clause.text
    # A bracket taken out may have brought a number and a unit together that the page does not print so.
    return [count for count in found if count.printed in text and re.search(r"[^\W\d_]{2}", count.label)]


def _listed(so_far: list[str], clause: str) -> list[str]:
    """The nouns before "、…の実施（２地区）"; a clause with a verb ends the list, or begins it with its last noun."""
    if re.search(r"\d", half_width(clause)) or not re.search(r"[一-龥々ァ-ヴー」]$", clause) or _DONE.search(clause):
        return []
    if re.fullmatch(r"[^をはがにで\s]{3,15}", clause):
        return [*so_far, clause]
    return [clause]


def _clauses(text: str) -> list[_Clause]:
    clauses: list[_Clause] = []
    kept: list[str] = []
    brackets: list[tuple[int, str]] = []
    closing: list[str] = []
    at = 0
    glued, begins = False, True

    def close(next_glued: bool, next_begins: bool = False) -> None:
        nonlocal kept, brackets, glued, begins
        piece = "".join(kept)
        if piece.strip():
            clauses.append(_Clause(piece, tuple(brackets), glued, begins))
        kept, brackets, glued, begins = [], [], next_glued, next_begins

    while at < len(text):
        character = text[at]
        if closing and character == closing[-1]:
            closing.pop()
            kept.append(character)
        elif character in _QUOTES:
            closing.append(_QUOTES[character])
            kept.append(character)
        elif character in _OPEN:
            end = _closing_bracket(text, at)
            if closing:
                kept.append(text[at : end + 1])
            elif end + 1 < len(text) and not re.search(r"\d", half_width(text[at:end])) and text[end + 1] not in _AFTER:
                kept.append(text[at : end + 1])  # 地域育児(赤ちゃん)教室: a part of the name
            else:
                brackets.append((len("".join(kept)), text[at + 1 : end]))
                following = text[end + 1 :]
                if following[:1] in " 　/／" and following:
                    close(next_glued=True)
                elif re.match(r"及び|並びに|や(?=[^、])", following):
                    close(next_glued=False)
            at = end
        elif not closing and character in "、，。※" and not _inside_number(text, at):
            close(next_glued=False, next_begins=character == "。")
        else:
            kept.append(character)
        at += 1
    close(next_glued=False)
    return clauses


def _inside_number(text: str, at: int) -> bool:
    """Whether this comma parts thousands (１，５００)."""
    return text[at] == "，" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _closing_bracket(text: str, start: int) -> int:
    level = 0
    for at in range(start, len(text)):
        if text[at] in _OPEN:
            level += 1
        elif text[at] in _CLOSE:
            level -= 1
            if level == 0:
                return at
    return len(text)


def _value(match: re.Match[str]) -> Decimal | None:
    return parse_numeral(match["number"])


def _unit(match: re.Match[str]) -> str:
    unit = "percent" if match["unit"] == "%" else match["unit"]
    often = re.search(r"(月|週)に?\s*$", match["prefix"])
    return f"{unit}/{often[1]}" if often and unit == "回" else unit


def _usable(match: re.Match[str], plain: str) -> bool:
    if _NO_COUNT_AFTER.match(plain[match.end() :]) or "各" in plain[max(0, match.start() - 1) : match.start()]:
        return False
    after = plain[match.end() :][:1]
    if not match["verb"] and re.match(r"[一-龥ァ-ヴ]", after) and not re.match(r"うち|延", after):
        return False
    started = match.start("prefix") if match["prefix"] else match.start("number")
    if match["prefix"].startswith(("月", "年", "週")) and plain[started - 1 : started].isdigit():
        return False
    return not re.search(r"\d\s*年?\s*$|[月年]\s*$", plain[:started]) or match["prefix"].strip() != ""


def _measures(text: str) -> list[re.Match[str]]:
    plain = half_width(text)
    periods = [match.span() for match in _PERIOD.finditer(plain)]
    quoted = [match.span() for match in re.finditer(r"「[^」]*」|『[^』]*』|【[^】]*】", plain)]
    return [
        match
        for match in _MEASURE.finditer(plain)
        if _usable(match, plain) and not any(start <= match.start("number") < end for start, end in [*periods, *quoted])
    ]


def _without_dates(text: str) -> str:
    return re.sub(r"\s+", " ", _PERIOD.sub(" ", half_width(text))).strip(" 　:：、・～~/／")


def _label_text(original: str) -> str:
    """A label: no dates, no leading conjunction, no particle at its end."""
    text = original
    spans = [match.span() for match in _PERIOD.finditer(half_width(text))]
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    text = re.sub(r"[\s　]+", " ", text).strip(" 　:：、・～~/／")
    text = _LEADING.sub("", text).strip()
    text = text.strip("《》〈〉＜＞")
    if text.count("「") > text.count("」"):
        text = text[text.rindex("「") + 1 :] if text.endswith("「") else text
    return re.sub(r"(?:を|へ|に|で|が|は|にて|うち)$", "", text) if len(text) > 4 else text


def _year_of(text: str, fiscal_year: int) -> int | None:
    """The fiscal year that a label names: 令和3年度末, or ３年度 in the era of the document."""
    match = _YEAR.search(half_width(text).replace(" ", ""))
    if match is None:
        return None
    number = 1 if match["number"] == "元" else int(match["number"])
    bases = {"令和": 2018, "平成": 1988}
    base = bases[match["era"]] if match["era"] else (2018 if fiscal_year >= 2019 else 1988)
    year = base + number
    return year if abs(year - fiscal_year) <= 10 else None


def _clause_counts(
    clause: _Clause, carried: str, colon_head: str, main: str, fiscal_year: int
) -> tuple[list[Count], str, str]:
    text = clause.text
    plain = half_width(text)
    found: list[Count] = []
    done = 0
    label = ""
    year: int | None = None
    new_carried, new_head = "", ""
    for match in _measures(text):
        value = _value(match)
        if value is None:
            continue
        begin = match.start()
        before = text[done:begin]
        after = plain[match.end() :]
        stripped = _YEARS_WORTH.sub("", before.rstrip())
        # A bracket stood between the number and its verb: 3回(7月、10月、11月)掲載.
        end = min([match.end(), *(place for place, _ in clause.brackets if match.end("unit") <= place)])
        printed = text[begin:end].strip()
        if not _without_dates(before):
            if done and label:
                pass  # "12組41人": the same thing counted twice
            elif carried and done == 0:
                label = re.sub(r"（\S{1,4}年度末?）$", "", carried) if "計" in match["prefix"] else carried
            else:
                continue
        elif stripped.endswith((":", "：")):
            words = stripped[:-1].rstrip()
            first, _, last = words.rpartition(" ")
            if not first and (
                named := re.match(r"^(\D*[^\d令平第])((?:令和|平成)?\d{1,2}年度末?)$", half_width(words))
            ):
                first, last = words[: named.end(1)], words[named.start(2) :]
            year = _year_of(last or words, fiscal_year)
            if year is not None and first:
                label = (
                    f"{_label_text(first)}（{last}）"
                    if year != fiscal_year or last.endswith("末")
                    else _label_text(first)
                )
                new_head = _label_text(first)
            elif year is not None:
                label = f"{colon_head}（{words}）" if colon_head else ""
                new_head = colon_head
            elif first and _label_text(first):
                label = f"{_label_text(first)}（{last}）"
                new_head = _label_text(first)
            else:
                label = f"{colon_head}（{_label_text(words)}）" if colon_head else _label_text(words)
                new_head = colon_head
        elif before != stripped and not re.search(r"[をにでがはへと]$", stripped):
            label = _label_text(stripped)
        elif re.search(r"(?:にて|[をにで])$", stripped) and match["verb"]:
            last = stripped.split(" ")[-1]
            if not re.sub(r"までに$|に$", "", _without_dates(last)):
                # A line below the bullet that goes on with it: "８月までに４回実施し" (001 line 3739).
                label = f"{main}（{re.sub(r'に$', '', last)}）" if main else ""
            else:
                label = _subject(stripped) + match["verb"]
        elif stripped.endswith("は"):
            label = _label_text(stripped[:-1])
        elif re.search(r"(?:いる|する|した|ある|の)$", stripped):
            if match["unit"] not in ("世帯", "団体", "施設", "店舗", "拠点"):
                continue
            label = _label_text(stripped) + match["unit"]
        elif re.search(r"[一-龥々ァ-ヴーA-Za-z」』]$", stripped):
            label = _noun(stripped)
        else:
            continue
        if after.startswith(("に対し", "にて", "で")) and match["unit"] == "件":
            continue
        if len(label) < 2:
            continue
        found.append(Count(label, value, _unit(match), printed, year))
        done = match.end()
        new_carried = label
    if not new_carried and not found:
        new_carried = ""
    return found, new_carried, new_head


def _subject(text: str) -> str:
    """ "「…委員会」を２年分" -> "「…委員会」を": what was done, up to its particle."""
    return _LEADING.sub("", re.sub(r"\d+年分$", "", half_width(text)) if text[-1].isdigit() else text).strip()


def _noun(text: str) -> str:
    """The noun right before a number: "…対策事業としてボランティア登録者" -> "ボランティア登録者"."""
    text = re.sub(r"[\s　]*[2２]年分$", "", text)
    cut = 0
    for match in re.finditer(r"として|について|により|における|では|には|ため|を|に(?!し)|で(?!き)", text):
        inside = text[: match.start()]
        if inside.count("「") > inside.count("」"):
            continue
        if match.group() == "における":
            continue
        cut = match.end()
    noun = _label_text(text[cut:])
    return noun if len(noun) >= 2 else ""


def _head(text: str, before: str, glued: bool) -> str:
    """What a bracket describes: the words before it."""
    stripped = text.strip()
    for match in reversed(_measures(stripped)):
        if match.end() == len(stripped.rstrip()):
            stripped = stripped[: match.start()].strip()
    head = re.sub(r"\s+\S*年度末?$", "", _label_text(stripped))
    if glued and " " in before.strip() and _without_dates(stripped):
        # "スポーツ大会 6/27ボッチャ(82人) 10/24卓球(74人)"
        first = _label_text(before.strip().split(" ")[0])
        if first and not head.startswith(first) and len(head) < 12 and not re.search(r"第\d", half_width(stripped)):
            return f"{first} {head}"
    if glued and stripped and not head and not _without_dates(stripped) and len(_label_text(before)) > 3:
        return f"{_label_text(before)}（{stripped}）"  # "連絡会開催（年２回） ７月26日（32施設・35人）"
    if len(head) <= 3 and before.strip():
        # "ガイドの増刷(5,000部)、配布(6,870部)": 配布 of what the first was a 増刷 of.
        earlier = _label_text(before)
        cut = earlier.rfind("の")
        if cut > 0 and re.fullmatch(r"[一-龥]{2,4}", earlier[cut + 1 :]) and re.fullmatch(r"[一-龥]{2,3}", head):
            return earlier[: cut + 1] + head
        return f"{earlier}、{head}" if head and len(earlier) > 3 else ""
    earlier = before.strip()
    if earlier.endswith("を") or ("を" in earlier and "を" not in head and re.search(r"に[一-龥]{2}$", head)):
        return f"{_LEADING.sub('', earlier)}、{head}"  # "ガイドブックを、転入手続の際に配付（4,500部）"
    if re.search(r"[月日]$", earlier) and _label_text(earlier) and not glued:
        return f"{_label_text(earlier)} {head}"  # "プレコンサート：５月22日、旭公会堂（来場者数：289人）"
    return head


def _bracket_counts(head: str, inside: str, fiscal_year: int) -> list[Count]:
    found: list[Count] = []
    dated = _year_of_date(inside, fiscal_year)
    flat = _flatten(inside)
    for group in re.split(r"、|(?<!\d)，|，(?!\d)|(?=うち)", flat):
        topic = ""
        for piece in re.split(r"[\s　]+|・(?=計|延べ|\d)|[／/](?=[一-龥ぁ-ん])", group):
            if not piece:
                continue
            label, counts = _piece_counts(head, topic, piece, fiscal_year)
            if not label and not counts and re.fullmatch(r"[^\d:：をが]{2,15}[一-龥ァ-ヴー]", half_width(piece)):
                label = _label_text(piece)
            topic = label or topic
            found.extend(counts)
    if dated is not None and dated != fiscal_year:
        return [replace(count, fiscal_year=count.fiscal_year or dated) for count in found]
    return found


def _flatten(text: str) -> str:
    """The text of a bracket without the brackets inside it."""
    kept: list[str] = []
    level = 0
    for character in text:
        if character in _OPEN:
            level += 1
        elif character in _CLOSE:
            level = max(0, level - 1)
        elif level == 0:
            kept.append(character)
    return "".join(kept)


def _piece_counts(head: str, topic: str, piece: str, fiscal_year: int) -> tuple[str, list[Count]]:
    matches = _measures(piece)
    plain = half_width(piece)
    if not matches:
        colon = re.match(r"^([^:：]{2,20})[:：]", piece)
        return (_label_text(colon[1]) if colon and not re.search(r"\d", half_width(colon[1])) else ""), []
    first = matches[0]
    lead = piece[: first.start()]
    words = _label_text(re.sub(r"は.*$", "", lead) if "は" in lead and len(lead) > 4 else lead)
    year = _year_of(words, fiscal_year)
    if words in ("実施", "開催", "配布", "配付"):
        words = ""
    if len(words) > 20:
        return "", []
    if re.match(r"^1回\d", plain):
        return "", []
    if "に対し" in piece:
        return topic, _answered(head, topic, words, piece, matches)
    if re.search(r"[をがにで]", words) and not lead.rstrip().endswith((":", "：")) and len(words) > 8:
        return "", []
    if topic and lead.rstrip().endswith((":", "：")):
        topic = ""  # "視聴率：約３倍 視聴回数：1,185回": each has its own name
    label = _qualified(head, topic, words)
    counts = []
    done = first.start()
    for match in matches:
        between = plain[done : match.start()]
        if match is not first and not re.fullmatch(r"\s*(?:[:：]|にて|で|に)?\s*", between):
            break
        value = _value(match)
        if value is not None:
            printed = piece[match.start() : match.end()].strip()
            counts.append(Count(label, value, _unit(match), printed, year))
        done = match.end()
    return "", counts


def _qualified(head: str, *words: str) -> str:
    qualifier = " ".join(word for word in words if word)
    return f"{head}（{qualifier}）" if qualifier else head


def _answered(head: str, topic: str, words: str, piece: str, matches: list[re.Match[str]]) -> list[Count]:
    """ "要望55件に対し47件対応": what was asked for, and how many of it were done."""
    if len(matches) != 2 or not words or not matches[1]["verb"]:
        return []
    if half_width(piece)[matches[0].end() : matches[1].start()].strip() != "に対し":
        return []
    found = []
    for match, word in zip(matches, (words, matches[1]["verb"]), strict=True):
        value = _value(match)
        if value is not None:
            printed = piece[match.start() : match.end()].strip()
            found.append(Count(_qualified(head, topic, word), value, _unit(match), printed, None))
    return found


def _year_of_date(text: str, fiscal_year: int) -> int | None:
    """The fiscal year of the first date that names its year: "４年 10月 22日", "５年３月中旬"."""
    match = re.search(
        r"(?<!\d)(?P<era>令和|平成|[RH])?\s*(?P<number>\d{1,2})[年.]\s*(?P<month>\d{1,2})[月.]", half_width(text)
    )
    if match is None or not 1 <= int(match["month"]) <= 12:
        return None
    if re.search(r"\d\s*月", half_width(text[: match.start()])):
        return None  # "６月、８月、10月、12月、５年２月": the last of a year's dates
    first = 1988 if match["era"] in ("平成", "H") or (not match["era"] and fiscal_year < 2019) else 2018
    year = first + int(match["number"]) - (1 if int(match["month"]) <= 3 else 0)
    return year if abs(year - fiscal_year) <= 10 else None


def _year_of_heading(text: str, fiscal_year: int) -> int | None:
    """The fiscal year that a heading gives to what stands below it: ＜参考：４年度実施内容＞."""
    match = re.search(r"(?:令和|平成)?(?:元|\d{1,2})年度", half_width(text))
    return _year_of(match.group(), fiscal_year) if match else None


def find_money(text: str) -> list[tuple[str, Amount]]:
    """Amounts of money in running text, each with what it is: "補助金上限額：５万円", "企画業務委託（3,938千円）".

    >>> [(label, str(amount.value)) for label, amount in find_money("補助金上限額：５万円（補助率：10分の９）")]
    [('補助金上限額', '50000')]
    """
    found = []
    for amount in find_amounts(text):
        before = text[: amount.start].rstrip()
        if amount.kind != "yen" or not before or before[-1] not in ":：(（":
            continue
        clause = re.split(r"[、。，\s　]", before[:-1].rstrip())[-1]
        label = _label_text(clause)
        if len(label) >= 3 and not re.search(r"[（(]", label):
            found.append((label, amount))
    return found


def add_counts(reading: Reading, part: Part, project: Project, units: Sequence[TextUnit]) -> None:
    """Add a figure for every count whose subject is clear, and for amounts of money that the text names.

    What stands under the heading of another year, or begins with a date of one, is of that year (001 line 6328).
    """
    seen: set[tuple[str, Decimal, str, int | None]] = set()
    of_heading: int | None = None
    for unit in units:
        if unit.kind == "heading":
            of_heading = _year_of_heading(unit.text, part.fiscal_year)
        dated = _year_of_date(unit.text[:10], part.fiscal_year)
        trailing = re.search(r"[（(]((?:令和|平成)?\d{1,2}年度)(?:末|実績)?[)）]\s*$", half_width(unit.text))
        of_unit = (_year_of(trailing[1], part.fiscal_year) if trailing else None) or dated or of_heading
        source = reading.source(unit.line_start, unit.line_end)
        source = replace(source, quote=unit.text) if len(source.quote) > 2 * len(unit.text) else source
        rows: list[tuple[Metric, str, Decimal, str, str, int | None]] = [
            ("count", count.label, count.value, count.unit, count.printed, count.fiscal_year)
            for count in find_counts(unit.text, part.fiscal_year)
        ]
        rows += [("other", label, amount.value, "yen", amount.printed, None) for label, amount in find_money(unit.text)]
        for metric, label, value, measured, printed, own_year in rows:
            year = own_year or of_unit or part.fiscal_year
            if (label, value, measured, year) in seen:
                continue
            seen.add((label, value, measured, year))
            reading.add_figure(
                part, metric, value, measured, printed, label, source, project=project, table="text",
                fiscal_year=year, phase="result" if year < part.fiscal_year else None,
            )  # fmt: skip
