"""Locking a month: one person asks with the checklist done, another locks, and the evidence is kept. Never undone."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models.functions import Now

from meterbook.engine.trace import N_, Step
from meterbook.records.closing.checklist import OPEN, checklist
from meterbook.records.closing.figures.roll_forward import roll_forward, total
from meterbook.records.closing.figures.trial_balance import by_fund, trial_balance
from meterbook.records.closing.models import PeriodLock
from meterbook.records.closing.months import after, span_of_period
from meterbook.records.closing.pack import archive, hashes, reports
from meterbook.records.closing.refusals import ChangedSince, MonthClosed, NotReady, NotTheOwner
from meterbook.records.closing.settings import month_end_document, month_end_on
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import AccountingPeriod, Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import FINANCE, SUPERVISOR, roles_of

KIND = "closing.decide_lock"


@operation("closing.propose_lock", roles={SUPERVISOR, FINANCE})
def propose_lock(deed: Deed, *, period: AccountingPeriod) -> PeriodLock:
    """Ask a second person to lock a month. Raises `NotReady`, `MonthClosed`, `NoPolicy`."""
    locked = _open(period)
    if PeriodLock.objects.filter(period=locked, state=PeriodLock.PROPOSED).exists():
        raise MonthClosed(Step(N_("Somebody asked to lock {month} already."), {"month": locked.code}))
    _check_over(deed, locked)
    figures = figures_of(locked)
    _check_ready(figures)
    rolled = figures["roll_forward"]
    request = Approval.objects.create(
        kind=KIND, subject=f"periodlock:{locked.code}", amount_cents=rolled["closing_cents"], requested_by=deed.actor,
        reason=deed.reason, preview={
            "month": locked.code, **rolled, "debits_cents": figures["debits_cents"],
            "exceptions": sum(one["state"] == "exception" for one in figures["checklist"]),
        },
    )  # fmt: skip
    made = PeriodLock.objects.create(
        period=locked, document=month_end_document(locked.validity.upper), figures=figures,
        figures_sha256=sha256_of(figures), approval=request, proposed_by=deed,
    )  # fmt: skip
    tell(deed, "closing.lock_proposed", period=locked.code, lock=made.pk)
    return made


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_lock(deed: Deed, *, lock: PeriodLock, approve: bool) -> PeriodLock:
    """Lock the month as it was shown, or refuse.

    One of the two is the finance director. Whoever is writing into the month is waited for, and whoever comes after
    finds it closed. Raises `SamePerson`, `AlreadyDecided`, `NotTheOwner`, and `ChangedSince` where the books moved
    since the month was shown.
    """
    period = AccountingPeriod.objects.select_for_update().get(pk=lock.period_id)
    row = PeriodLock.objects.select_for_update(of=("self",)).select_related("approval", "proposed_by__actor").get(
        pk=lock.pk
    )  # fmt: skip
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=row.approval)
    decide_approval(act, request=row.approval, approve=approve)
    if approve:
        _check_finance(deed, row)
        figures = figures_of(period)
        if sha256_of(figures) != row.figures_sha256:
            raise ChangedSince(Step(N_("The books moved since this was shown. Refuse it, look again, and ask again.")))
        files = reports(span_of_period(period))
        files["checklist.json"] = _json(figures["checklist"])
        content = archive(files, {"month": period.code, "policy": row.document.sha256, "figures": row.figures_sha256})
        row.pack = keep_file(
            deed, subject=f"month:{period.code}", file_name=f"closing-{period.code}.zip",
            content_type="application/zip", content=content,
        )  # fmt: skip
        AccountingPeriod.objects.filter(pk=period.pk).update(closed_at=Now())
    row.state = PeriodLock.LOCKED if approve else PeriodLock.REFUSED
    row.decided_by = deed
    row.save(update_fields=["state", "decided_by", "pack"])
    tell(deed, "closing.month_locked" if approve else "closing.lock_refused", period=period.code, lock=row.pk)
    return row


def figures_of(period: AccountingPeriod) -> dict[str, Any]:
    """What both people see: the checklist, the roll-forward's sums, the trial balance, every report's fingerprint."""
    span = span_of_period(period)
    balances = trial_balance(span)
    return {
        "month": period.code,
        "checklist": [one.figures() for one in checklist(period)],
        "roll_forward": total(roll_forward(span, month_end_on(span.ends))).figures(),
        "debits_cents": sum(row.debits for row in balances),
        "credits_cents": sum(row.credits for row in balances),
        "funds": {fund.fund: fund.closing for fund in by_fund(balances)},
        "sha256": hashes(reports(span)),
    }


def sha256_of(figures: dict[str, Any]) -> str:
    """The fingerprint of figures."""
    return hashlib.sha256(_json(figures)).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1).encode("utf-8")


def _open(period: AccountingPeriod) -> AccountingPeriod:
    """The month, held still while it is looked at."""
    locked = AccountingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if locked.closed_at is not None:
        raise MonthClosed(Step(N_("{month} is locked already."), {"month": locked.code}))
    return locked


def _check_over(deed: Deed, period: AccountingPeriod) -> None:
    """The month is over and the next one is open, so that whatever comes has somewhere to go."""
    if deed.business_date < period.validity.upper or after(period) is None:
        raise NotReady(Step(N_("{month} is not over."), {"month": period.code}))


def _check_ready(figures: dict[str, Any]) -> None:
    first = next((one for one in figures["checklist"] if one["state"] == OPEN), None)
    if first is not None:
        raise NotReady(Step(N_("The checklist is not done: {item} is open."), {"item": first["item"]}))


def _check_finance(deed: Deed, row: PeriodLock) -> None:
    """The finance director is one of the two."""
    proposer = row.proposed_by
    held = roles_of(deed.actor, deed.business_date) | roles_of(proposer.actor, proposer.business_date)
    if FINANCE not in held:
        raise NotTheOwner(Step(N_("The finance director is one of the two who lock a month.")))
