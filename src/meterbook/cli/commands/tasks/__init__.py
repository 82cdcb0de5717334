"""`meterbook tasks`: what a day brings to the queues."""

from __future__ import annotations

import click

from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_named
from meterbook.records.tasks.operations.telling import remind as remind_owners


@click.group(name="tasks")
def command() -> None:
    """Tasks and notifications."""


@command.command()
def remind() -> None:
    """Tell everyone whose task is due, once a task; run it every morning."""
    told = remind_owners(Act(actor=user_named("system"), business_date=business_date(), reason="daily reminder"))
    click.echo(f"{told} told")
