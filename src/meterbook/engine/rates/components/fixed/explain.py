"""A fixed charge on one bill: "a charge of $… per month per dwelling unit"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from meterbook.engine.rates.components.fixed.settings import FixedSettings
from meterbook.engine.rates.language.in_decimal import measured, price_of, reasons
from meterbook.engine.rates.spans import ONE, Charge, Entry, Facts, Span, counted, flat, flat_steps, say, usd
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.trace import N_, Step


def ready(settings: FixedSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the price × the count × the span's share of a period, or × its days."""
    parts = Decimal(settings.periods_per_year) if settings.per == "year" else ONE
    priced = flat(span, prorate=settings.prorate, by_day=settings.per == "day", parts=parts)
    price, times = settings.price, settings.times
    if times is None and price.constant is not None:
        entries = priced(ONE, price.constant)
        return lambda facts, charged: entries

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        count = ONE
        if times is not None:
            count = measured(times, span, facts, charged, component=component, limit=COUNT_LIMIT)
        return priced(count, price_of(price, span, facts, charged, component=component))

    return charge


def steps(
    settings: FixedSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    price, count = entry[5], ONE
    found = reasons(settings.price, span, facts, charged, component="", money=True)
    if settings.per == "year":
        words = N_("{price} a year is charged in {parts} equal parts.")
        found.append(say(words, price=usd(price), parts=settings.periods_per_year))
        price = price / settings.periods_per_year
    elif settings.per == "day":
        found.append(say(N_("{price} a day for {days} days."), price=usd(price), days=span.days))
    else:
        found.append(say(N_("{price} for each billing period."), price=usd(price)))
    if settings.times is not None:
        count = measured(settings.times, span, facts, charged, component="", limit=COUNT_LIMIT)
        found.append(counted(count, settings.times.name))
    if settings.per == "day":
        return found
    return found + flat_steps(span, prorate=settings.prorate, price=price, count=count)
