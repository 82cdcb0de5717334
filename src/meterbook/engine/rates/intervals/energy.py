"""Energy of a bill from its intervals: by period of use, by period and tier in order of time, and at a price series.

Amounts are Int128 in units of the readings (1/``scale`` kWh) unless said otherwise.
"""

from __future__ import annotations

import polars as pl

from meterbook.engine.rates.intervals.readings import Readings

#: A price series: dollars per kWh as whole hundred-millionths.
PRICE_SCALE = 10**8


def energy(readings: Readings) -> pl.DataFrame:
    """``group``, ``period``, ``import``, ``export``: sums of every group and period that has intervals.

    ``readings`` must be placed (`Readings.placed`).
    """
    raise NotImplementedError


def energy_in_order(readings: Readings, bounds: pl.DataFrame, *, flow: str = "import") -> pl.DataFrame:
    """``group``, ``period``, ``tier`` (from 1), ``quantity``: tiers filled by the group's running total over time.

    ``bounds`` has ``group`` and ``bounds`` (a list of Int64, the upper ends of all tiers but the last, ascending,
    in units of the readings). The interval that crosses a bound is divided there.
    """
    raise NotImplementedError


def at_prices(readings: Readings, prices: pl.DataFrame, *, flow: str = "import") -> pl.DataFrame:
    """``group``, ``value`` (Int64 millionths of a dollar, half-up once per group): energy at a price series.

    ``prices`` has ``start`` (of the sort of the readings' own) and ``price`` (Int64, `PRICE_SCALE`), each in force
    until the next. Raises `IntervalProblem` for an interval before the first price.
    """
    raise NotImplementedError
