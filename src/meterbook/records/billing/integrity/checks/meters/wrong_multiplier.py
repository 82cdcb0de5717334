"""A register whose multiplier is not what its kind of meter has, or not what the read files state."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH expected AS (
    SELECT e.commodity, e.size, e.exactly, e.at_least
      FROM jsonb_to_recordset(%(expected)s::jsonb) e(commodity text, size text, exactly numeric, at_least numeric)
), stated AS (
    SELECT DISTINCT ON (r.register_id) r.register_id, (f.figures ->> 'source_multiplier')::numeric AS multiplier
      FROM metering_finding f JOIN metering_read r ON r.id = f.read_id
     WHERE f.rule = 'multiplier' AND f.figures ->> 'what' = 'differs'
       AND f."on" > %(day)s::date - %(stated_days)s::int
     ORDER BY r.register_id, f."on" DESC, f.id DESC
)
SELECT 'meter:' || h.meter_id || '/' || r.channel, h.service_point_id, p.premise_id, p.parcel_id, h.meter_id,
       g.account_id, p.commodity, p.premise_class,
       jsonb_build_object(
           'what', CASE WHEN r.multiplier <> e.exactly THEN 'exactly' WHEN r.multiplier < e.at_least THEN 'at_least'
                        ELSE 'stated' END,
           'serial', h.serial, 'size', h.size, 'channel', r.channel, 'multiplier', trim_scale(r.multiplier)::text,
           'exactly', trim_scale(e.exactly)::text, 'at_least', trim_scale(e.at_least)::text,
           'stated', trim_scale(s.multiplier)::text)
  FROM audit_hung h
  JOIN audit_points p ON p.id = h.service_point_id
  JOIN metering_register r ON r.meter_id = h.meter_id
  LEFT JOIN LATERAL (SELECT exactly, at_least FROM expected e
                      WHERE e.commodity = h.commodity AND coalesce(e.size, h.size) = h.size
                      ORDER BY e.size IS NULL LIMIT 1) e ON true
  LEFT JOIN stated s ON s.register_id = r.id
  LEFT JOIN audit_served g ON g.service_point_id = p.id
 WHERE r.multiplier <> e.exactly OR r.multiplier < e.at_least OR r.multiplier <> s.multiplier
"""
CHECK = Check(
    name="wrong_multiplier",
    title=N_("Wrong multiplier"),
    says={
        "exactly": N_(
            "Meter {serial}, size {size}, multiplies by {multiplier} on record; meters of its kind by {exactly}."
        ),
        "at_least": N_(
            "Meter {serial}, size {size}, multiplies by {multiplier} on record; one behind current transformers has "
            "{at_least} or more."
        ),
        "stated": N_("Meter {serial} multiplies by {multiplier} on record; the read files state {stated}."),
    },
    severity=1,
    sql=_SQL,
    parameters=(
        Parameter("expected", "table", N_("Multipliers by commodity and size")),
        Parameter("stated_days", "days", N_("Days a statement of a read file counts")),
    ),
)
