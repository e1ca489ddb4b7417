"""The commands as a person types them: results on stdout, one clear line on failure, an example in each help."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import eval.__main__ as commands


class Backwards:
    """Finds every document, the last first."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def search_many(self, queries: Sequence[str], k: int = 10, arm: Any = "default") -> list[list[tuple[int, float]]]:
        return [[(n, float(n)) for n in reversed(range(len(self.texts)))][:k] for _ in queries]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "a", "text": "猫"}\n{"_id": "b", "text": "花"}\n', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "花を植える"}\n', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tb\t1\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        commands, "_pipeline", lambda: (lambda texts, titles: Backwards(texts), ("default", "dense", "lexical"))
    )


def type_in(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit status of `python -m eval ARGUMENTS`."""
    monkeypatch.setattr("sys.argv", ["python -m eval", *arguments])
    try:
        commands.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.mark.usefixtures("backwards")
def test_benchmark_json_is_one_document_of_the_contract(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert type_in(monkeypatch, "benchmark", str(folder), "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result) == {"queries", "documents", "pipelines", "seconds"}
    assert (result["queries"], result["documents"]) == (1, 2)
    assert list(result["pipelines"]) == ["default", "dense", "lexical"]
    perfect = {"ndcg@10": 1.0, "recall@1": 1.0, "recall@5": 1.0, "recall@10": 1.0, "mrr@10": 1.0}
    assert result["pipelines"]["default"] == perfect


@pytest.mark.usefixtures("backwards")
def test_benchmark_report_has_intervals_and_paired_gains(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert type_in(monkeypatch, "benchmark", str(folder)) == 0
    printed = capsys.readouterr().out
    assert "1.000 [1.000, 1.000]" in printed
    assert "default - lexical, nDCG@10, query by query: 0.000 [0.000, 0.000]" in printed


@pytest.mark.usefixtures("backwards")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("benchmark", "/no/such/folder"), "/no/such/folder is not a folder"),
        (("benchmark",), "Missing parameter"),
        (("run", "--no-such-option"), "No such option"),
        (("run", "--questions", "/no/such/file.jsonl"), "/no/such/file.jsonl"),
    ],
)
def test_a_failure_is_one_line_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert type_in(monkeypatch, *arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert said in printed.err


@pytest.mark.usefixtures("backwards")
def test_an_unknown_arm_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert type_in(monkeypatch, "benchmark", str(folder), "--arms", "default,magic") == 1
    assert "unknown arms magic: of default, dense, lexical" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "benchmark"])
def test_help_has_an_example(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert type_in(monkeypatch, command, "--help") == 0
    assert f"Example: python -m eval {command}" in capsys.readouterr().out
