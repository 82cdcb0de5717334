"""`meterbook refunds rebates`: programmes, their budgets, applications."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.refunds.saying import account_named, cents_of
from meterbook.engine.money import dollars
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.rebates import screens
from meterbook.records.refunds.rebates.budget import budgets
from meterbook.records.refunds.rebates.operations.apply import apply_rebate, decide_rebate


@click.group()
def rebates() -> None:
    """Conservation rebates: application, budget, a second person, a credit or a check."""


@rebates.command()
@as_json
def budget(as_json: bool) -> None:
    """What each programme gives this fiscal year, and what is left."""
    with refusals():
        rows = budgets(business_date())
    for one in rows:
        click.echo(
            f"{one.programme:<12} {one.fiscal_year}  granted {dollars(one.granted_cents):,.2f}"
            f" of {dollars(one.budget_cents):,.2f}"
        )
    if as_json:
        print_json({
            one.programme: {
                "fiscal_year": one.fiscal_year, "budget_cents": one.budget_cents, "granted_cents": one.granted_cents,
                "asked_cents": one.asked_cents, "left_cents": one.left_cents,
            }
            for one in rows
        })  # fmt: skip


@rebates.command()
@click.argument("account")
@click.argument("programme")
@click.option("--units", type=click.IntRange(1), required=True)
@click.option("--cost", required=True, help="Dollars on the receipt.")
@click.option("--done", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Bought, installed or taken out.")
@click.option("--how", type=click.Choice(["account", "check", "ach"]), default="account")
@click.option("--receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--note", default="")
@as_user
@as_json
def apply(
    account: str, programme: str, units: int, cost: str, done: datetime, how: str, receipt: Path, note: str,
    username: str, as_json: bool,
) -> None:  # fmt: skip
    """Take in an application with its receipt; a second person decides."""
    with refusals():
        kind = mimetypes.guess_type(receipt.name)[0] or "application/octet-stream"
        made = apply_rebate(
            act_of(username, note), account=account_named(account), programme=programme, units=units,
            cost_cents=cents_of(cost), done_on=done.date(), how=how, note=note,
            proofs=[Proof(receipt.name, kind, receipt.read_bytes())],
        )  # fmt: skip
    for step in made.steps:
        click.echo(f"  {step}")
    click.echo(f"application {made.pk}: {dollars(made.amount_cents):,.2f} waits for a second person")
    if as_json:
        print_json({"application": made.pk, "cents": made.amount_cents})


@rebates.command()
@click.argument("application", type=int)
@click.option("--refuse", is_flag=True)
@click.option("--reason", default="")
@as_user
@as_json
def approve(application: int, refuse: bool, reason: str, username: str, as_json: bool) -> None:
    """Grant an application within the budget, or refuse it."""
    with refusals():
        found = screens.find(application)
        if found is None:
            raise click.ClickException(f"no application {application}")
        decided = decide_rebate(act_of(username, reason), application=found, grant=not refuse)
    click.echo(f"application {application}: {decided.state}")
    if as_json:
        print_json({"application": application, "state": decided.state, "refund": decided.refund_id})
