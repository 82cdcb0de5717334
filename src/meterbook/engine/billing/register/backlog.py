"""Held accounts ahead: how much money waits, how many the next run will hold, when they are cleared at this pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

#: Farther away than this nobody plans.
_FARTHEST = 730


@dataclass(frozen=True, slots=True)
class Waiting:
    """One held account: days without a bill on record, what its last bill charged, the days of it; will it stay."""

    days: int
    last_cents: int
    last_days: int
    stays: bool

    @property
    def cents(self) -> int:
        """What waits, at the pace of the last bill; half a cent up."""
        above, below = self.last_cents * self.days, self.last_days
        return (2 * above + below) // (2 * below) if below else 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """The forecast. ``next_run`` accounts are held if nothing is done; ``days_to_clear`` is None: not at this pace.

    ``unknown`` accounts have no earlier bill, so nothing is estimated for them.
    """

    accounts: int
    cents: int
    unknown: int
    next_run: int
    released: int
    pace_days: int
    days_to_clear: int | None

    @property
    def pace(self) -> Fraction:
        """Accounts released a day."""
        return Fraction(self.released, self.pace_days) if self.pace_days else Fraction(0)


def forecast(waiting: Sequence[Waiting], *, new_per_run: Fraction, released: int, pace_days: int) -> Backlog:
    """The forecast of these accounts.

    The next run holds those that stay and, on average of the runs so far, ``new_per_run`` more (rounded up). The days
    to clear are those at the pace of the ``released`` accounts of the last ``pace_days``.

    >>> backlog = forecast([Waiting(60, 9000, 30, True)], new_per_run=Fraction(1, 2), released=6, pace_days=60)
    >>> backlog.cents, backlog.next_run, backlog.days_to_clear
    (18000, 2, 10)
    """
    stay = sum(1 for one in waiting if one.stays)
    needed = -(-len(waiting) * pace_days // released) if released else None
    return Backlog(
        accounts=len(waiting),
        cents=sum(one.cents for one in waiting),
        unknown=sum(1 for one in waiting if not one.last_days),
        next_run=stay + -(-new_per_run.numerator // new_per_run.denominator),
        released=released,
        pace_days=pace_days,
        days_to_clear=0 if not waiting else needed if needed is not None and needed <= _FARTHEST else None,
    )
