"""`meterbook adjustments`: money put on or taken off an account beside its bills."""

from __future__ import annotations

import csv
import mimetypes
import re
import sys
from datetime import date, datetime
from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.adjustments import screens
from meterbook.records.adjustments.leak.preview import Ask, leak_preview
from meterbook.records.adjustments.operations.decide import decide_adjustments
from meterbook.records.adjustments.operations.propose import charge_fee, propose_adjustment
from meterbook.records.adjustments.operations.propose_leak import propose_leak
from meterbook.records.adjustments.operations.reverse import reverse_adjustment
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.billing.queries import find_bill
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.screens import find_approval

_MONEY = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{2})?", re.ASCII)
_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
_COLUMNS = (
    "id", "number", "service", "amount_cents", "reason", "effective_on", "state", "asker", "decider", "bill_number",
    "approval_id", "note",
)  # fmt: skip
proofs = click.option("--proof", "files", multiple=True, type=_FILES, help="A file that shows why; may be repeated.")


@click.group(name="adjustments")
def command() -> None:
    """Charges and credits beside bills: reasons, limits, a second person; fees and leak credits."""


def _cents(text: str) -> int:
    if not _MONEY.fullmatch(text):
        raise click.BadParameter(f"found {text!r}, expected dollars like -25.00")
    whole, _, part = text.lstrip("+-").partition(".")
    cents = int(whole) * 100 + int(part or 0)
    return -cents if text.startswith("-") else cents


def _account(number: str) -> object:
    found = account_numbered(number)
    if found is None:
        raise click.ClickException(f"no account {number}")
    return found


def _proofs(files: tuple[Path, ...]) -> list[Proof]:
    return [
        Proof(file.name, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes())
        for file in files
    ]


def _said(made: object, as_json: bool) -> None:
    """What became of one adjustment."""
    row = screens.adjustments().get(pk=made.pk)  # type: ignore[attr-defined]
    asked = f", request {row['approval_id']}" if row["approval_id"] else ""
    click.echo(f"adjustment {row['id']}: {row['state']}{asked}")
    if as_json:
        print_json({name: row[name] for name in _COLUMNS})


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("account")
@click.argument("service")
@click.argument("amount")
@click.option("--reason", default="", help="Code of the policy adjustment-reasons.")
@click.option("--fee", default="", help="Code of the policy billing-fees; then AMOUNT is auto.")
@click.option("--note", required=True, help="Why, in a sentence.")
@click.option("--bill", default="", help="Number of the bill it is about.")
@proofs
@as_user
@as_json
def propose(
    account: str, service: str, amount: str, reason: str, fee: str, note: str, bill: str, files: tuple[Path, ...],
    username: str, as_json: bool,
) -> None:  # fmt: skip
    """Charge (25.00) or credit (-25.00) a service of an account; a fee with AMOUNT auto.

    Within your own limit it is booked at once; above it a second person is asked.
    """
    if bool(reason) == bool(fee):
        raise click.UsageError("say either --reason or --fee")
    with refusals():
        act = act_of(username, note)
        given = {
            "account": _account(account), "service": service, "note": note, "proofs": _proofs(files),
            "bill": find_bill(bill) if bill else None,
        }  # fmt: skip
        if fee:
            made = charge_fee(act, fee=fee, **given)  # type: ignore[arg-type]
        else:
            made = propose_adjustment(act, amount_cents=_cents(amount), reason=reason, **given)  # type: ignore[arg-type]
    _said(made, as_json)


@command.command()
@click.argument("adjustment", type=int)
@click.option("--refuse", is_flag=True, help="Refuse instead.")
@click.option("--reason", default="", help="What you say about it.")
@as_user
@as_json
def approve(adjustment: int, refuse: bool, reason: str, username: str, as_json: bool) -> None:
    """Approve, and book, what somebody else asked for (a leak credit: all of its adjustments)."""
    with refusals():
        found = screens.find(adjustment)
        request = found and found.approval_id and find_approval(found.approval_id)
        if not request:
            raise click.ClickException(f"nothing is asked about adjustment {adjustment}")
        rows = decide_adjustments(act_of(username, reason), request=request, approve=not refuse)
    for row in rows:
        _said(row, as_json)


@command.command()
@click.argument("adjustment", type=int)
@click.option("--note", required=True, help="Why, in a sentence.")
@as_user
@as_json
def reverse(adjustment: int, note: str, username: str, as_json: bool) -> None:
    """Undo a booked adjustment by one the other way."""
    with refusals():
        found = screens.find(adjustment)
        if found is None:
            raise click.ClickException(f"no adjustment {adjustment}")
        made = reverse_adjustment(act_of(username, note), adjustment=found, note=note)
    _said(made, as_json)


@command.command(name="list")
@click.option("--state", type=click.Choice(["proposed", "booked", "refused", "withdrawn"]), default=None)
@click.option("--account", default="", help="Of one account only.")
def list_(state: str | None, account: str) -> None:
    """Print adjustments as CSV, the newest first."""
    rows = screens.adjustments().order_by("-id")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(account__number=account) if account else rows
    out = csv.writer(sys.stdout)
    out.writerow(_COLUMNS)
    for row in rows.iterator():
        out.writerow([row[name] for name in _COLUMNS])


@command.command()
@click.argument("bills", nargs=-1, required=True)
@click.option("--repaired", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day of the repair.")
@click.option("--bypassed-sewer", is_flag=True, help="The water did not run into the sewer.")
@click.option("--ask", "asks", is_flag=True, help="Ask a second person; without it the credit is only shown.")
@click.option("--waive", default="", help="Why rules that may be waived are waived.")
@click.option("--note", default="", help="What leaked, in a sentence.")
@proofs
@as_user
@as_json
def leak(
    bills: tuple[str, ...], repaired: datetime, bypassed_sewer: bool, asks: bool, waive: str, note: str,
    files: tuple[Path, ...], username: str, as_json: bool,
) -> None:  # fmt: skip
    """Show the leak credit of one bill, or several in a row, with every rule; --ask asks for it."""
    day: date = repaired.date()
    with refusals():
        act = act_of(username, note)
        found = [find_bill(bill) for bill in bills]
        shown = leak_preview(Ask(tuple(found), business_date(), day, bypassed_sewer, len(files)))
        for rule in shown.judged:
            click.echo(f"{'met  ' if rule.met else 'UNMET'} {rule.rule}: {rule.says.words(str)}")
        for part in shown.parts:
            click.echo(f"\n{part.bill.number} {part.segment.commodity}")
            for step in part.steps:
                click.echo(f"  {step.words(str)}")
        claim = None
        if asks:
            claim = propose_leak(
                act, bills=found, repaired_on=day, bypassed_sewer=bypassed_sewer, note=note, waived=waive,
                proofs=_proofs(files),
            )  # fmt: skip
    click.echo(f"\ncredit {dollars(shown.credit_cents)}")
    if claim:
        click.echo(f"claim {claim.pk} waits for a second person")
    if as_json:
        print_json({
            "credit_cents": shown.credit_cents, "claim": claim.pk if claim else None,
            "rules": {rule.rule: rule.met for rule in shown.judged},
            "parts": [
                {
                    "bill": part.bill.number, "service": part.segment.commodity, "used": part.used, "base": part.base,
                    "billed": part.billed, "credit_cents": part.credit_cents,
                }
                for part in shown.parts
            ],
        })  # fmt: skip
