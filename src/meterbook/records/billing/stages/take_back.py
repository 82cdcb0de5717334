"""Taking back what a run made before it is posted: its tables, bills, holds and marks. What stays is the log."""

from __future__ import annotations

from django.db import connection

from meterbook.records.billing import partitions
from meterbook.records.billing.models import BillRun
from meterbook.records.platform.models import Approval


def locked_whole(run: BillRun) -> BillRun:
    """The run, locked with its chunks.

    Chunks first, as a calculating process takes them: whoever comes second waits for the chunk under way, seconds at
    the most, and neither waits for the other.
    """
    list(run.chunks.select_for_update().order_by("number").values_list("pk", flat=True))
    return BillRun.objects.select_for_update().get(pk=run.pk)


def take_back(locked: BillRun) -> None:
    """Drop the run's tables, delete its bills, holds and marks, withdraw what waits for a second person."""
    partitions.drop(locked.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_bill WHERE run_id = %s", [locked.pk])
        cursor.execute("DELETE FROM billing_hold WHERE run_id = %s", [locked.pk])
        cursor.execute("DELETE FROM billing_registermark WHERE run_id = %s", [locked.pk])
    if locked.approval is not None:
        Approval.objects.filter(pk=locked.approval.pk, status=Approval.PENDING).update(status=Approval.WITHDRAWN)
    locked.paused_by = None
