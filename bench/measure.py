"""What one size of collection costs to build and to ask."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.collections import recombined, sentences_of, synthetic_vectors
from index.dense import DenseIndex
from index.encoder import Encoder
from index.late import LateInteraction, TokenVectors
from index.lexical import LexicalIndex
from index.passages import embedded_text
from index.pipeline import EncodedTexts, Pipeline
from index.synonyms import meanings
from index.tokens import bigrams
from records import Passage

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size: milliseconds are of a whole question, its encoding included, in a warm process on one thread of FAISS.

    `recall` is the share of the exact ten nearest that the dense index finds; `memory_mib` is the process's peak.
    """

    passages: int
    dense: str
    index_seconds: float
    median_ms: float
    p95_ms: float
    encode_ms: float
    lexical_ms: float
    dense_ms: float
    recall: float
    disk_mib: float
    memory_mib: float


def peak_mib() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def passages_per_second(encoder: Encoder, passages: Sequence[Passage], n: int = 128) -> float:
    """How many passages of the corpus are encoded a second."""
    texts = [embedded_text(passage) for passage in passages[:: max(1, len(passages) // n)]][:n]
    start = time.perf_counter()
    encoder.read_passages(texts)
    return len(texts) / (time.perf_counter() - start)


def measure_size(
    n: int, passages: Sequence[Passage], real: EncodedTexts, encoder: Encoder, questions: Sequence[str]
) -> SizeRow:
    """Build and ask a collection of `n` recombined passages, or the corpus itself where `n` is its size.

    Vectors of made passages are synthetic. Their token vectors are those of the corpus, looked up in turn, so that late
    interaction does its work without 40 KB of disk a passage.
    """
    start = time.perf_counter()
    if n == len(passages):
        pipeline = Pipeline.build(
            [passage.text for passage in passages], [passage.heading for passage in passages], encoder, real
        )
        vectors = real.vectors
    else:
        vectors = synthetic_vectors(real.vectors, n)
        pipeline = _made_pipeline(n, passages, real, vectors, encoder)
    index_seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        pipeline.save(Path(folder))
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 2**20
    pipeline.find(questions[0])
    whole = [_seconds(lambda q=question: pipeline.find(q)) for question in questions]  # type: ignore[misc]
    encoded = encoder.questions(questions[:24])
    return SizeRow(
        passages=n,
        dense=pipeline.dense.kind,
        index_seconds=index_seconds,
        median_ms=float(np.median(whole)) * 1000,
        p95_ms=float(np.percentile(whole, 95)) * 1000,
        encode_ms=_median_ms(lambda q: encoder.questions([q]), questions[:24]),
        lexical_ms=_median_ms(lambda q: pipeline.search(q, 10, "lexical"), questions[:24]),
        dense_ms=_median_ms(lambda e: pipeline.dense.search(e.vector, 60), encoded),
        recall=_recall(pipeline.dense, vectors, [each.vector for each in encoded]),
        disk_mib=disk,
        memory_mib=peak_mib(),
    )


def _made_pipeline(
    n: int, passages: Sequence[Passage], real: EncodedTexts, vectors: Array, encoder: Encoder
) -> Pipeline:
    sentences = sentences_of(passages)
    made = list(recombined(n, len(passages), len(sentences)))
    indexes = []
    for analyse in (meanings, bigrams):
        headings = [analyse(passage.heading) for passage in passages]
        terms = [analyse(sentence) for sentence in sentences]
        indexes.append(
            LexicalIndex.build(
                [*headings[each.heading], *(term for at in each.sentences for term in terms[at])] for each in made
            )
        )
    late = Borrowed(LateInteraction.build(real.tokens), len(passages)) if real.tokens is not None else None
    return Pipeline(encoder, DenseIndex.build(vectors), indexes[0], indexes[1], late)


class Borrowed(LateInteraction):
    """Late interaction over the token vectors of a smaller collection, looked up in turn."""

    def __init__(self, lender: LateInteraction, n: int) -> None:
        super().__init__(lender.tokens, lender._rarity)
        self._n = n

    def scores(self, question, ids):  # type: ignore[no-untyped-def]
        return super().scores(question, ids % self._n)

    def save(self, folder: Path) -> None:
        """Nothing: what it borrows is counted where it belongs."""


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _median_ms(work: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    return float(np.median([_seconds(lambda x=x: work(x)) for x in inputs])) * 1000  # type: ignore[misc]


def _recall(index: DenseIndex, vectors: Array, questions: Sequence[Array]) -> float:
    """Share of the exact ten nearest among the ten found."""
    shares = []
    for question in questions:
        exact = np.argpartition(-(vectors @ question), min(10, len(vectors) - 1))[:10]
        shares.append(len(set(exact.tolist()) & set(index.search(question, 10)[0].tolist())) / len(exact))
    return float(np.mean(shares))


def token_bytes(tokens: TokenVectors | None) -> float:
    """Bytes of token vectors a passage."""
    if tokens is None or not len(tokens):
        return 0.0
    return (tokens.vectors.nbytes + tokens.pieces.nbytes + tokens.scales.nbytes) / len(tokens)
