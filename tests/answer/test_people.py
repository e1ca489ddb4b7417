"""What people say for the words of the tables, and what they ask next: the rows and figures of the plain question."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, running_2023, settled_2022, value

from index.library import Library

# fmt: off
SAID = [
    # Amounts in verbs and in people's words.
    ("令和5年度に100万円以上使った事業は何件？", "令和5年度に執行額が100万円以上の事業は何件ですか"),
    ("令和5年度に1円でも使った事業は何件？", "令和5年度に執行額が0円を超える事業は何件ですか"),
    ("使い切れなくて1円でも余りが出た事業、令和4年度は何本あったのか数えてもらえますか",
     "令和4年度に差引が0円を超える事業は何件ですか"),
    ("令和4年度、余ったお金がきっかり0円だった事業はありましたか？", "令和4年度に差引が0円の事業は？"),
    ("残額がある事業は令和4年度に何件ありますか", "令和4年度に差引が0円を超える事業は何件ですか"),
    ("不用額が出なかった事業は？R4", "令和4年度に差引が0円の事業は？"),
    ("令和4年度、差引が1万円以下で済んだ事業はありますか", "令和4年度に差引が1万円以下の事業は？"),
    ("高校生です！ 令和4年度に、用意してたお金より多く使っちゃった事業ってどれですか？",
     "令和4年度に予算を超えた事業は？"),
    ("令和5年度の7月末の時点で、まだ予算の2割も使うてへん事業って、どれとどれなん？",
     "令和5年度に執行率が20%未満の事業は？"),
    ("令和5年度の予算がせいぜい60万円で、7月末の執行率が少なくとも1割はある事業を示してください。",
     "令和5年度の予算が60万円以下で、執行率が10%以上の事業は？"),
    ("令和5年度の7月末時点で執行率が4分の1（25%）に届いていない事業はどれですか",
     "令和5年度に執行率が25%未満の事業は？"),
    ("予算が１００万円（1,000千円）未満の令和5年度の事業は何件", "令和5年度の予算が100万円未満の事業は何件ですか"),
    ("自主企画事業費、令和4年度は全部ひっくるめて余ったお金はいくらだったの？",
     "令和4年度の自主企画事業費の差引の合計は？"),
    ("令和5年度の一覧表で、予算額と7月末の執行額がまったく同じ額になっている事業は？",
     "令和5年度に差引が0円の事業は？"),
    ("素朴な疑問ですみません、令和5年度の一覧表に並んでる事業の中で、いっちばん予算がちっちゃいのってどれなんでしょう？",
     "令和5年度の予算が最も小さい事業は？"),
    ("DV対策事業 FY2022, how much money was left over?", "令和4年度のDV対策事業の差引は？"),
    ("えっと、令和5年7月末で執行率が2割いってない事業ってどれですかね？", "令和5年度に執行率が20%未満の事業は？"),
    ("R4 予算の半分使えなかった事業", "令和4年度に執行率が50%未満の事業は？"),
    ("R4の予算の9割使った事業は？", "令和4年度に執行率が90%以上の事業は？"),
    ("予算500万円つけた事業 R4", "令和4年度に予算額が500万円の事業は？"),
    ("令和4年度に執行率が90%台後半の事業", "令和4年度に執行率が95%以上100%未満の事業は？"),
    ("R4年度に一時託児サービス事業で使わずに終わった額は？", "令和4年度の一時託児サービス事業の差引は？"),
    ("令和5年度が終わった時点で、使い残しが一番多かったのはどの事業ですか。",
     "令和5年度の決算で不用額が最も多い事業は？"),
    ("令和4年度、20万円を超える予算オーバーになった細事業をすべて知りたい。",
     "令和4年度に差引が▲20万円未満の細事業は？"),
    ("令和4年度に差引が-20万円未満の細事業は？", "令和4年度に差引が▲20万円未満の細事業は？"),
    ("R4 差引 −20万円以下の細事業", "令和4年度に差引が▲20万円以下の細事業は？"),
    ("令和4年度に差引がマイナス20万円より小さい細事業は", "令和4年度に差引が▲20万円未満の細事業は？"),
    ("R4 予算 100~200万円の事業", "令和4年度の予算が100万円以上200万円以下の事業は？"),
    ("令和4年度に5万円以上の赤字になった事業は", "令和4年度に予算を5万円以上超過した事業は？"),
    ("令和4年度、地域の力の分野で決算額が多い3事業を教えて", "令和4年度の地域の力の事業で決算額の上位3件は"),
    ("統合事業費の9事業で予算が多いのはどれ 令和5年度", "令和5年度の統合事業費の事業で予算が最も多いのは"),
    ("令和5年度の前年度における広聴・相談事業の執行率を確認したいです。", "令和4年度の広聴・相談事業の執行率は"),
    ("障害者ネットワーク推進事業の令和4年度決算のうち、普及啓発事業は何パーセントですか。",
     "障害者ネットワーク推進事業の令和4年度決算に占める同事業の細事業「普及啓発事業」の割合は"),
    ("横浜市旭区で令和4年度に100万円未満しか使わなかった自主企画事業は何件？",
     "令和4年度の自主企画事業のうち、決算額が100万円未満の事業は何件ですか"),
    ("令和5年度の予算が前年度の予算の8割に満たない事業は？", "令和5年度の予算が前年度の8割未満の事業は？"),
    ("R4 区民まつりと区民スポーツ祭 決算 どっちが高い", "令和4年度の区民まつりと区民スポーツ祭の決算はどちらが多い"),
    ("7月末までに予算の全額を使い終えた事業を教えて", "令和5年度の7月末に差引が0円の事業は？"),
    ("もらった予算を一円も残さず使い切った事業はどれでしょう？（令和4年度決算、はみ出したものは除く）",
     "令和4年度に差引が0円の事業は？"),
    ("執行率が80％未満で終わった自主企画事業を、令和4年度の決算からすべて拾ってください。",
     "令和4年度に執行率が80%未満の自主企画事業は？"),
    # Denied.
    ("令和4年度に決算額が予算額を上回らなかった事業は何件", "令和4年度に差引が0円以上の事業は何件ですか"),
    ("令和4年度の自主企画事業のうち、決算が予算を超えなかった事業は何件ですか。",
     "令和4年度の自主企画事業のうち、差引が0円以上の事業は何件ですか"),
    ("R4で赤字にならなかった事業は何件", "令和4年度に差引が0円以上の事業は何件ですか"),
    ("令和4年度の決算額が予算額を割り込まなかった事業は何件", "令和4年度に差引が0円以下の事業は何件ですか"),
    ("令和4年度の一覧表に並ぶ事業のうち、決算が予算を1円でも下回ったものは何件になりますか",
     "令和4年度に差引が0円を超える事業は何件ですか"),
    ("令和4年度、残った額が5千円以下にとどまった事業を知りたい（予算を超過した事業は除く）",
     "令和4年度に差引が0円以上5千円以下の事業は？"),
    ("令和4年度に執行率が半ばにも達しなかった事業を挙げてください。", "令和4年度に執行率が50%未満の事業は？"),
    ("令和5年度、7月末の時点で予算に一円も手を付けていない事業はどれか", "令和5年度に執行額が0円の事業は？"),
    ("令和4年度に百万円の大台に乗る使い残しを出した事業は何と何ですか", "令和4年度に差引が100万円以上の事業は？"),
    ("令和4年度に予算を超過した事業について、超過額は締めていくらか。",
     "令和4年度に予算を超過した事業の超過額の合計は"),
    ("How many projects had a budget below one million yen in FY2022?",
     "令和4年度の予算が100万円未満の事業は何件ですか"),
    ("Which projects spent less than half a million yen in FY2022?", "令和4年度の決算額が50万円未満の事業は？"),
    ("令和4年度決算で「安全・安心」と「魅力づくり」の差額はいくらですか？",
     "安全・安心と魅力づくりの令和4年度の決算額の差はいくら"),
    ("令和4年度に区政推進課が担当または共同で担当した事業の数を教えてください。",
     "令和4年度に区政推進課が担当する事業は何件ですか"),
    ("自主企画事業費の令和4年度予算は4つの柱にどう配分されていましたか。",
     "令和4年度の自主企画事業費の予算を柱ごとに"),
    ("令和5年度の前年度に当たる年の、青少年健全育成事業の執行率は？", "令和4年度の青少年健全育成事業の執行率は？"),
    ("旭区広報事業の令和4年度の細事業では、どちらの使い残しが多かったのでしょうか",
     "旭区広報事業の令和4年度の細事業で差引が最も大きいのは"),
    ("こども家庭支援課の事業に令和4年度は合わせていくら支出したのか（決算の合計）",
     "令和4年度のこども家庭支援課の事業の決算額の合計は"),
    # Names.
    ("災害に強い区作り事業の令和4年度予算は？", "災害に強い区づくり事業の令和4年度予算は？"),
    ("認知症を皆で支える街づくり事業の令和４年度予算は？", "認知症をみんなでささえるまちづくり事業の令和4年度予算は？"),
    ("地域の繋がりづくりに向けた民生委員の活動支援事業の令和4年度の決算は",
     "地域のつながりづくりに向けた民生委員の活動支援事業の令和4年度の決算は"),
    ("統合事業費ってどんな事業が入っていますか（令和5年度）", "令和5年度の統合事業費の事業の一覧"),
    ("令和4年度の障害者ネットワーク推進事業にぶら下がっている「普及啓発事業」は、決算でいくらになりましたか。",
     "令和4年度の障害者ネットワーク推進事業の普及啓発事業の決算は"),
    ("読書活動推進事業の中にある、同じ名前の細事業「読書活動推進事業」の令和4年度決算額はいくらでしたか。",
     "読書活動推進事業の細事業の読書活動推進事業の令和4年度決算額は"),
    # Left out, and taken in.
    ("1円も執行していない事業を除いて、令和5年7月末の執行率が低い3つは？",
     "令和5年度に執行率が0%を超える事業のうち、執行率が低い方から3つは？"),
    ("執行率50%以下を除く令和4年度の事業は何件", "令和4年度に執行率が50%を超える事業は何件ですか"),
    ("予算超過の事業を除いた令和4年度の決算の合計", "令和4年度に差引が0円以上の事業の決算の合計は"),
    ("地域振興課の事業のうち、令和4年度の差引が10万円未満のものは、赤字のものも含めて何件ですか。",
     "令和4年度の地域振興課の事業のうち、差引が10万円未満のものは何件ですか"),
    ("不用額の多さで令和4年度の事業を順に並べると、ワースト3はどれですか。統合事業費の事業も対象です。",
     "令和4年度の事業で不用額が多い上位3件は？"),
    ("令和5年度予算がちょうど100万円の事業も、ちょうど200万円の事業も含めて、100万円以上200万円以下の事業をすべて列挙せよ。",
     "令和5年度の予算が100万円以上200万円以下の事業は？"),
    # Two years.
    ("災害に強い区づくり事業の執行率、令和4年度の決算と令和5年度7月末を並べて",
     "災害に強い区づくり事業の令和4年度と令和5年度の執行率は"),
    ("区民スポーツ事業の予算は令和5年度に増額されたんですよね？前年度との差額を示してください。",
     "区民スポーツ事業の予算は令和4年度から令和5年度にいくら増えましたか"),
    ("旭区民スポーツ祭の予算は令和4年度と比べて下がってるの？",
     "旭区民スポーツ祭の予算は令和4年度から令和5年度にどう変わりましたか"),
    ("令和4年度から令和5年度にかけて、予算額が2倍以上になった事業はどれですか（同じ名前の事業どうしで比較）。",
     "令和5年度の予算が前年度の2倍以上になった事業は？"),
    ("令和4年度決算と令和5年度7月末、どちらの時点でも執行率が95％以上になっている事業を一覧にしてください。",
     "令和4年度と令和5年度のどちらの年度も執行率が95%以上の事業は？"),
    ("統合事業費の9つのうち、5年度になって予算を減らされちゃったのはどれですか？",
     "統合事業費の事業のうち、令和5年度の予算が減ったものは？"),
    ("一時託児サービス事業の予算は、独立した事業だった令和4年度と、区役所満足度向上事業の細事業になった令和5年度とを比べるといくら減りましたか。",
     "一時託児サービス事業の予算は令和4年度から令和5年度にいくら減りましたか"),
]
# fmt: on


@pytest.mark.parametrize(("question", "plain"), SAID)
def test_people_ask_for_what_the_plain_question_asks(ask: Ask, question: str, plain: str) -> None:
    said, asked = ask(question), ask(plain)
    assert (said.status, said.reason) == (asked.status, asked.reason), (said.text, asked.text)
    assert {f.figure_id for f in said.figures} == {f.figure_id for f in asked.figures}
    results = [a.computation.value if a.computation else None for a in (said, asked)]
    assert results[0] == results[1]


# fmt: off
FOLLOWS = [
    (("地域課題の解決に向けた市民協働推進事業、令和4年度の決算はいくらですか",
      "えっ、そんなに？ 何に使ったのか、決算を細事業ごとに見せてください。"),
     "令和4年度の地域課題の解決に向けた市民協働推進事業の決算の内訳を細事業ごとに"),
    (("令和4年度の自主企画事業で予算額が最大なのはどれですか", "決算額で見た場合は？"),
     "令和4年度の自主企画事業で決算額が最大なのはどれですか"),
    (("令和4年度に予算が大きかった自主企画事業を上から3つ教えて", "5つに増やしてください"),
     "令和4年度に予算が大きかった自主企画事業を上から5つ教えて"),
    (("令和4年度の統合事業費の中で執行率が一番低い事業は？", "自主企画事業費に変えると？"),
     "令和4年度の自主企画事業費の中で執行率が一番低い事業は？"),
    (("令和4年度の高齢・障害支援課の事業の決算額を教えてください", "その中で100万円に届かなかったのは？"),
     "令和4年度の高齢・障害支援課の事業のうち、決算額が100万円未満のものは？"),
    (("令和4年度の執行率ワースト3の事業は？", "令和5年度の7月末時点だとどんな顔ぶれ？"),
     "令和5年度の執行率ワースト3の事業は？"),
    (("令和5年度の青少年健全育成事業、7月末時点の執行率を教えてください。",
      "えっ、そんなに低いんですか…。ちなみに前の年度は、最終的に何パーセントまでいったんです？"),
     "令和4年度の青少年健全育成事業の執行率は？"),
    (("災害に強い区づくり事業、令和5年度の予算は？", "その前の年度は？",
      "ってことは、差し引きいくら増えたことになるのかな"),
     "災害に強い区づくり事業の予算は令和4年度から令和5年度にいくら増えましたか"),
    (("R4 災害に強い区づくり事業の執行率", "なるほど〜。じゃあ令和4年度の執行率がいちばん高い事業はどれですか？",
      "逆にビリは？"),
     "令和4年度の執行率が最も低い事業は？"),
    (("令和4年度の個性ある区づくり推進費、予算の総額は？", "そのうち区庁舎・区民利用施設管理費の割合は何％かな"),
     "令和4年度の区庁舎・区民利用施設管理費の予算が個性ある区づくり推進費に占める割合は"),
    (("令和5年度の旭区広報事業の予算しりたい", "あさひ魅力発見事業とどっちが上？差額もお願い"),
     "令和5年度の旭区広報事業とあさひ魅力発見事業の予算はどちらが多い？"),
    (("令和4年度の振り返りで「あさひみらい塾」は何回やった？", "「シニアのためのいきいき未来講座」は？",
      "参加人数も"),
     "令和4年度の振り返りで「シニアのためのいきいき未来講座」は何人？"),
    (("障害者ネットワーク推進事業の令和4年度の予算を知りたいです", "執行率もお願いします",
      "5年度の7月末時点だと、予算と執行率はそれぞれどうなりますか"),
     "障害者ネットワーク推進事業の令和5年度7月末時点の予算と執行率は"),
    (("令和4年度の旭区広報事業の予算", "令和5年度は？", "健康生活支援事業も同じ年度で知りたいです"),
     "令和5年度の健康生活支援事業の予算は"),
    (("郊外部における働く場の創出事業、令和4年度の予算は？",
      "それと旧若葉台西中学校の本格活用検討事業とではどっちが多い？"),
     "令和4年度の郊外部における働く場の創出事業と旧若葉台西中学校の本格活用検討事業の予算はどちらが多い？"),
    (("令和4年度の区民スポーツ事業の予算は", "文化芸術による心の豊かさ推進事業の方は？",
      "この2つ、決算で見るとどちらが多いですか"),
     "令和4年度の区民スポーツ事業と文化芸術による心の豊かさ推進事業の決算はどちらが多い？"),
    (("令和4年度のあさひの逸品事業の予算額は", "あさひ文化観光資源発信事業の予算額は",
      "この二つ、どちらがいくら多いですか"),
     "令和4年度のあさひの逸品事業とあさひ文化観光資源発信事業の予算はどちらが多い？"),
    (("令和4年度の市民活動支援（みなくる）事業の予算は？",
      "細事業の「人材発掘・育成・支援に関する事業」の分だけだといくら？"),
     "令和4年度の人材発掘・育成・支援に関する事業の予算は"),
    (("令和4年度の自主企画事業費の予算総額を知りたいのですが",
      "そのうち災害に強い区づくり事業が占める割合は何％ですか"),
     "令和4年度の災害に強い区づくり事業の予算が自主企画事業費に占める割合は"),
    (("令和4年度の旭ふれあい区民まつりの決算額は？", "来場者数の目標と実績も知りたいです"),
     "令和4年度の旭ふれあい区民まつりの来場者数の目標と実績は"),
    (("令和4年度の読書活動推進事業の執行率", "ビブリオバトルの参加者は何人ですか",
      "では、令和4年度の区庁舎・区民利用施設管理費の決算額を教えてください"),
     "令和4年度の区庁舎・区民利用施設管理費の決算額を教えてください"),
    (("令和4年度の広聴・相談事業の予算はいくらでしたか",
      "あと、令和5年度の予算で、自主企画事業費は個性ある区づくり推進費全体の何％に当たりますか"),
     "令和5年度の予算で、自主企画事業費は個性ある区づくり推進費全体の何％に当たりますか"),
    (("令和4年度にあって令和5年度の一覧表からなくなった事業は何ですか", "反対に、新しく入った事業は？"),
     "令和4年度になくて令和5年度に新しくできた事業は何ですか"),
    (("消費生活推進事業の令和5年7月末の執行率は？", "前年度の決算では何％だった？"),
     "令和4年度の消費生活推進事業の執行率は"),
    (("令和4年度、地域の力の分野で決算額が多い3事業を教えて", "では魅力づくりの方は？"),
     "令和4年度、魅力づくりの事業で決算額の上位3件は"),
    (("旭区広報事業の令和4年度の決算額を教えてください。", "令和5年度の7月末時点だとどうなりますか。"),
     "旭区広報事業の令和5年度7月末時点の執行額は"),
]
# fmt: on


@pytest.mark.parametrize(
    "question", ["確定申告はいつまでに出せば間に合いますか。", "コピー代は1枚10円で間に合いますか"]
)
def test_what_is_in_time_does_not_ask_whether_figures_agree(ask: Ask, question: str) -> None:
    assert ask(question).status == "not_found"


def test_parts_are_added_up_against_their_project(ask: Ask) -> None:
    """The document prints 374 for the project and 169, 11 and 200 for its parts."""
    answer = ask("元気な地域づくり推進事業の細事業の差引を足すと事業全体の差引と一致しますか（令和４年度）")
    assert "380千円" in answer.text
    assert "374千円" in answer.text
    assert answer.warnings


def test_a_project_and_a_part_of_another_are_added_up(ask: Ask) -> None:
    answer = ask("令和4年度の旭ふれあい区民まつりと横浜旭ジャズまつり支援事業の決算を合計すると？")
    assert answer.computation is not None
    assert answer.computation.value == 5300000


@pytest.mark.parametrize(("questions", "plain"), FOLLOWS)
def test_what_goes_on_is_the_whole_question(ask: Ask, questions: tuple[str, ...], plain: str) -> None:
    *before, last = questions
    said, asked = ask(last, *before), ask(plain)
    assert said.status == asked.status == "answered", (said.text, asked.text)
    assert {f.figure_id for f in said.figures} == {f.figure_id for f in asked.figures}


def test_departments_of_a_list_are_told_with_its_rows(ask: Ask) -> None:
    first = ask("令和4年度で執行率が5割を切っちゃった事業は？")
    told = ask("で、それぞれどこの課がやってるの？", "令和4年度で執行率が5割を切っちゃった事業は？")
    assert {f.figure_id for f in told.figures} == {f.figure_id for f in first.figures}
    assert "総務課" in told.text


def test_a_department_as_a_whole_is_added_up(library: Library, ask: Ask) -> None:
    """「増えましたか」 asks for one change; the projects that rose told only half of it."""
    answer = ask("総務課の予算は令和4年度から令和5年度で増えましたか、減りましたか")
    sums = [
        sum(value(library, p, "budget") for p in rows(library) if "総務課" in p.departments)
        for rows in (settled_2022, running_2023)
    ]
    assert answer.computation is not None
    assert answer.computation.value == sums[1] - sums[0]
    assert "増えたもの" not in answer.interpreted


@pytest.mark.parametrize("but", ["安全・安心の柱でも地域の力の柱でもない", "安全・安心にも地域の力にも属さない"])
def test_neither_of_two(library: Library, ask: Ask, but: str) -> None:
    own = [p for p in running_2023(library) if p.category and "自主企画" in p.category]
    meant = [p for p in own if p.pillar not in ("安全・安心", "地域の力")]
    answer = ask(f"{but}令和5年度の自主企画事業は何件？")
    assert answer.computation is not None
    assert 0 < len(meant) < len(own)
    assert answer.computation.value == len(meant)


def test_what_is_no_part_of_a_total_is_not_taken_off_it(library: Library, ask: Ask) -> None:
    """統合事業費 stands beside 自主企画事業費, whose printed total was told less that of 統合事業費."""
    answer = ask("令和4年度の自主企画事業費の事業（統合事業費は含めない）の決算の合計は")
    own = [p for p in settled_2022(library) if p.category and "自主企画" in p.category]
    assert answer.computation is not None
    assert answer.computation.value == sum(value(library, p, "settled") for p in own)


def test_rows_by_what_their_names_hold(library: Library, ask: Ask) -> None:
    """「旭区」 in quotes is no place, and よこはまあさひ区版 does not hold it."""
    answer = ask("事業名そのものに「旭区」という文字が入っている令和5年度の事業（細事業は除く）を並べて")
    meant = {p.project_id for p in running_2023(library) if "旭区" in p.name}
    assert {f.project_id for f in answer.figures} == meant
    assert 0 < len(meant) < 10


@pytest.mark.parametrize(("said", "low", "high"), [("5つ以上ある", 5, 99), ("1本しかない", 1, 1)])
def test_rows_by_how_many_parts_they_have(library: Library, ask: Ask, said: str, low: int, high: int) -> None:
    rows = running_2023(library)
    parts = [
        sum(p.parent_id == row.project_id for p in library.projects.values() if p.fiscal_year == 2023) for row in rows
    ]
    answer = ask(f"令和5年度に細事業が{said}事業は何件ですか")
    assert answer.computation is not None
    assert answer.computation.value == sum(low <= n <= high for n in parts) > 0


def test_projects_of_a_field_are_counted_and_no_sentence_is_read(ask: Ask) -> None:
    """「何件」 of projects was answered with 75件 that a sentence prints of something else."""
    answer = ask("環境関係の令和5年度の事業は何件ありますか？")
    assert answer.plan is not None
    assert answer.plan.operation == "count"
    assert "75件" not in answer.text


def test_the_mean_without_the_greatest(ask: Ask) -> None:
    """大阪市旭区 prints seven amounts: 31,552千円 is left out."""
    answer = ask(
        "大阪市旭区の令和3年度の取組7つから、予算額が最大のものを除いた残り6つの予算額の平均を教えてください。"
    )
    assert answer.computation is not None
    assert answer.computation.value == 5437000
    assert len(answer.figures) == 6


def test_the_second_of_an_order_of_changes(ask: Ask) -> None:
    answer = ask("令和4年度から令和5年度にかけて予算の増額幅が2番目に大きかった事業は？")
    assert {f.figure_id for f in answer.figures} == {
        f.figure_id for f in ask("スポーツ推進委員支援費の予算は令和4年度から令和5年度にいくら増えましたか").figures
    }


def test_how_many_times_gives_the_ratio(ask: Ask) -> None:
    answer = ask("令和5年度の地域福祉保健計画事業の予算は前年度の何倍になりましたか")
    assert answer.computation is not None
    assert (str(answer.computation.value), answer.computation.unit) == ("2.42", "times")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("細事業の読書活動推進事業の令和4年度の決算額は", ["321000"]),
        ("令和4年度の読書活動推進事業について、事業全体の決算額と、その中の同じ名前の細事業の決算額を並べてください。",
         ["321000", "408000"]),
    ],
)  # fmt: skip
def test_a_part_that_bears_its_projects_name(ask: Ask, question: str, told: list[str]) -> None:
    assert sorted(str(f.value) for f in ask(question).figures) == told


def test_parts_of_which_only_budgets_are_printed(ask: Ask) -> None:
    answer = ask("区民スポーツ事業は何にお金を使っているの？R5")
    assert {f.metric for f in answer.figures} == {"budget"}
    assert len(answer.figures) == 3
    assert "細事業ごとの執行額は、収録資料に見当たりません" in answer.text


def test_what_no_document_is_about_is_not_told_in_sums(ask: Ask) -> None:
    answer = ask("粗大ごみを出すのって1個いくらかかるのか分かる？")
    assert answer.status == "not_found"
    assert not answer.figures


def test_of_the_rows_just_shown(ask: Ask, library: Library) -> None:
    """「その中で総務課のものは？」 after the last five told five of that department, and so did what followed."""
    turns = ("令和4年度の執行率が低い事業を下から5つ教えて", "その中で総務課のものは？", "それぞれの予算額は？")
    first = ask(turns[0])
    second = ask(turns[1], turns[0])
    offices = {p.project_id: p.departments for p in settled_2022(library)}
    wanted = {f.project_id for f in first.figures if "総務課" in offices[f.project_id or ""]}
    assert {f.project_id for f in second.figures} == wanted
    total = ask("2つの合計は？", *turns)
    assert total.computation is not None
    assert total.computation.value == sum(
        value(library, p, "budget") for p in settled_2022(library) if p.project_id in wanted
    )


def test_the_share_of_two_together(ask: Ask, library: Library) -> None:
    """The difference of the two was told as the share."""
    answer = ask("令和5年度の統合事業費の予算に占める、スポーツ推進委員支援費と青少年指導員事業を合わせた割合は")
    own = [p for p in running_2023(library) if p.category == "統合事業費" or p.pillar == "統合事業費"]
    two = [p for p in own if p.name in ("スポーツ推進委員支援費", "青少年指導員事業")]
    whole, part = (sum(value(library, p, "budget") for p in rows) for rows in (own, two))
    assert len(two) == 2
    assert answer.computation is not None
    assert answer.computation.value == round(part * 100 / whole, 1)


def test_below_the_rate_of_all_together(ask: Ask, library: Library) -> None:
    """Its own sums were not declared, and the last check refused the answer."""
    own = [p for p in settled_2022(library) if "地域振興課" in p.departments]
    answer = ask("2022年度、地域振興課の事業のうち執行率が全体の執行率を下回ったものは")
    rate = round(
        sum(value(library, p, "settled") for p in own) * 100 / sum(value(library, p, "budget") for p in own), 1
    )
    below = {p.project_id for p in own if value(library, p, "execution_rate") < rate}
    assert {f.project_id for f in answer.figures} == below
    assert 0 < len(below) < len(own)


def test_an_amount_told_in_passing_bounds_nothing(ask: Ask) -> None:
    """The seven measures are printed with 64,174 thousand yen together; the amount in brackets was read as a bound."""
    answer = ask(
        "大阪市旭区の令和3年度運営方針に載る7つの取組の予算総額に占める、地域活動協議会への支援（31,552千円）の割合は？"
    )
    assert answer.computation is not None
    assert (answer.computation.value, answer.computation.unit) == (Decimal("49.2"), "percent")


def test_a_project_against_the_mean_of_others(ask: Ask, library: Library) -> None:
    answer = ask("交通安全対策事業の令和4年度の決算は、自主企画事業33本の決算の平均をどれだけ上回りましたか")
    own = [p for p in settled_2022(library) if p.category and "自主企画" in p.category]
    mean = round(sum(value(library, p, "settled") for p in own) / len(own))
    (ours,) = [p for p in own if p.name == "交通安全対策事業"]
    assert answer.computation is not None
    assert answer.computation.value == value(library, ours, "settled") - mean
    assert len(answer.figures) == 1


def test_what_one_deed_counts_more_than_another(ask: Ask) -> None:
    answer = ask("旭区版の認知症ケアパスガイドは、令和4年度、配った部数が増刷した部数を何部上回りましたか")
    assert answer.computation is not None
    assert answer.computation.value == 6870 - 5000


@pytest.mark.parametrize(
    "question",
    [
        "統合事業費のうち、令和5年度予算は前年度から増えたのに、7月末の執行率が令和4年度決算の執行率より低いのは？",
        "マイナンバーカードの旭区の累計交付数から令和4年度の交付分を引くと何枚になりますか。",
        "執行率7割がやっとの事業",
        "DV対策事業の令和5年度予算は旭区広報事業の令和4年度決算をいくら下回っていますか",
    ],
)
def test_what_nothing_computes_is_refused(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_found", "no_figure"), answer.text


def test_the_thing_pointed_at_must_be_known(ask: Ask) -> None:
    assert ask("あの件、結局いくらかかったの？").status == "ambiguous"
