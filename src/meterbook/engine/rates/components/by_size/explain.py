"""A charge by size on one bill: "for each meter, per month, according to its size"."""

from __future__ import annotations

from collections.abc import Mapping

from meterbook.engine.rates.components.by_size.settings import BySizeSettings
from meterbook.engine.rates.language.in_decimal import measured, price_of, reasons
from meterbook.engine.rates.spans import (
    ONE,
    Charge,
    Entry,
    Facts,
    Span,
    counted,
    flat,
    flat_steps,
    key,
    say,
    usd,
)
from meterbook.engine.rates.terms import COUNT_LIMIT, Determinant
from meterbook.engine.trace import N_, Step


def ready(settings: BySizeSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: every size priced beforehand where nothing else varies."""
    priced = flat(span, prorate=settings.prorate)
    size = Determinant(settings.key, "key")
    prices, times = settings.prices, settings.times
    known = tuple(prices)
    table = {name: priced(ONE, price.constant) for name, price in prices.items() if price.constant is not None}

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        name = key(facts, size, span=span, component=component, known=known)
        if times is None and name in table:
            return table[name]
        count = ONE
        if times is not None:
            count = measured(times, span, facts, charged, component=component, limit=COUNT_LIMIT)
        return priced(count, price_of(prices[name], span, facts, charged, component=component))

    return charge


def steps(
    settings: BySizeSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    price, count = entry[5], ONE
    words = N_("The charge for {name} {size} is {price} for each billing period.")
    found = [say(words, name=settings.key, size=str(facts[settings.key]), price=usd(price))]
    found += reasons(settings.prices[str(facts[settings.key])], span, facts, charged, component="", money=True)
    if settings.times is not None:
        count = measured(settings.times, span, facts, charged, component="", limit=COUNT_LIMIT)
        found.append(counted(count, settings.times.name))
    return found + flat_steps(span, prorate=settings.prorate, price=price, count=count)
