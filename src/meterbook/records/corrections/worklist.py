"""Posted segments billed on other usage than is in force now: estimates that turned out too high, reads set right.

A true-up, a corrected read, a multiplier set right: each supersedes usage. What was billed from the superseded usage
is listed here until a correction case bills it again. What was billed as a share of a piece is set beside the same
share of what is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

_OTHERWISE = """
WITH changed AS MATERIALIZED (
    SELECT DISTINCT u.service_point_id, u.starts, u.ends FROM metering_usage u
     WHERE u.superseded AND u.ends > %(since)s),
points AS (
    SELECT sp.id, sp.code, sp.commodity, coalesce(sp.water_source_id, sp.id) AS measured FROM places_servicepoint sp),
asked AS (
    SELECT DISTINCT p.id AS point, p.code, p.commodity, p.measured, b.bill_id, b.agreement_id, b.period
      FROM changed c JOIN points p ON p.measured = c.service_point_id
      JOIN billing_billedperiod b ON b.service_point_id = p.id AND b.released_id IS NULL
           AND b.period && daterange(c.starts, c.ends))
SELECT s.run_id, s.id, l.id, l.number, a.id, a.number, h.name, q.code, q.commodity, s.starts, s.ends, sealed.quantity,
       now.quantity, now.unit,
       EXISTS (SELECT FROM metering_trueup t JOIN metering_usage v ON v.register_id = t.register_id
                WHERE v.service_point_id = q.measured AND t.settled_by_id IS NULL
                  AND t.starts >= s.starts AND t.ends <= s.ends),
       (SELECT min(c.number) FROM corrections_caseitem i JOIN corrections_correctioncase c ON c.id = i.case_id
         WHERE i.segment_run_id = s.run_id AND i.segment_id = s.id AND c.withdrawn_id IS NULL)
  FROM asked q
  JOIN billing_bill l ON l.id = q.bill_id
  JOIN billing_segment s ON s.run_id = l.run_id AND s.bill_id = q.bill_id AND s.agreement_id = q.agreement_id
       AND s.kind = 'charge' AND daterange(s.starts, s.ends) = q.period
  JOIN customers_account a ON a.id = l.account_id
  JOIN customers_person h ON h.id = a.holder_id
 CROSS JOIN LATERAL (
       SELECT coalesce(sum((p ->> 'quantity_e6')::bigint) FILTER (WHERE p ->> 'channel' <> 'received'), 0)::bigint
                  AS quantity, bool_or(p ->> 'decided' IS NOT NULL) AS decided,
              coalesce(bool_or(p ->> 'share' IS NOT NULL), false) AS shared
         FROM jsonb_array_elements(nullif(s.inputs -> 'pieces', 'null')) p) sealed
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(
                  CASE WHEN u.starts >= s.starts AND u.ends <= s.ends THEN u.quantity_e6
                       ELSE floor(u.quantity_e6::numeric * (least(u.ends, s.ends) - u.starts)
                                  / (u.ends - u.starts) + 0.5)
                          - floor(u.quantity_e6::numeric * (greatest(u.starts, s.starts) - u.starts)
                                  / (u.ends - u.starts) + 0.5) END
              ) FILTER (WHERE r.channel <> 'received'), 0)::bigint AS quantity,
              coalesce(max(r.unit), '') AS unit
         FROM metering_usage u JOIN metering_register r ON r.id = u.register_id
        WHERE u.service_point_id = q.measured AND NOT u.superseded
          AND (u.starts >= s.starts AND u.ends <= s.ends
               OR sealed.shared AND u.starts < s.ends AND u.ends > s.starts)) now
 WHERE sealed.quantity <> now.quantity AND sealed.decided IS NOT TRUE
   AND jsonb_typeof(s.inputs -> 'pieces') = 'array'
   AND NOT EXISTS (SELECT FROM corrections_misappliedusage m JOIN corrections_correctioncase c ON c.id = m.case_id
                    WHERE c.run_id = s.run_id AND m.service_point_id = q.measured)
 ORDER BY a.number, q.commodity, s.starts LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class BilledOtherwise:
    """A posted segment whose sealed usage is not the usage in force now; quantities in millionths of ``unit``.

    ``estimate``: an estimate turned out otherwise. ``case`` is the number of the open case about it, or empty.
    """

    run_id: int
    segment_id: int
    bill_id: int
    bill: str
    account_id: int
    account: str
    name: str
    point: str
    commodity: str
    starts: date
    ends: date
    billed_e6: int
    now_e6: int
    unit: str
    estimate: bool
    case: str | None

    @property
    def difference_e6(self) -> int:
        """What was billed too little; below 0 too much."""
        return self.now_e6 - self.billed_e6


def billed_otherwise(since: date, limit: int = 500) -> list[BilledOtherwise]:
    """Segments for days after ``since`` that were billed on other usage than is in force, by account."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERWISE, {"since": since, "limit": limit})
        return [BilledOtherwise(*row) for row in cursor.fetchall()]
