"""Storing the rows of a set-wise load: ids taken in one block, codes turned into ids, one COPY per table."""

from __future__ import annotations

import polars as pl

from meterbook.records.platform.copying import copy_in, copy_out, id_sequence, take_ids


def on_record(table: str, key: str) -> pl.DataFrame:
    """Ids on record by code."""
    return copy_out(f'SELECT id, "{key}" FROM {table}', [], {"id": pl.Int64, "key": pl.String})


def store(rows: pl.DataFrame, table: str, key: str) -> pl.DataFrame:
    """Append ``rows``; returns id by key of everything now on record there."""
    known = on_record(table, key)
    if rows.is_empty():
        return known
    first = take_ids(id_sequence(table), rows.height)
    rows = rows.with_columns(id=pl.int_range(pl.len()) + first)
    copy_in(table, rows)
    return pl.concat([known, rows.select("id", pl.col(key).alias("key"))])


def linked(rows: pl.DataFrame, field: str, parents: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``field`` (a code) replaced by ``field_id``; a null stays a null."""
    ids = parents.select(pl.col("key").alias(field), pl.col("id").alias(f"{field}_id"))
    return rows.join(ids, on=field, how="left", maintain_order="left").drop(field)


def since(day: pl.Expr) -> pl.Expr:
    """A column ``validity`` that begins on ``day`` and has no end, as PostgreSQL writes it."""
    return pl.format("[{},)", day.dt.to_string("%Y-%m-%d")).alias("validity")
