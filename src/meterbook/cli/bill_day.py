"""A cycle's run typed command by command: what the office would type next, until the run is through.

`python -m meterbook.cli.bill_day CYCLE BILL-DATE ACCOUNTS-IN-A-CHUNK` is what `bench crash` kills and starts again. It
keeps nothing between commands: each is chosen by where the run stands in the books.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun


def main(cycle: str, bill_date: str, chunk: int) -> None:
    """Type commands until there is none left to type; says ``begun`` first, and ``step …`` before each."""
    django.setup()
    from meterbook.cli.main import cli

    print("begun", flush=True)
    before: list[str] = []
    while (words := _next(cycle, bill_date, chunk)) is not None:
        if words == before:
            raise SystemExit(f"{' '.join(words)} changed nothing")
        print(f"step {words[1]}", flush=True)
        cli.main(words, prog_name="meterbook", standalone_mode=False)
        before = words


def _next(cycle: str, bill_date: str, chunk: int) -> list[str] | None:
    """The next command; planning is done here, in small chunks, as no command cuts so finely."""
    from meterbook.cli.acting import act_of
    from meterbook.records.billing import queries
    from meterbook.records.billing.operations import plan_run
    from meterbook.records.places.queries import cycle_named

    on = date.fromisoformat(bill_date)
    run = queries.run_on(cycle, on)
    if run is None:
        print("step plan", flush=True)
        run = plan_run(act_of("billing", "bill day"), cycle=cycle_named(cycle), bill_date=on, chunk_accounts=chunk)
    if run.status == "posted":
        return _after_posting(run)
    asked = run.approval
    if run.status == "planned" or asked is None or asked.status not in ("pending", "approved"):
        return ["bills", "run", "--cycle", cycle, "--bill-date", bill_date, "--workers", "1", "--as", "billing"]
    if asked.status == "pending":
        return ["bills", "approve", run.number, "--as", "supervisor"]
    return ["bills", "post", run.number, "--as", "billing"]


def _after_posting(run: BillRun) -> list[str] | None:
    from meterbook.records.billing.stages.books import obstacles
    from meterbook.records.billing.stages.handoff import handed
    from meterbook.records.billing.stages.kept import KEPT

    if run.reports.count() < len(KEPT):
        return ["bills", "reports", run.number, "--as", "billing"]
    if not handed(run).begun:  # pieces nobody can print keep a run open: that is for a person
        return ["bills", "print", run.number, "--as", "billing"]
    if hasattr(run, "closing") or obstacles(run):
        return None
    return ["bills", "close", run.number, "--as", "supervisor"]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
