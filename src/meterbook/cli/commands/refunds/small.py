"""`meterbook refunds small`: balances too small to pay or to ask for."""

from __future__ import annotations

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.small import screens
from meterbook.records.refunds.small.finding import small_items
from meterbook.records.refunds.small.operations.write_down import decide_small, propose_small


@click.group()
def small() -> None:
    """Small balances: shown, asked for in a batch, decided by a second person."""


@small.command()
@as_json
def due(as_json: bool) -> None:
    """What would be written down today; nothing is done."""
    with refusals():
        found = small_items(business_date())
    for one in found:
        click.echo(f"{one.number}  {dollars(one.cents):>8,.2f}  {one.service}  {one.name}")
    if as_json:
        print_json({
            "rows": len(found), "debts_cents": sum(one.cents for one in found if one.cents > 0),
            "credits_cents": -sum(one.cents for one in found if one.cents < 0),
        })  # fmt: skip


@small.command()
@as_user
@as_json
def propose(username: str, as_json: bool) -> None:
    """Ask a second person to write down everything small."""
    with refusals():
        made = propose_small(act_of(username, "small balances"))
    count = made.rows.count()
    click.echo(f"batch {made.pk}: {count} lines wait for a second person")
    if as_json:
        print_json({"batch": made.pk, "rows": count})


@small.command()
@click.argument("batch", type=int)
@click.option("--refuse", is_flag=True)
@click.option("--reason", default="")
@as_user
@as_json
def approve(batch: int, refuse: bool, reason: str, username: str, as_json: bool) -> None:
    """Book a batch, or refuse it."""
    with refusals():
        found = screens.find(batch)
        if found is None:
            raise click.ClickException(f"no batch {batch}")
        decided = decide_small(act_of(username, reason), batch=found, approve=not refuse)
    rows = screens.rows(batch)
    click.echo(f"batch {batch}: {decided.state}, {sum(bool(row.booked) for row in rows)} of {len(rows)} lines booked")
    if as_json:
        print_json({"batch": batch, "state": decided.state, "booked": sum(bool(row.booked) for row in rows)})
