"""The only way from the pages to documents and answers: opened once, shared by every session, fresh after a build."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from answer.history import HistoryEntry, project_history
from answer.ledger import Row as LedgerRow
from answer.service import answer_as_json, answer_question, engine_for
from index.generation import IndexUnavailableError, build_generation
from index.library import Library, open_library
from ingest.corpus import add_documents
from ingest.extract import extract_raw
from ingest.readers import ReadError, read_untrusted
from ingest.sources import SourceFacts
from ingest.state import state_layout
from ingest.store import extraction_path, load_catalog, load_extractions
from records import Extraction, Finding, SearchScope

_LOG = logging.getLogger(__name__)


class NotReadyError(Exception):
    """There is nothing to ask yet; the message is for the reader, in Japanese."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A document of the reader's own: what was read from it, for this session."""

    name: str
    extraction: Extraction


def staff_mode() -> bool:
    """Whether the app serves staff (KUSEI_STAFF=1): feedback is shown, and uploads can be kept."""
    return os.environ.get("KUSEI_STAFF") == "1"


def feedback_path() -> Path:
    """The file that keeps what users say."""
    return state_layout().feedback


def generation() -> str:
    """The name of the generation that serves now; a new one makes every cache below fresh."""
    try:
        return state_layout().current.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def library() -> Library:
    """The serving library; NotReadyError where there is none."""
    name = generation()
    if not name:
        raise NotReadyError
    return _library(name)


@st.cache_resource(show_spinner=False, max_entries=2)
def _library(name: str) -> Library:
    opened = open_library()
    # The model takes seconds to load: it does so while the first reader is still reading the page.
    threading.Thread(target=_warm, args=(opened,), daemon=True).start()
    return opened


def _warm(opened: Library) -> None:
    try:
        opened.search("予算", k=1)
    except Exception:
        _LOG.exception("warming up failed")


def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
    """The answer to a question after the earlier ones of the conversation, in the form of the contract."""
    held = library()
    return answer_as_json(held, answer_question(held, question, history))


def titles() -> Mapping[str, str]:
    """The title of every document by its id."""
    return {document.document_id: document.title for document in library().documents.values()}


def lines(document_id: str) -> tuple[str, ...]:
    """The stored text of a document; empty where the corpus does not hold it."""
    held = library()
    return held.lines(document_id) if document_id in held.documents else ()


def search(words: str, k: int, scope: SearchScope) -> list[tuple[str, str]]:
    """(project id, text of its best passage) for the words, best first, each project once."""
    best: dict[str, str] = {}
    for hit in library().search(words, k, scope).hits:
        if hit.passage.project_id is not None:
            best.setdefault(hit.passage.project_id, hit.passage.text)
    return list(best.items())


def project_texts() -> Mapping[str, str]:
    """Everything that the documents say of each project and of each sub-project, by its id."""
    return _project_texts(generation())


@st.cache_resource(show_spinner=False, max_entries=2)
def _project_texts(name: str) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    held = library()
    for project in held.projects.values():
        found[project.project_id] = [project.name]
    for section in held.sections:
        for owner in (section.project_id, section.sub_project_id):
            if owner in found:
                found[owner] += [unit.text for unit in section.units]
    for project in held.projects.values():
        if project.parent_id in found:
            found[project.parent_id].insert(1, project.name)
    return {owner: "\n".join(texts[1:]) for owner, texts in found.items()}


def history(project_id: str) -> tuple[HistoryEntry, ...]:
    """The project over the years, with likely predecessors and successors, the earliest first."""
    return project_history(library(), project_id)


def rows() -> Sequence[LedgerRow]:
    """Every row of the figures: a project, a sub-project or a printed total in one year of one document."""
    return engine_for(library()).ledger.rows


def findings() -> tuple[Finding, ...]:
    """Where the documents do not agree with themselves."""
    return tuple(library().findings)


def read_upload(name: str, data: bytes) -> Upload:
    """Read a file of the reader's, in a process of its own with limits; ReadError says in Japanese what is wrong."""
    raw = read_untrusted(name, data)
    return Upload(name, extract_raw(raw, None, f"upload-{raw.sha256[:12]}"))


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """When and by which version of the readers a document was read."""

    read_at: str
    reader: str


def readings() -> Mapping[str, DocumentReading]:
    """When each document was read, and by what, by its id."""
    layout = state_layout()
    found = {}
    for entry in load_catalog(layout):
        path = extraction_path(layout, entry.document_id)
        if path.exists():
            at = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
            found[entry.document_id] = DocumentReading(at, entry.reader)
    return found


def extraction(document_id: str) -> Extraction:
    """All that was read from a document of the corpus."""
    return library().extraction(document_id)


def add_document(name: str, data: bytes, facts: SourceFacts) -> str | None:
    """Add an upload, with the facts that staff gave, to what can be asked about (staff mode only).

    Gives a Japanese sentence where it failed.
    """
    if not staff_mode():
        raise PermissionError("adding documents needs KUSEI_STAFF=1")
    # Read once within limits, before the readers without limits may see it.
    read_untrusted(name, data)
    layout = state_layout()
    kept = layout.root / "uploads" / Path(name).name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(data)
    outcome = add_documents([kept], facts, layout)[0]
    if outcome.extraction is None:
        kept.unlink(missing_ok=True)
        return outcome.problem
    build_generation(layout, load_extractions(layout))
    return None


__all__ = ["IndexUnavailableError", "NotReadyError", "ReadError", "Upload"]
