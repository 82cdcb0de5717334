"""`meterbook practice`: a copy of the database in which nobody is real, and the staff app serving it."""

from __future__ import annotations

import os
import sys

import click
import psycopg

from meterbook.cli.acting import refusals
from meterbook.jobs.practice.copying import NotACopy, is_practice, make_copy, practice_url


@click.group(name="practice")
def command() -> None:
    """Train on a copy: names, addresses, telephones, e-mail, bank data, notes and files are invented."""


@command.command()
@click.option("--password", required=True, help="What everybody signs in with there; at least twelve characters.")
def make(password: str) -> None:
    """Make the practice copy beside the live database, replacing an earlier one.

    The live database is only read. The copy is dropped again if anybody real is still named in it.
    """
    if len(password) < 12:
        raise click.BadParameter("at least twelve characters", param_hint="--password")
    live = os.environ["DATABASE_URL"]
    with refusals():
        made = make_copy(live, practice_url(live), password)
    click.echo(f"made: {made.columns} columns invented or blanked, {made.cleaned} values cleaned, nobody real left")
    click.echo("sign-in names are roles: csr, cashier, supervisor, csr2, ...")


@command.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8010, show_default=True, help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the staff app on the practice copy; e-mail goes nowhere, and no background jobs run."""
    copy = practice_url(os.environ["DATABASE_URL"])
    with refusals():
        try:
            if not is_practice(copy):
                raise NotACopy("the database there is no practice copy")
        except psycopg.OperationalError as error:
            raise NotACopy("there is no practice copy yet: ./meterbook practice make") from error
    environment = os.environ | {
        "DATABASE_URL": copy, "METERBOOK_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "METERBOOK_INBOX": "/nonexistent",
    }  # fmt: skip
    _again(environment, ["--host", host, "--port", str(port)])


def _again(environment: dict[str, str], words: list[str]) -> None:
    """Become `meterbook serve` with the practice copy as its only database, so that nothing of the live one is left."""
    os.execve(
        sys.executable, [sys.executable, "-m", "meterbook.config.main", "serve", "--no-worker", *words], environment
    )
