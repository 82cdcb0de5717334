"""Accounts and premises as Find lists them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from meterbook.records.places.models import Premise


@dataclass(frozen=True, slots=True)
class Match:
    """An account, or a premise nobody is served at, as Find lists it; ``secret`` keeps its address back."""

    number: str
    name: str
    address: str
    phone: str
    closed_on: date | None
    account_id: int | None
    premise_id: int | None
    email: str = ""
    secret: bool = False

    def shown(self, *, phone: str, email: str) -> Match:
        """The same match with contact data as the reader may see it."""
        return replace(self, phone=phone, email=email)


_MATCHES = """
SELECT a.number, p.name,
       CASE WHEN hidden.yes THEN '' ELSE concat_ws(' ', pr.street_number, pr.street, nullif(pr.unit, '')) END,
       p.phone, a.closed_on, a.id, CASE WHEN hidden.yes THEN NULL ELSE pr.id END, p.email, hidden.yes
  FROM customers_account a
  JOIN customers_person p ON p.id = a.holder_id
  LEFT JOIN LATERAL (
       SELECT sp.premise_id FROM customers_serviceagreement g
         JOIN places_servicepoint sp ON sp.id = g.service_point_id
        WHERE g.account_id = a.id
        ORDER BY upper(g.validity) DESC NULLS FIRST, sp.premise_id LIMIT 1) s ON true
  LEFT JOIN places_premise pr ON pr.id = s.premise_id
  CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM customers_alert l, platform_businessclock k
                       WHERE l.account_id = a.id AND l.kind = 'confidential_address'
                         AND l.validity @> k.business_date) AS yes) hidden
 WHERE a.id = ANY(%s)
"""


def matches(account_ids: list[int]) -> list[Match]:
    """Accounts as Find lists them, in the order given, with the premise served last."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES, [account_ids])
        found = {row[5]: Match(*row) for row in cursor.fetchall()}
    return [found[pk] for pk in account_ids if pk in found]


def premise_alone(premise_id: int) -> list[Match]:
    """A premise nobody was ever served at, as Find lists it."""
    found = Premise.objects.filter(pk=premise_id).first()
    return [Match("", "", found.address, "", None, None, found.pk)] if found else []


_OF_PREMISES = """
SELECT sp.premise_id, g.account_id, bool_or(g.validity @> %s::date)
  FROM customers_serviceagreement g JOIN places_servicepoint sp ON sp.id = g.service_point_id
 WHERE sp.premise_id = ANY(%s) GROUP BY 1, 2
"""


def accounts_of_premises(premise_ids: list[int], day: date) -> dict[int, list[tuple[int, bool]]]:
    """The accounts ever served at each premise, and whether they are on that day; those served first."""
    found: dict[int, list[tuple[int, bool]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_PREMISES, [day, premise_ids])
        for premise_id, account_id, served in cursor.fetchall():
            found.setdefault(premise_id, []).append((account_id, served))
    return {key: sorted(rows, key=lambda pair: (not pair[1], pair[0])) for key, rows in found.items()}
