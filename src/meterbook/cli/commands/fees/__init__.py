"""`meterbook fees`: one-off charges, requests paid before somebody is sent, development charges in parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.fees import screens
from meterbook.records.fees.operations.charge import charge_fee
from meterbook.records.fees.operations.development import book_instalments
from meterbook.records.fees.operations.service_requests import send_service
from meterbook.records.platform.queries import business_date

_CHARGES = ("id", "number", "code", "service", "amount_cents", "open_cents", "due_on", "state", "asker")
_REQUESTS = ("id", "number", "field_kind", "address", "amount_cents", "open_cents", "state", "wanted_on")
_DEVELOPMENTS = ("id", "number", "address", "service", "amount_cents", "parts", "booked_cents", "state")


@click.group(name="fees")
def command() -> None:
    """Fees of the catalogue, service requests, system development charges."""


@command.command(name="catalogue")
@as_json
def catalogue(as_json: bool) -> None:
    """The fees in force: code, price or keyed, whether it is paid before somebody is sent."""
    rows = screens.fee_choices(business_date(), ["water", "electricity", "sewer", "refuse", "stormwater"])
    for code, said, price, first in rows:
        asked = f"${dollars(price):,}" if price is not None else "keyed"
        click.echo(f"{code:20} {asked:>10}  {said['en']}{'  (paid first)' if first else ''}")
    if as_json:
        print_json(
            [{"code": code, "words": said, "cents": price, "paid_first": first} for code, said, price, first in rows]
        )


@command.command(name="list")
@click.option("--what", type=click.Choice(["charges", "requests", "development"]), default="charges", show_default=True)
@as_json
def list_(what: str, as_json: bool) -> None:
    """Charges, service requests or development charges, the newest first."""
    found: dict[str, tuple[Any, tuple[str, ...]]] = {
        "charges": (screens.charges(), _CHARGES), "requests": (screens.requests(), _REQUESTS),
        "development": (screens.developments(), _DEVELOPMENTS),
    }  # fmt: skip
    query, names = found[what]
    rows = [{name: row[name] for name in names} for row in query.order_by("-id")]
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['number']:>10}  ${dollars(row['amount_cents']):>10,}  {row['state']}")
    click.echo(f"{len(rows)} {what}")
    if as_json:
        print_json(rows)


@command.command(name="charge")
@click.argument("account")
@click.argument("fee")
@click.option("--service", required=True, help="In which service's receivable it stands, like water.")
@click.option("--cents", type=click.IntRange(1), help="Only where the catalogue has no price.")
@click.option("--note", default="", help="Stays with the charge.")
@as_user
def charge(account: str, fee: str, service: str, cents: int | None, note: str, username: str) -> None:
    """Charge a fee; above one's limit a second person is asked."""
    found = account_numbered(account)
    if found is None:
        raise click.ClickException(f"no account {account}")
    with refusals():
        made = charge_fee(
            act_of(username, note), account=found, fee=fee, service=service, amount_cents=cents, note=note
        )
    click.echo(f"charge {made.pk} of ${dollars(made.amount_cents):,}: {made.state}")


@command.command(name="send")
@click.argument("request", type=int)
@as_user
def send(request: int, username: str) -> None:
    """Send somebody for a service request, once its fee is paid."""
    found = screens.find_request(request)
    if found is None:
        raise click.ClickException(f"no service request {request}")
    with refusals():
        made = send_service(act_of(username, "the fee is paid"), request=found)
    click.echo(f"request {request}: the field has been asked ({made.field_request_id})")


@command.command(name="instalments")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last due date; the business date if left out.")
@as_user
def instalments(until: datetime | None, username: str) -> None:
    """Book the parts of development charges that are due; again, it books nothing."""
    day = until.date() if until else business_date()
    with refusals():
        count = book_instalments(act_of(username, "instalments due"), until=day)
    click.echo(f"{count} instalments booked, due by {day}")
