"""A bill that goes by another meter size than the one that hangs."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check

_SQL = """
WITH newest AS (
    SELECT DISTINCT ON (cycle_id) id FROM billing_billrun WHERE status = 'posted' AND kind = 'cycle'
     ORDER BY cycle_id, bill_date DESC, id DESC
), billed AS (
    SELECT DISTINCT ON (s.service_point_id) s.service_point_id, s.starts, s.ends, s.account_id, s.size FROM (
        SELECT g.service_point_id, g.starts, g.ends, b.account_id, g.inputs #>> '{determinants,meter_size}' AS size
          FROM billing_segment g JOIN billing_bill b ON b.id = g.bill_id
         WHERE g.run_id IN (SELECT id FROM newest)) s
     WHERE s.size IS NOT NULL ORDER BY s.service_point_id, s.ends DESC
), stated AS (
    SELECT d.service_point_id, d.key AS size FROM places_determinant d
      JOIN places_determinantkind k ON k.id = d.kind_id AND k.name = 'meter_size'
     WHERE d.validity @> %(day)s::date AND d.key <> ''
)
SELECT 'point:' || p.id, p.id, p.premise_id, p.parcel_id, h.meter_id, coalesce(g.account_id, b.account_id),
       p.commodity, p.premise_class,
       jsonb_build_object('what', CASE WHEN t.size <> h.size THEN 'stated' ELSE 'billed' END, 'serial', h.serial,
                          'size', h.size, 'stated', t.size,
                          'billed', CASE WHEN t.size IS DISTINCT FROM h.size AND t.size IS NOT NULL THEN NULL
                                         ELSE b.size END, 'upto', CASE WHEN t.size <> h.size THEN NULL ELSE b.ends END)
  FROM audit_points p
  JOIN audit_hung h ON h.service_point_id = coalesce(p.water_source_id, p.id)
  LEFT JOIN stated t ON t.service_point_id = p.id
  LEFT JOIN billed b ON b.service_point_id = p.id AND b.starts >= h.since
  LEFT JOIN audit_served g ON g.service_point_id = p.id
 WHERE t.size <> h.size OR (t.size IS NULL AND b.size <> h.size)
"""
CHECK = Check(
    name="size_determinant_mismatch",
    title=N_("Billed by another size"),
    says={
        "stated": N_("Meter {serial} is of size {size}; the fact bills go by says {stated}."),
        "billed": N_("Meter {serial} is of size {size}; the bill to {upto} went by {billed}."),
    },
    severity=1,
    sql=_SQL,
    moving=frozenset({"upto"}),
)
