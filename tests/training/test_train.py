"""Training: the update beside the weights is the update that set-up merges; no question is one that is scored."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from index.model_setup import ADAPTED, Pack, adapted
from training.train import QUESTIONS, RECIPE, Model, held_out, ndcg, save_adapter

ROOT = Path(__file__).resolve().parents[2]
DIM, INNER, LAYERS = 8, 12, 2


def weights() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(3)
    shapes = {"word_embeddings.weight": (20, DIM), "position_embeddings.weight": (9, DIM)}
    shapes |= {"token_type_embeddings.weight": (1, DIM), "LayerNorm.weight": (DIM,), "LayerNorm.bias": (DIM,)}
    named = {f"embeddings.{name}": shape for name, shape in shapes.items()}
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        for part in ADAPTED:
            rows, columns = (INNER, DIM) if "inter" in part else (DIM, INNER) if part[0] == "o" else (DIM, DIM)
            named |= {f"{at}{part}.weight": (rows, columns), f"{at}{part}.bias": (rows,)}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            named |= {f"{at}{part}.weight": (DIM,), f"{at}{part}.bias": (DIM,)}
    return {name: draw.standard_normal(shape).astype(np.float32) for name, shape in named.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = {"num_hidden_layers": LAYERS, "num_attention_heads": 2, "hidden_size": DIM, "layer_norm_eps": 1e-12}
    (tmp_path / "config.json").write_text(json.dumps(config))
    save_file(weights(), tmp_path / "model.safetensors")
    return tmp_path


def out(model: Model, texts: list[list[int]]) -> torch.Tensor:
    with torch.no_grad():
        return model.run(model.embed(texts), [[len(text) for text in texts]], range(LAYERS))


def test_texts_side_by_side_do_not_see_each_other(folder: Path) -> None:
    model = Model(folder, replace(RECIPE, first_layer=0))
    one, other = [1, 5, 7, 2], [1, 9, 2]
    alone = torch.cat([out(model, [one]), out(model, [other])])
    torch.testing.assert_close(out(model, [one, other]), alone, rtol=1e-4, atol=1e-5)


def test_what_is_trained_is_what_setup_merges(folder: Path, tmp_path: Path) -> None:
    model = Model(folder, replace(RECIPE, first_layer=1, rank=2))
    before = out(model, [[1, 5, 7, 2]])
    model.start_update()
    torch.testing.assert_close(out(model, [[1, 5, 7, 2]]), before)  # it starts as no change
    for _, up in model.update.values():
        up.data.normal_(0, 0.3)
    save_adapter(model, tmp_path / "adapter.npz")
    pack = Pack(DIM, LAYERS, 2, INNER, 9, 1, 1e-12, 0, 1, 2, 3, ("a",), (0.0,), weights())
    save_file(adapted(pack, tmp_path / "adapter.npz").weights, folder / "model.safetensors")
    merged = Model(folder, RECIPE)
    assert not torch.allclose(out(merged, [[1, 5, 7, 2]]), before, atol=1e-2)
    torch.testing.assert_close(out(merged, [[1, 5, 7, 2]]), out(model, [[1, 5, 7, 2]]), rtol=1e-2, atol=1e-2)


def test_ndcg() -> None:
    scores = np.array([[3, 2, 1], [3, 2, 1]], np.float32)
    assert ndcg(scores, [0, 2]) == pytest.approx((1 + 1 / np.log2(4)) / 2)


def test_no_question_is_one_that_is_scored() -> None:
    scored = set()
    for path in [*(ROOT / "eval" / "questions").glob("*.jsonl"), ROOT / "eval" / "answerable.jsonl"]:
        scored |= {json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()}
    rows = [
        json.loads(line)
        for name in ("pairs.jsonl", "general.jsonl")
        for line in (ROOT / "training" / name).read_text("utf-8").splitlines()
    ]
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(len(row["questions"]) == QUESTIONS for row in rows)
    assert not scored & {question for row in rows for question in row["questions"]}
    assert 0.05 < np.mean([held_out(row["id"]) for row in rows]) < 0.15
