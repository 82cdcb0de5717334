"""The completeness equation: every service point of a run's cycle is billed, held, not due or inactive.

    points with an installed meter, a parcel connection or an inventory item
        = billed + held (why, owner, age) + not due (why) + inactive (why, last usage)

A point belongs to the cycle of the account that pays for it, otherwise to its route's, otherwise to its premise's,
and one nobody can place is counted with the first cycle, so that none falls between two. A point that gets a final bill
in a run counts there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.partitions import SEGMENT, table_of


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


_PAID_FOR = """
CREATE TEMPORARY TABLE run_points ON COMMIT DROP AS
SELECT g.service_point_id AS id, g.id AS agreement_id, g.account_id, lower(g.validity) AS since
  FROM customers_account a JOIN customers_serviceagreement g ON g.account_id = a.id
 WHERE {whose} AND g.validity && daterange(%(read_from)s, %(service_to)s, '[]')
   AND NOT EXISTS (SELECT FROM customers_serviceagreement later
                    WHERE {later} AND later.service_point_id = g.service_point_id AND later.validity >> g.validity
                      AND later.validity && daterange(%(read_from)s, %(service_to)s, '[]'))
"""
_OF_CYCLE = "a.cycle_id = %(cycle)s"
_NAMED = "EXISTS (SELECT FROM billing_runaccount n WHERE n.run_id = %(run)s AND n.account_id = a.id)"
_ENDED = _NAMED + " AND upper(g.validity) <= %(read_to)s"
_NONE = "false"
_NOBODY_PAYS = """
INSERT INTO run_points (id)
SELECT sp.id FROM places_servicepoint sp
  LEFT JOIN places_route r ON r.id = sp.route_id
  LEFT JOIN (SELECT s.premise_id, min(o.cycle_id) AS cycle_id FROM places_servicepoint s
               JOIN places_route o ON o.id = s.route_id GROUP BY 1) p ON p.premise_id = sp.premise_id
 WHERE sp.validity @> %(service_to)s::date
   AND coalesce(r.cycle_id, p.cycle_id, (SELECT min(id) FROM places_cycle)) = %(cycle)s
   AND NOT EXISTS (SELECT FROM customers_serviceagreement g WHERE g.service_point_id = sp.id
                      AND g.validity && daterange(%(read_from)s, %(service_to)s, '[]'))
   AND (sp.connection <> 'metered' OR EXISTS (
        SELECT FROM metering_installation i WHERE i.service_point_id = sp.id AND i.validity @> %(service_to)s::date))
"""
_BILLED = """
CREATE TEMPORARY TABLE run_billed ON COMMIT DROP AS
SELECT DISTINCT service_point_id AS id FROM {segment}
"""
_ALSO_BILLED = """
INSERT INTO run_points (id) SELECT b.id FROM run_billed b WHERE NOT EXISTS (SELECT FROM run_points p WHERE p.id = b.id)
"""
_INTO = """
INSERT INTO billing_unbilled (run_id, service_point_id, outcome, reason, account_id, last_usage_on, usage_e6)
"""
_HELD = """
SELECT DISTINCT ON (p.id) %(run)s, p.id, 'held', h.reason, h.account_id, NULL::date, NULL::bigint
  FROM run_points p JOIN billing_hold h ON h.service_point_id = p.id AND h.run_id = %(run)s
 WHERE NOT EXISTS (SELECT FROM run_billed b WHERE b.id = p.id)
 ORDER BY p.id, h.id
"""
_NOT_DUE = """
SELECT %(run)s, p.id, 'not_due',
       CASE WHEN off.since IS NOT NULL THEN 'service suspended since ' || off.since
            WHEN billed.upto IS NULL THEN 'service began on ' || p.since ELSE 'billed to ' || billed.upto END,
       p.account_id, NULL, NULL
  FROM run_points p
  LEFT JOIN LATERAL (SELECT max(upper(b.period)) AS upto FROM billing_billedperiod b
                      WHERE b.agreement_id = p.agreement_id AND b.released_id IS NULL) billed ON true
  LEFT JOIN LATERAL (SELECT min(lower(z.validity)) AS since FROM customers_servicesuspension z
                      WHERE z.agreement_id = p.agreement_id AND z.continues = 'nothing'
                        AND z.validity @> coalesce(billed.upto, p.since)) off ON true
 WHERE p.agreement_id IS NOT NULL
   AND (greatest(p.since, billed.upto) >= %(read_from)s OR off.since IS NOT NULL)
   AND NOT EXISTS (SELECT FROM run_billed b WHERE b.id = p.id)
   AND NOT EXISTS (SELECT FROM billing_hold h WHERE h.service_point_id = p.id AND h.run_id = %(run)s)
"""
_INACTIVE = """
SELECT %(run)s, p.id, 'inactive',
       CASE WHEN w.code IS NOT NULL THEN 'check meter of ' || w.code
            WHEN g.until IS NULL THEN 'never had a customer' ELSE 'no customer since ' || g.until END, NULL,
       u.last_on, u.quantity
  FROM run_points p
  LEFT JOIN billing_wholesaledelivery w ON w.check_point_id = p.id
  LEFT JOIN LATERAL (SELECT max(upper(a.validity)) AS until FROM customers_serviceagreement a
                      WHERE a.service_point_id = p.id) g ON true
  LEFT JOIN LATERAL (SELECT max(u.ends) FILTER (WHERE u.quantity_e6 > 0) AS last_on, sum(u.quantity_e6) AS quantity
                       FROM metering_usage u WHERE u.service_point_id = p.id AND NOT u.superseded
                        AND u.starts >= coalesce(g.until, DATE '1900-01-01')) u ON true
 WHERE p.agreement_id IS NULL AND NOT EXISTS (SELECT FROM run_billed b WHERE b.id = p.id)
   AND NOT EXISTS (SELECT FROM billing_hold h WHERE h.service_point_id = p.id AND h.run_id = %(run)s)
"""
#: Written with EXCEPT, which is hashed whatever the planner expects: of a run's unbilled points just written it expects
#: none, and a nested loop over those of a large city would take hours.
_LOST = """
SELECT s.code FROM (SELECT id FROM run_points EXCEPT SELECT id FROM run_billed
                    EXCEPT SELECT service_point_id FROM billing_unbilled WHERE run_id = %(run)s) p
  JOIN places_servicepoint s ON s.id = p.id
 ORDER BY s.code COLLATE "C" LIMIT 5
"""


#: Whose agreements a run accounts for: a correction only for what it corrects.
_WHOSE = {BillRun.CYCLE: _OF_CYCLE, BillRun.OFF_CYCLE: _NAMED, BillRun.CORRECTION: _NONE}


def settle_equation(run: BillRun) -> Equation:
    """Place every point of the run's cycle, store those not billed with the reason, and return the equation.

    Raises `Unaccounted` naming points that fit no term.
    """
    values: dict[str, int | date | None] = {
        "run": run.pk,
        "cycle": run.cycle_id,
        "read_from": run.read_from,
        "read_to": run.read_to,
        "service_to": run.service_to,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_points, run_billed")
        whose = _ENDED if run.ended_only else _WHOSE[run.kind]
        later = "true" if run.kind == BillRun.CYCLE else _NAMED.replace("a.id", "later.account_id")
        cursor.execute(_PAID_FOR.format(whose=whose, later=later), values)
        if run.kind == BillRun.CYCLE:
            cursor.execute(_NOBODY_PAYS, values)
        cursor.execute(_BILLED.format(segment=table_of(SEGMENT, run.pk)))
        cursor.execute("ANALYZE run_points, run_billed")
        cursor.execute(_ALSO_BILLED)
        for term in (_HELD, _NOT_DUE, _INACTIVE):
            cursor.execute(_INTO + term, values)
        cursor.execute(_LOST, values)
        lost = [row[0] for row in cursor.fetchall()]
        if lost:
            raise Unaccounted(f"run {run.number}: {', '.join(lost)} neither billed, held, not due nor inactive")
        cursor.execute("SELECT (SELECT count(*) FROM run_points), (SELECT count(*) FROM run_billed)")
        points, billed = map(int, cursor.fetchone())
    return _counted(run, points, billed)


def _counted(run: BillRun, points: int, billed: int) -> Equation:
    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome, count(*) FROM billing_unbilled WHERE run_id = %s GROUP BY outcome", [run.pk])
        counts = {outcome: int(n) for outcome, n in cursor.fetchall()}
    terms = {term: counts.get(term, 0) for term in ("held", "not_due", "inactive")}
    equation = Equation(points=points, billed=billed, **terms)
    if not equation.holds:
        raise Unaccounted(f"run {run.number}: {points} points, but {equation.counts()}")
    return equation
