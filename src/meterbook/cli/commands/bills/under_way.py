"""A calculation under way: pause it, let it go on, do it again."""

from __future__ import annotations

import click

from meterbook.cli.acting import act_of, as_user, refusals
from meterbook.cli.commands.bills.saying import say_run
from meterbook.cli.progress import Bar
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing import queries
from meterbook.records.billing.stages.operations.pause_run import pause_run, resume_run
from meterbook.records.billing.stages.operations.recalculate_run import recalculate_run

_reason = click.option("--reason", default="", help="Why; it stays in the run's log.")


@click.command()
@click.argument("run_reference", metavar="RUN")
@_reason
@as_user
def pause(run_reference: str, reason: str, username: str) -> None:
    """Stop RUN's calculation before its next chunk; what is calculated stays."""
    with refusals():
        run = queries.find_run(run_reference)
        pause_run(act_of(username, reason or "paused"), run=run)
    click.echo(f"run {run.number} pauses before its next chunk; go on with: meterbook bills resume {run.number}")


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--workers", default=2, show_default=True, help="Calculating processes.")
@_reason
@as_user
def resume(run_reference: str, workers: int, reason: str, username: str) -> None:
    """Go on with RUN here, chunk after chunk, whether it was paused or its worker died."""
    with refusals():
        run = queries.find_run(run_reference)
        act = act_of(username, reason or "resumed")
        if run.paused_by_id is not None:
            run = resume_run(act, run=run)
        with Bar(f"run {run.number}", "accounts") as bar:
            run = calculate_all(act, run, workers=workers, told=bar)
    say_run(run.number)


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--reason", required=True, help="Why; it stays in the run's log.")
@as_user
def recalculate(run_reference: str, reason: str, username: str) -> None:
    """Take back what RUN made and put it back to planned; `bills resume` then calculates it anew."""
    with refusals():
        run = recalculate_run(act_of(username, reason), run=queries.find_run(run_reference))
    click.echo(f"run {run.number} is planned again; its bills and holds are gone, its log stays")
