"""A batch that should never have been posted, taken back whole: asked by one person, decided by another."""

from __future__ import annotations

from typing import Any

from meterbook.records.banking.models import MatchedDeposit, Unposting
from meterbook.records.payments.models import Payment, PaymentBatch, PaymentReversal
from meterbook.records.payments.operations.post_payments import posted_of
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.roles import BILLING, CASHIER, FINANCE, SUPERVISOR

KIND = "banking.decide_unposting"


class CannotUnpost(ValueError):
    """The batch is taken back already, is asked for, is still being posted, or its money is at the bank."""


@operation("banking.propose_unposting", roles={CASHIER, BILLING, SUPERVISOR})
def propose_unposting(deed: Deed, *, batch: PaymentBatch) -> Unposting:
    """Ask a second person to take a batch back. Raises `CannotUnpost`."""
    _check(batch)
    if Unposting.objects.filter(batch=batch, state=Unposting.PROPOSED).exists():
        raise CannotUnpost(f"batch {batch.number}: a second person was asked already")
    request = Approval.objects.create(
        kind=KIND, subject=f"paymentbatch:{batch.pk}", preview=preview_of(batch), amount_cents=batch.total_cents,
        requested_by=deed.actor, reason=deed.reason,
    )  # fmt: skip
    made = Unposting.objects.create(batch=batch, approval=request, proposed_by=deed)
    tell(deed, "banking.unposting_proposed", batch=batch.pk, cents=batch.total_cents)
    return made


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_unposting(deed: Deed, *, unposting: Unposting, approve: bool) -> Unposting:
    """Take every payment of the batch back, as if it had never been; or refuse.

    Payments taken back by themselves before stay so. The same file is never posted again: send it corrected.
    Raises `SamePerson`, `AlreadyDecided`, `CannotUnpost`.
    """
    locked = Unposting.objects.select_for_update(of=("self",)).select_related("approval", "batch").get(pk=unposting.pk)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=locked.approval)
    decide_approval(act, request=locked.approval, approve=approve)
    if approve:
        _check(locked.batch)
        left = [ToReverse(each, "UNPOST") for each in _standing(locked.batch)]
        reverse_payments(deed, left, kind=PaymentReversal.UNPOSTED, reversed_on=deed.business_date)
    locked.state = Unposting.DONE if approve else Unposting.REFUSED
    locked.decided_by = deed
    locked.save(update_fields=["state", "decided_by"])
    tell(deed, f"banking.unposting_{locked.state}", batch=locked.batch_id)
    return locked


def preview_of(batch: PaymentBatch) -> dict[str, Any]:
    """What would be taken back, as the second person sees it."""
    rows = _standing(batch)
    return {
        "batch": batch.number, "received_on": str(batch.received_on), "payments": len(rows),
        "cents": sum(each.amount_cents for each in rows), "taken_back_before": batch.count - len(rows),
    }  # fmt: skip


def _standing(batch: PaymentBatch) -> list[Payment]:
    return list(Payment.objects.filter(batch=batch, reversal__isnull=True).order_by("pk"))


def _check(batch: PaymentBatch) -> None:
    if MatchedDeposit.objects.filter(key=f"batch:{batch.pk}", stands=True).exclude(match__kind="fee").exists():
        raise CannotUnpost(f"batch {batch.number}: the bank has booked its money; undo that match first")
    if posted_of(batch) != batch.count:
        raise CannotUnpost(f"batch {batch.number} is still being posted")
    if not _standing(batch):
        raise CannotUnpost(f"batch {batch.number}: nothing of it stands any more")
