"""Net metering credits on columns."""

from __future__ import annotations

import polars as pl

from meterbook.engine.money import PRICE_SCALE
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.net_metering.settings import BROUGHT, CARRIED, DOLLARS_LIMIT, NetMeteringSettings
from meterbook.engine.rates.fixed_point import Exact, half_up, narrow, wide
from meterbook.engine.rates.terms import OutOfRange
from meterbook.engine.rates.versions import Charged, Part, Slices

#: Amounts are reckoned in 10**-12 dollars here, of which a cent holds this many.
_FINE_CENT = 10**10


def _sum(settings: NetMeteringSettings, names: tuple[str, ...], charged: Charged) -> pl.Series:
    """The sum of other lines in 10**-12 dollars, as printed or unrounded."""
    columns = [charged.exact[name] if settings.exact else wide(charged[name]) * wide(_FINE_CENT) for name in names]
    return sum(columns[1:], start=columns[0])


def _above_zero(amount: pl.Series) -> pl.Series:
    return amount.clip(lower_bound=0)


def charge(settings: NetMeteringSettings, slices: Slices, *, component: str, charged: Charged) -> list[Part]:
    """Two lines per bill at most, on its last slice: what was brought, below zero, and what is carried on."""
    begun = (slices.first > 0) & (slices.until == slices.days)
    if settings.exact and begun.any():
        what = f"component {component} reads unrounded lines of a bill that a rate change cuts: cut the bill there"
        raise OutOfRange(schedule=slices.schedule, what=what, rows=slices.rows.filter(begun).to_list())
    return prorate.settled(lambda bill, lines: _of_bill(settings, bill, component, lines), slices, charged)


def _of_bill(settings: NetMeteringSettings, slices: Slices, component: str, charged: Charged) -> list[Part]:
    brought = wide(slices.number(component, settings.bank)) * wide(10**6)
    earned = _sum(settings, settings.earned, charged) * wide(-1)
    charges = _sum(settings, settings.offsets, charged)
    if settings.at_once:
        carried = _above_zero(brought + earned - charges)
    else:
        carried = _above_zero(brought - charges) + earned
    return [_line(slices, component, BROUGHT, brought * wide(-1)), _line(slices, component, CARRIED, carried)]


def _line(slices: Slices, component: str, part: int, amount: pl.Series) -> Part:
    price = half_up(amount, 10**12 // PRICE_SCALE)
    what = f"component {component} comes to more than {DOLLARS_LIMIT} dollars"
    price = narrow(price, rows=slices.rows, schedule=slices.schedule, what=what, limit=DOLLARS_LIMIT * PRICE_SCALE)
    one = pl.Series([QUANTITY_SCALE], dtype=pl.Int64).new_from_index(0, slices.frame.height)
    return Part(quantity=one, price=price, amount=Exact(amount, _FINE_CENT), part=part, keep=amount != 0)
