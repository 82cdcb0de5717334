"""`meterbook mdm`: the exchange with another meter data management."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.writing import writable
from meterbook.formats.mdm_csv import write_clearances
from meterbook.jobs.mdm import pull as pull_reads
from meterbook.jobs.mdm import push as push_decisions
from meterbook.records.metering.mdm.operations.clear import gather_clearances
from meterbook.records.metering.mdm.operations.import_mdm import MdmTaken, import_mdm
from meterbook.records.metering.mdm.screens import all_clearances, standing
from meterbook.records.platform.queries import business_date, corrections_of


@click.group(name="mdm")
def command() -> None:
    """Another MDM: its reads and exceptions in, decisions back. Its address comes from METERBOOK_MDM_URL and _TOKEN."""


@command.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day asked for; a week back if not said.")
@as_user
@as_json
def pull(since: datetime | None, username: str, as_json: bool) -> None:
    """Fetch reads and exceptions by HTTP; fetching the same again changes nothing."""
    with refusals():
        first = since.date() if since else business_date() - timedelta(days=7)
        taken = pull_reads(act_of(username, f"MDM from {first}"), since=first)
    _told(taken, as_json=as_json)


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
@as_json
def import_(file: Path, username: str, as_json: bool) -> None:
    """Load a file of reads and exceptions (formats/mdm_csv)."""
    with refusals():
        taken = import_mdm(act_of(username, f"MDM {file.name}"), file_name=file.name, content=file.read_bytes())
    _told(taken, as_json=as_json)


@command.command()
@as_user
@as_json
def push(username: str, as_json: bool) -> None:
    """Send every decision the MDM does not know yet by HTTP; status 1 where some are left."""
    with refusals():
        done = push_decisions(act_of(username, "MDM clearances"))
    click.echo(f"{done.sent} decisions sent, {done.left} left")
    if as_json:
        print_json({"sent": done.sent, "left": done.left, "problem": done.problem})
    if done.left:
        raise click.ClickException(done.problem)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_user
def export(file: Path, username: str) -> None:
    """Write every decision as a file (formats/mdm_csv), for an MDM that is told by file."""
    writable(file)
    with refusals():
        gather_clearances(act_of(username, f"MDM clearances to {file.name}"))
        rows = all_clearances()
    file.write_bytes(write_clearances(rows))
    click.echo(f"{file}: {len(rows)} decisions")


@command.command()
@as_json
def status(as_json: bool) -> None:
    """Print how many exceptions wait, are decided, and are not known to the MDM yet."""
    found = standing()
    click.echo(f"{found['open']} exceptions wait, {found['decided']} decided, {found['unsent']} not sent yet")
    if as_json:
        print_json(found)


def _told(taken: MdmTaken, *, as_json: bool) -> None:
    batch = taken.batch
    click.echo(
        f"{batch.file_name}: {batch.rows} rows, {batch.loaded} loaded, {taken.exceptions} new exceptions,"
        f" {taken.known} known, {batch.rejected} to correct"
    )
    for each in corrections_of(batch.pk):
        click.echo(f"  line {each['line']}: {each['field']}: found {each['found']!r}, expected {each['expected']}")
    if as_json:
        print_json({"batch": batch.pk, "rows": batch.rows, "loaded": batch.loaded, "exceptions": taken.exceptions,
                    "known": taken.known, "rejected": batch.rejected})  # fmt: skip
