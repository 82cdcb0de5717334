"""A payment that came back in the tests' office: Ana's check, its fee, a request to take it off, a draft ban."""

from __future__ import annotations

import polars as pl
from tests.web.office import BILL_2, Office, act

from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import Deed
from meterbook.records.returns.models import ReturnedPayment, TenderBan
from meterbook.records.returns.operations.return_payments import return_payment
from meterbook.records.returns.operations.waive_fee import ask_waiver

PLAIN = ("returned_payments", "tender_bans")


def check(office: Office, key: str, cents: int = 4_000) -> Payment:
    """A check of Ana's, taken once."""
    found = Payment.objects.filter(key=key).first()
    if found is not None:
        return found
    deed = Deed.objects.create(kind="test.check", actor=office.staff["cashier"], business_date=BILL_2)
    row = {"account_id": office.ana.pk, "written_account": office.ana.number, "amount_cents": cents,
           "received_on": BILL_2, "reference": "1042", "key": key}  # fmt: skip
    made = receive(deed, pl.DataFrame([row]), into=account_for("clearing"), effective_on=BILL_2)
    return Payment.objects.get(pk=made["id"][0])


def returned(office: Office) -> ReturnedPayment:
    """It came back: account closed; a request to take the fee off waits."""
    payment = check(office, "test-bounced")
    found = ReturnedPayment.objects.filter(reversal__payment=payment).first()
    if found is None:
        return_payment(act(office.staff["billing"], BILL_2), payment=payment, code="R02")
        found = ReturnedPayment.objects.get(reversal__payment=payment)
        ask_waiver(act(office.staff["csr"], BILL_2, "the bank wrote"), returned=found, reason="bank_error")
    return found


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of returned payments."""
    one = returned(office)
    return {
        "returned_payment": [one.pk], "waive_return_fee": [one.pk],
        "lift_ban": [TenderBan.objects.filter(account=office.ana).latest("pk").pk],
        "return_payment": [check(office, "test-good").pk], "ban_tender": [office.ben.number],
    }  # fmt: skip
