"""Money changed by hand in the tests' office: a payment of Ana's to take back waits for a second person."""

from __future__ import annotations

from tests.web import bounced
from tests.web.office import BILL_2, Office, act

from meterbook.records.customers.models import Interest
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.payments.by_hand.operations.ask_change import reverse_by_hand

PLAIN = ("payments", "hand_changes", "aging", "trial_balance", "relations", "declare_relation")
POSTED_ONLY = ("withdraw_hand_change",)
FILES = ("account_statement_pdf",)


def asked(office: Office) -> HandChange:
    """It was scanned twice; above the technician's own limit."""
    found = HandChange.objects.first()
    if found is None:
        payment = bounced.check(office, "test-twice", cents=60_000)
        found = reverse_by_hand(
            act(office.staff["billing"], BILL_2), payment=payment, reason="posted_twice", note="scanned twice"
        )
    return found


def related(office: Office) -> Interest:
    """Ben is the representative's brother."""
    found = Interest.objects.first()
    if found is None:
        deed = act(office.staff["supervisor"], BILL_2)
        found = declare_interest(deed, user=office.staff["cashier"], account=office.ben, kind="family")
    return found


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of receivables."""
    one = asked(office)
    ana = office.ana.number
    return {
        "payment": [one.payment_id], "reverse_payment": [one.payment_id], "move_payment": [one.payment_id, ana],
        "hand_change": [one.pk], "end_relation": [related(office).pk], "receivable": [ana], "account_statement": [ana],
        "carry": [ana, "balance"], "apply_credit": [ana], "account_order": [ana],
    }  # fmt: skip
