"""Looking at runs and bills on the command line."""

from __future__ import annotations

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.cli.commands.bills.saying import usd
from meterbook.records.billing import queries


@click.command(name="list")
def list_() -> None:
    """List the runs, newest first."""
    for made in queries.runs():
        totals = made.totals
        click.echo(
            f"{made.number:18}{made.status:12}{totals.get('bills', 0):>8,} bills {usd(totals.get('cents', 0)):>16}"
        )


@click.command(name="show")
@click.argument("bill_reference", metavar="BILL")
@as_json
def show(bill_reference: str, as_json: bool) -> None:
    """Show the head of a bill; `explain bill` shows its lines."""
    with refusals():
        facts = queries.bill_facts(bill_reference)
    for name, value in facts.items():
        click.echo(f"{name:20}{usd(value) if name.endswith('_cents') else value}")
    if as_json:
        print_json(facts)
