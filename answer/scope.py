"""How the names of a question relate: what belongs to what, what a share is of, whose department is meant."""

from __future__ import annotations

import re
from dataclasses import replace

from answer.draft import Draft
from answer.ledger import Ledger
from answer.names import Mention
from answer.types import NameMatch
from answer.vocabulary import Word, vocabulary

_BELONGS = re.compile(
    r"(?:事業)?に(?:ぶら下が|属|含ま|入|あ|ひもづ|紐づ)[ぁ-ん]{1,5}|(?:事業)?の(?:下の|傘下の|配下の|うちの?|ほうの|方の|中の|なかの|中にある|細事業である|細事業にあたる|細事業の|細事業)?、?"
)
_TAKEN_TOO = re.compile(
    r"(?:など|等)?(?:の(?:ほう|方))?(?:の(?:分|事業|もの))?も(?:数に)?(?:入れ|含め|加え|合わせ|足し|対象|数え|カウント)"
)
_SUCH_AS = re.compile(r"など(?:の)?、?(?:\d|[二三四五])?つ?の?(?:柱|分野)")
_SUBTRACTED = re.compile(r"を(?:差し引|引)(?:いた|いて|くと)")
_OF_WHICH = re.compile(
    r"(?:が|を)(?:入って(?:い)?る|入る|含まれ(?:てい)?る|含む|属する|ぶら下が(?:ってい)?る)(?:親)?事業"
)
_SAME_AS = re.compile(
    r"^(?:を担当する課)?と(?:は)?(?:同じ|同一の?|共通の)(課|部署|担当課?|所管課?|柱|分野)(?:が|の|で)?(?:担当(?:する|している)?|持つ|受け持つ|所管する)?"
)
# 「Aの担当課が令和4年度に受け持った事業の中で」
_ITS_OFFICE = re.compile(
    r"^(?:の|を)(?:担当|所管)(?:する|している|の)?(課|部署|柱)(?:が|の|で)(?:[^、。]{0,14}?(?:担当|所管|受け持|持っ|持つ|担っ)[ぁ-ん]{0,5})?"
    r"(?:[^、。]{0,8}の)?(?:(?:事業|もの)(?=の|で|は|を|$|、)|(?:予算|決算|執行)額?の(?:合計|総額|平均))"
)
_TAKES_UP = re.compile(r"(?<=[がの])占め")
_PERCENTAGE_OF = re.compile(r"(?:percentage|share|part) of ?")
_TOPIC_OF_SHARE = re.compile(
    r"(?:の?(?:柱|分野|区分))?は、?(?:その|この)?全体の(?:うち)?(?:の)?(?:約|およそ)?(?:何%|何割|何パーセント|どれ)"
)
_INTO = re.compile(r"(?:の)?(?:予算額?|決算額?|執行額?|総額)*に、?(?!つい|おい|対|関|よ|向|回|充|あて|使|かけ|かか)")
_PART_IS = re.compile(r"[^、]{0,16}の(?:何%|何割|何パーセント)(?:ほど|くらい|ぐらい)?が")
_OF_WHAT_PART = re.compile(
    r"(?:の(?:予算額?|決算額?|執行額?|柱|分野))*の(?:およそ|約|だいたい|大体|ほぼ)?(?:何%|何割|何パーセント|どれくらい)"
)


def take_parents(draft: Draft, ledger: Ledger) -> None:
    """「ホタルの舞う里づくりが入っている事業」: the project that the named part belongs to."""
    for at, mention in enumerate(draft.subjects):
        if not _OF_WHICH.match(draft.folded[mention.end :]):
            continue
        parents = [
            ledger.projects[p.parent_id]
            for p in ledger.projects.values()
            if p.parent_id and p.name in mention.match.names
        ]
        names = tuple(dict.fromkeys(p.name for p in parents if not p.container))
        if names:
            draft.subjects[at] = Mention(mention.start, mention.end, NameMatch(mention.match.words, names, "part"))


def take_as_well(draft: Draft) -> None:
    """「こども家庭支援課の合計（統合事業費の分も入れて）」「安全・安心などの4つの柱」: names that narrow nothing."""
    for _, end, name in draft.spans:
        rest = draft.folded[end:]
        if _TAKEN_TOO.match(rest):
            draft.pillars = [p for p in draft.pillars if p != name]
            draft.categories = [c for c in draft.categories if c != name]
    if _SUCH_AS.search(draft.folded) and draft.has("group", "pillar"):
        draft.pillars.clear()


def take_subtracted(draft: Draft) -> None:
    """「自主企画事業費から地域の力を差し引いた残り」 leaves a name out; 「予算から決算を差し引いた額」 is a column."""
    for match in _SUBTRACTED.finditer(draft.folded):
        if any(end == match.start() for _, end, _ in draft.spans):
            draft.words = [w for w in draft.words if not (w.start < match.end() and match.start() <= w.start)]
            draft.words.append(Word(match.start(), match.end(), "exclude", "words", match.group()))


def take_same_group(draft: Draft, ledger: Ledger) -> None:
    """「Aと同じ課の事業」「Aの担当課の事業」: A's departments (or its pillar) become the scope, and A is no subject."""
    for mention in draft.subjects:
        rest = draft.folded[mention.end :]
        match = _SAME_AS.match(rest) or _ITS_OFFICE.match(rest)
        if match is None:
            continue
        rows = [r for r in ledger.rows if r.name in mention.match.names and r.project is not None]
        rows = [r for r in rows if not draft.years or r.fiscal_year in draft.years] or rows
        if match[1] in ("柱", "分野"):
            draft.pillars.extend(dict.fromkeys(r.pillar for r in rows if r.pillar))
        else:
            draft.departments.extend(dict.fromkeys(d for r in rows for d in r.departments))
        draft.subjects.remove(mention)
        draft.drop("compare", "same")
        draft.drop("ask", "departments")
        draft.drop("group")
        return


def whole_of(draft: Draft) -> tuple[str, ...]:
    """What a share is taken of: the names before 「に占める」."""
    at = draft.folded.find("に占め")
    if at >= 0:
        # 「Bに占めるA」 has B before it and A after; 「AがBに占める」 has both before, B last.
        named = sorted(dict.fromkeys(span for span in draft.spans if span[1] <= at), key=lambda span: span[1])
        if any(start > at for start, _, _ in draft.spans):
            return tuple(dict.fromkeys(name for _, _, name in named))
        last = named[-1][:2] if len({span[:2] for span in named}) >= 2 else None
        return tuple(name for start, end, name in named if (start, end) == last)
    inside = re.search("のうち|の(?:中|なか)で", draft.folded)
    if inside and draft.has("aggregate", "share", "ratio") and any(s >= inside.end() for s, _, _ in draft.spans):
        # 「Aの予算のうち、B課のAの事業が占める比率」: what stands before is the whole, all after it the part.
        whole = [name for _, end, name in draft.spans if end <= inside.start()]
        if whole:
            return tuple(dict.fromkeys(whole))
    part = _TAKES_UP.search(draft.folded)
    if part and len({span[:2] for span in draft.spans if span[1] <= part.start()}) >= 2:
        # 「Aの予算で、Bが占める比率」: B, right before it, is the part.
        named = [span for span in draft.spans if span[1] <= part.start()]
        last = max(named, key=lambda span: span[1])[:2]
        return tuple(dict.fromkeys(name for start, end, name in named if (start, end) != last))
    if "占め" in draft.folded or draft.has("aggregate", "ratio"):
        # 「自主企画事業費予算に地域の力はどれほどの割合を占めるか」「Aの予算の何%がBか」
        for start, end, _ in draft.spans:
            rest = draft.folded[end:]
            if any(s > end for s, _, _ in draft.spans) and (_INTO.match(rest) or _PART_IS.match(rest)):
                return tuple(n for s, e, n in draft.spans if (s, e) == (start, end))
    english = _PERCENTAGE_OF.search(draft.folded)
    if english and draft.spans:
        first = min((s for s in draft.spans if s[0] >= english.end()), default=None)
        return tuple(name for s, e, name in draft.spans if first and (s, e) == first[:2])
    if draft.has("aggregate", "share", "ratio"):
        at = max(draft.folded.find(before) for before in ("のうち", "に対する", "に対して", "に対し", "の中で"))
    topic = _TOPIC_OF_SHARE.search(draft.folded)
    if topic and any(end == topic.start() for _, end, _ in draft.spans) and len({s[:2] for s in draft.spans}) > 1:
        # 「自主企画事業費のグラフで、Aは全体の何%」: A is the part, what is named beside it the whole.
        return tuple(dict.fromkeys(name for _, end, name in draft.spans if end != topic.start()))
    before_of = sorted({span[:2] for span in draft.spans if span[1] <= at})
    if at > 0 and len(before_of) >= 2 and re.match(r"は、?", draft.folded[before_of[0][1] :]):
        # 「AはBの予算のうち何%か」
        return tuple(dict.fromkeys(name for start, end, name in draft.spans if (start, end) in before_of[1:]))
    if at < 0 or not any(end <= at for _, end, _ in draft.spans):
        # 「AはBの予算の何%を占めますか」: the whole is the last name before the asking words.
        asked = _OF_WHAT_PART.search(draft.folded)
        before = [span for span in draft.spans if asked and span[1] <= asked.start()]
        if asked and len({span[:2] for span in before}) >= 2:
            nearest = max(before, key=lambda span: span[1])
            return tuple(name for start, end, name in before if (start, end) == nearest[:2])
    return tuple(dict.fromkeys(name for start, end, name in draft.spans if end <= at))


def _joined(draft: Draft) -> list[Mention]:
    """The mentions, with those that say one name in two pieces (「あさひくん」の元気推進事業) made one."""
    joined: list[Mention] = []
    for mention in draft.subjects:
        last = joined[-1] if joined else None
        names = [n for n in last.match.names if n in mention.match.names] if last else []
        apart = last is not None and last.end <= mention.start
        if last is not None and apart and names and draft.folded[last.end : mention.start] in ("", "の"):
            match = replace(last.match, words=draft.folded[last.start : mention.end], names=tuple(names), how="part")
            joined[-1] = Mention(last.start, mention.end, match)
        else:
            joined.append(mention)
    return joined


def _rest_of_name(between: str, mention: Mention) -> bool:
    """「あさひくん」の元気推進事業の…: what stands between is more of the outer name."""
    middle = between.removeprefix("の").removesuffix("の")
    fold = vocabulary().fold
    return len(middle) >= 2 and between.endswith("の") and any(middle in fold(name) for name in mention.match.names)


def narrowed(ledger: Ledger, draft: Draft) -> tuple[NameMatch, ...]:
    """「AのB」 where B is a sub-project of A means B inside A; the project then only says where it belongs."""
    mentions = _joined(draft)
    parents: dict[str, set[str]] = {}
    for project in ledger.projects.values():
        if project.parent_id and project.parent_id in ledger.projects:
            parents.setdefault(project.name, set()).add(ledger.projects[project.parent_id].name)
    kept: list[NameMatch] = []
    outer: Mention | None = None
    for at, mention in enumerate(mentions):
        following = mentions[at + 1] if at + 1 < len(mentions) else None
        if following is not None:
            between = draft.folded[mention.end : following.start]
            inside = any(set(mention.match.names) & parents.get(child, set()) for child in following.match.names)
            touching = not between and draft.folded[: mention.end].endswith("の")
            if inside and (touching or _BELONGS.fullmatch(between) or _rest_of_name(between, mention)):
                outer = mention
                continue
        if outer is not None:
            kept.append(replace(mention.match, within=outer.match.names))
            outer = None
        else:
            kept.append(mention.match)
    return tuple(kept)
