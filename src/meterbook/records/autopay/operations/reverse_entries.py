"""Entries of ours that were wrong: reversed at the bank within its days, by two people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.autopay.banking_days import banking_days_between
from meterbook.engine.trace import N_, Step
from meterbook.formats.nacha import Draft as AchDraft
from meterbook.formats.nacha.codes import account_type_of, direction_of
from meterbook.records.autopay.bank.files import Line, write_file
from meterbook.records.autopay.drafting.selecting import earliest
from meterbook.records.autopay.models import AchEntry, AchReversal
from meterbook.records.autopay.refusals import NotReversible
from meterbook.records.autopay.settings import rules_on
from meterbook.records.autopay.vault import unseal
from meterbook.records.customers.relations import refuse_own
from meterbook.records.payments.models import PaymentReversal
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

KIND = "autopay.reverse_entries"


@operation("autopay.request_reversal", roles={BILLING, SUPERVISOR, FINANCE})
def request_reversal(deed: Deed, *, entries: Sequence[AchEntry]) -> AchReversal:
    """Ask a second person to reverse entries: all of a file's, or some. Raises `NotReversible`, `OwnAccount`."""
    found = _reversible(deed, [one.pk for one in entries])
    total = sum(one.amount_cents for one in found)
    made = AchReversal.objects.create(
        entries=[one.pk for one in found], total_cents=total, reason=deed.reason, deed=deed
    )
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    preview = {
        "entries": len(found), "cents": total, "files": sorted({one.file.number for one in found}),
        "traces": [one.trace for one in found][:20],
    }  # fmt: skip
    made.approval = request_approval(
        act, kind=KIND, subject=f"achreversal:{made.pk}", preview=preview, amount_cents=total
    )
    made.save(update_fields=["approval"])
    tell(deed, "autopay.reversal_asked", reversal=made.pk, cents=total)
    return made


@operation("autopay.decide_reversal", roles={SUPERVISOR, FINANCE})
def decide_reversal(deed: Deed, *, reversal: AchReversal, approve: bool) -> AchReversal:
    """Write the file that takes the entries back, or refuse. What they paid is owed again once it settles.

    Raises `NotReversible`, `SamePerson`, `AlreadyDecided`, `OwnAccount`.
    """
    found = AchReversal.objects.select_for_update(of=("self",)).select_related("approval").get(pk=reversal.pk)
    assert found.approval is not None
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=found.approval)
    decide_approval(act, request=found.approval, approve=approve)
    if approve:
        rows = _reversible(deed, found.entries)
        _, rules = rules_on(deed.business_date)
        settle_on = earliest(deed.business_date, rules)
        found.file = write_file(deed, [_back(one, settle_on) for one in rows], kind="reversal")
    found.state = AchReversal.FILED if approve else AchReversal.REFUSED
    found.save(update_fields=["state", "file"])
    tell(deed, f"autopay.reversal_{found.state}", reversal=found.pk, cents=found.total_cents)
    return found


def _reversible(deed: Deed, ids: Sequence[int]) -> list[AchEntry]:
    """Our drafts among these, in order; raises `NotReversible` for the first that cannot be reversed."""
    _, rules = rules_on(deed.business_date)
    rows = AchEntry.objects.select_related("file", "draft", "enrolment", "draft__account").filter(pk__in=list(ids))
    found = list(rows.order_by("pk"))
    if not found:
        raise NotReversible(Step(N_("Nothing is named to reverse.")))
    taken = set(AchEntry.objects.filter(reverses__in=found).values_list("reverses_id", flat=True))
    payments = [one.draft.payment_id for one in found if one.draft is not None]
    back = set(PaymentReversal.objects.filter(payment__in=payments).values_list("payment_id", flat=True))
    for one in found:
        if one.draft is None or one.draft.state not in ("filed", "settled"):
            raise NotReversible(Step(N_("Entry {trace} drew nothing, or came back."), {"trace": one.trace}))
        if one.draft.payment_id in back:
            raise NotReversible(Step(N_("Entry {trace} drew nothing, or came back."), {"trace": one.trace}))
        refuse_own(deed.actor, one.draft.account, deed.business_date)
        if one.pk in taken:
            raise NotReversible(Step(N_("Entry {trace} was reversed before."), {"trace": one.trace}))
        if banking_days_between(one.settle_on, deed.business_date) > rules.reversal_days:
            raise NotReversible(
                Step(N_("Entry {trace} settled on {day}; entries are reversed within {n} banking days."),
                     {"trace": one.trace, "day": one.settle_on, "n": rules.reversal_days})
            )  # fmt: skip
    return found


def _back(one: AchEntry, settle_on: date) -> Line:
    """The entry the other way round: class and amount unchanged."""
    payer, draft = one.enrolment, one.draft
    assert payer is not None and draft is not None
    return Line(
        AchDraft(
            reference=draft.account.number, name=payer.name, routing=payer.routing,
            account=unseal(payer.sealed_number),
            account_type=account_type_of(one.transaction_code) or "checking",
            direction="credit" if direction_of(one.transaction_code) == "debit" else "debit",
            amount_cents=one.amount_cents, payment_type="R" if one.sec in ("WEB", "TEL") else "",
        ),
        kind="reversal", sec=one.sec, purpose="reversal", settle_on=settle_on,
        last_four=one.last_four, enrolment=payer.pk, reverses=one.pk,
    )  # fmt: skip
