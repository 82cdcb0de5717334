"""A charge that a formula says, on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.formula.settings import AMOUNT_LIMIT, FormulaSettings
from meterbook.engine.rates.fixed_point import Exact, Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.on_columns import evaluate, measured
from meterbook.engine.rates.terms import QUANTITY_LIMIT
from meterbook.engine.rates.versions import Part, Slices

#: 10**-12 dollars in a cent.
FINE_CENT = 10**10


def _within(value: pl.Series, slices: Slices, component: str, digits: int) -> pl.Series:
    """The dollars of 10**-digits, as they are, if no row is beyond the limit."""
    beyond = value.abs() > wide(int(AMOUNT_LIMIT.scaleb(digits)))
    if beyond.any():
        what = f"component {component}: the formula comes to more than {AMOUNT_LIMIT} dollars"
        narrow(
            value.abs(), rows=slices.rows, schedule=slices.schedule, what=what, limit=int(AMOUNT_LIMIT.scaleb(digits))
        )
    return value


def _shown(settings: FormulaSettings, slices: Slices, amount: pl.Series, over: Number, whole: Number, *,
           component: str, charged: Mapping[str, pl.Series]) -> tuple[pl.Series, pl.Series]:  # fmt: skip
    """The quantity and the price printed beside the amount: the share of one period, or the quantity asked for."""
    height = slices.frame.height
    what = f"component {component} has a quantity above {QUANTITY_LIMIT}"
    limit = int(QUANTITY_LIMIT) * QUANTITY_SCALE
    count: Number = QUANTITY_SCALE
    price = half_up(amount, 10**4)
    if settings.quantity is not None:
        count = measured(settings.quantity, slices, component=component, charged=charged)
        none = count == 0
        divisor = count.zip_with(~none, count * 0 + 1)
        each = half_up(times(amount, 100), divisor)
        price = each * (~none).cast(pl.Int128)
    quantity = prorate.tall(half_up(times(count, over), whole), height)
    quantity = narrow(quantity, rows=slices.rows, schedule=slices.schedule, what=what, limit=limit)
    return quantity, _within(price, slices, component, 8).cast(pl.Int64)


def charge(
    settings: FormulaSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice whose amount is not zero: what the formula comes to × the slice's share."""
    found = evaluate(settings.amount, slices, component=component, charged=charged)
    amount = _within(prorate.tall(found, slices.frame.height), slices, component, 12)
    over, whole = prorate.share(slices) if settings.prorate else (1, 1)
    keep = amount != wide(0)
    if not settings.prorate and not settings.rests_on_days and slices.cut:
        keep = keep & (slices.until == slices.days)
    quantity, price = _shown(settings, slices, amount, over, whole, component=component, charged=charged)
    return [Part(quantity=quantity, price=price, amount=Exact(times(amount, over), times(whole, FINE_CENT)), keep=keep)]
