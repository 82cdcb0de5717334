"""Frames in and out of PostgreSQL by COPY: what runs and bulk loads use instead of the ORM.

Identifiers given here come from code, never from a user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import polars as pl
import psycopg
from django.db import connection
from polars.datatypes import DataTypeClass

Schema = Mapping[str, pl.DataType | DataTypeClass]
Params = Sequence[Any] | Mapping[str, Any]


def copy_in(table: str, frame: pl.DataFrame) -> int:
    """Append every row of ``frame`` to ``table``; columns by name, nulls as NULL. Returns the row count.

    Text that looks like nothing stays an empty text; only a null becomes NULL.
    """
    if frame.is_empty():
        return 0
    text = frame.write_csv(include_header=False, quote_style="non_numeric", null_value="").encode()
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(text)
    return frame.height


def copy_out(sql: str, params: Params, schema: Schema) -> pl.DataFrame:
    """The rows of a query as a frame with exactly the columns and types of ``schema``, in its order."""
    buffer = BytesIO(_copied(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params))
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=dict(schema))
    booleans = [name for name, kind in schema.items() if kind == pl.Boolean]
    read_as = {name: pl.String if kind == pl.Boolean else kind for name, kind in schema.items()}
    frame = pl.read_csv(buffer, has_header=False, new_columns=list(schema), schema_overrides=read_as)
    return frame.with_columns(pl.col(name) == "t" for name in booleans)


def _copied(statement: str, params: Params) -> bytes:
    """The whole output of a COPY TO STDOUT, read straight from libpq: psycopg's own loop costs ten times as much a row.

    Runs in Django's current transaction. Raises `psycopg.Error` as the server says it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # opens the transaction where Django is in one
        raw = connection.connection
        text = psycopg.ClientCursor(raw).mogrify(statement, params)
        server = raw.pgconn
        began = server.exec_(text.encode())
        if began.status != psycopg.pq.ExecStatus.COPY_OUT:
            raise psycopg.errors.error_from_result(began)
        blocks = []
        while True:
            size, block = server.get_copy_data(0)
            if size < 0:
                break
            blocks.append(bytes(block))
        ended = server.get_result()
        while server.get_result() is not None:
            pass
        if ended is None or ended.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(ended)
    return b"".join(blocks)


def take_ids(sequence: str, count: int) -> int:
    """The first of ``count`` consecutive ids that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT meterbook_take_ids(%s::regclass, %s)", [sequence, count])
        row = cursor.fetchone()
    return int(row[0])


def id_sequence(table: str) -> str:
    """The name of the sequence behind ``table``'s id column."""
    return f"{table}_id_seq"


def refresh_statistics() -> None:
    """Tell the planner what bulk loads brought; autovacuum would only later. Runs outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
