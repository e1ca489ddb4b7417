"""Dense, late and fused retrieval against plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseIndex, Kind, kind_for
from index.fusion import WEIGHTS, fuse
from index.late import LateInteraction, Tokens, TokenVectors
from index.pipeline import ARMS, Pipeline
from tests.index.conftest import DIM, PairEncoder


def unit(shape: tuple[int, int], seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(("kind", "agree"), [("flat", 1.0), ("fp16", 0.99), ("sq8", 0.9)])
def test_search_finds_what_exact_arithmetic_finds(kind: Kind, agree: float) -> None:
    vectors, queries = unit((2000, 64), 1), unit((50, 64), 2)
    index = DenseIndex.build(vectors, kind)
    assert (index.kind, len(index), index.dim) == (kind, 2000, 64)
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    found = [set(index.search(query, 10)[0].tolist()) for query in queries]
    assert np.mean([len(a & set(b.tolist())) / 10 for a, b in zip(found, exact, strict=True)]) >= agree


@pytest.mark.parametrize("kind", ["flat", "fp16", "sq8"])
def test_a_filter_is_exact(kind: Kind) -> None:
    vectors = unit((1003, 32), 3)
    index = DenseIndex.build(vectors, kind)
    allowed = np.array([5, 17, 400, 1002])
    ids, scores = index.search(unit((1, 32), 4)[0], 10, allowed)
    assert sorted(ids.tolist()) == allowed.tolist()
    assert (np.diff(scores) <= 0).all()
    assert len(index.search(vectors[0], 10, np.zeros(0, np.int64))[0]) == 0


def test_types_by_size() -> None:
    assert [kind_for(n) for n in (500, 100_000, 1_000_000)] == ["flat", "fp16", "sq8"]


def test_a_saved_index_is_the_same(tmp_path: object) -> None:
    from pathlib import Path

    vectors = unit((100, 16), 5)
    folder = Path(str(tmp_path)) / "dense"
    DenseIndex.build(vectors).save(folder)
    loaded = DenseIndex.load(folder)
    np.testing.assert_allclose(loaded.vectors(np.array([3, 99])), vectors[[3, 99]])


def test_parts_are_one_index(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    import index.dense as dense

    vectors, query = unit((301, 16), 6), unit((1, 16), 7)[0]
    whole = DenseIndex.build(vectors, "flat")
    monkeypatch.setattr(dense, "_SQ8_FROM", 300)
    folder = Path(str(tmp_path)) / "dense"
    DenseIndex.build(vectors, "flat").save(folder)
    assert len(list(folder.iterdir())) == 2
    parts = DenseIndex.load(folder)
    assert len(parts) == 301
    for allowed in (None, np.array([0, 149, 150, 151, 300]), np.array([5]), np.zeros(0, np.int64)):
        np.testing.assert_array_equal(parts.search(query, 7, allowed)[0], whole.search(query, 7, allowed)[0])
    everywhere = np.array([300, 0, 150, 149])
    np.testing.assert_array_equal(parts.vectors(everywhere), vectors[everywhere])


def test_many_vectors_are_compared_in_full_after_a_short_look(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    import index.dense as dense

    rng = np.random.default_rng(8)
    spread = np.exp(-np.arange(200) / 30).astype(np.float32)  # most of what sets them apart lies along few axes
    vectors = rng.standard_normal((3000, 200)).astype(np.float32) * spread
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact = [np.argsort(-(vectors @ query))[:10] for query in vectors[:40]]
    monkeypatch.setattr(dense, "_FP16_FROM", 1000)
    DenseIndex.build(vectors).save(Path(str(tmp_path)))
    index = DenseIndex.load(Path(str(tmp_path)))
    assert index._axes is not None
    found = [index.search(query, 10) for query in vectors[:40]]
    assert np.mean([len(set(a.tolist()) & set(b.tolist())) / 10 for a, (b, _) in zip(exact, found, strict=True)]) > 0.95
    for query, (ids, scores) in zip(vectors[:40], found, strict=True):
        np.testing.assert_allclose(scores, vectors[ids] @ query, atol=0.01)
    for allowed in (np.arange(0, 3000, 2), np.array([4, 2999]), np.zeros(0, np.int64)):
        ids, _ = index.search(vectors[0], 10, allowed)
        assert set(ids.tolist()) <= set(allowed.tolist())
        assert len(ids) == min(10, len(allowed))
    # Vectors that differ in every direction are compared in full at once.
    monkeypatch.setattr(dense, "_AXES", 8)
    assert DenseIndex.build(unit((1500, 64), 9))._axes is None


def test_late_interaction_by_hand() -> None:
    """Two pieces asked for; piece 7 is in one of two texts, piece 8 in both, so that 7 weighs ln 2."""
    axes = np.eye(4, dtype=np.float32)
    texts = [Tokens(np.array([7, 8], np.int32), axes[[0, 1]]), Tokens(np.array([8, 9], np.int32), axes[[1, 2]])]
    late = LateInteraction.build(TokenVectors.of(texts, 4))
    question = Tokens(np.array([7, 8], np.int32), axes[[0, 1]])
    rare, common = np.log(2), np.log1p(0.5 / 2.5)
    expected = [1.0, common / (rare + common)]
    np.testing.assert_allclose(late.scores(question, np.array([0, 1])), expected, atol=1e-3)
    np.testing.assert_allclose(
        late.span_scores(question, 0, [0, 1, 2]), [rare / (rare + common), common / (rare + common)], atol=1e-3
    )
    np.testing.assert_allclose(late.span_scores(question, 0, [0, 2, 9]), [1.0, 0.0], atol=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_late_interaction_is_the_mean_of_the_nearest(lengths: list[int], random: object) -> None:
    rng = np.random.default_rng(len(lengths))
    texts = []
    for i, length in enumerate(lengths):
        vectors = unit((length, 16), i) if length else np.zeros((0, 16), np.float32)
        texts.append(Tokens(rng.integers(0, 50, length).astype(np.int32), vectors))
    stored = TokenVectors.of(texts, 16)
    late = LateInteraction.build(stored)
    question = Tokens(np.array([1, 2, 60], np.int32), unit((3, 16), 99))
    n = len(texts)
    held = [sum(piece in text.pieces for text in texts) for piece in (1, 2, 60)]
    weights = np.array([np.log1p((n - h + 0.5) / (h + 0.5)) for h in held])
    nearest = [
        (text.vectors @ question.vectors.T).max(0) if len(text.pieces) else np.zeros(3, np.float32) for text in texts
    ]
    expected = np.array(nearest) @ weights / weights.sum()
    np.testing.assert_allclose(late.scores(question, np.arange(n)), expected, atol=0.02)


def test_token_vectors_taken_and_joined_are_the_same() -> None:
    texts = [Tokens(np.arange(n, dtype=np.int32), unit((n, 8), n)) for n in (3, 1, 4)]
    stored = TokenVectors.of(texts, 8)
    again = TokenVectors.concatenate([stored.take([0]), stored.take([]), stored.take([1, 2])])
    assert again.offsets.tolist() == stored.offsets.tolist() == [0, 3, 4, 8]
    np.testing.assert_array_equal(again.vectors, stored.vectors)
    np.testing.assert_allclose(
        stored.vectors * stored.scales[:, None].astype(np.float32),
        np.concatenate([text.vectors for text in texts]),
        atol=0.006,
    )


def test_fusion_by_hand() -> None:
    parts = {"dense": np.array([0.9, 0.8], np.float32), "words": np.array([0.0, 0.5], np.float32)}
    np.testing.assert_allclose(fuse(parts, {"dense": 0.5, "words": 0.2, "late": 1.0}), [0.45, 0.5])
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


TEXTS = [
    "飼い主のいない猫の不妊去勢手術を支援します。",
    "地域防災拠点で訓練を行います。",
    "ボランティア講座を開催します。",
    "澤田會舘を改修します。",
    "図書館で絵本を読み聞かせます。",
    "",
]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.build(TEXTS, ["猫対策", "", "", "", "", ""], PairEncoder())


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("猫の手術", 0),
        ("ﾎﾞﾗﾝﾃｨｱ", 2),
        ("沢田会館の工事", 3),
        ("防災　訓練", 1),
        ("絵本の読み聞かせ", 4),
    ],
)
def test_every_arm_finds_it(pipeline: Pipeline, query: str, best: int) -> None:
    assert pipeline.search(query, 3)[0][0] == best
    assert pipeline.search(query, 3, "lexical")[0][0] == best


@pytest.mark.parametrize("arm", list(ARMS))
def test_rankings_are_ordered_and_distinct(pipeline: Pipeline, arm: str) -> None:
    found = pipeline.search("猫の訓練を図書館で", 6, arm)  # type: ignore[arg-type]
    assert len({i for i, _ in found}) == len(found) > 1
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert pipeline.search_many(["猫の訓練を図書館で"], 6, arm) == [found]  # type: ignore[arg-type]


def test_each_arm_asks_the_encoder_once(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = pipeline.encoder.questions
    monkeypatch.setattr(pipeline.encoder, "questions", lambda texts: asked.extend(texts) or real(texts))
    queries = ["猫の手術を受けたい", "絵本を借りたい"]
    rankings = {arm: pipeline.search_many(queries, 6, arm) for arm in ARMS}  # type: ignore[arg-type]
    assert asked == queries
    monkeypatch.undo()
    for arm, ranking in rankings.items():
        assert ranking == [pipeline.search(query, 6, arm) for query in queries]  # type: ignore[arg-type]


def test_synonyms_are_found_and_can_be_left_out() -> None:
    texts = ["転居の届け出を受け付けます。", "防災の訓練を行います。", "公園を直します。"]
    with_them = Pipeline.build(texts, None, PairEncoder())
    plain = with_them.without_synonyms(texts)
    assert [at for at, _ in with_them.search("引っ越し", 3, "words")] == [0]
    assert plain.search("引っ越し", 3, "words") == []
    assert plain.search("転居", 3, "words")[0][0] == 0


def test_feedback_is_the_nearness_to_the_best_three(pipeline: Pipeline) -> None:
    query = "猫の手術"
    before = pipeline.find(query, parts=ARMS["without_feedback"])
    found = pipeline.find(query)
    vectors = pipeline.dense.vectors(found.ids)
    expected = vectors @ pipeline.dense.vectors(before.ids[:3]).mean(0)
    np.testing.assert_allclose(found.parts["feedback"], expected, rtol=1e-5)
    np.testing.assert_allclose(found.scores, sum(WEIGHTS[name] * part for name, part in found.parts.items()), rtol=1e-5)


def test_a_filter_holds_in_every_part(pipeline: Pipeline) -> None:
    found = pipeline.find("猫の手術", np.array([1, 4]))
    assert set(found.ids.tolist()) <= {1, 4}
    assert len(pipeline.find("猫", np.zeros(0, np.int64)).ids) == 0


def test_a_saved_pipeline_ranks_the_same(pipeline: Pipeline, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "retrieval"
    pipeline.save(folder)
    again = Pipeline.load(folder, pipeline.encoder)
    for query in ("猫の手術", "訓練", "図書館"):
        assert again.search(query, 5) == pipeline.search(query, 5)


def test_nothing_to_search() -> None:
    empty = Pipeline.build([], None, PairEncoder())
    assert empty.search("猫") == []
    assert empty.dense.dim == DIM
