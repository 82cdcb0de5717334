"""Demand of a bill from its intervals: the highest average power over block or sliding windows, rounded as enacted.

Power is Int64 millionths of a kW.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from meterbook.engine.rates.fixed_point import half_up, times, wide
from meterbook.engine.rates.intervals.readings import IntervalProblem, Readings
from meterbook.engine.rates.language.calendars import ALL

#: Millionths of a kW.
KW_SCALE = 10**6
_MODES = ("half_up", "half_even", "up", "down")


@dataclass(frozen=True, slots=True)
class Window:
    """How demand is metered: the average over ``minutes``, in blocks on the clock or ``sliding`` by one interval.

    The highest is rounded to ``decimals`` of a kW (``None``: exact to a millionth, half-up) by ``mode``: half_up,
    half_even, up or down. ``minutes`` of ``None`` is the readings' own interval.
    """

    minutes: int | None = None
    sliding: bool = False
    decimals: int | None = None
    mode: str = "half_up"


#: The readings' own intervals, unrounded.
OWN = Window()


def demand(readings: Readings, window: Window = OWN, *, by_period: bool = True, flow: str = "import") -> pl.DataFrame:
    """``group``, ``period``, ``kw``, ``at``: each group's highest demand by period (or in all: ``period`` is ``all``).

    ``at`` is the local clock where the first highest window begins. A window counts for a period if it lies wholly
    in it, and for a group if it lies wholly in it. Periods without any window are left out. ``flow`` is ``import``,
    ``export`` or ``net`` (import less export, not below zero in any interval).
    """
    windows, minutes = _windows(readings, window, by_period=by_period, flow=flow)
    highest = (
        windows.sort("group", "period", "at")
        .group_by("group", "period", maintain_order=True)
        .agg(pl.col("used").max().alias("highest"), pl.col("at").get(pl.col("used").arg_max()))
    )
    kw = rounded(wide(highest["highest"]), readings.scale * minutes, window)
    return highest.select("group", "period", kw.alias("kw"), "at")


def _used(flow: str) -> pl.Expr:
    if flow == "net":
        return (pl.col("import") - pl.col("export")).clip(lower_bound=0).cast(pl.Int128)
    return pl.col(flow).cast(pl.Int128)


def _windows(readings: Readings, window: Window, *, by_period: bool, flow: str) -> tuple[pl.DataFrame, int]:
    """Whole windows with ``group``, ``period``, ``used`` and ``at``, and their length in minutes."""
    minutes = window.minutes or readings.minutes
    if minutes % readings.minutes or (not window.sliding and (24 * 60) % minutes):
        raise IntervalProblem(f"demand is averaged over {minutes} minutes, which intervals of {readings.minutes} "
                              "minutes do not make up")  # fmt: skip
    size = minutes // readings.minutes
    period = pl.col("period") if by_period else pl.lit(ALL)
    frame = readings.frame.select("group", "standard", period=period, used=_used(flow), at=pl.col("local"))
    if size == 1:
        return frame, minutes
    if window.sliding:
        # the last interval of a window carries it; it must begin size - 1 intervals earlier in the same group
        first = pl.col("at").shift(size - 1).over("group")
        same = pl.all_horizontal(
            *(pl.col("period").shift(back).over("group") == pl.col("period") for back in range(1, size))
        )
        sums = pl.sum_horizontal(*(pl.col("used").shift(back).over("group") for back in range(size)))
        found = frame.with_columns(used=sums, at=first, same=same).filter(pl.col("at").is_not_null() & pl.col("same"))
        return found.drop("same"), minutes
    blocks = frame.with_columns(block=pl.col("standard").dt.truncate(f"{minutes}m"))
    found = blocks.group_by("group", "period", "block").agg(pl.col("used").sum(), pl.col("at").min(), count=pl.len())
    return found.filter(pl.col("count") == size).drop("count", "block"), minutes


def rounded(used: pl.Series, per_hour: int, window: Window) -> pl.Series:
    """Energy over windows as millionths of a kW: ``used`` × 60 ÷ ``per_hour``, rounded once as the window says."""
    if window.mode not in _MODES:
        raise IntervalProblem(f"rounding {window.mode}; expected one of {', '.join(_MODES)}")
    decimals = 6 if window.decimals is None else window.decimals
    over, under = times(used, 60 * 10**decimals), wide(per_hour)
    whole, rest = over // under, over % under
    if window.mode == "half_up":
        steps = half_up(over, under)
    elif window.mode == "down":
        steps = whole
    elif window.mode == "up":
        steps = whole + (rest > wide(0)).cast(pl.Int128)
    else:
        twice = rest * wide(2)
        steps = whole + ((twice > under) | ((twice == under) & (whole % wide(2) == wide(1)))).cast(pl.Int128)
    return times(steps, 10 ** (6 - decimals)).cast(pl.Int64)


def coincident(readings: Readings, moments: Sequence[datetime], window: Window = OWN, *,
               how: str = "highest", flow: str = "import") -> pl.DataFrame:  # fmt: skip
    """``group``, ``kw``: demand in the windows that begin at the given local moments, ``highest`` or ``average``.

    Groups without any such window are left out.
    """
    windows, minutes = _windows(readings, window, by_period=False, flow=flow)
    mine = windows.filter(pl.col("at").is_in(pl.Series(list(moments), dtype=windows.schema["at"]).implode()))
    if how == "highest":
        sums = mine.group_by("group").agg(pl.col("used").max(), count=pl.lit(1, dtype=pl.Int64).first()).sort("group")
    elif how == "average":
        sums = mine.group_by("group").agg(pl.col("used").sum(), count=pl.len().cast(pl.Int64)).sort("group")
    else:
        raise IntervalProblem(f"coincident demand by {how}; expected highest or average")
    frames = [
        sums.filter(pl.col("count") == count).select(
            "group", rounded(wide(sums.filter(pl.col("count") == count)["used"]), readings.scale * minutes * count,
                              window).alias("kw"))
        for count in sums["count"].unique().to_list()
    ]  # fmt: skip
    empty = pl.DataFrame(schema={"group": pl.Int64, "kw": pl.Int64})
    return pl.concat([empty, *frames]).sort("group")


def excess_off_peak(demands: pl.DataFrame, *, peak: Sequence[str], off_peak: Sequence[str]) -> pl.DataFrame:
    """``group``, ``kw``: by how much the highest off-peak demand is above the highest peak demand, not below zero.

    ``demands`` is a result of `demand`.
    """

    def highest(periods: Sequence[str]) -> pl.Expr:
        return pl.col("kw").filter(pl.col("period").is_in(list(periods))).max().fill_null(0)

    kw = (highest(off_peak) - highest(peak)).clip(lower_bound=0).alias("kw")
    return demands.group_by("group").agg(kw).sort("group")


def _flat(demands: pl.DataFrame) -> pl.DataFrame:
    return demands.group_by("group").agg(pl.col("kw").max())


def kwh_per_kw(energy: pl.DataFrame, demands: pl.DataFrame, *, scale: int, flow: str = "import") -> pl.DataFrame:
    """``group``, ``hours`` (Int64 millionths of kWh per kW, half-up): hours' use of the group's highest demand.

    Zero where there is no demand. ``energy`` and ``demands`` are results of `energy` and `demand`.
    """
    used = energy.group_by("group").agg(pl.col(flow).sum().alias("used"))
    joined = used.join(_flat(demands), on="group", how="left").with_columns(pl.col("kw").fill_null(0)).sort("group")
    return joined.select("group", quotient(times(wide(joined["used"]), KW_SCALE * 10**6), joined["kw"], scale)
                         .alias("hours"))  # fmt: skip


def load_factor(readings: Readings, demands: pl.DataFrame, *, flow: str = "import") -> pl.DataFrame:
    """``group``, ``factor`` (Int64 millionths, half-up): average power over the group's hours ÷ its highest demand.

    Zero where there is no demand.
    """
    sums = readings.frame.group_by("group").agg(_used(flow).sum().alias("used"), count=pl.len().cast(pl.Int64))
    joined = sums.join(_flat(demands), on="group", how="left").with_columns(pl.col("kw").fill_null(0)).sort("group")
    over = times(wide(joined["used"]), 60 * KW_SCALE * 10**6)
    below = joined["kw"] * joined["count"]
    return joined.select("group", quotient(over, below, readings.scale * readings.minutes).alias("factor"))


def quotient(over: pl.Series, below: pl.Series, factor: int) -> pl.Series:
    """Half-up; zero where ``below`` is zero."""
    none = below == 0
    under = times(below.cast(pl.Int128).zip_with(~none, wide(1).new_from_index(0, below.len())), factor)
    zero = wide(0).new_from_index(0, below.len())
    return half_up(over, under).zip_with(~none, zero).cast(pl.Int64)
