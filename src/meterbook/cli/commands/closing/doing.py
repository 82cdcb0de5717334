"""What is done to a month: signing, locking by two people, the journal and its answer, the accrual."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.closing import screens
from meterbook.records.closing.months import period_of
from meterbook.records.closing.operations.accrue import decide_accrual, propose_accrual
from meterbook.records.closing.operations.hand_over import record_reply, write_journal
from meterbook.records.closing.operations.lock_month import decide_lock, propose_lock
from meterbook.records.closing.operations.sign import sign_item, take_signature_back

_DECIDE = (
    click.option("--approve", is_flag=True, help="Approve what somebody else asked for."),
    click.option("--refuse", is_flag=True, help="Refuse it."),
)


@click.command()
@click.argument("month")
@click.argument("item")
@click.option("--note", required=True, help="What was looked at, or why the exception is accepted.")
@click.option("--evidence", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file that proves it.")
@click.option("--take-back", is_flag=True, help="Take the signature back.")
@as_user
@as_json
def sign(
    month: str, item: str, note: str, evidence: Path | None, take_back: bool, username: str, as_json: bool
) -> None:
    """Sign an item of a month's checklist, accept what it found as an exception, or take a signature back."""
    with refusals():
        act, period = act_of(username, note), period_of(month)
        if take_back:
            made = take_signature_back(act, period=period, item=item, note=note)
        else:
            name, content = (evidence.name, evidence.read_bytes()) if evidence else ("", b"")
            made = sign_item(act, period=period, item=item, note=note, file_name=name, content=content)
    click.echo(f"{month} {item}: {made.state} by {username}")
    if as_json:
        print_json({"month": month, "item": item, "state": made.state})


@click.command()
@click.argument("month")
@_DECIDE[0]
@_DECIDE[1]
@as_user
@as_json
def lock(month: str, approve: bool, refuse: bool, username: str, as_json: bool) -> None:
    """Ask to lock a month whose checklist is done, or decide what somebody else asked for. Nothing unlocks it."""
    with refusals():
        act, period = act_of(username, f"closing {month}"), period_of(month)
        if approve or refuse:
            row = screens.asked_lock(period)
            if row is None:
                raise click.ClickException(f"nobody asked to lock {month}")
            row = decide_lock(act, lock=row, approve=approve)
        else:
            row = propose_lock(act, period=period)
    click.echo(f"{month}: {row.state}")
    if as_json:
        print_json({"month": month, "state": row.state, "sha256": row.figures_sha256})


@click.command()
@click.argument("month")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the file there.")
@as_user
@as_json
def journal(month: str, out: Path | None, username: str, as_json: bool) -> None:
    """Write a locked month's journal for the general ledger; asked again, the same bytes come back."""
    with refusals():
        made = write_journal(act_of(username, f"journal of {month}"), period=period_of(month))
    if out is not None:
        out.write_bytes(bytes(made.content.content))
    click.echo(f"{month}: {made.lines:,} lines, {dollars(made.debit_cents):,} debited and credited, {made.sha256}")
    if as_json:
        print_json({"month": month, "lines": made.lines, "debit_cents": made.debit_cents, "sha256": made.sha256})


@click.command()
@click.argument("month")
@click.option("--accepted", "reference", default="", help="The number under which the general ledger took it.")
@click.option("--refused", "note", default="", help="Why it did not.")
@as_user
@as_json
def reply(month: str, reference: str, note: str, username: str, as_json: bool) -> None:
    """Record what the general ledger said to a month's journal."""
    with refusals():
        row = screens.journal_of(period_of(month))
        if row is None:
            raise click.ClickException(f"the journal of {month} is not written")
        act = act_of(username, f"journal of {month}")
        made = record_reply(act, journal=row, accepted=bool(reference), reference=reference, note=note)
    click.echo(f"{month}: {'accepted as ' + made.reference if made.accepted else 'refused: ' + made.note}")
    if as_json:
        print_json({"month": month, "accepted": made.accepted, "reference": made.reference})


@click.command()
@click.argument("month")
@_DECIDE[0]
@_DECIDE[1]
@as_user
@as_json
def accrue(month: str, approve: bool, refuse: bool, username: str, as_json: bool) -> None:
    """Ask to book a month's unbilled revenue (and to take it back on the next month's first day), or decide it."""
    with refusals():
        act, period = act_of(username, f"unbilled revenue of {month}"), period_of(month)
        if approve or refuse:
            row = screens.asked_accrual(period)
            if row is None:
                raise click.ClickException(f"nobody asked to book the estimate of {month}")
            row = decide_accrual(act, accrual=row, approve=approve)
        else:
            row = propose_accrual(act, period=period)
    click.echo(f"{month}: {row.state}, {dollars(row.cents):,}")
    if as_json:
        print_json({"month": month, "state": row.state, "cents": row.cents})
