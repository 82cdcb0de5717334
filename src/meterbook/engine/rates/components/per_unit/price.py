"""A charge per unit on columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.per_unit.settings import PerUnitSettings
from meterbook.engine.rates.fixed_point import CENT, cents, half_up, price_units, times
from meterbook.engine.rates.versions import Part, Slices


def _by_days(settings: PerUnitSettings, slices: Slices, *, component: str, price: int, quantity: pl.Series,
             first: pl.Series, until: pl.Series) -> tuple[pl.Series, pl.Series]:  # fmt: skip
    """Quantity and cents of the days from ``first`` to ``until``."""
    if not settings.per_period:
        whole = not slices.cut and first is slices.first and until is slices.until
        used = quantity if whole else prorate.usage_between(quantity, first=first, until=until, slices=slices)
        return used, prorate.at_price(slices, component=component, quantity=used, price=price)
    over, days = until - first, prorate.full_days(slices)
    shown = half_up(times(quantity, over), times(days)).cast(pl.Int64)
    amount = half_up(times(quantity, over, price), times(days, CENT))
    return shown, cents(amount, rows=slices.rows, schedule=slices.schedule, component=component)


def _dated(settings: PerUnitSettings, slices: Slices, *, component: str, quantity: pl.Series) -> list[Part]:
    """Lines of each price for the days it is in force, or for the bills that begin under it."""
    parts: list[Part] = []
    starts, ends = slices.frame["starts"], slices.frame["ends"]
    for at, dated in enumerate(settings.prices):
        since = dated.since if at else date.min
        before = settings.prices[at + 1].since if at + 1 < len(settings.prices) else date.max
        if settings.change == "split":
            mine = (starts < before) & (ends > since)
        else:
            mine = (slices.opens >= since) & (slices.opens < before)
        if not mine.any():
            continue
        first, until, begins, finishes = slices.first, slices.until, None, None
        if settings.change == "split" and ((starts < since) | (ends > before)).any():
            begins, finishes = starts.clip(lower_bound=since), ends.clip(upper_bound=before)
            first = slices.first + (begins - starts).dt.total_days()
            until = slices.until - (ends - finishes).dt.total_days()
            first = first.zip_with(mine, slices.first)
            until = until.zip_with(mine, slices.first)
        price = price_units(dated.price)
        used, amount = _by_days(settings, slices, component=component, price=price, quantity=quantity, first=first,
                                until=until)  # fmt: skip
        keep = mine & (used != 0)
        parts.append(Part(quantity=used, price=price, amount=amount, sub=at, keep=keep, starts=begins, ends=finishes))
    return parts


def charge(
    settings: PerUnitSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """Usage (or the quantity per period, by days) × the price of its days; no line where there is no quantity."""
    (determinant,) = settings.determinants()
    quantity = slices.number(component, determinant).fill_null(0)
    return _dated(settings, slices, component=component, quantity=quantity)
