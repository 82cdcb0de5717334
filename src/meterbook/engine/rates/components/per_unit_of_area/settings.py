"""Settings of a charge per unit of area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import read_fact
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "area": shapes.Key(shapes.WORD, "The determinant that states the area."),
    "unit_size": shapes.Key(shapes.NUMBER, "The area of one unit."),
    "rounding": shapes.Key(shapes.choice("ceil", "exact", "half_up"), "How parts of a unit count."),
    "price": shapes.Key(shapes.NUMBER, "Dollars per unit and period."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are charged by days (true)."),
}
#: Largest area of one parcel, in its unit (a hundred million square feet).
AREA_LIMIT = Decimal(10**8)


@dataclass(frozen=True, slots=True)
class PerUnitOfAreaSettings(Settings):
    """``price`` dollars per period for each ``unit_size`` of ``area``; units round as ``rounding`` says."""

    area: str
    unit_size: Decimal
    rounding: str
    price: Decimal
    prorate: bool

    @property
    def undivided(self) -> bool:
        return not self.prorate

    def determinants(self) -> tuple[Determinant, ...]:
        return (Determinant(self.area, "count"),)

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        size = {"size": self.unit_size}
        words = {
            "ceil": Step(N_("Each unit of {size}, a started unit counts whole"), {**size}),
            "exact": Step(N_("Each unit of {size}, in exact parts"), {**size}),
            "half_up": Step(N_("Each unit of {size}, to the nearest whole unit"), {**size}),
        }
        return (Rate(words[self.rounding], self.price, "period"),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PerUnitOfAreaSettings:
    """Read and check the settings; problems are reported through the fields."""
    return PerUnitOfAreaSettings(
        area=read_fact(entries["area"], context, kind="count"),
        unit_size=entries["unit_size"].decimal(decimals=6, low=Decimal(1), high=Decimal(10**6)),
        rounding=entries["rounding"].choice("ceil", "exact", "half_up"),
        price=entries["price"].decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT),
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
