"""`meterbook rates schema | search | show`: tariff documents for editors and for readers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import yaml
from django.utils.translation import gettext, override

from meterbook.cli.writing import write_text
from meterbook.engine.rates.book import BookSection, BookVersion, RateBook, rate_book
from meterbook.engine.rates.language.json_schema import json_schema
from meterbook.engine.rates.language.units import shown_unit
from meterbook.engine.rates.terms import Rate

#: Where the checkout keeps tariff documents.
TARIFFS = Path(__file__).resolve().parents[3] / "tariffs"


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead of printing it.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of tariff documents (draft 2020-12), for editors.

    An editor that knows YAML takes it from a document's first line:
    # yaml-language-server: $schema=FILE
    """
    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--in", "places", multiple=True, type=click.Path(exists=True, path_type=Path),
              help="A document or a folder of them; the tariffs folder if left out.")  # fmt: skip
def search(words: tuple[str, ...], places: tuple[Path, ...]) -> None:
    """Find WORDS among the names of tariff documents: schedules, titles, printed labels, ids, sources.

    Every word must stand in the same text, in any case. One line each: file, line, path, text. Exit status 1 if there
    is nothing.
    """
    wanted = [word.casefold() for word in words]
    found = 0
    for file in _documents(places or (TARIFFS,)):
        shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
        for line, path, text in _texts(file):
            if all(word in text.casefold() for word in wanted):
                click.echo(f"{shown}:{line}: {path}: {text}")
                found += 1
    if not found:
        click.echo(f"nothing named {' '.join(words)}", err=True)
        raise SystemExit(1)


def _documents(places: tuple[Path, ...]) -> Iterator[Path]:
    for place in places:
        files = sorted(place.rglob("*.yaml")) if place.is_dir() else [place]
        yield from (file for file in files if not file.name.endswith(".cases.yaml"))


def _texts(file: Path) -> Iterator[tuple[int, str, str]]:
    """Every text of a file with its line and path; a file that is not YAML is searched line by line."""
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        for node in yaml.compose_all(text, Loader=yaml.SafeLoader):
            yield from _leaves(node, "", set())
    except (yaml.YAMLError, RecursionError):
        yield from ((number, "not YAML", line.strip()) for number, line in enumerate(text.splitlines(), 1))


def _leaves(node: yaml.Node | None, path: str, seen: set[int]) -> Iterator[tuple[int, str, str]]:
    """The texts below a node. What an alias repeats is shown once, where it stands: aliases of aliases have no end."""
    if id(node) in seen:
        return
    seen.add(id(node))
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                yield from _leaves(value, f"{path}.{name}" if path else name, seen)
        case yaml.SequenceNode():
            for at, value in enumerate(node.value):
                yield from _leaves(value, f"{path}[{at}]", seen)
        case yaml.ScalarNode():
            yield node.start_mark.line + 1, path, node.value
        case _:
            return


@click.command()
@click.argument("schedule", required=False)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Show this document instead of the released ones; asks no database.")  # fmt: skip
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
def show(schedule: str | None, file: Path | None, language: str) -> None:
    """Show the released rate book, or one schedule of it, with citations."""
    from meterbook.engine.rates.tariff import TariffError, parse_tariff
    from meterbook.records.rates.queries import current_tariffs

    if file is not None:
        try:
            _say(rate_book(parse_tariff(file.read_text(encoding="utf-8"), file=str(file)), language=language))
        except TariffError as error:
            raise click.ClickException(str(error)) from None
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{file}: byte {error.start} is not UTF-8 text") from None
        return
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
            _scope(version)
            for section in version.sections:
                click.echo(f"    {section.label}{_conditions(section)}")
                for rate in section.rates:
                    click.echo(f"      {rate.words.words(gettext):58} {_priced(rate)}")


def _conditions(section: BookSection) -> str:
    season = gettext("season {season}").format(season=section.season) if section.season else ""
    condition = gettext("if {condition}").format(condition=section.applies) if section.applies else ""
    return "".join(f"  [{words}]" for words in (season, condition) if words)


def _priced(rate: Rate) -> str:
    """The price and what it is per; a computed one as its formula."""
    return f"= {rate.formula}  ({rate.per})" if rate.formula else f"{rate.price:>10} {rate.per}"


def _scope(version: BookVersion) -> None:
    """Seasons, hours of use, inputs and named values, each as the document has them."""
    for season in version.seasons:
        (month, day), (last_month, last_day) = season.start, season.end
        click.echo(f"    {season.name}: {month:02}-{day:02} … {last_month:02}-{last_day:02}")
    for period, lines in version.hours:
        click.echo(f"    {period}")
        for line in lines:
            click.echo(f"      {line}")
    for one in version.inputs:
        default = "" if one.default is None else f" = {one.default}"
        click.echo(f"    {one.name}: {one.kind}{'' if one.unit is None else ', ' + shown_unit(one.unit)}{default}")
    for value in version.values:
        click.echo(f"    {value.name}{' ' if value.rows else ' = '}{f'({value.rule})' if value.rows else value.rule}")
        for key, text in value.rows:
            click.echo(f"      {key:24} {text}")
