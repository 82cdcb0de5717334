"""One row's usage of `prior_quantity` over `prior_days`, exactly and in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import Facts, InWords
from meterbook.engine.trace import N_, Step


def daily(facts: Facts, settings: Settings) -> InWords | None:
    """Quantity over days, or None where there are fewer than ``minimum_days``."""
    quantity, days = facts.get("prior_quantity"), facts.get("prior_days")
    if not isinstance(quantity, Decimal) or not isinstance(days, Decimal):
        return None
    if quantity < 0 or days < settings.minimum_days:
        return None
    words = N_("The period before: {quantity:,} {unit} in {days} days.")
    step = Step(words, {"quantity": quantity, "unit": str(facts["unit"]), "days": int(days)})
    return InWords(Fraction(quantity) / Fraction(days), int(days), step)
