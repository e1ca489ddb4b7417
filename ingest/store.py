"""Extractions on disk: one JSON file each, written whole and then renamed, and the catalog that says which are held."""

from __future__ import annotations

import dataclasses
import json
import os
import types
import typing
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from ingest.sources import PartFacts, SourceFacts
from ingest.state import StateLayout
from records import Extraction

T = TypeVar("T")
# Raised when what an Extraction means changes, so that old files are read again from their sources.
STORED_VERSION = 1


class StoreError(ValueError):
    """A stored file is not what it should be; the message is Japanese and says what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A document that the state holds: where its source lies, and by which bytes, facts and code it was read.

    `added` is True for a document that a person added from outside the corpus; `facts` are then those given.
    """

    document_id: str
    path: str
    sha256: str
    reader: str
    added: bool
    facts: SourceFacts


def encode(value: Any) -> Any:
    """A frozen dataclass as plain JSON values: Decimal and date as text, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def decode(kind: type[T], value: Any) -> T:
    """The dataclass that `encode` wrote; raises StoreError where the JSON does not fit the type."""
    try:
        return typing.cast(T, _decode(kind, value))
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise StoreError(f"保存された内容が{kind.__name__}の形ではありません（{error}）。") from error


def _decode(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _decode(next(option for option in get_args(kind) if option is not type(None)), value)
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(_decode(item, each) for each in value)
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{value!r} は使えない値です")
        return value
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        # What an older version did not write yet has its default.
        held = [f for f in dataclasses.fields(kind) if f.name in value or f.default is dataclasses.MISSING]
        return kind(**{field.name: _decode(hints[field.name], value[field.name]) for field in held})
    if kind is Decimal:
        return Decimal(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind in (str, int, float, bool) and not (isinstance(value, kind) or (kind is float and isinstance(value, int))):
        raise TypeError(f"{kind.__name__} ではなく {type(value).__name__} です")
    return value


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def extraction_path(layout: StateLayout, document_id: str) -> Path:
    """Where the Extraction of a document is stored."""
    return layout.extracted / f"{document_id}.json"


def save_extraction(layout: StateLayout, extraction: Extraction) -> None:
    """Store one Extraction."""
    path = extraction_path(layout, extraction.document.document_id)
    write_atomically(path, json.dumps(encode(extraction), ensure_ascii=False))


def load_extraction(layout: StateLayout, document_id: str) -> Extraction:
    """Read one Extraction back; raises StoreError where it is missing or broken."""
    path = extraction_path(layout, document_id)
    try:
        return decode(Extraction, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise StoreError(f"{path.name} がありません。python -m ingest build で作り直してください。") from None
    except (StoreError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise StoreError(
            f"{path.name} が壊れています。python -m ingest build で作り直してください。（{error}）"
        ) from error


def save_catalog(layout: StateLayout, entries: Iterable[CatalogEntry]) -> None:
    """Replace the catalog in one step."""
    content = {"version": STORED_VERSION, "documents": [encode(entry) for entry in entries]}
    write_atomically(layout.catalog, json.dumps(content, ensure_ascii=False, indent=1))


def load_catalog(layout: StateLayout) -> tuple[CatalogEntry, ...]:
    """The documents held, in order; none where nothing was built yet, or by an older version of this code."""
    try:
        content = json.loads(layout.catalog.read_text(encoding="utf-8"))
        if content.get("version") != STORED_VERSION:
            return ()
        return tuple(decode(CatalogEntry, entry) for entry in content["documents"])
    except FileNotFoundError:
        return ()
    except (StoreError, json.JSONDecodeError, UnicodeDecodeError, KeyError, AttributeError) as error:
        raise StoreError(
            f"{layout.catalog.name} が壊れています。消してから python -m ingest build で作り直してください。（{error}）"
        ) from error


def load_extractions(layout: StateLayout) -> tuple[Extraction, ...]:
    """Every Extraction that the catalog holds, in its order; raises StoreError where one cannot be read."""
    return tuple(load_extraction(layout, entry.document_id) for entry in load_catalog(layout))


__all__ = [
    "STORED_VERSION",
    "CatalogEntry",
    "PartFacts",
    "StoreError",
    "decode",
    "encode",
    "extraction_path",
    "load_catalog",
    "load_extraction",
    "load_extractions",
    "save_catalog",
    "save_extraction",
    "write_atomically",
]
