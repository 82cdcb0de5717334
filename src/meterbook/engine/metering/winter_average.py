"""The winter average that bills sewer all year, for every service point at once.

Sewer is not metered: what a home uses in winter, when no garden is watered, stands for what it sends to the sewer.
The column face of ``explain.explain_winter_average``. Quantities are integer millionths of the billing unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import polars as pl

from meterbook.engine.columns import OutOfRange, Shape, narrowed, shaped
from meterbook.engine.metering.explain import (
    NegativeUsage,
    OverlappingPeriods,
    WinterAverageExplanation,
    explain_winter_average,
)
from meterbook.engine.periods import EmptyPeriod
from meterbook.engine.quantity import QUANTITY_SCALE

__all__ = ["USAGE", "WinterAverageExplanation", "explain_winter_average", "winter_average"]

#: One row per register and billing period of the winter being averaged, in any order.
USAGE: Shape = {"service_point": pl.Int64, "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64}


def winter_average(
    usage: pl.DataFrame,
    *,
    months: Sequence[int],
    minimum_periods: int,
    default: int,
    cap: int | None,
    decimals: int,
    basis: Literal["periods", "days"] = "periods",
    days_per_month: Fraction = Fraction(365, 12),
) -> pl.DataFrame:
    """Average the usage of the periods whose middle day is in one of ``months`` (1 to 12).

    ``usage`` (`USAGE`) holds one winter: with two in it, both are averaged together. Rows of one service point with
    the same period (a compound meter, or a swapped one billed as one month) are one period. The middle day of an even
    number of days is the later of the two.

    ``basis`` "periods" is Σ quantity ÷ number of periods; "days" is Σ quantity ÷ Σ days × ``days_per_month``, for
    cycles of uneven or two-month length. The result is rounded half up to ``decimals`` (0 to 6). Fewer than
    ``minimum_periods`` give ``default``, as given; an average above ``cap`` gives ``cap``. All are millionths.

    Returns, by service point in ``usage``: ``service_point``, ``average`` Int64, ``periods`` Int32 (winter periods
    found) and ``source``, "average", "default" or "capped". One without any usage row is not in the result.

    Months, minimum and cap are each utility's ordinance; Silverton, Oregon: November to April, at least four months.

    Raises `WrongColumns`, `OutOfRange` for a setting or result no column holds, `NegativeUsage`, `EmptyPeriod`,
    `OverlappingPeriods` when two different periods of a service point share a day.

    >>> from datetime import date
    >>> used = {1: 6, 2: 5, 3: 5, 4: 6, 7: 30}
    >>> rows = [(9, date(2026, m, 1), date(2026, m + 1, 1), used[m] * 10**6) for m in used]
    >>> winter_average(pl.DataFrame(rows, schema=dict(USAGE), orient="row"), months=(11, 12, 1, 2, 3, 4),
    ...     minimum_periods=4, default=9_000_000, cap=None, decimals=1).rows()
    [(9, 5500000, 4, 'average')]
    """
    _guard(months=months, minimum=minimum_periods, limits=(default, cap or 0), decimals=decimals, month=days_per_month)
    sums = _winter_sums(shaped(usage, USAGE), months)
    enough = pl.col("periods") >= minimum_periods
    if basis == "periods":
        over, under = pl.col("total"), pl.col("periods").cast(pl.Int128)
    else:
        over, under = pl.col("total") * days_per_month.numerator, pl.col("days") * days_per_month.denominator
    step = 10 ** (6 - decimals)
    half_up = (over * 2 + under * step) // (under * 2 * step) * step
    averaged = sums.with_columns(average=pl.when(enough).then(half_up))
    capped = pl.lit(False) if cap is None else pl.col("average") > cap
    return averaged.with_columns(narrowed(averaged["average"])).select(
        "service_point",
        average=pl.when(~enough).then(default).when(capped).then(cap).otherwise("average").cast(pl.Int64),
        periods=pl.col("periods").cast(pl.Int32),
        source=pl.when(~enough)
        .then(pl.lit("default"))
        .when(capped)
        .then(pl.lit("capped"))
        .otherwise(pl.lit("average")),
    )


def _guard(*, months: Sequence[int], minimum: int, limits: tuple[int, int], decimals: int, month: Fraction) -> None:
    """Refuse settings that mean nothing, or that 128 bits would not carry."""
    if not months or not all(1 <= number <= 12 for number in months):
        raise OutOfRange(f"months are 1 to 12, not {list(months)}")
    if minimum < 1:
        raise OutOfRange("an average needs at least one period")
    if not all(0 <= limit < 2**63 for limit in limits):
        raise OutOfRange(f"default and cap are from 0 to 64 bits, not {limits}")
    if not 0 <= decimals <= 6:
        raise OutOfRange(f"a millionth has 6 decimals, not {decimals}")
    if not 0 < month <= 31 or month.denominator > QUANTITY_SCALE:
        raise OutOfRange(f"a month has up to 31 days, with a denominator up to a million, not {month}")


def _winter_sums(usage: pl.DataFrame, months: Sequence[int]) -> pl.DataFrame:
    """Per service point: ``periods``, ``total`` and ``days`` (Int128) of its winter, 0 where it has none."""
    if usage.filter(pl.col("quantity") < 0).height:
        raise NegativeUsage(f"service point {usage.filter(pl.col('quantity') < 0)['service_point'][0]}")
    if usage.filter(pl.col("starts") >= pl.col("ends")).height:
        raise EmptyPeriod(f"service point {usage.filter(pl.col('starts') >= pl.col('ends'))['service_point'][0]}")
    periods = (
        usage.with_columns(pl.col("quantity").cast(pl.Int128))
        .group_by("service_point", "starts", "ends")
        .agg(pl.col("quantity").sum())
        .sort("service_point", "starts", "ends")
    )
    shared = periods.filter(
        (pl.col("service_point") == pl.col("service_point").shift(1)) & (pl.col("starts") < pl.col("ends").shift(1))
    )
    if shared.height:
        raise OverlappingPeriods(f"service point {shared['service_point'][0]}, {shared['starts'][0]}")
    days = (pl.col("ends") - pl.col("starts")).dt.total_days()
    middle = pl.col("starts").dt.offset_by(pl.format("{}d", days // 2))
    winter = (
        periods.with_columns(days=days)
        .filter(middle.dt.month().is_in(list(months)))
        .group_by("service_point")
        .agg(periods=pl.len().cast(pl.Int64), total=pl.col("quantity").sum(), days=pl.col("days").sum())
    )
    return (
        periods.select(pl.col("service_point").unique().sort())
        .join(winter, on="service_point", how="left", maintain_order="left")
        .with_columns(
            pl.col("periods").fill_null(0), pl.col("total").fill_null(0), pl.col("days").cast(pl.Int128).fill_null(0)
        )
    )
