"""Demand of a bill from its intervals: the highest average power over block or sliding windows, rounded as enacted.

Power is Int64 millionths of a kW.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from meterbook.engine.rates.intervals.readings import Readings


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


def demand(readings: Readings, window: Window = Window(), *, by_period: bool = True,
           flow: str = "import") -> pl.DataFrame:  # fmt: skip
    """``group``, ``period``, ``kw``, ``at``: each group's highest demand by period (or in all: ``period`` is ``all``).

    ``at`` is the local clock where the first highest window begins. A window counts for a period if it lies wholly
    in it, and for a group if it lies wholly in it. Periods without any window are left out. ``flow`` is ``import``,
    ``export`` or ``net`` (import less export, not below zero).
    """
    raise NotImplementedError


def coincident(readings: Readings, moments: Sequence[datetime], window: Window = Window(), *,
               how: str = "highest") -> pl.DataFrame:  # fmt: skip
    """``group``, ``kw``: demand in the intervals that begin at the given local moments, ``highest`` or ``average``."""
    raise NotImplementedError


def excess_off_peak(demands: pl.DataFrame, *, peak: Sequence[str], off_peak: Sequence[str]) -> pl.DataFrame:
    """``group``, ``kw``: by how much the highest off-peak demand is above the highest peak demand, not below zero.

    ``demands`` is a result of `demand`.
    """
    raise NotImplementedError


def kwh_per_kw(energy: pl.DataFrame, demands: pl.DataFrame, *, scale: int) -> pl.DataFrame:
    """``group``, ``hours`` (Int64 millionths of kWh per kW, half-up): hours' use of the group's highest demand.

    Zero where there is no demand. ``energy`` and ``demands`` are results of `energy` and `demand`.
    """
    raise NotImplementedError


def load_factor(readings: Readings, demands: pl.DataFrame) -> pl.DataFrame:
    """``group``, ``factor`` (Int64 millionths, half-up): average power over the group's hours ÷ its highest demand."""
    raise NotImplementedError
