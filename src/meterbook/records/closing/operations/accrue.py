"""Booking what is earned and not yet billed: asked for, booked by a second person on the month's last day, and taken
back on the first of the next. It never touches what customers owe."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.closing.figures.unbilled import by_service, unbilled
from meterbook.records.closing.models import UnbilledAccrual
from meterbook.records.closing.months import after, span_of_period
from meterbook.records.closing.refusals import ChangedSince, MonthClosed, NotReady
from meterbook.records.ledger.models import Entry
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import AccountingPeriod, Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.roles import FINANCE, SUPERVISOR

KIND = "closing.decide_accrual"


@operation("closing.propose_accrual", roles={SUPERVISOR, FINANCE})
def propose_accrual(deed: Deed, *, period: AccountingPeriod) -> UnbilledAccrual:
    """Ask a second person to book a month's estimate. Raises `MonthClosed`, `NotReady`, `NoLedgerAccount`."""
    locked = _open(period)
    following = after(locked)
    if deed.business_date < locked.validity.upper or following is None:
        raise NotReady(Step(N_("{month} is not over."), {"month": locked.code}))
    if UnbilledAccrual.objects.filter(period=locked).exclude(state=UnbilledAccrual.REFUSED).exists():
        raise MonthClosed(Step(N_("The estimate of {month} is booked or asked for already."), {"month": locked.code}))
    figures = figures_of(locked)
    for service in figures["services"]:
        account_for("unbilled", service), account_for("unbilled_revenue", service)
    cents = sum(figures["services"].values())
    if not cents:
        raise NotReady(Step(N_("Nothing is unbilled at the end of {month}."), {"month": locked.code}))
    request = Approval.objects.create(
        kind=KIND, subject=f"unbilled:{locked.code}", amount_cents=cents, requested_by=deed.actor, reason=deed.reason,
        preview={
            "month": locked.code, "booked_on": str(figures["booked_on"]), "taken_back_on": str(locked.validity.upper),
            **{f"{service}_cents": each for service, each in figures["services"].items()}, "cents": cents,
        },
    )  # fmt: skip
    made = UnbilledAccrual.objects.create(
        period=locked, figures=figures, cents=cents, approval=request, proposed_by=deed
    )
    tell(deed, "closing.accrual_proposed", period=locked.code, cents=cents)
    return made


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_accrual(deed: Deed, *, accrual: UnbilledAccrual, approve: bool) -> UnbilledAccrual:
    """Book the estimate and its return, or refuse.

    Raises `SamePerson`, `AlreadyDecided`, `ChangedSince`, `MonthClosed`.
    """
    period = _open(accrual.period)
    row = UnbilledAccrual.objects.select_for_update(of=("self",)).select_related("approval").get(pk=accrual.pk)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=row.approval)
    decide_approval(act, request=row.approval, approve=approve)
    if approve:
        if figures_of(period) != row.figures:
            raise ChangedSince(Step(N_("The books moved since this was shown. Refuse it, look again, and ask again.")))
        _book(deed, row, period)
    row.state = UnbilledAccrual.BOOKED if approve else UnbilledAccrual.REFUSED
    row.decided_by = deed
    row.save(update_fields=["state", "decided_by"])
    tell(deed, "closing.accrual_booked" if approve else "closing.accrual_refused", period=period.code, cents=row.cents)
    return row


def figures_of(period: AccountingPeriod) -> dict[str, Any]:
    """The estimate as it is shown and kept: by class, and what is booked for each service."""
    span = span_of_period(period)
    rows = unbilled(span)
    return {
        "booked_on": str(span.last_day), "services": by_service(rows), "classes": [asdict(row) for row in rows],
    }  # fmt: skip


def _open(period: AccountingPeriod) -> AccountingPeriod:
    """The month, waiting for whoever is locking it."""
    found = AccountingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if found.closed_at is not None:
        raise MonthClosed(Step(N_("{month} is locked already."), {"month": found.code}))
    return found


def _book(deed: Deed, row: UnbilledAccrual, period: AccountingPeriod) -> None:
    """One entry a service on the month's last day, and its opposite on the first of the next month."""
    following = after(period)
    assert following is not None
    days = ((span_of_period(period).last_day, period, 1), (period.validity.upper, following, -1))
    for service, cents in row.figures["services"].items():
        asset, revenue = account_for("unbilled", service), account_for("unbilled_revenue", service)
        for on, booked_in, sign in days:
            debit, credit = (asset, revenue) if cents * sign > 0 else (revenue, asset)
            Entry.objects.create(
                run_id=0, debit=debit, credit=credit, amount_cents=abs(cents), account=None, service=service,
                effective_on=on, period=booked_in, source_kind="accrual", source_id=row.pk, deed=deed,
            )  # fmt: skip
