"""Tables of paying online: hosted checkouts, the processor's events and what each did, kiosks and what they asked.

No card number is ever here: of an event only the fields of `events.KEPT` are stored.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.payments.models import Payment
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed


class Checkout(models.Model):
    """A hosted payment page made for an account; ``key`` makes asking twice the same page.

    ``session`` is the processor's id, ``url`` the page, ``intent`` the processor's id of the payment once it is known.
    """

    OPEN, PENDING, PAID, FAILED, EXPIRED = "open", "pending", "paid", "failed", "expired"
    account = models.ForeignKey(Account, models.PROTECT, related_name="checkouts")
    amount_cents = models.BigIntegerField()
    key = models.CharField(max_length=80, unique=True)
    session = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=600)
    intent = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=8, default=OPEN)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="checkouts")

    class Meta:
        constraints = [
            models.CheckConstraint(name="checkout_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="checkout_state", condition=Q(state__in=["open", "pending", "paid", "failed", "expired"])
            ),
        ]
        triggers = [never_deleted("checkout")]


class ProcessorEvent(models.Model):
    """An event as the processor signed it, once an id: its kept fields, and the fingerprint of what came.

    ``intent`` is the payment it is about, or the checkout's session where there is none.
    """

    event = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=60)
    intent = models.CharField(max_length=80, db_index=True)
    body = models.JSONField(help_text="the fields kept, by path")
    sha256 = models.CharField(max_length=64, help_text="fingerprint of the bytes that came")
    received_at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="processor_events")

    class Meta:
        triggers = append_only("processor_event")


class EventEffect(models.Model):
    """What an event did, once: ``cents`` onto the account, below zero away from it; 0 where it moved no money.

    An event without one waits for an earlier event that has not come.
    """

    event = models.OneToOneField(ProcessorEvent, models.PROTECT, related_name="effect")
    outcome = models.CharField(max_length=20)
    cents = models.BigIntegerField()
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="event_effects")

    class Meta:
        triggers = append_only("event_effect")


class Kiosk(models.Model):
    """A machine that takes payments: known by a token of which only the fingerprint is kept."""

    name = models.CharField(max_length=40, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    payments = models.PositiveIntegerField(default=0, help_text="number of its last receipt")
    revoked_on = models.DateField(null=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="kiosks")

    class Meta:
        triggers = [never_deleted("kiosk")]


class KioskCall(models.Model):
    """One question or payment of a kiosk, with what was answered."""

    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=10, help_text="due or payment")
    written_account = models.CharField(max_length=40)
    outcome = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="kiosk_calls")

    class Meta:
        indexes = [models.Index(fields=["kiosk", "at"])]
        triggers = append_only("kiosk_call")


class KioskReceipt(models.Model):
    """A kiosk's receipt, numbered 1, 2, 3 within the kiosk; the same ``key`` is the same receipt."""

    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=60)
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="kiosk_receipt")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="kiosk_receipts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kiosk", "number"], name="kiosk_receipt_number_once"),
            models.UniqueConstraint(fields=["kiosk", "key"], name="kiosk_receipt_key_once"),
        ]
        triggers = append_only("kiosk_receipt")

    @property
    def code(self) -> str:
        """The number as printed, like K2-17."""
        return f"K{self.kiosk_id}-{self.number}"
