"""What a readiness check is: one query over the run's own accounts, and the words for what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

#: One row behind a count: account number, commodity, point code, what (a coded word), detail (data), on (a date).
Row = dict[str, Any]
State = Literal["ready", "look", "stop"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing counted before a run is calculated.

    ``sql`` yields ``account, commodity, point, what, detail, "on"`` over the temporary table ``run_mine`` (see `scope`)
    and the named values ``run, cycle, bill_date, since, read_from, read_to, until, service_to``. ``of`` says what its
    share is measured against: registers expected to be read, or agreements. ``alarms`` is false for what is merely to
    be known: it is ready at any count unless the policy says otherwise.
    """

    name: str
    title: str
    says: str
    owner: str
    sql: str
    of: Literal["registers", "agreements"] = "agreements"
    alarms: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What a check found for a run: how many of how many, how that is judged, and whose it is."""

    name: str
    title: str
    says: str
    count: int
    of: int
    state: State
    owner: str


@dataclass(frozen=True, slots=True)
class RouteReads:
    """A route's registers the run needs: how many should be read in its window, were, and wait in the queue."""

    route: str
    title: str
    expected: int
    received: int
    questioned: int

    @property
    def missing(self) -> int:
        """Registers nobody read."""
        return self.expected - self.received


@dataclass(frozen=True, slots=True)
class Readiness:
    """Every check's line, the reads by route, and the days looked at: after ``since`` to ``until``."""

    since: date
    until: date
    lines: tuple[Line, ...]
    routes: tuple[RouteReads, ...]

    @property
    def state(self) -> State:
        """The worst of its lines."""
        states = {line.state for line in self.lines}
        return "stop" if "stop" in states else "look" if "look" in states else "ready"

    @property
    def expected(self) -> int:
        """Registers that should be read."""
        return sum(route.expected for route in self.routes)

    @property
    def received(self) -> int:
        """Registers that were read."""
        return sum(route.received for route in self.routes)

    def evidence(self) -> dict[str, Any]:
        """What is kept with the deed that starts the calculation."""
        return {
            "state": self.state,
            "since": f"{self.since}",
            "until": f"{self.until}",
            "expected": self.expected,
            "received": self.received,
            "checks": {line.name: {"count": line.count, "of": line.of, "state": line.state} for line in self.lines},
            "routes": {route.route: [route.expected, route.received, route.questioned] for route in self.routes},
        }
