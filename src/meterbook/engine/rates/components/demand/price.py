"""A demand charge on columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.demand.settings import DemandSettings, Rounded
from meterbook.engine.rates.fixed_point import CENT, Exact, Number, half_up, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of, quantity_of
from meterbook.engine.rates.versions import Charged, Part, Slices

#: A percentage in millionths makes one whole this often.
WHOLE = 100 * QUANTITY_SCALE


def _stepped(demand: pl.Series, rounded: Rounded) -> pl.Series:
    """Demand from zero up, in whole steps."""
    step = int(rounded.to.scaleb(6))
    whole, rest = demand // step, demand % step
    match rounded.mode:
        case "down":
            return whole * step
        case "up":
            return (whole + (rest > 0).cast(pl.Int64)) * step
        case "half_up":
            return (whole + (rest * 2 >= step).cast(pl.Int64)) * step
    more = (rest * 2 > step) | ((rest * 2 == step) & (whole % 2 == 1))
    return (whole + more.cast(pl.Int64)) * step


def _higher(first: pl.Series, second: pl.Series) -> pl.Series:
    return first.zip_with(first >= second, second)


def billed(settings: DemandSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> pl.Series:
    """The billed demand in millionths: the highest of measured, ratchet and contract, rounded."""
    demand = measured(settings.quantity, slices, component=component, charged=charged)
    if settings.ratchet is not None:
        earlier = measured(settings.ratchet.of, slices, component=component, charged=charged)
        percent = int(settings.ratchet.percent.scaleb(6))
        demand = _higher(demand, half_up(times(earlier, percent), WHOLE).cast(pl.Int64))
    if settings.at_least is not None:
        demand = _higher(demand, measured(settings.at_least, slices, component=component, charged=charged))
    return demand if settings.rounded is None else _stepped(demand, settings.rounded)


def _days(settings: DemandSettings, slices: Slices) -> tuple[Number, Number]:
    """What the days make of a price, as over and under."""
    if settings.per == "day":
        return slices.until - slices.first, 1
    return prorate.share(slices) if settings.prorate else (1, 1)


def _under(demand: pl.Series, bound: Number, below: pl.Series) -> pl.Series:
    """Demand up to the bound; a bound that falls short of the tier before leaves this tier empty."""
    limit = prorate.tall(wide(bound), demand.len()).cast(pl.Int64)
    limit = limit.zip_with(limit > below, below)
    return demand.zip_with(demand < limit, limit)


def charge(settings: DemandSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per price or tier with any demand; a price that is not divided stands on the bill's last slice only."""
    if not settings.undivided or not slices.cut:
        return _of_slices(settings, slices, component, charged)
    mask = slices.until == slices.days
    if not mask.any():
        return []
    last = slices.where(mask)
    parts = _of_slices(settings, last, component, cast("Charged", charged).where(mask))
    return [replace(part, slices=last, mask=mask) for part in parts]


def _of_slices(
    settings: DemandSettings, slices: Slices, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """Billed demand × price × what the days make of it."""
    demand = billed(settings, slices, component=component, charged=charged)
    over, under = _days(settings, slices)
    parts: list[Part] = []
    below = demand * 0
    for number, tier in enumerate(settings.tiers, start=1 if settings.tiered else 0):
        top = demand
        if tier.up_to is not None:
            bound = quantity_of(tier.up_to, slices, component=component, charged=charged)
            top = _under(demand, bound, below)
        price = price_of(tier.price, slices, component=component, charged=charged)
        quantity, shown = top - below, price
        if not isinstance(over, int):
            shown = prorate.tall(half_up(times(price, over), under), demand.len()).cast(pl.Int64)
        cent = CENT * under if isinstance(under, int) else times(under, CENT)
        parts.append(Part(quantity=quantity, price=shown, amount=Exact(times(quantity, price, over), cent),
                          part=number, keep=quantity != 0))  # fmt: skip
        below = top
    return parts
