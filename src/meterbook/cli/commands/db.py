"""`meterbook db`: the database server and its tables."""

from __future__ import annotations

import os
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from meterbook.embedded import EmbeddedServer


def _server() -> EmbeddedServer:
    return EmbeddedServer(Path(os.environ["METERBOOK_DATA_DIR"]))


@click.group(name="db")
def command() -> None:
    """The database: start, stop, migrate, open a SQL prompt."""


@command.command()
def start() -> None:
    """Start the embedded server (other commands do it themselves) and print its address."""
    click.echo(os.environ["DATABASE_URL"])


@command.command()
def stop() -> None:
    """Stop the embedded server; its data stays."""
    _server().stop()
    click.echo("stopped")


@command.command()
def status() -> None:
    """Say whether the embedded server runs, and where its data is."""
    state = _server().status()
    click.echo(f"{'running' if state.running else 'stopped'}  data {state.cluster}")
    if state.running:
        click.echo(f"pid {state.pid}  {state.url}")


@command.command()
def migrate() -> None:
    """Bring the tables up to date."""
    call_command("migrate", verbosity=1)


@command.command()
def psql() -> None:
    """Open a SQL prompt on the database (needs psql installed)."""
    database = settings.DATABASES["default"]
    os.execvp("psql", ["psql", os.environ.get("DATABASE_URL", str(database["NAME"]))])
