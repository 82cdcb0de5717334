"""Questions about runs and bills that commands and jobs ask; screens have their own in `screens`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.billing.models import Bill, BillRun, Hold
from meterbook.records.billing.program_entries import asked_of


def find_bill(reference: str) -> Bill:
    """A bill by its id or its printed number; raises `LookupError`."""
    wanted = Bill.objects.select_related("account", "run")
    found = wanted.filter(number=reference).first()
    if found is None and reference.isdigit():
        found = wanted.filter(pk=int(reference)).first()
    if found is None:
        raise LookupError(f"no bill {reference}")
    return found


def bill_facts(reference: str) -> dict[str, Any]:
    """The head of a bill as plain values, amounts in cents."""
    bill = find_bill(reference)
    return {
        "id": bill.pk,
        "number": bill.number,
        "kind": bill.kind,
        "account": bill.account.number,
        "run": bill.run.number,
        "posted": bill.run.status == BillRun.POSTED,
        "bill_date": bill.bill_date,
        "due_date": bill.due_date,
        "starts": bill.starts,
        "ends": bill.ends,
        "previous_cents": bill.previous_cents,
        "payments_cents": bill.payments_cents,
        "adjustments_cents": bill.adjustments_cents,
        "deposits_cents": bill.deposits_cents,
        "current_cents": bill.current_cents,
        "amount_due_cents": bill.amount_due_cents,
    }


def find_run(reference: str) -> BillRun:
    """A run by its number (bill date/cycle) or id; raises `LookupError`."""
    found = BillRun.objects.select_related("cycle").filter(number=reference).first()
    if found is None and reference.isdigit():
        found = BillRun.objects.select_related("cycle").filter(pk=int(reference)).first()
    if found is None:
        raise LookupError(f"no bill run {reference}")
    return found


def runs() -> list[BillRun]:
    """Every run, newest first."""
    return list(BillRun.objects.select_related("cycle").order_by("-bill_date", "-id"))


def holds_of(run: BillRun) -> list[dict[str, Any]]:
    """A run's bill holds: account, point, reason, detail, owner, since, age in days at the bill date."""
    holds = Hold.objects.filter(run=run).select_related("account", "service_point").order_by("account__number", "pk")
    return [
        {
            "account": hold.account.number,
            "service_point": hold.service_point.code,
            "commodity": hold.service_point.commodity,
            "reason": hold.reason,
            "detail": hold.detail,
            "owner": hold.owner,
            "since": hold.since,
            "age_days": (run.bill_date - hold.since).days,
        }
        for hold in holds
    ]


def inactive_with_usage(run: BillRun) -> list[dict[str, Any]]:
    """Points without a customer that used something since: code, reason, quantity in millionths, last day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.code, c.reason, c.usage_e6, c.last_usage_on FROM billing_completeness c"
            "  JOIN places_servicepoint s ON s.id = c.service_point_id"
            " WHERE c.run_id = %s AND c.outcome = 'inactive' AND c.usage_e6 > 0 ORDER BY c.usage_e6 DESC",
            [run.pk],
        )
        names = ("service_point", "reason", "usage_e6", "last_usage_on")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def owed(bill_run: BillRun) -> list[dict[str, Any]]:
    """What each bill of a run asks for: account id and number, what to pay in cents, due date.

    What to pay is the amount due, but on a level payment plan what the plan asks for.
    """
    bills = list(Bill.objects.filter(run=bill_run).select_related("account", "run"))
    asked = asked_of(bills)
    return [
        {
            "account": bill.account_id,
            "number": bill.account.number,
            "amount_due_cents": asked[bill.pk],
            "due_on": bill.due_date,
        }
        for bill in bills
    ]


def run_with_id(run_id: int) -> BillRun:
    """A run by id, with its cycle."""
    return BillRun.objects.select_related("cycle").get(pk=run_id)


def run_on(cycle: str, bill_date: date) -> BillRun | None:
    """The run of a cycle on a bill date that is not cancelled, or ``None``."""
    return (
        BillRun.objects.select_related("cycle", "approval")
        .filter(cycle__code=cycle, bill_date=bill_date)
        .exclude(status=BillRun.CANCELLED)
        .first()
    )
