"""Replaying sealed runs from the command line."""

from __future__ import annotations

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.cli.progress import Bar
from meterbook.jobs.replay import replay_run
from meterbook.records.billing import queries

_SHOWN = 20


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
@as_json
def replay(run_reference: str, workers: int, as_json: bool) -> None:
    """Recompute every bill of a run from its stored inputs and released documents, and compare with what is stored.

    Reads no read, no determinant and no rate of today; changes nothing. Ends with status 1 if anything differs, and
    says where: account, bill, segment, line, stored and recomputed. That the engine's code changed is said.
    """
    with refusals():
        run = queries.find_run(run_reference)
        with Bar(f"replay {run.number}", "accounts") as bar:
            made = replay_run(run, workers=workers, told=bar)
    found = made.compared
    click.echo(
        f"run {made.run}: {found.bills:,} bills, {found.segments:,} segments"
        f" ({found.reversals:,} taken back), {found.lines:,} lines: {found.differences:,} differences"
    )
    if made.code_changed:
        click.echo(f"  the engine changed since: sealed with {made.code_sha256[:12]}, now {made.code_now[:12]}")
    for difference in found.where[:_SHOWN]:
        click.echo(f"  {difference}")
    if as_json:
        print_json(made.as_json())
    if found.differences:
        raise SystemExit(1)
