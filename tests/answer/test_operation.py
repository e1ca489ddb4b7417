"""Each rule of answer/operation.py decides the question that its docstring gives."""

from __future__ import annotations

import inspect
import re

import pytest

import answer.operation
from answer.facts import Facts
from answer.operation import RULES, Rule, decide
from answer.service import Engine
from answer.types import Operation

_EXAMPLE = re.compile("「([^「」]+)」$")


def _example(rule: Rule) -> str:
    found = _EXAMPLE.search(inspect.getdoc(rule) or "")
    assert found, f"{rule.__name__} gives no question that it decides"
    return found[1]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_example_of_a_rule_is_decided_by_it(engine: Engine, monkeypatch: pytest.MonkeyPatch, rule: Rule) -> None:
    decided: list[Rule] = []

    def watched(facts: Facts) -> Operation:
        by, operation = decide(facts)
        decided.append(by)
        return operation

    monkeypatch.setattr("answer.understand.operation_of", watched)
    engine.plan(_example(rule))
    assert decided == [rule]


def test_every_rule_has_its_place() -> None:
    written = [f for name, f in inspect.getmembers(answer.operation, inspect.isfunction) if name.endswith("_rule")]
    assert set(written) == set(RULES)
    assert len(RULES) == len(set(RULES))
