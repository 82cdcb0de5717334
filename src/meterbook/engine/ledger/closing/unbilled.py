"""Revenue earned and not yet billed at a month's end, estimated by service and class.

Each service point's usage since its last bill is taken to run on at the daily rate of that bill; a point never billed
runs at its class's. All of a class's is priced at what its newest bills came to per unit (per day where nothing is
measured): the rates in force as they fell on those bills, fixed charges and tiers with them, taxes and money of others
left out. Each class is rounded once, half-up to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unbilled:
    """One service point in service at the month's end: its newest bill, and the days since.

    ``usage_e6`` is None where nothing is measured; ``days`` 0 where it was never billed.
    """

    service: str
    klass: str
    days: int
    usage_e6: int | None
    revenue_cents: int
    unbilled_days: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One class of one service: what is not billed, and the newest bills it is priced by.

    ``usage_e6`` and ``billed_usage_e6`` are None where the class is estimated by days.
    """

    service: str
    klass: str
    points: int
    unbilled_days: int
    usage_e6: int | None
    billed_days: int
    billed_usage_e6: int | None
    billed_cents: int
    cents: int


def half_up(value: Fraction) -> int:
    """To a whole number, half away from zero.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(-5, 2))
    (3, -3)
    """
    found = (abs(value) * 2 + 1) // 2
    return int(found if value >= 0 else -found)


def estimate(points: Sequence[Unbilled]) -> list[Estimate]:
    """What each class of each service has used and not been billed for.

    >>> billed = Unbilled("water", "residential", 30, 12_000_000, 3_000, 10)
    >>> [(one.usage_e6, one.cents) for one in estimate([billed])]
    [(4000000, 1000)]
    """
    classes: dict[tuple[str, str], list[Unbilled]] = defaultdict(list)
    for point in points:
        classes[point.service, point.klass].append(point)
    return [_class(service, klass, mine) for (service, klass), mine in sorted(classes.items())]


def _class(service: str, klass: str, points: Sequence[Unbilled]) -> Estimate:
    billed = [point for point in points if point.days]
    days = sum(point.days for point in billed)
    revenue = sum(point.revenue_cents for point in billed)
    open_days = sum(point.unbilled_days for point in points)
    used = sum(point.usage_e6 or 0 for point in billed)
    if used <= 0:
        cents = half_up(Fraction(revenue * open_days, days)) if days else 0
        return Estimate(service, klass, len(points), open_days, None, days, None, revenue, cents)
    daily = Fraction(used, days)
    runs_on = sum(
        (
            point.unbilled_days * (Fraction(point.usage_e6 or 0, point.days) if point.days else daily)
            for point in points
        ),
        Fraction(0),
    )
    cents = half_up(runs_on * revenue / used)
    return Estimate(service, klass, len(points), open_days, half_up(runs_on), days, used, revenue, cents)
