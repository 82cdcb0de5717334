"""The tables of a record as calendars of a tariff version: periods by name, twelve rows of 24 hours."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from meterbook.formats.urdb.record import Periods, Schedule, UrdbRate

#: The name of the demand calendar; that of energy is the version's own.
DEMAND = "demand"


def energy_period(at: int) -> str:
    """The name of an energy period, counted from 0 as the record counts.

    >>> energy_period(0)
    'period_1'
    """
    return f"period_{at + 1}"


def demand_period(at: int) -> str:
    """The name of a demand period, counted from 0."""
    return f"demand_{at + 1}"


def calendars(rate: UrdbRate) -> dict[str, Any]:
    """The version's keys ``time_of_use`` and ``calendars``."""
    found: dict[str, Any] = {"time_of_use": _calendar(rate.energy, "energy", "Period", "Período")}
    if rate.demand is not None:
        found["calendars"] = {DEMAND: _calendar(rate.demand, DEMAND, "Demand period", "Período de demanda")}
    return found


def _calendar(periods: Periods, kind: str, english: str, spanish: str) -> dict[str, Any]:
    name = energy_period if kind == "energy" else demand_period
    names = [name(at) for at in range(len(periods.tiers))]
    named = {each: {"label": {"en": f"{english} {at}", "es": f"{spanish} {at}"}} for at, each in enumerate(names, 1)}
    return {
        "periods": named,
        "schedule": {"weekdays": _rows(periods.weekday, names), "weekends": _rows(periods.weekend, names)},
        "source": f"URDB {kind}weekdayschedule and {kind}weekendschedule",
    }


def _rows(table: Schedule, names: list[str]) -> list[str]:
    return [" ".join(f"{name}*{len(list(run))}" for name, run in groupby(names[hour] for hour in row)) for row in table]


def schedule_of(rows: list[str], names: list[str]) -> list[list[int]]:
    """The table that `calendars` wrote, as the record writes it.

    >>> schedule_of(["a*23 b"], ["a", "b"])[0][22:]
    [0, 1]
    """
    found = []
    for row in rows:
        words = [word.partition("*") for word in row.split()]
        found.append([names.index(name) for name, _, times in words for _ in range(int(times or 1))])
    return found
