"""Pricing a native tariff document: one row for every line of every scenario, and its total."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from pathlib import Path

import click

from meterbook.cli.rate_pricing.asked import Asked
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import QUANTITY_LIMIT, Refusal

COLUMNS = ("scenario", "component", "label", "quantity", "unit_price", "amount_exact", "amount_cents")
#: Columns of a scenario that are not determinants.
OWN = ("scenario", "from", "to")
_FINE = Decimal(1).scaleb(-12)

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
    with asked.out.open("w", encoding="utf-8", newline="") as out:
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
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.reader(opened)
        head = [name.strip() for name in next(reader, [])]
        for name in ("from", "to"):
            if name not in head:
                raise click.ClickException(f"{file}:1: found no column {name!r}, expected {', '.join(OWN[1:])}")
        for name in head:
            if head.count(name) > 1 or name not in (*OWN, *known):
                expected = ", ".join((*OWN, *sorted(known)))
                raise click.ClickException(f"{file}:1: column {name!r}: expected each of {expected} at most once")
        for number, cells in enumerate((cells for cells in reader if cells), start=1):
            if len(cells) != len(head):
                raise click.ClickException(
                    f"{file}:{reader.line_num}: found {len(cells)} values, expected {len(head)}, as in the heading"
                )
            row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
            yield row.get("scenario") or str(number), row


def _day(row: Mapping[str, str], name: str) -> date:
    try:
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
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        expected = f"a number with at most six decimals, up to {QUANTITY_LIMIT}"
        if not number.is_finite() or number != number.quantize(Decimal("0.000001")) or abs(number) > QUANTITY_LIMIT:
            raise _Wrong(f"{name}: found {text!r}, expected {expected}")
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
