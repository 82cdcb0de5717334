"""`meterbook simulate`: other systems, played by a process of their own that speaks HTTP. Needs no database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click

from meterbook.demo.simulators.cards import cards_server
from meterbook.demo.simulators.head_end import head_end_server
from meterbook.demo.simulators.mdm import mdm_server
from meterbook.formats.contract import WrongFormat

_port = click.option(
    "--port", required=True, type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one."
)
_token = click.option("--token", default="", help="Bearer token to ask for; none asks for none.")


@click.group(name="simulate")
def command() -> None:
    """Play a head-end, another MDM or a card processor, for trying an interface without one. Ctrl-C ends it."""


@command.command(name="head-end")
@_port
@click.option(
    "--meters", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON list of meters, as `meterbook field meters` prints it; without it, meters are told by PUT.",
)  # fmt: skip
@click.option("--at", "start", type=click.DateTime(["%Y-%m-%dT%H:%M"]),
              help="UTC instant its clock starts at, like 2026-08-05T18:00; the computer's if not said.")  # fmt: skip
@_token
def head_end(port: int, meters: Path | None, start: datetime | None, token: str) -> None:
    """Play a head-end: pings, on-demand reads, silent meters, slow answers, errors. It switches nothing."""
    known = [] if meters is None else _meters(meters)
    _forever(head_end_server(known, port=port, token=token, clock=_clock(start)), f"{len(known)} meters")


@command.command()
@_port
@click.option("--file", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The file it hands over, as formats/mdm_csv has it.")  # fmt: skip
@_token
def mdm(port: int, file: Path, token: str) -> None:
    """Play another meter data management: it hands over reads and exceptions and takes decisions."""
    try:
        server = mdm_server(file.read_bytes(), port=port, token=token)
    except WrongFormat as error:
        raise click.ClickException(f"{file}: {error}") from error
    _forever(server, file.name)


@command.command()
@_port
@click.option("--webhook", required=True, help="Where events are sent, like http://127.0.0.1:8000/hooks/cards/.")
@click.option("--secret", envvar="METERBOOK_STRIPE_WEBHOOK_SECRET", required=True,
              help="Secret the events are signed with (or METERBOOK_STRIPE_WEBHOOK_SECRET).")  # fmt: skip
@_token
def cards(port: int, webhook: str, secret: str, token: str) -> None:
    """Play a card processor: hosted pages, signed events with retries, refunds, disputes. No money moves."""
    server = cards_server(port=port, webhook=webhook, secret=secret, token=token, clock=_clock(None))
    _forever(server, f"events to {webhook}")


def _meters(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        sound = isinstance(found, list) and all(isinstance(each, dict) and "serial" in each for each in found)
    except ValueError:
        sound = False
    if not sound:
        raise click.ClickException(f"{file}: expected a JSON list of objects with serial and registers")
    return list(found)


def _clock(start: datetime | None) -> Callable[[], datetime]:
    """The computer's clock, or one that began at ``start`` when the simulator did."""
    began = datetime.now(UTC)
    shift = timedelta(0) if start is None else start.replace(tzinfo=UTC) - began
    return lambda: datetime.now(UTC) + shift


def _forever(server: ThreadingHTTPServer, words: str) -> None:
    click.echo(f"listening on http://127.0.0.1:{server.server_address[1]} ({words})")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
