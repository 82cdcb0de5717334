"""`meterbook autopay`: bills drawn from bank accounts, stage by stage."""

from __future__ import annotations

import click

from meterbook.cli.commands.autopay import answers, enrolments, runs


@click.group(name="autopay")
def command() -> None:
    """Draw bills from bank accounts: enrol, prenote, select, breaker, approve, file, settle, returns.

    Each stage is done once: doing it again goes on where it stopped and draws nothing twice.
    """


for each in (
    enrolments.enrol, enrolments.revoke, enrolments.prenote, runs.select, runs.breaker, runs.approve, runs.file,
    runs.settle, runs.refunds, answers.returns, answers.answer, answers.reverse, answers.status,
):  # fmt: skip
    command.add_command(each)
