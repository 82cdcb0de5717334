"""Who is drawn on: taking an authorisation, ending it, sending prenotes."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.autopay import screens
from meterbook.records.autopay.operations import enrol as enrolling
from meterbook.records.autopay.operations.change import revoke as revoke_enrolment
from meterbook.records.autopay.operations.prenote import send_prenotes
from meterbook.records.customers.queries import account_numbered


@click.command()
@click.argument("account")
@click.option("--name", default="", help="Whose bank account it is; default: the account's holder.")
@click.option("--routing", required=True, help="The bank's routing number, nine digits.")
@click.option("--bank-account", "number", required=True, prompt=True, hide_input=True, help="Asked for if left out.")
@click.option("--type", "account_type", type=click.Choice(["checking", "savings"]), default="checking")
@click.option("--business", is_flag=True, help="A business's bank account.")
@click.option("--how", type=click.Choice(enrolling.HOWS), default="paper", show_default=True)
@click.option("--by", default="", help="Who agreed; default: whose bank account it is.")
@click.option("--day", type=click.IntRange(1, 31), default=None, help="Day of the month; default: the due date.")
@click.option("--form", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="Signed form.")
@as_user
def enrol(
    account: str, name: str, routing: str, number: str, account_type: str, business: bool, how: str, by: str,
    day: int | None, form: Path | None, username: str,
) -> None:  # fmt: skip
    """Take an authorisation for an account; nothing is drawn before its prenote has waited."""
    with refusals():
        act, found = act_of(username, f"authorisation on {how}"), account_numbered(account)
        name = name or found.holder.name
        proofs = (Proof(form.name, "application/octet-stream", form.read_bytes()),) if form else ()
        made = enrolling.enrol(
            act, account=found, bank=enrolling.BankAccount(name, routing, number, account_type, business), day=day,
            authorisation=enrolling.Authorisation(by or name, act.business_date, how, found.holder.language, proofs),
        )  # fmt: skip
    click.echo(f"enrolment {made.pk}: {account}, {account_type} …{made.last_four}, class {made.sec}, {made.state}")


@click.command()
@click.argument("account")
@click.option("--reason", required=True, help="Why, as the payer said it.")
@as_user
def revoke(account: str, reason: str, username: str) -> None:
    """End an account's authorisation."""
    with refusals():
        act = act_of(username, reason)
        found = screens.of_account(account_numbered(account).pk)
        if found is None:
            raise click.ClickException(f"account {account} was never enrolled")
        made = revoke_enrolment(act, enrolment=found)
    click.echo(f"enrolment {made.pk}: ended on {made.ended_on}")


@click.command()
@as_user
@as_json
def prenote(username: str, as_json: bool) -> None:
    """Write a prenote for every new enrolment; drafts may settle after the policy's banking days."""
    with refusals():
        made = send_prenotes(act_of(username, "prenotes"))
    click.echo(f"{made.number}: {made.entries:,} prenotes, sha256 {made.sha256}")
    if as_json:
        print_json({"file": made.pk, "number": made.number, "entries": made.entries, "sha256": made.sha256})
