"""Questions about winter averages that commands, pages and letters ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from meterbook.records.programs.models import WinterAverage, WinterReset


def reset_on(effective: date) -> WinterReset:
    """The reset of a day that was not withdrawn; raises `LookupError`."""
    drawn = WinterReset.objects.select_related("approval").filter(effective=effective)
    found = drawn.exclude(state=WinterReset.WITHDRAWN).first()
    if found is None:
        raise LookupError(f"no winter averages are drawn for {effective}")
    return found


def resets() -> QuerySet[WinterReset, Any]:
    """Every reset, with who drew it and who put it in force."""
    return WinterReset.objects.values(
        "id", "effective", "state", "totals", drawn_on=F("drawn_by__business_date"),
        drawn_name=F("drawn_by__actor__username"), applied_name=F("applied_by__actor__username"),
    )  # fmt: skip


def reset(pk: int) -> WinterReset | None:
    """One reset with its people, or nothing."""
    people = ("drawn_by__actor", "applied_by__actor", "approval", "policy")
    return WinterReset.objects.select_related(*people).filter(pk=pk).first()


def rows(reset_id: int) -> QuerySet[WinterAverage, Any]:
    """The points of a reset: before, by the policy, by hand, what counts and a normal period's charges in cents."""
    found = WinterAverage.objects.filter(reset_id=reset_id).annotate(
        counts_e6=Coalesce("override_e6", "average_e6"), change_cents=F("cents_after") - F("cents_before")
    )
    return found.values(
        "id", "service_point_id", "periods", "estimated", "source", "before_e6", "average_e6", "override_e6",
        "override_reason", "counts_e6", "cents_before", "cents_after", "change_cents",
        point=F("service_point__code"), account_number=F("account__number"), name=F("account__holder__name"),
    )  # fmt: skip


def row(pk: int) -> WinterAverage | None:
    """One point of a reset, or nothing."""
    return WinterAverage.objects.select_related("reset", "service_point", "account").filter(pk=pk).first()
