"""Finding callers in a large city: who owes, whose service is cut off, what stands empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from meterbook.demo.bench.calls.desk import Callers
from meterbook.demo.bench.large.city import LIVED
from meterbook.demo.life import Life
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.ledger.arrangements.operations.extend import extend_payment
from meterbook.records.places.screens import premise
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.service_orders.operations.opening import approve_orders, open_an_order
from meterbook.records.service_orders.operations.working import complete_order
from meterbook.records.service_orders.outcome import Outcome
from meterbook.records.service_orders.screens import points_of

#: So long after the newest bills what was not paid of them is past due.
_LATER = timedelta(days=35)
_OWING = """
SELECT a.number FROM customers_account a JOIN places_cycle c ON c.id = a.cycle_id
  JOIN ledger_openitem o ON o.account_id = a.id AND o.side = 'charge' AND o.due_on < %(day)s
 WHERE a.closed_on IS NULL AND (c.code = %(cycle)s OR a.id < 5000)
   AND EXISTS (SELECT FROM customers_serviceagreement g JOIN places_servicepoint s ON s.id = g.service_point_id
                JOIN customers_serviceagreement w ON w.account_id = a.id AND upper_inf(w.validity)
                JOIN places_servicepoint t ON t.id = w.service_point_id AND t.commodity = 'water'
                WHERE g.account_id = a.id AND upper_inf(g.validity) AND s.commodity = 'electricity')
 GROUP BY a.id, c.code
HAVING sum(o.amount_cents) - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l JOIN ledger_openitem i
        ON i.id = l.charge_id WHERE i.account_id = a.id AND i.due_on < %(day)s), 0) BETWEEN 6000 AND 70000
 ORDER BY c.code <> %(cycle)s, a.id LIMIT %(most)s
"""
_PREMISE = """
SELECT s.premise_id FROM customers_serviceagreement g JOIN places_servicepoint s ON s.id = g.service_point_id
  JOIN customers_account a ON a.id = g.account_id WHERE a.number = %(number)s AND upper_inf(g.validity) LIMIT 1
"""


class NoCallers(LookupError):
    """The city has nobody who owes enough to call."""


def callers(life: Life) -> Callers:
    """Find them on the city's day, a month after its newest bills; two move away and one is cut off for it."""
    life.today = life.today + _LATER
    advance_business_date(life.act("system", "a month later"), to=life.today)
    found = [row[0] for row in _rows(_OWING, day=life.today, cycle=LIVED, most=8)]
    if len(found) < 8:
        raise NoCallers(f"{len(found)} accounts owe between 60 and 700 dollars, 8 are needed")
    owes, behind, off, leaks, moves_out, moves_on, *gone = found
    empty, emptied = (_emptied(life, number) for number in gone)
    _cut_off(life, off)
    day = life.today
    address = premise(emptied)
    return Callers(
        owes, behind, off, leaks, moves_out, moves_on, empty, emptied, address.address if address else "",
        f"{day.month}/{day.day}/{day.year}",
    )  # fmt: skip


def _emptied(life: Life, number: str) -> int:
    place = int(_rows(_PREMISE, number=number)[0][0])
    account, home = account_numbered(number), premise(place)
    assert account is not None and home is not None
    move_out(life.act("system", "moved away"), account=account, premise=home, ends=life.today)
    return place


def _cut_off(life: Life, number: str) -> None:
    """Turn one service off for nonpayment; what is past due was promised, so that it may come back."""
    account = account_numbered(number)
    assert account is not None
    point = next(one for one in points_of(account, life.today) if one.commodity == "water")
    as_system = life.act("system", "not paid")
    order = open_an_order(as_system, kind="off", service_point=point, account=account, cause="nonpayment")
    if order.state == "draft":
        approve_orders(as_system, orders=[order])
    at = datetime(life.today.year, life.today.month, life.today.day, 16, tzinfo=UTC)
    complete_order(as_system, order=order, outcome=Outcome(key=f"calls:{order.pk}", version=0, done_at=at))
    extend_payment(life.act("supervisor", "pays next week"), account=account, until=life.today + timedelta(days=7))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
