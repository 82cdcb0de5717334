"""Reads to BEACON bytes, as the head-end would export them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.beacon.columns import HEADINGS, WRITTEN_UNIT
from meterbook.formats.contract import plain_number


@dataclass(frozen=True, slots=True)
class BeaconRow:
    """One read of one register.

    `reading` is the register as displayed, in the canonical `unit`; `read_at` is naive local time. Everything after
    `unit` may be left blank, as head-ends do. `flow` is the use since the row before, in `flow_unit`.
    """

    meter_serial: str
    read_at: dt.datetime
    reading: Decimal
    unit: str
    estimated: bool = False
    register: str = ""
    raw_read: str = ""
    dials: int | None = None
    resolution: Decimal | None = None
    flow: Decimal | None = None
    flow_unit: str = "gal"
    account_id: str = ""
    location_id: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    endpoint_serial: str = ""
    meter_size: str = ""
    meter_size_text: str = ""
    meter_installed_on: dt.date | None = None
    manufacturer: str = "BADGER"


def write(rows: Iterable[BeaconRow]) -> bytes:
    """The CSV of `rows`: UTF-8, every cell quoted, the 48 headings first, each line ended.

    Raises `ValueError` for what BEACON could not have written: no meter, an unknown unit, a negative reading or one
    beyond 12 digits and 6 decimals, a time with a time zone.

    >>> row = BeaconRow("W-1001", dt.datetime(2025, 3, 4, 6, 0), Decimal("88.25"), "kgal", city="Alder Bend")
    >>> write([row]).decode().splitlines()[1].count(",")
    47
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(_cells(row) for row in rows)
    text = out.getvalue()
    if "\x00" in text:
        raise ValueError("a cell holds a NUL character")
    return text.encode("utf-8")


def _cells(row: BeaconRow) -> tuple[str, ...]:
    if not row.meter_serial or row.meter_serial != row.meter_serial.strip() or not row.meter_serial.isprintable():
        raise ValueError(f"meter serial {row.meter_serial!r}: printable text without outer blanks is needed")
    read_at = _moment(row.read_at)
    installed_on = "" if row.meter_installed_on is None else f"{row.meter_installed_on.isoformat()} 00:00"
    return (
        row.account_id,
        "good",  # Battery_Level
        "",
        "",
        "",
        "" if row.dials is None else str(row.dials),
        "",
        row.endpoint_serial,
        "1" if row.estimated else "0",
        "" if row.flow is None else _number(row.flow),
        read_at if row.flow is not None else "",
        WRITTEN_UNIT[row.flow_unit] if row.flow is not None else "",
        row.address,
        "",
        "",
        row.city,
        "US",
        row.location_id,
        row.state,
        row.postcode,
        *("",) * 10,  # Location_Continuous_Flow to Location_Year_Built
        row.meter_serial,  # Meter_ID; the sample leaves Meter_SN blank
        installed_on,
        row.manufacturer,
        "",
        row.meter_size,
        row.meter_size_text,
        "INCHES" if row.meter_size else "",
        "",
        row.raw_read,
        _number(row.reading),
        read_at,
        _unit(row.unit),
        row.register,
        "" if row.resolution is None else _number(row.resolution),
        "",
        "",
        "",
        "good",  # Signal_Strength
    )


def _number(value: Decimal) -> str:
    text = format(value, "f")
    if plain_number(text) is None:
        raise ValueError(f"reading {value}: not negative, at most 12 digits and 6 decimals")
    return text


def _moment(moment: dt.datetime) -> str:
    if moment.tzinfo is not None or moment.microsecond:
        raise ValueError(f"read time {moment!r}: naive local time in whole seconds is needed")
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")


def _unit(unit: str) -> str:
    if unit not in WRITTEN_UNIT:
        raise ValueError(f"unit {unit!r}: one of {', '.join(WRITTEN_UNIT)}")
    return WRITTEN_UNIT[unit]
