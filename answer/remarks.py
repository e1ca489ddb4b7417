"""What people say around what they ask: 「会計の仕事をしていました。令和4年度に残った額は？ 会議で使うので…」"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from answer.draft import COUNTER_ASKED, Draft
from answer.segments import noun_terms
from answer.types import POINTERS, Plan

_SENTENCE = re.compile(r"[^。！？!?\n…‥]+[。！？!?\n…‥\s]*")
_ENGLISH_END = re.compile(r"(?<=[a-z])\.\s*(?=[A-Z\d]|[^\x00-\x7f])")
_ASKS = re.compile(
    r"[？?]|か[。\s]*$|(?:下さ|くださ)い|教えて|知りた|ほしい|欲しい|お願い|願い(?:ます|たい)|頼み|幸い|いくら|幾ら|何(?!か|も|と|度も)|(?<!ん)なに|どれ|どの|どこ|どちら|どっち|どう|なぜ|いつ(?!も)|誰|だれ"
    r"|(?:(?<!まし)て|[はを])[。\s]*$|示し|挙げ|一覧|(?i:what|which|how|who|when|where|why|list|show|tell|give|name|find|please)"
)
# What asks in any place of a sentence; て at its end may do so too, or trail off.
_REQUESTS = re.compile(
    r"(?:下さ|くださ)い|教え|知りた|ほしい|欲しい|お願い|願い(?:ます|たい)|頼み|いくら|幾ら|何(?!か|も|と|度|年も)|(?<!ん)なに|どれ|どの(?!くらい気)|どこ|どちら|どっち|なぜ|いつ(?!も)|誰|だれ"
    r"|示し|挙げ|並べ|見せ|出して|まとめ|一覧|(?i:what|which|how|who|when|where|why|list|show|tell|give|name|find|please)"
)
_TELLS = re.compile(
    r"(?:(?:頃|時|とき|昔)の話|です|でした|ます|ました|まして|ましてねえ?|ましてねぇ|ません|でしょう|た|だ|る|ない|いい|ん(?:です|だ)?)(?:が|けど|けれど|よ|ね|よね|わ|わね|わよ)?(?:[~〜ー♪]|笑|（笑）)*[。！!\s]*$"
)
# 「小口の事業がどのくらいあるのか気になっています。」
_HEARD = re.compile(
    r"(?:お世話に|聞かれ|訊かれ|尋ねられ|問われ|気になっ|気になり|気がし|迷っ|困っ|悩んで|聞い|聞き|言われ|耳にし|読み|読んで|見て|思っ|思い)[ぁ-ん]{0,8}[。！!…\s]*$"
)
_IN_ENGLISH = re.compile(r"(?:I|We|My|Our|This|Hello|Hi|Dear|Thank)\b[\x00-\x7f]*$")
# 「総会の資料に載せたいので…」「夏の進み具合が心配で。」「うちも借りたのよ。」
_TRAILS_OFF = re.compile(
    r"(?:ので|から|もんで|もので|まして|てて|けど|けども|けれど|が|[たいるだなすんの](?:の|ん)?(?:よ|わ|さ|な|ね|し|もん|もの)|が[一-鿿]{1,4}で|(?<![しえけせてねべめれ見])て|くて|で(?=[…‥]))(?:ね|ねえ|ねぇ|よ|さ)?[。！!…‥\s]*$"
)
# 「検討するので。」「娘が飼い始めたものですから。」 give a reason for the question, whatever they speak of.
_KANA_ONLY = re.compile("[ぁ-ん]+")
_QUESTION = re.compile("[？?]")
_GIVES_REASON = re.compile(
    r"(?:ので|(?<!して)から|もので|(?:気になっ|思っ|困っ|悩んで)(?:いま|まし)?て|話題で|くて)[。！!…‥\s]*$"
)
_TAIL_CLAUSE = re.compile(r"(?<=か)、(?P<tail>[^、。？?]{2,40})[。！!…‥\s]*$")
_ASIDE = re.compile(r"[（(][^（()）]{6,}(?:ごめんなさい|すみません|ください|です|ます)[。！!]?[）)]")
# 「議会の質問を準備しているのですが、」「監査の準備で、」
_CLAUSE = re.compile(
    r"[^。、？！?!\n]{2,40}?(?:(?:です|ます|ません|した|んだ|のだ)(?:が|けど|けれども?|けども)(?:ね|ねえ|ねぇ)?|(?:な|い|る|た)の?(?:ん)?(?:だ)?けどね?|(?<!もの)ので|もので|ものですから|まして|すみません|恐れ入りますが"
    r"|(?:準備|参考|勉強|調査|取材|確認|下調べ|仕事|宿題)(?:として|のために?|用に|で))、"
)
_POINTER = re.compile(r"(?:それ|これ|あれ|(?:その|この|あの)(?P<thing>[一-鿿ァ-ヶー]{1,6}))(?!ら|ぞれ|まで)")
_POINTS_BACK = re.compile(
    rf"\W*(?:では|じゃあ?|それで)?、?(?:(?:{'|'.join(POINTERS)})(?!ぞれ|まで)|その|あの|それら|これら|そこ|うち|同じ|この(?:うち|中))"
    r"|.*(?:当てはま|該当)",
    re.DOTALL,
)
# 「令和4年度の決算についてお尋ねします。」
_ANNOUNCES = re.compile("(?:について|に関して|の件|の話|を調べて|を見て)[^、]{0,12}、?$")
_CLOSES = re.compile("(?:どうぞ|以上)?、?(?:よろしく|宜しく)(?:お願い)?[ぁ-ん致]*[。！!]*$")
_NUMBER_OF = re.compile("(?:数|率)[はをが]")
_SET_AGAINST = re.compile("(?:では|じゃ)な(?:く|い)")
# What asks for projects, for a figure of something that is named, and what narrows any of these.
_OF_ROWS = ("level", "rank", "shorthand", "compare")
_ENOUGH_NOUNS = 2
_OF_FIGURES = ("how_much", "breakdown", "list", "departments", "audit", "achieved", "missed")
_NARROWS = (*_OF_ROWS, "aggregate", "metric", "phase", "year", "exclude")


def without_remarks(question: str, read: Callable[[str], tuple[Draft, Plan]], goes_on: bool = False) -> str:
    """The question without the sentences around it that only tell something, and with the years, places, names and
    figures that they alone hold.

    As it is where it is one sentence, points back to what was said, asks for no figure or is none by itself: what was
    told then says what is meant. A question that `goes_on` after another one points back to that one's answer.
    """
    read = cache(read)
    question = _without_clause(_without_asides(question, read), read)
    sentences = [s for s in _SENTENCE.findall(_ENGLISH_END.sub(".\n", question)) if s.strip()]
    sentences = [s for s in sentences if not _is_interjection(s, read)] or sentences
    first = next((i for i, s in enumerate(sentences[:-1]) if not _told_before(s, read)), len(sentences) - 1)
    told, rest = sentences[:first], sentences[first:]
    closing = _told_after(rest, read)
    kept = "".join(rest[: len(rest) - len(closing)]).strip()
    asked = _without_tail(_without_clause(kept, read), read)
    if any(_SET_AGAINST.search(s) for s in told):
        return question
    draft, plan = read(asked)
    said = [read(sentence) for sentence in (*told, *closing)]
    if not told:
        return _anchors(draft, plan, said) + asked if closing else asked
    if not _points_back(asked, draft):
        return _anchors(draft, plan, said) + asked if _is_whole(draft) else question
    if goes_on:
        return question if _anchors(draft, plan, said) else asked
    names = {name for d, _ in said for name in _exact_names(d)}
    return _anchors(draft, plan, said, named=False) + _named(asked, names.pop()) if len(names) == 1 else question


def _points_back(asked: str, draft: Draft) -> bool:
    """Whether a sentence points at what was said; 「あの横浜旭ジャズまつり支援事業って」 names what it points at."""
    match = _POINTS_BACK.match(asked)
    return match is not None and not _exact_names(draft)


def _told_before(sentence: str, read: Callable[[str], tuple[Draft, Plan]]) -> bool:
    """Whether a sentence before the question only tells something."""
    return _only_tells(sentence) or (_trails_off(sentence) and not _holds_something(*read(sentence)))


def _told_after(sentences: list[str], read: Callable[[str], tuple[Draft, Plan]]) -> list[str]:
    """The sentences at the end of which nothing is asked: 「会議で使います。」「引き継ぎがなくて困っているので…」"""
    end = len(sentences)
    while end > 1:
        last = sentences[end - 1]
        empty = (_only_tells(last) or _trails_off(last)) and not _holds_something(*read(last))
        reason = _GIVES_REASON.search(last) is not None and not _REQUESTS.search(last) and not _bounds(read(last)[0])
        if not (_CLOSES.match(last.strip()) or empty or reason):
            break
        end -= 1
    if end == len(sentences) or _is_whole(read("".join(sentences[:end]))[0]):
        return sentences[end:]
    return [s for s in sentences[end:] if _CLOSES.match(s.strip()) or not _GIVES_REASON.search(s)]


def _trails_off(sentence: str) -> bool:
    return _TRAILS_OFF.search(sentence) is not None and not (_REQUESTS.search(sentence) or _QUESTION.search(sentence))


def _is_interjection(sentence: str, read: Callable[[str], tuple[Draft, Plan]]) -> bool:
    """Whether a sentence has no noun and no word that asks for or narrows anything: 「えっ、そんなに？」"""
    nouns = [t for t in noun_terms(sentence) if not _KANA_ONLY.fullmatch(t)]
    if COUNTER_ASKED.search(sentence) or nouns or _REQUESTS.search(sentence):
        return False
    draft, plan = read(sentence)
    return not (_holds_something(draft, plan) or draft.spans or draft.has("ask") or draft.has("spent"))


def _without_asides(question: str, read: Callable[[str], tuple[Draft, Plan]]) -> str:
    """The question without what it says in brackets of which nothing is asked: 「（変換できなくてごめんなさい）」."""

    def kept(match: re.Match[str]) -> str:
        return match.group() if _holds_something(*read(match.group())) else ""

    return _ASIDE.sub(kept, question)


def _without_tail(asked: str, read: Callable[[str], tuple[Draft, Plan]]) -> str:
    """The question without a clause behind it that gives its reason: 「…してもらえますか、流用を検討するので。」"""
    match = _TAIL_CLAUSE.search(asked)
    if match is None or _ASKS.search(match["tail"]) or not (_trails_off(match["tail"]) or _only_tells(match["tail"])):
        return asked
    return asked if _holds_something(*read(match["tail"])) else asked[: match.start()] + "。"


def _bounds(draft: Draft) -> bool:
    """Whether a stretch narrows what is asked for: an amount, a year's list, what is left out."""
    families = ("comparator", "exclude", "level", "phase")
    scoped = draft.departments or draft.pillars or draft.categories
    return bool(draft.amounts or draft.presence or scoped) or any(draft.has(family) for family in families)


def _named(asked: str, name: str) -> str:
    """「あの教室は令和4年度いくら」 with the name of the one thing that was told of in its place."""

    def named(match: re.Match[str]) -> str:
        thing = match["thing"] or ""
        whole = not thing or thing in name or thing in ("事業", "取組")
        return name if whole else f"{name}の{thing}"

    return _POINTER.sub(named, asked, count=1)


def _without_clause(question: str, read: Callable[[str], tuple[Draft, Plan]]) -> str:
    """The question without a clause before it that holds nothing of it: 「友人に聞かれたのですが、」."""
    match = _CLAUSE.match(question)
    if match is None:
        return question
    rest = question[match.end() :].lstrip()
    held = _holds_something(*read(match.group()))
    return question if held or _POINTS_BACK.match(rest) or not _is_whole(read(rest)[0]) else rest


def _is_whole(draft: Draft) -> bool:
    """Whether a sentence says by itself of what a figure or which projects it asks for.

    One noun is too little: 「ジャズまつりに行きました。来場者数は何人ですか」.
    """
    if any(draft.has(family) for family in _OF_ROWS) or draft.presence:
        return True
    if draft.amounts and draft.has("comparator"):
        return True
    if draft.has("metric") and (draft.amounts or draft.has("aggregate", "sum", "mean", "share")):
        return True
    number = COUNTER_ASKED.search(draft.folded) or _NUMBER_OF.search(draft.folded)
    figure = draft.has("metric") or draft.has("spent") or draft.has("ask", *_OF_FIGURES) or number
    return bool(figure) and (bool(draft.spans) or len(draft.topics) >= _ENOUGH_NOUNS)


def _exact_names(draft: Draft) -> list[str]:
    """The projects that are named whole, as they are written."""
    return [m.match.words for m in draft.subjects if m.match.how == "name"]


def _holds_something(draft: Draft, plan: Plan) -> bool:
    """Whether a stretch names or bounds anything that a question may mean."""
    exact = _exact_names(draft) or draft.departments or draft.pillars
    held = draft.years or draft.amounts or plan.place_words or plan.unknown_places or draft.categories
    return bool(exact or held or draft.presence) or any(draft.has(family) for family in _NARROWS)


def _only_tells(sentence: str) -> bool:
    if _HEARD.search(sentence) or _IN_ENGLISH.match(sentence):
        return True
    return _TELLS.search(sentence) is not None and not _ASKS.search(sentence)


def _anchors(asked: Draft, plan: Plan, told: list[tuple[Draft, Plan]], named: bool = True) -> str:
    """What the sentences before hold of each kind that the asking one has none of, as words to put before it; without
    the names where these are put into it (`named` false).
    """
    years: list[str] = []
    places: list[str] = []
    names: list[str] = []
    metrics: list[str] = []
    for draft, said in told:
        if not plan.years and not asked.has("year"):
            years += [draft.folded[start:end] for start, end, _ in draft.year_spans]
        if not (plan.place_words or plan.unknown_places):
            places += [*said.place_words, *said.unknown_places]
        if named and not asked.spans:
            names += [*_exact_names(draft), *draft.departments, *draft.pillars, *draft.categories]
        announced = _ANNOUNCES.search(draft.folded) is not None
        if announced and not asked.has("metric") and (asked.has("rank") or asked.has("ask", "how_much")):
            metrics += [word.text for word in draft.of("metric")]
    parts = ["と".join(dict.fromkeys(kind)) for kind in (places, years, names) if kind]
    before = "".join(f"{part}の" for part in parts)
    return before + (f"{'と'.join(dict.fromkeys(metrics))}で、" if metrics else "")
