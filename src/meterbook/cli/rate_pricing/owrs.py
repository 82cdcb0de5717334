"""Pricing files of the Open Water Rate Specification: one row of exact amounts for every scenario."""

from __future__ import annotations

import csv
import posixpath
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import click

from meterbook.cli.rate_pricing.asked import Asked
from meterbook.cli.rate_pricing.scenario_rows import scenario_rows
from meterbook.cli.writing import written
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import MissingDeterminant, OutOfRange, Refusal, UnknownKey
from meterbook.formats.contract import WrongFormat, shortened
from meterbook.formats.owrs.document import OwrsFile, parse
from meterbook.formats.owrs.facts import BadScenario, facts_of, needs, quantity
from meterbook.formats.owrs.native import Converted, convert_for_pricing, standing_in

COLUMNS = ("file", "cust_class", "usage")
RESULTS = ("service_charge", "commodity_charge", "bill", "bill_cents", "error")
_HUNDRED = Decimal(100)
_Row = dict[str, str] | str


@dataclass(frozen=True)
class _Priceable:
    """A class ready to be priced: its document, and a second one for results that no bill charges."""

    name: str
    billed: Converted
    tariff: Tariff
    aside: tuple[Converted, Tariff] | None


class Book:
    """The files under a folder, each read once; each class made a document once for the inputs that are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, OwrsFile | str] = {}
        self._classes: dict[tuple[str, str, frozenset[str]], _Priceable | str] = {}

    def priced(self, row: Mapping[str, str]) -> tuple[Decimal, Decimal, Decimal]:
        """Service charge, commodity charge and bill of one scenario, exact dollars; raises `BadScenario`."""
        one = self._class(row)
        if usage := (row.get("usage") or "").strip():
            quantity("usage", usage)
        facts = facts_of(one.name, one.billed, row)
        lines = _exact(one.name, one.billed, one.tariff, facts)
        found = {key: lines.get(component, Decimal(0)) for key, component in one.billed.results.items()}
        if one.aside is not None:
            converted, tariff = one.aside
            lines_aside = _exact(one.name, converted, tariff, facts_of(one.name, converted, row))
            found |= {key: lines_aside.get(component, Decimal(0)) for key, component in converted.results.items()}
        zero = Decimal(0)
        return found.get("service_charge", zero), found.get("commodity_charge", zero), sum(lines.values(), zero)

    def _file(self, name: str) -> OwrsFile:
        found = self._files.get(name)
        if found is None:
            found = self._files[name] = self._read(name)
        if isinstance(found, str):
            raise BadScenario(found)
        return found

    def _read(self, name: str) -> OwrsFile | str:
        if not name:
            return "file is blank"
        # The folder is a boundary: a scenario file that came from elsewhere reads nothing beside it.
        inside = posixpath.normpath(name.replace("\\", "/"))
        if inside.startswith(("/", "../")) or inside in (".", "..") or Path(name).is_absolute():
            return f"{shortened(name, 80)} is not under {self.folder}"
        try:
            return parse((self.folder / inside).read_bytes())
        except WrongFormat as error:
            return f"{name} cannot be loaded: line {error.line}: {error.reason}"
        except (OSError, ValueError):
            return f"{name} is no file under {self.folder}"

    def _class(self, row: Mapping[str, str]) -> _Priceable:
        file, name = (row.get("file") or "").strip(), (row.get("cust_class") or "").strip()
        owrs = self._file(file)
        if name not in owrs.classes:
            known = ", ".join(owrs.classes) or "no class"
            raise BadScenario(owrs.unread.get(name) or f"{file} has no class {name or '(blank)'}; it has {known}")
        columns = frozenset(key for key, text in row.items() if key not in COLUMNS and text and text.strip())
        given = standing_in(owrs.classes[name], columns)
        found = self._classes.get((file, name, given))
        if found is None:
            found = self._classes[file, name, given] = _made(owrs, file, name, given)
        if isinstance(found, str):
            raise BadScenario(found)
        return found


def _made(owrs: OwrsFile, file: str, name: str, given: frozenset[str]) -> _Priceable | str:
    try:
        billed, aside = convert_for_pricing(owrs, name, given=given)
        tariff = parse_tariff(billed.text, file=file)
        return _Priceable(name, billed, tariff, None if aside is None else (aside, parse_tariff(aside.text, file=file)))
    except TariffError as error:
        first = error.problems[0]
        return f"{name} of {file} cannot be priced: {first.path}: found {first.found}, expected {first.expected}"
    except (ValueError, ArithmeticError, RecursionError) as error:
        return f"{name} of {file} cannot be priced: {error}"


def _exact(name: str, converted: Converted, tariff: Tariff, facts: Mapping[str, Decimal | str]) -> dict[str, Decimal]:
    """Exact dollars by component; raises `BadScenario`."""
    found: dict[str, Decimal] = {}
    starts = converted.effective
    try:
        for line in amounts(tariff, starts, starts + timedelta(days=converted.days), facts):
            found[line[0]] = found.get(line[0], Decimal(0)) + line[-1] / _HUNDRED
    except MissingDeterminant as error:
        fields = {one.native: one.owrs for one in converted.asked}
        raise needs(name, fields.get(error.determinant, error.determinant)) from None
    except UnknownKey as error:
        raise BadScenario(f"{name} has no price for {error.determinant} = {', '.join(error.values)}") from None
    except OutOfRange as error:
        raise BadScenario(f"{name}: {error.what}") from None
    except (Refusal, ArithmeticError) as error:
        raise BadScenario(f"{name}: {error}") from None
    return found


def _shown(amount: Decimal) -> str:
    """All decimals there are, at least eight."""
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(8, '0')}"


def _cells(book: Book, row: Mapping[str, str] | str) -> list[str]:
    """The results of one row; of one that could not be read, the sentence it is."""
    try:
        if isinstance(row, str):
            raise BadScenario(row)
        service, commodity, bill = book.priced(row)
    except BadScenario as error:
        return ["", "", "", "", " ".join(str(error).split())]
    cents = int((bill * _HUNDRED).to_integral_value(rounding=ROUND_HALF_UP))
    return [_shown(service), _shown(commodity), _shown(bill), str(cents), ""]


def read_scenarios(file: Path) -> Iterator[_Row]:
    """Rows of a scenario file as texts by column; refused as a whole if its headings cannot be.

    A row of another length than the heading is a sentence instead: its values may belong to other columns.
    """
    rows = scenario_rows(file)
    headings = [heading.strip() for heading in next(rows, (1, []))[1]]
    missing = [name for name in COLUMNS if name not in headings]
    twice = {name for name in headings if name and headings.count(name) > 1}
    if missing or twice:
        wrong = f"lacks the column {', '.join(missing)}" if missing else f"has the column {', '.join(twice)} twice"
        raise click.ClickException(f"{file}: it {wrong}; expected {', '.join(COLUMNS)} and inputs by name")
    for line, cells in rows:
        if len(cells) == len(headings):
            yield dict(zip(headings, cells, strict=True))
        else:
            yield f"line {line} has {len(cells)} values, expected {len(headings)}, as in the heading"


def price(asked: Asked) -> None:
    """Price scenarios of OWRS files, one billing period each, through the tariff engine.

    An input a class needs and does not get is an error of that row; nothing is assumed, and no row stops another.
    """
    asked.only("owrs", "rates!", "scenarios!")
    assert asked.rates is not None and asked.scenarios is not None
    rows = list(read_scenarios(asked.scenarios))
    book, wrong = Book(asked.rates), 0
    with written(asked.out) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(RESULTS)
        for row in _told(rows):
            cells = _cells(book, row)
            writer.writerow(cells)
            wrong += bool(cells[-1])
    click.echo(f"{asked.out}: {len(rows) - wrong} of {len(rows)} scenarios priced", err=True)


def _told(rows: list[_Row]) -> Iterator[_Row]:
    """The rows one by one, with how far they are on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield from rows
        return
    with click.progressbar(rows, label="pricing", file=sys.stderr) as shown:
        yield from shown
