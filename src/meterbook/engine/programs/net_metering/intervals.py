"""Interval readings to a month's kWh by period, and by tier where tiers fill in order of time. Set-wise, exact.

A frame has one row per interval in order of time: ``month`` (Date, the month's first day), ``period`` (String) and
``import`` and ``export`` in whole billionths of a kWh (Int64). No float is involved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import polars as pl

from meterbook.engine.programs.net_metering.netting import NetEnergy
from meterbook.engine.programs.net_metering.rule import Rule

#: Interval kWh are whole billionths.
KWH_SCALE = 10**9
#: Period and tier, counted from 1.
PeriodTier = tuple[str, int]


def kwh(billionths: int) -> Decimal:
    """Billionths as an exact ``Decimal``.

    >>> kwh(1_500_000_000)
    Decimal('1.500000000')
    """
    return Decimal(billionths).scaleb(-9)


def net_within_steps(frame: pl.DataFrame, rule: Rule | None) -> pl.DataFrame:
    """Set imports and exports of each interval off against each other, as one meter sees them.

    Without a rule exports count for nothing and imports stand as read; under ``buy-all`` two meters stand side by
    side and nothing is set off.
    """
    if rule is None:
        return frame.with_columns(pl.lit(0, dtype=pl.Int64).alias("export"))
    if rule.option == "buy-all":
        return frame
    net = pl.col("import") - pl.col("export")
    return frame.with_columns(net.clip(lower_bound=0).alias("import"), (-net).clip(lower_bound=0).alias("export"))


def energy_by_period(frame: pl.DataFrame) -> dict[date, NetEnergy]:
    """Each month's imports and exports by period, months and periods in order of name."""
    sums = (
        frame.group_by("month", "period")
        .agg(pl.col("import", "export").cast(pl.Int128).sum())
        .sort("month", "period")
        .rows()
    )
    imports: dict[date, dict[str, Decimal]] = {}
    exports: dict[date, dict[str, Decimal]] = {}
    for month, period, taken, given in sums:
        imports.setdefault(month, {})[period] = kwh(taken)
        exports.setdefault(month, {})[period] = kwh(given)
    return {month: NetEnergy(imports[month], exports[month]) for month in imports}


def energy_in_order(
    frame: pl.DataFrame, column: str, bounds: Mapping[date, Sequence[Decimal]]
) -> dict[date, dict[PeriodTier, Decimal]]:
    """Each month's kWh of ``column`` by period and tier, where the month's running total says which tier is reached.

    ``bounds`` are the upper ends in kWh of all tiers but the last, by month. An interval that crosses a bound is
    divided there; each part has the price of the interval's own period.
    """
    tiers = max((len(each) for each in bounds.values()), default=0) + 1
    ends = [[_billionths(each[at]) if at < len(each) else None for each in bounds.values()] for at in range(tiers - 1)]
    table = pl.DataFrame({"month": list(bounds), **{f"end{at}": pl.Series(each, dtype=pl.Int128)
                          for at, each in enumerate(ends)}})  # fmt: skip
    reached = pl.col(column).cast(pl.Int128).cum_sum().over("month")
    running = frame.with_columns(reached=reached).with_columns(before=pl.col("reached") - pl.col(column))
    running = running.join(table, on="month", how="left", maintain_order="left")
    used = []
    for at in range(tiers):
        low = pl.lit(0, dtype=pl.Int128) if at == 0 else pl.col(f"end{at - 1}")
        over = _clipped("reached", low) - _clipped("before", low)
        if at < tiers - 1:
            over = over - (_clipped("reached", pl.col(f"end{at}")) - _clipped("before", pl.col(f"end{at}")))
        used.append(over.fill_null(0).sum().alias(f"tier{at + 1}"))
    found: dict[date, dict[PeriodTier, Decimal]] = {}
    for month, period, *amounts in running.group_by("month", "period").agg(used).sort("month", "period").rows():
        for tier, amount in enumerate(amounts, 1):
            if amount:
                found.setdefault(month, {})[period, tier] = kwh(amount)
    return found


def _clipped(column: str, low: pl.Expr) -> pl.Expr:
    """What lies above ``low``; nothing where there is no such bound."""
    above = pl.col(column) - low
    return pl.when(low.is_null()).then(0).when(above > 0).then(above).otherwise(0).cast(pl.Int128)


def _billionths(bound: Decimal) -> int:
    """A bound in kWh as billionths, rounded half up (a bound of kWh per kW has that many decimals)."""
    return int((bound.scaleb(9) + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))
