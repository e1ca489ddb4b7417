"""A question in Japanese (or plain English) -> Plan: what was read in it, and what it asks of that."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from answer.bounds import between_columns, change_bound_of, columns_compared, conditions_of
from answer.columns import metrics_of, phases_of
from answer.contrast import what_is_meant
from answer.conversation import SAME_AGAIN, THAT_DEPARTMENT, continued, is_follow_up
from answer.draft import COUNTER_ASKED, Draft
from answer.facts import asks_of, asks_times
from answer.groups import group_by_of, jointly, solely
from answer.ledger import Ledger
from answer.operation import operation_of
from answer.presence import presence_of
from answer.ranking import (
    asks_gap,
    asks_position,
    both_ends,
    descending_of,
    is_ordered,
    limit_of,
    positions_of,
    take_order,
)
from answer.reading import Reader
from answer.scope import (
    narrowed,
    take_as_well,
    take_excluded,
    take_parents,
    take_same_group,
    take_subtracted,
    whole_of,
)
from answer.segments import noun_terms
from answer.types import POINTERS, Condition, Direction, NameMatch, Plan
from answer.vocabulary import Word, vocabulary
from records import Metric, Phase

_IN_EVERY_YEAR = re.compile("両方|いずれも|どちらも|両年度|ともに|2年連続|二年連続|続けて")
_HOW_MUCH_OF_BUDGET = re.compile(
    r"予算額?(?:の|に対して|のうち|は|を)[^、]{0,8}(?:何%|何割|何パーセント|(?:どのくらい|どれくらい|どの程度)の割合)[^、]{0,8}(?:使|執行|消化|支出)"
    r"|(?:何%|何割|何パーセント)(?:を|ほど|くらい|ぐらい|まで|程度|だけ|が)*(?:使|執行|消化|支出)"
    r"|(?:使った|使われた|執行した|消化した)割合|予算額?に対する(?:決算|執行)額?の(?:割合|比率)"
)
_MORE_THAN_YEAR = re.compile(r"^(?:の[^、]{1,6})?より(?:も)?[^、]{0,22}?(?:(多|大き|高|増)|(少な|小さ|低|減))")
_SEEN_FROM = re.compile(
    r"年度?(?:から見て|から見た|からみて|からみた|を基準に(?:した|して)?|にとって)(?:の)?(?:前年度?|前の年度?)"
)
_SAME_COLUMN = re.compile(r"^の(予算|決算|執行)額?[がは]、?$")
_TAKEN_IN = re.compile(r"(?:も|を)含め")
_GAPS = ("開き", "違い", "ずれ", "乖離", "隔たり")
# 「金額もあわせてお示しください」 adds nothing up.
_ALSO_TELL = re.compile(
    r"(?:も|と|を)?(?:あわせて|合わせて)(?:お?示|お?教え|答え|お?知|表示|出し|挙げ|お?聞|載せ|記載|列挙|お?願)"
)
_HOW_MUCH = ("いくら", "どれだけ", "どれくらい", "どのくらい")
_WITHIN = re.compile(r"の(?:中で|中の|うち|なかで)")
_YEARS_TOGETHER = re.compile(
    r"(?:2|二|3|三)(?:[かヶカケヵ箇]?年度?|年)(?:分|間|通算|合計|の合計|を?合わせ|で合わせ)|両年度(?:分|の合計|を?合わせ|を?足)"
)
_SOME_YEARS = re.compile(r"(?:2|二|3|三)(?:[かヶカケヵ箇]?年度?)(?:分|間)?|両年度分?")
_COLUMN_OF_YEAR = re.compile(r"(?:の[^、年]{2,24})?の?(予算|決算|執行)額?(?:[はがをとよに、]|の差)")
_COLUMNS_NAMED: dict[str, Metric] = {"予算": "budget", "決算": "settled", "執行": "executed"}
_AGAINST_COLUMN = re.compile(
    r"(?:より(?:も)?|を|に比べ(?:て|ると)?|と比べ(?:て|ると)?|との差|の差)[^、]{0,12}?(?:(?P<more>多|大き|上回|超|増)|少|小さ|下回|減|差|いくら|違)"
)
_ONLY_LEAVE = re.compile(r"(?:だけ|のみ)を?残(?:し|す|せ)")
_NAME_LEFT = re.compile(r"(?:名称|名前|事業名|一覧表?に|表に|名簿に)(?:が|は|も)?残")
_BUDGET_TOO = re.compile("予算額?[がは](?:いくら|幾ら|何円)")
_OF_KIND = re.compile(r"関係|関連|分野")
_AS_RATE = re.compile(r"(?:それは?、?|では、?)?(?:率|割合|パーセント|%)(?:で|だと|にすると|に直)")
_SUPERLATIVE = re.compile(r"(?:最も|もっとも|一番|いちばん)([一-鿿]?[ぁ-ん]{1,6}?(?:かった|い))(?=の|もの|事業|課|柱)")
_POINTER = re.compile(rf"({'|'.join(POINTERS)})(?:、|は|って|の|が|を|に)(?!うち|中)")
_TARGET_BOUND = re.compile(r"目標値?(?:を|が|は)[^、]{0,3}\d+[^、]{0,6}(?:に設定|と設定|に置|とし|のもの|に定)")
_OF_REMAINDER = re.compile(r"[がはをのもと]|額|、|$")
_LEFT_OUT_BEFORE = re.compile(
    r"(?:除い(?:た|て)|除く|除き|外した|外して|抜いた|抜いて|以外の|引いた)、?(?:あとの|後の)?$"
)
_COLUMN = re.compile(r"(?:予算|決算|額|率|差引|残り?)$")
# 「人口はどうなると言っている」 asks for words, not for a number.
_HOW_IT_IS = re.compile("どう|なぜ|理由|について|見通し|課題")
_THAN_YEAR_BEFORE = re.compile(r"(?:前年度?|昨年度?|前の年度?)(?:の[^、]{1,4})?より(?:も)?[^、]{0,6}$")
_YEAR_BEFORE = re.compile(r"(?:前年度?|昨年度?|前の年度?)(?:の(?:予算|決算)額?)?(?:を|に|より|より?も)?$")
_AIM = re.compile(r"(?:ため|活動|取組|方法|には|工夫|対策|仕組|こと|支援|努力)")
_MONEY = re.compile(r"金|費|円|額|税|いくら|幾ら")
# 「いくら使った」 asks for what was spent, which no budget tells.
_SPENT_ALREADY = re.compile(
    r"使(?:った|って(?:い|る|ま)|いました|われ)|かか(?:った|って(?:い|る|ま)|りました)|払(?:った|って)|費やし|投じた"
)
_BY_RATE = re.compile(
    "倍率|伸び率|増減率|増加率|減少率|上昇率|低下率|(?:何%|何割|何パーセント)[^、]{0,4}(?:増|減|伸|上|下|アップ|ダウン|カット)"
)
_EITHER_WAY: dict[str, str] = {"le": "ge", "lt": "gt"}
# What looks like a bound or a metric that we compute, and is another thing; guessing it would give a wrong number.
_BEYOND = (
    re.compile(r"[人口世帯民]1?(?:人|世帯)?(?:あたり|当たり)|(?:一|1)(?:人|世帯)(?:あたり|当たり)"),
    re.compile(r"(?:目標|予想|予測|想定|見込み?)(?:の)?(?:執行率|決算|執行額|消化率)"),
    re.compile(r"中央値|標準偏差|分散"),
    re.compile(r"(?:月|四半期|週|日)(?:ごと|別|毎)|[月日週]平均|(?<![23])\d年間"),
    re.compile(r"(?:執行率|予算額?|決算額?)の目標"),
    re.compile(r"細事業(?:の数)?(?:が|の)(?:最も|一番|いちばん|もっとも)(?:多|少)"),
    re.compile(r"繰り?越|見送られ|来年度も続"),
    re.compile(r"(?:廃止|終了|なくなる|無くなる)(?:される|する|する予定|予定)"),
)


class Understanding:
    """Understands questions against one ledger; built once for each generation."""

    def __init__(self, ledger: Ledger, today: date | None = None) -> None:
        self.ledger = ledger
        self.reader = Reader(ledger)
        self.today = today

    def understand(self, question: str, previous: Plan | None = None, previous_names: Sequence[str] = ()) -> Plan:
        """The Plan of a question; with the plan before it (and the names it found), what the question leaves out."""
        draft, plan = self.reader.read(what_is_meant(question))
        plan = self._relative_years(draft, plan, previous)
        if previous is not None and (draft.folded.startswith("同じ") or SAME_AGAIN.search(draft.folded)):
            # 「同じ事業の令和4年度は」 points back.
            draft.drop("compare", "same")
        take_same_group(draft, self.ledger)
        take_parents(draft, self.ledger)
        take_as_well(draft)
        take_subtracted(draft)
        if len(draft.subjects) > 2:
            # 「交通安全関係（AとB）」: what the others are of is no third thing.
            draft.subjects = [m for m in draft.subjects if not _OF_KIND.match(draft.folded[m.end :])]
        _take_years_together(draft)
        columns = _take_columns(draft)
        if _ALSO_TELL.search(draft.folded):
            draft.words = [w for w in draft.words if not (w.meaning == "sum" and w.text in ("あわせて", "合わせて"))]
        if previous is None:
            _drop_aims(draft)
        take_order(draft)
        _drop_adverbs(draft)
        _take_year_before(draft)
        _take_year_against_year(draft)
        _take_unspent_share(draft)
        self._drop_departments_of_other_years(draft, plan)
        if previous is not None and THAT_DEPARTMENT.match(draft.folded):
            self._take_that_department(draft, previous, previous_names)
        if previous is not None and _AS_RATE.match(draft.folded):
            # 「率でいうと？」
            draft.add("metric", "execution_rate")
        phases = phases_of(draft, plan)
        metrics, conditions = self._bounded(draft, plan, phases)
        _widen(draft)
        excluded, unclear = take_excluded(draft)
        unclear = unclear or _beyond_us(draft) or _miscounted(draft)
        if previous is None and not (draft.subjects or draft.departments or draft.pillars or draft.categories):
            pointer = _POINTER.match(draft.folded)
            unclear = unclear or (pointer[1] if pointer and not draft.topics else "")
        change_bound = change_bound_of(draft, metrics, conditions)
        if change_bound is not None:
            conditions = ()
        subjects = tuple(
            replace(m, kin=self.reader.projects.kin(m.names))
            if m.how in ("name", "typo", "reading") or (m.how == "part" and len(m.names) == 1)
            else m
            for m in narrowed(self.ledger, draft)
        )
        subjects = tuple(self._of_years(m, plan.years, draft) for m in dict.fromkeys(subjects))
        # One name found by two pieces of it is one subject.
        subjects = tuple({m.names: m for m in reversed(subjects)}.values())[::-1]
        counters = COUNTER_ASKED.findall(draft.folded)
        several = len(plan.years) > 1
        each_year = several and (
            _IN_EVERY_YEAR.search(draft.folded) is not None
            or presence_of(draft) == "kept"
            or draft.has("compare", "kept")
            or any(c.year for c in conditions)
        )
        plan = replace(
            plan,
            operation=operation_of(draft, metrics, conditions, subjects),
            metrics=metrics,
            conditions=conditions,
            subjects=subjects,
            departments=tuple(draft.departments),
            pillars=tuple(draft.pillars),
            categories=tuple(draft.categories),
            topics=tuple(draft.topics),
            level="sub_project" if _means_sub_projects(draft) else "project",
            level_named=draft.has("level") or any(a.unit == "事業" for a in draft.amounts),
            positions=positions_of(draft.folded),
            asks_position=asks_position(draft),
            limit=limit_of(draft, conditions),
            descending=descending_of(draft, conditions, metrics),
            direction=_direction(draft),
            whole=whole_of(draft) or _scope_as_whole(draft, subjects),
            excluded=excluded,
            ordered=is_ordered(draft),
            summed=draft.has("aggregate", "sum"),
            jointly=jointly(draft),
            tells_departments=draft.has("ask", "departments"),
            solely=solely(draft),
            times=asks_times(draft),
            by_rate=_BY_RATE.search(draft.folded) is not None,
            unheld=draft.has("unheld") and _HOW_IT_IS.search(draft.folded) is None,
            beside=_beside(draft, conditions),
            spent_loosely=draft.has("spent") and not draft.has("metric") and not _SPENT_ALREADY.search(draft.folded),
            told_rows=draft.has("ask", "list", "breakdown"),
            in_every_year=each_year,
            both_ends=both_ends(draft),
            gap=asks_gap(draft),
            as_share=bool(conditions) and draft.has("aggregate", "share", "ratio"),
            change_bound=change_bound,
            columns=columns,
            unclear=unclear,
            group_by=group_by_of(draft, bool(conditions) or draft.has("compare", "up", "down")),
            phases=phases,
            count_units=tuple(counters),
            asks=asks_of(draft, counters),
            achieved=_achieved(draft, metrics),
        )
        if columns:
            plan = replace(plan, operation="change", metrics=(columns[-1][1],), conditions=())
        if plan.operation == "change" and plan.subjects and not draft.has("rank", "most", "least"):
            # 「R4よりいくら多い」 orders nothing.
            plan = replace(plan, descending=None)
        of_left = all(c.metric == "difference" and c.value == 0 for c in conditions)
        if plan.operation == "rank" and plan.group_by and conditions and of_left:
            # 「一番予算を余らせた課」: what all its projects left together.
            plan = replace(plan, metrics=("difference",), conditions=())
        if previous is not None and is_follow_up(draft, plan, previous):
            own_years = plan.years
            plan = continued(draft, plan, previous, tuple(previous_names))
            if plan.place_words != previous.place_words and not own_years and plan.places:
                # 「大阪の方は？」 after a year that Osaka has no document of: every year that it has.
                held = self.ledger.years_of(plan.places)
                plan = plan if set(plan.years) & set(held) else replace(plan, years=())
        return plan

    def _of_years(self, match: NameMatch, years: tuple[int, ...], draft: Draft) -> NameMatch:
        """A part of a name that none of the years asked for has: the names there that say the same words, and with
        them what the question says beside it.
        """
        if match.how not in ("part", "typo") or not years:
            return match
        rows = [r for r in self.ledger.rows if r.fiscal_year in years and r.project is not None]
        if not rows or any(r.name in {*match.names, *match.kin} for r in rows):
            return match
        fold = self.reader.vocabulary.fold
        terms = [*(t for t in noun_terms(match.words) if t not in ("事業", "費")), *draft.topics]
        names = tuple(dict.fromkeys(r.name for r in rows if all(t in fold(r.name) for t in terms)))
        if len("".join(terms)) < 4 or not 0 < len(names) <= 3:
            return match
        draft.topics.clear()
        draft.spans = [(s, e, n) for s, e, name in draft.spans for n in (names if name in match.names else (name,))]
        return replace(match, names=names, how="part")

    def _drop_departments_of_other_years(self, draft: Draft, plan: Plan) -> None:
        """Of departments that are written alike (こども家庭支援課, 子ども家庭支援課) those that the scope has."""
        if len(draft.departments) < 2:
            return
        fold = self.reader.vocabulary.fold
        held = {
            d
            for r in self.ledger.rows
            if (not plan.years or r.fiscal_year in plan.years) and (not plan.places or r.place in plan.places)
            for d in r.departments
            if r.figures
        }
        there = {fold(d) for d in draft.departments if d in held}
        draft.departments = [d for d in draft.departments if d in held or fold(d) not in there]

    def _take_that_department(self, draft: Draft, previous: Plan, names: Sequence[str]) -> None:
        """「その課の事業」: the departments of the rows that the answer before named."""
        draft.drop("group")
        if previous.departments:
            draft.departments.extend(previous.departments)
            return
        rows = [
            r for r in self.ledger.rows if r.name in names and (not previous.years or r.fiscal_year in previous.years)
        ]
        draft.departments.extend(d for d in dict.fromkeys(d for r in rows for d in r.departments))

    def _bounded(
        self, draft: Draft, plan: Plan, phases: tuple[Phase, ...]
    ) -> tuple[tuple[Metric, ...], tuple[Condition, ...]]:
        """The metrics asked for and the bounds set, told apart."""
        metrics = metrics_of(draft, phases)
        if draft.has("compare", "which") and draft.has("shorthand", "left_over") and set(metrics) <= {"budget"}:
            # 「どちらが予算を多く残しましたか」
            draft.drop("shorthand", "left_over")
            metrics = ("difference",)
        compared = any(w.text != "まで" for w in draft.of("comparator"))
        several = len(draft.subjects) + len(draft.pillars) + len(draft.categories) > 1
        if _HOW_MUCH_OF_BUDGET.search(draft.folded) and not (compared or several):
            # 「予算の何%を使いましたか」 asks the execution rate.
            metrics = ("execution_rate",)
            draft.drop("aggregate", "share", "ratio")
            draft.drop("metric")
            draft.drop("spent")
        between = len(plan.years) <= 1 and between_columns(draft)
        if between:
            metrics = ("difference",)
            draft.drop("compare")
            draft.drop("metric")
            draft.topics = [t for t in draft.topics if t not in _GAPS]
        conditions = conditions_of(draft, metrics)
        if between:
            conditions = tuple(replace(c, metric="difference") if c.unit == "yen" else c for c in conditions)
            # A difference 以内 is meant either way.
            conditions += tuple(
                replace(c, comparator=_EITHER_WAY[c.comparator], value=-c.value)  # type: ignore[arg-type]
                for c in conditions
                if c.comparator in _EITHER_WAY
            )
        how_much = draft.has("ask", "how_much") or any(w.text.startswith(_HOW_MUCH) for w in draft.of("shorthand"))
        scope_asked = bool(draft.pillars or draft.categories) and how_much
        named = not draft.has("exclude") and (bool(draft.subjects) or scope_asked)
        within = any(_WITHIN.match(draft.folded[m.end :]) for m in draft.subjects)
        if within and conditions and not draft.has("level"):
            # 「Aの中で予算オーバーしたのはどれ」: its sub-projects.
            draft.add("level", "sub_project")
        elif named and not draft.has("level") and draft.has("shorthand", "over_budget", "left_over", "used_up"):
            # 「Aは予算をいくら超えましたか」 asks A's difference, not which projects went over.
            told = tuple(m for m in metrics if m not in ("budget", "settled"))
            told = told or ("difference",)
            # 「予算がいくらで、いくら余ったのか」 asks for both.
            metrics, conditions = (("budget", *told) if _BUDGET_TOO.search(draft.folded) else told), ()
        if named and draft.has("ask", "breakdown") and not draft.has("comparator"):
            # 「Aの838万円の内訳」: an amount of A's that the question gives sets no bound.
            conditions = ()
        bounded = {c.metric for c in conditions}
        if conditions and any(m not in bounded for m in metrics) and draft.has("aggregate", "sum", "mean"):
            # 「予算を超えた事業の超過額の合計」: the amount beyond is named.
            named_too = tuple(m for m in metrics if m == "difference" and draft.has("metric", "difference"))
            metrics = named_too or tuple(m for m in metrics if m not in bounded)
        columns = columns_compared(draft.folded)
        of_years = len(draft.year_spans) > 1 and draft.has("compare", "up", "down")
        if columns is not None and not of_years:
            metrics, conditions = (), (columns,)
            draft.drop("compare")
        if asks_times(draft) and "budget" in metrics and len(metrics) >= 2:
            metrics = (*metrics, "execution_rate")
        return metrics, conditions

    def _relative_years(self, draft: Draft, plan: Plan, previous: Plan | None) -> Plan:
        today = self.today or date.today()
        current = today.year if today.month >= 4 else today.year - 1
        years = list(plan.years)
        for word in draft.of("year"):
            # 「今年度（令和5年度）」: the bracket says which year is meant.
            if word.meaning in ("this", "previous", "next") and any(
                0 <= s - word.end <= 1 for s, _, _ in draft.year_spans
            ):
                draft.drop("year", word.meaning)
        if draft.has("year", "this"):
            years.append(current)
        if draft.has("year", "next"):
            years.append((years[0] if years else previous.years[0] if previous and previous.years else current) + 1)
        if draft.has("year", "previous"):
            years.append((previous.years[0] if previous and previous.years and not years else current) - 1)
        if draft.has("year", "prior"):
            if years and _SEEN_FROM.search(draft.folded):
                # 「令和5年度から見て前年度」 is 令和4年度 alone.
                years = [years[0] - 1]
            elif years:
                years = [*years, years[0] - 1]
            elif previous and previous.years:
                both = draft.has("compare")
                years = [previous.years[0] - 1, *([previous.years[0]] if both else [])]
        if draft.has("year", "latest"):
            known = self.ledger.years_of(plan.places or self.ledger.places)
            if known:
                years.append(max(y for y in known if any(r.fiscal_year == y and r.figures for r in self.ledger.rows)))
        return replace(plan, years=tuple(dict.fromkeys(years)))


def _take_years_together(draft: Draft) -> None:
    """「令和4年度と5年度の2年分でいくら」: the years are added up."""
    if len(set(draft.years)) < 2 or not _YEARS_TOGETHER.search(draft.folded):
        return
    draft.topics = [t for t in draft.topics if not _SOME_YEARS.fullmatch(t)]
    if not draft.has("aggregate"):
        draft.add("aggregate", "sum")


def _take_columns(draft: Draft) -> tuple[tuple[int, Metric], ...]:
    """「令和5年度の予算は令和4年度の決算より何円多いか」: each year's own column, with the direction that is asked."""
    found: dict[int, Metric] = {}
    for _, end, year in draft.year_spans:
        match = _COLUMN_OF_YEAR.match(draft.folded[end:])
        if match is not None:
            found.setdefault(year, _COLUMNS_NAMED[match[1]])
    compared = _AGAINST_COLUMN.search(draft.folded)
    if len(found) != 2 or len(set(found.values())) != 2 or compared is None:
        return ()
    draft.drop("comparator")
    draft.drop("shorthand")
    if draft.has("level") and not draft.subjects:
        first = draft.year_spans[0][2]
        rises = (compared["more"] is not None) == (first == max(found))
        draft.add("compare", "up" if rises else "down")
    return tuple(sorted(found.items()))


def _drop_adverbs(draft: Draft) -> None:
    """「あまり使えなかった」 is no 余り, and 「Aを除いた残りの合計」 no 残額."""
    if _ONLY_LEAVE.search(draft.folded):
        # 「総務課のものだけ残して」
        draft.drop("shorthand", "left_over")
    if draft.has("compare", "vanished") and _NAME_LEFT.search(draft.folded):
        # 「廃止され、一覧に名称が残っていない事業」
        draft.drop("shorthand", "used_up", "left_over")
    draft.words = [
        w
        for w in draft.words
        if not (
            w.meaning == "difference"
            and (
                (w.text == "あまり" and not _OF_REMAINDER.match(draft.folded[w.end :]))
                or (w.text.startswith("残") and _LEFT_OUT_BEFORE.search(draft.folded[: w.start]))
            )
        )
    ]


def _take_unspent_share(draft: Draft) -> None:
    """「使い残しの割合が一番大きい事業」: the lowest execution rate, and the other way round."""
    left = draft.has("metric", "difference") or draft.has("shorthand", "left_over")
    if not (left and draft.has("aggregate", "ratio") and draft.has("rank", "most", "least")):
        return
    fewest = draft.has("rank", "low") or draft.has("rank", "least")
    draft.drop("rank")
    draft.drop("metric")
    draft.drop("shorthand", "left_over")
    draft.drop("aggregate", "ratio")
    end = len(draft.folded)
    draft.words.append(Word(end, end, "metric", "execution_rate", ""))
    draft.words.append(Word(end, end, "rank", "most" if fewest else "least", ""))


def _take_year_against_year(draft: Draft) -> None:
    """「令和4年度より令和5年度の予算が多い事業」「前年度と比べて予算が少ない事業」: a change, not a ranking."""
    two_years = len(draft.year_spans) > 1 or draft.has("year", "prior")
    if two_years and draft.has("compare", "compare") and not draft.has("rank", "most", "least"):
        for meaning, direction in (("high", "up"), ("low", "down")):
            if draft.has("rank", meaning) and draft.has("level") and not draft.subjects:
                draft.drop("rank")
                draft.add("compare", direction)
    for (_, end, year), (start, stop, other) in itertools.pairwise(sorted(draft.year_spans)):
        column = _SAME_COLUMN.match(draft.folded[end:start])
        less = column and re.match(
            rf"^の{column[1]}額?より(?:も)?[^、]{{0,4}}(?:(多|大|高|増)|少|小|低|減)", draft.folded[stop:]
        )
        if less:
            # 「令和5年度の予算が令和4年度の予算より少ない」
            rises = (less[1] is not None) == (year > other)
            draft.drop("rank", "high", "low", "most", "least")
            draft.words.append(Word(stop, stop, "compare", "up" if rises else "down", less.group()))
            return
    for _, end, year in draft.year_spans:
        others = [other for start, _, other in draft.year_spans if start > end and other != year]
        more = _MORE_THAN_YEAR.match(draft.folded[end:])
        if not others or more is None:
            continue
        rises = (more[1] is not None) == (others[0] > year)
        draft.drop("rank", "high", "low", "most", "least")
        draft.words.append(Word(end, end, "compare", "up" if rises else "down", more.group()))
        return


def _beside(draft: Draft, conditions: tuple[Condition, ...]) -> tuple[Metric, ...]:
    """Metrics named after the last bound, which it does not bound: 「執行率が7割未満の事業と、おのおのの不用額」."""
    last = max([w.end for w in draft.of("comparator")] + [a.end for a in draft.amounts], default=len(draft.folded))
    bounded = {c.metric for c in conditions}
    named: list[Metric] = [
        w.meaning  # type: ignore[misc]  # the file's keys are checked by a test
        for w in draft.of("metric")
        if w.start > last and w.meaning not in bounded and _COLUMN.search(w.text)
    ]
    return tuple(dict.fromkeys(named))


def _take_year_before(draft: Draft) -> None:
    """「予算が前年度を下回った事業」: the bound is the year before, so it is a change."""
    for word in draft.of("rank"):
        if word.meaning in ("high", "low") and _THAN_YEAR_BEFORE.search(draft.folded[: word.start]):
            draft.words.remove(word)
            draft.words.append(replace(word, family="compare", meaning="up" if word.meaning == "high" else "down"))
    for word in draft.of("comparator"):
        of_year = any(0 <= word.start - end <= 1 for _, end, _ in draft.year_spans) and len(draft.year_spans) > 1
        if of_year or _YEAR_BEFORE.search(draft.folded[: word.start]):
            draft.words.remove(word)
            draft.words.append(
                replace(word, family="compare", meaning="down" if word.meaning in ("lt", "le") else "up")
            )


def _drop_aims(draft: Draft) -> None:
    """「町内会に入る人を増やすために」, 「武将を使った観光PR」: what is aimed at and done, no figures."""
    for word in list(draft.words):
        aimed = (word.family, word.meaning) in (("compare", "up"), ("compare", "down"))
        if aimed and _AIM.match(draft.folded[word.end :]) and not draft.has("metric"):
            draft.words.remove(word)
    for word in draft.of("compare"):
        as_state = word.text.startswith("終わ") and draft.folded[word.start - 1 : word.start] in ("で", "に")
        if as_state and all(end != word.start - 1 for _, end, _ in draft.year_spans):
            # 「黒字で終わった」: how it came out, not that it ended.
            draft.words.remove(word)
    families = ("metric", "shorthand", "rank", "aggregate", "compare", "comparator")
    of_money = any(draft.has(family) for family in families) or draft.has("ask", "how_much", "breakdown")
    counted = COUNTER_ASKED.search(draft.folded) is not None and not draft.has("ask", "how_much")
    if draft.has("spent") and (counted or not (of_money or draft.amounts or _MONEY.search(draft.folded))):
        draft.drop("spent")


def _means_sub_projects(draft: Draft) -> bool:
    """Whether 細事業 are asked for: by themselves, or in 細事業ごと."""
    return draft.has("level", "sub_project") or any("細事業" in w.text for w in draft.of("ask"))


def _achieved(draft: Draft, metrics: tuple[Metric, ...]) -> bool | None:
    """Whether indicators that met their target are asked for, or those that did not."""
    if draft.has("ask", "missed"):
        return False
    if draft.has("ask", "achieved"):
        return True
    if _TARGET_BOUND.search(draft.folded):
        # 「目標を95%以上に設定しているもの」 bounds the target itself.
        return None
    if "indicator_target" in metrics and draft.has("comparator"):
        return not draft.has("comparator", "lt", "le")
    return None


def _direction(draft: Draft) -> Direction | None:
    if draft.has("compare", "change") and any(w.text == "マイナス" for w in draft.of("shorthand")):
        return "down"
    directions: tuple[Direction, ...] = ("same", "up", "down", "not_up", "not_down")
    return next((d for d in directions if draft.has("compare", d)), None)


def _scope_as_whole(draft: Draft, subjects: tuple[NameMatch, ...]) -> tuple[str, ...]:
    """「A事業は自主企画事業費の何%」: of a project's share the category or pillar that is named beside it."""
    if not subjects or not draft.has("aggregate", "share", "ratio"):
        return ()
    return (*draft.categories, *draft.pillars)


def _widen(draft: Draft) -> None:
    """「区局連携と区配も含めた38事業」: names that are taken in as well narrow nothing."""
    match = _TAKEN_IN.search(draft.folded)
    if match is None or not (draft.has("level") or any(a.unit == "事業" for a in draft.amounts)):
        return
    before = [(end, name) for _, end, name in draft.spans if end <= match.start()]
    if any(not draft.folded[end : match.start()].strip("とや、も事業費") for end, _ in before):
        named = {name for _, name in before}
        draft.categories = [c for c in draft.categories if c not in named]
        draft.pillars = [p for p in draft.pillars if p not in named]


def _miscounted(draft: Draft) -> str:
    """「A、B、Cの3事業」 of which not three were found: a sum over two of them would be wrong."""
    for amount in draft.amounts:
        if amount.unit == "事業" and len(draft.subjects) >= 2 and amount.value != len(draft.subjects):
            before = draft.folded[: amount.start]
            if any(0 <= amount.start - m.end <= 3 for m in draft.subjects) and before.endswith(("の", "、")):
                return amount.printed
    return ""


def _beyond_us(draft: Draft) -> str:
    """Words that ask for what no figure gives and no computation here makes; empty where there are none."""
    for pattern in _BEYOND:
        match = pattern.search(draft.folded)
        if match:
            return match.group()
    adjective = _SUPERLATIVE.search(draft.folded)
    if adjective and adjective[1] not in vocabulary().meanings:
        # 「一番ちっちゃい」 in a word that is not known must not be read as the greatest.
        return adjective.group()
    if "何位" in draft.folded and not draft.subjects:
        return "何位"
    if draft.has("aggregate", "sum", "mean") and draft.has("compare", "new", "vanished"):
        return next(w.text for w in draft.words if w.meaning in ("new", "vanished"))
    return ""
