"""A charge by size on one bill: "for each meter, per month, according to its size"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from meterbook.engine.rates.components.by_size.settings import BySizeSettings
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
    number,
    say,
    usd,
)
from meterbook.engine.rates.terms import COUNT_LIMIT, Determinant
from meterbook.engine.trace import N_, Step


def ready(settings: BySizeSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: every size priced beforehand where nothing else varies."""
    priced = flat(span, prorate=settings.prorate)
    size = Determinant(settings.key, "key")
    if settings.times is None:
        table = {name: priced(ONE, price) for name, price in settings.prices.items()}
        known = tuple(table)
        return lambda facts, charged: table[key(facts, size, span=span, component=component, known=known)]
    times, prices = Determinant(settings.times, "count"), settings.prices
    return lambda facts, charged: priced(
        number(facts, times, span=span, component=component, limit=COUNT_LIMIT),
        prices[key(facts, size, span=span, component=component, known=tuple(prices))],
    )


def steps(
    settings: BySizeSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    price, count = entry[5], ONE
    words = N_("The charge for {name} {size} is {price} for each billing period.")
    found = [say(words, name=settings.key, size=str(facts[settings.key]), price=usd(price))]
    if settings.times is not None:
        count = Decimal(str(facts[settings.times]))
        found.append(counted(count, settings.times))
    return found + flat_steps(span, prorate=settings.prorate, price=price, count=count)
