"""Bills that are not a cycle's ordinary ones: finals, off-cycle runs, summaries, deposits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.bills.saying import say_run, usd
from meterbook.cli.progress import Bar
from meterbook.jobs.bill_run import calculate_all
from meterbook.notices.summary import render_summary
from meterbook.records.billing.kinds import screens
from meterbook.records.billing.kinds.operations.final_bills import final_bills
from meterbook.records.billing.kinds.operations.plan_off_cycle import plan_off_cycle
from meterbook.records.billing.kinds.operations.summaries import issue_summary, join_summary, open_summary_group
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.customers.queries import account_numbered
from meterbook.records.ledger.deposits.operations.record_deposit import record_deposit

_DAY = click.DateTime(["%Y-%m-%d"])


def cents(text: str) -> int:
    """Dollars as typed in whole cents; raises ``ValueError``.

    >>> cents("250"), cents("99.95")
    (25000, 9995)
    """
    try:
        found = Decimal(text) * 100
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found != int(found):
        raise ValueError(f"found {text!r}, expected dollars and cents like 99.95")
    return int(found)


@click.command()
@click.argument("numbers", metavar="ACCOUNT...", nargs=-1, required=True)
@click.option("--bill-date", type=_DAY, help="Date printed on the bills; the business date if left out.")
@as_user
@as_json
def final(numbers: tuple[str, ...], bill_date: datetime | None, username: str, as_json: bool) -> None:
    """Bill customers who moved out to their last day, with their deposits, and ask for approval."""
    with refusals():
        accounts = [account_numbered(number) for number in numbers]
        day = bill_date.date() if bill_date else None
        run = final_bills(act_of(username, "final bills"), accounts=accounts, bill_date=day)
        say_run(run.number)
        bills: list[dict[str, Any]] = [
            {"number": bill.number, "kind": bill.kind, "deposits_cents": bill.deposits_cents,
             "amount_due_cents": bill.amount_due_cents, "due_date": bill.due_date}
            for bill in run.bills.order_by("number")
        ]  # fmt: skip
    for bill in bills:
        click.echo(f"  {bill['number']} {bill['kind']}: {usd(bill['amount_due_cents'])}, due {bill['due_date']}")
    if as_json:
        print_json({"run": run.number, "bills": bills, "held_points": run.totals["held_points"]})


@click.command(name="off-cycle")
@click.argument("numbers", metavar="ACCOUNT...", nargs=-1, required=True)
@click.option("--title", required=True, help="What the bills are for.")
@click.option("--read-from", required=True, type=_DAY, help="First day a closing read may be from.")
@click.option("--read-to", required=True, type=_DAY, help="Last day a closing read may be from.")
@click.option("--service-to", required=True, type=_DAY, help="Services without a meter are billed up to this day, out.")
@click.option("--bill-date", required=True, type=_DAY, help="Date printed on the bills.")
@click.option("--due", type=_DAY, help="By the billing rules if left out.")
@click.option("--statements", is_flag=True, help="A statement for accounts with nothing to bill.")
@as_user
def off_cycle(numbers: tuple[str, ...], title: str, username: str, statements: bool, **days: datetime | None) -> None:
    """Plan and calculate bills of some accounts beside their cycle, and ask for approval."""
    with refusals():
        act = act_of(username, title)
        accounts = [account_numbered(number) for number in numbers]
        dates = {name: day.date() for name, day in days.items() if day is not None}
        run = plan_off_cycle(act, title=title, accounts=accounts, statements=statements, **dates)  # type: ignore[arg-type]
        with Bar(f"run {run.number}", "accounts") as bar:
            run = calculate_all(act, run, told=bar)
        request_posting(act, run=run)
    say_run(run.number)


@click.command()
@click.argument("group", metavar="GROUP")
@click.option("--bill-date", required=True, type=_DAY, help="Posted bills up to this day are summed up.")
@click.option("--due", type=_DAY, help="By the billing rules if left out.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("bills"), show_default=True, help="Directory.")
@as_user
@as_json
def summary(group: str, bill_date: datetime, due: datetime | None, out: Path, username: str, as_json: bool) -> None:
    """Issue one bill for the accounts of a group, and print it."""
    with refusals():
        found = screens.group(group)
        if found is None:
            raise LookupError(f"no summary group {group}")
        made = issue_summary(
            act_of(username, "summary"), group=found, bill_date=bill_date.date(), due=due.date() if due else None
        )
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{made.number}.pdf"
        file.write_bytes(render_summary(made.pk))
        listed = screens.listed(made)
    accounts = len({one.account_number for one in listed})
    click.echo(f"{made.number}: {len(listed)} bills of {accounts} accounts, {usd(made.due_cents)} due {made.due_date}")
    click.echo(str(file))
    if as_json:
        print_json({"number": made.number, "bills": len(listed), "accounts": accounts, "due_cents": made.due_cents})


@click.command(name="summary-group")
@click.argument("code", metavar="GROUP")
@click.argument("numbers", metavar="ACCOUNT...", nargs=-1, required=True)
@click.option("--name", help="Printed on the summary; opens the group.")
@click.option("--payer", help="Account that pays, for a group that is opened.")
@click.option("--starts", required=True, type=_DAY, help="Bills from this day on are summed up.")
@as_user
def summary_group(
    code: str, numbers: tuple[str, ...], name: str | None, payer: str | None, starts: datetime, username: str
) -> None:
    """Let accounts join a group that gets one bill; with --name and --payer the group is opened first."""
    with refusals():
        act = act_of(username, f"summary group {code}")
        accounts = [account_numbered(number) for number in numbers]
        if name and payer:
            group = open_summary_group(act, code=code, name=name, payer_account=account_numbered(payer))
        else:
            known = screens.group(code)
            if known is None:
                raise LookupError(f"no summary group {code}; open it with --name and --payer")
            group = known
        made = join_summary(act, group=group, accounts=accounts, starts=starts.date())
    click.echo(f"{code}: {len(made)} accounts from {starts.date()}")


@click.command()
@click.argument("number", metavar="ACCOUNT")
@click.argument("amount", metavar="DOLLARS", type=cents)
@click.option("--service", default="", help="The service it secures; any, if left out.")
@as_user
def deposit(number: str, amount: int, service: str, username: str) -> None:
    """Record a deposit received: cash, held for the customer."""
    with refusals():
        made = record_deposit(
            act_of(username, "deposit"),
            account=account_numbered(number),
            amount_cents=int(amount * 100),
            service=service,
        )
    click.echo(f"deposit {made.pk}: {usd(made.amount_cents)} held for account {number}")
