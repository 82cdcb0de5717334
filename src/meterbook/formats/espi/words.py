"""ESPI's code lists, as far as usage needs them: units of measure, flows, how values accumulate, quality.

The numbers are those of the enumerations in NAESB's usage.xsd 3.3 (UnitSymbolKind, FlowDirectionKind,
AccumulationKind, QualityOfReading).
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from meterbook.formats.contract import Quality

ATOM = "{http://www.w3.org/2005/Atom}"
ESPI = "{http://naesb.org/espi}"


class Measure(NamedTuple):
    """A unit of measure: the canonical unit, how many of it one is, and the code of the commodity when we write it."""

    unit: str
    factor: Decimal
    commodity: int


_MILLI = Decimal("0.001")
_ONE = Decimal(1)
MEASURES: dict[int, Measure] = {
    72: Measure("kWh", _MILLI, 1),
    73: Measure("kVARh", _MILLI, 1),
    71: Measure("kVAh", _MILLI, 1),
    38: Measure("kW", _MILLI, 1),
    63: Measure("kVAR", _MILLI, 1),
    61: Measure("kVA", _MILLI, 1),
    29: Measure("V", _ONE, 1),
    5: Measure("A", _ONE, 1),
    119: Measure("cf", _ONE, 9),
    120: Measure("cf", _ONE, 7),
    42: Measure("m3", _ONE, 9),
    166: Measure("m3", _ONE, 9),
    167: Measure("m3", _ONE, 7),
    134: Measure("m3", _MILLI, 9),
    128: Measure("gal", _ONE, 9),
    169: Measure("therm", _ONE, 7),
    132: Measure("therm", Decimal("0.00001"), 7),
}
"""`uom` to what it measures. Watt hours become kWh, litres m3, BTU therms."""

WRITTEN: dict[str, tuple[int, Decimal]] = {
    "kWh": (72, Decimal(1000)), "kVARh": (73, Decimal(1000)), "kVAh": (71, Decimal(1000)), "kW": (38, Decimal(1000)),
    "kVAR": (63, Decimal(1000)), "kVA": (61, Decimal(1000)), "V": (29, _ONE), "A": (5, _ONE), "cf": (119, _ONE),
    "ccf": (119, Decimal(100)), "m3": (42, _ONE), "gal": (128, _ONE), "kgal": (128, Decimal(1000)),
    "therm": (169, _ONE),
}  # fmt: skip
"""The canonical unit to `uom` and how many of that one unit is. ESPI knows neither ccf nor kgal."""

ELECTRIC = (1, 2, 26)
"""`commodity` codes of electricity: secondary, primary and transmission metered."""

FLOWS: dict[int, str] = {0: "", 1: "delivered", 4: "net", 19: "received", 20: "total"}
REVERSE_FLOWS = (13, 19)
REACTIVE = ("kVARh", "kVAR")
APPARENT = ("kVAh", "kVA")

DELTA = (0, 4, 6, 10, 12, 13)
"""`accumulationBehaviour` of values that belong to a stretch of time: amounts, demand, instantaneous values."""
REGISTER = (1, 2, 3, 9)
"""…of values that a register shows: bulk quantity, (continuous) cumulative, summation."""

QUALITIES: dict[int, Quality] = {
    0: "actual", 7: "edited", 8: "estimated", 9: "estimated", 10: "actual", 11: "actual", 12: "estimated",
    13: "estimated", 14: "actual", 15: "edited", 16: "actual", 17: "actual", 18: "actual", 19: "actual",
}  # fmt: skip
"""`quality` to our word: 7 edited by a person, 8 and 9 estimated, 12 projected, 13 mixed, 15 normalised for weather.
Questionable (10) and verified (18) values were measured: whether they are right, the rules of the import say."""

WRITTEN_QUALITY: dict[Quality, int] = {"edited": 7, "estimated": 8}

SCALES = (-12, -9, -6, -3, -2, -1, 0, 1, 2, 3, 6, 9, 12)
"""What `powerOfTenMultiplier` may be."""

KNOWN = frozenset(
    {
        "ApplicationInformation", "Authorization", "ElectricPowerQualitySummary", "ElectricPowerUsageSummary",
        "IntervalBlock", "LocalTimeParameters", "MeterReading", "ReadingType", "ServiceStatus", "UsagePoint",
        "UsageSummary",
    }
)  # fmt: skip
"""What an entry may hold. Anything else is a problem: values must not be lost behind a misspelt name."""
