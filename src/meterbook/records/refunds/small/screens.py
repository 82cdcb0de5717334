"""What pages and commands show of small balances."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from meterbook.records.refunds.small.models import SmallBatch, SmallRow


def batches() -> QuerySet[SmallBatch, Any]:
    """Every batch with its lines and what they come to."""
    return SmallBatch.objects.annotate(lines=Count("rows"), net_cents=Sum("rows__amount_cents")).values(
        "id", "state", "lines", "net_cents", asker=F("proposed_by__actor__username"),
        asked_on=F("proposed_by__business_date"), decider=F("decided_by__actor__username"),
    )  # fmt: skip


def find(batch_id: int) -> SmallBatch | None:
    """One batch, or nothing."""
    rows = SmallBatch.objects.select_related("against", "approval", "proposed_by__actor", "decided_by__actor")
    return rows.filter(pk=batch_id).first()


def rows(batch_id: int) -> list[SmallRow]:
    """A batch's lines."""
    return list(SmallRow.objects.filter(batch_id=batch_id).select_related("account__holder", "item").order_by("pk"))
