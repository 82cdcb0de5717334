"""`meterbook integrity`: the audit of meter accounts, and what it found."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.records.billing.integrity.operations.audit_accounts import audit_accounts
from meterbook.records.billing.integrity.screens import Asked, findings, sentence
from meterbook.records.platform.queries import business_date

_COLUMNS = (
    "id", "kind", "severity", "at_risk", "first_seen", "last_seen", "state", "owner_name", "parcel_number", "serial",
    "number", "says",
)  # fmt: skip


@click.group(name="integrity")
def command() -> None:
    """The audit of meter accounts: parcels, points, meters, agreements and bills against each other."""


@command.command()
@as_user
@as_json
def run(username: str, as_json: bool) -> None:
    """Look through every account (policy account-integrity); running it again changes nothing."""
    with refusals():
        found = audit_accounts(act_of(username, "audit of meter accounts"))
    compared = found.compared
    for name, count in compared.by_check.items():
        if count:
            click.echo(f"{count:>7,}  {name}")
    click.echo(
        f"{found.parcels:,} parcels, {found.points:,} points, {found.meters:,} meters, {found.agreements:,} agreements:"
        f" {found.found:,} findings, {compared.raised:,} new, {compared.reopened:,} opened again,"
        f" {compared.resolved:,} resolved"
    )
    if as_json:
        print_json({**asdict(found), "found": found.found})


@command.command(name="list")
@click.option("--state", type=click.Choice(["open", "explained", "resolved"]), default="open", show_default=True)
@click.option("--check", default="", help="Of one check only.")
def list_(state: str, check: str) -> None:
    """Print findings as CSV, those with most money at risk a month first."""
    with refusals():
        today = business_date()
    out = csv.writer(sys.stdout)
    out.writerow(_COLUMNS)
    for row in findings(Asked(state=state, check=check), today).order_by("severity", "-at_risk_cents", "id"):
        out.writerow([_cell(row, name) for name in _COLUMNS])


def _cell(row: dict[str, Any], name: str) -> Any:
    if name == "says":
        return sentence(row["kind"], row["figures"], str, lambda _, value: str(value))
    if name == "at_risk":
        cents = row["at_risk_cents"]
        return "" if cents is None else f"{cents // 100}.{cents % 100:02}"
    return row[name]
