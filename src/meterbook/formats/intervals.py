"""Interval data as files state it: runs of equal stretches of time, each with an amount and its quality.

>>> block = IntervalBlock(1, "E-7", "delivered", dt.datetime(2026, 3, 8, 8, tzinfo=dt.UTC), "utc", 60, "kWh",
...                       (Decimal("0.5"), None), ("actual", "missing"))
>>> block.ends_at
datetime.datetime(2026, 3, 8, 10, 0, tzinfo=datetime.timezone.utc)
>>> first_instant(block, timezone="America/Los_Angeles").isoformat()
'2026-03-08T08:00:00+00:00'
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

UNITS: tuple[str, ...] = ("kWh", "ccf", "kgal", "gal", "cf", "m3")
"""The canonical unit words of what is billed; formats translate their own spellings into these."""

OTHER_UNITS: tuple[str, ...] = ("kVARh", "kVAh", "kW", "kVAR", "kVA", "therm", "V", "A")
"""Unit words a file may carry beside them: reactive and apparent energy, demand, gas heat, voltage, current."""

Quality = Literal["actual", "estimated", "edited", "missing"]
"""What a value is worth: measured, estimated, changed by somebody, or not there (then the value is None)."""

Clock = Literal["utc", "local", "standard"]
"""Which clock a time was read from.

`utc`: an instant, with `datetime.UTC`. `local`: naive, as clocks on the wall show it, summer time included.
`standard`: naive, local standard time all year; on the day summer time begins or ends it still has 24 hours.
"""


@dataclass(frozen=True, slots=True)
class IntervalBlock:
    """A run of intervals of one flow of one meter, each `minutes` long, following one another without a hole.

    `channel` is '' for the only flow of a meter, else a word such as delivered, received, reactive. `starts_at` is
    when the first interval *begins* on the `clock` named; the others follow in real time, so that a block across a
    change to summer time stays right. `values` are amounts as the file states them, in `unit` (one of `UNITS` or
    `OTHER_UNITS`), and may be below zero (reactive, net); `flags` has one word for each. `multiplier` is the factor
    the source states, not applied to `values`; None when it states none. `raw` is the original line.
    """

    line: int
    meter_serial: str
    channel: str
    starts_at: dt.datetime
    clock: Clock
    minutes: int
    unit: str
    values: tuple[Decimal | None, ...]
    flags: tuple[Quality, ...]
    multiplier: Decimal | None = None
    raw: str = ""

    def __post_init__(self) -> None:
        if not self.values or len(self.values) != len(self.flags) or self.minutes < 1:
            raise ValueError("an interval block has at least one value, a flag for each, and a length in minutes")
        if any((value is None) != (flag == "missing") for value, flag in zip(self.values, self.flags, strict=True)):
            raise ValueError("a value is None exactly where it is missing")
        if (self.starts_at.tzinfo is None) != (self.clock != "utc"):
            raise ValueError("a UTC instant carries its timezone, a time on a local clock none")

    @property
    def ends_at(self) -> dt.datetime:
        """When the last interval ends, on the same clock (for `local`: if no change of summer time lies between)."""
        return self.starts_at + dt.timedelta(minutes=self.minutes) * len(self.values)


def first_instant(block: IntervalBlock, *, timezone: str) -> dt.datetime:
    """When the first interval of `block` begins, in UTC; `timezone` is where its meter hangs (an IANA name).

    A local time that happens twice is taken as the earlier one, one that never happens as the instant an hour later
    on the clock. Standard time is the zone's smaller offset of January and July of that year.
    """
    return to_utc(block.starts_at, clock=block.clock, timezone=timezone)


def to_utc(moment: dt.datetime, *, clock: Clock, timezone: str) -> dt.datetime:
    """`moment`, read from `clock` in `timezone`, as an instant in UTC.

    >>> to_utc(dt.datetime(2026, 7, 1), clock="standard", timezone="America/Los_Angeles").hour
    8
    >>> to_utc(dt.datetime(2026, 7, 1), clock="local", timezone="America/Los_Angeles").hour
    7
    """
    if clock == "utc":
        return moment.astimezone(dt.UTC)
    zone = ZoneInfo(timezone)
    if clock == "local":
        return moment.replace(tzinfo=zone).astimezone(dt.UTC)
    offsets = [dt.datetime(moment.year, month, 1, tzinfo=zone).utcoffset() or dt.timedelta() for month in (1, 7)]
    return (moment - min(offsets)).replace(tzinfo=dt.UTC)
