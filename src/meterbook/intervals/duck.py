"""The one place that knows DuckDB: SQL and frames in, a frame out."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import duckdb
import polars as pl
import polars.selectors as cs


class Duck:
    """Answers SQL over Parquet files in a fixed amount of memory. Nothing is ever fetched from a network.

    May be asked by several threads at once. Time zones are computed by the callers; DuckDB sees instants and integers
    only.
    """

    def __init__(self, *, memory_mib: int, threads: int, spill: Path) -> None:
        self._opening = Lock()
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory_mib}MiB",
                "threads": str(threads),
                "temp_directory": str(spill),
                "preserve_insertion_order": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )

    def frame(self, sql: str, **tables: pl.DataFrame) -> pl.DataFrame:
        """The answer to one query; ``tables`` are visible in it by name."""
        with self._asking(tables) as cursor:
            table = cursor.sql(sql).to_arrow_table()
        found = pl.from_arrow(table)
        assert isinstance(found, pl.DataFrame)
        # instants come labelled with the zone of the machine
        return found.with_columns(cs.datetime(time_zone="*").dt.convert_time_zone("UTC"))

    def _asking(self, tables: dict[str, pl.DataFrame]) -> duckdb.DuckDBPyConnection:
        with self._opening:
            cursor = self._connection.cursor()
        cursor.execute("SET enable_progress_bar = false")  # it would print into whatever a command prints
        for name, table in tables.items():
            cursor.register(name, table.to_arrow())
        return cursor
