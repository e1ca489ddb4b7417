"""Budget books of municipalities that do not exist: 第1表 to 第3表 and the summary of a city, a newsletter."""

from __future__ import annotations

from pathlib import Path

from ingest.extract import extract_file
from ingest.sources import PartFacts, SourceFacts
from records import Extraction

_WIDE = 84


def _chapter(number: int, name: str, amount: str) -> str:
    """A 款 of 第1表: its number and amount stand on the line below its name."""
    return f"{'':12}{name}\n{number:>11}{amount:>{_WIDE - 11}}\n"


def _item(number: int, name: str, amount: str) -> str:
    text = f"{'':19}{number} {name}"
    return f"{text}{amount:>{_WIDE - len(text)}}\n"


def _page(rows: str, number: int) -> str:
    return f"{'':13}款{'':23}項{'':41}金　　額\n{'':80}千円\n{rows}{'':44}- {number} -\n"


def _total(words: str, amount: str) -> str:
    return f"{'':26}{words}\n{amount:>{_WIDE}}\n"


_REVENUE = (
    _chapter(1, "市税", "5,000")
    + _item(1, "市民税", "3,000")
    + _item(2, "固定資産税", "2,000")
    + _chapter(2, "地方交付税", "1,200")
    + _item(1, "地方交付税", "1,200")
    + _chapter(3, "国庫支出金", "2,300")
    + _item(1, "国庫負担金", "2,000")
    + _item(2, "国庫補助金", "300")
    + _chapter(4, "繰越金", "500")
    + _item(1, "繰越金", "500")
    + _chapter(5, "市債", "1,000")
    + _item(1, "市債", "1,000")
    + _total("歳　　入　　合　　計", "10,000")
)
_EXPENDITURE = (
    _chapter(1, "総務費", "2,000")
    + _item(1, "総務管理費", "1,700")
    + _item(2, "徴税費", "300")
    + _chapter(2, "民生費", "4,000")
    + _item(1, "社会福祉費", "1,500")
    + _item(2, "児童福祉費", "2,500")
    + _chapter(3, "土木費", "2,400")
    + _item(1, "土木管理費", "200")
    + _item(2, "道路橋梁費", "1,400")
    + _item(3, "公園費", "800")
    + _chapter(4, "消防費", "900")
    + _item(1, "消防費", "900")
    + _chapter(5, "公債費", "700")
    + _item(1, "公債費", "700")
    + _total("歳　　出　　合　　計", "10,000")
)
_SUMMARY = """
歳入歳出予算事項別明細書　総括（単位：千円）

| 款 | 本年度予算額 | 前年度予算額 | 比較 |
|---|---|---|---|
| 1 市税 | 5,000 | 4,800 | 200 |
| 2 地方交付税 | 1,200 | 1,200 | 0 |
| 3 国庫支出金 | 2,300 | 2,000 | 300 |
| 4 繰越金 | 500 | 600 | △100 |
| 5 市債 | 1,000 | 900 | 100 |
| 歳入合計 | 10,000 | 9,500 | 500 |

| 款 | 本年度予算額 | 前年度予算額 | 比較 | 国県支出金 | 地方債 | その他 | 一般財源 |
|---|---|---|---|---|---|---|---|
| 1 総務費 | 2,000 | 2,100 | △100 | 100 | | 50 | 1,850 |
| 2 民生費 | 4,000 | 3,600 | 400 | 1,900 | 40 | 60 | 2,000 |
| 3 土木費 | 2,400 | 2,300 | 100 | 300 | 700 | 100 | 1,300 |
| 4 消防費 | 900 | 800 | 100 | | 260 | 10 | 630 |
| 5 公債費 | 700 | 700 | 0 | | | 20 | 680 |
| 歳出合計 | 10,000 | 9,500 | 500 | 2,300 | 1,000 | 240 | 6,460 |
"""
_COMMITMENTS = (
    f"{'':10}第２表　　債務負担行為\n{'':56}（単位　千円）\n"
    f"{'':17}事　　　項\n{'':35}期　　間          限　　度　　額\n"
    f"{'':35}９年度から\n{'':10}庁舎管理業務\n{'':52}６１，５００\n{'':35}13年度まで\n"
    f"{'':35}９年度から\n{'':10}若葉小学校改築事業\n{'':52}９５０，０００\n{'':35}10年度まで\n"
    f"{'':35}９年度から\n{'':10}公園管理業務\n{'':52}２，３０４\n{'':35}13年度まで\n{'':36}- 8 -\n"
)
_BONDS = (
    f"{'':13}第３表　地方債\n{'':89}（単位　千円）\n"
    f"{'':16}起　債　の　目　的{'':16}限 度 額       起債の方法             利    率           償 還 の 方 法\n"
    f"{'':12}道路整備事業 300,000 同　　上{'':37}同　　　　上\n"
    f"{'':12}若葉小学校改築事業 29,500 同　　上{'':37}同　　　　上\n"
    f"{'':12}消防車両購入事業 120,000 同　　上{'':37}同　　　　上\n"
    f"{'':24}計                449,500\n{'':54}- 10 -\n"
)
CITY = (
    "令和８年度　青葉市一般会計予算\n\n"
    + f"{'':12}歳　　入\n{_page(_REVENUE, 1)}{'':12}歳　　出\n{_page(_EXPENDITURE, 2)}"
    + _COMMITMENTS
    + _BONDS
    + _SUMMARY
)
# A newsletter has no 項 and no year before, but prints the change and the part of the whole, one of them wrong.
VILLAGE = """# 広報わかたけ 令和6年4月号

## 令和6年度予算成立しました

- 一般会計: 2億円
- 特別会計: 5,000万円
- **合計: 2億5,000万円**

| 項目 | 予算額 | 割合 | 前年度対比 |
|------|--------|------|-----------|
| ①議会費 | 1,000万円 | 5.0% | 20万円 |
| ②総務費 | 6,000万円 | 30.0% | 500万円 |
| ③民生費 | 7,000万円 | 35.0% | △300万円 |
| ④公債費 | 6,000万円 | 33.0% | △120万円 |
| **合計** | **2億円** | - | **100万円** |

## 特別会計

| 会計区分 | 予算額 | 前年度対比 |
|----------|--------|-----------|
| 国民健康保険 | 2,500万円 | △200万円 |
| 介護保険(保険事業) | 1,500万円 | 100万円 |
| 介護保険(サービス事業) | 700万円 | △50万円 |
| 後期高齢者医療 | 300万円 | 10万円 |
| **合計** | **5,000万円** | **△140万円** |

## 令和6年度 主要事業

### 農林業

- **村有林整備事業** [140万円]
- **土木費等計算支援事業** [90万円]
"""
_DOCUMENTS = (
    ("city.txt", CITY, "青葉市 令和8年度 一般会計予算書", "青葉市", 2026),
    ("village.txt", VILLAGE, "広報わかたけ 令和6年4月号", "若竹村", 2024),
)


def extractions(folder: Path) -> tuple[Extraction, ...]:
    """The books, written to a folder and read as `ingest add` reads a file whose facts are given."""
    found = []
    for file, text, title, municipality, year in _DOCUMENTS:
        path = folder / file
        path.write_text(text, "utf-8")
        facts = SourceFacts(
            file=file,
            title=title,
            publisher=municipality,
            municipality=municipality,
            ward=None,
            licence="作り物",
            parts=(PartFacts(year, None, "initial_budget"),),
        )
        found.append(extract_file(path, facts))
    return tuple(found)
