"""Settings of a charge per unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import (
    Measure,
    computed,
    priced_in,
    read_amount,
    read_measure,
    shared_by_days,
    split_by_days,
    unit_of,
    unit_words,
)
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.units import Unit
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

DATED = {
    "from": shapes.Key(shapes.DAY, "The first day of this price."),
    "price": shapes.Key(shapes.AMOUNT, "Dollars per unit; a number or a formula."),
    "source": shapes.optional(shapes.TEXT, "What sets this price."),
}
KEYS = {
    "quantity": shapes.Key(shapes.MEASURE, "What is counted: a determinant, a value or a formula."),
    "price": shapes.optional(shapes.AMOUNT, "Dollars per unit; a number or a formula. This or 'prices'."),
    "prices": shapes.optional(shapes.listed(shapes.record(DATED), most=99), "Prices by date, in order."),
    "change": shapes.optional(shapes.choice("split", "first_period_on_or_after"), "What a new price does to a bill."),
    "quantity_is": shapes.optional(shapes.choice("measured", "per_period"), "Whether the quantity is of a period."),
    "when_missing": shapes.optional(shapes.choice("refuse", "skip"), "What a bill without the quantity does."),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A price and the first day it is for."""

    since: date
    price: Formula
    source: str


@dataclass(frozen=True, slots=True)
class PerUnitSettings(Settings):
    """``prices`` in order of date for each unit of ``quantity``.

    ``change`` says what a new price does to a bill that is under way: ``split`` shares usage by days,
    ``first_period_on_or_after`` waits for the next bill. ``per_period`` quantities are scaled by days, not split.
    A bill without an optional quantity has no such line.
    """

    quantity: Measure
    prices: tuple[Dated, ...]
    change: str
    per_period: bool
    unit: str = ""

    def determinants(self) -> tuple[Determinant, ...]:
        return self.quantity.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        unit = self.unit or unit
        if len(self.prices) == 1:
            return (computed(Step(N_("Each {unit}"), {"unit": unit}), self.prices[0].price, unit),)
        return tuple(
            replace(computed(Step(N_("From {day}"), {"day": dated.since}), dated.price, unit), since=dated.since,
                    note=dated.source)
            for dated in self.prices
        )  # fmt: skip


def _price(place: Field, context: Context, counted: Unit | None) -> Formula:
    price = read_amount(place, context)
    priced_in(place, price, counted)
    return price


def _series(place: Field, reaches: date, context: Context, counted: Unit | None) -> tuple[Dated, ...]:
    found: list[Dated] = []
    for field in place.items(most=99):
        entries = field.entries(*shapes.names(DATED))
        since = entries["from"].day()
        if found and since <= found[-1].since:
            entries["from"].refuse(expected=f"a date after {found[-1].since}, the one before")
        if not found and since > reaches:
            entries["from"].refuse(expected=f"a date on or before {reaches}, so that no bill is left without a price")
        price = _price(entries["price"], context, counted)
        found.append(Dated(since, price, entries["source"].text() if "source" in entries else ""))
    return tuple(found)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PerUnitSettings:
    """Read and check the settings; problems are reported through the fields."""
    change = "split"
    if "change" in entries:
        change = entries["change"].choice("split", "first_period_on_or_after")
    measured = entries["quantity_is"].choice("measured", "per_period") if "quantity_is" in entries else "measured"
    quantity = read_measure(entries["quantity"], context, kind="per_period" if measured == "per_period" else "usage")
    if measured == "measured":
        split_by_days(entries["quantity"], quantity, context)
    else:
        shared_by_days(entries["quantity"], quantity, context, instead="'quantity_is: measured'")
    counted = unit_of(quantity, context)
    reaches = context.effective if change == "split" else context.first_effective
    if ("price" in entries) == ("prices" in entries):
        found = "both" if "price" in entries else "neither"
        place.refuse(found=found, expected="either 'price' or 'prices'")
    if "prices" in entries:
        prices = _series(entries["prices"], reaches, context, counted)
        if "change" not in entries:
            place.refuse(found="'prices' alone", expected="the key 'change': split or first_period_on_or_after")
    elif "price" in entries:
        prices = (Dated(reaches, _price(entries["price"], context, counted), ""),)
        if change != "split" and context.effective != context.first_effective:
            # A version knows its own prices only: what a bill that is under way began with must stand in it.
            expected = "the series 'prices', with the price before, where a bill keeps the price it began with"
            entries["price"].refuse(found="a single price in a later version", expected=expected)
    else:
        prices = ()
    missing = entries["when_missing"].choice("refuse", "skip") if "when_missing" in entries else "refuse"
    if missing == "skip":
        if quantity.determinant is None:
            entries["when_missing"].refuse(expected="'refuse' where the quantity is a formula")
        else:
            quantity = replace(quantity, determinant=replace(quantity.determinant, optional=True))
    return PerUnitSettings(
        quantity=quantity,
        prices=prices,
        change=change,
        per_period=measured == "per_period",
        unit=unit_words(quantity, context),
    )
