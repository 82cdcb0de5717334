"""The 200 record that opens a data stream, and each day (300 with its 400 rows) as a block."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from meterbook.formats.contract import IntervalBlock, Problem, Quality, shortened
from meterbook.formats.nem12.words import (
    DAY_TAIL,
    DETAILS,
    LENGTHS,
    QUALITIES,
    QUALITY,
    STREAMS,
    SUFFIX,
    UNITS,
    VOLUMES,
    channel_of,
)

_DATE = re.compile(r"[0-9]{8}", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)
_INTERVAL = re.compile(r"[0-9]{1,3}", re.ASCII)


@dataclass(slots=True)
class Stream:
    """One 200 record: whose values follow, in what unit and steps; `last_day` is the newest day taken."""

    meter_serial: str
    channel: str
    unit: str
    factor: Decimal
    minutes: int
    last_day: dt.date | None = None

    @property
    def count(self) -> int:
        """Values of a day."""
        return 24 * 60 // self.minutes


@dataclass(slots=True)
class Day:
    """A 300 record with the 400 records behind it, as they stand."""

    line: int
    cells: list[str]
    raw: str
    events: list[tuple[int, list[str]]] = field(default_factory=list)


def read_stream(line: int, cells: list[str]) -> Stream | list[Problem]:
    """A 200 record, or a problem for each field that cannot be taken."""
    at = dict(zip(DETAILS, [*cells, *[""] * len(DETAILS)], strict=False))
    serial = at["meter serial"] or at["NMI"]
    suffix = SUFFIX.fullmatch(at["suffix"].upper())
    unit, factor = UNITS.get(at["unit"].upper(), ("", Decimal(1)))
    length = at["interval length"]
    fits = suffix is not None and (unit not in VOLUMES or suffix.group(1) == "E")
    checks = (
        (bool(serial) and serial.isprintable(), "meter serial", "a meter serial, or a NMI"),
        (suffix is not None and suffix.group(1) in STREAMS, "suffix", f"{', '.join(STREAMS)} and a number 1 to 9"),
        (bool(unit), "unit", f"one of {', '.join(UNITS)}"),
        (fits or not unit, "suffix", "E and a number for a volume"),
        (length in map(str, LENGTHS), "interval length", f"{', '.join(map(str, LENGTHS))} minutes"),
    )
    problems = [Problem(line, name, shortened(at[name]), expected) for fine, name, expected in checks if not fine]
    if problems or suffix is None:
        return problems
    return Stream(serial, channel_of(suffix.group(1), suffix.group(2), unit), unit, factor, int(length))


def block_of(day: Day, stream: Stream) -> IntervalBlock | Problem:
    """A day's values with their quality, or the first thing about it that cannot be taken."""
    date = _date(day.cells[1] if len(day.cells) > 1 else "")
    if date is None:
        return Problem(day.line, "interval date", shortened("".join(day.cells[1:2])), "a date YYYYMMDD")
    if stream.last_day is not None and date <= stream.last_day:
        return Problem(day.line, "interval date", day.cells[1], f"later than {stream.last_day:%Y%m%d}")
    count = stream.count
    if not 2 + count < len(day.cells) <= 2 + count + len(DAY_TAIL):
        expected = f"{2 + count + 1} to {2 + count + len(DAY_TAIL)}: {count} values of {stream.minutes} minutes, then"
        return Problem(day.line, "row", f"{len(day.cells)} columns", f"{expected} {', '.join(DAY_TAIL)}")
    flags = _flags(day, day.cells[2 + count], count)
    if isinstance(flags, Problem):
        return flags
    values: list[Decimal | None] = []
    for number, (text, flag) in enumerate(zip(day.cells[2 : 2 + count], flags, strict=True), start=1):
        if flag == "missing":
            values.append(None)
        elif _AMOUNT.fullmatch(text):
            values.append(Decimal(text) * stream.factor)
        else:
            expected = "a number such as 0.461, or quality N"
            return Problem(day.line, f"value {number}", shortened(text), expected)
    return IntervalBlock(
        day.line, stream.meter_serial, stream.channel, dt.datetime.combine(date, dt.time()), "standard",
        stream.minutes, stream.unit, tuple(values), tuple(flags), None, day.raw,
    )  # fmt: skip


def _flags(day: Day, quality: str, count: int) -> list[Quality] | Problem:
    """One quality word for each value: the day's, or those of its event rows, which must cover it in order."""
    if quality != "V":
        word = _quality(quality)
        if word is None:
            return Problem(day.line, "quality method", shortened(quality), "A, N, V, or E, F, S and two digits")
        if day.events:
            line = day.events[0][0]
            return Problem(line, "indicator", "400", f"no event rows for a day of quality {quality}, or quality V")
        return [word] * count
    flags: list[Quality] = []
    for line, cells in day.events:
        first, last = (int(text) if _INTERVAL.fullmatch(text) else 0 for text in [*cells[1:3], "", ""][:2])
        word = _quality(cells[3] if len(cells) > 3 else "")
        if first != len(flags) + 1:
            return Problem(line, "first interval", shortened("".join(cells[1:2])), str(len(flags) + 1))
        if not first <= last <= count:
            return Problem(line, "last interval", shortened("".join(cells[2:3])), f"{first} to {count}")
        if word is None:
            found = shortened("".join(cells[3:4]))
            return Problem(line, "quality method", found, "A, N, or E, F, S and two digits")
        flags += [word] * (last - first + 1)
    if len(flags) != count:
        found = f"{len(flags)} intervals" if flags else "no 400 rows"
        return Problem(day.line, "quality method", f"V with {found}", f"400 rows that cover 1 to {count}")
    return flags


def _quality(text: str) -> Quality | None:
    return QUALITIES[text[0]] if QUALITY.fullmatch(text) else None


def _date(text: str) -> dt.date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
