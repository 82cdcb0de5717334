"""What pages, hooks and commands ask of paying online."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Now

from meterbook.records.online.models import Checkout, Kiosk, KioskCall, ProcessorEvent
from meterbook.records.online.operations.kiosks import fingerprint
from meterbook.records.online.rules import card_rules_on
from meterbook.records.platform.queries import business_date


def checkouts() -> QuerySet[Checkout, Any]:
    """Every hosted page made."""
    return Checkout.objects.values(
        "id", "amount_cents", "state", "session", "intent", "url", number=F("account__number"),
        name=F("account__holder__name"), begun_on=F("deed__business_date"), by=F("deed__actor__username"),
    )  # fmt: skip


def checkout(pk: int) -> Checkout | None:
    """One hosted page, or nothing."""
    return Checkout.objects.select_related("account__holder", "deed__actor").filter(pk=pk).first()


def events() -> QuerySet[ProcessorEvent, Any]:
    """Every event, with what it did; ``waiting`` for an earlier one."""
    return ProcessorEvent.objects.values(
        "id", "event", "kind", "intent", "received_at",
        outcome=Coalesce("effect__outcome", Value("waiting")), cents=F("effect__cents"),
        payment=F("effect__payment_id"),
    )  # fmt: skip


def applied(event: str) -> bool:
    """Whether an event is on record with its effect: nothing is left to do when it comes again."""
    return ProcessorEvent.objects.filter(event=event, effect__isnull=False).exists()


def kiosks() -> QuerySet[Kiosk, Any]:
    """Every kiosk, with how often it asked and how much it took."""
    return Kiosk.objects.annotate(asked=Count("calls", filter=Q(calls__kind="due"))).values(
        "id", "name", "payments", "revoked_on", "asked", made_on=F("deed__business_date"),
        by=F("deed__actor__username"),
    )  # fmt: skip


def kiosk(pk: int) -> Kiosk | None:
    """One kiosk, or nothing."""
    return Kiosk.objects.filter(pk=pk).first()


def kiosk_named(name: str) -> Kiosk | None:
    """One kiosk by its name, or nothing."""
    return Kiosk.objects.filter(name=name).first()


def kiosk_of(token: str) -> Kiosk | None:
    """The kiosk a token belongs to, unless revoked."""
    return Kiosk.objects.filter(token_sha256=fingerprint(token), revoked_on__isnull=True).first() if token else None


def too_many_calls(kiosk: Kiosk) -> bool:
    """Whether a kiosk has used up its calls of the last minute. Raises `NoPolicy`."""
    since = Now() - timedelta(minutes=1)
    calls = KioskCall.objects.filter(kiosk=kiosk, at__gt=since).count()
    return calls >= card_rules_on(business_date()).calls_a_minute


def on_its_way(account_id: int) -> list[Checkout]:
    """An account's payments through the hosted page that the bank has not settled yet."""
    rows = Checkout.objects.filter(account_id=account_id, state=Checkout.PENDING)
    return list(rows.order_by("pk").only("id", "amount_cents", "state"))
