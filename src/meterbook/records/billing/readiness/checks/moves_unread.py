"""People who move in or out inside the window without a read on the day: their last or first bill will be held."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT m.account, m.commodity, m.point, e.what, coalesce(h.serial, '') AS detail, e."on"
  FROM run_mine m
 CROSS JOIN LATERAL (VALUES ('moves_in', m.begins), ('moves_out', m.ends)) e(what, "on")
  LEFT JOIN LATERAL (SELECT t.serial FROM metering_installation i JOIN metering_meter t ON t.id = i.meter_id
                      WHERE i.service_point_id = m.service_point_id
                        AND i.validity && daterange(e."on" - 1, e."on", '[]')
                      ORDER BY lower(i.validity) DESC LIMIT 1) h ON true
 WHERE m.metered AND e."on" > %(since)s AND e."on" <= %(until)s
   AND NOT EXISTS (SELECT FROM metering_installation i
                     JOIN metering_register g ON g.meter_id = i.meter_id
                     JOIN metering_read k ON k.register_id = g.id AND k.read_on = e."on" AND NOT k.superseded
                      AND k.status <> 'rejected'
                    WHERE i.service_point_id = m.service_point_id
                      AND i.validity && daterange(e."on" - 1, e."on", '[]'))
"""
CHECK = Check(
    name="moves_unread",
    title=N_("Moves without a read"),
    says=N_("People who move in or out inside the window, and no read on that day."),
    owner="billing_technician",
    sql=_SQL,
)
