"""Opinions are kept without what says who gave them, changed when the same reader changes them, and given back."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from ui.feedback import Opinion, load_opinions, opinion_sheet, save_opinion, without_personal_data

DAY = date(2026, 11, 22)


def test_an_opinion_comes_back_the_latest_first(tmp_path: Path) -> None:
    path = tmp_path / "state" / "feedback.sqlite"
    save_opinion(path, Opinion(DAY, "質問1", "回答1", "good", ""))
    save_opinion(path, Opinion(DAY, "質問2", "回答2", "bad", "金額が違う"))
    assert [(o.question, o.verdict, o.comment) for o in load_opinions(path)] == [
        ("質問2", "bad", "金額が違う"),
        ("質問1", "good", ""),
    ]


def test_a_second_verdict_replaces_the_first(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    number = save_opinion(path, Opinion(DAY, "質問", "回答", "good", ""))
    save_opinion(path, Opinion(DAY, "質問", "回答", "bad", "やはり違う"), replaces=number)
    assert [(o.verdict, o.comment) for o in load_opinions(path)] == [("bad", "やはり違う")]


def test_nothing_said_is_an_empty_list_and_makes_no_file(tmp_path: Path) -> None:
    assert load_opinions(tmp_path / "none.sqlite") == ()
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("taro.yamada@example.co.jpまで", "［省略］まで"),
        ("045-123-4567に電話を", "［省略］に電話を"),
        ("090 1234 5678", "［省略］"),
        ("マイナンバー123456789012", "マイナンバー［省略］"),
        ("予算額は12,182千円、執行率は96.6%のはず", "予算額は12,182千円、執行率は96.6%のはず"),
        ("令和4年度（2022年度）の決算 105,136,000円", "令和4年度（2022年度）の決算 105,136,000円"),
    ],
)
def test_who_said_it_is_left_out_and_figures_are_not(said: str, kept: str, tmp_path: Path) -> None:
    assert without_personal_data(said) == kept
    path = tmp_path / "feedback.sqlite"
    save_opinion(path, Opinion(DAY, said, "回答", "bad", said))
    assert set(sqlite3.connect(path).execute("SELECT question, comment FROM opinion")) == {(kept, kept)}


def test_staff_get_a_table_with_the_verdict_in_words(tmp_path: Path) -> None:
    sheet = opinion_sheet((Opinion(DAY, "質問", "回答", "bad", "意見"),))
    assert sheet.rows == (("2026-11-22", "役に立たなかった", "質問", "意見", "回答"),)
