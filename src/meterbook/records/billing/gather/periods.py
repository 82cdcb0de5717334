"""Catch-up: an agreement that is due for several scheduled periods at once gets one segment for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.billing.catch_up import Boundary, periods
from meterbook.records.billing.gather.due import Window
from meterbook.records.platform.copying import copy_out

#: Ends of scheduled periods before a window: of runs that posted, and of the published calendar where none did.
_BOUNDARIES = """
WITH runs AS (
     SELECT cycle_id, read_from, read_to, service_to FROM billing_billrun
      WHERE kind = 'cycle' AND status = 'posted' AND service_to > %(since)s AND service_to < %(until)s
), newest AS (
     SELECT DISTINCT ON (cycle_id, year) id, cycle_id FROM billing_calendaredition
      WHERE status = 'published' ORDER BY cycle_id, year, number DESC
), calendar AS (
     SELECT n.cycle_id, coalesce(min(d.day) FILTER (WHERE d.kind = 'read_opens'), min(r.day)) AS read_from,
            coalesce(max(d.day) FILTER (WHERE d.kind = 'read_closes'), min(r.day)) AS read_to, min(r.day) AS service_to
       FROM newest n JOIN billing_calendardate r ON r.edition_id = n.id AND r.kind = 'read'
       JOIN billing_calendardate d ON d.edition_id = n.id AND d.month = r.month
      WHERE r.day > %(since)s AND r.day < %(until)s
      GROUP BY n.cycle_id, r.month
)
SELECT cycle_id, read_from, read_to, service_to FROM runs
 UNION ALL
SELECT cycle_id, read_from, read_to, service_to FROM calendar c
 WHERE NOT EXISTS (SELECT FROM runs r WHERE r.cycle_id = c.cycle_id
                      AND c.service_to BETWEEN r.read_from AND r.read_to)
 ORDER BY 1, 4
"""
_BOUNDARY_TYPES: dict[str, Any] = {"cycle": pl.Int64, "opens": pl.Date, "closes": pl.Date, "day": pl.Date}
_CYCLES = "SELECT id, cycle_id FROM customers_account WHERE id = ANY(%s)"
#: No scheduled period is shorter; what is due for fewer days is not looked at.
_SHORTEST_DAYS = 14


def by_period(dated: pl.DataFrame, usage: pl.DataFrame, window: Window) -> pl.DataFrame:
    """The segments to be, those that span several scheduled periods of their account's cycle cut at their ends."""
    long = dated.filter((pl.col("ends") - pl.col("starts")).dt.total_days() > _SHORTEST_DAYS)
    if long.is_empty():
        return dated
    asked = {"since": long["starts"].min(), "until": long["ends"].max()}
    boundaries = copy_out(_BOUNDARIES, asked, _BOUNDARY_TYPES)
    if boundaries.is_empty():
        return dated
    long = _with_cycle(long.select("agreement", "account", "usage_point", "metered", "starts", "ends"), window)
    passed = long.join(boundaries, on="cycle").filter(
        (pl.col("starts") < pl.col("opens")) & (pl.col("closes") < pl.col("ends"))
    )
    if passed.is_empty():
        return dated
    cuts = pl.DataFrame(_cuts(passed, _read_days(passed, usage)), schema={"agreement": pl.Int64, "first": pl.Date},
                        orient="row")  # fmt: skip
    cut = dated.join(cuts, on="agreement", how="left", maintain_order="left").sort("account", "agreement", "first")
    following = pl.col("first").shift(-1).over("agreement")
    return cut.with_columns(
        starts=pl.coalesce("first", "starts"),
        ends=pl.when(following.is_not_null()).then(following).otherwise("ends"),
    ).drop("first")


def _with_cycle(long: pl.DataFrame, window: Window) -> pl.DataFrame:
    if window.cycle is not None:
        return long.with_columns(cycle=pl.lit(window.cycle, dtype=pl.Int64))
    cycles = copy_out(_CYCLES, [long["account"].unique().to_list()], {"account": pl.Int64, "cycle": pl.Int64})
    return long.join(cycles, on="account")


def _read_days(passed: pl.DataFrame, usage: pl.DataFrame) -> Mapping[int, list[date]]:
    """The days each usage point was read on, that is where a usage piece ends and none runs on."""
    points = passed.filter(pl.col("metered"))["usage_point"].unique()
    pieces = usage.filter(pl.col("usage_point").is_in(points.implode())).select("usage_point", "from_on", "to_on")
    days = pieces.select("usage_point", day="to_on").unique().join(pieces, on="usage_point")
    over = (pl.col("from_on") < pl.col("day")) & (pl.col("to_on") > pl.col("day"))
    read = days.group_by("usage_point", "day").agg(over=over.any()).filter(~pl.col("over")).sort("usage_point", "day")
    found: dict[int, list[date]] = {}
    for point, day in read.select("usage_point", "day").iter_rows():
        found.setdefault(point, []).append(day)
    return found


def _cuts(passed: pl.DataFrame, reads: Mapping[int, Sequence[date]]) -> list[tuple[int, date]]:
    """The first day of every period of these agreements."""
    listed: dict[int, tuple[date, date, Sequence[date], list[Boundary]]] = {}
    columns = ("agreement", "starts", "ends", "usage_point", "metered", "opens", "closes", "day")
    for agreement, starts, ends, point, metered, opens, closes, day in passed.select(columns).iter_rows():
        taken = reads.get(point, ()) if metered else ()
        listed.setdefault(agreement, (starts, ends, taken, []))[3].append(Boundary(opens, closes, day))
    return [
        (agreement, first)
        for agreement, (starts, ends, taken, boundaries) in listed.items()
        for first in periods(starts, ends, boundaries, taken)
    ]
