"""Cancelling a run before posting: its bills, holds and tables go; the deed and the run's row stay."""

from __future__ import annotations

from django.db import connection

from meterbook.records.billing import partitions
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("billing.cancel_run", roles={BILLING, SUPERVISOR})
def cancel_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Take back everything a run made that nobody has seen; a posted run cannot be cancelled."""
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if locked.status not in (BillRun.PLANNED, BillRun.CALCULATED):
        raise WrongStage(f"run {locked.number} is {locked.status}")
    partitions.drop(run.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_bill WHERE run_id = %s", [run.pk])
        cursor.execute("DELETE FROM billing_hold WHERE run_id = %s", [run.pk])
        cursor.execute("DELETE FROM billing_runchunk WHERE run_id = %s", [run.pk])
    if locked.approval is not None:
        waiting = Approval.objects.filter(pk=locked.approval.pk, status=Approval.PENDING)
        waiting.update(status=Approval.WITHDRAWN)
    locked.status = BillRun.CANCELLED
    locked.cancelled_by = deed
    locked.save()
    tell(deed, "billing.run_cancelled", run=run.pk)
    return locked
