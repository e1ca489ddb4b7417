"""What people say before they ask: 「会計の仕事をしていました。令和4年度に予算を超えた事業はありますか。」"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from answer.draft import COUNTER_ASKED, Draft
from answer.types import POINTERS, Plan

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
_ENGLISH_END = re.compile(r"(?<=[a-z])\.\s*(?=[A-Z\d]|[^\x00-\x7f])")
_ASKS = re.compile(
    r"[？?]|か[。\s]*$|(?:下さ|くださ)い|教えて|知りた|ほしい|欲しい|お願い|願い(?:ます|たい)|頼み|幸い|いくら|幾ら|何(?!か|も|と|度も)|なに|どれ|どの|どこ|どちら|どっち|どう|なぜ|いつ(?!も)|誰|だれ"
    r"|[てはを][。\s]*$|示し|挙げ|一覧|(?i:what|which|how|who|when|where|why|list|show|tell|give|name|find|please)"
)
_TELLS = re.compile(
    r"(?:です|でした|ます|ました|ません|でしょう|た|だ|る|ない|いい|ん(?:です|だ)?)(?:が|けど|けれど|よ|ね|よね)?[。！!\s]*$"
)
# 「小口の事業がどのくらいあるのか気になっています。」
_HEARD = re.compile(
    r"(?:お世話に|聞かれ|訊かれ|尋ねられ|問われ|気になっ|気になり|気がし|迷っ|困っ|悩んで|聞い|聞き|言われ|耳にし|読み|読んで|見て|思っ|思い)[ぁ-ん]{0,8}[。！!\s]*$"
)
_IN_ENGLISH = re.compile(r"(?:I|We|My|Our|This|Hello|Hi|Dear|Thank)\b[\x00-\x7f]*$")
_POINTS_BACK = re.compile(
    rf"\W*(?:では|じゃあ?|それで)?、?(?:(?:{'|'.join(POINTERS)})(?!ぞれ|まで)|その|それら|これら|そこ|うち|同じ|この(?:うち|中))"
    r"|.*(?:当てはま|該当)",
    re.DOTALL,
)
# 「令和4年度の決算についてお尋ねします。」
_ANNOUNCES = re.compile("(?:について|に関して|の件|の話|を調べて|を見て)[^、]{0,12}、?$")
_CLOSES = re.compile("(?:どうぞ|以上)?、?(?:よろしく|宜しく)(?:お願い)?[ぁ-ん致]*[。！!]*$")
_NUMBER_OF = re.compile("(?:数|率)[はをが]")
_SET_AGAINST = re.compile("(?:では|じゃ)な(?:く|い)")
# What asks for projects, for a figure of something that is named, and what narrows any of these.
_OF_ROWS = ("level", "rank", "aggregate", "shorthand", "compare")
_OF_FIGURES = ("how_much", "breakdown", "list", "departments", "audit", "achieved", "missed")
_NARROWS = (*_OF_ROWS, "metric", "phase", "year", "exclude", "comparator")


def without_preamble(question: str, read: Callable[[str], tuple[Draft, Plan]], goes_on: bool = False) -> str:
    """The question without the sentences before it that only tell something, and with the years, places, names and
    figures that they alone hold.

    As it is where it is one sentence, points back to what was said, asks for no figure or is none by itself: what was
    told then says what is meant. A question that `goes_on` after another one points back to that one's answer.
    """
    sentences = [s for s in _SENTENCE.findall(_ENGLISH_END.sub(".\n", question)) if s.strip()]
    told = list(itertools.takewhile(_only_tells, sentences[:-1]))
    asked = "".join(_without_close(sentences[len(told) :], read)).strip()
    if not told or any(_SET_AGAINST.search(s) for s in told):
        return question if told else asked
    draft, plan = read(asked)
    before = _anchors(draft, plan, [read(sentence) for sentence in told])
    if _POINTS_BACK.match(asked):
        return asked if goes_on and not before else question
    return before + asked if _is_whole(draft) else question


def _is_whole(draft: Draft) -> bool:
    """Whether a sentence says by itself of what a figure or which projects it asks for."""
    if any(draft.has(family) for family in _OF_ROWS) or draft.presence or COUNTER_ASKED.search(draft.folded):
        return True
    figure = draft.has("metric") or draft.has("spent") or draft.has("ask", *_OF_FIGURES)
    if draft.amounts and draft.has("metric"):
        return True
    return bool(draft.spans or draft.topics) and (figure or _NUMBER_OF.search(draft.folded) is not None)


def _without_close(sentences: list[str], read: Callable[[str], tuple[Draft, Plan]]) -> list[str]:
    """The sentences without those at the end that tell something of which nothing is asked: 「会議で使います。」"""
    kept = list(sentences)
    while len(kept) > 1 and (_CLOSES.match(kept[-1].strip()) or _only_tells(kept[-1])):
        if _CLOSES.match(kept[-1].strip()):
            kept.pop()
            continue
        draft, plan = read(kept[-1])
        exact = any(m.match.how == "name" for m in draft.subjects) or draft.departments or draft.pillars
        held = draft.years or draft.amounts or plan.place_words or plan.unknown_places or draft.categories
        if exact or held or draft.presence or any(draft.has(family) for family in _NARROWS):
            break
        kept.pop()
    return kept


def _only_tells(sentence: str) -> bool:
    if _HEARD.search(sentence) or _IN_ENGLISH.match(sentence):
        return True
    return _TELLS.search(sentence) is not None and not _ASKS.search(sentence)


def _anchors(asked: Draft, plan: Plan, told: list[tuple[Draft, Plan]]) -> str:
    """What the sentences before hold of each kind that the asking one has none of, as words to put before it."""
    years: list[str] = []
    places: list[str] = []
    names: list[str] = []
    metrics: list[str] = []
    for draft, said in told:
        if not plan.years and not asked.has("year"):
            years += [draft.folded[start:end] for start, end, _ in draft.year_spans]
        if not (plan.place_words or plan.unknown_places):
            places += [*said.place_words, *said.unknown_places]
        if not asked.spans:
            exact = [m.match.words for m in draft.subjects if m.match.how == "name"]
            names += [*exact, *draft.departments, *draft.pillars, *draft.categories]
        announced = _ANNOUNCES.search(draft.folded) is not None
        if announced and not asked.has("metric") and (asked.has("rank") or asked.has("ask", "how_much")):
            metrics += [word.text for word in draft.of("metric")]
    parts = ["と".join(dict.fromkeys(kind)) for kind in (places, years, names) if kind]
    before = "".join(f"{part}の" for part in parts)
    return before + (f"{'と'.join(dict.fromkeys(metrics))}で、" if metrics else "")
