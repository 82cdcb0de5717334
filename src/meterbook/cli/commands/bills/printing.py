"""Printing bills from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import refusals
from meterbook.cli.progress import Bar
from meterbook.notices.bill import render_bill, render_run
from meterbook.records.billing import queries


@click.command()
@click.option("--bill", "bill_reference", help="One bill, by id or number.")
@click.option("--run", "run_reference", help="A whole run, in batches.")
@click.option("--language", type=click.Choice(["en", "es"]), help="Instead of the resident's own.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("bills"), show_default=True, help="Directory.")
def pdf(bill_reference: str | None, run_reference: str | None, language: str | None, out: Path) -> None:
    """Make PDFs: of one bill, or of a run in batches with a manifest."""
    out.mkdir(parents=True, exist_ok=True)
    with refusals():
        if bill_reference:
            facts = queries.bill_facts(bill_reference)
            file = out / f"{facts['number']}.pdf"
            file.write_bytes(render_bill(facts["id"], language))
            click.echo(str(file))
        elif run_reference:
            made = queries.find_run(run_reference)
            with Bar("PDF", "bills") as bar:
                printed = render_run(made.pk, out, progress=bar)
            click.echo(f"{printed.bills:,} bills in {len(printed.files)} files under {out}")
            for isolated in printed.isolated:
                click.echo(f"  isolated: {isolated}")
        else:
            raise click.UsageError("say --bill or --run")
