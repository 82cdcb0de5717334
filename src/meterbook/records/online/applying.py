"""What an event does to the books, once: a payment, money taken back, money given back after a dispute.

Everything about one payment waits for its turn behind one lock. An event that comes before the one it rests on has no
effect yet; it is applied right after that one.
"""

from __future__ import annotations

from hashlib import sha256

import polars as pl
from django.db import connection
from django.db.models import Q, Sum

from meterbook.records.customers.models import Account
from meterbook.records.ledger.transfers import account_for
from meterbook.records.online import events
from meterbook.records.online.models import Checkout, EventEffect, ProcessorEvent
from meterbook.records.payments.models import Payment, PaymentReversal, ReversedPart
from meterbook.records.payments.receiving import known_keys, receive
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.models import Deed
from meterbook.records.returns.consequences import apply_return

_USD = "usd"
#: Characters of a payment's key.
_LONGEST = 80


def apply_events(deed: Deed, intent: str) -> list[EventEffect]:
    """Apply what was not yet applied of a payment's events, as far as each can be; returns the effects made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('online ' || %s, 0))", [intent])
    made: list[EventEffect] = []
    while True:
        waiting = ProcessorEvent.objects.filter(intent=intent, effect__isnull=True).order_by("pk")
        done = [effect for event in waiting if (effect := _apply(deed, event)) is not None]
        if not done:
            return made
        made += done


def _apply(deed: Deed, event: ProcessorEvent) -> EventEffect | None:
    """One event's effect, or None where it has to wait."""
    if event.body.get("currency", _USD) != _USD:
        return _effect(deed, event, "currency")
    if event.kind in (events.COMPLETED, events.SUCCEEDED):
        return _paid(deed, event)
    if event.kind in (events.FAILED, events.EXPIRED):
        state = Checkout.FAILED if event.kind == events.FAILED else Checkout.EXPIRED
        _move(event, state, (Checkout.OPEN, Checkout.PENDING))
        return _effect(deed, event, state)
    if event.kind == events.REFUNDED:
        return _refunded(deed, event)
    if event.kind == events.DISPUTED:
        return _disputed(deed, event)
    if event.kind == events.CLOSED:
        return _closed(deed, event)
    return _effect(deed, event, "left_alone")


def _paid(deed: Deed, event: ProcessorEvent) -> EventEffect:
    if event.kind == events.COMPLETED and event.body.get("payment_status") != "paid":
        _move(event, Checkout.PENDING, (Checkout.OPEN,))
        return _effect(deed, event, "pending")
    cents = event.body.get("amount_total", 0)
    if known_keys([event.intent]) or not cents:
        return _effect(deed, event, "known" if cents else "nothing")
    checkout = _move(event, Checkout.PAID, (Checkout.OPEN, Checkout.PENDING, Checkout.FAILED, Checkout.EXPIRED))
    number = event.body.get("metadata.account_number") or event.body.get("client_reference_id") or ""
    account = checkout.account if checkout else Account.objects.filter(number=number).first()
    payment = _receive(
        deed, event, cents, account=account, written=account.number if account else number, key=event.intent,
        tender="echeck" if event.kind == events.SUCCEEDED else "card",
    )  # fmt: skip
    return _effect(deed, event, "paid" if account else "suspense", cents, payment)


def _refunded(deed: Deed, event: ProcessorEvent) -> EventEffect | None:
    """The processor says what was given back altogether; what is new of it is taken back here."""
    if not known_keys([event.intent]):
        return None
    before = EventEffect.objects.filter(event__intent=event.intent, event__kind=events.REFUNDED)
    fresh = event.body.get("amount_refunded", 0) + int(before.aggregate(all=Sum("cents"))["all"] or 0)
    if fresh <= 0:
        return _effect(deed, event, "known")
    taken, payment, _ = _take_back(deed, event, fresh, kind=PaymentReversal.VOID, code="refund")
    return _effect(deed, event, "refunded" if taken == fresh else "short", -taken, payment)


def _disputed(deed: Deed, event: ProcessorEvent) -> EventEffect | None:
    """A chargeback takes the money away at once; an inquiry (``warning_…``) does not."""
    if str(event.body.get("status", "")).startswith("warning"):
        return _effect(deed, event, "inquiry")
    if not known_keys([event.intent]):
        return None
    if _of_dispute(event, "charged_back", "short"):
        return _effect(deed, event, "known")
    cents = event.body.get("amount", 0)
    taken, payment, reversals = _take_back(deed, event, cents, kind=PaymentReversal.CHARGEBACK, code="dispute")
    apply_return(deed, reversals)
    return _effect(deed, event, "charged_back" if taken == cents else "short", -taken, payment)


def _closed(deed: Deed, event: ProcessorEvent) -> EventEffect | None:
    """A dispute won brings back what was taken; one lost leaves it."""
    if event.body.get("status") != "won":
        return _effect(deed, event, "lost" if event.body.get("status") == "lost" else "left_alone")
    began = _of_dispute(event, "charged_back", "short")
    if began is None:
        return None
    if _of_dispute(event, "won") or not began.cents or began.payment is None:
        return _effect(deed, event, "known")
    account = _holder(began.payment)
    payment = _receive(
        deed, event, -began.cents, account=account, written=began.payment.written_account,
        key=_key(event), tender=began.payment.tender,
    )  # fmt: skip
    return _effect(deed, event, "won", -began.cents, payment)


def _of_dispute(event: ProcessorEvent, *outcomes: str) -> EventEffect | None:
    """What an earlier event of the same dispute did."""
    found = EventEffect.objects.filter(event__intent=event.intent, outcome__in=outcomes)
    return found.filter(event__body__id=event.body.get("id")).select_related("payment").first()


def _take_back(
    deed: Deed, event: ProcessorEvent, cents: int, *, kind: str, code: str
) -> tuple[int, Payment | None, list[PaymentReversal]]:
    """Take cents of a payment back: it is reversed whole, and what stays of it is received again.

    Returns the cents taken, the payment reversed last, and the reversals; less than asked where less is left.
    """
    ours = Payment.objects.filter(Q(key=event.intent) | Q(key__startswith=f"{event.intent}:"), reversal__isnull=True)
    taken, last, reversals = 0, None, []
    for payment in ours.order_by("-amount_cents", "pk"):
        if taken >= cents:
            break
        reversals += reverse_payments(deed, [ToReverse(payment, code)], kind=kind, reversed_on=deed.business_date)
        taken, last = taken + payment.amount_cents, payment
    if taken > cents and last is not None:
        _receive(
            deed, event, taken - cents, account=_holder(last), written=last.written_account,
            key=_key(event), tender=last.tender,
        )  # fmt: skip
        taken = cents
    return taken, last, reversals


def _key(event: ProcessorEvent) -> str:
    """What money that comes back with an event is called: no other event of the payment calls it so."""
    key = f"{event.intent}:{event.event}"
    return key if len(key) <= _LONGEST else f"{event.intent}:{sha256(event.event.encode()).hexdigest()}"[:_LONGEST]


def _holder(payment: Payment) -> Account | None:
    """The account that had most of a payment when it was taken back."""
    parts = ReversedPart.objects.filter(reversal__payment=payment).select_related("account")
    part = parts.order_by("-amount_cents", "pk").first()
    return part.account if part else None


def _receive(
    deed: Deed, event: ProcessorEvent, cents: int, *, account: Account | None, written: str, key: str, tender: str
) -> Payment:
    row = {
        "account_id": account.pk if account else None, "written_account": written[:40], "amount_cents": cents,
        "received_on": deed.business_date, "tender": tender, "reference": event.intent[:60], "key": key,
    }  # fmt: skip
    rows = pl.DataFrame([row], schema_overrides={"account_id": pl.Int64})
    made = receive(deed, rows, into=account_for("clearing"), effective_on=deed.business_date)
    return Payment.objects.get(pk=made["id"][0])


def _move(event: ProcessorEvent, state: str, out_of: tuple[str, ...]) -> Checkout | None:
    """The event's checkout, moved on where it stands in one of ``out_of``; None for a page we did not make."""
    found = Checkout.objects.select_for_update(of=("self",)).select_related("account")
    checkout = found.filter(session=event.body.get("id", "")).first()
    if checkout is not None and checkout.state in out_of:
        checkout.state = state
        checkout.intent = str(event.body.get("payment_intent", ""))[:60]
        checkout.save(update_fields=["state", "intent"])
    return checkout


def _effect(
    deed: Deed, event: ProcessorEvent, outcome: str, cents: int = 0, payment: Payment | None = None
) -> EventEffect:
    return EventEffect.objects.create(event=event, outcome=outcome, cents=cents, payment=payment, deed=deed)
