"""Doing a run again before it is posted: back to planned, with nothing left of what it made but the log."""

from __future__ import annotations

from django.db.models import Max

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.operations.plan_run import CHUNK_ACCOUNTS, cut
from meterbook.records.billing.stages.pace import is_begun
from meterbook.records.billing.stages.take_back import locked_whole, take_back
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class NothingCalculated(ValueError):
    """The run was not calculated yet: there is nothing to do again."""


@operation("billing.recalculate_run", roles={BILLING, SUPERVISOR})
def recalculate_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Take back what a run made and put it back to planned; an approval given for it no longer counts.

    A cycle's run is cut anew, so that accounts opened since it was planned are in it. Raises `WrongStage`,
    `NothingCalculated`.
    """
    locked = locked_whole(run)
    if locked.status not in (BillRun.PLANNED, BillRun.CALCULATED):
        raise WrongStage(f"run {locked.number} is {locked.status}")
    if locked.kind == BillRun.CORRECTION:
        raise WrongStage(f"run {locked.number} is a correction: its case is calculated again")
    if not is_begun(locked):
        raise NothingCalculated(f"run {locked.number} was not calculated yet")
    take_back(locked)
    _ready_again(locked)
    locked.status = BillRun.PLANNED
    locked.approval = locked.calculated_by = None
    locked.code_sha256 = locked.inputs_sha256 = ""
    locked.totals = {}
    locked.save()
    tell(deed, "billing.run_taken_back", run=run.pk)
    return locked


def _ready_again(run: BillRun) -> None:
    """Chunks that are not done; of a cycle, over the accounts it has now, in the size they had."""
    if run.kind != BillRun.CYCLE:
        run.chunks.update(done_at=None, bills=0, lines=0, inputs_sha256="")
        return
    largest = run.chunks.aggregate(largest=Max("accounts"))["largest"] if run.chunks.count() > 1 else None
    run.chunks.all().delete()
    cut(run, largest or CHUNK_ACCOUNTS)
