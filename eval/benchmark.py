"""Public retrieval benchmarks in BEIR form (corpus.jsonl, queries.jsonl, qrels), through the project's own pipeline."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from eval.errors import EvalError
from eval.metrics import BENCHMARK_MEASURES, Estimate, bootstrap, paired_difference, ranking_scores

DEPTH = 10
ID_KEYS = ("_id", "id", "docid", "doc_id", "query_id", "qid")
TEXT_KEYS = ("text", "contents", "body", "query")


class Searching(Protocol):
    """What the benchmark needs of index.pipeline.Pipeline."""

    def search_many(self, queries: Sequence[str], k: int = ..., arm: Any = ...) -> list[list[tuple[int, float]]]: ...


Build = Callable[[Sequence[str], Sequence[str]], Searching]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A BEIR folder: documents and queries in file order, and the graded relevance of the queries that are judged."""

    document_ids: tuple[str, ...]
    texts: tuple[str, ...]
    titles: tuple[str, ...]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkScores:
    """Scores of each arm: {arm: {measure: {query: score}}}, and the seconds of the build and of each arm's search."""

    benchmark: Benchmark
    scores: Mapping[str, Mapping[str, Mapping[str, float]]]
    seconds: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """The contract of `eval benchmark --json`."""
        judged = next(iter(next(iter(self.scores.values())).values()))
        return {
            "queries": len(judged),
            "documents": len(self.benchmark.document_ids),
            "pipelines": {
                arm: {name: round(sum(by_query.values()) / len(by_query), 4) for name, by_query in measures.items()}
                for arm, measures in self.scores.items()
            },
            "seconds": {name: round(seconds, 3) for name, seconds in self.seconds.items()},
        }

    def estimates(self, arm: str) -> dict[str, Estimate]:
        """Each measure of an arm with its bootstrap interval over queries."""
        return {name: bootstrap(list(by_query.values())) for name, by_query in self.scores[arm].items()}

    def gain(self, arm: str, other: str, measure: str = "ndcg@10") -> Estimate:
        """How much better `arm` is than `other`, query by query."""
        a, b = self.scores[arm][measure], self.scores[other][measure]
        return paired_difference([a[query] for query in a], [b[query] for query in a])


def load_benchmark(folder: Path) -> Benchmark:
    """Read a BEIR folder; EvalError names the file and line that is missing or broken.

    Qrels are found as qrels.tsv, qrels.txt or qrels/{test,dev,train}.tsv, with or without a header, in three columns
    (query, document, grade), two (grade 1) or TREC's four (query, 0, document, grade).
    """
    if not folder.is_dir():
        raise EvalError(f"{folder} is not a folder: give one that holds corpus.jsonl, queries.jsonl and qrels.tsv")
    documents: dict[str, tuple[str, str]] = {}
    for place, row in _json_lines(_existing(folder, ("corpus.jsonl",))):
        text, title = _text(row, place), row.get("title") or ""
        if not isinstance(title, str):
            raise EvalError(f"{place}: title is not text")
        if documents.setdefault(_id(row, place), (text, title)) != (text, title):
            raise EvalError(f"{place}: document id {_id(row, place)} stands twice with different texts")
    queries = {_id(row, place): _text(row, place) for place, row in _json_lines(_existing(folder, ("queries.jsonl",)))}
    path = _existing(folder, ("qrels.tsv", "qrels.txt", "qrels/test.tsv", "qrels/dev.tsv", "qrels/train.tsv"))
    qrels, warnings = _read_qrels(path, queries, documents)
    return Benchmark(
        document_ids=tuple(documents),
        texts=tuple(text for text, _ in documents.values()),
        titles=tuple(title for _, title in documents.values()),
        queries=queries,
        qrels=qrels,
        warnings=warnings,
    )


def run_benchmark(benchmark: Benchmark, build: Build, arms: Sequence[str]) -> BenchmarkScores:
    """Build the pipeline over the documents, ask every judged query of every arm, and score the ten best."""
    started = time.perf_counter()
    pipeline = build(benchmark.texts, benchmark.titles)
    seconds = {"build": time.perf_counter() - started}
    judged = list(benchmark.qrels)
    scores: dict[str, dict[str, dict[str, float]]] = {}
    for arm in arms:
        started = time.perf_counter()
        found = pipeline.search_many([benchmark.queries[query] for query in judged], k=DEPTH, arm=arm)
        seconds[arm] = time.perf_counter() - started
        rankings = {
            query: [benchmark.document_ids[position] for position, _ in hits]
            for query, hits in zip(judged, found, strict=True)
        }
        scores[arm] = ranking_scores(benchmark.qrels, rankings, BENCHMARK_MEASURES)
    return BenchmarkScores(benchmark, scores, seconds)


def _existing(folder: Path, names: Sequence[str]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise EvalError(f"{folder} holds no {' or '.join(names)}: a BEIR folder is needed")


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        # Not by line iteration of universal newlines alone: a text may hold U+2028, which splitlines would cut at.
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise EvalError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise EvalError(f"cannot read {path}: {error.strerror}") from error


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    empty = True
    for place, line in _lines(path):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise EvalError(f"{place}: not JSON ({error.msg} at column {error.colno})") from error
        if not isinstance(row, dict):
            raise EvalError(f"{place}: a JSON object is needed, not {type(row).__name__}")
        empty = False
        yield place, row
    if empty:
        raise EvalError(f"{path} is empty: one JSON object a line is needed")


def _id(row: Mapping[str, Any], place: str) -> str:
    for key in ID_KEYS:
        if row.get(key) not in (None, ""):
            return str(row[key])
    raise EvalError(f"{place}: no id (one of {', '.join(ID_KEYS)})")


def _text(row: Mapping[str, Any], place: str) -> str:
    for key in TEXT_KEYS:
        if isinstance(row.get(key), str):
            return str(row[key])
    raise EvalError(f"{place}: no text (one of {', '.join(TEXT_KEYS)})")


def _read_qrels(
    path: Path, queries: Mapping[str, str], documents: Mapping[str, Any]
) -> tuple[dict[str, dict[str, int]], tuple[str, ...]]:
    qrels: dict[str, dict[str, int]] = {}
    unknown_queries, unknown_documents, first = 0, 0, True
    for place, line in _lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        cells = [cell.strip() for cell in cells]
        header, first = first, False
        if len(cells) == 4:
            cells = [cells[0], cells[2], cells[3]]
        if len(cells) == 2:
            cells.append("1")
        if len(cells) != 3:
            raise EvalError(f"{place}: {len(cells)} columns; query, document and grade are needed")
        query, document, written = cells
        try:
            grade = float(written)
        except ValueError as error:
            if header:
                continue
            raise EvalError(f"{place}: grade {written!r} is not a number") from error
        if header and query not in queries and document not in documents:
            continue  # a header of two columns, "query-id corpus-id", to which a grade was added above
        if query not in queries:
            unknown_queries += 1
            continue
        if document not in documents:
            unknown_documents += 1
        qrels.setdefault(query, {})[document] = round(grade)
    judged = {query: grades for query, grades in qrels.items() if any(grade > 0 for grade in grades.values())}
    if not judged:
        raise EvalError(f"{path}: no query of queries.jsonl has a relevant document there: do the ids belong together?")
    warnings = []
    if unknown_queries:
        warnings.append(f"{path}: {unknown_queries} lines name a query that queries.jsonl does not hold; left out")
    if unknown_documents:
        warnings.append(f"{path}: {unknown_documents} lines name a document that corpus.jsonl does not hold")
    return judged, tuple(warnings)
