"""What a load estimate is computed from: usage of a service point before, and of alike premises in the same days."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from meterbook.engine.cases.load import Used
from meterbook.records.metering.models import Usage
from meterbook.records.places.models import ServicePoint

_DELIVERED = "delivered"


def used_between(point: ServicePoint, starts: date, ends: date) -> list[Used]:
    """Usage of a point by its reads that lies wholly within some days, the oldest first."""
    rows = Usage.objects.filter(
        service_point=point, superseded=False, register__channel=_DELIVERED, starts__gte=starts, ends__lte=ends
    )
    return [Used(*row) for row in rows.order_by("starts").values_list("starts", "ends", "quantity_e6")]


def history(point: ServicePoint, before: date, *, days: int = 366) -> list[Used]:
    """Usage of the year before a day; estimates left out, and what ended after the day."""
    rows = Usage.objects.filter(
        service_point=point, superseded=False, estimated=False, register__channel=_DELIVERED,
        starts__gte=before - timedelta(days=days), ends__lte=before,
    )  # fmt: skip
    return [Used(*row) for row in rows.order_by("starts").values_list("starts", "ends", "quantity_e6")]


def unit_of(point: ServicePoint) -> str:
    """The unit a point's usage is told in; empty where no meter hangs or hung there."""
    rows = point.installations.order_by("-validity").values_list("meter__registers__unit", flat=True)
    return next((unit for unit in rows if unit), "")


_ALIKE = """
SELECT u.service_point_id, u.starts, u.ends, u.quantity_e6
  FROM metering_usage u JOIN metering_register r ON r.id = u.register_id AND r.channel = 'delivered'
  JOIN places_servicepoint s ON s.id = u.service_point_id JOIN places_premise p ON p.id = s.premise_id
 WHERE NOT u.superseded AND NOT u.estimated AND u.service_point_id <> %(point)s AND s.commodity = %(commodity)s
   AND p.premise_class = %(class)s AND r.unit = %(unit)s AND u.starts < %(ends)s AND u.ends > %(starts)s
   AND u.quantity_e6 > 0
 ORDER BY u.service_point_id, u.starts LIMIT 20000
"""


def alike(point: ServicePoint, starts: date, ends: date, unit: str) -> tuple[list[Used], int]:
    """Usage of premises of the same class and service that touches some days, and how many premises those are."""
    given: dict[str, int | str | date] = {
        "point": point.pk, "commodity": point.commodity, "class": point.premise.premise_class, "unit": unit,
        "starts": starts, "ends": ends,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, given)
        rows = cursor.fetchall()
    return [Used(row[1], row[2], int(row[3])) for row in rows], len({row[0] for row in rows})
