"""A word that narrows a question is never lost, however it is written: without it the answer is of everything."""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Ask, bare, running_2023, settled_2022, value

from answer.service import Engine
from index.library import Library

_WORDS = (
    "こども",
    "子ども",
    "ごみ",
    "居場所",
    "おまつり",
    "いじめ",
    "ひとり親",
    "たばこ",
    "やさい",
    "まちなみ",
    "みまもり",
    "おでかけ",
    "いきいき",
    "すまい",
    "いのち",
    "宇宙",
    "水",
    "犬",
    "トイレ",
    "平均寿命",
    "終活",
    "多文化共生",
    "ワクチン",
    "健康増進",
    "減災",
)


@pytest.mark.parametrize("word", _WORDS)
@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の{}に関する事業の予算の合計は？",
        "令和4年度の{}の事業は何件？",
        "{}の事業で令和4年度の執行率が一番低いのは？",
    ],
)
def test_no_word_is_lost(engine: Engine, question: str, word: str) -> None:
    plan = engine.plan(question.format(word))
    assert plan.topics or plan.subjects or plan.unclear or plan.operation == "describe", plan


@pytest.mark.parametrize("word", ["ごみ", "居場所", "たばこ", "宇宙"])
def test_what_no_document_names_is_missing(ask: Ask, word: str) -> None:
    answer = ask(f"令和4年度の{word}の事業の予算の合計は？")
    assert (answer.status, answer.figures) == ("not_found", ())
    assert f"「{word}」" in answer.text


def test_a_polite_letter_before_a_name(ask: Ask) -> None:
    assert "旭ふれあい区民まつり" in ask("令和4年度のおまつりの予算は？").text


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の{}の執行率は平均より高い？",
        "{}の令和4年度の執行率と、全事業の平均執行率を比べて",
        "{}の令和4年度の執行率と平均との差は？",
    ],
)
@pytest.mark.parametrize("name", ["交通安全対策事業", "ＤＶ対策事業"])
def test_one_row_is_set_against_the_mean_of_all(ask: Ask, library: Library, question: str, name: str) -> None:
    rates = [value(library, p, "execution_rate") for p in settled_2022(library)]
    text = ask(question.format(name)).text
    assert f"{sum(rates, Decimal(0)) / len(rates):.1f}%" in text
    assert f"{len(rates)}件" in text


def test_no_part_is_taken_of_what_no_row_is_named_by(ask: Ask) -> None:
    answer = ask("令和4年度の予算のうち国費の割合は？")
    assert (answer.status, answer.reason) == ("not_found", "no_figure")


@pytest.mark.parametrize(
    "question",
    [
        "令和4年度の係ごとの予算の合計は？",
        "令和4年度の1か月あたりの執行額は？",
        "令和4年度の執行率が約50%の事業は？",
    ],
)
def test_what_is_not_computed_is_said_so(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.figures) == ("not_found", ())
    assert "計算できない" in answer.text


def test_the_course_of_years_holds_those_between(ask: Ask) -> None:
    answer = ask("平成25年度から令和5年度の青少年健全育成事業の予算の推移は？")
    assert {f.fiscal_year for f in answer.figures} == {2022, 2023}
    assert "平成26年度から令和2年度の資料は収録していません。" in answer.text


@pytest.mark.parametrize("narrowed", ["大規模な", "順調な", "夏の", "予算の多い", "執行率の低い", "高額な"])
@pytest.mark.parametrize("question", ["令和4年度の{}事業は何件？", "令和4年度の{}事業の予算の合計は？"])
def test_where_it_begins_is_not_said(ask: Ask, question: str, narrowed: str) -> None:
    answer = ask(question.format(narrowed))
    assert (answer.status, answer.figures) == ("not_found", ())


def test_projects_that_go_on(ask: Ask, library: Library) -> None:
    before = {bare(p.name) for p in settled_2022(library)}
    kept = [p for p in running_2023(library) if bare(p.name) in before]
    assert f"事業は{len(kept)}件です" in ask("令和5年度の継続事業は何件？").text
