"""`meterbook refunds`: credits that go back, checks, unclaimed money, small balances, rebates."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.refunds.rebates import rebates
from meterbook.cli.commands.refunds.saying import account_named, cents_of, file_argument, refund_numbered, said
from meterbook.cli.commands.refunds.small import small
from meterbook.cli.commands.refunds.unclaimed import unclaimed
from meterbook.engine.money import dollars
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds import screens
from meterbook.records.refunds.operations.decide import decide_refund, withdraw_refund
from meterbook.records.refunds.operations.end_payout import ENDS, end_payout, keep_on_account
from meterbook.records.refunds.operations.end_payout import reissue as pay_again
from meterbook.records.refunds.operations.export_checks import export_checks
from meterbook.records.refunds.operations.propose import propose_refund
from meterbook.records.refunds.operations.review_credit import review_credit
from meterbook.records.refunds.operations.take_statuses import take_statuses
from meterbook.records.refunds.operations.tell_bank import tell_bank
from meterbook.records.refunds.worklist import STANDINGS
from meterbook.records.refunds.worklist import worklist as every_credit

OUT = click.Path(dir_okay=False, path_type=Path)


@click.group(name="refunds")
def command() -> None:
    """Credits that go back: worklist, two people, checks and ACH; unclaimed money; small balances; rebates."""


command.add_command(unclaimed)
command.add_command(small)
command.add_command(rebates)


@command.command()
@click.option("--standing", type=click.Choice(STANDINGS), default=None, help="Only these.")
@as_json
def worklist(standing: str | None, as_json: bool) -> None:
    """Every open credit, customers who left first, and what is done about it."""
    with refusals():
        rows = [row for row in every_credit(business_date()) if standing in (None, row.standing)]
    for row in rows:
        click.echo(
            f"{row.number}  {dollars(row.cents):>10,.2f}  since {row.since}  {row.standing:<9} {row.suggests}"
            f"  {row.name}"
        )
    counts = {one: sum(row.standing == one for row in rows) for one in STANDINGS}
    if as_json:
        print_json({
            "accounts": len(rows), "cents": sum(row.cents for row in rows), "standing": counts,
            "unattended": counts["to_do"],
            "rows": [
                {
                    "account": row.number, "cents": row.cents, "asked_cents": row.asked_cents, "since": row.since,
                    "left_on": row.closed_on, "standing": row.standing, "next_on": row.next_on,
                    "suggests": row.suggests, "other_account": row.other_account,
                }
                for row in rows
            ],
        })  # fmt: skip


@command.command()
@click.argument("account")
@click.option("--how", type=click.Choice(["check", "ach", "transfer", "account"]), required=True)
@click.option("--reason", required=True, help="Code of the policy refunds.")
@click.option("--note", default="", help="A sentence that stays with it.")
@click.option("--amount", default="", help="Dollars like 43.17; all that is certain where nothing is said.")
@click.option("--to", default="", help="The account a transfer goes to.")
@click.option("--bank", default="", help="Name of bank details kept by autopay, for ach.")
@as_user
@as_json
def propose(
    account: str, how: str, reason: str, note: str, amount: str, to: str, bank: str, username: str, as_json: bool
) -> None:
    """Ask a second person to let an account's credit go back."""
    with refusals():
        made = propose_refund(
            act_of(username, note), account=account_named(account), how=how, reason=reason, note=note,
            cents=cents_of(amount) if amount else None, to_account=account_named(to) if to else None, bank=bank,
        )  # fmt: skip
    said(made.pk, as_json=as_json)


@command.command()
@click.argument("refund", type=int)
@click.option("--refuse", is_flag=True, help="Refuse instead.")
@click.option("--reason", default="", help="What you say about it.")
@as_user
@as_json
def approve(refund: int, refuse: bool, reason: str, username: str, as_json: bool) -> None:
    """Approve exactly what somebody else asked for, and book it."""
    with refusals():
        decide_refund(act_of(username, reason), refund=refund_numbered(refund), approve=not refuse)
    said(refund, as_json=as_json)


@command.command()
@click.argument("refund", type=int)
@as_user
@as_json
def withdraw(refund: int, username: str, as_json: bool) -> None:
    """Take back what you asked for yourself."""
    with refusals():
        withdraw_refund(act_of(username, ""), refund=refund_numbered(refund))
    said(refund, as_json=as_json)


@command.command()
@click.argument("account")
@click.option("--reason", required=True, help="Code of the policy refunds, stays_because.")
@click.option("--note", required=True, help="Why, in a sentence.")
@as_user
@as_json
def stays(account: str, reason: str, note: str, username: str, as_json: bool) -> None:
    """Say why an account's credit stays where it is, for a while."""
    with refusals():
        made = review_credit(act_of(username, note), account=account_named(account), reason=reason, note=note)
    click.echo(f"account {account}: not looked at before {made.until}")
    if as_json:
        print_json({"account": account, "until": made.until, "reason": reason})


def _file(made: object, out: Path, *, as_json: bool) -> None:
    """Write a file that was handed over where it is wanted."""
    out.write_bytes(bytes(made.content))  # type: ignore[attr-defined]
    facts = {name: getattr(made, name) for name in ("id", "kind", "file_name", "count", "total_cents", "sha256")}
    click.echo(f"{facts['count']} checks, {dollars(facts['total_cents']):,.2f}, in {out}")
    if as_json:
        print_json({**facts, "out": str(out)})


@command.command()
@click.option("--out", type=OUT, required=True, help="Where the file goes.")
@click.option("--again", type=int, default=None, help="Write the file of this number again instead.")
@as_user
@as_json
def export(out: Path, again: int | None, username: str, as_json: bool) -> None:
    """Hand every waiting check over to accounts payable; each goes into one file only."""
    with refusals():
        made = screens.find_export(again) if again else export_checks(act_of(username, "checks handed over"))
        if made is None:
            raise click.ClickException(f"no file {again}")
        _file(made, out, as_json=as_json)


@command.command(name="positive-pay")
@click.option("--out", type=OUT, required=True, help="Where the file goes.")
@as_user
@as_json
def positive_pay(out: Path, username: str, as_json: bool) -> None:
    """Tell the bank which checks were issued and which ended since it was told last."""
    with refusals():
        _file(tell_bank(act_of(username, "positive pay")), out, as_json=as_json)


@command.command()
@file_argument
@as_user
@as_json
def cleared(file: Path, username: str, as_json: bool) -> None:
    """Take in what accounts payable or the bank says became of checks (format check-statuses)."""
    with refusals():
        taken = take_statuses(act_of(username, file.name), content=file.read_bytes(), file_name=file.name)
    click.echo(f"{taken.changed} changed, {taken.unchanged} known already")
    if as_json:
        print_json({"batch": taken.batch, "changed": taken.changed, "unchanged": taken.unchanged})


@command.command()
@click.argument("payout", type=int)
@click.option("--how", type=click.Choice(sorted(ENDS)), required=True, help="How it ended.")
@click.option("--why", required=True)
@as_user
@as_json
def end(payout: int, how: str, why: str, username: str, as_json: bool) -> None:
    """End a check that never arrives; what it paid is owed again."""
    with refusals():
        found = screens.find_payout(payout)
        if found is None:
            raise click.ClickException(f"no payout {payout}")
        ended = end_payout(act_of(username, why), payout=found, state=how, why=why)
    said(ended.refund_id, as_json=as_json)


@command.command()
@click.argument("refund", type=int)
@click.option("--how", type=click.Choice(["check", "ach"]), default="check")
@click.option("--line", "lines", multiple=True, help="A line of another address; repeat it.")
@as_user
@as_json
def reissue(refund: int, how: str, lines: tuple[str, ...], username: str, as_json: bool) -> None:
    """Pay again what is owed after a check ended."""
    with refusals():
        pay_again(act_of(username, ""), refund=refund_numbered(refund), how=how, lines=lines)
    said(refund, as_json=as_json)


@command.command()
@click.argument("refund", type=int)
@as_user
@as_json
def keep(refund: int, username: str, as_json: bool) -> None:
    """Give what is owed back to the account as a credit."""
    with refusals():
        keep_on_account(act_of(username, ""), refund=refund_numbered(refund))
    said(refund, as_json=as_json)
