"""`python -m answer`: one question or a file of them, as another program would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from answer.service import answer_question, engine_for
from answer.types import Answer
from index.library import Library

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "令和4年度に執行率が50%を下回った事業は？"


def run(*arguments: str, state: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) | ({"KUSEI_STATE": str(state)} if state else {})
    return subprocess.run(
        [sys.executable, "-m", "answer", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def batch(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], str]:
    """The answers to a file of good, follow-up, empty, huge and broken lines, and what was told on the way."""
    folder = tmp_path_factory.mktemp("batch")
    questions, answers = folder / "質問.jsonl", folder / "答え.jsonl"
    lines = [
        json.dumps({"id": "a", "question": QUESTION}, ensure_ascii=False),
        "",
        json.dumps({"id": 2, "question": "令和5年度は？", "history": [QUESTION]}),
        "これは JSON ではありません",
        json.dumps({"id": "no-question"}),
        json.dumps(["a", "list"]),
        json.dumps({"id": "empty", "question": ""}),
        json.dumps({"id": "long", "question": "予算" * 5000}),
        json.dumps({"id": "null", "question": "予算額", "history": None}),
        json.dumps({"id": "last", "question": QUESTION, "history": []}),
    ]
    questions.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    done = run("--batch", str(questions), "--out", str(answers))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()], done.stderr


def test_a_line_of_answer_for_each_line_of_question(batch: tuple[list[dict[str, Any]], str]) -> None:
    answers, _ = batch
    assert [a["id"] for a in answers] == ["a", 2, None, None, None, "empty", "long", "null", "last"]


def test_a_broken_line_stops_no_other_and_says_where_it_is(batch: tuple[list[dict[str, Any]], str]) -> None:
    answers, _ = batch
    broken = [a for a in answers if "error" in a]
    assert [a["line"] for a in broken] == [4, 5, 6]
    assert all(str(a["line"]) in a["error"] for a in broken)
    assert answers[-1]["status"] == "answered"


def test_answers_do_not_depend_on_the_lines_before(batch: tuple[list[dict[str, Any]], str]) -> None:
    answers, _ = batch
    first, last = answers[0], answers[-1]
    assert first["text"] == last["text"]
    assert first["figures"] == last["figures"]
    assert {f["fiscal_year"] for f in answers[1]["figures"]} == {2023}


def test_empty_and_huge_questions_are_answered_with_a_reason(batch: tuple[list[dict[str, Any]], str]) -> None:
    by_id = {a["id"]: a for a in batch[0]}
    assert by_id["empty"]["status"] == "not_found"
    assert by_id["long"]["status"] == "not_found"
    assert "長すぎ" in by_id["long"]["text"]


def test_progress_goes_to_the_error_stream(batch: tuple[list[dict[str, Any]], str]) -> None:
    assert "問に答えました" in batch[1]


def test_one_question_as_json(library: Library) -> None:
    done = run(QUESTION, "--json")
    assert done.returncode == 0
    assert [f["printed"] for f in json.loads(done.stdout)["figures"]] == ["8.2%", "32.5%", "43.2%", "47.5%"]


def test_one_question_for_a_person_names_file_and_lines(library: Library) -> None:
    done = run("令和4年度の災害に強い区づくり事業の予算額は？")
    assert done.returncode == 0
    assert "12,182千円" in done.stdout
    assert "001_3f457d84957d5b7b.txt" in done.stdout
    assert "行" in done.stdout


def test_history_on_the_command_line(library: Library) -> None:
    done = run("令和5年度は？", "--history", QUESTION, "--json")
    answer = json.loads(done.stdout)
    assert {f["fiscal_year"] for f in answer["figures"]} == {2023}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "質問がありません"),
        (["--batch", "no-such-file.jsonl"], "no-such-file.jsonl"),
    ],
)
def test_failures_are_one_line_and_status_1(arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_index_is_told_with_what_to_run(tmp_path: Path) -> None:
    done = run(QUESTION, state=tmp_path)
    assert done.returncode == 1
    assert "python -m index build" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_questions_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    questions = tmp_path / "sjis.jsonl"
    questions.write_bytes(json.dumps({"question": "予算"}, ensure_ascii=False).encode("cp932"))
    done = run("--batch", str(questions))
    assert done.returncode == 1
    assert "UTF-8" in done.stderr


def test_help_has_an_example() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "python -m answer" in done.stdout


def test_a_fault_in_one_question_stops_no_other(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_for(library)
    plain = engine.answer

    def faulty(question: str, history: Sequence[str] = ()) -> Answer:
        if "壊れた" in question:
            raise IndexError("list index out of range")
        return plain(question, history)

    monkeypatch.setattr(engine, "answer", faulty)
    refused = answer_question(library, "壊れた質問")
    assert (refused.status, refused.figures) == ("not_found", ())
    assert "プログラムの誤り" in refused.text
    assert answer_question(library, "令和4年度の予算が最も多い事業は？").status == "answered"
