"""From reads to usage, set-wise: gather the chains touched by new reads, calculate, store what is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db import connection

from meterbook.engine.metering.register import derive_usage
from meterbook.records.platform.copying import copy_in, copy_out

_CHAINS = """
SELECT r.register_id, r.id, r.read_on, (r.value * 1000000)::bigint, g.dials,
       (g.multiplier * 1000000)::bigint, r.estimated, r.starts_chain
  FROM metering_read r JOIN metering_register g ON g.id = r.register_id
 WHERE NOT r.superseded AND r.register_id = ANY(%s)
   AND r.read_on >= coalesce((SELECT max(p.read_on) FROM metering_read p
        WHERE p.register_id = r.register_id AND NOT p.superseded AND p.read_on < %s), %s)
"""
_CHAIN_TYPES = {
    "register": pl.Int64, "read": pl.Int64, "read_on": pl.Date, "value": pl.Int64, "dials": pl.Int32,
    "multiplier": pl.Int64, "estimated": pl.Boolean, "break_before": pl.Boolean,
}  # fmt: skip
_USAGE_ON_RECORD = """
SELECT id, register_id, from_read_id, to_read_id, version FROM metering_usage
 WHERE NOT superseded AND register_id = ANY(%s) AND ends > %s
"""
_INSTALLATIONS = """
SELECT r.id, i.service_point_id, lower(i.validity), upper(i.validity)
  FROM metering_register r JOIN metering_installation i ON i.meter_id = r.meter_id WHERE r.id = ANY(%s)
"""


def store_usage(registers: Sequence[int], *, since: date, raised_on: date) -> tuple[int, int]:
    """Bring the usage of ``registers`` up to date from reads on or after ``since``.

    New pairs are stored; a pair whose reads changed is superseded by a newer version; an unbelievable pair becomes a
    `UsageException` and no usage. Returns (usages stored, exceptions raised).
    """
    ids = list(registers)
    chains = copy_out(_CHAINS, [ids, since, since], _CHAIN_TYPES).sort("register", "read_on")
    pairs = derive_usage(chains)
    stored = copy_out(
        _USAGE_ON_RECORD,
        [ids, since],
        dict.fromkeys(("usage", "register", "from_read", "to_read", "old_version"), pl.Int64),
    )
    known = pairs.join(stored, on=["register", "from_read", "to_read"], how="anti")
    good = known.filter(pl.col("problem").is_null())
    replaced = stored.join(pairs, on=["register", "from_read", "to_read"], how="anti")
    _supersede(replaced["usage"].to_list())
    versions = replaced.group_by("register").agg(pl.col("old_version").max())
    places = copy_out(
        _INSTALLATIONS,
        [ids],
        {"register": pl.Int64, "service_point_id": pl.Int64, "since": pl.Date, "until": pl.Date},
    )
    good = good.join(places, on="register").filter(
        (pl.col("since") <= pl.col("starts")) & (pl.col("until").is_null() | (pl.col("starts") < pl.col("until")))
    )
    good = good.join(versions, on="register", how="left").with_columns(
        version=pl.col("old_version").fill_null(0) + 1, superseded=pl.lit(value=False)
    )
    copy_in(
        "metering_usage",
        good.select(
            pl.col("register").alias("register_id"),
            "service_point_id",
            pl.col("from_read").alias("from_read_id"),
            pl.col("to_read").alias("to_read_id"),
            "starts",
            "ends",
            pl.col("quantity").alias("quantity_e6"),
            "rollover",
            "estimated",
            "version",
            "superseded",
        ),
    )
    return good.height, _raise_exceptions(known.filter(pl.col("problem").is_not_null()), raised_on)


def _supersede(usages: list[int]) -> None:
    if usages:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE metering_usage SET superseded = true WHERE id = ANY(%s)", [usages])


def _raise_exceptions(pairs: pl.DataFrame, raised_on: date) -> int:
    """Store unbelievable pairs once; returns how many are new."""
    new = 0
    with connection.cursor() as cursor:
        for row in pairs.iter_rows(named=True):
            cursor.execute(
                "INSERT INTO metering_usageexception (register_id, from_read_id, to_read_id, problem, raised_on)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [row["register"], row["from_read"], row["to_read"], row["problem"], raised_on],
            )
            new += cursor.rowcount
    return new
