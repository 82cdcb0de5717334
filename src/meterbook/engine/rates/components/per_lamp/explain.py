"""A charge per lamp on one bill: "for each lamp of … watts, per month"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from meterbook.engine.rates.components.per_lamp.settings import PerLampSettings
from meterbook.engine.rates.spans import Charge, Entry, Facts, Span, flat, flat_steps, key, number, plain, say, usd
from meterbook.engine.rates.terms import COUNT_LIMIT, Determinant
from meterbook.engine.trace import N_, Step


def ready(settings: PerLampSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the lamp's price × the number of lamps × the span's share of a period."""
    priced = flat(span, prorate=settings.prorate)
    lamp, count, prices = Determinant(settings.lamp, "key"), Determinant(settings.count, "count"), settings.prices
    known = tuple(prices)
    return lambda facts, charged: priced(
        number(facts, count, span=span, component=component, limit=COUNT_LIMIT),
        prices[key(facts, lamp, span=span, component=component, known=known)],
    )


def steps(
    settings: PerLampSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    count, price = Decimal(str(facts[settings.count])), entry[5]
    words = N_("One {lamp} lamp is {price} for each billing period; {count} lamps: {count} × {price} = {product}.")
    lamp = str(facts[settings.lamp])
    found = [say(words, lamp=lamp, count=plain(count), price=usd(price), product=usd(price * count))]
    return found + flat_steps(span, prorate=settings.prorate, price=price, count=count)
