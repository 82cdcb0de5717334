"""A parcel whose meters exceed the connections it bought."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check

_SQL = """
WITH bought AS (
    SELECT parcel_id, commodity, size, sum(quantity) AS quantity FROM places_connectionright
     WHERE validity @> %(day)s::date GROUP BY 1, 2, 3
), used AS (
    SELECT p.parcel_id, p.commodity, h.size, count(*) AS meters, min(h.meter_id) AS meter_id,
           min(p.id) AS point_id, min(p.premise_id) AS premise_id, min(p.premise_class) AS premise_class,
           string_agg(h.serial, ', ' ORDER BY h.serial) AS serials
      FROM audit_points p JOIN audit_hung h ON h.service_point_id = p.id
     WHERE p.connection = 'metered' GROUP BY 1, 2, 3
)
SELECT 'parcel:' || u.parcel_id || '/' || u.commodity || '/' || u.size, u.point_id, u.premise_id, u.parcel_id,
       u.meter_id, g.account_id, NULL::text, u.premise_class,
       jsonb_build_object('parcel', l.number, 'commodity', u.commodity, 'size', u.size, 'used', u.meters,
                          'bought', coalesce(b.quantity, 0), 'serials', u.serials)
  FROM used u
  JOIN places_parcel l ON l.id = u.parcel_id
  LEFT JOIN bought b ON b.parcel_id = u.parcel_id AND b.commodity = u.commodity AND b.size = u.size
  LEFT JOIN audit_served g ON g.service_point_id = u.point_id
 WHERE u.meters > coalesce(b.quantity, 0)
   AND (u.commodity = ANY(%(rights_required)s)
        OR EXISTS (SELECT FROM bought o WHERE o.parcel_id = u.parcel_id AND o.commodity = u.commodity))
"""
CHECK = Check(
    name="sized_beyond_rights",
    title=N_("More than was bought"),
    says={
        "": N_(
            "Parcel {parcel} bought {bought} connections of {commodity}, size {size}, and {used} are in use: {serials}."
        )
    },
    severity=2,
    sql=_SQL,
)
