"""Putting a charge or credit beside an account's bills, and charging a fee of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.billing.adjusting.fees import UnknownFee
from meterbook.engine.billing.adjusting.reasons import Reason
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.asking import ask
from meterbook.records.adjustments.booking import book_adjustments
from meterbook.records.adjustments.deciding import refuse_own, why_second
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.proofs import Proof, keep
from meterbook.records.adjustments.refusals import NotAllowed, ProofMissing
from meterbook.records.adjustments.settings import fees_on, reasons_on
from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.transfers import NoLedgerAccount
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR

MOST_CENTS = 100_000_000_00


@operation("adjustments.propose", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def propose_adjustment(
    deed: Deed,
    *,
    account: Account,
    service: str,
    amount_cents: int,
    reason: str,
    note: str,
    bill: Bill | None = None,
    effective_on: date | None = None,
    proofs: Sequence[Proof] = (),
) -> Adjustment:
    """Charge (above zero) or credit (below) a service; booked at once within one's own limit, else asked about.

    Raises `OwnAccount`, `NotAllowed`, `ProofMissing`, `UnknownReason`, `NoPolicy`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    document, reasons = reasons_on(deed.business_date)
    found = reasons.reason(reason)
    day = effective_on or deed.business_date
    _check(deed, account, found, service=service, cents=amount_cents, day=day, bill=bill)
    if found.proof and not proofs:
        raise ProofMissing(Step(N_("This reason needs proof: attach a file that shows why.")))
    made = Adjustment.objects.create(
        account=account, service=service, amount_cents=amount_cents, reason=found.code, words_en=found.words["en"],
        words_es=found.words["es"], against=chart_account(found.account(service)), document=document,
        effective_on=day, note=_said(note), bill=bill, proposed_by=deed,
    )  # fmt: skip
    keep(deed, f"adjustment:{made.pk}", proofs)
    tell(deed, "adjustments.proposed", adjustment=made.pk, cents=amount_cents, reason=found.code)
    second = why_second(deed, account, reasons, found, amount_cents)
    if second is None:
        book_adjustments(deed, [made])
        tell(deed, "adjustments.booked", adjustments=[made.pk], cents=amount_cents)
    else:
        ask(deed, f"adjustment:{made.pk}", [made], {"reason": found.code, "note": made.note, "why": second.words(str)})
    return made


@operation("adjustments.charge_fee", roles={BILLING, SUPERVISOR, FINANCE})
def charge_fee(
    deed: Deed,
    *,
    account: Account,
    service: str,
    fee: str,
    note: str,
    bill: Bill | None = None,
    proofs: Sequence[Proof] = (),
) -> Adjustment:
    """Ask for a fee of the catalogue in force; its amount follows from how often it was charged. Always decided by a
    second person.

    Raises `OwnAccount`, `NotAllowed`, `ProofMissing`, `UnknownFee`, `NoPolicy`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    document, catalogue = fees_on(deed.business_date)
    found = catalogue.get(fee)
    if found is None or service not in found.services:
        raise UnknownFee(f"no fee {fee} for {service}; known: {', '.join(sorted(catalogue))}")
    _served(account, service)
    if found.proof and not proofs:
        raise ProofMissing(Step(N_("This reason needs proof: attach a file that shows why.")))
    time = found.occurrence(charged_before(account, fee), deed.business_date)
    made = Adjustment.objects.create(
        account=account, service=service, amount_cents=found.amount(time), reason=found.code,
        words_en=found.words["en"], words_es=found.words["es"], against=chart_account(found.account), document=document,
        effective_on=deed.business_date, note=_said(note), bill=bill, occurrence=time, proposed_by=deed,
    )  # fmt: skip
    keep(deed, f"adjustment:{made.pk}", proofs)
    tell(deed, "adjustments.fee_asked", adjustment=made.pk, cents=made.amount_cents, fee=fee, occurrence=time)
    ask(deed, f"adjustment:{made.pk}", [made], {"fee": fee, "occurrence": time, "note": made.note})
    return made


def charged_before(account: Account, fee: str) -> list[date]:
    """The days a fee was charged to an account and not taken back."""
    rows = Adjustment.objects.filter(account=account, reason=fee, state=Adjustment.BOOKED, reverses__isnull=True)
    return list(rows.exclude(reversed_by__state=Adjustment.BOOKED).values_list("effective_on", flat=True))


def chart_account(code: str) -> LedgerAccount:
    """An account of the chart by code; raises `NoLedgerAccount`."""
    found = LedgerAccount.objects.filter(code=code).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no account {code}")
    return found


def _said(note: str) -> str:
    """The note; raise `NotAllowed` where nothing is said."""
    if not note.strip():
        raise NotAllowed(Step(N_("Say in a sentence why; it stays with the adjustment.")))
    return note.strip()


def _served(account: Account, service: str) -> None:
    if not ServiceAgreement.objects.filter(account=account, service_point__commodity=service).exists():
        raise NotAllowed(
            Step(
                N_("Account {number} never had this service: {service}."),
                {"number": account.number, "service": service},
            )
        )


def _check(
    deed: Deed, account: Account, reason: Reason, *, service: str, cents: int, day: date, bill: Bill | None
) -> None:
    """Raise `NotAllowed` where the reason, the amount, the day or the bill do not fit."""
    direction = "charge" if cents > 0 else "credit"
    if not 0 < abs(cents) <= MOST_CENTS:
        raise NotAllowed(Step(N_("Type an amount in dollars and cents that is not zero.")))
    if not reason.by_hand:
        raise NotAllowed(Step(N_("This reason is computed from a claim; it is not typed in by hand.")))
    if direction not in reason.directions:
        words = N_("This reason only gives credits.") if direction == "charge" else N_("This reason only charges.")
        raise NotAllowed(Step(words))
    if day > deed.business_date:
        raise NotAllowed(Step(N_("An adjustment is effective today or earlier, not on {day}."), {"day": day}))
    if bill is not None and bill.account_id != account.pk:
        raise NotAllowed(Step(N_("Bill {number} belongs to another account."), {"number": bill.number}))
    _served(account, service)
