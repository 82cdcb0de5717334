"""`meterbook formats`: which files Meterbook reads, and whether a file is one. Needs no database."""

from __future__ import annotations

import click

from meterbook.cli.commands.formats.checking import check
from meterbook.formats.registry import discover


@click.group(name="formats")
def command() -> None:
    """File formats: list them, check a file before anything is loaded."""


@command.command(name="list")
def list_() -> None:
    """Print every format as NAME, KIND, TITLE."""
    for name, each in sorted(discover().items()):
        click.echo(f"{name:29}{each.kind:11}{each.title}")


command.add_command(check)
