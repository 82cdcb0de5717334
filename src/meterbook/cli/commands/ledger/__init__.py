"""`meterbook ledger`: do the books hold, and what do they say on a day?"""

from __future__ import annotations

import click

from meterbook.cli.commands.ledger import balances, checking, export, looking


@click.group(name="ledger")
def command() -> None:
    """The books."""


command.add_command(checking.check)
command.add_command(export.export)
for each in (balances.trial_balance_, balances.aging, looking.statement, looking.trace):
    command.add_command(each)
