"""The engine over the corpus' index, and asking it."""

from __future__ import annotations

import pytest
from oracle import Ask, AskJson

from answer.service import Engine, answer_as_json, answer_question, engine_for
from index.library import Library


@pytest.fixture(scope="session")
def engine(library: Library) -> Engine:
    return engine_for(library)


@pytest.fixture(scope="session")
def ask(library: Library) -> Ask:
    return lambda question, *history: answer_question(library, question, history)


@pytest.fixture(scope="session")
def ask_json(library: Library, ask: Ask) -> AskJson:
    return lambda question, *history: answer_as_json(library, ask(question, *history))
