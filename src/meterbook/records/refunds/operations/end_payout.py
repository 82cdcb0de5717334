"""A payout that does not arrive: cancelled, voided, stopped, back from the post, stale; then paid again, or kept."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.booking import book_given
from meterbook.records.refunds.models import Payout, Refund
from meterbook.records.refunds.opening import new_payout, set_state
from meterbook.records.refunds.paying import ended, locked_payouts
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import refund_rules_on

#: How a payout may end by hand, and from which states.
ENDS = {
    Payout.CANCELLED: (Payout.WAITING,),
    Payout.VOIDED: (Payout.EXPORTED, Payout.ISSUED),
    Payout.STOPPED: (Payout.ISSUED,),
    Payout.RETURNED: (Payout.ISSUED,),
    Payout.STALE: (Payout.ISSUED,),
}


@operation("refunds.end_payout", roles={BILLING, SUPERVISOR, FINANCE})
def end_payout(deed: Deed, *, payout: Payout, state: str, why: str) -> Payout:
    """End a payout that never arrives; what it paid is owed again. Raises `NotNow`, `OwnAccount`."""
    if state not in ENDS or not why.strip():
        raise NotNow(Step(N_("Say how it ended and why.")))
    refuse_own(deed.actor, payout.refund.account, deed.business_date)
    (locked,) = locked_payouts([payout.pk], states=ENDS[state])
    if state == Payout.STALE:
        _, rules = refund_rules_on(deed.business_date)
        assert locked.issued_on is not None
        if (deed.business_date - locked.issued_on).days < rules.stale_after_days:
            raise NotNow(
                Step(N_("A check is stale {days} days after it was issued."), {"days": rules.stale_after_days})
            )
    ended(deed, locked, state=state, why=why.strip(), on=deed.business_date)
    tell(deed, "refunds.payout_ended", payout=locked.pk, refund=locked.refund_id, state=state)
    return locked


@operation("refunds.reissue", roles={SUPERVISOR, FINANCE})
def reissue(deed: Deed, *, refund: Refund, how: str = "check", lines: Sequence[str] = (), bank: str = "") -> Payout:
    """Try again to pay what a refund owes, to the same payee, at another address if one is given.

    Done by somebody else than whoever ended the payout before. Raises `NotNow`, `OwnAccount`.
    """
    locked = _owed(deed, refund)
    last = locked.payouts.order_by("-pk").first()
    if last is not None and _ended_by(last) == deed.actor.pk:
        raise NotNow(Step(N_("You ended the last try yourself, so someone else pays it again.")))
    locked.lines = [line for line in lines if line.strip()] or locked.lines
    locked.bank = bank or locked.bank
    locked.save(update_fields=["lines", "bank"])
    made = new_payout(deed, locked, how=how)
    tell(deed, "refunds.reissued", refund=locked.pk, payout=made.pk, how=how)
    return made


@operation("refunds.keep_on_account", roles={SUPERVISOR, FINANCE})
def keep_on_account(deed: Deed, *, refund: Refund) -> Refund:
    """Give what a refund owes back to its account as a credit, which settles what is owed there. Raises `NotNow`."""
    locked = _owed(deed, refund)
    book_given(deed, locked, on=deed.business_date)
    set_state(locked, Refund.KEPT)
    tell(deed, "refunds.kept", refund=locked.pk, account=locked.account_id, cents=locked.amount_cents)
    return locked


def _owed(deed: Deed, refund: Refund) -> Refund:
    """The refund, locked, owed and with no try under way; raises `NotNow`."""
    refuse_own(deed.actor, refund.account, deed.business_date)
    locked = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    alive = locked.payouts.filter(state__in=[Payout.WAITING, Payout.EXPORTED, Payout.ISSUED, Payout.CLEARED])
    if locked.state != Refund.OWED or alive.exists():
        raise NotNow(Step(N_("A check or credit of this refund is still under way, or nothing is owed any more.")))
    return locked


def _ended_by(payout: Payout) -> int | None:
    """Who ended a payout: the deed about it that ended it."""
    subject = f"payout:{payout.pk}"
    found = Deed.objects.filter(kind="refunds.end_payout", subject=subject).order_by("-pk").first()
    return found.actor_id if found else None
