"""Booking beside bills: both sides of the books, the open item, and what waits is applied."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from psycopg.errors import UniqueViolation

from meterbook.records.customers.models import Account
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.ledger.settle import balance_of
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
ON = date(2024, 10, 28)


def booked(account: Account, cents: int, source: int) -> None:
    against = LedgerAccount.objects.get(code="4220")
    row = (account.pk, "water", against.pk, cents, source)
    book(
        pl.DataFrame([row], schema=dict(BOOKED), orient="row"),
        source_kind="adjustment", due_on=ON, effective_on=ON, period=accounting_period(ON), deed=Deed.objects.last(),
    )  # fmt: skip


def test_a_charge_and_its_credit_leave_the_account_as_it_was(office: Any) -> None:
    account = Account.objects.order_by("number").first()
    assert account is not None
    before = sum(balance_of(account.pk).values())
    booked(account, 2500, 901)
    assert sum(balance_of(account.pk).values()) == before + 2500
    booked(account, -2500, 902)
    assert sum(balance_of(account.pk).values()) == before
    assert all(law.holds for law in check_laws())


def test_the_same_source_is_not_booked_twice(office: Any) -> None:
    account = Account.objects.order_by("number").first()
    assert account is not None
    booked(account, 100, 903)
    with pytest.raises(UniqueViolation), transaction.atomic():
        booked(account, 100, 903)
    assert OpenItem.objects.filter(source_kind="adjustment", source_id=903).count() == 1
