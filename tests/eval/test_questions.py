"""The gold itself: its form, its spread, and that what it says stands in the documents."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from eval.errors import EvalError
from eval.metrics import contains
from eval.questions import RETRIEVAL_FAMILIES, GoldFigure, Question, load_questions, question_files

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions(question_files(("dev", "held_back")))


@pytest.fixture(scope="module")
def documents() -> dict[str, list[str]]:
    return {path.stem: path.read_text(encoding="utf-8").split("\n") for path in sorted(CORPUS.glob("*.txt"))}


def test_there_are_enough_and_no_two_are_the_same(questions: list[Question]) -> None:
    assert len(questions) >= 260
    asked = Counter((question.question, question.history) for question in questions)
    assert [item for item, count in asked.items() if count > 1] == []
    assert sum(question.family.startswith("descriptive") for question in questions) >= 80


def test_the_held_back_ask_for_everything(questions: list[Question]) -> None:
    dev = Counter(question.family for question in questions if question.split == "dev")
    held_back = Counter(question.family for question in questions if question.split == "held_back")
    assert set(held_back) <= set(dev)
    assert {"lookup", "filter", "rank", "sum", "compare", "conversation", "unanswerable", "descriptive"} <= set(
        held_back
    )
    assert sum(held_back.values()) >= 200


def test_every_document_and_every_status_is_asked_for(
    questions: list[Question], documents: dict[str, list[str]]
) -> None:
    assert {p.document_id for question in questions for p in question.passages} == set(documents)
    reasons = {reason for question in questions for reason in question.reasons}
    assert reasons == {"no_document", "no_figure", "not_settled", "out_of_scope", "ambiguous"}


def test_passages_lie_inside_their_documents_and_hold_text(
    questions: list[Question], documents: dict[str, list[str]]
) -> None:
    for question in questions:
        for passage in question.passages:
            lines = documents[passage.document_id][passage.line_start - 1 : passage.line_end]
            assert passage.line_start <= passage.line_end, question.question_id
            assert any(line.strip() for line in lines), question.question_id


def test_descriptive_questions_have_passages_that_answer(questions: list[Question]) -> None:
    for question in questions:
        if question.family in RETRIEVAL_FAMILIES:
            assert any(passage.grade == 2 for passage in question.passages), question.question_id


def test_the_words_of_an_answer_stand_in_its_passages(
    questions: list[Question], documents: dict[str, list[str]]
) -> None:
    for question in questions:
        if question.family not in RETRIEVAL_FAMILIES or question.history:
            continue
        said = "".join(
            line.strip()
            for passage in question.passages
            for line in documents[passage.document_id][passage.line_start - 1 : passage.line_end]
        )
        for wanted in question.text_contains:
            assert contains(said, wanted), (question.question_id, wanted)


def test_every_gold_value_stands_in_a_document(questions: list[Question], documents: dict[str, list[str]]) -> None:
    # Numbers by the lines they stand on; a value in yen may be printed in thousands or in yen. A rate or a difference
    # that no table prints is computed from two that are, and so is the total of rows that none prints.
    printed = {token for lines in documents.values() for line in lines for token in numbers_in(line)}
    checked = computed = 0
    for question in questions:
        for figure in (*question.figures, *question.allowed):
            for value in figure.values:
                stands = bool(printed_forms(figure, value) & printed)
                computable = figure.project is None or set(figure.metrics) & {"execution_rate", "difference"}
                assert stands or computable, (question.question_id, figure)
                checked += 1
                computed += not stands
    assert checked > 800
    assert computed < checked / 50


def test_figures_of_projects_stand_on_a_line_with_the_project_or_its_block(
    questions: list[Question], documents: dict[str, list[str]]
) -> None:
    # Wherever a row of the per-project tables is on one line, its name and its amounts must be on that line together.
    rows: dict[tuple[str, str], set[str]] = {}
    for line in documents["001_3f457d84957d5b7b"]:
        match = re.match(r"^\s*[0-9]{1,2} +(.+?) +[\d,]+ [\d,]+ [\d.]+%", unicodedata.normalize("NFKC", line))
        if match:
            name = match.group(1).replace(" ", "")
            rows.setdefault((name, "all"), set()).update(numbers_in(line))
    checked = 0
    for question in questions:
        for figure in question.figures:
            name = unicodedata.normalize("NFKC", figure.project or "").replace(" ", "")
            if (
                (name, "all") in rows
                and not figure.parent_project
                and set(figure.metrics)
                <= {
                    "budget",
                    "settled",
                    "executed",
                    "execution_rate",
                }
            ):
                stand = [value for value in figure.values if printed_forms(figure, value) & rows[name, "all"]]
                assert stand, (question.question_id, figure)
                checked += 1
    assert checked > 300


def numbers_in(line: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", line)
    return {token.replace(",", "") for token in re.findall(r"\d[\d,]*(?:\.\d+)?", plain)}


def printed_forms(figure: GoldFigure, value: str) -> set[str]:
    number = abs(Decimal(value))
    forms = {value.removeprefix("-")}
    if figure.unit == "yen" and number % 1000 == 0:
        forms.add(str(int(number) // 1000))
    return forms


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a question"),
        ('{"id": "a"}', "question"),
        ('{"id": "a", "question": "?", "status": "perhaps"}', "unknown perhaps"),
        ('{"id": "a", "question": "?", "figures": [{"project": "b"}]}', "fiscal_year"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "dev_broken.jsonl"
    path.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(EvalError, match=message) as caught:
        load_questions([path])
    assert f"{path}:2" in str(caught.value)


def test_an_id_that_stands_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dev_twice.jsonl"
    path.write_text('{"id": "a", "question": "?"}\n' * 2, encoding="utf-8")
    with pytest.raises(EvalError, match=r"dev_twice\.jsonl:2: id a is already in .*:1"):
        load_questions([path])


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"none\.jsonl"):
        load_questions([tmp_path / "none.jsonl"])
    with pytest.raises(EvalError, match=re.escape(str(tmp_path))):
        question_files(("dev",), tmp_path)
