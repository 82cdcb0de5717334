"""The figures of a payoff: what is owed, what is used and not billed yet, what a day more costs, what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import connection

from meterbook.engine.ledger.closing.unbilled import half_up
from meterbook.records.customers.models import Account
from meterbook.records.ledger.arrangements.standing import ArrangementStands, plan_on
from meterbook.records.ledger.deposits.queries import deposits
from meterbook.records.ledger.screens import Owed, owed
from meterbook.records.platform.policies import NoPolicy

#: Each point's newest billed days on a posted bill that stands, every line of them, and the days since.
_POINTS = """
WITH served AS (
  SELECT g.service_point_id AS point, lower(g.validity) AS begins, upper(g.validity) AS ends
    FROM customers_serviceagreement g WHERE g.account_id = %(account)s AND g.validity && daterange(%(day)s, %(upto)s)),
newest AS (
  SELECT DISTINCT ON (s.service_point_id) s.run_id, s.id, s.service_point_id AS point, s.starts, s.ends
    FROM billing_segment s JOIN billing_billrun r ON r.id = s.run_id AND r.status = 'posted'
   WHERE s.service_point_id IN (SELECT point FROM served) AND s.kind = 'charge'
     AND NOT EXISTS (SELECT FROM billing_segment t WHERE t.kind = 'reversal'
                        AND t.reverses_run_id = s.run_id AND t.reverses_id = s.id)
   ORDER BY s.service_point_id, s.ends DESC, s.run_id DESC, s.id DESC)
SELECT v.commodity, n.ends, n.ends - n.starts,
       (SELECT coalesce(sum(l.amount_cents), 0)::bigint FROM billing_line l
         WHERE l.run_id = n.run_id AND l.segment_id = n.id),
       greatest(least(%(upto)s, coalesce(served.ends, %(upto)s)) - greatest(coalesce(n.ends, served.begins),
                served.begins), 0)
  FROM served JOIN places_servicepoint v ON v.id = served.point LEFT JOIN newest n ON n.point = served.point
 ORDER BY v.commodity, v.id
"""


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A service point's days since its last bill, at that bill's daily charge; ``cents`` None if never billed."""

    service: str
    billed_until: date | None
    days: int
    cents: int | None
    a_day: Fraction


@dataclass(frozen=True, slots=True)
class Payoff:
    """What pays an account off through a day. Amounts in cents; an estimate stands beside what is owed."""

    account: Account
    day: date
    good_through: date
    owed: tuple[Owed, ...]
    unbilled: tuple[Unbilled, ...]
    deposits_cents: int
    plan: ArrangementStands | None

    @property
    def balance_cents(self) -> int:
        """What is owed today, credits taken off."""
        return sum(one.balance_cents for one in self.owed)

    @property
    def unbilled_cents(self) -> int:
        """What is used and not billed yet, through the day, as far as it can be estimated."""
        return sum(one.cents or 0 for one in self.unbilled)

    @property
    def a_day_cents(self) -> int:
        """What each day after costs, rounded half-up."""
        return half_up(sum((one.a_day for one in self.unbilled), Fraction(0)))

    @property
    def total_cents(self) -> int:
        """What pays it off through the day; deposits are not taken off, since they go back by their own rules."""
        return self.balance_cents + self.unbilled_cents


def payoff(account: Account, *, day: date, good_through: date) -> Payoff:
    """What pays the account off through a day."""
    upto = date.fromordinal(good_through.toordinal() + 1)
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, {"account": account.pk, "day": day, "upto": upto})
        points = cursor.fetchall()
    held = sum(one.held_cents for one in deposits(account.pk))
    return Payoff(
        account, day, good_through, tuple(owed(account.pk, day)), tuple(_estimate(*row) for row in points), held,
        _plan(account, day),
    )  # fmt: skip


def _estimate(service: str, until: date | None, billed_days: int | None, cents: int, days: int) -> Unbilled:
    if not billed_days:
        return Unbilled(service, None, int(days), None, Fraction(0))
    a_day = Fraction(int(cents), int(billed_days))
    return Unbilled(service, until, int(days), half_up(a_day * int(days)), a_day)


def _plan(account: Account, day: date) -> ArrangementStands | None:
    try:
        return plan_on(account.pk, day)
    except NoPolicy:
        return None
