"""`meterbook bills`: runs and bills. One module for a few subcommands that belong together."""

from __future__ import annotations

import importlib

import click

#: Subcommand → the module of this package that has it, in the order help lists them.
MODULES = {
    "ready": "readying",
    "run": "stages",
    "pause": "under_way",
    "resume": "under_way",
    "recalculate": "under_way",
    "approve": "stages",
    "post": "stages",
    "cancel": "stages",
    "reports": "closing",
    "print": "closing",
    "close": "closing",
    "log": "readying",
    "register": "registering",
    "hold": "registering",
    "release": "registering",
    "recalculate-account": "registering",
    "backlog": "registering",
    "list": "looking",
    "show": "looking",
    "pdf": "printing",
    "replay": "replaying",
    "final": "kinds",
    "off-cycle": "kinds",
    "summary": "kinds",
    "summary-group": "kinds",
    "deposit": "kinds",
    "compare": "comparing",
    "export": "comparing",
    "sign": "comparing",
}


class Subcommands(click.Group):
    """Loads a subcommand's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every subcommand's name."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand called ``cmd_name`` of its module."""
        if cmd_name not in MODULES:
            return None
        module = importlib.import_module(f"{__name__}.{MODULES[cmd_name]}")
        commands = (value for value in vars(module).values() if isinstance(value, click.Command))
        return next((found for found in commands if found.name == cmd_name), None)


@click.group(name="bills", cls=Subcommands)
def command() -> None:
    """Bill runs and bills."""
