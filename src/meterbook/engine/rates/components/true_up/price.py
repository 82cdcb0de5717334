"""A net metering true-up on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.true_up.settings import TrueUpSettings
from meterbook.engine.rates.fixed_point import price_units
from meterbook.engine.rates.terms import Determinant
from meterbook.engine.rates.versions import Part, Slices


def charge(settings: TrueUpSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line for each bill that settles the year, where anything is left."""
    if not settings.pays:
        return []
    settles = (slices.until == slices.days) & _due(settings, slices, component)
    if not settles.any():
        return []
    mine = slices.where(settles)
    left = mine.number(component, Determinant(settings.left, "signed"))
    price = -price_units(settings.price)
    amount = prorate.at_price(left, price)
    return [Part(quantity=left, price=price, amount=amount, keep=left > 0, slices=mine, mask=settles)]


def _due(settings: TrueUpSettings, slices: Slices, component: str) -> pl.Series:
    """The bills that settle the year."""
    last_day = slices.frame["ends"].dt.offset_by("-1d")
    due = last_day.dt.month() == (settings.month or 0)
    if settings.settles is not None:
        due = due | (slices.number(component, settings.settles) == QUANTITY_SCALE)
    return due
