"""Words: one written form, no particles, and never nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.synonyms import PATH, meanings
from index.tokens import bigrams, content_lemmas, fold, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ﾎﾞﾗﾝﾃｨｱ", "ボランティア"),
        ("Ｒ４年度　執行率５０％", "r4年度 執行率50%"),
        ("澤田國男", "沢田国男"),
        ("髙橋・渡邉", "高橋・渡辺"),
        ("鶴ヶ峰", "鶴ケ峰"),
        ("コンピュ−タ", "コンピュータ"),
        ("①", "1"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_one_written_form(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("子ども", "子供"),
        ("こども", "子供"),
        ("障がい", "障害"),
        ("障碍", "障害"),
        ("ボランティア", "ﾎﾞﾗﾝﾃｨｱ"),
        ("國勢調査", "国勢調査"),
        ("ＳＤＧｓ", "SDGs"),
        ("取組み", "取り組み"),
    ],
)
def test_spellings_meet_in_the_dictionary_form(one: str, other: str) -> None:
    assert content_lemmas(one) == content_lemmas(other)


def test_particles_and_empty_verbs_are_left_out() -> None:
    assert content_lemmas("猫をどうにかしてください") == content_lemmas("猫 どうにか")
    assert "猫" in content_lemmas("猫をどうにかしてください")


@pytest.mark.parametrize("question", ["これは何ですか", "ある？", "いくら", "どこで", "する", "の"])
def test_a_question_of_empty_words_still_has_terms(question: str) -> None:
    assert content_lemmas(question)


def test_marks_have_no_words() -> None:
    assert words("！？、。「」…") == []
    assert bigrams("！？、。") == []


@given(st.text(alphabet="あいうえおかきくアイウ一二三防災猫区ａ１", min_size=1, max_size=30))
def test_every_written_word_has_terms(text: str) -> None:
    assert content_lemmas(text)
    assert bigrams(text)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_shares_lie_between_nothing_and_everything() -> None:
    documents = [content_lemmas(text) for text in ("猫の不妊手術を支援する", "防災訓練を行う", "公園を直す", "")]
    index = LexicalIndex.build(documents)
    shares = index.shares(content_lemmas("猫の手術"))
    assert shares.argmax() == 0
    assert 0 < shares[0] <= 1
    assert shares[1] == shares[2] == shares[3] == 0
    assert not index.shares(["知らない言葉"]).any()
    # A word that no document holds lowers the share of those that hold the rest.
    assert index.shares(["猫", "知らない言葉"])[0] < index.shares(["猫"])[0]


@pytest.mark.parametrize(
    ("asked", "written"), [("引っ越し", "転居"), ("赤ん坊", "ベビー"), ("援助", "支援"), ("給料", "賃金")]
)
def test_words_of_one_meaning_meet(asked: str, written: str) -> None:
    assert meanings(asked) == meanings(written) != []
    assert meanings(f"{asked}の相談")[-1] == meanings("相談")[0]


def test_a_word_stands_in_one_group_of_several() -> None:
    lines = [line.split("\t") for line in PATH.read_text("utf-8").splitlines() if not line.startswith("#")]
    forms = [form for line in lines for form in line]
    assert len(lines) > 3000
    assert len(forms) == len(set(forms))
    assert all(len(line) > 1 for line in lines)


@given(st.text(alphabet="あいうえおかきくアイウ一二三防災猫区転居ａ１", min_size=1, max_size=30))
def test_meanings_are_as_many_as_words(text: str) -> None:
    assert len(meanings(text)) == len(content_lemmas(text)) > 0
