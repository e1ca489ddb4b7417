"""事業指標: which ones a question means, their targets and results, and whether they were met."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer.asked_number import COUNTED_NOUNS, alike
from answer.evidence import Block, Evidence, Item, block_title
from answer.indicator_bounds import within
from answer.indicator_groups import group_of, tally_groups, tally_projects, whole_projects
from answer.indicator_measures import (
    comparable,
    extremes,
    indicator_figures,
    indicator_met,
    share_of_target,
    verdict,
)
from answer.ledger import Row
from answer.segments import content_terms
from answer.selection import Selection, unique_rows
from answer.types import Exclusion, Plan
from answer.values import Value, number_text, round_rate
from answer.vocabulary import vocabulary
from ingest.amounts import half_width
from ingest.eras import find_years, fiscal_year_label
from records import Indicator, Metric

# Words of a question name an indicator when this share of their characters stands in its name.
_NAMED_ENOUGH = 0.6
_PEOPLE = re.compile("(?:参加|来場|受講|利用)(?:人数|者数)$")
# So long a name of an indicator stands in a question by no chance.
_WHOLE_NAME = 6
# Nouns that say only that something is counted.
_COUNTED = frozenset(
    ("人数", "回数", "件数", "部数", "枚数", "台数", "割合", "数", "率", "数値", "軒数", "戸数", "個所数")
)


_TARGET_ASKED = re.compile(
    r"目標(?:値|数)?(?:は|が|の|を|、[^。\d達届対]{0,24}?)?(?:何[^%割、]{1,2}|いくつ|どれ|いくら)"
)
# 「目標未達だったものは」 wants those alone; 「目標は達成しましたか」 wants to hear of all.
_PICKED = re.compile(
    r"(?:(?:な|ませんで)かった|未達(?:だった|の|となった|とされた)|ていない|達成(?:した|できた)|(?:下回|割|上回|超え|割り込ん)[っただ]{1,2})(?:もの|項目|指標)|"
    r"(?:もの|項目|指標)(?:だけ)?を[^、]{0,10}(?:並べ|列挙|抽出|抜き出|拾|リスト|ピックアップ|表示|示|教|挙|出して|知り|すべて|全部|まとめ|願|お|ご)"
    r"|(?:(?:もの|項目|指標)(?:は|を|が|だけ|の)|のは)(?:全部|すべて|全て|残らず|みな)?(?:ど[うれ]|何|なに|教|挙|示|一覧|$|[、?？。])|どの指標|どれ|うち、?[^、]{0,14}(?:もの|のは)"
)
_GAP_ASKED = re.compile(
    r"(?:いくつ|何[^%割、]{1,3}|どれ(?:だけ|くらい|ほど)|どのくらい|いくら)[^、]{0,8}(?:上回|下回|及[ばび]|足り|届か|届き|不足|超え|差|開き|違|多|少な|増|減|引き[上下]げ|上が|下が|高|低)"
    r"|(?:差|開き|違い|不足)(?:は|が)?(?:いくつ|何[^%割、]{1,3}|どれ(?:だけ|くらい|ほど)|どのくらい|いくら)"
)
# 「目標の何倍」「達成率は何%」: what part of the target was reached.
_SHARE_ASKED = re.compile(
    r"目標(?:値|数)?(?:に対し(?:て|て、)?|に対する|に比べ(?:て)?|の|を)?、?[^。、]{0,8}(?:何(?:倍|%|割|パーセント)|割合|比率)|達成(?:率|割合|度)"
    r"|何(?:倍|%|割|パーセント)[^。、]{0,4}(?:達成|達し)"
)
# 「目標を達成した指標の割合」, 「指標全体の達成率」
_PART_MET = re.compile(
    r"^(?=.*(?:指標|項目|もの))(?!.*目標(?:値|数)?(?:の何|に対)).*(?:(?:達成|未達|達し|届|下回|上回|クリア|満た)[^、。]{0,16}(?:割合|比率|何割|何%|何パーセント)|指標[^、。]{0,12}達成率"
    r"|(?:割合|何割|何%)[^、。]{0,8}(?:達成|未達|達し|届))"
)
# 「目標達成率が最も低い指標」, 「達成率の高い順に3つ」
_BY_SHARE = re.compile(
    r"^(?=.*(?:最も|もっとも|一番|いちばん|順|トップ|ワースト|ベスト|上位|下位)).*達成(?:率|度|割合)[^、。]{0,8}?"
    r"(?:(?P<low>低|悪|小さ|ワースト|下位)|高|良|大き|トップ|ベスト|上位)"
)
# 「目標を一番大きく上回った指標」
_FARTHEST = re.compile(
    r"目標(?:値|数)?(?:を|に)?、?(?:最も|もっとも|一番|いちばん)[^、。]{0,6}(?:(?P<low>下回|届か|及ば)|上回|超え|超過)"
    r"|(?:最も|もっとも|一番|いちばん)[^、。]{0,6}目標(?:値|数)?(?:を|に)[^、。]{0,6}(?:(?P<under>下回|届か|及ば)|上回|超)"
)
# 「目標と実績が同じ指標」
_WHOLE = Decimal(100)
_JUST_MET = re.compile(
    r"目標(?:値|数)?と(?:実績|成果|結果)[^。]{0,6}(?:同じ|一致|ぴったり|ちょうど|等し)"
    r"|(?:実績|成果|結果)[^。]{0,6}目標(?:値|数)?(?:と|に)[^。]{0,4}(?:同じ|一致|ぴったり|ちょうど|等し)|目標(?:値|数)?(?:ちょうど|ぴったり)"
)
_WHICH_OF_TWO = re.compile("どちら|どっち")
_QUOTED = re.compile(r"[「『]([^「」『』]{4,})[」』]")
_NONE_DONE = re.compile(r"(?:実績|成果|結果)(?:値)?[がはも]?(?:ゼロ|0(?![.\d]))")
# 「成果が書かれていない指標」, 「目標も実績もない指標」
_WITHOUT = re.compile(
    r"(?P<sides>(?:目標|成果|実績|結果)(?:値)?(?:(?:と|も|や)(?:目標|成果|実績|結果)(?:値)?)?)(?:が|も|の)、?"
    r"(?:どちらも|両方(?:とも)?)?"
    r"(?:(?:記載|記入|設定)(?:が|の)?|書かれて|示されて|載って|定められて|設定されて)?(?:い)?(?:な[いか]|無い|ません)[^、。]{0,3}(?:指標|項目|もの)"
)
# 「目標を達成した指標は何件で、未達は何件」
_BOTH_VERDICTS = re.compile(
    r"達成(?:し|でき)?た[^。]*(?:未達|届かな|達成(?:し|でき)(?:て(?:い)?)?な)[^。]*(?:何件|いくつ|何個|数)"
)
_NUMBER_OF_PROJECTS = re.compile(
    r"何事業|事業(?:の)?数|(?:事業|取組)(?:は|が)、?(?:全部で)?(?:何件|いくつ|どれ(?:くらい|だけ|ほど))"
)
_SIDES: dict[Metric, re.Pattern[str]] = {
    "indicator_target": re.compile("目標|計画値|予定"),
    "indicator_result": re.compile("実績|成果|結果|実際"),
}
# 「回数は目標どおりなのに参加人数が目標に届かなかった」
_UNIT_OF = {**COUNTED_NOUNS, "者数": "人"}
_UNIT_NOUN = "|".join(_UNIT_OF)
_UNIT_VERDICT = re.compile(
    rf"(?P<counted>(?:{_UNIT_NOUN})(?:[もと、・や][一-鿿]{{0,4}}(?:{_UNIT_NOUN}))*)(?:の方|のほう|の両方)?(?:だけ|のみ)?(?:とも)?[はがも](?:[^、。はがも]{{0,8}}(?:目標|計画)(?:値|数)?)?[はがをにも]?"
    r"(?:(?P<missed>(?:達成(?:でき|し|され)|達し|届か|届い(?:て(?:い)?)|足り|及ば|クリアでき|満た)[^、。]{0,3}?(?:な[いかく]|ません|ず)|未達|下回|割っ|割り)"
    r"|(?:どおり|通り|達成|達し|届い|届き|クリア|上回|超え|満た))"
)
_PICKED_THING = re.compile(r"(?:た|ない)([一-鿿ァ-ヺー]{2,6})(?:は|って|を|が|の)")
_PICKED_BY_UNIT = (
    "回数・人数などの単位ごとに、目標と成果の数字を比べて選びました（数字で比べられないものは含みません）。"
)
_RESULT_CUE = re.compile(
    r"いった|いって|何|実際|実績|成果|結果|達|どおり|通り|届|比べ|対し|対する|足り|下回|上回|割合|できた|れた|どうだった|かどうか|いくつ"
)


class Indicators(Selection):
    """Answers from the indicators of projects."""

    def _indicators(self, plan: Plan) -> Evidence:
        """Indicators of the projects named, or those whose name the question gives, with target, result and verdict."""
        evidence = Evidence()
        asked = [m for m in plan.metrics if m in ("indicator_target", "indicator_result")]
        sides: set[Metric] = set(asked) or {"indicator_target", "indicator_result"}
        between_years = len(plan.years) == 2 and _GAP_ASKED.search(vocabulary().fold(plan.question)) is not None
        both = sides == {"indicator_target"} and not between_years and _asks_result(plan.question)
        if plan.achieved is not None or both:
            sides = {"indicator_target", "indicator_result"}
        sides = {"indicator_result"} if plan.verdicts else sides
        only_result = sides == {"indicator_result"}
        named = bool((plan.subjects and plan.among is None) or plan.topics)
        picks = plan.achieved is not None and (
            not named or _PICKED.search(vocabulary().fold(plan.question)) is not None
        )
        asks_share = _SHARE_ASKED.search(vocabulary().fold(plan.question)) is not None
        which = _WHICH_OF_TWO.search(plan.question) is not None
        folded = vocabulary().fold(plan.question)
        by_share = _BY_SHARE.search(folded) or _FARTHEST.search(folded)
        both_told = _BOTH_VERDICTS.search(folded) is not None
        picks = picks and not both_told
        by_year = _sides_of_years(plan)
        by_unit = _verdicts_of_units(plan.question)
        # Each year for itself: what one prints as 旭区民スポーツ祭参加者総数 another prints as スポーツ祭参加者数.
        years = plan.years if by_year else ()
        of_years = [self._chosen_indicators(replace(plan, years=(y,))) for y in years]
        chosen = [p for pairs in of_years for p in pairs] if by_year else self._chosen_indicators(plan)
        if by_unit:
            chosen = self._met_by_unit(plan, by_unit)
            picks = False
            evidence.notes.append(_PICKED_BY_UNIT)
        chosen = chosen if by_unit else _of_counters(plan, chosen)
        by, of_all = group_of(plan), whole_projects(plan)
        for group in self._groups([row for row, _ in chosen]):
            block = Block(group[0], block_title(group[0]))
            pairs = [(r, i) for r, i in chosen if r.group == group[0].group]
            counted = by == "project" and plan.achieved is None
            if (by is not None or of_all is not None) and (counted or any(comparable(i) for _, i in pairs)):
                if by is not None:
                    tally_groups(block, pairs, plan, by)
                else:
                    tally_projects(block, pairs, of_all is True)
                evidence.blocks.append(block)
                continue
            lines = []
            told_of: list[Indicator] = []
            owners = {row.name for row in group}
            for row in unique_rows(group):
                for indicator in [i for r, i in chosen if r is row]:
                    met = indicator_met(indicator)
                    if (picks and met is not plan.achieved) or not _within(plan, indicator):
                        continue
                    block.considered += 1
                    target, result = indicator.target, indicator.result
                    sides = by_year.get(indicator.fiscal_year, sides)
                    if only_result and result is None:
                        block.excluded.append(Exclusion(row.name, f"「{indicator.name}」の成果（実績）の記載がない"))
                        continue
                    told = []
                    if "indicator_target" in sides:
                        told.append(f"目標 {target.printed if target else '記載なし'}")
                    if "indicator_result" in sides:
                        told.append(f"成果 {result.printed if result else '記載なし'}")
                    if met is not None and len(sides) == 2:
                        told.append(verdict(indicator, met))
                    owner = f"{row.name} " if len(owners) > 1 or not plan.subjects else ""
                    other = indicator.fiscal_year != row.fiscal_year
                    when = f"（{fiscal_year_label(indicator.fiscal_year)}）" if other else ""
                    lines.append(f"・{owner}{indicator.name}{when}: {'、'.join(told)}")
                    told_of.append(indicator)
                    values = tuple(
                        Value(f.metric, f.value, f.unit, f, (f,), None)
                        for f in indicator_figures(indicator, row)
                        if f.metric in sides
                    )
                    block.items.append(Item(row, values))
                    # The line as a whole: pieces of it (２回) would let a wrong digit elsewhere pass.
                    block.literals.append(lines[-1])
            if lines and plan.achieved is not None and (plan.subjects or both_told) and not by_unit:
                self._tell_counts(block, [i for r, i in chosen if r.group == group[0].group])
            if by_share is not None and lines:
                lowest = any(by_share.groupdict().values())
                ends = extremes(told_of, lowest, plan.limit or (len(lines) if plan.ordered else 1))
                lines, told_of = [lines[n] for n in ends], [told_of[n] for n in ends]
                block.items, block.literals = [block.items[n] for n in ends], list(lines)
                asks_share = False
            if lines:
                block.headline = "\n".join(lines)
                block.result, block.unit = Decimal(len(lines)), "件"
                if _NUMBER_OF_PROJECTS.search(folded):
                    block.result = Decimal(len({item.row.name for item in block.items}))
                    block.notes.append(f"事業にすると{block.result}件です（計算値）。")
                of_target = not between_years and _GAP_ASKED.search(vocabulary().fold(plan.question))
                if len(told_of) == 1 and of_target:
                    _tell_gap_to_target(block, told_of[0])
                elif len(told_of) == 1 and asks_share:
                    _tell_share_of_target(block, told_of[0], plan.times)
                elif len(told_of) == 2 and asks_share and which:
                    _tell_shares_compared(block, told_of)
                elif _PART_MET.search(vocabulary().fold(plan.question)) and not (by_unit or by_share):
                    _tell_part_met(
                        block, [i for r, i in chosen if r.group == group[0].group], plan.achieved is not False
                    )
                evidence.blocks.append(block)
            elif (picks or plan.indicator_bounds) and (
                compared := [
                    i for r, i in chosen if r.group == group[0].group and (comparable(i) or plan.indicator_bounds)
                ]
            ):
                word = "目標を達成した" if plan.achieved else "目標を達成しなかった"
                word = "当てはまる" if plan.indicator_bounds else word
                block.headline = f"・{word}指標はありません（{len(compared)}件を確認）。"
                block.computed.append(Decimal(len(compared)))
                block.result, block.unit = Decimal(0), "件"
                evidence.blocks.append(block)
            elif block.excluded:
                why = "、".join(dict.fromkeys(e.why for e in block.excluded))
                message = f"{block_title(group[0])}の資料には{why}ため、答えられません。"
                return Evidence("not_found", "no_figure", message, final=True)
        if plan.achieved is not None and evidence.blocks and not plan.subjects:
            evidence.notes.append(
                "達成・未達は、目標と成果の数字を比べて判定しました（数字で比べられないものは含みません）。"
            )
        if between_years:
            _tell_gap_of_years(evidence.blocks)
        evidence.description = "事業指標の目標と成果"
        return evidence

    def _met_by_unit(self, plan: Plan, verdicts: dict[str, bool]) -> list[tuple[Row, Indicator]]:
        """The indicators of the projects named of which every counter bounded was met, or missed, as the question says.

        「12回、80人（12回、53人）」 is one line with two counters: 「回数は目標どおりで人数は届かなかった」 picks it.
        Where the question names what it picks (教室), those alone.
        """
        named = {n for m in plan.subjects for n in (*m.names, *m.kin)}
        rows = [r for r in self.rows(plan, ["project", "sub_project"]) if r.project and (r.name in named or not named)]
        pairs = [(r, i) for r in unique_rows(rows) for i in self.ledger.indicators_of(r)]
        lines: dict[tuple[str, int, str], list[tuple[Row, Indicator]]] = {}
        for row, indicator in pairs:
            key = (indicator.document_id, indicator.source.line_start, indicator.name)
            lines.setdefault(key, []).append((row, indicator))
        kept: list[tuple[Row, Indicator]] = []
        for line in lines.values():
            met = {i.target.unit: indicator_met(i) for _, i in line if i.target is not None}
            if all(met.get(unit) is wanted for unit, wanted in verdicts.items()):
                kept.extend((r, i) for r, i in line if i.target is not None and i.target.unit in verdicts)
        head = _PICKED_THING.search(vocabulary().fold(plan.question))
        of_head = [(r, i) for r, i in kept if head and head[1] in vocabulary().fold(i.name)]
        return of_head or kept

    def _tell_counts(self, block: Block, indicators: Sequence[Indicator]) -> None:
        """How many of a project's indicators were met, and how many were not."""
        verdicts = [indicator_met(i) for i in indicators]
        met, missed, open_ = verdicts.count(True), verdicts.count(False), verdicts.count(None)
        block.computed.extend(Decimal(n) for n in (met, missed, open_))
        rest = f"、数字で比べられないもの{open_}件" if open_ else ""
        block.notes.append(f"目標を達成したもの{met}件、届かなかったもの{missed}件{rest}です（計算値）。")

    def _all_indicators(self, plan: Plan) -> list[tuple[Row, Indicator]]:
        """The indicators of every row in scope, whatever names the question gives."""
        rows = [r for r in self.rows(replace(plan, subjects=()), ["project", "sub_project"]) if r.project]
        return [(r, i) for r in rows for i in self.ledger.indicators_of(r)]

    def _chosen_indicators(self, plan: Plan) -> list[tuple[Row, Indicator]]:
        """Indicators in scope; where words of the question stand in indicators' names, those with the most of them."""
        if len(plan.subjects) > 1 and _WHICH_OF_TWO.search(plan.question):
            # Of each of two things its own.
            return [p for m in plan.subjects for p in self._chosen_indicators(replace(plan, subjects=(m,)))]
        fold = vocabulary().fold
        names = {n for m in plan.subjects for n in m.names}
        exact = any(m.how != "part" for m in plan.subjects)
        pairs: list[tuple[Row, Indicator]] = []
        for row in self.rows(plan, ["project", "sub_project", "section"]):
            if row.project is None:
                continue
            children = {c.name for c in self.ledger.children.get(row.project.project_id, [])}
            if names and exact and row.name not in names and not children & names:
                continue
            pairs.extend((row, i) for i in self.ledger.indicators_of(row, any_year=not plan.years))
        if plan.verdicts:
            return [(r, i) for r, i in pairs if i.result is not None and i.result.printed in plan.verdicts]
        topics = [t for t in plan.topics if t not in _COUNTED and t not in ("開き", "差", "ずれ")]
        words = [*topics, *(m.words for m in plan.subjects)]
        terms = [t for w in words for t in (content_terms(w) or [w])]
        own_terms = [t for w in topics for t in (content_terms(w) or [w])]
        quoted = [fold(q) for q in _QUOTED.findall(plan.question)]
        by_title = [p for p in self._all_indicators(plan) if any(q in fold(p[1].name) for q in quoted)]
        if by_title and not exact:
            # 「社会体験の機会の提供」は、目標に達しましたか
            return by_title
        scored = []
        for row, indicator in pairs:
            label = fold(indicator.name)
            around = fold(row.name)
            # Of a project named whole its name picks none of its own indicators.
            picking = own_terms if exact and own_terms and row.name in names else terms
            in_label = sum(len(t) for t in picking if t in label)
            covered = sum(1 for t in terms if t in label or t in around or any(t in fold(n) for n in names if exact))
            scored.append((covered, in_label, row, indicator))
        named_elsewhere = [p for p in self._all_indicators(plan) if all(t in fold(p[1].name) for t in terms)]
        asked = fold(plan.question)
        loose = not any(m.how == "name" for m in plan.subjects)
        whole = [
            p
            for p in (self._all_indicators(plan) if loose else pairs)
            if len(fold(p[1].name)) >= _WHOLE_NAME and fold(p[1].name) in asked
        ]
        if whole:
            # 「騒音の環境基準達成率」: the longest of the names that stand there whole.
            longest = max(len(fold(i.name)) for _, i in whole)
            return [(r, i) for r, i in whole if len(fold(i.name)) == longest]
        if not scored and exact and topics:
            return named_elsewhere
        if not terms and plan.topics and not names and plan.achieved is None:
            # 「軒数の目標」: a counter alone names those that are counted so.
            units = {topic.removesuffix("数") for topic in plan.topics}
            return [(r, i) for r, i in pairs if any(m and m.unit in units for m in (i.target, i.result))]
        if not scored or not terms:
            return pairs
        people = [t for t in topics if _PEOPLE.search(t)]
        if people and exact and not any(fold(t) in fold(i.name) for t in people for _, i in pairs):
            # 「参加人数が目標を下回ったもの」: indicators in 人, whatever they are named.
            return [(r, i) for r, i in pairs if any(m and m.unit in ("人", "名") for m in (i.target, i.result))]
        topics = [t for w in topics for t in (content_terms(w) or [w])]
        if topics and not any(t in fold(i.name) for t in topics for _, i in pairs):
            # 「あさひくんの認知度」 is an indicator of another project than the one that bears the name.
            return named_elsewhere if exact else []
        if exact and not any(label for _, label, _, _ in scored):
            return pairs
        best = max((covered, label) for covered, label, _, _ in scored)
        size = sum(len(t) for t in terms)
        if best[0] < len(terms) and not exact and best[1] < size * _NAMED_ENOUGH:
            return []
        if exact and not plan.topics:
            named = [(r, i) for _, label, r, i in scored if r.name in names]
            if named:
                return named
        return [(r, i) for covered, label, r, i in scored if (covered, label) == best]


def _of_counters(plan: Plan, chosen: list[tuple[Row, Indicator]]) -> list[tuple[Row, Indicator]]:
    """Of a line with several counters (12回、80人) those alone that the question names (参加人数, 何回)."""
    text = vocabulary().fold(plan.question)
    units = {same for unit in plan.count_units for same in alike(unit)}
    units |= {unit for noun, unit in _UNIT_OF.items() if noun in text}

    def unit_of(indicator: Indicator) -> str:
        measure = indicator.result or indicator.target
        return measure.unit if measure is not None else ""

    lines = {(i.document_id, i.source.line_start, i.name) for _, i in chosen if unit_of(i) in units}
    return [
        (r, i) for r, i in chosen if unit_of(i) in units or (i.document_id, i.source.line_start, i.name) not in lines
    ]


def _sides_of_years(plan: Plan) -> dict[int, set[Metric]]:
    """The side of an indicator that is asked of each year (令和4年度の実績と、令和5年度の目標).

    Empty where each year is asked for the same.
    """
    text = half_width(plan.question)
    mentions = [m for m in find_years(text) if m.year in plan.years]
    sides: dict[int, set[Metric]] = {}
    for mention, following in itertools.zip_longest(mentions, mentions[1:]):
        said = text[mention.end : following.start if following else None]
        found = {side for side, word in _SIDES.items() if word.search(said)}
        sides.setdefault(mention.year, set()).update(found)
    whole = set(sides) == set(plan.years) and all(sides.values())
    return sides if whole and len(sides) > 1 and len({frozenset(s) for s in sides.values()}) > 1 else {}


def _verdicts_of_units(question: str) -> dict[str, bool]:
    """Which counters are said to have met their targets, and which to have missed them.

    >>> _verdicts_of_units("回数は目標どおりなのに参加人数が目標に届かなかった教室は？")
    {'回': True, '人': False}
    """
    text = half_width(question)
    if not (_PICKED.search(text) or _PICKED_THING.search(text)):
        # 「参加人数は目標に届きましたか」 wants to hear of all.
        return {}
    found: dict[str, bool] = {}
    for match in _UNIT_VERDICT.finditer(text):
        for counted in re.findall(_UNIT_NOUN, match["counted"]):
            found[_UNIT_OF[counted]] = match["missed"] is None
    return found


def _tell_gap_to_target(block: Block, indicator: Indicator) -> None:
    """「目標をいくつ上回ったか」: how far a result is from its target."""
    target, result = indicator.target, indicator.result
    if target is None or result is None or target.value is None or result.value is None:
        return
    if target.unit == result.unit:
        block.result, block.unit = abs(result.value - target.value), target.unit
        block.computed.append(block.result)
        block.formula = f"成果 {result.printed} と目標 {target.printed} の差"
        gap = number_text(block.result, "ポイント" if target.unit == "percent" else target.unit)
        block.notes.append(f"目標と成果の差は{gap}です（計算値）。")


def _tell_part_met(block: Block, indicators: Sequence[Indicator], achieved: bool) -> None:
    """What part of the indicators whose numbers can be compared was met, or missed."""
    verdicts = [met for i in indicators if (met := indicator_met(i)) is not None]
    if not verdicts:
        return
    picked, whole = verdicts.count(achieved), len(verdicts)
    block.result, block.unit = round_rate(Decimal(picked) * 100 / whole), "percent"
    block.formula = f"{picked} ÷ {whole} × 100"
    block.computed.extend((Decimal(picked), Decimal(whole), block.result))
    what = "目標を達成したもの" if achieved else "目標に届かなかったもの"
    told = f"目標と成果を数字で比べられる{whole}件のうち、{what}は{picked}件で、{block.result}%です（計算値）。"
    block.headline = f"{told}\n{block.headline}"


def _tell_share_of_target(block: Block, indicator: Indicator, times: bool) -> None:
    """「目標の何倍に達したか」, 「達成率は」: the result in terms of its target."""
    share = share_of_target(indicator)
    if share is None or indicator.target is None or indicator.result is None:
        return
    block.formula = f"成果 {indicator.result.printed} ÷ 目標 {indicator.target.printed}" + ("" if times else " × 100")
    block.result, block.unit = (round_rate(share / 100), "times") if times else (round_rate(share), "percent")
    block.computed.append(block.result)
    told = f"{block.result}倍" if times else f"{block.result}%"
    block.notes.append(f"成果は目標の{told}です（{block.formula}、計算値）。")


def _tell_shares_compared(block: Block, indicators: Sequence[Indicator]) -> None:
    """「達成率が高いのはAとBのどちら」: which of two results reached more of its target."""
    shares = [round_rate(s) for i in indicators if (s := share_of_target(i)) is not None]
    if len(shares) != 2:
        return
    left, right = shares
    block.result, block.unit = abs(left - right), "point"
    block.formula = f"{max(shares)}% − {min(shares)}%"
    block.computed.extend((*shares, block.result))
    more = indicators[0].name if left > right else indicators[1].name
    block.literals.append(more)
    told = f"「{more}」の方が{block.result}ポイント高いです" if block.result else "同じです"
    block.notes.append(f"目標に対する割合は{told}（{block.formula}、計算値）。")


def _tell_gap_of_years(blocks: Sequence[Block]) -> None:
    """「令和5年度の目標は令和4年度の実績より何人多い」: the difference, where each of two years tells one number."""
    told = [(b, v) for b in blocks for i in b.items for v in i.values]
    if len(blocks) != 2 or len(told) != 2 or told[0][1].unit != told[1][1].unit or blocks[0] is told[1][0]:
        return
    (_, before), (block, after) = told
    block.result, block.unit = abs(after.number - before.number), after.unit
    block.computed.append(block.result)
    block.formula = f"{max(before.number, after.number)} − {min(before.number, after.number)}"
    gap = number_text(block.result, "ポイント" if after.unit == "percent" else after.unit)
    more = "多い" if after.number > before.number else "少ない"
    later = fiscal_year_label(block.row.fiscal_year)
    block.notes.append(
        f"差は{gap}です（{later}の方が{more}、計算値）。" if block.result else "差はありません（計算値）。"
    )


def _within(plan: Plan, indicator: Indicator) -> bool:
    """Whether the indicator is within what the question says of its numbers."""
    if _NONE_DONE.search(vocabulary().fold(plan.question)):
        # 「目標があるのに実績がゼロ回だったもの」
        return indicator.target is not None and indicator.result is not None and indicator.result.value == 0
    without = _WITHOUT.search(vocabulary().fold(plan.question))
    if without is not None:
        sides = [
            measure is None
            for word, measure in (("目標", indicator.target), ("成果|実績|結果", indicator.result))
            if re.search(word, without["sides"])
        ]
        return all(sides)
    if _JUST_MET.search(vocabulary().fold(plan.question)):
        return share_of_target(indicator) == _WHOLE
    return within(indicator, plan.indicator_bounds)


def _asks_result(question: str) -> bool:
    """Whether a question that names the target asks for the result as well: 「目標に対して何人」, 「目標どおり」."""
    rest = _TARGET_ASKED.sub("", vocabulary().fold(question))
    return _RESULT_CUE.search(rest) is not None
