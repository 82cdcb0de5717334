"""`meterbook reads`: meter reads from files."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.field import readers, silent
from meterbook.formats.registry import discover
from meterbook.jobs.expected_reads import cycle_window
from meterbook.jobs.read_files import REFUSED, Handled, Watch
from meterbook.jobs.read_mailbox import read_mail
from meterbook.records.metering.hub.expected import WALKED, missing_registers
from meterbook.records.metering.hub.sources import queued_by_source, sources_with_statistics
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, corrections_of, user_named


@click.group(name="reads")
def command() -> None:
    """Meter reads."""


@command.command()
def formats() -> None:
    """List the read formats."""
    for name, each in sorted(discover().items()):
        if each.kind == "reads":
            click.echo(f"{name:18}{each.title}")


@command.command(name="import")
@click.option("--format", "format_", required=True, help="Name of the format; see `reads formats`.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
@as_json
def import_(format_: str, files: tuple[Path, ...], username: str, as_json: bool) -> None:
    """Take in read files: good rows load, bad rows are listed; the same file again changes nothing."""
    told = []
    for file in files:
        with refusals():
            batch = import_reads(
                act_of(username, f"reads from {file.name}"),
                format=format_,
                file_name=file.name,
                content=file.read_bytes(),
            )
        click.echo(
            f"{file.name}: {batch.rows} rows, {batch.loaded} loaded, {batch.unchanged} unchanged,"
            f" {batch.same_day} earlier the same day, {batch.rejected} to correct"
        )
        corrections = corrections_of(batch.pk)
        for c in corrections:
            click.echo(f"  {file.name}:{c['line']}: {c['field']}: found {c['found']!r}, expected {c['expected']}")
        told.append({"file": file.name, "batch": batch.pk, "loaded": batch.loaded, "corrections": corrections})
    if as_json:
        print_json({"files": told})


_EVERY = click.option("--every", type=click.IntRange(min=1), help="Look again every so many seconds, until stopped.")


@command.command()
@_EVERY
@click.option(
    "--settle",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="Seconds a file must stand still, when looking once.",
)
@as_json
def watch(every: int | None, settle: int, as_json: bool) -> None:
    """Take complete files from the folders of sources, as the system; taken and refused ones are put away.

    A file that has not changed between two looks is complete. Files go to done/ or refused/ beside them, each with a
    .txt that says what became of it. Interrupted anywhere, the next look goes on.
    """
    looking = Watch()
    if every is None:
        looking.look(_system("first look"))
        time.sleep(settle)
    _repeated(lambda: looking.look(_system("watched folder")), every, as_json=as_json)


@command.command()
@_EVERY
@as_json
def mailbox(every: int | None, as_json: bool) -> None:
    """Take attached files from the mailboxes of sources, as the system; each message once.

    The server and the sign-in come from METERBOOK_IMAP_HOST, _PORT, _USER, _PASSWORD, _CA, _MOVE_TO
    and _SENDERS (whose mail is taken; nobody else's is).
    """
    _repeated(lambda: read_mail(_system("mailbox")), every, as_json=as_json)


def _system(reason: str) -> Act:
    return Act(user_named("system"), business_date(), reason)


def _repeated(look: Callable[[], list[Handled]], every: int | None, *, as_json: bool) -> None:
    """Look once, or again and again; what is left where it is is told, and only in a single look ends with 1."""
    while True:
        try:
            with refusals():
                found = look()
        except click.ClickException as error:
            if every is None:
                raise
            error.show()
            found = []
        for each in found:
            click.echo(f"{each.name}: {each.outcome}: {each.words}")
        if as_json:
            print_json({"files": [{"file": f.name, "outcome": f.outcome, "source": f.source, "batch": f.batch,
                                   "words": f.words} for f in found]})  # fmt: skip
        if every is None:
            sys.exit(1 if any(each.outcome == REFUSED for each in found) else 0)
        time.sleep(every)


@command.command()
@as_json
def sources(as_json: bool) -> None:
    """List the sources of reads with what came from each."""
    with refusals():
        rows = list(sources_with_statistics().order_by("name"))
        queued, today = queued_by_source([row["id"] for row in rows]), business_date()
    for row in rows:
        row["queued"] = queued.get(row["id"], 0)
        row["silent_days"] = (today - row["last_on"]).days if row["last_on"] else None
        last = f"last file {row['last_on']}" if row["last_on"] else "nothing came yet"
        click.echo(
            f"{row['name']}: {row['format']} by {row['via']}{'' if row['active'] else ', retired'}:"
            f" {row['files_taken']} files, {row['files_refused']} refused, {row['rows']} rows, {row['loaded']} loaded,"
            f" {row['queued']} queued, {row['rejected']} to correct, {last}"
        )
    if as_json:
        print_json({"sources": rows})


@command.command()
@click.argument("cycle")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Business date to look from; default today's.")
@click.option("--missing", is_flag=True, help="List the meters nobody read, as CSV.")
@as_json
def expected(cycle: str, on: datetime | None, missing: bool, as_json: bool) -> None:
    """Compare a cycle's expected reads with those received, route by route."""
    with refusals():
        found = cycle_window(cycle, on.date() if on else None)
    window = found.window
    if missing:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        names = ("route_code", "sequence", "serial", "channel", "address", "location")
        writer.writerow(names)
        rows = missing_registers(found.cycle, window).order_by(*WALKED)
        writer.writerows([row[name] for name in names] for row in rows)
    else:
        click.echo(f"cycle {cycle}: read day {window.scheduled}, window {window.since} to {window.until}")
        for each in found.routes:
            click.echo(
                f"{each.code:10} {each.expected:6} expected {each.received:6} received {each.queued:6} queued"
                f" {each.missing:6} missing"
            )
    if as_json:
        routes = [
            {"route": each.code, "expected": each.expected, "received": each.received, "queued": each.queued,
             "missing": each.missing}
            for each in found.routes
        ]  # fmt: skip
        told = {"cycle": cycle, "scheduled": window.scheduled, "since": window.since, "until": window.until}
        print_json(told | {"routes": routes, "missing": found.missing})


command.add_command(silent)
command.add_command(readers)
