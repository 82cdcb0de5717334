"""Settling waits its turn: two postings on one account never spend the same credit, and no charge is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.post_run import post_run
from meterbook.records.ledger.models import Entry, OpenItem
from meterbook.records.ledger.transfers import NoLedgerAccount, post_charges
from meterbook.records.payments.models import Payment
from meterbook.records.payments.operations.post_payments import post_payments
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
FRANK, CHIDI = "1000041", "1000033"


@contextmanager
def held_elsewhere(number: str) -> Iterator[None]:
    """Another session is posting on an account; whoever comes meanwhile gives up after a moment.

    The lock is the one `lock_accounts` takes: mere references to the account, as foreign keys check, pass it by.
    """
    other = connections["default"].copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM customers_account WHERE number = %s FOR NO KEY UPDATE", [number])
            assert cursor.fetchone() is not None
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        yield
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")


def pay(office: Any, number: str) -> None:
    deposit = LockboxDeposit(
        destination="ALDERBEND", origin="0099999991", lockbox="4400",
        processed_at=datetime.combine(office.today, time(17)), deposit_on=office.today,
        checks=[Check(number, 700, reference="1")],
    )  # fmt: skip
    post_payments(office.act("cashier"), format="lockbox", file_name="deposit.txt", content=write(deposit))


def test_one_posting_at_a_time_on_an_account(open_office: Any) -> None:
    """A payment waits for whoever posts on its account, and a bill run does; others' accounts do not matter."""
    office = open_office
    count = Payment.objects.count()
    with held_elsewhere(FRANK):
        with pytest.raises(OperationalError, match="lock timeout"):
            pay(office, FRANK)
        assert Payment.objects.count() == count
        pay(office, CHIDI)
    pay(office, FRANK)
    assert Payment.objects.count() == count + 2

    office.read("C1", 3)
    run = office.approve(office.calculate(office.plan("C1", 3)))
    with held_elsewhere(FRANK), pytest.raises(OperationalError, match="lock timeout"):
        post_run(office.act("billing"), run=run)
    assert BillRun.objects.get(pk=run.pk).status == BillRun.CALCULATED
    with held_elsewhere(CHIDI):
        assert post_run(office.act("billing"), run=run).status == BillRun.POSTED


def test_a_charge_for_a_service_the_chart_does_not_know(office: Any, rows: Callable[..., Any]) -> None:
    """It must not vanish beside charges that have their receivable."""
    deed = Deed.objects.latest("pk")
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TEMPORARY TABLE planted_charges ON COMMIT DROP AS
            SELECT b.id AS bill_id, b.account_id, s.service, r.id AS revenue_id, b.due_date AS due_on,
                   1000::bigint AS amount
              FROM (SELECT * FROM billing_bill ORDER BY id LIMIT 1) b, (VALUES ('water'), ('gas')) s(service),
                   (SELECT id FROM ledger_ledgeraccount WHERE kind = 'revenue' ORDER BY id LIMIT 1) r""")
    before = (Entry.objects.count(), OpenItem.objects.count())
    with pytest.raises(NoLedgerAccount, match="no receivable account for gas"):
        post_charges(
            entries="ledger_entry", charges="planted_charges", run_id=0, effective_on=office.today,
            period=accounting_period(office.today), deed=deed,
        )  # fmt: skip
    assert (Entry.objects.count(), OpenItem.objects.count()) == before
