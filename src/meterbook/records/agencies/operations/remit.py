"""Handing money over: the statement sealed, a second person, one transfer from what is owed into cash."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.ledger.agencies.shares import split
from meterbook.engine.trace import N_, Step
from meterbook.records.agencies.agreements import agency_on, chart_account
from meterbook.records.agencies.models import Remittance
from meterbook.records.agencies.statement import Statement, settled_by_line, statement
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

KIND = "agencies.decide_remittance"


class CannotRemit(ValueError):
    """Nothing is owed, the period is not over, or it was remitted already; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@operation("agencies.propose_remittance", roles={BILLING, SUPERVISOR, FINANCE})
def propose_remittance(deed: Deed, *, agency: str, day: date) -> Remittance:
    """Ask a second person to hand over what an agency is owed for the period ``day`` falls into.

    Raises `CannotRemit`, `UnknownAgency`, `NoPolicy`.
    """
    found = statement(agency, day, deed.business_date)
    settles = _settles(found)
    _check(deed, found)
    fee = found.fee_cents
    figures = {**found.figures(), "settles": settles}
    request = Approval.objects.create(
        kind=KIND,
        subject=f"remittance:{agency}/{found.starts}",
        preview=_preview(found),
        amount_cents=found.due_cents - fee,
        requested_by=deed.actor,
        reason=deed.reason,
    )
    made = Remittance.objects.create(
        agency=agency, document=found.document, basis=found.agency.basis, starts=found.starts, ends=found.ends,
        opening_cents=found.opening_cents, accrued_cents=found.accrued_cents, settled_cents=found.due_cents,
        fee_cents=fee, paid_cents=found.due_cents - fee, figures=figures, effective_on=deed.business_date,
        approval=request, proposed_by=deed,
    )  # fmt: skip
    tell(deed, "agencies.remittance_proposed", remittance=made.pk, agency=agency, cents=made.paid_cents)
    return made


def _preview(found: Statement) -> dict[str, Any]:
    return {
        "agency": dict(found.agency.name), "period": f"{found.starts} – {found.ends}", "basis": found.agency.basis,
        "opening_cents": found.opening_cents, "accrued_cents": found.accrued_cents, "due_cents": found.due_cents,
        "fee_cents": found.fee_cents, "cents": found.due_cents - found.fee_cents,
    }  # fmt: skip


def _settles(found: Statement) -> list[int]:
    """How much of the amount due each ownership gets."""
    before = settled_by_line(found.agency.code)
    return [line.before_cents + line.accrued_cents - before.get(at, 0) for at, line in enumerate(found.lines)]


def _check(deed: Deed, found: Statement) -> None:
    """Raise `CannotRemit` where this cannot be handed over."""
    if found.ends > deed.business_date:
        raise CannotRemit(Step(N_("The period ends on {day}; it is handed over after that."), {"day": found.ends}))
    rows = Remittance.objects.filter(agency=found.agency.code, starts=found.starts).exclude(state=Remittance.REFUSED)
    if rows.exists():
        raise CannotRemit(Step(N_("This period is handed over already, or waits for a second person.")))
    if Remittance.objects.filter(agency=found.agency.code, state=Remittance.PROPOSED).exists():
        raise CannotRemit(Step(N_("Another period of this agency waits for a second person; decide that first.")))
    if found.due_cents <= 0:
        raise CannotRemit(Step(N_("Nothing is owed to this agency for the period.")))
    if found.reconciled.difference or found.reconciled.remitted_difference:
        raise CannotRemit(Step(N_("The statement does not agree with the books; nothing is handed over.")))


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_remittance(deed: Deed, *, remittance: Remittance, approve: bool) -> Remittance:
    """Hand over what was asked for, or refuse. Raises `SamePerson`, `AlreadyDecided`, and `CannotRemit` where what is
    owed changed since."""
    locked = Remittance.objects.select_for_update(of=("self",)).select_related("approval").get(pk=remittance.pk)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=locked.approval)
    decide_approval(act, request=locked.approval, approve=approve)
    if approve:
        now = statement(locked.agency, locked.starts, deed.business_date)
        if now.due_cents != locked.settled_cents:
            raise CannotRemit(
                Step(N_("What is owed changed since it was shown. Refuse this, and ask for the new amount."))
            )
        _book(deed, locked)
    locked.state = Remittance.BOOKED if approve else Remittance.REFUSED
    locked.decided_by = deed
    locked.save(update_fields=["state", "decided_by"])
    done = "agencies.remitted" if approve else "agencies.remittance_refused"
    tell(deed, done, remittance=locked.pk, agency=locked.agency, cents=locked.paid_cents)
    return locked


def _book(deed: Deed, row: Remittance) -> None:
    """One transfer for each account owed on, and one for what is kept of it."""
    _, agency = agency_on(row.agency, deed.business_date)
    cash, settles = chart_account(agency.pays_from).pk, row.figures["settles"]
    fees = split(row.fee_cents, settles) if row.fee_cents else [0] * len(settles)
    kept = chart_account(agency.fee_account).pk if row.fee_cents else 0
    moves: list[tuple[int, int, int]] = []
    for owned, cents, fee in zip(agency.owns, settles, fees, strict=True):
        owed_on = chart_account(agency.charged_to or owned.account).pk
        moves += [(owed_on, cash, cents - fee), (owed_on, kept, fee)]
    period = accounting_period(row.effective_on)
    copy_in("ledger_entry", pl.DataFrame([
        {
            "run_id": 0, "debit_id": debit if cents > 0 else credit, "credit_id": credit if cents > 0 else debit,
            "amount_cents": abs(cents), "service": "", "effective_on": row.effective_on, "period_id": period.pk,
            "source_kind": "remittance", "source_id": row.pk, "deed_id": deed.pk,
        }
        for debit, credit, cents in moves if cents
    ]))  # fmt: skip
