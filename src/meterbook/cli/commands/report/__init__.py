"""`meterbook report`: what reports there are, and any of them as CSV or XLSX."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from meterbook import reports
from meterbook.cli.acting import act_of, as_user, refusals
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.roles import roles_of
from meterbook.reports.asking import asked
from meterbook.reports.contract import Parameter
from meterbook.web.kit.sections import REPORTS
from meterbook.web.reports.plain import table_of


@click.group(name="report")
def command() -> None:
    """Reports on reads, usage and meters: the same rows as on the screen."""


@command.command(name="list")
def list_() -> None:
    """Print every report with its parameters."""
    for name in reports.names():
        found = reports.report(name)
        click.echo(f"{name}: {found.says}")
        for each in found.parameters:
            click.echo(f"    {each.name}  {_expects(each)}")


def _expects(parameter: Parameter) -> str:
    if parameter.choices is not None:
        return f"{parameter.title}: {', '.join(code for code in parameter.choices if code)}"
    kinds = {"day": "a date", "count": f"a whole number from {parameter.least}"}
    return f"{parameter.title}: {kinds.get(parameter.kind, 'a ' + parameter.kind)}"


@command.command()
@click.argument("name")
@click.option("--param", "-p", "given", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given often.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Write CSV there.")
@click.option("--xlsx", "xlsx_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a workbook there.")
@as_user
def run(name: str, given: tuple[str, ...], csv_file: Path | None, xlsx_file: Path | None, username: str) -> None:
    """Make report NAME: CSV to a file, a workbook, or CSV to the terminal."""
    with refusals():
        act = act_of(username, f"report {name}")
        if not roles_of(act.actor, act.business_date) & REPORTS.roles:
            raise NotPermitted(f"{username} may not see reports; roles that may: {', '.join(sorted(REPORTS.roles))}")
        found = reports.report(name)
        settled = asked(found, _parameters(given), act.business_date)
        table = table_of(found, settled, found.rows(settled))
    if xlsx_file:
        xlsx_file.write_bytes(table.xlsx())
    if csv_file:
        csv_file.write_text("".join(table.csv_lines()), encoding="utf-8", newline="")
    if csv_file or xlsx_file:
        click.echo(f"{name}: {len(table.found)} rows")
    else:
        sys.stdout.writelines(line.replace("\r\n", "\n").removeprefix("\ufeff") for line in table.csv_lines())


def _parameters(given: tuple[str, ...]) -> dict[str, str]:
    """``NAME=VALUE`` pairs as a mapping; raises `ValueError` for one without a name."""
    pairs = [each.partition("=") for each in given]
    wrong = [each for each, (name, sign, _) in zip(given, pairs, strict=True) if not (name and sign)]
    if wrong:
        raise ValueError(f"--param {wrong[0]!r}: expected NAME=VALUE")
    return {name: value for name, _, value in pairs}
