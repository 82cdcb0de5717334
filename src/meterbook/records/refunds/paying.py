"""A payout's life in the books: issued (the money leaves), cleared, ended (the money is back and owed again)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.models import Deed
from meterbook.records.refunds.booking import book_paid, book_unpaid
from meterbook.records.refunds.models import Payout, Refund, RefundBooking
from meterbook.records.refunds.opening import set_state
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import refund_rules_on


def locked_payouts(ids: Sequence[int], *, states: Sequence[str]) -> list[Payout]:
    """Payouts locked in order of id; raises `NotNow` for one that is not in one of the states."""
    rows = list(Payout.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk"))
    rows = list(Payout.objects.filter(pk__in=[row.pk for row in rows]).select_related("refund__account").order_by("pk"))
    if len(rows) != len(set(ids)):
        raise NotNow(Step(N_("A payout is not on record.")))
    for row in rows:
        if row.state not in states:
            raise NotNow(
                Step(
                    N_("Payout {payout} is {state}; this needs {wanted}."),
                    {"payout": row.pk, "state": row.state, "wanted": ", ".join(states)},
                )
            )
    return rows


def issued(deed: Deed, payout: Payout, *, reference: str, on: date) -> None:
    """The check was written, or the credit sent: refunds payable is paid out of the policy's account."""
    _, rules = refund_rules_on(deed.business_date)
    payout.state, payout.reference, payout.issued_on = Payout.ISSUED, reference, on
    payout.save(update_fields=["state", "reference", "issued_on", "export"])
    book_paid(deed, payout, role=rules.paid_out_of[payout.how], on=on)
    set_state(payout.refund, Refund.SENT)


def ended(deed: Deed, payout: Payout, *, state: str, why: str, on: date) -> None:
    """It never arrives: what had left is back, and the refund is owed again."""
    left = payout.bookings.filter(kind=RefundBooking.PAID).exists()
    payout.state, payout.why, payout.ended_on = state, why[:200], on
    payout.save(update_fields=["state", "why", "ended_on"])
    if left:
        book_unpaid(deed, payout, on=on)
    set_state(payout.refund, Refund.OWED)
