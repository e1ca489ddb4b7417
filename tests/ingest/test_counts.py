"""Counts in running text: what is counted, in the text's words; dates, ordinals, ages and conditions are none."""

from __future__ import annotations

import pytest
from corpus_documents import read
from hypothesis import given
from hypothesis import strategies as st

from ingest.counts import find_counts


def gist(text: str, year: int = 2022) -> list[tuple[str, str, str]]:
    return [(count.label, str(count.value), count.unit) for count in find_counts(text, year)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("研修会の実施:全6回、延べ87名参加", [("研修会の実施", "6", "回"), ("研修会の実施", "87", "名")]),
        ("資器材の整備（６か所）", [("資器材の整備", "6", "か所")]),
        ("協定締結施設 66施設", [("協定締結施設", "66", "施設")]),
        ("初動対応訓練 66施設中62施設実施(9/15)", [("初動対応訓練", "62", "施設")]),
        (
            "対策事業としてボランティア登録者15人、TNR実施頭数174頭。連絡会開催(2回)",
            [("ボランティア登録者", "15", "人"), ("TNR実施頭数", "174", "頭"), ("連絡会開催", "2", "回")],
        ),
        (
            "朝市開催(区役所12回、地区センター3回)",
            [("朝市開催（区役所）", "12", "回"), ("朝市開催（地区センター）", "3", "回")],
        ),
        ("専門相談(月2回、10件)", [("専門相談", "2", "回/月"), ("専門相談", "10", "件")]),
        ("地域育児(赤ちゃん)教室(108回)", [("地域育児(赤ちゃん)教室", "108", "回")]),
        ("ガイドの増刷(5,000部)、配布(6,870部)", [("ガイドの増刷", "5000", "部"), ("ガイドの配布", "6870", "部")]),
        ("飼育、学習会、幼虫の放流の実施(2地区:北、南)", [("飼育、学習会、幼虫の放流の実施", "2", "地区")]),
        ("フリーペーパー（８万部）に掲載", [("フリーペーパー", "80000", "部")]),
        ("各区連長19名にタブレットを貸与", [("各区連長", "19", "名")]),
        ("新生児のいる1,281世帯に対し配布", [("新生児のいる世帯", "1281", "世帯")]),
        (
            "福祉避難所連絡会開催（区内66施設、年２回開催） ７月26日（32施設・35人）",
            [
                ("福祉避難所連絡会開催", "66", "施設"),
                ("福祉避難所連絡会開催", "2", "回"),
                ("福祉避難所連絡会開催（７月26日）", "32", "施設"),
                ("福祉避難所連絡会開催（７月26日）", "35", "人"),
            ],
        ),
        (
            "要望への対応（路面標示 要望55件に対し47件対応、反射幕 要望58件に対し61件対応）",
            [
                ("要望への対応（路面標示 要望）", "55", "件"),
                ("要望への対応（路面標示 対応）", "47", "件"),
                ("要望への対応（反射幕 要望）", "58", "件"),
                ("要望への対応（反射幕 対応）", "61", "件"),
            ],
        ),
        (
            "転入区民向けに、「防災マップ」を２年分28,000部作成（隔年発行、２月）",
            [("「防災マップ」を作成", "28000", "部")],
        ),
        (
            "生配信を実施（視聴率：通常時の約３倍 視聴回数：1,185回 ※アーカイブ配信実施無し）",
            [("生配信を実施（視聴回数）", "1185", "回")],
        ),
        ("講演会(年1回)及び救命教室(年4回)", [("講演会", "1", "回"), ("救命教室", "4", "回")]),
        ("冊子を、転入手続の際に配付（4,500部）", [("冊子を、転入手続の際に配付", "4500", "部")]),
    ],
)
def test_counts(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert gist(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "第31回 7月31日開催",
        "41回目を迎える文化祭",
        "４年度から実施（６月～11月）",
        "第4期計画の推進",
        "３歳児、４か月児の健診を実施",
        "小学5、6年生が参加",
        "２人以上の区民を構成員に含む団体",
        "夜間（21:00～5:00）の巡回",
        "19地区の地区別計画の推進",
        "苗を配布（２苗ずつ）",
        "補助率：10分の９",
        "令和5年3月の開業に向けて",
        "20～40代の健康づくり、50年後も",
        "法律相談を実施（１回３人）",
        "全面開放。",
        "",
    ],
)
def test_what_is_no_count(text: str) -> None:
    assert gist(text) == []


def test_a_count_of_another_year_says_so() -> None:
    text = "マイナンバーカードの交付率 令和4年度末:68.5%(令和3年度末:44.6%、前年度比:+23.9ポイント)"
    assert [(str(c.value), c.unit, c.fiscal_year, c.printed) for c in find_counts(text, 2022)] == [
        ("68.5", "percent", 2022, "68.5%"),
        ("44.6", "percent", 2021, "44.6%"),
        ("23.9", "ポイント", None, "+23.9ポイント"),
    ]


def test_counts_and_amounts_of_another_year_in_the_paper_of_this_one() -> None:
    found = {
        (f.label, str(f.value), f.fiscal_year, f.phase) for f in read("001").figures if f.source.line_start >= 3441
    }
    # Line 6328 heads what was done the year before; line 6246 begins with a date of that year; line 3883 ends with it.
    assert ("本格活用に向けた調査・企画業務委託", "3938000", 2022, "result") in found
    assert ("検討経過報告会を開催", "51", 2022, "result") in found
    assert ("プレイベント開催（トークイベント）", "47", 2022, "result") in found
    assert ("こども110番の家・車事業（こども110番の家）", "1551", 2022, "result") in found
    # Line 3767 ends with a date of the year before, but the training is this year's.
    assert ("通信訓練", "5", 2023, "interim") in found
    assert ("補助金上限額", "50000", 2023, "interim") in found


@given(st.integers(1, 9_999_999), st.sampled_from(["人", "回", "部", "件", "団体"]))
def test_any_number_in_brackets_is_read_as_it_is(number: int, unit: str) -> None:
    assert gist(f"啓発チラシの配布（{number:,}{unit}）") == [("啓発チラシの配布", str(number), unit)]


@given(st.text(alphabet="０１２3456回人年月日（）()、。・：第約延べ施設を実施 ", max_size=60))
def test_no_text_breaks_the_reading_and_what_is_printed_stands_in_it(text: str) -> None:
    for count in find_counts(text, 2023):
        assert count.printed in text
        assert count.label


def test_counts_of_the_review() -> None:
    extraction = read("000")
    names = {project.project_id: project.name for project in extraction.projects}
    found = {
        (names[f.project_id or ""], f.label, str(f.value), f.unit, f.fiscal_year)
        for f in extraction.figures
        if f.metric == "count"
    }
    assert len(found) > 95
    cats = "安全で安心な生活環境（生活衛生課）"
    assert (cats, "TNR実施頭数", "174", "頭", 2022) in found
    assert (cats, "ボランティア登録者", "15", "人", 2022) in found
    card = "旭区のマイナンバーカードの交付率"
    assert ("デジタル化の推進（戸籍課）", f"{card}（令和4年度末）", "68.5", "percent", 2022) in found
    assert ("デジタル化の推進（戸籍課）", f"{card}（令和3年度末）", "44.6", "percent", 2021) in found


def test_every_count_is_printed_in_its_source() -> None:
    checked = 0
    for document in ("000", "001", "002"):
        for figure in read(document).figures:
            if figure.metric == "count":
                flat = "".join(figure.source.quote.split())
                assert "".join(figure.printed.split()) in flat, figure
                checked += 1
    assert checked > 250


def test_counts_broken_over_two_lines_keep_their_label_and_their_lines() -> None:
    extraction = read("001")
    names = {project.project_id: project.name for project in extraction.projects}
    found = {
        (names[f.project_id or ""], f.label, f.printed): (f.source.line_start, f.source.line_end)
        for f in extraction.figures
        if f.metric == "count" and f.fiscal_year in (2022, 2023)
    }
    assert found["旭ふれあい区民まつり", _BROADCAST, "1,185回"] == (963, 967)
    assert found["福祉避難所開設・運営支援事業", "福祉避難所連絡会開催（７月26日）", "35人"] == (3774, 3780)
    assert found["効果検証", "施設利用者数", "48人"] == (6278, 6278)
    units = {unit.text: (unit.line_start, unit.line_end) for section in extraction.sections for unit in section.units}
    helpers = "みんなのまちの保育園応援隊 登録者：55人（登録者：56人、活動人数：延べ 87人）"
    assert units[helpers] == (1910, 1912)
    # A line that ended before it was full parts what stands on it from the next line.
    assert any("通常時の同時間帯視聴率の約３倍 YouTube視聴回数：1,185回" in text for text in units)


_BROADCAST = "YCVでの生放送、YCVYouTubeチャンネルでの生配信を実施（YouTube視聴回数）"
