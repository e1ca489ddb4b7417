"""The same passages and the same encoder in two systems that people would otherwise pick, with their own defaults."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One system over the same passages: seconds to build, milliseconds a question, and what it finds.

    `found` is the share of `questions` whose passage is among the first five; None where no gold is given.
    """

    system: str
    build_seconds: float
    median_ms: float
    p95_ms: float
    mrr: float
    found: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the positions of the passages that answer it."""

    question: str
    answers: frozenset[int]


Searcher = Callable[[str], list[int]]


def compare(systems: Mapping[str, Callable[[], Searcher]], questions: Sequence[Asked]) -> list[SystemRow]:
    """Build every system, then ask each question of all of them in turn, so that other load falls on all alike."""
    built: dict[str, tuple[Searcher, float]] = {}
    for name, build in systems.items():
        print(f"{name} を作っています…", file=sys.stderr, flush=True)
        start = time.perf_counter()
        built[name] = build(), time.perf_counter() - start
    times: dict[str, list[float]] = {name: [] for name in built}
    firsts: dict[str, list[int]] = {name: [] for name in built}
    for at, asked in enumerate([questions[0], *questions]):
        for name, (search, _) in built.items():
            start = time.perf_counter()
            found = search(asked.question)[:10]
            if at:  # the first round warms them up
                times[name].append((time.perf_counter() - start) * 1000)
                firsts[name].append(next((rank for rank, i in enumerate(found, 1) if i in asked.answers), 0))
    return [
        SystemRow(
            name,
            seconds,
            float(np.median(times[name])),
            float(np.percentile(times[name], 95)),
            float(np.mean([1 / first if first else 0 for first in firsts[name]])),
            float(np.mean([0 < first <= 5 for first in firsts[name]])),
        )
        for name, (_, seconds) in built.items()
    ]


def txtai_hybrid(texts: Sequence[str], encoder: Encoder) -> Searcher:
    """txtai's hybrid index: dense and BM25, half and half, its own tokenizer."""
    from txtai import Embeddings

    def transform(inputs: Any) -> Any:
        return encoder.encode_passages(list(inputs)) if len(inputs) > 1 else encoder.encode_queries(list(inputs))

    embeddings = Embeddings(method="external", transform=transform, hybrid=True)
    embeddings.index((at, text, None) for at, text in enumerate(texts))
    return lambda question: [int(at) for at, _ in embeddings.search(question, 10)]


def llama_index_fusion(texts: Sequence[str], encoder: Encoder) -> Searcher:
    """LlamaIndex: its vector index and its BM25 retriever, fused by reciprocal rank, no language model."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    class Same(BaseEmbedding):  # type: ignore[misc]
        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(x) for x in encoder.encode_queries([query])[0]]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode_passages(texts).tolist()
            return vectors

    nodes = [TextNode(text=text, id_=str(at)) for at, text in enumerate(texts)]
    index = VectorStoreIndex(nodes, embed_model=Same(embed_batch_size=32))
    fused = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=10), BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10)],
        similarity_top_k=10,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
        llm=MockLLM(),
    )
    return lambda question: [int(found.node.node_id) for found in fused.retrieve(question)]


def available() -> dict[str, Callable[[Sequence[str], Encoder], Searcher]]:
    """The systems that are installed (requirements-bench.txt), by name."""
    systems: dict[str, Callable[[Sequence[str], Encoder], Searcher]] = {}
    if importlib.util.find_spec("txtai") is not None:
        systems["txtai 混成検索"] = txtai_hybrid
    if importlib.util.find_spec("llama_index") is not None and importlib.util.find_spec("bm25s") is not None:
        systems["LlamaIndex 融合検索"] = llama_index_fusion
    return systems
