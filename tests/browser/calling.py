"""Who calls the tests' office: Ana paid a little and her water leaked, both have a second bill, Ben's power is off, two
addresses stand empty with meters that hang there."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from django.db.backends.postgresql.psycopg_any import DateRange
from tests.web.office import BILL_2, _meter, _point, _premise, act

from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.operations import plan_run, post_run
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.customers.models import Account
from meterbook.records.ledger.transfers import account_for
from meterbook.records.metering.models import ReadException
from meterbook.records.metering.queue.operations.accept import accept_read, request_acceptance
from meterbook.records.payments.receiving import receive
from meterbook.records.places.models import Cycle, Route
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.service_orders.models import ServiceStatus


def found_callers() -> tuple[int, int]:
    """Found them in the office there is; the premises that stand empty."""
    deed = Deed.objects.create(kind="test.called", actor=User.objects.get(username="system"), business_date=BILL_2)
    off = Account.objects.get(number="1000025").agreements.get().service_point
    ServiceStatus.objects.create(
        service_point=off, state="off", cause="nonpayment", validity=DateRange(BILL_2 - timedelta(days=2), None),
        deed=deed,
    )  # fmt: skip
    route, empty = Route.objects.get(code="R1"), []
    for number in ("31", "33"):
        home = _premise(number, "Sluice Lane")
        _meter(f"E-90{number}", _point(f"E-90{number}", home, "electricity", route, int(number)), "kWh", deed)
        empty.append(home.pk)
    _paid(deed, Account.objects.get(number="1000017"), 1_000)
    _second_month()
    return empty[0], empty[1]


def _paid(deed: Deed, account: Account, cents: int) -> None:
    """A little at the counter; the rest stays past due."""
    row = {
        "account_id": account.pk, "written_account": account.number, "amount_cents": cents, "received_on": BILL_2,
    }  # fmt: skip
    receive(deed, pl.DataFrame([row]), into=account_for("cash"), effective_on=BILL_2)


def _second_month() -> None:
    """Ana's queued read of 95 was right, water ran into the ground; then everybody is billed again."""
    billing, boss = (act(User.objects.get(username=name), BILL_2) for name in ("billing", "supervisor"))
    item = ReadException.objects.get(read__register__meter__serial="W-9001")
    decide_approval(boss, request=request_acceptance(billing, item=item), approve=True)
    accept_read(billing, item=item)
    run = calculate_all(billing, plan_run(billing, cycle=Cycle.objects.get(code="C1"), bill_date=BILL_2))
    decide_approval(boss, request=request_posting(billing, run=run), approve=True)
    post_run(billing, run=run)
