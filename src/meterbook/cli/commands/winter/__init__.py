"""`meterbook winter`: the yearly reset of what sewer is billed by."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.engine.quantity import scaled, unscaled
from meterbook.notices.winter_average import render_letters
from meterbook.records.places.queries import point_with_code
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.winter_average import queries
from meterbook.records.programs.winter_average.operations import newcomers as moved
from meterbook.records.programs.winter_average.operations import reset as deeds

_DAY = click.DateTime(["%Y-%m-%d"])
_HEADINGS = (
    "service_point", "account", "before", "average", "periods", "estimated", "source", "set_by_hand", "reason",
    "dollars_before", "dollars_after",
)  # fmt: skip


@click.group(name="winter")
def command() -> None:
    """The winter average that bills sewer all year."""


def _say(found: Any) -> None:
    totals, sources = found.totals, found.totals["by_source"]
    click.echo(f"winter averages from {found.effective}: {found.state}, {totals['points']:,} service points")
    click.echo(f"  {', '.join(f'{count:,} {name}' for name, count in sources.items())}")
    change = totals["cents_after"] - totals["cents_before"]
    click.echo(
        f"  a normal period: ${dollars(totals['cents_before']):,} before, ${dollars(totals['cents_after']):,} after,"
        f" {'+' if change >= 0 else '-'}${dollars(abs(change)):,}; {totals['unpriced_points']:,} not priced"
    )
    if totals["estimated_points"]:
        click.echo(f"  {totals['estimated_points']:,} rest on an estimated read of the winter: look at these first")


@command.command()
@click.argument("effective", type=_DAY)
@click.option("--out", type=click.Path(path_type=Path), help="Every service point as CSV.")
@as_json
@as_user
def preview(effective: datetime, out: Path | None, as_json: bool, username: str) -> None:
    """Draw the averages of EFFECTIVE (the first day) and show what they come to; nothing changes yet."""
    with refusals():
        found = deeds.draw_winter_reset(act_of(username, "winter averages drawn"), effective=effective.date())
    _say(found)
    if out is not None:
        _write(found, out)
    if as_json:
        print_json({"effective": found.effective, "state": found.state, **found.totals})


def _write(found: Any, out: Path) -> None:
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for row in queries.rows(found.pk).order_by("service_point__code"):
            hand = "" if row["override_e6"] is None else unscaled(row["override_e6"])
            cents = [None if row[name] is None else dollars(row[name]) for name in ("cents_before", "cents_after")]
            writer.writerow((
                row["point"], row["account_number"], unscaled(row["before_e6"]), unscaled(row["average_e6"]),
                row["periods"], row["estimated"], row["source"], hand, row["override_reason"], *cents,
            ))  # fmt: skip
    click.echo(str(out))


@command.command()
@click.argument("effective", type=_DAY)
@click.argument("point")
@click.argument("quantity")
@click.option("--reason", required=True, help="Why; it is printed nowhere but stays with the quantity.")
@as_user
def override(effective: datetime, point: str, quantity: str, reason: str, username: str) -> None:
    """Set the QUANTITY a month of service point POINT by hand (or “policy” to take that back)."""
    with refusals():
        row = deeds.override_winter_average(
            act_of(username, reason), reset=queries.reset_on(effective.date()), service_point=point_with_code(point),
            quantity_e6=None if quantity == "policy" else _quantity(quantity),
        )  # fmt: skip
    click.echo(f"{point}: {unscaled(row.set_e6)} a month")


def _quantity(text: str) -> int:
    try:
        return scaled(Decimal(text))
    except (InvalidOperation, ValueError) as error:
        raise click.BadParameter(f"found {text!r}, expected a quantity such as 6.25") from error


@command.command()
@click.argument("effective", type=_DAY)
@as_user
def request(effective: datetime, username: str) -> None:
    """Ask a second person to agree to the averages of EFFECTIVE."""
    with refusals():
        deeds.request_winter_reset(act_of(username, "winter averages"), reset=queries.reset_on(effective.date()))
    click.echo("asked; a supervisor agrees with: meterbook winter approve")


@command.command()
@click.argument("effective", type=_DAY)
@click.option("--refuse", is_flag=True, help="Refuse instead.")
@as_user
def approve(effective: datetime, refuse: bool, username: str) -> None:
    """Agree to the averages of EFFECTIVE as a second person."""
    with refusals():
        found = queries.reset_on(effective.date())
        if found.approval is None:
            raise click.ClickException("nobody asked yet: meterbook winter request")
        decide_approval(act_of(username, "winter averages"), request=found.approval, approve=not refuse)
    click.echo("refused" if refuse else "agreed")


@command.command()
@click.argument("effective", type=_DAY)
@as_user
def apply(effective: datetime, username: str) -> None:
    """Put the agreed averages of EFFECTIVE in force."""
    with refusals():
        _say(deeds.apply_winter_reset(act_of(username, "winter averages"), reset=queries.reset_on(effective.date())))


@command.command()
@click.argument("effective", type=_DAY)
@click.option("--out", type=click.Path(path_type=Path), default=Path("letters"), show_default=True, help="Directory.")
def letters(effective: datetime, out: Path) -> None:
    """Print a letter for every account whose average was set: what it is, what it was, how to question it."""
    with refusals():
        printed = render_letters(queries.reset_on(effective.date()).pk)
    out.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(printed.files, start=1):
        (out / f"winter-{effective:%Y-%m-%d}-{number:03}.pdf").write_bytes(content)
    click.echo(
        f"{printed.letters:,} letters in {len(printed.files)} files under {out};"
        f" {printed.without_account:,} points without a customer"
    )
    for account, signs in printed.isolated:
        click.echo(f"  set apart: {account}, no font has {signs}")


@command.command()
@click.option("--set", "settle", is_flag=True, help="Give them theirs; without it they are only listed.")
@as_user
def newcomers(settle: bool, username: str) -> None:
    """Who moved in and is billed by another customer's winter."""
    with refusals():
        today = business_date()
        found = moved.settle_newcomers(act_of(username, "moved in"), on=today) if settle else moved.newcomers(today)
    for each in found:
        click.echo(
            f"{each.account} {each.point} since {each.since}: {unscaled(each.before_e6)} -> {unscaled(each.after_e6)}"
            f" ({each.source}{' of ' + each.left if each.left else ''})"
        )
    click.echo(f"{len(found):,} {'set' if settle else 'waiting'}")
