"""An agreement whose schedule has no version in force, or prices another service."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check

_SQL = """
SELECT 'point:' || p.id, p.id, p.premise_id, p.parcel_id, h.meter_id, g.account_id, p.commodity, p.premise_class,
       jsonb_build_object('what', CASE WHEN g.priced <> p.commodity THEN 'commodity' ELSE 'not_in_force' END,
                          'account', g.account, 'point', p.code, 'schedule', g.schedule, 'commodity', p.commodity,
                          'priced', g.priced, 'effective', v.effective)
  FROM audit_points p
  JOIN audit_served g ON g.service_point_id = p.id
  LEFT JOIN (SELECT schedule_id, min(effective) AS effective FROM rates_releasedversion GROUP BY 1) v
    ON v.schedule_id = g.schedule_id
  LEFT JOIN audit_hung h ON h.service_point_id = p.id
 WHERE g.priced <> p.commodity OR v.effective IS NULL OR v.effective > %(day)s::date
"""
CHECK = Check(
    name="no_rate",
    title=N_("No rate"),
    says={
        "not_in_force": N_("Account {account} is billed for {point} by {schedule}, of which no version is in force."),
        "commodity": N_(
            "Account {account} is billed for {point} ({commodity}) by {schedule}, which prices another service: "
            "{priced}."
        ),
    },
    severity=1,
    sql=_SQL,
)
