"""Days of intervals to NEM12 bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from meterbook.formats.contract import IntervalBlock
from meterbook.formats.nem12.words import LENGTHS, WRITTEN_QUALITY, WRITTEN_UNIT, suffix_of


def write(
    blocks: Iterable[IntervalBlock], *, created: dt.datetime, sender: str = "METERBOOK", receiver: str = ""
) -> bytes:
    """One 200 record for each meter and flow, its days in order.

    Blocks must be whole days in standard time (clock `standard`, from midnight); longer ones are cut into days. Raises
    `ValueError` for anything else, and for units and flows NEM12 has no word for.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("100", "NEM12", f"{created:%Y%m%d%H%M}", sender, receiver))
    ordered = sorted(blocks, key=_stream)
    for (serial, channel, unit, minutes), group in groupby(ordered, key=_stream):
        if not serial or serial != serial.strip() or not serial.isprintable():
            raise ValueError(f"meter {serial!r}: printable text without outer blanks is needed")
        if minutes not in LENGTHS or unit not in WRITTEN_UNIT:
            raise ValueError(f"meter {serial}: {minutes} minutes in {unit}: NEM12 has no word for it")
        suffix = suffix_of(channel, unit)
        writer.writerow(("200", serial[:10], suffix, "1", suffix, "", serial, WRITTEN_UNIT[unit], minutes, ""))
        days = sorted((day for block in group for day in _days(block)), key=lambda day: day[0])
        if len({date for date, _, _ in days}) < len(days):
            raise ValueError(f"meter {serial}: a day stands twice")
        for date, values, flags in days:
            writer.writerows(_rows(date, values, flags, f"{created:%Y%m%d%H%M%S}"))
    writer.writerow(("900",))
    return out.getvalue().encode("utf-8")


def _stream(block: IntervalBlock) -> tuple[str, str, str, int]:
    return block.meter_serial, block.channel, block.unit, block.minutes


Days = Iterator[tuple[dt.date, tuple[Decimal | None, ...], tuple[str, ...]]]


def _days(block: IntervalBlock) -> Days:
    count = 24 * 60 // block.minutes
    if block.clock != "standard" or block.starts_at.time() != dt.time() or len(block.values) % count:
        raise ValueError(f"meter {block.meter_serial}: whole days from midnight in standard time are needed")
    for at in range(0, len(block.values), count):
        date = block.starts_at.date() + dt.timedelta(days=at // count)
        yield date, block.values[at : at + count], tuple(WRITTEN_QUALITY[flag] for flag in block.flags[at : at + count])


def _rows(
    date: dt.date, values: tuple[Decimal | None, ...], flags: tuple[str, ...], updated: str
) -> Iterator[tuple[str, ...]]:
    texts = ["0" if value is None else f"{value:f}" for value in values]
    one = len(set(flags)) == 1
    yield ("300", f"{date:%Y%m%d}", *texts, flags[0] if one else "V", "", "", updated, "")
    first = 1
    for flag, run in groupby(flags):
        last = first + len(list(run)) - 1
        if not one:
            yield ("400", str(first), str(last), flag, "", "")
        first = last + 1
