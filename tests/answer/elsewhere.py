"""Documents of municipalities that do not exist, in layouts that others print: what the corpus does not show."""

from __future__ import annotations

from pathlib import Path

from ingest.extract import extract_file
from ingest.sources import PartFacts, SourceFacts
from records import Extraction

# Departments as paths, the year before in brackets, sub-projects under 【】.
PREFECTURE = """青空県 令和2年度 予算案関係資料　主要事業

〔農林水産部畜産課生産振興Ｇ〕
○ 和牛群整備対策事業　155,000 千円（前年度 150,000 千円）
　優良な雌牛の導入を支援します。
○ 家畜伝染病予防事業　472,000 千円（前年度 184,000 千円）
　家畜の伝染病の発生を予防します。
〔農林水産部水産振興課企画Ｇ〕
○ 青空の養殖産業創出事業　8,000 千円
　養殖業への参入を支援します。
〔保健福祉部生活衛生課企画Ｇ〕
○ 犬猫との暮らし環境整備事業　27,000 千円（前年度 26,000 千円）
　犬や猫の殺処分をなくします。

【犬猫との暮らし環境整備事業】
○ 地域猫活動推進事業　18,000 千円
　地域猫の不妊去勢手術を支援します。
○ 譲渡促進事業　9,000 千円
　保護した犬猫の譲渡を進めます。


〔土木部監理課予算Ｇ〕
○ 公共事業　30,000 千円（前年度 29,000 千円）
　道路や河川を整備します。

【公共事業】
○ 国補公共事業　20,000 千円
　国の補助を受けて整備します。
○ 県単公共事業　10,000 千円
　県の負担だけで整備します。
"""

# 款, 項 and 目 as headings; an office that only the title names.
WARD = """令和８年度　丘上区当初予算　教育委員会事務局
（単位：千円）


08款 教育費　01項 教育総務費　01目 教育委員会費
教育委員会事務（教育委員会事務）　1,815
地域運営学校（地域運営学校）　0

08款 教育費　07項 社会教育費　01目 文化財費
文化財の保護（文化財の保護）　5,000
民家園維持運営（民家園維持運営）　103,003

08款 教育費　07項 社会教育費　02目 図書館費
図書館サービスの推進（図書館サービスの推進）　892,150
図書館管理運営（図書館管理運営）　234,177

09款 職員費　01項 職員費　01目 教育職員費
会計年度任用職員の人件費（教育委員会事務局）（会計年度任用職員の人件費（教育委員会事務局））　477,368

合　　計　1,713,513
"""

# One sheet for each project, each with a table of six years.
_SHEET = """
事務事業評価シート（海辺市 令和7年度）
事務事業名　{name}
政策名　自然豊かな環境の保全と創造
施策名　生活環境の保全
基本事業名　地域環境保全の推進
部課名　市民生活部市民環境課
係名　環境衛生係
事務事業の概要（具体的なやり方、手順、詳細。期間限定複数年度事業は全体像を記述）
{about}
⑤ 活動指標（事務事業の活動量を表す指標） ア：名称　{activity}
⑤ 活動指標（事務事業の活動量を表す指標） ア：単位　{unit}

(1) 事業費・指標の推移（単位：千円ほか）
　　　　　　　　令和２年度実績　令和３年度実績　令和４年度実績　令和５年度実績　令和６年度実績　令和７年度計画
国庫支出金　{state}
一般財源　{own}
事業費計  （A）　{cost}
人件費計  (B)　1,120　1,120　1,120　1,120　1,120　1,120
⑤活動指標ア　{counts}

--------------------
"""
CITY_SHEETS = _SHEET.format(
    name="海辺の清掃事業",
    about="海辺を清掃する。使用料は、１ｔまでは3,000円である。",
    activity="清掃ボランティア活動参加者数",
    unit="人",
    state="0　0　10　20　30　40",
    own="3,089　2,948　2,783　2,797　2,813　2,788",
    cost="3,089　2,948　2,793　2,817　2,843　2,828",
    counts="225　236　285　383　480　500",
) + _SHEET.format(
    name="公害測定調査事業",
    about="騒音を測定する。",
    activity="騒音の環境基準達成率",
    unit="％",
    state="0　0　0　0　0　0",
    own="1,500　1,500　1,600　1,700　0　1,900",
    cost="1,500　1,500　1,600　1,700　0　1,900",
    counts="95　96　97　98　99　100",
)

# Every project in two lines, with 事業費 alone; halls that count the same thing.
TOWN = """里山市 事務事業評価 一覧（R6）　（事業費 単位：千円）

■ 教育部　公民館
1　里山公民館維持管理事業　58,000　現状継続
　　活動指標：講座数　12回
　　成果指標：利用者数　17028人
2　川辺公民館維持管理事業　88,697　現状継続
　　活動指標：講座数　10回
　　成果指標：利用者数　28945人

■ 教育部　図書館
3　図書館維持管理事業　38,528　改善（手段変更）
　　活動指標：開館日数　280日
　　成果指標：修繕件数　12件
4　図書館協議会運営　1,545　改善（手段変更）
　　活動指標：会議数　2回
　　成果指標：協議会出席者　14人

■ 環境部　緑地課
5　公園整備事業　9,000　現状継続
　　活動指標：整備箇所数　3箇所
6　緑化推進事業　1,000　現状継続
　　活動指標：配布数　40本

■ 防災部　緑地課
7　公園整備事業　9,000　現状継続
　　活動指標：整備箇所数　3箇所
"""

_DOCUMENTS = (
    ("prefecture.txt", PREFECTURE, "令和2年度 予算案関係資料 主要事業", "青空県", None, 2020, "initial_budget"),
    ("ward.txt", WARD, "令和8年度 当初予算 教育委員会事務局", "丘上区", None, 2026, "initial_budget"),
    ("sheets.txt", CITY_SHEETS, "令和7年度 事務事業評価シート", "海辺市", None, 2025, "result"),
    ("town.txt", TOWN, "令和6年度 事務事業評価 一覧", "里山市", None, 2024, "result"),
)


def extractions(folder: Path) -> tuple[Extraction, ...]:
    """The documents, written to a folder and read as `ingest add` reads a file whose facts are given."""
    found = []
    for file, text, title, municipality, ward, year, phase in _DOCUMENTS:
        path = folder / file
        path.write_text(text, "utf-8")
        facts = SourceFacts(
            file=file,
            title=title,
            publisher=municipality,
            municipality=municipality,
            ward=ward,
            licence="作り物",
            parts=(PartFacts(year, None, phase),),  # type: ignore[arg-type]
        )
        found.append(extract_file(path, facts))
    return tuple(found)
