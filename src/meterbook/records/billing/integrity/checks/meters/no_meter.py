"""A metered point somebody pays for, and no meter hangs there."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
SELECT 'point:' || p.id, p.id, p.premise_id, p.parcel_id, NULL::bigint, g.account_id, p.commodity, p.premise_class,
       jsonb_build_object('what', CASE WHEN hung.until IS NULL THEN 'never' ELSE 'taken_down' END, 'point', p.code,
                          'address', p.address, 'account', g.account, 'since', g.since, 'until', hung.until)
  FROM audit_points p
  JOIN audit_served g ON g.service_point_id = p.id
  LEFT JOIN LATERAL (SELECT max(upper(i.validity)) AS until FROM metering_installation i
                      WHERE i.service_point_id = p.id AND upper(i.validity) <= %(day)s::date) hung ON true
 WHERE p.connection = 'metered' AND greatest(g.since, hung.until) <= %(day)s::date - %(days)s::int
   AND NOT EXISTS (SELECT FROM audit_hung h WHERE h.service_point_id = p.id)
"""
CHECK = Check(
    name="no_meter",
    title=N_("No meter"),
    says={
        "never": N_("Account {account} pays for {point} since {since}, and no meter ever hung there."),
        "taken_down": N_("Account {account} pays for {point}, and no meter hangs there since {until}."),
    },
    severity=1,
    sql=_SQL,
    parameters=(Parameter("days", "days", N_("Days a point may be without a meter")),),
)
