"""The prepared model: what was cut cannot matter to Japanese or Latin text, and NumPy computes what PyTorch does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, open_encoder
from index.model_setup import (
    ADAPTED,
    ADAPTER,
    ModelUnavailableError,
    Pack,
    adapted,
    is_prepared,
    keep_piece,
    load_pack,
    pack_path,
    prepare_model,
)
from ingest.state import StateLayout

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "piece",
    [
        "▁",
        "▁区",
        "ボランティア",
        "執行率",
        "%",
        "▁the",
        "é",
        "ǖ",
        "澤",
        "们",
        "①",
        "α",
        "ж",
        "…",
        "1234",
        "㎡",
        "ー",
        "々",
    ],
)
def test_kept(piece: str) -> None:
    assert keep_piece(piece)


@pytest.mark.parametrize("piece", ["привет", "한국", "ไทย", "सरकार", "λόγος", "١٢", "עברית", "ქართ"])
def test_cut(piece: str) -> None:
    assert not keep_piece(piece)


def test_no_model_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUSEI_MODEL", raising=False)
    with pytest.raises(ModelUnavailableError, match="prepare-model"):
        open_encoder(StateLayout(tmp_path))


def test_a_model_that_is_not_there_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("KUSEI_MODEL", str(tmp_path / "nothing"))
    with pytest.raises(ModelUnavailableError, match="nothing"):
        open_encoder(StateLayout(tmp_path)).encode_queries(["猫"])


def small_pack(weights: dict[str, np.ndarray]) -> Pack:
    return Pack(6, 1, 2, 8, 4, 1, 1e-12, 0, 1, 2, 3, ("a",), (0.0,), weights)


def test_the_adapter_is_added_to_the_weights_it_names(tmp_path: Path) -> None:
    """As PyTorch adds it: the weight's output, and the update's beside it."""
    import torch

    draw = np.random.default_rng(7)
    name, other = f"encoder.layer.0.{ADAPTED[4]}.weight", "encoder.layer.0.output.dense.weight"
    weights = {name: draw.standard_normal((8, 6), np.float32), other: draw.standard_normal((6, 8), np.float32)}
    down, up = (draw.standard_normal(shape).astype(np.float16) for shape in ((2, 6), (8, 2)))
    np.savez(tmp_path / "adapter.npz", **{f"{name}.down": down, f"{name}.up": up})
    pack = small_pack(weights)
    merged = adapted(pack, tmp_path / "adapter.npz").weights
    text = draw.standard_normal((5, 6), np.float32)
    x, w, a, b = (torch.from_numpy(value).float() for value in (text, weights[name], down, up))
    beside = torch.nn.functional.linear(x, w) + torch.nn.functional.linear(torch.nn.functional.linear(x, a), b)
    np.testing.assert_allclose(text @ merged[name].T, beside.numpy(), rtol=1e-5, atol=1e-5)
    assert merged[other] is weights[other]
    assert pack.weights[name] is weights[name]  # the pack that was given stays as it was


def test_an_adapter_of_another_model_is_refused(tmp_path: Path) -> None:
    name = f"encoder.layer.0.{ADAPTED[0]}.weight"
    np.savez(tmp_path / "adapter.npz", **{f"{name}.down": np.zeros((2, 5)), f"{name}.up": np.zeros((6, 2))})
    with pytest.raises(ModelUnavailableError, match="合いません"):
        adapted(small_pack({name: np.zeros((6, 6), np.float32)}), tmp_path / "adapter.npz")


def test_the_adapter_in_the_repository() -> None:
    """Small, finite, and of the upper layers alone."""
    assert ADAPTER.stat().st_size < 2_000_000
    with np.load(ADAPTER) as update:
        names = {key.rpartition(".")[0] for key in update.files}
        assert all(np.isfinite(update[key]).all() for key in update.files)
    assert names == {f"encoder.layer.{layer}.{part}.weight" for layer in range(6, 12) for part in ADAPTED}


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> StateLayout:
    made = StateLayout(tmp_path_factory.mktemp("state"))
    assert prepare_model(made)
    return made


def texts() -> list[str]:
    """Every line of the corpus, and of the BEIR folders that KUSEI_BENCHMARKS names, if any."""
    found = [
        line.strip()
        for path in sorted((ROOT / "corpus").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    for folder in filter(None, os.environ.get("KUSEI_BENCHMARKS", "").split(os.pathsep)):
        for name in ("corpus.jsonl", "queries.jsonl"):
            for line in (Path(folder) / name).read_text("utf-8").splitlines():
                found.append(json.loads(line)["text"])
    return found


@pytest.mark.slow
def test_setup_is_done_once(layout: StateLayout) -> None:
    assert is_prepared(layout.model)
    assert not prepare_model(layout)


@pytest.mark.slow
def test_the_cut_changes_no_vector(layout: StateLayout, tmp_path: Path) -> None:
    """The same pieces, and vectors with a cosine above 0.99999, for every text without letters of other scripts."""
    from index.model_setup import save_model

    whole = tmp_path / "whole"
    whole.mkdir()
    pack = adapted(load_pack(pack_path()))
    save_model(pack, np.arange(len(pack.pieces)), whole, half=False)
    before, after = Encoder(str(whole), "query: ", "passage: "), Encoder(str(layout.model), "query: ", "passage: ")
    assert before._bert is not None
    assert after._bert is not None
    lines = sorted(set(texts()), key=len)
    same, foreign = [], []
    for line in lines:
        one, other = (model.tokenizer.encode("passage: " + line) for model in (before._bert, after._bert))
        if one.tokens == other.tokens:
            same.append(line)
        else:
            assert any(character.isalpha() and not keep_piece(character * 2) for character in line), line
            foreign.append(line)
    assert len(foreign) <= len(lines) / 500, foreign[:5]
    sample = same if os.environ.get("KUSEI_BENCHMARKS") else same[:: max(1, len(same) // 400)]
    cosines = (before.encode_passages(sample) * after.encode_passages(sample)).sum(1)
    print(f"{len(lines)} texts, lowest cosine of {len(sample)} without other scripts {cosines.min():.7f}")
    if foreign:
        near = (before.encode_passages(foreign) * after.encode_passages(foreign)).sum(1)
        print(f"{len(foreign)} with words of other scripts, lowest cosine {near.min():.4f}")
    assert cosines.min() > 0.99999
    assert (layout.model / "model.safetensors").stat().st_size * 3 < (whole / "model.safetensors").stat().st_size


@pytest.mark.slow
def test_numpy_computes_what_pytorch_does(layout: StateLayout) -> None:
    encoder = open_encoder(layout)
    questions = [
        "庭に来る野良猫を何とかしたい",
        "令和4年度に執行率が50%を下回った事業は？",
        "R4 budget",
        "ж привет 한국",
        "猫" * 900,
    ]
    quick = encoder.questions(questions)
    slow = encoder._read(questions, "query: ", None, with_tokens=True)
    for one, other in zip(quick, slow, strict=True):
        assert one.vector @ other.vector > 0.999999
        np.testing.assert_array_equal(one.tokens.pieces, other.tokens.pieces)
        assert (one.tokens.vectors * other.tokens.vectors).sum(1).min() > 0.99999
    assert len(quick[0].tokens.pieces) == sum(encoder.count_pieces([questions[0]]))


@pytest.mark.slow
def test_the_fingerprint_knows_the_prefixes(layout: StateLayout) -> None:
    model = str(layout.model)
    prints = {Encoder(model, *prefixes).fingerprint for prefixes in (("query: ", "passage: "), ("", ""), (None, None))}
    assert len(prints) == 3
    assert Encoder(model).prefixes == ("query: ", "passage: ")


@pytest.mark.slow
def test_the_prepared_model_holds_the_adapter(layout: StateLayout) -> None:
    from safetensors.numpy import load_file

    stored = load_file(layout.model / "model.safetensors")
    before, after = load_pack(pack_path()).weights, adapted(load_pack(pack_path())).weights
    for name, value in after.items():
        if "word_embeddings" not in name:
            np.testing.assert_allclose(stored[name], value, rtol=1e-3, atol=1e-4)
    changed = {name for name, value in after.items() if not np.array_equal(value, before[name])}
    with np.load(ADAPTER) as update:
        assert changed == {key.rpartition(".")[0] for key in update.files}


@pytest.mark.slow
def test_residents_words_find_the_plans_words(layout: StateLayout) -> None:
    """Without the adapter e5 finds two of the six."""
    encoder = open_encoder(layout)
    told = {
        "一人暮らしの母が急に倒れたときすぐ知らせたい": "高齢者等緊急通報装置貸与事業",
        "暗い夜道を歩いて帰るのが怖い": "防犯灯LED化推進事業",
        "仕事をなくして家賃が払えない": "住居確保給付金支給事業",
        "赤ちゃんが生まれたばかりで眠れず、誰かに助けてほしい": "産後ケア事業",
        "隣の誰も住んでいない家が崩れそう": "空家等対策推進事業",
        "息子が何年も部屋から出てこない": "ひきこもり相談支援事業",
    }
    others = [
        "電話交換業務委託",
        "夜間急病センター運営事業",
        "市営住宅使用料収納事務",
        "児童館整備事業",
        "樹木医派遣事業",
    ]
    titles = [*told.values(), *others, "施設予約システム運用事業"]
    scores = encoder.encode_queries(list(told)) @ encoder.encode_passages(titles).T
    found = [titles[best] for best in scores.argmax(1)]
    assert sum(one == title for one, title in zip(found, told.values(), strict=True)) >= 5, found
