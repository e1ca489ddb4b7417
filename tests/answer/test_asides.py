"""What a question of a count says aside: what the count is not of, and which document is to tell it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask

from answer.asides import without_remark

APART = [
    ("令和4年度に地域防災拠点の防災訓練に参加したのは何人ですか。拠点の数や地区連合の分は要りません。", "2151"),
    ("令和4年度の防災訓練に参加した人は何人ですか（地域防災拠点の分は除きます）", "4257"),
    ("マイナンバーカードね、あれ旭区では令和4年度の1年間に何枚渡したの？ 累計じゃないほうよ。", "51326"),
    ("横浜旭ジャズまつりの来場者は令和4年度に何人ですか。プレコンサートは含めません。", "1550"),
    ("あさひの朝市は令和4年度、区役所の分を除くと何回", "3"),
    ("認知症ケアパスガイドは令和4年度に何部配りましたか。増刷した数ではなく。", "6870"),
    ("あさひみらい塾の応募じゃなくて参加者は何人", "12"),
    ("転出届のオンライン手続きは何件ありましたか（令和4年度）。戸籍関係は含めません。", "252"),
]


@pytest.mark.parametrize(("question", "value"), APART)
def test_the_count_that_is_not_left_out(ask: Ask, question: str, value: str) -> None:
    assert {f.value for f in ask(question).figures} == {Decimal(value)}


def test_what_is_left_out_shows_in_how_the_question_was_read(ask: Ask) -> None:
    assert (
        "「地区連合」を除く" in ask("令和4年度の防災訓練に参加したのは何人ですか。地区連合は含めません。").interpreted
    )


@pytest.mark.parametrize(
    "question",
    [
        "旭区民スポーツ祭の令和4年度の参加者は陸上を除いて何人",
        "令和4年度の文化事業の総来場者数は、演劇の分は入れないで何人",
    ],
)
def test_a_total_is_not_told_without_a_part_that_is_not_printed(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())


@pytest.mark.parametrize(
    ("question", "rest", "left_out"),
    [
        ("参加したのは何人？回数ではなく人数で。", "参加したのは何人？", ("回数",)),
        ("訓練は何回（出張は除く）", "訓練は何回", ("出張",)),
        ("令和5年度ではなく令和4年度の参加者は何人", "令和5年度ではなく令和4年度の参加者は何人", ()),
        ("訓練に参加したのは何人ですか", "訓練に参加したのは何人ですか", ()),
    ],
)
def test_remarks(question: str, rest: str, left_out: tuple[str, ...]) -> None:
    asides = without_remark(question)
    assert (asides.question, asides.left_out) == (rest, left_out)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (
            "旭区ふれあいスポーツ大会のボッチャの人数、令和4年度の決算の説明（個性ある区づくり推進費）の方では何人となっていますか。",
            "67",
        ),
        ("令和4年度の振り返りでは旭区ふれあいスポーツ大会のボッチャは何人", "82"),
        ("旭区ふれあいスポーツ大会のボッチャは、決算総括説明書によると令和4年度に何人ですか", "67"),
    ],
)
def test_the_document_that_is_to_tell(ask: Ask, question: str, value: str) -> None:
    assert {f.value for f in ask(question).figures} == {Decimal(value)}


@pytest.mark.parametrize(
    "question",
    [
        "卓球とボッチャの、ふれあいスポーツ大会ってありましたよね。令和4年度のボッチャの参加人数、資料によって食い違ってません？",
        "令和4年度のボッチャの参加人数、振り返りと決算で一致してる？",
        "振り返りと決算の資料で、令和4年度のボッチャの参加人数は同じ？",
        "令和4年度のボッチャの参加人数って、資料ごとにずれてる？",
    ],
)
def test_prints_that_differ_are_both_told_with_a_warning(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert {f.value for f in answer.figures} == {Decimal(67), Decimal(82)}
    assert any("67人" in w and "82人" in w for w in answer.warnings)


def test_the_place_of_the_document_stays(ask: Ask) -> None:
    assert "横浜市西区" in ask("西区の運営方針では防災訓練は何回").interpreted


def test_a_target_that_is_not_wanted_hides_no_count(ask: Ask) -> None:
    answer = ask("令和4年度の防災訓練の参加者は何人？目標は要りません")
    assert {f.value for f in answer.figures} == {Decimal(2151), Decimal(4257)}


def test_two_counts_of_one_document_do_not_differ(ask: Ask) -> None:
    answer = ask("令和4年度の防災訓練の参加者数、資料によって違いますか")
    assert {f.value for f in answer.figures} == {Decimal(2151), Decimal(4257)}
    assert answer.warnings == ()


@pytest.mark.parametrize(
    ("question", "known", "value"),
    [
        ("マイナンバカードの申請サポート、令和4年度は旭区で何回開かれたのでしょうか。", "マイナンバーカード", "75"),
        ("プレコンサトの来場者は令和4年度に何人", "プレコンサート", "289"),
    ],
)
def test_a_slip_in_a_katakana_word(ask: Ask, question: str, known: str, value: str) -> None:
    answer = ask(question)
    assert {f.value for f in answer.figures} == {Decimal(value)}
    assert f"「{known}」と読みました" in answer.interpreted
