"""One build of the index is one generation in a folder of its own; a pointer says which one serves.

A generation is made whole beside the others, flushed to the disk and renamed; then the pointer is replaced in one step.
Killed at any moment, the old one serves. Layout of a generation:

    manifest.json           what it was built from, by what, and how much it holds; written last
    documents/<id>.json     the Extraction of each document, as it was when the generation was built
    documents.parquet, projects.parquet, figures.parquet, indicators.parquet
    findings.json           where the documents do not agree with themselves
    passages.parquet        in the order of the vectors
    vectors.npy             (n_passages, dim) float16
    retrieval/              the pipeline's own files
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder, open_encoder
from index.figures import save_tables
from index.late import TokenVectors
from index.passages import build_passages, embedded_text
from index.pipeline import MAX_TOKENS, EncodedTexts, Pipeline, encode_texts, progress_line
from index.rows import record_of, save_rows, select_list
from ingest.audit import audit
from ingest.state import StateLayout
from ingest.store import encode, write_atomically
from records import Extraction, Passage

VERSION = 7
"""Of the layout and of what the files mean; a generation of another version is built again."""

_PACKAGES = ("sentence-transformers", "torch", "faiss-cpu", "bm25s", "fugashi", "unidic-lite", "duckdb", "numpy")

Say = Callable[[str], None]


class IndexUnavailableError(Exception):
    """There is no index to search, or not one that fits; the message, in Japanese, says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from. `documents` maps ids to the hash of the Extraction; `versions` of packages."""

    version: int
    name: str
    built_at: str
    model: str
    fingerprint: str
    dim: int
    documents: dict[str, str]
    counts: dict[str, int]
    versions: dict[str, str]
    seconds: float


def build_generation(
    layout: StateLayout, extractions: Sequence[Extraction], encoder: Encoder | None = None, say: Say | None = None
) -> tuple[Manifest, bool]:
    """Make a generation of the extractions and let it serve; False with the serving one where nothing changed.

    Vectors of texts that the serving generation holds already are taken from it. Raises IndexUnavailableError where
    another build is running.
    """
    tell = say or (lambda message: None)
    encoder = encoder or open_encoder(layout)
    with _lock(layout):
        _sweep(layout)
        hashes = {extraction.document.document_id: _hash(extraction) for extraction in extractions}
        serving = _serving_or_none(layout)
        if serving is not None and _same(serving[1], hashes, encoder):
            return serving[1], False
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        scratch = layout.generations / f".{name}"
        scratch.mkdir(parents=True)
        try:
            manifest = _write(scratch, name, extractions, hashes, encoder, serving, tell)
            _flush(scratch)
            scratch.rename(layout.generations / name)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
        _flush_folder(layout.generations)
        write_atomically(layout.current, name)
        _flush_folder(layout.root)
        _prune(layout, keep=(name, serving[0].name if serving else name))
        return manifest, True


def _write(
    folder: Path,
    name: str,
    extractions: Sequence[Extraction],
    hashes: dict[str, str],
    encoder: Encoder,
    serving: tuple[Path, Manifest] | None,
    tell: Say,
) -> Manifest:
    start = datetime.now(UTC)
    passages = build_passages(extractions)
    (folder / "documents").mkdir()
    for extraction in extractions:
        text = json.dumps(encode(extraction), ensure_ascii=False)
        (folder / "documents" / f"{extraction.document.document_id}.json").write_text(text, "utf-8")
    save_tables(extractions, folder)
    findings = json.dumps([encode(finding) for finding in audit(extractions)], ensure_ascii=False)
    (folder / "findings.json").write_text(findings, "utf-8")
    save_rows(passages, Passage, folder / "passages.parquet")
    old = _serving_texts(serving, encoder)
    encoded = _encode([embedded_text(passage) for passage in passages], old, encoder, tell)
    np.save(folder / "vectors.npy", encoded.vectors.astype(np.float16))
    tell("索引を書いています…")
    Pipeline.build(
        [passage.text for passage in passages],
        [passage.heading for passage in passages],
        encoder,
        encoded,
    ).save(folder / "retrieval")
    manifest = Manifest(
        version=VERSION,
        name=name,
        built_at=start.isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        dim=encoder.dim,
        documents=hashes,
        counts={
            "documents": len(extractions),
            "projects": sum(len(extraction.projects) for extraction in extractions),
            "figures": sum(len(extraction.figures) for extraction in extractions),
            "indicators": sum(len(extraction.indicators) for extraction in extractions),
            "passages": len(passages),
            "units": sum(len(passage.units) for passage in passages),
        },
        versions=_versions(),
        seconds=round((datetime.now(UTC) - start).total_seconds(), 2),
    )
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), "utf-8")
    return manifest


def _encode(
    texts: Sequence[str], old: tuple[list[str], EncodedTexts] | None, encoder: Encoder, tell: Say
) -> EncodedTexts:
    """What the texts encode to; those that the serving generation holds are taken from it."""
    held = dict.fromkeys(old[0]) if old else {}
    new = [text for text in dict.fromkeys(texts) if text not in held]
    if new:
        tell(f"{len(new):,}個の文章を埋め込んでいます…")
    fresh = encode_texts(new, encoder, progress_line(len(new), "個の文章"))
    # float16 on disk: rounding what is fresh too keeps a ranking the same whether or not it was built step by step.
    vectors = fresh.vectors.astype(np.float16).astype(np.float32)
    everything, names = EncodedTexts(vectors, fresh.tokens), new
    if old:
        both = old[1].tokens, fresh.tokens
        tokens = TokenVectors.concatenate([part for part in both if part is not None]) if None not in both else None
        everything, names = EncodedTexts(np.concatenate([old[1].vectors, vectors]), tokens), old[0] + new
    places = {text: at for at, text in enumerate(names)}
    chosen = [places[text] for text in texts]
    kept = everything.tokens.take(chosen) if everything.tokens is not None else None
    if kept is not None and len(kept.pieces) > MAX_TOKENS:
        kept = None
    return EncodedTexts(everything.vectors[chosen], kept)


def _serving_texts(serving: tuple[Path, Manifest] | None, encoder: Encoder) -> tuple[list[str], EncodedTexts] | None:
    """The texts of the serving generation and what they encode to, where the same model encoded them."""
    if serving is None or serving[1].fingerprint != encoder.fingerprint:
        return None
    folder = serving[0]
    try:
        texts = [embedded_text(passage) for passage in load_passages(folder)]
        late = folder / "retrieval" / "late"
        tokens = TokenVectors.load(late) if late.exists() else None
        vectors = np.load(folder / "vectors.npy").astype(np.float32)
    except (OSError, ValueError):
        return None
    whole = len(texts) == len(vectors) and (tokens is None or len(texts) == len(tokens))
    return (texts, EncodedTexts(vectors, tokens)) if whole else None


def load_passages(folder: Path) -> tuple[Passage, ...]:
    """The passages of a generation, in the order of its vectors."""
    import duckdb

    path = str(folder / "passages.parquet").replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        table = f"read_parquet('{path}', file_row_number = true)"
        rows = connection.execute(f"SELECT {select_list(Passage)} FROM {table} ORDER BY file_row_number").fetchall()
    return tuple(record_of(Passage, row) for row in rows)


def serving_generation(layout: StateLayout) -> tuple[Path, Manifest]:
    """The folder and manifest of the generation that serves; IndexUnavailableError where there is none that fits."""
    try:
        name = layout.current.read_text("utf-8").strip()
    except FileNotFoundError:
        raise IndexUnavailableError(
            f"索引がまだ作られていません（{layout.root}）。"
            "`python -m ingest build` と `python -m index build` を実行してください。"
        ) from None
    folder = layout.generations / name
    try:
        raw = json.loads((folder / "manifest.json").read_text("utf-8"))
        if raw["version"] != VERSION:
            raise IndexUnavailableError("索引が古い版で作られています。`python -m index build` を実行してください。")
        return folder, Manifest(**raw)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnavailableError(
            f"索引 {folder} を読めません（{error}）。`python -m index build` で作り直してください。"
        ) from error


def check_model(manifest: Manifest, encoder: Encoder) -> None:
    """Raise IndexUnavailableError where the encoder is not the one that the generation was built with."""
    if manifest.fingerprint != encoder.fingerprint:
        raise IndexUnavailableError(
            f"索引を作った埋め込みモデル（{manifest.model}、{manifest.fingerprint}）と、"
            f"いまのモデル（{encoder.name}、{encoder.fingerprint}）が違います。"
            "`python -m index build` で索引を作り直すか、KUSEI_MODEL を元に戻してください。"
        )


def _serving_or_none(layout: StateLayout) -> tuple[Path, Manifest] | None:
    try:
        return serving_generation(layout)
    except IndexUnavailableError:
        return None


def _same(manifest: Manifest, hashes: dict[str, str], encoder: Encoder) -> bool:
    return (
        manifest.documents == hashes
        and list(manifest.documents) == list(hashes)
        and manifest.fingerprint == encoder.fingerprint
        and manifest.versions == _versions()
    )


def _hash(extraction: Extraction) -> str:
    return hashlib.sha256(json.dumps(encode(extraction), ensure_ascii=False).encode()).hexdigest()[:16]


def _versions() -> dict[str, str]:
    """Versions of what decides a ranking: our own steps (by their source) and the packages."""
    own = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.name in (
            "passages.py",
            "pipeline.py",
            "late.py",
            "tokens.py",
            "synonyms.py",
            "synonyms.tsv",
            "lexical.py",
            "dense.py",
            "rows.py",
            "generation.py",
        ):
            own.update(path.read_bytes())
    found = {"index": own.hexdigest()[:12]}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@contextmanager
def _lock(layout: StateLayout) -> Iterator[None]:
    """Only one build at a time; the lock goes with the process, however it ends."""
    layout.generations.mkdir(parents=True, exist_ok=True)
    with (layout.generations / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexUnavailableError("別の索引作成が動いています。終わってからもう一度実行してください。") from None
        yield


def _sweep(layout: StateLayout) -> None:
    """Remove what killed builds left half made."""
    for left in layout.generations.glob(".*-*"):
        shutil.rmtree(left, ignore_errors=True)


def _prune(layout: StateLayout, keep: Sequence[str]) -> None:
    """Remove old generations; the one before stays, for readers that opened it a moment ago."""
    for folder in layout.generations.iterdir():
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def manifest_json(manifest: Manifest) -> dict[str, Any]:
    """The manifest as `--json` prints it."""
    return asdict(manifest)
