"""Open items of the exception queue at the run's points: what waits there is not billed."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT m.account, m.commodity, m.point, x.state AS what, coalesce(t.serial, '') AS detail, x."on"
  FROM run_mine m
  JOIN metering_readexception x ON x.service_point_id = m.service_point_id
  LEFT JOIN metering_register g ON g.id = x.register_id
  LEFT JOIN metering_meter t ON t.id = g.meter_id
 WHERE x.state <> 'resolved' AND x."on" <= %(read_to)s AND x."on" >= m.begins AND (m.ends IS NULL OR x."on" <= m.ends)
"""
CHECK = Check(
    name="reads_questioned",
    title=N_("Reads in question"),
    says=N_("Open items of the exception queue at the run's points: a read in question is not billed."),
    owner="billing_technician",
    sql=_SQL,
    of="registers",
)
