"""The second person: approves exactly the figures that were shown, or refuses them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Count, Sum

from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.models import Draft, DraftRun
from meterbook.records.autopay.refusals import FiguresChanged, WrongRunStage
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

KIND = "autopay.approve_run"


def figures(run: DraftRun) -> tuple[str, dict[str, Any]]:
    """A fingerprint over every draft that would go, and what a second person is shown."""
    rows = Draft.objects.filter(run=run, state="selected").order_by("account__number", "bill_id")
    digest = hashlib.sha256()
    for row in rows.values_list("account__number", "bill_id", "amount_cents", "settle_on", "presentment"):
        digest.update("|".join(str(value) for value in row).encode() + b"\n")
    days = rows.order_by("settle_on").values("settle_on").annotate(count=Count("id"), cents=Sum("amount_cents"))
    held = Draft.objects.filter(run=run, state="held").aggregate(count=Count("id"), cents=Sum("amount_cents"))
    shown = {
        "run": run.number,
        "by_day": [{"settles": str(one["settle_on"]), "drafts": one["count"], "cents": one["cents"]} for one in days],
        "drafts": sum(one["count"] for one in days), "cents": sum(one["cents"] for one in days),
        "held_back": held["count"], "held_back_cents": held["cents"] or 0, "sha256": digest.hexdigest(),
    }  # fmt: skip
    return digest.hexdigest(), shown


@operation("autopay.request_run", roles={BILLING, SUPERVISOR, FINANCE})
def request_run(deed: Deed, *, run: DraftRun) -> Approval:
    """Ask a second person to let a run's drafts go; what is still held stays back. Raises `WrongRunStage`."""
    found = locked_run(run, DraftRun.SELECTED)
    sha256, shown = figures(found)
    if not shown["drafts"]:
        raise WrongRunStage(Step(N_("No draft of this run is free to go.")))
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    request = request_approval(
        act, kind=KIND, subject=f"draftrun:{found.pk}", preview=shown, amount_cents=shown["cents"]
    )
    found.state, found.approval, found.figures_sha256 = DraftRun.ASKED, request, sha256
    found.save(update_fields=["state", "approval", "figures_sha256"])
    tell(deed, "autopay.run_asked", run=found.pk, approval=request.pk, cents=shown["cents"])
    return request


@operation("autopay.decide_run", roles={SUPERVISOR, FINANCE})
def decide_run(deed: Deed, *, run: DraftRun, approve: bool) -> DraftRun:
    """Approve exactly these figures, or send the run back to selection.

    Raises `WrongRunStage`, `FiguresChanged`, `SamePerson`, `AlreadyDecided`.
    """
    found = locked_run(run, DraftRun.ASKED)
    assert found.approval is not None
    if approve and figures(found)[0] != found.figures_sha256:
        raise FiguresChanged(Step(N_("Drafts of this run changed since they were shown. Refuse, and ask again.")))
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=found.approval)
    decide_approval(act, request=found.approval, approve=approve)
    found.state = DraftRun.APPROVED if approve else DraftRun.SELECTED
    found.save(update_fields=["state"])
    tell(deed, "autopay.run_approved" if approve else "autopay.run_refused", run=found.pk)
    return found


@operation("autopay.cancel_run", roles={BILLING, SUPERVISOR, FINANCE})
def cancel_run(deed: Deed, *, run: DraftRun) -> DraftRun:
    """Give a run up before it is filed or asked about; its drafts may be selected again. Raises `WrongRunStage`."""
    found = locked_run(run, DraftRun.SELECTED, DraftRun.APPROVED)
    Draft.objects.filter(run=found, state__in=["selected", "held"]).update(state="dropped", dropped_for="cancelled")
    found.state = DraftRun.CANCELLED
    found.save(update_fields=["state"])
    tell(deed, "autopay.run_cancelled", run=found.pk)
    return found


def locked_run(run: DraftRun, *states: str) -> DraftRun:
    """The run, locked, in one of these states; raises `WrongRunStage`."""
    found = DraftRun.objects.select_for_update(of=("self",)).select_related("approval").get(pk=run.pk)
    if found.state not in states:
        raise WrongRunStage(Step(N_("The run has moved on: it is {state}."), {"state": found.state}))
    return found
