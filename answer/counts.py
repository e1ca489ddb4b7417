"""Answers to how-many questions from the counts and indicator results that documents print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.asides import is_left_out, is_running
from answer.asked_number import HEADCOUNT, STOCK, alike, asked_number, units_named
from answer.evidence import Block, Evidence, Item, block_title
from answer.indicator_measures import indicator_figures
from answer.ledger import Ledger, Row
from answer.segments import content_terms, noun_terms
from answer.types import Plan
from answer.values import Value, figure_text
from answer.vocabulary import vocabulary
from ingest.amounts import COUNTER_PATTERN
from ingest.eras import without_years
from records import Figure

# At most one word of the question, and no more than this share of its characters, may be missing from the label.
_MISSING = 0.2
# The question must name this share of what the label counts: 小学校 alone does not ask for 環境学習の実施（小学校）.
_LABEL_TOLD = 0.4
# What else is counted beside the thing asked for: told only where the question asks for it.
_NUMBER_OF = re.compile(r"の数(?:は|を|$|、)")
_OTHER_COUNTS = ("動画", "視聴", "再生", "アクセス", "フォロワー", "累計", "申込", "回収")
# 「目指している」「見込んでいた」 asks for the target.
_AIMED = re.compile(r"目指|めざ|見込(?:ん|む|み)|目標|計画(?:して|です|だった|でした|で)|予定(?:で|だった)")
# 「何人の予定で、実際は何人」「何回の予定で何回できた」 asks for both.
_DONE = re.compile("実際|実績|結果|成果|何[^。、]{1,3}の?(?:予定|計画|見込み?|目標)(?:で|に対し(?:て)?)")
# 「これまで全部で何枚」 asks for the running total.
_SO_FAR = re.compile("これまで|今まで|累計|通算|全部で|トータル|合計")
_TITLE = re.compile("「([^「」]{3,})」")
_PLAIN = frozenset(
    (
        *("実施", "開催", "旭", "区", "等", "者", "数", "総数", "延べ", "累計", "合計", "約", "計"),
        *("配布", "配付", "発行", "作成", "交付", "支援", "活動", "テーマ", "増刷", "印刷", "配本", "貸与"),
    )
)
# What is done with things that are counted, each in all its words.
_DEEDS = (
    "配布|配付|配っ|配り|配ら|渡し|届け",
    "増刷|印刷|刷り|刷っ|刷ら|作成|作っ|作ら|発行|制作",
    "貸出|貸し|貸与",
    "申込|申し込|応募",
)
_SAYS_WHAT = re.compile(r"[一-鿿ァ-ヺ]{2}")
# 「延べ参加者」 are 参加者 that are counted so.
_IN_TOTAL = re.compile("(?:延べ|のべ)(?=[一-鿿])")
_LAST_BRACKET = re.compile(r"[（(]([^（()）]+)[）)]$")
_TARGET = {"indicator_target": "（目標）"}
_ASKED = re.compile(f"何(?:{COUNTER_PATTERN}|%|割)")
# 「65歳以上へ」「7月末までの」 are not what is counted.
_WHO_AND_WHEN = re.compile(r"\d+歳(?:以上|以下|未満)?|\d{1,2}月末(?:時点|現在|まで)?")
# 「職員数」 counts 職員, which a label such as 職員研修会 does not.
_HOW_MANY = (
    "件数",
    "回数",
    "人数",
    "部数",
    "団体数",
    "参加人数",
    "参加者数",
    "開催回数",
    "実施回数",
    "配布部数",
    "作成部数",
)
_COMPOUND = re.compile(r"[一-鿿ァ-ヺーa-z]{1,8}数(?![一-鿿値字])")
_ASKING = frozenset(
    (
        *("何", "どれ", "いくつ", "回", "人", "件", "数", "年度", "令和", "平成", "区", "実施", "開催", "参加", "こと"),
        *("末", "対象", "そう", "よう", "数字", "人数", "回数", "部数", "件数", "参加者", "全部"),
        *("トータル", "推移", "変遷", "見込み", "予定", "結果", "実際"),
    )
)


def find_counts(plan: Plan, ledger: Ledger, rows: Sequence[Row], targets: bool = False) -> Evidence | None:
    """Counts whose label, with the name of the project they stand in, holds every content word of the question; with
    `targets` those that are aimed at, though the question does not say so.

    None where no count is that sure; the question is then answered by sentences.
    """
    fold = vocabulary().fold
    text = _ASKED.sub("", fold(plan.question))
    text = _IN_TOTAL.sub("", _WHO_AND_WHEN.sub("", without_years(text)))
    of_place = [text[m.start() : m.end() + 2] for w in plan.place_words for m in re.finditer(re.escape(fold(w)), text)]
    for word in plan.place_words:
        text = text.replace(word, "")
    terms = [t for t in noun_terms(text) if t not in _ASKING and not t.isdigit()]
    terms = [t for t in terms if len(t) < 2 or not vocabulary().is_plain(t)] or terms
    if len(plan.count_units) > 1:
        # 「何部増刷して何部配ったか」 asks for both.
        terms = [t for t in terms if not any(re.search(deed, t) for deed in _DEEDS)]
    if not terms:
        return None
    if plan.count_units and STOCK.issuperset(plan.count_units) and asked_number(plan).bare:
        # How many there are of something is told only by sentences that say so.
        return None
    compounds = [m[0] for m in _COMPOUND.finditer(text) if m[0] not in _HOW_MANY]
    units = {same for unit in plan.count_units for same in alike(unit)}
    for same in units_named(text):
        units |= same
    staff = HEADCOUNT.search(text)
    aimed = targets or _AIMED.search(text) is not None
    both = aimed and not targets and _DONE.search(fold(plan.question)) is not None
    so_far = _SO_FAR.search(text) is not None
    sides = ("indicator_target", "indicator_result") if both else ("indicator_target" if aimed else "indicator_result",)
    scored: list[tuple[float, Row, Figure]] = []
    for row in rows:
        figures = [] if aimed and not both else list(row.counts)
        for indicator in ledger.indicators_of(row, any_year=True):
            figures.extend(f for f in indicator_figures(indicator, row) if f.metric in sides)
        for figure in _without_left_out(plan, figures):
            label = fold(figure.label)
            # A sheet that prints no units says what is counted in the name alone: 参加者数.
            unsaid = not figure.unit and label in text
            # 「…を貸与（貸与件数）: 46台」 is what 貸与件数 asks for.
            bracket = _LAST_BRACKET.search(figure.label)
            unsaid = unsaid or (bracket is not None and bracket[1].endswith("数") and fold(bracket[1]) in text)
            if units and figure.unit not in units and not unsaid:
                continue
            if plan.years and figure.fiscal_year not in plan.years:
                continue
            if not aimed and figure.printed.endswith("程度"):
                # 「５名程度」 is what was planned.
                continue
            around = label + fold(row.name) + (fold(row.parent.name) if row.parent else "")
            label_terms = set(content_terms(label))
            if any(compound not in label and compound not in label.replace("の", "") for compound in compounds):
                continue
            missing = [t for t in terms if t not in around and t not in label_terms]
            own = [t for t in terms if t not in fold(row.name) and _SAYS_WHAT.search(t) and t not in _PLAIN]
            if own and (own[-1] in missing or all(t in missing for t in own)):
                # 「来場者のうち、外国人は何人」: what is counted must be said.
                continue
            if sum(len(t) for t in missing) > _MISSING * sum(len(t) for t in terms) or len(missing) > 1:
                continue
            in_label = sum(len(t) for t in terms if t in label or t in label_terms)
            counted = [t for t in noun_terms(label) if t not in _ASKING and t not in _PLAIN]
            told = sum(len(t) for t in counted if t in text)
            size = sum(len(t) for t in counted)
            # 「とことこ」 in a label is what it counts.
            titled = any(title in text for title in _TITLE.findall(label))
            named = fold(row.name).removesuffix("事業") in text or titled
            if _NUMBER_OF.search(text) and label != "".join(terms):
                # 「小学校の数」 asks how many there are, not how many took part.
                continue
            if staff is not None and not label.endswith((staff[1], f"{staff[1]}数")):
                continue
            running = "累計" in label
            alien = [w for w in _OTHER_COUNTS if w in label and w not in text and not (w == "累計" and so_far)]
            if alien or (not in_label and not named) or (not named and counted and told < _LABEL_TOLD * size):
                continue
            fits = 2.0 if running and so_far else 0.0
            if any(compound in fold(row.name) for compound in of_place):
                # 「下妻公民館」, though 下妻 names the city as well.
                fits += 2
            outside = fold(figure.label[: bracket.start()]) if bracket else ""
            inside = fold(bracket[1]) if bracket else ""
            if bracket and (inside in text or any(t in inside and t not in outside for t in own)):
                # 「利用状況（転出届）」 is what was asked, not 「転出届等の利用状況（戸籍関係証明書）」.
                # 「防災訓練」 means 「防災訓練（地域防災拠点）」 no more than 「防災訓練（地区連合）」.
                fits += 2
            scored.append((fits + in_label - 2 * len(missing) - 0.1 * (size - told), row, figure))
    scored = _of_deed(scored, text)
    if not scored:
        return None
    asked = [alike(unit) for unit in plan.count_units]
    if any(not group & {figure.unit for _, _, figure in scored} for group in asked):
        # 「何施設何人」: counts of one kind alone do not answer.
        return None
    evidence = Evidence(description="資料に印字された数")
    groups: dict[tuple[str, int, int], list[tuple[float, Row, Figure]]] = {}
    several = len(set(plan.count_units)) > 1
    best: dict[str, float] = {}
    for score, _, figure in scored:
        # 「何回開き、何件の申請」: the best of each counter.
        unit = figure.unit if several else ""
        best[unit] = max(score, best.get(unit, score))
    for entry in scored:
        if entry[0] >= best[entry[2].unit if several else ""] - 1.0:
            groups.setdefault(entry[1].group, []).append(entry)
    for entries in groups.values():
        first = entries[0][1]
        block = Block(first, block_title(first))
        for _, row, figure in sorted(entries, key=lambda e: -e[0])[:4]:
            block.items.append(Item(row, (Value(figure.metric, figure.value, figure.unit, figure, (figure,), None),)))
        block.headline = "\n".join(
            f"・{figure.label}{_TARGET.get(figure.metric, '')}: {figure_text(figure)}（{item.row.name}）"
            for item in block.items
            for figure in item.values[0].figures
        )
        evidence.blocks.append(block)
    return evidence


def _without_left_out(plan: Plan, figures: Sequence[Figure]) -> list[Figure]:
    """The counts of a row without those that the question leaves out, and without totals of which they are a part.

    「地区センターの分を除いて」 leaves out 開催（地区センター）, and the 開催 of both places with it.
    """
    fold = vocabulary().fold
    inside = [f for f in figures if is_left_out(plan.left_out, fold(_inside(f.label)), f.unit)]
    outer = {_LAST_BRACKET.sub("", f.label) for f in inside}
    # 「出張講習会も開催（区役所）」 is none of the 出張 beside it.
    whole = [f for f in figures if _LAST_BRACKET.sub("", f.label) not in outer]
    left = [*inside, *(f for f in whole if is_left_out(plan.left_out, fold(f.label), f.unit))]
    # 「交付数（累計の交付数）」 is no part of 「交付数」.
    parts = [f for f in left if _LAST_BRACKET.search(f.label) and not _SO_FAR.search(f.label)]
    if any(is_running(word) for word in plan.left_out):
        # 「（３年度：17件、４年度：６件、合計23件）」
        in_all = {(f.label, f.unit) for f in figures if _SO_FAR.match(f.printed)}
        parts += [f for f in figures if (_LAST_BRACKET.sub("", f.label), f.unit) in in_all and _inside(f.label)]
    wholes = {(_LAST_BRACKET.sub("", f.label), f.unit) for f in parts}
    return [f for f in figures if f not in left and (f.label, f.unit) not in wholes]


def _inside(label: str) -> str:
    bracket = _LAST_BRACKET.search(label)
    return bracket[1] if bracket else ""


def _of_deed(scored: list[tuple[float, Row, Figure]], text: str) -> list[tuple[float, Row, Figure]]:
    """「何部配られた」 asks for what was given out: where what was printed is counted too, the former alone."""
    fold = vocabulary().fold
    asked = [deed for deed in _DEEDS if re.search(deed, text)]
    if len(asked) != 1:
        return scored
    done = [entry for entry in scored if re.search(asked[0], fold(entry[2].label))]
    other = [d for d in _DEEDS if d != asked[0]]
    if not done:
        return scored
    return [e for e in scored if e in done or not any(re.search(d, fold(e[2].label)) for d in other)]
