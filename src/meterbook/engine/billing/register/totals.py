"""A run's totals beside those of the last cycle and of last year: by service, by class, by rate code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from meterbook.engine.billing.register.figures import half_up

#: Sums of one run: bills' points counted, units in millionths, cents.
SUMS: dict[str, Any] = {
    "commodity": pl.String, "premise_class": pl.String, "schedule": pl.String, "unit": pl.String, "points": pl.Int64,
    "units": pl.Int64, "cents": pl.Int64,
}  # fmt: skip
#: What a run is compared with.
BEFORE = ("last", "year")
_SUMMED = ("points", "units", "cents")


def compared(now: pl.DataFrame, last: pl.DataFrame, year: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Sums grouped ``by``, each with the same sums of before.

    Columns: ``by``, unit, points, units, cents, and for ``last`` and ``year`` each ``*_points``, ``*_units``,
    ``*_cents``, ``*_difference`` (cents) and ``*_permille`` (the difference in tenths of a percent, half away from
    zero; null where there was nothing). What only one of them has stands with zeros in the other.
    """
    grouped = {name: _grouped(frame, by) for name, frame in (("now", now), ("last", last), ("year", year))}
    keys = pl.concat([frame.select(by) for frame in grouped.values()]).unique().sort(by)
    found = keys.join(grouped["now"], on=list(by), how="left")
    for name in BEFORE:
        renamed = grouped[name].rename({each: f"{name}_{each}" for each in (*_SUMMED, "unit")})
        found = found.join(renamed, on=list(by), how="left")
    found = found.with_columns(pl.coalesce("unit", "last_unit", "year_unit").fill_null("").alias("unit"))
    columns = [each for each in found.columns if each.removeprefix("last_").removeprefix("year_") in _SUMMED]
    found = found.with_columns(pl.col(columns).fill_null(0))
    for name in BEFORE:
        difference = pl.col("cents") - pl.col(f"{name}_cents")
        found = found.with_columns(difference.alias(f"{name}_difference"))
        found = found.with_columns(permille(f"{name}_difference", f"{name}_cents").alias(f"{name}_permille"))
    return found.drop("last_unit", "year_unit")


def permille(difference: str, base: str) -> pl.Expr:
    """A difference in tenths of a percent of its base; null where the base is nothing."""
    size = half_up(pl.col(difference).abs().cast(pl.Int128) * 1000, pl.max_horizontal(pl.col(base).abs(), pl.lit(1)))
    return pl.when(pl.col(base) != 0).then(size * pl.col(difference).sign())


def _grouped(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    sums = [pl.col(name).sum() for name in _SUMMED]
    return frame.group_by(by).agg(pl.col("unit").max(), *sums) if by else frame.select(pl.col("unit").max(), *sums)
