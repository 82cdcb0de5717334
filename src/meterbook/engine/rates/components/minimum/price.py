"""A minimum bill on columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.minimum.settings import MinimumSettings
from meterbook.engine.rates.fixed_point import CENT, Exact, Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of
from meterbook.engine.rates.terms import CENTS_LIMIT, QUANTITY_LIMIT, OutOfRange
from meterbook.engine.rates.versions import Charged, Part, Slices

#: Hundred-millionths of a dollar in a cent.
CENT_PRICE = 10**6
#: Millionths of a dollar in a cent.
CENT_QUANTITY = 10**4


def _days(settings: MinimumSettings, slices: Slices) -> tuple[Number, Number]:
    """What the days make of the amount, as over and under."""
    if settings.settled_in is not None:
        return 1, 1
    if settings.per == "day":
        return slices.until - slices.first, 1
    if settings.prorate:
        return prorate.share(slices)
    if settings.rests_on_days:
        return 1, 1
    return prorate.part_of_bill(slices)


def _short(settings: MinimumSettings, slices: Slices, component: str, charged: Mapping[str, pl.Series]) -> Part:
    """What the base lines fall short of the minimum; no line where they do not."""
    base = sum((charged[name] for name in settings.base[1:]), start=charged[settings.base[0]])
    what = f"component {component} looks at more than {CENTS_LIMIT // 100} dollars"
    base = narrow(base, rows=slices.rows, schedule=slices.schedule, what=what, limit=CENTS_LIMIT)
    count: Number = QUANTITY_SCALE
    if settings.times is not None:
        count = measured(settings.times, slices, component=component, charged=charged)
    price = price_of(settings.amount, slices, component=component, charged=charged)
    over, under = _days(settings, slices)
    cent = CENT * settings.periods_per_year
    below: Number = cent * under if isinstance(under, int) else times(under, cent)
    missing = times(count, price, over) - times(base, below)
    if settings.so_far is not None:
        earlier = measured(settings.so_far, slices, component=component, charged=charged)
        missing = missing - times(earlier, CENT // CENT_QUANTITY)
    missing = prorate.tall(missing, base.len())
    rounded = wide(half_up(missing, below))
    keep = rounded > wide(0)
    what = f"component {component} tops up by more than {QUANTITY_LIMIT} dollars"
    rounded = narrow(rounded.zip_with(keep, rounded * wide(0)), rows=slices.rows, schedule=slices.schedule, what=what,
                     limit=int(QUANTITY_LIMIT) * 100)  # fmt: skip
    one = pl.Series([QUANTITY_SCALE], dtype=pl.Int64).new_from_index(0, base.len())
    return Part(quantity=one, price=rounded * CENT_PRICE, amount=Exact(missing, below), keep=keep)


def _settling(settings: MinimumSettings, slices: Slices, component: str) -> pl.Series:
    """The slices that hold the last day of the settlement month; they must begin with their bill."""
    month = cast("int", settings.settled_in) % 12 + 1
    this = pl.date(pl.col("starts").dt.year(), month, 1)
    following = pl.date(pl.col("starts").dt.year() + 1, month, 1)
    turn = pl.when(this > pl.col("starts")).then(this).otherwise(following)
    holds: pl.Series = slices.frame.select(turn <= pl.col("ends")).to_series()
    cut = holds & (slices.first > 0)
    if cut.any():
        what = f"component {component} settles the year on a bill that a rate change cuts before: cut the bill there"
        raise OutOfRange(schedule=slices.schedule, what=what, rows=slices.rows.filter(cut).to_list())
    return holds


def charge(
    settings: MinimumSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice (or whole bill) whose base lines fall short: the exact difference."""
    if settings.whole:
        return prorate.settled(lambda bill, lines: [_short(settings, bill, component, lines)], slices, charged)
    if settings.settled_in is None:
        return [_short(settings, slices, component, charged)]
    mask = _settling(settings, slices, component)
    if not mask.any():
        return []
    if mask.all():
        return [_short(settings, slices, component, charged)]
    chosen = slices.where(mask)
    part = _short(settings, chosen, component, cast("Charged", charged).where(mask))
    return [replace(part, slices=chosen, mask=mask)]
