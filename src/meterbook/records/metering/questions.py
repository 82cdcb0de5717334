"""Putting reads into the exception queue: one item a read, one finding a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from meterbook.records.metering.models import Finding, ReadException
from meterbook.records.platform.models import Deed


@dataclass(frozen=True, slots=True)
class Question:
    """What one rule says about a stored read: whether it holds it back, and the figures of its sentence."""

    read: int
    rule: str
    holds: bool
    figures: Mapping[str, Any]


_POINT = """
SELECT r.id, i.service_point_id, r.register_id, r.read_on, g.unit
  FROM metering_read r JOIN metering_register g ON g.id = r.register_id
  JOIN LATERAL (SELECT o.service_point_id FROM metering_installation o
                 WHERE o.meter_id = g.meter_id AND lower(o.validity) <= r.read_on
                 ORDER BY lower(o.validity) DESC LIMIT 1) i ON true
 WHERE r.id = ANY(%s)
"""


def ask(deed: Deed, questions: Sequence[Question]) -> dict[int, ReadException]:
    """Open a queue item for each read asked about, with its findings; an item that was decided opens again.

    Money at risk is 0 here: who knows more says so. Returns the items by read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_POINT, [sorted({each.read for each in questions})])
        places = {row[0]: row[1:] for row in cursor.fetchall()}
    items: dict[int, ReadException] = {}
    for read, (point, register, on, unit) in places.items():
        item = ReadException.objects.filter(read_id=read).first()
        if item is None:
            item = ReadException.objects.create(
                service_point_id=point, register_id=register, read_id=read, on=on, raised_on=deed.business_date,
                unit=unit, at_risk_cents=0, state=ReadException.OPEN, deed=deed,
            )  # fmt: skip
        elif item.state == ReadException.RESOLVED:
            item.state, item.resolution, item.resolved_on, item.resolved_by = ReadException.OPEN, "", None, None
            item.save()
        items[read] = item
    Finding.objects.bulk_create(
        Finding(
            exception=items[each.read], read_id=each.read, on=items[each.read].on, rule=each.rule, holds=each.holds,
            figures=dict(each.figures), deed=deed,
        )
        for each in questions
    )  # fmt: skip
    return items
