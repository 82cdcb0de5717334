"""`meterbook moves`: who moves in, out and across; what is due; landlords; a developer's file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.trace import Step
from meterbook.jobs.daily.moves import carry_out_due
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.moves import screens
from meterbook.records.moves.doing.telling import sentences
from meterbook.records.moves.looking.file_of_starts import read_starts
from meterbook.records.moves.operations.bulk import start_many
from meterbook.records.moves.operations.cancel import cancel_move
from meterbook.records.moves.operations.make import make_move
from meterbook.records.moves.plans import Leaving, Plan
from meterbook.records.moves.rehearsing import rehearse
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_named

_DAY = click.DateTime(["%Y-%m-%d"])
_SHOWN = ("id", "kind", "state", "on", "address", "number", "name", "case_id")


@click.group(name="moves")
def command() -> None:
    """Moving in, out and across; planned moves; landlords' agreements."""


@command.command(name="list")
@click.option("--state", type=click.Choice(["planned", "done", "cancelled", "corrected"]), help="Only these.")
@as_json
def list_(state: str | None, as_json: bool) -> None:
    """Every move, the newest day first."""
    query = screens.moves().filter(state=state) if state else screens.moves()
    rows = [{name: row[name] for name in _SHOWN} for row in query.order_by("-on", "-id")]
    for row in rows:
        click.echo(
            f"{row['id']:>6}  {row['on']}  {row['kind']:<10} {row['state']:<9} {row['number']}  {row['address']}"
        )
    click.echo(f"{len(rows)} moves")
    if as_json:
        print_json(rows)


@command.command(name="show")
@click.argument("move", type=int)
def show(move: int) -> None:
    """What one move did or will do."""
    found = screens.find_move(move)
    if found is None:
        raise click.ClickException(f"no move {move}")
    click.echo(f"{found.kind} {found.state} on {found.on}: {found.premise.address}, account {found.account.number}")
    _say(found.told)


@command.command(name="due")
@click.option("--do", "do_it", is_flag=True, help="Carry them out; again, it does nothing.")
@as_json
def due(do_it: bool, as_json: bool) -> None:
    """Planned moves whose day has come; the worker carries them out every morning."""
    today = business_date()
    rows = [
        {"id": one.pk, "on": one.on, "kind": one.kind, "address": one.premise.address} for one in screens.due(today)
    ]
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['on']}  {row['kind']:<10} {row['address']}")
    told: dict[str, object] = {"due": rows}
    if do_it:
        made = carry_out_due(Act(user_named("system"), today, "its day has come"))
        click.echo(f"{len(made.done)} done, {len(made.waiting)} wait for another day, {len(made.stuck)} could not be")
        for move, why in made.stuck.items():
            click.echo(f"{move:>6}  {why}")
        told |= {"done": made.done, "waiting": made.waiting, "stuck": made.stuck}
    else:
        click.echo(f"{len(rows)} due on {today}")
    if as_json:
        print_json(told)


@command.command(name="out")
@click.argument("account")
@click.option("--on", "on", type=_DAY, help="First day no longer paid; the business date if left out.")
@click.option("--off", is_flag=True, help="Turn service off where nobody takes it over.")
@click.option("--preview", is_flag=True, help="Show what would happen and do nothing.")
@as_user
def out(account: str, on: datetime | None, off: bool, preview: bool, username: str) -> None:
    """Move an account out of everything it is served at; reads of the day are on record or estimated."""
    found = account_numbered(account)
    if found is None:
        raise click.ClickException(f"no account {account}")
    day: date = on.date() if on else business_date()
    unserved = "off" if off else "owner"
    leaving = tuple(
        Leaving(found.pk, premise.pk, day, unserved=unserved)
        for premise in screens.premises_served(found, business_date())
    )
    plan, act = Plan("stop", leaving), act_of(username, "moves out")
    with refusals():
        if preview:
            _say(rehearse(lambda: make_move(act, plan=plan), lambda made: made.told))
            return
        made = make_move(act, plan=plan)
    click.echo(f"move {made.pk}: {made.state}")
    _say(made.told)


@command.command(name="cancel")
@click.argument("move", type=int)
@click.option("--why", required=True, help="Stays with the deed.")
@as_user
def cancel(move: int, why: str, username: str) -> None:
    """Call a planned move off."""
    found = screens.find_move(move)
    if found is None:
        raise click.ClickException(f"no move {move}")
    with refusals():
        made = cancel_move(act_of(username, why), move=found)
    click.echo(f"move {made.pk}: {made.state}")


@command.command(name="landlords")
@as_json
def landlords(as_json: bool) -> None:
    """Landlords' agreements."""
    names = ("id", "address", "name", "number", "since", "ends", "after_cutoff", "evidence")
    rows = [
        {name: row[name] for name in names}
        for row in screens.landlords().order_by("premise__street", "premise__street_number", "id")
    ]
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['address']:<30} {row['number']}  {row['name']}, since {row['since']}")
    click.echo(f"{len(rows)} agreements")
    if as_json:
        print_json(rows)


@command.command(name="many")
@click.argument("account")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Only say what each row would do.")
@as_user
def many(account: str, file: Path, preview: bool, username: str) -> None:
    """Begin service at every premise of a developer's CSV file: all of it or nothing."""
    found = account_numbered(account)
    if found is None:
        raise click.ClickException(f"no account {account}")
    text = file.read_text(encoding="utf-8")
    read = read_starts(text, found, business_date())
    for wrong in read.problems:
        click.echo(f"line {wrong.line}, {wrong.field}: found {wrong.found}, expected {wrong.expected}")
    if read.problems:
        raise click.ClickException("nothing was begun")
    if preview:
        click.echo(f"{len(read.fresh)} would begin, {len(read.rows) - len(read.fresh)} began before")
        return
    with refusals():
        made = start_many(act_of(username, f"a developer's file, {file.name}"), account=found, text=text)
    click.echo(f"{len(made.moves)} begun, {made.unchanged} began before")


def _say(told: dict[str, object]) -> None:
    for heading, lines in sentences(told):
        for step, _href in lines:
            click.echo(f"  {heading:<10}  {_plain(step)}")


def _plain(step: Step) -> str:
    return step.words(str)
