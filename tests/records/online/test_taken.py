"""What the processor and kiosks send, in ways nobody would send it on purpose."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meterbook.records.ledger.check import check_laws
from meterbook.records.online.events import read_event
from meterbook.records.online.models import KioskCall
from meterbook.records.online.operations.kiosk_calls import kiosk_due, kiosk_payment
from meterbook.records.online.operations.kiosks import create_kiosk
from meterbook.records.online.operations.take_event import apply_kept, keep_event
from meterbook.records.payments.models import Payment

pytestmark = pytest.mark.django_db
FRANK = "1000041"


def told(office: Any, event: str, kind: str, **about: Any) -> None:
    body = json.dumps({"id": event, "type": kind, "data": {"object": about}}).encode()
    act = office.act("system")
    apply_kept(act, event=keep_event(act, told=read_event(body)))


def paid(office: Any, intent: str, cents: int) -> None:
    told(
        office, "evt_paid", "checkout.session.completed", id="cs_1", payment_intent=intent, payment_status="paid",
        amount_total=cents, currency="usd", client_reference_id=FRANK,
    )  # fmt: skip


def standing(intent: str) -> int:
    live = Payment.objects.filter(key__startswith=intent, reversal__isnull=True)
    return sum(live.values_list("amount_cents", flat=True))


def test_refunds_a_dispute_and_its_end_add_up(office: Any) -> None:
    """50 paid, 20 given back, 30 disputed and won, told twice each; then the rest is given back."""
    paid(office, "pi_1", 5_000)
    for _ in range(2):
        told(office, "evt_2", "charge.refunded", id="ch_1", payment_intent="pi_1", amount_refunded=2_000)
    assert standing("pi_1") == 3_000
    told(office, "evt_3", "charge.dispute.created", id="dp_1", payment_intent="pi_1", amount=3_000, status="lost?")
    assert standing("pi_1") == 0
    for event in ("evt_4", "evt_5"):
        told(office, event, "charge.dispute.closed", id="dp_1", payment_intent="pi_1", amount=3_000, status="won")
    assert standing("pi_1") == 3_000
    told(office, "evt_6", "charge.refunded", id="ch_1", payment_intent="pi_1", amount_refunded=5_000)
    assert standing("pi_1") == 0 and all(law.holds for law in check_laws())


def test_two_events_with_long_names_are_two(office: Any) -> None:
    intent = "pi_" + "x" * 57
    paid(office, intent, 5_000)
    for at, given_back in ((1, 1_000), (2, 2_000)):
        told(
            office, "evt_" + "y" * 60 + str(at), "charge.refunded", id="ch_1", payment_intent=intent,
            amount_refunded=given_back,
        )  # fmt: skip
    assert standing(intent) == 3_000


@pytest.mark.parametrize("odd", ["1\0", "\ud800"])
def test_what_no_database_keeps_is_refused_not_a_crash(office: Any, odd: str) -> None:
    kiosk, _ = create_kiosk(office.act("finance"), name="Lobby")
    act = office.act("system")
    assert kiosk_due(act, kiosk=kiosk, number=odd, check="1").status == 404
    given: dict[str, Any] = {"cents": 500, "tender": "cash", "key": "abcdefgh1"}
    assert kiosk_payment(act, kiosk=kiosk, number=odd, reference="", **given).status == 422
    assert kiosk_payment(act, kiosk=kiosk, number=FRANK, reference=odd, **given).status == 422
    assert KioskCall.objects.filter(kiosk=kiosk).count() == 3 and not Payment.objects.filter(key__contains="abcdefgh1")
