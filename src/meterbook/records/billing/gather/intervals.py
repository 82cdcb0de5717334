"""Demand and energy by period from the interval store, over exactly the days of each bill."""

from __future__ import annotations

from typing import Any

import polars as pl

from meterbook.records.platform.copying import copy_out

_OF_INTERVALS = """
SELECT service_point_id, name, unit, starts, ends, number_e6, missing FROM metering_billingdeterminant
 WHERE NOT superseded AND service_point_id = ANY(%s) AND ends > %s
"""
_OF_INTERVALS_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "name": pl.String, "unit": pl.String, "since": pl.Date, "upto": pl.Date,
    "number": pl.Int64, "missing": pl.Int64,
}  # fmt: skip
_QUESTIONED_DAYS = """
SELECT service_point_id, "on" FROM metering_readexception
 WHERE state <> 'resolved' AND channel_id IS NOT NULL AND service_point_id = ANY(%s) AND "on" >= %s
"""


def with_intervals(dated: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what the interval store told of exactly these days.

    Agreements with intervals missing under it, or with a day of theirs waiting for a decision, are held.
    """
    none = dated.head(0).select("account", "service_point", reason=pl.lit(""), detail=pl.lit(""))
    if dated.is_empty():
        return dated, none
    asked = [dated["service_point"].unique().to_list(), dated["starts"].min()]
    told = _over_the_bill(dated, copy_out(_OF_INTERVALS, asked, _OF_INTERVALS_TYPES))
    if told.is_empty():
        return dated, none
    lacking = (
        told.filter(pl.col("missing") > 0).group_by("row", "account", "service_point").agg(pl.col("missing").max())
    )
    unfilled = lacking.select(
        "account", "service_point", reason=pl.lit("usage_gap"),
        detail=pl.format("{} intervals are missing under its demand or energy by period", "missing"),
    )  # fmt: skip
    days = copy_out(_QUESTIONED_DAYS, asked, {"service_point": pl.Int64, "on": pl.Date})
    waiting = told.join(days, on="service_point").filter(pl.col("on").is_between("starts", "ends", closed="left"))
    doubted = waiting.group_by("row", "account", "service_point").agg(pl.col("on").min()).select(
        "account", "service_point", reason=pl.lit("usage_exception"),
        detail=pl.format("intervals of {} wait for a decision", "on"),
    )  # fmt: skip
    unfilled = pl.concat([unfilled, doubted])
    wide = told.pivot(on="name", index="row", values="number", aggregate_function="first")
    wide = wide.rename({name: f"det.{name}" for name in wide.columns if name != "row"})
    return dated.join(wide, on="row", how="left", maintain_order="left"), unfilled


def _over_the_bill(dated: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Figures of the stretches between two reads as figures of each bill: energy adds up, the highest demand counts.

    Left out where the stretches do not fill the bill's days; nothing else (a load factor) is put together of parts.
    """
    inside = dated.select("row", "account", "service_point", "starts", "ends").join(told, on="service_point")
    inside = inside.filter((pl.col("since") >= pl.col("starts")) & (pl.col("upto") <= pl.col("ends")))
    adds = pl.col("unit").is_in(["kWh", "kVARh"]).first()
    keys = ["row", "account", "service_point", "starts", "ends", "name"]
    bills = inside.group_by(keys, maintain_order=True).agg(
        pl.when(adds).then(pl.col("number").sum()).otherwise(pl.col("number").max()).alias("number"),
        pl.col("missing").sum(),
        filled=(pl.col("upto") - pl.col("since")).dt.total_days().sum(),
        parts=pl.len(),
        whole=pl.col("unit").first() == "",
    )
    fills = pl.col("filled") == (pl.col("ends") - pl.col("starts")).dt.total_days()
    return bills.filter(fills & (~pl.col("whole") | (pl.col("parts") == 1)))
