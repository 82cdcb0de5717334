"""Who acts on the command line, and how refusals are said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click
from django.core.exceptions import ObjectDoesNotExist

from meterbook.formats.contract import WrongFormat
from meterbook.formats.registry import UnknownFormat
from meterbook.records.platform.deeds import Act, NotPermitted
from meterbook.records.platform.queries import NotFounded, business_date, user_named

as_user = click.option(
    "--as", "username", envvar="METERBOOK_USER", required=True, help="Your sign-in name (or METERBOOK_USER)."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object as the last line.")


def act_of(username: str, reason: str, on: date | None = None) -> Act:
    """An act of the named user on the business date, or on ``on``."""
    user = user_named(username)
    if not (user.is_active and user.has_usable_password()):
        raise click.ClickException(f"{username} does not sign in: the system acts only by itself")
    return Act(actor=user, business_date=on or business_date(), reason=reason)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal in domain words into one clear line and exit status 1."""
    try:
        yield
    except (ValueError, LookupError, NotPermitted, NotFounded, WrongFormat, UnknownFormat, ObjectDoesNotExist) as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    except PermissionError as error:
        raise click.ClickException(str(error)) from error


def print_json(value: Any) -> None:
    """One JSON object on one line; dates and decimals as text."""
    click.echo(json.dumps(value, default=str, ensure_ascii=False))
