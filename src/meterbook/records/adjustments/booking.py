"""Adjustments into the books: charge or credit of the service's receivable against the reason's account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from meterbook.records.adjustments.models import Adjustment
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.queries import accounting_period

SOURCE = "adjustment"


def book_adjustments(deed: Deed, adjustments: Sequence[Adjustment]) -> None:
    """Write transfers and open items, and mark each as booked by this deed. A charge is due like a bill of today."""
    due_on = deed.business_date + timedelta(days=policy("billing-rules", deed.business_date)["due_days"])
    by_day: dict[date, list[Adjustment]] = {}
    for row in adjustments:
        by_day.setdefault(row.effective_on, []).append(row)
    for day, rows in sorted(by_day.items()):
        values = [(row.account_id, row.service, row.against_id, row.amount_cents, row.pk) for row in rows]
        book(
            pl.DataFrame(values, schema=dict(BOOKED), orient="row"),
            source_kind=SOURCE, due_on=due_on, effective_on=day, period=accounting_period(day), deed=deed,
        )  # fmt: skip
    for row in adjustments:
        row.state, row.decided_by = Adjustment.BOOKED, deed
        row.save(update_fields=["state", "decided_by", "approval"])
