"""What a `billing-calendar` policy says, as values: which dates a period has, counted from what, kept apart by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

#: Every kind of date a billing period can have, in the order most offices live through them.
KINDS = (
    "read_opens", "read", "read_closes", "bill", "due", "reminder", "penalty", "late_notice", "shutoff_notice", "call",
    "final_notice", "shutoff",
)  # fmt: skip
#: A period without these is no billing period.
NEEDED = ("read", "bill", "due")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: What a date can be told to avoid, beside weekdays by name.
CLOSED = ("weekend", "holiday", "day_before_holiday")
CALENDAR, BUSINESS = "calendar", "business"
LATER, EARLIER = "later", "earlier"
#: A date counted from this is counted from the cycle's own read day in the period's month.
CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Minimum:
    """At least ``days`` (calendar or business) after another date of the period, because ``citation`` says so."""

    days: int
    count: str
    after: str
    citation: str


@dataclass(frozen=True, slots=True)
class DateRule:
    """One kind of date: ``days`` after (negative: before) the date ``start``, never on a day to ``avoid``."""

    kind: str
    start: str
    days: int = 0
    count: str = CALENDAR
    avoid: tuple[str, ...] = ()
    move: str = LATER
    minimums: tuple[Minimum, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnHoliday:
    """A day this utility keeps beside the federal ones: every year on a day, or once (``once``).

    ``after`` names another holiday it follows by ``days``; ``sunday_moves`` keeps it on the Monday after a Sunday.
    """

    name: str
    spanish: str
    citation: str
    month: int = 0
    day: int = 0
    nth: int = 0
    weekday: int = 0
    after: str = ""
    days: int = 0
    once: date | None = None
    sunday_moves: bool = False


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a cycle is billed: every ``every`` months, counted from month ``first`` (1 to 12)."""

    every: int = 1
    first: int = 1

    def bills_in(self, month: int) -> bool:
        """Whether a calendar month (1 to 12) begins a period.

        >>> [month for month in range(1, 13) if Cadence(2, 2).bills_in(month)]
        [2, 4, 6, 8, 10, 12]
        """
        return (month - self.first) % self.every == 0


@dataclass(frozen=True, slots=True)
class CycleDay:
    """A cycle: its code and the day of the month (1 to 28) its meters are read."""

    code: str
    read_day: int


@dataclass(frozen=True, slots=True)
class Rules:
    """A version of the policy, in force from ``effective``: ``dates`` in the order the law and the office keep them."""

    effective: date
    citation: str
    dates: tuple[DateRule, ...]
    cadence: Cadence = Cadence()
    cycles: dict[str, Cadence] = field(default_factory=dict)
    business_days: frozenset[int] = frozenset(range(5))
    federal: bool = True
    not_kept: frozenset[str] = frozenset()
    own: tuple[OwnHoliday, ...] = ()

    def rule(self, kind: str) -> DateRule:
        """The rule of a kind; raises ``KeyError`` if a period has no such date."""
        found = {each.kind: each for each in self.dates}
        return found[kind]

    def cadence_of(self, cycle: str) -> Cadence:
        """How often a cycle is billed."""
        return self.cycles.get(cycle, self.cadence)
