"""Counts that only sentences print are figures of the answer, each with its line."""

from __future__ import annotations

import pytest
from oracle import Ask

COUNTS = [
    ("令和4年度にゴーヤの苗をもらった区民は何人", {(2022, "90", "人")}),
    ("令和4年度の防災講演会の動画は何人に見られたか", {(2022, "529", "人")}),
    ("第31回の横浜旭ジャズまつりには何人来たんですか", {(2022, "1550", "人")}),
    ("令和4年度の横浜旭ジャズまつり本番（7月31日）の来場者数は何人でしたか。", {(2022, "1550", "人")}),
    ("トリオ左近山は7月末までに何人が延べ何回利用したか", {(2023, "48", "人"), (2023, "162", "回")}),
    ("平成25年度はホタルの鑑賞会などを何地区で開く予定だった？", {(2013, "4", "地区")}),
    ("平成25年度には、何か所の地域防災拠点で防災訓練を支援する予定でしたか", {(2013, "37", "拠点")}),
    ("重忠ブランドって令和4年度までで合計いくつ認定されたの", {(2022, "23", "件")}),
    ("自治会町内会で地域活動推進費を申請し終わった団体はいくつ", {(2022, "210", "団体")}),
    # Two prints of one count that differ are both told.
    ("ふれあいスポーツ大会のボッチャは何人参加しましたか", {(2022, "82", "人"), (2022, "67", "人")}),
    ("令和4年度、ふれあいスポーツ大会の卓球には何人が参加したのか", {(2022, "74", "人")}),
]


@pytest.mark.parametrize(("question", "counts"), COUNTS)
def test_counts(ask: Ask, question: str, counts: set[tuple[int, str, str]]) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert {(f.fiscal_year, str(f.value), f.unit) for f in answer.figures} == counts
    for figure in answer.figures:
        assert figure.metric in ("count", "indicator_result")
        assert figure.metric != "count" or figure.printed in figure.source.quote
        assert figure.source.line_start > 0


@pytest.mark.parametrize(
    "question",
    [
        "公園の数はいくつ",
        "小学校の数は",
        "令和4年度の災害に強い区づくり事業の補助金額",
        "自治会町内会活動支援事業の補助率",
        "旭区の人口は何人ですか",
        "防災講演会の講師謝金はいくら",
    ],
)
def test_a_number_near_the_right_words_is_no_answer(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status == "not_found"
    assert not answer.figures


def test_a_planned_and_a_reached_number_stay_together(ask: Ask) -> None:
    answer = ask("地域防災拠点における災害時ペット同行避難訓練は何拠点で行われた？ 令和4年度")
    assert "２拠点" in answer.text or "2拠点" in answer.text


def test_a_target_is_no_other_print_of_a_count(ask: Ask) -> None:
    # 001 line 4697 prints the target (30人) in the table beside the indicator's name.
    answer = ask("令和5年度 ビブリオバトル大会 参加人数")
    assert [str(f.value) for f in answer.figures] == ["8"]
