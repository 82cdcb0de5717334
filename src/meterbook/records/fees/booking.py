"""One-off charges into the books, and what of them is paid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import polars as pl
from django.db import connection

from meterbook.records.fees.models import ServiceCharge
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.queries import accounting_period

SOURCE = "fee"


def due_date(day: date) -> date:
    """When a charge of a day is due: like a bill of that day."""
    return day + timedelta(days=policy("billing-rules", day)["due_days"])


def book_charges(deed: Deed, charges: Sequence[ServiceCharge]) -> None:
    """Charge them on the deed's day, each due on its own, and mark each as booked."""
    for charge in charges:
        _one(deed, charge, charge.amount_cents)
        charge.state, charge.booked_by = ServiceCharge.BOOKED, deed
        charge.save(update_fields=["state", "booked_by", "approval", "due_on"])


def cancel_charge(deed: Deed, charge: ServiceCharge) -> None:
    """Credit a booked charge again: what was paid on it settles what else is owed, or waits."""
    _one(deed, charge, -charge.amount_cents)
    charge.state, charge.cancelled_by = ServiceCharge.CANCELLED, deed
    charge.save(update_fields=["state", "cancelled_by"])


def _one(deed: Deed, charge: ServiceCharge, cents: int) -> None:
    day = deed.business_date
    row = pl.DataFrame(
        [(charge.account_id, charge.service, charge.against_id, cents, charge.pk)], schema=dict(BOOKED), orient="row"
    )
    book(row, source_kind=SOURCE, due_on=charge.due_on, effective_on=day, period=accounting_period(day), deed=deed)


_OPEN = """
SELECT o.source_id, o.amount_cents - coalesce(sum(l.amount_cents), 0)
  FROM ledger_openitem o LEFT JOIN ledger_allocation l ON l.charge_id = o.id
 WHERE o.source_kind = 'fee' AND o.side = 'charge' AND o.source_id = ANY(%s)
 GROUP BY o.id
"""


def unpaid(charges: Collection[int]) -> dict[int, int]:
    """Cents still open of each booked charge; what is paid stands there with 0."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [list(charges)])
        return {row[0]: int(row[1]) for row in cursor.fetchall()}
