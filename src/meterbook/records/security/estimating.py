"""A year of bills of an account: its own, else its home's under the customer before, else what others like it pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from meterbook.engine.security.rules import DepositClass
from meterbook.records.customers.models import Account

_YEAR = 365
#: Fewer days of bills than this say nothing about a year.
_LEAST_DAYS = 80

#: What posted bills charged for service, and for how many days, by service point, of days within the year before.
_OWN = """
SELECT coalesce(sum(cents), 0), coalesce(max(days), 0) FROM (
    SELECT s.service_point_id, sum(s.amount_cents) AS cents,
           sum(CASE s.kind WHEN 'charge' THEN s.ends - s.starts ELSE s.starts - s.ends END) AS days
      FROM billing_segment s JOIN billing_bill b ON b.id = s.bill_id AND b.run_id = s.run_id
      JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
     WHERE {whose} AND s.ends > %(after)s AND s.ends <= %(upto)s GROUP BY 1) t
"""
_BY_ACCOUNT = "b.account_id = %(account)s"
_BY_PREMISE = """(s.service_point_id = ANY(%(points)s) OR s.service_point_id IN (
                   SELECT g.service_point_id FROM customers_serviceagreement g
                    WHERE g.account_id = %(account)s AND upper_inf(g.validity))) AND b.account_id <> %(account)s"""
_OTHERS = """
SELECT coalesce(avg(cents), 0)::bigint, count(*) FROM (
    SELECT b.account_id, sum(s.amount_cents) * 365 / greatest(max(b.ends) - min(b.starts), 1) AS cents
      FROM billing_segment s JOIN billing_bill b ON b.id = s.bill_id AND b.run_id = s.run_id
      JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
      JOIN rates_schedule c ON c.id = s.schedule_id
     WHERE s.ends > %(after)s AND s.ends <= %(upto)s
       AND ((%(named)s AND c.code = ANY(%(schedules)s)) OR (NOT %(named)s AND c.code <> ALL(%(schedules)s)))
     GROUP BY 1) t
"""


class NothingToGoBy(ValueError):
    """Neither the account nor its home nor anybody of its class has bills to estimate a year from."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of bills in cents, whose they were (own, premise, others), and of how many days or accounts."""

    cents: int
    basis: str
    count: int


def year_of(
    account: Account, rule: DepositClass, others: list[str], day: date, *, points: Sequence[int] = ()
) -> Year:  # fmt: skip
    """A year of an account's bills as the bills of the year before ``day`` tell it, by days. Raises `NothingToGoBy`.

    ``others`` are schedules of the other classes, for a class that names none itself; ``points`` are service points
    the account will be served at.
    """
    asked: dict[str, Any] = {
        "account": account.pk,
        "after": day - timedelta(days=_YEAR),
        "upto": day,
        "points": list(points),
    }
    for basis, whose in (("own", _BY_ACCOUNT), ("premise", _BY_PREMISE)):
        with connection.cursor() as cursor:
            cursor.execute(_OWN.format(whose=whose), asked)
            cents, days = (int(each) for each in cursor.fetchone())
        if days >= _LEAST_DAYS and cents > 0:
            return Year(_half_up(cents * _YEAR, days), basis, days)
    named = bool(rule.schedules)
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, asked | {"named": named, "schedules": list(rule.schedules) if named else others})
        cents, count = (int(each) for each in cursor.fetchone())
    if count and cents > 0:
        return Year(cents, "others", count)
    raise NothingToGoBy(f"account {account.number}: no bills to estimate a year from; say the year's amount")


def _half_up(cents: int, days: int) -> int:
    return (2 * cents + days) // (2 * days)
