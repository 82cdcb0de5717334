"""A parcel with hard surface, or with service on record, that never got a bill of any kind."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH billed AS (
    SELECT DISTINCT p.parcel_id FROM audit_billed b JOIN places_servicepoint s ON s.id = b.service_point_id
      JOIN places_premise p ON p.id = s.premise_id
), on_it AS (
    SELECT p.parcel_id, min(p.id) AS premise_id, min(p.premise_class) AS premise_class, count(*) AS premises,
           min(concat_ws(' ', p.street_number, p.street, nullif(p.unit, ''))) AS address
      FROM places_premise p GROUP BY 1
), points AS (
    SELECT parcel_id, count(*) AS points, min(since) AS since, min(id) AS point_id FROM audit_points GROUP BY 1
)
SELECT 'parcel:' || l.id, NULL::bigint, o.premise_id, l.id, NULL::bigint, NULL::bigint, 'stormwater',
       coalesce(o.premise_class, 'residential'),
       jsonb_build_object('what', CASE WHEN coalesce(n.points, 0) = 0 THEN 'no_point' ELSE 'points' END,
                          'parcel', l.number, 'area', l.impervious_sqft, 'address', o.address,
                          'points', coalesce(n.points, 0), 'since', n.since)
  FROM places_parcel l
  LEFT JOIN on_it o ON o.parcel_id = l.id
  LEFT JOIN points n ON n.parcel_id = l.id
 WHERE l.id NOT IN (SELECT parcel_id FROM billed)
   AND (l.impervious_sqft >= %(least_area)s::int OR n.points > 0)
   AND coalesce(n.since <= %(day)s::date - %(days)s::int, true)
"""
CHECK = Check(
    name="never_billed",
    title=N_("Never billed"),
    says={
        "no_point": N_(
            "Parcel {parcel} has {area} square feet of hard surface, no service point, and never got a bill."
        ),
        "points": N_(
            "Parcel {parcel}, {address}, has {points} service points since {since} and {area} square feet of hard "
            "surface, and never got a bill."
        ),
    },
    severity=2,
    sql=_SQL,
    parameters=(
        Parameter("days", "days", N_("Days from the first service point to the first bill")),
        Parameter("least_area", "area", N_("Hard surface that is ignored, in square feet")),
    ),
)  # fmt: skip
