"""A premise that takes water and pays no sewer, although it is connected or its class says so."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH water AS (
    SELECT DISTINCT ON (p.premise_id) p.id, p.premise_id, p.parcel_id, p.premise_class, p.address, p.code, g.account_id,
           g.account, g.since
      FROM audit_points p JOIN audit_served g ON g.service_point_id = p.id
     WHERE p.commodity = 'water' ORDER BY p.premise_id, g.since, p.id
), sewer AS (
    SELECT p.premise_id, min(p.id) AS point_id, min(p.code) AS code, bool_or(g.agreement_id IS NOT NULL) AS served
      FROM audit_points p LEFT JOIN audit_served g ON g.service_point_id = p.id
     WHERE p.commodity = 'sewer' GROUP BY 1
)
SELECT 'premise:' || w.premise_id, coalesce(s.point_id, w.id), w.premise_id, w.parcel_id, NULL::bigint, w.account_id,
       'sewer', w.premise_class,
       jsonb_build_object('what', CASE WHEN s.point_id IS NOT NULL THEN 'unserved' WHEN r.bought > 0 THEN 'right'
                                       ELSE 'class' END,
                          'address', w.address, 'water', w.code, 'sewer', s.code, 'account', w.account,
                          'since', w.since, 'class', w.premise_class)
  FROM water w
  LEFT JOIN sewer s ON s.premise_id = w.premise_id
  LEFT JOIN LATERAL (SELECT sum(quantity) AS bought FROM places_connectionright c
                      WHERE c.parcel_id = w.parcel_id AND c.commodity = 'sewer' AND c.validity @> %(day)s::date) r
    ON true
 WHERE NOT coalesce(s.served, false) AND w.since <= %(day)s::date - %(days)s::int
   AND (s.point_id IS NOT NULL OR r.bought > 0 OR w.premise_class = ANY(%(classes)s))
"""
CHECK = Check(
    name="water_without_sewer",
    title=N_("Water without sewer"),
    says={
        "unserved": N_(
            "{address} takes water ({water}) since {since}, and nobody pays for its sewer connection {sewer}."
        ),
        "right": N_("{address} takes water ({water}); its parcel bought a sewer connection, and none is on record."),
        "class": N_("{address} takes water ({water}), is of a class that has sewer ({class}), and has no connection."),
    },
    severity=1,
    sql=_SQL,
    parameters=(
        Parameter("days", "days", N_("Days water may be served alone")),
        Parameter("classes", "words", N_("Classes of premises that have sewer wherever they have water")),
    ),
)  # fmt: skip
