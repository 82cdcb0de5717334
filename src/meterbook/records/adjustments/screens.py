"""What pages and commands show of adjustments: the worklist, one of them, an account's, and what may be chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Min, QuerySet

from meterbook.engine.billing.adjusting.reasons import ANY
from meterbook.records.adjustments.models import Adjustment, LeakClaim
from meterbook.records.adjustments.settings import fees_on, reasons_on
from meterbook.records.customers.models import Interest, ServiceAgreement
from meterbook.records.platform.models import Attachment
from meterbook.records.platform.policies import NoPolicy


def adjustments() -> QuerySet[Adjustment, Any]:
    """Every adjustment with who asked and who decided."""
    return Adjustment.objects.values(
        "id", "service", "amount_cents", "reason", "words_en", "words_es", "effective_on", "state", "note", "claim_id",
        "approval_id", "reverses_id", "occurrence", number=F("account__number"), name=F("account__holder__name"),
        bill_number=F("bill__number"), asker=F("proposed_by__actor__username"),
        asked_on=F("proposed_by__business_date"), decider=F("decided_by__actor__username"),
    )  # fmt: skip


def of_account(account_id: int, limit: int = 20) -> list[Any]:
    """An account's adjustments, newest first."""
    return list(adjustments().filter(account_id=account_id).order_by("-id")[:limit])


def find(adjustment_id: int) -> Adjustment | None:
    """One adjustment, or nothing."""
    rows = Adjustment.objects.select_related(
        "account__holder", "against", "document", "bill", "claim", "reverses", "approval__requested_by",
        "proposed_by__actor", "decided_by__actor",
    )  # fmt: skip
    return rows.filter(pk=adjustment_id).first()


def find_claim(claim_id: int) -> LeakClaim | None:
    """One leak claim, or nothing."""
    rows = LeakClaim.objects.select_related("account__holder", "document", "deed__actor")
    return rows.filter(pk=claim_id).first()


def of_claim(claim_id: int) -> list[Adjustment]:
    """The adjustments of a claim, as computed."""
    rows = Adjustment.objects.filter(claim_id=claim_id).select_related("account", "bill", "approval", "against")
    return list(rows.order_by("bill__bill_date", "pk"))


def of_request(approval_id: int) -> list[Adjustment]:
    """The adjustments one request is about."""
    return list(Adjustment.objects.filter(approval_id=approval_id).order_by("pk"))


def waiting() -> dict[str, Any]:
    """How many adjustments wait for a second person, and since when."""
    rows = Adjustment.objects.filter(state=Adjustment.PROPOSED)
    return rows.aggregate(count=Count("id"), oldest=Min("proposed_by__business_date"))


def services_of(account_id: int) -> list[str]:
    """The commodities an account has or had."""
    rows = ServiceAgreement.objects.filter(account_id=account_id)
    return sorted(set(rows.values_list("service_point__commodity", flat=True)))


def choices(day: date, services: list[str]) -> list[tuple[str, dict[str, str], list[str]]]:
    """Reasons that may be chosen by hand on a day: code, words, the services among those given."""
    _, found = reasons_on(day)
    return [
        (one.code, dict(one.words), [each for each in services if each in one.accounts or ANY in one.accounts])
        for one in found.reasons.values()
        if one.by_hand
    ]


def fee_choices(day: date, services: list[str]) -> list[tuple[str, dict[str, str], tuple[int, ...]]]:
    """Fees of the catalogue for any of these services: code, words, cents by occurrence; none without a catalogue."""
    try:
        _, found = fees_on(day)
    except NoPolicy:
        return []
    return [(one.code, dict(one.words), one.amounts) for one in found.values() if set(one.services) & set(services)]


def attachment(attachment_id: int) -> Attachment | None:
    """A proof kept with an adjustment or a claim, or nothing."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    return found if found is not None and found.subject.startswith(("adjustment:", "leakclaim:")) else None


def interests(account_id: int, day: date) -> list[Any]:
    """Who may not touch an account, on a day."""
    rows = Interest.objects.filter(account_id=account_id, validity__contains=day)
    return list(rows.values("id", "kind", username=F("user__username")))
