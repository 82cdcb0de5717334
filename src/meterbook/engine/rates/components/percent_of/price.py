"""A percentage of other lines on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.percent_of.settings import PERCENT_LIMIT, PercentOfSettings, YearCap
from meterbook.engine.rates.fixed_point import Exact, Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of, quantity_of
from meterbook.engine.rates.terms import CENTS_LIMIT, COUNT_LIMIT
from meterbook.engine.rates.versions import Part, Slices

#: Hundred-millionths of a dollar in a cent.
CENT_PRICE = 10**6
#: One whole, as millionths of a percent.
WHOLE = 10**8


def _no_more(value: pl.Series, most: pl.Series) -> pl.Series:
    """The value, brought between -most and most."""
    above, below = value > most, value < wide(0) - most
    return value.zip_with(~above, most).zip_with(~below, wide(0) - most)


def _rest(year: YearCap, slices: Slices, component: str, charged: Mapping[str, pl.Series]) -> pl.Series:
    """Cents that the year still leaves these days: whole cents, shared by days, so that pieces sum to the whole."""
    used = measured(year.so_far, slices, component=component, charged=charged, limit=COUNT_LIMIT)
    left = (int(year.cap.scaleb(6)) - used).clip(lower_bound=0) // 10**4
    return left * slices.until // slices.days - left * slices.first // slices.days


def _of_slices(
    settings: PercentOfSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice that comes to anything: (base - exempt) × percent, at most the caps."""
    height = slices.frame.height
    total = sum((charged[name] for name in settings.base[1:]), start=charged[settings.base[0]])
    what = f"component {component} rests on more than {CENTS_LIMIT // 100} dollars"
    total = narrow(total, rows=slices.rows, schedule=slices.schedule, what=what, limit=CENTS_LIMIT)
    over, whole = prorate.share(slices) if settings.prorate else prorate.part_of_bill(slices)

    def scaled(name: str, price: Number) -> pl.Series:
        """Dollars of a period (or bill) as those of the slice: hundred-millionths × whole."""
        return prorate.tall(times(price, whole if name in settings.as_they_come else over), height)

    base = times(total, CENT_PRICE, whole)
    if settings.exempt is not None:
        base = base - scaled("exempt", price_of(settings.exempt, slices, component=component, charged=charged))
        base = base.clip(lower_bound=0)
    rate = quantity_of(settings.percent, slices, component=component, charged=charged, limit=PERCENT_LIMIT)
    amount = times(base, rate)
    if settings.cap is not None:
        cap = scaled("cap", price_of(settings.cap, slices, component=component, charged=charged)).clip(lower_bound=0)
        amount = _no_more(amount, times(cap, WHOLE))
    if settings.year is not None:
        amount = _no_more(amount, times(_rest(settings.year, slices, component, charged), CENT_PRICE * WHOLE, whole))
    shown = half_up(base, times(100, whole)).cast(pl.Int64)
    under = times(whole, CENT_PRICE * WHOLE)
    return [Part(quantity=shown, price=rate, amount=Exact(amount, under), keep=amount != wide(0))]


def charge(
    settings: PercentOfSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """As for every slice; where it looks at whole bills, once for each, on its last slice."""
    if not settings.whole:
        return _of_slices(settings, slices, component=component, charged=charged)

    def of_bill(bill: Slices, lines: Mapping[str, pl.Series]) -> list[Part]:
        return _of_slices(settings, bill, component=component, charged=lines)

    return prorate.settled(of_bill, slices, charged)
