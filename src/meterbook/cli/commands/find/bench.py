"""`meterbook bench search` and `meterbook bench pages`: a city of hundreds of thousands, asked and looked at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import as_json, print_json


@click.command(name="search")
@click.option("--accounts", default=400_000, show_default=True, type=click.IntRange(1_000), help="Active accounts.")
@click.option("--each", default=40, show_default=True, type=click.IntRange(1), help="Questions of every kind.")
@click.option("--seed", default=1, show_default=True, help="Draws what is asked.")
@as_json
def search(accounts: int, each: int, seed: int, as_json: bool) -> None:
    """Ask the Find page for accounts by everything a caller may know, right and with letters wrong.

    The time of a question is that of the whole page in the application: sign-in, every query, the page set; only the
    wire is left out. `found` is the share whose page names the account that was meant. The city is prepared once and
    kept under --data-dir: 20,000 accounts founded by the product's operations, the others copies under other names.
    """
    from meterbook.demo.bench.large.search import measure_search

    figures = measure_search(
        Path(os.environ["METERBOOK_DATA_DIR"]), accounts=accounts, each=each, seed=seed,
        say=lambda words: click.echo(words, err=True),
    )  # fmt: skip
    _kinds(figures)
    if as_json:
        print_json(figures)


@click.command(name="pages")
@click.option("--accounts", default=400_000, show_default=True, type=click.IntRange(1_000), help="Active accounts.")
@click.option("--users", default=20, show_default=True, type=click.IntRange(1), help="People who work at once.")
@click.option("--seconds", default=60, show_default=True, type=click.IntRange(5), help="How long they work.")
@click.option("--seed", default=1, show_default=True, help="Draws what they open.")
@as_json
def pages(accounts: int, users: int, seconds: int, seed: int, as_json: bool) -> None:
    """Let people open accounts, bills, lists and answers at once, each reading 1 to 5 seconds before the next.

    Measured from the request to the last byte on their side of a local wire, waiting for the others included; served by
    `meterbook serve` in a process of its own. The accounts opened have two years of reads, bills and payments.
    """
    from meterbook.demo.bench.large.pages import measure_pages

    figures = measure_pages(
        Path(os.environ["METERBOOK_DATA_DIR"]), accounts=accounts, users=users, seconds=seconds, seed=seed,
        say=lambda words: click.echo(words, err=True),
    )  # fmt: skip
    _kinds(figures)
    if as_json:
        print_json(figures)


def _kinds(figures: dict[str, Any]) -> None:
    click.echo(f"  {'':36}{'p50 ms':>9}{'p95 ms':>9}{'found':>8}")
    for kind, one in {"all": figures, **figures["kinds"]}.items():
        if "p50_ms" in one:
            found = f"{one['found']:.2f}" if "found" in one else ""
            click.echo(f"  {kind:36}{one['p50_ms']:>9.1f}{one['p95_ms']:>9.1f}{found:>8}")
