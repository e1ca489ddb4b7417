"""BEIR folders in every shape they come in, through a pipeline whose ranking is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import log2
from pathlib import Path
from typing import Any

import pytest

from eval.benchmark import load_benchmark, run_benchmark
from eval.errors import EvalError

DOCUMENTS = {"d1": "災害に備える", "d2": "猫を保護する", "d3": "花を植える"}
QUERIES = {"q1": "防災", "q2": "野良猫", "q3": "誰も答えない"}


class InFileOrder:
    """Finds the documents in file order, whatever is asked; its lexical arm finds nothing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def search_many(self, queries: Sequence[str], k: int = 10, arm: Any = "default") -> list[list[tuple[int, float]]]:
        found = [] if arm == "lexical" else [(n, 1.0) for n in range(len(self.texts))][:k]
        return [found for _ in queries]


def build(texts: Sequence[str], titles: Sequence[str]) -> InFileOrder:
    assert len(texts) == len(titles)
    return InFileOrder(texts)


def write(folder: Path, qrels: str, name: str = "qrels.tsv", key: str = "_id") -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps({key: k, "text": t}, ensure_ascii=False) for k, t in DOCUMENTS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = [json.dumps({key: k, "text": t}, ensure_ascii=False) for k, t in QUERIES.items()]
    (folder / "queries.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (folder / name).write_text(qrels, encoding="utf-8")
    return folder


EXPECTED = {"q1": {"d1": 2, "d3": 1}, "q2": {"d2": 1}}


@pytest.mark.parametrize(
    ("qrels", "name", "key"),
    [
        ("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td3\t1\nq2\td2\t1\n", "qrels.tsv", "_id"),
        ("q1\td1\t2\nq1\td3\t1\nq2\td2\t1", "qrels.tsv", "id"),
        ("q1 0 d1 2\nq1 0 d3 1\nq2 0 d2 1\nq3 0 d1 0\n", "qrels.txt", "_id"),
        ("query-id\tcorpus-id\tscore\r\nq1\td1\t2\r\nq1\td3\t1.0\r\nq2\td2\t1\r\n", "qrels/test.tsv", "_id"),
        ("\ufeffq1\td1\t2\nq1\td3\t1\n\nq2\td2\t1\n", "qrels/dev.tsv", "_id"),
    ],
)
def test_shapes_of_qrels(tmp_path: Path, qrels: str, name: str, key: str) -> None:
    data = load_benchmark(write(tmp_path, qrels, name, key))
    assert data.qrels == EXPECTED
    assert data.document_ids == ("d1", "d2", "d3")
    assert data.titles == ("", "", "")


def test_two_columns_mean_relevant(tmp_path: Path) -> None:
    data = load_benchmark(write(tmp_path, "query-id\tcorpus-id\nq1\td1\n"))
    assert data.qrels == {"q1": {"d1": 1}}


def test_scores_and_json_by_hand(tmp_path: Path) -> None:
    data = load_benchmark(write(tmp_path, "q1\td1\t2\nq1\td3\t1\nq2\td2\t1\n"))
    result = run_benchmark(data, build, ["default", "lexical"]).as_json()
    # q1: gains 2, 0, 1 of the ideal 2, 1.  q2: its one document is second.
    q1 = (2 / log2(2) + 1 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    q2 = 1 / log2(3)
    assert result["pipelines"]["default"] == {
        "ndcg@10": round((q1 + q2) / 2, 4),
        "recall@1": round((1 / 2 + 0) / 2, 4),
        "recall@5": 1.0,
        "recall@10": 1.0,
        "mrr@10": round((1 + 1 / 2) / 2, 4),
    }
    assert set(result["pipelines"]["lexical"].values()) == {0.0}
    assert (result["queries"], result["documents"]) == (2, 3)
    assert set(result["seconds"]) == {"build", "default", "lexical"}


def test_unknown_ids_are_told(tmp_path: Path) -> None:
    data = load_benchmark(write(tmp_path, "q1\td1\t1\nq9\td1\t1\nq2\td9\t1\n"))
    assert len(data.warnings) == 2
    assert data.qrels == {"q1": {"d1": 1}, "q2": {"d9": 1}}


@pytest.mark.parametrize(
    ("broken", "content", "message"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "a"}\n{"_id": "d2"\n', r"corpus\.jsonl:2: not JSON"),
        ("corpus.jsonl", '["d1"]\n', r"corpus\.jsonl:1: a JSON object"),
        ("corpus.jsonl", '{"_id": "d1"}\n', r"corpus\.jsonl:1: no text"),
        ("corpus.jsonl", '{"text": "a"}\n', r"corpus\.jsonl:1: no id"),
        ("corpus.jsonl", "", r"corpus\.jsonl is empty"),
        ("corpus.jsonl", '{"_id": "d", "text": "a"}\n{"_id": "d", "text": "b"}\n', "stands twice"),
        ("queries.jsonl", "\n", r"queries\.jsonl is empty"),
        ("qrels.tsv", "q1\td1\tmuch\nq1\td1\tmuch\n", r"qrels\.tsv:2: grade 'much'"),
        ("qrels.tsv", "q1\n", "1 columns"),
        ("qrels.tsv", "", "no query"),
        ("qrels.tsv", "x\td1\t1\ny\td1\t1\n", "ids belong together"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, broken: str, content: str, message: str) -> None:
    write(tmp_path, "q1\td1\t1\n")
    (tmp_path / broken).write_text(content, encoding="utf-8")
    with pytest.raises(EvalError, match=message):
        load_benchmark(tmp_path)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_missing_files_are_named(tmp_path: Path, missing: str) -> None:
    write(tmp_path, "q1\td1\t1\n")
    (tmp_path / missing).unlink()
    with pytest.raises(EvalError, match=missing.replace(".", r"\.")):
        load_benchmark(tmp_path)


def test_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, "q1\td1\t1\n")
    (tmp_path / "corpus.jsonl").write_bytes('{"_id": "d1", "text": "猫"}'.encode("shift_jis"))
    with pytest.raises(EvalError, match="not UTF-8"):
        load_benchmark(tmp_path)
