"""What pages show of contacts: the log, how callers were verified, who looked at whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Max, QuerySet

from meterbook.engine.contacts.log import ContactReason, parse_contacts
from meterbook.engine.trace import N_, Step
from meterbook.records.contacts.models import CallerVerification, Contact, Viewing
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.policies import NoPolicy, policy_as

POLICY = "contact-log"


def reasons(day: date) -> dict[str, ContactReason]:
    """What contacts are about, by the policy in force; nothing without one."""
    try:
        return policy_as(POLICY, day, parse_contacts)[1]
    except NoPolicy:
        return {}


def contacts(account_id: int | None = None) -> QuerySet[Contact, Any]:
    """The contact log: of one account, or of all."""
    rows = Contact.objects.all() if account_id is None else Contact.objects.filter(account_id=account_id)
    return rows.values(
        "id", "happened_on", "channel", "direction", "reason", "words", "follow_up_on", "account_id",
        number=F("account__number"), name=F("account__holder__name"), by=F("deed__actor__username"),
        recorded_at=F("deed__recorded_at"),
    )  # fmt: skip


def newest(account_id: int, limit: int) -> list[Any]:
    """The last contacts with a customer."""
    return list(contacts(account_id).order_by("-happened_on", "-id")[:limit])


def contact(contact_id: int) -> Contact | None:
    """One contact, or nothing."""
    return Contact.objects.select_related("account__holder", "deed__actor").filter(pk=contact_id).first()


def verifications(account_id: int, limit: int) -> list[CallerVerification]:
    """How callers were verified at an account, the newest first."""
    rows = CallerVerification.objects.filter(account_id=account_id).select_related("by", "person")
    return list(rows.order_by("-at", "-pk")[:limit])


def viewings() -> QuerySet[Viewing, Any]:
    """Every look: who, whose account, when, on which page, and how often that day."""
    return Viewing.objects.values(
        "id", "at", "business_date", "page", username=F("user__username"), number=F("account__number"),
        name=F("account__holder__name"),
    )  # fmt: skip


def lookers(account_id: int) -> list[Any]:
    """Who looked at an account: how often, and when last."""
    rows = Viewing.objects.filter(account_id=account_id).values(username=F("user__username"))
    return list(rows.annotate(looks=Count("id"), last=Max("at")).order_by("-last"))


def happened(account_id: int, since: date) -> list[Happening]:
    """Contacts and verified callers of an account, for its timeline."""
    found = [
        Happening(
            row["happened_on"], "contact", Step("{words}", {"words": row["words"]}), row["recorded_at"],
            ("contact", (row["id"],)), row["by"], detail=row["channel"],
        )
        for row in contacts(account_id).filter(happened_on__gte=since)
    ]  # fmt: skip
    asked = CallerVerification.objects.filter(account_id=account_id, deed__business_date__gte=since)
    for row in asked.select_related("by", "deed"):
        said = {"verified": N_("Caller verified"), "refused": N_("Caller not verified: wrong answers")}
        words = said.get(row.outcome, N_("Data opened without a caller: {reason}"))
        told, who = Step(words, {"reason": row.reason}), row.by.username
        found.append(Happening(row.deed.business_date, "contact", told, row.at, by=who))
    return found
