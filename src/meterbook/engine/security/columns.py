"""Interest on many deposits at once: exact integers, one rounding to the cent for each deposit, half-up."""

from __future__ import annotations

from datetime import date

import polars as pl

from meterbook.engine.columns import Shape, narrowed, shaped
from meterbook.engine.security.rules import RATE_SCALE, InterestRules

#: What was held: ``cents`` of a deposit from ``starts`` to before ``ends``. A deposit may have several rows.
HELD: Shape = {"deposit": pl.Int64, "cents": pl.Int64, "starts": pl.Date, "ends": pl.Date}
#: A day's share of any year, in whole numbers: divisible by 360, 365 and 366.
_YEAR = 360 * 365 * 366


def interest(held: pl.DataFrame, rules: InterestRules) -> pl.DataFrame:
    """Interest of each deposit over the days it was held: deposit, cents (Int64), by deposit.

    Days before the first rate bear none; the last rate goes on. Raises `WrongColumns` and `OutOfRange`.
    """
    held = shaped(held, HELD).filter(pl.col("ends") > pl.col("starts"))
    found = held.select("deposit").unique()
    last = held["ends"].max()
    if not isinstance(last, date):
        return pl.DataFrame(schema={"deposit": pl.Int64, "cents": pl.Int64})
    pieces = held.join(_pieces(rules, last), how="cross").with_columns(
        days=(pl.min_horizontal("ends", "until") - pl.max_horizontal("starts", "first")).dt.total_days()
    )
    pieces = pieces.filter(pl.col("days") > 0)
    wide = [pl.col(name).cast(pl.Int128) for name in ("cents", "days", "rate", "weight")]
    sums = pieces.group_by("deposit").agg(total=(wide[0] * wide[1] * wide[2] * wide[3]).sum())
    whole = _YEAR * RATE_SCALE
    rounded = sums.select("deposit", cents=(pl.col("total") * 2 + whole) // (2 * whole))
    found = found.join(rounded.with_columns(narrowed(rounded["cents"])), on="deposit", how="left")
    return found.with_columns(pl.col("cents").fill_null(0)).sort("deposit")


def _pieces(rules: InterestRules, last: date) -> pl.DataFrame:
    """Days of one rate and one calendar year: first, until, rate, and the weight of a day in `_YEAR` parts."""
    rows = []
    for at, rate in enumerate(rules.rates):
        until = rules.rates[at + 1].first if at + 1 < len(rules.rates) else last
        for year in range(rate.first.year, until.year + 1):
            first, end = max(rate.first, date(year, 1, 1)), min(until, date(year + 1, 1, 1))
            if first < end:
                days = int(rules.year) if rules.year != "actual" else (date(year + 1, 1, 1) - date(year, 1, 1)).days
                rows.append((first, end, rate.millionths, _YEAR // days))
    types = {"first": pl.Date, "until": pl.Date, "rate": pl.Int64, "weight": pl.Int64}
    return pl.DataFrame(rows, schema=types, orient="row")
