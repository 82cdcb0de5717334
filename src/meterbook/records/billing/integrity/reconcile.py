"""The whole of a parcel side by side: connections, points, meters, accounts, schedules, last bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.billing.integrity.models import AuditFinding
from meterbook.records.metering.shop.rights import Right, rights_of
from meterbook.records.places.models import Parcel, Premise

_ROWS = """
SELECT l.number AS parcel, p.id AS premise_id,
       concat_ws(' ', p.street_number, p.street, nullif(p.unit, '')) AS address, s.id AS point_id, s.code, s.commodity,
       s.connection, m.id AS meter_id, m.serial, m.size, m.state AS meter_state,
       (SELECT string_agg(r.channel || ' × ' || trim_scale(r.multiplier) || ' ' || r.unit, ', ' ORDER BY r.channel)
          FROM metering_register r WHERE r.meter_id = m.id) AS registers,
       a.number AS account, h.name AS holder, c.code AS schedule, c.commodity AS priced, lower(g.validity) AS since,
       b.upto, b.bill_id, x.number AS bill, x.bill_date
  FROM places_parcel l
  LEFT JOIN places_premise p ON p.parcel_id = l.id
  LEFT JOIN places_servicepoint s ON s.premise_id = p.id AND s.validity @> %(day)s::date
  LEFT JOIN metering_installation i ON i.service_point_id = s.id AND i.validity @> %(day)s::date
  LEFT JOIN metering_meter m ON m.id = i.meter_id
  LEFT JOIN customers_serviceagreement g ON g.service_point_id = s.id AND g.validity @> %(day)s::date
  LEFT JOIN customers_account a ON a.id = g.account_id
  LEFT JOIN customers_person h ON h.id = a.holder_id
  LEFT JOIN rates_schedule c ON c.id = g.schedule_id
  LEFT JOIN LATERAL (SELECT upper(o.period) AS upto, o.bill_id FROM billing_billedperiod o
                      WHERE o.released_id IS NULL AND o.agreement_id IN (SELECT e.id FROM customers_serviceagreement e
                                                WHERE e.service_point_id = s.id)
                      ORDER BY upper(o.period) DESC LIMIT 1) b ON true
  LEFT JOIN billing_bill x ON x.id = b.bill_id
 WHERE l.id = ANY(%(parcels)s)
 ORDER BY l.number COLLATE "C", p.street COLLATE "C", p.street_number COLLATE "C", s.commodity COLLATE "C",
          s.code COLLATE "C", m.serial COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One row a service point (or premise, or parcel, without any), and what each parcel bought and uses."""

    rows: list[dict[str, Any]]
    rights: list[tuple[str, Right]]


def reconciled(found: AuditFinding, day: date) -> Reconciled:
    """Everything on the parcels a finding is about, as of a business date; empty where it is about none."""
    premises = found.figures.get("premises") or []
    ids = set(Premise.objects.filter(pk__in=premises).values_list("parcel_id", flat=True))
    if found.parcel_id is not None:
        ids.add(found.parcel_id)
    if not ids:
        return Reconciled([], [])
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"day": day, "parcels": sorted(ids)})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    parcels = Parcel.objects.filter(pk__in=ids).order_by("number")
    return Reconciled(rows, [(parcel.number, right) for parcel in parcels for right in rights_of(parcel, day)])
