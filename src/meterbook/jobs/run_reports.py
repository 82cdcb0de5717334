"""Keeping a posted run's reports: computed by the reports themselves, kept in one deed, done again after anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from meterbook import reports
from meterbook.jobs.bill_run import deferred
from meterbook.records.billing.operations import post_run
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.queries import run_with_id
from meterbook.records.billing.stages.kept import missing
from meterbook.records.billing.stages.operations.keep_reports import keep_reports
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_with_id

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

TASK = "meterbook.jobs.run_reports.keep"


def post_and_keep(act: Act, run: BillRun) -> BillRun:
    """Post a run, then keep its reports in the background; a lost worker leaves the step to be done again."""
    posted = post_run(act, run=run)
    start_keeping(act, posted)
    return posted


def start_keeping(act: Act, run: BillRun) -> None:
    """Keep the reports in the background."""
    deferred(TASK, f"reports-{run.pk}", run_id=run.pk, actor_id=act.actor.pk, reason=act.reason)


@app.task(name=TASK, queue="runs", retry=3)
def keep(run_id: int, actor_id: int, reason: str) -> None:
    """The worker's part."""
    keep_run_reports(Act(user_with_id(actor_id), business_date(), reason=reason), run_with_id(run_id))


def keep_run_reports(act: Act, run: BillRun) -> list[str]:
    """Compute and keep the reports that do not stand with a posted run yet; returns their names, none the second time.

    Raises what `keep_reports` refuses.
    """
    if run.status != "posted":
        raise WrongStage(f"run {run.number} is {run.status}; reports are kept of what is posted")
    wanted = missing(run)
    makers = [reports.report(name).keep for name in wanted]
    made = [make(run) for make in makers if make is not None]
    return keep_reports(act, run=run, reports=made) if made else []
