"""Questions about comparisons that commands and pages ask."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from meterbook.records.parallel.models import ComparedBill, Comparison, SignOff


def find_comparison(reference: str) -> Comparison:
    """A comparison by its number; raises `LookupError`."""
    found = Comparison.objects.select_related("run", "source", "deed__actor").filter(number=reference).first()
    if found is None:
        raise LookupError(f"no comparison {reference}")
    return found


def comparisons() -> QuerySet[Comparison, Any]:
    """Every comparison with its file, its run and who signed it."""
    return Comparison.objects.values(
        "id", "number", "system", "totals", file_name=F("source__file_name"), run_number=F("run__number"),
        run_pk=F("run_id"), made_on=F("deed__business_date"), made_by=F("deed__actor__username"),
        signed_by=F("sign_off__deed__actor__username"),
    )  # fmt: skip


def comparison(pk: int) -> Comparison | None:
    """One comparison with its file, run and deed, or nothing."""
    return Comparison.objects.select_related("run", "source", "deed__actor").filter(pk=pk).first()


def sign_off_of(pk: int) -> SignOff | None:
    """The sign-off of a comparison, or nothing."""
    return SignOff.objects.select_related("deed__actor").filter(comparison_id=pk).first()


def bills(comparison_id: int) -> QuerySet[ComparedBill, Any]:
    """The accounts of a comparison with both sums, in cents."""
    rows = ComparedBill.objects.filter(comparison_id=comparison_id).annotate(
        difference_cents=F("ours_cents") - F("theirs_cents")
    )
    return rows.values(
        "id", "account_number", "account_id", "bill_id", "outcome", "ours_cents", "theirs_cents", "difference_cents",
    )  # fmt: skip


def compared_bill(pk: int) -> ComparedBill | None:
    """One account of a comparison, or nothing."""
    return ComparedBill.objects.select_related("comparison", "account").filter(pk=pk).first()


def unexplained(comparison_id: int, limit: int) -> list[ComparedBill]:
    """The first accounts nobody can explain, by number."""
    rows = ComparedBill.objects.filter(comparison_id=comparison_id, outcome=ComparedBill.UNEXPLAINED)
    return list(rows.order_by("account_number")[:limit])
