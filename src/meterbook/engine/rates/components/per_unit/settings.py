"""Settings of a charge per unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

REQUIRED = ("quantity",)
OPTIONAL = ("price", "prices", "change", "quantity_is", "when_missing")


@dataclass(frozen=True, slots=True)
class Dated:
    """A price and the first day it is for."""

    since: date
    price: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class PerUnitSettings(Settings):
    """``prices`` in order of date for each unit of ``quantity``.

    ``change`` says what a new price does to a bill that is under way: ``split`` shares usage by days,
    ``first_period_on_or_after`` waits for the next bill. ``per_period`` quantities are scaled by days, not split.
    ``skip_missing``: a bill without the determinant has no such line.
    """

    quantity: str
    prices: tuple[Dated, ...]
    change: str
    per_period: bool
    skip_missing: bool

    def determinants(self) -> tuple[Determinant, ...]:
        return (Determinant(self.quantity, "per_period" if self.per_period else "usage", optional=self.skip_missing),)

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        if len(self.prices) == 1:
            return (Rate(Step(N_("Each {unit}"), {"unit": unit}), self.prices[0].price, unit),)
        return tuple(
            Rate(Step(N_("From {day}"), {"day": dated.since}), dated.price, unit, dated.since, dated.source)
            for dated in self.prices
        )


def _series(place: Field, reaches: date) -> tuple[Dated, ...]:
    found: list[Dated] = []
    for field in place.items(most=999):
        entries = field.entries(("from", "price"), ("source",))
        since = entries["from"].day()
        if found and since <= found[-1].since:
            entries["from"].refuse(expected=f"a date after {found[-1].since}, the one before")
        if not found and since > reaches:
            entries["from"].refuse(expected=f"a date on or before {reaches}, so that no bill is left without a price")
        price = entries["price"].decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT)
        found.append(Dated(since, price, entries["source"].text() if "source" in entries else ""))
    return tuple(found)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PerUnitSettings:
    """Read and check the settings; problems are reported through the fields."""
    change = "split"
    if "change" in entries:
        change = entries["change"].choice("split", "first_period_on_or_after")
    reaches = context.effective if change == "split" else context.first_effective
    if ("price" in entries) == ("prices" in entries):
        found = "both" if "price" in entries else "neither"
        place.refuse(found=found, expected="either 'price' or 'prices'")
    if "prices" in entries:
        prices = _series(entries["prices"], reaches)
        if "change" not in entries:
            place.refuse(found="'prices' alone", expected="the key 'change': split or first_period_on_or_after")
    elif "price" in entries:
        prices = (Dated(reaches, entries["price"].decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT), ""),)
    else:
        prices = ()
    measured = entries["quantity_is"].choice("measured", "per_period") if "quantity_is" in entries else "measured"
    missing = entries["when_missing"].choice("refuse", "skip") if "when_missing" in entries else "refuse"
    return PerUnitSettings(
        quantity=entries["quantity"].text(),
        prices=prices,
        change=change,
        per_period=measured == "per_period",
        skip_missing=missing == "skip",
    )
