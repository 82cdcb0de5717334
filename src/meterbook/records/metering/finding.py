"""Meters by their serial, as somebody reads it off the device."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from meterbook.records.places.finding.spelling import like_prefix


@dataclass(frozen=True, slots=True)
class Hung:
    """A meter and the premise where it hangs, or hung last; ``None`` where it never did."""

    meter_id: int
    serial: str
    premise_id: int | None


_HUNG = """
WITH found AS MATERIALIZED (
    SELECT id, serial FROM metering_meter WHERE upper(serial) LIKE %s ORDER BY upper(serial) USING ~<~ LIMIT %s)
SELECT f.id, f.serial, p.premise_id
  FROM found f
  LEFT JOIN LATERAL (
       SELECT sp.premise_id FROM metering_installation i JOIN places_servicepoint sp ON sp.id = i.service_point_id
        WHERE i.meter_id = f.id ORDER BY i.validity DESC LIMIT 1) p ON true
 ORDER BY upper(f.serial) USING ~<~
"""


def meters_by_serial(text: str, limit: int) -> list[Hung]:
    """Meters whose serial begins as typed, in either case, that very serial first."""
    with connection.cursor() as cursor:
        cursor.execute(_HUNG, [like_prefix(text.upper()), limit])
        return [Hung(*row) for row in cursor.fetchall()]
