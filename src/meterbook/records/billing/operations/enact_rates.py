"""From a draft to rates in force: submitted by one person, released or sent back by another.

It stands with billing because it asks what was billed already: rates that reach back say so, and a run calculated with
the old rates for days of the new ones is posted or cancelled first.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, F, Func, Max, Q

from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.records.billing.models import BilledPeriod, BillRun
from meterbook.records.billing.rate_study import NothingBilled, study_of
from meterbook.records.billing.stages.pace import is_begun
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import SamePerson, decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.rates.checking import check
from meterbook.records.rates.models import RateDraft, RateRevision, Schedule
from meterbook.records.rates.obstacles import obstacles
from meterbook.records.rates.operations.release_tariff import WrongCases, preview_of, release_tariff
from meterbook.records.rates.operations.save_draft import DraftClosed, DraftMoved, open_draft
from meterbook.records.rates.queries import newest_revision

#: Months of bills behind the revenue a request shows.
SHOWN_MONTHS = 12


class InReview(ValueError):
    """Another draft of the same schedule waits for a second person."""


class AlreadyBilled(ValueError):
    """Bills were issued for days on which the new rates would apply."""

    def __init__(self, *, effective: date, bills: int, until: date) -> None:
        self.effective, self.bills, self.until = effective, bills, until
        last = until - timedelta(days=1)
        super().__init__(f"{bills} bills for days from {effective} on are issued already, the last until {last}")


class RunInBetween(ValueError):
    """A run is begun with the old rates for days of the new ones; it is posted or cancelled first."""


@operation("rates.submit_draft", roles={BILLING, SUPERVISOR, FINANCE})
def submit_draft(deed: Deed, *, draft: RateDraft, revision: int, reaches_back: bool = False) -> Approval:
    """Ask a second person to release a draft as it stands in ``revision``.

    ``reaches_back`` says that the writer knows of bills issued for days on which the new rates apply. Raises
    `TariffError`, `WrongCases`, what `obstacles` finds, `InReview`, `AlreadyBilled`, `DraftClosed` and `DraftMoved`.
    """
    locked = open_draft(draft)
    waiting = RateDraft.objects.filter(code=locked.code, status=RateDraft.SUBMITTED).first()
    if waiting is not None:
        raise InReview(f"draft {waiting.pk} of {locked.code} is in review")
    state = newest_revision(locked)
    if state.sequence != revision:
        raise DraftMoved(f"{state.saved_by} saved revision {state.sequence} in the meantime")
    tariff = _sound(locked, state)
    preview = preview_of(tariff, text=state.body, cases=state.cases)
    effective = date.fromisoformat(preview["adds"][0]["effective"])
    if (billed := billed_from(locked.code, effective)) and not reaches_back:
        raise billed
    preview |= {"revision": revision} | _revenue(locked.code, tariff, deed.business_date)
    if billed:
        preview["billed_already"] = billed.bills
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    request = request_approval(
        act, kind="rates.release_tariff", subject=f"ratedraft:{locked.pk}", preview=preview,
        amount_cents=preview.get("revenue", {}).get("difference_cents", 0),
    )  # fmt: skip
    locked.status, locked.approval, locked.reaches_back = RateDraft.SUBMITTED, request, billed is not None
    locked.save()
    tell(deed, "rates.draft_submitted", draft=locked.pk, schedule=locked.code, approval=request.pk)
    return request


@operation("rates.release_draft", roles={SUPERVISOR, FINANCE})
def release_draft(deed: Deed, *, draft: RateDraft, revision: int, approval: int) -> Schedule:
    """Approve a submitted draft and release it; never by anybody who wrote in it.

    ``revision`` and ``approval`` are the state and the request the reviewer saw. Raises `SamePerson`, `DraftClosed`,
    `RunInBetween`, `AlreadyBilled` if bills were issued since it was submitted, what `obstacles` finds,
    and what `release_tariff` raises.
    """
    locked, request, state = _submitted(draft, revision, approval)
    writers = {request.requested_by_id, *locked.revisions.values_list("saved_by", flat=True)}
    if writers & {deed.actor.pk, request.decided_by_id}:
        raise SamePerson(f"{deed.actor.username} wrote in this draft or submitted it; someone else must release it")
    effective = date.fromisoformat(request.preview["adds"][0]["effective"])
    _no_run_in_between(locked.code, effective)
    if not locked.reaches_back and (billed := billed_from(locked.code, effective)):
        raise billed
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    if request.status == Approval.PENDING:
        request = decide_approval(act, request=request, approve=True)
    _no_obstacle(parse_tariff(state.body, file=f"{locked.code}.yaml"), locked.code)
    schedule = release_tariff(act, text=state.body, file=f"{locked.code}.yaml", approval=request, cases=state.cases)
    locked.status, locked.document = RateDraft.RELEASED, schedule.document
    locked.save()
    tell(deed, "rates.draft_released", draft=locked.pk, schedule=schedule.pk, document=schedule.document_id)
    return schedule


@operation("rates.return_draft", roles={SUPERVISOR, FINANCE})
def return_draft(deed: Deed, *, draft: RateDraft, revision: int, approval: int) -> RateDraft:
    """Refuse a submitted draft: it goes back to its writer, with the deed's reason.

    ``revision`` and ``approval`` are the state and the request the reviewer saw. Raises `DraftClosed`.
    """
    locked, request, _state = _submitted(draft, revision, approval)
    if request.status == Approval.PENDING:
        act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
        decide_approval(act, request=request, approve=False)
    locked.status = RateDraft.DRAFT
    locked.save()
    tell(deed, "rates.draft_returned", draft=locked.pk, schedule=locked.code, reason=deed.reason)
    return locked


def _submitted(draft: RateDraft, revision: int, approval: int) -> tuple[RateDraft, Approval, RateRevision]:
    """A draft in review, locked, as the reviewer saw it."""
    locked = RateDraft.objects.select_for_update(of=("self",)).select_related("approval").get(pk=draft.pk)
    if locked.status != RateDraft.SUBMITTED or locked.approval is None:
        raise DraftClosed(f"draft {locked.pk} of {locked.code} is {locked.status}, not submitted")
    state = newest_revision(locked)
    if (state.sequence, locked.approval.pk) != (revision, approval):
        raise DraftClosed(f"draft {locked.pk} moved on: it stands at revision {state.sequence} and was submitted again")
    return locked, locked.approval, state


def _no_obstacle(tariff: Tariff, code: str) -> None:
    """Raise the first thing that keeps a text from being released."""
    for refusal in obstacles(tariff, code=code, chart=chart_codes()):
        raise refusal


def chart_codes() -> frozenset[str]:
    """The codes of the chart of accounts."""
    return frozenset(LedgerAccount.objects.values_list("code", flat=True))


def _sound(draft: RateDraft, state: RateRevision) -> Tariff:
    """The draft's tariff, if nothing is wrong with it and a golden bill proves its newest version."""
    checked = check(state.body, state.cases, file=f"{draft.code}.yaml")
    if checked.tariff is None:
        raise TariffError(checked.problems)
    _no_obstacle(checked.tariff, draft.code)
    if checked.case_problems:
        raise TariffError(checked.case_problems)
    if checked.failed:
        raise WrongCases("; ".join(f"{each.name}: {problem}" for each in checked.failed for problem in each.problems))
    if not checked.proves_new:
        newest = checked.tariff.versions[-1]
        raise WrongCases(f"no golden bill is charged by version {newest.version}: add one worked from the resolution")
    return checked.tariff


def billed_from(code: str, effective: date) -> AlreadyBilled | None:
    """The bills issued under a schedule for days from ``effective`` on, if there are any; a bill counts once."""
    standing = BilledPeriod.objects.filter(agreement__schedule__code=code, released__isnull=True)
    reached = standing.filter(period__endswith__gt=effective).aggregate(
        bills=Count("bill_id", distinct=True), until=Max(Func(F("period"), function="upper", output_field=DateField()))
    )
    return AlreadyBilled(effective=effective, **reached) if reached["bills"] else None


def _no_run_in_between(code: str, effective: date) -> None:
    """Raise `RunInBetween` for a run under way that bills days of the new rates under this schedule.

    The runs are locked, so that none is begun with the old rates until the release is written.
    """
    under_way = BillRun.objects.select_for_update().filter(status__in=[BillRun.PLANNED, BillRun.CALCULATED])
    for run in under_way.order_by("pk"):
        begun = run.status == BillRun.CALCULATED or is_begun(run)
        if not begun or max(run.read_to, run.service_to) <= effective:
            continue
        theirs = Q(account__named_in_runs__run=run) if run.cycle_id is None else Q(account__cycle=run.cycle_id)
        if ServiceAgreement.objects.filter(theirs, schedule__code=code).exists():
            raise RunInBetween(f"run {run.number} is begun without these rates, for days from {effective} on")


def _revenue(code: str, tariff: Tariff, on: date) -> dict[str, Any]:
    """What the draft would have raised on the last months' bills, for the request; nothing if none were issued."""
    schedule = Schedule.objects.select_related("document").filter(code=code).first()
    if schedule is None:
        return {}
    try:
        total = study_of(schedule, months=SHOWN_MONTHS, on=on, draft=tariff).impact(tariff)
    except NothingBilled:
        return {}
    return {
        "revenue": {
            "months": SHOWN_MONTHS,
            "bills_priced": total.bills,
            "bills_unpriced": sum(each.bills for each in total.unpriced if each.by == "draft"),
            "old_cents": total.total.old,
            "new_cents": total.total.new,
            "difference_cents": total.total.difference,
        }
    }
