"""The second person: approving books what was asked for, refusing ends it; who asked may take it back."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.asking import KIND
from meterbook.records.adjustments.booking import book_adjustments
from meterbook.records.adjustments.deciding import check_decider
from meterbook.records.adjustments.leak.standing import refuse_moved
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.refusals import NotAllowed
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import AlreadyDecided, decide_approval
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR


@operation("adjustments.decide", roles={SUPERVISOR, FINANCE})
def decide_adjustments(deed: Deed, *, request: Approval, approve: bool) -> list[Adjustment]:
    """Approve and book, or refuse, everything one request asks for.

    Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`, `AboveYourLimit`, and `NotEligible` where a bill under a leak
    credit was taken back meanwhile.
    """
    rows = _asked(request)
    lock_accounts(sorted({row.account_id for row in rows}))
    check_decider(deed, rows)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decided = decide_approval(act, request=request, approve=approve)
    if approve:
        refuse_moved(rows)
        book_adjustments(deed, rows)
    else:
        _end(deed, rows, Adjustment.REFUSED)
    tell(
        deed, "adjustments.booked" if approve else "adjustments.refused", adjustments=[row.pk for row in rows],
        cents=decided.amount_cents, approval=decided.pk,
    )  # fmt: skip
    return rows


@operation("adjustments.withdraw", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def withdraw_adjustments(deed: Deed, *, request: Approval) -> list[Adjustment]:
    """Take back what one asked for oneself, before anybody decided. Raises `AlreadyDecided` or `NotAllowed`."""
    rows = _asked(request)
    locked = Approval.objects.select_for_update().get(pk=request.pk)
    if locked.requested_by_id != deed.actor.pk:
        raise NotAllowed(Step(N_("Only who asked for it takes it back.")))
    if locked.status != Approval.PENDING:
        raise AlreadyDecided(f"request {locked.pk} was {locked.status}")
    locked.status = Approval.WITHDRAWN
    locked.save()
    _end(deed, rows, Adjustment.WITHDRAWN)
    tell(deed, "adjustments.withdrawn", adjustments=[row.pk for row in rows], approval=locked.pk)
    return rows


def _asked(request: Approval) -> list[Adjustment]:
    """The adjustments a request is about, locked; raises `NotAllowed` for a request about something else."""
    rows = Adjustment.objects.select_for_update(of=("self",)).filter(approval=request)
    found = list(rows.select_related("account", "against").order_by("pk"))
    if request.kind != KIND or not found:
        raise NotAllowed(Step(N_("This request is not about adjustments.")))
    return found


def _end(deed: Deed, rows: list[Adjustment], state: str) -> None:
    for row in rows:
        row.state, row.decided_by = state, deed
        row.save(update_fields=["state", "decided_by"])
