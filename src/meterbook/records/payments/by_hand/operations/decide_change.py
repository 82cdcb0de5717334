"""The second person: approving posts exactly what was shown, refusing ends it; who asked may take it back."""

from __future__ import annotations

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.what_posts import posted
from meterbook.records.payments.by_hand.asking import KIND, accounts_of, finish
from meterbook.records.payments.by_hand.limits import limits_on
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.payments.by_hand.refusals import BeyondYourLimit, MovedOn, NotPossible
from meterbook.records.payments.standing import lock_payments
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import AlreadyDecided, decide_approval
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of


@operation("payments.decide_change", roles={SUPERVISOR, FINANCE})
def decide_change(deed: Deed, *, request: Approval, approve: bool) -> HandChange:
    """Approve and post, or refuse, what one request asks for.

    Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`, `BeyondYourLimit`, and `MovedOn` where the accounts changed so
    that something else would post than what the request shows.
    """
    change = _asked(request)
    if change.payment_id is not None:
        lock_payments([change.payment_id])
    accounts = accounts_of(change)
    lock_accounts([account.pk for account in accounts])
    for account in accounts:
        refuse_own(deed.actor, account, deed.business_date)
    most = limits_on(deed.business_date)[1].decides_up_to(roles_of(deed.actor, deed.business_date))
    if change.amount_cents > most:
        raise BeyondYourLimit(
            Step(N_("You may decide up to {most}. Somebody with a higher limit decides it."), {"most": dollars(most)})
        )
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decide_approval(act, request=request, approve=approve)
    tell(deed, "payments.change_decided", change=change.pk, approved=approve, cents=change.amount_cents)
    if not approve:
        _end(deed, change, HandChange.REFUSED)
        return change
    finish(deed, change)
    now = posted(deed)
    if any(now[part] != request.preview[part] for part in now):
        raise MovedOn(
            Step(N_("The account has moved on: something else would post now. Take the request back and ask again."))
        )
    return change


@operation("payments.withdraw_change", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def withdraw_change(deed: Deed, *, request: Approval) -> HandChange:
    """Take back what one asked for oneself, before anybody decided. Raises `AlreadyDecided`, `NotPossible`."""
    change = _asked(request)
    locked = Approval.objects.select_for_update().get(pk=request.pk)
    if locked.requested_by_id != deed.actor.pk:
        raise NotPossible(Step(N_("Only who asked for it takes it back.")))
    if locked.status != Approval.PENDING:
        raise AlreadyDecided(f"request {locked.pk} was {locked.status}")
    locked.status = Approval.WITHDRAWN
    locked.save()
    _end(deed, change, HandChange.WITHDRAWN)
    tell(deed, "payments.change_withdrawn", change=change.pk)
    return change


def _asked(request: Approval) -> HandChange:
    found = HandChange.objects.select_for_update(of=("self",)).filter(approval=request).first()
    if request.kind != KIND or found is None:
        raise NotPossible(Step(N_("This request is not about a payment or a transfer.")))
    return found


def _end(deed: Deed, change: HandChange, state: str) -> None:
    change.state, change.decided_by = state, deed
    change.save(update_fields=["state", "decided_by"])
