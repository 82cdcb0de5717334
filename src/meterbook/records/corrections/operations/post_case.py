"""From a calculated case to the books: asked for by one person, decided by another within their authority, posted."""

from __future__ import annotations

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.post_run import NotApproved, post_run
from meterbook.records.corrections.calculating.in_turn import check_in_turn
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.operations.calculate_case import open_and_locked, totals_of
from meterbook.records.corrections.operations.settle_true_ups import settle_true_ups
from meterbook.records.corrections.refusals import BeyondAuthority, CaseClosed
from meterbook.records.corrections.settings import back_billing
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR, roles_of


def _calculated(case: CorrectionCase) -> tuple[CorrectionCase, BillRun]:
    locked = open_and_locked(case)
    if locked.run is None or locked.run.status != BillRun.CALCULATED:
        raise CaseClosed(f"case {locked.number} has nothing calculated to post")
    return locked, locked.run


def moved_cents(totals: dict[str, int]) -> int:
    """What a case moves: charges and credits added without their signs, in cents."""
    return totals["charged_cents"] - totals["credited_cents"]


@operation("corrections.request_case", roles={BILLING, SUPERVISOR})
def request_case(deed: Deed, *, case: CorrectionCase) -> Approval:
    """Ask a second person; the request shows the totals of the diff and the control totals that will post.

    Raises `CaseClosed`, `BilledMeanwhile`.
    """
    locked, run = _calculated(case)
    if run.approval is not None and run.approval.status == Approval.PENDING:
        return run.approval
    check_in_turn(run)
    totals = totals_of(locked)
    run.approval = Approval.objects.create(
        kind="corrections.post_case",
        subject=f"correctioncase:{locked.pk}",
        preview={
            "case": locked.number, "cause": locked.cause, "discovered_on": locked.discovered_on.isoformat(),
            "number": run.number, "inputs_sha256": run.inputs_sha256, **run.totals, "correction": totals,
        },
        amount_cents=moved_cents(totals),
        requested_by=deed.actor,
        reason=deed.reason or locked.opened.reason,
    )  # fmt: skip
    run.save()
    tell(deed, "corrections.case_requested", case=locked.pk, approval=run.approval.pk)
    return run.approval


@operation("corrections.decide_case", roles={SUPERVISOR, FINANCE})
def decide_case(deed: Deed, *, case: CorrectionCase, approve: bool) -> Approval:
    """Approve or refuse what was asked for, never one's own; raises `BeyondAuthority` for more than the role's limit.

    Raises `CaseClosed` too, and `SamePerson` of the platform.
    """
    locked, run = _calculated(case)
    request = run.approval
    if request is None or request.status != Approval.PENDING:
        raise CaseClosed(f"case {locked.number}: nobody asked for a decision")
    roles = sorted(roles_of(deed.actor, deed.business_date))
    if approve and not back_billing(deed.business_date).may_approve(roles, request.amount_cents):
        raise BeyondAuthority(
            f"case {locked.number} moves {request.amount_cents / 100:,.2f} dollars, more than your role may approve"
        )
    act = Act(deed.actor, deed.business_date, deed.reason, approval=request)
    decided = decide_approval(act, request=request, approve=approve)
    tell(deed, "corrections.case_decided", case=locked.pk, approved=approve)
    return decided


@operation("corrections.post_case", roles={BILLING, SUPERVISOR})
def post_case(deed: Deed, *, case: CorrectionCase) -> CorrectionCase:
    """Post an approved case: its run posts as every run does, then the true-ups it settles are marked.

    Raises what `post_run` raises, above all `AlreadyTakenBack` and `NotApproved`, and `BilledMeanwhile`.
    """
    locked, run = _calculated(case)
    if run.approval is None or run.approval.status != Approval.APPROVED:
        raise NotApproved(f"case {locked.number} is not approved")
    post_run(Act(deed.actor, deed.business_date, deed.reason, approval=run.approval), run=run)
    check_in_turn(run)
    settled = settle_true_ups(deed, locked)
    tell(deed, "corrections.case_posted", case=locked.pk, run=run.pk, true_ups=settled)
    return CorrectionCase.objects.select_related("run").get(pk=locked.pk)
