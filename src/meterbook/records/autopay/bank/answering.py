"""What a bank's answers mean: each return and each notification of change, matched by trace, decided one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from meterbook.engine.autopay.returned import KEEP, STOP, enrolment_after, presented_again_on
from meterbook.engine.autopay.rules import AutopayRules
from meterbook.engine.trace import N_, Step
from meterbook.formats.nacha import Entry
from meterbook.records.autopay.enrolling import end, happened, suspend
from meterbook.records.autopay.models import OPEN, AchEntry, Draft, Enrolment
from meterbook.records.payments.models import PaymentReversal
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.models import Deed
from meterbook.records.returns.consequences import apply_return

#: Returns from here on dispute an earlier return (dishonored, contested): a person answers them.
_DISPUTES = "R61"


@dataclass(slots=True)
class Answered:
    """One answer with what became of it; `entry` is null where it is none of ours."""

    line: int
    kind: str
    code: str
    trace: str
    cents: int
    says: Step
    entry: AchEntry | None = None
    applied: bool = False
    again: Draft | None = None


@dataclass(slots=True)
class Returned:
    """Returns of drafts, judged before any money moves."""

    applied: list[tuple[Answered, Draft]] = field(default_factory=list)
    all: list[Answered] = field(default_factory=list)


def judge_returns(entries: Sequence[Entry], known: dict[str, AchEntry]) -> Returned:
    """Match each return with our entry by its trace; say why where none can be applied."""
    found = Returned()
    seen: set[int] = set()
    for entry in entries:
        back = entry.returned
        assert back is not None
        ours = known.get(back.original_trace)
        one = Answered(back.line or entry.line, "return", back.code, back.original_trace, entry.amount_cents, Step(""))
        one.entry = ours
        found.all.append(one)
        if refused := _refused(one, ours, seen):
            one.says = refused
            continue
        assert ours is not None
        seen.add(ours.pk)
        one.applied = True
        if ours.draft is not None:
            found.applied.append((one, ours.draft))
    return found


def _refused(one: Answered, ours: AchEntry | None, seen: set[int]) -> Step | None:
    if ours is None:
        return Step(N_("No entry of ours has the trace number {trace}."), {"trace": one.trace})
    if one.code >= _DISPUTES:
        return Step(N_("{code} disputes an earlier return; somebody answers the bank."), {"code": one.code})
    if ours.pk in seen or any(each.kind == "return" and each.outcome == "applied" for each in ours.answers.all()):
        return Step(N_("The entry came back before."))
    if ours.kind == "reversal":
        return Step(N_("A reversal of ours came back: the money stays with the payer's bank; somebody looks into it."))
    if ours.amount_cents != one.cents:
        return Step(N_("The amount differs from the entry's."))
    if ours.draft is not None and ours.draft.state not in ("filed", "settled"):
        return Step(N_("The draft was taken back already."))
    payment = ours.draft.payment if ours.draft is not None else None
    if payment is not None and PaymentReversal.objects.filter(payment=payment).exists():
        return Step(N_("The payment was taken back already."))
    return None


def take_back_money(deed: Deed, found: Returned) -> None:
    """Reverse the payments of returned drafts, with everything that follows: fee, ban, letter."""
    wanted = [ToReverse(draft.payment, one.code) for one, draft in found.applied if draft.payment is not None]
    reversals = reverse_payments(deed, wanted, kind=PaymentReversal.RETURNED, reversed_on=deed.business_date)
    apply_return(deed, reversals)
    Draft.objects.filter(pk__in=[draft.pk for _, draft in found.applied]).update(state="returned")


def follow_up(deed: Deed, one: Answered, rules: AutopayRules) -> None:
    """What a return means for the enrolment, and whether the draft is presented again."""
    entry = one.entry
    assert entry is not None
    if entry.enrolment_id is None:
        one.says = Step(N_("Returned with {code}."), {"code": one.code})
        return
    payer = Enrolment.objects.select_for_update().get(pk=entry.enrolment_id)
    happened(deed, [payer], "returned", code=one.code, detail={"cents": one.cents, "trace": one.trace})
    alive = payer.state != Enrolment.ENDED
    if entry.draft is not None and alive:
        one.again = _present_again(deed, one.code, entry.draft, rules, on=deed.business_date)
    after = enrolment_after(one.code, rules.returns, presented_again=one.again is not None)
    why = f"the bank returned {one.code}"
    if not alive:
        one.says = Step(N_("Returned; the authorisation had ended before."))
    elif after == KEEP and one.again is not None:
        one.says = Step(
            N_("Returned; presented again on {day}, time {n}."),
            {"day": one.again.settle_on, "n": one.again.presentment},
        )
    elif after == STOP:
        end(deed, payer, why=why, code=one.code)
        one.says = Step(N_("Returned; the authorisation is stopped for good."))
    else:
        suspend(deed, payer, why=why, code=one.code)
        one.says = Step(N_("Returned; drafts are suspended until somebody has spoken with the payer."))


def _present_again(deed: Deed, code: str, draft: Draft, rules: AutopayRules, *, on: date) -> Draft | None:
    """The same amount once more, as a draft of its own linked to the first; None where it may not be."""
    first = draft.first or draft
    day = presented_again_on(
        code, rules.returns.again, presented=draft.presentment, first_settled_on=first.settle_on, returned_on=on
    )
    busy = Draft.objects.filter(account_id=draft.account_id, state__in=OPEN).exists()
    if day is None or busy:
        return None
    with transaction.atomic():
        return Draft.objects.create(
            enrolment_id=draft.enrolment_id, account_id=draft.account_id, bill_id=draft.bill_id, first=first,
            presentment=draft.presentment + 1, amount_cents=draft.amount_cents, asked_cents=draft.asked_cents,
            settle_on=day, state="waiting", deed=deed,
        )  # fmt: skip
