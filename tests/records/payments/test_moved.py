"""A payment refunded in part, moved in part, and moved again: what stands against it is told apart."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import OpenItem
from meterbook.records.ledger.settle import balance_of, open_items
from meterbook.records.ledger.taking_back import TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment
from meterbook.records.payments.moving import NotThere, move_payment
from meterbook.records.payments.receiving import receive
from meterbook.records.payments.standing import parts_of
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
FRANK, CHIDI = "1000041", "1000033"


def deed(office: Any) -> Deed:
    return Deed.objects.create(kind="test.money", actor=office.staff["billing"], business_date=office.today)


def owed(number: str) -> int:
    item = OpenItem.objects.filter(account__number=number).first()
    assert item is not None
    return sum(balance_of(item.account_id).values())


def test_what_was_refunded_is_owed_once_the_payment_has_left(office: Any) -> None:
    """A hundred dollars too much: thirty refunded, sixty moved away; then the last forty of it turn out Chidi's too."""
    frank, chidi = office.account(FRANK), office.account(CHIDI)
    owes = owed(FRANK)
    row = {"account_id": frank.pk, "written_account": FRANK, "amount_cents": owes + 10_000, "received_on": office.today}
    made = receive(deed(office), pl.DataFrame([row]), into=account_for("clearing"), effective_on=office.today)
    payment = Payment.objects.get(pk=made["id"][0])
    credit = OpenItem.objects.get(source_kind="payment", source_id=payment.pk)
    take_back(
        [TakenBack(credit=credit.pk, cents=3_000, source=1)], source_kind="refund", against=account_for("refunds"),
        effective_on=office.today, period=accounting_period(office.today), deed=deed(office), spent=False,
    )  # fmt: skip
    assert owed(FRANK) == -7_000
    before = owed(CHIDI)
    for cents in (6_000, 4_000):
        move_payment(deed(office), payment, source=frank, target=chidi, cents=cents, moved_on=office.today)
    assert owed(CHIDI) == before - 10_000
    assert owed(FRANK) == 3_000, "of the hundred nothing is left, and thirty went to him"
    left = open_items([frank.pk], "charge")
    assert int(left["remaining"].sum()) == 3_000
    kinds = set(OpenItem.objects.filter(pk__in=left["item"].to_list()).values_list("source_kind", flat=True))
    assert "placement" not in kinds, "what was moved away stays settled"
    assert {(part.account, part.cents) for part in parts_of([payment.pk])} == {(frank.pk, owes), (chidi.pk, 6_000),
                                                                               (chidi.pk, 4_000)}  # fmt: skip
    broken = {law.name for law in check_laws() if not law.holds}
    assert broken <= {"refunds payable equal refunds owed"}, "the refund here is no record of its own"
    with pytest.raises(NotThere, match=f"{owes} cents are in account {FRANK}"):
        move_payment(deed(office), payment, source=frank, target=chidi, cents=owes + 1, moved_on=office.today)
