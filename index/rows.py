"""Records as rows of a Parquet file, and back: one column a field, nested records flattened, tuples as JSON text."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin

from ingest.store import decode, encode

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A leaf field of a record type: where it lies, its column's name, and its plain type."""

    path: tuple[str, ...]
    name: str
    kind: Any
    optional: bool


@cache
def columns(record: type) -> tuple[Column, ...]:
    """The columns of a record type: a Source in `source` becomes source_file, source_line_start and so on.

    >>> from records import Part
    >>> [column.name for column in columns(Part)][:4]
    ['document_id', 'index', 'fiscal_year', 'kind']
    """
    return tuple(_columns(record, (), False))


def _columns(record: type, path: tuple[str, ...], optional: bool) -> Iterable[Column]:
    hints = typing.get_type_hints(record)
    for field in dataclasses.fields(record):
        kind = hints[field.name]
        may_miss = optional
        if get_origin(kind) in (Union, types.UnionType):
            may_miss = True
            kind = next(option for option in get_args(kind) if option is not type(None))
        here = (*path, field.name)
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            yield from _columns(kind, here, may_miss)
        else:
            yield Column(here, "_".join(here), kind, may_miss)


def _leaf(record: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if record is None:
            return None
        record = getattr(record, name)
    if isinstance(record, tuple):
        return json.dumps(encode(record), ensure_ascii=False)
    return str(record) if isinstance(record, Decimal) else record


def save_rows(records: Sequence[Any], record: type, path: Path) -> None:
    """Write records of one type; Decimals as their exact text, beside a DECIMAL(38, 6) `…_number` to compute with."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays: dict[str, Any] = {}
    for column in columns(record):
        values = [_leaf(each, column.path) for each in records]
        arrays[column.name] = pa.array(values, type=_arrow_type(column.kind))
        if column.kind is Decimal:
            numbers = [None if value is None else Decimal(value) for value in values]
            arrays[column.name + "_number"] = pa.array(
                [None if n is None else round(n, 6) for n in numbers], type=pa.decimal128(38, 6)
            )
    pq.write_table(pa.table(arrays), path)


def _arrow_type(kind: Any) -> Any:
    import pyarrow as pa

    return {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}.get(kind, pa.string())


def select_list(record: type) -> str:
    """The columns that `record_of` needs, in its order, for a SELECT."""
    return ", ".join(f'"{column.name}"' for column in columns(record))


def record_of(record: type[T], row: Sequence[Any]) -> T:
    """The record of a row whose columns are `select_list`."""
    values = {column.path: value for column, value in zip(columns(typing.cast(Any, record)), row, strict=True)}
    return typing.cast(T, _build(record, (), values))


def _build(record: Any, path: tuple[str, ...], values: dict[tuple[str, ...], Any]) -> Any:
    arguments = []
    for name, kind, nested in _shape(record):
        here = (*path, name)
        if nested:
            inside = [value for key, value in values.items() if key[: len(here)] == here]
            missing = nested == "optional" and all(value is None for value in inside)
            arguments.append(None if missing else _build(kind, here, values))
            continue
        value = values[here]
        if value is None or kind in (str, int, float, bool, date):
            arguments.append(value)
        elif kind is Decimal:
            arguments.append(Decimal(value))
        elif get_origin(kind) is tuple:
            item = get_args(kind)[0]
            arguments.append(tuple(decode(item, each) if _is_record(item) else each for each in json.loads(value)))
        else:
            arguments.append(value)
    return record(*arguments)


def _is_record(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind)


@cache
def _shape(record: Any) -> tuple[tuple[str, Any, str], ...]:
    """(name, plain type, "" or "record" or "optional" for nested records) of each field."""
    hints = typing.get_type_hints(record)
    shape = []
    for field in dataclasses.fields(record):
        kind = hints[field.name]
        optional = get_origin(kind) in (Union, types.UnionType)
        if optional:
            kind = next(option for option in get_args(kind) if option is not type(None))
        shape.append((field.name, kind, ("optional" if optional else "record") if _is_record(kind) else ""))
    return tuple(shape)
