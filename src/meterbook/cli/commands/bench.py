"""`meterbook bench`: figures measured in one run, never in tests."""

from __future__ import annotations

import os
from pathlib import Path

import click

from meterbook.cli.acting import as_json, print_json


@click.group(name="bench")
def command() -> None:
    """Measure. Ratios are taken within one run, since machines differ from hour to hour."""


@command.command(name="bill-run")
@click.option("--accounts", default=100_000, show_default=True, help="Active accounts of the measured city.")
@click.option("--months", default=1, show_default=True, help="Months of reads; all but the last are billed before.")
@click.option("--workers", default=2, show_default=True, help="Calculating processes.")
@click.option("--seed", default=7, show_default=True, help="Seed of the city.")
@as_json
def bill_run(accounts: int, months: int, workers: int, seed: int, as_json: bool) -> None:
    """Bill a whole city: reads in PostgreSQL → committed bills, lines and ledger, every constraint in force.

    Compared with a bare COPY of the very same rows: pre-encoded binary, logged tables without constraints, one
    commit, after CHECKPOINT, on the same server in the same run. The prepared city is cached under --data-dir.
    """
    from meterbook.demo.bench.measure import measure_bill_run

    figures = measure_bill_run(
        Path(os.environ["METERBOOK_DATA_DIR"]),
        accounts=accounts,
        months=months,
        workers=workers,
        seed=seed,
        say=lambda words: click.echo(words, err=True),
    )
    click.echo(f"{figures['accounts']:,} accounts, {figures['bills']:,} bills, {figures['lines']:,} lines")
    for stage, seconds in figures["stages"].items():
        click.echo(f"  {stage:24}{seconds:>9.2f} s")
    click.echo(f"  {'whole run':24}{figures['seconds']:>9.2f} s   {figures['bills_per_s']:,.0f} bills/s")
    click.echo(f"  {'bare COPY':24}{figures['bare_copy_seconds']:>9.2f} s   ratio {figures['ratio_to_bare_copy']:.2f}")
    click.echo(f"  Python {figures['peak_memory_mib']:,.0f} MiB, PostgreSQL {figures['postgres_memory_mib']:,.0f} MiB")
    if as_json:
        print_json(figures)
