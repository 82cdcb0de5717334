"""How long a customer has been at a service point: across agreements, as when only the rate schedule changed."""

from __future__ import annotations

#: A table ``stay`` of who is served on ``%(day)s``: ``since`` when the holder has been at the point, through however
#: many agreements, and ``left_on``, the last day somebody else was served there before, if anybody was.
STAY = """
stay AS (
SELECT g.id AS agreement_id, g.service_point_id, a.holder_id, a.number, other.left_on,
       (SELECT min(lower(m.validity)) FROM customers_serviceagreement m JOIN customers_account b ON b.id = m.account_id
         WHERE m.service_point_id = g.service_point_id AND b.holder_id = a.holder_id
           AND lower(m.validity) BETWEEN coalesce(other.left_on, '-infinity') AND lower(g.validity)) AS since
  FROM customers_serviceagreement g
  JOIN customers_account a ON a.id = g.account_id
  LEFT JOIN LATERAL (
       SELECT max(upper(o.validity)) AS left_on FROM customers_serviceagreement o
         JOIN customers_account c ON c.id = o.account_id
        WHERE o.service_point_id = g.service_point_id AND c.holder_id <> a.holder_id
          AND upper(o.validity) <= lower(g.validity)) other ON true
 WHERE g.validity @> %(day)s::date
)
"""
