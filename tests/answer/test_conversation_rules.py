"""Each sign of answer/follow_up.py and each rule of answer/conversation.py decides the follow-up of its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

import answer.conversation
import answer.follow_up
from answer.conversation import RULES, Rule
from answer.follow_up import SIGNS, Sign
from answer.service import Engine
from answer.types import Plan

_EXAMPLE = re.compile("「.+」(?: → 「.+」)+$")


def _example(decides: Callable[..., Any]) -> list[str]:
    found = _EXAMPLE.search(inspect.getdoc(decides) or "")
    assert found, f"{decides.__name__} gives no follow-up that it decides"
    return [turn[1:-1] for turn in found[0].split(" → ")]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.__name__)
def test_the_example_of_a_sign_is_decided_by_it(engine: Engine, monkeypatch: pytest.MonkeyPatch, sign: Sign) -> None:
    spoke: list[Sign] = []

    def watched(*turns: Any) -> bool:
        by, said = answer.follow_up.follows(answer.follow_up.Turns(*turns))
        spoke.append(by)
        return said

    monkeypatch.setattr("answer.understand.is_follow_up", watched)
    *history, question = _example(sign)
    engine.answer(question, history)
    assert spoke[-1:] == [sign]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_example_of_a_rule_is_decided_by_it(engine: Engine, monkeypatch: pytest.MonkeyPatch, rule: Rule) -> None:
    decided: list[Rule] = []
    decide = answer.conversation.decide

    def watched(follow_up: answer.conversation.Continuation) -> tuple[Rule, Plan]:
        decided.append(decide(follow_up)[0])
        return decide(follow_up)

    monkeypatch.setattr("answer.conversation.decide", watched)
    *history, question = _example(rule)
    engine.answer(question, history)
    assert decided[-1:] == [rule]


def test_every_sign_and_rule_has_its_place() -> None:
    signs = [f for name, f in inspect.getmembers(answer.follow_up, inspect.isfunction) if name.endswith("_sign")]
    rules = [f for name, f in inspect.getmembers(answer.conversation, inspect.isfunction) if name.endswith("_rule")]
    assert (set(signs), len(signs)) == (set(SIGNS), len(SIGNS))
    assert (set(rules), len(rules)) == (set(RULES), len(RULES))
