"""What a run rests on and what was done to it: readiness and log on the command line."""

from __future__ import annotations

from dataclasses import asdict

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.records.billing import queries
from meterbook.records.billing.readiness.checks import all_checks
from meterbook.records.billing.readiness.gauge import readiness, rows_of
from meterbook.records.billing.stages.due import due_runs
from meterbook.records.billing.stages.log import log_of
from meterbook.records.platform.queries import business_date

_STATES = {"ready": "ready", "look": "to check", "stop": "NOT READY"}


@click.command()
@click.argument("run_reference", metavar="RUN", required=False)
@click.option("--check", type=click.Choice(list(all_checks())), help="List the rows behind one count.")
@as_json
def ready(run_reference: str | None, check: str | None, as_json: bool) -> None:
    """Is RUN ready to be calculated? Without RUN: what the published calendar says is due to be planned."""
    with refusals():
        if run_reference is None:
            _due(as_json)
            return
        run = queries.find_run(run_reference)
        if check is not None:
            _rows(run_reference, check, as_json)
            return
        found = readiness(run)
    click.echo(f"run {run.number}  {_STATES[found.state]}  ({found.since} to {found.until})")
    for line in found.lines:
        click.echo(f"  {_STATES[line.state]:12}{line.count:>8,} of {line.of:>8,}  {line.title}, {line.owner}")
    for route in found.routes:
        click.echo(
            f"  route {route.route:8}{route.received:>8,} of {route.expected:>8,} reads"
            f"{f', {route.questioned:,} in question' if route.questioned else ''}"
        )
    if as_json:
        print_json({"run": run.number, **found.evidence()})


def _due(as_json: bool) -> None:
    found = due_runs(business_date())
    for each in found:
        when = (
            f"due since {each.days} days"
            if each.days > 0
            else "due today"
            if each.days == 0
            else f"in {-each.days} days"
        )
        click.echo(f"{each.cycle:6}{each.bill_date}  {when}")
    if not found:
        click.echo("no published bill date waits for a run")
    if as_json:
        print_json({"due": [asdict(each) for each in found]})


def _rows(run_reference: str, check: str, as_json: bool) -> None:
    found = rows_of(queries.find_run(run_reference), all_checks()[check])
    for row in found:
        click.echo(
            f"{row['account']:12}{row['commodity']:14}{row['point']:16}{row['what']:18}{row['on']}  {row['detail']}"
        )
    click.echo(f"{len(found):,} rows")
    if as_json:
        print_json({"check": check, "rows": found})


@click.command()
@click.argument("run_reference", metavar="RUN")
@as_json
def log(run_reference: str, as_json: bool) -> None:
    """Print every deed on RUN: when, what, who, why. It stays whatever is taken back."""
    with refusals():
        found = log_of(queries.find_run(run_reference))
    for each in found:
        click.echo(f"{each.at:%Y-%m-%d %H:%M:%S}  {each.kind:28}{each.who:24}{each.why}")
    if as_json:
        print_json({"deeds": [asdict(each) for each in found]})
