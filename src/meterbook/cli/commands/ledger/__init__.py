"""`meterbook ledger`: do the books hold, and what do they say on a day?"""

from __future__ import annotations

import click

from meterbook.cli.commands.ledger import checking, export


@click.group(name="ledger")
def command() -> None:
    """The books."""


command.add_command(checking.check)
command.add_command(export.export)
