"""How accounts stand, from the books alone: what they were billed, what is past due, what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from meterbook.engine.programs.level_pay import Standing
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.disputes.standing import past_due_disputed
from meterbook.records.programs.models import LevelPayMonth, LevelPayPlan


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier; the last of a shorter month.

    >>> months_before(date(2026, 3, 31), 1), months_before(date(2026, 3, 31), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 3, 31))
    """
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first.replace(day=min(day.day, last.day)), last)


_BILLED = """
SELECT account_id, effective_on, sum(CASE side WHEN 'charge' THEN amount_cents ELSE -amount_cents END)
  FROM ledger_openitem
 WHERE source_kind = 'bill' AND account_id = ANY(%s) AND effective_on > %s AND effective_on <= %s
 GROUP BY account_id, effective_on, source_id ORDER BY account_id, effective_on, source_id
"""


def billed(accounts: Sequence[int], *, after: date, upto: date) -> dict[int, list[tuple[date, int]]]:
    """Bill date and cents of the bills of each account, dated after one day and up to another."""
    found: dict[int, list[tuple[date, int]]] = {account: [] for account in accounts}
    with connection.cursor() as cursor:
        cursor.execute(_BILLED, [list(accounts), after, upto])
        for account, on, cents in cursor.fetchall():
            found[account].append((on, int(cents)))
    return found


def year_of(bills: Sequence[tuple[date, int]]) -> tuple[int, int]:
    """Cents of these bills, and how many months they are of."""
    return sum(cents for _, cents in bills), len({(on.year, on.month) for on, _ in bills})


_PAST_DUE = """
SELECT account_id, due_on, sum(open_cents)
  FROM (SELECT o.account_id, o.due_on,
               o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                           WHERE l.charge_id = o.id OR l.credit_id = o.id), 0) AS open_cents
          FROM ledger_openitem o
         WHERE o.account_id = ANY(%(accounts)s) AND o.side = 'charge' AND o.due_on < %(day)s) item
 WHERE open_cents <> 0 GROUP BY account_id, due_on
"""
_DEFERRED = """
SELECT p.account_id, i.due_on, m.difference_cents
  FROM programs_levelpaymonth m JOIN programs_levelpayplan p ON p.id = m.plan_id AND p.state = 'active'
  JOIN LATERAL (SELECT min(o.due_on) AS due_on FROM ledger_openitem o
                 WHERE o.account_id = p.account_id AND o.source_kind = 'bill' AND o.source_id = m.bill_id) i
    ON i.due_on < %(day)s
 WHERE p.account_id = ANY(%(accounts)s) ORDER BY m.id
"""
_RETURNED = """
SELECT account_id, count(DISTINCT source_id) FROM ledger_entry
 WHERE source_kind = 'reversal' AND account_id = ANY(%s) AND effective_on > %s AND effective_on <= %s GROUP BY 1
"""


def standings(accounts: Sequence[int], day: date, *, returned_months: int = 12) -> dict[int, Standing]:
    """How each account stands on a day.

    What is past due leaves out what a plan defers: only what was asked for can be late.
    """
    bills = billed(accounts, after=months_before(day, 12), upto=day)
    late, deferred = _late(accounts, day), _deferred_until(accounts, day)
    returned = _counted(_RETURNED, [list(accounts), months_before(day, returned_months), day])
    plans = _plans(accounts)
    served = set(
        ServiceAgreement.objects.filter(account_id__in=accounts, validity__contains=day).values_list(
            "account_id", flat=True
        )
    )
    found = {}
    for account in accounts:
        past_due, since = arrears(late.get(account, []), deferred.get(account, []))
        charged, months = year_of(bills[account])
        found[account] = Standing(
            bills=months, charged_cents=charged, past_due_cents=past_due,
            days_past_due=(day - since).days if since is not None else 0,
            returned=returned.get(account, 0), on_plan=account in plans.active,
            left_months_ago=plans.left(account, day), has_service=account in served,
        )  # fmt: skip
    return found


def standing_of(account: int, day: date, *, returned_months: int = 12) -> Standing:
    """How one account stands on a day."""
    return standings([account], day, returned_months=returned_months)[account]


def arrears(late: Sequence[tuple[date, int]], deferred: Sequence[tuple[date, int]]) -> tuple[int, date | None]:
    """Cents past due and since when, from what is open by due date and what the plan had deferred by due date.

    What a bill defers, or asks of what was deferred before, counts from its own due date: until then nobody is late
    with it, and it hides nothing.

    >>> first, second = date(2026, 1, 20), date(2026, 2, 20)
    >>> arrears([(first, 200)], [(first, 200), (second, 150)])
    (50, datetime.date(2026, 2, 20))
    """
    cents, since, put_off = 0, None, dict(deferred)
    open_cents: dict[date, int] = defaultdict(int)
    for on, part in late:
        open_cents[on] += part
    owed = later = 0
    for day in sorted({*open_cents, *put_off}):
        owed, later = owed + open_cents.get(day, 0), put_off.get(day, later)
        cents = max(owed - max(later, 0), 0)
        since = (since or day) if cents else None
    return cents, since


def _late(accounts: Sequence[int], day: date) -> dict[int, list[tuple[date, int]]]:
    """What is open of charges past due and not in dispute, by account and due date."""
    found = {
        account: [(on, -cents) for on, cents in rows] for account, rows in past_due_disputed(accounts, day).items()
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAST_DUE, {"accounts": list(accounts), "day": day})
        for account, due_on, cents in cursor.fetchall():
            found.setdefault(account, []).append((due_on, int(cents)))
    return found


def _deferred_until(accounts: Sequence[int], day: date) -> dict[int, list[tuple[date, int]]]:
    """What active plans deferred after each bill that is past due, by account and due date, the newest of a day last.

    A bill without any charge has no due date in the books: what it asked for counts with the next one's.
    """
    found: dict[int, list[tuple[date, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DEFERRED, {"accounts": list(accounts), "day": day})
        for account, due_on, cents in cursor.fetchall():
            found.setdefault(account, []).append((due_on, int(cents)))
    return found


def _counted(sql: str, params: list[Any]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {row[0]: int(row[1]) for row in cursor.fetchall()}


class _Plans:
    """Which accounts are on a plan, and when the others left one."""

    def __init__(self, rows: Sequence[tuple[int, str, date | None]]) -> None:
        self.active = {account for account, state, _ in rows if state == LevelPayPlan.ACTIVE}
        self.ended: dict[int, date] = {}
        for account, state, ended_on in rows:
            if state == LevelPayPlan.REMOVED and ended_on is not None:
                self.ended[account] = max(self.ended.get(account, ended_on), ended_on)

    def left(self, account: int, day: date) -> int | None:
        """Whole months since an account was removed from a plan."""
        ended = self.ended.get(account)
        if ended is None:
            return None
        months = (day.year - ended.year) * 12 + day.month - ended.month
        return months - (day.day < ended.day)


def _plans(accounts: Sequence[int]) -> _Plans:
    return _Plans(
        list(LevelPayPlan.objects.filter(account_id__in=accounts).values_list("account_id", "state", "ended_on"))
    )


def deferred_cents(accounts: Sequence[int]) -> dict[int, int]:
    """What active plans defer, by account: charged but not asked for yet (below zero: asked for in advance)."""
    rows = LevelPayMonth.objects.filter(plan__account_id__in=accounts, plan__state=LevelPayPlan.ACTIVE)
    newest = rows.order_by("plan_id", "-pk").distinct("plan_id")
    return dict(newest.values_list("plan__account_id", "difference_cents"))
