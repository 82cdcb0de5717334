"""Looking through every account at once: each check's query into one table, then compared with what is on record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.billing.integrity.settings import Configured
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import NoPolicy, policy
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import current_tariffs

_COLUMNS = """
subject, service_point_id, premise_id, parcel_id, meter_id, account_id, commodity, premise_class, figures
"""
_GATHER = f"""
INSERT INTO audit_found (kind, severity, moving, {_COLUMNS})
SELECT DISTINCT ON (q.subject) %(_kind)s, %(_severity)s, %(_moving)s::text[], q.*
  FROM ({{sql}}) q ({_COLUMNS}) ORDER BY q.subject
"""
#: Each finding with what a month's bill of its class is, and the facts an explanation stands on.
_WEIGHED = """
CREATE TEMPORARY TABLE audit_weighed ON COMMIT DROP AS
SELECT f.*, jsonb_strip_nulls(f.figures) AS said, jsonb_strip_nulls(f.figures) - f.moving AS facts, u.cents
  FROM audit_found f
  LEFT JOIN audit_usual u ON u.commodity = f.commodity AND u.premise_class = f.premise_class
"""
_REOPEN = """
UPDATE billing_auditfinding a
   SET state = 'open', decided_by_id = %(deed)s, last_seen = %(day)s, figures = w.said, facts = w.facts,
       at_risk_cents = w.cents
  FROM audit_weighed w
 WHERE a.kind = w.kind AND a.subject = w.subject AND a.state = 'explained' AND a.facts <> w.facts
RETURNING a.id
"""
_SEEN = """
UPDATE billing_auditfinding a
   SET last_seen = greatest(a.last_seen, %(day)s), figures = w.said, facts = w.facts, at_risk_cents = w.cents
  FROM audit_weighed w
 WHERE a.kind = w.kind AND a.subject = w.subject AND a.state <> 'resolved'
   AND (a.last_seen < %(day)s OR a.figures <> w.said OR a.at_risk_cents IS DISTINCT FROM w.cents)
RETURNING a.id
"""
_RAISE = """
INSERT INTO billing_auditfinding (kind, subject, severity, service_point_id, premise_id, parcel_id, meter_id,
                                  account_id, figures, facts, at_risk_cents, first_seen, last_seen, raised_by_id)
SELECT w.kind, w.subject, w.severity, w.service_point_id, w.premise_id, w.parcel_id, w.meter_id, w.account_id, w.said,
       w.facts, w.cents, %(day)s, %(day)s, %(deed)s
  FROM audit_weighed w
 WHERE NOT EXISTS (SELECT FROM billing_auditfinding a
                    WHERE a.kind = w.kind AND a.subject = w.subject AND a.state <> 'resolved')
 ORDER BY w.kind, w.subject
RETURNING id
"""
_RESOLVE = """
UPDATE billing_auditfinding a SET state = 'resolved', resolved_on = greatest(a.last_seen, %(day)s),
       decided_by_id = %(deed)s
 WHERE a.state <> 'resolved' AND a.kind = ANY(%(kinds)s)
   AND NOT EXISTS (SELECT FROM audit_weighed w WHERE w.kind = a.kind AND w.subject = a.subject)
RETURNING a.id
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a sweep came to, in findings: new, opened again, resolved, and how many each check stands at."""

    raised: int
    reopened: int
    resolved: int
    by_check: dict[str, int]


def look(configured: list[Configured], day: date) -> dict[str, int]:
    """Fill ``audit_found`` by every check; returns how many each found. `today.lay_out` comes first."""
    outside = _outside(day)
    found = {}
    with connection.cursor() as cursor:
        for one in configured:
            check = one.check
            own: dict[str, Any] = {"_kind": check.name, "_severity": check.severity, "_moving": sorted(check.moving)}
            cursor.execute(_GATHER.format(sql=check.sql), {**outside, **one.values, **own, "day": day})
            found[check.name] = int(cursor.rowcount)
    return found


def compare(deed: Deed, found: dict[str, int], day: date) -> Compared:
    """Put on record what was found and resolve what no longer holds, among the checks that ran."""
    values: dict[str, Any] = {"deed": deed.pk, "day": day, "kinds": list(found)}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS audit_weighed")
        cursor.execute(_WEIGHED)
        counts = []
        for statement in (_REOPEN, _SEEN, _RAISE, _RESOLVE):
            cursor.execute(statement, values)
            counts.append(int(cursor.rowcount))
    return Compared(raised=counts[2], reopened=counts[0], resolved=counts[3], by_check=found)


def _outside(day: date) -> dict[str, Any]:
    """What queries need that stands in documents: units tariffs measure in, services that ask for a right."""
    tariffs = current_tariffs()
    units = [
        {"schedule_id": schedule, "unit": tariffs[document].measured_unit}
        for schedule, document in Schedule.objects.values_list("pk", "document_id")
        if tariffs[document].measured_unit
    ]
    try:
        required = policy("connection-rights", day).get("required") or []
    except NoPolicy:
        required = []
    return {"units": json.dumps(units), "rights_required": required}
