"""Reads to Meterbook's plain CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.contract import UNITS, ReadKind, plain_number
from meterbook.formats.reads_csv.parse import HEADINGS, TRAILER


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One read: `reading` is the register as displayed in the canonical `unit`, `read_at` naive local time."""

    meter: str
    read_at: dt.datetime
    reading: Decimal
    unit: str
    channel: str = ""
    kind: ReadKind = "actual"
    reader: str = ""
    comment: str = ""


def write(rows: Iterable[ReadRow]) -> bytes:
    """The CSV of `rows` with headings and the counted trailer: UTF-8, each line ended.

    Line breaks in `reader` and `comment` become blanks. Raises `ValueError` for a blank meter, an unknown unit or
    kind, a negative reading or one beyond 12 digits and 6 decimals, or a time with a time zone.

    >>> row = ReadRow("E-2001", dt.datetime(2025, 3, 4, 9, 15), Decimal(10482), "kWh", reader="R. Vega")
    >>> print(write([row]).decode(), end="")
    meter,channel,read_date,read_time,reading,unit,kind,reader,comment
    E-2001,,2025-03-04,09:15,10482,kWh,actual,R. Vega,
    #END,1
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    count = 0
    for row in rows:
        writer.writerow(_cells(row))
        count += 1
    writer.writerow((TRAILER, count))
    text = out.getvalue()
    if "\x00" in text:
        raise ValueError("a cell holds a NUL character")
    return text.encode("utf-8")


def _cells(row: ReadRow) -> tuple[str, ...]:
    if not row.meter or row.meter != row.meter.strip() or not row.meter.isprintable() or row.meter == TRAILER:
        raise ValueError(f"meter {row.meter!r}: printable text without outer blanks is needed")
    if row.unit not in UNITS:
        raise ValueError(f"unit {row.unit!r}: one of {', '.join(UNITS)}")
    if row.kind not in ("actual", "estimated"):
        raise ValueError(f"kind {row.kind!r}: actual or estimated")
    if row.read_at.tzinfo is not None or row.read_at.microsecond:
        raise ValueError(f"read time {row.read_at!r}: naive local time in whole seconds is needed")
    reading = format(row.reading, "f")
    if plain_number(reading) is None:
        raise ValueError(f"reading {row.reading}: not negative, at most 12 digits and 6 decimals")
    time = row.read_at.time().isoformat("seconds" if row.read_at.second else "minutes")
    date = row.read_at.date().isoformat()
    return (
        row.meter,
        row.channel,
        date,
        time,
        reading,
        row.unit,
        row.kind,
        _one_line(row.reader),
        _one_line(row.comment),
    )


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
