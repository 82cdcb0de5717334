"""What was used and not yet billed at a month's end: gathered point by point, estimated by class."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection

from meterbook.engine.ledger.closing.unbilled import Estimate, Unbilled, estimate
from meterbook.records.closing.months import Span
from meterbook.records.closing.pieces import earned_codes

#: The newest segment of each point on a bill booked up to the month's end, unless it was taken back by then. A bill
#: posted late counts in the month it was booked in, as it does in every other figure.
_POINTS = """
WITH posted AS (
  SELECT r.id FROM billing_billrun r
   WHERE r.status = 'posted' AND EXISTS (
         SELECT FROM ledger_entry e JOIN platform_accountingperiod p ON p.id = e.period_id
          WHERE e.run_id = r.id AND upper(p.validity) <= %(ends)s)),
newest AS (
  SELECT DISTINCT ON (s.service_point_id) s.run_id, s.id, s.service_point_id, s.starts, s.ends,
         (s.inputs -> 'determinants' ->> 'usage')::numeric::bigint AS usage
    FROM billing_segment s
   WHERE s.run_id IN (SELECT id FROM posted) AND s.kind = 'charge'
     AND NOT EXISTS (SELECT FROM billing_segment t WHERE t.run_id IN (SELECT id FROM posted) AND t.kind = 'reversal'
                        AND t.reverses_run_id = s.run_id AND t.reverses_id = s.id)
   ORDER BY s.service_point_id, s.ends DESC, s.run_id DESC, s.id DESC)
SELECT v.id, v.commodity, m.premise_class, n.ends - n.starts, n.usage, n.run_id, n.id,
       greatest(%(ends)s - greatest(coalesce(n.ends, lower(g.validity)), lower(g.validity)), 0)
  FROM customers_serviceagreement g
  JOIN places_servicepoint v ON v.id = g.service_point_id
  JOIN places_premise m ON m.id = v.premise_id
  LEFT JOIN newest n ON n.service_point_id = v.id
 WHERE g.validity @> %(day)s
"""
_LINES = """
SELECT s.service_point_id, s.document_id, l.version, l.component, sum(l.amount_cents)::bigint
  FROM billing_segment s JOIN billing_line l ON l.run_id = s.run_id AND l.segment_id = s.id
 WHERE (s.run_id, s.id) IN (SELECT * FROM unnest(%(runs)s::bigint[], %(segments)s::bigint[])) GROUP BY 1, 2, 3, 4
"""


def unbilled(span: Span) -> list[Estimate]:
    """The estimate at the span's end by service and class, from bills posted up to then."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, {**span.days, "day": span.last_day})
        points = cursor.fetchall()
        billed = [(row[5], row[6]) for row in points if row[5] is not None]
        cursor.execute(_LINES, {"runs": [one[0] for one in billed], "segments": [one[1] for one in billed]})
        revenue = _revenue(cursor.fetchall())
    return estimate([
        Unbilled(
            service, klass, int(days or 0), usage, revenue.get(point, 0) if days else 0, int(unbilled_days)
        )
        for point, service, klass, days, usage, _, _, unbilled_days in points
    ])  # fmt: skip


def _revenue(lines: list[tuple[Any, ...]]) -> dict[int, int]:
    """The utility's own revenue of each point's newest segment, in cents."""
    earned = earned_codes({row[1] for row in lines})
    found: dict[int, int] = defaultdict(int)
    for point, document, version, component, cents in lines:
        if (version, component) in earned[document]:
            found[point] += int(cents)
    return found


def by_service(rows: list[Estimate]) -> dict[str, int]:
    """Cents of each service."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row.service] += row.cents
    return {service: cents for service, cents in sorted(found.items()) if cents}
