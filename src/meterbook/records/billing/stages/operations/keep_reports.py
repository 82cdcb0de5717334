"""Keeping a posted run's reports: after posting, before it closes, in a step of its own that can be done again."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.records.billing.models import BillRun, RunReport
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.stages.kept import KEPT, Kept, missing
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class NoSuchReport(ValueError):
    """A report that is not kept with runs."""


@operation("billing.keep_reports", roles={BILLING, SUPERVISOR})
def keep_reports(deed: Deed, *, run: BillRun, reports: Sequence[Kept]) -> list[str]:
    """Keep the reports that do not stand with the run yet; returns their names. Raises `WrongStage`, `NoSuchReport`."""
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if locked.status != BillRun.POSTED:
        raise WrongStage(f"run {locked.number} is {locked.status}; reports are kept of what is posted")
    if strange := [each.name for each in reports if each.name not in KEPT]:
        raise NoSuchReport(f"{', '.join(strange)}: not kept with runs; known: {', '.join(KEPT)}")
    wanted = missing(locked)
    made = [
        RunReport(
            run=locked, name=each.name, columns=each.columns, rows=each.rows, row_count=each.count,
            sha256=each.sha256, deed=deed,
        )
        for each in reports
        if each.name in wanted
    ]  # fmt: skip
    RunReport.objects.bulk_create(made)
    tell(deed, "billing.reports_kept", run=locked.pk, reports={each.name: each.sha256 for each in made})
    return [each.name for each in made]
