"""Cases and their differences as lines of text."""

from __future__ import annotations

from typing import Any

import click

from meterbook.cli.acting import print_json
from meterbook.engine.money import dollars
from meterbook.records.corrections import screens
from meterbook.records.corrections.diff import Difference


def say_case(case: Any, *, as_json: bool) -> None:
    """One case with its totals; with ``as_json`` one object on the last line."""
    totals = screens.totals(case)
    outcomes = ", ".join(f"{totals[name]} {name}" for name in case.items.model.OUTCOMES if name in totals)
    click.echo(f"{case.number}  {case.state}  {case.cause}, discovered {case.discovered_on}: {outcomes}")
    charged, credited = dollars(totals["charged_cents"]), dollars(totals["credited_cents"])
    click.echo(
        f"  was {dollars(totals['was_cents'])}, becomes {dollars(totals['becomes_cents'])}:"
        f" charged {charged}, credited {credited}"
    )
    if totals["outside_charge_cents"] or totals["outside_credit_cents"]:
        click.echo(
            f"  outside the limit: {dollars(totals['outside_charge_cents'])} not charged,"
            f" {dollars(totals['outside_credit_cents'])} not refunded"
        )
    if case.run is not None:
        click.echo(f"  run {case.run.number}: {case.run.totals.get('bills', 0)} bills, due {case.run.due_date}")
    if as_json:
        run = case.run.number if case.run is not None else None
        print_json({"case": case.number, "id": case.pk, "state": case.state, "run": run, "totals": totals})


def say_difference(found: Difference) -> None:
    """One segment and its lines."""
    item = found.item
    click.echo(
        f"{item.account.number}  {item.service_point.commodity:<12} {item.starts} to {item.ends}  {item.outcome:<10}"
        f" {dollars(item.was_cents):>10} → {dollars(item.becomes_cents):>10}  {dollars(found.difference_cents):>10}"
    )
    if "citation" in item.detail and item.outcome == "outside":
        click.echo(f"    outside the limit: {item.detail['citation']} (since {item.detail.get('since', '')})")
    if item.outcome == "held":
        click.echo(f"    held: {item.detail.get('reason', '')} {item.detail.get('detail', '')}")
    for reason in found.reasons:
        click.echo(f"    {reason.what}: {reason.was} → {reason.becomes}")
    for change in found.changes:
        was, becomes = (
            "" if cents is None else str(dollars(cents)) for cents in (change.was_cents, change.becomes_cents)
        )
        click.echo(
            f"      {change.label['en'][:44]:<44} {was:>10} → {becomes:>10}  {dollars(change.difference_cents):>10}"
        )
