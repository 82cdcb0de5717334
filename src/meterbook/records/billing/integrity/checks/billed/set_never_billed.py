"""A meter that was set, usage moved, and no bill was ever made."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH never AS (
    SELECT h.*, p.code, p.address, p.premise_id, p.parcel_id, p.premise_class, p.commodity AS service
      FROM audit_hung h JOIN audit_points p ON p.id = h.service_point_id
     WHERE h.since <= %(day)s::date - %(days)s::int
       AND NOT EXISTS (SELECT FROM audit_billed b WHERE b.service_point_id = h.service_point_id)
), used AS (
    SELECT u.service_point_id, sum(u.quantity_e6) AS quantity_e6, min(u.starts) AS since, max(u.ends) AS upto,
           min(r.unit) AS unit
      FROM metering_usage u JOIN metering_register r ON r.id = u.register_id
     WHERE NOT u.superseded AND u.service_point_id IN (SELECT service_point_id FROM never) GROUP BY 1
)
SELECT 'point:' || n.service_point_id, n.service_point_id, n.premise_id, n.parcel_id, n.meter_id, g.account_id,
       n.service, n.premise_class,
       jsonb_build_object('what', CASE WHEN g.agreement_id IS NULL THEN 'nobody' ELSE 'account' END, 'serial', n.serial,
                          'point', n.code, 'address', n.address, 'set', n.since, 'account', g.account,
                          'usage', trim_scale(u.quantity_e6 / 1000000.0)::text, 'unit', u.unit, 'upto', u.upto)
  FROM never n
  JOIN used u ON u.service_point_id = n.service_point_id
  LEFT JOIN audit_served g ON g.service_point_id = n.service_point_id
  JOIN jsonb_each_text(%(least)s::jsonb) l(commodity, quantity) ON l.commodity = n.service
 WHERE u.quantity_e6 > l.quantity::numeric * 1000000
"""
CHECK = Check(
    name="set_never_billed",
    title=N_("Set, never billed"),
    says={
        "nobody": N_(
            "Meter {serial} hangs at {point}, {address}, since {set}; {usage} {unit} passed to {upto}. Nobody pays "
            "there, and no bill was ever made."
        ),
        "account": N_(
            "Meter {serial} hangs at {point}, {address}, since {set}; {usage} {unit} passed to {upto}. Account "
            "{account} never got a bill for it."
        ),
    },
    severity=1,
    sql=_SQL,
    parameters=(
        Parameter("days", "days", N_("Days from setting a meter to its first bill")),
        Parameter("least", "by_commodity", N_("Usage that is ignored")),
    ),
    moving=frozenset({"usage", "upto"}),
)
