"""What pages show of the register: a run's marks, its accounts, the open orders, and the backlog ahead."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from meterbook.engine.billing.register.backlog import Backlog, Waiting, forecast
from meterbook.records.billing.models import Bill, BillRun, Hold, HoldOrder, RegisterMark
from meterbook.records.billing.register.settings import hold_rules_on
from meterbook.records.billing.screens import newest_runs
from meterbook.records.customers.models import Account

#: Reasons of holds that go away by themselves only if a read comes; the rest stay until somebody does something.
_MAY_PASS = ("missing_read", "usage_gap", "delayed", "other_service_held", "other_run")
#: Runs a rate of new holds is taken from, for each cycle.
_RUNS = 3


def marks(run_id: int) -> QuerySet[RegisterMark, Any]:
    """The marks of a run with the account and, where it was made, the bill."""
    bill = Bill.objects.filter(run_id=run_id, account_id=OuterRef("account_id")).values("id")[:1]
    return RegisterMark.objects.filter(run_id=run_id).values(
        "id", "account_id", "test", "effect", "commodity", "measure", "unit", "figure", "compared", "against", "cents",
        "line", "details", number=F("account__number"), name=F("account__holder__name"),
        point=F("service_point__code"), bill_id=Subquery(bill),
        held=Exists(Hold.objects.filter(run_id=run_id, account_id=OuterRef("account_id"))),
    )  # fmt: skip


def mark_counts(run_id: int) -> list[Any]:
    """How many marks each test left in a run, and what is at stake, by test and effect."""
    rows = RegisterMark.objects.filter(run_id=run_id).values("test")
    return list(
        rows.annotate(
            count=Count("id"), cents_sum=Sum("cents"), holding=Count("id", filter=Q(effect="hold"))
        ).order_by("-cents_sum", "test")
    )  # fmt: skip


def accounts_of_marks(run_id: int, mark_ids: list[int]) -> list[Account]:
    """The accounts of some marks of a run, by number."""
    marked = RegisterMark.objects.filter(run_id=run_id, pk__in=mark_ids).values("account_id")
    return list(Account.objects.filter(pk__in=marked).select_related("holder").order_by("number"))


def accounts_of_holds(hold_ids: list[int]) -> list[tuple[Account, BillRun]]:
    """The accounts of some holds, each with the run that held it."""
    rows = Hold.objects.filter(pk__in=hold_ids).select_related("account__holder", "run").order_by("account__number")
    return list({hold.account_id: (hold.account, hold.run) for hold in rows}.values())


def open_orders(account_id: int | None = None) -> list[HoldOrder]:
    """Holds by hand that are not released, oldest first: of an account, or all."""
    rows = HoldOrder.objects.filter(released__isnull=True).select_related("account__holder", "placed__actor")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return list(rows.order_by("since", "pk"))


def backlog(today: date) -> Backlog:
    """What the newest run of every cycle holds, forecast: see `engine.billing.register.backlog`."""
    pace_days = hold_rules_on(today).pace_days
    held = Hold.objects.filter(run_id__in=newest_runs())
    accounts = sorted(set(held.values_list("account_id", flat=True)))
    staying = set(held.exclude(reason__in=_MAY_PASS).values_list("account_id", flat=True))
    waiting = _waiting(accounts, today, staying)
    return forecast(
        waiting, new_per_run=_new_per_run(), released=_released(today, pace_days), pace_days=pace_days
    )  # fmt: skip


_LAST = """
SELECT a.id, a.opened_on, b.ends, coalesce(b.current_cents, 0), coalesce(b.ends - b.starts, 0)
  FROM customers_account a LEFT JOIN LATERAL (
       SELECT l.starts, l.ends, l.current_cents FROM billing_bill l
         JOIN billing_billrun r ON r.id = l.run_id AND r.status = 'posted'
        WHERE l.account_id = a.id AND l.kind <> 'statement' ORDER BY l.bill_date DESC, l.id DESC LIMIT 1) b ON true
 WHERE a.id = ANY(%s)
"""


def _waiting(accounts: list[int], today: date, staying: set[int]) -> list[Waiting]:
    """Each account with the days since its last bill, or since it was opened."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [accounts])
        return [
            Waiting(max((today - (ends or opened)).days, 0), int(cents), int(days), account in staying)
            for account, opened, ends, cents, days in cursor.fetchall()
        ]


def _new_per_run() -> Fraction:
    """Accounts newly held in a run, on average of the last runs of every cycle, added up over the cycles."""
    total = Fraction(0)
    cycles: dict[int, list[int]] = {}
    posted = BillRun.objects.filter(kind=BillRun.CYCLE, status=BillRun.POSTED).order_by("-bill_date", "-pk")
    for run_id, cycle in posted.values_list("pk", "cycle_id")[:200]:
        if cycle is not None and len(cycles.setdefault(cycle, [])) < _RUNS:
            cycles[cycle].append(run_id)
    for runs in cycles.values():
        new = Hold.objects.filter(run_id__in=runs, since=F("run__bill_date"))
        total += Fraction(new.values("run_id", "account_id").distinct().count(), len(runs))
    return total


def _released(today: date, days: int) -> int:
    """Accounts held in a posted run of the last days and billed in a later one."""
    since = today - timedelta(days=days)
    later = Bill.objects.filter(
        account_id=OuterRef("account_id"), run__status=BillRun.POSTED, bill_date__gt=OuterRef("run__bill_date"),
        bill_date__range=(since + timedelta(days=1), today),
    ).exclude(kind="statement")  # fmt: skip
    held = Hold.objects.filter(run__status=BillRun.POSTED, run__bill_date__gt=since - timedelta(days=60))
    return held.filter(Exists(later)).values("account_id").distinct().count()
