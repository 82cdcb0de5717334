"""`meterbook closing`: a month from its checklist to the lock, its figures and its evidence."""

from __future__ import annotations

import click

from meterbook.cli.commands.closing import doing, looking


@click.group(name="closing")
def command() -> None:
    """Close the books month by month: checklist, roll-forward, journal, lock, evidence."""


for each in (looking.checklist, looking.rollforward, looking.trial_balance, looking.unbilled, looking.pack):
    command.add_command(each)
for each in (doing.sign, doing.lock, doing.journal, doing.reply, doing.accrue):
    command.add_command(each)
