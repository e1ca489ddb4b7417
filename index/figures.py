"""Documents, projects, figures and indicators as tables: Parquet on disk, read by DuckDB in memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from index.rows import record_of, save_rows, select_list
from records import Document, Extraction, Figure, Indicator, Metric, Phase, Project

T = TypeVar("T")

_TABLES: dict[str, type] = {
    "documents": Document,
    "projects": Project,
    "figures": Figure,
    "indicators": Indicator,
}


def save_tables(extractions: Sequence[Extraction], folder: Path) -> None:
    """Write one Parquet file for each table."""
    save_rows([extraction.document for extraction in extractions], Document, folder / "documents.parquet")
    for name in ("projects", "figures", "indicators"):
        rows = [row for extraction in extractions for row in getattr(extraction, name)]
        save_rows(rows, _TABLES[name], folder / f"{name}.parquet")


class FigureTable:
    """The tables of one generation; loading copies them into memory and then shuts DuckDB off from the outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _connection(self) -> Any:
        import duckdb

        connection = duckdb.connect(":memory:", config={"threads": 2})
        for name in _TABLES:
            path = str(self.folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}', file_row_number = true)")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over `documents`, `projects`, `figures` and `indicators`; values only as `?` parameters.

        Columns are the record's fields (source_file, source_line_start, …); `value` is the exact text and
        `value_number` the number to compute with.
        """
        rows: list[tuple[Any, ...]] = self._connection.cursor().execute(sql, list(parameters)).fetchall()
        return rows

    def _records(self, table: str, kind: type[T], where: str = "", parameters: Sequence[Any] = ()) -> list[T]:
        rows = self.query(f"SELECT {select_list(kind)} FROM {table} {where} ORDER BY file_row_number", parameters)
        return [record_of(kind, row) for row in rows]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._records("documents", Document))

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        return tuple(self._records("projects", Project))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(self._records("figures", Figure))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(self._records("indicators", Indicator))

    def select(
        self,
        *,
        document_ids: Sequence[str] = (),
        fiscal_years: Sequence[int] = (),
        metrics: Sequence[Metric] = (),
        phases: Sequence[Phase] = (),
        project_ids: Sequence[str] = (),
        primary_only: bool = True,
    ) -> list[Figure]:
        """Figures that fit every filter given (an empty one does not filter), in the order of the documents."""
        conditions, parameters = ['"primary"'] if primary_only else [], []
        for column, chosen in (
            ("document_id", document_ids),
            ("fiscal_year", fiscal_years),
            ("metric", metrics),
            ("phase", phases),
            ("project_id", project_ids),
        ):
            if chosen:
                conditions.append(f"list_contains(?, {column})")
                parameters.append(list(chosen))
        where = "WHERE " + " AND ".join(conditions) if conditions else ""
        return self._records("figures", Figure, where, parameters)
