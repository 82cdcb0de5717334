"""What the register compares with: earlier bills of the accounts, what their peers pay, services that are missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from meterbook.engine.billing.register.figures import BEFORE, MISSING, PEERS
from meterbook.records.billing.models import BillRun
from meterbook.records.platform.copying import copy_out

#: A year ago is the bill nearest to the day, at most so many days from it.
_NEAR = 20
_EARLIER = """
SELECT b.id, b.run_id, b.account_id, b.bill_date
  FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
 WHERE b.account_id = ANY(%(accounts)s) AND b.bill_date < %(on)s AND b.bill_date >= %(since)s
   AND b.kind NOT IN ('statement', 'corrected', 'summary')
"""
_EARLIER_TYPES: dict[str, Any] = {"bill": pl.Int64, "run": pl.Int64, "account": pl.Int64, "on": pl.Date}
_SEGMENTS = """
SELECT s.bill_id, s.service_point_id, min(s.commodity), sum(s.ends - s.starts)::bigint,
       sum((s.inputs->'determinants'->>'usage')::bigint)::bigint, sum(s.amount_cents)::bigint
  FROM billing_segment s
 WHERE s.run_id = ANY(%(runs)s) AND s.bill_id = ANY(%(bills)s) AND s.kind = 'charge' GROUP BY 1, 2
"""
_SEGMENT_TYPES: dict[str, Any] = {
    "bill": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "days": pl.Int64, "usage": pl.Int64,
    "cents": pl.Int64,
}  # fmt: skip


def earlier(accounts: list[int], on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points of each account's last bill before a bill date, and of its bill a year before: `BEFORE`, twice."""
    a_year = date(on.year - 1, on.month, min(on.day, 28))
    asked = {"accounts": accounts, "on": on, "since": date.fromordinal(a_year.toordinal() - _NEAR)}
    bills = copy_out(_EARLIER, asked, _EARLIER_TYPES)
    last = bills.sort("on", "bill").group_by("account").last()
    far = (pl.col("on") - pl.lit(a_year)).dt.total_days().abs()
    year = bills.filter(far <= _NEAR).sort(far, "bill").group_by("account").first()
    wanted = pl.concat([last, year.select(last.columns)])
    found = copy_out(
        _SEGMENTS,
        {"runs": wanted["run"].unique().to_list(), "bills": wanted["bill"].unique().to_list()},
        _SEGMENT_TYPES,
    )
    names = list(BEFORE)
    return (
        found.join(last.select("bill", "account"), on="bill").select(names),
        found.join(year.select("bill", "account"), on="bill").select(names),
    )


_CLASSES = """
SELECT s.id, p.premise_class FROM places_servicepoint s JOIN places_premise p ON p.id = s.premise_id
 WHERE s.id = ANY(%s)
"""


def classes(points: list[int]) -> pl.DataFrame:
    """The class of the premise of each service point."""
    return copy_out(_CLASSES, [points], {"service_point": pl.Int64, "premise_class": pl.String})


_GOES_ON = """
SELECT DISTINCT g.account_id, g.service_point_id FROM customers_serviceagreement g
 WHERE g.account_id = ANY(%(accounts)s) AND g.service_point_id = ANY(%(points)s) AND g.validity @> %(on)s::date
"""
_AT_PREMISE = """
SELECT DISTINCT b.account, o.id, o.commodity
  FROM unnest(%(accounts)s::bigint[], %(points)s::bigint[]) b (account, point)
  JOIN places_servicepoint s ON s.id = b.point
  JOIN places_servicepoint o ON o.premise_id = s.premise_id AND o.id <> s.id
 WHERE NOT EXISTS (SELECT FROM customers_serviceagreement g
                    WHERE g.service_point_id = o.id AND g.validity && daterange(%(since)s, %(on)s, '[]'))
   AND (o.connection <> 'metered'
        OR EXISTS (SELECT FROM metering_installation i WHERE i.service_point_id = o.id AND i.validity @> %(on)s::date))
"""
_PLACE_TYPES: dict[str, Any] = {"account": pl.Int64, "service_point": pl.Int64}


def missing(points: pl.DataFrame, last: pl.DataFrame, run: BillRun) -> pl.DataFrame:
    """Services these bills should have and do not: on the last bill and still agreed, or at the premise and unpaid."""
    if points.is_empty():
        return pl.DataFrame(schema=MISSING)
    here = points.select("account", "service_point", "commodity")
    gone = last.join(here, on=["account", "service_point"], how="anti").filter(
        pl.col("account").is_in(here["account"].unique().to_list())
    )
    found = [pl.DataFrame(schema=MISSING)]
    if not gone.is_empty():
        asked = {"accounts": gone["account"].to_list(), "points": gone["service_point"].to_list(), "on": run.service_to}
        agreed = copy_out(_GOES_ON, asked, _PLACE_TYPES)
        still = gone.join(agreed, on=["account", "service_point"]).with_columns(why=pl.lit("last"))
        found.append(still.select(list(MISSING)))
    asked = {
        "accounts": here["account"].to_list(), "points": here["service_point"].to_list(), "on": run.service_to,
        "since": run.read_from,
    }  # fmt: skip
    unpaid = copy_out(_AT_PREMISE, asked, {**_PLACE_TYPES, "commodity": pl.String})
    unpaid = unpaid.join(here, on=["account", "commodity"], how="anti")
    found.append(unpaid.with_columns(why=pl.lit("premise"), cents=pl.lit(0, dtype=pl.Int64)).select(list(MISSING)))
    return pl.concat(found).unique(["account", "service_point"], keep="first", maintain_order=True)


_PEERS = """
SELECT s.commodity, p.premise_class, s.inputs->'determinants'->>'meter_size',
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.amount_cents * 30.0 / (s.ends - s.starts)))::bigint, count(*)
  FROM billing_segment s
  JOIN places_servicepoint o ON o.id = s.service_point_id JOIN places_premise p ON p.id = o.premise_id
 WHERE s.run_id = ANY(%s) AND s.kind = 'charge' AND s.inputs->'determinants'->>'meter_size' IS NOT NULL
 GROUP BY 1, 2, 3
"""
_kept: dict[tuple[str, int, int], pl.DataFrame] = {}


def peers(run: BillRun, days: int) -> pl.DataFrame:
    """What points of each service, class and meter size paid in runs posted in the last ``days``: `PEERS`.

    Asked once for a run in each process; posting another run in between does not matter to what peers pay.
    """
    since = date.fromordinal(run.bill_date.toordinal() - days)
    key = (str(connection.settings_dict["NAME"]), run.pk, days)
    if key not in _kept:
        runs = BillRun.objects.filter(
            status=BillRun.POSTED, bill_date__gt=since, bill_date__lte=run.bill_date
        ).exclude(kind=BillRun.CORRECTION)  # fmt: skip
        if len(_kept) > 20:
            _kept.clear()
        _kept[key] = copy_out(_PEERS, [list(runs.values_list("pk", flat=True))], PEERS)
    return _kept[key]


_CLEARED = """
SELECT c.account_id, c.service_point_id, c.test, c.figure FROM billing_billclearance c
 WHERE c.account_id = ANY(%s)
   AND NOT EXISTS (SELECT FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.posted_by_id > c.deed_id
                    WHERE b.account_id = c.account_id)
"""


def cleared(accounts: list[int]) -> pl.DataFrame:
    """The figures people let through since the last posted bill of each account: `mark.CLEARED`."""
    types = {"account": pl.Int64, "service_point": pl.Int64, "test": pl.String, "seen": pl.Int64}
    return copy_out(_CLEARED, [accounts], types)
