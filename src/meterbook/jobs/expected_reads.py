"""Read windows as every interface needs them: around the billing calendar's published read day, or the cycle's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from meterbook.records.billing.calendar.screens import between
from meterbook.records.billing.screens import cycles
from meterbook.records.metering.hub.expected import RouteCount, Window, by_route, window_of
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.queries import business_date

if TYPE_CHECKING:
    from meterbook.records.places.models import Cycle

_LOOK_BACK = timedelta(days=75)


@dataclass(frozen=True, slots=True)
class CycleWindow:
    """A cycle's window with its routes."""

    cycle: Cycle
    window: Window
    routes: list[RouteCount]

    @property
    def expected(self) -> int:
        """Registers that should be read."""
        return sum(each.expected for each in self.routes)

    @property
    def received(self) -> int:
        """Registers that were."""
        return sum(each.received for each in self.routes)

    @property
    def queued(self) -> int:
        """Reads of them that wait in the exception queue."""
        return sum(each.queued for each in self.routes)

    @property
    def missing(self) -> int:
        """Registers nobody read yet."""
        return self.expected - self.received


def window_on(cycle: Cycle, on: date) -> Window:
    """The newest window of a cycle that has begun on a day; the published calendar's read day counts before the own."""
    own = window_of(cycle, on)
    before = own.scheduled - own.since
    published = [row.day for row in between(on - _LOOK_BACK, on + before, cycle.code) if row.kind == "read"]
    return window_of(cycle, on, scheduled=max(published)) if published else own


def cycle_window(code: str, on: date | None = None) -> CycleWindow:
    """A cycle with its window and routes; raises `LookupError` for a code nobody has."""
    cycle = cycle_named(code)
    window = window_on(cycle, on or business_date())
    return CycleWindow(cycle, window, by_route(cycle, window))


def routes_to_key() -> list[CycleWindow]:
    """Every cycle with its routes, as they stand on the business date."""
    return [cycle_window(cycle.code) for cycle in cycles()]
