"""Reads by people as the engine's measures want them, and what the measures make of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import polars as pl
import yaml

from meterbook.engine.metering.readers.anomalies import anomalies
from meterbook.engine.metering.readers.configure import Configured, parse
from meterbook.engine.metering.readers.contract import READS
from meterbook.records.places.models import Route
from meterbook.records.platform.copying import Schema, copy_out
from meterbook.records.platform.policies import NoPolicy, released

#: Reads of walked and manual routes, or that name their reader. Keyed reads know their day only, not their minute.
_READS = """
SELECT r.register_id, coalesce(nullif(r.reader, ''), t.reader, ''), g.decimals, r.estimated, false,
       (r.status = 'rejected' OR EXISTS (SELECT FROM metering_readexception e
                                          WHERE e.read_id = r.id AND e.resolution = 'corrected')),
       s.route_id, s.sequence,
       CASE WHEN r.origin = 'file' THEN r.read_at AT TIME ZONE 'UTC' END,
       (r.value * 1000000)::bigint, u.quantity_e6, p.quantity_e6
  FROM metering_read r
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_installation i ON i.meter_id = g.meter_id AND i.validity @> r.read_on
  JOIN places_servicepoint s ON s.id = i.service_point_id
  LEFT JOIN places_route t ON t.id = s.route_id
  LEFT JOIN metering_usage u ON u.to_read_id = r.id AND NOT u.superseded
  LEFT JOIN metering_usage p ON p.to_read_id = u.from_read_id AND NOT p.superseded
 WHERE r.read_on >= %s AND r.read_on < %s AND NOT r.starts_chain AND r.origin IN ('file', 'keyed')
   AND (r.reader <> '' OR t.kind IN ('walk', 'manual'))
"""
#: Visits on which nobody could read the meter.
_NOT_READ = """
SELECT q.register_id, coalesce(nullif(substring(f.note from '\\(([^()]*)\\)$'), ''), t.reader, ''), g.decimals, false,
       true, false, s.route_id, s.sequence, NULL, NULL, NULL, NULL
  FROM metering_fieldrequeststep f
  JOIN metering_fieldrequest q ON q.id = f.request_id
  JOIN metering_register g ON g.id = q.register_id
  JOIN places_servicepoint s ON s.id = q.service_point_id
  LEFT JOIN places_route t ON t.id = s.route_id
 WHERE f."on" >= %s AND f."on" < %s AND (f.note LIKE 'Not read: %%' OR f.state = 'no_access')
"""
_TYPES: Schema = {
    "register": pl.Int64, "reader": pl.String, "decimals": pl.Int32, "estimated": pl.Boolean, "no_access": pl.Boolean,
    "corrected": pl.Boolean, "route": pl.Int64, "sequence": pl.Int64, "read_at": pl.Datetime("us"), "value": pl.Int64,
    "quantity": pl.Int64, "prior_quantity": pl.Int64,
}  # fmt: skip
#: Days looked at where nobody says more: a quarter has enough reads of every reader.
DAYS = 92


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: reads and visits, the policy, and what stands out (`readers.contract.ANOMALIES`)."""

    since: date
    until: date
    reads: int
    configured: Configured
    found: pl.DataFrame


def statistics_on(day: date) -> Configured:
    """The policy ``reader-statistics`` in force; raises `NoPolicy`."""
    document = released("reader-statistics", day)
    if document is None:
        raise NoPolicy(f"no policy reader-statistics is in force on {day}")
    return _parsed(document.body)


@lru_cache(maxsize=4)
def _parsed(body: str) -> Configured:
    return parse(yaml.safe_load(body))


def reads_by_people(since: date, until: date) -> pl.DataFrame:
    """Reads from ``since`` until before ``until`` by people, and visits without one, as `contract.READS`."""
    frames = [copy_out(sql, [since, until], _TYPES) for sql in (_READS, _NOT_READ)]
    rows = pl.concat(frames).with_columns(pl.col("read_at").dt.replace_time_zone("UTC"), pl.col("reader").fill_null(""))
    return rows.select([pl.col(name).cast(kind) for name, kind in READS.items()])


def look(today: date, *, since: date | None = None, until: date | None = None) -> Looked:
    """What stands out among the reads of a span; of the last `DAYS` up to ``today`` where none is said.

    Raises `NoPolicy`.
    """
    ends = until or today + timedelta(days=1)
    begins = since or ends - timedelta(days=DAYS)
    configured = statistics_on(today)
    rows = reads_by_people(begins, ends)
    return Looked(begins, ends, rows.height, configured, anomalies(rows, configured))


def by_reader(looked: Looked) -> list[dict[str, Any]]:
    """How many reads, estimates, visits without a read and corrections each reader and route had."""
    rows = reads_by_people(looked.since, looked.until)
    sums = rows.group_by("reader", "route").agg(
        reads=(~pl.col("no_access")).sum(), estimates=pl.col("estimated").sum(), no_access=pl.col("no_access").sum(),
        corrected=pl.col("corrected").sum(),
    )  # fmt: skip
    return list(sums.sort("reader", "route", nulls_last=True).iter_rows(named=True))


def route_codes() -> dict[int, str]:
    """Codes of all routes by their key."""
    return dict(Route.objects.values_list("pk", "code"))
