"""The triplets of time, quality and value behind the head of a record.

A time is the *end* of its interval: the 24 hours stamped 0800 to 0700 are the day from 0700 to 0700. After the first,
an interval's time may be blank: it ends one interval later than the one before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from meterbook.formats.cmep.clock import Clock
from meterbook.formats.cmep.head import Head
from meterbook.formats.cmep.words import FIELDS, QUALITIES
from meterbook.formats.contract import (
    IntervalBlock,
    NonRead,
    Problem,
    Quality,
    ReadKind,
    ReadRecord,
    plain_number,
    shortened,
)

#: Values of one line with its holes filled: a month of minutes. More is a damaged time.
_MOST = 45_000
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)
_QUALITY = re.compile(r"([A-Z])[0-9]{0,10}", re.ASCII)
_TIME = "a time YYYYMMDDhhmm"


def interval_block(line: int, cells: list[str], raw: str, head: Head, clock: Clock) -> IntervalBlock | list[Problem]:
    """One block of a line; hours the line leaves out are missing values of it."""
    step = dt.timedelta(minutes=head.minutes)
    values: list[Decimal | None] = []
    flags: list[Quality] = []
    problems: list[Problem] = []
    first = last = None
    for number, (time, flag, amount) in enumerate(_triplets(cells), start=1):
        ends = _end(time, clock, last, step)
        quality = _quality(flag)
        value = Decimal(amount) * head.unit.factor if _AMOUNT.fullmatch(amount) else None
        missing = quality == "missing"
        holes = 0 if ends is None or last is None else _holes(last, ends, step)
        if ends is None:
            problems.append(Problem(line, f"time {number}", shortened(time), _TIME))
        elif holes is None or len(values) + holes >= _MOST:
            expected = f"{head.minutes} minutes after {last:%Y%m%d%H%M} UTC, or later by whole intervals"
            problems.append(Problem(line, f"time {number}", shortened(time), expected))
        if quality is None:
            problems.append(Problem(line, f"quality {number}", shortened(flag), "R, V, A, E or N with a number"))
        if value is None and not missing:
            problems.append(Problem(line, f"value {number}", shortened(amount), "a number such as 12.5, or quality N"))
        if problems:
            return problems
        values += [None] * (holes or 0)
        flags += ["missing"] * (holes or 0)
        values.append(None if missing else value)
        flags.append(quality or "missing")
        first, last = first or ends, ends
    assert first is not None
    return IntervalBlock(
        line, head.meter_serial, head.unit.channel, first - step, "utc", head.minutes, head.unit.unit,
        tuple(values), tuple(flags), head.multiplier, raw,
    )  # fmt: skip


def register_reads(
    line: int, cells: list[str], raw: str, head: Head, clock: Clock
) -> tuple[list[ReadRecord], list[NonRead]] | list[Problem]:
    """The reads of a line in their order; a triplet without data is a non-read."""
    records: list[ReadRecord] = []
    nonreads: list[NonRead] = []
    last: dt.datetime | None = None
    for number, (time, flag, amount) in enumerate(_triplets(cells), start=1):
        instant = clock.instant(time, after=last, step=None)
        quality = _quality(flag)
        value = plain_number(amount)
        problems = []
        if instant is None:
            problems.append(Problem(line, f"time {number}", shortened(time), _TIME))
        elif last is not None and instant <= last:
            problems.append(Problem(line, f"time {number}", shortened(time), f"later than {last:%Y%m%d%H%M} UTC"))
        if quality is None:
            problems.append(Problem(line, f"quality {number}", shortened(flag), "R, V, A, E or N with a number"))
        if value is None and quality != "missing":
            problems.append(Problem(line, f"value {number}", shortened(amount), "a reading such as 12345"))
        if problems or instant is None:
            return problems
        last = instant
        at, channel = instant.replace(tzinfo=None), head.unit.channel
        if quality == "missing" or value is None:
            nonreads.append(NonRead(line, head.meter_serial, channel, at, shortened(flag), "", raw))
            continue
        # An adjusted register read is not what the register showed.
        kind: ReadKind = "actual" if quality == "actual" else "estimated"
        records.append(
            ReadRecord(line, head.meter_serial, channel, at.date(), at, value, head.unit.unit, kind, raw,
                       multiplier=head.multiplier, clock="utc")
        )  # fmt: skip
    return records, nonreads


def _triplets(cells: list[str]) -> Iterator[tuple[str, str, str]]:
    for at in range(len(FIELDS), len(cells), 3):
        yield cells[at].strip(), cells[at + 1].strip(), cells[at + 2].strip()


@lru_cache(maxsize=1024)
def _quality(flag: str) -> Quality | None:
    """The quality word of a flag such as `R0`; blank is raw."""
    if not flag:
        return "actual"
    found = _QUALITY.fullmatch(flag.upper().replace(" ", ""))
    return QUALITIES.get(found.group(1)) if found else None


def _end(time: str, clock: Clock, last: dt.datetime | None, step: dt.timedelta) -> dt.datetime | None:
    if not time:
        return None if last is None else last + step
    return clock.instant(time, after=last, step=step)


def _holes(last: dt.datetime, ends: dt.datetime, step: dt.timedelta) -> int | None:
    """How many intervals are left out between two; None when the second is not on the grid behind the first."""
    whole, rest = divmod(ends - last, step)
    return None if rest or whole < 1 else whole - 1
