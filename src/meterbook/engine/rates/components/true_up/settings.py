"""Settings of a net metering true-up."""

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
    "month": shapes.Key(shapes.WHOLE, "The month (1 to 12) whose bill settles the year: that of its last day."),
    "left": shapes.Key(shapes.WORD, "The determinant with what is left: dollars, or kWh where a 'price' stands."),
    "price": shapes.optional(shapes.NUMBER, "Dollars for each kWh left; without it the dollars left are paid."),
    "unused": shapes.optional(shapes.choice("pay", "expire"), "Whether what is left is paid (pay) or lost."),
}


@dataclass(frozen=True, slots=True)
class TrueUpSettings(Settings):
    """In ``month`` what is ``left`` is paid at ``price`` dollars each, or expires."""

    month: int
    left: str
    price: Decimal
    pays: bool

    @property
    def balance(self) -> Determinant:
        """What is left; a bill that settles nothing need not state it."""
        return Determinant(self.left, "signed", optional=True)

    @property
    def undivided(self) -> bool:
        return True

    def determinants(self) -> tuple[Determinant, ...]:
        return (self.balance,)

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        words = N_("Paid in month {month} for each {what} left")
        return (Rate(Step(words, {"month": self.month, "what": self.left}), self.price, self.left),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> TrueUpSettings:
    """Read and check the settings; problems are reported through the fields."""
    return TrueUpSettings(
        month=entries["month"].whole(low=1, high=12),
        left=read_fact(entries["left"], context, kind="count"),
        price=entries["price"].decimal(low=Decimal(0), high=PRICE_LIMIT) if "price" in entries else Decimal(1),
        pays="unused" not in entries or entries["unused"].choice("pay", "expire") == "pay",
    )
