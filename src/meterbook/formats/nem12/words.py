"""NEM12's own words: columns of its records, units, data streams, quality letters."""

from __future__ import annotations

import re
from decimal import Decimal

from meterbook.formats.contract import Quality

HEADER = ("indicator", "version", "created", "from", "to")
DETAILS = (
    "indicator", "NMI", "configuration", "register", "suffix", "data stream", "meter serial", "unit",
    "interval length", "next read date",
)  # fmt: skip
EVENT = ("indicator", "first interval", "last interval", "quality method", "reason code", "reason")
B2B = ("indicator", "transaction", "service order", "read time", "index read")
DAY_TAIL = ("quality method", "reason code", "reason", "updated", "loaded")
"""What follows the values of a day; only the first must be there."""

LENGTHS = (5, 15, 30, 60)
"""Minutes. The market knows 5, 15 and 30; an hour is ours."""

_ONE, _KILO, _MILLI = Decimal(1), Decimal(1000), Decimal("0.001")
UNITS: dict[str, tuple[str, Decimal]] = {
    f"{prefix}{word}".upper(): (unit, factor)
    for word, unit in (("Wh", "kWh"), ("VArh", "kVARh"), ("VAh", "kVAh"), ("W", "kW"), ("VAr", "kVAR"), ("VA", "kVA"))
    for prefix, factor in (("", _MILLI), ("k", _ONE), ("M", _KILO))
} | {each.upper(): (each, _ONE) for each in ("gal", "kgal", "cf", "ccf", "m3")}
"""Unit words in capitals to our unit and how many of it one is. Volumes are ours, for water in the same layout."""

WRITTEN_UNIT: dict[str, str] = {
    "kWh": "kWh", "kVARh": "kVArh", "kVAh": "kVAh", "kW": "kW", "kVAR": "kVAr", "kVA": "kVA",
    "gal": "gal", "kgal": "kgal", "cf": "cf", "ccf": "ccf", "m3": "m3",
}  # fmt: skip
VOLUMES = ("gal", "kgal", "cf", "ccf", "m3")

STREAMS: dict[str, str] = {
    "E": "delivered", "B": "received", "Q": "reactive", "K": "received_reactive", "T": "apparent",
}  # fmt: skip
"""First letter of the suffix. The market's words are seen from the market: *export* (E, Q) is what a customer is
delivered, *import* (B, K) what it sends back."""
SUFFIX = re.compile(r"([A-HJ-NP-Z])([1-9])", re.ASCII)
NUMBERED = re.compile(r"([a-z_]*?)([2-9]?)", re.ASCII)

QUALITIES: dict[str, Quality] = {"A": "actual", "E": "estimated", "S": "estimated", "F": "edited", "N": "missing"}
"""Actual; forward estimate and substituted; final substituted; null. `V` (it varies) asks for event rows."""
QUALITY = re.compile(r"(?:(A)|([ESF])[0-9]{2}|(N))", re.ASCII)
WRITTEN_QUALITY: dict[Quality, str] = {"actual": "A", "estimated": "S14", "edited": "F16", "missing": "N"}


def channel_of(letter: str, number: str, unit: str) -> str:
    """The flow of a suffix: its word, numbered from the second stream on; volumes flow one way.

    >>> channel_of("E", "1", "kWh"), channel_of("E", "2", "kWh"), channel_of("E", "1", "ccf")
    ('delivered', 'delivered2', '')
    """
    word = "" if unit in VOLUMES else STREAMS[letter]
    return word if number == "1" else f"{word}{number}"


def suffix_of(channel: str, unit: str) -> str:
    """The suffix of a flow. Raises `ValueError`.

    >>> suffix_of("received", "kWh"), suffix_of("", "ccf"), suffix_of("2", "ccf")
    ('B1', 'E1', 'E2')
    """
    found = NUMBERED.fullmatch(channel)
    for letter, word in STREAMS.items():
        if found and found.group(1) == ("" if unit in VOLUMES else word):
            return f"{letter}{found.group(2) or '1'}"
    raise ValueError(f"channel {channel!r} in {unit}: NEM12 has no suffix for it")
