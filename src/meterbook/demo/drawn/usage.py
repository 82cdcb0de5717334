"""How much passes a register: a base, the season, some chance, the days; all in whole steps of the register.

A register row has ``number`` (for its draws), ``base`` (steps in 30 days of an average month), ``season`` (a key of
`SEASONS`), ``read_day``, ``installed_on`` and ``removed_on`` (null while it hangs).
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from meterbook.demo.calendar import month_of, read_on
from meterbook.demo.drawn.draws import between

#: Permille of the average, by the month the meter is read in, January to December.
SEASONS: dict[str, tuple[int, ...]] = {
    "home_power": (1050, 950, 850, 760, 740, 900, 1350, 1600, 1500, 1050, 780, 930),
    "shop_power": (950, 920, 900, 900, 930, 1020, 1150, 1220, 1180, 1030, 930, 920),
    "school_power": (1050, 1050, 1000, 1000, 1050, 900, 600, 700, 1250, 1150, 1050, 950),
    "pump_power": (550, 520, 600, 800, 1100, 1450, 1700, 1700, 1400, 1000, 680, 560),
    "sun": (480, 580, 800, 1050, 1250, 1400, 1450, 1400, 1200, 950, 660, 480),
    "home_water": (600, 580, 600, 750, 1000, 1400, 1750, 1800, 1550, 1050, 720, 620),
    "shop_water": (940, 940, 950, 960, 1000, 1050, 1100, 1100, 1060, 1000, 960, 940),
    "park_water": (60, 60, 150, 600, 1200, 1900, 2300, 2300, 1800, 1000, 300, 80),
    "even": (1000,) * 12,
}


def steps_in(registers: pl.DataFrame, month: int, *, seed: int) -> pl.Series:
    """Steps each register counts from the read of the month before to the read of ``month``, had it hung all along."""
    season = {name: permille[(month + 7) % 12] for name, permille in SEASONS.items()}
    days = (read_on(month, 1) - read_on(month - 1, 1)).days
    luck = between(pl.col("number") * 64 + month, 820, 1180, topic="usage", seed=seed)
    weight = pl.col("season").replace_strict(season, return_dtype=pl.Int64)
    return registers.select(steps=pl.col("base") * weight * luck * days // 30_000_000)["steps"]


def counted_in(registers: pl.DataFrame, month: int, *, seed: int, until: date | None = None) -> pl.Series:
    """The steps of that month that fall in the time the meter hung, and before ``until`` if given."""
    days = (read_on(month, 1) - read_on(month - 1, 1)).days
    closes = _read_date(month) if until is None else pl.min_horizontal(_read_date(month), pl.lit(until))
    begins = pl.max_horizontal("installed_on", _read_date(month - 1))
    ends = pl.min_horizontal(pl.col("removed_on"), closes)
    hung = (ends - begins).dt.total_days().clip(0, days)
    whole = registers.with_columns(steps=steps_in(registers, month, seed=seed))
    return whole.select(steps=pl.col("steps") * hung // days)["steps"]


def counted_until(registers: pl.DataFrame, month: int, *, seed: int) -> pl.Series:
    """All steps since installation up to the read of ``month``."""
    total = pl.Series("steps", [0] * registers.height, dtype=pl.Int64)
    for one in range(1, month + 1):
        total = total + counted_in(registers, one, seed=seed)
    return total


def month_reading(day: date, read_day: int) -> int:
    """The month whose read closes the period ``day`` lies in (the read day itself included)."""
    month = month_of(day)
    return month if day <= read_on(month, read_day) else month + 1


def _read_date(month: int) -> pl.Expr:
    return pl.lit(read_on(month, 1)) + (pl.col("read_day") - 1) * timedelta(days=1)
