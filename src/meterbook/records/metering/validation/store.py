"""Writing judged reads, what is asked about them, and what was found, by COPY."""

from __future__ import annotations

import polars as pl
from django.db import connection

from meterbook.records.metering.models import Read
from meterbook.records.platform.copying import copy_in, copy_out, id_sequence, take_ids
from meterbook.records.platform.models import Deed, ImportBatch

_NEWEST = """
SELECT register_id, read_on, max(version) FROM metering_read
 WHERE register_id = ANY(%s) AND read_on BETWEEN %s AND %s GROUP BY 1, 2
"""
_ARRIVED = """
UPDATE metering_readexception e
   SET state = 'resolved', resolution = 'passed', resolved_on = %s, resolved_by_id = %s
  FROM unnest(%s::bigint[], %s::date[]) AS came (register, day)
 WHERE e.read_id IS NULL AND e.channel_id IS NULL AND e.state <> 'resolved' AND e.register_id = came.register
   AND came.day >= e."on" - 15
"""


def store_judged(
    deed: Deed, reads: pl.DataFrame, findings: pl.DataFrame, *, batch: ImportBatch | None, origin: str
) -> None:
    """Store reads with their verdicts (`take.Judged`), open a queue item for each held one, keep every finding."""
    reads = _with_ids(reads)
    _store_reads(deed, reads, batch, origin)
    items = _store_items(deed, reads)
    _store_findings(deed, reads, items, findings)
    _close_missing(deed, reads)


def store_missing(deed: Deed, judged: pl.DataFrame, findings: pl.DataFrame) -> int:
    """Open a queue item for each expected read that a rule misses; returns how many."""
    held = judged.filter("holds").with_columns(id=pl.lit(None, dtype=pl.Int64))
    items = _store_items(deed, held)
    _store_findings(deed, held, items, findings.join(held, on="row", how="semi"))
    return held.height


def _with_ids(reads: pl.DataFrame) -> pl.DataFrame:
    """Each read with its id and version: one more than the newest on record of its register and day."""
    known = copy_out(
        _NEWEST,
        [reads["register"].unique().to_list(), reads["read_on"].min(), reads["read_on"].max()],
        {"register": pl.Int64, "read_on": pl.Date, "newest": pl.Int64},
    )
    first = take_ids(id_sequence("metering_read"), reads.height)
    again = pl.int_range(pl.len()).over("register", "read_on")
    return reads.join(known, on=["register", "read_on"], how="left", maintain_order="left").with_columns(
        id=pl.int_range(pl.len()) + first, version=pl.col("newest").fill_null(0) + 1 + again
    )


def _store_reads(deed: Deed, reads: pl.DataFrame, batch: ImportBatch | None, origin: str) -> None:
    whole, rest = pl.col("value") // 1_000_000, pl.col("value") % 1_000_000
    copy_in(
        "metering_read",
        reads.select(
            "id",
            pl.col("register").alias("register_id"),
            "read_on",
            pl.col("read_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(6)).alias("value"),
            "estimated",
            pl.lit(value=False).alias("starts_chain"),
            pl.lit(batch.pk if batch else None, dtype=pl.Int64).alias("batch_id"),
            "line",
            "raw",
            "version",
            pl.lit(value=False).alias("superseded"),
            pl.when("holds").then(pl.lit(Read.QUEUED)).otherwise(pl.lit(Read.ACCEPTED)).alias("status"),
            pl.lit(origin).alias("origin"),
            "reader",
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )


def _store_items(deed: Deed, reads: pl.DataFrame) -> pl.DataFrame:
    """Open an item of the exception queue for each held read; returns row and item."""
    held = reads.filter("holds")
    if held.is_empty():
        return pl.DataFrame(schema={"row": pl.Int64, "item": pl.Int64})
    first = take_ids(id_sequence("metering_readexception"), held.height)
    held = held.with_columns(item=pl.int_range(pl.len()) + first)
    copy_in(
        "metering_readexception",
        held.select(
            pl.col("item").alias("id"),
            pl.col("service_point").alias("service_point_id"),
            pl.col("register").alias("register_id"),
            pl.col("id").alias("read_id"),
            pl.col("read_on").alias("on"),
            pl.lit(deed.business_date).alias("raised_on"),
            pl.col("found").alias("found_e6"),
            pl.col("expected").alias("expected_e6"),
            "unit",
            pl.col("at_risk").alias("at_risk_cents"),
            pl.lit("").alias("resolution"),
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )
    return held.select("row", "item")


def _store_findings(deed: Deed, reads: pl.DataFrame, items: pl.DataFrame, findings: pl.DataFrame) -> None:
    known = findings.join(reads.select("row", "id", "read_on"), on="row").join(items, on="row", how="left")
    copy_in(
        "metering_finding",
        known.select(
            pl.col("item").alias("exception_id"),
            pl.col("id").alias("read_id"),
            pl.col("read_on").alias("on"),
            "rule",
            (pl.col("then") == "queue").alias("holds"),
            "figures",
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )


def _close_missing(deed: Deed, reads: pl.DataFrame) -> None:
    """A read that was missed has come: whether it can be believed is another question."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ARRIVED,
            [deed.business_date, deed.pk, reads["register"].to_list(), reads["read_on"].to_list()],
        )
