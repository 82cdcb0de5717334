"""What pages and commands show of refunds: the worklist, refunds, payouts, files, and what may be chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Sum

from meterbook.records.platform.models import Attachment
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.refunds.models import CreditReview, OpenCredit, Payout, PayoutExport, Refund, RefundBooking
from meterbook.records.refunds.settings import refund_rules_on
from meterbook.records.refunds.worklist import AccountCredits, worklist


def credits() -> QuerySet[OpenCredit, Any]:
    """Every account with an open credit, in the database's own order: left first, then the oldest."""
    return OpenCredit.objects.values(
        "cents", "asked_cents", "since", "left_on", "account_id", number=F("account__number"),
        name=F("account__holder__name"),
    )  # fmt: skip


def standings(day: date) -> dict[int, AccountCredits]:
    """What is done about each account's credits; nothing where no policy says."""
    try:
        return {row.account: row for row in worklist(day)}
    except NoPolicy:
        return {}


def refunds() -> QuerySet[Refund, Any]:
    """Every refund with who asked, who decided, and its last payout."""
    last = Payout.objects.filter(refund=OuterRef("pk")).order_by("-pk")
    return Refund.objects.annotate(
        payout_state=Subquery(last.values("state")[:1]), reference=Subquery(last.values("reference")[:1]),
        issued_on=Subquery(last.values("issued_on")[:1]),
    ).values(
        "id", "source", "how", "amount_cents", "payee", "reason", "note", "state", "approval_id", "payout_state",
        "reference", "issued_on", number=F("account__number"), name=F("account__holder__name"),
        to=F("to_account__number"), asker=F("proposed_by__actor__username"), asked_on=F("proposed_by__business_date"),
        decider=F("decided_by__actor__username"), decided_on=F("decided_by__business_date"),
    )  # fmt: skip


def find(refund_id: int) -> Refund | None:
    """One refund with what its page shows, or nothing."""
    rows = Refund.objects.select_related(
        "account__holder", "to_account__holder", "out_of", "approval", "proposed_by__actor", "decided_by__actor"
    )
    return rows.filter(pk=refund_id).first()


def bookings(refund_id: int) -> list[RefundBooking]:
    """What a refund moved in the books, in turn."""
    rows = RefundBooking.objects.filter(refund_id=refund_id).select_related("debit", "credit", "deed__actor")
    return list(rows.order_by("pk"))


def payouts(refund_id: int | None = None) -> QuerySet[Payout, Any]:
    """Every payout, or a refund's."""
    rows = Payout.objects.values(
        "id", "refund_id", "how", "amount_cents", "payee", "state", "reference", "issued_on", "cleared_on", "ended_on",
        "why", "export_id", number=F("refund__account__number"),
    )  # fmt: skip
    return rows if refund_id is None else rows.filter(refund_id=refund_id)


def find_payout(payout_id: int) -> Payout | None:
    """One payout, or nothing."""
    return Payout.objects.filter(pk=payout_id).select_related("refund__account__holder").first()


def waiting() -> dict[str, Any]:
    """How many refunds wait for a second person, for how much, since when; how many checks wait to be handed over."""
    asked = Refund.objects.filter(state=Refund.PROPOSED).aggregate(
        count=Count("id"), cents=Sum("amount_cents"), oldest=Min("proposed_by__business_date")
    )
    checks = Payout.objects.filter(how="check", state=Payout.WAITING)
    return {**asked, **checks.aggregate(checks=Count("id"), checks_cents=Sum("amount_cents"))}


def exports() -> list[PayoutExport]:
    """The files handed over, newest first, without their content."""
    return list(PayoutExport.objects.defer("content").select_related("deed__actor").order_by("-pk")[:50])


def find_export(export_id: int) -> PayoutExport | None:
    """One file with its content, or nothing."""
    return PayoutExport.objects.filter(pk=export_id).first()


def reviews(account_id: int) -> list[Any]:
    """Why an account's credit stayed, newest first."""
    rows = CreditReview.objects.filter(account_id=account_id).order_by("-pk")
    return list(rows.values("reason", "note", "until", by=F("deed__actor__username"), on=F("deed__business_date")))


def proof(attachment_id: int) -> Attachment | None:
    """A file kept with a claim, a rebate or a publication, or nothing."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    kept = ("unclaimedclaim:", "rebateapplication:", "publication:")
    return found if found is not None and found.subject.startswith(kept) else None


def reasons(day: date) -> list[tuple[str, dict[str, str]]]:
    """Reasons a refund may be asked for: code and words."""
    _, rules = refund_rules_on(day)
    return [(one.code, dict(one.words)) for one in rules.reasons.values()]


def stays(day: date) -> list[tuple[str, dict[str, str]]]:
    """Why a credit may stay: code and words."""
    _, rules = refund_rules_on(day)
    return [(one.code, dict(one.words)) for one in rules.stays.values()]
