"""Settings of a charge by size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import (
    AS_IT_COMES,
    Measure,
    computed,
    read_amount,
    read_fact,
    read_measure,
    shared_by_days,
)
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import Step

KEYS = {
    "key": shapes.Key(shapes.WORD, "The determinant that says the size, such as meter_size."),
    "prices": shapes.Key(shapes.mapped(shapes.AMOUNT), "Dollars per period for each size; numbers or formulas."),
    "times": shapes.optional(shapes.MEASURE, "A count the price is multiplied by."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are charged by days (true)."),
}


@dataclass(frozen=True, slots=True)
class BySizeSettings(Settings):
    """Dollars per period by the value of the determinant ``key``, times the count ``times`` if named."""

    key: str
    prices: dict[str, Formula]
    times: Measure | None
    prorate: bool

    @property
    def undivided(self) -> bool:
        return not self.prorate

    def determinants(self) -> tuple[Determinant, ...]:
        key = Determinant(self.key, "key", choices=tuple(self.prices))
        return (key,) if self.times is None else (key, *self.times.determinants())

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return tuple(computed(Step("{size}", {"size": size}), price, "period") for size, price in self.prices.items())


def read(place: Field, entries: Mapping[str, Field], context: Context) -> BySizeSettings:
    """Read and check the settings; problems are reported through the fields."""
    prices = entries["prices"].pairs(expected="a mapping from each size to its price", least=1)
    amounts = {size: read_amount(field, context) for size, field in prices}
    for size, field in prices:
        shared_by_days(field, amounts[size], context, instead=AS_IT_COMES)
    times = read_measure(entries["times"], context, kind="count") if "times" in entries else None
    if times is not None:
        shared_by_days(entries["times"], times, context, instead=AS_IT_COMES)
    return BySizeSettings(
        key=read_fact(entries["key"], context, kind="key"),
        prices=amounts,
        times=times,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
