"""The fee of a returned payment taken off: one person asks, another decides, on the page of the return."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.deciding import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.returns.consequences import waive
from meterbook.records.returns.models import FeeWaiver, ReturnedPayment
from meterbook.records.returns.settings import return_rules_on

KIND = "returns.waive_fee"


class NothingToWaive(ValueError):
    """There is no fee, it was waived before, or a request for it waits."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


def subject_of(returned: ReturnedPayment) -> str:
    """What a request to waive the fee is about."""
    return f"returnedpayment:{returned.pk}"


@operation("returns.ask_waiver", roles={CSR, BILLING, SUPERVISOR})
def ask_waiver(deed: Deed, *, returned: ReturnedPayment, reason: str) -> Approval:
    """Ask a second person to take the fee off. Raises `NothingToWaive` and `OwnAccount`."""
    refuse_own(deed.actor, returned.account, deed.business_date)
    lock_accounts([returned.account_id])
    _, rules = return_rules_on(deed.business_date)
    if reason not in rules.waiver_reasons:
        raise NothingToWaive(
            Step(N_("Choose a reason of the policy: {reasons}."), {"reasons": ", ".join(rules.waiver_reasons)})
        )
    if not returned.fee_cents or FeeWaiver.objects.filter(returned=returned).exists():
        raise NothingToWaive(Step(N_("There is no fee to take off.")))
    if Approval.objects.filter(subject=subject_of(returned), status=Approval.PENDING).exists():
        raise NothingToWaive(Step(N_("A request to take this fee off waits already.")))
    preview = {
        "account": returned.account.number, "fee_cents": returned.fee_cents, "service": returned.service,
        "reason": reason, "posts": "credit of the receivable, debit of the fee's revenue",
    }  # fmt: skip
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    return request_approval(
        act, kind=KIND, subject=subject_of(returned), preview=preview, amount_cents=returned.fee_cents
    )


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_waiver(deed: Deed, *, returned: ReturnedPayment, request: Approval, approve: bool) -> FeeWaiver | None:
    """Decide a request: the credit is booked, or nothing is. Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`."""
    refuse_own(deed.actor, returned.account, deed.business_date)
    lock_accounts([returned.account_id])
    if request.kind != KIND or request.subject != subject_of(returned):
        raise NothingToWaive(Step(N_("This request is about something else.")))
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decided = decide_approval(act, request=request, approve=approve)
    made = None
    if approve:
        waive(deed, returned)
        reason = str(decided.preview["reason"])
        made = FeeWaiver.objects.create(returned=returned, reason=reason, approval=decided, deed=deed)
    tell(deed, "returns.fee_waived" if approve else "returns.waiver_refused", returned=returned.pk)
    return made
