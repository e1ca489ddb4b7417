"""Two wordings of one question give the same rows; the first of each pair was once refused or answered otherwise."""

from __future__ import annotations

import pytest
from oracle import Ask

SAME = [
    ("しっこうりつ わーすと3 れいわ4ねんど", "令和4年度の執行率ワースト3"),
    ("令和4年度に地域振興課が受け持っていた事業は全部でいくつありましたか", "令和4年度の地域振興課の事業は何件ですか"),
    ("令和4年度に、予算を一円も余さずにきれいに使い切った事業はどれでしょうか", "令和4年度に予算を使い切った事業は？"),
    ("大阪の旭区 虐待ゼロの予算", "大阪市旭区の「重大虐待ゼロ」をめざす取組の予算額は？"),
    ("子育て・若者支援事業の中で予算オーバーしたやつ どれ R4",
     "令和4年度の子育て・若者支援事業の細事業で予算を超えたもの"),
    ("令和4年度の自主企画事業費について、予算額、決算額、差引及び執行率をそれぞれお示しください。",
     "令和4年度の自主企画事業費の予算額、決算額、差引、執行率は？"),
    ("令和5年度に予算が前年度を下回った事業はいくつあるのか", "令和4年度から令和5年度に予算が減った事業は何件？"),
    ("統合事業費のうち、令和4年度から令和5年度にかけて予算が増額された事業はどれでしょうか。",
     "統合事業費の事業で令和4年度から令和5年度に予算が増えたものは？"),
    ("Which projects spent more than their budget in FY2022?", "令和4年度に予算を超えた事業は？"),
    ("令和4年度の予算1位の事業", "令和4年度に予算が最も多い事業は？"),
    ("念のため、令和4年度に執行率が50%未満だった事業をリストアップして", "令和4年度に執行率が50%未満の事業は？"),
    ("いつもお世話になっております。令和4年度に執行率が50%未満の事業をご教示ください。",
     "令和4年度に執行率が50%未満の事業は？"),
    ("保育所地域子育て志援事業の令和4年度の差引", "保育所地域子育て支援事業の令和4年度の差引"),
    ("二〇二三年度の区民スポーツ事業の予算", "令和5年度の区民スポーツ事業の予算"),
    ("DV対策事業と同じ課の事業は令和4年度だと何", "令和4年度のこども家庭支援課の事業一覧"),
    ("令和4年度の旭区広報事業で使われなかったお金はいくら", "令和4年度の旭区広報事業の差引は？"),
    ("令和4年度で予算に対して使い残しの割合が一番大きかった事業は？", "令和4年度に執行率が最も低い事業は？"),
    ("令和5年度に予算がマイナスになった事業（前年度比）は", "令和4年度から令和5年度に予算が減った事業は？"),
    ("令和4年度の黒字で終わった事業", "令和4年度に予算が余った事業は？"),
    ("令和4年度の執行率の低い順に三つ", "令和4年度の執行率ワースト3"),
    ("健康生活支援事業の予算に対する決算の割合 令和4年度", "令和4年度の健康生活支援事業の執行率は？"),
    ("令和4年度の「あさひくん」の元気推進事業の普及啓発事業の予算",
     "令和4年度の「あさひくん」でつながる旭区の元気推進事業の普及啓発事業の予算額"),
    ("旭区広報事業は令和4年度に予算の何％を使いましたか", "令和4年度の旭区広報事業の執行率は？"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "plain"), SAME)
def test_the_same_rows(ask: Ask, question: str, plain: str) -> None:
    odd, straight = ask(question), ask(plain)
    assert (odd.status, straight.status) == ("answered", "answered")
    assert {f.figure_id for f in odd.figures} == {f.figure_id for f in straight.figures} != set()


FOLLOW_UPS = [
    (
        ("令和4年度の「区役所の機能強化」の柱の決算額はいくらか。", "では、その柱の令和5年度の予算額はいくらか。"),
        "8,381千円",
    ),
    (("令和4年度の地域振興課の事業の予算合計は？", "決算は？"), "53,879千円"),
    (
        ("令和4年度の予算が2番目と3番目に多い事業は？", "そのうち執行率が低いのは？"),
        "広報よこはまあさひ区版発行事業: 執行率 99.1%",
    ),
    (("地域福祉保健計画事業と健康生活支援事業の令和4年度の決算は？", "2つの差はいくら？"), "947千円"),
    (("健康生活支援事業の令和4年度の予算は？", "執行率は何%？"), "88.4"),
]


@pytest.mark.parametrize(("questions", "told"), FOLLOW_UPS)
def test_follow_ups(ask: Ask, questions: tuple[str, str], told: str) -> None:
    answer = ask(questions[1], questions[0])
    assert answer.status == "answered"
    assert told in answer.text


def test_the_department_of_the_answer_before(ask: Ask) -> None:
    answer = ask("その課の事業を全部見せて", "令和4年度の安全で安心な食と生活環境支援事業の担当課はどこですか？")
    assert "安全で安心な食と生活環境支援事業" in answer.text
    assert "生活衛生課の事業は" in answer.text


def test_a_project_that_the_year_does_not_have_is_not_another(ask: Ask) -> None:
    answer = ask("令和5年度の交通安全対策事業の予算は")
    assert (answer.status, answer.figures) == ("not_found", ())


@pytest.mark.parametrize(
    "but", ["以外で、予算を超過したのは", "は別として、予算を超えた事業は？", "のほかにも予算を超えた事業は？"]
)
def test_what_is_left_out(ask: Ask, but: str) -> None:
    everything = {f.figure_id for f in ask("令和4年度に予算を超えた事業は？").figures}
    left_out = {f.figure_id for f in ask(f"令和4年度、区民に身近で信頼される区役所事業{but}").figures}
    assert left_out < everything
    assert len(everything) > len(left_out) > 0


def test_projects_are_counted_by_department(ask: Ask) -> None:
    assert "地域振興課: 20件" in ask("令和4年度に事業が一番多い課はどこ？").text
    assert "地域振興課: 2件" in ask("令和4年度、執行率50%未満の事業が一番多い課は？").text


def test_departments_written_alike_in_another_ward_are_not_asked_about(ask: Ask) -> None:
    answer = ask("こども家庭支援課と福祉保健課、令和5年度の予算が多いのはどっち？")
    assert "子ども家庭支援課" not in answer.text


def test_which_pillar(ask: Ask) -> None:
    assert "「地域の力」" in ask("子育て支援情報提供事業 どの柱に入ってる？").text


@pytest.mark.parametrize(
    "question",
    ["大阪市旭区の経営課題4の取組の予算額", "大阪市旭区の地域防災力・地域防犯力の強化の取組の予算額"],
)
def test_a_pillar_by_its_number(ask: Ask, question: str) -> None:
    assert "8,019千円" in ask(question).text
