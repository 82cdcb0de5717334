"""`meterbook agencies`: money billed here that belongs to others."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.agencies import screens
from meterbook.records.agencies.operations.exchange_files import IN, OUT, export_file, import_file
from meterbook.records.agencies.operations.remit import decide_remittance, propose_remittance
from meterbook.records.agencies.statement import statement as statement_of
from meterbook.records.platform.queries import business_date

_PERIOD = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), default=None,
    help="A day of the period; default: the last period that is over.",
)  # fmt: skip


@click.group(name="agencies")
def command() -> None:
    """Statements of what is owed to agencies, handing it over, and files exchanged with them."""


def _day(agency: str, on: datetime | None) -> date:
    if on is not None:
        return on.date()
    today = business_date()
    known = {one.code: one for one in screens.agencies(today)}
    if agency not in known:
        raise click.ClickException(f"no agency {agency}; known: {', '.join(sorted(known))}")
    return known[agency].period_before(today)[0]


@command.command()
@click.argument("agency")
@_PERIOD
@click.option("--lines", is_flag=True, help="Print the bookings behind it as CSV instead.")
@as_json
def statement(agency: str, on: datetime | None, lines: bool, as_json: bool) -> None:
    """Print what an agency is owed for a period, reconciled with the books."""
    with refusals():
        found = statement_of(agency, _day(agency, on), business_date())
    if lines:
        _lines(found)
        return
    click.echo(f"{found.agency.name['en']} ({found.agency.basis}), {found.starts} to before {found.ends}")
    for says, cents in (
        ("owed at the start", found.opening_cents), (found.agency.basis, found.accrued_cents),
        ("handed over in the period", -found.settled_cents), ("owed at the end", found.closing_cents),
        ("due now", found.due_cents), ("of it kept as fee", found.fee_cents),
        ("billed and not collected", found.reconciled.open), ("difference to the books", found.reconciled.difference),
    ):  # fmt: skip
        click.echo(f"{dollars(cents):>16,}  {says}")
    if as_json:
        print_json(found.figures())


def _lines(found: Any) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(("account", "on", "source", "reference", "ledger", "service", "amount"))
    for row in screens.drilled(found.accruals):
        reference = row.words or row.source_id
        out.writerow((row.number, row.on, row.source_kind, reference, row.ledger, row.service, dollars(row.cents)))


@command.command()
@click.argument("agency")
@_PERIOD
@click.option("--approve", is_flag=True, help="Approve what somebody else asked for.")
@click.option("--refuse", is_flag=True, help="Refuse it.")
@as_user
@as_json
def remit(agency: str, on: datetime | None, approve: bool, refuse: bool, username: str, as_json: bool) -> None:
    """Ask to hand over what is due for a period, or decide what somebody else asked for."""
    with refusals():
        act, day = act_of(username, f"remittance to {agency}"), _day(agency, on)
        if approve or refuse:
            starts = statement_of(agency, day, business_date()).starts
            row = screens.of_period(agency, starts)
            if row is None:
                raise click.ClickException(f"nothing is asked for {agency} from {starts}")
            made = decide_remittance(act, remittance=row, approve=approve)
        else:
            made = propose_remittance(act, agency=agency, day=day)
    paid, kept = dollars(made.paid_cents), dollars(made.fee_cents)
    click.echo(f"remittance {made.pk}: {made.state}, {paid:,} paid, {kept:,} kept")
    if as_json:
        print_json({"id": made.pk, "state": made.state, "paid_cents": made.paid_cents, "fee_cents": made.fee_cents})


@command.command(name="export")
@click.argument("agency")
@click.argument("format", type=click.Choice(OUT))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_PERIOD
@as_user
@as_json
def export(agency: str, format: str, file: Path, on: datetime | None, username: str, as_json: bool) -> None:
    """Write a period's file for an agency: its accounts, or their usage and charges."""
    with refusals():
        made = export_file(act_of(username, f"file for {agency}"), agency=agency, format=format, day=_day(agency, on))
        content = screens.file_content(made.pk)
    assert content is not None
    file.write_bytes(bytes(content.content))
    click.echo(f"{file}: {made.rows:,} rows")
    if as_json:
        print_json({"id": made.pk, "rows": made.rows, "sha256": made.sha256})


@command.command(name="import")
@click.argument("agency")
@click.argument("format", type=click.Choice(IN))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_PERIOD
@as_user
@as_json
def import_(agency: str, format: str, file: Path, on: datetime | None, username: str, as_json: bool) -> None:
    """Take an agency's usage or rates and print what differs from ours."""
    with refusals():
        made = import_file(
            act_of(username, f"file of {agency}"), agency=agency, format=format, day=_day(agency, on),
            file_name=file.name, content=file.read_bytes(),
        )  # fmt: skip
        found = screens.differences(made.pk)
    for row in found:
        theirs, ours = _number(row["theirs_e8"]), _number(row["ours_e8"])
        click.echo(f"line {row['line']}: {row['subject']} {row['name']}: theirs {theirs}, ours {ours}")
    click.echo(f"{made.rows:,} figures, {len(found):,} different")
    if as_json:
        print_json({"id": made.pk, "figures": made.rows, "different": len(found)})


def _number(e8: int | None) -> str:
    return "nothing" if e8 is None else f"{Decimal(e8).scaleb(-8).normalize():f}"
