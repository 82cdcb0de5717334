"""The yardstick: a bare COPY of the very same rows a run wrote, on the same server, in the same minute."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

#: Tables a run appends to; those of the run's own partitions are found by name.
TABLES = (
    "metering_usage", "billing_bill", "billing_billedperiod", "billing_hold", "billing_unbilled",
    "ledger_openitem", "ledger_allocation", "ledger_entry_run_0",
)  # fmt: skip
PARTITIONED = ("billing_segment", "billing_line", "ledger_entry")
_TIMES = 3


@dataclass(frozen=True, slots=True)
class Output:
    """Rows of one table in a file, pre-encoded as PostgreSQL's binary COPY."""

    table: str
    like: str
    file: Path
    rows: int


def marks(tables: Sequence[str] = TABLES) -> dict[str, int]:
    """The highest id of each table before what is measured."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


def written_since(before: dict[str, int], runs: list[int], folder: Path) -> list[Output]:
    """Write every row made since, and those of the runs' own partitions, into binary files."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [(table, table, f"SELECT * FROM {table} WHERE id > {mark}") for table, mark in before.items()]
    wanted += [
        (f"{parent}_run_{run}", parent, f"SELECT * FROM {parent}_run_{run}") for parent in PARTITIONED for run in runs
    ]
    outputs = []
    for name, like, sql in wanted:
        file = folder / f"{name}.bin"
        with connection.cursor() as cursor, file.open("wb") as out:
            with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT binary)") as copy:
                for block in copy:
                    out.write(block)
            outputs.append(Output(name, like, file, int(cursor.rowcount)))
    return outputs


def bare_copy_seconds(outputs: list[Output]) -> float:
    """Median seconds to COPY the files into logged tables without constraints, one commit, after CHECKPOINT."""
    with connection.cursor() as cursor:
        for like in {output.like for output in outputs}:
            cursor.execute(f"DROP TABLE IF EXISTS bare_{like}")
            cursor.execute(f"CREATE TABLE bare_{like} (LIKE {like})")
    took = []
    for _ in range(_TIMES):
        with connection.cursor() as cursor:
            for like in {output.like for output in outputs}:
                cursor.execute(f"TRUNCATE bare_{like}")
            cursor.execute("CHECKPOINT")
        took.append(_once(outputs))
    return statistics.median(took)


def _once(outputs: list[Output]) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for output in outputs:
            with (
                cursor.copy(f"COPY bare_{output.like} FROM STDIN (FORMAT binary)") as copy,
                output.file.open("rb") as f,
            ):
                while block := f.read(1 << 20):
                    copy.write(block)
        cursor.execute("COMMIT")
    return time.perf_counter() - began
