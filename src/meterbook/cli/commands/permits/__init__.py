"""`meterbook permits`: building permits taken from a file or an API, and what waits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.jobs.new_service.pull_permits import pull_permits
from meterbook.records.new_service import screens
from meterbook.records.new_service.operations.import_permits import import_permits


@click.group(name="permits")
def command() -> None:
    """Building permits that ask for service: taken in, listed."""


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", default="permits-csv", show_default=True, help="permits-csv or permits-accela.")
@as_user
@as_json
def import_(file: Path, format_: str, username: str, as_json: bool) -> None:
    """Take a file of permits into the queue; the same file again changes nothing."""
    with refusals():
        batch = import_permits(
            act_of(username, file.name), format=format_, file_name=file.name, content=file.read_bytes()
        )
    _say(batch, as_json)


@command.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Permits opened on or after this day.")
@as_user
@as_json
def pull(since: datetime, username: str, as_json: bool) -> None:
    """Ask the building department's API (METERBOOK_PERMITS_URL, METERBOOK_PERMITS_TOKEN), page by page."""
    with refusals():
        for batch in pull_permits(act_of(username, f"permits since {since.date()}"), since=since.date()):
            _say(batch, as_json)


@command.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Those dealt with as well.")
@as_json
def list_(everything: bool, as_json: bool) -> None:
    """Permits that wait or changed since, the oldest first."""
    rows = [dict(row) for row in screens.permits().order_by("issued_on", "id")]
    shown = sorted((row for row in rows if everything or not row["open_first"]), key=lambda row: row["open_first"])
    for row in shown:
        changed = "  changed since" if row["changed"] else ""
        click.echo(f"{row['issued_on']}  {row['number']:20}  {row['state']:9}  {row['address_line']}{changed}")
    click.echo(f"{len(shown)} permits")
    if as_json:
        print_json(shown)


def _say(batch: Any, as_json: bool) -> None:
    click.echo(
        f"{batch.file_name}: {batch.rows} rows, {batch.loaded} new or changed, {batch.unchanged} as they were, "
        f"{batch.rejected} not taken"
    )
    for one in batch.corrections.order_by("line", "pk"):
        click.echo(f"  line {one.line}, {one.field}: found {one.found or 'nothing'}, expected {one.expected}")
    if as_json:
        print_json({name: getattr(batch, name) for name in ("id", "rows", "loaded", "unchanged", "rejected")})
