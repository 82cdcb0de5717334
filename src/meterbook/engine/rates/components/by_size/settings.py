"""Settings of a charge by size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import Step

REQUIRED = ("key", "prices")
OPTIONAL = ("times", "prorate")


@dataclass(frozen=True, slots=True)
class BySizeSettings(Settings):
    """Dollars per period by the value of the determinant ``key``, times the count ``times`` if named."""

    key: str
    prices: dict[str, Decimal]
    times: str | None
    prorate: bool

    def determinants(self) -> tuple[Determinant, ...]:
        key = Determinant(self.key, "key", choices=tuple(self.prices))
        return (key,) if self.times is None else (key, Determinant(self.times, "count"))

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return tuple(Rate(Step("{size}", {"size": size}), price, "period") for size, price in self.prices.items())


def read(place: Field, entries: Mapping[str, Field], context: Context) -> BySizeSettings:
    """Read and check the settings; problems are reported through the fields."""
    prices = entries["prices"].pairs(expected="a mapping from each size to its price")
    return BySizeSettings(
        key=entries["key"].text(),
        prices={size: field.decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT) for size, field in prices},
        times=entries["times"].text() if "times" in entries else None,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
