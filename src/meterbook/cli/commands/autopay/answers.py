"""What the bank answers, what we take back, and how everything stands."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.autopay import screens
from meterbook.records.autopay.operations.reverse_entries import decide_reversal, request_reversal
from meterbook.records.autopay.operations.take_bank_file import settle_answer, take_bank_file


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
@as_json
def returns(files: tuple[Path, ...], username: str, as_json: bool) -> None:
    """Take in the bank's files of returns and notifications of change; the same file twice changes nothing."""
    said = []
    for path in files:
        with refusals():
            kept = take_bank_file(
                act_of(username, f"returns in {path.name}"), file_name=path.name, content=path.read_bytes()
            )
        click.echo(
            f"{path.name}: {kept.returns:,} returns ({dollars(kept.cents):,}), {kept.changes:,} changes, "
            f"{kept.unmatched:,} unmatched"
        )
        for row in screens.answers().filter(file_id=kept.pk).order_by("id"):
            words = row["says"]["message"].format(**row["says"]["values"])
            click.echo(f"  {row['code']} {row['original_trace']} {row['number'] or '-':>10}  {words}")
        said.append({"file": path.name, "returns": kept.returns, "changes": kept.changes, "cents": kept.cents,
                     "unmatched": kept.unmatched})  # fmt: skip
    if as_json:
        print_json(said)


@click.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="How it was dealt with.")
@as_user
def answer(number: int, reason: str, username: str) -> None:
    """Say that an answer nobody could match was dealt with."""
    with refusals():
        found = screens.answer(number)
        if found is None:
            raise click.ClickException(f"no answer {number}")
        settle_answer(act_of(username, reason), answer=found)
    click.echo(f"answer {number}: dealt with")


@click.command()
@click.argument("file", type=int)
@click.option("--trace", multiple=True, help="Only these entries; default: every draft of the file.")
@click.option("--approve", "reversal", type=int, default=None, help="Number of a reversal somebody else asked for.")
@click.option("--reason", required=True, help="Why the file or the entries were wrong.")
@as_user
def reverse(file: int, trace: tuple[str, ...], reversal: int | None, reason: str, username: str) -> None:
    """Ask to reverse a wrong file or some of its entries at the bank, or approve what somebody else asked for."""
    with refusals():
        act = act_of(username, reason)
        if reversal is not None:
            asked = screens.reversal(reversal)
            if asked is None:
                raise click.ClickException(f"no reversal {reversal}")
            done = decide_reversal(act, reversal=asked, approve=True)
        else:
            rows = [one for one in screens.entries_of_file(file) if not trace or one.trace in trace]
            done = request_reversal(act, entries=rows)
    click.echo(f"reversal {done.pk}: {done.state}, {len(done.entries):,} entries, {dollars(done.total_cents):,}")


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Print how enrolments, drafts and runs stand, and what waits for a person."""
    found = screens.status()
    for name in ("enrolments", "drafts", "runs"):
        parts = ", ".join(f"{count:,} {state}" for state, count in found[name].items())
        click.echo(f"{name:12} {parts or 'none'}")
    click.echo(f"{found['files']:,} files, {found['held']:,} drafts held, {found['unmatched']:,} answers unmatched")
    if as_json:
        print_json(found)
