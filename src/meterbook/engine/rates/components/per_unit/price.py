"""A charge per unit on columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.per_unit.settings import Dated, PerUnitSettings
from meterbook.engine.rates.fixed_point import CENT, Exact, half_up, times
from meterbook.engine.rates.language.on_columns import measured, price_of
from meterbook.engine.rates.versions import Charged, Part, Slices


def _by_days(
    settings: PerUnitSettings, dated: Dated, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> Part:
    """Quantity and amount of the days of the slices at one price."""
    price = price_of(dated.price, slices, component=component, charged=charged)
    used = measured(settings.quantity, slices, component=component, charged=charged)
    if not settings.per_period:
        return Part(quantity=used, price=price, amount=prorate.at_price(used, price), keep=used != 0)
    over, days = slices.until - slices.first, prorate.full_days(slices)
    shown = half_up(times(used, over), times(days)).cast(pl.Int64)
    amount = Exact(times(used, over, price), times(days, CENT))
    return Part(quantity=shown, price=price, amount=amount, keep=shown != 0)


def _stretches(settings: PerUnitSettings, slices: Slices) -> Iterator[tuple[int, Dated, pl.Series | None, Slices]]:
    """Each price with the slices, and their days, it is for (`None`: all of them, as they are)."""
    starts, ends = slices.frame["starts"], slices.frame["ends"]
    split = settings.change == "split"
    first, last = (starts.min(), ends.max()) if split else (slices.began.min(), slices.began.max())
    first, last = cast("date", first), cast("date", last) if split else cast("date", last) + date.resolution
    for at, dated in enumerate(settings.prices):
        since = dated.since if at else date.min
        before = settings.prices[at + 1].since if at + 1 < len(settings.prices) else date.max
        if last <= since or first >= before:
            continue
        if since <= first and last <= before:
            yield at, dated, None, slices
            continue
        if split:
            mine = (starts < before) & (ends > since)
        else:
            mine = (slices.began >= since) & (slices.began < before)
        if not mine.any():
            continue
        chosen = slices if mine.all() else slices.where(mine)
        if split and ((starts < since) | (ends > before)).any():
            begins = chosen.frame["starts"].clip(lower_bound=since)
            chosen = chosen.between(begins, chosen.frame["ends"].clip(upper_bound=before))
        yield at, dated, mine, chosen


def charge(
    settings: PerUnitSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """Usage (or the quantity per period, by days) × the price of its days; no line where there is no quantity."""
    parts: list[Part] = []
    for at, dated, mask, chosen in _stretches(settings, slices):
        before = charged if mask is None or chosen is slices else cast("Charged", charged).where(mask)
        part = _by_days(settings, dated, chosen, component=component, charged=before)
        parts.append(replace(part, sub=at, slices=None if chosen is slices else chosen, mask=mask))
    return parts
