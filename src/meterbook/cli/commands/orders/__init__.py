"""`meterbook orders`: service orders listed, opened, planned, sent out, completed from a file, reviewed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.completing import visit_of
from meterbook.records.service_orders.operations.opening import cancel_order, open_an_order
from meterbook.records.service_orders.operations.planning import dispatch_orders, schedule_orders
from meterbook.records.service_orders.operations.working import complete_order, review_order
from meterbook.records.service_orders.outcome import outcome_of
from meterbook.records.service_orders.planning.calendar import days, week_of
from meterbook.records.service_orders.words import KIND_WORDS
from meterbook.records.tasks.saying import heard

if TYPE_CHECKING:
    from meterbook.records.service_orders.models import Order

_DAY = click.DateTime(["%Y-%m-%d"])
_SHOWN = ("id", "kind", "state", "emergency", "due_on", "crew_code", "scheduled_on", "number", "reason")


@click.group(name="orders")
def command() -> None:
    """Service orders: asked, planned, sent to crews, completed, reviewed."""


@command.command(name="list")
@click.option("--show", type=click.Choice(screens.VIEWS), default=screens.OPEN, show_default=True)
@as_user
@as_json
def list_(show: str, username: str, as_json: bool) -> None:
    """Print the orders of a view, emergencies and the most urgent first."""
    with refusals():
        act = act_of(username, "list")
    rows = screens.orders(show, user=act.actor, today=act.business_date).order_by("-emergency", "due_on", "id")
    found = [{name: row[name] for name in _SHOWN} for row in rows]
    for row in found:
        crew = row["crew_code"] or "–"
        click.echo(f"{row['id']:>7}  {row['state']:10} {row['kind']:15} due {row['due_on']}  {crew:8} {row['reason']}")
    if as_json:
        print_json(found)


@command.command(name="open")
@click.argument("kind", type=click.Choice(tuple(KIND_WORDS)))
@click.option("--point", help="Code of the service point, or the serial of the meter that hangs there.")
@click.option("--account", help="Account number; found by the service point if not said.")
@click.option("--place", default="", help="The place in words, for work at no address on record.")
@click.option("--why", required=True, help="Why; it stays with the order.")
@click.option("--on", type=_DAY, help="The day it is wanted.")
@click.option("--cause", default="", help="Why service goes on or off.")
@click.option("--emergency", is_flag=True)
@as_user
@as_json
def open_(
    kind: str, point: str | None, account: str | None, place: str, why: str, on: datetime | None, cause: str,
    emergency: bool, username: str, as_json: bool,
) -> None:  # fmt: skip
    """Ask for an order."""
    with refusals():
        where = screens.point_coded(point) if point else None
        if point and where is None:
            raise click.ClickException(f"no service point and no hanging meter {point}")
        made = open_an_order(
            act_of(username, why), kind=kind, service_point=where, place=place, emergency=emergency, cause=cause,
            account=account_numbered(account) if account else None, wanted_on=on.date() if on else None,
        )  # fmt: skip
    _tell(made, as_json=as_json)


@command.command()
@click.argument("crew")
@click.argument("orders", nargs=-1, type=int, required=True)
@click.option("--on", type=_DAY, help="The day; the business date if not said.")
@click.option("--send", is_flag=True, help="Send them out as well.")
@as_user
def plan(crew: str, orders: tuple[int, ...], on: datetime | None, send: bool, username: str) -> None:
    """Put orders into a crew's day: all of them, or none."""
    with refusals():
        act = act_of(username, "planned")
        whose = next((each for each in screens.crews() if each.code == crew), None)
        if whose is None:
            raise click.ClickException(f"no crew {crew} is in use")
        chosen = screens.chosen(orders)
        done = schedule_orders(act, orders=chosen, crew=whose, on=on.date() if on else act.business_date)
        if send:
            dispatch_orders(act, orders=chosen)
    click.echo(f"{done} orders {'with' if send else 'planned for'} crew {crew}")


@command.command()
@click.option("--of", "day", type=_DAY, help="A day of the week to show; this week if not said.")
@as_json
def week(day: datetime | None, as_json: bool) -> None:
    """Print every crew's week: orders, minutes planned, minutes there are."""
    rows = days(screens.crews(), week_of(day.date() if day else business_date()))
    found: list[dict[str, Any]] = [
        {"crew": each.crew.code, "on": each.on, "orders": [order.pk for order in each.orders],
         "minutes": each.minutes, "capacity": each.capacity}
        for row in rows for each in row
    ]  # fmt: skip
    for each in found:
        click.echo(f"{each['crew']:8} {each['on']}  {len(each['orders']):>3} orders  {each['minutes']:>4} of"
                   f" {each['capacity']} min")  # fmt: skip
    if as_json:
        print_json(found)


@command.command()
@click.argument("order", type=int)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="The outcome as JSON; see docs/guides/service-orders.md.")  # fmt: skip
@as_user
@as_json
def complete(order: int, file: Path, username: str, as_json: bool) -> None:
    """Put what a crew brought back on record; what cannot be is kept for the office to decide."""
    with refusals():
        sent = outcome_of(json.loads(file.read_text(encoding="utf-8")))
        done = complete_order(act_of(username, sent.note), order=_found(order), outcome=sent)
    visit = visit_of(sent.key)
    assert visit is not None
    for each in (*visit.effects, *visit.conflicts):
        click.echo(heard(each).words(str))
    _tell(done, as_json=as_json, outcome=visit.state)


@command.command()
@click.argument("order", type=int)
@click.option("--remark", default="", help="What the office makes of it.")
@click.option("--follow-up", default="", help="The kind of an order that goes on from there.")
@as_user
def review(order: int, remark: str, follow_up: str, username: str) -> None:
    """Look at what came of an order and close it."""
    with refusals():
        _tell(review_order(act_of(username, remark), order=_found(order), follow_up=follow_up), as_json=False)


@command.command()
@click.argument("order", type=int)
@click.option("--why", required=True)
@as_user
def cancel(order: int, why: str, username: str) -> None:
    """Call an order off."""
    with refusals():
        _tell(cancel_order(act_of(username, why), order=_found(order)), as_json=False)


def _found(number: int) -> Order:
    found = screens.find(number)
    if found is None:
        raise click.ClickException(f"no order {number}")
    return found


def _tell(order: Order, *, as_json: bool, **more: Any) -> None:
    click.echo(f"order {order.pk}: {order.kind}, {order.state}")
    if as_json:
        print_json({"order": order.pk, "kind": order.kind, "state": order.state, **more})
