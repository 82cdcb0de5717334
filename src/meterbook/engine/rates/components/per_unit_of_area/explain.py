"""A charge per unit of area on one bill: "for each 500 square feet of impervious surface, or part of it"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.per_unit_of_area.settings import AREA_LIMIT, PerUnitOfAreaSettings
from meterbook.engine.rates.spans import ONE, Charge, Entry, Facts, Span, flat, flat_steps, number, plain, say, usd
from meterbook.engine.rates.terms import Determinant
from meterbook.engine.trace import N_, Step


def ready(settings: PerUnitOfAreaSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: units of area, rounded as the ordinance says, × the price."""
    area, size, price = Determinant(settings.area, "count"), settings.unit_size, settings.price
    rounding = {"ceil": ROUND_CEILING, "half_up": ROUND_HALF_UP}.get(settings.rounding)
    priced = flat(span, prorate=settings.prorate, parts=size if rounding is None else ONE)

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        surface = number(facts, area, span=span, component=component, limit=AREA_LIMIT)
        if rounding is None:
            return priced(surface, price)
        return priced((surface / size).to_integral_value(rounding=rounding), price)

    return charge


def steps(
    settings: PerUnitOfAreaSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    area = Decimal(str(facts[settings.area]))
    exact = area / settings.unit_size
    rounding = {"ceil": ROUND_CEILING, "half_up": ROUND_HALF_UP}.get(settings.rounding)
    units = exact if rounding is None else exact.to_integral_value(rounding=rounding)
    words = {
        "ceil": N_("{area} ÷ {size} = {exact} units; a started unit counts whole: {units}."),
        "half_up": N_("{area} ÷ {size} = {exact} units, to the nearest whole unit: {units}."),
        "exact": N_("{area} ÷ {size} = {exact} units."),
    }[settings.rounding]
    size = plain(settings.unit_size)
    found = [say(words, area=plain(area), size=size, exact=plain(exact), units=plain(units))]
    found.append(say(N_("Each unit is {price} for each billing period."), price=usd(settings.price)))
    return found + flat_steps(span, prorate=settings.prorate, price=settings.price, count=units)
