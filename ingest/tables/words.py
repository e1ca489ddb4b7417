"""The vocabulary of municipal documents: which words name totals, accounts, departments, works; data, not code.

Everything here is compared after `plain`: half-width, without spaces.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.amounts import half_width

# Names of the 款 of expenditure and revenue, the 節 of expenditure, and accounts: parts of a budget, never projects.
CHAPTERS = frozenset(
    [
        *["議会費", "総務費", "民生費", "衛生費", "労働費", "農林水産業費", "農林費", "農業費", "水産業費", "商工費"],
        *["土木費", "消防費", "警察費", "教育費", "災害復旧費", "公債費", "諸支出金", "予備費", "給与費", "職員費"],
        *["区民費", "産業経済費", "環境費", "福祉費", "観光費", "都市整備費", "公営企業費", "前年度繰上充用金"],
        *["市税", "町税", "村税", "区税", "特別区税", "県税", "都税", "府税", "道税", "地方譲与税", "利子割交付金"],
        *["配当割交付金", "株式等譲渡所得割交付金", "法人事業税交付金", "地方消費税交付金", "ゴルフ場利用税交付金"],
        *["環境性能割交付金", "自動車取得税交付金", "軽油引取税交付金", "地方特例交付金", "地方交付税", "特別区交付金"],
        *["交通安全対策特別交付金", "分担金及び負担金", "分担金および負担金", "使用料及び手数料", "使用料および手数料"],
        *["国庫支出金", "県支出金", "都支出金", "道支出金", "府支出金", "国県支出金", "都道府県支出金", "財産収入"],
        *["寄附金", "寄付金", "繰入金", "繰越金", "諸収入", "市債", "町債", "村債", "県債", "区債", "都債", "地方債"],
        *["自主財源", "依存財源", "各種交付金", "一般財源", "特定財源", "その他", "使用料手数料", "使用料・手数料"],
    ]
)
ITEMS = frozenset(
    [
        *[
            "報酬",
            "給料",
            "職員手当等",
            "職員手当",
            "共済費",
            "災害補償費",
            "恩給及び退職年金",
            "賃金",
            "報償費",
            "旅費",
        ],
        *["交際費", "需用費", "役務費", "委託料", "使用料及び賃借料", "使用料及賃借料", "工事請負費", "原材料費"],
        *["公有財産購入費", "備品購入費", "負担金、補助及び交付金", "負担金補助及び交付金", "負担金補助及交付金"],
        *[
            "負担金・補助及び交付金",
            "扶助費",
            "貸付金",
            "補償、補填及び賠償金",
            "補償補填及び賠償金",
            "補償補填及賠償金",
        ],
        *["補償、補塡及び賠償金", "償還金、利子及び割引料", "償還金利子及び割引料", "償還金利子及割引料"],
        *["投資及び出資金", "積立金", "寄附金", "公課費", "繰出金", "人件費", "物件費", "維持補修費", "普通建設事業費"],
        *["補助費等", "投資的経費", "義務的経費", "災害復旧事業費", "その他の経費", "消費的経費", "扶助費等"],
    ]
)
# Sources of money, costs of staff and sums of both, which a sheet or table prints beside a project's own cost.
BREAKDOWN = re.compile(
    r"国庫|国費|国県|国支出|県支出|都支出|道支出|府支出|都道府県|県費|地方債|起債|市債|町債|村債|その他|一般財源|特定財源"
    r"|人件費|職員数|従事|業務時間|延べ|フルコスト|トータルコスト|総コスト|総事業費|減価償却|受益者|使用料|繰入金|寄附金|間接|財源"
)
TOTAL = re.compile(
    r"^(?:[小合総中累通]|款|項|目|節|部|課|局|会計)?計$|合計(?!画|上)|総計(?!画)|小計(?!画)|総額|^計[(（]|[費計]計$|^予算総額"
)
ACCOUNT = re.compile(r"会計$|会計[(（]|^(?:一般|特別|公営企業|企業)会計")
CODE = re.compile(
    r"^(?:第?[0-9]{1,5}(?:[-－の.][0-9]{1,4})*[.)）、:]?|[(（][0-9]{1,3}[)）]|[①-⑳]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+(?:[-－][0-9]+)*)$"
)
LEADING_CODE = re.compile(
    r"^(?P<code>[0-9]{1,4}(?:[-－.][0-9]{1,4}){0,3}|[(（][0-9]{1,3}[)）]|[①-⑳㉑-㊿]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[-－][0-9]+)"
    r"(?:[.)）、:]|\s)\s*(?P<name>\S.*)$"
)
DEPARTMENT = re.compile(
    r"(?:部|課|室|局|係|所|館|園|院|署|場|班|庁|会|校|本部|センター|チーム|グループ|Ｇ|G|担当|事務所|推進室|対策室|役所|機関|部局外|公室)$"
)
WORK = re.compile(
    r"事業|補助|負担金|委託|工事|業務|整備|経費|対策|推進|運営|支援|交付金|助成|作業|購入|更新|改修|設置|管理|振興|事務|策定|開催"
    r"|保全|活用|強化|促進|向上|充実|普及|育成|確保|貸付|建設|修繕|手当|給付|調査|計画|費$|料$"
)
PROJECT_LIST = re.compile(
    r"主要(?:な)?事業|主な(?:事業|取組|施策)|重点(?:事業|施策)|事業一覧|新規事業|事業別|予算案|当初予算|事業の概要|実施計画"
)
EVALUATION = re.compile(r"事務事業評価|行政評価|施策評価|事業評価|評価(?:シート|表|調書|結果)|点検評価")
VERDICT = re.compile(
    r"^(?:現状(?:どおり)?(?:の)?(?:継続|維持)|継続|拡大|縮小|拡充|充実|廃止|休止|終了|完了|改善.*|見直し.*|統合.*|判断できない|重点化|維持"
    r"|[A-EＡ-Ｅ]|[○◎△×]|新規|臨時|継続実施|効率化|民間移管|要改善|改革改善.*)$"
)
# 基本目標１　子育て支援の充実: a pillar with its number; 施策 1-2 is a step below one.
_PILLAR = re.compile(
    r"^[【<]?(?P<label>(?:重点|基本|経営|政策|まちづくりの?)(?:目標|政策|施策|方針|戦略|課題|柱)|政策|施策|戦略|柱)\s*"
    r"(?P<number>[0-9]{1,2}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[一二三四五六七八九十]{1,2})(?:[\s:：.．、]+|(?=「))(?P<name>[^。]{2,50}?)[】>]?$"
)
_TRAILING_PAGE = re.compile(r"[…‥.・\s][0-9]{1,3}$")
BULLET = re.compile(r"^(?:[○◯〇◎●◇◆□■☆★▼▽▷▶▲△◦・•*＊‣⦿※]|[-–](?=\s))\s*")
MARKS = re.compile(r"\*\*|__|~~|<br\s*/?>|`")


def plain(text: str) -> str:
    """The text as it is compared: half-width, without spaces.

    >>> plain("歳　出　合　計"), plain("（単位：千円）")
    ('歳出合計', '(単位:千円)')
    """
    return "".join(half_width(unicodedata.normalize("NFKC", text)).split())


def numbered_pillar(text: str) -> tuple[str, str] | None:
    """The name of the pillar that a heading numbers, with and without its number first, or None.

    >>> numbered_pillar("基本目標１　子育て支援の充実"), numbered_pillar("施策1-2 見守り")
    (('基本目標1 子育て支援の充実', '基本目標1'), None)
    """
    match = _PILLAR.match(half_width(text).strip())
    if match is None or _TRAILING_PAGE.search(match["name"]):
        return None
    number = f"{match['label']}{match['number']}"
    return f"{number} {' '.join(match['name'].split())}", number


def is_total(name: str) -> bool:
    """Whether a row's name says that it is a sum of others."""
    return TOTAL.search(plain(name)) is not None


def is_budget_part(name: str) -> bool:
    """Whether a name is that of a 款, 節 or account: a part of a budget, not a project."""
    bare = re.sub(r"^(?:第?[0-9]{1,3}[款項目節]?|[(（][0-9]+[)）]|[①-⑳])[.、]?", "", plain(name))
    return bare in CHAPTERS or bare in ITEMS or (ACCOUNT.search(bare) is not None and not bare.endswith("事業費"))


# What only departments end with; 園, 館 and 会 also end other words (公園・緑地課).
_OFFICE = re.compile(r"(?:部|課|室|局|係|所|署|庁|班|委員会|センター|チーム|グループ|Ｇ|G|担当|公室)$")


def split_departments(text: str) -> tuple[str, ...]:
    """The departments named in a cell or bracket, outermost first, each once.

    >>> split_departments("総務課・企画課"), split_departments("畜産課家畜衛生・安全Ｇ")
    (('総務課', '企画課'), ('畜産課家畜衛生・安全Ｇ',))
    """
    blocks = re.split(r"[、,，／/\n;；　]|\s{2,}|(?<=[部課室局所館])\s+", text.strip(" 　()（）〔〕[]"))
    pieces = [piece for block in blocks for piece in _split_at_dots(block)]
    found: list[str] = []
    for piece in pieces:
        name = piece.strip(" 　()（）")
        if name and name not in found and not re.fullmatch(r"[-－ー―\d]*", name):
            found.append(name)
    return tuple(found)


def _split_at_dots(text: str) -> list[str]:
    """A middle dot stands between departments, or inside the name of one: it parts them behind an office's ending."""
    first, *rest = text.split("・")
    found = [first]
    for piece in rest:
        before = found[-1].strip(" 　()（）")
        same_kind = DEPARTMENT.search(before) is not None and before[-1:] == piece.strip(" 　()（）")[-1:]
        if not before or not piece.strip() or _OFFICE.search(before) or same_kind:
            found.append(piece)
        else:
            found[-1] += f"・{piece}"
    return found


def are_departments(names: tuple[str, ...]) -> bool:
    """Whether every name ends as departments' names do."""
    return bool(names) and all(DEPARTMENT.search(name) and len(name) <= 30 for name in names)
