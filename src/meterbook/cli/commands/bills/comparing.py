"""`meterbook bills compare`, `export` and `sign`: a parallel run with another system."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.progress import Bar
from meterbook.engine.money import dollars
from meterbook.records.billing.queries import find_run
from meterbook.records.parallel import queries
from meterbook.records.parallel.export import export_run
from meterbook.records.parallel.mapping import Mapping, parse_mapping
from meterbook.records.parallel.operations.compare_bills import compare_bills, sign_off

_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--run", "run_reference", help="Compare with this run of ours, posted or not; else posted bills of the days."
)
@click.option("--map", "mapping_file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="YAML: which of their charges are which components of ours.")  # fmt: skip
@as_json
@as_user
def compare(file: Path, run_reference: str | None, mapping_file: Path | None, as_json: bool, username: str) -> None:
    """Compare another system's bills (FILE: meterbook-bills CSV) with ours, account by account, line by line.

    A difference is explained only where computing our bill with their rounding, days, rate or reads gives their figure
    to the cent.
    """
    with refusals(), Bar("comparing", "accounts") as bar:
        mapping = Mapping()
        if mapping_file is not None:
            mapping = parse_mapping(mapping_file.read_text(encoding="utf-8"), file=mapping_file.name)
        run = find_run(run_reference) if run_reference else None
        made = compare_bills(
            act_of(username, f"comparison with {mapping.system}"), file_name=file.name, content=file.read_bytes(),
            mapping=mapping, run=run, told=bar,
        )  # fmt: skip
    totals = made.totals
    click.echo(f"comparison {made.number} with {made.system}")
    for outcome in ("equal", "explained", "unexplained"):
        click.echo(f"  {outcome:12}{totals[outcome]:>9,} bills {_usd(totals['difference_cents'][outcome]):>16}")
    for name, words in (("only_ours", "only we billed"), ("only_theirs", "only they billed")):
        if totals[name]:
            click.echo(f"    {words}: {totals[name]:,}")
    for cause, count in totals["causes"].items():
        click.echo(f"    {cause}: {count:,} bills")
    for bill in queries.unexplained(made.pk, _SHOWN):
        click.echo(
            f"  unexplained {bill.account_number}: ours {_shown(bill.ours_cents)}, theirs {_shown(bill.theirs_cents)}"
        )
    if as_json:
        print_json({"comparison": made.number, **totals})


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write.")
def export(run_reference: str, out: Path) -> None:
    """Write a run's bills line by line (meterbook-bills CSV), to be compared after an upgrade or elsewhere."""
    with refusals():
        content = export_run(find_run(run_reference))
    out.write_bytes(content)
    lines = content.count(bytes([10])) - 2
    click.echo(f"{out}: {lines:,} lines")


@click.command()
@click.argument("number")
@click.option("--note", default="", help="What is accepted, and why; needed where anything is unexplained.")
@as_user
def sign(number: str, note: str, username: str) -> None:
    """Sign comparison NUMBER; who made it cannot."""
    with refusals():
        sign_off(act_of(username, f"sign-off of {number}"), comparison=queries.find_comparison(number), note=note)
    click.echo(f"comparison {number} signed by {username}")


def _usd(cents: int) -> str:
    return f"${dollars(cents):,}"


def _shown(cents: int | None) -> str:
    return "no bill" if cents is None else _usd(cents)
