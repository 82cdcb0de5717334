"""Settings of a fixed charge."""

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
    read_measure,
    shared_by_days,
)
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "price": shapes.Key(shapes.AMOUNT, "Dollars; a number or a formula."),
    "per": shapes.Key(shapes.choice("period", "day", "year"), "What the price is for."),
    "periods_per_year": shapes.optional(shapes.WHOLE, "Equal parts a yearly price is charged in."),
    "times": shapes.optional(shapes.MEASURE, "A count or formula the price is multiplied by."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are charged by days (true)."),
}


@dataclass(frozen=True, slots=True)
class FixedSettings(Settings):
    """``price`` dollars per ``per`` (period, day, year), times the count determinant ``times`` if named.

    A yearly price is charged in ``periods_per_year`` equal parts, one per normal period. ``prorate`` false charges
    the whole price once, at the rate in force on the bill's last day.
    """

    price: Formula
    per: str
    periods_per_year: int
    times: Measure | None
    prorate: bool

    @property
    def undivided(self) -> bool:
        return not self.prorate and self.per != "day"

    def determinants(self) -> tuple[Determinant, ...]:
        return () if self.times is None else self.times.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        per = self.per if self.times is None else f"{self.per}, {self.times.name}"
        return (computed(Step(N_("Each")), self.price, per),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> FixedSettings:
    """Read and check the settings; problems are reported through the fields."""
    per = entries["per"].choice("period", "day", "year")
    if "periods_per_year" in entries:
        parts = entries["periods_per_year"].whole(low=1, high=12)
        if per != "year":
            entries["periods_per_year"].refuse(expected="no such key unless per is year")
    else:
        parts = 1
        if per == "year":
            place.refuse(found="per: year alone", expected="the key 'periods_per_year'")
    price = read_amount(entries["price"], context)
    shared_by_days(entries["price"], price, context, instead=AS_IT_COMES)
    times = read_measure(entries["times"], context, kind="count") if "times" in entries else None
    if times is not None:
        shared_by_days(entries["times"], times, context, instead=AS_IT_COMES)
    return FixedSettings(
        price=price,
        per=per,
        periods_per_year=parts,
        times=times,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
