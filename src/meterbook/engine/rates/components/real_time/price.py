"""Energy at a price series on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.real_time.settings import RealTimeSettings
from meterbook.engine.rates.fixed_point import CENT, Exact, half_up, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of
from meterbook.engine.rates.terms import PRICE_LIMIT
from meterbook.engine.rates.versions import Part, Slices


def charge(
    settings: RealTimeSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """The energy's value × the loss factor, by the slice's days; and the energy × the adder."""
    value = slices.number(component, settings.value)
    quantity = measured(settings.quantity, slices, component=component, charged=charged)
    factor = price_of(settings.loss_factor, slices, component=component, charged=charged)
    over = prorate.tall(times(value, factor, slices.until - slices.first, settings.sign), slices.frame.height)
    none = quantity == 0
    under = times(quantity, slices.days)
    under = under.zip_with(~none, wide(1).new_from_index(0, slices.frame.height))
    average = half_up(over, under)
    average = average.zip_with(~none, wide(0).new_from_index(0, slices.frame.height))
    # A sliver of energy left by rounding: no price of one unit means anything.
    meant = average.abs() <= wide(int(PRICE_LIMIT.scaleb(8)))
    price = average.zip_with(meant, wide(0).new_from_index(0, slices.frame.height)).cast(pl.Int64)
    amount = Exact(over, times(slices.days, CENT))
    parts = [Part(quantity=quantity, price=price, amount=amount, part=1, keep=(quantity != 0) | (over != wide(0)))]
    if settings.adder is not None:
        adder = price_of(settings.adder, slices, component=component, charged=charged) * settings.sign
        amount = prorate.at_price(quantity, adder)
        parts.append(Part(quantity=quantity, price=adder, amount=amount, part=2, keep=quantity != 0))
    return parts
