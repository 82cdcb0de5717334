"""The days in which each cycle is read: as the published calendar has them, or by the cycle's own day."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.records.billing.calendar.screens import between
from meterbook.records.metering.hub.expected import Window, window_of
from meterbook.records.places.models import Cycle
from meterbook.reports.contract import Asked, WrongParameter

_LOOK_BACK = timedelta(days=62)


def windows(asked: Asked) -> list[tuple[Cycle, Window]]:
    """The newest window begun on the day asked by (``as_of``), of the cycle asked for or of every cycle.

    Raises `WrongParameter` for a cycle nobody has.
    """
    code, on = asked.text("cycle"), asked.day("as_of")
    found = list(Cycle.objects.filter(code=code) if code else Cycle.objects.order_by("code"))
    if code and not found:
        known = ", ".join(Cycle.objects.order_by("code").values_list("code", flat=True))
        raise WrongParameter("cycle", code, known)
    return [(cycle, _window(cycle, on)) for cycle in found]


def _window(cycle: Cycle, on: date) -> Window:
    own = window_of(cycle, on)
    ahead = own.scheduled - own.since
    published = [row.day for row in between(on - _LOOK_BACK, on + ahead, cycle.code) if row.kind == "read"]
    return window_of(cycle, on, scheduled=max(published)) if published else own
