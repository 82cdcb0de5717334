"""Settings of a fixed charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

REQUIRED = ("price", "per")
OPTIONAL = ("periods_per_year", "times", "prorate")


@dataclass(frozen=True, slots=True)
class FixedSettings(Settings):
    """``price`` dollars per ``per`` (period, day, year), times the count determinant ``times`` if named.

    A yearly price is charged in ``periods_per_year`` equal parts, one per normal period. ``prorate`` false charges
    the whole price once, at the rate in force on the bill's last day.
    """

    price: Decimal
    per: str
    periods_per_year: int
    times: str | None
    prorate: bool

    def determinants(self) -> tuple[Determinant, ...]:
        return () if self.times is None else (Determinant(self.times, "count"),)

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return (Rate(Step(N_("Each")), self.price, self.per if self.times is None else f"{self.per}, {self.times}"),)


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
    return FixedSettings(
        price=entries["price"].decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT),
        per=per,
        periods_per_year=parts,
        times=entries["times"].text() if "times" in entries else None,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
