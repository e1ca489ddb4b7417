"""What stands before and after a question changes nothing of what it asks; what it leans on stays."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from combined import Maker

from answer.remarks import without_remarks
from answer.service import Engine
from index.library import Library

REMARKS: dict[str, list[str]] = json.loads((Path(__file__).parent / "remarks.json").read_text(encoding="utf-8"))

BEFORE = (
    "いつもお世話になっております。",
    "商店街で店をやっています。",
    "予算が足りないとよく言われます。",
    "去年より税金が増えた気がします。",
    "最近、区のお金の使い方が気になっています。",
    "どの事業にお金がかかっているのか、友人に聞かれました。",
    "一番大きな事業が何なのか気になっています。",
    "昨日、区の説明会に行ってきました。",
    "I am writing a report.",
    "友人に聞かれたのですが、",
    "会議で説明しないといけないので、",
    "監査の準備で、",
)
AFTER = ("よろしくお願いします。", "明日の会議で使います。", "分かる範囲で結構です。", "以上、よろしくお願いします。")


@pytest.mark.parametrize("seed", range(3))
def test_the_plan_is_that_of_the_question(library: Library, engine: Engine, seed: int) -> None:
    maker, choice = Maker(library, seed), random.Random(seed).choice
    for _ in range(60):
        question = maker.make().question
        question += "" if question.endswith("？") else "？"
        alone = replace(engine.plan(question), question="")
        assert replace(engine.plan(choice(BEFORE) + question), question="") == alone, question
        assert replace(engine.plan(question + choice(AFTER)), question="") == alone, question


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        # The year, the place and the column that only the first sentence names go with the question.
        ("令和4年度の話です。執行率が一番低い事業は？", "令和4年度の執行率が一番低い事業は？"),
        ("西区に住んでいます。令和4年度の事業は何件ですか。", "西区の令和4年度の事業は何件ですか。"),
        (
            "歯周病予防教室に行きました。あの教室は令和4年度、何円残りましたか。",
            "歯周病予防教室は令和4年度、何円残りましたか。",
        ),
        (
            "令和4年度の話です。歯周病予防教室ですが、その予算はいくらですか。",
            "令和4年度の歯周病予防教室ですが、その予算はいくらですか。",
        ),
        ("令和4年度の決算についてお尋ねします。一番大きい事業は？", "令和4年度の決算で、一番大きい事業は？"),
        # Of what the question is narrows it, before it or behind it.
        ("防災の話です。令和4年度の予算が一番大きい事業は？", "防災関係の令和4年度の予算が一番大きい事業は？"),
        (
            "令和4年度の予算が大きい事業トップ3は？子育て分野です。",
            "子育て関係の令和4年度の予算が大きい事業トップ3は？",
        ),
        (
            "区の予算について勉強しています。令和4年度に執行率が50%未満の事業は？",
            "令和4年度に執行率が50%未満の事業は？",
        ),
        (
            "猫の保護を手伝っています。令和4年度にTNRを実施した猫は何頭でしたか。",
            "令和4年度にTNRを実施した猫は何頭でしたか。",
        ),
    ],
)
def test_what_is_told_before(engine: Engine, question: str, meant: str) -> None:
    assert without_remarks(question, engine.understanding.reader.read) == meant


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度に執行率が50%未満の事業がありました。それらの予算の合計は？",
        "予算の1割も使っていない事業があると聞きました。令和5年度で当てはまるのはどれですか。",
        "4年度の自主企画事業で、執行率の低いほうから五つを記事に載せます。名前と率を教えてもらえますか。",
        "近所の野良猫が増えて困っています。区は何か対策をしていますか",
        "横浜ではなく大阪の旭区のほうです。城北公園の魅力向上に付いた予算はいくら？",
        "ジャズまつりへの補助、毎年おいくらでしょうか？予算額で結構です",
        "ジャズまつりに行きました。令和4年度の来場者数は何人ですか？",
        "区内の施設に絵本を配ったそうですが、令和4年度は全部で何冊になりましたか。",
        "交通安全対策事業に関わっています。令和4年度の予算はいくらですか",
        "令和4年度の予算は？",
    ],
)
def test_a_question_that_leans_on_what_was_told(engine: Engine, question: str) -> None:
    assert without_remarks(question, engine.understanding.reader.read) == question


@pytest.mark.parametrize("seed", range(2))
def test_a_remark_may_refuse_but_never_answers_something_else(library: Library, engine: Engine, seed: int) -> None:
    """Remarks that somebody else wrote, most of which nothing was fitted to."""
    maker, random_ = Maker(library, seed + 100), random.Random(seed)
    refused = 0
    for _ in range(80):
        question = maker.make().question.rstrip("？。")
        kind = random_.choice([kind for kind in REMARKS if kind != "tail" or question.endswith("か")])
        remark = random_.choice(REMARKS[kind])
        asked = {
            "before": f"{remark}{question}？",
            "lead": f"{remark}{question}？",
            "interjection": f"{remark}{question}？",
            "tail": f"{question}{remark}。",
            "after": f"{question}？{remark}",
        }[kind]
        alone, told = engine.answer(f"{question}？"), engine.answer(asked)
        if told.status != alone.status:
            refused += 1
            continue
        assert [f.figure_id for f in told.figures] == [f.figure_id for f in alone.figures], asked
    assert refused <= 12, refused
