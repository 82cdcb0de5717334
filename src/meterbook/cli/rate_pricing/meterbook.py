"""Pricing a native tariff document: one row for every line of every scenario, and its total."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import click

from meterbook.cli.rate_pricing.asked import Asked
from meterbook.cli.rate_pricing.scenario_rows import scenario_rows
from meterbook.cli.writing import written
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import QUANTITY_LIMIT, Refusal
from meterbook.formats.contract import shortened

COLUMNS = ("scenario", "component", "label", "quantity", "unit_price", "amount_exact", "amount_cents")
#: Columns of a scenario that are not determinants.
OWN = ("scenario", "from", "to")
_FINE = Decimal(1).scaleb(-12)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MILLIONTH = Decimal("0.000001")

Facts = dict[str, Decimal | str | None]


class _Wrong(Exception):
    """A scenario cannot be priced; the message is one sentence."""


def price(asked: Asked) -> None:
    """Price every scenario; one that cannot be has a row ``error`` with its reason, and stops no other."""
    asked.only("meterbook", "file!", "scenarios!", "language")
    assert asked.file is not None and asked.scenarios is not None
    try:
        tariff = parse_tariff(asked.file.read_text(encoding="utf-8"), file=str(asked.file))
    except TariffError as error:
        raise click.ClickException(str(error)) from None
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{asked.file}: byte {error.start} is not UTF-8 text") from None
    rows = list(_scenarios(asked.scenarios, tariff))
    refused = 0
    with written(asked.out) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for name, row in rows:
            try:
                writer.writerows(_bill(tariff, name, row, asked.language or "en"))
            except (_Wrong, Refusal) as wrong:
                refused += 1
                writer.writerow((name, "error", str(wrong), "", "", "", ""))
    click.echo(f"{asked.out}: {len(rows) - refused} of {len(rows)} scenarios priced", err=True)


def _scenarios(file: Path, tariff: Tariff) -> Iterator[tuple[str, dict[str, str]]]:
    """Every row with its name: its own ``scenario``, or its number."""
    known = {determinant.name for determinant in tariff.required_determinants()}
    rows = scenario_rows(file)
    head = [name.strip() for name in next(rows, (1, []))[1]]
    for name in ("from", "to"):
        if name not in head:
            raise click.ClickException(f"{file}:1: found no column {name!r}, expected {', '.join(OWN[1:])}")
    for name in head:
        if head.count(name) > 1 or name not in (*OWN, *known):
            expected = ", ".join((*OWN, *sorted(known)))
            raise click.ClickException(f"{file}:1: column {name!r}: expected each of {expected} at most once")
    lines: dict[str, int] = {}
    for number, (line, cells) in enumerate(rows, start=1):
        if len(cells) != len(head):
            raise click.ClickException(
                f"{file}:{line}: found {len(cells)} values, expected {len(head)}, as in the heading"
            )
        row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
        scenario = row.get("scenario") or str(number)
        if scenario in lines:
            words = f"found the scenario {scenario!r} again, first on line {lines[scenario]}"
            raise click.ClickException(f"{file}:{line}: {words}; expected a name of its own for every scenario")
        lines[scenario] = line
        yield scenario, row


def _day(row: Mapping[str, str], name: str) -> date:
    try:
        if not _DAY.fullmatch(row[name]):
            raise ValueError(row[name])
        return date.fromisoformat(row[name])
    except ValueError:
        raise _Wrong(f"{name}: found {row[name]!r}, expected a date YYYY-MM-DD") from None


def _facts(row: Mapping[str, str], kinds: Mapping[str, str]) -> Facts:
    found: Facts = {}
    for name, text in row.items():
        if name in OWN or not text:
            continue
        if kinds[name] == "key":
            found[name] = text
            continue
        number = Decimal(text) if _NUMBER.fullmatch(text) else None
        # The size comes first: a larger number has no millionths to be compared with.
        if number is None or abs(number) > QUANTITY_LIMIT or number != number.quantize(_MILLIONTH):
            expected = f"a number with at most six decimals, up to {QUANTITY_LIMIT}"
            raise _Wrong(f"{name}: found {shortened(text, 40)!r}, expected {expected}")
        found[name] = number
    return found


def _bill(tariff: Tariff, name: str, row: Mapping[str, str], language: str) -> Iterable[tuple[object, ...]]:
    """The rows of one scenario."""
    starts, ends = _day(row, "from"), _day(row, "to")
    kinds = {determinant.name: determinant.kind for determinant in tariff.required_determinants()}
    lines = amounts(tariff, starts, ends, _facts(row, kinds))
    found: list[tuple[object, ...]] = []
    exact, cents = Decimal(0), 0
    with localcontext(prec=60):
        for component, part, version, _, rounded, _, _, quantity, unit_price, unrounded in lines:
            settings = next(one for one in tariff.versions if one.version == version).component(component)
            label = (settings.settings.label_of(part) or settings.label)[language]
            amount = unrounded.scaleb(-2)
            exact, cents = exact + amount, cents + rounded
            found.append((name, component, label, _plain(quantity), _plain(unit_price), _money(amount), rounded))
    found.append((name, "total", "Total", "", "", _money(exact), cents))
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _money(value: Decimal) -> str:
    """Dollars with two to twelve decimals; a quotient that does not end is carried to the twelfth, half-up."""
    shown = value.quantize(_FINE, rounding=ROUND_HALF_UP)
    text = f"{shown.normalize():f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"
