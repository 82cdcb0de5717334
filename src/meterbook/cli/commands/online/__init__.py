"""`meterbook online`: hosted payment pages, the processor's settlement, kiosks."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.formats.settlement import parse
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.online import screens
from meterbook.records.online.operations.begin_checkout import begin_checkout
from meterbook.records.online.operations.kiosks import create_kiosk, revoke_kiosk
from meterbook.records.online.settling import settled_days


@click.group(name="online")
def command() -> None:
    """Paying online: hosted pages for the customer, the card processor's settlement, kiosks."""


@command.command()
@click.argument("number")
@click.argument("amount")
@click.option("--key", required=True, help="Your own key for this page; the same key again gives the same page.")
@as_user
def checkout(number: str, amount: str, key: str, username: str) -> None:
    """Make a page on which account NUMBER pays AMOUNT dollars, and print its address."""
    found = account_numbered(number)
    if found is None:
        raise click.ClickException(f"no account {number}")
    try:
        cents = Decimal(amount).scaleb(2)
    except InvalidOperation:
        cents = Decimal("0.5")
    if cents != cents.to_integral_value():
        raise click.ClickException(f"amount: found {amount}, expected dollars like 84.20")
    with refusals():
        made = begin_checkout(act_of(username, "command line"), account=found, cents=int(cents), key=key)
    click.echo(made.url)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def settlement(file: Path, as_json: bool) -> None:
    """Compare a settlement FILE (formats/settlement) with our payments, day by day. Changes nothing."""
    with refusals():
        days = settled_days(parse(file.read_bytes()))
    for day in days:
        click.echo(
            f"{day.on}  theirs ${dollars(day.gross):,}  ours ${dollars(day.ours):,}  taken back ${dollars(day.back):,}"
            f"  fee ${dollars(day.fee):,}  {'agrees' if day.agrees else 'DIFFERS'}"
        )
        for what, these in (("not on our books", day.missing), ("another amount", day.different)):
            click.echo("".join(f"    {what}: {each}\n" for each in these), nl=False)
    if as_json:
        print_json([
            {"on": day.on, "gross_cents": day.gross, "ours_cents": day.ours, "back_cents": day.back,
             "fee_cents": day.fee, "missing": day.missing, "different": day.different} for day in days
        ])  # fmt: skip
    if not all(day.agrees for day in days):
        raise SystemExit(1)


@command.group()
def kiosk() -> None:
    """Machines that take payments."""


@kiosk.command(name="create")
@click.argument("name")
@as_user
def create(name: str, username: str) -> None:
    """Make a kiosk known; its token is printed once."""
    with refusals():
        made, token = create_kiosk(act_of(username, "command line"), name=name)
    click.echo(f"kiosk K{made.pk} {made.name}: {token}")


@kiosk.command(name="revoke")
@click.argument("name")
@as_user
def revoke(name: str, username: str) -> None:
    """Take a kiosk's token back for good."""
    found = screens.kiosk_named(name)
    if found is None:
        raise click.ClickException(f"no kiosk {name}")
    with refusals():
        revoke_kiosk(act_of(username, "command line"), kiosk=found)
    click.echo(f"kiosk {name} is revoked")
