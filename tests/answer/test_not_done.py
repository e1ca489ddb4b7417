"""Counts of what was not done: what the whole printed beside a count leaves, and else a refusal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, AskJson


@pytest.mark.parametrize(
    "question",
    [
        "福祉避難所の初動対応訓練をやらなかったのは令和4年度何施設？",
        "福祉避難所の協定を結んだ66施設のうち、令和4年度に初動対応訓練をしなかったのは何施設になりますか。",
        "令和4年度の初動対応訓練を実施していない施設は何施設ですか",
    ],
)
def test_what_the_whole_leaves(ask_json: AskJson, question: str) -> None:
    answer = ask_json(question)
    assert answer["status"] == "answered", answer["text"]
    assert answer["computation"]["result"] == {"value": "4", "unit": "施設"}
    assert [(f["value"], f["source"]["line_start"]) for f in answer["figures"]] == [("62", 10)]


@pytest.mark.parametrize(
    "question",
    [
        "60施設のうち令和4年度に初動対応訓練をしなかったのは何施設",
        "令和4年度に環境学習を実施していない小学校は何校",
        "とことこを配れなかったのは何部",
        "令和4年度の防災講演会に来なかった人は何人",
        "令和4年度、みらい塾に参加しなかった人は何人？",
    ],
)
def test_what_is_not_printed_is_not_guessed(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_found", "no_figure"), answer.text
    assert not answer.figures


def test_a_cat_without_an_owner_denies_nothing(ask: Ask) -> None:
    answer = ask("飼い主のいない猫対策事業の令和4年度のTNR実施頭数は何頭")
    assert {f.value for f in answer.figures} == {Decimal(174)}
