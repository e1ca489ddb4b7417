"""Japanese text -> the words that lexical retrieval matches on: in one written form, cut by UniDic, no particles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

# Old forms (旧字体) and common variants in names beside the form that documents print today.
_OLD_NEW = """
亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 稻稲 飮飲 隱隠 營営 榮栄 衞衛 驛駅 圓円 鹽塩 緣縁 艷艶 應応 歐欧 毆殴 櫻桜
奧奥 橫横 溫温 穩穏 假仮 價価 畫画 會会 壞壊 懷懐 繪絵 槪概 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 渴渇 勸勧 卷巻 寬寛
歡歓 罐缶 觀観 關関 陷陥 顏顔 歸帰 氣気 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟 敎教 强強 狹狭 鄕郷
堯尭 曉暁 區区 驅駆 勳勲 薰薫 徑径 惠恵 揭掲 攜携 溪渓 經経 繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 擊撃 缺欠 儉倹 劍剣
圈圏 檢検 權権 獻献 縣県 硏研 險険 顯顕 驗験 嚴厳 效効 廣広 恆恒 鑛鉱 號号 國国 黑黒 碎砕 濟済 齋斎 劑剤 册冊
雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦
肅粛 處処 緖緒 敍叙 奬奨 將将 稱称 燒焼 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 疊畳 穰穣 讓譲 釀醸 囑嘱 觸触 寢寝
愼慎 晉晋 眞真 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 瀨瀬 淸清 聲声 靑青 靜静 齊斉 攝摂 竊窃 說説 專専 戰戦
淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 巢巣 爭争 總総 聰聡 莊荘 裝装 騷騒 增増 藏蔵 臟臓 卽即 屬属
續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁
聽聴 敕勅 鎭鎮 遞逓 鐵鉄 轉転 點点 傳伝 黨党 盜盗 燈灯 當当 鬪闘 德徳 獨独 讀読 屆届 繩縄 貳弐 惱悩 腦脳 霸覇
廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 彥彦 甁瓶 拂払 佛仏 倂併 竝並 變変 邊辺 邉辺 辨弁 瓣弁 辯弁 步歩
寶宝 豐豊 襃褒 飜翻 槇槙 萬万 滿満 麵麺 默黙 餠餅 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥 來来
賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 鄰隣 凜凛 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 曆暦 歷歴 戀恋 鍊錬 爐炉 勞労
樓楼 郞郎 錄録 灣湾 髙高 﨑崎 嵜崎 嶋島 嶌島 峯峰 冨富 舘館 桒桑 栁柳 濱浜 濵浜 渕淵 渊淵 薗園 埜野 曾曽 檜桧
籔薮 藪薮 蘂蕊 靱靭 驒騨 頰頬 塡填 剝剥 吞呑 攪撹 竈竃 籠篭 躰体 礦鉱 昻昂 嚙噛 摑掴 瘦痩 簞箪 蟬蝉 蠟蝋 軀躯
鷗鴎 麴麹 禱祷 壺壷 諫諌 檮梼 鶯鴬 讚讃 碍害 崕崖
"""
_FOLD = {ord(pair[0]): pair[1] for pair in _OLD_NEW.split()}
_FOLD |= {ord("ヶ"): "ケ", ord("ヵ"): "カ", ord("ゕ"): "カ", ord("ゖ"): "ケ", ord("〜"): "~", ord("～"): "~"}
_DASH_AFTER_KATAKANA = re.compile(r"(?<=[ァ-ヺ])[-‐‑‒–—―−─ｰ]")
_VARIATION_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_CONTENT = frozenset(("名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "記号"))
# Verbs and nouns that carry no topic of their own in a question or a plan.
_EMPTY_LEMMAS = frozenset(
    (
        "為る",
        "居る",
        "有る",
        "成る",
        "事",
        "物",
        "為",
        "様",
        "所",
        "呉れる",
        "下さる",
        "貰う",
        "頂く",
        "出来る",
        "言う",
        "於く",
        "因る",
        "付く",
        "対する",
    )
)
_QUESTION_LEMMAS = frozenset(
    ("何", "誰", "何時", "何処", "何れ", "何の", "教える", "知る", "聞く", "幾ら", "幾つ", "如何", "何故", "何方")
)
_KANA_OR_KANJI = re.compile(
    r"[々〇\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaffA-Za-z0-9\U00020000-\U0003ffff]+"
)


def fold(text: str) -> str:
    """One written form: NFKC (so full width, half-width kana, ①), lower case, old and variant kanji made new.

    >>> fold("ﾎﾞﾗﾝﾃｨｱ　藤澤國雄　鶴ヶ峰　ＳＤＧｓ")
    'ボランティア 藤沢国雄 鶴ケ峰 sdgs'
    """
    text = _VARIATION_SELECTOR.sub("", unicodedata.normalize("NFKC", text))
    return _DASH_AFTER_KATAKANA.sub("ー", text).translate(_FOLD).lower()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as UniDic cuts it: surface as written, dictionary form, reading of that form and of the surface in
    katakana, part of speech.

    The dictionary form unites spellings (子供, 子ども, こども), as the reading does.
    """

    surface: str
    lemma: str
    reading: str
    kana: str
    pos: str

    @property
    def is_content(self) -> bool:
        """Whether it says what a text is about: no particle, auxiliary, mark, or verb such as する."""
        return self.pos in _CONTENT and self.lemma not in _EMPTY_LEMMAS

    @property
    def is_asking(self) -> bool:
        """Whether it only makes a question of the rest (何, いつ, 教える)."""
        return self.lemma in _QUESTION_LEMMAS


@lru_cache(maxsize=1)
def _tagger() -> Any:
    import fugashi
    import unidic_lite

    return fugashi.GenericTagger(f'-d "{unidic_lite.DICDIR}" -r "{unidic_lite.DICDIR}/dicrc"')


def dictionary_forms() -> set[str]:
    """Every dictionary form in UniDic that says something, names of places and people left out."""
    import unidic_lite

    forms = set()
    for entry in (Path(unidic_lite.DICDIR) / "sys.dic").read_bytes().split(b"\0"):
        fields = entry.decode("utf-8", "replace").split(",")
        if len(fields) > 8 and fields[0] in _CONTENT - {"記号"} and fields[1] != "固有名詞":
            forms.add(fields[7].partition("-")[0])
    return forms - {"", "*"}


def words(text: str) -> list[Word]:
    """The words of a text after `fold`, particles and all; spaces and marks of punctuation left out."""
    found = []
    for node in _tagger()(fold(text)):
        # Fields of UniDic: 0 part of speech, 1 its kind, 6 reading and 7 spelling of the lemma, 17 reading as it is
        # written; unknown words have six.
        fields = node.feature_raw.split(",")
        pos = fields[0]
        if pos in ("補助記号", "空白"):
            continue
        surface: str = node.surface
        if len(fields) > 7 and fields[7] != "*":
            lemma = fields[7].partition("-")[0] or surface  # コンピューター-computer
            reading = fields[6]
            kana = fields[17] if len(fields) > 17 and fields[17] != "*" else surface
        else:
            lemma, reading, kana = surface, surface, surface
        found.append(Word(surface, lemma, reading, kana, "代名詞" if pos == "名詞" and lemma == "何" else pos))
    return found


def content_lemmas(text: str) -> list[str]:
    """Dictionary forms of the words that say what the text is about, in order, repetitions kept; never empty where the
    text holds any word at all.

    >>> content_lemmas("子どもの一時預かりを頼める場所はありますか？")
    ['子供', '一時', '預かり', '頼む', '場所']
    """
    all_words = words(text)
    chosen = [word.lemma for word in all_words if word.is_content]
    return chosen or [word.lemma for word in all_words]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring characters inside runs of letters: what finds a compound that was cut differently.

    >>> bigrams("防災 訓練！")
    ['防災', '訓練']
    """
    pairs: list[str] = []
    for run in _KANA_OR_KANJI.findall(fold(text)):
        pairs.extend(run[i : i + 2] for i in range(len(run) - 1))
        if len(run) == 1:
            pairs.append(run)
    return pairs


def sentences(text: str) -> Iterator[str]:
    """Rough sentences of a running text, for texts that nobody has cut into units."""
    for piece in re.split(r"(?<=[。！？!?\n])", text):
        stripped = piece.strip()
        if stripped:
            yield stripped
