"""Telling of leaks and high usage: an event each, once for a place and period. Notices to customers come of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from meterbook.records.metering.alerts.found import HIGH, LEAK, Alert, highs, key_of, leaks
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Event
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: How far back findings are looked at; and how much earlier a leak that still runs may have been told.
_LOOK_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Told:
    """How many leaks and how many periods of high usage were told now."""

    leaks: int
    high: int


@operation("metering.tell_alerts", roles={BILLING, SUPERVISOR})
def tell_alerts(deed: Deed) -> Told:
    """Write an event for every leak and every accepted high usage of the last sixty days that was not told before.

    Doing it again tells nothing twice, whoever does it at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metering.tell_alerts'))")
    since = deed.business_date - _LOOK_BACK
    fresh = [*_fresh(LEAK, leaks(since)), *_fresh(HIGH, highs(since))]
    for alert in fresh:
        tell(deed, alert.kind, **alert.payload)
    found = [alert.kind for alert in fresh]
    return Told(found.count(LEAK), found.count(HIGH))


def _fresh(kind: str, found: Iterable[Alert]) -> list[Alert]:
    """Those not told yet. A leak that was told and runs on is the same leak, however far back it is looked at."""
    told = list(Event.objects.filter(kind=kind).values_list("payload", flat=True))
    known = {key_of(kind, payload) for payload in told}
    running = {
        (str(each["channel"]), each["since"], each["seen_on"]) for each in told
    } if kind == LEAK else set()  # fmt: skip
    fresh = []
    for alert in found:
        still = kind == LEAK and any(
            channel == alert.key[0] and since <= alert.payload["seen_on"] and alert.key[1] <= seen
            for channel, since, seen in running
        )
        if alert.key not in known and not still:
            known.add(alert.key)
            fresh.append(alert)
    return fresh
