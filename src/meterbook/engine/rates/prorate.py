"""Shares of a bill on columns: what a slice's days make of a price, a tier width and the bill's usage.

A bill within the tolerance counts as one normal period, shared by its own days; any other bill is charged by days
over the normal days (the rule and the figures of Oracle CC&B's manual). Usage is split by days with cumulative
half-up rounding, so that slices always sum to the usage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates.fixed_point import CENT, Exact, Number, half_up, narrow, product, times
from meterbook.engine.rates.terms import QUANTITY_LIMIT
from meterbook.engine.rates.versions import Charged, Part, Slices


def full_days(slices: Slices) -> pl.Series:
    """The days that make one whole charge: the bill's own within the tolerance, else the normal days."""
    known = slices.memo.get("full days")
    if known is not None:
        return known
    rule = slices.version.proration
    normal = pl.Series([rule.normal_days], dtype=pl.Int64).new_from_index(0, slices.days.len())
    found = slices.days.zip_with((slices.days >= rule.shortest) & (slices.days <= rule.longest), normal)
    slices.memo["full days"] = found
    return found


def share(slices: Slices) -> tuple[Number, Number]:
    """The slice's share of one whole charge, as days over days; (1, 1) where every bill is one whole charge."""
    days, whole = slices.until - slices.first, full_days(slices)
    return (1, 1) if (days == whole).all() else (days, whole)


def part_of_bill(slices: Slices) -> tuple[Number, Number]:
    """The slice's part of its bill, as days over days; (1, 1) where no bill is cut."""
    return (slices.until - slices.first, slices.days) if slices.cut else (1, 1)


def width_share(slices: Slices, *, by_days: bool, rests_on_days: bool) -> tuple[Number, Number]:
    """What the days make of a tier's upper end: its share of a whole charge, or, as written, of the bill.

    An end that ``rests_on_days`` is as written that of the slice's days.
    """
    if by_days:
        return share(slices)
    return (1, 1) if rests_on_days else part_of_bill(slices)


def usage_until(usage: pl.Series, *, day: pl.Series, slices: Slices) -> pl.Series:
    """Usage of the bill's days before ``day``, in millionths: by days, rounded half-up, never above the usage."""
    rounded = product(half_up(product(usage, day), product(slices.days, slices.unit)), slices.unit).cast(pl.Int64)
    inside = rounded.zip_with(rounded < usage, usage)
    return inside.zip_with(day < slices.days, usage)


def usage_between(usage: pl.Series, *, first: pl.Series, until: pl.Series, slices: Slices) -> pl.Series:
    """Usage of the bill's days from ``first`` to ``until`` (out), in millionths."""
    return usage_until(usage, day=until, slices=slices) - usage_until(usage, day=first, slices=slices)


def slice_usage(usage: pl.Series, slices: Slices) -> pl.Series:
    """Usage of the slice's days, in millionths."""
    if not slices.cut:
        return usage
    return usage_between(usage, first=slices.first, until=slices.until, slices=slices)


def tier_bound(
    up_to: Number, *, count: pl.Series | None, slices: Slices, by: tuple[Number, Number] | None = None
) -> Number:
    """Upper end of a tier in millionths: times the count, times ``by`` (the slice's share of a whole charge).

    A bound that was scaled by days is rounded half-up to the version's ``tier_decimals``; others are exact.
    """
    over, whole = share(slices) if by is None else by
    counted: Number = QUANTITY_SCALE if count is None else count
    if isinstance(over, int):
        if count is None:
            return up_to
        return half_up(times(up_to, counted), QUANTITY_SCALE)
    unit = 10 ** (6 - slices.version.proration.tier_decimals)
    exact = half_up(times(counted, up_to), QUANTITY_SCALE)
    exact = tall(exact, over.len())
    scaled = times(half_up(times(counted, up_to, over), times(whole, QUANTITY_SCALE * unit)), unit)
    return scaled.zip_with(over != whole, exact)


def flat(
    slices: Slices,
    *,
    component: str,
    price: Number,
    count: Number,
    prorate: bool,
    divisor: int = 1,
    by_day: bool = False,
) -> Part:
    """One line per slice for a charge that does not follow usage: ``price`` × ``count`` ÷ ``divisor`` × share.

    ``count`` in millionths. With ``prorate`` false the whole charge stands once, in the slice with the bill's last
    day. ``by_day`` charges for each day of the slice. The amount stays exact; the quantity that is shown is rounded
    to a millionth.
    """
    over, whole = (1, 1) if not prorate else share(slices)
    if by_day:
        over, whole = slices.until - slices.first, 1
    keep = None if prorate or by_day or not slices.cut else slices.until == slices.days
    below = product(whole, divisor) if not isinstance(whole, int) else whole * divisor
    height = slices.rows.len()
    quantity = half_up(product(count, over), below)
    cent_below = product(below, CENT) if not isinstance(below, int) else below * CENT
    amount = Exact(product(count, over, price), cent_below)
    what = f"component {component} has a quantity above {QUANTITY_LIMIT}"
    limit = int(QUANTITY_LIMIT) * QUANTITY_SCALE
    quantity = narrow(quantity, rows=slices.rows, schedule=slices.schedule, what=what, limit=limit)
    return Part(
        quantity=tall(quantity, height),
        price=price,
        amount=amount,
        keep=keep,
    )


def whole_bill(slices: Slices, charged: Mapping[str, pl.Series]) -> tuple[pl.Series, Slices, Slices, Charged]:
    """What looks at a whole bill once: which slices hold a bill's last day, these, they with all the bill's days, and
    the lines of all of them, earlier stretches included."""
    mask = slices.until == slices.days
    last, lines = slices.where(mask), cast("Charged", charged).where(mask)
    closes = last.frame["ends"]
    before = {name: cents + lines.before(name) for name, cents in lines.items()}
    return mask, last, last.between(last.opens, closes), Charged(before, lines.exact)


def settled(
    charge: Callable[[Slices, Charged], list[Part]], slices: Slices, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """A charge made once for each whole bill, its lines standing on the bill's last stretch."""
    if not slices.cut:
        return charge(slices, cast("Charged", charged))
    mask, last, bill, lines = whole_bill(slices, charged)
    if not mask.any():
        return []
    return [replace(part, slices=last, mask=mask) for part in charge(bill, lines)]


def tall(value: pl.Series, height: int) -> pl.Series:
    """A column of ``height`` rows: one number is repeated."""
    return value if value.len() == height else value.new_from_index(0, height)


def at_price(quantity: pl.Series, price: Number) -> Exact:
    """The exact cents of a quantity in millionths at a price."""
    return Exact(product(quantity, price), CENT)
