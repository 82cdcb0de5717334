"""`meterbook banking`: statements, what they match, and what waits on either side."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.banking import screens
from meterbook.records.banking.operations.bank_accounts import open_bank_account
from meterbook.records.banking.operations.book_line import propose_bookings
from meterbook.records.banking.operations.import_statement import import_statement
from meterbook.records.banking.operations.match_lines import match_automatically, match_by_hand
from meterbook.records.banking.suggesting import suggestions
from meterbook.records.platform.queries import business_date


@click.group(name="banking")
def command() -> None:
    """The bank: statements, reconciliation against deposits, suspense."""


@command.command(name="open-account")
@click.option("--name", required=True, help="What we call the account.")
@click.option("--number", required=True, help="The number as its statements state it; only its hash is kept.")
@click.option(
    "--format", "format_", required=True, help="Format of its statements: bai2, bai2-lenient, camt053, camt054."
)
@click.option("--ledger", required=True, help="Code of the chart's account it stands for.")
@as_user
def open_account(name: str, number: str, format_: str, ledger: str, username: str) -> None:
    """Put one of our bank accounts on record."""
    with refusals():
        act = act_of(username, f"bank account {name}")
        made = open_bank_account(act, name=name, number=number, format=format_, ledger=ledger)
    click.echo(f"{made.name}: …{made.last_digits}, statements as {made.format}")


@command.command(name="import")
@click.option("--format", "format_", required=True, help="bai2, bai2-lenient, camt053 or camt054.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
def import_(format_: str, files: tuple[Path, ...], username: str) -> None:
    """Take statement files; the same file, or a movement taken before, changes nothing."""
    for file in files:
        with refusals():
            act = act_of(username, f"statement {file.name}")
            made = import_statement(act, format=format_, file_name=file.name, content=file.read_bytes())
        for each in made:
            held = ", HELD: its balances do not tie" if each.questions and each.accepted_id is None else ""
            click.echo(
                f"{file.name}: {each.bank_account.name} as of {each.as_of}, {each.lines.count()} new lines{held}"
            )


@command.command()
@click.argument("name")
@as_user
def match(name: str, username: str) -> None:
    """Match an account's lines with deposits, and propose fees and interest by the rules."""
    with refusals():
        account = screens.bank_account_named(name)
        act = act_of(username, f"reconciling {name}")
        made = match_automatically(act, bank_account=account)
        proposed = propose_bookings(act, bank_account=account)
    click.echo(f"{len(made)} matches, {len(proposed)} bookings proposed for a second person")


@command.command(name="match-by-hand")
@click.option("--line", "lines", multiple=True, type=int, required=True, help="Id of a line, as `open` shows it.")
@click.option("--deposit", "deposits", multiple=True, required=True, help="Key of a deposit, like batch:17.")
@as_user
def by_hand(lines: tuple[int, ...], deposits: tuple[str, ...], username: str) -> None:
    """Say that lines and deposits are the same money; they must make the same amount."""
    with refusals():
        made = match_by_hand(act_of(username, "matched by hand"), lines=lines, deposits=deposits)
    click.echo(f"match {made.pk}: ${dollars(made.cents):,}")


@command.command(name="open")
@as_json
def open_(as_json: bool) -> None:
    """What waits on either side: the bank's lines and our deposits, oldest first, with their age in days."""
    today = business_date()
    lines = list(screens.open_lines())
    deposits = screens.open_deposits(today)
    found = screens.standing()
    for each in lines:
        age = (today - each["booked_on"]).days
        cents, text = dollars(each["amount_cents"]), each["text"][:50]
        click.echo(f"line {each['id']:<8} {each['booked_on']} {age:>4} d {cents:>14,}  {each['kind']} {text}")
    for one in deposits:
        click.echo(f"{one['key']:<13} {one['on']} {one['age']:>4} d {dollars(one['cents']):>14,}  {one['reference']}")
    click.echo(
        f"clearing ${dollars(found['clearing_cents']):,}, deposits in transit ${dollars(found['deposits_cents']):,}"
    )
    if as_json:
        print_json({**found, "open_lines": lines, "open_deposits": deposits})


@command.command()
@click.argument("payment", type=int)
def suggest(payment: int) -> None:
    """Whose an unidentified payment may be, the likeliest first."""
    found = screens.payment_in_suspense(payment)
    if found is None:
        raise click.ClickException(f"payment {payment} does not wait for an account")
    for each in suggestions(found):
        click.echo(f"{each.account.number}  {each.score:>3}  {', '.join(each.why):30} {each.account.holder.name}")
