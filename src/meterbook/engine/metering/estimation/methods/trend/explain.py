"""Last year's same days times the class's change since, exactly and in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import Facts, InWords
from meterbook.engine.trace import N_, Step, Value


def daily(facts: Facts, settings: Settings) -> InWords | None:
    """Own usage × the class's change, or None without either, or where the change is beyond the limits."""
    names = ("season_quantity", "season_days", "class_this_year", "class_last_year")
    found = {name: value for name in names if isinstance(value := facts.get(name), Decimal)}
    if len(found) < len(names):
        return None
    quantity, days, now, then = found.values()
    if quantity < 0 or days < settings.minimum_days or then <= 0:
        return None
    change = Fraction(now) / Fraction(then)
    if not Fraction(settings.trend_low) <= change <= Fraction(settings.trend_high):
        return None
    words = N_(
        "Same days of last year: {quantity:,} {unit} in {days} days. Like customers used {now:,} {unit} a day "
        "this year and {then:,} last year, so it is taken × {now:,} ÷ {then:,}."
    )
    values: dict[str, Value] = {
        "quantity": quantity,
        "unit": str(facts["unit"]),
        "days": int(days),
        "now": now,
        "then": then,
    }
    return InWords(Fraction(quantity) / Fraction(days) * change, int(days), Step(words, values))
