"""Days of crews: the orders of each, what they take and what the day holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.records.service_orders.models import Crew, Order
from meterbook.records.service_orders.settings import order_rules
from meterbook.records.service_orders.states import DONE, WAITING

_WEEK = 7


@dataclass(frozen=True, slots=True)
class CrewDay:
    """One crew's day: its orders in their order, minutes taken and minutes there are."""

    crew: Crew
    on: date
    orders: list[Order]
    capacity: int

    @property
    def minutes(self) -> int:
        """What the orders take as planned."""
        return sum(order.minutes for order in self.orders)

    @property
    def left(self) -> int:
        """Minutes nobody has planned; below nothing where too much is."""
        return self.capacity - self.minutes

    @property
    def too_full(self) -> bool:
        """Whether more is planned than the day holds."""
        return self.left < 0


def days(crews: Sequence[Crew], first: date, count: int = _WEEK) -> list[list[CrewDay]]:
    """A row for each crew: its days from ``first`` on."""
    last = first + timedelta(days=count)
    rows = Order.objects.filter(
        crew__in=list(crews), scheduled_on__gte=first, scheduled_on__lt=last, state__in=(*WAITING, *DONE)
    ).select_related("premise", "service_point__route", "crew")
    found: dict[tuple[int, date], list[Order]] = {}
    for order in rows.order_by("sequence", "pk"):
        assert order.crew_id is not None and order.scheduled_on is not None
        found.setdefault((order.crew_id, order.scheduled_on), []).append(order)
    every = [first + timedelta(days=ahead) for ahead in range(count)]
    return [[CrewDay(crew, day, found.get((crew.pk, day), []), capacity(crew, day)) for day in every] for crew in crews]


def capacity(crew: Crew, day: date) -> int:
    """Minutes of work a crew's day holds; none on a day nobody works."""
    rules = order_rules(day)
    if day.weekday() not in rules.weekdays:
        return 0
    return int(crew.minutes) or rules.crew_minutes


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
