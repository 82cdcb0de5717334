"""A maximum on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.cap.settings import CapSettings
from meterbook.engine.rates.fixed_point import CENT, Exact, Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of
from meterbook.engine.rates.terms import CENTS_LIMIT, QUANTITY_LIMIT
from meterbook.engine.rates.versions import Part, Slices

#: Hundred-millionths of a dollar in a cent.
CENT_PRICE = 10**6


def _days(settings: CapSettings, slices: Slices) -> tuple[Number, Number]:
    """What the days make of the amount, as over and under."""
    if settings.per == "day":
        return slices.until - slices.first, 1
    if settings.prorate:
        return prorate.share(slices)
    if settings.rests_on_days:
        return 1, 1
    return prorate.part_of_bill(slices)


def _of_slices(
    settings: CapSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One credit per slice whose base lines are above the maximum: the exact difference."""
    base = sum((charged[name] for name in settings.base[1:]), start=charged[settings.base[0]])
    what = f"component {component} looks at more than {CENTS_LIMIT // 100} dollars"
    base = narrow(base, rows=slices.rows, schedule=slices.schedule, what=what, limit=CENTS_LIMIT)
    count: Number = QUANTITY_SCALE
    if settings.times is not None:
        count = measured(settings.times, slices, component=component, charged=charged)
    price = price_of(settings.amount, slices, component=component, charged=charged)
    over, under = _days(settings, slices)
    below: Number = CENT * under if isinstance(under, int) else times(under, CENT)
    credit = prorate.tall(times(count, price, over) - times(base, below), base.len())
    rounded = wide(half_up(credit, below))
    keep = rounded < wide(0)
    what = f"component {component} credits more than {QUANTITY_LIMIT} dollars"
    rounded = narrow(rounded.zip_with(keep, rounded * wide(0)), rows=slices.rows, schedule=slices.schedule, what=what,
                     limit=int(QUANTITY_LIMIT) * 100)  # fmt: skip
    one = pl.Series([QUANTITY_SCALE], dtype=pl.Int64).new_from_index(0, base.len())
    return [Part(quantity=one, price=rounded * CENT_PRICE, amount=Exact(credit, below), keep=keep)]


def charge(settings: CapSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """As for every slice; where it looks at whole bills, once for each, on its last slice."""
    if not settings.whole:
        return _of_slices(settings, slices, component=component, charged=charged)

    def of_bill(bill: Slices, lines: Mapping[str, pl.Series]) -> list[Part]:
        return _of_slices(settings, bill, component=component, charged=lines)

    return prorate.settled(of_bill, slices, charged)
