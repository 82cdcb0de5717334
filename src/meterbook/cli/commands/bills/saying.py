"""What the commands say of a run."""

from __future__ import annotations

import click

from meterbook.engine.money import dollars
from meterbook.records.billing import queries


def usd(cents: int) -> str:
    """An amount as people read it."""
    return f"${dollars(cents):,}"


def say_run(reference: str) -> None:
    """A run: stage, dates, totals, the oldest holds, the completeness equation."""
    run = queries.find_run(reference)
    totals = run.totals
    click.echo(f"run {run.number}  {run.status}  billed {run.bill_date}, due {run.due_date}")
    if not totals:
        return
    click.echo(f"  {totals['bills']:,} bills, {totals['lines']:,} lines, {usd(totals['cents'])}")
    for service, sums in totals["services"].items():
        click.echo(f"    {service:16}{sums['segments']:>8,}  {usd(sums['cents']):>16}")
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
