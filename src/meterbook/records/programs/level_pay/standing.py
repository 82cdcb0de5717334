"""How accounts stand, from the books alone: what they were billed, what is past due, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from meterbook.engine.programs.level_pay import Standing
from meterbook.records.customers.models import ServiceAgreement
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
SELECT account_id, sum(open_cents) FILTER (WHERE side = 'charge' AND due_on < %(day)s),
       min(due_on) FILTER (WHERE side = 'charge' AND due_on < %(day)s AND open_cents > 0)
  FROM (SELECT o.account_id, o.side, o.due_on,
               o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                           WHERE l.charge_id = o.id OR l.credit_id = o.id), 0) AS open_cents
          FROM ledger_openitem o WHERE o.account_id = ANY(%(accounts)s)) item
 GROUP BY account_id
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
    late = _late(accounts, day)
    returned = _counted(_RETURNED, [list(accounts), months_before(day, returned_months), day])
    plans = _plans(accounts)
    deferred = deferred_cents(accounts)
    served = set(
        ServiceAgreement.objects.filter(account_id__in=accounts, validity__contains=day).values_list(
            "account_id", flat=True
        )
    )
    found = {}
    for account in accounts:
        cents, since = late.get(account, (0, None))
        past_due = max(cents - max(deferred.get(account, 0), 0), 0)
        charged, months = year_of(bills[account])
        found[account] = Standing(
            bills=months, charged_cents=charged, past_due_cents=past_due,
            days_past_due=(day - since).days if since is not None and past_due else 0,
            returned=returned.get(account, 0), on_plan=account in plans.active,
            left_months_ago=plans.left(account, day), has_service=account in served,
        )  # fmt: skip
    return found


def standing_of(account: int, day: date, *, returned_months: int = 12) -> Standing:
    """How one account stands on a day."""
    return standings([account], day, returned_months=returned_months)[account]


def _late(accounts: Sequence[int], day: date) -> dict[int, tuple[int, date | None]]:
    """What is past due by account, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(_PAST_DUE, {"accounts": list(accounts), "day": day})
        return {row[0]: (int(row[1] or 0), row[2]) for row in cursor.fetchall()}


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
