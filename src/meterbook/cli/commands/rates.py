"""`meterbook rates`: tariff documents."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook.cli.rate_documents import schema, search, show
from meterbook.cli.rate_exchange.command import export, import_
from meterbook.cli.rate_pricing.command import price
from meterbook.engine.rates.check import run_cases, split_example
from meterbook.engine.rates.language.units import shown_unit
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
    """Check tariff documents and their worked cases; exit status 1 if anything is wrong.

    Each problem is one line: file, line, path, what was found, what was expected. Cases stand beside the document
    (NAME.cases.yaml) or after it in the same file, behind a line '---'.
    """
    wrong = 0
    for file in dict.fromkeys(_document(file) for file in files):
        try:
            wrong += _checked(file)
        except TariffError as error:
            for problem in error.problems:
                click.echo(str(problem))
            wrong += len(error.problems)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            click.echo(f"{file}:{line}: document: found bytes that are not UTF-8, expected UTF-8 text")
            wrong += 1
    if wrong:
        raise SystemExit(1)


def _document(file: Path) -> Path:
    """The document of a file with cases; any other file is a document itself."""
    beside = file.with_name(file.name.removesuffix(".cases.yaml") + ".yaml")
    return beside if file.name.endswith(".cases.yaml") and beside.exists() else file


def _checked(file: Path) -> int:
    """Check one document and run its cases; returns how many failed."""
    text, own = split_example(file.read_text(encoding="utf-8"))
    tariff = parse_tariff(text, file=str(file))
    click.echo(f"{file}: {tariff.schedule}, {len(tariff.versions)} versions, in order")
    click.echo(f"  asks: {_asks(tariff)}")
    failed = 0
    if own:
        # Blank lines in place of the document keep the line numbers of the file.
        failed += _prove(tariff, "\n" * (text.count("\n") + 2) + own, file)
    cases = file.with_name(f"{file.stem}.cases.yaml")
    if cases.exists():
        failed += _prove(tariff, cases.read_text(encoding="utf-8"), cases)
    return failed


def _asks(tariff: Tariff) -> str:
    """The facts a bill is asked for, each with its kind and unit: a name spelled wrong is one nobody hands in."""
    units = {one.name: one.unit for version in tariff.versions for one in version.scope.inputs.values()}
    found: dict[str, str] = {}
    for one in tariff.required_determinants():
        unit, own = units.get(one.name), one.name == "usage" and one.name not in units
        more = [tariff.unit] if own else [] if unit is None else [shown_unit(unit)]
        free = ["not needed"] if one.optional else []
        found.setdefault(one.name, f"{one.name} ({', '.join([one.kind, *more, *free])})")
    return ", ".join(found.values()) or "nothing"


def _prove(tariff: Tariff, cases: str, file: Path) -> int:
    """Run the cases of one tariff through both faces; returns how many failed."""
    failed = 0
    for result in run_cases(tariff, cases, file=str(file)):
        click.echo(f"  {'ok    ' if result.passed else 'FAILED'}  {result.name}")
        for problem in result.problems:
            click.echo(f"          {problem}")
        failed += not result.passed
    return failed
