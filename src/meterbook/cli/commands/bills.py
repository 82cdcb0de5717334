"""`meterbook bills`: runs and bills."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.progress import Bar
from meterbook.engine.money import dollars
from meterbook.jobs.bill_run import calculate_all
from meterbook.notices.bill import render_bill, render_run
from meterbook.records.billing import operations, queries
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.operations.approvals import decide_approval


def _usd(cents: int) -> str:
    return f"${dollars(cents):,}"


@click.group(name="bills")
def command() -> None:
    """Bill runs and bills."""


@command.command()
@click.option("--cycle", required=True, help="Code of the cycle, like C1.")
@click.option("--bill-date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Date printed on the bills.")
@click.option("--workers", default=2, show_default=True, help="Calculating processes.")
@as_user
def run(cycle: str, bill_date: datetime, workers: int, username: str) -> None:
    """Plan and calculate a cycle's run, and ask for its approval. Run it again after an interruption: it goes on."""
    with refusals():
        act = act_of(username, f"bill run {cycle}")
        known = queries.run_on(cycle, bill_date.date())
        made = (
            known
            if known is not None
            else operations.plan_run(act, cycle=cycle_named(cycle), bill_date=bill_date.date())
        )
        if made.status == "planned":
            with Bar(f"run {made.number}", "accounts") as bar:
                made = calculate_all(act, made, workers=workers, told=bar)
        if made.status == "calculated" and (made.approval is None or made.approval.status != "approved"):
            request_posting(act, run=made)
    _say_run(made.number)


@command.command()
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


@command.command()
@click.argument("run_reference", metavar="RUN")
@as_user
def post(run_reference: str, username: str) -> None:
    """Post an approved run: write the books, close the completeness equation. All or nothing."""
    with refusals():
        run = queries.find_run(run_reference)
        operations.post_run(act_of(username, f"post run {run.number}"), run=run)
    _say_run(run.number)


@command.command()
@click.argument("run_reference", metavar="RUN")
@as_user
def cancel(run_reference: str, username: str) -> None:
    """Take back a run that is not posted; it leaves only the log."""
    with refusals():
        operations.cancel_run(act_of(username, "cancelled"), run=queries.find_run(run_reference))
    _say_run(run_reference)


@command.command(name="list")
def list_() -> None:
    """List the runs, newest first."""
    for made in queries.runs():
        totals = made.totals
        click.echo(
            f"{made.number:18}{made.status:12}{totals.get('bills', 0):>8,} bills {_usd(totals.get('cents', 0)):>16}"
        )


def _say_run(reference: str) -> None:
    run = queries.find_run(reference)
    totals = run.totals
    click.echo(f"run {run.number}  {run.status}  billed {run.bill_date}, due {run.due_date}")
    if not totals:
        return
    click.echo(f"  {totals['bills']:,} bills, {totals['lines']:,} lines, {_usd(totals['cents'])}")
    for service, sums in totals["services"].items():
        click.echo(f"    {service:16}{sums['segments']:>8,}  {_usd(sums['cents']):>16}")
    for hold in queries.holds_of(run)[:20]:
        click.echo(
            f"  held {hold['account']} {hold['commodity']}: {hold['reason']} ({hold['detail']}),"
            f" {hold['owner']}, {hold['age_days']} days"
        )
    equation = totals.get("completeness")
    if equation:
        click.echo(
            f"  {equation['points']:,} service points = {equation['billed']:,} billed + {equation['held']:,} held"
            f" + {equation['not_due']:,} not due + {equation['inactive']:,} inactive"
        )


@command.command(name="show")
@click.argument("bill_reference", metavar="BILL")
@as_json
def show(bill_reference: str, as_json: bool) -> None:
    """Show the head of a bill; `explain bill` shows its lines."""
    with refusals():
        facts = queries.bill_facts(bill_reference)
    for name, value in facts.items():
        click.echo(f"{name:20}{_usd(value) if name.endswith('_cents') else value}")
    if as_json:
        print_json(facts)


@command.command()
@click.option("--bill", "bill_reference", help="One bill, by id or number.")
@click.option("--run", "run_reference", help="A whole run, in batches.")
@click.option("--language", type=click.Choice(["en", "es"]), help="Instead of the resident's own.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("bills"), show_default=True, help="Directory.")
def pdf(bill_reference: str | None, run_reference: str | None, language: str | None, out: Path) -> None:
    """Make PDFs: of one bill, or of a run in batches with a manifest."""
    out.mkdir(parents=True, exist_ok=True)
    with refusals():
        if bill_reference:
            facts = queries.bill_facts(bill_reference)
            file = out / f"{facts['number']}.pdf"
            file.write_bytes(render_bill(facts["id"], language))
            click.echo(str(file))
        elif run_reference:
            made = queries.find_run(run_reference)
            with Bar("PDF", "bills") as bar:
                printed = render_run(made.pk, out, progress=bar)
            click.echo(f"{printed.bills:,} bills in {len(printed.files)} files under {out}")
            for isolated in printed.isolated:
                click.echo(f"  isolated: {isolated}")
        else:
            raise click.UsageError("say --bill or --run")
