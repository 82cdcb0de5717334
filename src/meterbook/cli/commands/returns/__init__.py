"""`meterbook returns`: payments that came back, their fees and letters, tenders refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.notices.returned_payment import render_letter
from meterbook.records.returns import screens
from meterbook.records.returns.operations.return_payments import return_payment

_COLUMNS = (
    "id", "number", "kind", "code", "returned_on", "payment", "amount_cents", "tender", "occurrence", "fee_cents",
    "fee_state",
)  # fmt: skip


@click.group(name="returns")
def command() -> None:
    """Returned and charged-back payments: what is owed again, the fee, the letter, tenders refused."""


@command.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """Every payment that came back, the newest first."""
    rows = [{name: row[name] for name in _COLUMNS} for row in screens.returned_payments().order_by("-id")]
    for row in rows:
        click.echo(
            f"{row['returned_on']}  {row['number']:>10}  {row['code'] or '-':4} ${dollars(row['amount_cents']):>10,}"
            f"  fee ${dollars(row['fee_cents']):,} {row['fee_state']}"
        )
    click.echo(f"{len(rows)} returned payments")
    if as_json:
        print_json(rows)


@command.command(name="take")
@click.argument("payment", type=int)
@click.option("--kind", type=click.Choice(["returned", "chargeback"]), default="returned", show_default=True)
@click.option("--code", default="", help="The bank's reason code, like R01.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The bank's day; today if left out.")
@as_user
def take(payment: int, kind: str, code: str, day: datetime | None, username: str) -> None:
    """Take a payment back by its number: what it settled is owed again; fee and bans follow from the policy."""
    found = screens.find_payment(payment)
    if found is None:
        raise click.ClickException(f"no payment {payment}")
    with refusals():
        made = return_payment(
            act_of(username, "returned by the bank"), payment=found, kind=kind, code=code.upper(),
            returned_on=day.date() if day else None,
        )  # fmt: skip
    returned = getattr(made, "consequence", None)
    fee = f", fee ${dollars(returned.fee_cents):,}" if returned else ""
    click.echo(f"payment {payment} of ${dollars(found.amount_cents):,} taken back{fee}")


@command.command(name="letter")
@click.argument("returned", type=int)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write.")
def letter(returned: int, out: Path) -> None:
    """Write the letter about a returned payment."""
    with refusals():
        out.write_bytes(render_letter(returned))
    click.echo(f"{out}")


@command.command(name="bans")
@as_json
def bans(as_json: bool) -> None:
    """Every tender refused, to whom and until when."""
    rows = list(screens.bans().order_by("account__number", "scope"))
    for row in rows:
        click.echo(f"{row['number']:>10}  {row['scope']:8} from {row['starts']} until before {row['ends'] or 'lifted'}")
    click.echo(f"{len(rows)} bans")
    if as_json:
        print_json(rows)
