"""Sums over any spans of channels, such as from one read of a register to the next."""

from __future__ import annotations

import polars as pl

from meterbook.intervals.clock import MINUTE_US, clock_sql, starts_between, stretches
from meterbook.intervals.duck import Duck
from meterbook.intervals.files import Part
from meterbook.intervals.newest import box, newest
from meterbook.intervals.problems import StoreProblem, check_minutes, check_per_unit, millionths, require
from meterbook.intervals.questions.slices import by_slices

_ASKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int64, "channel": pl.Int64, "minutes": pl.Int32, "per_unit": pl.Int64,
    "since": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC"),
}  # fmt: skip


def sums(duck: Duck, parts: list[Part], asked: pl.DataFrame, *, zone: str) -> pl.DataFrame:
    """See `IntervalStore.sums`."""
    asked = require(asked, _ASKED, "spans")
    check_minutes(asked["minutes"])
    check_per_unit(asked["per_unit"])
    if asked["row"].n_unique() != asked.height or sum(asked.null_count().row(0)):
        raise StoreProblem("spans need a row number of their own and no empty cells")
    counts = [
        some.select("row", pl.Series("expected", starts_between(zone, minutes, some["since"], some["until"])))
        for (minutes,), some in asked.group_by("minutes")
        if isinstance(minutes, int)
    ]
    found = by_slices(asked, _rows_of(asked), lambda some: _found(duck, parts, some, zone))
    none = pl.DataFrame(schema={"row": pl.Int64, "total": pl.Int64, "found": pl.Int64, "out_of_step": pl.Int64})
    expected = pl.concat([pl.DataFrame(schema={"row": pl.Int64, "expected": pl.Int64}), *counts])
    joined = asked.join(expected, on="row").join(pl.concat([none, *found]), on="row", how="left").sort("row")
    joined = joined.with_columns(pl.col("found", "out_of_step").fill_null(0))
    total = millionths(joined["total"], joined["per_unit"])
    return joined.select(
        "row", sum=total, found=pl.col("found").cast(pl.Int32), expected=pl.col("expected").cast(pl.Int32),
        gaps=(pl.col("expected") - pl.col("found")).cast(pl.Int32), out_of_step=pl.col("out_of_step").cast(pl.Int32),
    )  # fmt: skip


def _rows_of(asked: pl.DataFrame) -> int:
    """Intervals of the longest span, a bound for slices."""
    longest = asked.select(
        ((pl.col("until") - pl.col("since")).dt.total_minutes() // pl.col("minutes")).max().fill_null(0)
    ).item()
    return max(int(longest), 1)


def _found(duck: Duck, parts: list[Part], asked: pl.DataFrame, zone: str) -> pl.DataFrame:
    first, last = asked["since"].min(), asked["until"].max()
    channels = (int(asked["channel"].min()), int(asked["channel"].max()))  # type: ignore[arg-type]
    where = box(channels, first, last)  # type: ignore[arg-type]
    clocks = stretches(zone, first.date(), last.date())  # type: ignore[union-attr]
    step = f"{clock_sql('r.starts', clocks, 'standard')} % (a.minutes * {MINUTE_US}::BIGINT) = 0"
    counts = f"r.minutes = a.minutes AND {step}"
    sql = f"""
        SELECT a.row, (sum(r.value) FILTER ({counts}))::BIGINT AS total,
               count(*) FILTER ({counts}) AS found, count(*) FILTER (NOT ({counts})) AS out_of_step
        FROM ({newest(parts, where, ("channel", "starts", "minutes", "value"))}) r
        JOIN asked a ON a.channel = r.channel AND r.starts >= a.since AND r.starts < a.until
        GROUP BY a.row"""
    return duck.frame(sql, asked=asked)
