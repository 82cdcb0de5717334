"""Facts of the run's points that changed inside the window: cart sizes, areas, winter averages."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT m.account, m.commodity, m.point, k.name AS what,
       coalesce(nullif(o.key, ''), trim_scale(o.number_e6 / 1000000.0)::text) || ' → '
       || coalesce(nullif(d.key, ''), trim_scale(d.number_e6 / 1000000.0)::text) AS detail, lower(d.validity) AS "on"
  FROM run_mine m
  JOIN places_determinant d ON d.service_point_id = m.service_point_id
  JOIN places_determinantkind k ON k.id = d.kind_id
  JOIN places_determinant o ON o.service_point_id = d.service_point_id AND o.kind_id = d.kind_id
   AND upper(o.validity) = lower(d.validity)
 WHERE lower(d.validity) > %(since)s AND lower(d.validity) <= %(until)s AND lower(d.validity) > m.begins
   AND (m.ends IS NULL OR lower(d.validity) < m.ends)
"""
CHECK = Check(
    name="facts_change",
    title=N_("Facts that changed"),
    says=N_("Cart sizes, areas, winter averages and other facts that changed inside the window."),
    owner="billing_technician",
    sql=_SQL,
    alarms=False,
)
