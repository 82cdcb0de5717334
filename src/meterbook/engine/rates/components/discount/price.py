"""A discount on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.discount.settings import (
    BASE_LIMIT,
    PERCENT_LIMIT,
    DiscountSettings,
    First,
    YearCap,
)
from meterbook.engine.rates.fixed_point import Exact, Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of, quantity_of
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.rates.versions import Part, Slices

#: 10**-12 dollars in a cent, and one whole as millionths of a percent.
FINE_CENT, WHOLE = 10**10, 10**8
#: What one cent is in the reckoning below, for a whole charge of one day.
CENT = FINE_CENT * WHOLE


def _less(value: pl.Series, most: pl.Series) -> pl.Series:
    return value.zip_with(value < most, most)


def _rest(year: YearCap, slices: Slices, component: str, charged: Mapping[str, pl.Series]) -> pl.Series:
    """Cents that the year still leaves these days: whole cents, shared by days, so that pieces sum to the whole."""
    used = measured(year.so_far, slices, component=component, charged=charged, limit=COUNT_LIMIT)
    left = (int(year.cap.scaleb(6)) - used).clip(lower_bound=0) // 10**4
    return left * slices.until // slices.days - left * slices.first // slices.days


def _eligible(first: First | None, base: pl.Series, slices: Slices, *, component: str,
              charged: Mapping[str, pl.Series]) -> pl.Series:  # fmt: skip
    """The lines' 10**-12 dollars that carry the percentage: all, or those of the first units, half-up."""
    if first is None:
        return times(base, FINE_CENT)
    used = measured(first.quantity, slices, component=component, charged=charged)
    units = quantity_of(first.units, slices, component=component, charged=charged)
    bound = prorate.tall(wide(prorate.tier_bound(units, count=None, slices=slices)), used.len()).clip(lower_bound=0)
    within = _less(wide(used), bound)
    none = used == 0
    return half_up(times(base, FINE_CENT, within), used.zip_with(~none, used * 0 + 1)).zip_with(
        ~none, times(base, FINE_CENT)
    )


def _of_slices(
    settings: DiscountSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice that is lowered: the discount, at most the caps and what the lines leave above the least."""
    height = slices.frame.height
    base = sum((charged[name] for name in settings.of[1:]), start=charged[settings.of[0]])
    what = f"component {component} rests on more than {BASE_LIMIT // 100} dollars"
    base = narrow(base, rows=slices.rows, schedule=slices.schedule, what=what, limit=BASE_LIMIT)
    over, whole = prorate.share(slices) if settings.prorate else prorate.part_of_bill(slices)

    def of(name: str) -> Number:
        """The days that an amount is counted for."""
        return whole if name in settings.as_they_come else over

    def dollars(name: str, price: Number) -> pl.Series:
        """Dollars of a period (or bill), as the slice's in the common measure: cents × `CENT` × whole."""
        return prorate.tall(times(price, of(name), CENT // 10**6), height).clip(lower_bound=0)

    if settings.percent is not None:
        rate = quantity_of(settings.percent, slices, component=component, charged=charged, limit=PERCENT_LIMIT)
        eligible = _eligible(settings.first, base, slices, component=component, charged=charged)
        off = times(eligible, rate, whole).clip(lower_bound=0)
        quantity, price = half_up(eligible, 10**6).cast(pl.Int64), 0 - rate
    else:
        assert settings.dollars is not None
        each = price_of(settings.dollars, slices, component=component, charged=charged)
        off = dollars("dollars", each)
        quantity, price = prorate.tall(half_up(times(of("dollars"), 10**6), whole), height).cast(pl.Int64), 0 - each
    least = dollars("least", price_of(settings.least, slices, component=component, charged=charged))
    off = _less(off, (times(base, CENT, whole) - least).clip(lower_bound=0))
    if settings.cap is not None:
        off = _less(off, dollars("cap", price_of(settings.cap, slices, component=component, charged=charged)))
    if settings.year is not None:
        off = _less(off, times(_rest(settings.year, slices, component, charged), CENT, whole))
    amount = Exact(wide(0) - off, times(whole, CENT))
    return [Part(quantity=quantity, price=price, amount=amount, keep=off != wide(0))]


def charge(
    settings: DiscountSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """As for every slice; where it looks at whole bills, once for each, on its last slice."""
    if not settings.whole:
        return _of_slices(settings, slices, component=component, charged=charged)

    def of_bill(bill: Slices, lines: Mapping[str, pl.Series]) -> list[Part]:
        return _of_slices(settings, bill, component=component, charged=lines)

    return prorate.settled(of_bill, slices, charged)
