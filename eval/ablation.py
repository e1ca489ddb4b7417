"""What each part of retrieval earns: the passages of the library through every arm of the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from eval.benchmark import Searching
from eval.grading import gold_ranking
from eval.metrics import PASSAGE_MEASURES, ranking_scores
from eval.questions import Question
from records import Passage, Source

DEPTH = 10


class Ablated(Searching, Protocol):
    """What the ablation needs of index.pipeline.Pipeline besides."""

    def without_synonyms(self, texts: Sequence[str], titles: Sequence[str]) -> Searching: ...


def passage_scores(
    questions: Sequence[Question], found: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, dict[str, float]]:
    """{measure: {question: score}} for questions with gold passages; `found` holds the sources, best first."""
    qrels = {
        question.question_id: {f"g{n}": passage.grade for n, passage in enumerate(question.passages)}
        for question in questions
        if question.passages
    }
    rankings = {
        question.question_id: gold_ranking(question.passages, found.get(question.question_id, ())[:DEPTH])
        for question in questions
        if question.passages
    }
    return ranking_scores(qrels, rankings, PASSAGE_MEASURES)


def ablate(
    questions: Sequence[Question],
    passages: Sequence[Passage],
    build: Callable[[Sequence[str], Sequence[str]], Ablated],
    arms: Sequence[str],
) -> dict[str, dict[str, dict[str, float]]]:
    """{row: {measure: {question: score}}} of every arm, and of the default without headings and without synonyms.

    No filter from the question is applied: this is what the words alone find.
    """
    asked = [question for question in questions if question.passages and not question.history]
    texts, headings = [passage.text for passage in passages], [passage.heading for passage in passages]
    pipeline = build(texts, headings)
    rows = {arm: _arm_scores(asked, passages, pipeline, arm) for arm in arms}
    rows["without_synonyms"] = _arm_scores(asked, passages, pipeline.without_synonyms(texts, headings), "default")
    bare = build(texts, [""] * len(texts))
    rows["default, no headings"] = _arm_scores(asked, passages, bare, "default")
    return rows


def _arm_scores(
    questions: Sequence[Question], passages: Sequence[Passage], pipeline: Searching, arm: str
) -> dict[str, dict[str, float]]:
    hits = pipeline.search_many([question.question for question in questions], k=DEPTH, arm=arm)
    found = {
        question.question_id: [source_json(passages[position].source) for position, _ in ranked]
        for question, ranked in zip(questions, hits, strict=True)
    }
    return passage_scores(questions, found)


def source_json(source: Source) -> dict[str, Any]:
    """The part of a Source that gold passages are compared with."""
    return {"document_id": source.document_id, "line_start": source.line_start, "line_end": source.line_end}
