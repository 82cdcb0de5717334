"""`meterbook cashiering`: the counter's receipts on paper, and bags to the bank."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.engine.money import dollars


@click.group(name="cashiering")
def command() -> None:
    """The counter: drawers, receipts, deposits to the bank."""


@command.command(name="drawers")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Drawers of one day only.")
@as_json
def drawers(on: object, as_json: bool) -> None:
    """List drawers: whose, their state, what they took, over or short, the bag they went in."""
    from meterbook.records.cashiering import screens

    rows = screens.drawers().order_by("business_date", "id")
    found = [row for row in rows if on is None or row["business_date"] == on.date()]  # type: ignore[attr-defined]
    for row in found:
        difference = "-" if row["over_short_cents"] is None else str(dollars(row["over_short_cents"]))
        click.echo(
            f"{row['id']:>6} {row['business_date']} {row['station']:<12}{row['cashier_name']:<14}{row['state']:<9}"
            f"{row['receipts']:>5} receipts {dollars(row['taken_cents'] or 0):>11,}  {difference:>8} {row['bag'] or ''}"
        )
    if as_json:
        print_json({"drawers": found})


@command.command(name="receipt")
@click.argument("receipt_id", type=int)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The PDF to write.")
@click.option("--paper", default="roll", show_default=True, type=click.Choice(["roll", "letter"]))
def receipt(receipt_id: int, out: Path, paper: str) -> None:
    """Print a receipt again, on an 80 mm roll or a letter page."""
    from meterbook.notices.receipt import render_receipt

    with refusals():
        out.write_bytes(render_receipt(receipt_id, paper="letter" if paper == "letter" else "roll"))
    click.echo(f"{out}")
