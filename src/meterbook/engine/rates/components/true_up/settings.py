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
    "month": shapes.optional(shapes.WHOLE, "The month (1 to 12) whose bill settles the year: that of its last day."),
    "when": shapes.optional(
        shapes.WORD, "The determinant that is 1 on a bill that settles; instead of a month or beside it."
    ),
    "left": shapes.Key(shapes.WORD, "The determinant with what is left: dollars, or kWh where a 'price' stands."),
    "price": shapes.optional(shapes.NUMBER, "Dollars for each kWh left; without it the dollars left are paid."),
    "unused": shapes.optional(shapes.choice("pay", "expire"), "Whether what is left is paid (pay) or lost."),
}


@dataclass(frozen=True, slots=True)
class TrueUpSettings(Settings):
    """In ``month``, or where ``when`` is 1, what is ``left`` is paid at ``price`` dollars each, or expires."""

    month: int | None
    left: str
    price: Decimal
    pays: bool
    when: str = ""

    @property
    def balance(self) -> Determinant:
        """What is left; a bill that settles nothing need not state it."""
        return Determinant(self.left, "signed", optional=True)

    @property
    def settles(self) -> Determinant | None:
        """What says that a bill settles, where the tariff leaves that to the customer's own year."""
        return Determinant(self.when, "count") if self.when else None

    @property
    def undivided(self) -> bool:
        return True

    def determinants(self) -> tuple[Determinant, ...]:
        return (self.balance,) if self.settles is None else (self.settles, self.balance)

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        if self.month is None:
            words = Step(N_("Paid at the end of the customer's year for each {what} left"), {"what": self.left})
        else:
            words = Step(N_("Paid in month {month} for each {what} left"), {"month": self.month, "what": self.left})
        return (Rate(words, self.price, self.left),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> TrueUpSettings:
    """Read and check the settings; problems are reported through the fields."""
    if "month" not in entries and "when" not in entries:
        place.refuse(expected="a 'month' that settles the year, or 'when': the determinant that says so")
    return TrueUpSettings(
        month=entries["month"].whole(low=1, high=12) if "month" in entries else None,
        when=read_fact(entries["when"], context, kind="count") if "when" in entries else "",
        left=read_fact(entries["left"], context, kind="count"),
        price=entries["price"].decimal(low=Decimal(0), high=PRICE_LIMIT) if "price" in entries else Decimal(1),
        pays="unused" not in entries or entries["unused"].choice("pay", "expire") == "pay",
    )
