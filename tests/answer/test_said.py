"""Numbers that sentences say: told where the sentence holds what is counted, never where it only stands near."""

from __future__ import annotations

import pytest
from oracle import Ask

SAID = [
    ("令和4年度のウォーキング講座に参加したのは何人", "46人"),
    ("DVの法律相談は令和4年度に何人が利用したか", "28人"),
    ("飼い主のいない猫のTNRは令和4年度に何頭実施しましたか", "174頭"),
    ("令和4年度にTNR（飼い主のいない猫の捕獲・手術）をしたのは何頭ですか。", "174頭"),
    ("区内の施設に絵本を配ったそうですが、令和4年度は全部で何冊になりましたか。", "446冊"),
    ("令和5年度の福祉避難所連絡会には何施設何人が参加しましたか", "35人"),
]
# Numbers stand beside these words in the documents, and are of other things.
NOT_SAID = [
    "旭区の人口は何人ですか",
    "横浜市の職員数は何人",
    "旭区の高齢者は何人ですか",
    "旭区の世帯数は？",
    "令和4年度に区役所に来た人は何人",
    "旭区の農家の数は",
    "災害に強い区づくり事業の国庫補助金はいくらですか",
    "スクールゾーン対策事業の工事費は令和4年度いくら",
    "ジャズまつりの出演料はいくらですか",
    "あさひくんのグッズの値段は？",
]


@pytest.mark.parametrize(("question", "number"), SAID)
def test_said(ask: Ask, question: str, number: str) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert number in answer.text


@pytest.mark.parametrize("question", NOT_SAID)
def test_not_said(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())


def test_a_target_is_not_told_as_what_was_reached(ask: Ask) -> None:
    reached = ask("ジュニアボランティア経験者数は令和5年度、結局何人になりましたか")
    assert (reached.status, reached.reason) == ("not_found", "not_settled")
    assert "300" not in reached.text
    aimed = ask("令和5年度のジュニアボランティア経験者数は何人？")
    assert "（目標）: 300人" in aimed.text
    assert [f.metric for f in aimed.figures] == ["indicator_target"]


def test_the_noun_before_a_number_says_what_it_counts(ask: Ask) -> None:
    answer = ask("令和5年度に65歳以上へ貸し出した迷惑電話防止機器、7月末までの貸与件数は？")
    assert [f"{f.value}{f.unit}" for f in answer.figures] == ["46台"]


@pytest.mark.parametrize(
    "question",
    [
        "旭区で令和4年度に交付したマイナンバーカードは、累計の交付数の何パーセントに当たりますか。",
        "令和4年度のご近助マニュアル研修会、1回につき平均して何人が参加した計算ですか。",
        "令和5年度の旭ふれあい区民まつり、来場者満足度の実績は何％？",
    ],
)
def test_no_other_number_stands_in_for_what_would_have_to_be_computed(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())


def test_a_mean_that_is_printed_is_told(ask: Ask) -> None:
    assert "3.04" in ask("一時託児は1回の開室で平均何人？").text


def test_two_of_a_kind_are_told_alike(ask: Ask) -> None:
    answer = ask("令和4年度の防災訓練は何人ですか")
    assert {str(f.value) for f in answer.figures} == {"2151", "4257"}
