"""`meterbook rates`: tariff documents."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils.translation import gettext, override

from meterbook.cli.rate_pricing.command import price
from meterbook.engine.rates.book import RateBook, rate_book
from meterbook.engine.rates.check import run_cases
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff

file_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group(name="rates")
def command() -> None:
    """Tariffs: check a document, prove it on its cases, read the rate book."""


command.add_command(price)


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
                click.echo(f"{problem.file}:{problem.line}: {problem.path}: found {problem.found}, "
                           f"expected {problem.expected}")  # fmt: skip
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


@command.command()
@click.argument("schedule", required=False)
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
def show(schedule: str | None, language: str) -> None:
    """Show the released rate book, or one schedule of it, with citations."""
    from meterbook.records.rates.queries import current_tariffs

    tariffs = sorted(current_tariffs().values(), key=lambda tariff: tariff.schedule)
    if schedule is not None and schedule not in {tariff.schedule for tariff in tariffs}:
        raise click.ClickException(f"no schedule {schedule}; there are {', '.join(t.schedule for t in tariffs)}")
    for tariff in tariffs:
        if schedule in (None, tariff.schedule):
            _say(rate_book(tariff, language=language))


def _say(book: RateBook) -> None:
    """A rate sheet as text."""
    with override(book.language):
        click.echo(f"\n{book.schedule}  {book.title}  ({book.unit})\n  {book.eligibility}")
        for version in book.versions:
            until = f" until {version.until}" if version.until else ""
            click.echo(f"\n  version {version.version}, effective {version.effective}{until}")
            cited = version.source
            click.echo(f"  {cited.utility}, {cited.resolution}, {cited.section}, adopted {cited.adopted}")
            for section in version.sections:
                click.echo(f"    {section.label}")
                for rate in section.rates:
                    said = rate.words.words(gettext)
                    click.echo(f"      {said:58} {rate.price:>10} {rate.per}")
