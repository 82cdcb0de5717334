"""The pre-bill register on the command line: look through a run, hold, release, calculate one account again."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.bills.saying import usd
from meterbook.records.billing.queries import find_run
from meterbook.records.billing.register import acting, screens
from meterbook.records.billing.register.looking import in_english
from meterbook.records.billing.register.totals import totals_of
from meterbook.records.customers.queries import account_numbered
from meterbook.records.platform.queries import business_date

#: Marks shown one by one; ``--json`` has them all.
_SHOWN = 40


@click.command()
@click.argument("run_reference", metavar="RUN")
@as_json
def register(run_reference: str, as_json: bool) -> None:
    """Look a run through: totals against last cycle and last year, and what stands out, dearest first."""
    with refusals():
        run = find_run(run_reference)
        totals = totals_of(run)
        marks = [_told(mark) for mark in screens.marks(run.pk).order_by("-cents", "pk")]
    before = ", ".join(f"{name} {each.number}" for name, each in (("last", totals.last), ("year", totals.year)) if each)
    click.echo(f"run {run.number}  {run.status}  compared with {before or 'nothing'}")
    for row in totals.rows["rate"]:
        change = "" if row["last_permille"] is None else f"{Decimal(row['last_permille']).scaleb(-1):+} %"
        click.echo(
            f"  {row['commodity']:14}{row['schedule']:8}{row['points']:>8,}{usd(row['cents']):>16}"
            f"{usd(row['last_difference']):>16} {change:>9}"
        )
    click.echo(f"{len(marks):,} marks, {sum(1 for mark in marks if mark['effect'] == 'hold'):,} of them hold a bill")
    for mark in marks[:_SHOWN]:
        click.echo(f"  {usd(mark['cents']):>14}  {mark['account']}  {mark['effect']:8}{mark['says']}")
    if as_json:
        compared = {"last": totals.last and totals.last.number, "year": totals.year and totals.year.number}
        print_json({"run": run.number, "compared_with": compared, "totals": totals.rows, "marks": marks})


def _told(mark: dict[str, Any]) -> dict[str, Any]:
    names = ("test", "effect", "commodity", "measure", "unit", "figure", "compared", "against", "cents", "bill_id")
    says = in_english({**mark, "details": json.dumps(mark["details"])})
    return {"account": mark["number"], "point": mark["point"], "says": says, **{name: mark[name] for name in names}}


run_option = click.option("--run", "run_reference", help="A calculated run to take the account out of, or put back in.")


@click.command()
@click.argument("account", metavar="ACCOUNT")
@click.option("--reason", required=True, help="Code of the reason, from the policy bill-holds.")
@click.option("--why", default="", help="What is to be cleared, in words.")
@click.option("--owner", default="", help="Role that works it, instead of the reason's own.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Put the bill off to this day instead.")
@run_option
@as_user
def hold(
    account: str, reason: str, why: str, owner: str, until: datetime | None, run_reference: str | None, username: str
) -> None:
    """Hold an account's bills until they are released, or put them off to a day."""
    with refusals():
        run = find_run(run_reference) if run_reference else None
        order = acting.hold(
            act_of(username, why or reason), account=account_numbered(account), run=run, reason=reason, owner=owner,
            until=until.date() if until else None,
        )  # fmt: skip
    until_said = f" until {order.until}" if order.until else ""
    click.echo(f"account {account} is {order.kind}{until_said}: {order.reason}, worked by {order.owner}")


@click.command()
@click.argument("account", metavar="ACCOUNT")
@click.option("--why", required=True, help="Why it may be billed now.")
@run_option
@as_user
def release(account: str, why: str, run_reference: str | None, username: str) -> None:
    """Release an account's holds by hand, and the implausible figures that hold it in a run."""
    with refusals():
        run = find_run(run_reference) if run_reference else None
        again = acting.release(act_of(username, why), account=account_numbered(account), run=run)
    click.echo(f"account {account} is released{' and calculated again' if again else ''}")


@click.command(name="recalculate-account")
@click.argument("run_reference", metavar="RUN")
@click.argument("account", metavar="ACCOUNT")
@as_user
def recalculate_account(run_reference: str, account: str, username: str) -> None:
    """Calculate one account of a calculated run again; nobody else's bill changes."""
    with refusals():
        act = act_of(username, f"account {account} again")
        run = acting.recalculate(act, account=account_numbered(account), run=find_run(run_reference))
    click.echo(f"account {account} is calculated again; run {run.number} now has {run.totals['bills']:,} bills")


@click.command()
@as_json
def backlog(as_json: bool) -> None:
    """Say how much money held accounts wait for, how many the next run holds, and when they are cleared."""
    with refusals():
        found = screens.backlog(business_date())
    click.echo(
        f"{found.accounts:,} accounts held, {found.unknown:,} of them never billed; about {usd(found.cents)} waits"
    )
    click.echo(f"  the next runs hold {found.next_run:,} if nothing is done")
    cleared = "not at this pace" if found.days_to_clear is None else f"in {found.days_to_clear:,} days at this pace"
    click.echo(f"  {found.released:,} released in {found.pace_days} days: cleared {cleared}")
    if as_json:
        names = ("accounts", "cents", "unknown", "next_run", "released", "pace_days", "days_to_clear")
        print_json({name: getattr(found, name) for name in names})
