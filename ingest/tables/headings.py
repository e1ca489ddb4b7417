"""What a column heading says: whose name, or which metric of which year, phase and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.amounts import UNIT_YEN, find_unit_yen
from ingest.eras import find_years
from ingest.tables.words import BREAKDOWN, plain
from records import Metric, Phase

Role = Literal["name", "section", "code", "department", "value", "indicator", "unit", "verdict", "text"]


@dataclass(frozen=True, slots=True)
class Timing:
    """The year and phase that a text names; None where it names none. `relative` is set for 前年度 and the like."""

    fiscal_year: int | None
    phase: Phase | None


@dataclass(frozen=True, slots=True)
class Heading:
    """The meaning of a column. `unit_yen` is None where the column prints no unit of money; `unit` is set for others.

    `main` is False for sources of money, staff costs and differences, which stand beside a project's own amount.
    """

    role: Role
    label: str
    metric: Metric = "other"
    fiscal_year: int | None = None
    phase: Phase | None = None
    unit_yen: int | None = None
    unit: str = "yen"
    main: bool = True
    confidence: float = 1.0


NAME = re.compile(
    r"^(?:事務)?事業(?:等)?(?:の)?(?:名称?|名等)?$|^(?:細|小|中|大|主要|主な|個別|予算|重点|対象|委託|補助)事業(?:名称?)?$|事業名|^(?:業務|件|工事|補助金|計画)名称?$"
    r"|^主要(?:な)?(?:事業|施策)(?:名)?$|^事業・取組(?:名)?$|^取組(?:名|項目)?$|^主な(?:事業|取組)(?:・取組)?$|^事項(?:名)?$|^事業内容及び名称$"
)
SECTION = re.compile(
    r"^(?:区分|項目|費目|科目|[款項目節](?:名称?)?|款項目?|会計(?:区分|名)?|予算科目|性質別|目的別|款別|分類|種別|歳入|歳出|財源)$|^名称$|^内訳$"
)
CODE = re.compile(
    r"^(?:no\.?|番号|通番|連番|整理番号|事業番号|コード|事業コード|id|事業id|管理番号|項番"
    r"|(?:事務事業|細事業|施策|[款項目節細]|所属)(?:番号|コード|cd|id)|#)$",
    re.I,
)
DEPARTMENT = re.compile(
    r"^(?:(?:担当|所管|主管|実施|関係|所属|作成)(?:部局?|課(?:名|等)?|部署|局|室|課室|所属)?(?:名|等)?|部局?(?:名|等)?|課(?:名|室|所)?|部課(?:名|等)?|局・?部?名?|課等名|組織|係(?:名)?|局|室)$"
)
VERDICT = re.compile(r"評価(?:結果)?$|方向性|今後の|判定|進捗|達成度$|改善")
INDICATOR = re.compile(r"指標|目標値|実績値|目標$|達成率|アウトカム|アウトプット|KPI", re.I)
TEXT = re.compile(
    r"内容|概要|説明|目的|備考|摘要|対象|課題|取組状況|成果|根拠|理由|特記|期間|方法|振り返り|主な事業|場所|氏名|住所|電話|連絡先|日時|時間"
)
CHANGE = re.compile(r"増減|増△減|増▲減|比較|前年度比|前年比|対前年|前年度対比|前年度との|伸び|対比|差額|増加額|減少額")
RATE = re.compile(r"率|割合|構成比|%|％|パーセント|シェア")
REMAINDER = re.compile(r"差引|不用額|残額|予算残|執行残|翌年度繰越")
MONEY = re.compile(
    r"額|費$|費[(（]|費計|予算|決算|金$|コスト|経費|金額|支出|収入|要求|査定|見積|補正|円|見込|実績|計画|執行|歳入|歳出|年度$|^計$|合計"
)
# Amounts that are no year's budget or settlement: limits, balances, what other years bear.
BESIDE = re.compile(
    r"年度末まで|以降|累計|全体|補正(?!後|前)|流用|繰越|限度額|起債|利率|現在高|残高|償還|調定|収入未済|不納欠損"
)
COUNT = re.compile(
    r"(?:職員数|人数|員数|人員|件数|回数|箇所数|か所数|世帯数|面積|戸数|台数|延べ)(?:\(?(?P<unit>人|件|回|箇所|世帯|㎡|ha|戸|台)?\)?)$"
    r"|\((?P<unit2>人|件|回|箇所|世帯|㎡|ha|戸|台)\)$"
)
UNIT_ONLY = re.compile(r"^[(（]?(円|千円|万円|百万円|億円|%|％|人|件|回)[)）]?$")
SHORT_YEAR = re.compile(r"(?<![\d年月.,第])(元|[0-9]{1,2})年度")


def find_timing(text: str, base_year: int | None) -> Timing:
    """The fiscal year and phase of a heading, with 本年度 and 前年度 counted from `base_year`.

    >>> find_timing("令和5年度決算額", 2024), find_timing("前年度予算額", 2024).fiscal_year
    (Timing(fiscal_year=2023, phase='settlement'), 2023)
    """
    bare = plain(text)
    year: int | None = None
    mentions = [
        mention for mention in find_years(bare) if mention.fiscal or not re.match(r"年?\d*月", bare[mention.end :])
    ]
    fiscal = [mention for mention in mentions if mention.fiscal] or mentions
    if fiscal:
        year = fiscal[-1].year if len({mention.year for mention in fiscal}) == 1 else None
    elif base_year is not None:
        if re.search(r"前々年度", bare):
            year = base_year - 2
        elif re.search(r"前年度(?!比|対比|と|から|増減)|昨年度|前年(?:予算|決算|当初|実績)|前年度$", bare):
            year = base_year - 1
        elif re.search(r"翌年度(?!繰越|へ)|次年度|来年度", bare):
            year = base_year + 1
        elif re.search(r"本年度|今年度|当年度|当該年度|現年度", bare):
            year = base_year
        elif match := SHORT_YEAR.search(bare):
            number = 1 if match[1] == "元" else int(match[1])
            # A year without its era is of the era that brings it near the document's own.
            near = [first + number - 1 for first in (2019, 1989) if abs(first + number - 1 - base_year) <= 8]
            year = near[0] if near else None
    return Timing(year, find_phase(bare))


def find_phase(bare: str) -> Phase | None:
    """The phase that words name, or None."""
    if re.search(r"決算見込|執行見込|見込額|月末現在|現在高|執行状況", bare):
        return "interim"
    if re.search(r"決算|実績|支出済|執行済", bare):
        return "settlement"
    if re.search(r"当初|予算|要求|査定|補正", bare):
        return "initial_budget"
    if re.search(r"計画|目標|見込|予定", bare):
        return "plan"
    return None


def read_heading(text: str, base_year: int | None, default_metric: Metric) -> Heading:
    """The meaning of a column from its heading, the texts of its heading rows put together.

    >>> read_heading("事業名", 2024, "budget").role, read_heading("担当課", 2024, "budget").role
    ('name', 'department')
    >>> h = read_heading("前年度 予算額（千円）", 2024, "budget"); (h.metric, h.fiscal_year, h.unit_yen)
    ('budget', 2023, 1000)
    """
    label = " ".join(text.split())
    bare = plain(re.sub(r"単位\s*[:：]?\s*(?:億円|百万円|万円|千円|円)", "", text))
    bare = re.sub(r"[(（](?:億円|百万円|万円|千円|円|A|B|C|D|[ア-オa-d①-⑤]|[A-D][-－+/÷][A-D].*?)[)）]", "", bare)
    unit_yen = _unit_yen(text)
    for pattern, role in ((NAME, "name"), (CODE, "code"), (DEPARTMENT, "department"), (SECTION, "section")):
        if pattern.search(bare):
            return Heading(role, label)  # type: ignore[arg-type]
    if UNIT_ONLY.match(bare) or bare == "単位":
        return Heading("unit", label)
    timing = find_timing(text, base_year)
    if INDICATOR.search(bare) and unit_yen is None:
        return Heading("indicator", label, fiscal_year=timing.fiscal_year, phase=timing.phase)
    if RATE.search(bare) and not re.search(r"負担率額", bare):
        metric: Metric = "execution_rate" if re.search(r"執行率|決算率", bare) else "other"
        return Heading(
            "value", label, metric, timing.fiscal_year, timing.phase, None, "percent", metric == "execution_rate"
        )
    if unit_yen is None and (counted := COUNT.search(bare)):
        return Heading(
            "value",
            label,
            "count",
            timing.fiscal_year,
            timing.phase,
            None,
            counted["unit"] or counted["unit2"] or "",
            main=False,
        )
    if VERDICT.search(bare) and unit_yen is None:
        return Heading("verdict", label)
    if REMAINDER.search(bare):
        metric = "other" if "繰越" in bare else "difference"
        return Heading(
            "value", label, metric, timing.fiscal_year, timing.phase, unit_yen, "yen", metric == "difference"
        )
    if CHANGE.search(bare):
        year = timing.fiscal_year if find_years(bare) else None
        return Heading("value", label, "other", year, None, unit_yen, "yen", False)
    if TEXT.search(bare) and unit_yen is None and not re.search(r"予算|決算|事業費|金額", bare):
        return Heading("text", label)
    if not (MONEY.search(bare) or BREAKDOWN.search(bare)) and unit_yen is None and timing.fiscal_year is None:
        return Heading("text", label)
    if BREAKDOWN.search(bare):
        return Heading("value", label, "other", timing.fiscal_year, timing.phase, unit_yen, "yen", False)
    confidence = 1.0
    if re.search(
        r"年度末まで|以降|累計|全体|補正(?!後|前)|流用|繰越|限度額|起債|利率|現在高|残高|償還|調定|収入未済|不納欠損",
        bare,
    ):
        return Heading("value", label, "other", timing.fiscal_year, timing.phase, unit_yen, "yen", False)
    if re.search(r"決算見込|執行見込", bare):
        metric, confidence = "settled", 0.8
    elif re.search(r"決算|支出済|実績", bare):
        metric = "settled"
    elif re.search(r"執行|支出", bare):
        metric = "executed"
    elif re.search(r"予算|当初|要求|査定|見積|計画|予定|現計", bare):
        metric = "budget"
        confidence = 0.8 if re.search(r"補正[前後]|現計|最終|要求|要望", bare) else 1.0
    else:
        metric = default_metric
        confidence = 0.9 if re.search(r"事業費|金額|額$|経費|コスト", bare) else 0.8
    phase = timing.phase
    if phase is None and metric != default_metric:
        phase = {"budget": "initial_budget", "settled": "settlement", "executed": "interim"}.get(metric)  # type: ignore[assignment]
    return Heading("value", label, metric, timing.fiscal_year, phase, unit_yen, "yen", True, confidence)


def _unit_yen(text: str) -> int | None:
    noted = find_unit_yen(text)
    if noted is not None:
        return noted
    match = re.search(r"(?:^|[\s(（\[［])(億円|百万円|万円|千円|円)(?:[)）\]］]|\s|$)", text)
    return UNIT_YEN[match[1]] if match else None
