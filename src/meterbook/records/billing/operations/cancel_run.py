"""Cancelling a run before posting: its bills, holds and tables go; the deed and the run's row stay."""

from __future__ import annotations

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.stages.take_back import locked_whole, take_back
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("billing.cancel_run", roles={BILLING, SUPERVISOR})
def cancel_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Take back everything a run made that nobody has seen; a posted run cannot be cancelled."""
    locked = locked_whole(run)
    if locked.status not in (BillRun.PLANNED, BillRun.CALCULATED):
        raise WrongStage(f"run {locked.number} is {locked.status}")
    take_back(locked)
    locked.chunks.all().delete()
    locked.status = BillRun.CANCELLED
    locked.cancelled_by = deed
    locked.save()
    tell(deed, "billing.run_cancelled", run=run.pk)
    return locked
