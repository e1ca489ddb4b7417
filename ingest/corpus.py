"""Reading a whole corpus: what changed is read again, what did not is kept, and one bad file stops no other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from ingest.extract import extract_file
from ingest.readers import ReadError
from ingest.sources import SourceFacts, load_sources
from ingest.state import StateLayout
from ingest.store import (
    STORED_VERSION,
    CatalogEntry,
    StoreError,
    encode,
    extraction_path,
    load_catalog,
    load_extraction,
    save_catalog,
    save_extraction,
)
from records import Extraction

_NOT_DOCUMENTS = {"sources.toml", "sources.json", "readme.md", "license", "license.txt", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: its Extraction, or a Japanese sentence that says why there is none."""

    path: Path
    extraction: Extraction | None
    problem: str | None
    unchanged: bool


def document_files(folder: Path) -> tuple[Path, ...]:
    """The files of a corpus folder that are documents, by name; hidden files, sources.toml and README are not."""
    return tuple(
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name.lower() not in _NOT_DOCUMENTS
    )


def code_version() -> str:
    """A hash of the code that reads documents, so that a better reader reads them again."""
    digest = hashlib.sha256(str(STORED_VERSION).encode())
    root = Path(__file__).resolve().parent
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.toml"), *root.rglob("*.csv"), root.parent / "records.py"]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_one(
    path: Path, facts: SourceFacts | None, held: CatalogEntry | None, layout: StateLayout, reader: str
) -> Outcome:
    """Read one file, or keep what is stored where bytes, facts and code are the same. Never raises for a bad file."""
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return Outcome(path, None, f"{path.name}: 開けません（{error.strerror}）。", False)
    given = facts or SourceFacts()
    if held and held.sha256 == sha256 and held.reader == reader and held.facts == given:
        try:
            return Outcome(path, load_extraction(layout, held.document_id), None, True)
        except StoreError:
            pass  # Stored, but broken: read it again.
    try:
        return Outcome(path, extract_file(path, facts), None, False)
    except ReadError as error:
        return Outcome(path, None, str(error), False)
    except Exception as error:
        # A defect of ours on a document nobody has seen must not take the other documents with it.
        return Outcome(
            path, None, f"{path.name}: 読み取りの途中で失敗しました（{type(error).__name__}: {error}）。", False
        )


def read_many(
    jobs: Sequence[tuple[Path, SourceFacts | None, CatalogEntry | None]], layout: StateLayout, reader: str
) -> Iterator[Outcome]:
    """Read files in their order, several at a time where there are many."""
    workers = min(os.cpu_count() or 1, 4, len(jobs) // 4)
    if workers < 2:
        for path, facts, held in jobs:
            yield read_one(path, facts, held, layout, reader)
        return
    # A fresh process each: a forked copy of a program with threads (the app's) may hang.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(read_one, path, facts, held, layout, reader) for path, facts, held in jobs]
        for (path, _, _), future in zip(jobs, running, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield Outcome(path, None, f"{path.name}: 読み取りの途中で止まりました（メモリー不足など）。", False)


def build_corpus(
    folder: Path, layout: StateLayout, progress: Callable[[int, int, str], None] = lambda done, total, name: None
) -> tuple[Outcome, ...]:
    """Read a corpus folder into the state; documents added from elsewhere stay. Raises SourcesError, StoreError."""
    facts = {entry.file: entry for entry in load_sources(folder / "sources.toml")}
    files = document_files(folder)
    catalog = _catalog_or_nothing(layout)
    held = {entry.document_id: entry for entry in catalog}
    reader = code_version()
    outcomes: list[Outcome] = []
    entries: list[CatalogEntry] = []
    jobs = [(path, facts.get(path.name), held.get(path.stem)) for path in files]
    for done, outcome in enumerate(read_many(jobs, layout, reader)):
        path = outcome.path
        progress(done, len(files), path.name)
        outcome = _keep_apart(outcome, entries)
        outcomes.append(outcome)
        if outcome.extraction is None:
            continue
        if not outcome.unchanged:
            save_extraction(layout, outcome.extraction)
        entries.append(_entry(outcome, path, facts.get(path.name), reader, added=False))
    progress(len(files), len(files), "")
    missing = [name for name in facts if name not in {path.name for path in files}]
    outcomes.extend(
        Outcome(folder / name, None, f"{name}: sources.toml にありますが、{folder} にファイルがありません。", False)
        for name in missing
    )
    taken = {entry.document_id for entry in entries}
    for entry in catalog:
        if entry.added and entry.document_id not in taken:
            entries.append(_refreshed(entry, layout, reader))
    save_catalog(layout, entries)
    _sweep(layout, entries)
    return tuple(outcomes)


def _refreshed(entry: CatalogEntry, layout: StateLayout, reader: str) -> CatalogEntry:
    """An added document read again by newer code, where its file is still there; else as it is stored."""
    if entry.reader == reader or not Path(entry.path).is_file():
        return entry
    outcome = read_one(Path(entry.path), entry.facts, entry, layout, reader)
    if outcome.extraction is None:
        return entry
    save_extraction(layout, outcome.extraction)
    return replace(entry, sha256=outcome.extraction.document.sha256, reader=reader)


def _keep_apart(outcome: Outcome, entries: Sequence[CatalogEntry]) -> Outcome:
    """Two files of one name with different endings would overwrite each other."""
    if outcome.extraction is None:
        return outcome
    same = [entry for entry in entries if entry.document_id == outcome.extraction.document.document_id]
    if not same:
        return outcome
    other = Path(same[0].path).name
    return Outcome(
        outcome.path, None, f"{outcome.path.name}: {other} と名前が同じです。どちらかの名前を変えてください。", False
    )


def _entry(outcome: Outcome, path: Path, facts: SourceFacts | None, reader: str, *, added: bool) -> CatalogEntry:
    assert outcome.extraction is not None
    document = outcome.extraction.document
    return CatalogEntry(document.document_id, str(path), document.sha256, reader, added, facts or SourceFacts())


def _catalog_or_nothing(layout: StateLayout) -> tuple[CatalogEntry, ...]:
    try:
        return load_catalog(layout)
    except StoreError:
        return ()  # A build makes a new one.


def _sweep(layout: StateLayout, entries: Iterable[CatalogEntry]) -> None:
    """Delete what no entry names any more, after the catalog stopped naming it."""
    kept = {extraction_path(layout, entry.document_id).name for entry in entries} | {layout.catalog.name}
    for path in layout.extracted.glob("*.json"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def add_documents(
    paths: Sequence[Path],
    given: SourceFacts,
    layout: StateLayout,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> tuple[Outcome, ...]:
    """Read files, or all files of folders, into the state beside the corpus; `given` holds for each of them."""
    files = [file for path in paths for file in (document_files(path) if path.is_dir() else (path,))]
    catalog = list(load_catalog(layout))
    reader = code_version()
    outcomes: list[Outcome] = []
    jobs = []
    given_for: dict[Path, SourceFacts] = {}
    for path in files:
        beside = {entry.file: entry for entry in _sources_beside(path)}
        given_for[path] = _merge(given, beside.get(path.name))
        held = next((entry for entry in catalog if entry.document_id == path.stem), None)
        if held and not held.added:
            outcomes.append(
                Outcome(path, None, f"{path.name}: 同じ名前の文書が corpus にあります。名前を変えてください。", False)
            )
        else:
            jobs.append((path, given_for[path], held))
    for done, outcome in enumerate(read_many(jobs, layout, reader)):
        path, facts = outcome.path, given_for[outcome.path]
        progress(done, len(jobs), path.name)
        outcomes.append(outcome)
        if outcome.extraction is None:
            continue
        if not outcome.unchanged:
            save_extraction(layout, outcome.extraction)
        entry = _entry(outcome, path.resolve(), facts, reader, added=True)
        catalog = [each for each in catalog if each.document_id != entry.document_id] + [entry]
        save_catalog(layout, catalog)
    progress(len(jobs), len(jobs), "")
    return tuple(outcomes)


def _sources_beside(path: Path) -> tuple[SourceFacts, ...]:
    return load_sources(path.parent / "sources.toml")


def _merge(given: SourceFacts, written: SourceFacts | None) -> SourceFacts:
    """What the command line gives goes before what sources.toml says."""
    if written is None:
        return given
    chosen = {key: value for key, value in encode(given).items() if value and key != "parts"}
    return replace(written, **chosen, parts=given.parts or written.parts)


def remove_documents(names: Sequence[str], layout: StateLayout) -> tuple[list[str], list[str]]:
    """Take added documents out of the state, by id or file name: (removed, not found or part of the corpus)."""
    catalog = list(load_catalog(layout))
    removed, refused = [], []
    for name in names:
        entry = next((e for e in catalog if name in (e.document_id, Path(e.path).name)), None)
        if entry is None or not entry.added:
            refused.append(name)
            continue
        catalog.remove(entry)
        removed.append(entry.document_id)
    save_catalog(layout, catalog)
    _sweep(layout, catalog)
    return removed, refused
