"""A follow-up tells what the same question asked in full tells; each of these once told something else."""

from __future__ import annotations

import pytest
from oracle import Ask

# The questions before, the follow-up, and the question in full.
# fmt: off
IN_FULL: list[tuple[tuple[str, ...], str]] = [
    (("子育て・若者支援事業って令和5年度いくら予算がついてるの？", "R4の予算とどれくらい違う？"),
     "子育て・若者支援事業の予算は令和4年度から令和5年度でどれくらい変わりましたか"),
    (("旧若葉台西中学校の本格活用検討事業、令和5年度の予算はいくら", "前年度予算の何％にあたる？"),
     "旧若葉台西中学校の本格活用検討事業の令和5年度の予算は前年度予算の何％にあたりますか"),
    (("令和4年度の旭ふれあい区民まつりの決算は？", "ありがとう。話変わるけど、生活衛生課が令和5年度にやってる事業は？"),
     "令和5年度の生活衛生課の事業は？"),
    (("令和5年度、こども家庭支援課の各事業の予算はいくらずつ？", "一番多いのは？"),
     "令和5年度のこども家庭支援課の事業で予算が最も多いものは？"),
    (("令和4年度、温暖化対策推進にはいくら使った？", "予算に対して何％？"), "令和4年度の温暖化対策推進の執行率は？"),
    (("令和4年度の地域の力の事業で執行率がもっとも低いのは？", "その次は？"),
     "令和4年度の地域の力の事業で執行率が2番目に低いのは？"),
    (("令和4年度の地域の力の事業で執行率がもっとも低いのは？", "その次は？", "次は？"),
     "令和4年度の地域の力の事業で執行率が3番目に低いのは？"),
    (("令和4年度決算で執行率が80%未満の事業は？", "60%以上のだけにして"),
     "令和4年度決算で執行率が60%以上80%未満の事業は？"),
    (("令和5年7月末時点で執行率が30％未満の事業を挙げて", "10％未満に絞ると？"),
     "令和5年7月末時点で執行率が10%未満の事業は？"),
    (("魅力づくりの柱で、令和4年度の執行率が95%以上の事業を教えてください", "それ以外は？"),
     "令和4年度の魅力づくりの柱で執行率が95%未満の事業は？"),
    (("令和4年度の青少年健全育成事業の予算は？", "街の美化運動事業の予算は？", "さっきの青少年健全育成事業の決算は？"),
     "令和4年度の青少年健全育成事業の決算は？"),
    (("子育て支援情報提供事業の令和4年度決算は？", "間違えた、保育所地域子育て支援事業のほう"),
     "保育所地域子育て支援事業の令和4年度決算は？"),
    (("市民活動支援（みなくる）事業の令和4年度予算は？", "決算は？",
      "文化芸術による心の豊かさ推進事業も、予算と決算の両方で"),
     "令和4年度の文化芸術による心の豊かさ推進事業の予算と決算は？"),
    (("令和4年度の旭ふれあい区民まつりの予算は？", "来場者は何人だった？", "目標は何人だったの"),
     "令和4年度の旭ふれあい区民まつりの来場者数の目標は？"),
    (("令和4年度の横浜旭ジャズまつりの本番（こども自然公園）の来場者数は？", "プレコンサートの方は？"),
     "令和4年度のプレコンサートは何人"),
    (("令和4年度、スクールゾーン対策で路面標示の要望は何件出ましたか", "うち対応できたのは？"),
     "令和4年度、スクールゾーン対策で路面標示の要望のうち対応できたのは何件"),
    (("横浜市旭区の令和4年度の災害に強い区づくり事業の予算はいくら？", "大阪の方は？地域防災・減災力の強化ってやつ"),
     "大阪市旭区の地域防災・減災力の強化の予算は？"),
]
# fmt: on


@pytest.mark.parametrize(("questions", "in_full"), IN_FULL)
def test_the_same_as_in_full(ask: Ask, questions: tuple[str, ...], in_full: str) -> None:
    *history, question = questions
    answer, wanted = ask(question, *history), ask(in_full)
    assert wanted.figures, wanted.text
    assert {f.figure_id for f in answer.figures} == {f.figure_id for f in wanted.figures}, answer.text
    if wanted.computation is not None and answer.computation is not None:
        assert answer.computation.value == wanted.computation.value


@pytest.mark.parametrize(
    "questions",
    [
        ("令和4年度の予算が多い事業トップ3は", "それ以外は？"),
        ("令和4年度から令和5年度で予算が増えた事業は", "残りの事業は？"),
    ],
)
def test_what_an_order_or_a_change_leaves_is_not_told_as_what_it_picks(ask: Ask, questions: tuple[str, ...]) -> None:
    *history, question = questions
    answer = ask(question, *history)
    assert (answer.status, answer.figures) == ("not_found", ()), answer.text


def test_what_is_left_at_the_interim_is_a_result(ask: Ask) -> None:
    answer = ask("残りはいくらあるの", "令和5年度の文化芸術による心の豊かさ推進事業の予算は？", "7月末の執行額は？")
    assert answer.computation is not None
    assert answer.computation.value == 669_000
