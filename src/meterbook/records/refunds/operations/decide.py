"""The second person: approving a refund books it; refusing ends it; who asked may take it back."""

from __future__ import annotations

from collections.abc import Mapping

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.taking_back import NotOpen
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed, User
from meterbook.records.platform.operations.approvals import AlreadyDecided, decide_approval
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of
from meterbook.records.refunds.models import Refund
from meterbook.records.refunds.opening import owe, set_state
from meterbook.records.refunds.operations.propose import preview_of
from meterbook.records.refunds.refusals import BeyondLimit, NotNow, NotRefundable
from meterbook.records.refunds.settings import refund_rules_on


@operation("refunds.decide", roles={SUPERVISOR, FINANCE})
def decide_refund(deed: Deed, *, refund: Refund, approve: bool) -> Refund:
    """Approve and book a refund exactly as it was shown, or refuse it.

    Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`, `BeyondLimit`, and `NotRefundable` where the credit was spent
    or changed meanwhile: then nothing is decided.
    """
    lock_accounts(sorted({refund.account_id, refund.to_account_id or refund.account_id}))
    locked = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if locked.approval is None or locked.state != Refund.PROPOSED:
        raise NotNow(Step(N_("This refund was decided in the meantime.")))
    for account in filter(None, (locked.account, locked.to_account)):
        refuse_own(deed.actor, account, deed.business_date)
    _, rules = refund_rules_on(deed.business_date)
    refuse_beyond(deed, locked.amount_cents, rules.decides)
    agree(deed, locked.approval, approve=approve)
    if not approve:
        set_state(locked, Refund.REFUSED, decided_by=deed)
        tell(deed, "refunds.refused", refund=locked.pk, cents=locked.amount_cents)
        return locked
    if preview_of(locked) != locked.approval.preview:
        raise NotRefundable(Step(N_("What would post is no longer what was shown. Ask again.")))
    try:
        owe(deed, locked, on=deed.business_date)
    except NotOpen as error:
        raise NotRefundable(
            Step(N_("The credit was spent in the meantime; less of it is left. Refuse this and ask again."))
        ) from error
    return locked


@operation("refunds.withdraw", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def withdraw_refund(deed: Deed, *, refund: Refund) -> Refund:
    """Take back what one asked for oneself, before anybody decided. Raises `NotNow`."""
    locked = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if locked.state != Refund.PROPOSED or locked.approval is None:
        raise NotNow(Step(N_("This refund was decided in the meantime.")))
    take_back_request(deed, locked.approval)
    set_state(locked, Refund.WITHDRAWN, decided_by=deed)
    tell(deed, "refunds.withdrawn", refund=locked.pk)
    return locked


def agree(deed: Deed, request: Approval, *, approve: bool) -> None:
    """Decide a request as part of this deed; raises `SamePerson` and `AlreadyDecided`."""
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decide_approval(act, request=request, approve=approve)


def take_back_request(deed: Deed, request: Approval) -> None:
    """End a request by whoever made it. Raises `NotNow` and `AlreadyDecided`."""
    locked = Approval.objects.select_for_update().get(pk=request.pk)
    if locked.requested_by_id != deed.actor.pk:
        raise NotNow(Step(N_("Only who asked for it takes it back.")))
    if locked.status != Approval.PENDING:
        raise AlreadyDecided(f"request {locked.pk} was {locked.status}")
    locked.status = Approval.WITHDRAWN
    locked.save()


def refuse_beyond(deed: Deed, cents: int, decides: Mapping[str, int]) -> None:
    """Raise `BeyondLimit` where the actor's roles decide less than this."""
    most = _most(deed.actor, deed, decides)
    if cents > most:
        raise BeyondLimit(
            Step(
                N_("You may decide up to {most}; this is {total}. Somebody with a higher limit decides it."),
                {"most": dollars(most), "total": dollars(cents)},
            )
        )


def _most(user: User, deed: Deed, decides: Mapping[str, int]) -> int:
    return max((decides[role] for role in roles_of(user, deed.business_date) if role in decides), default=0)
