"""`meterbook`: one command a word, help on each."""

from __future__ import annotations

import importlib

import click

#: Commands in the order help lists them; one module each in `meterbook.cli.commands`.
NAMES = (
    "demo", "serve", "worker", "formats", "reads", "field", "locates", "permits", "places", "mdm", "simulate",
    "integrity", "payments", "banking", "cashiering", "returns", "refunds", "fees", "cases", "moves", "orders",
    "rates", "bills", "adjustments", "agencies", "corrections", "winter", "programs",
    "calendar", "report", "explain", "ledger", "closing", "autopay", "online", "security", "tasks",
    "practice", "db", "bench",
)  # fmt: skip


class Commands(click.Group):
    """Loads a command's module only when it is asked for, so that help and short commands start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``."""
        if cmd_name not in NAMES:
            return None
        found = importlib.import_module(f"meterbook.cli.commands.{cmd_name}").command
        assert isinstance(found, click.Command)
        return found


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Meterbook: customer information and billing for municipal utilities.

    \b
    First steps:
      ./meterbook demo              found a demo city, bill it for two years, open the staff app
      ./meterbook test              the whole test suite
    \b
    Every command takes --data-dir DIR (default: a directory of your own) and reads DATABASE_URL,
    a PostgreSQL 15 or newer; without it Meterbook starts an embedded server in the data directory.
    """
