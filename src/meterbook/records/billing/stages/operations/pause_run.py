"""Pausing a calculation over lunch, going on with it, and starting it again after its worker died."""

from __future__ import annotations

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.stages.pace import is_begun
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


def _under_way(run: BillRun, *, paused: bool) -> BillRun:
    """The run, locked; raises `WrongStage` unless it is being calculated and is (not) paused."""
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if locked.status != BillRun.PLANNED or not is_begun(locked):
        raise WrongStage(f"run {locked.number} is not being calculated")
    if (locked.paused_by_id is not None) != paused:
        raise WrongStage(f"run {locked.number} is {'not ' if paused else ''}paused")
    return locked


@operation("billing.pause_run", roles={BILLING, SUPERVISOR})
def pause_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Stop before the next chunk; what is calculated stays. Raises `WrongStage`."""
    locked = _under_way(run, paused=False)
    locked.paused_by = deed
    locked.save()
    tell(deed, "billing.run_paused", run=run.pk, done=locked.chunks.filter(done_at__isnull=False).count())
    return locked


@operation("billing.resume_run", roles={BILLING, SUPERVISOR})
def resume_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Let a paused calculation go on at its next chunk. Raises `WrongStage`."""
    locked = _under_way(run, paused=True)
    locked.paused_by = None
    locked.save()
    tell(deed, "billing.run_resumed", run=run.pk)
    return locked


@operation("billing.restart_run", roles={BILLING, SUPERVISOR})
def restart_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Start a calculation again whose worker died; chunks that are done stay done. Raises `WrongStage`."""
    locked = _under_way(run, paused=False)
    tell(deed, "billing.run_restarted", run=run.pk)
    return locked
