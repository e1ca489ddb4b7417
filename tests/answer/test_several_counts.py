"""One question of two counts: read as two, each told with its line, then added up or compared."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask

from answer.several_counts import several_counts


@pytest.mark.parametrize(
    ("question", "how", "questions"),
    [
        ("本大会とプレ大会の来場者はそれぞれ何人", "each", ("本大会の来場者は何人", "プレ大会の来場者は何人")),
        ("中学生向けと高齢者向けを合わせると何人ですか", "sum", ("中学生向け何人ですか", "高齢者向け何人ですか")),
        ("参加者は、小学生の分と中学生の分を合わせると何人", "sum", ("参加者は、小学生何人", "参加者は、中学生何人")),
        ("朝市は区役所で何回、地区センターで何回か", "each", ("朝市は区役所で何回か", "朝市は地区センターで何回か")),
        (
            "朝市は区役所と地区センターのどちらで多く開かれたか",
            "which",
            ("朝市は区役所は何回", "朝市は地区センターは何回"),
        ),
    ],
)
def test_two_questions(question: str, how: str, questions: tuple[str, ...]) -> None:
    found = several_counts(question)
    assert found is not None
    assert (found.how, found.questions) == (how, questions)


@pytest.mark.parametrize(
    "question",
    [
        "旭ふれあい区民まつりの来場者は何人",
        "令和4年度と令和5年度の参加者はそれぞれ何人",
        "総務課と地域振興課の事業はそれぞれ何件",
        "災害に強い区づくり事業の予算はいくら",
    ],
)
def test_one_question(question: str) -> None:
    assert several_counts(question) is None


@pytest.mark.parametrize(
    ("question", "printed", "result"),
    [
        (
            "スクエアストレイト方式の交通安全教室は、令和4年度に中学生向けと高齢者向けを合わせると何人が参加しましたか",
            {1270, 60},
            1330,
        ),
        ("転出届と戸籍関係証明書のオンライン手続きは、令和4年度に両方で合計何件か", {252, 380}, 632),
        ("あさひの朝市、令和4年度は区役所と地区センターのどちらで多く開かれましたか", {12, 3}, 9),
        ("令和4年度に「あさひの朝市」は区役所で何回、地区センターで何回開かれましたか", {12, 3}, None),
        ("令和4年度の防災訓練、地域防災拠点と地区連合でそれぞれ何人参加しましたか", {2151, 4257}, None),
        (
            "旭区のマイナンバーカードの交付率、令和3年度末に比べて令和4年度末はどれだけ上がりましたか",
            {"44.6", "68.5"},
            "23.9",
        ),
    ],
)
def test_counts_together(ask: Ask, question: str, printed: set[int | str], result: int | str | None) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert {f.value for f in answer.figures} == {Decimal(value) for value in printed}
    assert all(f.source.line_start for f in answer.figures)
    told = answer.computation.value if answer.computation else None
    assert told == (None if result is None else Decimal(result))


@pytest.mark.parametrize(
    ("question", "result"),
    [
        (
            "ＤＶ対策事業で令和4年度に弁護士の法律相談と臨床心理士のカウンセリングを受けたのは、両方合わせて何人？回数ではなく人数で。",
            43,
        ),
        (
            "シニアのためのいきいき未来講座、インターネット活用講座、ミドルのためのグッドライフスタイルの3講座の延べ参加者は、令和4年度に足して何人？",
            196,
        ),
        ("旭区民スポーツ祭と大なわとび大会の令和4年度の参加者総数は合わせて何人", 4128),
        ("あさひの朝市は令和4年度に全部で何回開催したの？区役所と地区センター足して。", 15),
    ],
)
def test_counts_added_up(ask: Ask, question: str, result: int) -> None:
    answer = ask(question)
    assert answer.computation is not None
    assert answer.computation.value == result
    assert sum({f.value for f in answer.figures}) == result


@pytest.mark.parametrize(
    "question",
    [
        # Three things are named as two.
        "シニアのためのいきいき未来講座、インターネット活用講座、ミドルのためのグッドライフスタイルの2講座の延べ参加者は、令和4年度に足して何人？",
        # Pieces of one, sheets of the other.
        "防犯ブザーとランドセルカバーは令和4年度に合わせて何個配った？",
        # Two documents print the one differently.
        "令和4年度のボッチャと卓球の参加者は合計何人",
        "平成25年度の防災訓練の支援、地区と拠点を合わせていくつ？",
    ],
)
def test_what_cannot_be_added_up_soundly_is_refused(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())


def test_a_number_in_brackets_is_of_what_stands_before_them(ask: Ask) -> None:
    answer = ask("みなくるのシニアのためのいきいき未来講座の延べ参加者は令和4年度に何人？")
    assert {f.value for f in answer.figures} == {Decimal(73)}


def test_counts_of_two_years(ask: Ask) -> None:
    answer = ask("帷子川の環境学習の対象の小学校は、平成25年度と令和4年度を比べると何校増えていますか")
    assert {(f.fiscal_year, f.value) for f in answer.figures} == {(2013, 4), (2022, 6)}
    assert answer.computation is not None
    assert answer.computation.value == 2
