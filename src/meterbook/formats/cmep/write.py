"""Blocks of intervals and reads to CMEP bytes, as a head-end would send them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal

from meterbook.formats.cmep.words import RECORD_TYPE, RECORD_VERSION, REGISTER_SUFFIX, WRITTEN_QUALITY, written_unit
from meterbook.formats.contract import IntervalBlock, ReadRecord, plain_number

_ELECTRIC = ("kWh", "kVARh", "kVAh", "kW", "kVAR", "kVA")


def write(
    rows: Iterable[IntervalBlock | ReadRecord],
    *,
    stamp: dt.datetime,
    sender: str = "METERBOOK",
    receiver: str = "",
    volumes: str = "W",
) -> bytes:
    """One MEPMD01 line for each block or read; all times in UTC.

    `stamp` is when the file was made (with a timezone), `volumes` the commodity of volumes: W water or G gas. Raises
    `ValueError` for what CMEP has no word for, and for times that are not UTC: turn them before.

    >>> block = IntervalBlock(1, "W-1", "", dt.datetime(2026, 6, 3, 5, tzinfo=dt.UTC), "utc", 60, "cf",
    ...                       (Decimal(3), None), ("actual", "missing"))
    >>> print(write([block], stamp=dt.datetime(2026, 6, 3, 15, tzinfo=dt.UTC)).decode(), end="")
    MEPMD01,20080501,METERBOOK,,,W-1,202606031500,W-1,OK,W,CF,,00000100,2,202606030600,R0,3,202606030700,N0,
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        serial = row.meter_serial
        if not serial or serial != serial.strip() or not serial.isprintable():
            raise ValueError(f"meter {serial!r}: printable text without outer blanks is needed")
        cells = _block(row) if isinstance(row, IntervalBlock) else _read(row)
        unit, constant, length, triplets = cells
        commodity = "E" if row.unit in _ELECTRIC else "G" if row.unit == "therm" else volumes
        writer.writerow((
            RECORD_TYPE, RECORD_VERSION, sender, "", receiver, serial, _time(stamp), serial, "OK", commodity, unit,
            constant, length, len(triplets) // 3, *triplets,
        ))  # fmt: skip
    return out.getvalue().encode("utf-8")


def _block(block: IntervalBlock) -> tuple[str, str, str, list[str]]:
    if block.clock != "utc":
        raise ValueError(f"block of {block.meter_serial}: its time is {block.clock}, UTC is needed")
    days, rest = divmod(block.minutes, 24 * 60)
    if days > 7 or (days == 7 and rest):
        raise ValueError(f"block of {block.meter_serial}: intervals of at most 7 days")
    triplets: list[str] = []
    ends = block.starts_at
    for value, flag in zip(block.values, block.flags, strict=True):
        ends += dt.timedelta(minutes=block.minutes)
        triplets += [_time(ends), WRITTEN_QUALITY[flag], "" if value is None else f"{value:f}"]
    length = f"00{days:02}{rest // 60:02}{rest % 60:02}"
    return written_unit(block.unit, block.channel), _constant(block.multiplier), length, triplets


def _read(read: ReadRecord) -> tuple[str, str, str, list[str]]:
    value = f"{read.value:f}"
    if read.clock != "utc":
        raise ValueError(f"read of {read.meter_serial}: its time is {read.clock}, UTC is needed")
    if plain_number(value) is None:
        raise ValueError(f"reading {value}: not negative, at most 12 digits and 6 decimals")
    at = read.read_at.replace(tzinfo=dt.UTC)
    flag = WRITTEN_QUALITY["actual" if read.kind == "actual" else "estimated"]
    unit = written_unit(read.unit, read.register) + REGISTER_SUFFIX
    return unit, _constant(read.multiplier), "", [_time(at), flag, value]


def _constant(multiplier: Decimal | None) -> str:
    return "" if multiplier is None else f"{multiplier:f}"


def _time(moment: dt.datetime) -> str:
    there = moment.astimezone(dt.UTC)
    if there.second or there.microsecond:
        raise ValueError(f"time {moment}: whole minutes are needed")
    return f"{there:%Y%m%d%H%M}"
