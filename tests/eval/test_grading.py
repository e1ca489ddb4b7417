"""What a right, an incomplete and a wrong answer are told."""

from __future__ import annotations

from typing import Any

import pytest

from eval.grading import gold_ranking, grade
from eval.questions import GoldPassage, Question, parse_question

RATES = {"青少年健全育成事業": "47.5", "一時託児サービス事業": "8.2"}


def figure(project: str, value: str, metric: str = "execution_rate", year: int = 2022, **more: Any) -> dict[str, Any]:
    return {"project": project, "fiscal_year": year, "metric": metric, "value": value, "unit": "percent", **more}


def question(**more: Any) -> Question:
    gold = {
        "id": "x",
        "family": "filter",
        "question": "?",
        "status": "answered",
        "figures": [figure(p, v) for p, v in RATES.items()],
    }
    return parse_question({**gold, **more})


def answer(*figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "answered", "reason": None, "text": "", "figures": list(figures), "passages": [], **more}


def right() -> list[dict[str, Any]]:
    return [figure(p, v) for p, v in RATES.items()]


def test_everything_right_in_any_order() -> None:
    verdict = grade(question(), answer(*reversed(right())))
    assert verdict.passed
    assert (verdict.precision, verdict.recall) == (1.0, 1.0)


def test_a_missing_row_fails_without_being_a_wrong_number() -> None:
    verdict = grade(question(), answer(right()[0]))
    assert not verdict.passed
    assert (verdict.precision, verdict.recall) == (1.0, 1 / 2)
    assert not verdict.wrong_number


@pytest.mark.parametrize(
    "extra",
    [
        figure("別の事業", "12.3"),
        figure("一時託児サービス事業", "8.2"),  # the same row again
        figure("一時託児サービス事業", "8.2", year=2023),
        figure("一時託児サービス事業", "963000", metric="budget"),
    ],
)
def test_a_row_too_many_is_a_wrong_number(extra: dict[str, Any]) -> None:
    verdict = grade(question(), answer(*right(), extra))
    assert not verdict.passed
    assert verdict.wrong_number
    assert verdict.precision == 2 / 3


def test_extra_figures_pass_where_the_gold_allows_them() -> None:
    extra = figure("別の事業", "12.3")
    assert grade(question(allowed=[extra]), answer(*right(), extra)).passed
    assert grade(question(exhaustive=False), answer(*right(), extra)).passed


def test_the_parent_tells_apart_what_has_one_name() -> None:
    gold = question(
        figures=[figure("普及啓発事業", "1488000", metric="budget", parent_project="障害者ネットワーク推進事業")]
    )
    same_value = figure("普及啓発事業", "1488000", metric="budget", parent_project="別の事業")
    assert not grade(gold, answer(same_value)).passed
    assert grade(gold, answer({**same_value, "parent_project": "障害者ネットワーク推進事業"})).passed


def test_projects_are_compared_as_a_set_whatever_the_metric() -> None:
    gold = question(match="projects")
    got = [figure(p, "1", metric="difference") for p in RATES]
    assert grade(gold, answer(*got, *got)).passed
    assert not grade(gold, answer(*got, figure("別の事業", "1"))).passed


def test_either_form_of_a_value_is_right() -> None:
    gold = question(figures=[figure("自主企画事業費", "100712000|100712541", metric="settled")])
    assert grade(gold, answer(figure("自主企画事業費", "100712541", metric="settled"))).passed
    assert not grade(gold, answer(figure("自主企画事業費", "100712", metric="settled"))).passed


def test_a_refusal_needs_its_reason_and_no_figures() -> None:
    gold = question(figures=[], status="not_found", reason="no_document|no_figure")
    assert grade(gold, answer(status="not_found", reason="no_figure")).passed
    assert not grade(gold, answer(status="not_found", reason="not_settled")).passed
    answered = grade(gold, answer(*right()))
    assert not answered.passed
    assert answered.wrong_number


def test_the_result_of_a_computation() -> None:
    gold = question(figures=[], result={"value": "11.6", "unit": "percent"})
    computed = {"operation": "share", "matched": 1, "result": {"value": "11.5869", "unit": "percent"}}
    assert grade(gold, answer(computation=computed)).passed
    wrong = grade(gold, answer(computation={**computed, "result": {"value": "12.6", "unit": "percent"}}))
    assert not wrong.passed
    assert wrong.wrong_number
    counted = question(figures=[], result={"value": "4", "unit": "projects"})
    assert grade(counted, answer(computation={"operation": "count", "matched": 4, "result": None})).passed
    # A difference is told with or without its sign.
    less = question(figures=[], result={"value": "-399000", "unit": "yen"})
    assert grade(less, answer(computation={"result": {"value": "399000", "unit": "yen"}})).passed


def test_sources_must_lie_on_the_lines() -> None:
    gold = question(figures=[], passages=[{"document": "d", "line_start": 10, "line_end": 12}])

    def with_source(start: int, end: int) -> dict[str, Any]:
        return answer(passages=[{"source": {"document_id": "d", "line_start": start, "line_end": end}}])

    assert grade(gold, with_source(12, 20)).passed
    assert not grade(gold, with_source(13, 20)).passed
    assert not grade(gold, answer()).passed


def test_a_second_hit_on_one_passage_fills_a_place() -> None:
    gold = (GoldPassage("d", 1, 5, 2), GoldPassage("d", 8, 9, 1))
    sources = [
        {"document_id": "d", "line_start": 1, "line_end": 2},
        {"document_id": "d", "line_start": 3, "line_end": 4},
        {"document_id": "e", "line_start": 8, "line_end": 9},
        {"document_id": "d", "line_start": 9, "line_end": 9},
    ]
    assert gold_ranking(gold, sources) == ["g0", "x1", "x2", "g1"]


def test_a_warning_that_is_due() -> None:
    gold = question(warning=True)
    assert not grade(gold, answer(*right())).passed
    assert grade(gold, answer(*right(), warnings=["一致しません"])).passed
