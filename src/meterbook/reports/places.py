"""SQL that several reports have: where a service point is, and whose account it is on a day.

Every fragment speaks of a service point ``s`` and gives premise ``p``, route ``t``, cycle ``c``, account ``n``.
"""

from __future__ import annotations

#: Premise, route and cycle of the service point.
PLACE = """
  JOIN places_premise p ON p.id = s.premise_id
  LEFT JOIN places_route t ON t.id = s.route_id
  LEFT JOIN places_cycle c ON c.id = t.cycle_id
"""
#: What is shown of it.
PLACED = """s.id AS point_id, s.commodity, t.code AS route, s.sequence, p.id AS premise_id,
       concat_ws(' ', p.street_number, p.street, nullif(p.unit, '')) AS address"""
#: Only the cycle and the route asked for; empty: all.
WITHIN = "(%(cycle)s = '' OR c.code = %(cycle)s) AND (%(route)s = '' OR t.code = %(route)s)"
#: The way a reader walks, then what tells rows of one point apart.
WALK = "t.code NULLS LAST, s.sequence NULLS LAST, s.id"


def account_on(day: str) -> str:
    """The account served at the point on a day, an SQL expression; no account: nobody was.

    An agreement ends on the day its last read is taken: asked by the end of a period, give the day before.
    """
    return f"""
  LEFT JOIN customers_serviceagreement a ON a.service_point_id = s.id AND a.validity @> ({day})::date
  LEFT JOIN customers_account n ON n.id = a.account_id
"""
