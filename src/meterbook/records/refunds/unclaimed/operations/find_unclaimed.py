"""Setting unclaimed money aside: out of refunds payable or the credit, into the liability of that name."""

from __future__ import annotations

from meterbook.records.customers.models import Account
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.taking_back import NotOpen, TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Document
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.booking import book_aside
from meterbook.records.refunds.models import Payout, Refund
from meterbook.records.refunds.opening import address_of, set_state
from meterbook.records.refunds.paying import ended
from meterbook.records.refunds.settings import dormancy_on
from meterbook.records.refunds.unclaimed.finding import Dormant, dormant
from meterbook.records.refunds.unclaimed.models import Unclaimed, UnclaimedStep

SOURCE = "unclaimed"


@operation("refunds.find_unclaimed", roles={BILLING, SUPERVISOR, FINANCE})
def find_unclaimed(deed: Deed) -> list[Unclaimed]:
    """Set aside everything a letter is due for: uncashed checks are stale, credits of those who left are taken.

    The money stays the customer's; it stands under unclaimed money instead. Done twice it finds nothing more.
    """
    day = deed.business_date
    document, _ = dormancy_on(day)
    found = dormant(day)
    lock_accounts(sorted({one.account for one in found}))
    again = {(one.refund, one.credit): one for one in dormant(day)}
    made = [_aside(deed, again[key], document) for key in ((one.refund, one.credit) for one in found) if key in again]
    tell(deed, "refunds.unclaimed_found", properties=[one.pk for one in made], cents=sum(p.amount_cents for p in made))
    return made


def _aside(deed: Deed, one: Dormant, document: Document) -> Unclaimed:
    account = Account.objects.select_related("holder").get(pk=one.account)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=one.refund) if one.refund else None
    made = Unclaimed.objects.create(
        account=account, refund=refund, credit_id=one.credit, amount_cents=one.cents, owner=one.owner,
        lines=refund.lines if refund else address_of(account, deed.business_date), since=one.since, rule=one.rule,
        document=document, deed=deed,
    )  # fmt: skip
    if refund is not None:
        _from_refund(deed, made, refund, one)
    else:
        _from_credit(deed, made, one)
    return made


def _from_refund(deed: Deed, made: Unclaimed, refund: Refund, one: Dormant) -> None:
    day = deed.business_date
    UnclaimedStep.objects.create(unclaimed=made, kind="found", done_on=day, deed=deed)
    if one.payout:
        payout = Payout.objects.select_related("refund__account").get(pk=one.payout)
        ended(deed, payout, state=Payout.STALE, why="unclaimed", on=day)
        refund = payout.refund
    book_aside(deed, refund, on=day)
    set_state(refund, Refund.UNCLAIMED)


def _from_credit(deed: Deed, made: Unclaimed, one: Dormant) -> None:
    """Take the credit; what was spent meanwhile is refused by the ledger (`NotOpen`)."""
    day, aside = deed.business_date, account_for("unclaimed")
    step = UnclaimedStep.objects.create(unclaimed=made, kind="found", done_on=day, credit=aside, deed=deed)
    assert one.credit is not None
    taken = TakenBack(credit=one.credit, cents=one.cents, source=step.pk)
    take_back(
        [taken], source_kind=SOURCE, against=aside, effective_on=day, period=accounting_period(day), deed=deed,
        spent=False,
    )  # fmt: skip


__all__ = ["SOURCE", "NotOpen", "find_unclaimed"]
