"""Who belongs to whom: blocks to their meter reading, that to its reading type and usage point, by Atom links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meterbook.formats.contract import Problem, shortened
from meterbook.formats.espi.feed import Entry
from meterbook.formats.espi.words import (
    APPARENT,
    DELTA,
    ELECTRIC,
    FLOWS,
    KNOWN,
    MEASURES,
    REACTIVE,
    REGISTER,
    REVERSE_FLOWS,
    SCALES,
    Measure,
)

_LINKABLE = re.compile(r"[A-Za-z0-9._~-]*[A-Za-z0-9_~-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a reading type says of its values."""

    measure: Measure
    scale: int
    channel: str
    register: bool
    default_quality: str


class Resources:
    """The entries of a feed by their links."""

    def __init__(self, found: list[Entry]) -> None:
        self._points = {each.href: each for each in found if each.kind == "UsagePoint"}
        self._readings = {each.href: each for each in found if each.kind == "MeterReading"}
        self._types = {each.href: each for each in found if each.kind == "ReadingType"}
        self._collections = {link: each for each in self._readings.values() for link in each.related}
        self._point_links = {link: each for each in self._points.values() for link in each.related}

    def meter_reading(self, block: Entry) -> Entry | None:
        """The MeterReading a block belongs to: the one naming the block's collection, or above it."""
        for link in (block.up, block.href):
            if link in self._collections:
                return self._collections[link]
        return _above(block.up or block.href, self._readings)

    def usage_point(self, reading: Entry) -> Entry | None:
        """The UsagePoint a MeterReading belongs to."""
        for link in (reading.up, reading.href):
            if link in self._point_links:
                return self._point_links[link]
        return _above(reading.up or reading.href, self._points)

    def reading_type(self, reading: Entry) -> Entry | None:
        """The ReadingType a MeterReading names."""
        return next((self._types[link] for link in reading.related if link in self._types), None)


def _above(link: str, entries: dict[str, Entry]) -> Entry | None:
    """The entry whose link is the longest one above `link`."""
    parts = link.split("/")
    for end in range(len(parts), 0, -1):
        found = entries.get("/".join(parts[:end]))
        if found is not None:
            return found
    return None


def serial_of(point: Entry) -> str:
    """The identifier of a usage point: the last part of its own link.

    >>> serial_of(Entry(1, "UsagePoint", "RetailCustomer/9/UsagePoint/E-200103", "", ()))
    'E-200103'
    """
    return point.href.rpartition("/")[2]


def path_of_serial(serial: str) -> str:
    """A serial as part of a link. Raises `ValueError` for one that could not be read back.

    >>> path_of_serial("E-200103")
    'E-200103'
    """
    if not _LINKABLE.fullmatch(serial):
        raise ValueError(f"meter serial {serial!r}: letters, digits and - . _ ~ are needed for a link")
    return serial


def kind_of(entry: Entry) -> Kind | Problem:
    """What the values of a reading type are, or the first thing about it that cannot be taken."""
    codes = {}
    for name in ("uom", "powerOfTenMultiplier", "flowDirection", "accumulationBehaviour", "commodity"):
        text = entry.fields.get(name, "") or ("" if name == "uom" else "0")
        if not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > 4:
            return Problem(entry.line, name, shortened(text), "a code of ESPI's list")
        codes[name] = int(text)
    measure = MEASURES.get(codes["uom"])
    if measure is None:
        return Problem(entry.line, "uom", str(codes["uom"]), f"one of {', '.join(map(str, MEASURES))}")
    if codes["powerOfTenMultiplier"] not in SCALES:
        return Problem(entry.line, "powerOfTenMultiplier", str(codes["powerOfTenMultiplier"]), "-12 to 12")
    if codes["accumulationBehaviour"] not in DELTA + REGISTER:
        found = str(codes["accumulationBehaviour"])
        return Problem(entry.line, "accumulationBehaviour", found, f"one of {', '.join(map(str, DELTA + REGISTER))}")
    return Kind(
        measure, codes["powerOfTenMultiplier"], _channel(measure, codes["flowDirection"], codes["commodity"]),
        codes["accumulationBehaviour"] in REGISTER, entry.fields.get("defaultQuality", ""),
    )  # fmt: skip


def _channel(measure: Measure, flow: int, commodity: int) -> str:
    """The flow in our words. Water and gas flow one way; `flowDirection` then only says so."""
    if measure.unit in REACTIVE:
        return "received_reactive" if flow in REVERSE_FLOWS else "reactive"
    if measure.unit in APPARENT:
        return "apparent"
    if commodity not in ELECTRIC and measure.commodity not in ELECTRIC:
        return ""
    return FLOWS.get(flow, f"flow_{flow}")


def unknown_content(entry: Entry) -> Problem | None:
    """A problem for content that is not understood; values must not be lost behind a misspelt name."""
    if entry.kind in KNOWN:
        return None
    return Problem(entry.line, "content", shortened(entry.kind), f"one of {', '.join(sorted(KNOWN))}")
