"""`meterbook field`: what the field is asked for, silent meters, asking a meter, alerts, statistics of readers."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.metering.readers.anomalies import CAUTION, words
from meterbook.jobs.head_end import head_end, ping_meter, read_meter_now
from meterbook.records.metering.alerts.operations.tell_alerts import tell_alerts
from meterbook.records.metering.field.operations.silent import find_silent_meters
from meterbook.records.metering.field.screens import requests
from meterbook.records.metering.head_end import screens
from meterbook.records.metering.head_end.contract import HeadEndRefused
from meterbook.records.metering.head_end.operations.record_answer import take_answer
from meterbook.records.metering.reading_statistics.gather import look, route_codes
from meterbook.records.platform.queries import business_date

if TYPE_CHECKING:
    from meterbook.records.metering.models import Meter

_day = click.DateTime(["%Y-%m-%d"])


@click.group(name="field")
def command() -> None:
    """Field requests, meters that fell silent, the head-end, alerts, and statistics of readers."""


@command.command(name="list")
@click.option("--closed", is_flag=True, help="Those that ended instead of those that are open.")
def list_(closed: bool) -> None:
    """Print field requests as CSV, in the order of the walk."""
    out = csv.writer(sys.stdout)
    names = ("id", "kind", "state", "route", "sequence", "street_number", "street", "raised_on", "due_on",
             "owner_name", "reason", "outcome")  # fmt: skip
    out.writerow(names)
    walk = ("service_point__route__code", "service_point__sequence", "id")
    for row in requests("closed" if closed else "open").order_by(*walk):
        out.writerow([row[name] for name in names])


@command.command()
@click.option("--on", type=_day, help="The day to look at; the business date if not said.")
@as_user
@as_json
def silent(on: datetime | None, username: str, as_json: bool) -> None:
    """Raise a request for each meter that fell silent (policy silent-meters), end those that talk again."""
    with refusals():
        act = act_of(username, "silent meters")
        found = find_silent_meters(act, on=on.date() if on else act.business_date)
    click.echo(f"{found.talking} meters should talk, {found.silent} are silent: {found.raised} requests raised,"
               f" {found.ended} ended")  # fmt: skip
    if as_json:
        print_json({"talking": found.talking, "silent": found.silent, "raised": found.raised, "ended": found.ended})


@command.command()
@as_user
@as_json
def alerts(username: str, as_json: bool) -> None:
    """Tell of leaks and high usage that are new: an event each, once. Run it daily. No customer is written to yet."""
    with refusals():
        told = tell_alerts(act_of(username, "leaks and high usage"))
    click.echo(f"{told.leaks} leaks and {told.high} periods of high usage told")
    if as_json:
        print_json({"leaks": told.leaks, "high": told.high})


@command.command()
@click.argument("serial")
@as_user
def ping(serial: str, username: str) -> None:
    """Ask the head-end whether a meter talks (METERBOOK_HEAD_END_URL, _TOKEN); status 1 if it does not."""
    with refusals():
        row = ping_meter(act_of(username, f"ping {serial}"), _meter(serial), head_end())
    click.echo(f"{serial}: {f'answered {row.answered_at:%Y-%m-%d %H:%M:%S %Z}' if row.answered else 'no answer'}"
               f" {row.message}".rstrip())  # fmt: skip
    if not row.answered:
        raise SystemExit(1)


@command.command()
@click.argument("serial")
@click.option("--take", "take_it", is_flag=True, help="Take what it shows as a read; the rules judge it.")
@as_user
def read(serial: str, take_it: bool, username: str) -> None:
    """Ask the head-end what each register of a meter shows now."""
    with refusals():
        act = act_of(username, f"on-demand read {serial}")
        for register in screens.registers(_meter(serial).pk):
            row = read_meter_now(act, register, head_end())
            click.echo(
                f"{serial} {register.channel}: {row.value if row.answered else 'no answer'} {row.message}".rstrip()
            )
            if take_it and row.answered:
                taken = take_answer(act, ping=row)
                click.echo(f"  {taken.accepted} accepted, {taken.queued} in the exception queue")


@command.command(name="head-end")
def status() -> None:
    """Ask whether the head-end is there."""
    try:
        found = head_end().status()
    except HeadEndRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{found.name}, version {found.version}: {found.meters} meters")


@command.command()
def meters() -> None:
    """Print the meters on record as JSON, for `meterbook simulate head-end --meters`."""
    click.echo(json.dumps(screens.meters_known(), indent=1, default=str))


@command.command()
@click.option("--since", type=_day, help="First day of the reads looked at.")
@click.option("--until", type=_day, help="Last day of the reads looked at.")
@as_json
def readers(since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print what stands out in the reads of readers and routes (policy reader-statistics)."""
    with refusals():
        last = until.date() + timedelta(days=1) if until else None
        looked = look(business_date(), since=since.date() if since else None, until=last)
    codes = route_codes()
    rows = list(looked.found.iter_rows(named=True))
    for row in rows:
        where = codes.get(row["route"], "all routes")
        click.echo(f"{row['strength']:>6}%  {row['reader'] or '(not named)'}  {where}  {words(row)[0].words(str)}")
    last_day = looked.until - timedelta(days=1)
    click.echo(f"{looked.reads:,} reads and visits from {looked.since} to {last_day}, {len(rows)} stand out")
    if rows:
        click.echo(CAUTION)
    if as_json:
        print_json({"reads": looked.reads, "found": rows})


def _meter(serial: str) -> Meter:
    found = screens.meter_with_serial(serial)
    if found is None:
        raise LookupError(f"no meter {serial} on record")
    return found
