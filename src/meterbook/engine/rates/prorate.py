"""Shares of a bill on columns: what a slice's days make of a price, a tier width and the bill's usage.

A bill within the tolerance counts as one normal period, shared by its own days; any other bill is charged by days
over the normal days (the rule and the figures of Oracle CC&B's manual). Usage is split by days with cumulative
half-up rounding, so that slices always sum to the usage; where reads inside the bill are known, by days between them.
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
    normal = pl.Series([rule.normal_days], dtype=pl.Int64).new_from_index(0, slices.length.len())
    length = slices.length
    found = length.zip_with((length >= rule.shortest) & (length <= rule.longest), normal)
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


def usage_until(usage: pl.Series, *, day: pl.Series, slices: Slices, name: str = "") -> pl.Series:
    """Usage of the bill's served days before ``day``, in millionths: by days, rounded half-up, never above the usage.

    Where reads inside the bill tell how much of determinant ``name`` was used by when, by days between them.
    """
    rounded = product(half_up(product(usage, day), product(slices.days, slices.unit)), slices.unit).cast(pl.Int64)
    inside = rounded.zip_with(rounded < usage, usage)
    found = inside.zip_with(day < slices.days, usage)
    if slices.reads is None or not name:
        return found
    return _by_reads(found, slices.reads.filter(pl.col("name") == name), usage=usage, day=day, slices=slices)


def _by_reads(found: pl.Series, reads: pl.DataFrame, *, usage: pl.Series, day: pl.Series, slices: Slices) -> pl.Series:
    """The same, with the bills that have reads inside split between the read before ``day`` and the one after."""
    unit: pl.Series = slices.unit if isinstance(slices.unit, pl.Series) else day * 0 + slices.unit
    asked = pl.DataFrame({"row": slices.rows, "day": day, "usage": usage, "days": slices.days, "unit": unit})
    asked = asked.with_row_index("place").filter(pl.col("day") < pl.col("days")).join(reads, on="row")
    if asked.is_empty():
        return found
    passed, used = pl.col("at") <= pl.col("day"), pl.min_horizontal("used", "usage")
    between = asked.group_by("place", maintain_order=True).agg(
        pl.col("day", "unit").first(),
        low_day=pl.col("at").filter(passed).max().fill_null(0),
        low=used.filter(passed).max().fill_null(0),
        high_day=pl.coalesce(pl.col("at").filter(~passed).min(), pl.col("days").first()),
        high=pl.coalesce(used.filter(~passed).min(), pl.col("usage").first()),
    )
    gained = (between["high"] - between["low"]).clip(lower_bound=0)
    days, whole = between["day"] - between["low_day"], between["high_day"] - between["low_day"]
    step = between["unit"]
    share = product(half_up(product(gained, days), product(whole, step)), step).cast(pl.Int64)
    until = between["low"] + share.zip_with(share < gained, gained)
    return found.clone().scatter(between["place"], until)


def usage_between(usage: pl.Series, *, first: pl.Series, until: pl.Series, slices: Slices, name: str = "") -> pl.Series:
    """Usage of the bill's served days from ``first`` to ``until`` (out), in millionths."""
    later = usage_until(usage, day=until, slices=slices, name=name)
    return later - usage_until(usage, day=first, slices=slices, name=name)


def slice_usage(usage: pl.Series, slices: Slices, *, name: str = "") -> pl.Series:
    """Usage of the slice's days, in millionths; ``name`` is the determinant it is, if reads may tell of it."""
    if not slices.cut:
        return usage
    return usage_between(usage, first=slices.first, until=slices.until, slices=slices, name=name)


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
