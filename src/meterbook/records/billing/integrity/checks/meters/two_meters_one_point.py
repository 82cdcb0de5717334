"""Two meters at one point, a meter in the inventory twice, a compound meter in part, a meter of another service."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check

_SQL = """
SELECT 'point:' || p.id || '/two', p.id, p.premise_id, p.parcel_id, min(h.meter_id), min(g.account_id), p.commodity,
       p.premise_class,
       jsonb_build_object('what', 'two', 'point', p.code, 'serials', string_agg(h.serial, ', ' ORDER BY h.serial))
  FROM audit_points p JOIN audit_hung h ON h.service_point_id = p.id
  LEFT JOIN audit_served g ON g.service_point_id = p.id
 GROUP BY p.id, p.code, p.premise_id, p.parcel_id, p.commodity, p.premise_class HAVING count(*) > 1
UNION ALL
SELECT 'meter:' || h.meter_id || '/twin', p.id, p.premise_id, p.parcel_id, h.meter_id, g.account_id, p.commodity,
       p.premise_class,
       jsonb_build_object('what', 'twin', 'serial', h.serial, 'twin', t.serial, 'state', t.state)
  FROM (SELECT id, serial, state, commodity,
               min(id) OVER same AS first_id, count(*) OVER same AS spelled
          FROM metering_meter WHERE state <> 'retired'
        WINDOW same AS (PARTITION BY commodity, ltrim(regexp_replace(upper(serial), '[^A-Z0-9]', '', 'g'), '0'))) m
  JOIN metering_meter t ON t.id = m.first_id
  JOIN audit_hung h ON h.meter_id = m.id
  JOIN audit_points p ON p.id = h.service_point_id
  LEFT JOIN audit_served g ON g.service_point_id = p.id
 WHERE m.spelled > 1 AND m.id <> m.first_id
UNION ALL
SELECT 'meter:' || h.meter_id || '/compound', p.id, p.premise_id, p.parcel_id, h.meter_id, g.account_id, p.commodity,
       p.premise_class,
       jsonb_build_object('what', 'compound', 'serial', h.serial, 'channels', r.channels)
  FROM (SELECT meter_id, string_agg(channel, ', ' ORDER BY channel) AS channels,
               count(*) FILTER (WHERE channel = 'high_flow') AS high,
               count(*) FILTER (WHERE channel = 'low_flow') AS low,
               count(*) FILTER (WHERE channel = 'delivered') AS plain
          FROM metering_register GROUP BY 1) r
  JOIN audit_hung h ON h.meter_id = r.meter_id
  JOIN audit_points p ON p.id = h.service_point_id
  LEFT JOIN audit_served g ON g.service_point_id = p.id
 WHERE r.high <> r.low OR (r.high > 0 AND r.plain > 0)
UNION ALL
SELECT 'meter:' || h.meter_id || '/commodity', p.id, p.premise_id, p.parcel_id, h.meter_id, g.account_id, p.commodity,
       p.premise_class,
       jsonb_build_object('what', 'commodity', 'serial', h.serial, 'commodity', h.commodity, 'service', p.commodity,
                          'point', p.code)
  FROM audit_hung h JOIN audit_points p ON p.id = h.service_point_id
  LEFT JOIN audit_served g ON g.service_point_id = p.id
 WHERE h.commodity <> p.commodity
"""
CHECK = Check(
    name="two_meters_one_point",
    title=N_("Two meters in one place"),
    says={
        "two": N_("At {point} hang the meters {serials} on the same day."),
        "twin": N_("Meter {serial} is spelled like {twin} ({state}): one meter may be on record twice."),
        "compound": N_("Meter {serial} is compound in part only: its registers are {channels}."),
        "commodity": N_("Meter {serial} measures {commodity} and hangs at {point}, which is {service}."),
    },
    severity=1,
    sql=_SQL,
)
