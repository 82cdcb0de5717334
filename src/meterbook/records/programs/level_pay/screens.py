"""What pages show of level payment."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from meterbook.records.programs.level_pay.asking import month_of_year, progress
from meterbook.records.programs.models import LevelPayAmount, LevelPayMonth, LevelPayPlan


def plans() -> QuerySet[LevelPayPlan, Any]:
    """Every plan with its account."""
    return LevelPayPlan.objects.values(
        "id", "formula", "starts", "state", "ended_on", number=F("account__number"), name=F("account__holder__name")
    )


def with_progress(rows: list[dict[str, Any]]) -> None:
    """Add to each row its amount, its month of the plan year, and what it defers."""
    found = progress(list(LevelPayPlan.objects.filter(pk__in=[row["id"] for row in rows])))
    for row in rows:
        at = found[row["id"]]
        row |= {
            "amount_cents": at.amount.amount_cents, "month": month_of_year(at.number) if at.number else 0,
            "difference_cents": at.difference,
        }  # fmt: skip


def plan(pk: int) -> LevelPayPlan | None:
    """One plan with everything its page names, or nothing."""
    return (
        LevelPayPlan.objects.select_related("account__holder", "enrolled__actor", "ended__actor").filter(pk=pk).first()
    )


def months(found: LevelPayPlan) -> list[LevelPayMonth]:
    """What the bills of a plan asked for, newest first."""
    return list(found.months.order_by("-pk"))


def amounts(found: LevelPayPlan) -> list[LevelPayAmount]:
    """The amounts of a plan, newest first."""
    return list(found.amounts.select_related("deed__actor", "document").order_by("-after_month"))


def standing_sums(found: LevelPayPlan) -> dict[str, int]:
    """What a plan's bills charged and asked for in all, and the difference, in cents."""
    rows = months(found)
    return {
        "actual": sum(row.actual_cents for row in rows), "asked": sum(row.asked_cents for row in rows),
        "difference": rows[0].difference_cents if rows else 0,
    }  # fmt: skip
