"""What a question of a number counts: the counters that would answer, the things named, what is done with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.segments import noun_terms
from answer.types import Plan
from answer.vocabulary import vocabulary
from ingest.amounts import COUNTER_PATTERN, find_amounts
from ingest.eras import without_years

_COUNTER_ASKED = re.compile(f"何(?:{COUNTER_PATTERN}|平米|%|割)")
_SAME_UNIT = (
    frozenset(("人", "名")),
    frozenset(("か所", "カ所", "ヶ所", "ケ所", "ヵ所", "箇所", "個所", "拠点")),
    frozenset(("部", "冊")),
    frozenset(("%", "割", "percent", "パーセント")),
    frozenset(("団体", "団体・人")),
    frozenset(("㎡", "平方メートル", "m2", "ha")),
)
# 「来場者数」「登録件数」: what is counted names its own counter.
_UNIT_OF_NOUN = (
    (re.compile(r"(?:人数|者数|員数|人口|[たる](?:人|方)の数)"), "人"),
    (re.compile(r"件数"), "件"),
    (re.compile(r"回数"), "回"),
    (re.compile(r"部数"), "部"),
    (re.compile(r"枚数"), "枚"),
    (re.compile(r"台数"), "台"),
    (re.compile(r"頭数"), "頭"),
    (re.compile(r"世帯数"), "世帯"),
    (re.compile(r"(?:割合|[一-鿿]率)"), "%"),
    (re.compile(r"面積|広さ"), "㎡"),
)
_MONEY_ASKED = re.compile(
    r"いくら|幾ら|何円|何万円|何千円|金額|総額|残高|値段|料金|手数料|謝金|人件費|単価|補助金|[一-鿿](?:費|料|代)(?:は|$|、|を|って)"
)
# What is done with the thing that is counted; it need not be said in the same word.
_DEEDS_WORDS = """
実施 開催 参加 利用 活動 配布 配付 設置 作成 発行 対応 工事 支援 完了 訪問 交付
要望 整備 申込 申し込み 視聴 再生 累計 総数 合計 全部 平均 現在 時点 年間 月 末
延べ 計 数 人数 件数 回数 部数 枚数 こと ところ 人 方 分 回 件 者 額 いくら 金額
一つ ひとつ 今 うち 現 区内 市内 区民 対象 とき 時 日 当日 月末 資料 お 客 いく
つ 本番 受講 数字 会期 期間 実際 記録 これまで 今まで 紹介 それぞれ 予定 年 運営
方針 振り返り 総括 説明 書 目標 成果 計画 実績 見込み 通算 推移 変遷
"""
_DEEDS = frozenset(_DEEDS_WORDS.split())
# Words that only name the counter; the noun before them is what is counted.
_COUNTED_BY_WORDS = """
全部 合計 総数
数 人数 件数 回数 部数 枚数 人 方 者 額 こと 総数 月 末 お 客 いく つ 月末 時点
現在 対象 当日 それぞれ 予定 年 振り返り 数字 推移 変遷
"""
_COUNTED_BY = frozenset(_COUNTED_BY_WORDS.split())
# What is given out or made, one by one: 「とことこは何部作った」 needs no other noun than its name.
_MADE = frozenset(("部", "冊", "枚", "台", "個", "本", "袋", "セット", "基"))
# A quality that a document prints behind its own name, as 「面積：104.26㎡」.
QUALITIES = {"面積": "面積", "広さ": "面積", "平米": "面積", "平方メートル": "面積"}
_COUNT_TAIL = re.compile(r"(?:数|総数|人数|件数|回数)$")
_VERB_TAIL = re.compile(r"[ぁ-ん]た(?:の|ん|[?？。、]|$|です|か)|ました|(?:い|され|し)て(?:る|い)")
# Who works there is counted by nothing but a number right behind the word.
HEADCOUNT = re.compile(r"(職員|係長|課長|担当者)(?:の(?:人)?数|数|(?:は|が)?何[人名])")
_IN_ALL_ASKED = re.compile("合計|累計|総計|通算|全部で|これまで|今まで|トータル")
_SEVERAL_ASKED = re.compile(r"いつ|どこで|誰が|だれが")
_WHAT_KIND = re.compile("どんな|どのような|どういう|どういった|何のため|なんのため|って何|とは何")
_AMOUNT_ASKED = re.compile("いくら|幾ら|いくつ|幾つ|何円|数は|数を|金額")
_COUNTABLE = re.compile(
    r"(?:数|率|割合|費|費用|額|料|代|面積|人口|給与|税収|売上|番号|価格|値段|補助金)(?:はいくら|は|を|って|が(?:知|分か|わか|気に)|の推移|と|$|？|\?|\s|わかり|分かり|教え|知りたい)|率、|[者人]は(?:どの|どれ)(?:くらい|ぐらい|ほど)"
)
_HOW_MANY_ASKED = re.compile("いくつ|幾つ")
# 「利用者数と延べ利用回数」 asks for both.
_BOTH_COUNTS = re.compile(r"数(?:と|及び|および|並びに|や)[^、]{0,8}数")
_SELF = "拠点|団体|校|施設|か所|店舗?|地区|連合|商店街|園|会場|公園|事業所"
# 「旭区の小学校は何校ありますか」 is not told by how many took part in something.
_EXIST = re.compile(
    r"何(?:校|園|館|施設|店舗?|[か箇カヶ]所|箇所)が?(?:あり|ある|存在)|(?:いくつ|幾つ)(?:あり|ある|存在)"
)
# Counters of what a ward has: 「小学校は何校」 is not told by how many of them something was done at.
STOCK = frozenset(("校", "園", "館", "駅", "世帯", "病院", "軒"))
_NUMBER_OF_SELF = re.compile(rf"({_SELF})の?数(?![一-鿿])")
# 「利用者数」, 「参加者は」: of which people the number is.
_PEOPLE = re.compile(r"([一-鿿]{2})者(?:の?(?:人?数|総数)|は|が|、|$)")
_OF_WHAT = re.compile(
    rf"(?:何[かカヶケヵ箇]所|いくつ|幾つ)の[一-鿿ァ-ヺー]{{0,8}}?({_SELF})(?![一-鿿])|({_SELF})(?:は|が|を)?、?(?:いくつ|何[かカヶケヵ箇]所)"
)
_YEAR_LEFT = re.compile(r"(?<![a-z0-9])[rh]?(?:\d{1,2}|元)年度?|(?<![a-z])[rh]\d{1,2}")
# 「平成25年度の計画と令和4年度の振り返りで」 names documents of years.
_DOCUMENT_OF_YEAR = re.compile(r"(?<=、)の(?:計画|振り返り|運営方針|方針|決算|総括|資料|実績)書?(?=[とではの、])")
_PLAN_TAIL = re.compile(r"(?:計画|予定|見込み)(?=だった|でした|です|は|$)")
# The nouns that ask for a number in place of its counter, with that counter.
COUNTED_NOUNS = {"人数": "人", "回数": "回", "件数": "件", "部数": "部"}
_COMPOUND = re.compile("[一-鿿々ァ-ヺー]{4,}")
_PRICE = re.compile(r"(?:費用?|代|料金?|手数料|補助金|単価|謝金)(?:は|$|[？?]|を|の額)")


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """What a question counts: the counters that would answer, the things named, what is done with them, the last noun
    before the counting word, and the numbers that the question itself gives.

    `left_out` are words that the number must not be of; `compounds` are names that the tokeniser takes apart
    (旭区民文化祭, オンライン申請件数). `bare` is the one thing counted where nothing is said of it (民生委員は何人);
    `places` must then be named too, where no document holds such a number. `people` are those counted (利用 of 利用者).
    """

    counters: tuple[frozenset[str], ...]
    money: bool
    things: tuple[str, ...]
    deeds: tuple[str, ...]
    head: str
    told: frozenset[str]
    bare: str
    places: tuple[str, ...]
    quality: str = ""
    named: str = ""
    in_all: bool = False
    selves: frozenset[str] = frozenset()
    exist: bool = False
    people: str = ""
    left_out: tuple[str, ...] = ()
    compounds: tuple[str, ...] = ()


def units_named(text: str) -> list[frozenset[str]]:
    """The counters that the nouns of a folded question name: 人数, 回数."""
    return [alike(unit) for pattern, unit in _UNIT_OF_NOUN if pattern.search(text)]


def counter_of(plan: Plan) -> str | None:
    """The one counter that a question of a count asks for, by its counter (何回) or by its noun (来場者数)."""
    if plan.operation not in ("counts", "describe") or len(plan.count_units) > 1:
        return None
    folded = vocabulary().fold(plan.question)
    named = [unit for pattern, unit in _UNIT_OF_NOUN if pattern.search(folded)]
    return plan.count_units[0] if plan.count_units else named[0] if len(named) == 1 else None


def asks_number(plan: Plan) -> bool:
    """Whether only a number answers: いくら, 何人, …数は, …率は."""
    if _SEVERAL_ASKED.search(plan.question):
        return False
    if _WHAT_KIND.search(plan.question) and not _AMOUNT_ASKED.search(plan.question) and not plan.count_units:
        return False
    return (
        plan.unheld
        or plan.asks == "how_many"
        or _HOW_MANY_ASKED.search(plan.question) is not None
        or _MONEY_ASKED.search(vocabulary().fold(plan.question)) is not None
        or _COUNTABLE.search(plan.question) is not None
    )


def asks_count(plan: Plan) -> bool:
    """Whether a count that a document prints may answer: no amount of money, and nothing else asked beside it."""
    countable = plan.operation == "counts" or plan.asks == "how_many" or _COUNTABLE.search(plan.question) is not None
    return countable and not _SEVERAL_ASKED.search(plan.question) and not _PRICE.search(plan.question)


def asked_number(plan: Plan) -> AskedNumber:
    text = vocabulary().fold(plan.question)
    if plan.continued:
        text = "・".join(vocabulary().fold(n) for m in plan.subjects for n in m.names[:1]) + "、" + text
    # 「貸与件数は何台」: the counter that is asked with counts; of 「件数（世帯数）」 either.
    named = units_named(text)
    # 「対象の小学校の数」 is a number of 校 and of nothing else.
    selves = [alike(match[1]) for match in _NUMBER_OF_SELF.finditer(text)]
    if not _BOTH_COUNTS.search(text):
        named = [frozenset[str]().union(*named)] if named else []
    counters = [alike(unit) for unit in plan.count_units] or named
    for match in _OF_WHAT.finditer(without_years(text)):
        # 「何か所の施設で」「拠点いくつの」: the noun is the counter.
        counters = [c for c in counters if not c & alike("か所")]
        counters.append(alike(match[1] or match[2]))
    money = _MONEY_ASKED.search(text) is not None and not counters and _HOW_MANY_ASKED.search(text) is None
    quality = next((printed for word, printed in QUALITIES.items() if word in text), "")
    text = _COUNTER_ASKED.sub("、", text)
    for word in plan.place_words:
        text = text.replace(word, "、")
    text = without_years(text, "、")
    text = _DOCUMENT_OF_YEAR.sub("、", _YEAR_LEFT.sub("、", _PLAN_TAIL.sub("", text)))
    amounts = find_amounts(text)
    for amount in amounts:
        text = text.replace(amount.printed, "、")
    plain = vocabulary().is_plain
    nouns = [n for n in dict.fromkeys(noun_terms(text)) if not n.isdigit()]
    nouns = [n for n in nouns if len(n) < 2 or not plain(n)] or nouns
    nouns += [t for t in plan.topics if t in text and t not in "".join(nouns) and not any(n in t for n in nouns)]
    things = [_COUNT_TAIL.sub("", n) for n in nouns if n not in _DEEDS]
    things = [t for t in things if t and t not in _DEEDS]
    if len(things) > 1:
        # 「小学校は何校」: the counter says what is counted.
        counting = {unit for unit in (*plan.count_units, *(u for group in selves for u in group)) if len(unit) == 1}
        others = [t for t in things if not (len(t) == 2 and t[-1] in counting)]
        things = others if any(len(t) > 1 for t in others) else things
    deeds = tuple(n for n in nouns if n in _DEEDS and len(n) >= 2 and n not in _COUNTED_BY)
    # 「小学校の数」: the whole word, though 学校 is a word too.
    staff = HEADCOUNT.search(text)
    people = _PEOPLE.search(text)
    whole = re.search(rf"[一-鿿]*{re.escape(''.join(things))}", text) if things else None
    return AskedNumber(
        tuple(dict.fromkeys(counters)),
        money,
        tuple(things),
        deeds,
        next((n for n in reversed(nouns) if n not in _COUNTED_BY), ""),
        frozenset(amount.printed for amount in amounts),
        staff[1]
        if staff
        else ""
        if deeds or len(counters) > 1 or whole is None or _made(plan.count_units, text)
        else whole.group(),
        plan.place_words if plan.unheld else (),
        quality,
        "、".join(m.words for m in plan.subjects),
        _IN_ALL_ASKED.search(text) is not None,
        frozenset[str]().union(*selves),
        _EXIST.search(vocabulary().fold(plan.question)) is not None
        or (bool(plan.count_units) and STOCK.issuperset(plan.count_units)),
        people[1] if people else "",
        plan.left_out,
        tuple(c for c in (*_COMPOUND.findall(text), *(m.words for m in plan.subjects)) if not plain(c)),
    )


def _made(counters: Sequence[str], text: str) -> bool:
    """Whether the count is of things that are made or given, with the verb that says so."""
    return bool(counters) and set(counters) <= _MADE and _VERB_TAIL.search(text) is not None


def alike(unit: str) -> frozenset[str]:
    """The counters that count the same things as this one, itself among them."""
    return next((group for group in _SAME_UNIT if unit in group), frozenset((unit,)))
