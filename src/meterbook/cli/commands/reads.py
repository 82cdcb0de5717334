"""`meterbook reads`: meter reads from files."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.formats.registry import discover
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.platform.queries import corrections_of


@click.group(name="reads")
def command() -> None:
    """Meter reads."""


@command.command()
def formats() -> None:
    """List the read formats."""
    for name, each in sorted(discover().items()):
        if each.kind == "reads":
            click.echo(f"{name:18}{each.title}")


@command.command(name="import")
@click.option("--format", "format_", required=True, help="Name of the format; see `reads formats`.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
@as_json
def import_(format_: str, files: tuple[Path, ...], username: str, as_json: bool) -> None:
    """Take in read files: good rows load, bad rows are listed; the same file again changes nothing."""
    told = []
    for file in files:
        with refusals():
            batch = import_reads(
                act_of(username, f"reads from {file.name}"),
                format=format_,
                file_name=file.name,
                content=file.read_bytes(),
            )
        click.echo(
            f"{file.name}: {batch.rows} rows, {batch.loaded} loaded, {batch.unchanged} unchanged,"
            f" {batch.same_day} earlier the same day, {batch.rejected} to correct"
        )
        corrections = corrections_of(batch.pk)
        for c in corrections:
            click.echo(f"  {file.name}:{c['line']}: {c['field']}: found {c['found']!r}, expected {c['expected']}")
        told.append({"file": file.name, "batch": batch.pk, "loaded": batch.loaded, "corrections": corrections})
    if as_json:
        print_json({"files": told})
