"""Programs on a bill, as values without words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LevelMonth:
    """A bill's month of a level payment plan, in cents: what was charged, what is asked of it, what stays deferred, and
    what to pay now. ``month`` is that of the plan's year, or nothing on a bill beside the monthly ones."""

    month: int | None
    settles: bool
    actual_cents: int
    asked_cents: int
    difference_cents: int
    pay_cents: int


@dataclass(frozen=True, slots=True)
class SolarMonth:
    """One billed period of a statement: millionths of a kWh, and cents."""

    starts: date
    ends: date
    imports_e6: int
    exports_e6: int
    earned_cents: int
    carried_e6: int
    carried_cents: int


@dataclass(frozen=True, slots=True)
class SolarStatement:
    """A statement of net metering, oldest period first; the last is this bill's.

    ``in_kwh`` says what is carried. ``settled`` tells that this bill ends the year; ``paid_cents`` is what it pays for
    what was left, ``expired_e6`` and ``expired_cents`` what was lost.
    """

    in_kwh: bool
    carries: bool
    months: tuple[SolarMonth, ...]
    billed_e6: int
    true_up_month: int
    settled: bool
    paid_cents: int
    expired_e6: int
    expired_cents: int
