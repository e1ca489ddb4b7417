"""What people say around what they ask: 「会計の仕事をしていました。令和4年度に残った額は？ 会議で使うので…」"""

from __future__ import annotations

import re
from collections.abc import Callable

from answer.draft import COUNTER_ASKED, Draft
from answer.segments import noun_terms
from answer.types import POINTERS, Plan
from answer.vocabulary import vocabulary

Read = Callable[[str], tuple[Draft, Plan]]

_SENTENCE = re.compile(r"[^。！？!?\n…‥]+[。！？!?\n…‥\s]*")
_ENGLISH_END = re.compile(r"(?<=[a-z])\.\s*(?=[A-Z\d]|[^\x00-\x7f])")
_WORDS_THAT_ASK = (
    r"(?<!聞いて)(?<!見て)(?<!させて)(?<!しないで)(?<!許して)(?<!待って)(?:下さ|くださ)い|教え(?!てくれな)|知りた(?!いって|が|いと[言い思])"
    r"|ほしい(?!も)|欲しい(?!も)|お願い|願い(?:ます|たい)|頼み(?!た)|いくら|幾ら"
    r"|何(?!か|も|と|度|年も|でも)|(?<!ん)なに|どれ(?!も)|どの(?!くらい気)|どちら(?!も)|どっち(?!も)|なぜ|いつ(?!も)|誰(?!も)|だれ(?!も)"
    r"|(?:足|引|出|計算|合計|合算|比較|列挙|抽出|集計|表示)して[。！!\s]*$|(?:合わせ|比べ|分け|数え|入れ|加え|割っ)て[。！!\s]*$"
    r"|示[しせす]|挙げ|並べ|見せ|出して|まとめ|一覧|(?i:what|which|how|who|when|where|why|list|show|tell|give|name|find|please)"
)
# What asks in any place of a sentence.
_REQUESTS = re.compile(_WORDS_THAT_ASK)
_ASKS = re.compile(rf"[？?]|か[。\s]*$|{_WORDS_THAT_ASK}|幸い|どう|どこ|[はを][。\s]*$")
_TELLS = re.compile(
    r"(?:(?:頃|時|とき|昔)の話|です|でした|ます|ました|まして|ましてねえ?|ましてねぇ|ません|でしょう|た|だ|る|ない|いい|ん(?:です|だ)?)"
    r"(?:が|けど|けれど|よ|ね|よね|わ|わね|わよ)?(?:[~〜ー♪]|笑|（笑）)*[。！!\s]*$"
)
# 「小口の事業がどのくらいあるのか気になっています。」
_HEARD = re.compile(
    r"(?:お世話に|聞かれ|訊かれ|尋ねられ|問われ|気になっ|気になり|気がし|迷っ|困っ|悩んで|聞い|聞き|言われ|耳にし|読み|読んで|見て|思っ|思い)"
    r"[ぁ-ん]{0,8}[。！!…\s]*$"
)
_IN_ENGLISH = re.compile(r"(?:I|We|My|Our|This|Hello|Hi|Dear|Thank|Sorry)\b[\x00-\x7f]*$")
# 「プレコンサートは含めません。」「累計じゃないほうよ。」「金額で結構です」: what is said so says what is meant.
_SPECIFIES = re.compile(
    r"のみ|だけ(?=[でをのにはがお教、。]|$)|限(?:り|定|って|る)|除|以外|含|要りませ|要らな|いりませ|いらない|不要|ただし"
    r"|(?:の|な)(?:方|ほう)(?:です|で|だ|よ|ね|を)"
    r"|(?:では|じゃ)(?:なく|ない(?:ほう|方))|ではありません|[額率数別回人件円]で(?:[。、]|お願い|結構|いい|構|教|示|答|出|表)"
    r"|として(?:くだ|下|扱)|とみな|とします|いいです"
)
_QUOTED = re.compile("[「『][^「」『』]{2,}[」』]")
_MARKED = re.compile("[？?]")
# 「それはさておき、」
_SET_ASIDE = re.compile(r"(?:それ|冗談|前置き|余談)は(?:さておき|ともかく|そうと)、?")
_LAUGHS = re.compile("(?<=[ぁ-んー])笑(?![顔いうっみ])")
_KANA_ONLY = re.compile("[ぁ-ん]+")
_ASIDE = re.compile(r"[（(][^（()）]{2,}(?:ごめんなさい|すみません|ください|です|ます)[。！!]?[）)]")
# 「（カッコ書きの中だけ変わったものは同じ事業扱いで）」: so names are set side by side anyway.
_BRACKETS_ASIDE = re.compile(r"[（(][^（()）]*(?:括弧|カッコ|かっこ)[^（()）]*(?:同じ|同一|継続|変わ)[^（()）]*[）)]")
_OF_BRACKETS = re.compile(r"(?:括弧|カッコ|かっこ).*(?:同じ|同一|継続|変わ)")
# 「えっ、そんなに低いんですか…。」「おお、早いですね。」: what is said of the answer before.
_REACTS = re.compile(
    r"^(?:[ぁ-んァ-ンー]{1,5}、)?(?:そんなに|けっこう|結構|ずいぶん|意外と|意外に|思ったより|思ってたより|やっぱり|なるほど|そうな|そっか|早|多|少な|すご|ほんと|ありがと)"
    r"[^、。？]{0,12}[。！？!?…‥\s]*$"
)
_WISHES = re.compile(r"たい(?:ん|の)?(?:です|だ|のです|ので|と思)?(?:が|けど|よ|ね)*[。！!…‥\s]*$")
_CLAUSE = re.compile(r"(?P<clause>[^、。？！?!]{2,40}?)(?:、|(?<=[ぁ-ん])[ 　])\s*(?=\S{4})")
# 「意地悪な質問ですが、」「監査の準備で、」「聞いたことがなくて、」: how a clause before a question ends.
_BEFORE_ASKING = re.compile(
    r"(?:(?:です|ます|ません|ました|でした|だ|や|た|る|い|う|ん)(?:が|けど|けれど|けれども|けども)(?:ね|さ)?|(?<!もの)ので|もんで|もので|ものですから|[だすたるい]から"
    r"|まして(?:な|ね|ねえ|なあ|のう)+|さておき|ところで|余談ですが|手短に|のよ(?:ね)?|ですし|まして|すみません|ごめん(?:ね|なさい)?|(?:の|[たるい])関係で|都合で|[てで]しまい|(?:身|者|立場|側)(?:として)?(?:は|から(?:する|言う)と|だと)"
    r"|(?:準備|参考|勉強|調査|取材|確認|下調べ|仕事|宿題|研究|授業|会議|議会)(?:として|のために?|用に|で)"
    r"|(?:聞|訊|言|突っ込|話|気|困|忘|知り|読|見|調べ|探|迷|考え|思|信じ|書い|頼|質問|相談|勧め|教|悩|驚|急い|焦)[^、]{0,14}(?:て|で|たら)(?:さ|ね|ねえ|な)?"
    r"|(?i:hmm+|wow|oh|well|ok|hey))$"
)
_TAIL_CLAUSE = re.compile(r"(?<=[かの])、(?P<tail>[^。？?]{2,40}?)[。！!…‥\s]*$")
_POINTER = re.compile(r"(?:それ|これ|あれ|(?:その|この|あの)(?P<thing>[一-鿿ァ-ヶー]{1,6}))(?!ら|ぞれ|まで)")
_POINTS_BACK = re.compile(
    rf"\W*(?:では|じゃあ?|それで)?、?(?:(?:{'|'.join(POINTERS)})(?!ぞれ|まで)|その|あの|それら|これら|そこ|うち|同じ|この(?:うち|中))"
    r"|.*(?:当てはま|該当)",
    re.DOTALL,
)
# 「令和4年度の決算についてお尋ねします。」
_ANNOUNCES = re.compile("(?:について|に関して|の件|の話|を調べて|を見て)[^、]{0,12}、?$")
# 「防災の話です。」「子育て分野です。」「環境の事業について質問です。」: of what the question is.
_OF_TOPIC = re.compile(
    r"^(?P<topic>[^、。]{1,14}?)(?:の事業|の取組)?(?:(?:関係|関連|分野|方面)(?:の(?:事業|取組|話|こと))?|の話|の件|のこと|について|に関して|に関する)"
    r"(?:です|で(?:お願い|す)|の|聞|伺|尋|お|教|質問|知|調べ|、|で)"
)
_CLOSES = re.compile("(?:どうぞ|以上)?、?(?:よろしく|宜しく)(?:お願い)?[ぁ-ん致]*[。！!]*$")
_NUMBER_OF = re.compile("(?:数|率)[はをが]")
_SET_AGAINST = re.compile("(?:では|じゃ)な(?:く|い)")
# What asks for projects, for a figure of something that is named, and what narrows any of these.
_OF_ROWS = ("level", "rank", "shorthand", "compare")
_ENOUGH_NOUNS = 2
_OF_FIGURES = ("how_much", "breakdown", "list", "departments", "audit", "achieved", "missed")
_NARROWS = (*_OF_ROWS, "aggregate", "metric", "phase", "year", "exclude")
_COLUMN = re.compile("[額率算費引残績標模]$")


def without_remarks(question: str, read: Read, goes_on: bool = False) -> str:
    """The question without the sentences and clauses around it that only tell something, and with the years, places,
    names and figures that they alone hold.

    As it is where it is one sentence, points back to what was said, asks for no figure or is none by itself: what was
    told then says what is meant. A question that `goes_on` after another one points back to that one's answer.
    """
    question = _without_asides(_SET_ASIDE.sub("", _LAUGHS.sub("。", question)), read)
    question = _without_clauses(question, read, goes_on)
    sentences = [s for s in _SENTENCE.findall(_ENGLISH_END.sub(".\n", question)) if s.strip()]
    sentences = [s for s in sentences if not (_is_interjection(s, read) or _OF_BRACKETS.search(s))] or sentences
    if goes_on:
        sentences = _without_reactions(sentences, read)
    told, rest, closing = _parted(sentences, read)
    asked = _without_tail(_without_clauses("".join(rest).strip(), read, goes_on), read)
    draft, plan = read(asked)
    if any(_SET_AGAINST.search(s) for s in told) or _leans_on(told, asked, draft, read):
        return question
    said = [read(sentence) for sentence in (*told, *closing)]
    if not told:
        return _anchors(draft, plan, said) + asked if closing else asked
    if not _points_back(asked, draft):
        return _anchors(draft, plan, said) + asked if _is_whole(draft) else question
    if goes_on:
        return question if _anchors(draft, plan, said) else asked
    names = {name for d, _ in said for name in _exact_names(d)}
    return _anchors(draft, plan, said, named=False) + _named(asked, names.pop()) if len(names) == 1 else question


def _leans_on(told: list[str], asked: str, draft: Draft, read: Read) -> bool:
    """Whether what is told says what is asked of: 「…超えた事業があるはずです。残らず出してください。」"""
    if _exact_names(draft):
        return False
    of_something = any(draft.has(family) for family in ("level", "metric", "rank"))
    whole = _asks(asked) and (of_something or COUNTER_ASKED.search(asked) is not None)
    return any((_QUOTED.search(s) and not _says_which(*read(s))) or (not whole and _is_whole(read(s)[0])) for s in told)


def _parted(sentences: list[str], read: Read) -> tuple[list[str], list[str], list[str]]:
    """The sentences that are told before the question, the question itself, and those that are told behind it."""
    whole = [i for i, s in enumerate(sentences) if _asks(s) and _is_whole(read(s)[0])]
    # 「…だった事業を拾い出したいんです。」
    whole = whole or [i for i, s in enumerate(sentences) if _WISHES.search(s) and _is_whole(read(s)[0])]
    first = whole[0] if whole else len(sentences) - 1
    begin = next((i for i, s in enumerate(sentences[:first]) if not _told_before(s, bool(whole), read)), first)
    last = whole[-1] if whole else first
    rest = sentences[begin : last + 1]
    closing: list[str] = []
    for sentence in sentences[last + 1 :]:
        (closing if _CLOSES.match(sentence.strip()) or _is_remark(sentence, read) else rest).append(sentence)
    if not whole:
        while len(rest) > 1 and (_CLOSES.match(rest[-1].strip()) or _tells_nothing(rest[-1], read)):
            closing.insert(0, rest.pop())
    return sentences[:begin], rest, closing


def _without_reactions(sentences: list[str], read: Read) -> list[str]:
    """What goes on after an answer, without what is said of it: 「おお、早いですね。その担当課は？」"""
    kept = list(sentences)
    while len(kept) > 1 and (_REACTS.match(kept[0].strip()) or (_only_tells(kept[0]) and _is_remark(kept[0], read))):
        kept.pop(0)
    while len(kept) > 1 and not _ASKS.search(kept[-1]) and _is_remark(kept[-1], read):
        kept.pop()
    return kept


def _told_before(sentence: str, sure: bool, read: Read) -> bool:
    """Whether a sentence before the question only tells something; `sure` where a later one is a whole question."""
    return _only_tells(sentence) or (sure and _is_remark(sentence, read))


def _asks(sentence: str) -> bool:
    return _ASKS.search(sentence) is not None and not _only_tells(sentence)


def _tells_nothing(sentence: str, read: Read) -> bool:
    return _only_tells(sentence) and not _holds_something(*read(sentence))


def _is_remark(sentence: str, read: Read) -> bool:
    """Whether a sentence beside a whole question neither asks for more nor says what is meant."""
    if _SPECIFIES.search(sentence) or COUNTER_ASKED.search(sentence):
        return False
    if _topic_of(read(sentence)[0]):
        return True
    draft, plan = read(sentence)
    if _REQUESTS.search(sentence) or _MARKED.search(sentence):
        more = [w for w in draft.of("ask") if w.meaning != "please"]
        return not (more or draft.topics or _holds_something(draft, plan))
    return not _says_which(draft, plan)


def _topic_of(draft: Draft) -> str:
    """Of what a sentence says that the question is: 防災 in 「防災の話です。」; empty where it says nothing of it."""
    match = _OF_TOPIC.match(draft.folded)
    if match is None or _HEARD.search(draft.folded) or _exact_names(draft):
        return ""
    topic = match["topic"]
    # Years, places, departments and pillars go with the question as what they are.
    starts = [w.start for w in draft.words] + [s for s, _, _ in draft.year_spans]
    starts += [s for s, _, name in draft.spans if name in (*draft.departments, *draft.pillars, *draft.categories)]
    known = draft.places > 0 or any(start < len(topic) for start in starts)
    return "" if known or all(vocabulary().is_plain(t) for t in noun_terms(topic)) else topic


def _points_back(asked: str, draft: Draft) -> bool:
    """Whether a sentence points at what was said; 「あの横浜旭ジャズまつり支援事業って」 names what it points at."""
    match = _POINTS_BACK.match(asked)
    return match is not None and not _exact_names(draft)


def _is_interjection(sentence: str, read: Read) -> bool:
    """Whether a sentence has no noun and no word that asks for or narrows anything: 「えっ、そんなに？」"""
    nouns = [t for t in noun_terms(sentence) if not _KANA_ONLY.fullmatch(t)]
    if COUNTER_ASKED.search(sentence) or nouns or _REQUESTS.search(sentence):
        return False
    draft, plan = read(sentence)
    return not (_holds_something(draft, plan) or draft.spans or draft.has("ask") or draft.has("spent"))


def _without_asides(question: str, read: Read) -> str:
    """The question without what it says in brackets of which nothing is asked: 「（変換できなくてごめんなさい）」."""

    def kept(match: re.Match[str]) -> str:
        return match.group() if _holds_something(*read(match.group())) else ""

    return _ASIDE.sub(kept, _BRACKETS_ASIDE.sub("", question))


def _without_clauses(question: str, read: Read, goes_on: bool) -> str:
    """The question without the clauses before it that hold nothing of it: 「友人に聞かれたのですが、」."""
    match = _CLAUSE.match(question)
    while match is not None:
        rest = question[match.end() :].lstrip()
        ends = _BEFORE_ASKING.search(match["clause"])
        if ends is None or _SPECIFIES.search(match["clause"]) or _POINTS_BACK.match(rest):
            break
        if _says_which(*read(match["clause"])) or not (goes_on or _is_whole(read(rest)[0])):
            break
        question = rest
        match = _CLAUSE.match(question)
    return question


def _without_tail(asked: str, read: Read) -> str:
    """The question without a clause behind it that asks nothing: 「…してもらえますか、流用を検討するので。」"""
    match = _TAIL_CLAUSE.search(asked)
    if match is None or _REQUESTS.search(match["tail"]) or _SPECIFIES.search(match["tail"]):
        return asked
    return asked if _says_which(*read(match["tail"])) else asked[: match.start()] + "。"


def _says_which(draft: Draft, plan: Plan) -> bool:
    """Whether a stretch names or bounds what is asked for; what it tells of much and little, more and less does not."""
    scoped = _exact_names(draft) or draft.departments or draft.pillars or draft.categories or draft.presence
    where = draft.years or plan.place_words or plan.unknown_places
    column = any(_COLUMN.search(w.text) for w in draft.of("metric"))
    bounds = column or (draft.amounts and draft.has("comparator"))
    some = draft.amounts and (draft.has("rank") or draft.has("aggregate"))
    return bool(scoped or where or bounds or some) or draft.has("level") or draft.has("shorthand")


def _named(asked: str, name: str) -> str:
    """「あの教室は令和4年度いくら」 with the name of the one thing that was told of in its place."""

    def named(match: re.Match[str]) -> str:
        thing = match["thing"] or ""
        whole = not thing or thing in name or thing in ("事業", "取組")
        return name if whole else f"{name}の{thing}"

    return _POINTER.sub(named, asked, count=1)


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
    return bool(figure) and (bool(draft.spans) or len({*draft.topics}) >= _ENOUGH_NOUNS)


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
    topics: list[str] = []
    for draft, said in told:
        if not (asked.spans or asked.topics):
            topics += [topic for topic in (_topic_of(draft),) if topic]
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
    before = "".join(f"{part}の" for part in parts) + "".join(f"{topic}関係の" for topic in dict.fromkeys(topics))
    return before + (f"{'と'.join(dict.fromkeys(metrics))}で、" if metrics else "")
