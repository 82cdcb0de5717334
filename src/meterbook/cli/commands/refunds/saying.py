"""What the commands of refunds take and say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import print_json
from meterbook.engine.money import dollars
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.refunds import screens

_MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)
_SHOWN = ("id", "number", "source", "how", "amount_cents", "state", "payout_state", "reference", "asker", "decider")
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def cents_of(text: str) -> int:
    """Dollars as typed, in cents."""
    if not _MONEY.fullmatch(text):
        raise click.BadParameter(f"found {text!r}, expected dollars like 43.17")
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part)


def account_named(number: str) -> Any:
    """An account by its number, or one clear line."""
    found = account_numbered(number)
    if found is None:
        raise click.ClickException(f"no account {number}")
    return found


def refund_numbered(number: int) -> Any:
    """A refund by its number, or one clear line."""
    found = screens.find(number)
    if found is None:
        raise click.ClickException(f"no refund {number}")
    return found


def said(refund: int, *, as_json: bool) -> None:
    """Where a refund stands."""
    row = screens.refunds().get(pk=refund)
    check = f", payout {row['payout_state']} {row['reference']}".rstrip() if row["payout_state"] else ""
    click.echo(
        f"refund {row['id']} of {row['number']}: {dollars(row['amount_cents']):,.2f} by {row['how']},"
        f" {row['state']}{check}"
    )
    if as_json:
        print_json({name: row[name] for name in _SHOWN})
