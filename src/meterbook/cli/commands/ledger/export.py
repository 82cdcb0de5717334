"""`meterbook ledger export`: the whole ledger for Beancount or hledger."""

from __future__ import annotations

import time
from pathlib import Path

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.formats import beancount, hledger
from meterbook.records.closing.months import Span, span_of
from meterbook.records.closing.whole_ledger import everything, names, title, transactions

_FORMATS = {"beancount": beancount, "hledger": hledger}


@click.command()
@click.option("--format", "format_", type=click.Choice(list(_FORMATS)), required=True, help="Who will read it.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--from", "first", metavar="MONTH", help="First month, like 2026-07; default: the books' first.")
@click.option("--to", "last", metavar="MONTH", help="Last month; default: the books' last.")
@as_json
def export(format_: str, out: Path, first: str | None, last: str | None, as_json: bool) -> None:
    """Write every entry of the books as one transaction of plain-text accounting.

    A transaction is dated the later of the entry's effective day and the first day of its accounting period, and has
    the legs of the trial balance, so that `bean-check` or `hledger check` accept the file and its balances are ours.
    """
    began, count = time.monotonic(), 0
    writes = _FORMATS[format_]
    with refusals():
        span = _span(first, last)
        with out.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(writes.heading(title(), names().values(), everything().starts))
            for one in transactions(span):
                file.write(writes.transaction(one))
                count += 1
    seconds = time.monotonic() - began
    click.echo(f"{out}: {count:,} transactions in {seconds:.1f} s")
    if as_json:
        print_json({"transactions": count, "bytes": out.stat().st_size, "seconds": round(seconds, 3)})


def _span(first: str | None, last: str | None) -> Span:
    whole = everything()
    starts = span_of(first).starts if first else whole.starts
    ends = span_of(last).ends if last else whole.ends
    if starts >= ends:
        raise click.BadParameter("--to lies before --from")
    return Span("", starts, ends)
