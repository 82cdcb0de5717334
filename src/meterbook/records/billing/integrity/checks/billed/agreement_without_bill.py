"""An agreement that bill runs have passed over without a bill or a hold."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH late AS (
    SELECT g.*, coalesce(b.upto, g.since) AS upto, b.upto IS NULL AS never
      FROM audit_served g LEFT JOIN audit_billed b
        ON b.service_point_id = g.service_point_id AND b.agreement_id = g.agreement_id
     WHERE coalesce(b.upto, g.since) <= %(day)s::date - %(days)s::int
), passed AS (
    SELECT l.agreement_id, count(*) AS runs, max(r.id) AS last_run
      FROM late l JOIN billing_billrun r ON r.cycle_id = l.cycle_id AND r.status = 'posted' AND r.read_from > l.upto
     GROUP BY 1 HAVING count(*) >= %(cycles)s::int
)
SELECT 'point:' || p.id, p.id, p.premise_id, p.parcel_id, h.meter_id, l.account_id, p.commodity, p.premise_class,
       jsonb_build_object('what', CASE WHEN l.never THEN 'never' ELSE 'stopped' END, 'account', l.account,
                          'point', p.code, 'commodity', p.commodity, 'upto', l.upto, 'runs', n.runs)
  FROM late l
  JOIN passed n ON n.agreement_id = l.agreement_id
  JOIN audit_points p ON p.id = l.service_point_id
  LEFT JOIN audit_hung h ON h.service_point_id = p.id
 WHERE NOT EXISTS (SELECT FROM billing_hold o WHERE o.run_id = n.last_run AND o.service_point_id = p.id)
   AND NOT EXISTS (SELECT FROM audit_found f
                    WHERE f.kind IN ('set_never_billed', 'no_meter') AND f.service_point_id = p.id)
"""
CHECK = Check(
    name="agreement_without_bill",
    title=N_("Agreement without bill"),
    says={
        "never": N_(
            "Account {account} has {point} ({commodity}) since {upto}; {runs} bill runs passed without a bill or a "
            "hold."
        ),
        "stopped": N_(
            "Account {account} was billed for {point} ({commodity}) to {upto}; {runs} bill runs passed since without a "
            "bill or a hold."
        ),
    },
    severity=1,
    sql=_SQL,
    parameters=(
        Parameter("days", "days", N_("Days since the last bill")),
        Parameter("cycles", "count", N_("Bill runs that may pass")),
    ),
    moving=frozenset({"runs"}),
    after=("set_never_billed", "no_meter"),
)
