"""The completeness equation: every service point of a run's cycle is billed, held, not due or inactive.

    points with an installed meter, a parcel connection or an inventory item
        = billed + held (why, owner, age) + not due (why) + inactive (why, last usage)

A point belongs to the cycle of the account that pays for it, otherwise to its route's, otherwise to its premise's,
and one nobody can place is counted with the first cycle, so that none falls between two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.billing.models import BillRun


class Unaccounted(ValueError):
    """A service point fits no term of the equation; the run cannot close."""


@dataclass(frozen=True, slots=True)
class Equation:
    """The terms, in service points."""

    points: int
    billed: int
    held: int
    not_due: int
    inactive: int

    @property
    def holds(self) -> bool:
        """Whether both sides are equal."""
        return self.points == self.billed + self.held + self.not_due + self.inactive

    def counts(self) -> dict[str, int]:
        """The terms by name."""
        return {
            "points": self.points,
            "billed": self.billed,
            "held": self.held,
            "not_due": self.not_due,
            "inactive": self.inactive,
        }


_POINTS = """
CREATE TEMPORARY TABLE run_points ON COMMIT DROP AS
WITH point AS (
    SELECT sp.id, sp.premise_id, sp.connection, r.cycle_id AS route_cycle, ag.id AS agreement_id,
           ag.account_id, lower(ag.validity) AS since, a.cycle_id AS account_cycle
      FROM places_servicepoint sp
      LEFT JOIN places_route r ON r.id = sp.route_id
      LEFT JOIN LATERAL (
           SELECT g.* FROM customers_serviceagreement g
            WHERE g.service_point_id = sp.id AND g.validity && daterange(%(read_from)s, %(service_to)s, '[]')
            ORDER BY lower(g.validity) DESC LIMIT 1) ag ON true
      LEFT JOIN customers_account a ON a.id = ag.account_id
     WHERE sp.validity @> %(service_to)s::date
       AND (sp.connection <> 'metered' OR EXISTS (
            SELECT FROM metering_installation i
             WHERE i.service_point_id = sp.id AND i.validity @> %(service_to)s::date))
), placed AS (
    SELECT point.*, coalesce(account_cycle, route_cycle, premise_cycle, (SELECT min(id) FROM places_cycle)) AS cycle_id
      FROM point LEFT JOIN (
           SELECT sp.premise_id, min(r.cycle_id) AS premise_cycle FROM places_servicepoint sp
             JOIN places_route r ON r.id = sp.route_id GROUP BY 1) p USING (premise_id)
)
SELECT * FROM placed WHERE cycle_id = %(cycle)s
"""
_BILLED = """
INSERT INTO billing_completeness (run_id, service_point_id, outcome, reason, account_id, last_usage_on, usage_e6)
SELECT DISTINCT ON (p.id) %(run)s, p.id, 'billed', '', b.account_id, NULL::date, NULL::bigint
  FROM run_points p JOIN billing_segment s ON s.service_point_id = p.id AND s.run_id = %(run)s
  JOIN billing_bill b ON b.id = s.bill_id
"""
_HELD = """
INSERT INTO billing_completeness (run_id, service_point_id, outcome, reason, account_id, last_usage_on, usage_e6)
SELECT %(run)s, p.id, 'held', h.reason, h.account_id, NULL, NULL
  FROM run_points p JOIN billing_hold h ON h.service_point_id = p.id AND h.run_id = %(run)s
ON CONFLICT DO NOTHING
"""
_NOT_DUE = """
INSERT INTO billing_completeness (run_id, service_point_id, outcome, reason, account_id, last_usage_on, usage_e6)
SELECT %(run)s, p.id, 'not_due',
       CASE WHEN billed.upto IS NULL THEN 'service began on ' || p.since ELSE 'billed to ' || billed.upto END,
       p.account_id, NULL, NULL
  FROM run_points p
  LEFT JOIN LATERAL (SELECT max(upper(b.period)) AS upto FROM billing_billedperiod b
                      WHERE b.agreement_id = p.agreement_id) billed ON true
 WHERE p.agreement_id IS NOT NULL AND greatest(p.since, billed.upto) > %(read_from)s
ON CONFLICT DO NOTHING
"""
_INACTIVE = """
INSERT INTO billing_completeness (run_id, service_point_id, outcome, reason, account_id, last_usage_on, usage_e6)
SELECT %(run)s, p.id, 'inactive',
       CASE WHEN g.until IS NULL THEN 'never had a customer' ELSE 'no customer since ' || g.until END, NULL,
       u.last_on, u.quantity
  FROM run_points p
  LEFT JOIN LATERAL (SELECT max(upper(a.validity)) AS until FROM customers_serviceagreement a
                      WHERE a.service_point_id = p.id) g ON true
  LEFT JOIN LATERAL (SELECT max(u.ends) FILTER (WHERE u.quantity_e6 > 0) AS last_on, sum(u.quantity_e6) AS quantity
                       FROM metering_usage u WHERE u.service_point_id = p.id AND NOT u.superseded
                        AND u.starts >= coalesce(g.until, DATE '1900-01-01')) u ON true
 WHERE p.agreement_id IS NULL
ON CONFLICT DO NOTHING
"""


def settle_equation(run: BillRun) -> Equation:
    """Place every point of the run's cycle, store the placing, and return the equation.

    Raises `Unaccounted` naming points that fit no term.
    """
    values: dict[str, int | date] = {
        "run": run.pk,
        "cycle": run.cycle_id,
        "read_from": run.read_from,
        "service_to": run.service_to,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_points")
        cursor.execute(_POINTS, values)
        cursor.execute("ANALYZE run_points")
        for term in (_BILLED, _HELD, _NOT_DUE, _INACTIVE):
            cursor.execute(term, values)
        cursor.execute(
            "SELECT s.code FROM run_points p JOIN places_servicepoint s ON s.id = p.id"
            " LEFT JOIN billing_completeness c ON c.service_point_id = p.id AND c.run_id = %s"
            " WHERE c.id IS NULL ORDER BY s.code LIMIT 5",
            [run.pk],
        )
        lost = [row[0] for row in cursor.fetchall()]
        if lost:
            raise Unaccounted(f"run {run.number}: {', '.join(lost)} neither billed, held, not due nor inactive")
        cursor.execute("SELECT count(*) FROM run_points")
        points = int(cursor.fetchone()[0])
    return _counted(run, points)


def _counted(run: BillRun, points: int) -> Equation:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, count(*) FROM billing_completeness WHERE run_id = %s GROUP BY outcome", [run.pk]
        )
        counts = {outcome: int(n) for outcome, n in cursor.fetchall()}
    terms = {term: counts.get(term, 0) for term in ("billed", "held", "not_due", "inactive")}
    equation = Equation(points=points, **terms)
    if not equation.holds:
        raise Unaccounted(f"run {run.number}: {points} points, but {equation.counts()}")
    return equation
