"""Energy of a bill from its intervals: by period of use, by period and tier in order of time, and at a price series.

Amounts are Int128 in units of the readings (1/``scale`` kWh) unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from meterbook.engine.rates.fixed_point import half_up, wide
from meterbook.engine.rates.intervals.readings import IntervalProblem, Readings

#: A price series: dollars per kWh as whole hundred-millionths.
PRICE_SCALE = 10**8
#: Values are millionths of a dollar.
VALUE_SCALE = 10**6
#: Highest price of a series, in dollars per kWh, of either sign.
PRICE_LIMIT = 10**4


def energy(readings: Readings) -> pl.DataFrame:
    """``group``, ``period``, ``import``, ``export``: sums of every group and period that has intervals.

    ``readings`` must be placed (`Readings.placed`).
    """
    sums = readings.frame.group_by("group", "period").agg(pl.col("import", "export").cast(pl.Int128).sum())
    return sums.sort("group", "period")


def energy_in_order(readings: Readings, bounds: pl.DataFrame, *, flow: str = "import") -> pl.DataFrame:
    """``group``, ``period``, ``tier`` (from 1), ``quantity``: tiers filled by the group's running total over time.

    ``bounds`` has ``group``, ``period`` and ``bounds`` (a list of Int64, the upper ends of all tiers of that period
    but the last, ascending, in units of the readings). The interval that crosses a bound of its own period is divided
    there.
    """
    most = bounds["bounds"].list.len().max() or 0
    ends = [f"end{at}" for at in range(1, int(most) + 1)]  # type: ignore[arg-type]
    columns = [
        pl.col("bounds").list.get(at, null_on_oob=True).cast(pl.Int128).alias(end) for at, end in enumerate(ends)
    ]
    running = readings.frame.select(
        "group", "period", pl.col(flow).cast(pl.Int128).alias("used"),
        pl.col(flow).cast(pl.Int128).cum_sum().over("group").alias("reached"),
    )  # fmt: skip
    table = bounds.select(pl.col("group").cast(pl.Int64), "period", *columns)
    running = running.join(table, on=["group", "period"], how="left")
    before = pl.col("reached") - pl.col("used")
    low = pl.lit(0, dtype=pl.Int128)
    tiers: list[pl.Expr] = []
    for at in range(len(ends) + 1):
        # a group with fewer bounds has null here: its last tier takes the rest, the tiers above get nothing
        high = pl.min_horizontal(pl.col("reached"), pl.col(ends[at])) if at < len(ends) else pl.col("reached")
        begins = pl.max_horizontal(before, low)
        tiers.append((high - begins).clip(lower_bound=0).sum().alias(str(at + 1)))
        if at < len(ends):
            low = pl.col(ends[at]).fill_null(pl.lit(10**30, dtype=pl.Int128))
    sums = running.group_by("group", "period").agg(tiers)
    return (
        sums.unpivot(index=["group", "period"], variable_name="tier", value_name="quantity")
        .with_columns(pl.col("tier").cast(pl.Int32))
        .filter(pl.col("quantity") != 0)
        .sort("group", "period", "tier")
    )


def running_tiers(
    readings: Readings, bounds: Mapping[int, Mapping[str, Sequence[int]]], *, flow: str = "import"
) -> pl.DataFrame:
    """``group``, ``tier`` (from 1), ``quantity``: OpenStudio's tier totals, hour by hour, whatever the period.

    ``bounds`` has for each group and period the upper ends of all its tiers but the last. Each interval goes to the
    tier the running total has reached. At most one bound is passed per interval, and only in a period that has tiers;
    the interval that passes it is divided there. A period of a single tier counts for tier 1.
    """
    frame = readings.frame.select("group", "period", flow)
    rows: list[tuple[int, int, int]] = []
    for mine in frame.filter(pl.col("group").is_in(list(bounds))).partition_by("group", maintain_order=True):
        group = int(mine["group"][0])
        totals = _running(bounds[group], mine["period"].to_list(), mine[flow].to_list())
        rows += [(group, tier, quantity) for tier, quantity in enumerate(totals, start=1) if quantity]
    schema = {"group": pl.Int64, "tier": pl.Int32, "quantity": pl.Int128}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _running(ends: Mapping[str, Sequence[int]], periods: Sequence[str], amounts: Sequence[int]) -> list[int]:
    totals = [0] * (max((len(each) for each in ends.values()), default=0) + 1)
    tier, reached = 0, 0
    for period, used in zip(periods, amounts, strict=True):
        reached += used
        mine = ends[period]
        if not mine:
            totals[0 if tier > 0 else tier] += used
        elif tier < len(mine) and reached >= mine[tier]:
            over = reached - mine[tier]
            totals[tier] += used - over
            totals[tier + 1] += over
            tier += 1
        else:
            totals[tier] += used
    return totals


def at_prices(readings: Readings, prices: pl.DataFrame, *, flow: str = "import") -> pl.DataFrame:
    """``group``, ``value`` (Int64 millionths of a dollar, half-up once per group): energy at a price series.

    ``prices`` has ``start`` (of the sort of the readings' own) and ``price`` (Int64, `PRICE_SCALE`), each in force
    until the next. Raises `IntervalProblem` for an interval before the first price, or a price beyond the limit.
    """
    series = prices.sort("start")
    if series["price"].dtype != pl.Int64 or series["price"].null_count():
        raise IntervalProblem("a price of the series is missing or no Int64 of hundred-millionths of a dollar")
    if (series["price"].abs() > PRICE_LIMIT * PRICE_SCALE).any():
        raise IntervalProblem(f"a price of the series is beyond {PRICE_LIMIT} dollars per kWh")
    priced = readings.frame.sort("start").join_asof(series.select("start", "price"), on="start")
    if priced["price"].null_count():
        at = priced["local"].filter(priced["price"].is_null())[0]
        raise IntervalProblem(f"the price series has nothing for the interval at {at:%Y-%m-%d %H:%M}")
    product = pl.col(flow).cast(pl.Int128) * pl.col("price").cast(pl.Int128)
    sums = priced.group_by("group").agg(product.sum().alias("value")).sort("group")
    under = readings.scale * PRICE_SCALE // VALUE_SCALE
    return sums.with_columns(half_up(wide(sums["value"]), under).cast(pl.Int64).alias("value"))
