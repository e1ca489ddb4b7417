"""The JSON that other programs read: every key of the contract, of its type, for every operation."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import pytest
from oracle import AskJson

from answer.types import Operation
from index.library import Library

KEYS = {
    "question": str,
    "interpreted": str,
    "status": str,
    "text": str,
    "figures": list,
    "passages": list,
    "warnings": list,
    "suggestions": list,
    "elapsed_ms": float,
}
FIGURE = {
    "figure_id": str,
    "project": (str, type(None)),
    "parent_project": (str, type(None)),
    "municipality": str,
    "ward": (str, type(None)),
    "fiscal_year": int,
    "metric": str,
    "label": str,
    "value": str,
    "unit": str,
    "phase": str,
    "as_of": (str, type(None)),
    "printed": str,
    "departments": list,
    "source": dict,
}
SOURCE = {
    "document_id": str,
    "file": str,
    "page": (int, type(None)),
    "line_start": int,
    "line_end": int,
    "quote": str,
}
PASSAGE = {
    "rank": int,
    "score": float,
    "passage_id": str,
    "project": (str, type(None)),
    "heading": str,
    "municipality": str,
    "ward": (str, type(None)),
    "fiscal_year": int,
    "text": str,
    "source": dict,
}
METRICS = {
    "budget",
    "settled",
    "executed",
    "difference",
    "execution_rate",
    "indicator_target",
    "indicator_result",
    "count",
    "other",
}
REASONS = {"no_document", "no_figure", "not_settled", "out_of_scope", "ambiguous"}
COMPUTED = {"filter", "rank", "sum", "mean", "count", "compare", "share"}

# One question for each operation, and for each way of not answering.
QUESTIONS: dict[str, str] = {
    "lookup": "令和4年度の災害に強い区づくり事業の予算額は？",
    "filter": "令和4年度に執行率が50%を下回った事業は？",
    "rank": "令和4年度の予算が一番大きい事業は？",
    "sum": "令和4年度の総務課の予算額の合計は？",
    "mean": "令和4年度の総務課の執行率の平均は？",
    "count": "令和4年度の事業は何件ありますか？",
    "share": "令和4年度の安全・安心の柱の予算額が全体に占める割合は？",
    "compare": "令和4年度の災害に強い区づくり事業と交通安全対策事業の予算額はどちらが大きいですか？",
    "change": "地域安全安心普及推進事業の予算は令和4年度と令和5年度でどう変わりましたか？",
    "new": "令和5年度に新しく始まった事業は？",
    "vanished": "令和5年度になくなった事業は？",
    "breakdown": "令和4年度の災害に強い区づくり事業の細事業の内訳は？",
    "departments": "令和4年度の交通安全対策事業の担当課は？",
    "pillars": "令和4年度の子育て支援情報提供事業はどの柱の事業ですか？",
    "list": "令和4年度の地域振興課の事業一覧",
    "indicators": "令和4年度に目標を達成できなかった事業指標は？",
    "counts": "令和4年度の防災講演会の参加者は何人でしたか？",
    "audit": "資料の中で数字が食い違う箇所はありますか？",
    "holdings": "どんな資料がありますか？",
    "describe": "飼い主のいない猫対策事業ではどんなことをしていますか？",
    "no_document": "川崎市の予算額は？",
    "not_settled": "令和6年度の決算額は？",
    "no_figure": "令和5年度の商店街振興事業の予算額は？",
    "out_of_scope": "おいしいラーメンの作り方を教えて",
    "ambiguous": "旭区の予算が一番大きい取組は？",
    "empty": "",
}


def test_there_is_a_question_for_every_operation() -> None:
    assert set(get_args(Operation)) <= set(QUESTIONS)


def typed(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for key, types in expected.items():
        assert key in found
        assert isinstance(found[key], types), key


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_keeps_the_contract(library: Library, ask_json: AskJson, name: str) -> None:
    answer = ask_json(QUESTIONS[name])
    assert json.loads(json.dumps(answer, ensure_ascii=False)) == answer
    typed(answer, KEYS)
    assert set(KEYS) | {"reason", "computation"} <= set(answer)
    assert answer["status"] in {"answered", "not_found", "ambiguous"}
    assert answer["text"]
    assert answer["interpreted"]
    if answer["status"] == "answered":
        assert answer["reason"] is None
    else:
        assert answer["reason"] in REASONS
    if answer["status"] == "not_found":
        assert answer["figures"] == []
    for figure in answer["figures"]:
        check_figure(library, figure)
    for rank, passage in enumerate(answer["passages"], 1):
        typed(passage, PASSAGE)
        typed(passage["source"], SOURCE)
        assert passage["rank"] == rank
        check_lines(library, passage["source"])
    check_computation(answer["computation"])
    assert all(isinstance(text, str) and text for key in ("warnings", "suggestions") for text in answer[key])


def check_figure(library: Library, figure: dict[str, Any]) -> None:
    typed(figure, FIGURE)
    typed(figure["source"], SOURCE)
    assert figure["metric"] in METRICS
    assert re.fullmatch(r"-?\d+(\.\d+)?", figure["value"])
    if figure["unit"] == "yen":
        assert "." not in figure["value"]
    assert figure["as_of"] is None or re.fullmatch(r"\d{4}-\d{2}-\d{2}", figure["as_of"])
    check_lines(library, figure["source"])


def check_lines(library: Library, source: dict[str, Any]) -> None:
    assert 1 <= source["line_start"] <= source["line_end"] <= len(library.lines(source["document_id"]))
    assert library.documents[source["document_id"]].file == source["file"]


def check_computation(computation: dict[str, Any] | None) -> None:
    if computation is None:
        return
    assert set(computation) == {"operation", "description", "considered", "matched", "excluded", "result"}
    assert computation["operation"] in COMPUTED
    assert isinstance(computation["considered"], int)
    assert isinstance(computation["matched"], int)
    assert all(set(row) == {"project", "why"} for row in computation["excluded"])
    if computation["result"] is not None:
        assert set(computation["result"]) == {"value", "unit"}
        assert re.fullmatch(r"-?\d+(\.\d+)?", computation["result"]["value"])


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("filter", "filter"),
        ("rank", "rank"),
        ("sum", "sum"),
        ("mean", "mean"),
        ("count", "count"),
        ("share", "share"),
        ("compare", "compare"),
        ("change", "compare"),
    ],
)
def test_a_computation_is_declared(ask_json: AskJson, name: str, operation: str) -> None:
    computation = ask_json(QUESTIONS[name])["computation"]
    assert computation["operation"] == operation
    assert computation["considered"] >= 1
    assert computation["description"]


def test_money_is_yen_and_a_rate_is_percent(ask_json: AskJson) -> None:
    (budget,) = ask_json(QUESTIONS["lookup"])["figures"]
    assert (budget["value"], budget["unit"], budget["printed"]) == ("12182000", "yen", "12,182")
    assert (budget["municipality"], budget["ward"], budget["fiscal_year"]) == ("横浜市", "旭区", 2022)
    assert (budget["phase"], budget["departments"][0]) == ("settlement", "総務課")
    rate = ask_json(QUESTIONS["filter"])["figures"][0]
    assert (rate["value"], rate["unit"], rate["printed"]) == ("8.2", "percent", "8.2%")


def test_a_sub_project_names_its_project(ask_json: AskJson) -> None:
    figures = ask_json(QUESTIONS["breakdown"])["figures"]
    assert {figure["parent_project"] for figure in figures} == {"災害に強い区づくり事業"}


def test_the_figures_are_those_that_answer_and_no_others(ask_json: AskJson) -> None:
    figures = ask_json(QUESTIONS["filter"])["figures"]
    assert len(figures) == 4
    assert {figure["metric"] for figure in figures} == {"execution_rate"}
    keys = [(figure["project"], figure["metric"], figure["fiscal_year"]) for figure in figures]
    assert len(set(keys)) == len(keys)


def test_rows_left_out_are_told_with_the_reason(library: Library, ask_json: AskJson) -> None:
    answer = ask_json("令和5年度の細事業で執行率が50%未満のものは？")
    spent = {f.project_id for f in library.figures if f.metric in ("executed", "execution_rate")}
    without = {
        p.name
        for p in library.projects.values()
        if p.kind == "sub_project" and p.fiscal_year == 2023 and p.project_id not in spent
    }
    excluded = answer["computation"]["excluded"]
    # In the middle of the year only the rows of 統合事業費 print what was spent.
    assert len(without) > 80
    assert {row["project"] for row in excluded} == without
    assert all("記載がない" in row["why"] for row in excluded)
    assert all(name in answer["text"] for name in without)


@pytest.mark.parametrize("name", ["filter", "describe", "no_document", "ambiguous"])
def test_the_same_question_gets_the_same_answer(ask_json: AskJson, name: str) -> None:
    first, second = (ask_json(QUESTIONS[name]) for _ in range(2))
    assert {k: v for k, v in first.items() if k != "elapsed_ms"} == {
        k: v for k, v in second.items() if k != "elapsed_ms"
    }


@pytest.mark.parametrize("name", ["lookup", "filter", "describe", "breakdown"])
def test_what_is_suggested_has_an_answer(ask_json: AskJson, name: str) -> None:
    suggestions = ask_json(QUESTIONS[name])["suggestions"]
    for suggestion in suggestions:
        assert ask_json(suggestion)["status"] == "answered", suggestion
