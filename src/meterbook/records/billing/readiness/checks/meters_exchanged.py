"""Meters hung or taken down inside the window: bills with two meters."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT DISTINCT m.account, m.commodity, m.point, e.what, t.serial AS detail, e."on"
  FROM run_mine m
  JOIN metering_installation i ON i.service_point_id = m.service_point_id
  JOIN metering_meter t ON t.id = i.meter_id
 CROSS JOIN LATERAL (VALUES ('meter_hung', lower(i.validity)), ('meter_removed', upper(i.validity))) e(what, "on")
 WHERE e."on" > %(since)s AND e."on" <= %(until)s AND e."on" >= m.begins AND (m.ends IS NULL OR e."on" < m.ends)
"""
CHECK = Check(
    name="meters_exchanged",
    title=N_("Meters exchanged"),
    says=N_("Meters hung or taken down inside the window: bills with two meters."),
    owner="meter_shop",
    sql=_SQL,
    alarms=False,
)
