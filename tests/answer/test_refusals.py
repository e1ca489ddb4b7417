"""What the documents do not say is told as such, with the reason and with what they do hold."""

from __future__ import annotations

import pytest
from oracle import Ask

CASES = [
    ("川崎市の防災の予算は？", "no_document"),
    ("名古屋市の事業の一覧", "no_document"),
    ("札幌の予算額", "no_document"),
    ("横浜市中区の予算額は？", "no_document"),
    ("令和元年度の予算額は？", "no_document"),
    ("平成10年度の執行率が50%未満の事業は？", "no_document"),
    ("令和5年度の青少年健全育成事業の決算額は？", "not_settled"),
    ("令和5年度に決算額が一番大きい事業は？", "not_settled"),
    ("令和6年度の決算額は？", "not_settled"),
    ("平成25年度の災害に強い区づくり事業の予算額は？", "no_figure"),
    ("横浜市西区の交通安全の予算額は？", "no_figure"),
    ("令和5年度の商店街振興事業の予算額は？", "no_figure"),
    # What is counted must be said: the visitors are printed, these are not.
    ("令和4年度の旭ふれあい区民まつりで警備に雇った人は何人ですか？", "no_figure"),
    ("令和4年度の旭ふれあい区民まつりの来場者のうち、外国人は何人でしたか", "no_figure"),
    ("西区民まつりには令和4年度、何人が来場しましたか。", "no_figure"),
    ("旭区の小学校は全部で何校ありますか", "no_figure"),
    # Six schools had lessons at a river; how many there are is not said.
    ("旭区の小学校は何校ですか", "no_figure"),
    ("旭区の小学校は合計何校ありますか", "no_figure"),
    ("令和4年度に最も多く配られた冊子は何部ですか", "no_figure"),
    # A budget is no answer to what was spent.
    ("令和5年度のビブリオバトル事業は7月末までにいくら使った？", "no_figure"),
    # A sum without one of its parts would be wrong.
    ("令和5年度の災害に強い区づくり事業と商店街振興事業の予算の合計は？", "no_figure"),
    ("新横浜から博多までの新幹線の運賃はいくらですか。", "out_of_scope"),
    ("次の市長選挙には誰が立候補しますか", "out_of_scope"),
    ("今年の箱根駅伝はどの大学が勝ったの？", "out_of_scope"),
]


@pytest.mark.parametrize(("question", "reason"), CASES)
def test_refusals_say_why_and_give_no_figure(ask: Ask, question: str, reason: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_found", reason)
    assert answer.figures == ()
    assert answer.computation is None or answer.computation.value is None
    assert len(answer.text) >= 20


@pytest.mark.parametrize("question", ["川崎市の防災の予算は？", "令和元年度の予算額は？"])
def test_a_missing_document_is_told_with_what_is_held(ask: Ask, question: str) -> None:
    text = ask(question).text
    assert all(place in text for place in ("横浜市旭区", "横浜市西区", "大阪市旭区"))


def test_what_is_not_settled_is_told_with_what_there_is(ask: Ask) -> None:
    answer = ask("令和5年度の青少年健全育成事業の決算額は？")
    assert "7月31日現在" in answer.text
    followed = ask(answer.suggestions[0].replace("令和5年度の", "令和5年度の青少年健全育成事業の"))
    assert followed.status == "answered"
    assert [f.metric for f in followed.figures] == ["executed"]


@pytest.mark.parametrize(
    "question",
    ["円周率の10桁目は？", "おいしいラーメンの作り方を教えて", "明日の株価の予想", "フランスの首都はどこですか"],
)
def test_other_topics_are_refused(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status == "not_found"
    assert answer.figures == ()


@pytest.mark.parametrize("question", ["", "   ", "\n", "　"])
def test_an_empty_question_is_told(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status == "not_found"
    assert "空" in answer.text


def test_a_question_of_ten_thousand_characters_is_told_to_be_too_long(ask: Ask) -> None:
    answer = ask("令和4年度の予算は？" * 1000)
    assert answer.status == "not_found"
    assert "長すぎ" in answer.text
    assert len(answer.question) < 300


@pytest.mark.parametrize(
    "question",
    [
        "？？？",
        "abc",
        "<script>alert(1)</script>",
        "'; DROP TABLE figures; --",
        "👍",
        "あ" * 300,
        "あ" * 1999,
        "\x00予算",
        "１" * 20,
        "１" * 500,
        "\ud800令和4年度",
        "令和4年度の予算が\udfff一番多い事業は？",
    ],
)
def test_no_question_breaks_the_program(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status in ("answered", "not_found", "ambiguous")
    assert answer.text
