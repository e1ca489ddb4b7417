"""The prepared model: what was cut cannot matter to Japanese or Latin text, and NumPy computes what PyTorch does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, open_encoder
from index.model_setup import ModelUnavailableError, is_prepared, keep_piece, prepare_model
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
    from index.model_setup import load_pack, pack_path, save_model

    whole = tmp_path / "whole"
    whole.mkdir()
    pack = load_pack(pack_path())
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
