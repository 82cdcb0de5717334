"""How a calculation stands right now: whether it goes on, is paused, waits for a worker, or has come to a halt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.partitions import SEGMENT, table_of

#: Seconds without a finished chunk after which a calculation is said to have come to a halt. A chunk takes seconds;
#: a minute is already long.
HALTED_AFTER = 300

_BEGUN = "SELECT to_regclass(%s) IS NOT NULL"
_GOES_ON = """
SELECT r.status = 'planned' AND r.paused_by_id IS NULL AND to_regclass(%s) IS NOT NULL
  FROM billing_billrun r WHERE r.id = %s
"""
#: The last sign of life is the newest chunk, or the deed that (re)started the calculation. Jobs that were not finished
#: by a worker that died stay `doing`: only the chunks tell.
_SIGNS = """
SELECT greatest((SELECT max(c.done_at) FROM billing_runchunk c WHERE c.run_id = %(run)s),
                (SELECT max(d.recorded_at) FROM platform_deed d
                  WHERE d.subject = %(subject)s AND d.kind = ANY(%(kinds)s))),
       now(),
       (SELECT j.status::text FROM procrastinate_jobs j WHERE j.queueing_lock = %(lock)s ORDER BY j.id DESC LIMIT 1)
"""
_STARTS = ["billing.start_calculation", "billing.resume_run", "billing.restart_run"]


@dataclass(frozen=True, slots=True)
class Pace:
    """A run's calculation now: ``state`` is idle, running, waiting, paused, halted or failed; idle is none at all.

    ``silent`` is the whole minutes since its last sign of life.
    """

    state: str
    silent: int = 0
    since: datetime | None = None

    @property
    def stuck(self) -> bool:
        """Whether it goes on only if somebody starts it again."""
        return self.state in ("halted", "failed")


def is_begun(run: BillRun) -> bool:
    """Whether the run's own tables stand: its calculation was begun, and not taken back."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN, [table_of(SEGMENT, run.pk)])
        return bool(cursor.fetchone()[0])


def goes_on(run: BillRun) -> bool:
    """Whether the next chunk may be calculated: asked between chunks, where pause and cancel take hold."""
    with connection.cursor() as cursor:
        cursor.execute(_GOES_ON, [table_of(SEGMENT, run.pk), run.pk])
        row = cursor.fetchone()
        return bool(row and row[0])


def pace(run: BillRun, *, halted_after: int = HALTED_AFTER) -> Pace:
    """How the calculation of a run stands; ``halted_after`` in seconds."""
    if run.status != BillRun.PLANNED or not is_begun(run):
        return Pace("idle")
    if run.paused_by is not None:
        return Pace("paused", since=run.paused_by.recorded_at)
    asked: dict[str, Any] = {"run": run.pk, "subject": f"billrun:{run.pk}", "kinds": _STARTS, "lock": f"run-{run.pk}"}
    with connection.cursor() as cursor:
        cursor.execute(_SIGNS, asked)
        last, now, job = cursor.fetchone()
    seconds = (now - last).total_seconds() if last is not None else 0
    state = "running"
    if job == "failed":
        state = "failed"
    elif seconds > halted_after:
        state = "halted"
    elif job == "todo":
        state = "waiting"
    return Pace(state, int(seconds // 60), last)
