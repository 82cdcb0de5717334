"""`meterbook ledger check`: do the books hold?"""

from __future__ import annotations

import click

from meterbook.cli.acting import as_json, print_json
from meterbook.records.ledger.check import check_laws, entry_count


@click.command()
@as_json
def check(as_json: bool) -> None:
    """Judge every law of the ledger; exit status 1 if one is broken."""
    laws = check_laws()
    for law in laws:
        click.echo(f"{'holds ' if law.holds else 'BROKEN'}  {law.name}")
        for offence in law.offences:
            click.echo(f"        {offence}")
    balanced, entries = all(law.holds for law in laws), entry_count()
    click.echo(f"{entries:,} entries")
    if as_json:
        print_json({"balanced": balanced, "entries": entries})
    if not balanced:
        raise SystemExit(1)
