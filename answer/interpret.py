"""The plan as one Japanese sentence, shown above the answer so that a misreading is seen at once."""

from __future__ import annotations

from dataclasses import replace

from answer.account_plans import in_book
from answer.accounts import ACCOUNTS
from answer.indicator_bounds import told_bounds
from answer.table_entries import title_of
from answer.types import Plan
from answer.values import METRIC_NAMES
from answer.wording import LEVEL_NAMES, conditions_text, metric_name, moved_bounds_text, moved_text
from ingest.eras import fiscal_year_label, fiscal_years_label

_PARTS = {"ge": "以上", "gt": "超", "le": "以下", "lt": "未満"}
_GROUPS = {"department": "課", "pillar": "柱", "category": "経費区分", "place": "区", "year": "年度"}


def interpreted(plan: Plan) -> str:
    """One sentence: whose, which year, which rows, what is asked of them."""
    scope = _scope(plan)
    metrics = "・".join(dict.fromkeys(metric_name(plan, m) for m in plan.metrics))
    metrics = "・".join(plan.account_columns) or metrics
    rows = rows_of(plan)
    operation = plan.operation
    if operation == "filter" and plan.group_by:
        body = f"{_GROUPS[plan.group_by]}ごとの合計で、{conditions_text(plan.conditions)}のもの"
    elif operation == "filter":
        body = f"{rows}のうち、{conditions_text(plan.conditions)}のもの"
    elif operation == "rank":
        bounded = "・".join(dict.fromkeys(c.column or METRIC_NAMES[c.metric] for c in plan.conditions))
        metric = metrics or bounded or "予算額"
        high, low = ("高い", "低い") if "執行率" in metric else ("多い", "少ない")
        count = (
            f"{'・'.join(str(p) for p in plan.positions)}番目のもの"
            if plan.positions
            else f"上位{plan.limit}件"
            if plan.limit
            else "最上位のもの"
        )
        if plan.ordered and not (plan.limit or plan.positions):
            count = "すべて"
        of = f"{rows}の" if plan.of_scope and not plan.asks_position else ""
        what = f"{of}{_GROUPS[plan.group_by]}ごとの合計" if plan.group_by else rows
        if plan.both_ends:
            count = "最上位と最下位"
        count += "の差" if plan.gap else ""
        if plan.asks_position and plan.group_by:
            named = "・".join((*plan.departments, *plan.pillars, *plan.categories))
            count = f"ときの{named}の順位"
        elif plan.asks_position:
            what, count = rows_of(replace(plan, subjects=())), f"ときの{rows}の順位"
        extra = f"（{conditions_text(plan.conditions)}のもの）" if plan.conditions else ""
        if plan.in_each_group and plan.group_by:
            what = f"{rows}を{_GROUPS[plan.group_by]}ごとに分け、それぞれ"
            count = f"上位{plan.limit}件" if plan.limit else "最上位のもの"
        if plan.by_size:
            metric, high, low = "予算額との差（過不足の大きさ）", "大きい", "小さい"
        body = f"{what}{extra}を{metric}が{low if plan.descending is False else high}順に並べた{count}"
    elif operation in ("sum", "mean"):
        extra = f"（{conditions_text(plan.conditions)}のもの）" if plan.conditions else ""
        by = f"{_GROUPS[plan.group_by]}ごとの" if plan.group_by else ""
        if plan.positions:
            extra += f"の{'・'.join(str(p) for p in plan.positions)}番目のもの"
        elif plan.limit and plan.descending is not None and not plan.group_by:
            extra += f"の{'上位' if plan.descending else '下位'}{plan.limit}件"
        rate = operation == "sum" and plan.metrics == ("execution_rate",)
        amount = f"{metrics or '予算額'}の{by}{'平均' if operation == 'mean' else '合計'}"
        body = f"{rows}{extra}の" + (f"{by}合計額でみた執行率" if rate else amount)
    elif operation == "count":
        extra = f"のうち、{conditions_text(plan.conditions)}のもの" if plan.conditions else ""
        by = f"{_GROUPS[plan.group_by]}ごとの" if plan.group_by else ""
        body = f"{rows}{extra}の{by}件数{'の比較' if plan.counted_against else ''}"
    elif operation == "share":
        whole = f"「{'・'.join(plan.whole)}」" if plan.whole else "".join((*plan.sides, "全体"))
        whole = "予算額" if plan.account_columns and plan.subjects and not plan.whole else whole
        by = f"{_GROUPS[plan.group_by]}ごとの合計の" if plan.group_by else ""
        body = f"{rows}の{by}{metrics or '予算額'}が{whole}に占める割合"
    elif operation == "compare":
        body = f"{rows}の{metrics or '予算額'}の比較"
    elif operation == "change" and plan.departments_moved:
        body = f"{rows}の担当課の年度間の変更"
    elif operation == "change":
        moved = moved_text(plan)
        bounds = (f"{moved}もの" if moved else "", *moved_bounds_text(plan), conditions_text(plan.conditions))
        added_up = plan.of_scope and not plan.picks
        picked = [told for told in bounds if told and not added_up]
        by = f"{_GROUPS[plan.group_by]}ごとの合計の" if plan.group_by else ""
        columns = "と".join(f"{fiscal_year_label(year)}の{METRIC_NAMES[m]}" for year, m in plan.columns)
        body = f"{rows}の{columns or metrics or '予算額'}の{by}年度間の増減" + (
            f"（{'、'.join(picked)}）" if picked and not plan.subjects else ""
        )
    elif operation == "new":
        body = f"{rows}で、前の年度になく新しく現れたもの"
    elif operation == "vanished":
        body = f"{rows}で、前の年度にあって次の年度にないもの"
    elif operation == "breakdown":
        body = f"{rows}の細事業ごとの{metrics or '予算額・決算額'}"
    elif operation == "departments":
        body = f"{rows}の担当課"
    elif operation == "pillars":
        body = f"{rows}の柱・経費区分"
    elif operation == "list":
        body = f"{rows}の{f'{metrics}の' if in_book(plan) and metrics else ''}一覧"
    elif operation == "indicators":
        state = (
            {True: "（目標を達成したもの）", False: "（目標に達しなかったもの）"}.get(plan.achieved, "")
            if plan.achieved is not None
            else ""
        )
        state += f"（{told_bounds(plan.indicator_bounds)}もの）" if plan.indicator_bounds else ""
        body = f"{rows}の事業指標の目標と成果{state}"
        if plan.verdicts:
            body = f"{rows}のうち、評価や成果が「{'」「'.join(plan.verdicts)}」のもの"
    elif operation == "counts":
        body = f"「{plan.question}」に当たる実績の数{_aside(plan)}"
    elif operation == "audit":
        body = "資料の中で数字どうしが食い違う箇所"
    elif operation == "holdings":
        body = "収録している資料の一覧"
    elif operation == "lookup" and (in_book(plan) or plan.level == "entry"):
        body = f"{rows}の{metrics or '予算額'}"
    elif operation == "lookup":
        body = f"{rows}の{'・'.join(plan.labels) or metrics or '予算額・決算額・執行額・執行率'}"
    else:
        about = "".join(f"「{m.words}」" for m in plan.subjects if m.how != "previous")
        body = (
            f"{about}「{plan.question}」に当たる記述"
            if not about
            else f"{about}について「{plan.question}」に当たる記述"
        )
    spelled = "、".join(f"「{asked}」は「{known}」" for asked, known in plan.spelled)
    return f"{scope}{body}" + (f"（{spelled}と読みました）" if spelled else "")


def _table(plan: Plan) -> str:
    """The tables that the rows are of: 「債務負担行為の項目」."""
    return f"{'・'.join(title_of(label) for label in plan.labels)}の{LEVEL_NAMES['entry']}"


def _sides(plan: Plan) -> tuple[str, ...]:
    """「歳出の」 before the word for rows of a budget book."""
    sides = [side for side in plan.sides if side != ACCOUNTS]
    return ("・".join(sides), "の") if sides else ()


def _aside(plan: Plan) -> str:
    """What a count is not of, and which documents are to tell it: 「（「地区連合」を除く、資料: 振り返り）」."""
    left = "」「".join(plan.left_out)
    told = [f"「{left}」を除く"] if left else []
    told += [f"資料: {'・'.join(plan.kinds)}"] if plan.kinds else []
    return f"（{'、'.join(told)}）" if told else ""


def _scope(plan: Plan) -> str:
    where = "・".join(dict.fromkeys(str(p) for p in plan.places)) if plan.places else ""
    years = fiscal_years_label(plan.years)
    phase = "（年度途中の中間）" if plan.phases == ("interim",) else ""
    if plan.metrics == ("settled",) or any(c.metric == "settled" for c in plan.conditions):
        phase = phase or "（決算）"
    named = f"{where}の{years}" if where and years else where or years
    if not years and plan.operation not in ("describe", "holdings", "audit"):
        named = f"{named}（年度の指定なし: 収録の全年度）" if named else "収録の全年度"
    return f"{named}{phase}の" if named else ""


def _picked(among: Plan) -> str:
    """How the rows were picked that a plan is about, before the word for them."""
    if among.operation == "change":
        metric = METRIC_NAMES[among.metrics[0]] if among.metrics else "予算額"
        moved = moved_text(among) if among.also_moved else f"{metric}が{moved_text(among) or '変わった'}"
        bounded = "、".join(told for told in (*moved_bounds_text(among), conditions_text(among.conditions)) if told)
        return f"{moved}{f'（{bounded}）' if bounded else ''}"
    if among.operation == "filter":
        return f"{conditions_text(among.conditions)}の"
    if among.operation == "list":
        return (
            f"{'・'.join(fiscal_year_label(y) for y in among.years)}{'の' if among.years else ''}どの年度の一覧にもある"
        )
    return "前の年度になく新しく現れた" if among.operation == "new" else "前の年度にあって次の年度にない"


def rows_of(plan: Plan) -> str:
    if plan.subjects:
        words = "と".join(
            f"「{m.names[0]}」"
            if len(m.names) == 1
            else "前の答えの事業"
            if m.how == "previous"
            else f"名前に「{m.words}」を含む事業"
            for m in plan.subjects
        )
        if in_book(plan):
            words = words.replace("前の答えの事業", "前の答え" if plan.level_named else "前の答えの款項")
        return f"{words}の{LEVEL_NAMES[plan.level]}" if in_book(plan) and plan.level_named else words
    departments = [f"{d}だけ" if plan.solely else d for d in plan.departments]
    if plan.jointly or (plan.solely and not departments):
        departments.append("複数の課の共管" if plan.jointly else "1課だけ")
    narrowed = [*departments, *(f"柱「{p}」" for p in plan.pillars), *(f"「{c}」" for c in plan.categories)]
    narrowed += [f"「{t}」関係" for t in plan.topics]
    prefix = "・".join(narrowed)
    if plan.level == "entry":
        return f"{prefix}の{_table(plan)}" if prefix else _table(plan)
    level = "".join((*_sides(plan), LEVEL_NAMES[plan.level]))
    level += "（細事業を除く）" if plan.level == "project" else ""
    level = "".join(f"細事業が{b.value}件{_PARTS.get(b.comparator, '')}ある" for b in plan.parts) + level
    if plan.drops:
        level = f"{'最大' if plan.drops == 'most' else '最小'}のものを除いた{level}"
    level = "".join(f"名前に「{word}」を含む" for word in plan.name_holds) + level
    if plan.among is not None:
        level = f"{_picked(plan.among)}{level}"
    if plan.excluded:
        level = level.replace("（細事業を除く）", "") + f"（「{'」「'.join(plan.excluded)}」を除く）"
    return f"{prefix}の{level}" if prefix else level
