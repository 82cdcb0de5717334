"""Whether what a leak credit rests on still stands when it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.refusals import NotEligible
from meterbook.records.billing.models import BilledPeriod


def refuse_moved(adjustments: Sequence[Adjustment]) -> None:
    """Raise `NotEligible` where the days of a bill under a leak credit were taken back since it was computed."""
    for row in adjustments:
        if row.claim_id is None or row.bill is None:
            continue
        days = (date.fromisoformat(row.derivation["starts"]), date.fromisoformat(row.derivation["ends"]))
        claimed = BilledPeriod.objects.filter(
            bill=row.bill, agreement_id=row.derivation["agreement"], period=days, released__isnull=True
        )
        if not claimed.exists():
            says = N_("Bill {number} was taken back since. Refuse this, and compute the credit on the new bill.")
            raise NotEligible(Step(says, {"number": row.bill.number}))
