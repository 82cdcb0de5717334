"""Paying online in the tests' office: a page Ana got, events about it, one that waits, a kiosk."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.online.events import read_event
from meterbook.records.online.models import Checkout, Kiosk
from meterbook.records.online.operations.kiosks import create_kiosk
from meterbook.records.online.operations.take_event import apply_kept, keep_event
from meterbook.records.platform.models import Deed

PLAIN = ("checkouts", "new_checkout", "card_events_list", "kiosks", "new_kiosk")
#: Addresses without a sign-in: the card processor's and the kiosks'; tests/web/test_card_events.py, test_kiosks.py.
OPEN = {"card_events", "card_thanks", "kiosk_due", "kiosk_payment"}

_PAID = (
    b'{"id": "evt_p", "type": "checkout.session.completed", "data": {"object": {"id": "cs_page", "amount_total": 4200,'
    b' "payment_intent": "pi_page", "payment_status": "paid", "currency": "usd"}}}'
)
_WAITS = (
    b'{"id": "evt_w", "type": "charge.refunded", "data": {"object": {"id": "ch_x", "amount_refunded": 100,'
    b' "payment_intent": "pi_x"}}}'
)


def kiosk(office: Office) -> Kiosk:
    """The kiosk in the lobby."""
    found = Kiosk.objects.filter(name="Lobby").first()
    return found or create_kiosk(act(office.staff["supervisor"], BILL_2), name="Lobby")[0]


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of paying online, with something to show on each."""
    if not Checkout.objects.filter(session="cs_page").exists():
        deed = Deed.objects.create(kind="test.checkout", actor=office.staff["csr"], business_date=BILL_2)
        Checkout.objects.create(
            account=office.ana, amount_cents=4_200, key="k", session="cs_page", url="https://pay.example", deed=deed
        )
        system = act(office.staff["system"], BILL_2)
        for raw in (_PAID, _WAITS):
            apply_kept(system, event=keep_event(system, told=read_event(raw)))
    return {"revoke_kiosk": [kiosk(office).pk]}
