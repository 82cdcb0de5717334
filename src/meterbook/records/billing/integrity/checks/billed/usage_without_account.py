"""Usage at a point that was billed once and that nobody pays for now."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH empty AS (
    SELECT p.id, p.code, p.address, p.premise_id, p.parcel_id, p.premise_class, p.commodity,
           max(upper(g.validity)) AS until
      FROM audit_points p
      JOIN customers_serviceagreement g ON g.service_point_id = p.id AND upper(g.validity) <= %(day)s::date
     WHERE p.connection = 'metered' AND NOT EXISTS (SELECT FROM audit_served s WHERE s.service_point_id = p.id)
       AND EXISTS (SELECT FROM audit_billed b WHERE b.service_point_id = p.id)
     GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING max(upper(g.validity)) <= %(day)s::date - %(days)s::int
), used AS (
    SELECT u.service_point_id, sum(u.quantity_e6) AS quantity_e6, max(u.ends) AS upto, min(r.unit) AS unit
      FROM empty e
      JOIN metering_usage u ON u.service_point_id = e.id AND u.starts >= e.until AND NOT u.superseded
      JOIN metering_register r ON r.id = u.register_id GROUP BY 1
)
SELECT 'point:' || e.id, e.id, e.premise_id, e.parcel_id, h.meter_id, NULL::bigint, e.commodity, e.premise_class,
       jsonb_build_object('serial', h.serial, 'point', e.code, 'address', e.address, 'until', e.until,
                          'usage', trim_scale(u.quantity_e6 / 1000000.0)::text, 'unit', u.unit, 'upto', u.upto)
  FROM empty e
  JOIN used u ON u.service_point_id = e.id
  LEFT JOIN audit_hung h ON h.service_point_id = e.id
  JOIN jsonb_each_text(%(least)s::jsonb) l(commodity, quantity) ON l.commodity = e.commodity
 WHERE u.quantity_e6 > l.quantity::numeric * 1000000
"""
CHECK = Check(
    name="usage_without_account",
    title=N_("Usage without account"),
    says={
        "": N_("At {point}, {address}, nobody pays since {until}, and {usage} {unit} passed from then to {upto}."),
    },
    severity=1,
    sql=_SQL,
    parameters=(
        Parameter("days", "days", N_("Days a point may be between two accounts")),
        Parameter("least", "by_commodity", N_("Usage that is ignored")),
    ),
    moving=frozenset({"usage", "upto"}),
)
