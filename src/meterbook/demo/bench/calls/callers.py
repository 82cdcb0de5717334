"""Finding callers in a large city: who owes, whose service is cut off, what stands empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from meterbook.demo.bench.calls.desk import Callers
from meterbook.demo.bench.large.city import LIVED
from meterbook.demo.life import Life
from meterbook.demo.policies import enact_policies
from meterbook.demo.sources import POLICY_DIR
from meterbook.engine.billing.leak.rules import allowed
from meterbook.records.adjustments.leak.preview import Ask, leak_preview
from meterbook.records.adjustments.refusals import NotEligible
from meterbook.records.billing.screens import bill
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.ledger.arrangements.operations.extend import extend_payment
from meterbook.records.places.screens import premise
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.platform.queries import user_named
from meterbook.records.service_orders.completing import visit_of
from meterbook.records.service_orders.operations.opening import approve_orders, open_an_order
from meterbook.records.service_orders.operations.working import complete_order
from meterbook.records.service_orders.outcome import MeterRead, Outcome
from meterbook.records.service_orders.screens import points_of

#: So long after the newest bills what was not paid of them is past due.
_LATER = timedelta(days=35)
_OWE = 7
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
_PAID = """
SELECT a.number FROM payments_payment p JOIN customers_account a ON a.id = p.account_id WHERE a.closed_on IS NULL
 ORDER BY p.id DESC LIMIT 1
"""
_NEWEST_BILLS = """
SELECT max(b.id) FROM billing_bill b JOIN customers_account a ON a.id = b.account_id
  JOIN places_cycle c ON c.id = a.cycle_id AND c.code = %(cycle)s
 WHERE a.closed_on IS NULL AND NOT a.number = ANY(%(but)s) GROUP BY a.id ORDER BY a.id
"""
#: What the meters at a service point show now: a little more than they did last.
_SHOWN = """
SELECT m.serial, g.channel, max(r.value) + 5 FROM metering_installation i JOIN metering_meter m ON m.id = i.meter_id
  JOIN metering_register g ON g.meter_id = m.id
  JOIN metering_read r ON r.register_id = g.id AND r.status = 'accepted' AND NOT r.superseded
 WHERE i.service_point_id = %(point)s AND upper_inf(i.validity) GROUP BY m.serial, g.channel
"""
_POLICIES = """
SELECT DISTINCT ON (code) code, body FROM platform_document WHERE kind = 'policy'
 ORDER BY code, effective DESC, sequence DESC
"""
_CUT_OFF = ("completed", "reviewed", "closed")
_PREMISE = """
SELECT s.premise_id FROM customers_serviceagreement g JOIN places_servicepoint s ON s.id = g.service_point_id
  JOIN customers_account a ON a.id = g.account_id WHERE a.number = %(number)s AND upper_inf(g.validity) LIMIT 1
"""


class NoCallers(LookupError):
    """The city has nobody who owes enough to call."""


def callers(life: Life) -> Callers:
    """Find them on the city's day, a month after its newest bills; two move away and one is cut off for it."""
    _policies_since(life)
    life.today = life.today + _LATER
    advance_business_date(life.act("system", "a month later"), to=life.today)
    found = [row[0] for row in _rows(_OWING, day=life.today, cycle=LIVED, most=_OWE)]
    if len(found) < _OWE:
        raise NoCallers(f"{len(found)} accounts owe between 60 and 700 dollars, {_OWE} are needed")
    owes, behind, off, moves_out, moves_on, *gone = found
    empty, emptied = (_emptied(life, number) for number in gone)
    _cut_off(life, off)
    leaks, paid, day = _leaking(life, found), _rows(_PAID), life.today
    if not paid:
        raise NoCallers("nobody has paid anything")
    address = premise(emptied)
    return Callers(
        owes, str(paid[0][0]), behind, off, leaks, moves_out, moves_on, empty, emptied,
        address.address if address else "",
        f"{day.month}/{day.day}/{day.year}",
    )  # fmt: skip


def _policies_since(life: Life) -> None:
    """Release the policies that are new, or read otherwise, since a kept city was founded."""
    bodies = dict(_rows(_POLICIES))
    known = [path.stem for path in POLICY_DIR.glob("*.yaml") if bodies.get(path.stem) == path.read_text("utf-8")]
    enact_policies({**life.staff, "finance": user_named("finance")}, but=known)


def _leaking(life: Life, others: list[str]) -> str:
    """Somebody whose newest bill may be credited, once it is proved and nobody waits for the next read."""
    for row in _rows(_NEWEST_BILLS, cycle=LIVED, but=others):
        newest = bill(row[0])
        assert newest is not None
        try:
            found = leak_preview(Ask((newest,), life.today, life.today, bypassed_sewer=False, proofs=1))
        except NotEligible:
            continue
        if found.credit_cents and allowed(found.judged, waived=True):
            return str(newest.account.number)
    raise NoCallers("nobody used so much more than usual that a leak credit may be asked for")


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
    as_boss = life.act("supervisor", "not paid")
    order = open_an_order(as_boss, kind="off", service_point=point, account=account, cause="nonpayment")
    if order.state == "draft":
        approve_orders(as_boss, orders=[order])
    at = datetime(life.today.year, life.today.month, life.today.day, 16, tzinfo=UTC)
    shown = tuple(MeterRead(row[0], row[1], row[2], at) for row in _rows(_SHOWN, point=point.pk))
    sent = Outcome(
        key=f"calls:{order.pk}", version=0, done_at=at, serial=shown[0].serial, reads=shown,
        answers={"valve_shut": "yes"},
    )  # fmt: skip
    done = complete_order(as_boss, order=order, outcome=sent)
    if done.state not in _CUT_OFF:
        visit = visit_of(sent.key)
        raise NoCallers(f"{number} could not be cut off: {visit.conflicts if visit else done.state}")
    extend_payment(life.act("supervisor", "pays next week"), account=account, until=life.today + timedelta(days=7))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
