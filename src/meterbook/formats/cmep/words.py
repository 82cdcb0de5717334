"""CMEP's own words: fields of a MEPMD01 record, units, purposes, quality letters.

Sources: see README.md. What they do not say is not claimed: an unknown word is a problem of its row.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from meterbook.formats.contract import Quality

RECORD_TYPE = "MEPMD01"
RECORD_VERSION = "20080501"
REGISTER_SUFFIX = "REG"

FIELDS = (
    "record type", "record version", "sender", "sender customer", "receiver", "receiver customer", "time stamp",
    "meter", "purpose", "commodity", "units", "constant", "interval", "count",
)  # fmt: skip
"""The 14 fields before the first triplet of time, quality and value."""

PURPOSES = ("OK", "RESEND", "HISTORY")
"""Purposes whose values are reads. SUMMARY carries totals of a month, others carry none."""


class Unit(NamedTuple):
    """What a unit word means: the canonical unit, how many of it one is, the flow, and who measures in it."""

    unit: str
    factor: Decimal
    channel: str
    commodities: str


def _units() -> dict[str, Unit]:
    one = Decimal(1)
    electric = {
        "KWH": ("kWh", ""), "KVARH": ("kVARh", "reactive"), "KVAH": ("kVAh", "apparent"), "KW": ("kW", ""),
        "KVAR": ("kVAR", "reactive"), "KVA": ("kVA", "apparent"), "GKWH": ("kWh", "received"),
        "GKVARH": ("kVARh", "received_reactive"), "GKW": ("kW", "received"),
    }  # fmt: skip
    found = {word: Unit(unit, one, channel, "E") for word, (unit, channel) in electric.items()}
    volumes = {"CF": "cf", "CCF": "ccf", "HCF": "ccf", "M3": "m3"}
    found |= {word: Unit(unit, one, "", "WG") for word, unit in volumes.items()}
    found |= {"GAL": Unit("gal", one, "", "W"), "KGAL": Unit("kgal", one, "", "W")}
    found |= {"MCF": Unit("ccf", Decimal(10), "", "WG"), "THERM": Unit("therm", one, "", "G")}
    return found


UNITS: dict[str, Unit] = _units()
"""Unit words of intervals. Register units are the same with the suffix REG, except where a factor would change what
the register shows (MCF)."""

QUALITIES: dict[str, Quality] = {"R": "actual", "V": "actual", "A": "edited", "E": "estimated", "N": "missing"}
"""The quality letter: raw, validated, adjusted, estimated, no data. Behind it stand bits as a decimal number, which
are kept in the raw line only."""

WRITTEN_QUALITY: dict[Quality, str] = {"actual": "R0", "edited": "A0", "estimated": "E0", "missing": "N0"}


def written_unit(unit: str, channel: str) -> str:
    """The CMEP word of a canonical unit and flow. Raises `ValueError`.

    >>> written_unit("kWh", "received"), written_unit("ccf", "")
    ('GKWH', 'CCF')
    """
    for word, found in UNITS.items():
        if found.factor == 1 and (found.unit, found.channel) == (unit, channel):
            return word
    raise ValueError(f"unit {unit!r} of channel {channel!r}: CMEP has no word for it")
