"""A register that counts in another unit than the tariff prices."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check

_SQL = """
SELECT DISTINCT ON (h.meter_id, g.schedule_id)
       'meter:' || h.meter_id || '/' || g.schedule, p.id, p.premise_id, p.parcel_id, h.meter_id, g.account_id,
       p.commodity, p.premise_class,
       jsonb_build_object('serial', h.serial, 'unit', r.unit, 'schedule', g.schedule, 'expected', u.unit,
                          'account', g.account)
  FROM audit_points p
  JOIN audit_served g ON g.service_point_id = p.id
  JOIN jsonb_to_recordset(%(units)s::jsonb) u(schedule_id bigint, unit text) ON u.schedule_id = g.schedule_id
  JOIN audit_hung h ON h.service_point_id = coalesce(p.water_source_id, p.id)
  JOIN metering_register r ON r.meter_id = h.meter_id AND r.channel <> 'received'
 WHERE u.unit <> r.unit AND g.priced = p.commodity
 ORDER BY h.meter_id, g.schedule_id, r.id
"""
CHECK = Check(
    name="wrong_unit",
    title=N_("Wrong unit"),
    says={"": N_("Meter {serial} counts in {unit}; schedule {schedule}, which prices it, in {expected}.")},
    severity=1,
    sql=_SQL,
)
