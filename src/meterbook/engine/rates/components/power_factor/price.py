"""A power-factor adjustment on columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates.components.power_factor.settings import PowerFactorSettings
from meterbook.engine.rates.fixed_point import Exact, Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.on_columns import measured
from meterbook.engine.rates.terms import CENTS_LIMIT, OutOfRange
from meterbook.engine.rates.versions import Part, Slices

#: Millionths of a dollar in a cent.
CENT_QUANTITY = 10**4
#: Millionths in one point of power factor.
POINT = 10**4
#: Hundred-millionths make one whole.
WHOLE = 10**8


def _factor(
    settings: PowerFactorSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> pl.Series:
    """The power factor in millionths, from the lowest that counts to 1."""
    known = settings.power_factor.determinant
    if known is not None and settings.unmeasured is not None:
        factor = slices.number(component, known).fill_null(int(settings.unmeasured.scaleb(6)))
    else:
        factor = measured(settings.power_factor, slices, component=component, charged=charged)
    beyond = (factor <= 0) | (factor > QUANTITY_SCALE)
    if beyond.any():
        what = f"component {component} needs a power factor above 0 and up to 1"
        raise OutOfRange(schedule=slices.schedule, what=what, rows=slices.rows.filter(beyond).to_list())
    return factor.clip(lower_bound=int(settings.lowest.scaleb(6)))


def _short(settings: PowerFactorSettings, factor: pl.Series) -> pl.Series:
    """How far below the target, in millionths; points that count by halves are made whole here."""
    short = int(settings.target.scaleb(6)) - factor
    if not settings.credit:
        short = short.clip(lower_bound=0)
    match settings.counted:
        case "started":
            return (short + (POINT - 1)) // POINT * POINT
        case "whole":
            return short // POINT * POINT
    return short


def charge(
    settings: PowerFactorSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice that is adjusted: the base lines' cents × what the power factor is short of."""
    base = sum((charged[name] for name in settings.base[1:]), start=charged[settings.base[0]])
    what = f"component {component} looks at more than {CENTS_LIMIT // 100} dollars"
    base = narrow(base, rows=slices.rows, schedule=slices.schedule, what=what, limit=CENTS_LIMIT)
    factor = _factor(settings, slices, component=component, charged=charged)
    over, under = wide(_short(settings, factor)), cast("Number", factor)
    if settings.percent is not None:
        over, under = times(over, int(settings.percent.scaleb(6))), POINT * WHOLE
    amount = Exact(times(over, base), under)
    return [
        Part(
            quantity=times(base, CENT_QUANTITY).cast(pl.Int64),
            price=half_up(times(over, WHOLE), under).cast(pl.Int64),
            amount=amount,
            keep=wide(half_up(amount.over, amount.under)) != wide(0),
        )
    ]
