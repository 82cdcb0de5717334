"""A run's stages on the command line: calculate, approve, post, cancel."""

from __future__ import annotations

from datetime import datetime

import click

from meterbook.cli.acting import act_of, as_user, refusals
from meterbook.cli.commands.bills.saying import say_run
from meterbook.cli.progress import Bar
from meterbook.jobs.bill_run import calculate_all
from meterbook.jobs.run_reports import keep_run_reports
from meterbook.records.billing import operations, queries
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.operations.approvals import decide_approval


@click.command()
@click.option("--cycle", required=True, help="Code of the cycle, like C1.")
@click.option("--bill-date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Date printed on the bills.")
@click.option("--workers", default=2, show_default=True, help="Calculating processes.")
@click.option("--statements", is_flag=True, help="A statement for accounts with a balance and nothing to bill.")
@as_user
def run(cycle: str, bill_date: datetime, workers: int, statements: bool, username: str) -> None:
    """Plan and calculate a cycle's run, and ask for its approval. Run it again after an interruption: it goes on."""
    with refusals():
        act = act_of(username, f"bill run {cycle}")
        known = queries.run_on(cycle, bill_date.date())
        made = (
            known
            if known is not None
            else operations.plan_run(act, cycle=cycle_named(cycle), bill_date=bill_date.date(), statements=statements)
        )
        if made.paused_by_id is not None:
            raise click.ClickException(f"run {made.number} is paused; go on with: meterbook bills resume {made.number}")
        if made.status == "planned":
            with Bar(f"run {made.number}", "accounts") as bar:
                made = calculate_all(act, made, workers=workers, told=bar)
        if made.status == "calculated" and (made.approval is None or made.approval.status != "approved"):
            request_posting(act, run=made)
    say_run(made.number)


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--refuse", is_flag=True, help="Refuse instead.")
@as_user
def approve(run_reference: str, refuse: bool, username: str) -> None:
    """Approve a calculated run as a second person."""
    with refusals():
        run = queries.find_run(run_reference)
        if run.approval is None:
            raise click.ClickException(f"run {run.number} waits for no approval")
        decide_approval(act_of(username, f"run {run.number}"), request=run.approval, approve=not refuse)
    click.echo(f"run {run.number} {'refused' if refuse else 'approved'} by {username}")


@click.command()
@click.argument("run_reference", metavar="RUN")
@as_user
def post(run_reference: str, username: str) -> None:
    """Post an approved run: write the books, close the completeness equation, all or nothing; then keep its reports."""
    with refusals():
        run = queries.find_run(run_reference)
        act = act_of(username, f"post run {run.number}")
        keep_run_reports(act, operations.post_run(act, run=run))
    say_run(run.number)


@click.command()
@click.argument("run_reference", metavar="RUN")
@as_user
def cancel(run_reference: str, username: str) -> None:
    """Take back a run that is not posted; it leaves only the log."""
    with refusals():
        operations.cancel_run(act_of(username, "cancelled"), run=queries.find_run(run_reference))
    say_run(run_reference)
