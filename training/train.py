"""Train the adapter that set-up merges into e5, so that residents' words find the words of plans; on a CPU.

A low-rank update of the upper layers, learnt from `pairs.jsonl`: every passage competes for its questions with those
that questions confuse it with. What is learnt is the retrieval's own score: cosine of the whole and late interaction,
with the lexical parts as they are. `general.jsonl` holds back what has nothing to do with municipalities: there the
scores are to stay what e5 gives. README.md beside this says what the data is and what it gained.

The lower layers do not change, so that each text passes them once.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812
import typer
from safetensors.torch import load_file

from index.encoder import Encoder
from index.late import LateInteraction, TokenVectors
from index.lexical import LexicalIndex
from index.model_setup import (
    ADAPTED,
    PASSAGE_PREFIX,
    QUERY_PREFIX,
    kept_pieces,
    load_pack,
    pack_path,
    save_model,
)
from index.pipeline import with_titles
from index.tokens import bigrams, content_lemmas

Array = npt.NDArray[np.float32]
Tensor = torch.Tensor

HERE = Path(__file__).parent
DENSE, LATE, WORDS, PAIRS = 0.30, 0.55, 0.09, 0.06
"""Weights of the parts in the score that is learnt: near those of index/fusion.py, without feedback."""

QUESTIONS = 3
"""Of each passage: as a resident would say it, as a form would, and as words typed into a search box."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the adapter is trained; `temperature` divides scores, `batch` counts passages."""

    first_layer: int = 6
    rank: int = 8
    scale: float = 2.0
    rate: float = 5e-4
    epochs: int = 3
    temperature: float = 0.01
    batch: int = 42
    group: int = 6
    seed: int = 0


RECIPE = Recipe()


class Model:
    """BERT over texts that lie one after the other without padding, with the update beside its weights."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self.dim: int = config["hidden_size"]
        self.epsilon: float = config["layer_norm_eps"]
        stored = load_file(folder / "model.safetensors")
        self.weights = {name: value if "word_emb" in name else value.float() for name, value in stored.items()}
        self.recipe = recipe
        self.update: dict[str, tuple[Tensor, Tensor]] = {}

    def start_update(self) -> list[Tensor]:
        """Put an update that changes nothing yet beside the upper layers' weights; what is to be trained."""
        rank = self.recipe.rank
        for layer in range(self.recipe.first_layer, self.layers):
            for part in ADAPTED:
                name = f"encoder.layer.{layer}.{part}.weight"
                rows, columns = self.weights[name].shape
                down = torch.nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
                self.update[name] = down, torch.nn.Parameter(torch.zeros(rows, rank))
        return [tensor for pair in self.update.values() for tensor in pair]

    def embed(self, ids: Sequence[Sequence[int]]) -> Tensor:
        """What goes into the first layer, (n_pieces, dim)."""
        flat = torch.tensor([piece for text in ids for piece in text])
        place = torch.tensor([at for text in ids for at in range(len(text))])
        at = "embeddings."
        words = self.weights[at + "word_embeddings.weight"][flat].float()
        words = words + self.weights[at + "position_embeddings.weight"][place]
        return self._norm(words + self.weights[at + "token_type_embeddings.weight"][0], at + "LayerNorm")

    def run(self, hidden: Tensor, groups: Sequence[Sequence[int]], layers: range) -> Tensor:
        """Pass (n_pieces, dim) through layers; a group is the lengths of texts that attention may pad together."""
        places = []
        start = 0
        for lengths in groups:
            offsets = np.cumsum([0, *lengths[:-1]]) + start
            start += sum(lengths)
            steps = np.arange(max(lengths))
            gather = torch.from_numpy(np.minimum(offsets[:, None] + steps, start - 1))
            places.append((gather, torch.from_numpy(steps[None] < np.array(lengths)[:, None])))
        for layer in layers:
            at = f"encoder.layer.{layer}."
            parts = [self._linear(hidden, f"{at}attention.self.{part}") for part in ("query", "key", "value")]
            seen = []
            for gather, mask in places:
                query, key, value = (part[gather].view(*gather.shape, self.heads, -1).transpose(1, 2) for part in parts)
                context = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
                seen.append(context.transpose(1, 2).reshape(*gather.shape, self.dim)[mask])
            out = self._linear(torch.cat(seen), at + "attention.output.dense")
            hidden = self._norm(hidden + out, at + "attention.output.LayerNorm")
            inner = F.gelu(self._linear(hidden, at + "intermediate.dense"))
            hidden = self._norm(hidden + self._linear(inner, at + "output.dense"), at + "output.LayerNorm")
        return hidden

    def _linear(self, hidden: Tensor, name: str) -> Tensor:
        out = F.linear(hidden, self.weights[name + ".weight"], self.weights[name + ".bias"])
        if name + ".weight" in self.update:
            down, up = self.update[name + ".weight"]
            out = out + F.linear(F.linear(hidden, down), up * self.recipe.scale)
        return out

    def _norm(self, hidden: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[name + ".weight"], self.weights[name + ".bias"]
        return F.layer_norm(hidden, (self.dim,), weight, bias, self.epsilon)


class Texts:
    """Questions or passages: their pieces, and what the lower layers make of them, float16."""

    def __init__(self, texts: Sequence[str], prefix: str, encoder: Encoder, model: Model) -> None:
        bert = encoder._bert
        assert bert is not None
        self.ids = [bert.pieces(prefix + text) for text in texts]
        self.before = encoder._prefix_length(prefix)
        self.first = model.recipe.first_layer
        self.states: list[npt.NDArray[np.float16]] = [np.zeros((0, 0), np.float16)] * len(texts)
        for chosen in self._batches():
            lengths = [len(self.ids[i]) for i in chosen]
            with torch.no_grad():
                hidden = model.run(model.embed([self.ids[i] for i in chosen]), [lengths], range(self.first))
            for i, part in zip(chosen, torch.split(hidden, lengths), strict=True):
                self.states[i] = part.half().numpy()

    def _batches(self, pieces: int = 4096) -> list[list[int]]:
        """Positions, the longest first, so many pieces at a time."""
        found: list[list[int]] = []
        for i in sorted(range(len(self.ids)), key=lambda i: -len(self.ids[i])):
            if not found or len(self.ids[found[-1][0]]) * (len(found[-1]) + 1) > pieces:
                found.append([])
            found[-1].append(i)
        return found

    def packed(self, chosen: Sequence[int]) -> tuple[Tensor, list[int]]:
        """States of texts one after the other, and their lengths."""
        states = np.concatenate([self.states[i] for i in chosen])
        return torch.from_numpy(states).float(), [len(self.ids[i]) for i in chosen]

    def vectors(self, hidden: Tensor, lengths: list[int]) -> tuple[Tensor, list[Tensor]]:
        """(n, dim) of the texts and (n_pieces, dim) of each text's own pieces, all L2-normalised."""
        whole = F.normalize(torch.stack([part.mean(0) for part in torch.split(hidden, lengths)]), dim=-1)
        return whole, [part[self.before : -1] for part in torch.split(F.normalize(hidden, dim=-1), lengths)]

    def own_pieces(self, i: int) -> list[int]:
        return self.ids[i][self.before : -1]

    def encode(self, model: Model) -> tuple[Tensor, list[Tensor]]:
        """`vectors` of all texts."""
        whole = torch.zeros(len(self.ids), model.dim)
        tokens = [whole[:0]] * len(self.ids)
        with torch.no_grad():
            for chosen in self._batches():
                hidden, lengths = self.packed(chosen)
                some, each = self.vectors(model.run(hidden, [lengths], range(self.first, model.layers)), lengths)
                for i, one, its in zip(chosen, some, each, strict=True):
                    whole[i], tokens[i] = one, its
        return whole, tokens


class Task:
    """Passages with their questions; question i belongs to passage i // QUESTIONS."""

    def __init__(self, path: Path, encoder: Encoder, model: Model) -> None:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        assert all(len(row["questions"]) == QUESTIONS for row in rows)
        self.row_ids = [str(row["id"]) for row in rows]
        whole = with_titles([row["text"] for row in rows], [row["title"] for row in rows])
        asked = [question for row in rows for question in row["questions"]]
        words = LexicalIndex.build(content_lemmas(text) for text in whole)
        pairs = LexicalIndex.build(bigrams(text) for text in whole)
        self.lexical = np.stack(
            [WORDS * words.shares(content_lemmas(one)) + PAIRS * pairs.shares(bigrams(one)) for one in asked]
        ).astype(np.float32)
        self.passages = Texts(whole, PASSAGE_PREFIX, encoder, model)
        self.questions = Texts(asked, QUERY_PREFIX, encoder, model)
        pieces = [np.array(self.passages.own_pieces(i), np.int32) for i in range(len(rows))]
        rarity = LateInteraction.build(_pieces_alone(pieces))._rarity
        unseen = np.float32(np.log1p((len(rows) + 0.5) / 0.5))
        self.weights = []
        for i in range(len(asked)):
            of = np.array(self.questions.own_pieces(i))
            weight = np.where(of < len(rarity), rarity[np.minimum(of, len(rarity) - 1)], unseen).astype(np.float32)
            self.weights.append(torch.from_numpy(weight / max(float(weight.sum()), 1e-6)))
        self.dense, self.late = self.scores(model)

    def scores(self, model: Model) -> tuple[Array, Array]:
        """Every question against every passage, (n_questions, n_passages) of the dense and of the late part."""
        asked, asked_tokens = self.questions.encode(model)
        told, told_tokens = self.passages.encode(model)
        pieces, ends = torch.cat(told_tokens), np.cumsum([0, *(len(each) for each in told_tokens)])
        late = []
        for start in range(0, len(asked_tokens), 40):
            some = asked_tokens[start : start + 40]
            nearest = np.maximum.reduceat((pieces @ torch.cat(some).T).numpy(), ends[:-1], axis=0)
            columns = np.split(nearest, np.cumsum([len(tokens) for tokens in some])[:-1], axis=1)
            late += [each @ weight.numpy() for each, weight in zip(columns, self.weights[start:], strict=False)]
        return (asked @ told.T).numpy(), np.stack(late).astype(np.float32)

    def fused(self, dense: Array, late: Array) -> Array:
        fused: Array = (DENSE * dense + LATE * late + self.lexical).astype(np.float32)
        return fused

    def batch(self, model: Model, asked: list[int], told: list[int]) -> tuple[Tensor, Tensor, Tensor]:
        """`scores` of some questions against some passages, and `fused`, for training."""
        some, some_lengths = self.questions.packed(asked)
        others, other_lengths = self.passages.packed(told)
        layers = range(model.recipe.first_layer, model.layers)
        out = model.run(torch.cat([some, others]), [some_lengths, other_lengths], layers)
        question, question_tokens = self.questions.vectors(out[: len(some)], some_lengths)
        passage, passage_tokens = self.passages.vectors(out[len(some) :], other_lengths)
        dense = question @ passage.T
        tokens = torch.cat(question_tokens)
        nearest = torch.stack([(tokens @ its.T).max(-1).values for its in passage_tokens], 1)
        weight = torch.cat([self.weights[i] for i in asked])
        owner = torch.repeat_interleave(torch.arange(len(asked)), torch.tensor([len(each) for each in question_tokens]))
        late = torch.zeros(len(asked), len(told)).index_add(0, owner, nearest * weight[:, None])
        return dense, late, DENSE * dense + LATE * late + torch.from_numpy(self.lexical[np.ix_(asked, told)])

    def rivals(self, n: int = 40) -> npt.NDArray[np.int64]:
        """For each passage those that questions take it for, by e5 as it was, (n_passages, n), nearest first."""
        mean = self.fused(self.dense, self.late).reshape(len(self.row_ids), QUESTIONS, -1).mean(1)
        both = (mean + mean.T) / 2
        np.fill_diagonal(both, -9)
        nearest: npt.NDArray[np.int64] = np.argsort(-both, axis=1)[:, :n]
        return nearest


def _pieces_alone(pieces: Sequence[npt.NDArray[np.int32]]) -> TokenVectors:
    """Token vectors of no width: rarity needs only the pieces."""
    offsets = np.cumsum([0, *(len(each) for each in pieces)]).astype(np.int64)
    n = int(offsets[-1])
    return TokenVectors(offsets, np.concatenate(pieces), np.zeros((n, 0), np.int8), np.zeros(n, np.float16))


def held_out(row_id: str) -> bool:
    """Whether a passage is kept from training, to measure on: one in ten."""
    return int(hashlib.sha256(row_id.encode()).hexdigest(), 16) % 10 == 0


def train(model: Model, own: Task, general: Task, say: Callable[[str], None]) -> None:
    """Learn `model.update` from the passages that are not held out."""
    recipe = model.recipe
    torch.manual_seed(recipe.seed)
    draw = np.random.default_rng(recipe.seed)
    parameters = model.start_update()
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=0.0)
    chosen = [i for i, row_id in enumerate(own.row_ids) if not held_out(row_id)]
    rivals = own.rivals()
    steps = math.ceil(len(chosen) / recipe.batch) * recipe.epochs
    step, started = 0, time.monotonic()
    for _ in range(recipe.epochs):
        for told in _epoch(chosen, rivals, recipe, draw):
            rate = recipe.rate * min(1, (step + 1) / max(1, 0.1 * steps)) * max(0.05, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = _learn(model, own, told, draw)
            loss = loss + _keep(model, general, draw)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            step += 1
            if step % 5 == 0:
                say(f"step {step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - started:.0f} s")


def _epoch(
    chosen: Sequence[int], rivals: npt.NDArray[np.int64], recipe: Recipe, draw: np.random.Generator
) -> list[list[int]]:
    """All passages in batches; a passage stands beside some of its rivals."""
    left = set(chosen)
    groups: list[list[int]] = []
    for i in draw.permutation(chosen):
        if int(i) not in left:
            continue
        group = [int(i)]
        left.discard(int(i))
        for j in rivals[i]:
            if len(group) >= recipe.group:
                break
            if int(j) in left and draw.random() < 0.7:
                group.append(int(j))
                left.discard(int(j))
        groups.append(group)
    draw.shuffle(groups)
    flat = [i for group in groups for i in group]
    batches = [flat[start : start + recipe.batch] for start in range(0, len(flat), recipe.batch)]
    return [batch for batch in batches if len(batch) >= 8]


def _learn(model: Model, own: Task, told: list[int], draw: np.random.Generator) -> Tensor:
    """How far the questions are from finding their passages: the resident's always, one of the other two by lot."""
    asked, target = [], []
    for k, passage in enumerate(told):
        asked += [passage * QUESTIONS, passage * QUESTIONS + 1 + int(draw.integers(QUESTIONS - 1))]
        target += [k, k]
    dense, _, fused = own.batch(model, asked, told)
    wanted = torch.tensor(target)
    temperature = model.recipe.temperature
    return F.cross_entropy(fused / temperature, wanted) + 0.3 * F.cross_entropy(dense / temperature, wanted)


def _keep(model: Model, general: Task, draw: np.random.Generator) -> Tensor:
    """How far the scores over three subjects of general.jsonl, four passages each, are from e5's own."""
    told = [
        int(subject) * 4 + k for subject in draw.choice(len(general.row_ids) // 4, 3, replace=False) for k in range(4)
    ]
    asked = [passage * QUESTIONS + int(k) for passage in told for k in draw.choice(QUESTIONS, 2, replace=False)]
    dense, late, fused = general.batch(model, asked, told)
    at = np.ix_(asked, told)
    temperature = model.recipe.temperature

    def divergence(new: Tensor, old: Array) -> Tensor:
        goal = F.softmax(torch.from_numpy(old[at]) / temperature, -1)
        return F.kl_div(F.log_softmax(new / temperature, -1), goal, reduction="batchmean")

    def difference(new: Tensor, old: Array) -> Tensor:
        return (new - torch.from_numpy(old[at])).square().mean()

    before = general.fused(general.dense, general.late)
    kept = divergence(fused, before) + divergence(dense, general.dense) + divergence(late, general.late)
    near = difference(dense, general.dense) + difference(late, general.late)
    wanted = torch.arange(len(told)).repeat_interleave(2)
    right = F.cross_entropy(fused / temperature, wanted) + F.cross_entropy(dense / temperature, wanted)
    return kept + 100 * near + 0.3 * right


def ndcg(scores: Array, wanted: Sequence[int], k: int = 10) -> float:
    """Mean nDCG@k where each question has one passage."""
    ranks = [int((row > row[one]).sum()) for row, one in zip(scores, wanted, strict=True)]
    return float(np.mean([1 / math.log2(rank + 2) if rank < k else 0.0 for rank in ranks]))


def save_adapter(model: Model, path: Path) -> None:
    """Write the update as index.model_setup reads it: for each weight `.down` and `.up`, float16; scaled already."""
    arrays: dict[str, Any] = {}
    for name, (down, up) in model.update.items():
        arrays[name + ".down"] = down.detach().numpy().astype(np.float16)
        arrays[name + ".up"] = (up.detach().numpy() * model.recipe.scale).astype(np.float16)
    np.savez(path, **arrays)


def main(
    out: Annotated[Path, typer.Option(help="where the adapter goes")] = Path("index/municipal_adapter.npz"),
    strength: Annotated[float, typer.Option(help="how much of the update is kept, 0 to 1")] = 1.0,
    threads: Annotated[int, typer.Option(help="of PyTorch")] = 2,
) -> None:
    """Train and write the adapter; a quarter of an hour.

    Example: python -m training.train --out /tmp/adapter.npz
    """
    torch.set_num_threads(threads)

    def say(message: str) -> None:
        print(message, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        folder.mkdir()
        pack = load_pack(pack_path())
        save_model(pack, kept_pieces(pack), folder)
        encoder = Encoder(str(folder), QUERY_PREFIX, PASSAGE_PREFIX)
        model = Model(folder, RECIPE)
        say("encoding the lower layers once")
        own, general = (Task(HERE / name, encoder, model) for name in ("pairs.jsonl", "general.jsonl"))
    train(model, own, general, say)
    for _, up in model.update.values():
        up.data *= strength
    save_adapter(model, out)
    dense, late = own.scores(model)
    asked = np.array([i for i in range(len(own.lexical)) if held_out(own.row_ids[i // QUESTIONS])])
    for what, some in (("all", asked), ("as residents say it", asked[asked % QUESTIONS == 0])):
        wanted = [int(i) // QUESTIONS for i in some]
        before, after = own.fused(own.dense, own.late)[some], own.fused(dense, late)[some]
        print(f"held-out questions, {what}: nDCG@10 {ndcg(before, wanted):.3f} -> {ndcg(after, wanted):.3f}")


if __name__ == "__main__":
    typer.run(main)
