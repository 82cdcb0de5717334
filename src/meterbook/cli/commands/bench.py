"""`meterbook bench`: figures measured in one run, never in tests."""

from __future__ import annotations

import os
from pathlib import Path

import click

from meterbook.cli.acting import as_json, print_json
from meterbook.cli.commands.browsing import accessibility, calls
from meterbook.cli.commands.cashiering.bench import cashiers
from meterbook.cli.commands.find.bench import pages, search


@click.group(name="bench")
def command() -> None:
    """Measure. Ratios are taken within one run, since machines differ from hour to hour."""


command.add_command(calls)
command.add_command(accessibility)
command.add_command(cashiers)
command.add_command(search)
command.add_command(pages)


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


@command.command(name="rating")
@click.option("--bills", default=300_000, show_default=True, help="Bills priced by columns.")
@click.option("--sample", default=20_000, show_default=True, help="Of these, bills also computed in Decimal.")
@click.option("--seed", default=1, show_default=True, help="Seed of the households.")
@as_json
def rating(bills: int, sample: int, seed: int, as_json: bool) -> None:
    """Price a residential bill of twelve charges on one core: by columns, in Decimal, and by NREL-PySAM.

    Every bill computed in Decimal is compared with the columnar one line by line; PySAM's bills, which know no taxes
    and no rounding, on the charges both can bill. Needs no database.
    """
    from meterbook.demo.bench.rating import measure_rating

    figures = measure_rating(bills=bills, sample=sample, seed=seed)
    click.echo(f"{figures['bills']:,} bills of {figures['components']} charges, {figures['lines']:,} lines, one core")
    click.echo(f"  {'columns':24}{figures['bills_per_s']:>12,} bills/s")
    click.echo(f"  {'columns, whole passes':24}{figures['bills_per_s_whole_pass']:>12,} bills/s")
    for name, key in (("Decimal", "decimal"), ("NREL-PySAM", "pysam")):
        ratio = f"columns are {figures[f'ratio_to_{key}']} times as fast"
        click.echo(f"  {name:24}{figures[f'{key}_bills_per_s']:>12,} bills/s   {ratio}")
    click.echo(f"  {figures['mismatches']} mismatches")
    if as_json:
        print_json(figures)


@command.command(name="rate-impact")
@click.option("--accounts", default=100_000, show_default=True, help="Residential accounts.")
@click.option("--months", default=12, show_default=True, type=click.IntRange(1, 26), help="Months of their usage.")
@click.option("--seed", default=1, show_default=True, help="Seed of the households.")
@as_json
def rate_impact(accounts: int, months: int, seed: int, as_json: bool) -> None:
    """Reckon what a draft raises after one number of it was changed, as the rate workbench does at every change.

    `seconds` is the slowest of some changes of prices and tiers, from the changed text to the finished report. Needs
    no database.
    """
    from meterbook.demo.bench.rate_impact import measure_rate_impact

    figures = measure_rate_impact(
        accounts=accounts, months=months, seed=seed, say=lambda words: click.echo(words, err=True)
    )
    click.echo(f"{figures['bills']:,} bills, {figures['distinct_bills']:,} of them different")
    for name in ("prepare_seconds", "seconds", "median_seconds", "solve_seconds"):
        click.echo(f"  {name.replace('_', ' '):24}{figures[name]:>9.3f} s")
    if as_json:
        print_json(figures)


@command.command(name="reads")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(100), help="About how many reads.")
@click.option("--seed", default=7, show_default=True, help="Seed of the city.")
@as_json
def reads(rows: int, seed: int, as_json: bool) -> None:
    """Import a month's read files: bytes → judged by every rule → committed reads, usage, exceptions and findings.

    Fourteen months of usage lie behind every register. Compared with a bare COPY of the very same rows: pre-encoded
    binary, logged tables without constraints, one commit, after CHECKPOINT. The prepared city is cached under
    --data-dir.
    """
    from meterbook.demo.bench.reads import measure_reads

    figures = measure_reads(
        Path(os.environ["METERBOOK_DATA_DIR"]), rows=rows, seed=seed, say=lambda words: click.echo(words, err=True)
    )
    click.echo(f"{figures['rows']:,} rows, {figures['usages']:,} usages, {figures['queued']:,} in the queue")
    click.echo(f"  {'file to usage':24}{figures['seconds']:>9.2f} s   {figures['reads_per_s']:,.0f} reads/s")
    click.echo(f"  {'bare COPY':24}{figures['bare_copy_seconds']:>9.2f} s   ratio {figures['ratio_to_bare_copy']:.2f}")
    click.echo(f"  Python {figures['peak_memory_mib']:,.0f} MiB, PostgreSQL {figures['postgres_memory_mib']:,.0f} MiB")
    if as_json:
        print_json(figures)


@command.command(name="payments")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(100), help="Checks of the file.")
@click.option("--seed", default=7, show_default=True, help="Seed of the city and the deposit.")
@as_json
def payments(rows: int, seed: int, as_json: bool) -> None:
    """Post one long lockbox file: bytes → proved totals → posted and allocated payments, every constraint in force.

    Compared with a bare COPY of the very same rows: pre-encoded binary, logged tables without constraints, one commit,
    after CHECKPOINT, on the same server in the same run. The prepared city is cached under --data-dir.
    """
    from meterbook.demo.bench.payments.measure import measure_payments

    figures = measure_payments(
        Path(os.environ["METERBOOK_DATA_DIR"]), rows=rows, seed=seed, say=lambda words: click.echo(words, err=True)
    )
    click.echo(
        f"{figures['payments']:,} payments, {figures['allocations']:,} allocations, {figures['entries']:,} entries"
    )
    click.echo(f"  {'file to posted':24}{figures['seconds']:>9.2f} s   {figures['payments_per_s']:,.0f} payments/s")
    click.echo(f"  {'bare COPY':24}{figures['bare_copy_seconds']:>9.2f} s   ratio {figures['ratio_to_bare_copy']:.2f}")
    click.echo(f"  Python {figures['peak_memory_mib']:,.0f} MiB, PostgreSQL {figures['postgres_memory_mib']:,.0f} MiB")
    if as_json:
        print_json(figures)


@command.command(name="intervals")
@click.option("--meters", default=20_000, show_default=True, type=click.IntRange(50), help="Meters, one channel each.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(10, 140), help="Local days of 15 minutes.")
@click.option("--seed", default=1, show_default=True, help="Seed of the reads.")
@click.option("--passes", default=4, show_default=True, type=click.IntRange(1), help="Passes; the fastest counts.")
@as_json
def intervals(meters: int, days: int, seed: int, passes: int, as_json: bool) -> None:
    """Ask a city's month of intervals: daily frame, interval rules, system peak and every meter's determinants.

    Beside it the same answers by hand-written DuckDB SQL, in the same process and turn about, compared value by value.
    The reads are written through the store once and cached under --data-dir. Needs no database.
    """
    from meterbook.demo.bench.intervals import measure_intervals

    figures = measure_intervals(
        Path(os.environ["METERBOOK_DATA_DIR"]),
        meters=meters,
        days=days,
        seed=seed,
        passes=passes,
        say=lambda words: click.echo(words, err=True),
    )
    click.echo(f"{figures['reads']:,} reads of {meters:,} meters, {figures['bytes_per_read']} bytes a read")
    click.echo(f"  {'through the store':24}{figures['seconds']:>9.2f} s   {figures['reads_per_s']:,} reads/s")
    click.echo(f"  {'SQL by hand':24}{figures['hand_sql_seconds']:>9.2f} s   ratio {figures['ratio']:.2f}")
    click.echo(f"  peak memory {figures['peak_memory_mib']:,.0f} MiB, {figures['differences']} differences")
    if as_json:
        print_json(figures)


@command.command(name="vee")
@click.option("--seed", default=1, show_default=True, help="Draws the city, its honest oddities and its faults.")
@click.option("--accounts", default=8_000, show_default=True, type=click.IntRange(4_000), help="Accounts of the city.")
@as_json
def vee(seed: int, accounts: int, as_json: bool) -> None:
    """Inject 2,000 labelled faults into a month of a city's reads and intervals, and hold every rule against them.

    The files go the product's own way: import, rules, exception queue, close of the reading, a bill run. `recall` is
    the share found of the faults a rule answers for, `precision` the share of what it said that stands on a fault;
    `impossible_billed` counts billed usage that cannot be, by a check that knows no rule. The rules know no injector.
    """
    from meterbook.demo.bench.vee.measure import measure_vee

    figures = measure_vee(seed=seed, accounts=accounts, say=lambda words: click.echo(words, err=True))
    click.echo(f"{figures['faults']:,} faults at {figures['registers']:,} registers, {figures['channels']} channels")
    click.echo(f"  {'rule':24}{'targets':>8}{'recall':>8}{'flags':>8}{'precision':>11}")
    for name, rule in figures["rules"].items():
        shares = ("-" if rule[key] is None else f"{rule[key]:.3f}" for key in ("recall", "precision"))
        recall, precision = shares
        click.echo(f"  {name:24}{rule['targets']:>8,}{recall:>8}{rule['flags']:>8,}{precision:>11}")
    click.echo(f"  caught by any rule {figures['caught_by_any']:.3f}, honest reads held {figures['honest_held']:.4f}")
    click.echo(f"  impossible usage billed: {figures['impossible_billed']}; {figures['seconds']:.0f} s")
    if as_json:
        print_json(figures)


@command.command(name="crash")
@click.option(
    "--what",
    type=click.Choice(["bill-run", "payments"]),
    default="bill-run",
    show_default=True,
    help="What is broken: a bill run, or the posting of a lockbox file.",
)
@click.option("--trials", default=200, show_default=True, type=click.IntRange(1), help="Runs to break.")
@click.option("--accounts", default=300, show_default=True, type=click.IntRange(20), help="Accounts of the city.")
@click.option("--seed", default=11, show_default=True, help="Draws the city and the moments.")
@click.option("--minutes", type=float, help="Stop after so many minutes; the trials done by then count.")
@as_json
def crash(what: str, trials: int, accounts: int, seed: int, minutes: float | None, as_json: bool) -> None:
    """Kill a bill run, or a payment import, at random moments and go on: nothing twice, nothing missing, no cent off.

    By turns the worker is killed (SIGKILL), the server (SIGKILL of its first process), or the disk is filled; then
    the ordinary commands are typed again. What is left is compared with an undisturbed run of the same city, by SQL
    that shares no code with the run. Works on a server and a file system of its own, gone afterwards.
    """
    from meterbook.demo.bench.crash.measure import measure_crashes

    figures = measure_crashes(
        trials=trials,
        accounts=accounts,
        seed=seed,
        minutes=minutes,
        what=what,
        say=lambda words: click.echo(words, err=True),
    )
    click.echo(
        f"{figures['trials']} trials, {figures['interrupted']} of them interrupted: {figures['duplicates']} duplicates,"
        f" {figures['gaps']} gaps, {figures['cents_off']} cents off, {figures['not_resumed']} not resumed"
    )
    for stage, count in figures["stages"].items():
        click.echo(f"  {stage:28}{count:>5}")
    for line in figures["told"]:
        click.echo(f"  {line}")
    if as_json:
        print_json(figures)


@command.command(name="print")
@click.option("--bills", default=10_000, show_default=True, type=click.IntRange(20), help="Bills of the printed run.")
@click.option("--seed", default=7, show_default=True, help="Seed of the city.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Leave the PDFs in this directory.")
@as_json
def print_(bills: int, seed: int, keep: Path | None, as_json: bool) -> None:
    """Print a whole run as tagged PDF on two processes, then go on after a jam: by file, and from a given piece.

    `peak_memory_mib` is that of all our processes together. The prepared city is cached under --data-dir.
    """
    from meterbook.demo.bench.printing import measure_print

    figures = measure_print(
        Path(os.environ["METERBOOK_DATA_DIR"]), bills=bills, seed=seed, keep=keep,
        say=lambda words: click.echo(words, err=True),
    )  # fmt: skip
    click.echo(f"{figures['bills']:,} bills, {figures['pages']:,} pages, {figures['isolated']} not printable")
    click.echo(f"  {'printed in':24}{figures['seconds']:>9.2f} s   {figures['pages_per_s']:,.1f} pages/s")
    click.echo(f"  Python {figures['peak_memory_mib']:,.0f} MiB, PostgreSQL {figures['postgres_memory_mib']:,.0f} MiB")
    click.echo(
        f"  {figures['files_lost']} files lost: {figures['resumed_seconds']:.2f} s, {figures['files_kept']} kept;"
        f" from piece {figures['from_piece']:,}: {figures['pieces_from_there']:,} pieces"
    )
    if as_json:
        print_json(figures)


@command.command(name="autopay")
@click.option("--drafts", default=10_000, show_default=True, type=click.IntRange(10), help="Bills drawn.")
@click.option("--returns", default=300, show_default=True, type=click.IntRange(1), help="Drafts the bank sends back.")
@click.option("--seed", default=7, show_default=True, help="Seed of the city.")
@as_json
def autopay(drafts: int, returns: int, seed: int, as_json: bool) -> None:
    """Draw a city's bills end to end: selection, breaker, approval, NACHA file, settlement; then the bank's returns.

    From posted bills to payments allocated in the books, then from the returns file to charges owed again, with fees
    and bars. The prepared city is cached under --data-dir.
    """
    from meterbook.demo.bench.autopay import measure_autopay

    figures = measure_autopay(
        Path(os.environ["METERBOOK_DATA_DIR"]), drafts=drafts, returns=returns, seed=seed,
        say=lambda words: click.echo(words, err=True),
    )  # fmt: skip
    click.echo(f"{figures['drafts']:,} drafts in {figures['seconds']:.2f} s   {figures['drafts_per_s']:,.0f} drafts/s")
    for stage, seconds in figures["stages"].items():
        click.echo(f"  {stage:38}{seconds:>9.2f} s")
    click.echo(
        f"{figures['returns']:,} returns in {figures['returns_seconds']:.2f} s   {figures['returns_per_s']:,.0f}/s; "
        f"{figures['unmatched']} unmatched, {len(figures['broken_laws'])} laws broken"
    )
    if as_json:
        print_json(figures)
