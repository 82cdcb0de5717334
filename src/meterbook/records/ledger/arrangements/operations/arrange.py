"""Agreeing to a plan of instalments: alone within one's limits, else a second person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.arrangements.models import ArrangedItem, ArrangementPart, PaymentArrangement
from meterbook.records.ledger.arrangements.proposing import Proposal, Terms, propose
from meterbook.records.ledger.arrangements.refusals import ArrangementRefused
from meterbook.records.ledger.arrangements.settings import rules_on
from meterbook.records.ledger.arrangements.standing import arrangements_on
from meterbook.records.ledger.models import AccountOrder, OpenItem
from meterbook.records.ledger.operations.set_order import begin_order, cut_order
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of

DECIDE = "ledger.decide_arrangement"


def subject_of(arrangement: PaymentArrangement) -> str:
    """What requests about a plan name."""
    return f"paymentarrangement:{arrangement.pk}"


@operation("ledger.arrange_payment", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def arrange_payment(
    deed: Deed, *, account: Account, terms: Terms, shown: dict[str, Any] | None = None, promised_by: str = ""
) -> PaymentArrangement:
    """Agree to a plan; beyond one's limits it waits for a second person.

    ``shown`` is the preview the customer was told: what has changed since is refused. Raises `ArrangementRefused`,
    `OwnAccount`, `NoPolicy`, `WrongOrderDays`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    _end_paid(deed, account)
    found = propose(account, terms, deed.business_date, roles_of(deed.actor, deed.business_date))
    if found.against:
        raise ArrangementRefused(*found.against)
    if shown is not None and shown != found.preview:
        raise ArrangementRefused(Step(N_("The schedule is not the one that was shown. Look at it again, then agree.")))
    made = _created(deed, account, terms, found, promised_by)
    if found.second:
        act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
        why = [step.words(str) for step in found.second]
        made.approval = request_approval(
            act, kind=DECIDE, subject=subject_of(made), amount_cents=found.cents,
            preview={"what": "arrange", "account": account.number, **found.preview, "why": why},
        )  # fmt: skip
        made.save(update_fields=["approval"])
        tell(deed, "ledger.arrangement_asked", arrangement=made.pk, account=account.pk, cents=found.cents)
    else:
        _begin(deed, made)
    return made


@operation(DECIDE, roles={SUPERVISOR, FINANCE})
def decide_arrangement(deed: Deed, *, arrangement: PaymentArrangement, approve: bool) -> PaymentArrangement:
    """Decide a plan somebody asked for. Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`, `ArrangementRefused`."""
    found = _locked(deed, arrangement)
    if found.approval is None or found.state != PaymentArrangement.ASKED:
        raise ArrangementRefused(Step(N_("Nobody has to decide about this plan.")))
    limit = rules_on(deed.business_date)[1].arrangement.alone_up_to(roles_of(deed.actor, deed.business_date))
    if approve and found.amount_cents > limit:
        raise ArrangementRefused(Step(N_("It is more than you may agree to. Ask the finance director.")))
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=found.approval)
    decide_approval(act, request=found.approval, approve=approve)
    if approve:
        _begin(deed, found)
    else:
        found.state, found.ended = PaymentArrangement.REFUSED, deed
        found.save(update_fields=["state", "ended"])
        tell(deed, "ledger.arrangement_refused", arrangement=found.pk, account=found.account_id)
    return found


@operation("ledger.cancel_arrangement", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def cancel_arrangement(deed: Deed, *, arrangement: PaymentArrangement, broken: bool = False) -> PaymentArrangement:
    """End a plan before it is paid; ``broken`` says it was not kept. The deed's reason says why.

    The account's own order of payment ends with it. Raises `ArrangementRefused` and `OwnAccount`.
    """
    found = _locked(deed, arrangement)
    if not deed.reason.strip():
        raise ArrangementRefused(Step(N_("Say why; it stays with the plan.")))
    if found.state not in (PaymentArrangement.ASKED, PaymentArrangement.STANDS):
        raise ArrangementRefused(Step(N_("The plan has ended already.")))
    if found.approval is not None and found.approval.status == Approval.PENDING:
        raise ArrangementRefused(Step(N_("A second person decides about this plan first.")))
    if broken and not arrangements_on([found], deed.business_date)[0].stands.missed:
        raise ArrangementRefused(Step(N_("No part of this plan was missed, so it was not broken.")))
    _end(deed, found, PaymentArrangement.CANCELLED, broken=broken)
    tell(deed, "ledger.arrangement_cancelled", arrangement=found.pk, account=found.account_id, broken=broken)
    return found


def _created(
    deed: Deed, account: Account, terms: Terms, found: Proposal, promised_by: str
) -> PaymentArrangement:  # fmt: skip
    made = PaymentArrangement.objects.create(
        account=account, amount_cents=found.cents, every=terms.every, promised_by=promised_by.strip()[:120],
        document=found.document, deed=deed,
    )  # fmt: skip
    ArrangedItem.objects.bulk_create(
        ArrangedItem(arrangement=made, item_id=one.item, amount_cents=one.cents) for one in found.items
    )
    ArrangementPart.objects.bulk_create(
        ArrangementPart(arrangement=made, number=part.number, due_on=part.due_on, amount_cents=part.cents)
        for part in found.parts
    )
    return made


def _begin(deed: Deed, made: PaymentArrangement) -> None:
    """It stands from now on, with current bills paid first until a month after its last part."""
    made.state = PaymentArrangement.STANDS
    if rules_on(deed.business_date)[1].arrangement.current_first and not _has_order(made, deed):
        newest = max(OpenItem.objects.filter(arrangements__arrangement=made).values_list("due_on", flat=True))
        last = max(made.parts.values_list("due_on", flat=True))
        made.order = begin_order(
            deed, account=made.account, current_from=newest + timedelta(days=1), ends=last + timedelta(days=31)
        )
    made.save(update_fields=["state", "order"])
    tell(deed, "ledger.arrangement_made", arrangement=made.pk, account=made.account_id, cents=made.amount_cents)


def _has_order(made: PaymentArrangement, deed: Deed) -> bool:
    return AccountOrder.objects.filter(account=made.account_id, validity__overlap=(deed.business_date, None)).exists()


def _end_paid(deed: Deed, account: Account) -> None:
    """A plan that is paid makes room for the next."""
    rows = PaymentArrangement.objects.filter(account=account, state=PaymentArrangement.STANDS)
    for each in arrangements_on(list(rows), deed.business_date):
        if each.stands.open_cents <= 0:
            _end(deed, each.arrangement, PaymentArrangement.PAID, broken=False)
            tell(deed, "ledger.arrangement_paid", arrangement=each.arrangement.pk, account=account.pk)


def _end(deed: Deed, found: PaymentArrangement, state: str, *, broken: bool) -> None:
    found.state, found.ended, found.broken = state, deed, broken
    found.save(update_fields=["state", "ended", "broken"])
    if found.order is not None:
        cut_order(deed, found.order)


def _locked(deed: Deed, arrangement: PaymentArrangement) -> PaymentArrangement:
    refuse_own(deed.actor, arrangement.account, deed.business_date)
    lock_accounts([arrangement.account_id])
    rows = PaymentArrangement.objects.select_for_update(of=("self",))
    return rows.select_related("account", "approval", "order").get(pk=arrangement.pk)
