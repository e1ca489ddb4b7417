"""Answers made of the documents' own sentences: the ones that answer, in order, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answer.ledger import Ledger
from answer.said import SaidNumber, numbers_said
from answer.sentence_figures import sentence_figures
from answer.types import Plan
from answer.vocabulary import vocabulary
from index.answerable import THRESHOLD
from ingest.amounts import half_width
from ingest.eras import fiscal_year_label, without_years
from records import Figure, Hit, Passage, Project, SearchResult, SearchScope, TextUnit

_MAX_LINES = 5
# Passages that are looked through for a number: the strictness is in what counts as saying it.
_LOOKED_AT = 30
# Hits as near to the first as this speak too; units of a passage as near to its best as this are told.
_MOST_PLACES = 4
_FIRST = 5
# A compound of four kanji or more is a thing of its own (市営住宅, 国民健康保険料).
_COMPOUND = re.compile(r"[一-鿿々]{4,}")
_SURER = 0.2
# A run of letters so long that few passages hold it is a name.
_RARE_NAME, _LONGEST_NAME, _FEW_PASSAGES, _MOSTLY = 5, 12, 6, 0.33
_NAME = re.compile(r"[ァ-ヺー]{4,}[一-鿿]*|[ぁ-ゖー]{6,}|[一-鿿ァ-ヺー]*[ァ-ヺー]{3,}[一-鿿ァ-ヺー]*")
_LINES_OF_A_PLACE = 3
_CLOSE = 0.92
_RELEVANT = 0.45
# A unit that holds the phrase asked for is worth this much more.
_ANSWERING = 0.3
_PHRASES = ("who", "when", "where")
_DATE = re.compile(
    r"(?:令和|平成)?\s?(?:\d{1,2}年)?\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?"
    r"(?:[～~〜、・]\s?(?:\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?|\d{1,2}\s?日))*"
    r"|毎月[^、。）)]{0,8}|毎週[^、。）)]{0,8}|通年|随時|\d{1,2}/\d{1,2}"
)
_PLACE = re.compile(
    r"(?:場所|会場|設置箇所)\s?[:：]\s?([^。）)]+)"
    r"|([^、。（(・\s：:～]{2,20}(?:公会堂|公園|センター|小学校|中学校|高等学校|区役所|会館|保育園|ルーム|るーむ|アトリウム|ホール))"
)
_WHEN_AND_WHERE = re.compile("いつ[^。]{0,8}どこ|どこ[^。]{0,8}いつ|日[^。]{0,4}(?:場所|会場)")
_CLOCK = re.compile(r"\d{1,2}\s?(?:時|:\d{2})")
_OFFICIAL = re.compile(
    r"(区長|市長|町長|村長|副区長|部長|課長|係長|所長|館長|担当者)(?:さん)?(?:は|って|の(?:お)?(?:名前|氏名))[^。]{0,6}(?:誰|だれ|どなた|名前|氏名|何|教)"
)
_PERSON = r"[\s　:：]*[一-鿿]{1,4}[\s　][一-鿿]{1,3}"
_WHO = re.compile(r"(?:対象|講師|参加者|協力)\s?[:：]\s?([^。]+)|([^、。（(]{2,24}?)(?:を対象に|を対象とし|向けに)")


@dataclass(frozen=True, slots=True)
class Quote:
    """A unit of a passage, chosen as part of the answer, with the number of its source mark."""

    unit: TextUnit
    passage: Passage
    mark: int
    score: float


@dataclass(frozen=True, slots=True)
class Description:
    """The sentences that answer, the phrase that leads, all hits, and the figures that only those sentences print; no
    quotes where nothing answers.
    """

    quotes: tuple[Quote, ...]
    lead: str
    hits: tuple[Hit, ...]
    answerable: float
    figures: tuple[Figure, ...] = ()


def scope_of(plan: Plan, ledger: Ledger, projects: Sequence[Project]) -> SearchScope:
    """The hard filter that a plan's places, kinds of document, years and exact names make."""
    documents = [
        d.document_id
        for d in ledger.documents.values()
        if (not plan.places or ledger.place_of(d) in plan.places)
        and (not plan.kinds or any(part.kind in plan.kinds for part in d.parts))
    ]
    ids = tuple(dict.fromkeys(p.project_id for p in projects))
    filtered = bool(documents) and bool(plan.places or plan.kinds)
    return SearchScope(tuple(documents) if filtered else (), plan.years, ids)


def describe(plan: Plan, ledger: Ledger, question: str, projects: Sequence[Project] = ()) -> Description:
    """Search inside the plan's scope and choose the sentences that answer."""
    if len(plan.places) > 1 and plan.place_words and not projects:
        return _by_place(plan, ledger, question)
    result: SearchResult = ledger.library.search(question, 10, scope_of(plan, ledger, projects))
    if not result.hits or (result.answerable < _bar(plan, ledger, question, result.hits) and not projects):
        return Description((), "", result.hits, result.answerable)
    quotes = _choose(plan, ledger, question, result.hits)
    official = _OFFICIAL.search(question)
    if official and not any(re.search(rf"{official[1]}{_PERSON}", hit.passage.text) for hit in result.hits):
        # Who holds an office is told by a name behind it, and none stands there.
        return Description((), "", result.hits, result.answerable)
    if "何時" in question and not any(_CLOCK.search(half_width(quote.unit.text)) for quote in quotes):
        # A time of day is asked for, and none is told.
        return Description((), "", result.hits, result.answerable)
    return Description(quotes, _lead(plan, quotes), result.hits, result.answerable)


def is_beyond(question: str, hits: Sequence[Hit]) -> bool:
    """Whether a question names what no such document tells of (ラーメン, 新幹線), nor the first passages found."""
    return _names_beyond(vocabulary().fold(question), _said_first(hits))


def _names_beyond(asked: str, said: str) -> bool:
    return any(word in asked and word not in said for word in vocabulary().words_of("beyond"))


def _said_first(hits: Sequence[Hit]) -> str:
    """What the first passages say, folded."""
    fold = vocabulary().fold
    return "、".join(fold(hit.passage.heading + hit.passage.text) for hit in hits[:_FIRST])


def _bar(plan: Plan, ledger: Ledger, question: str, hits: Sequence[Hit]) -> float:
    """How likely an answer must be: surer where the question names a thing that none of the first passages names."""
    asked = vocabulary().fold(question)
    said = _said_first(hits)
    if _names_beyond(asked, said):
        return 1.0
    for word in plan.place_words:
        asked = asked.replace(word, "、")
    asked = without_years(asked, "、")
    if any(run not in said for run in _COMPOUND.findall(asked)):
        return THRESHOLD + _SURER
    return 0.0 if _names_rarity(asked, said, ledger) else THRESHOLD


def _names_rarity(asked: str, said: str, ledger: Ledger) -> bool:
    """Whether a question is hardly more than a name that the first passages say and few others do: ぱおぱおるーむ."""
    for size in range(min(len(asked), _LONGEST_NAME), _RARE_NAME - 1, -1):
        for start in range(len(asked) - size + 1):
            piece = asked[start : start + size]
            if "、" in piece or piece not in said:
                continue
            if not _NAME.fullmatch(piece):
                continue
            passages = sum(piece in vocabulary().fold(p.text) for p in ledger.library.passages)
            return 0 < passages <= _FEW_PASSAGES and size >= _MOSTLY * len(asked)
    return False


def _by_place(plan: Plan, ledger: Ledger, question: str) -> Description:
    """Several places named: what each of them says, a few lines each, marks counted through."""
    quotes: list[Quote] = []
    hits: list[Hit] = []
    answerable = 0.0
    for place in plan.places[:_MOST_PLACES]:
        one = describe(replace(plan, places=(place,)), ledger, question)
        answerable = max(answerable, one.answerable)
        before = len(hits)
        quotes.extend(replace(q, mark=q.mark + before) for q in one.quotes[:_LINES_OF_A_PLACE])
        hits.extend([replace(hit, rank=hit.rank + before) for hit in one.hits])
    shown = {q.mark for q in quotes}
    if not quotes:
        return Description((), "", tuple(hits), answerable)
    return Description(tuple(quotes), "", tuple(hit for hit in hits if hit.rank in shown), answerable)


def other_prints(plan: Plan, ledger: Ledger) -> tuple[Figure, ...]:
    """The figures of those sentences that say by themselves every thing which a question of a count names."""
    result: SearchResult = ledger.library.search(plan.question, _LOOKED_AT, scope_of(plan, ledger, ()))
    said = numbers_said(plan, result.hits, [_title(hit.passage, ledger) for hit in result.hits])
    return sentence_figures([s for s in said if s.outright], ledger, plan.question, plan.years)


def describe_number(plan: Plan, ledger: Ledger, question: str, projects: Sequence[Project] = ()) -> Description:
    """The sentences that say the number asked for, led by the number; no quotes where none says it."""
    result: SearchResult = ledger.library.search(question, _LOOKED_AT, scope_of(plan, ledger, projects))
    said = numbers_said(plan, result.hits, [_title(hit.passage, ledger) for hit in result.hits])
    quotes = tuple(Quote(s.unit, s.passage, s.rank, s.score) for s in said)
    figures = sentence_figures(said, ledger, plan.question, plan.years)
    leads = [printed for number in said for printed in _lead_of(number, figures)]
    return Description(quotes, "、".join(dict.fromkeys(leads)), result.hits, result.answerable, figures)


def _lead_of(said: SaidNumber, figures: Sequence[Figure]) -> Sequence[str]:
    """What leads of one line.

    Of 「令和4年度末:68.5%(令和3年度末:44.6%）」 the year asked for, of 「1,400人（704人）」 the result.
    """
    told = [f.printed for f in figures if f.source.line_start == said.unit.line_start]
    other = any(printed not in "、".join(said.printed) for printed in told)
    return told if told and (other or set(told) < set(said.printed)) else said.printed


def _choose(plan: Plan, ledger: Ledger, question: str, hits: Sequence[Hit]) -> tuple[Quote, ...]:
    """About five units of the best passages: those that answer best, then put in the documents' order."""
    best = hits[0].score
    first = hits[0].passage
    chosen: list[Quote] = []
    for hit in hits[:6]:
        close = best > 0 and hit.score >= best * _CLOSE
        # The phrase asked for (a date, a place, a number) often stands in another passage of the same project.
        kin = (
            plan.asks in _PHRASES and hit.passage.project_id is not None and hit.passage.project_id == first.project_id
        )
        answered = any(_answers(plan, q.unit.text) for q in chosen)
        if hit.rank > 1 and (len(chosen) >= _MAX_LINES or not (close or (kin and not answered))):
            continue
        scores = ledger.library.unit_scores(question, hit.passage)
        scored = [
            Quote(unit, hit.passage, hit.rank, score + (_ANSWERING if _answers(plan, unit.text) else 0.0))
            for unit, score in zip(hit.passage.units, scores, strict=True)
            if unit.kind != "heading" and len(unit.text) >= 4
        ]
        scored.sort(key=lambda quote: -quote.score)
        room = _MAX_LINES - 1 if hit.rank == 1 else min(2, _MAX_LINES - len(chosen))
        chosen.extend(q for q in scored[:room] if q.score >= scored[0].score * _RELEVANT)
    order = {hit.passage.passage_id: hit.rank for hit in hits}
    return tuple(sorted(chosen, key=lambda q: (order[q.passage.passage_id], q.unit.line_start)))


def _answers(plan: Plan, text: str) -> bool:
    if plan.asks in ("when", "where") and _WHEN_AND_WHERE.search(plan.question):
        return bool(_DATE.search(half_width(text)) or _PLACE.search(text))
    if plan.asks == "when":
        return bool(_DATE.search(half_width(text)))
    if plan.asks == "where":
        return bool(_PLACE.search(text))
    if plan.asks == "who":
        return bool(_WHO.search(text))
    return False


def _lead(plan: Plan, quotes: Sequence[Quote]) -> str:
    """The phrase itself that a who, when or where question asks for, from the best sentence that has one."""
    for quote in sorted(quotes, key=lambda q: -q.score):
        text = quote.unit.text
        if plan.asks == "when":
            # Searched half-width for its digits, given as printed: the two have the same length.
            found = [text[m.start() : m.end()].strip() for m in _DATE.finditer(half_width(text))]
        elif plan.asks == "where":
            found = [_closed((m[1] or m[2]).strip()) for m in _PLACE.finditer(text)]
        elif plan.asks == "who":
            found = [(m[1] or m[2]).strip(" ・") for m in _WHO.finditer(text)]
        else:
            return ""
        if found:
            return "、".join(dict.fromkeys(found[:4]))
    return ""


def _closed(text: str) -> str:
    """The text with the bracket closed that it leaves open."""
    return text + "）" if text.count("（") > text.count("）") else text


def description_text(description: Description, ledger: Ledger) -> str:
    """The quoted sentences under the heading of the project that says them, each with its mark [n]."""
    lines: list[str] = []
    if description.lead:
        lines.append(f"{description.lead}（下の記述から）")
    shown: str | None = None
    for quote in description.quotes:
        passage = quote.passage
        if passage.passage_id != shown:
            document = ledger.documents[passage.document_id]
            name = _title(passage, ledger)
            lines.append(f"{ledger.place_of(document)} {fiscal_year_label(passage.fiscal_year)}「{name}」")
            shown = passage.passage_id
        lines.append(f"・{quote.unit.text.lstrip('・')} [{quote.mark}]")
    return "\n".join(lines)


def _title(passage: Passage, ledger: Ledger) -> str:
    names = [
        ledger.projects[i].name for i in (passage.project_id, passage.sub_project_id) if i and i in ledger.projects
    ]
    return "／".join(names) if names else passage.heading.split("　")[-1].split(" > ")[-1]
