"""Text -> vectors, by the model that set-up prepared or the one that `KUSEI_MODEL` names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.bert import Bert, is_plain_bert
from index.late import Tokens
from index.model_setup import PASSAGE_PREFIX, QUERY_PREFIX, ModelUnavailableError
from ingest.state import StateLayout, state_layout

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Array = npt.NDArray[np.float32]

_FEW = 24
"""Up to so many questions, encoding one by one in NumPy is quicker than importing PyTorch."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's vector (dim,) float32, L2-normalised, and those of its pieces."""

    vector: Array
    tokens: Tokens


class Encoder:
    """A SentenceTransformer with its prefixes; loads at first use."""

    def __init__(self, name: str, query_prefix: str | None = None, passage_prefix: str | None = None) -> None:
        self.name = name
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self._prefix_lengths: dict[str, int] = {}

    @property
    def folder(self) -> Path | None:
        """The model's folder, or None where the name is one of a hub."""
        folder = Path(self.name)
        return folder if folder.is_dir() else None

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest that changes with the model or its prefixes; what a generation remembers."""
        digest = hashlib.sha256()
        if self.folder is None:
            digest.update(self.name.encode())
        else:
            for name in ("config.json", "model.safetensors", "tokenizer.json", "modules.json"):
                digest.update(name.encode() + _sample(self.folder / name))
        digest.update(repr((self._query_prefix, self._passage_prefix)).encode())
        return digest.hexdigest()[:16]

    @cached_property
    def prefixes(self) -> tuple[str, str]:
        """What goes before a question and before a passage: as told, else the model's own prompts, else nothing."""
        if self._query_prefix is not None and self._passage_prefix is not None:
            return self._query_prefix, self._passage_prefix
        prompts: dict[str, Any] = dict(self._model.prompts)
        query = str(prompts.get("query", "")) if self._query_prefix is None else self._query_prefix
        own = str(prompts.get("document", prompts.get("passage", "")))
        return query, own if self._passage_prefix is None else self._passage_prefix

    @cached_property
    def _model(self) -> SentenceTransformer:
        """The model in PyTorch; its import alone takes seconds."""
        if self.folder is not None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        quiet: Any = logging
        quiet.disable_progress_bar()
        try:
            return SentenceTransformer(self.name, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailableError(
                f"埋め込みモデル「{self.name}」を読み込めません（{error}）。"
                "KUSEI_MODEL にはフォルダーかモデル名を指定してください。指定しないときは、"
                "`python -m index prepare-model` が用意したものを使います。"
            ) from error

    @cached_property
    def _bert(self) -> Bert | None:
        folder = self.folder
        return Bert(folder) if folder is not None and is_plain_bert(folder) else None

    @cached_property
    def dim(self) -> int:
        """Length of a vector."""
        if self._bert is not None:
            return self._bert.dim
        return int(self._model.get_embedding_dimension() or 0)

    def warm(self) -> None:
        """Load what questions need, so that the first one does not wait."""
        self.encode_queries(["準備"])

    def encode_queries(self, texts: Sequence[str]) -> Array:
        """(n, dim) float32, L2-normalised."""
        return self._stack(self.questions(texts))

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Array:
        """(n, dim) float32, L2-normalised; `progress` is told how many are done so far."""
        return self._stack(self.read_passages(texts, progress, with_tokens=False))

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """The vectors of questions and of their pieces."""
        prefix = self.prefixes[0]
        if self._bert is None or len(texts) > _FEW:
            return self._read(texts, prefix, None, with_tokens=True)
        encoded = []
        for text in texts:
            pieces = self._bert.pieces(prefix + text)
            hidden = self._bert.token_vectors(pieces)
            encoded.append(Encoded(_unit(hidden.mean(0)), self._tokens(pieces, hidden, prefix)))
        return encoded

    def read_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None, *, with_tokens: bool = True
    ) -> list[Encoded]:
        """The vectors of passages and, unless left out, of their pieces; 0.6 MB a passage until they are quantised."""
        return self._read(texts, self.prefixes[1], progress, with_tokens=with_tokens)

    def _read(
        self, texts: Sequence[str], prefix: str, progress: Callable[[int], None] | None, *, with_tokens: bool
    ) -> list[Encoded]:
        import torch

        order = np.argsort([len(text) for text in texts], kind="stable")[::-1]
        encoded: dict[int, Encoded] = {}
        model: Any = self._model
        for start in range(0, len(texts), _BATCH):
            chosen = order[start : start + _BATCH]
            with torch.inference_mode():
                features = model.preprocess([prefix + texts[i] for i in chosen])
                out = model(features)
            sentences = out["sentence_embedding"].numpy()
            mask = out["attention_mask"].numpy().astype(bool)
            for row, at in enumerate(chosen):
                tokens = _NO_TOKENS
                if with_tokens:
                    pieces = features["input_ids"][row].numpy()[mask[row]]
                    hidden = out["token_embeddings"][row].numpy()[mask[row]]
                    tokens = self._tokens(pieces.tolist(), hidden, prefix)
                encoded[int(at)] = Encoded(_unit(sentences[row].astype(np.float32)), tokens)
            if progress is not None:
                progress(min(start + _BATCH, len(texts)))
        return [encoded[at] for at in range(len(texts))]

    def _stack(self, encoded: Sequence[Encoded]) -> Array:
        return np.stack([each.vector for each in encoded]) if encoded else np.zeros((0, self.dim), np.float32)

    def _tokens(self, pieces: list[int], hidden: Array, prefix: str) -> Tokens:
        """The pieces of the text itself, without its prefix and the special pieces at both ends."""
        inside = slice(self._prefix_length(prefix), len(pieces) - 1)
        return Tokens(np.array(pieces[inside], np.int32), _unit(hidden[inside].astype(np.float32)))

    def _pieces(self, text: str) -> list[int]:
        return list(self._model.tokenizer(text)["input_ids"])

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """How many pieces each text takes, without prefix and special pieces."""
        pieces = self._bert.pieces if self._bert is not None else self._pieces
        special = len(pieces(""))
        return [len(pieces(text)) - special for text in texts]

    def _prefix_length(self, prefix: str) -> int:
        """How many pieces the prefix takes, the special one before it included."""
        if prefix not in self._prefix_lengths:
            pieces = self._bert.pieces if self._bert is not None else self._pieces
            one, other = pieces(prefix + "あ"), pieces(prefix + "7")
            same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
            self._prefix_lengths[prefix] = same
        return self._prefix_lengths[prefix]


_BATCH = 32
_NO_TOKENS = Tokens(np.zeros(0, np.int32), np.zeros((0, 0), np.float32))


def _unit(vectors: Array) -> Array:
    """Vectors of length one, along the last axis."""
    normalised: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return normalised


def _sample(path: Path) -> bytes:
    """Digest of a file's size and of blocks spread over it: hashing 150 MB at every start would cost a second."""
    if not path.exists():
        return b"-"
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    block = 1 << 16
    with path.open("rb") as file:
        for step in range(64):
            file.seek(min(size, step * size // 64))
            digest.update(file.read(block))
        file.seek(max(0, size - block))
        digest.update(file.read(block))
    return digest.digest()


def open_encoder(layout: StateLayout | None = None) -> Encoder:
    """The encoder that `KUSEI_MODEL` (a folder or hub name) names, else the one that set-up prepared.

    `KUSEI_MODEL_QUERY_PREFIX` and `KUSEI_MODEL_PASSAGE_PREFIX` are what goes before a question and a passage; not set,
    the model's own prompts are used.
    """
    named = os.environ.get("KUSEI_MODEL")
    if named:
        return Encoder(named, os.environ.get("KUSEI_MODEL_QUERY_PREFIX"), os.environ.get("KUSEI_MODEL_PASSAGE_PREFIX"))
    folder = (layout or state_layout()).model
    if not (folder / "config.json").exists():
        raise ModelUnavailableError(
            f"埋め込みモデルがまだ用意されていません（{folder}）。`python -m index prepare-model` を実行してください。"
        )
    return Encoder(str(folder), QUERY_PREFIX, PASSAGE_PREFIX)
