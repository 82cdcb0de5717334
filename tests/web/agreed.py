"""Agreements in the tests' office: Ana has more time, Ben pays in parts."""

from __future__ import annotations

from datetime import date

from tests.web.office import BILL_2, Office, act

from meterbook.records.ledger.arrangements.operations.arrange import arrange_payment
from meterbook.records.ledger.arrangements.operations.extend import extend_payment
from meterbook.records.ledger.arrangements.proposing import Terms
from meterbook.records.ledger.models import PaymentArrangement, PaymentExtension

PLAIN = ("payment_arrangements", "payment_extensions")
POSTED_ONLY = {"charge_restoring"}
FILES = ("arrangement_letter",)


def promise(office: Office) -> PaymentExtension:
    """Ana pays a week later."""
    found = PaymentExtension.objects.first()
    return found or extend_payment(act(office.staff["csr"], BILL_2), account=office.ana, until=date(2026, 9, 15))


def plan(office: Office) -> PaymentArrangement:
    """Ben pays in six parts."""
    found = PaymentArrangement.objects.first()
    return found or arrange_payment(
        act(office.staff["csr"], BILL_2), account=office.ben, terms=Terms(6, date(2026, 10, 8))
    )


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of agreements."""
    return {
        "payment_arrangement": [plan(office).pk], "cancel_arrangement": [plan(office).pk],
        "cancel_extension": [promise(office).pk], "extend_payment": [office.ana.number],
        "arrange_payment": [office.ana.number], "payoff": [office.ana.number],
        "restore_service": [office.ben.number],
    }  # fmt: skip
