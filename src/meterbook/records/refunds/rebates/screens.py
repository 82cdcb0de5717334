"""What pages and commands show of rebates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from meterbook.records.refunds.rebates.models import RebateApplication
from meterbook.records.refunds.settings import programmes_on


def applications() -> QuerySet[RebateApplication, Any]:
    """Every application."""
    return RebateApplication.objects.values(
        "id", "programme", "units", "cost_cents", "amount_cents", "how", "state", "fiscal_year", "refund_id",
        number=F("account__number"), name=F("account__holder__name"), asked_on=F("deed__business_date"),
        asker=F("deed__actor__username"), decider=F("decided_by__actor__username"),
    )  # fmt: skip


def find(application_id: int) -> RebateApplication | None:
    """One application, or nothing."""
    rows = RebateApplication.objects.select_related("account__holder", "approval", "deed__actor", "decided_by__actor")
    return rows.filter(pk=application_id).first()


def choices(day: date) -> list[tuple[str, dict[str, str]]]:
    """Programmes one may apply for: code and words."""
    _, found = programmes_on(day)
    return [(one.code, dict(one.words)) for one in found.programmes.values()]
