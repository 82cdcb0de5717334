"""Settings of a charge per lamp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import read_fact
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import Step

KEYS = {
    "lamp": shapes.Key(shapes.WORD, "The determinant that says the kind of lamp."),
    "count": shapes.Key(shapes.WORD, "The determinant that counts the lamps."),
    "prices": shapes.Key(shapes.mapped(shapes.NUMBER), "Dollars per lamp and period for each kind."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are charged by days (true)."),
}


@dataclass(frozen=True, slots=True)
class PerLampSettings(Settings):
    """Dollars per lamp and period by the kind of lamp (determinant ``lamp``), times the count determinant."""

    lamp: str
    count: str
    prices: dict[str, Decimal]
    prorate: bool

    @property
    def undivided(self) -> bool:
        return not self.prorate

    def determinants(self) -> tuple[Determinant, ...]:
        return (Determinant(self.lamp, "key", choices=tuple(self.prices)), Determinant(self.count, "count"))

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return tuple(Rate(Step("{lamp}", {"lamp": lamp}), price, "lamp") for lamp, price in self.prices.items())


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PerLampSettings:
    """Read and check the settings; problems are reported through the fields."""
    prices = entries["prices"].pairs(expected="a mapping from each kind of lamp to its price", least=1)
    return PerLampSettings(
        lamp=read_fact(entries["lamp"], context, kind="key"),
        count=read_fact(entries["count"], context, kind="count"),
        prices={lamp: field.decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT) for lamp, field in prices},
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
