"""Files whose retention is over: one person lists them, a second agrees that they are destroyed."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import FINANCE, SUPERVISOR
from meterbook.records.registers.models import DestructionList
from meterbook.records.registers.outlived import files_before, keeps_until
from meterbook.records.registers.refusals import RegisterRefused
from meterbook.records.registers.settings import retention_on

DECIDE = "registers.decide_destruction"


@operation("registers.list_destruction", roles={SUPERVISOR, FINANCE})
def list_destruction(deed: Deed, *, retention: str) -> DestructionList:
    """List every file of a class whose years are over and no list names yet. Raises `RegisterRefused`, `NoPolicy`."""
    found = retention_on(deed.business_date)[1].get(retention)
    if found is None:
        raise RegisterRefused(Step(N_("The policy has no such class of files.")))
    before = keeps_until(deed.business_date, found.years)
    files = files_before(found, before)
    if not files:
        raise RegisterRefused(Step(N_("No file of this class is old enough.")))
    asked = request_approval(
        Act(deed.actor, deed.business_date, deed.reason), kind=DECIDE, subject=f"destruction:{retention}",
        preview={"retention": retention, "before": str(before), "count": len(files), "citation": found.citation},
    )  # fmt: skip
    made = DestructionList.objects.create(
        retention=retention, before=before, files=files, approval=asked, asked_by=deed
    )
    tell(deed, "registers.destruction_listed", list=made.pk, files=len(files))
    return made


@operation(DECIDE, roles={SUPERVISOR, FINANCE})
def decide_destruction(deed: Deed, *, found: DestructionList, approve: bool) -> DestructionList:
    """Agree that the files of a list are destroyed, or refuse. Raises `SamePerson`, `AlreadyDecided`."""
    locked = DestructionList.objects.select_for_update(of=("self",)).select_related("approval").get(pk=found.pk)
    decide_approval(
        Act(deed.actor, deed.business_date, deed.reason, locked.approval), request=locked.approval, approve=approve
    )
    locked.state, locked.decided_by = (DestructionList.AGREED if approve else DestructionList.REFUSED), deed
    locked.save(update_fields=["state", "decided_by"])
    tell(deed, "registers.destruction_decided", list=locked.pk, agreed=approve)
    return locked
