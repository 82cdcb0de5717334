"""The card processor's events: proved, kept once, applied once, in whatever order they come; no card number stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
import stripe
from django.db import connection
from django.test import Client
from tests.web.office import BILL_2, Office

from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.screens import balances
from meterbook.records.online.models import Checkout, EventEffect, ProcessorEvent
from meterbook.records.payments.models import Payment, PaymentReversal
from meterbook.records.platform.models import Deed

pytestmark = pytest.mark.django_db
SECRET, PAN = "whsec_for_tests", "4242424242424242"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METERBOOK_STRIPE_WEBHOOK_SECRET", SECRET)


def sent(kind: str, about: dict[str, Any], *, event: str = "", signature: str | None = None) -> int:
    """Send an event as the processor would; the answer's status."""
    made = {"id": event or f"evt_{kind}_{about['id']}", "type": kind, "data": {"object": about}}
    body = json.dumps(made)
    mark = stripe.WebhookSignature.generate_signature_header(body, SECRET) if signature is None else signature
    client = Client(enforce_csrf_checks=True)
    headers = {"Stripe-Signature": mark} if mark else {}
    return client.post("/hooks/cards/", body, content_type="application/json", headers=headers).status_code


def session(office: Office, cents: int = 5_000, *, at: str = "1", number: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": f"cs_{at}", "object": "checkout.session", "payment_intent": f"pi_{at}", "amount_total": cents,
        "currency": "usd", "payment_status": "paid",
        "metadata": {"account_number": number or office.ana.number}, **more,
    }  # fmt: skip


def charge(cents: int, refunded: int, at: str = "1") -> dict[str, Any]:
    return {"id": f"ch_{at}", "payment_intent": f"pi_{at}", "amount": cents, "amount_refunded": refunded}


def dispute(cents: int, status: str = "needs_response") -> dict[str, Any]:
    return {"id": "dp_1", "payment_intent": "pi_1", "amount": cents, "status": status}


def owed(office: Office) -> int:
    return balances([office.ana.pk]).get(office.ana.pk, 0)


def broken() -> list[str]:
    return [law.name for law in check_laws() if not law.holds]


COMPLETED, REFUNDED = "checkout.session.completed", "charge.refunded"
DISPUTED, CLOSED = "charge.dispute.created", "charge.dispute.closed"


def test_an_event_is_proved_and_counts_once(office: Office) -> None:
    before = owed(office)
    assert sent(COMPLETED, session(office), signature="") == 400
    assert sent(COMPLETED, session(office), signature="t=1,v1=00") == 400
    old = stripe.WebhookSignature.generate_signature_header("{}", SECRET, timestamp=1)
    assert sent(COMPLETED, session(office), signature=old) == 400
    assert not ProcessorEvent.objects.exists()
    assert [sent(COMPLETED, session(office)) for _ in range(2)] == [200, 200]
    assert sent(COMPLETED, session(office), event="evt_other_id_same_payment") == 200
    payment = Payment.objects.get(key="pi_1")
    assert (payment.amount_cents, payment.tender, payment.account) == (5_000, "card", office.ana)
    assert owed(office) == before - 5_000
    assert sorted(EventEffect.objects.values_list("outcome", flat=True)) == ["known", "paid"]
    assert broken() == []


def test_a_bank_payment_is_taken_when_it_succeeds(office: Office) -> None:
    deed = Deed.objects.create(kind="test.checkout", actor=office.staff["csr"], business_date=BILL_2)
    page = Checkout.objects.create(
        account=office.ben, amount_cents=700, key="k-1", session="cs_1", url="http://x", deed=deed
    )
    sent(COMPLETED, session(office, 700, payment_status="unpaid"))
    page.refresh_from_db()
    assert (page.state, Payment.objects.filter(key="pi_1").exists()) == ("pending", False)
    sent("checkout.session.async_payment_succeeded", session(office, 700))
    sent("checkout.session.expired", session(office, 700))
    page.refresh_from_db()
    assert (page.state, Payment.objects.get(key="pi_1").tender) == ("paid", "echeck")
    assert Payment.objects.get(key="pi_1").account == office.ben, "the page's account, whatever the event says"
    sent(COMPLETED, session(office, 900, at="2", payment_status="unpaid"))
    sent("checkout.session.async_payment_failed", session(office, 900, at="2", payment_status="unpaid"))
    assert not Payment.objects.filter(key="pi_2").exists()


def test_an_unknown_account_waits_in_suspense(office: Office) -> None:
    sent(COMPLETED, session(office, number="9999999"))
    payment = Payment.objects.get(key="pi_1")
    assert (payment.account, payment.written_account) == (None, "9999999")
    assert sent(REFUNDED, charge(5_000, 5_000)) == 200
    assert payment.reversal.kind == PaymentReversal.VOID
    assert broken() == []


def test_parts_given_back_and_events_out_of_order(office: Office) -> None:
    before = owed(office)
    assert sent(REFUNDED, charge(5_000, 1_200), event="evt_a") == 200
    assert not EventEffect.objects.exists(), "it waits for its payment"
    sent(COMPLETED, session(office))
    assert owed(office) == before - 3_800
    sent(REFUNDED, charge(5_000, 5_000), event="evt_c")
    sent(REFUNDED, charge(5_000, 2_000), event="evt_b")
    assert owed(office) == before, "the later sum came first, the earlier one adds nothing"
    assert broken() == []


def test_a_dispute_takes_the_money_and_won_brings_it_back(office: Office) -> None:
    before = owed(office)
    sent(COMPLETED, session(office))
    sent(CLOSED, dispute(5_000, "won"))
    sent(DISPUTED, dispute(5_000, "warning_needs_response"), event="evt_inquiry")
    assert owed(office) == before - 5_000, "an inquiry takes nothing, and nothing is won before it was lost"
    sent(DISPUTED, dispute(5_000))
    reversal = PaymentReversal.objects.get(payment__key="pi_1")
    assert (reversal.kind, reversal.consequence.fee_cents) == ("chargeback", 0)
    assert owed(office) == before - 5_000, "the dispute that was won waited, and brought it back"
    sent(CLOSED, dispute(5_000, "won"), event="evt_again")
    assert owed(office) == before - 5_000
    assert EventEffect.objects.filter(outcome="won").count() == 1
    assert broken() == []


def test_no_card_number_is_stored_anywhere(office: Office) -> None:
    spaced = "4242 4242 4242 4242"
    about = session(office, number=spaced, client_reference_id=PAN, reason=f"card {PAN}", status=spaced)
    about |= {"payment_method_details": {"card": {"number": PAN}}, "customer_details": {"name": "Ana", "card": PAN}}
    sent(COMPLETED, about, event=f"evt_{PAN}")
    assert ProcessorEvent.objects.get().effect.outcome == "suspense"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND (table_name LIKE"
            " 'online%%' OR table_name LIKE 'payments%%' OR table_name IN ('platform_deed', 'platform_event'))"
        )
        tables = [row[0] for row in cursor.fetchall()]
        assert len(tables) > 10
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s', ["4242[ -]?4242[ -]?4242"])
            assert cursor.fetchone() == (0,), table
