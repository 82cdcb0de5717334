"""A connection nobody pays for on a premise that is in use, or one that was bought and never came on record."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check, Parameter

_SQL = """
WITH in_use AS (
    SELECT p.premise_id, min(g.since) AS since, min(g.account_id) AS account_id, min(g.account) AS account,
           bool_or(p.commodity = 'water') AS water
      FROM audit_points p JOIN audit_served g ON g.service_point_id = p.id GROUP BY 1
)
SELECT 'point:' || p.id, p.id, p.premise_id, p.parcel_id, NULL::bigint, u.account_id, p.commodity, p.premise_class,
       jsonb_build_object('what', 'unserved', 'point', p.code, 'commodity', p.commodity, 'address', p.address,
                          'account', u.account, 'since', greatest(p.since, u.since, ended.on))
  FROM audit_points p
  JOIN in_use u ON u.premise_id = p.premise_id
  LEFT JOIN LATERAL (SELECT max(upper(g.validity)) AS "on" FROM customers_serviceagreement g
                      WHERE g.service_point_id = p.id) ended ON true
 WHERE p.connection <> 'metered' AND p.commodity = ANY(%(commodities)s) AND NOT (p.commodity = 'sewer' AND u.water)
   AND NOT EXISTS (SELECT FROM audit_served g WHERE g.service_point_id = p.id)
   AND greatest(p.since, u.since, ended.on) <= %(day)s::date - %(days)s::int
UNION ALL
SELECT 'parcel:' || c.parcel_id || '/' || c.commodity, NULL, m.id, c.parcel_id, NULL, u.account_id, c.commodity,
       m.premise_class,
       jsonb_build_object('what', 'bought', 'parcel', l.number, 'commodity', c.commodity, 'bought', c.quantity,
                          'since', c.since)
  FROM (SELECT parcel_id, commodity, sum(quantity) AS quantity, min(lower(validity)) AS since
          FROM places_connectionright WHERE validity @> %(day)s::date GROUP BY 1, 2) c
  JOIN places_parcel l ON l.id = c.parcel_id
  JOIN LATERAL (SELECT p.id, p.premise_class FROM places_premise p WHERE p.parcel_id = c.parcel_id
                 ORDER BY p.id LIMIT 1) m ON true
  JOIN LATERAL (SELECT min(i.account_id) AS account_id, bool_or(i.water) AS water FROM places_premise p
                  JOIN in_use i ON i.premise_id = p.id WHERE p.parcel_id = c.parcel_id) u ON u.account_id IS NOT NULL
 WHERE c.commodity = ANY(%(commodities)s) AND NOT (c.commodity = 'sewer' AND u.water)
   AND c.since <= %(day)s::date - %(days)s::int
   AND NOT EXISTS (SELECT FROM audit_points p WHERE p.parcel_id = c.parcel_id AND p.commodity = c.commodity)
"""
CHECK = Check(
    name="connection_without_account",
    title=N_("Connection without account"),
    says={
        "unserved": N_(
            "{address} is in use by account {account}, and nobody pays for its connection {point} ({commodity}) since "
            "{since}."
        ),
        "bought": N_(
            "Parcel {parcel} is in use and bought {bought} connections of {commodity} on {since}; none is on record."
        ),
    },
    severity=1,
    sql=_SQL,
    parameters=(
        Parameter("days", "days", N_("Days a connection in use may be without account")),
        Parameter("commodities", "words", N_("Services that are paid for wherever they are connected")),
    ),
)
