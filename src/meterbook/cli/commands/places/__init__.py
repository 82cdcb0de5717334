"""`meterbook places`: where premises are on the map, and the weather there."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
import polars as pl

from meterbook.cli.acting import act_of, as_user, refusals
from meterbook.records.places.operations import weather
from meterbook.records.places.operations.positions import SHAPE, premises_on_record, set_positions

_NEEDED = ("street_number", "street", "latitude", "longitude")


@click.group(name="places")
def command() -> None:
    """Premises: their places on the map, and the weather there."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--origin", required=True, help="Who says so: the county's address points of May 2026.")
@as_user
def positions(file: Path, origin: str, username: str) -> None:
    """Put premises on the map from a CSV: street_number, street, latitude, longitude; unit and postal_code if any.

    Nothing is placed where a line is wrong; every wrong line is named.
    """
    found, problems = _read(file)
    if problems:
        raise click.ClickException("\n".join([f"{file.name}: nothing was placed", *problems]))
    with refusals():
        count = set_positions(act_of(username, origin), positions=found, origin=origin)
    click.echo(f"{count} premises are on the map")


@command.command("degree-days")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--station", required=True, help="The weather service's code of the station, like KALB.")
@as_user
def degree_days(file: Path, station: str, username: str) -> None:
    """Take degree-days by day from a CSV: day, heating, cooling (base 65 °F, tenths at the finest)."""
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    found = []
    for row in rows:
        try:
            tenths = [_tenths(row[name]) for name in ("heating", "cooling")]
            found.append((date.fromisoformat(row["day"]), *tenths))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise click.ClickException(
                f"{file.name}, line {rows.line_num}: found {row}, expected day, heating, cooling; nothing was taken"
            ) from None
    values = pl.DataFrame(found, schema=weather.SHAPE, orient="row")
    with refusals():
        count = weather.take_degree_days(act_of(username, file.name), station=station, values=values)
    click.echo(f"{count} of {len(found)} days are new or changed")


def _tenths(text: str) -> int:
    """Degree-days in tenths; raises `ValueError` for finer ones and for what no day has."""
    value = Decimal(text) * 10
    if value != int(value) or not 0 <= value <= 10_000:
        raise ValueError(text)
    return int(value)


def _read(file: Path) -> tuple[pl.DataFrame, list[str]]:
    """The positions of a file by premise, and what is wrong with it, by line."""
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or [])]
    if missing:
        return pl.DataFrame(schema=SHAPE), [f"line 1: found no {', '.join(missing)}, expected {', '.join(_NEEDED)}"]
    known = {
        (row["street_number"].lower(), row["street"].lower(), row["unit"].lower()): row["premise_id"]
        for row in premises_on_record().iter_rows(named=True)
    }
    found, problems = [], []
    for row in rows:
        key = tuple(str(row.get(name) or "").strip().lower() for name in ("street_number", "street", "unit"))
        north, east = _degrees(row["latitude"], 90), _degrees(row["longitude"], 180)
        if key not in known:
            problems.append(f"line {rows.line_num}: found {' '.join(key).strip()}, expected an address on record")
        elif north is None or east is None:
            place = f"{row['latitude']}, {row['longitude']}"
            problems.append(f"line {rows.line_num}: found {place}, expected degrees such as 33.912345, -115.301234")
        else:
            found.append({"premise_id": known[key], "north_e6": north, "east_e6": east})
    return pl.DataFrame(found, schema=SHAPE), problems


def _degrees(text: str | None, most: int) -> int | None:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return int(value.scaleb(6).to_integral_value()) if value.is_finite() and abs(value) <= most else None
