"""`meterbook locates`: tickets of the 811 centre from files, and which of them wait."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.records.service_orders.locates import screens
from meterbook.records.service_orders.locates.operations.take_in import take_locates


@click.group(name="locates")
def command() -> None:
    """Locate tickets (811)."""


@command.command(name="import")
@click.option("--format", "format_", type=click.Choice(screens.FORMATS), help="Told by how the file begins otherwise.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
def import_(format_: str | None, files: tuple[Path, ...], username: str) -> None:
    """Take tickets in; each revision once, so the same file again changes nothing."""
    for file in files:
        content = file.read_bytes()
        with refusals():
            parsed = screens.read_tickets(content, format_ or "")
            done = take_locates(
                act_of(username, f"file {file.name}"), tickets=parsed.records, problems=parsed.problems, raw=content
            )
        click.echo(
            f"{file.name}: {done.new} new, {done.revised} revised, {done.known} known already, {done.problems} problems"
        )
        for problem in parsed.problems:
            click.echo(f"  line {problem.line}, {problem.field}: found {problem.found}, expected {problem.expected}")


@command.command(name="list")
@click.option("--all", "every", is_flag=True, help="Answered and cancelled tickets as well.")
@as_json
def list_(every: bool, as_json: bool) -> None:
    """Tickets that wait for an answer, the most urgent first."""
    rows = [
        {name: str(row[name] or "") for name in ("number", "revision", "kind", "state", "due_at", "place", "work")}
        for row in screens.tickets("all" if every else "").order_by("due_at", "number")
    ]
    for row in rows:
        click.echo(
            f"{row['number']}-{row['revision']}  {row['kind']:12} {row['due_at']:25}  {row['place']}  {row['work']}"
        )
    click.echo(f"{len(rows)} tickets")
    if as_json:
        print_json(rows)
