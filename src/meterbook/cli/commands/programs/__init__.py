"""`meterbook programs`: net metering (solar) and level payment."""

from __future__ import annotations

import click

from meterbook.cli.commands.programs.level_pay import level_pay
from meterbook.cli.commands.programs.solar import solar


@click.group(name="programs")
def command() -> None:
    """Programs customers take part in: solar (net metering) and level payment."""


command.add_command(solar)
command.add_command(level_pay)
