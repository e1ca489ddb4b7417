"""BERT's forward pass in NumPy, for one text at a time.

A question asked on the command line would otherwise wait for PyTorch and transformers to import, about ten seconds on
two cores; this starts in under one, and gives the same vectors (cosine above 0.999999; tests/index/test_encoder.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from scipy.special import erf
from tokenizers import Tokenizer

from index.threads import one_blas_thread

Array = npt.NDArray[np.float32]


def is_plain_bert(folder: Path) -> bool:
    """Whether a SentenceTransformer folder is BERT with mean pooling and L2 normalisation: what `Bert` computes."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        names = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
        pooling = json.loads((folder / modules[1]["path"] / "config.json").read_text("utf-8"))
    except (OSError, ValueError, LookupError):
        return False
    mean = pooling.get("pooling_mode_mean_tokens") is True or pooling.get("pooling_mode") == "mean"
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and names == ["Transformer", "Pooling", "Normalize"]
        and mean
        and (folder / "model.safetensors").exists()
        and (folder / "tokenizer.json").exists()
    )


class Bert:
    """The weights of a folder for which `is_plain_bert` holds; the word embeddings stay on disk until looked up."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.heads: int = config["num_attention_heads"]
        self.epsilon = np.float32(config["layer_norm_eps"])
        self.positions: int = config["max_position_embeddings"]
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.positions)
        store: Any = safe_open(folder / "model.safetensors", "numpy")
        prefix = "bert." if any(name.startswith("bert.") for name in store.keys()) else ""  # noqa: SIM118

        def weight(name: str) -> Array:
            return np.ascontiguousarray(store.get_tensor(prefix + name), dtype=np.float32)

        self._words = store.get_tensor(prefix + "embeddings.word_embeddings.weight")
        self._place = (
            weight("embeddings.position_embeddings.weight") + weight("embeddings.token_type_embeddings.weight")[0]
        )
        self._norm = weight("embeddings.LayerNorm.weight"), weight("embeddings.LayerNorm.bias")
        self._layers = []
        for layer in range(config["num_hidden_layers"]):
            at = f"encoder.layer.{layer}."
            parts = [at + f"attention.self.{part}" for part in ("query", "key", "value")]
            self._layers.append(
                (
                    np.ascontiguousarray(np.concatenate([weight(part + ".weight") for part in parts]).T),
                    np.concatenate([weight(part + ".bias") for part in parts]),
                    *(
                        piece
                        for name in ("attention.output", "intermediate", "output")
                        for piece in (
                            np.ascontiguousarray(weight(at + name + ".dense.weight").T),
                            weight(at + name + ".dense.bias"),
                        )
                    ),
                    *(weight(at + "attention.output.LayerNorm." + part) for part in ("weight", "bias")),
                    *(weight(at + "output.LayerNorm." + part) for part in ("weight", "bias")),
                )
            )

    @property
    def dim(self) -> int:
        return int(self._words.shape[1])

    def pieces(self, text: str) -> list[int]:
        """Ids of the text's pieces, the special ones included, cut at the model's longest input."""
        return list(self.tokenizer.encode(text).ids)

    def token_vectors(self, ids: list[int]) -> Array:
        """Last hidden state, (n_pieces, dim) float32, not normalised."""
        with one_blas_thread():
            return self._forward(ids)

    def _forward(self, ids: list[int]) -> Array:
        n = len(ids)
        hidden = self._normalise(self._words[ids].astype(np.float32) + self._place[:n], *self._norm)
        for qkv, qkv_b, out, out_b, up, up_b, down, down_b, norm, norm_b, norm2, norm2_b in self._layers:
            query, key, value = (hidden @ qkv + qkv_b).reshape(n, 3, self.heads, -1).transpose(1, 2, 0, 3)
            attention = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
            attention = np.exp(attention - attention.max(-1, keepdims=True))
            attention /= attention.sum(-1, keepdims=True)
            context = (attention @ value).transpose(1, 0, 2).reshape(n, -1)
            hidden = self._normalise(hidden + context @ out + out_b, norm, norm_b)
            inner = hidden @ up + up_b
            inner *= np.float32(0.5) * (1 + erf(inner * np.float32(np.sqrt(0.5))))
            hidden = self._normalise(hidden + inner @ down + down_b, norm2, norm2_b)
        return hidden

    def _normalise(self, hidden: Array, weight: Array, bias: Array) -> Array:
        hidden = hidden - hidden.mean(-1, keepdims=True)
        variance = (hidden * hidden).mean(-1, keepdims=True)
        normalised: Array = hidden / np.sqrt(variance + self.epsilon) * weight + bias
        return normalised
