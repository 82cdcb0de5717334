"""A run of drafts: selected, held ones decided, approved by a second person, written, settled."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.autopay import screens
from meterbook.records.autopay.operations.approve import cancel_run, decide_run, request_run
from meterbook.records.autopay.operations.file_run import file_run, hand_over
from meterbook.records.autopay.operations.select import decide_draft, select_drafts
from meterbook.records.autopay.operations.send_refunds import send_refunds
from meterbook.records.autopay.operations.settle import settle as settle_drafts

_ON = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Day of selection; default: the newest run."
)


def _run(on: datetime | None, *states: str) -> Any:
    found = screens.run_on(on.date()) if on else screens.newest_run(*states)
    if found is None:
        raise click.ClickException(f"no run of drafts is {' or '.join(states)}; select drafts first")
    return found


def _said(run: Any) -> dict[str, Any]:
    row = screens.runs().get(pk=run.pk)
    click.echo(f"{row['number']}: {row['state']}, {row['free']:,} free, {row['held']:,} held, {row['gone']:,} sent, "
               f"{dollars(row['cents'] or 0):,}")  # fmt: skip
    return {key: row[key] for key in ("number", "state", "free", "held", "gone", "cents")}


@click.command()
@as_user
@as_json
def select(username: str, as_json: bool) -> None:
    """Select the drafts due at the bank; those the breaker holds are listed with their reasons."""
    with refusals():
        run = select_drafts(act_of(username, "drafts of the day"))
    found = _said(run)
    if as_json:
        print_json(found)


@click.command()
@_ON
@click.option("--let-go", type=int, multiple=True, help="Number of a held draft that may go.")
@click.option("--refuse", type=int, multiple=True, help="Number of a held draft that is never drawn.")
@click.option("--reason", default="", help="Why; asked for when something is decided.")
@click.option("--as", "username", envvar="METERBOOK_USER", default="", help="Your sign-in name, to decide.")
@as_json
def breaker(
    on: datetime | None, let_go: tuple[int, ...], refuse: tuple[int, ...], reason: str, username: str, as_json: bool
) -> None:
    """Print held drafts with their reasons, or decide some of them."""
    with refusals():
        for number in (*let_go, *refuse):
            if not reason or not username:
                raise click.ClickException("say --as who decides, and --reason why")
            one = screens.draft(number)
            if one is None:
                raise click.ClickException(f"no draft {number}")
            decide_draft(act_of(username, reason), draft=one, let_go=number in let_go)
        run = _run(on, "selected", "asked")
    rows = list(screens.drafts().filter(run_id=run.pk, state="held").order_by("account__number"))
    for row in rows:
        why = "; ".join(each["message"].format(**each["values"]) for each in row["reasons"])
        click.echo(f"{row['id']:>8}  {row['number']}  {dollars(row['amount_cents']):>12,}  {why}")
    click.echo(f"{len(rows):,} held")
    if as_json:
        print_json([{**row, "settle_on": str(row["settle_on"])} for row in rows])


@click.command()
@_ON
@click.option("--approve/--ask", default=False, help="Approve what somebody else asked for; default: ask.")
@click.option("--refuse", is_flag=True, help="Refuse it: the run goes back to selection.")
@click.option("--cancel", is_flag=True, help="Give the run up before it is filed.")
@as_user
@as_json
def approve(on: datetime | None, approve: bool, refuse: bool, cancel: bool, username: str, as_json: bool) -> None:
    """Ask a second person to let a run's drafts go, or decide what somebody else asked for."""
    with refusals():
        act = act_of(username, "drafts of the day")
        if cancel:
            run = cancel_run(act, run=_run(on, "selected", "approved"))
        elif approve or refuse:
            run = decide_run(act, run=_run(on, "asked"), approve=approve)
        else:
            run = _run(on, "selected")
            request_run(act, run=run)
    found = _said(run)
    if as_json:
        print_json(found)


@click.command()
@_ON
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Where to put the file.")
@as_user
@as_json
def file(on: datetime | None, out: Path | None, username: str, as_json: bool) -> None:
    """Write an approved run's NACHA file, once; --out hands it over, which is written down."""
    with refusals():
        act = act_of(username, "file for the bank")
        run = _run(on, "approved", "filed")
        made = file_run(act, run=run)
        content = hand_over(act, file=made) if made and out else None
    found = _said(screens.run(run.pk))
    if made is None:
        click.echo("nothing was left to draw")
    else:
        click.echo(f"{made.number}: {made.entries:,} entries, {dollars(made.debit_cents):,}, sha256 {made.sha256}")
        found |= {"file": made.number, "entries": made.entries, "sha256": made.sha256}
    if content is not None and out is not None:
        out.write_bytes(content)
        out.chmod(0o600)
    if as_json:
        print_json(found)


@click.command()
@as_user
@as_json
def settle(username: str, as_json: bool) -> None:
    """Post every draft that settles today or before; one payment batch for each file and day."""
    with refusals():
        made = settle_drafts(act_of(username, "settlement"))
    for one in made:
        click.echo(f"{one.number}: {one.count:,} payments, {dollars(one.total_cents):,}")
    click.echo(f"{len(made)} batches posted")
    if as_json:
        print_json([{"batch": one.number, "count": one.count, "cents": one.total_cents} for one in made])


@click.command()
@as_user
def refunds(username: str) -> None:
    """Write a file of the refunds two people decided to pay through the bank."""
    with refusals():
        made = send_refunds(act_of(username, "refunds through the bank"))
    click.echo(f"{made.number}: {made.entries:,} refunds, {dollars(made.credit_cents):,}" if made
               else "no refund has a bank account; they wait for checks")  # fmt: skip
