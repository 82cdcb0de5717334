"""One URDB rate record as typed values: prices, tiers, schedules, fixed and minimum charges, dates.

Only what a bill is made of is read here; the record as it came stays beside it, field by field, in ``raw``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

TierUnit = Literal["kWh", "kWh/kW", "kWh daily", "kWh/kW daily"]
ChargeUnit = Literal["$/month", "$/day", "$/year"]
#: Twelve months of 24 hours, each the number of a period.
Schedule = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class RateTier:
    """Units up to ``up_to`` (``None``: without end) at ``price`` dollars; ``sell`` dollars for a kWh fed in.

    ``adjustment`` is the part of the price that the record states apart.
    """

    up_to: Decimal | None
    price: Decimal
    unit: TierUnit = "kWh"
    sell: Decimal | None = None
    adjustment: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Periods:
    """Prices by period and tier, and when each period is: ``weekday`` and ``weekend`` by month and hour."""

    tiers: tuple[tuple[RateTier, ...], ...]
    weekday: Schedule
    weekend: Schedule

    @property
    def used(self) -> tuple[int, ...]:
        """The periods that any hour of the year belongs to, in order."""
        return tuple(sorted({period for table in (self.weekday, self.weekend) for row in table for period in row}))


@dataclass(frozen=True, slots=True)
class FlatDemand:
    """Demand prices that do not depend on the hour: ``months`` names the entry of ``tiers`` for each month."""

    tiers: tuple[tuple[RateTier, ...], ...]
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lookback:
    """A ratchet: billing demand is at least ``percent`` of the highest peak of the ``months`` marked (1 to 12), or of
    the ``range`` months before; 1 is the whole of it."""

    percent: Decimal
    months: tuple[int, ...]
    range: int


@dataclass(frozen=True, slots=True)
class Charge:
    """Dollars per month, day or year."""

    dollars: Decimal
    unit: ChargeUnit


@dataclass(frozen=True, slots=True)
class Lack:
    """What a record has that no bill can be made of, or lacks that one needs; ``path`` is where, ``words`` what."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}"


@dataclass(frozen=True, slots=True)
class UrdbRate:
    """A rate record: what is priced, what was noticed while reading, and the record as it came.

    ``lacks`` are parts that cannot be priced as they stand; ``notes`` are readings that had to be chosen and things
    kept unpriced. ``raw`` holds every field with exact numbers.
    """

    name: str
    utility: str
    effective: date | None
    ends: date | None
    energy: Periods
    demand: Periods | None = None
    flat_demand: FlatDemand | None = None
    lookback: Lookback | None = None
    demand_window: int | None = None
    reactive: Decimal | None = None
    coincident: tuple[tuple[RateTier, ...], ...] = ()
    fixed: tuple[Charge, ...] = ()
    minimums: tuple[Charge, ...] = ()
    fuel: tuple[Decimal, ...] = ()
    lacks: tuple[Lack, ...] = ()
    notes: tuple[Lack, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def metering(self) -> str:
        """The net metering option that the record's ``dgrules`` name in Meterbook's words; empty if none."""
        return {
            "net metering": "nem-kwh",
            "net billing instantaneous": "net-billing",
            "net billing hourly": "net-billing",
            "buy all sell all": "buy-all",
        }.get(str(self.raw.get("dgrules", "")).strip().lower(), "")
