"""`meterbook payments`: deposits from files."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_user, refusals
from meterbook.engine.money import dollars
from meterbook.records.payments.operations.post_payments import post_payments


@click.group(name="payments")
def command() -> None:
    """Payments."""


@command.command(name="import")
@click.option("--format", "format_", required=True, help="Name of the payment format, like lockbox.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
def import_(format_: str, files: tuple[Path, ...], username: str) -> None:
    """Post payment files, oldest open item first; the same file again changes nothing."""
    for file in files:
        with refusals():
            batch = post_payments(
                act_of(username, f"deposit {file.name}"),
                format=format_,
                file_name=file.name,
                content=file.read_bytes(),
            )
        click.echo(f"{file.name}: batch {batch.number}, {batch.count} payments, ${dollars(batch.total_cents):,}")
