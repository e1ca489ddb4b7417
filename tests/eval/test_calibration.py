"""Fitting when to refuse: on one half, by plain logistic regression, reported on the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.calibration import PASSING, Case, calibrate, calibration_report, fit_logistic, load_answerable
from eval.errors import EvalError
from eval.refusal import area_under_curve, refusal_at
from index.answerable import Evidence, probability


def cases(n: int = 400) -> list[Case]:
    """Answerable questions come .06 nearer, with as much spread; the words say nothing."""
    rng = np.random.default_rng(3)
    found = []
    for at in range(n):
        held = at % 2 == 0
        near = 0.80 + 0.06 * held + 0.03 * rng.standard_normal()
        found.append(Case(f"問{at}", Evidence(near, near - 0.05 + 0.02 * rng.standard_normal(), 5), held))
    return found


def test_the_halves_do_not_share_a_question() -> None:
    found = calibrate(cases())
    fitted, others = ({one.question_id for one in part} for part in (found.fitted, found.others))
    assert not fitted & others
    assert len(fitted) + len(others) == 400
    assert 150 < len(fitted) < 250


def test_what_is_fitted_holds_on_the_other_half() -> None:
    found = calibrate(cases())
    assert area_under_curve(found.others) > 0.85
    held = sum(one.held for one in found.fitted)
    assert refusal_at(found.fitted, found.threshold).refused_wrongly <= (1 - PASSING) * held
    assert refusal_at(found.fitted, found.threshold + 0.01).refused_wrongly > (1 - PASSING) * held - 2
    assert "THRESHOLD" in calibration_report(found)
    near, far = Evidence(0.9, 0.85, 5), Evidence(0.75, 0.7, 5)
    assert probability(near, found.weights) > 0.9 > 0.1 > probability(far, found.weights)
    assert probability(Evidence(0.9, None, 5), found.weights) > probability(Evidence(0.75, None, 5), found.weights)


def test_logistic_regression_by_hand() -> None:
    """Without a ridge, of one feature 0 or 1 with odds 1:3 and 3:1: the bias is -ln 3, the weight 2 ln 3."""
    features = np.array([[0.0]] * 4 + [[1.0]] * 4)
    held = np.array([True, False, False, False, True, True, True, False])
    weights, bias = fit_logistic(features, held, ridge=0.0)
    assert bias == pytest.approx(-np.log(3), abs=1e-6)
    assert weights[0] == pytest.approx(2 * np.log(3), abs=1e-6)


def test_one_kind_alone_is_told() -> None:
    with pytest.raises(EvalError, match="both"):
        calibrate([Case("問", Evidence(0.9, 0.8, 3), True)] * 3)


def test_the_questions_that_are_kept(tmp_path: Path) -> None:
    held = load_answerable()
    assert 100 < sum(held.values()) < len(held) - 100
    broken = tmp_path / "answerable.jsonl"
    broken.write_text('{"question": "猫", "held": true}\n{"question": "犬"}\n', "utf-8")
    with pytest.raises(EvalError, match=r"answerable\.jsonl:2"):
        load_answerable(broken)
