"""Versions of the run's schedules that take effect inside the window: their bills are cut at that day."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT '' AS account, s.commodity, '' AS point, 'rate_begins' AS what, s.code || ' ' || v.version AS detail,
       v.effective AS "on"
  FROM (SELECT DISTINCT schedule_id FROM run_mine) m
  JOIN rates_schedule s ON s.id = m.schedule_id
  JOIN rates_releasedversion v ON v.schedule_id = s.id
 WHERE v.effective > %(since)s AND v.effective < %(until)s
"""
CHECK = Check(
    name="rates_change",
    title=N_("Rates that change"),
    says=N_("Released versions that take effect inside the window: bills are cut at that day."),
    owner="supervisor",
    sql=_SQL,
)
