"""Frames in and out of PostgreSQL by COPY: what runs and bulk loads use instead of the ORM.

Identifiers given here come from code, never from a user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import polars as pl
from django.db import connection
from polars.datatypes import DataTypeClass

Schema = Mapping[str, pl.DataType | DataTypeClass]


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


def copy_out(sql: str, params: Sequence[Any], schema: Schema) -> pl.DataFrame:
    """The rows of a query as a frame with exactly the columns and types of ``schema``, in its order."""
    buffer = BytesIO()
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", list(params)) as copy:
        for block in copy:
            buffer.write(block)
    if buffer.tell() == 0:
        return pl.DataFrame(schema=dict(schema))
    buffer.seek(0)
    booleans = [name for name, kind in schema.items() if kind == pl.Boolean]
    read_as = {name: pl.String if kind == pl.Boolean else kind for name, kind in schema.items()}
    frame = pl.read_csv(buffer, has_header=False, new_columns=list(schema), schema_overrides=read_as)
    return frame.with_columns(pl.col(name) == "t" for name in booleans)


def take_ids(sequence: str, count: int) -> int:
    """The first of ``count`` consecutive ids that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT meterbook_take_ids(%s::regclass, %s)", [sequence, count])
        row = cursor.fetchone()
    return int(row[0])


def id_sequence(table: str) -> str:
    """The name of the sequence behind ``table``'s id column."""
    return f"{table}_id_seq"
