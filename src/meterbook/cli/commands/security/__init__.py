"""`meterbook security`: deposits asked for, interest, refunds after clean months, instruments, the register."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars, exact_cents
from meterbook.records.ledger.deposits.interest import rules_in_force
from meterbook.records.platform.queries import business_date
from meterbook.records.security import register as registers
from meterbook.records.security import screens
from meterbook.records.security.assessing import Terms, propose
from meterbook.records.security.operations.assess import assess_deposit, request_assessment
from meterbook.records.security.operations.decide import decide_security
from meterbook.records.security.operations.give_back import request_give_back
from meterbook.records.security.operations.monthly import (
    charge_instalments,
    credit_interest,
    credited_upto,
    owed_interest,
    remind_issuers,
)
from meterbook.records.security.seconds import NeedsSecond
from meterbook.records.security.standing import worklist

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(name="security")
def command() -> None:
    """Deposits, their interest and refund, and what stands in their place."""


def _account(number: str) -> Any:
    found = screens.account_numbered(number)
    if found is None:
        raise click.ClickException(f"no account {number}")
    return found


def _cents(amount: str | None) -> int | None:
    return None if amount is None else exact_cents(Decimal(amount))


@command.command()
@click.argument("number")
@click.option("--standing", default="unknown", help="Credit standing: good, fair, poor, unknown.")
@click.option("--instalments", default=1, show_default=True, help="In how many parts.")
@click.option("--waive", "waiver", default="", help="What it is waived for: a code of the policy deposits.")
@click.option("--waived", default=None, help="Dollars waived; default: all.")
@click.option("--year", default=None, help="Dollars of a year's bills, put by hand; a second person agrees.")
@click.option("--try", "only_try", is_flag=True, help="Compute and explain; change nothing.")
@as_user
@as_json
def assess(
    number: str, standing: str, instalments: int, waiver: str, waived: str | None, year: str | None, only_try: bool,
    username: str, as_json: bool,
) -> None:  # fmt: skip
    """Ask an account for the deposit its class's rule computes from a year of its bills."""
    terms = Terms(standing, instalments, waiver, _cents(waived), _cents(year))
    request: Any = None
    with refusals():
        account, act = _account(number), act_of(username, "deposit assessed")
        found = propose(account, terms, act.business_date)
        if not only_try:
            try:
                assess_deposit(act, account=account, terms=terms)
            except NeedsSecond:
                request = request_assessment(act, account=account, terms=terms)
    for step in found.steps:
        click.echo(step.words(str))
    for part in found.parts:
        click.echo(f"{dollars(part.cents):>12,}  charged {part.charge_on}, due {part.due_on}")
    if request is not None:
        click.echo(f"request {request.pk} waits for a second person")
    if as_json:
        done = "tried" if only_try else "asked_second" if request else "assessed"
        print_json({**found.figures(), "done": done, "request": request.pk if request else None})


@command.command()
@click.argument("request_id", type=int)
@click.option("--refuse", is_flag=True, help="Refuse it.")
@as_user
@as_json
def decide(request_id: int, refuse: bool, username: str, as_json: bool) -> None:
    """Agree to what somebody else asked for, which does it, or refuse it."""
    found = screens.request_numbered(request_id)
    if found is None:
        raise click.ClickException(f"no request {request_id}")
    with refusals():
        decide_security(act_of(username, "decided"), request=found, approve=not refuse)
    state = "refused" if refuse else "done"
    click.echo(f"request {request_id}: {state}")
    if as_json:
        print_json({"request": request_id, "state": state, "kind": found.kind})


@command.command()
@as_user
@as_json
def instalments(username: str, as_json: bool) -> None:
    """Charge every instalment whose day has come."""
    count = 0
    with refusals():
        while made := charge_instalments(act_of(username, "instalments due")):
            count += made
    click.echo(f"{count:,} instalments charged")
    if as_json:
        print_json({"charged": count})


@command.command()
@click.option("--upto", type=DAY, default=None, help="First day no longer counted; default: the policy's month.")
@click.option("--accrued", is_flag=True, help="Say what has run up to today; change nothing.")
@click.option("--chunk", default=200, show_default=True, help="Accounts in one transaction.")
@as_user
@as_json
def interest(upto: datetime | None, accrued: bool, chunk: int, username: str, as_json: bool) -> None:
    """Credit the interest deposits bore, set-wise, some accounts a transaction; begun again it goes on."""
    with refusals():
        act = act_of(username, "interest on deposits")
        today = act.business_date
        month = rules_in_force(today)[1].interest.month
        day = upto.date() if upto else today if accrued else credited_upto(today, month)
        owed, cents = owed_interest(day), 0
        for at in range(0, 0 if accrued else len(owed), chunk):
            some = screens.accounts_with_ids([account for account, _ in owed[at : at + chunk]])
            cents += credit_interest(act, accounts=some, upto=day)
            click.echo(f"{min(at + chunk, len(owed)):,} of {len(owed):,} accounts")
    total = sum(each for _, each in owed)
    click.echo(f"{len(owed):,} accounts, {dollars(total):,} up to {day}" + ("" if accrued else ", credited"))
    if as_json:
        print_json({"upto": day, "accounts": len(owed), "cents": total, "credited_cents": cents})


@command.command()
@click.option("--ask", is_flag=True, help="Ask a second person to give back what is due.")
@click.option("--way", type=click.Choice(["account", "check"]), default="account", show_default=True)
@as_user
@as_json
def refunds(ask: bool, way: str, username: str, as_json: bool) -> None:
    """List deposits held, which of them go back today, and why the others stay."""
    request = None
    with refusals():
        act = act_of(username, "clean months")
        found = worklist(act.business_date)
        due = [one for one in found if one.judged.due]
        if ask and due:
            accounts = screens.accounts_with_ids([one.account_id for one in due])
            request = request_give_back(act, accounts=accounts, way=way)
    for one in found:
        unmet = "; ".join(step.words(str) for met, step in one.judged.reasons if not met)
        click.echo(f"{one.number}  {dollars(one.held_cents):>10,} + {dollars(one.interest_cents)}  {unmet or 'due'}")
    if as_json:
        print_json({"held": len(found), "due": [_due(one) for one in due], "request": request.pk if request else None})


def _due(one: Any) -> dict[str, Any]:
    return {"account": one.number, "held_cents": one.held_cents, "interest_cents": one.interest_cents}


@command.command()
@click.option("--days", default=60, show_default=True, help="How far ahead.")
@click.option("--remind", is_flag=True, help="Put down the reminders that are due; letters follow.")
@as_user
@as_json
def renewals(days: int, remind: bool, username: str, as_json: bool) -> None:
    """List instruments that end within some days."""
    reminded = 0
    with refusals():
        act = act_of(username, "renewals")
        reminded = len(remind_issuers(act)) if remind else 0
        rows = screens.ending(act.business_date, days)
    for row in rows:
        click.echo(f"{row['until']}  {row['number']}  {row['kind']}  {row['issuer']}  {dollars(row['amount_cents']):,}")
    click.echo(f"{len(rows):,} instruments end within {days} days; {reminded:,} reminders")
    if as_json:
        print_json({"ending": rows, "reminded": reminded})


@command.command()
@click.option("--from", "first", type=DAY, default=None, help="First day; default: the first of the year.")
@click.option("--to", "last", type=DAY, default=None, help="Last day; default: today.")
@as_json
def register(first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """Print the deposit register: opening, received, interest, applied, refunded, moved, closing; beside the books."""
    with refusals():
        today = business_date()
        ends = last.date() if last else today
        lines = registers.register(first.date() if first else date(ends.year, 1, 1), ends)
        sums, books = registers.totals(lines), registers.liability(ends)
    for name, cents in sums.items():
        click.echo(f"{dollars(cents):>16,}  {name.removesuffix('_cents').replace('_', ' ')}")
    click.echo(f"{dollars(books):>16,}  liability in the books, {dollars(books - sums['closing_cents'])} apart")
    if as_json:
        print_json({"accounts": len(lines), **sums, "books_cents": books, "apart_cents": books - sums["closing_cents"]})
