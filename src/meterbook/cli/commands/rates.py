"""`meterbook rates`: tariff documents."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.rate_documents import schema, search, show
from meterbook.cli.rate_exchange.command import export, import_
from meterbook.cli.rate_pricing.command import price
from meterbook.engine.rates.check import run_cases
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff

file_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group(name="rates")
def command() -> None:
    """Tariffs: check a document, prove it on its cases, read the rate book."""


for _command in (price, import_, export, schema, search, show):
    command.add_command(_command)


@command.command()
@file_argument
def check(files: tuple[Path, ...]) -> None:
    """Check tariff documents and the worked cases beside them; exit status 1 if anything is wrong.

    Each problem is one line: file, line, path, what was found, what was expected.
    """
    wrong = 0
    for file in files:
        try:
            tariff = parse_tariff(file.read_text(encoding="utf-8"), file=str(file))
        except TariffError as error:
            for problem in error.problems:
                click.echo(str(problem))
            wrong += len(error.problems)
            continue
        click.echo(f"{file}: {tariff.schedule}, {len(tariff.versions)} versions, in order")
        cases = file.with_suffix("").with_suffix(".cases.yaml")
        if cases.exists():
            wrong += _prove(tariff, cases)
    if wrong:
        raise SystemExit(1)


def _prove(tariff: Tariff, cases: Path) -> int:
    """Run the cases of one tariff through both faces; returns how many failed."""
    failed = 0
    for result in run_cases(tariff, cases.read_text(encoding="utf-8"), file=str(cases)):
        click.echo(f"  {'ok    ' if result.passed else 'FAILED'}  {result.name}")
        for problem in result.problems:
            click.echo(f"          {problem}")
        failed += not result.passed
    return failed
