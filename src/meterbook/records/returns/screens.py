"""What pages show of returned payments and barred tenders."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When

from meterbook.records.payments.models import Payment
from meterbook.records.platform.models import Approval
from meterbook.records.returns.models import ReturnedPayment, TenderBan
from meterbook.records.returns.operations.waive_fee import subject_of
from meterbook.records.returns.settings import return_rules_on


def returned_payments() -> QuerySet[ReturnedPayment, Any]:
    """Every returned payment with its fee."""
    return ReturnedPayment.objects.values(
        "id", "occurrence", "fee_cents", "account_id", number=F("account__number"), name=F("account__holder__name"),
        kind=F("reversal__kind"), code=F("reversal__code"), returned_on=F("reversal__reversed_on"),
        payment=F("reversal__payment_id"), amount_cents=F("reversal__payment__amount_cents"),
        tender=F("reversal__payment__tender"), reference=F("reversal__payment__reference"),
        fee_state=Case(
            When(fee_cents=0, then=Value("none")), When(waiver__isnull=False, then=Value("waived")),
            default=Value("charged"), output_field=CharField(),
        ),
    )  # fmt: skip


def find(returned_id: int) -> ReturnedPayment | None:
    """One returned payment with everything around it."""
    about = ("reversal__payment", "reversal__deed__actor", "account__holder", "document", "revenue")
    return ReturnedPayment.objects.filter(pk=returned_id).select_related(*about).first()


def find_payment(payment_id: int) -> Payment | None:
    """One payment."""
    return Payment.objects.filter(pk=payment_id).first()


def waiting(returned: ReturnedPayment) -> Approval | None:
    """The request to take its fee off that waits, if any."""
    asked = Approval.objects.filter(subject=subject_of(returned), status=Approval.PENDING)
    return asked.select_related("requested_by").first()


def waiver_reasons(on: date) -> tuple[str, ...]:
    """Why a fee may be taken off, by the policy in force. Raises `NoPolicy`."""
    return return_rules_on(on)[1].waiver_reasons


def bans(account_id: int | None = None, on: date | None = None) -> QuerySet[TenderBan, Any]:
    """Every ban; or those of an account, or those that hold on a day."""
    rows = TenderBan.objects.all()
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if on is not None:
        rows = rows.filter(validity__contains=on)
    return rows.values(
        "id", "scope", starts=F("validity__startswith"), ends=F("validity__endswith"), number=F("account__number"),
        name=F("account__holder__name"), returned=F("cause_id"), by=F("deed__actor__username"),
    )  # fmt: skip


def find_ban(ban_id: int) -> TenderBan | None:
    """One ban."""
    return TenderBan.objects.filter(pk=ban_id).select_related("account__holder").first()
