"""Customers without a winter of their own: what they are billed by until the next reset; averages that move along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.places.models import DeterminantKind
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.programs.winter_average.gather import KIND
from meterbook.records.programs.winter_average.rules import WinterRules, winter_rules
from meterbook.records.programs.winter_average.stays import STAY

#: Customers who came while the average of whoever was there before them was in force, with the newest average of their
#: own that they left behind: one that a reset made, or that they were settled by, while they lived there.
_NEWCOMERS = f"""
WITH {STAY}
SELECT y.agreement_id, y.service_point_id, s.code, y.number, y.since, d.id, d.number_e6, upper(d.validity),
       own.number_e6, own.code
  FROM stay y
  JOIN places_servicepoint s ON s.id = y.service_point_id
  JOIN places_determinant d ON d.service_point_id = y.service_point_id AND d.validity @> y.since
  JOIN places_determinantkind k ON k.id = d.kind_id AND k.name = %(kind)s
  LEFT JOIN LATERAL (
       SELECT e.number_e6, t.code FROM customers_serviceagreement o
         JOIN customers_account b ON b.id = o.account_id AND b.holder_id = y.holder_id
         JOIN places_servicepoint t ON t.id = o.service_point_id AND t.commodity = s.commodity
         JOIN places_determinant e ON e.service_point_id = t.id AND e.kind_id = d.kind_id
          AND e.validity @> upper(o.validity) - 1
        WHERE t.id <> s.id AND upper(o.validity) BETWEEN y.since - %(days)s AND y.since + %(days)s
          AND NOT EXISTS (SELECT FROM customers_serviceagreement x JOIN customers_account z ON z.id = x.account_id
                           WHERE x.service_point_id = t.id AND z.holder_id <> y.holder_id
                             AND upper(x.validity) <= lower(o.validity)
                             AND NOT EXISTS (SELECT FROM customers_serviceagreement m
                                               JOIN customers_account n ON n.id = m.account_id
                                              WHERE m.service_point_id = t.id AND n.holder_id = y.holder_id
                                                AND lower(m.validity) BETWEEN upper(x.validity) AND lower(e.validity)))
        ORDER BY upper(o.validity) DESC, o.id DESC LIMIT 1) own ON true
 WHERE y.left_on IS NOT NULL AND y.since > lower(d.validity)
   AND (upper(d.validity) IS NULL OR upper(d.validity) > %(day)s)
 ORDER BY s.code COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A customer billed by the winter of whoever lived there before, and what the policy gives them instead.

    Quantities in millionths of the billing unit a month; ``source`` says where the new one comes from: ``own`` (with
    ``left``, the service point it was made at) or ``default``.
    """

    agreement: int
    service_point: int
    point: str
    account: str
    since: date
    determinant: int
    before_e6: int
    until: date | None
    after_e6: int
    source: str
    left: str


def newcomers(on: date) -> list[Newcomer]:
    """Who is billed by another customer's winter on a day, with what the policy in force gives them."""
    rules = winter_rules(on)
    if rules.newcomer == "point":
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEWCOMERS, {"kind": KIND, "days": rules.moves_within_days, "day": on})
        return [_newcomer(row, rules) for row in cursor.fetchall()]


def _newcomer(row: tuple[Any, ...], rules: WinterRules) -> Newcomer:
    agreement, point_id, point, account, since, determinant, before, until, own, left = row
    moves = rules.newcomer == "own" and own is not None
    after, source = (own, "own") if moves else (rules.default, "default")
    return Newcomer(
        agreement, point_id, point, account, since, determinant, before, until, after, source, left if moves else ""
    )


@operation("programs.settle_newcomers", roles={BILLING, SUPERVISOR, CSR})
def settle_newcomers(deed: Deed, *, on: date, account: str = "") -> list[Newcomer]:
    """Give customers who moved in their own average, or the default, from the day they came; one account or all.

    Nothing changes for those who have theirs; doing it again changes nothing.
    """
    kind = DeterminantKind.objects.get(name=KIND)
    found = [each for each in newcomers(on) if account in ("", each.account)]
    with connection.cursor() as cursor:
        for each in found:
            cursor.execute(
                "UPDATE places_determinant SET validity = daterange(lower(validity), %s) WHERE id = %s",
                [each.since, each.determinant],
            )
            cursor.execute(
                "INSERT INTO places_determinant (service_point_id, kind_id, number_e6, key, origin, validity, deed_id)"
                " VALUES (%s, %s, %s, '', %s, daterange(%s, %s), %s)",
                [each.service_point, kind.pk, each.after_e6, _origin(each), each.since, each.until, deed.pk],
            )
    tell(deed, "programs.newcomers_settled", accounts=[each.account for each in found])
    return found


def _origin(each: Newcomer) -> str:
    if each.source == "own":
        return f"moved in {each.since}: own average of {each.left}"
    return f"moved in {each.since}: default of new customers"
