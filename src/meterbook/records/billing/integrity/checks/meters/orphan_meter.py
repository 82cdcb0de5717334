"""A meter nobody pays for, or whose state and place contradict each other."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH last AS (
    SELECT g.service_point_id, max(upper(g.validity)) AS until FROM customers_serviceagreement g
     WHERE upper(g.validity) <= %(day)s::date GROUP BY 1
)
SELECT 'meter:' || h.meter_id, h.service_point_id, p.premise_id, p.parcel_id, h.meter_id, NULL::bigint, NULL::text,
       p.premise_class,
       jsonb_build_object('what', CASE WHEN h.state <> 'installed' THEN 'state' WHEN p.id IS NULL THEN 'ended'
                                       WHEN l.until IS NULL THEN 'never_served' ELSE 'unserved' END,
                          'serial', h.serial, 'state', h.state, 'point', p.code, 'address', p.address,
                          'since', h.since, 'until', l.until)
  FROM audit_hung h
  LEFT JOIN audit_points p ON p.id = h.service_point_id
  LEFT JOIN last l ON l.service_point_id = h.service_point_id
  LEFT JOIN audit_served g ON g.service_point_id = h.service_point_id
 WHERE h.state <> 'installed' OR p.id IS NULL
    OR (g.agreement_id IS NULL AND greatest(h.since, l.until) <= %(day)s::date - %(days)s::int)
UNION ALL
SELECT 'meter:' || m.id, NULL, NULL, NULL, m.id, NULL, NULL, NULL,
       jsonb_build_object('what', 'nowhere', 'serial', m.serial, 'size', m.size)
  FROM metering_meter m
 WHERE m.state = 'installed' AND NOT EXISTS (SELECT FROM audit_hung h WHERE h.meter_id = m.id)
   AND NOT EXISTS (SELECT FROM metering_installation i WHERE i.meter_id = m.id AND lower(i.validity) > %(day)s::date)
"""
CHECK = Check(
    name="orphan_meter",
    title=N_("Orphan meter"),
    says={
        "state": N_("Meter {serial} hangs at {point}, and its state is {state}."),
        "ended": N_("Meter {serial} hangs since {since} at a service point that has ended."),
        "never_served": N_("Meter {serial} hangs at {point}, {address}, since {since}, and nobody ever paid there."),
        "unserved": N_("Meter {serial} hangs at {point}, {address}, and nobody pays there since {until}."),
        "nowhere": N_("Meter {serial}, size {size}, counts as installed and hangs nowhere."),
    },
    severity=3,
    sql=_SQL,
    parameters=(Parameter("days", "days", N_("Days a meter may hang where nobody pays")),),
)
