"""The class's usage a day, in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import Facts, InWords
from meterbook.engine.trace import N_, Step


def daily(facts: Facts, settings: Settings) -> InWords | None:
    """The class's usage a day, or None where nobody knows it."""
    usual = facts.get("class_daily")
    if not isinstance(usual, Decimal) or usual < 0:
        return None
    words = N_("Like customers in this season: {daily:,} {unit} a day, the middle one of them all.")
    return InWords(Fraction(usual), None, Step(words, {"daily": usual, "unit": str(facts["unit"])}))
