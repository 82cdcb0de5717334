"""Half-open periods of local dates: ``starts`` is in, ``ends`` is out. Time enters at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


class EmptyPeriod(ValueError):
    """A period must contain at least one day."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``starts`` up to, not including, ``ends``.

    >>> Period(date(2026, 4, 1), date(2026, 5, 1)).days
    30
    """

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.starts >= self.ends:
            raise EmptyPeriod(f"{self.starts} to {self.ends} holds no day")

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.ends - self.starts).days

    @property
    def last_day(self) -> date:
        """The last day inside, for print: people read closed periods."""
        return self.ends - timedelta(days=1)

    def overlap(self, other: Period) -> Period | None:
        """The common days of both, or ``None``."""
        starts, ends = max(self.starts, other.starts), min(self.ends, other.ends)
        return Period(starts, ends) if starts < ends else None

    def contains(self, day: date) -> bool:
        """Whether ``day`` is inside."""
        return self.starts <= day < self.ends
