"""A run's whole log: every deed on it from plan to close, also of what was taken back, with what each deed told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from meterbook.records.billing.models import BillRun
from meterbook.records.platform.models import Approval, Deed, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed: what (its kind), who, when, on which business date, why, and what it told."""

    id: int
    kind: str
    who: str
    at: datetime
    on: date
    why: str
    told: dict[str, Any]


def log_of(run: BillRun) -> list[Entry]:
    """Every deed on a run, oldest first: its own, the one that planned it, and decisions on its approvals."""
    subject = f"billrun:{run.pk}"
    asked = Approval.objects.filter(subject=subject).values_list("pk", flat=True)
    mine = Q(subject=subject) | Q(pk=run.planned_by_id) | Q(subject__in=[f"approval:{pk}" for pk in asked])
    deeds = list(Deed.objects.filter(mine).select_related("actor").order_by("pk"))
    told: dict[int, dict[str, Any]] = {}
    for event in Event.objects.filter(deed_id__in=[deed.pk for deed in deeds]).order_by("pk"):
        told.setdefault(event.deed_id, {}).update(event.payload)
    return [
        Entry(
            deed.pk, deed.kind, f"{deed.actor}", deed.recorded_at, deed.business_date, deed.reason,
            told.get(deed.pk, {}),
        )
        for deed in deeds
    ]  # fmt: skip
