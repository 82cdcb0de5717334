"""`meterbook payments`: deposits from files."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_user, refusals
from meterbook.engine.money import dollars
from meterbook.jobs.money.payment_file import PIECE, post_file


@click.group(name="payments")
def command() -> None:
    """Payments."""


@command.command(name="import")
@click.option(
    "--format",
    "format_",
    required=True,
    help="Payment format, like lockbox, bill-pay or settlement; with a profile like bill-pay/remitco.",
)
@click.option("--piece", default=PIECE, show_default=True, type=click.IntRange(1), help="Payments of one transaction.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
def import_(format_: str, piece: int, files: tuple[Path, ...], username: str) -> None:
    """Post payment files in the order of payment; the same file again changes nothing.

    A long file is posted piece by piece. Interrupted, the same command goes on where it stopped.
    """
    for file in files:
        with refusals():
            batch = post_file(
                act_of(username, f"deposit {file.name}"),
                format=format_,
                file_name=file.name,
                content=file.read_bytes(),
                piece=piece,
            )
        click.echo(f"{file.name}: batch {batch.number}, {batch.count} payments, ${dollars(batch.total_cents):,}")
