"""`meterbook ledger statement` and `trace`: one account over some days, one payment from end to end."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.cli.commands.ledger.balances import DAY, account_id
from meterbook.engine.money import dollars
from meterbook.records.ledger.screens import statement_of
from meterbook.records.payments.tracing import Trace
from meterbook.records.payments.tracing import trace as trace_of
from meterbook.records.platform.queries import business_date


@click.command()
@click.argument("number", metavar="ACCOUNT")
@click.option("--since", type=DAY, help="First day; else a year back.")
@click.option("--until", type=DAY, help="Last day; else the business date.")
@as_json
def statement(number: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Print an account's statement: opening balance, every movement, closing balance."""
    with refusals():
        last = until.date() if until else business_date()
        first = since.date() if since else last - timedelta(days=365)
        found = statement_of(account_id(number), since=first, until=last + timedelta(days=1))
    click.echo(f"{'':12}{'opening':16}{'':14}{dollars(found.opening_cents):>14,}")
    for line in found.lines:
        figures = f"{dollars(line.amount_cents):>14,}{dollars(line.balance_cents):>14,}"
        click.echo(f"{line.effective_on!s:12}{line.source_kind:16}{figures}  {line.source_id}")
    click.echo(f"{'':12}{'closing':16}{'':14}{dollars(found.closing_cents):>14,}")
    if as_json:
        print_json({
            "account": number, "since": first, "until": last, "opening_cents": found.opening_cents,
            "closing_cents": found.closing_cents, "lines": [asdict(line) for line in found.lines],
        })  # fmt: skip


@click.command()
@click.argument("payment", type=int)
@as_json
def trace(payment: int, as_json: bool) -> None:
    """Print a payment's way: batch, transfers, what it settled, moves, reversal, and where it is now."""
    with refusals():
        found = trace_of(payment)
        if found is None:
            raise LookupError(f"no payment {payment}")
    one = found.payment
    click.echo(
        f"payment {one.pk}: ${dollars(one.amount_cents):,} {one.tender} {one.reference} received {one.received_on}"
    )
    click.echo(f"  batch {one.batch.number} ({one.batch.channel})" if one.batch else "  no batch")
    for entry in found.entries:
        way = f"{entry['debit_code']} from {entry['credit_code']}"
        click.echo(f"  entry {entry['id']} {entry['effective_on']} {entry['source_kind']:10} {way} "
                   f"{dollars(entry['amount_cents']):>12,} {entry['number'] or ''}")  # fmt: skip
    for each in found.settled:
        click.echo(f"  settles {dollars(each.cents):>12,} of {each.service or 'credit'} due {each.due_on} "
                   f"{each.bill_number or each.source_kind}{' (chosen)' if each.pinned else ''}")  # fmt: skip
    _told_now(found)
    if as_json:
        print_json({
            "payment": one.pk, "cents": one.amount_cents, "reversed": found.reversal is not None,
            "entries": found.entries, "settles": [asdict(each) for each in found.settled],
            "now": [asdict(part) for part in found.now],
        })  # fmt: skip


def _told_now(found: Trace) -> None:
    for move in found.moves:
        source, target = (each.number if each else "suspense" for each in (move.from_account, move.to_account))
        click.echo(f"  moved {dollars(move.amount_cents):,} from {source} to {target} on {move.moved_on}")
    if found.reversal:
        click.echo(f"  taken back on {found.reversal.reversed_on}: {found.reversal.kind} {found.reversal.code}")
    for part in found.now:
        click.echo(f"  now ${dollars(part.cents):,} {f'as open item {part.item}' if part.item else 'in suspense'}")
