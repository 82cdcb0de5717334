"""Blocks of intervals and register reads to a Green Button feed, in the order and with the links the schema asks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from meterbook.formats.contract import IntervalBlock, Quality, ReadRecord
from meterbook.formats.espi.dst import rules_of
from meterbook.formats.espi.links import path_of_serial
from meterbook.formats.espi.words import (
    APPARENT,
    ATOM,
    ESPI,
    FLOWS,
    MEASURES,
    REACTIVE,
    SCALES,
    WRITTEN,
    WRITTEN_QUALITY,
)

_NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of URLs, RFC 4122
# The namespace without a prefix: lxml asks for the key None.
_ATOM_HERE: Any = {None: ATOM[1:-1]}
_ESPI_HERE: Any = {None: ESPI[1:-1]}
_SERVICES = {1: 0, 7: 1, 9: 2}
_FLOW_CODES = {word: code for code, word in FLOWS.items()} | {"reactive": 1, "received_reactive": 19, "apparent": 1}


@dataclass(frozen=True, slots=True)
class _Series:
    """Rows of one meter that share a reading type."""

    serial: str
    unit: str
    channel: str
    minutes: int  # 0 for a register
    rows: list[IntervalBlock | ReadRecord]


def write(
    rows: Iterable[IntervalBlock | ReadRecord], *, updated: dt.datetime, timezone: str, title: str = "Usage"
) -> bytes:
    """The feed of `rows`: a UsagePoint for each meter, a MeterReading for each of its flows, the blocks in order.

    `updated` is when the feed was made (with a timezone), `timezone` the IANA name of the place, for the rule of local
    time. Volumes are written as water. Raises `ValueError` for what ESPI has no code for, for times not in UTC, and
    for reads that cannot be kept as whole numbers of a power of ten.
    """
    series = _series(rows)
    feed = _Feed(updated, title)
    year = min((_starts(row).year for each in series for row in each.rows), default=updated.year)
    feed.local_time(timezone, year)
    seen: dict[str, int] = {}
    for each in series:
        if each.serial not in seen:
            feed.usage_point(each.serial, _code(each)[1])
        seen[each.serial] = number = seen.get(each.serial, 0) + 1
        feed.series(each, number)
    return feed.bytes()


def _series(rows: Iterable[IntervalBlock | ReadRecord]) -> list[_Series]:
    found: dict[tuple[str, str, str, int], _Series] = {}
    for row in rows:
        if row.clock != "utc":
            raise ValueError(f"meter {row.meter_serial}: its time is {row.clock}, UTC is needed")
        register = isinstance(row, ReadRecord)
        channel = row.register if isinstance(row, ReadRecord) else row.channel
        key = (path_of_serial(row.meter_serial), row.unit, channel, 0 if register else row.minutes)  # type: ignore[union-attr]
        found.setdefault(key, _Series(*key, rows=[])).rows.append(row)
    return sorted(found.values(), key=lambda each: each.serial)


def _starts(row: IntervalBlock | ReadRecord) -> dt.datetime:
    return row.starts_at if isinstance(row, IntervalBlock) else row.read_at.replace(tzinfo=dt.UTC)


def _code(series: _Series) -> tuple[int, int, int]:
    """`uom`, the commodity, and `flowDirection` of a series."""
    if series.unit not in WRITTEN or series.channel not in _FLOW_CODES:
        raise ValueError(f"{series.unit} {series.channel!r} of meter {series.serial}: ESPI has no code for it")
    uom = WRITTEN[series.unit][0]
    commodity = MEASURES[uom].commodity
    kinds = "reactive" if series.unit in REACTIVE else "apparent" if series.unit in APPARENT else ""
    fits = kinds in series.channel if kinds else "reactive" not in series.channel and series.channel != "apparent"
    if not fits or (commodity != 1 and series.channel):
        raise ValueError(f"{series.unit} {series.channel!r} of meter {series.serial}: the flow does not fit the unit")
    return uom, commodity, _FLOW_CODES[series.channel]


class _Feed:
    """Writes entries one behind another."""

    def __init__(self, updated: dt.datetime, title: str) -> None:
        self._updated = f"{updated.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        self._root = etree.Element(f"{ATOM}feed", nsmap=_ATOM_HERE)
        _put(self._root, f"{ATOM}id", f"urn:uuid:{uuid.uuid5(_NAMES, title + self._updated)}")
        _put(self._root, f"{ATOM}title", title)
        _put(self._root, f"{ATOM}updated", self._updated)
        _link(self._root, "self", "Batch")

    def bytes(self) -> bytes:
        return bytes(etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", pretty_print=True))

    def local_time(self, timezone: str, year: int) -> None:
        standard, extra, begins, ends = rules_of(timezone, year)
        resource = self._entry("LocalTimeParameters/1", "LocalTimeParameters", timezone)
        _fields(resource, dstEndRule=ends, dstOffset=extra, dstStartRule=begins, tzOffset=standard)

    def usage_point(self, serial: str, commodity: int) -> None:
        href = f"UsagePoint/{serial}"
        resource = self._entry(href, "UsagePoint", serial, f"{href}/MeterReading", "LocalTimeParameters/1")
        _fields(_put(resource, f"{ESPI}ServiceCategory"), kind=_SERVICES[commodity])

    def series(self, series: _Series, number: int) -> None:
        uom, commodity, flow = _code(series)
        register = not series.minutes
        href = f"UsagePoint/{series.serial}/MeterReading/{number}"
        kind = f"ReadingType/{series.serial}-{number}"
        scale = _scale(series)
        self._entry(href, "MeterReading", f"{series.unit} {series.channel}".strip(), f"{href}/IntervalBlock", kind)
        _fields(
            self._entry(kind, "ReadingType", f"{series.unit} {series.channel}".strip()),
            accumulationBehaviour=1 if register else 4, commodity=commodity, dataQualifier=0, flowDirection=flow,
            intervalLength=series.minutes * 60, kind=12 if uom in (71, 72, 73) else 0, powerOfTenMultiplier=scale,
            timeAttribute=0, uom=uom,
        )  # fmt: skip
        for at, row in enumerate(series.rows, start=1):
            block = self._entry(f"{href}/IntervalBlock/{at}", "IntervalBlock", "")
            _block(block, row, scale)

    def _entry(self, href: str, kind: str, title: str, *related: str) -> Any:
        entry = etree.SubElement(self._root, f"{ATOM}entry")
        _put(entry, f"{ATOM}id", f"urn:uuid:{uuid.uuid5(_NAMES, href)}")
        _link(entry, "self", href)
        _link(entry, "up", href.rpartition("/")[0])
        for each in related:
            _link(entry, "related", each)
        _put(entry, f"{ATOM}title", title)
        content = _put(entry, f"{ATOM}content")
        _put(entry, f"{ATOM}published", self._updated)
        _put(entry, f"{ATOM}updated", self._updated)
        return etree.SubElement(content, f"{ESPI}{kind}", nsmap=_ESPI_HERE)


def _block(block: Any, row: IntervalBlock | ReadRecord, scale: int) -> None:
    step = row.minutes * 60 if isinstance(row, IntervalBlock) else 0
    values = row.values if isinstance(row, IntervalBlock) else (row.value,)
    flags: tuple[Quality, ...]
    flags = row.flags if isinstance(row, IntervalBlock) else ("actual" if row.kind == "actual" else "estimated",)
    start = _starts(row)
    if start.second or start.microsecond:
        raise ValueError(f"meter {row.meter_serial}: {start} is no whole minute")
    first = int(start.timestamp())
    _fields(_put(block, f"{ESPI}interval"), duration=step * len(values), start=first)
    for at, (value, flag) in enumerate(zip(values, flags, strict=True)):
        reading = _put(block, f"{ESPI}IntervalReading")
        if flag in WRITTEN_QUALITY:
            _fields(_put(reading, f"{ESPI}ReadingQuality"), quality=WRITTEN_QUALITY[flag])
        _fields(_put(reading, f"{ESPI}timePeriod"), duration=step, start=first + at * step)
        if value is not None:
            _fields(reading, value=_whole(value, row.unit, scale))


def _scale(series: _Series) -> int:
    """The largest power of ten that keeps every value of the series whole."""
    values = [
        value for row in series.rows for value in (row.values if isinstance(row, IntervalBlock) else (row.value,))
    ]
    for scale in (each for each in reversed(SCALES) if each <= 0):
        if all(value is None or _is_whole(value, series.unit, scale) for value in values):
            return scale
    raise ValueError(f"meter {series.serial}: a value has too many decimals for ESPI")


def _is_whole(value: Decimal, unit: str, scale: int) -> bool:
    scaled = (value * WRITTEN[unit][1]).scaleb(-scale)
    return scaled == scaled.to_integral_value()


def _whole(value: Decimal, unit: str, scale: int) -> int:
    found = int((value * WRITTEN[unit][1]).scaleb(-scale))
    if abs(found) >= 2**47:
        raise ValueError(f"value {value} {unit}: more digits than ESPI's 48 bits hold")
    return found


def _put(parent: Any, tag: str, text: str | None = None) -> Any:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element


def _link(parent: Any, rel: str, href: str) -> None:
    etree.SubElement(parent, f"{ATOM}link", rel=rel, href=href)


def _fields(parent: Any, **values: int | str) -> None:
    for name, value in values.items():
        _put(parent, f"{ESPI}{name}", str(value))
