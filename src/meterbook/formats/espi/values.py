"""Readings to values: seconds to instants, integers times a power of ten to our units, codes to quality words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.contract import IntervalBlock, Problem, Quality, ReadRecord, shortened
from meterbook.formats.espi.feed import Reading
from meterbook.formats.espi.links import Kind
from meterbook.formats.espi.words import QUALITIES

_SECONDS = re.compile(r"[0-9]{1,10}", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_LATEST = 4_102_444_800  # the year 2100
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WORST: tuple[Quality, ...] = ("actual", "edited", "estimated", "missing")


@dataclass(frozen=True, slots=True)
class Value:
    """One reading understood: `amount` in our unit, None where it is missing; `end` is `start` if it has no length."""

    start: dt.datetime
    end: dt.datetime
    amount: Decimal | None
    quality: Quality


def values_of(reading: Reading, kind: Kind) -> Value | Problem:
    """A reading's value, or the first field of it that cannot be taken."""
    line = reading.line
    start, duration = _seconds(reading.start), _seconds(reading.duration)
    if start is None or start > _LATEST or start % 60:
        return Problem(line, "start", shortened(reading.start), "whole minutes since 1970, in seconds")
    if kind.register:
        duration = duration or 0
    elif duration is None or duration < 60 or duration % 60:
        return Problem(line, "duration", shortened(reading.duration), "a length of whole minutes, in seconds")
    if reading.value and not _AMOUNT.fullmatch(reading.value):
        return Problem(line, "value", shortened(reading.value), "a whole number")
    if kind.register and (not reading.value or reading.value.startswith("-")):
        return Problem(line, "value", shortened(reading.value), "a register value that is not negative")
    codes = reading.qualities or ((kind.default_quality,) if kind.default_quality else ())
    qualities = [QUALITIES.get(int(code)) if _SECONDS.fullmatch(code) else None for code in codes]
    if None in qualities:
        return Problem(line, "quality", shortened(", ".join(codes)), f"one of {', '.join(map(str, QUALITIES))}")
    quality = max((each for each in qualities if each is not None), key=_WORST.index, default=_WORST[0])
    begins = _EPOCH + dt.timedelta(seconds=start)
    amount = _amount(int(reading.value), kind) if reading.value else None
    return Value(begins, begins + dt.timedelta(seconds=duration), amount, quality if reading.value else "missing")


def _amount(value: int, kind: Kind) -> Decimal:
    """The value in our unit, exactly; a power of ten above 0 leaves no exponent behind."""
    whole, part = 10 ** max(kind.scale, 0), Decimal(1).scaleb(min(kind.scale, 0))
    return Decimal(value * whole) * part * kind.measure.factor


def runs(line: int, serial: str, kind: Kind, values: list[Value]) -> Iterator[IntervalBlock]:
    """Readings that follow one another in equal steps, each run one block."""
    run: list[Value] = []
    for value in values:
        if run and (value.start != run[-1].end or value.end - value.start != run[-1].end - run[-1].start):
            yield _block(line, serial, kind, run)
            run = []
        run.append(value)
    yield _block(line, serial, kind, run)


def _block(line: int, serial: str, kind: Kind, run: list[Value]) -> IntervalBlock:
    minutes = (run[0].end - run[0].start) // dt.timedelta(minutes=1)
    return IntervalBlock(
        line, serial, kind.channel, run[0].start, "utc", minutes, kind.measure.unit,
        tuple(each.amount for each in run), tuple(each.quality for each in run),
    )  # fmt: skip


def register_read(line: int, serial: str, kind: Kind, value: Value) -> ReadRecord:
    """What a register showed at the end of the reading's period."""
    at = value.end.replace(tzinfo=None)
    return ReadRecord(
        line, serial, kind.channel, at.date(), at, value.amount or Decimal(0), kind.measure.unit,
        "actual" if value.quality == "actual" else "estimated", "", clock="utc",
    )  # fmt: skip


def _seconds(text: str) -> int | None:
    return int(text) if _SECONDS.fullmatch(text) else None
