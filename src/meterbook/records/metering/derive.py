"""From reads to usage, set-wise: gather the chains touched by new reads, calculate, store what is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db import connection

from meterbook.engine.metering.register import derive_usage
from meterbook.records.metering.interval_data.determinants import bring_up_to_date
from meterbook.records.metering.models import Read
from meterbook.records.metering.questions import Question, ask
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.platform.models import Deed

_CHAINS = """
SELECT r.register_id, r.id, r.read_on, (r.value * 1000000)::bigint, g.dials,
       (g.multiplier * 1000000)::bigint, r.estimated, r.starts_chain
  FROM unnest(%s::bigint[]) AS wanted (id) JOIN metering_register g ON g.id = wanted.id
  JOIN LATERAL (
        SELECT * FROM metering_read l WHERE l.register_id = wanted.id AND NOT l.superseded AND l.status = 'accepted'
           AND l.read_on >= %s
        UNION ALL (
        SELECT * FROM metering_read e WHERE e.register_id = wanted.id AND NOT e.superseded AND e.status = 'accepted'
           AND e.read_on < %s ORDER BY e.read_on DESC LIMIT 1)) r ON true
"""
_CHAIN_TYPES = {
    "register": pl.Int64, "read": pl.Int64, "read_on": pl.Date, "value": pl.Int64, "dials": pl.Int32,
    "multiplier": pl.Int64, "estimated": pl.Boolean, "break_before": pl.Boolean,
}  # fmt: skip
_USAGE_ON_RECORD = """
SELECT id, register_id, from_read_id, to_read_id, version FROM metering_usage
 WHERE NOT superseded AND register_id = ANY(%s) AND ends >= %s
"""
_INSTALLATIONS = """
SELECT r.id, i.service_point_id, lower(i.validity), upper(i.validity)
  FROM metering_register r JOIN metering_installation i ON i.meter_id = r.meter_id WHERE r.id = ANY(%s)
"""


def store_usage(deed: Deed, registers: Sequence[int], *, since: date) -> tuple[int, int]:
    """Bring the usage of ``registers`` up to date from accepted reads on or after ``since``.

    New pairs are stored; a pair whose reads changed is superseded by a newer version. A pair that makes no believable
    usage sends its later read to the exception queue, and the chain is made without it. Returns (usages stored, reads
    sent to the queue).
    """
    ids = list(registers)
    chains = copy_out(_CHAINS, [ids, since, since], _CHAIN_TYPES).sort("register", "read_on")
    pairs = derive_usage(chains)
    doubtful = pairs.filter(pl.col("problem").is_not_null()).unique("register", keep="first", maintain_order=True)
    if doubtful.height:
        _question(deed, doubtful)
        sure = [register for register in ids if register not in set(doubtful["register"])]
        made, asked = store_usage(deed, doubtful["register"].to_list(), since=since)
        more, again = store_usage(deed, sure, since=since) if sure else (0, 0)
        return made + more, asked + again + doubtful.height
    stored = copy_out(
        _USAGE_ON_RECORD,
        [ids, since],
        dict.fromkeys(("usage", "register", "from_read", "to_read", "old_version"), pl.Int64),
    )
    good = pairs.join(stored, on=["register", "from_read", "to_read"], how="anti")
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
    if good.height or replaced.height:
        bring_up_to_date(deed, ids, since=since)
    return good.height, 0


def _supersede(usages: list[int]) -> None:
    if usages:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE metering_usage SET superseded = true WHERE id = ANY(%s)", [usages])


def _question(deed: Deed, pairs: pl.DataFrame) -> None:
    """Send one read of each unbelievable pair to the exception queue; it makes no usage until someone decides.

    It is the later one, unless the earlier one came with this deed and the later one stood before.
    """
    both = pairs["from_read"].to_list() + pairs["to_read"].to_list()
    fresh = set(Read.objects.filter(pk__in=both, deed=deed, starts_chain=False).values_list("pk", flat=True))
    doubted = {
        row["from_read"] if row["from_read"] in fresh and row["to_read"] not in fresh else row["to_read"]: row[
            "problem"
        ]
        for row in pairs.iter_rows(named=True)
    }
    Read.objects.filter(pk__in=doubted).update(status=Read.QUEUED)
    ask(deed, [Question(read=read, rule=problem, holds=True, figures={}) for read, problem in doubted.items()])
