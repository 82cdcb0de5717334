"""Closing a cycle's reading: every meter that should have been read and was not becomes an item of the queue."""

from __future__ import annotations

from datetime import date

import polars as pl

from meterbook.records.metering.validation.store import store_missing
from meterbook.records.metering.validation.take import judge_missing
from meterbook.records.places.models import Cycle
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_UNREAD = """
SELECT g.id
  FROM places_route t
  JOIN places_servicepoint s ON s.route_id = t.id AND s.validity @> %s::date
  JOIN metering_installation i ON i.service_point_id = s.id AND i.validity @> %s::date AND lower(i.validity) < %s::date
  JOIN metering_register g ON g.meter_id = i.meter_id
 WHERE t.cycle_id = %s
   AND NOT EXISTS (SELECT FROM metering_read r WHERE r.register_id = g.id AND r.status <> 'rejected'
                      AND NOT r.superseded AND r.read_on BETWEEN %s AND %s)
   AND NOT EXISTS (SELECT FROM metering_readexception e WHERE e.register_id = g.id AND e.read_id IS NULL
                      AND e."on" BETWEEN %s AND %s)
"""


@operation("metering.close_reading", roles={BILLING, SUPERVISOR})
def close_reading(deed: Deed, *, cycle: Cycle, first: date, last: date) -> int:
    """Ask about every register of the cycle's routes without a read from ``first`` to ``last``; returns how many.

    A meter hung after ``first`` has its opening read. Doing it again asks about nothing twice; a read that comes later
    closes the question.
    """
    params = [last, last, first, cycle.pk, first, last, first, last]
    unread = copy_out(_UNREAD, params, {"register": pl.Int64})["register"].to_list()
    asked = 0
    if unread:
        asked = store_missing(deed, *judge_missing(unread, on=last, today=deed.business_date))
    tell(deed, "metering.reading_closed", cycle=cycle.code, first=first.isoformat(), last=last.isoformat(), asked=asked)
    return asked
