"""Expected against received: which registers of a cycle should be read in a window, and which were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from meterbook.records.metering.models import Read, Register
from meterbook.records.places.models import Cycle
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.policies import NoPolicy, policy

#: `missing_registers` in the order they are walked.
WALKED: tuple[Any, ...] = ("route_code", "sequence", "id")
#: Days after the scheduled one that still belong to the window: a route is read over a weekend, or a day late.
DAYS_AFTER = 7
_DAYS_BEFORE = 7


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which a cycle's read may come: ``since`` to ``until``, both included, around the scheduled day."""

    since: date
    scheduled: date
    until: date


def window_of(cycle: Cycle, on: date, *, scheduled: date | None = None) -> Window:
    """The newest window of a cycle that has begun on a business date.

    ``scheduled`` is the read day as a published calendar has it; without one it is the cycle's day of the month. The
    policy ``billing-rules`` says how many days before it a read may come (``read_days_before``), and may say how many
    after it (``read_days_after``).
    """
    before, after = _days(on)
    if scheduled is None:
        month = on.replace(day=1)
        near = (month - timedelta(days=1), month, month + timedelta(days=31))
        days = [each.replace(day=cycle.read_day) for each in near]
        scheduled = max(day for day in days if day - timedelta(days=before) <= on)
    return Window(scheduled - timedelta(days=before), scheduled, scheduled + timedelta(days=after))


def _days(on: date) -> tuple[int, int]:
    try:
        rules = policy("billing-rules", on)
    except NoPolicy:
        rules = {}
    before, after = rules.get("read_days_before", _DAYS_BEFORE), rules.get("read_days_after", DAYS_AFTER)
    return (before if isinstance(before, int) else _DAYS_BEFORE), (after if isinstance(after, int) else DAYS_AFTER)


_EXPECTED = """
SELECT g.id AS register, s.id AS service_point, r.id AS route, s.sequence, m.serial, g.channel
  FROM places_route r
  JOIN places_servicepoint s ON s.route_id = r.id AND s.connection = 'metered' AND s.validity @> %(day)s::date
  JOIN metering_installation i ON i.service_point_id = s.id AND i.validity @> %(day)s::date
  JOIN metering_meter m ON m.id = i.meter_id
  JOIN metering_register g ON g.meter_id = m.id
 WHERE r.cycle_id = %(cycle)s
   AND NOT EXISTS (SELECT FROM metering_read b WHERE b.register_id = g.id AND b.starts_chain AND b.read_on > %(since)s)
"""
_CAME = """EXISTS (SELECT FROM metering_read k WHERE k.register_id = e.register AND NOT k.superseded
   AND NOT k.starts_chain AND k.status <> 'rejected' AND k.read_on BETWEEN %(since)s AND %(until)s)"""
_BY_ROUTE = f"""
SELECT r.id, r.code, r.title, r.kind, r.reader, count(e.register),
       count(*) FILTER (WHERE {_CAME}),
       count(*) FILTER (WHERE EXISTS (SELECT FROM metering_read k WHERE k.register_id = e.register
         AND NOT k.superseded AND k.status = 'queued' AND k.read_on BETWEEN %(since)s AND %(until)s))
  FROM places_route r LEFT JOIN ({_EXPECTED}) e ON e.route = r.id
 WHERE r.cycle_id = %(cycle)s GROUP BY r.id ORDER BY r.code
"""


@dataclass(frozen=True, slots=True)
class RouteCount:
    """A route's registers in a window: how many should be read, were, and of these wait in the exception queue."""

    route: int
    code: str
    title: str
    kind: str
    reader: str
    expected: int
    received: int
    queued: int

    @property
    def missing(self) -> int:
        """Registers nobody read yet."""
        return self.expected - self.received


def _asked(cycle: Cycle, window: Window) -> dict[str, Any]:
    return {"cycle": cycle.pk, "day": window.scheduled, "since": window.since, "until": window.until}


def by_route(cycle: Cycle, window: Window) -> list[RouteCount]:
    """Expected against received, route by route."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_ROUTE, _asked(cycle, window))
        return [RouteCount(*row) for row in cursor.fetchall()]


def expected_registers(cycle: Cycle, window: Window) -> pl.DataFrame:
    """Every register that should be read in the window.

    ``register``, ``service_point``, ``route``, ``sequence``, ``serial``, ``channel``, ``received`` (a read came that
    was not rejected). A register that was hung in the window is not expected: its opening read is its read. Meters
    hanging on the scheduled day count, also at empty premises.
    """
    asked = _asked(cycle, window)
    with connection.cursor() as cursor:
        sql = cursor.mogrify(f"SELECT e.*, {_CAME} FROM ({_EXPECTED}) e ORDER BY e.route, e.sequence", asked)
    return copy_out(
        str(sql),
        [],
        {
            "register": pl.Int64, "service_point": pl.Int64, "route": pl.Int64, "sequence": pl.Int64,
            "serial": pl.String, "channel": pl.String, "received": pl.Boolean,
        },
    )  # fmt: skip


def missing_registers(cycle: Cycle, window: Window, route: int | None = None) -> QuerySet[Register, Any]:
    """Registers that should have been read in the window and were not, in the order they are walked, as rows."""
    came = Read.objects.filter(
        register=OuterRef("pk"), superseded=False, starts_chain=False, read_on__range=(window.since, window.until)
    ).exclude(status=Read.REJECTED)
    fresh = Read.objects.filter(register=OuterRef("pk"), starts_chain=True, read_on__gt=window.since)
    place = "meter__installations__service_point__"
    there: dict[str, Any] = {
        "meter__installations__validity__contains": window.scheduled,
        f"{place}validity__contains": window.scheduled,
        f"{place}route__cycle": cycle,
        f"{place}connection": "metered",
    }
    if route is not None:
        there[f"{place}route_id"] = route
    found = Register.objects.filter(Q(**there) & ~Exists(came) & ~Exists(fresh))
    return found.values(
        "id", "channel", serial=F("meter__serial"), route_code=F(f"{place}route__code"), sequence=F(f"{place}sequence"),
        address=Concat(F(f"{place}premise__street_number"), Value(" "), F(f"{place}premise__street")),
        location=F(f"{place}location"), point=F(f"{place}id"),
    )  # fmt: skip
