"""A bill as the comparison sees it: its services with everything they were priced from, and what was booked beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Change


@dataclass(frozen=True, slots=True)
class Sold:
    """One segment of a bill: a service over some days, as it was priced.

    ``told`` are its determinants, ``used`` the names of those that count use (the others are facts); ``estimated`` is
    the part of the usage that rests on estimated reads, in the usage's unit. ``reverses`` marks a segment that takes an
    earlier one back. ``cents`` is what the bill charges for it.
    """

    point: int
    commodity: str
    tariff: Tariff
    starts: date
    ends: date
    told: Mapping[str, Decimal | str]
    cents: int
    unit: str = ""
    used: frozenset[str] = frozenset({"usage", "export"})
    changes: Sequence[Change] = ()
    estimated: Decimal = Decimal(0)
    reverses: bool = False

    @property
    def days(self) -> int:
        """Days of service charged."""
        return (self.ends - self.starts).days


@dataclass(frozen=True, slots=True)
class Booked:
    """Something booked beside the bills since the last one: words by language, signed cents."""

    words: Mapping[str, str]
    cents: int


@dataclass(frozen=True, slots=True)
class Billed:
    """A whole bill: its segments, what was booked since the bill before, and the balance it began with.

    ``balance`` is the amount due of the bill before together with the payments since: what was left unpaid.
    """

    number: str
    ends: date
    sold: Sequence[Sold]
    balance: int = 0
    booked: Sequence[Booked] = field(default=())

    @property
    def charges(self) -> int:
        """What its segments charge, in cents."""
        return sum(one.cents for one in self.sold)

    @property
    def due(self) -> int:
        """What it asks for, in cents."""
        return self.charges + self.balance + sum(one.cents for one in self.booked)
