"""Closing a run: refused, every reason named, until its pieces, equation, reports and totals agree with the books."""

from __future__ import annotations

from meterbook.engine.trace import Step
from meterbook.records.billing.models import BillRun, RunClosing
from meterbook.records.billing.stages.books import Obstacle, obstacles, recount
from meterbook.records.billing.stages.handoff import handed
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class CannotClose(ValueError):
    """What keeps the run open; ``obstacles`` names each, ``step`` says the first."""

    def __init__(self, found: list[Obstacle]) -> None:
        self.obstacles = found
        self.step: Step = found[0].step
        super().__init__(" ".join(each.step.words(str) for each in found))


class AlreadyClosed(ValueError):
    """The run is closed."""


@operation("billing.close_run", roles={BILLING, SUPERVISOR})
def close_run(deed: Deed, *, run: BillRun) -> RunClosing:
    """Close a posted run for good: everything is counted again from the books first.

    Raises `CannotClose` with every reason, `AlreadyClosed`.
    """
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if RunClosing.objects.filter(run=locked).exists():
        raise AlreadyClosed(f"run {locked.number} is closed")
    if found := obstacles(locked):
        raise CannotClose(found)
    mail = handed(locked)
    totals = {
        **recount(locked), "pieces": mail.pieces, "pages": mail.pages, "completeness": locked.totals["completeness"],
        "reports": dict(locked.reports.order_by("name").values_list("name", "sha256")),
    }  # fmt: skip
    closing = RunClosing.objects.create(run=locked, totals=totals, deed=deed)
    tell(deed, "billing.run_closed", run=locked.pk, pieces=mail.pieces, pages=mail.pages, cents=totals["cents"])
    return closing
